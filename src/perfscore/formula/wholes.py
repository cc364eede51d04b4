"""Figures of many rows at once: whole numbers over whole denominators, with a proof that nothing overflows.

In: columns of 64-bit integers, each with the least and the greatest that stand in it. Out: what is computed of them, exactly.
Every step first pushes these ends through in Python's own integers, which have no end: where a result might not fit into
64 bits, `Unproved` is raised before anything is computed. Nothing is rounded but where a formula says so.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from perfscore.formula.shapes import Comparator

Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

LARGEST = 2**63 - 1
_EXACT_IN_FLOAT = 2**52


class Unproved(Exception):  # noqa: N818 - a signal: these rows go to the exact reader
    """That nothing overflows cannot be proved for the rows at hand."""


class NoColumns(Exception):  # noqa: N818 - a signal: these rows go to the exact reader
    """There is no way to compute this for many rows at once."""


@frozen(eq=False)
class Figures:
    """Numbers of many rows: `above ÷ below`, where `below` is greater than 0. What is a plain `int` is the same for all.

    `low` and `high` are ends of `above`, `most` is one of `below`. `without` are rows in which there is no value: what
    stands there is some number within the ends.
    """

    above: Ints | int
    below: Ints | int
    low: int
    high: int
    most: int
    without: Mask | None = None

    @property
    def same(self) -> Fraction | None:
        """The one number that it is for everybody, if it is."""
        if isinstance(self.above, int) and isinstance(self.below, int):
            return Fraction(self.above, self.below)
        return None


def proved(*ends: int) -> None:
    """Raise `Unproved` unless every end fits into 64 bits with its sign."""
    for end in ends:
        if not -LARGEST <= end <= LARGEST:
            raise Unproved


def constant(value: Fraction | int, without: Mask | None = None) -> Figures:
    """One number for everybody."""
    above, below = Fraction(value).as_integer_ratio()
    return Figures(above, below, above, above, below, without)


def either(one: Mask | None, other: Mask | None) -> Mask | None:
    """Rows that are in one or the other."""
    return other if one is None else one if other is None else one | other


def scaled(of: Figures, by: Fraction) -> Figures:
    """The figures times a number."""
    if (same := of.same) is not None:
        return constant(same * by, of.without)
    if by == 0:
        return constant(0, of.without)
    factor, part = by.as_integer_ratio()
    below: Ints | int
    if isinstance(of.below, int):
        common = gcd(factor, of.below)
        factor, below, most = factor // common, of.below // common * part, of.below // common * part
        proved(below)
    else:
        proved(of.most * part)
        below, most = of.below if part == 1 else of.below * part, of.most * part
    low, high = sorted((of.low * factor, of.high * factor))
    proved(low, high, factor)
    above = of.above if factor == 1 else of.above * factor
    return Figures(above, below, low, high, most, of.without)


def _span(of: Figures, most: int) -> tuple[int, int]:
    """The ends of `above` times anything from 1 to `most`."""
    return min(of.low, of.low * most), max(of.high, of.high * most)


def plus(one: Figures, other: Figures) -> Figures:
    """The sums, row by row."""
    without = either(one.without, other.without)
    if one.same is not None and other.same is not None:
        return constant(one.same + other.same, without)
    if isinstance(one.below, int) and isinstance(other.below, int):
        below = lcm(one.below, other.below)
        a, b = _stretched(one, below // one.below), _stretched(other, below // other.below)
        low, high = a.low + b.low, a.high + b.high
        proved(below, low, high)
        return Figures(a.above + b.above, below, low, high, below, without)
    if one.below is other.below:
        low, high = one.low + other.low, one.high + other.high
        proved(low, high)
        return Figures(one.above + other.above, one.below, low, high, one.most, without)
    (low, high), (least, greatest) = _span(one, other.most), _span(other, one.most)
    most = one.most * other.most
    proved(low, high, least, greatest, low + least, high + greatest, most)
    above = _product(one.above, other.below) + _product(other.above, one.below)
    return Figures(above, _product(one.below, other.below), low + least, high + greatest, most, without)


def _product(one: Ints | int, other: Ints | int) -> Ints | int:
    return other if _is_one(one) else one if _is_one(other) else one * other


def _is_one(number: Ints | int) -> TypeGuard[int]:
    return isinstance(number, int) and number == 1


def _stretched(of: Figures, factor: int) -> Figures:
    """`above` and its ends, times a number above 0."""
    if factor == 1:
        return of
    low, high = of.low * factor, of.high * factor
    proved(low, high, factor)
    return evolve(of, above=of.above * factor, low=low, high=high)


def times(one: Figures, other: Figures) -> Figures:
    """The products, row by row."""
    without = either(one.without, other.without)
    for number, many in ((one, other), (other, one)):
        if (same := number.same) is not None:
            return evolve(scaled(many, same), without=without)
    ends = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    low, high, most = min(ends), max(ends), one.most * other.most
    proved(low, high, most)
    return Figures(one.above * other.above, _product(one.below, other.below), low, high, most, without)


def over(upper: Figures, lower: Figures) -> Figures:
    """The quotients; a row in which that is a division by zero has no value."""
    without = either(upper.without, lower.without)
    if (same := lower.same) is not None:
        if same == 0:
            raise NoColumns
        return evolve(scaled(upper, 1 / same), without=without)
    by, low, high = lower.above, lower.low, lower.high
    if not isinstance(by, np.ndarray):
        raise NoColumns
    turn = None
    if low <= 0 <= high and (zero := by == 0).any():
        without = either(without, zero)
        by, high = np.where(zero, 1, by), max(high, 1)
    if low < 0:
        turn = by < 0
        by, high = np.abs(by), max(-low, high)
    common = gcd(upper.below, lower.below) if isinstance(upper.below, int) and isinstance(lower.below, int) else 1
    divisor = upper.below // common if isinstance(upper.below, int) else upper.below
    factor = lower.below // common if isinstance(lower.below, int) else lower.below
    most = high * upper.most // common
    ends = _span(upper, lower.most // common if isinstance(lower.below, int) else lower.most)
    proved(*ends, most)
    above = _product(upper.above, factor)
    if turn is not None:
        above, ends = np.where(turn, np.negative(above), above), (min(ends[0], -ends[1]), max(ends[1], -ends[0]))
    return Figures(above, _product(by, divisor), *ends, most, without)


def chosen(where: Mask, one: Figures, other: Figures) -> Figures:
    """One where something holds, the other elsewhere."""
    without = None
    if one.without is not None or other.without is not None:
        without = np.where(where, _mask(one.without, where), _mask(other.without, where))
    if isinstance(one.below, int) and isinstance(other.below, int):
        below = lcm(one.below, other.below)
        proved(below)
        a, b = _stretched(one, below // one.below), _stretched(other, below // other.below)
        proved(a.low, a.high, b.low, b.high)
        above = np.where(where, a.above, b.above)
        return Figures(above, below, min(a.low, b.low), max(a.high, b.high), below, without)
    proved(one.low, one.high, one.most, other.low, other.high, other.most)
    return Figures(
        np.where(where, one.above, other.above),
        np.where(where, one.below, other.below),
        min(one.low, other.low),
        max(one.high, other.high),
        max(one.most, other.most),
        without,
    )


def _mask(mask: Mask | None, like: Mask) -> Mask:
    return np.zeros_like(like) if mask is None else mask


def extreme(one: Figures, other: Figures, by: Comparator) -> Figures:
    """Of two the one that is less, or greater, row by row."""
    without = either(one.without, other.without)
    first = compared(one, by, other)
    if isinstance(first, bool):
        return evolve(one if first else other, without=without)
    return evolve(chosen(first, evolve(one, without=None), evolve(other, without=None)), without=without)


def absolute(of: Figures) -> Figures:
    """The figures without their signs."""
    if of.low >= 0:
        return of
    if (same := of.same) is not None:
        return constant(abs(same), of.without)
    return evolve(of, above=np.abs(of.above), low=0, high=max(-of.low, of.high))


def floor(of: Figures) -> Figures:
    """The whole numbers not above."""
    if _is_one(of.below):
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
    return scaled(floor(scaled(of, Fraction(-1))), Fraction(-1))


def rounded(of: Figures, places: int) -> Figures:
    """The figures with so many decimal places, halves away from zero."""
    size = Fraction(10) ** places
    up = floor(plus(scaled(absolute(of), size), constant(Fraction(1, 2))))
    if of.low < 0:
        negative = of.above < 0
        up = (
            chosen(negative, scaled(up, Fraction(-1)), up)
            if isinstance(negative, np.ndarray)
            else scaled(up, Fraction(-1))
        )
    return evolve(scaled(up, 1 / size), without=of.without)


def divided(above: Ints | int, below: Ints | int, ends: Figures) -> Ints:
    """Whole quotients, rounded down.

    Below 2⁵² a float division is exact enough to round down: a quotient that is no whole number lies at least 1 ÷ below
    from the next, which is more than half a step of the float.
    """
    if max(abs(ends.low), abs(ends.high), ends.most) < _EXACT_IN_FLOAT:
        quotient = np.true_divide(above, below)
        return np.floor(quotient, out=quotient).astype(np.int64)
    return np.floor_divide(np.asarray(above, np.int64), below)


def compared(one: Figures, by: Comparator, other: Figures) -> Mask | bool:
    """Where a comparison holds; `True` or `False` where the ends tell that for everybody."""
    if (number := other.same) is not None:
        return _with_number(one, by, number)
    if (number := one.same) is not None:
        return _with_number(other, _TURNED[by], number)
    if isinstance(one.below, int) and isinstance(other.below, int):
        common = gcd(one.below, other.below)
        left, right = _stretched(one, other.below // common), _stretched(other, one.below // common)
        return _held(left.above, by, right.above)
    proved(*_span(one, other.most), *_span(other, one.most))
    return _held(_product(one.above, other.below), by, _product(other.above, one.below))


_TURNED: dict[Comparator, Comparator] = {"<": ">", "≤": "≥", "=": "=", "≠": "≠", "≥": "≤", ">": "<"}


def _with_number(of: Figures, by: Comparator, number: Fraction) -> Mask | bool:
    if (same := of.same) is not None:
        return bool(_held(same.numerator * number.denominator, by, number.numerator * same.denominator))
    if not isinstance(of.below, int):
        above, below = number.as_integer_ratio()
        proved(of.low * below, of.high * below, above * of.most, above, below)
        return _held(_product(of.above, below), by, _product(above, of.below))
    end = number * of.below
    # a whole number is at least 3.2 where it is at least 4, and more than 3.2 where it is more than 3
    match by:
        case "≥" | "<":
            whole = -(-end).__floor__()
            known = of.low >= whole if of.low >= whole or of.high < whole else None
            return (known == (by == "≥")) if known is not None else _held(of.above, by, whole)
        case ">" | "≤":
            whole = end.__floor__()
            known = of.low > whole if of.low > whole or of.high <= whole else None
            return (known == (by == ">")) if known is not None else _held(of.above, by, whole)
        case "=" | "≠":
            if end.denominator != 1 or not of.low <= end <= of.high:
                return by == "≠"
            return _held(of.above, by, int(end))


def _held(left: Ints | int, by: Comparator, right: Ints | int) -> Mask | bool:
    match by:
        case "<":
            return left < right
        case "≤":
            return left <= right
        case "=":
            return left == right
        case "≠":
            return left != right
        case "≥":
            return left >= right
        case ">":
            return left > right
