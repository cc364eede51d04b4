"""JSON Lines: an object a line, its keys the names of columns.

In: a file, which is read twice, since a key may come first in the last line; or batches. Out: its lines as chunks, with
numbers as the text that stands there and inner objects as keys with dots; or lines in which exact numbers are texts, as
in the JSON of an assessment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from attrs import define

from perfscore.tablefile.encoding import encoding_of
from perfscore.tablefile.rows import Asked, Record, TableFile, TableRefusedError, Writer, gathered, text_schema
from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow

SUFFIXES = (".jsonl", ".ndjson")
READ_TOO = ()
NAMED = False
EMPTY = Words(zh="文件里没有一行 JSON", en="the file holds no line of JSON")
NOT_AN_OBJECT = Words(zh="这一行不是一个 JSON 对象：{e}", en="this line is no JSON object: {e}")
A_LIST = Words(zh="“{k}”是列表，表里的一格只能是一个值", en="“{k}” is a list, and a cell holds one value")
HALVED = Words(zh="文字里有半个字符（如 \\ud800）", en="a text holds half a character, as in \\ud800")
TWICE = Words(zh="键“{k}”写了两次", en="the key “{k}” is written twice")


class _NoRecordError(ValueError):
    """A line that is no record, and why."""

    def __init__(self, message: Words) -> None:
        self.message = message
        super().__init__(message.en)


def read(path: Path, asked: Asked) -> TableFile:
    """The table in a file of one object a line."""
    encoding, notes = encoding_of(path, asked.encoding)
    with path.open("rb") as binary:
        keys = dict.fromkeys(key for _, cells in _lines(binary, encoding) if isinstance(cells, dict) for key in cells)
    if not keys:
        raise TableRefusedError(EMPTY)
    binary = path.open("rb")
    size = max(path.stat().st_size, 1)
    names = tuple(keys)
    chunks = gathered(_records(_lines(binary, encoding), names), len(names))
    return TableFile(
        str(path),
        text_schema(names),
        chunks,
        lambda: 1.0 if binary.closed else binary.tell() / size,
        binary.close,
        notes=notes,
    )


def _records(lines: Iterator[tuple[int, dict[str, str] | Words]], names: tuple[str, ...]) -> Iterator[Record]:
    for line, cells in lines:
        yield line, cells if isinstance(cells, Words) else [cells.get(name) for name in names]


def _lines(binary: BinaryIO, encoding: str) -> Iterator[tuple[int, dict[str, str] | Words]]:
    """Every line that is not empty, as cells by their names, or as why it has none."""
    with TextIOWrapper(binary, encoding=encoding) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield number, _cells(line)
                except _NoRecordError as wrong:
                    yield number, wrong.message


def _cells(line: str) -> dict[str, str]:
    try:
        value = json.loads(line, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise _NoRecordError(NOT_AN_OBJECT.fill(e=error.msg)) from None
    except RecursionError:
        raise _NoRecordError(NOT_AN_OBJECT.fill(e="…")) from None
    if not isinstance(value, dict):
        raise _NoRecordError(NOT_AN_OBJECT.fill(e=line.strip()[:40]))
    cells: dict[str, str] = {}
    for key, cell in _flat(value, ""):
        if key in cells:  # as "a.b" and within "a"
            raise _NoRecordError(TWICE.fill(k=key))
        if _halved(key) or _halved(cell):
            raise _NoRecordError(HALVED)
        cells[key] = cell
    return cells


def _halved(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The last of two would score what nobody can see."""
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        raise _NoRecordError(TWICE.fill(k=next(name for name in names if names.count(name) > 1)))
    return table


def _flat(table: Mapping[str, object], base: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        match value:
            case None:
                continue
            case bool():
                yield base + key, str(value).lower()
            case str():
                yield base + key, value
            case dict():
                yield from _flat(value, f"{base}{key}.")
            case _:
                raise _NoRecordError(A_LIST.fill(k=base + key))


@define
class _JsonWriter:
    file: BinaryIO

    def write(self, batch: pyarrow.RecordBatch) -> None:
        for record in batch.to_pylist():
            self.file.write(json.dumps(record, ensure_ascii=False, default=_plain).encode() + b"\n")

    def close(self) -> None:
        self.file.close()


def _plain(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            raise TypeError(value)


def write(path: Path, schema: pyarrow.Schema, language: Language, *, bom: bool) -> Writer:
    """What writes an object a line."""
    return _JsonWriter(path.open("wb"))
