"""Judge batches by columns, and the rows that are left over one by one.

In: a batch of a table. Out: its `Results`. Where weights vary, rows of the same weights are judged together. What cannot be
proved for a batch as a whole is tried again without the rows whose figures are the largest; a row that is left out is judged
exactly, and counted. No row is lost and none is judged twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from attrs import define, field

from perfscore.batch.exactly import CellError, Judging
from perfscore.batch.lines import merged
from perfscore.batch.passes import passes
from perfscore.batch.preparing import ByColumns, by_columns
from perfscore.batch.results import Results, Units
from perfscore.batch.standing import PeersOfBatches
from perfscore.batch.straight import Straight, straight
from perfscore.batch.taking import Taken, taken_in
from perfscore.batch.together import judged_batch
from perfscore.batch.varying import Varying, laid
from perfscore.formula.wholes import Figures, Mask, NoColumns, Unproved, either

_ATTEMPTS = ((None, True), (None, False), (2**44, False), (2**36, False), (2**28, False))
"""Beyond which a figure counts as large, and whether figures have many decimal places, one after another."""
Read = TypeVar("Read")


@define(eq=False)
class Mixed:
    """How the batches of one table are judged."""

    judging: Judging
    columns: ByColumns | None = field(init=False)
    others: PeersOfBatches | None = field(init=False)
    varying: Varying | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        plan = self.judging.frame.plan
        self.columns = by_columns(self.judging.frame)
        among = self.judging.among
        self.others = None if among is None else PeersOfBatches(plan, among)
        if plan.worth is None and not plan.peers:
            self.varying = Varying(self.judging, cells_of)

    def results(self, batch: pa.RecordBatch, start: int) -> Results:
        """The results of a batch whose first row is the row `start` of the table."""
        passes(start)  # from some row on they are compiled
        batch = readable(batch)
        numbers: Units = np.arange(start, start + batch.num_rows)
        if self.varying is None:
            return self._judged(self.columns, batch, numbers)
        parts: list[tuple[Units, Results]] = []
        wrong: list[CellError] = []
        for one in self.varying.groups(batch):
            try:
                some = batch.take(pa.array(one.rows))
                parts.append((one.rows, self._judged(one.columns, some, numbers[one.rows])))
            except CellError as error:
                wrong.append(error)
        if wrong:
            raise min(wrong, key=lambda one: one.row)
        return laid(parts, batch.num_rows)

    def _judged(self, columns: ByColumns | None, batch: pa.RecordBatch, numbers: Units) -> Results:
        """The results of some rows, of which `numbers` are the numbers in the table."""
        size, found = batch.num_rows, None
        if columns is not None:
            by = columns
            found = self.tried(by, batch, lambda taken, ready: judged_batch(by, taken, size, ready))
        if found is None:
            return self.judging.results(cells_of(batch), numbers.tolist())
        results, odd = found
        if odd is None or not odd.any():
            return results
        rows: Units = np.flatnonzero(odd)
        alone = batch.take(pa.array(rows))
        return _replaced(results, self.judging.results(cells_of(alone), numbers[rows].tolist()), rows, odd)

    def tried(self, by: ByColumns, batch: pa.RecordBatch, read: Callable[[Taken, Straight], Read]) -> Read | None:
        """What is read of the columns of a batch, with what its rows read of others; None where that cannot be."""
        headings, wide = self.judging.headings, False
        for limit, fine in _ATTEMPTS:
            if limit is None and not fine and not wide:
                continue  # it would be the same once more
            try:
                # what cannot be proved is tried again by the usual way alone
                ready = Straight() if limit is not None or not fine else straight(by, headings, batch)
                taken = taken_in(by.plan, headings, batch, ready.slots, fine=fine)
                wide = taken.wide
                if limit is not None:
                    _without_large(taken, limit)
                if self.others is not None:
                    self.others.fill(by, taken, batch.num_rows)
                return read(taken, ready)
            except NoColumns:
                return None
            except Unproved:
                continue
        return None


def _without_large(taken: Taken, limit: int) -> None:
    """Make the rows odd in which a figure is large, and put a smaller one there."""
    for slot, column in taken.held.items():
        if isinstance(column, Figures) and isinstance(column.above, np.ndarray):
            large = (column.above > limit) | (column.above < -limit)
            if large.any():
                small = np.where(large, 0, column.above)
                low, high = int(small.min()), int(small.max())
                taken.held[slot] = Figures(small, column.below, low, high, column.most, column.without)
                taken.odd = either(taken.odd, large)


def _replaced(results: Results, alone: Results, rows: Units, odd: Mask) -> Results:
    """The results, with those of the odd rows in their places."""
    size = results.size
    for index in range(len(results.units)):
        results.units[index] = _put(results.units[index], alone.units[index], rows)
        results.lacking[index] = _flagged(results.lacking[index], alone.lacking[index], rows, size)
        states, others = results.states[index], alone.states[index]
        if others is not None and (states is not None or others.any()):
            results.states[index] = _put(np.zeros(size, np.int64) if states is None else states, others, rows)
    results.score = _put(results.score, alone.score, rows)
    results.subtotal = _put(results.subtotal, alone.subtotal, rows)
    results.without_score = _flagged(results.without_score, alone.without_score, rows, size)
    results.without_subtotal = _flagged(results.without_subtotal, alone.without_subtotal, rows, size)
    results.rating = _put(results.rating, alone.rating, rows)
    results.deductions = merged(results.deductions, alone.deductions, rows, odd)
    results.credits = merged(results.credits, alone.credits, rows, odd)
    results.adjustments = merged(results.adjustments, alone.adjustments, rows, odd)
    results.findings = merged(results.findings, alone.findings, rows, odd)
    results.cells = {int(rows[at]): told for at, told in alone.cells.items()}
    results.exact = len(rows)
    return results


def _flagged(mask: Mask | None, others: Mask | None, rows: Units, size: int) -> Mask | None:
    if others is None or (mask is None and not others.any()):
        return mask
    return _put(np.zeros(size, np.bool_) if mask is None else mask, others, rows)


def _put(into: npt.NDArray[Any], values: npt.NDArray[Any], rows: Units) -> npt.NDArray[Any]:
    # the exact reader may come to larger numbers than were proved to fit for the other rows
    found = into.astype(np.promote_types(into.dtype, values.dtype))
    found[rows] = values
    return found


def readable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with texts as texts, however they are packed, and so that rows can be taken out of it."""
    arrays, changed = [], False
    for array in batch.columns:
        kind = array.type
        if pa.types.is_dictionary(kind):
            array = array.dictionary_decode()
        if pa.types.is_string_view(array.type):
            array = array.cast(pa.large_string())
        elif pa.types.is_binary_view(array.type):
            array = array.cast(pa.large_binary())
        changed = changed or array.type != kind
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names) if changed else batch


def cells_of(batch: pa.RecordBatch | pa.Table) -> list[tuple[object, ...]]:
    """The cells of a batch, row by row."""
    read = [_cells(column) for column in batch.columns]
    return list(zip(*read, strict=True)) if read else [()] * int(batch.num_rows)


def _cells(column: pa.Array) -> list[object]:
    kind = column.type
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):
        # the shortest text of the float64 that it would become has more digits
        column = column.cast(pa.float32()).cast(pa.string())
    found: list[object] = column.to_pylist()
    return found
