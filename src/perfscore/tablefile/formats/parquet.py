"""Parquet: columns with their types, read and written batch after batch.

In: a file, however large; or batches. Out: its batches as they are, rows counted from 1; or a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define

from perfscore.tablefile.celltypes import as_cells, cell_type
from perfscore.tablefile.rows import ROW, ROWS, Asked, Chunk, TableFile, TableRefusedError, Writer
from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

SUFFIXES = (".parquet", ".pq")
READ_TOO = ()
NAMED = False
UNREADABLE = Words(zh="Parquet 读不懂：{e}", en="cannot be read as Parquet: {e}")


@define
class _Progress:
    rows: int = 0


def read(path: Path, asked: Asked) -> TableFile:
    """The table in a file."""
    import pyarrow
    from pyarrow import parquet

    path.open("rb").close()  # what cannot be opened is told as every file is
    try:
        file = parquet.ParquetFile(path)
    except pyarrow.ArrowException as error:
        raise TableRefusedError(_unreadable(error)) from None
    schema = pyarrow.schema([one.with_type(cell_type(one.type)) for one in file.schema_arrow])
    progress, total = _Progress(), max(file.metadata.num_rows, 1)
    return TableFile(str(path), schema, _chunks(file, schema, progress), lambda: progress.rows / total, file.close, ROW)


def _chunks(file: pyarrow.parquet.ParquetFile, schema: pyarrow.Schema, progress: _Progress) -> Iterator[Chunk]:
    import pyarrow

    with file:
        batches = file.iter_batches(batch_size=ROWS)
        while True:
            try:
                batch = next(batches)
            except StopIteration:
                return
            except (pyarrow.ArrowException, OSError) as error:
                raise TableRefusedError(_unreadable(error), progress.rows + 1) from None
            start = progress.rows + 1
            progress.rows += batch.num_rows
            columns = tuple(as_cells(column, kind) for column, kind in zip(batch.columns, schema.types, strict=True))
            yield Chunk(columns, range(start, start + batch.num_rows))


def _unreadable(error: Exception) -> Words:
    return UNREADABLE.fill(e=str(error).partition("\n")[0][:200])


@define
class _ParquetWriter:
    into: pyarrow.parquet.ParquetWriter

    def write(self, batch: pyarrow.RecordBatch) -> None:
        self.into.write_batch(batch)

    def close(self) -> None:
        self.into.close()


def write(path: Path, schema: pyarrow.Schema, language: Language, *, bom: bool) -> Writer:
    """What writes a table with the types that it has."""
    from pyarrow import parquet

    return _ParquetWriter(parquet.ParquetWriter(path, schema, compression="zstd"))
