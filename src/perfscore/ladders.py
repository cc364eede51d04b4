"""Losses that depend on nothing but which stretch of a number line the value lies in: bands, thresholds.

In: the losses of a leaf, with their readers. Out: the stretches of the line, highest first, each with the losses that are
taken there; nothing where that cannot be proved. The stretches cover the line, and do not overlap.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from attrs import frozen

from perfscore.criterion import Place
from perfscore.formula.intervals import Interval
from perfscore.formula.regions import Region, outside, overlap, region
from perfscore.formula.shapes import VALUE, ZERO, Choice, Formula
from perfscore.formula.types import type_of
from perfscore.formula.walking import judged_parts, names
from perfscore.plan import PlannedLoss


@frozen(eq=False)
class Rung:
    """A stretch of a number line, from `above ÷ below` (which belongs to it if `closed`; without an end it is −1 ÷ 0) up
    to the next, and which losses are taken there.
    """

    above: int
    below: int
    closed: bool
    losses: tuple[PlannedLoss, ...]


def ladder(losses: tuple[PlannedLoss, ...], place: Place) -> tuple[Rung, ...]:
    """The stretches, or nothing."""
    if not losses or not place.measured or type_of(VALUE, place.vocabulary).sort != "number":
        return ()
    taken: list[tuple[Region, PlannedLoss]] = []
    for one in losses:
        where = _where(one.loss.points)
        if where is None or any(overlap(where, other) is not None for other, _ in taken):
            return ()
        taken.append((where, one))
    rest = outside(tuple(stretch for where, _ in taken for stretch in where))
    stretches: list[tuple[Interval, tuple[PlannedLoss, ...]]] = [(stretch, ()) for stretch in rest]
    stretches += [(stretch, (one,)) for where, one in taken for stretch in where]
    # from the highest down; of two that begin at one value the open one lies above
    stretches.sort(key=lambda found: (found[0].low, not found[0].low_closed), reverse=True)
    return tuple(Rung(*_end(stretch), stretch.low_closed, found) for stretch, found in stretches)


def _where(points: Formula) -> Region | None:
    """Where a loss is taken, if it takes the same wherever that is."""
    match points:
        case Choice(when=when, then=lost, otherwise=other) if other == ZERO and _fixed(lost):
            return region(when, "value") if set(names(when)) == {"value"} else None
        case Choice(when=when, then=other, otherwise=lost) if other == ZERO and _fixed(lost):
            inner = region(when, "value") if set(names(when)) == {"value"} else None
            return None if inner is None else outside(inner)
        case _:
            return None


def _fixed(lost: Formula) -> bool:
    return set(names(lost)) <= {"weight"} and not judged_parts(lost)


def _end(stretch: Interval) -> tuple[int, int]:
    return (
        (stretch.low.numerator, stretch.low.denominator)
        if isinstance(stretch.low, Fraction) and stretch.low != -inf
        else (-1, 0)
    )
