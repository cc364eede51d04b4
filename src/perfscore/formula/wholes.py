"""Figures of many rows at once: whole numbers over whole denominators, with a proof that nothing overflows.

In: columns of integers, each with the least and the greatest that stand in it. Out: what is computed of them, exactly.
Every step first pushes these ends through in Python's own integers, which have no end: a step whose numbers all fit into
32 bits is done in 32, which is twice as fast, else in 64; where they might not fit into 64 bits, `Unproved` is raised before
anything is computed. Nothing is rounded but where a formula says so.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Any, TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

Ints: TypeAlias = npt.NDArray[np.signedinteger[Any]]
Mask: TypeAlias = npt.NDArray[np.bool_]
Lacks: TypeAlias = npt.NDArray[np.int32]
"""A row each: 0 where there is a value, else what is missing: the slot of what was not given, plus 1; or one of the next two."""
UNSAID = -1
"""There is no value for another reason, such as a division by zero: the exact reader says which."""
OF_NO_INPUT = 2**31 - 1
"""Missing, and no input of the rulebook: the points of a branch."""

LARGEST = 2**63 - 1
_NARROW = 2**31 - 1
Width: TypeAlias = type[np.int32] | type[np.int64]
_EXACT_IN_FLOAT = 2**52


class Unproved(Exception):  # noqa: N818 - a signal: these rows go to the exact reader
    """That nothing overflows cannot be proved for the rows at hand."""


class NoColumns(Exception):  # noqa: N818 - a signal: these rows go to the exact reader
    """There is no way to compute this for many rows at once."""


@frozen(eq=False)
class Figures:
    """Numbers of many rows: `above ÷ below`, where `below` is greater than 0. What is a plain `int` is the same for all.

    `low` and `high` are ends of `above`, `most` is one of `below`. `without` says in which rows there is no value, and
    what is missing there: what stands in such a row is some number within the ends.
    """

    above: Ints | int
    below: Ints | int
    low: int
    high: int
    most: int
    without: Lacks | None = None
    same: Fraction | None = None
    """The one number that it is for everybody, if it is."""


def proved(*ends: int) -> None:
    """Raise `Unproved` unless every end fits into 64 bits with its sign."""
    for end in ends:
        if not -LARGEST <= end <= LARGEST:
            raise Unproved


def width(*ends: int) -> Width:
    """How wide the integers must be that hold all ends; raises `Unproved` where 64 bits do not."""
    proved(*ends)
    return np.int32 if min(ends) >= -_NARROW and max(ends) <= _NARROW else np.int64


def constant(value: Fraction | int, without: Lacks | None = None) -> Figures:
    """One number for everybody."""
    same = Fraction(value)
    above, below = same.numerator, same.denominator
    return Figures(above, below, above, above, below, without, same)


def either(one: Mask | None, other: Mask | None) -> Mask | None:
    """Rows that are in one or the other."""
    return other if one is None else one if other is None else one | other


def earlier(one: Lacks | None, other: Lacks | None) -> Lacks | None:
    """What is missing where one is read and then the other."""
    return other if one is None else one if other is None else np.where(one != 0, one, other)


def unsaid(where: Mask) -> Lacks:
    """No value in some rows, for a reason that only the exact reader tells."""
    return where * np.int32(UNSAID)


def lacking(without: Lacks | None) -> Mask | None:
    """Rows that have no value."""
    return None if without is None else without != 0


def scaled(of: Figures, by: Fraction) -> Figures:
    """The figures times a number."""
    return on_line(of, by, Fraction(0))


def on_line(of: Figures, slope: Fraction, start: Fraction) -> Figures:
    """`slope × the figures + start`, in one step: most of what criteria compute is a line."""
    if (same := of.same) is not None:
        return constant(same * slope + start, of.without)
    if slope == 0:
        return constant(start, of.without)
    if not isinstance(of.below, int):
        return _on_line_over_many(of, slope, start)
    return in_wholes(of, *over_one(slope, start, of.below))


def in_wholes(of: Figures, factor: int, more: int, below: int) -> Figures:
    """`(factor × above + more) ÷ below`."""
    low, high = of.low * factor, of.high * factor
    if factor < 0:
        low, high = high, low
    wide = width(below, factor, more, of.low, of.high, low, high, low + more, high + more)
    above = of.above if factor == 1 else np.multiply(of.above, factor, dtype=wide)
    if more:
        above = np.add(above, more, dtype=wide)
    return Figures(above, below, low + more, high + more, below, of.without)


@lru_cache(maxsize=4096)
def over_one(slope: Fraction, start: Fraction, below: int) -> tuple[int, int, int]:
    """A line in whole numbers, of figures over one denominator: a factor, what is added, and the denominator of both."""
    slope /= below
    whole = lcm(slope.denominator, start.denominator)
    return int(slope * whole), int(start * whole), whole


def _on_line_over_many(of: Figures, slope: Fraction, start: Fraction) -> Figures:
    """The same where every row has a denominator of its own."""
    part = lcm(slope.denominator, start.denominator)
    factor, more = int(slope * part), int(start * part)
    low, high = sorted((of.low * factor, of.high * factor))
    least, greatest = min(more, more * of.most), max(more, more * of.most)
    wide = width(factor, more, part, of.low, of.high, low, high, least, greatest, low + least, high + greatest)
    above = product(of.above, factor, wide)
    if more:
        above = np.add(above, np.multiply(of.below, more, dtype=wide), dtype=wide)
    below: Ints | int = of.below if part == 1 else np.multiply(of.below, part, dtype=width(of.most * part))
    return Figures(above, below, low + least, high + greatest, of.most * part, of.without)


def span(of: Figures, most: int) -> tuple[int, int]:
    """The ends of `above` times anything from 1 to `most`."""
    return min(of.low, of.low * most), max(of.high, of.high * most)


def plus(one: Figures, other: Figures) -> Figures:
    """The sums, row by row."""
    without = earlier(one.without, other.without)
    if one.same is not None and other.same is not None:
        return constant(one.same + other.same, without)
    if one.same is not None:
        return evolve(on_line(other, Fraction(1), one.same), without=without)
    if other.same is not None:
        return evolve(on_line(one, Fraction(1), other.same), without=without)
    if isinstance(one.below, int) and isinstance(other.below, int):
        below = lcm(one.below, other.below)
        a, b = stretched(one, below // one.below), stretched(other, below // other.below)
        low, high = a.low + b.low, a.high + b.high
        wide = width(below, a.low, a.high, b.low, b.high, low, high)
        return Figures(np.add(a.above, b.above, dtype=wide), below, low, high, below, without)
    if one.below is other.below:
        low, high = one.low + other.low, one.high + other.high
        wide = width(one.low, one.high, other.low, other.high, low, high)
        return Figures(summed(one.above, other.above, wide), one.below, low, high, one.most, without)
    (low, high), (least, greatest) = span(one, other.most), span(other, one.most)
    most = one.most * other.most
    wide = width(low, high, least, greatest, low + least, high + greatest, most)
    above = summed(product(one.above, other.below, wide), product(other.above, one.below, wide), wide)
    return Figures(above, product(one.below, other.below, wide), low + least, high + greatest, most, without)


def product(one: Ints | int, other: Ints | int, wide: Width) -> Ints | int:
    """The product, of which it is proved that it fits."""
    if isinstance(one, int) and isinstance(other, int):  # the same for all, which numpy makes a number of one row
        return one * other
    return other if is_one(one) else one if is_one(other) else np.multiply(one, other, dtype=wide)


def summed(one: Ints | int, other: Ints | int, wide: Width) -> Ints | int:
    """The sum, of which it is proved that it fits."""
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return np.add(one, other, dtype=wide)


def is_one(number: Ints | int) -> TypeGuard[int]:
    """Whether it is 1 for everybody."""
    return isinstance(number, int) and number == 1


def stretched(of: Figures, factor: int) -> Figures:
    """`above` and its ends, times a number above 0."""
    if factor == 1:
        return of
    low, high = of.low * factor, of.high * factor
    wide = width(low, high, of.low, of.high, factor)
    above = of.above * factor if isinstance(of.above, int) else np.multiply(of.above, factor, dtype=wide)
    return Figures(above, of.below, low, high, of.most, of.without)


def times(one: Figures, other: Figures) -> Figures:
    """The products, row by row."""
    without = earlier(one.without, other.without)
    for number, many in ((one, other), (other, one)):
        if (same := number.same) is not None:
            return evolve(scaled(many, same), without=without)
    ends = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    low, high, most = min(ends), max(ends), one.most * other.most
    wide = width(low, high, most, one.low, one.high, other.low, other.high)
    above = product(one.above, other.above, wide)
    return Figures(above, product(one.below, other.below, wide), low, high, most, without)


def over(upper: Figures, lower: Figures) -> Figures:
    """The quotients; a row in which that is a division by zero has no value."""
    without = earlier(upper.without, lower.without)
    if (same := lower.same) is not None:
        if same == 0:
            raise NoColumns
        return evolve(scaled(upper, 1 / same), without=without)
    by, low, high = lower.above, lower.low, lower.high
    if not isinstance(by, np.ndarray):
        raise NoColumns
    turn = None
    if low <= 0 <= high and (zero := by == 0).any():
        without = earlier(without, unsaid(zero))
        by, high = np.where(zero, 1, by), max(high, 1)
    if low < 0:
        turn = by < 0
        by, high = np.abs(by), max(-low, high)
    common = gcd(upper.below, lower.below) if isinstance(upper.below, int) and isinstance(lower.below, int) else 1
    divisor = upper.below // common if isinstance(upper.below, int) else upper.below
    factor = lower.below // common if isinstance(lower.below, int) else lower.below
    most = high * upper.most // common
    ends = span(upper, lower.most // common if isinstance(lower.below, int) else lower.most)
    wide = width(*ends, most, upper.low, upper.high, high)
    above = product(upper.above, factor, wide)
    if turn is not None:
        above, ends = np.where(turn, np.negative(above), above), (min(ends[0], -ends[1]), max(ends[1], -ends[0]))
    return Figures(above, product(by, divisor, wide), *ends, most, without)


def absolute(of: Figures) -> Figures:
    """The figures without their signs."""
    if of.low >= 0:
        return of
    if (same := of.same) is not None:
        return constant(abs(same), of.without)
    size = abs(of.above) if isinstance(of.above, int) else np.abs(of.above)
    return evolve(of, above=size, low=0, high=max(-of.low, of.high))


def floor(of: Figures) -> Figures:
    """The whole numbers not above."""
    if is_one(of.below):
        return of
    if (same := of.same) is not None:
        return constant(same.__floor__(), of.without)
    # over a denominator of 1 or more a number comes no further from 0
    low, high = min(of.low, 0), max(of.high, 0)
    if isinstance(of.below, int):
        low, high = of.low // of.below, of.high // of.below
    return Figures(divided(of.above, of.below, of), 1, low, high, 1, of.without)


def ceil(of: Figures) -> Figures:
    """The whole numbers not below."""
    if not isinstance(of.below, int) or of.same is not None:
        return scaled(floor(scaled(of, Fraction(-1))), Fraction(-1))
    if of.below == 1:
        return of
    most = of.below - 1
    above = np.add(of.above, most, dtype=width(of.low, of.high, most, of.low + most, of.high + most))
    return floor(Figures(above, of.below, of.low + most, of.high + most, of.most, of.without))


def divided(above: Ints | int, below: Ints | int, ends: Figures) -> Ints:
    """Whole quotients, rounded down.

    Below 2⁵² a float division is exact enough to round down: a quotient that is no whole number lies at least 1 ÷ below
    from the next, which is more than half a step of the float.
    """
    wide = width(ends.low, ends.high, ends.most)
    if (wide is np.int64 or isinstance(below, np.ndarray)) and max(
        abs(ends.low), abs(ends.high), ends.most
    ) < _EXACT_IN_FLOAT:
        quotient = np.true_divide(above, below)
        return np.floor(quotient, out=quotient).astype(wide)
    return np.floor_divide(above, below, dtype=wide)
