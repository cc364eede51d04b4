"""Compare the figures of many rows, and choose between them.

In: columns of whole numbers with their ends, as `wholes` has them. Out: where a comparison holds, told from the ends alone
where these decide it; and columns that take one figure here and another there. Nothing is rounded but by `rounded`.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

import numpy as np
from attrs import evolve

from perfscore.formula.shapes import Comparator
from perfscore.formula.wholes import (
    Figures,
    Ints,
    Lacks,
    Mask,
    Width,
    absolute,
    constant,
    earlier,
    floor,
    plus,
    product,
    proved,
    scaled,
    span,
    stretched,
    width,
)


def compared(one: Figures, by: Comparator, other: Figures) -> Mask | bool:
    """Where a comparison holds; `True` or `False` where the ends tell that for everybody."""
    if (number := other.same) is not None:
        return _with_number(one, by, number)
    if (number := one.same) is not None:
        return _with_number(other, _TURNED[by], number)
    if isinstance(one.below, int) and isinstance(other.below, int):
        common = gcd(one.below, other.below)
        left, right = stretched(one, other.below // common), stretched(other, one.below // common)
        return _held(left.above, by, right.above)
    wide = width(*span(one, other.most), *span(other, one.most), one.most, other.most)
    return _held(product(one.above, other.below, wide), by, product(other.above, one.below, wide))


_TURNED: dict[Comparator, Comparator] = {"<": ">", "≤": "≥", "=": "=", "≠": "≠", "≥": "≤", ">": "<"}


def _with_number(of: Figures, by: Comparator, number: Fraction) -> Mask | bool:
    if (same := of.same) is not None:
        return bool(_held(same.numerator * number.denominator, by, number.numerator * same.denominator))
    if not isinstance(of.below, int):
        above, below = number.as_integer_ratio()
        wide = width(of.low * below, of.high * below, of.low, of.high, above * of.most, above, below, of.most)
        return _held(product(of.above, below, wide), by, product(above, of.below, wide))
    above, below = number.numerator * of.below, number.denominator
    # a whole number is at least 3.2 where it is at least 4, and more than 3.2 where it is more than 3
    match by:
        case "≥" | "<":
            whole = -(-above // below)
            known = of.low >= whole if of.low >= whole or of.high < whole else None
            return (known == (by == "≥")) if known is not None else _held(of.above, by, whole)
        case ">" | "≤":
            whole = above // below
            known = of.low > whole if of.low > whole or of.high <= whole else None
            return (known == (by == ">")) if known is not None else _held(of.above, by, whole)
        case "=" | "≠":
            whole, rest = divmod(above, below)
            if rest or not of.low <= whole <= of.high:
                return by == "≠"
            return _held(of.above, by, whole)


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


def chosen(where: Mask, one: Figures, other: Figures) -> Figures:
    """One where something holds, the other elsewhere."""
    without = lacks_of(where, one.without, other.without)
    if isinstance(one.below, int) and isinstance(other.below, int):
        below = lcm(one.below, other.below)
        proved(below)
        a, b = stretched(one, below // one.below), stretched(other, below // other.below)
        low, high = min(a.low, b.low), max(a.high, b.high)
        if isinstance(a.above, int) and isinstance(b.above, np.ndarray):
            above = _or_else(np.logical_not(where), b.above, a.above, low, high)
        elif isinstance(b.above, int) and isinstance(a.above, np.ndarray):
            above = _or_else(where, a.above, b.above, low, high)
        else:
            above = np.where(where, a.above, b.above).astype(width(low, high), copy=False)
        return Figures(above, below, low, high, below, without)
    proved(one.most, other.most)
    wide = width(one.low, one.high, other.low, other.high)
    return Figures(
        _one_or_other(where, one.above, other.above, wide),
        _one_or_other(where, one.below, other.below, width(one.most, other.most)),
        min(one.low, other.low),
        max(one.high, other.high),
        max(one.most, other.most),
        without,
    )


def _one_or_other(where: Mask, one: Ints | int, other: Ints | int, wide: Width) -> Ints:
    # a plain number beside narrow ones would be cut down to their width, and nothing would be said
    held, else_ = (np.asarray(each, wide) if isinstance(each, int) else each for each in (one, other))
    return np.where(where, held, else_)


def _or_else(where: Mask, many: Ints, number: int, low: int, high: int) -> Ints:
    """The many where something holds, else the number: `(many − number) × where + number`, which is faster than a choice."""
    wide = width(low, high, low - number, high - number)
    found: Ints = np.subtract(many, number, dtype=wide)
    np.multiply(found, where, out=found)
    np.add(found, number, out=found)
    return found


def lacks_of(where: Mask | bool, one: Lacks | None, other: Lacks | None) -> Lacks | None:
    """What is missing of the one where something holds, and of the other elsewhere."""
    if one is None and other is None:
        return None
    nothing = np.int32(0)
    return np.where(where, nothing if one is None else one, nothing if other is None else other)


def extreme(one: Figures, other: Figures, by: Comparator) -> Figures:
    """Of two the one that is less, or greater, row by row."""
    without = earlier(one.without, other.without)
    first = compared(one, by, other)
    if isinstance(first, bool):
        found = one if first else other
        return found if found.without is without else evolve(found, without=without)
    if without is None:
        return chosen(first, one, other)
    return evolve(chosen(first, evolve(one, without=None), evolve(other, without=None)), without=without)


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
