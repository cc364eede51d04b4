"""Put branches together for many rows: ends of their range, limits on nodes, and what is made of their members' shares.

In: what nodes kept in every row, as points. Out: what a branch comes to. It gives what `aggregating` and `combining` give row
by row, in whole numbers of which it is proved that they fit. Records are made elsewhere.
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
from perfscore.formula.choosing import chosen, extreme
from perfscore.formula.columns import Columns
from perfscore.formula.shapes import ZERO, Formula
from perfscore.formula.wholes import Figures, Mask, NoColumns, either, lacking, plus, proved, scaled
from perfscore.indicator import Aggregate, Range
from perfscore.plan import Plan
from perfscore.quantity import Rounding

IN_COLUMNS: frozenset[Aggregate] = frozenset(("sum", "pool", "min", "max", "mean", "scaled", "best"))
"""What can be put together for many rows: a geometric mean has no exact value, and of `one-of` not every member applies."""


def as_points(units: Units, size: int) -> Figures:
    """Published units as the points that formulas read."""
    return Figures(units, size, int(units.min(initial=0)), int(units.max(initial=0)), size)


def units_at(exact: Figures, own: Rounding, of_all: Rounding) -> Units:
    """Points brought to the places of a branch, in units of the whole."""
    units, each = rounded_units(exact, own), of_all.size // own.size
    proved(*(int(end) * each for end in (units.min(initial=0), units.max(initial=0))))
    return units * each


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


def combined(aggregate: Aggregate, shares: Sequence[Figures], weights: Sequence[int], n: int | None) -> Figures:
    """One share from several, row by row."""
    if not shares:
        raise NoColumns
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
            raise NoColumns


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
