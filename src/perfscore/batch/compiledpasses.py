"""The passes of `passes`, compiled by numba: each walks through memory once, and without Python's lock.

In: what `passes` is given. Out: what it gives, number by number the same. Loaded only for long tables; the compiled code is
kept on disk where there is a place for it, so that only the first long table of an installation waits for the compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

from perfscore.batch.passes import MOST_DIGITS, Cells
from perfscore.batch.streamed import put, settled
from perfscore.formula.wholes import Ints, proved, width

Floats: TypeAlias = "npt.NDArray[np.float64]"
_BLOCK = 2_048
"""So many rows stay in the processor's nearest cache between one step and the next."""
Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    # `error_model`: nothing is divided by 0 here, and a loop that asks for that at every step is four times as slow
    try:
        made = numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # there is no directory to keep it in: it is compiled anew in every process
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast(Function, made)


@_compiled
def _drawn(values: Ints, into: Ints) -> tuple[Any, Any]:
    low = high = np.int64(values[0])
    for at in range(len(values)):
        one = np.int64(values[at])
        low, high = min(low, one), max(high, one)
        into[at] = one
    return low, high


@_compiled
def _met(given: Floats, scale: float, most: float, into: Ints) -> tuple[Any, Any, int]:
    low = high = np.int64(np.rint(given[0] * scale))
    wrong = 0
    for at in range(len(given)):
        one = given[at]
        near = np.rint(one * scale)
        wrong += 0 if near / scale == one and abs(near) < most else 1
        whole = np.int64(near)  # of ends of floats the order would count, and they would not be found eight at a time
        low, high = min(low, whole), max(high, whole)
        into[at] = whole
    return low, high, wrong


@_compiled
def _looked_up(values: Ints, low: int, table: Ints, bits: int, units: int, into: Ints, kept: Ints) -> None:
    for at in range(len(values)):
        one = table[np.uint64(values[at] - low)]
        into[at], kept[at] = one, units - (one >> bits)


@_compiled
def _counted(packed: Ints, mask: int, counts: Ints) -> int:
    total = 0
    for line in range(packed.shape[0]):
        for at in range(packed.shape[1]):
            counts[at] += 1 if packed[line, at] > mask else 0
    for at in range(packed.shape[1]):
        total += counts[at]
    return total


@_compiled
def _gathered(packed: Ints, mask: int, whose: Ints, nodes: Ints, held: Ints) -> None:
    at = 0  # what is no entry is written too, and the next one over it: that is quicker than to ask
    for row in range(packed.shape[1]):
        for line in range(packed.shape[0]):
            one = packed[line, row]
            nodes[at], held[at] = whose[line], one
            at += 1 if one > mask else 0


@_compiled
def _parted(held: Ints, bits: int, codes: Ints, units: Ints) -> None:
    mask = (1 << bits) - 1
    for at in range(len(codes)):
        codes[at], units[at] = held[at] & mask, held[at] >> bits


@_compiled
def _added(total: Ints, more: Ints) -> None:
    for at in range(len(total)):
        total[at] += more[at]


@_compiled
def _widened(units: Ints, into: Ints) -> None:
    for at in range(len(units)):
        put(into, 2 * at, np.int64(units[at]))
        put(into, 2 * at + 1, np.int64(units[at]) >> 63)
    settled()


@_compiled
def _whole(cells: Ints, low: int, places: Ints) -> tuple[Any, Any]:
    least = most = np.int64(0)
    for at in range(len(cells)):
        place = cells[at] - low
        least, most = min(least, place), max(most, place)
        places[at] = place
    return least, most


@_compiled
def _decimal(cells: Ints, low: int, places: Ints) -> tuple[Any, Any, Any]:
    least = most = wrong = np.int64(0)
    for at in range(len(cells)):
        one = cells[at, 0]
        wrong |= cells[at, 1] ^ (one >> 63)
        place = one - low
        least, most = min(least, place), max(most, place)
        places[at] = place
    return least, most, wrong


@_compiled
def _float(cells: Floats, scale: float, most_digits: float, low: int, places: Ints) -> tuple[Any, Any, int]:
    least = most = np.int64(0)
    wrong = 0
    for at in range(len(cells)):
        near = np.rint(cells[at] * scale)
        wrong += 0 if near / scale == cells[at] and abs(near) < most_digits else 1
        place = np.int64(near) - low
        least, most = min(least, place), max(most, place)
        places[at] = place
    return least, most, wrong


@_compiled
def _entries(places: Ints, table: Ints, into: Ints) -> None:
    for at in range(len(into)):
        into[at] = table[np.uint32(places[at])]


@_compiled
def _less(packed: Ints, bits: int, units: int, into: Ints) -> None:
    for at in range(len(into)):
        into[at] = units - (packed[at] >> bits)


@_compiled
def _entered(places: Ints, table: Ints, bits: int, units: int, packed: Ints, kept: Ints, wide: Ints) -> None:
    # one thing at a time: such loops are done many rows at a step, and what they leave is still in the nearest cache
    _entries(places, table, packed)
    _less(packed, bits, units, kept)
    _widened(kept, wide)


@_compiled
def _by_whole(cells: Ints, low: int, table: Ints, bits: int, units: int, packed: Ints, kept: Ints, wide: Ints) -> bool:
    places = np.empty(_BLOCK, np.int32)
    for start in range(0, len(cells), _BLOCK):
        end = min(start + _BLOCK, len(cells))
        least, most = _whole(cells[start:end], low, places)
        if least < 0 or most >= len(table):
            return False
        _entered(places, table, bits, units, packed[start:end], kept[start:end], wide[2 * start : 2 * end])
    return True


@_compiled
def _by_decimal(
    cells: Ints, low: int, table: Ints, bits: int, units: int, packed: Ints, kept: Ints, wide: Ints
) -> bool:
    places = np.empty(_BLOCK, np.int32)
    for start in range(0, len(cells), _BLOCK):
        end = min(start + _BLOCK, len(cells))
        least, most, wrong = _decimal(cells[start:end], low, places)
        if wrong or least < 0 or most >= len(table):
            return False
        _entered(places, table, bits, units, packed[start:end], kept[start:end], wide[2 * start : 2 * end])
    return True


@_compiled
def _by_float(
    cells: Floats,
    scale: float,
    digits: float,
    low: int,
    table: Ints,
    bits: int,
    units: int,
    packed: Ints,
    kept: Ints,
    wide: Ints,
) -> bool:
    places = np.empty(_BLOCK, np.int32)
    for start in range(0, len(cells), _BLOCK):
        end = min(start + _BLOCK, len(cells))
        least, most, wrong = _float(cells[start:end], scale, digits, low, places)
        if wrong or least < 0 or most >= len(table):
            return False
        _entered(places, table, bits, units, packed[start:end], kept[start:end], wide[2 * start : 2 * end])
    return True


class ByNumba:
    """The passes by numba."""

    def drawn(self, values: Ints) -> tuple[Ints, int, int]:
        narrow: Ints = np.empty(len(values), np.int32)
        if not len(values):
            return narrow, 0, 0
        low, high = _drawn(values, narrow)
        proved(low, high)
        if (wide := width(low, high)) is np.int32:
            return narrow, low, high
        return np.ascontiguousarray(values, wide), low, high

    def met(self, given: Floats, scale: int) -> tuple[Ints, int, int] | None:
        found: Ints = np.empty(len(given), np.int32)
        if not len(given):
            return found, 0, 0
        low, high, wrong = _met(given, float(scale), float(MOST_DIGITS), found)
        if wrong:
            return None
        if (wide := width(low, high)) is np.int64:
            found = np.empty(len(given), wide)
            _met(given, float(scale), float(MOST_DIGITS), found)
        return found, low, high

    def looked_up(self, values: Ints, low: int, table: Ints, bits: int, units: int) -> tuple[Ints, Ints]:
        found, kept = np.empty((2, len(values)), table.dtype)
        _looked_up(values, low, table, bits, units, found, kept)
        return found, kept

    def gathered(self, packed: Ints, bits: int, whose: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        counts, mask = np.zeros(packed.shape[1], np.int16), (1 << bits) - 1
        total = _counted(packed, mask, counts)
        nodes, held = np.empty(total + 1, np.int16), np.empty(total + 1, packed.dtype)
        _gathered(packed, mask, whose, nodes, held)
        codes, units = np.empty(total, np.int16), np.empty(total, packed.dtype)
        _parted(held, bits, codes, units)
        return counts, nodes[:total], codes, units

    def add(self, total: Ints, more: Ints) -> None:
        _added(total, more)

    def widened(self, units: Ints, into: npt.NDArray[np.int64]) -> None:
        _widened(units, into.reshape(-1))

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
        rest = (low, table, bits, units, packed, kept, wide.reshape(-1))
        if cells.dtype == np.float64:
            return bool(_by_float(cast(Floats, cells), float(scale), float(MOST_DIGITS), *rest))
        return bool((_by_whole if cells.ndim == 1 else _by_decimal)(cast(Ints, cells), *rest))
