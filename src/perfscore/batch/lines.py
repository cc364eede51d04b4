"""Gather the records of many rows.

In: for every loss and gain how many units it moved in each row. Out: the records of all rows, flat and in the order of the
rows, and within a row in that of the file. Records that moved nothing are none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from perfscore.batch.leaves import Line, Packing
from perfscore.batch.results import Mask, Places, Records, Units, no_records

_BLOCK = 8_192
"""So many rows are laid side by side at a time: they stay in the processor's nearest cache."""


@frozen(eq=False)
class NodeLine:
    """The records of one loss or gain of a node."""

    node: int
    line: Line


def records_of(lines: Sequence[NodeLine], size: int, packing: Packing) -> Records:
    """The records of some lines. Each row's are laid side by side, so that one pass finds those that are there in order."""
    if not lines or not size:
        return no_records(size)
    lines = sorted(lines, key=lambda one: (one.node == 0, one.node))  # those of the whole come last
    counts = np.zeros(size, np.int16)
    for one in lines:
        counts += one.line.moved != 0
    total = int(counts.sum(dtype=np.int64))
    held, nodes = np.empty(total, packing.width), np.empty(total, np.int16)
    room = np.empty((min(size, _BLOCK), len(lines)), packing.width)
    whose: Places = np.tile(np.array([one.node for one in lines], np.int16), len(room))
    end = 0
    for start in range(0, size, _BLOCK):
        block = room[: size - start]
        for at, one in enumerate(lines):
            moved = one.line.moved[start : start + _BLOCK]
            block[:, at] = moved if one.line.code is None else packing.all_packed(moved, one.line.code)
        flat = block.ravel()
        # below the least that moves a unit stands a code alone; of truths it is told eight at a time, of numbers one by one
        there = np.flatnonzero(flat > packing.mask)
        begin, end = end, end + len(there)
        np.take(flat, there, out=held[begin:end], mode="clip")
        np.take(whose, there, out=nodes[begin:end], mode="clip")
    return Records(counts, nodes, (held & packing.mask).astype(np.int16), held >> packing.bits)


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
