"""What a leaf keeps at every value of its own figure, exactly: the curve of its points.

In: a criterion and its place, or a rulebook and one of its leaves. Out: the pieces of the points that are left, before
rounding, over all that the figure can be; None where the points rest on anything beside it. No line asks what kind of
criterion it is holding.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from attrs import evolve

from perfscore.criterion import Criterion, Place
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.pieces import Curve, EndlessError, NoCurveError, Piece, curve
from perfscore.formula.shapes import VALUE, Constant, Formula
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Domain
from perfscore.formula.walking import everything
from perfscore.leaving import kept

FURTHER = 16


def points_curve(criterion: Criterion, place: Place) -> Curve | None:
    """The curve of the points that a criterion leaves, over all that its value can be."""
    if place.pooled or not place.measured or type_of(VALUE, place.vocabulary).sort != "number":
        return None
    points = kept(criterion, place)
    if points is None:
        return None
    domain = bounds(VALUE, place.vocabulary)
    try:
        return curve(points, "value", domain, place.vocabulary)
    except EndlessError:
        return _far_enough(points, domain, place)
    except NoCurveError:
        return None


def _far_enough(points: Formula, domain: Interval, place: Place) -> Curve | None:
    """The same of steps that go on without end: as far as they matter, since beyond that the points stay what they are."""
    ends = [end for end in (domain.low, domain.high) if isinstance(end, Fraction)]
    if (target := place.vocabulary.get("target")) is not None:
        ends += [end for end in (target.domain.low, target.domain.high) if end is not None]
    sizes = [abs(one.value) for one in everything(points) if isinstance(one, Constant) and one.value]
    start = max(map(abs, ends), default=Fraction(0))
    step = (start or min(sizes, default=Fraction(1))) / 64
    for times in range(FURTHER):
        far = start + step * 2**times
        low = domain.low if isinstance(domain.low, Fraction) else -far
        high = domain.high if isinstance(domain.high, Fraction) else far
        tails = [Interval(-inf, low, True, False)] if isinstance(domain.low, float) else []
        tails += [Interval(high, inf, False, True)] if isinstance(domain.high, float) else []
        beyond = [flat for one in tails if (flat := _flat(points, one, place)) is not None]
        if len(beyond) < len(tails):
            continue
        try:
            middle = curve(
                points, "value", Interval(low, high, domain.low_closed, domain.high_closed), place.vocabulary
            )
        except NoCurveError:
            return None
        return tuple(sorted((*middle, *beyond), key=lambda one: (one.where.low, not one.where.low_closed)))
    return None


def _flat(points: Formula, where: Interval, place: Place) -> Piece | None:
    reach = bounds(points, within(place, where).vocabulary)
    if not isinstance(reach.low, Fraction) or reach.low != reach.high:
        return None
    return Piece(where, (reach.low, Fraction(0)))


def within(place: Place, where: Interval) -> Place:
    """The place, with a value that lies in a stretch."""
    low, high = (end if isinstance(end, Fraction) else None for end in (where.low, where.high))
    term = place.vocabulary["value"]
    domain = Domain(low, high, where.low_closed, where.high_closed)
    return evolve(place, vocabulary={**place.vocabulary, "value": evolve(term, domain=domain)})
