"""Read everybody who is assessed together: a table of many subjects, or a folder of facts files.

In: a path to a CSV table (one subject a row, columns named by the paths of a facts file: `subject.name`, `cases`,
`a.b.points`) or to a folder, and the rulebook whose figures it holds. Out: their `Facts` in their order, or diagnostics.
A row that cannot be read is told with its line, never dropped. Nothing is compared here.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from attrs import evolve, frozen

from perfscore.diagnostic import Code, Diagnostic
from perfscore.facts import Facts
from perfscore.factsfile import facts_from_data, open_facts
from perfscore.formula.vocabulary import ValueType
from perfscore.quantity import OversizedNumberError, decimal, number_from_text
from perfscore.rulebook import Rulebook
from perfscore.rulefile.text import read_text
from perfscore.source import Source
from perfscore.words import Words, listed, nearest, visible

NOT_A_TABLE = Code(
    "PS430",
    "not-a-table",
    Words(zh="对象的表或其中一行读不出来。", en="A table of subjects, or a row of it, cannot be read."),
)
UNKNOWN_COLUMN = Code(
    "PS431",
    "unknown-column",
    Words(zh="表里的一列不是规则要的数据。", en="A column of the table is no figure of the rulebook."),
)
SUBJECT_COLUMNS = ("subject.name", "subject.period", "subject.date")
_ANSWER = ("points", "grade", "items", "losses", "credits", "not_applicable", "process", "by", "because")
_YES_NO = {"是": True, "否": False, "true": True, "false": False, "yes": True, "no": False}


@frozen
class OpenedCohort:
    """Everybody who could be read, and what is wrong, each complaint with the file it is about."""

    subjects: tuple[Facts, ...]
    complaints: tuple[tuple[Source, Diagnostic], ...]

    @property
    def broken(self) -> bool:
        """Whether somebody could not be read."""
        return any(one.severity == "error" for _, one in self.complaints)


def open_cohort(path: str | os.PathLike[str], rulebook: Rulebook) -> OpenedCohort:
    """Everybody in a CSV table, or in a folder of facts files; raises only `OSError`."""
    folder = Path(path)
    return _folder(folder) if folder.is_dir() else _table(folder, rulebook)


def _folder(folder: Path) -> OpenedCohort:
    subjects: list[Facts] = []
    complaints: list[tuple[Source, Diagnostic]] = []
    files = sorted(one for one in folder.iterdir() if one.name.endswith((".facts.toml", ".facts.json")))
    for file in files:
        opened = open_facts(file)
        complaints += [(opened.source, one) for one in opened.diagnostics]
        if opened.facts is not None:
            subjects.append(opened.facts)
    if not files:
        said = Words(zh="文件夹里没有 .facts.toml 文件", en="the folder holds no .facts.toml file")
        complaints.append((Source(str(folder), ""), Diagnostic(NOT_A_TABLE, (), said)))
    return OpenedCohort(tuple(subjects), tuple(complaints))


def _table(path: Path, rulebook: Rulebook) -> OpenedCohort:
    read = read_text(path)
    source = read.source
    if read.refused is not None:
        return OpenedCohort((), ((source, read.refused),))
    complaints: list[Diagnostic] = []
    subjects: list[Facts] = []
    try:
        records = list(csv_records(source.text))
    except csv.Error as error:
        said = Words(zh="CSV 读不懂：{e}", en="cannot be read as CSV: {e}").fill(e=str(error))
        return OpenedCohort((), ((source, Diagnostic(NOT_A_TABLE, (), said)),))
    if not records:
        said = Words(zh="表是空的", en="the table is empty")
        hint = Words(
            zh="第一行写列名，如 subject.name,cases", en="name the columns in the first line: subject.name,cases"
        )
        return OpenedCohort((), ((source, Diagnostic(NOT_A_TABLE, (), said, hint)),))
    (heading, header), *rows = records
    columns = [column_of(name.strip(), rulebook) for name in header]
    complaints += _unusable(header, columns, heading, rulebook)
    for within, cells in rows:
        if len(cells) != len(header):
            said = Words(zh="这一行有 {n} 格，表头有 {m} 列", en="this row has {n} cells, the heading has {m}")
            said = said.fill(n=str(len(cells)), m=str(len(header)))
            complaints.append(Diagnostic(NOT_A_TABLE, (), said, within=within))
            continue
        told: list[Diagnostic] = []
        subjects.append(facts_from_data(data_of(columns, cells), told.append))
        complaints += [evolve(one, at=(), within=within) for one in told]
    return OpenedCohort(tuple(subjects), tuple((source, one) for one in complaints))


def csv_records(text: str) -> Iterator[tuple[tuple[int, int], list[str]]]:
    """Every record that is not empty, with its place in the text."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for first, last, cells in records(text.splitlines(keepends=True)):
        yield (starts[first - 1], max(starts[first - 1], starts[last] - 1)), cells


def records(lines: Iterable[str], delimiter: str = ",") -> Iterator[tuple[int, int, list[str]]]:
    """Every record that is not empty, with its first and its last line; raises `csv.Error` where one cannot be read."""
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    before = 0
    for cells in reader:
        first, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            yield first, before, cells


Column = tuple[tuple[str, ...], ValueType | None]
"""The key path in a facts file that a column fills, and the type of its figure."""


def column_of(name: str, rulebook: Rulebook) -> Column | None:
    """Where a column of that name leads to; None where the rulebook has no such figure."""
    inputs, ids = _known(rulebook)
    if name in inputs:
        return ("inputs", name), inputs[name]
    if name in SUBJECT_COLUMNS:
        return tuple(name.split(".")), None
    for id in ids:
        part = name.removeprefix(f"{id}.")
        if part != name and part.partition(".")[0] in _ANSWER:
            return ("answers", id, *part.split(".", 1)), None
    return None


@lru_cache(maxsize=32)
def _known(rulebook: Rulebook) -> tuple[dict[str, ValueType], tuple[str, ...]]:
    """The types of a rulebook's inputs by their names, and the ids of its nodes, the longest first."""
    inputs = {one.name: one.type for one in rulebook.all_inputs()}
    return inputs, tuple(sorted((one.id for one in rulebook.nodes()), key=len, reverse=True))


def _unusable(
    header: list[str], columns: list[Column | None], within: tuple[int, int], rulebook: Rulebook
) -> Iterator[Diagnostic]:
    known = [*SUBJECT_COLUMNS, *(one.name for one in rulebook.all_inputs())]
    for name, column in zip(header, columns, strict=True):
        if column is None:
            said = Words(zh="规则里没有“{n}”这一列", en="the rulebook has no column “{n}”").fill(
                n=visible(name.strip())
            )
            near = nearest(name.strip(), known)
            hint = Words(zh="可写：{all}", en="there are: {all}").fill(all=listed(known[:12]))
            if near:
                hint = Words(zh="是不是 {near}？", en="did you mean {near}?").fill(near=near)
            yield Diagnostic(UNKNOWN_COLUMN, (), said, hint, within=within)
    twice = [column for at, column in enumerate(columns) if column is not None and column in columns[:at]]
    for path, _ in twice:
        said = Words(zh="“{n}”这一列写了两次", en="the column “{n}” is there twice").fill(n=".".join(path[-1:]))
        yield Diagnostic(NOT_A_TABLE, (), said, within=within)


def data_of(columns: list[Column | None], cells: list[str]) -> Mapping[str, object]:
    """A row as a facts file would write it; an empty cell is not given."""
    data: dict[str, dict[str, object]] = {"subject": {}, "inputs": {}, "answers": {}}
    for column, cell in zip(columns, cells, strict=True):
        text = cell.strip()
        if column is None or not text:
            continue
        path, type = column
        table: dict[str, object] = data[path[0]]
        for key in path[1:-1]:
            inner = table.setdefault(key, {})
            if not isinstance(inner, dict):
                raise TypeError(path)
            table = inner
        table[path[-1]] = figure_of(text, type, path)
    return data


def figure_of(text: str, type: ValueType | None, path: tuple[str, ...]) -> object:
    """The text of a cell as the figure it is; what is none stays a text, and is told where it is judged."""
    if path == ("subject", "date") or type == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    number = path[0] == "answers" and path[2] in ("points", "items", "losses", "credits")
    if type == "yes-no" or (number and text.lower() in _YES_NO):
        return _YES_NO.get(text.lower(), text)
    if type in ("count", "number", "money", "percent") or number:
        return _number(text)
    return text


def _number(text: str) -> Decimal | int | str:
    try:
        value = number_from_text(text.replace(",", ""))
    except (ValueError, OversizedNumberError):
        return text
    if value.denominator == 1:
        return int(value)
    return decimal(value) or text
