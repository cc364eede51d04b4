"""Which points can a node give, and which score a subject?

In: a rulebook; and where some facts are known, what stands for each name then, and the leaves that are settled.
Out: for every node, the subtotal and the score an interval that contains all points it ever gives.
Only bounds are read: no line asks what kind of criterion it is holding. What cannot be proved is left wide, never narrow.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import cast

from attrs import define, evolve, field

from perfscore.adjustment import AdjustmentRule
from perfscore.analysis.ends import (
    NOTHING,
    added,
    added_all,
    added_ends,
    domain_of,
    hull,
    interval_of,
    minus,
    plus,
    rounded,
    scaled,
    shares_of,
)
from perfscore.analysis.leafreach import Known, LeafReaching, Reach
from perfscore.analysis.total import score_reach
from perfscore.combining import combined
from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import End, Interval, point
from perfscore.formula.vocabulary import Domain, Term, Vocabulary, with_terms
from perfscore.indicator import Branch, Indicator, Node, nodes
from perfscore.rulebook import Rulebook, points_name, share_name, worths

ROOT = ""
"""The key of the subtotal; no node has an empty id."""
SCORE = "score "
"""The key of the score, after every adjustment; no id ends in a space."""


def reach(rulebook: Rulebook) -> dict[str, Interval]:
    """The published points that each node can have, by its id; the subtotal stands at `ROOT`, the score at `SCORE`.

    A state without points is none of them: an interval speaks of the assessments in which there is a score. Nor are the
    points that a reviewer gives, to the subject or to others whose points it reads: they may be any.

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
    return reach_of(rulebook, rulebook.vocabulary(), Known())


def reach_of(rulebook: Rulebook, vocabulary: Vocabulary, known: Known) -> dict[str, Interval]:
    """The same where some facts are known: what every name can still be, and what is known beside."""
    return _Reaching(rulebook, dict(vocabulary), known).all()


@define(eq=False)
class _Reaching(LeafReaching):
    found: dict[str, Reach] = field(factory=dict)
    limits: dict[str, list[tuple[Interval, bool]]] = field(factory=dict)

    def all(self) -> dict[str, Interval]:
        self.worth = worths(self.rulebook, self.vocabulary)
        whole = self._whole()
        for rule in self.rulebook.adjustments:
            if rule.on_nodes and (holds := self._holds(rule)) is not False:
                for id in rule.zero:
                    self.limits.setdefault(id, []).append((point(0), holds is True))
                for id, points in rule.cap.items():
                    ends = rounded(bounds(points.low, self._weighed(id)), self.rulebook.rounding)
                    self.limits.setdefault(id, []).append((ends, holds is True))
                whole = self._whole()
        intervals = {node.id: self.found[node.id].published for node in self.rulebook.nodes()}
        return {
            **intervals,
            ROOT: whole.published,
            SCORE: score_reach(self.rulebook, self.vocabulary, whole.published, whole.unscored),
        }

    def _holds(self, rule: AdjustmentRule) -> bool | None:
        return True if rule.when is None else always(rule.when, self.vocabulary)

    def _whole(self) -> Reach:
        full = self.rulebook.full_marks
        self.worth[ROOT] = Domain(full, full)
        return self._branch(self.rulebook.root)

    # the tree

    def _node(self, node: Node) -> Reach:
        match node:
            case Indicator():
                reached = self.leaf(node)
            case Branch():
                reached = self._branch(node)
        for most, certain in self.limits.get(node.id, ()):
            reached = _limited(reached, most, certain)
        self.found[node.id] = reached
        worth = self.worth[node.id]
        whole = Interval(worth.low or NOTHING, inf if worth.high is None else worth.high)
        known = self.vocabulary
        known[points_name(node.id)] = Term(node.name, "number", None, domain_of(reached.published))
        known[share_name(node.id)] = Term(node.name, "percent", None, domain_of(shares_of(reached.published, whole)))
        return reached

    def _branch(self, branch: Branch) -> Reach:
        worth = self.worth[branch.id]
        if branch.aggregate == "pool":
            return self._pool(branch, worth)
        members = [self._node(member) for member in branch.members]
        if branch.aggregate != "sum":
            return self._aggregated(branch, members, worth)
        exact = published = rescaled = unscored = shared = beyond = point(0)
        for member, one in zip(branch.members, members, strict=True):
            if self.worth[member.id].high == 0:
                beyond = added(beyond, _there(one, one.published))
            elif self.worth[member.id].low == 0:
                beyond = added(beyond, hull(_there(one, one.published), one.beyond))
            else:
                beyond = added(beyond, one.beyond)
            exact, published = added(exact, _there(one, one.exact)), added(published, _there(one, one.published))
            rescaled, unscored, shared = (
                added(rescaled, one.rescaled),
                added(unscored, one.unscored),
                added(shared, one.shared),
            )
        whole = added_all([interval_of(self.worth[member.id]) for member in branch.members])
        plain = all(one.range is None for one in nodes(branch.members))
        if shared.high > 0:
            live = Interval(minus(whole.low, plus(rescaled.high, unscored.high)), whole.high)
            exact, published = (self._made_up(one, live, shared, beyond, plain=plain) for one in (exact, published))
        if branch.id == ROOT and rescaled.high > 0:
            live = Interval(minus(whole.low, unscored.high), minus(whole.high, unscored.low))
            published = self._made_up(published, live, rescaled, beyond, plain=plain)
        reached = Reach(exact, published, rescaled=rescaled, unscored=unscored, beyond=beyond)
        if all(one.may_leave or one.rescaled.high > 0 for one in members):
            reached = evolve(reached, may_leave=True)
        return self._within(branch, reached)

    def _made_up(self, total: Interval, whole: Interval, gone: Interval, beyond: Interval, *, plain: bool) -> Interval:
        """A total scaled by whole ÷ (whole − gone), which is 1 or more; nothing plain gives more than all of it."""
        total = added(total, Interval(-beyond.high, -beyond.low))
        least, most = Fraction(1), cast(End, inf)
        if isinstance(whole.high, Fraction) and isinstance(gone.low, Fraction) and whole.high > gone.low:
            least = whole.high / (whole.high - gone.low)
        left = minus(whole.low, gone.high)
        if isinstance(left, Fraction) and left > 0 and isinstance(gone.high, Fraction):
            most = (left + gone.high) / left
        low = total.low * least if total.low >= 0 else scaled(total.low, most)
        high = scaled(total.high, most) if total.high >= 0 else total.high * least
        if plain:
            high = min(high, whole.high)
        return rounded(added(Interval(low, high), beyond), self.rulebook.rounding)

    def _aggregated(self, branch: Branch, members: list[Reach], worth: Domain) -> Reach:
        lows: list[Fraction] = []
        highs: list[End] = []
        weights: list[int] = []
        chosen = self._chosen(branch)
        loose = False
        for member, one in zip(branch.members, members, strict=True):
            if one.gone or (chosen is not None and member.id.rpartition(".")[2] not in chosen):
                continue
            weight = interval_of(self.worth[member.id])
            whole = Interval(minus(weight.low, plus(one.rescaled.high, one.unscored.high)), weight.high)
            share = shares_of(one.exact, whole)
            if all(inner.range is None for inner in (member, *self._under_node(member))):
                share = Interval(max(share.low, NOTHING), min(share.high, Fraction(1)))
            loose = (
                loose or one.may_leave or not isinstance(share.low, Fraction) or not isinstance(share.high, Fraction)
            )
            lows.append(share.low if isinstance(share.low, Fraction) else Fraction(-(10**9)))
            highs.append(share.high)
            known = self.worth[member.id]
            fixed = known.low is not None and known.low == known.high
            weights.append(int((known.low or NOTHING) * self.rulebook.rounding.size) if fixed else 1)
            loose = loose or not fixed
        if not lows:
            return Reach(point(0), point(0), may_leave=True)
        if loose or branch.aggregate == "one-of":
            exact = Interval(min(lows), max(highs))
        else:
            finite = [high for high in highs if isinstance(high, Fraction)]
            exact = Interval(
                combined(branch.aggregate, lows, weights, branch.n),
                combined(branch.aggregate, finite, weights, branch.n),
            )
        full = interval_of(worth)
        ends = [scaled(a, b) for a in (exact.low, exact.high) for b in (full.low, full.high)]
        exact = Interval(min(ends), max(ends))
        published = rounded(exact, branch.rounding or self.rulebook.rounding)
        return self._within(branch, Reach(exact, published))

    def _under_node(self, node: Node) -> list[Node]:
        return list(nodes(node.members)) if isinstance(node, Branch) else []

    def _chosen(self, branch: Branch) -> frozenset[str] | None:
        if branch.aggregate != "one-of" or branch.by is None:
            return None
        return frozenset(self.vocabulary[branch.by].domain.choices)

    def _pool(self, branch: Branch, worth: Domain) -> Reach:
        whole = interval_of(worth)
        demerit = self.rulebook.demerit
        least: End = NOTHING
        most: End = NOTHING
        for member in branch.members:
            if not isinstance(member, Indicator):
                raise TypeError(member)
            place = member.place(self.vocabulary, worth, demerit=demerit, pooled=True)
            losses = [evolve(one, points=self.answered(member, one.points)) for one in member.criterion.losses(place)]
            taken = [loss.reach(place.vocabulary) for loss in losses]
            high = added_ends([max(one.high, NOTHING) for one in taken])
            given = added_ends(
                [max(one.reach(place.vocabulary).high, NOTHING) for one in member.criterion.credits(place)]
            )
            low = added_ends([max(one.low, NOTHING) for one in taken])
            if member.not_applicable is not None or member.applies is not None:
                low = NOTHING
            settled = self.known.settled.get(member.id)
            if settled is not None and settled.published is not None:
                moved = settled.published if demerit else -settled.published
                low = high = moved
                given = NOTHING
            least, most = minus(plus(least, low), given), plus(most, high)
            up, down = min(high, whole.high), min(given, whole.high)
            own = (
                Interval(-down if isinstance(down, Fraction) else -inf, up)
                if demerit
                else Interval(-up if isinstance(up, Fraction) else -inf, down)
            )
            printed = rounded(own, self.rulebook.rounding)
            # rounding the whole after each loss can carry a record a unit beyond what was taken
            unit = self.rulebook.rounding.unit
            self.found[member.id] = Reach(own, Interval(minus(printed.low, unit), plus(printed.high, unit)))
        exact = Interval(least, most) if demerit else Interval(minus(whole.low, most), minus(whole.high, least))
        exact = Interval(min(max(exact.low, NOTHING), whole.high), max(min(exact.high, whole.high), NOTHING))
        published = rounded(exact, self.rulebook.rounding)
        reached = self._within(branch, Reach(exact, published))
        self.found[branch.id] = reached
        return reached

    def _within(self, branch: Branch, reached: Reach) -> Reach:
        if branch.range is None:
            return reached
        terms = self._weighed(branch.id)
        rounding = self.rulebook.rounding
        low = rounded(bounds(branch.range.low.low, terms), rounding)
        high = rounded(bounds(branch.range.high.low, terms), rounding)

        def kept(one: Interval) -> Interval:
            return Interval(min(max(one.low, low.low), high.low), min(max(one.high, low.high), high.high))

        return evolve(
            reached,
            exact=kept(reached.exact),
            published=kept(reached.published),
            beyond=hull(reached.beyond, point(0)),  # where the range cuts, nothing is told apart any more
        )

    def _weighed(self, id: str) -> Vocabulary:
        return with_terms(self.vocabulary, {"weight": Term("分值", "number", None, self.worth[id])})


def _there(reached: Reach, points: Interval) -> Interval:
    """What a member brings to a sum, which goes on without it where it has to."""
    return point(0) if reached.gone else hull(points, point(0)) if reached.may_leave else points


def _limited(reached: Reach, most: Interval, certain: bool) -> Reach:
    def kept(one: Interval) -> Interval:
        high = min(one.high, most.high) if certain else one.high
        return Interval(min(one.low, most.low), high)

    return evolve(reached, exact=kept(reached.exact), published=kept(reached.published))
