"""Exact arithmetic on one row, without normalising before it must be.

In: readers of numbers. Out: readers of what is computed from them: a whole numerator over a whole, positive denominator.
A number that outgrows what a score can need, or a division by zero, is raised as `Unreadable`; nothing is rounded but by
`rounded`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import gcd
from typing import Literal, TypeAlias

from attrs import frozen

from perfscore.quantity import MAX_BITS, Rounding
from perfscore.words import Words

Ratio: TypeAlias = tuple[int, int]
Why: TypeAlias = Literal[
    "not-given",
    "unreadable",
    "out-of-range",
    "division-by-zero",
    "no-records",
    "too-large",
    "short-month",
    "not-real",
    "no-value",
    "no-day",
    "no-weight",
    "no-cohort",
]

NOBODY = Words(zh="", en="")


@frozen
class Absent:
    """What stands in a slot that holds no value: whose it is, and why there is none; of a table's cell, which record's."""

    name: str
    why: Why
    record: Words = NOBODY

    @property
    def state(self) -> Literal["missing", "undefined"]:
        """缺失 or 无意义: a figure that was not given, or one that was and cannot be computed with."""
        undefined = ("division-by-zero", "no-records", "too-large", "short-month", "not-real")
        return "undefined" if self.why in undefined else "missing"


class Rated(tuple[int, int]):
    """The mean of what several raters gave, which remembers what each of them gave."""

    each: tuple[Ratio, ...]


@frozen
class Records:
    """The records of a table: what stands in each of its columns, what each record is called, and the key of which fact
    it is, None where it has none.
    """

    cells: tuple[tuple[Slot, ...], ...]
    called: tuple[Words, ...]
    keys: tuple[str | None, ...] = ()

    def __str__(self) -> str:
        return str(len(self.cells))


Value: TypeAlias = Ratio | bool | str | date | Records
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
_LEAST = -_LARGE


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
        return (above, below) if below < _LARGE and _LEAST < above < _LARGE else limited(above, below, name)

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


def on_line(at: int, slope: Ratio, start: Ratio) -> Numeric:
    """`slope × the figure in a slot + start`, in one step: most of what criteria compute is a line."""
    steep, flat, below_all = slope[0] * start[1], start[0] * slope[1], slope[1] * start[1]
    common = gcd(steep, flat, below_all)
    steep, flat, below_all = steep // common, flat // common, below_all // common

    def read(row: Row) -> Ratio:
        value = row[at]
        if type(value) is not tuple and isinstance(value, Absent):
            raise Unreadable(value)
        figure: Ratio = value  # type: ignore[assignment] # a `cast` would be a call for every figure
        above, below = figure
        return steep * above + flat * below, below_all * below

    return read


def scaled(of: Numeric, by: Ratio) -> Numeric:
    """A number times a known one. It grows by the digits of a constant, so no limit is needed here."""
    more, over = by

    def read(row: Row) -> Ratio:
        above, below = of(row)
        return above * more, below * over

    return read


def not_below_zero(of: Numeric) -> Numeric:
    """The number, or 0 where it is negative."""
    nothing = (0, 1)

    def read(row: Row) -> Ratio:
        found = of(row)
        return found if found[0] > 0 else nothing

    return read


def quotient_of_two(upper: int, lower: int, name: str) -> Numeric:
    """The figure in one slot divided by that in another."""

    def read(row: Row) -> Ratio:
        one, other = row[upper], row[lower]
        if type(one) is not tuple and isinstance(one, Absent):
            raise Unreadable(one)
        if type(other) is not tuple and isinstance(other, Absent):
            raise Unreadable(other)
        upper_figure: Ratio = one  # type: ignore[assignment] # a `cast` would be a call for every figure
        lower_figure: Ratio = other  # type: ignore[assignment]
        (above, below), (by, over) = upper_figure, lower_figure
        if by == 0:
            raise Unreadable(Absent(name, "division-by-zero"))
        if by < 0:
            above, by = -above, -by
        above, below = above * over, below * by
        return (above, below) if below < _LARGE and _LEAST < above < _LARGE else limited(above, below, name)

    return read


def _twice(one: Numeric, other: Numeric, name: str) -> Numeric:
    """The product of two, which most products are."""

    def read(row: Row) -> Ratio:
        above, below = one(row)
        more, over = other(row)
        above, below = above * more, below * over
        return (above, below) if below < _LARGE and _LEAST < above < _LARGE else limited(above, below, name)

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
        return (above, below) if below < _LARGE and _LEAST < above < _LARGE else limited(above, below, name)

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
