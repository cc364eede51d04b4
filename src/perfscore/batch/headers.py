"""What the columns of a table mean.

In: the headers of a table, a rulebook, and what the caller says of some of them. Out: for every column the place of a
facts file that it fills, or nothing where the rulebook has no such figure.
A header is a path of a facts file (`cases`, `a.b.points`, `subject.name`), the id of an indicator whose answer it holds,
or the label of a figure. No cell is read here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from attrs import frozen

from perfscore.cohortfile import SUBJECT_COLUMNS, Column, column_of
from perfscore.formula.vocabulary import ValueType
from perfscore.plan import Plan
from perfscore.words import Words, nearest, visible

Known: TypeAlias = Literal["path", "indicator", "label", "mapping"]
"""How it was found out what a column means."""


class ColumnsError(ValueError):
    """The columns of a table cannot be used as they are; `message` says why in both languages."""

    def __init__(self, message: Words) -> None:
        self.message = message
        super().__init__(message.en)


@frozen
class Heading:
    """One column: its header, the key path of a facts file that it fills, the type of its figure, and how that is known.

    `path` is None where the rulebook has no such figure: the column is not read.
    """

    header: str
    path: tuple[str, ...] | None = None
    type: ValueType | None = None
    known: Known | None = None


def headings(plan: Plan, headers: Sequence[str], columns: Mapping[str, str] | None = None) -> tuple[Heading, ...]:
    """What every column means; `columns` maps headers of the table to the paths that they stand for.

    Raises `ColumnsError` where that names what is not there, or where two columns hold one figure.
    """
    return _headings(plan, tuple(headers), tuple((columns or {}).items()))


@lru_cache(maxsize=32)
def _headings(plan: Plan, headers: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> tuple[Heading, ...]:
    said = dict(columns)
    for header in said:
        if header not in headers:
            raise ColumnsError(_unknown(header, list(headers), Words(zh="表里没有“{n}”列", en="no column “{n}”")))
    labels = Counter(declared.label for declared, _ in plan.inputs.values())
    by_label = {one.label: name for name, (one, _) in plan.inputs.items() if labels[one.label] == 1}
    found = tuple(_heading(plan, header, said.get(header), by_label) for header in headers)
    first: dict[tuple[str, ...], str] = {}
    for one in found:
        if one.path is not None and first.setdefault(one.path, one.header) != one.header:
            raise ColumnsError(_twice(first[one.path], one.header, one.path))
    if len(set(headers)) < len(headers):
        twice = next(header for header, times in Counter(headers).items() if times > 1)
        if any(one.path is not None for one in found if one.header == twice):
            raise ColumnsError(_twice(twice, twice, next(one.path or () for one in found if one.header == twice)))
    return found


def _heading(plan: Plan, header: str, said: str | None, labels: Mapping[str, str]) -> Heading:
    rulebook = plan.rulebook
    if said is not None:
        read = _column(plan, said)
        if read is None:
            known = [*SUBJECT_COLUMNS, *plan.inputs, *plan.leaves]
            raise ColumnsError(_unknown(said, known, Words(zh="规则里没有“{n}”", en="the rulebook has no “{n}”")))
        return Heading(header, *read, "mapping")
    name = header.strip()
    if (column := column_of(name, rulebook)) is not None:
        return Heading(header, *column, "path")
    if (answer := _answer(plan, name)) is not None:
        return Heading(header, *answer, "indicator")
    if name in labels and (column := column_of(labels[name], rulebook)) is not None:
        return Heading(header, *column, "label")
    return Heading(header)


def _column(plan: Plan, name: str) -> Column | None:
    return column_of(name, plan.rulebook) or _answer(plan, name)


def _answer(plan: Plan, id: str) -> Column | None:
    """The one answer of an indicator, by its id alone."""
    leaf = plan.leaves.get(id)
    parts = () if leaf is None else tuple(part for part in leaf.judged if part in ("points", "grade"))
    return (("answers", id, parts[0]), None) if len(parts) == 1 else None


def _unknown(name: str, known: list[str], said: Words) -> Words:
    near = nearest(name, known)
    message = said.fill(n=visible(name))
    return message + Words(zh="，是不是 {near}？", en="; did you mean {near}?").fill(near=near) if near else message


def _twice(one: str, other: str, path: tuple[str, ...]) -> Words:
    said = Words(zh="“{a}”和“{b}”两列都是 {p}", en="the columns “{a}” and “{b}” both hold {p}")
    return said.fill(a=visible(one), b=visible(other), p=".".join(path[1:] if path[0] != "subject" else path))


def unmet(plan: Plan, found: Sequence[Heading]) -> tuple[str, ...]:
    """The figures and answers that the rulebook asks for and no column holds, by the path that a header could have."""
    there = {one.path for one in found}
    figures = [name for name, (declared, _) in plan.inputs.items() if declared.needed]
    missing = [name for name in figures if ("inputs", name) not in there]
    for id, leaf in plan.leaves.items():
        missing += [f"{id}.{part}" for part in leaf.judged if ("answers", id, *part.split(".", 1)) not in there]
    return tuple(missing)


def header_of(path: Sequence[str | int]) -> str:
    """The header that a place of a facts file would have."""
    return ".".join(str(one) for one in (path if path[0] == "subject" else path[1:]))
