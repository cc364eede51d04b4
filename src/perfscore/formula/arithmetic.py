"""Exact arithmetic on one row, without normalising before it must be.

In: readers of numbers. Out: readers of what is computed from them: a whole numerator over a whole, positive denominator.
A number that outgrows what a score can need, or a division by zero, is raised as `Unreadable`; nothing is rounded but by
`rounded`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import gcd
from typing import Literal, TypeAlias, cast

from attrs import frozen

from perfscore.quantity import MAX_BITS, Rounding

Ratio: TypeAlias = tuple[int, int]
Why: TypeAlias = Literal[
    "not-given", "unreadable", "out-of-range", "division-by-zero", "too-large", "no-value", "no-day", "no-weight"
]


@frozen
class Absent:
    """What stands in a slot that holds no value: whose it is, and why there is none."""

    name: str
    why: Why

    @property
    def state(self) -> Literal["missing", "undefined"]:
        """缺失 or 无意义: a figure that was not given, or one that was and cannot be computed with."""
        return "undefined" if self.why in ("division-by-zero", "too-large") else "missing"


class Rated(tuple[int, int]):
    """The mean of what several raters gave, which remembers what each of them gave."""

    each: tuple[Ratio, ...]


Value: TypeAlias = Ratio | bool | str | date
Slot: TypeAlias = Value | Absent
Row: TypeAlias = Sequence[Slot]
Reader: TypeAlias = Callable[[Row], Value]
Numeric: TypeAlias = Callable[[Row], Ratio]
Truth: TypeAlias = Callable[[Row], bool]


class Unreadable(Exception):  # noqa: N818 - a signal between readers, never an error that a caller sees
    """A formula reached a slot without a value, a division by zero, or a number too large to go on with."""

    def __init__(self, absent: Absent) -> None:
        self.absent = absent
        super().__init__(f"{absent.name}: {absent.why}")


_LARGE = 1 << MAX_BITS


def limited(above: int, below: int, name: str) -> Ratio:
    """The number itself, unless it has outgrown what a score can need; chained squares end here, not in memory."""
    if above.bit_length() > MAX_BITS or below.bit_length() > MAX_BITS:
        common = gcd(above, below)
        above, below = above // common, below // common
        if above.bit_length() > MAX_BITS or below.bit_length() > MAX_BITS:
            raise Unreadable(Absent(name, "too-large"))
    return above, below


def total(terms: list[Numeric], name: str) -> Numeric:
    """The sum of the terms."""

    first, rest = terms[0], terms[1:]
    if len(rest) == 1:
        return _two(first, rest[0], name)

    def read(row: Row) -> Ratio:
        above, below = first(row)
        for term in rest:
            more, over = term(row)
            if over == below:
                above += more
            else:
                above, below = above * over + more * below, below * over
        return limited(above, below, name)

    return read


def _two(one: Numeric, other: Numeric, name: str) -> Numeric:
    """The sum of two, which most sums are."""

    def read(row: Row) -> Ratio:
        above, below = one(row)
        more, over = other(row)
        if over == below:
            above += more
        else:
            above, below = above * over + more * below, below * over
        return (above, below) if below < _LARGE and -_LARGE < above < _LARGE else limited(above, below, name)

    return read


def negative(of: Numeric) -> Numeric:
    """The number with its sign turned."""

    def read(row: Row) -> Ratio:
        above, below = of(row)
        return -above, below

    return read


def product(factors: list[Numeric], name: str) -> Numeric:
    """The product of the factors."""
    if len(factors) == 2:
        return _twice(factors[0], factors[1], name)

    def read(row: Row) -> Ratio:
        above, below = 1, 1
        for factor in factors:
            more, over = factor(row)
            above, below = limited(above * more, below * over, name)
        return above, below

    return read


def taken_from(whole: Ratio, of: Numeric, name: str) -> Numeric:
    """A number less another, which is what most losses are."""
    size, unit = whole

    def read(row: Row) -> Ratio:
        above, below = of(row)
        above, below = (size - above, unit) if below == unit else (size * below - above * unit, unit * below)
        return (above, below) if below < _LARGE and -_LARGE < above < _LARGE else limited(above, below, name)

    return read


def scaled(of: Numeric, by: Ratio, name: str) -> Numeric:
    """A number times a known one."""
    more, over = by

    def read(row: Row) -> Ratio:
        above, below = of(row)
        above, below = above * more, below * over
        return (above, below) if below < _LARGE and -_LARGE < above < _LARGE else limited(above, below, name)

    return read


def quotient_of_two(upper: int, lower: int, name: str) -> Numeric:
    """The figure in one slot divided by that in another."""

    def read(row: Row) -> Ratio:
        one, other = row[upper], row[lower]
        if isinstance(one, Absent):
            raise Unreadable(one)
        if isinstance(other, Absent):
            raise Unreadable(other)
        above, below = cast(Ratio, one)
        by, over = cast(Ratio, other)
        if by == 0:
            raise Unreadable(Absent(name, "division-by-zero"))
        if by < 0:
            above, by = -above, -by
        above, below = above * over, below * by
        return (above, below) if below < _LARGE and -_LARGE < above < _LARGE else limited(above, below, name)

    return read


def _twice(one: Numeric, other: Numeric, name: str) -> Numeric:
    """The product of two, which most products are."""

    def read(row: Row) -> Ratio:
        above, below = one(row)
        more, over = other(row)
        above, below = above * more, below * over
        return (above, below) if below < _LARGE and -_LARGE < above < _LARGE else limited(above, below, name)

    return read


def quotient(upper: Numeric, lower: Numeric, name: str) -> Numeric:
    """The upper divided by the lower; by zero it has no value."""

    def read(row: Row) -> Ratio:
        above, below = upper(row)
        by, over = lower(row)
        if by == 0:
            raise Unreadable(Absent(name, "division-by-zero"))
        if by < 0:
            above, by = -above, -by
        above, below = above * over, below * by
        return (above, below) if below < _LARGE and -_LARGE < above < _LARGE else limited(above, below, name)

    return read


def extreme(of: list[Numeric], better: Callable[[int, int], bool]) -> Numeric:
    """The one that is `better` than all others."""

    first, rest = of[0], of[1:]

    def read(row: Row) -> Ratio:
        above, below = first(row)
        for one in rest:
            other, over = one(row)
            if better(other * below, above * over):
                above, below = other, over
        return above, below

    return read


def absolute(of: Numeric) -> Numeric:
    """The number without its sign."""

    def read(row: Row) -> Ratio:
        above, below = of(row)
        return abs(above), below

    return read


def floor(of: Numeric) -> Numeric:
    """The whole number not above."""

    def read(row: Row) -> Ratio:
        above, below = of(row)
        return above // below, 1

    return read


def ceil(of: Numeric) -> Numeric:
    """The whole number not below."""

    def read(row: Row) -> Ratio:
        above, below = of(row)
        return -(-above // below), 1

    return read


def rounded(of: Numeric, places: int) -> Numeric:
    """The number with `places` decimal places, halves away from zero."""

    rounding = Rounding(places)

    def read(row: Row) -> Ratio:
        return rounding.units(*of(row)), 10**places

    return read
