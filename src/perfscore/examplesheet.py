"""Worked examples as a table beside a rule file: `2023.examples.csv` beside `2023.toml`.

In: a rule file's path and its rulebook. Out: every row as a worked example that was run, or diagnostics at the cell that
they are about. Columns are the paths of a facts file (`cases`, `a.b.points`, `subject.name`) and of what must come out
(`title`, `score`, `rating`, `points.a.b`, `state.a.b`); an input called like one of these is written `inputs.NAME`.
A row that cannot be read is told, never dropped.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from attrs import evolve, frozen

from perfscore.cohortfile import SUBJECT_COLUMNS, Column, column_of, csv_records, data_of
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.examples import Ran, run_example
from perfscore.frozen import Frozen
from perfscore.quantity import OversizedNumberError, number_from_text
from perfscore.rulebook import Rulebook, WorkedExample
from perfscore.rulefile.examples import freeze
from perfscore.rulefile.tables import Given
from perfscore.rulefile.text import read_text
from perfscore.source import Source
from perfscore.words import Words, listed, nearest, visible

SHEET_UNREADABLE = Code(
    "PS703",
    "examples-not-a-table",
    Words(zh="算例表读不出来。", en="The table of worked examples cannot be read."),
)
UNKNOWN_COLUMN = Code(
    "PS704",
    "examples-unknown-column",
    Words(
        zh="算例表的一列既不是规则要的数据，也不是应得的结果。",
        en="A column of the table of worked examples is no figure of the rulebook, and no result.",
    ),
)
CELL_UNFIT = Code(
    "PS705",
    "examples-cell-unfit",
    Words(zh="算例表里的一格不能用。", en="A cell of the table of worked examples cannot be used."),
)
SUFFIX = ".examples.csv"
_PROMISES = ("title", "score", "rating")
_RESULTS = (*_PROMISES, "points", "state")


@frozen
class Sheet:
    """The table that was read: every row that could be run, and what is wrong."""

    source: Source
    ran: tuple[Ran, ...]
    diagnostics: tuple[Diagnostic, ...]


@frozen
class _Row:
    """One row: its place in the text, and that of each of its cells."""

    within: tuple[int, int]
    cells: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


_CELL = re.compile(r'(?:(?<=,)|^)(?:"(?:[^"]|"")*"[^,]*|[^,]*)')


def sheet_path(rules: str | os.PathLike[str]) -> Path:
    """Where the table of a rule file's examples stands, if there is one."""
    path = Path(rules)
    return path.with_name(path.name.removesuffix(".toml") + SUFFIX)


def run_sheet(path: str | os.PathLike[str], rulebook: Rulebook) -> Sheet:
    """Every row of a table of examples, run; raises only `OSError`."""
    read = read_text(path)
    source = read.source
    if read.refused is not None:
        return Sheet(source, (), (read.refused,))
    try:
        rows = [
            _Row(within, tuple(cells), _spans(source.text, within, len(cells)))
            for within, cells in csv_records(source.text)
        ]
    except csv.Error as error:
        said = Words(zh="CSV 读不懂：{e}", en="cannot be read as CSV: {e}").fill(e=str(error))
        return Sheet(source, (), (Diagnostic(SHEET_UNREADABLE, (), said),))
    if not rows:
        said = Words(zh="表是空的", en="the table is empty")
        hint = Words(
            zh="第一行写列名，如 title,cases,points.a.b",
            en="name the columns in the first line: title,cases,points.a.b",
        )
        return Sheet(source, (), (Diagnostic(SHEET_UNREADABLE, (), said, hint),))
    heading, *rest = rows
    names = [cell.strip() for cell in heading.cells]
    columns = [_column(name, rulebook) for name in names]
    told = list(_unusable(heading, names, columns, rulebook))
    ran: list[Ran] = []
    for number, row in enumerate(rest, start=1):
        if len(row.cells) != len(names):
            said = Words(zh="这一行有 {n} 格，表头有 {m} 列", en="this row has {n} cells, the heading has {m}")
            said = said.fill(n=str(len(row.cells)), m=str(len(names)))
            told.append(Diagnostic(SHEET_UNREADABLE, (), said, within=row.within))
            continue
        wrong = len(told)
        example = _example(rulebook, columns, row, number, told)
        if len(told) == wrong:
            one = run_example(rulebook, example, number)
            ran.append(evolve(one, diagnostics=tuple(_placed(each, names, columns, row) for each in one.diagnostics)))
    return Sheet(source, tuple(ran), tuple(told))


def _column(name: str, rulebook: Rulebook) -> Column | None:
    """Where a column leads to: a place in the facts, or what is promised."""
    head, _, rest = name.partition(".")
    if name in _PROMISES:
        return (name,), None
    if head in ("points", "state") and any(one.id == rest for one in rulebook.nodes()):
        return (head, rest), None
    if head == "inputs" and any(one.name == rest for one in rulebook.all_inputs()):
        return column_of(rest, rulebook)
    return column_of(name, rulebook)


def _unusable(
    heading: _Row, names: list[str], columns: list[Column | None], rulebook: Rulebook
) -> Iterator[Diagnostic]:
    ids = [one.id for one in rulebook.nodes()]
    known = [*_PROMISES, *SUBJECT_COLUMNS, *(one.name for one in rulebook.all_inputs())]
    known += [f"{head}.{id}" for head in ("points", "state") for id in ids] + [f"{id}.points" for id in ids]
    for at, (name, column) in enumerate(zip(names, columns, strict=True)):
        if column is None:
            said = Words(zh="规则里没有“{n}”这一列", en="the rulebook has no column “{n}”").fill(n=visible(name))
            near = nearest(name, known)
            hint = Words(zh="可写：{all}", en="there are: {all}").fill(all=listed(known[:12]))
            if near:
                hint = Words(zh="是不是 {near}？", en="did you mean {near}?").fill(near=near)
            yield Diagnostic(UNKNOWN_COLUMN, (), said, hint, within=heading.spans[at])
        elif column in columns[:at]:
            said = Words(zh="“{n}”这一列写了两次", en="the column “{n}” is there twice").fill(n=visible(name))
            yield Diagnostic(SHEET_UNREADABLE, (), said, within=heading.spans[at])
    if not any(column is not None and column[0][0] in ("score", "rating", "points", "state") for column in columns):
        said = Words(zh="没有一列写应得的结果", en="no column says what must come out")
        hint = Words(zh="加一列 score、rating 或 points.指标", en="add a column score, rating, or points.INDICATOR")
        yield Diagnostic(SHEET_UNREADABLE, (), said, hint, within=heading.within)


def _example(
    rulebook: Rulebook, columns: Sequence[Column | None], row: _Row, number: int, told: list[Diagnostic]
) -> WorkedExample:
    """A row as a worked example; an empty cell is not given, and promises nothing."""
    about_facts = [None if one is None or one[0][0] in _RESULTS else one for one in columns]
    data = data_of(about_facts, list(row.cells))
    promised: dict[str, dict[str, object]] = {head: {} for head in _RESULTS}
    for at, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        text = cell.strip()
        if column is None or column[0][0] not in _RESULTS or not text:
            continue
        path, _ = column
        value = _promised(path, text, rulebook)
        if isinstance(value, Diagnostic):
            told.append(evolve(value, within=row.spans[at]))
        else:
            promised[path[0]][path[-1]] = value
    return WorkedExample(
        title=str(promised["title"].get("title", number)),
        facts=_frozen(data["inputs"]),
        answers=_frozen(data["answers"]),
        subject=_frozen(data["subject"]),
        points=Frozen(promised["points"]),  # type: ignore[arg-type]
        state=Frozen(promised["state"]),  # type: ignore[arg-type]
        score=promised["score"].get("score"),  # type: ignore[arg-type]
        rating=promised["rating"].get("rating"),  # type: ignore[arg-type]
    )


def _promised(path: tuple[str, ...], text: str, rulebook: Rulebook) -> object:
    """What a cell promises, or why it promises nothing that can be."""
    match path[0]:
        case "points" | "score":
            try:
                return number_from_text(text.replace(",", ""))
            except (ValueError, OversizedNumberError):
                said = Words(zh="“{t}”不是分数", en="“{t}” is no number of points").fill(t=visible(text))
                return Diagnostic(CELL_UNFIT, (), said, Words(zh="写一个数，如 9.5", en="write a number, as in 9.5"))
        case "state" if text not in get_args(Given):
            return _not_one_of(text, get_args(Given))
        case "rating" if text not in (scale := [one.name for one in rulebook.ratings]):
            return _not_one_of(text, scale)
        case _:
            return text


def _not_one_of(text: str, known: Sequence[str]) -> Diagnostic:
    said = Words(zh="“{t}”不在可写之列", en="“{t}” is not one of those that there are").fill(t=visible(text))
    near = nearest(text, known)
    hint = Words(zh="可写：{all}", en="there are: {all}").fill(all=listed(known))
    return Diagnostic(
        CELL_UNFIT, (), said, Words(zh="是不是 {n}？", en="did you mean {n}?").fill(n=near) if near else hint
    )


def _frozen(table: object) -> Frozen[str, object]:
    return Frozen({key: freeze(value) for key, value in table.items()} if isinstance(table, Mapping) else {})


def _placed(one: Diagnostic, names: list[str], columns: Sequence[Column | None], row: _Row) -> Diagnostic:
    """A complaint about an example, at the cell that it is about; at the row where it is about no cell."""
    about: KeyPath = one.at[2:]
    path = ("inputs", *about[1:]) if about[:1] == ("facts",) else about
    for at, column in enumerate(columns):
        if column is not None and column[0] == path[: len(column[0])]:
            said = Words(zh="{n} 列：", en="column {n}: ").fill(n=names[at])
            return evolve(one, at=(), within=row.spans[at], message=said + one.message)
    return evolve(one, at=(), within=row.within, part="value")


def _spans(text: str, within: tuple[int, int], cells: int) -> tuple[tuple[int, int], ...]:
    """The place of each cell of a row in the text, quotes and all."""
    start, end = within
    row = text[start:end].rstrip("\r\n")
    found = [(start + one.start(), start + one.end()) for one in _CELL.finditer(row)]
    return (*found, *(within,) * (cells - len(found)))[:cells]
