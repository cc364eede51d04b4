"""The results of a table file, row by row in its order.

In: a rulebook, a table that was opened, and what its columns are. Out: batches: the row's place in the file, who it is
about, what is passed on, and what `batch` says of it. A row that could not be read stands among the others, without
points, and says why. Nothing is judged here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import define, field

from perfscore.assessment import State
from perfscore.cohortfile import NOT_A_TABLE
from perfscore.rulebook import Rulebook
from perfscore.tablefile.rows import Chunk, TableFile
from perfscore.tabling.doubtful import NUMBERS, numberless_in, sums_in
from perfscore.tabling.headings import Understanding
from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow

NOT_SCORED: State = "not-scored"
PLACE = "row"
"""The column of the result that says where a row stands in the file."""


class RowRefusedError(ValueError):
    """A row cannot be read, and its owner asked to stop there."""

    def __init__(self, place: int, message: Words) -> None:
        self.place, self.message = place, message
        super().__init__(f"row {place}: {message.en}")


@define(eq=False)
class _Waiting:
    """The chunks that were handed over and whose results have not come yet."""

    table: TableFile
    strict: bool
    telling: tuple[int, ...] = ()
    """The columns that hold no figure: they say of whom a row is."""
    numbers: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    """The columns that hold numbers, and those that hold what else the rules ask for."""
    sums: list[int] = field(factory=list)
    """The places of rows that seem to sum up others."""
    numberless: list[int] = field(factory=list)
    """The places of other rows that seem to be no subjects."""
    chunks: deque[Chunk] = field(factory=deque)
    before: int = 0
    """How many rows that could be read stand before them."""

    def batches(self) -> Iterator[pyarrow.RecordBatch]:
        """The cells of every chunk."""
        import pyarrow

        for chunk in self.table.chunks:
            if self.strict and chunk.broken:
                at = min(chunk.broken)
                raise RowRefusedError(chunk.places[at], chunk.broken[at])
            self.chunks.append(chunk)
            sums = sums_in(chunk, self.telling)
            self.sums += sums
            self.numberless += [one for one in numberless_in(chunk, self.numbers, self.others) if one not in sums]
            yield pyarrow.RecordBatch.from_arrays([*chunk.columns], schema=self.table.schema)

    def place_of(self, row: int) -> int:
        """Where in the file the row stands that is `row` among those that could be read."""
        row -= self.before
        for chunk in self.chunks:
            read = [place for at, place in enumerate(chunk.places) if at not in chunk.broken]
            if row < len(read):
                return read[row]
            row -= len(read)
        raise IndexError(row)


@define(eq=False)
class TableResults:
    """The results of a table, to be read once."""

    rulebook: Rulebook
    table: TableFile
    understanding: Understanding
    strict: bool = False
    language: Language | None = None
    """In which is told what is wrong with a cell or a row: else that of the rulebook."""
    _waiting: _Waiting = field(init=False)

    def __attrs_post_init__(self) -> None:
        telling, numbers, others = [], [], []
        for at, one in enumerate(self.understanding.columns):
            if one.path is None or one.path == "subject.name":
                telling.append(at)
            elif one.type in NUMBERS or one.path.endswith(".points"):
                numbers.append(at)
            elif not one.path.startswith("subject."):
                others.append(at)
        self._waiting = _Waiting(self.table, self.strict, tuple(telling), tuple(numbers), tuple(others))

    @property
    def passed_on(self) -> tuple[tuple[str, int], ...]:
        """The columns that go into the result as they are, by their name there and their place in the table."""
        about = [
            (one.path, at)
            for at, one in enumerate(self.understanding.columns)
            if one.path is not None and one.path.startswith("subject.")
        ]
        kept = [(one.heading, at) for at, one in enumerate(self.understanding.columns) if one.kept]
        return (*about, *kept)

    @property
    def schema(self) -> pyarrow.Schema:
        """The schema of the batches."""
        import pyarrow

        from perfscore.batch import schema_of

        judged = schema_of(self.rulebook)
        own = [pyarrow.field(PLACE, pyarrow.int64(), nullable=False)]
        own += [pyarrow.field(name, self.table.schema.field(at).type) for name, at in self.passed_on]
        return pyarrow.schema([*own, *judged], metadata=judged.metadata)

    @property
    def sums(self) -> list[int]:
        """The places of rows that seem to sum up others, among those read by now; they are judged as all are."""
        return self._waiting.sums

    @property
    def numberless(self) -> list[int]:
        """The places of rows in which no number stands (units below the heading, a note below the table), as `sums`."""
        return self._waiting.numberless

    def place_of(self, row: int) -> int:
        """The place in the file of a row that is counted among those that could be read."""
        return self._waiting.place_of(row)

    def batches(self) -> Iterator[pyarrow.RecordBatch]:
        """Batch after batch; raises what the table raises, and `CellError` or `RowRefusedError` where it is to stop."""
        waiting = self._waiting
        spare: list[pyarrow.RecordBatch] = []
        for result in self._judged():
            spare.append(result)
            while waiting.chunks and _read(waiting.chunks[0]) <= sum(one.num_rows for one in spare):
                yield self._next(spare)
        while waiting.chunks:  # of which no row could be read
            yield self._next(spare)

    def _judged(self) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow

        from perfscore.batch import CohortInTablesError, assess_table, judge_batches

        reader = pyarrow.RecordBatchReader.from_batches(self.table.schema, self._waiting.batches())
        rulebook, mapping = self.rulebook, dict(self.understanding.mapping)
        strict, language = self.strict, self.language
        try:
            yield from judge_batches(rulebook, reader, columns=mapping, strict=strict, language=language)
        except CohortInTablesError:  # who is compared with all has to wait for all
            whole = assess_table(rulebook, reader, columns=mapping, strict=strict, language=language)
            yield from whole.to_batches()

    def _next(self, spare: list[pyarrow.RecordBatch]) -> pyarrow.RecordBatch:
        """The results of the chunk that waits longest."""
        import pyarrow

        from perfscore.batch import schema_of

        chunk = self._waiting.chunks.popleft()
        self._waiting.before += _read(chunk)
        judged = _cut(spare, _read(chunk), schema_of(self.rulebook))
        passed = [chunk.columns[at] for _, at in self.passed_on]
        read = [at for at in range(len(chunk.places)) if at not in chunk.broken]
        places = chunk.places if not chunk.broken else [chunk.places[at] for at in read]
        schema = self.schema
        columns = [pyarrow.array(places, pyarrow.int64()), *passed, *judged.columns]
        whole = pyarrow.RecordBatch.from_arrays(columns, schema=schema)
        if not chunk.broken:
            return whole
        broken = sorted(chunk.broken)
        language = self.language or self.rulebook.language
        refused = [_refused(schema, chunk.places[at], chunk.broken[at].into(language)) for at in broken]
        mixed = pyarrow.concat_batches([whole, pyarrow.RecordBatch.from_pylist(refused, schema=schema)])
        order = {at: index for index, at in enumerate((*read, *broken))}
        return mixed.take(pyarrow.array([order[at] for at in range(len(chunk.places))]))


def _read(chunk: Chunk) -> int:
    """How many rows of a chunk could be read."""
    return len(chunk.places) - len(chunk.broken)


def _cut(spare: list[pyarrow.RecordBatch], rows: int, schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    """The first rows of some batches, taken from them."""
    import pyarrow

    found: list[pyarrow.RecordBatch] = []
    while rows > 0:
        first = spare.pop(0)
        found.append(first.slice(0, rows))
        if first.num_rows > rows:
            spare.insert(0, first.slice(rows))
        rows -= found[-1].num_rows
    if not found:
        return pyarrow.RecordBatch.from_pylist([], schema)
    return pyarrow.concat_batches(found) if len(found) > 1 else found[0]


def _refused(schema: pyarrow.Schema, place: int, why: str) -> dict[str, object]:
    """The result of a row that could not be read: no points, nothing scored, and the reason."""
    import pyarrow

    row: dict[str, object] = {
        one.name: None if one.nullable else [] if pyarrow.types.is_list(one.type) else NOT_SCORED for one in schema
    }
    told = {"column": None, "code": NOT_A_TABLE.number, "message": why}
    return row | {PLACE: place, "findings": [NOT_A_TABLE.number], "cells": [told]}
