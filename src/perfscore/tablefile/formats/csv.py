"""CSV and text with tabs: read with every cell as the text that it is, and written so that Excel opens it.

In: a file, however large; or batches. Out: its records as chunks, a row of another width with its reason; or text in
UTF-8, where no cell can be taken for a formula. Nothing is guessed from how a cell looks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from attrs import define

from perfscore.cohortfile import records
from perfscore.tablefile.encoding import encoding_of
from perfscore.tablefile.flat import flat_schema, flattened
from perfscore.tablefile.rows import Asked, Record, TableFile, TableRefusedError, Writer, gathered, text_schema
from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow

SUFFIXES = (".csv", ".tsv", ".txt")
FORMULA = r"^[=+\\-@\t\r]"
"""What a spreadsheet may take for the start of a formula."""

EMPTY = Words(zh="表是空的：第一行应是列名", en="the table is empty; its first line names the columns")
UNREADABLE = Words(zh="CSV 读不懂：{e}", en="cannot be read as CSV: {e}")
OTHER_WIDTH = Words(zh="这一行有 {n} 格，表头有 {m} 列", en="this row has {n} cells, the heading has {m}")


def read(path: Path, asked: Asked) -> TableFile:
    """The table in a file with commas, or, where its heading has more of them, tabs between the cells."""
    encoding, notes = encoding_of(path, asked.encoding)
    binary = path.open("rb")
    size = max(path.stat().st_size, 1)
    text = _Text(binary, encoding)
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        binary.close()
        raise TableRefusedError(EMPTY)
    headings = tuple(cell.strip() for cell in first[1])
    chunks = gathered(_checked(rows, len(headings)), len(headings))
    return TableFile(str(path), text_schema(headings), chunks, lambda: 1.0 if binary.closed else binary.tell() / size, notes=notes)


class _Text:
    """The lines of a file; it is closed behind the last."""

    def __init__(self, binary: BinaryIO, encoding: str) -> None:
        from io import TextIOWrapper

        self.lines: TextIO = TextIOWrapper(binary, encoding=encoding, newline="")

    def __iter__(self) -> Iterator[str]:
        with self.lines as lines:
            yield from lines


def _rows(text: _Text) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not empty, with the line on which it begins."""
    lines = iter(text)
    first = next(lines, "")
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    found = records(chain((first,) if first else (), lines), delimiter)
    line = 1
    while True:
        try:
            start, end, cells = next(found)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableRefusedError(UNREADABLE.fill(e=str(error)), line) from None
        line = end + 1
        yield start, cells


def _checked(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[Record]:
    for line, cells in rows:
        short = len(cells) != width
        yield line, OTHER_WIDTH.fill(n=str(len(cells)), m=str(width)) if short else cells


@define
class _CsvWriter:
    """Batches as lines; what is text and looks like a formula gets a ' in front, as spreadsheets do it themselves."""

    file: BinaryIO
    into: pyarrow.csv.CSVWriter
    language: Language

    def write(self, batch: pyarrow.RecordBatch) -> None:
        import pyarrow
        import pyarrow.compute as compute

        flat = flattened(batch, self.language)
        safe = []
        for name, column in zip(flat.schema.names, flat.columns, strict=True):
            if pyarrow.types.is_string(column.type) and pyarrow.types.is_string(batch.schema.field(name).type):
                risky = compute.match_substring_regex(column, FORMULA)
                column = compute.if_else(risky, compute.binary_join_element_wise("'", column, ""), column)
            safe.append(column)
        self.into.write_batch(pyarrow.RecordBatch.from_arrays(safe, schema=flat.schema))

    def close(self) -> None:
        self.into.close()
        self.file.close()


def write(path: Path, schema: pyarrow.Schema, language: Language, *, bom: bool) -> Writer:
    """What writes a table as CSV; with `bom` a byte order mark, by which Excel knows UTF-8."""
    from pyarrow import csv as arrow_csv

    file = path.open("wb")
    if bom:
        file.write(b"\xef\xbb\xbf")
    options = arrow_csv.WriteOptions(include_header=True, quoting_style="needed")
    return _CsvWriter(file, arrow_csv.CSVWriter(file, flat_schema(schema), write_options=options), language)
