"""Intervals, and what sums, products and quotients of their numbers can reach.

In: intervals. Out: an interval that contains everything that can come of their numbers.
No formula is read here.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import TypeAlias

from attrs import evolve, frozen

from perfscore.quantity import MAX_BITS

End: TypeAlias = Fraction | float
"""An end of an interval: exact, or one of the two infinities, the only floats there are here."""


@frozen
class Interval:
    """From `low` to `high`; an open end is one that is never reached."""

    low: End = -inf
    high: End = inf
    low_closed: bool = True
    high_closed: bool = True

    def within(self, other: Interval) -> bool:
        """Whether every number here is also there."""
        above = self.low > other.low or (self.low == other.low and (other.low_closed or not self.low_closed))
        below = self.high < other.high or (self.high == other.high and (other.high_closed or not self.high_closed))
        return above and below

    @property
    def above_zero(self) -> bool:
        """Whether every number in it is greater than 0."""
        return self.low > 0 or (self.low == 0 and not self.low_closed)

    def holds(self, value: Fraction) -> bool:
        """Whether a number lies here."""
        return Interval(value, value).within(self)

    def clamped(self, low: Fraction, high: Fraction) -> Interval:
        """What is left of it after cutting at both ends."""
        return Interval(min(max(self.low, low), high), max(min(self.high, high), low))


EVERYTHING = Interval()


def point(value: Fraction | int) -> Interval:
    """The interval of one number."""
    return Interval(Fraction(value), Fraction(value))


def workable(reach: Interval) -> Interval:
    """The interval, unless an end has outgrown what judging goes on with: then anything, which is never too narrow."""
    for end in (reach.low, reach.high):
        if isinstance(end, Fraction) and max(end.numerator.bit_length(), end.denominator.bit_length()) > MAX_BITS:
            return EVERYTHING
    return reach


def plus(one: Interval, other: Interval) -> Interval:
    """The sums of a number of each."""
    return Interval(
        _add(one.low, other.low),
        _add(one.high, other.high),
        one.low_closed and other.low_closed,
        one.high_closed and other.high_closed,
    )


def _add(one: End, other: End) -> End:
    return one if isinstance(one, float) else other if isinstance(other, float) else one + other


def times(one: Interval, other: Interval) -> Interval:
    """The products of a number of each."""
    ends = [
        (_multiply(a, b), (a_closed and b_closed) or (a == 0 and a_closed) or (b == 0 and b_closed))
        for a, a_closed in ((one.low, one.low_closed), (one.high, one.high_closed))
        for b, b_closed in ((other.low, other.low_closed), (other.high, other.high_closed))
    ]
    low, high = min(end for end, _ in ends), max(end for end, _ in ends)
    # an end is reached where any of the products that make it is
    return Interval(
        low, high, any(closed for end, closed in ends if end == low), any(closed for end, closed in ends if end == high)
    )


def _multiply(one: End, other: End) -> End:
    if one == 0 or other == 0:
        return Fraction(0)
    if isinstance(one, float) or isinstance(other, float):
        return inf if (one > 0) == (other > 0) else -inf
    return one * other


def over(above: Interval, below: Interval) -> Interval:
    """The quotients of a number of each; anything where the divisor may have either sign."""
    if below.low > 0 or below.high < 0:
        return times(above, _inverses(below))
    if below.low == 0 and below.high > 0:  # a division by exactly 0 gives no value at all, so only the rest counts
        return times(above, evolve(_inverses(Interval(Fraction(1), below.high, True, below.high_closed)), high=inf))
    return EVERYTHING


def _inverses(of: Interval) -> Interval:
    """1 ÷ each; what grows without end comes near to 0, and never there."""
    return Interval(
        _inverse(of.high),
        _inverse(of.low),
        of.high_closed and isinstance(of.high, Fraction),
        of.low_closed and isinstance(of.low, Fraction),
    )


def _inverse(end: End) -> End:
    return Fraction(0) if isinstance(end, float) else 1 / end


def rounded(inner: Interval, by: Callable[[Fraction], Fraction]) -> Interval:
    """The interval with its ends rounded `by` a function that keeps the order of numbers."""
    return Interval(
        inner.low if isinstance(inner.low, float) else by(inner.low),
        inner.high if isinstance(inner.high, float) else by(inner.high),
    )


def hull(one: Interval, other: Interval) -> Interval:
    """The least interval that contains both."""
    low, low_open = min((one.low, not one.low_closed), (other.low, not other.low_closed))
    high, high_closed = max((one.high, one.high_closed), (other.high, other.high_closed))
    return Interval(low, high, not low_open, high_closed)


def common(one: Interval, other: Interval) -> Interval:
    """What lies in both, which must not be nothing: two proofs of one figure, of which each is right."""
    low, low_open = max((one.low, not one.low_closed), (other.low, not other.low_closed))
    high, high_closed = min((one.high, one.high_closed), (other.high, other.high_closed))
    return Interval(low, high, not low_open, high_closed)
