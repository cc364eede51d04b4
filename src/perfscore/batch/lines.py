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


@frozen(eq=False)
class NodeLine:
    """The records of one loss or gain of a node."""

    node: int
    line: Line


def records_of(lines: Sequence[NodeLine], size: int, packing: Packing) -> Records:
    """The records of some lines. Each row's are laid side by side, so that one pass finds those that are there in order."""
    if not lines or not size:
        return no_records(size)
    lines = sorted(lines, key=lambda one: one.node)
    packed = np.empty((size, len(lines)), packing.width)
    counts = np.zeros(size, np.int16)
    for at, one in enumerate(lines):
        moved = one.line.moved
        if one.line.code is not None:
            moved = packing.all_packed(moved, one.line.code)
        packed[:, at] = moved
        counts += moved != 0
    flat = packed.ravel()
    there = np.flatnonzero(flat != 0)  # of truths it is told eight at a time, of numbers one by one
    held = np.take(flat, there)
    nodes: Places = np.array([one.node for one in lines], np.int16)
    codes = (held & packing.mask).astype(np.int16)
    return Records(counts, np.take(np.tile(nodes, size), there), codes, held >> packing.bits)


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
