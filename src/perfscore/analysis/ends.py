"""Arithmetic on the ends of intervals, of which an end may be infinite.

In: intervals. Out: an interval that contains every result, never a narrower one.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from perfscore.formula.intervals import End, Interval, point
from perfscore.formula.vocabulary import Domain
from perfscore.quantity import Rounding

NOTHING = Fraction(0)


def rounded(reach: Interval, rounding: Rounding) -> Interval:
    """Both ends as they would be published."""
    low = reach.low if isinstance(reach.low, float) else rounding.rounded(reach.low)
    high = reach.high if isinstance(reach.high, float) else rounding.rounded(reach.high)
    return Interval(low, high)


def interval_of(domain: Domain) -> Interval:
    """All that a domain allows."""
    return Interval(-inf if domain.low is None else domain.low, inf if domain.high is None else domain.high)


def domain_of(reach: Interval) -> Domain:
    """The same as a domain, for the names of formulas."""
    low = reach.low if isinstance(reach.low, Fraction) else None
    high = reach.high if isinstance(reach.high, Fraction) else None
    return Domain(low, high)


def shares_of(points: Interval, whole: Interval) -> Interval:
    """Points ÷ weight, over everything that both can be."""
    if not isinstance(whole.low, Fraction) or whole.low <= 0:
        low: End = NOTHING if points.low >= 0 else -inf
        return Interval(low, inf if points.high > 0 else NOTHING)
    over = Fraction(0) if isinstance(whole.high, float) else 1 / whole.high
    ends = [scaled(a, b) for a in (points.low, points.high) for b in (1 / whole.low, over)]
    return Interval(min(ends), max(ends))


def scaled(end: End, factor: End) -> End:
    """An end times a factor; nothing times anything is nothing."""
    if end == 0 or factor == 0:
        return NOTHING
    if isinstance(end, float) or isinstance(factor, float):
        return inf if (end > 0) == (factor > 0) else -inf
    return end * factor


def hull(one: Interval, other: Interval) -> Interval:
    """The smallest interval that contains both."""
    return Interval(min(one.low, other.low), max(one.high, other.high))


def added(one: Interval, other: Interval) -> Interval:
    """Every sum of a number here and a number there."""
    return Interval(plus(one.low, other.low), plus(one.high, other.high))


def added_all(intervals: list[Interval]) -> Interval:
    """Every sum of one number from each."""
    total = point(0)
    for one in intervals:
        total = added(total, one)
    return total


def added_ends(ends: list[End]) -> End:
    """The sum of several ends."""
    total: End = NOTHING
    for end in ends:
        total = plus(total, end)
    return total


def plus(one: End, other: End) -> End:
    """The sum of two ends; an infinite one wins."""
    return one if isinstance(one, float) else other if isinstance(other, float) else one + other


def minus(one: End, other: End) -> End:
    """The difference of two ends."""
    return plus(one, -other)
