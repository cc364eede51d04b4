"""The passes over all cells of a chunk, into which most of the time goes.

In: whole numbers of many rows. Out: what one walk through them gives: narrower numbers and their ends, entries of a table,
records gathered row by row, numbers as wide as decimals are. Here numpy does them; what is left of a long table is done by the
same passes compiled, where numba is installed (`compiledpasses`, decision 30). Nothing is judged here, nothing is rounded.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from perfscore.formula.wholes import Ints, proved, width

LONG = 1 << 17
"""From this row on a table is long: the compiler is worth loading for what is left of it."""
MOST_DIGITS = 10**15
"""A decimal of at most 15 digits is the shortest text of the float nearest to it."""
_BLOCK = 8_192
"""So many rows are laid side by side at a time: they stay in the processor's nearest cache."""


Cells: TypeAlias = "npt.NDArray[np.int64] | npt.NDArray[np.float64]"
"""The cells of a column as they stand: whole numbers, decimals in two halves, floats."""


class Passes(Protocol):
    """The passes, whoever does them."""

    def drawn(self, values: Ints) -> tuple[Ints, int, int]:
        """Numbers that may lie apart, side by side and as narrow as they can be, with the least and the greatest."""

    def met(self, given: npt.NDArray[np.float64], scale: int) -> tuple[Ints, int, int] | None:
        """The whole numbers that over `scale` are the shortest decimals of floats, with the least and the greatest; None
        where one of them is no such decimal.
        """

    def looked_up(self, values: Ints, low: int, table: Ints, bits: int, units: int) -> tuple[Ints, Ints]:
        """The entry of a table for every number, and what `units` are less the entry without its lowest `bits`. The first
        entry is that of `low`, and every number has one.
        """

    def gathered(self, packed: Ints, bits: int, whose: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """The entries of which more than the lowest `bits` are set, row after row: how many each row has, of which line
        each is, its lowest bits, and the rest. `packed` has a line for each of `whose`.
        """

    def add(self, total: Ints, more: Ints) -> None:
        """Add numbers to a total, which is wide enough."""

    def widened(self, units: Ints, into: npt.NDArray[np.int64]) -> None:
        """Write numbers as the two halves of 128 bits."""


class ByNumpy:
    """The passes by numpy."""

    def drawn(self, values: Ints) -> tuple[Ints, int, int]:
        found = np.ascontiguousarray(values)
        low, high = _ends(found)
        return found.astype(width(low, high), copy=False), low, high

    def met(self, given: npt.NDArray[np.float64], scale: int) -> tuple[Ints, int, int] | None:
        found = np.empty(len(given), np.int64)
        for start in range(0, len(given), _BLOCK):  # one block that misses ends it
            block = given[start : start + _BLOCK]
            near = block * scale
            np.rint(near, out=near)
            if not (near.max() < MOST_DIGITS and near.min() > -MOST_DIGITS and (near / scale == block).all()):
                return None
            found[start : start + _BLOCK] = near
        return self.drawn(found)

    def looked_up(self, values: Ints, low: int, table: Ints, bits: int, units: int) -> tuple[Ints, Ints]:
        found: Ints = table[np.subtract(values, low, dtype=np.intp)]
        return found, units - (found >> bits)

    def gathered(self, packed: Ints, bits: int, whose: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        (lines, size), mask = packed.shape, (1 << bits) - 1
        counts = np.zeros(size, np.int16)
        for one in packed:
            counts += one > mask
        total = int(counts.sum(dtype=np.int64))
        held, nodes = np.empty(total, packed.dtype), np.empty(total, np.int16)
        room = np.empty((min(size, _BLOCK), lines), packed.dtype)
        beside: Ints = np.tile(whose, len(room))
        end = 0
        for start in range(0, size, _BLOCK):
            block = room[: size - start]
            block[:] = packed[:, start : start + _BLOCK].T
            flat = block.ravel()
            # of truths it is told eight at a time which are there, of numbers one by one
            there = np.flatnonzero(flat > mask)
            begin, end = end, end + len(there)
            np.take(flat, there, out=held[begin:end], mode="clip")
            np.take(beside, there, out=nodes[begin:end], mode="clip")
        return counts, nodes, (held & mask).astype(np.int16), held >> bits

    def add(self, total: Ints, more: Ints) -> None:
        np.add(total, more, out=total, casting="same_kind")

    def widened(self, units: Ints, into: npt.NDArray[np.int64]) -> None:
        into[:, 0] = units
        into[:, 1] = into[:, 0] >> 63


def _ends(values: Ints) -> tuple[int, int]:
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    proved(low, high)
    return low, high


class Compiled(Passes, Protocol):
    """The passes compiled, and one that only pays where it is."""

    def straight(
        self,
        cells: Cells,
        scale: int,
        low: int,
        table: Ints,
        bits: int,
        units: int,
        packed: Ints,
        kept: Ints,
        wide: Ints,
    ) -> bool:
        """Look up cells times `scale` as they stand, and write what comes of them: the entry, the units that are left, and
        these as decimals. False where a cell has no entry: then nothing of it counts.
        """


_by_numpy: Passes = ByNumpy()
_compiled: list[Compiled] = []
_loading = Lock()


def passes(start: int = 0) -> Passes:
    """How passes are done from the row `start` of a table on."""
    if start >= LONG and not _compiled and find_spec("numba") is not None:
        with _loading:
            if not _compiled:
                _compiled.append(cast(Compiled, import_module("perfscore.batch.compiledpasses").ByNumba()))
    return _compiled[0] if _compiled else _by_numpy


def compiled() -> Compiled | None:
    """The compiled passes, where they are loaded."""
    return _compiled[0] if _compiled else None
