"""Which points can an indicator give at all?

In: a rulebook. Out: for every leaf, every branch and the root an interval that contains all points it ever gives.
Only the bounds of the losses are read: no fact is known here, and no line asks what kind of criterion it is holding.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from perfscore.formula.bounds import End, Interval, bounds, point
from perfscore.formula.vocabulary import Vocabulary
from perfscore.indicator import Branch, Indicator, Node
from perfscore.quantity import Rounding
from perfscore.rulebook import Rulebook

ROOT = ""
"""The key of the total; no node has an empty id."""

NOTHING = Fraction(0)


def reach(rulebook: Rulebook) -> dict[str, Interval]:
    """The published points that each node can have, by its id; the total stands at `ROOT`.

    A state without points is none of them: an interval speaks of the assessments in which there is a score.

    >>> from perfscore import loads
    >>> rules = loads('''
    ... format = 1
    ... [rulebook]
    ... id = "roads"
    ... title = "Roads"
    ... version = "1"
    ... full_marks = 10
    ... [indicators.rate]
    ... name = "executed"
    ... weight = 10
    ... measure = { type = "percent", min = 0, max = "100%" }
    ... criterion = { kind = "stepped", below = { from = "100%", every = "1pp", deduct = 0.05, part_step = "whole" } }
    ... ''')
    >>> reached = reach(rules)["rate"]
    >>> reached.low, reached.high
    (Fraction(5, 1), Fraction(10, 1))
    """
    found: dict[str, Interval] = {}
    found[ROOT] = _together(rulebook.members, rulebook.vocabulary(), rulebook.rounding, found)
    return found


def _together(
    members: tuple[Node, ...], vocabulary: Vocabulary, rounding: Rounding, found: dict[str, Interval]
) -> Interval:
    """What members reach in sum; what each reaches alone is noted on the way, branches before what is in them."""
    low = high = NOTHING
    for member in members:
        match member:
            case Indicator():
                lowest, highest = _kept(member, vocabulary, rounding)
                found[member.id] = Interval(lowest, highest)
            case Branch(members=inner):
                found[member.id] = point(0)  # keeps its place in the order of the file
                found[member.id] = below = _together(inner, vocabulary, rounding, found)
                lowest, highest = _finite(below.low), _finite(below.high)
        low, high = low + lowest, high + highest
    return Interval(low, high)


def _kept(leaf: Indicator, vocabulary: Vocabulary, rounding: Rounding) -> tuple[Fraction, Fraction]:
    """The fewest and the most points that a leaf can keep. Rounding never turns their order around."""
    place = leaf.place(vocabulary)
    weight = leaf.exact_weight
    least: End = NOTHING
    most: End = NOTHING
    for loss in leaf.criterion.losses(place):
        taken = bounds(loss.points, place.vocabulary)  # what would take less than nothing takes nothing
        least, most = _plus(least, max(taken.low, NOTHING)), _plus(most, max(taken.high, NOTHING))
    left = Interval(_minus(weight, most), _minus(weight, least)).clamped(NOTHING, weight)
    low, high = rounding.rounded(_finite(left.low)), rounding.rounded(_finite(left.high))
    return (NOTHING if "zero" in (leaf.missing, leaf.undefined) else low), high


def _plus(one: End, other: End) -> End:
    return inf if inf in (one, other) else _finite(one) + _finite(other)


def _minus(weight: Fraction, taken: End) -> End:
    return weight - taken if isinstance(taken, Fraction) else -inf


def _finite(end: End) -> Fraction:
    if not isinstance(end, Fraction):
        raise TypeError(f"{end!r} is no exact number")
    return end
