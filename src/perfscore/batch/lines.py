"""Gather the records of many rows.

In: for every loss and gain how many units it moved in each row. Out: the records of all rows, flat and in the order of the
rows, and within a row in that of the file. Records that moved nothing are none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from perfscore.batch.leaves import Line, Packing
from perfscore.batch.results import Places, Records, Units, no_records


@frozen(eq=False)
class NodeLine:
    """The records of one loss or gain of a node."""

    node: int
    line: Line


def records_of(lines: Sequence[NodeLine], size: int, packing: Packing) -> Records:
    """The records of some lines. Each row's are laid side by side, so that one pass finds those that are there in order."""
    if not lines or not size:
        return no_records()
    lines = sorted(lines, key=lambda one: one.node)
    wide, bits = len(lines), packing.bits
    packed = np.empty((size, wide), np.int64)
    for at, one in enumerate(lines):
        moved = one.line.moved
        packed[:, at] = moved if one.line.code is None else moved << bits
    flat = packed.ravel()
    there = np.flatnonzero(flat != 0)
    held = flat[there]
    rows = there // wide
    which = there - rows * wide
    codes = np.array([0 if one.line.code is None else packing.places[one.line.code] for one in lines], np.int16)
    nodes: Places = np.array([one.node for one in lines], np.int16)
    own = (held & ((1 << bits) - 1)).astype(np.int16)
    return Records(rows, nodes[which], own + codes[which], held >> bits)


def merged(one: Records, other: Records, rows: Units, odd: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Records:
    """Records of which those of odd rows are replaced by others; `rows` are the odd rows, in the order of those others."""
    keep = ~odd[one.rows]
    where = np.concatenate([one.rows[keep], rows[other.rows]])
    order = np.argsort(where, kind="stable")
    return Records(
        where[order],
        np.concatenate([one.nodes[keep], other.nodes])[order],
        np.concatenate([one.codes[keep], other.codes])[order],
        np.concatenate([one.units[keep], other.units])[order],
    )
