"""Put branches together for many rows: ends of their range, limits on nodes, and what is made of their members' shares.

In: what nodes kept in every row, as points. Out: what a branch comes to. It gives what `aggregating` and `combining` give row
by row, in whole numbers of which it is proved that they fit, or else in fractions. Records are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce

import numpy as np
from attrs import frozen

from perfscore.adjustment import AdjustmentRule
from perfscore.batch.leaves import rounded_units
from perfscore.batch.results import Units
from perfscore.combining import combined
from perfscore.formula.choosing import chosen, extreme
from perfscore.formula.columns import Columns
from perfscore.formula.shapes import ZERO, Formula
from perfscore.formula.wholes import LARGEST, Figures, Mask, Unproved, either, lacking, plus, proved, scaled
from perfscore.indicator import Aggregate, Branch, Range
from perfscore.plan import Plan
from perfscore.quantity import Rounding


def as_points(units: Units, size: int) -> Figures:
    """Published units as the points that formulas read."""
    return Figures(units, size, int(units.min(initial=0)), int(units.max(initial=0)), size)


def ends_of(range: Range, columns: Columns, rounding: Rounding) -> tuple[Units, Units, Mask | None]:
    """The ends of a range in units, and the rows in which one cannot be read."""
    low, high = columns.figures(range.low.low), columns.figures(range.high.low)
    odd = either(lacking(low.without), lacking(high.without))
    return rounded_units(low, rounding), rounded_units(high, rounding), odd


def inside(units: Units, low: Units, high: Units) -> Units:
    """Units no further than the ends, of which the upper one has the last word."""
    kept: Units = np.minimum(np.maximum(units, low), high)
    return units if np.array_equal(kept, units) else kept


@frozen(eq=False)
class Limit:
    """How much a node may keep at most in some rows, and the adjustment that says so."""

    where: Mask
    most: Units
    code: str

    def held(self, units: Units) -> Units:
        """What is left of units."""
        return np.where(self.where & (units > self.most), self.most, units)


def limits_of(plan: Plan, rule: AdjustmentRule) -> Iterator[tuple[int, Formula]]:
    """The nodes that an adjustment limits, each with the points that it may keep at most."""
    for id in rule.zero:
        yield plan.index[id], ZERO
    for id, points in rule.cap.items():
        yield plan.index[id], points.low


def aggregated(
    branch: Branch, members: Sequence[tuple[Figures, int]], whole: int, rounding: Rounding, rows: int
) -> tuple[Figures, Units]:
    """What a branch makes of its members' shares, times what it is worth itself: before rounding, and in units. Of each
    member there is what it kept before rounding, and what it is worth.
    """
    size, own = rounding.size, branch.rounding or rounding
    weights = [weight for _, weight in members]
    try:
        shares = [scaled(kept, Fraction(size, weight)) for kept, weight in members]
        exact = scaled(_combined(branch.aggregate, shares, weights, branch.n), Fraction(whole, size))
        units = rounded_units(exact, own)
    except Unproved:
        kept = [_fractions(one, Fraction(size, weight), rows) for one, weight in members]
        found = [combined(branch.aggregate, row, weights, branch.n) for row in zip(*kept, strict=True)]
        exact, units = _figures([one * Fraction(whole, size) for one in found], own)
    each = size // own.size
    proved(*(int(end) * each for end in (units.min(initial=0), units.max(initial=0))))
    return exact, units * each


def _fractions(of: Figures, by: Fraction, rows: int) -> list[Fraction]:
    """Figures times a number, as fractions: they have no end, where the denominators of two ratios multiply beyond 64 bits."""
    above, below = (np.broadcast_to(np.asarray(part), (rows,)).tolist() for part in (of.above, of.below))
    return [Fraction(up * by.numerator, down * by.denominator) for up, down in zip(above, below, strict=True)]


def _figures(exact: Sequence[Fraction], rounding: Rounding) -> tuple[Figures, Units]:
    """Fractions as figures, and rounded; beyond 64 bits only fractions are made of them again."""
    above, below = [one.numerator for one in exact], [one.denominator for one in exact]
    units = [rounding.units(*one) for one in zip(above, below, strict=True)]
    proved(*units)
    low, high, most = min(above, default=0), max(above, default=0), max(below, default=1)
    wide = np.int64 if max(-low, high, most) <= LARGEST else np.object_
    return Figures(np.array(above, wide), np.array(below, wide), low, high, most), np.array(units, np.int64)


def _combined(aggregate: Aggregate, shares: Sequence[Figures], weights: Sequence[int], n: int | None) -> Figures:
    """One share from several, row by row."""
    match aggregate:
        case "min":
            return reduce(lambda one, other: extreme(one, other, "<"), shares)
        case "max":
            return reduce(lambda one, other: extreme(one, other, ">"), shares)
        case "mean":
            return scaled(reduce(plus, shares), Fraction(1, len(shares)))
        case "scaled":
            weighed = [scaled(share, Fraction(weight)) for share, weight in zip(shares, weights, strict=True)]
            return scaled(reduce(plus, weighed), Fraction(1, sum(weights)))
        case "best":
            best = _greatest(shares, n or 1)
            return scaled(reduce(plus, best), Fraction(1, len(best)))
        case _:
            raise Unproved


def _greatest(shares: Sequence[Figures], n: int) -> list[Figures]:
    """The n greatest in every row: one after another is moved to the front."""
    left, found = list(shares), []
    for _ in range(min(n, len(left))):
        first, *others = left
        left = []
        for one in others:
            left.append(extreme(first, one, "<"))
            first = extreme(first, one, ">")
        found.append(first)
    return found


def corrected(exact: Figures, units: Units, where: Mask, size: int) -> Figures:
    """What a node kept before rounding, where it was not moved since: what it publishes elsewhere."""
    return chosen(where, as_points(units, size), exact) if where.any() else exact
