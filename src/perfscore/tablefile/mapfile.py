"""The file that says which column of a table is which figure of the rules.

    keep = ["项目编码"]              # columns that go into the result as they are
    [columns]
    cases_per_10k = "万人比（件）"     # what the rules read = how the table calls it
    subject.name = "单位"

In: a path. Out: a `ColumnMap`, or diagnostics at its lines. Whether the names exist is asked where the table is known.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from perfscore.diagnostic import Diagnostic, KeyPath
from perfscore.frozen import Frozen
from perfscore.rulefile.table import WRONG_TYPE, quoted, unknown_key
from perfscore.rulefile.toml import read
from perfscore.source import Source
from perfscore.words import Words

KEYS = ("columns", "keep")


@frozen
class ColumnMap:
    """What the owner of a table says of its columns: the heading of each figure, and what is only passed on."""

    source: Source = field(factory=lambda: Source("", ""))
    columns: Frozen[str, str] = field(factory=Frozen)
    """By the path of a facts file: `cases`, `a.b.points`, `subject.name`."""

    places: Frozen[str, KeyPath] = field(factory=Frozen)
    """Where each of them stands in the file."""

    keep: tuple[str, ...] = ()


@frozen
class OpenedMap:
    """A file of columns that was opened, and what is wrong with it."""

    map: ColumnMap
    diagnostics: tuple[Diagnostic, ...]


def open_map(path: str | os.PathLike[str]) -> OpenedMap:
    """The file at a path; raises only `OSError`."""
    document = read(path)
    if document.values is None:
        return OpenedMap(ColumnMap(document.source), document.diagnostics)
    told: list[Diagnostic] = [*document.diagnostics]
    told += [unknown_key(key, dict.fromkeys(KEYS), ()) for key in document.values if key not in KEYS]
    columns: dict[str, str] = {}
    places: dict[str, KeyPath] = {}
    for at, value in _named(document.values.get("columns", {}), ("columns",)):
        name = ".".join(map(str, at[1:]))
        if isinstance(value, str) and name:
            columns[name], places[name] = value, at
        else:
            told.append(_not(Words(zh="表里的列名（加引号）", en="the heading of a column, in quotes"), value, at))
    keep = document.values.get("keep", [])
    if not isinstance(keep, list) or not all(isinstance(one, str) for one in keep):
        told.append(
            _not(Words(zh='列名的列表，如 ["项目编码"]', en='a list of headings, as in ["code"]'), keep, ("keep",))
        )
        keep = []
    return OpenedMap(ColumnMap(document.source, Frozen(columns), Frozen(places), tuple(keep)), tuple(told))


def _named(value: object, at: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """Everything in a table with its path; `subject.name = …` and `"subject.name" = …` are one."""
    if not isinstance(value, Mapping):
        yield at, value
        return
    for key, inner in value.items():
        yield from _named(inner, (*at, key))


def _not(wanted: Words, value: object, at: KeyPath) -> Diagnostic:
    said = Words(zh="应是{wanted}，写的是 {v}", en="expected {wanted}, found {v}")
    return Diagnostic(WRONG_TYPE, at, said.fill(wanted=wanted, v=quoted(value)))
