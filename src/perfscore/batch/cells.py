"""The facts of one row of a table.

In: what its columns mean, and its cells as Arrow hands them over. Out: `Facts`, as a facts file would state them, and
complaints about cells that cannot stand in one. An empty cell is not given; a text is read as in a CSV table; a binary
float is taken as its shortest decimal text. What fits no declaration is left as it is, and told where it is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite

from attrs import evolve

from perfscore.batch.headers import Heading
from perfscore.cohortfile import figure_of
from perfscore.diagnostic import Diagnostic
from perfscore.facts import Fact, Facts
from perfscore.factsfile import facts_from_data
from perfscore.formula.vocabulary import ValueType
from perfscore.observing import FAILED, SAYS_FAILED, WRONG_FACT
from perfscore.plainfigures import LARGEST
from perfscore.quantity import MAX_DIGITS

_SAID = ("not_applicable", "process", "by", "because")
_WORDS = ("grade", *_SAID)


def facts_of(headings: Sequence[Heading], cells: Sequence[object]) -> tuple[Facts, list[Diagnostic]]:
    """The facts of a row, and what stands in it that no facts file could hold."""
    data: dict[str, dict[str, object]] = {"subject": {}, "inputs": {}, "answers": {}}
    plain: dict[str, Fact] = {}
    told: list[Diagnostic] = []
    for heading, cell in zip(headings, cells, strict=True):
        path = heading.path
        if path is None or (value := stated(cell, heading.type, path)) is None:
            continue
        if isinstance(value, str) and value in FAILED and (path[0] == "subject" or path[-1] in _SAID):
            told.append(
                Diagnostic(WRONG_FACT, path, SAYS_FAILED.fill(v=value))
            )  # of a figure it is told where it is judged
            continue
        if path[0] == "inputs" and _is_plain(value):
            plain[path[1]] = Fact(value)  # type: ignore[arg-type] # which is what the reading of a file comes to
            continue
        table: dict[str, object] = data[path[0]]
        for key in path[1:-1]:
            inner = table.setdefault(key, {})
            if not isinstance(inner, dict):
                raise TypeError(path)
            table = inner
        table[path[-1]] = value
    read = facts_from_data(data, told.append)
    return evolve(read, inputs={**plain, **read.inputs}), told


def _is_plain(value: object) -> bool:
    """Whether a figure is one that every facts file may hold: any but a list, or a number with too many digits."""
    match value:
        case bool() | str():
            return True
        case int():
            return -LARGEST < value < LARGEST
        case Decimal():
            return -40 < value.adjusted() < 40 and len(value.as_tuple().digits) <= MAX_DIGITS
        case datetime():
            return False
        case _:
            return isinstance(value, date)


def stated(cell: object, type: ValueType | None, path: tuple[str, ...]) -> object | None:
    """A cell as a facts file would state it; None where nothing was given."""
    match cell:
        case None:
            return None
        case str():
            text = cell.strip()
            return figure_of(text, type, path) if text else None
        case bool():
            return cell
        case int() | float() | Decimal() if path[0] == "subject" or path[-1] in _WORDS:
            return str(_shortest(cell) if isinstance(cell, float) else cell)  # a name may look like a number
        case float():
            return _shortest(cell)
        case Decimal():
            return cell if cell.is_finite() else str(cell)
        case datetime():
            midnight = cell.time() == time() and cell.tzinfo is None
            return cell.date() if midnight else cell.isoformat()
        case int() | date():
            return cell
        case list() if all(isinstance(one, dict) for one in cell):
            return [_record(one, path) for one in cell]
        case _:
            return str(cell)


def _record(record: dict[str, object], path: tuple[str, ...]) -> dict[str, object]:
    read = {key: stated(value, "text", (*path, key)) for key, value in record.items()}
    return {key: value for key, value in read.items() if value is not None}


def _shortest(value: float) -> int | Decimal | str:
    """The number that a binary float is the nearest to, with the fewest digits; what is none stays a text."""
    if not isfinite(value):
        return str(value)
    read = Decimal(repr(value))
    return int(read) if read == read.to_integral_value() and abs(read) < 10**20 else read
