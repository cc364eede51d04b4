"""The records of a text table, on two lanes that say the same.

In: lines of text, and the sign between cells. Out: chunks of cells. Where no quotation mark stands, a line is a record,
and Arrow reads some ten thousand of them at once; everything else, a quoted line break or a row of another width, goes
record by record. A test holds that both lanes give the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from itertools import chain
from typing import TYPE_CHECKING, TextIO

from attrs import define

from perfscore.cohortfile import records
from perfscore.tablefile.rows import Chunk, Record, TableRefusedError, gathered, given, stands_over
from perfscore.words import Words

if TYPE_CHECKING:
    import pyarrow

BLOCK = 1 << 18
"""How many characters are read at once; the rest of the last line comes with them."""

UNREADABLE = Words(zh="CSV 读不懂：{e}", en="cannot be read as CSV: {e}")
OTHER_WIDTH = Words(zh="这一行有 {n} 格，表头有 {m} 列", en="this row has {n} cells, the heading has {m}")


@define(eq=False)
class Lanes:
    """The records of a text, in order; the text is closed behind the last."""

    text: TextIO
    delimiter: str
    block: int = BLOCK
    line: int = 0
    """How many lines were read."""

    def heading(self, first: str) -> tuple[int, list[str], list[list[str]]] | None:
        """The first record that is not empty and no title, its line, and what stands over it; `first` is the first line,
        which was read already.
        """
        over: list[list[str]] = []
        for line, cells in self._records(chain((first,), self.text)):
            if not stands_over(cells):
                return line, cells, over
            over.append(cells)
        return None

    def chunks(self, width: int) -> Iterator[Chunk]:
        """All records behind the heading."""
        with self.text:
            while block := self.text.read(self.block):
                block += self.text.readline()
                chunk = None if _needs_care(block) else self._at_once(block, width)
                if chunk is not None:
                    yield chunk
                else:
                    yield from gathered(self._one_by_one(block, width), width)

    def _at_once(self, block: str, width: int) -> Chunk | None:
        """A block of lines of which each is a record; None where that turns out not to be so."""
        import pyarrow
        from pyarrow import csv as arrow_csv

        data = block.encode()
        names = [str(at) for at in range(width)]
        try:
            table = arrow_csv.read_csv(
                BytesIO(data),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
                arrow_csv.ParseOptions(delimiter=self.delimiter, quote_char=False, ignore_empty_lines=False),
                arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pyarrow.string())),
            )
        except pyarrow.ArrowInvalid:
            return None
        lines = block.count("\n") + (not block.endswith("\n"))
        if table.num_rows != lines:
            return None
        start = self.line + 1
        self.line += lines
        columns = tuple(given(column.combine_chunks()) for column in table.columns)
        return _without_empty(columns, range(start, start + lines))

    def _one_by_one(self, block: str, width: int) -> Iterator[Record]:
        """The records that begin in a block; the last may end behind it."""
        last = self.line + sum(1 for _ in StringIO(block, newline=""))
        for line, cells in self._records(chain(StringIO(block, newline=""), self.text), last):
            short = len(cells) != width
            yield line, OTHER_WIDTH.fill(n=str(len(cells)), m=str(width)) if short else cells

    def _records(self, lines: Iterable[str], last: int | None = None) -> Iterator[tuple[int, list[str]]]:
        """Records with the line on which each begins, up to the one that ends with the line `last` or behind it."""
        before = self.line
        try:
            for first, end, cells in records(lines, self.delimiter):
                self.line = before + end
                yield before + first, cells
                if last is not None and self.line >= last:
                    return
        except csv.Error as error:
            raise TableRefusedError(UNREADABLE.fill(e=str(error)), self.line + 1) from None


def _needs_care(block: str) -> bool:
    """Whether a record may be something else than a line."""
    return '"' in block or ("\r" in block and block.count("\r") != block.count("\r\n"))


def _without_empty(columns: tuple[pyarrow.Array, ...], places: range) -> Chunk:
    """Rows in which anything stands."""
    import pyarrow.compute as compute

    empty = columns[0].is_null()
    for column in columns[1:]:
        if not compute.any(empty).as_py():
            return Chunk(columns, places)
        empty = compute.and_(empty, column.is_null())
    if not compute.any(empty).as_py():
        return Chunk(columns, places)
    kept = compute.indices_nonzero(compute.invert(empty))
    return Chunk(tuple(column.take(kept) for column in columns), tuple(places[at] for at in kept.to_pylist()))
