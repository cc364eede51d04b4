"""Gather the records of many rows.

In: for every loss and gain how many units it moved in each row. Out: the records of all rows, flat and in the order of the
rows, and within a row in that of the file. Records that moved nothing are none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from perfscore.batch.leaves import Line, Packing
from perfscore.batch.passes import passes
from perfscore.batch.results import Mask, Places, Records, Units, no_records

_LAST = 2**15


@frozen(eq=False)
class NodeLine:
    """The records of one loss or gain of a node."""

    node: int
    line: Line

    @property
    def place(self) -> int:
        """Where it stands among the records of a row: those of the whole come last."""
        return self.node or _LAST


def records_of(lines: Sequence[NodeLine], size: int, packing: Packing, ready: Units | None = None) -> Records:
    """The records of some lines, of which all may stand in `ready`, packed and in the order of the tree."""
    if not lines or not size:
        return no_records(size)
    lines = sorted(lines, key=lambda one: one.place)
    if ready is None or len(ready) != len(lines) or not all(one.line.moved.base is ready.base for one in lines):
        ready = np.empty((len(lines), size), packing.width)
        for at, one in enumerate(lines):
            ready[at] = one.line.moved if one.line.code is None else packing.all_packed(one.line.moved, one.line.code)
    # below the least that moves a unit stands a code alone
    whose: Places = np.array([one.node for one in lines], np.int16)
    return Records(*passes().gathered(ready, packing.bits, whose))


def merged(one: Records, other: Records, rows: Units, odd: Mask) -> Records:
    """Records of which those of odd rows are replaced by others; `rows` are the odd rows, in the order of those others."""
    whose = np.repeat(np.arange(len(odd)), one.counts)
    keep = ~odd[whose]
    where = np.concatenate([whose[keep], np.repeat(rows, other.counts)])
    order = np.argsort(where, kind="stable")
    counts = np.where(odd, 0, one.counts)
    counts[rows] = other.counts
    return Records(
        counts,
        np.concatenate([one.nodes[keep], other.nodes])[order],
        np.concatenate([one.codes[keep], other.codes])[order],
        np.concatenate([one.units[keep], other.units])[order],
    )
