"""Leaves looked up straight from the cells of a column, in one walk, where the passes are compiled.

In: a plan made ready, what the columns mean, and a batch. Out: what such leaves keep, their points as decimals already, and the columns
that need not be taken in unless somebody else reads them. A column is left to `taking` where a cell of it is empty, or lies
beyond the leaf's table or its figure's domain, or is no plain number: nothing is decided about such a cell here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from attrs import define, field

from perfscore.batch.headers import Heading
from perfscore.batch.leaves import Kept, Line
from perfscore.batch.passes import Cells, compiled
from perfscore.batch.preparing import ByColumns
from perfscore.batch.results import Units
from perfscore.indicator import Input


@define(eq=False)
class Straight:
    """What was found straight from the cells: by node what is kept and its decimals, and the slots that were read for it."""

    kept: dict[int, Kept] = field(factory=dict)
    decimals: dict[int, tuple[Units, Units]] = field(factory=dict)
    """Units, and the same as decimals."""
    slots: set[int] = field(factory=set)
    packed: Units = field(factory=lambda: np.zeros((0, 0), np.int16))
    """What every leaf that could be looked up has lost, packed with its code, in the order of the tree; lines of leaves that
    were not looked up hold anything.
    """


def straight(by: ByColumns, headings: Sequence[Heading], batch: pa.RecordBatch) -> Straight:
    """What can be looked up; nothing before a first chunk was judged."""
    found, lookups, size = Straight(), by.lookups, batch.num_rows
    quick, worth, bits = compiled(), by.plan.worth, by.packing.bits
    if quick is None or worth is None or not size:
        return found
    room = np.empty((len(lookups.reading), size, 2), np.int64)
    found.packed, units = np.empty((2, len(lookups.reading), size), by.packing.width)
    for heading, array in zip(headings, batch.columns, strict=True):
        if heading.path is None or heading.path[0] != "inputs" or array.null_count:
            continue
        declared, slot = by.plan.inputs[heading.path[1]]
        all_read = bool(leaves := lookups.readers.get(slot, ()))
        for leaf in leaves:
            row = lookups.rows[leaf]
            packed, kept, decimals = found.packed[row], units[row], room[row]
            cells = _cells(declared, array, lookups.latest.get(leaf, 0))
            table = None if cells is None else lookups.inside(leaf, cells[2])
            if (
                cells is None
                or table is None
                or not quick.straight(*cells[:2], *table, bits, worth[leaf], packed, kept, decimals)
            ):
                all_read = False
                continue
            found.kept[leaf] = Kept(kept, [Line(packed, None)])
            found.decimals[leaf] = (kept, decimals)
        if all_read:
            found.slots.add(slot)
    return found


def _cells(declared: Input, array: pa.Array, latest: int) -> tuple[Cells, int, int] | None:
    """The numbers of a column as they stand, what they are multiplied by to be whole, and the denominator of the figure that they
    are then; `latest` is that of the chunk before. None where they are not all plainly figures.
    """
    kind, start, end = array.type, array.offset, array.offset + len(array)
    hundred = 1
    if declared.type == "date":  # a number is no day, though days are looked up by their numbers
        return None
    if declared.type == "percent":
        if declared.bare is None:
            return None
        hundred = 100 if declared.bare == "percent" else 1
    if pa.types.is_float64(kind):
        scale, left = divmod(latest, hundred)
        return None if left or not scale else (np.frombuffer(array.buffers()[1])[start:end], scale, latest)
    if pa.types.is_decimal128(kind):
        if kind.scale < 0 or (declared.type == "count" and kind.scale):
            return None
        wide = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)
        return wide[start:end], 1, 10**kind.scale * hundred
    if pa.types.is_int64(kind):
        return np.frombuffer(array.buffers()[1], np.int64)[start:end], 1, hundred
    return None
