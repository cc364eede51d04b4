"""Decode the figures of a rule file: inputs and measures.

In: their tables. Out: `Input` and `Measure`, or nothing after complaining.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.shapes import Constant
from perfscore.formula.vocabulary import Domain
from perfscore.indicator import Input
from perfscore.quantity import spelled
from perfscore.rulebook import Measure
from perfscore.rulefile.naming import check_name
from perfscore.rulefile.table import FORMULA_UNREADABLE, Complain, read_as
from perfscore.rulefile.written import WrittenColumn, WrittenFigure, WrittenInput, WrittenMeasure, WrittenOwnInput
from perfscore.words import Words

PERCENT_END_UNCLEAR = Code(
    "PS238",
    "percent-end-unclear",
    Words(
        zh="百分比数据的上下限写成了没有 % 的大数：100 是 10000%。",
        en="An end of a percentage is written as a large number without %: 100 is 10000%.",
    ),
)


def read_input(name: str, table: object, at: KeyPath, complain: Complain) -> Input | None:
    """A declared input."""
    written = read_as(WrittenInput, table, at, complain, skip=frozenset(("columns",)))
    if written is None:
        return None
    given = table.get("columns", {}) if isinstance(table, Mapping) else {}
    if not isinstance(given, Mapping):
        read_as(WrittenColumn, given, (*at, "columns"), complain)
        return None
    read = [_column(column, one, (*at, "columns", column), complain) for column, one in given.items()]
    columns = tuple(one for one in read if one is not None)
    if len(columns) < len(read):
        return None  # what reads the broken column is not accused as well
    return evolve(input_of(name, written.label, written, at, complain), columns=columns, key=written.key)


def _column(name: str, table: object, at: KeyPath, complain: Complain) -> Input | None:
    check_name(name, at, complain, taken=False)
    written = read_as(WrittenColumn, table, at, complain)
    return None if written is None else _figure(name, written.label or name, written, at, complain)


def input_of(name: str, label: str, written: WrittenOwnInput, at: KeyPath, complain: Complain) -> Input:
    """An input from what was written of it, under a name and a label that stand elsewhere."""
    read = _figure(name, label, written, at, complain)
    return evolve(read, needed=written.needed, supplier=written.from_)


def _figure(name: str, label: str, written: WrittenFigure, at: KeyPath, complain: Complain) -> Input:
    low, high = written.min or written.above, written.max or written.below
    if written.type == "percent":
        for key in ("min", "max", "above", "below"):
            if (written_end := getattr(written, key)) is not None and written_end.constant is not None:
                _percent_end(written_end.constant, (*at, key), complain)
    ends: list[Fraction | None] = []
    for key, end in (("min", low), ("max", high)):
        if end is not None and end.constant is None:
            place = (*at, key if getattr(written, key) is not None else {"min": "above", "max": "below"}[key])
            complain(
                Diagnostic(
                    FORMULA_UNREADABLE,
                    place,
                    Words(zh="应是一个数", en="expected a number"),
                    Words(zh='如 0 或 "100%"', en='as in 0 or "100%"'),
                )
            )
        ends.append(end.constant.value if end is not None and end.constant is not None else None)
    domain = Domain(
        ends[0],
        ends[1],
        written.above is None or written.min is not None,
        written.below is None or written.max is not None,
        written.choices,
    )
    return Input(name, label, written.type, written.unit, bare=written.bare, domain=domain, note=written.note)


def _percent_end(end: Constant, at: KeyPath, complain: Complain) -> None:
    """A bare number of 2 or more is most likely meant in per cent, and would be read as a ratio."""
    if end.written == "plain" and abs(end.value) >= 2:
        number, times = spelled(end.value), spelled(end.value * 100)
        complain(
            Diagnostic(
                PERCENT_END_UNCLEAR,
                at,
                Words(
                    zh="没有 % 的 {n} 是 {m}%；要说 {n}% 就写上 %", en="{n} without % is {m}%; for {n}% write the sign"
                ).fill(n=number, m=times),
                Words(zh='写 {k} = "{n}%"，或 {k} = "{m}%"', en='write {k} = "{n}%", or {k} = "{m}%"').fill(
                    k=str(at[-1]), n=number, m=times
                ),
            )
        )


def read_measure(name: str, table: object, at: KeyPath, complain: Complain) -> Measure | None:
    """A derived figure."""
    written = read_as(WrittenMeasure, table, at, complain)
    if written is None:
        return None
    return Measure(name, written.formula.formula, written.label or name, written.unit, written.note)
