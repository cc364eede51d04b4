"""Which points can one leaf give?

In: a leaf, what every name can be, and what is known of the subject. Out: `Reach`: an interval of its points before and
after rounding, and how much of its weight may not apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from math import inf

from attrs import define, evolve, field, frozen

from perfscore.analysis.curves import points_curve
from perfscore.analysis.ends import (
    NOTHING,
    hull,
    minus,
    plus,
    rounded,
)
from perfscore.analysis.slopes import extremes
from perfscore.criterion import Place
from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import End, Interval, point
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import Constant, Formula, Judged
from perfscore.formula.vocabulary import Domain, Term, with_terms
from perfscore.formula.walking import everything
from perfscore.indicator import ADDING, Branch, Fixed, Indicator, Node
from perfscore.rulebook import Rulebook

NONE = point(0)


@frozen
class Settled:
    """A leaf of which everything is known: what it kept, exactly and as published; None where it is left out."""

    exact: Fraction | None
    published: Fraction | None
    rescaled: Fraction = NOTHING
    unscored: Fraction = NOTHING
    shared: Fraction = NOTHING


@frozen
class Reach:
    """What a node can give: before rounding, and as published; weight in it that surely, or possibly, does not apply."""

    exact: Interval
    published: Interval
    may_leave: bool = False
    """Whether the branch above may have to go on without it."""
    gone: bool = False
    """Whether it surely has to."""
    rescaled: Interval = NONE
    unscored: Interval = NONE
    shared: Interval = NONE
    beyond: Interval = NONE
    """Points in it that stand beside all weight, which nothing is made up for by."""


@frozen
class Known:
    """What is known of one subject: the leaves that are settled, answers to parts of others, and leaves of which only
    the low end is looked at, to see how much hangs on them.
    """

    settled: Mapping[str, Settled] = field(factory=dict)
    answers: Mapping[str, Mapping[str, Fraction]] = field(factory=dict)
    pinned: frozenset[str] = frozenset()


@define(eq=False)
class LeafReaching:
    """The leaves of a rulebook, as far as a subject is known."""

    rulebook: Rulebook
    vocabulary: dict[str, Term]
    known: Known
    worth: dict[str, Domain] = field(factory=dict)

    def leaf(self, leaf: Indicator, pool: Domain | None = None) -> Reach:
        if (settled := self.known.settled.get(leaf.id)) is not None:
            return _of_settled(settled)
        worth = pool or self.worth[leaf.id]
        demerit = self.rulebook.demerit
        place = leaf.place(self.vocabulary, worth, demerit=demerit, pooled=pool is not None)
        exact = reduce(hull, [self._kept(leaf, place, worth, answers) for answers in self._cases(leaf, place)])
        if "zero" in (leaf.missing, leaf.undefined):
            zero = worth.high if demerit else NOTHING
            exact = hull(exact, Interval(zero if zero is not None else inf, zero if zero is not None else inf))
        if leaf.id in self.known.pinned and isinstance(exact.low, Fraction):
            exact = point(exact.low)
        published = rounded(exact, leaf.rounding or self.rulebook.rounding)
        reached = Reach(exact, published)
        return self._perhaps_away(leaf, reached, worth)

    def _cases(self, leaf: Indicator, place: Place) -> list[Mapping[str, Fraction]]:
        """What the assessor's answers to a leaf can be, as far as it matters which: a grade is one of several."""
        given = self.known.answers.get(leaf.id, {})
        for loss in leaf.criterion.losses(place):
            for one in everything(loss.points):
                if isinstance(one, Judged) and one.choices and one.part not in given:
                    return [{**given, one.part: Fraction(index)} for index in range(len(one.choices))]
        return [given]

    def _kept(self, leaf: Indicator, place: Place, worth: Domain, answers: Mapping[str, Fraction]) -> Interval:
        """What the losses leave of the weight, and gains add to it, where these answers are given."""
        known, demerit = place.vocabulary, place.demerit
        least: End = NOTHING
        most: End = NOTHING
        moves = 0
        for loss in leaf.criterion.losses(place):
            taken = evolve(loss, points=_answered(answers, loss.points)).reach(known)
            # what would take less than nothing takes nothing
            least, most = plus(least, max(taken.low, NOTHING)), plus(most, max(taken.high, NOTHING))
            moves += taken.high > 0
        given: End = NOTHING
        for gain in leaf.criterion.credits(place):
            up = evolve(gain, points=_answered(answers, gain.points)).reach(known)
            given = plus(given, max(up.high, NOTHING))
            moves += up.high > 0
        low, high = bounds(place.low, known).low, bounds(place.high, known).high
        whole = Interval(worth.low or NOTHING, inf if worth.high is None else worth.high)
        after = Interval(least, most) if demerit else Interval(minus(whole.low, most), minus(whole.high, least))
        # what the losses leave is cut at the ends, and only then are gains given
        exact = Interval(min(max(after.low, low), high), max(min(after.high, high), low))
        if demerit:
            exact = Interval(max(minus(exact.low, given), low), exact.high)
        else:
            exact = Interval(exact.low, min(plus(exact.high, given), high))
        return _at_once(exact, leaf, place) if moves > 1 else exact

    def answered(self, leaf: Indicator, points: Formula) -> Formula:
        """The formula with the answers in place that were given already."""
        return _answered(self.known.answers.get(leaf.id, {}), points)

    def _perhaps_away(self, leaf: Indicator, reached: Reach, worth: Domain) -> Reach:
        """The leaf with what it has where it does not apply, if it may not."""
        conditions: list[tuple[bool | None, Node]] = []
        for node in self.rulebook.lines[leaf.id]:
            if node.applies is not None:
                conditions.append((always(node.applies, self.vocabulary), node))
        if "not-applicable" in (leaf.missing, leaf.undefined):
            conditions.append((None, leaf))
        may = [node for holds, node in conditions if holds is not True]
        # an assessor may say so of any node whose author says what happens then, and where it is clear: a share is left out
        clear = not self._adds_above(leaf)
        line = self.rulebook.lines[leaf.id]
        may += [node for node in line if (clear or node.not_applicable is not None) and node not in may]
        for node in may:
            certain = any(holds is False and one is node for holds, one in conditions)
            reached = self._away(node, leaf, reached, worth, certain=certain)
            if certain:
                break
        return reached

    def _away(self, node: Node, leaf: Indicator, reached: Reach, worth: Domain, *, certain: bool) -> Reach:
        whole = Interval(worth.low or NOTHING, inf if worth.high is None else worth.high)
        demerit = self.rulebook.demerit
        gone = whole if certain else Interval(NOTHING, whole.high)
        policy = node.not_applicable
        has: Interval | None
        match policy:
            case "full":
                has = point(0) if demerit else whole
            case Fixed(points=points):
                terms = with_terms(self.vocabulary, {"weight": Term("分值", "number", None, worth)})
                has = rounded(bounds(points.low, terms), self.rulebook.rounding)
            case "peer-mean":
                has = reached.published
            case "rescale" | "siblings":
                has = point(0)
            case _:
                has = None
        if has is None or not self._adds_above(leaf):
            return Reach(
                reached.exact,
                reached.published,
                may_leave=True,
                gone=certain,
                rescaled=reached.rescaled,
                unscored=gone if policy == "unscored" and self._adds_above(leaf) else point(0),
                shared=reached.shared,
            )
        exact = has if certain else hull(reached.exact, has)
        published = has if certain else hull(reached.published, has)
        return Reach(
            exact,
            published,
            reached.may_leave,
            rescaled=gone if policy == "rescale" else reached.rescaled,
            unscored=reached.unscored,
            shared=gone if policy == "siblings" else reached.shared,
        )

    def _adds_above(self, leaf: Indicator) -> bool:
        match self.rulebook.lines[leaf.id]:
            case (*_, Branch(aggregate=aggregate), _):
                return aggregate in ADDING
            case _:
                return self.rulebook.aggregate in ADDING


def _answered(given: Mapping[str, Fraction], points: Formula) -> Formula:
    if not given:
        return points

    def step(one: Formula) -> Formula | None:
        return Constant(given[one.part]) if isinstance(one, Judged) and one.part in given else None

    return rebuilt(points, step)


def _at_once(added: Interval, leaf: Indicator, place: Place) -> Interval:
    """What losses and gains leave that were added up as if all could occur together, where it is known exactly which can:
    of two bands of one figure only one takes points.
    """
    pieces = points_curve(leaf.criterion, place)
    ends = None if pieces is None else extremes(pieces)
    if ends is None:
        return added
    (low, _), (high, _) = ends
    return Interval(max(added.low, low), min(added.high, high))


def _of_settled(settled: Settled) -> Reach:
    gone = settled.published is None or settled.exact is None
    return Reach(
        point(settled.exact or 0),
        point(settled.published or 0),
        may_leave=gone,
        gone=gone,
        rescaled=point(settled.rescaled),
        unscored=point(settled.unscored),
        shared=point(settled.shared),
    )
