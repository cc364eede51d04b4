"""CSV and text with tabs: read with every cell as the text that it is, and written so that Excel opens it.

In: a file, however large; or batches. Out: its records as chunks, a row of another width with its reason; or text in
UTF-8, where no cell can be taken for a formula. Nothing is guessed from how a cell looks.
"""

from __future__ import annotations

import re
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from attrs import define

from perfscore.tablefile.encoding import encoding_of
from perfscore.tablefile.flat import flat_schema, flattened
from perfscore.tablefile.lanes import Lanes
from perfscore.tablefile.rows import Asked, TableFile, TableRefusedError, Writer, headed, text_schema
from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow

SUFFIXES = (".csv",)
READ_TOO = (".tsv", ".txt")
NAMED = True
FORMULA = r"^[=+\-@\t\r]"
"""What a spreadsheet may take for the start of a formula."""

EMPTY = Words(zh="表是空的：第一行应是列名", en="the table is empty; its first line names the columns")


def read(path: Path, asked: Asked) -> TableFile:
    """The table in a file with commas, or, where its heading has more of them, tabs between the cells."""
    encoding, notes = encoding_of(path, asked.encoding)
    size = max(path.stat().st_size, 1)
    binary = path.open("rb")
    lines = TextIOWrapper(binary, encoding=encoding, newline="")
    first = lines.readline()
    lanes = Lanes(lines, "\t" if first.count("\t") > first.count(",") else ",")
    found = lanes.heading(first)
    if found is None:
        lines.close()
        raise TableRefusedError(EMPTY)
    line, heading, over = found
    if line > 1:
        notes = (*notes, headed(line, over))
    names = text_schema(cell.strip() for cell in heading)
    chunks = lanes.chunks(len(heading))
    return TableFile(
        str(path), names, chunks, lambda: 1.0 if binary.closed else binary.tell() / size, lines.close, notes=notes
    )


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
        for kind, column in zip(batch.schema.types, flat.columns, strict=True):
            if pyarrow.types.is_string(column.type) and not _reckoned(kind):
                risky = compute.match_substring_regex(column, FORMULA)
                column = compute.if_else(risky, compute.binary_join_element_wise("'", column, ""), column)
            safe.append(column)
        self.into.write_batch(pyarrow.RecordBatch.from_arrays(safe, schema=_safely_headed(flat.schema)))

    def close(self) -> None:
        self.into.close()
        self.file.close()


def _reckoned(kind: pyarrow.DataType) -> bool:
    """Whether what stands in a cell is a figure, however it is written."""
    import pyarrow

    types = pyarrow.types
    return bool(types.is_decimal(kind) or types.is_floating(kind) or types.is_temporal(kind))


def write(path: Path, schema: pyarrow.Schema, language: Language, *, bom: bool) -> Writer:
    """What writes a table as CSV; with `bom` a byte order mark, by which Excel knows UTF-8."""
    from pyarrow import csv as arrow_csv

    file = path.open("wb")
    if bom:
        file.write(b"\xef\xbb\xbf")
    options = arrow_csv.WriteOptions(include_header=True, quoting_style="needed")
    into = arrow_csv.CSVWriter(file, _safely_headed(flat_schema(schema)), write_options=options)
    return _CsvWriter(file, into, language)


def _safely_headed(schema: pyarrow.Schema) -> pyarrow.Schema:
    """A heading that is passed on may look like a formula, too."""
    import pyarrow

    names = [f"'{name}" if re.match(FORMULA, name) else name for name in schema.names]
    return pyarrow.schema([pyarrow.field(name, kind) for name, kind in zip(names, schema.types, strict=True)])
