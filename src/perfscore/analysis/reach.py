"""Which points can a node give, and which score a subject?

In: a rulebook; and where some facts are known, what stands for each name then, and the leaves that are settled.
Out: for every node, the subtotal and the score an interval that contains all points it ever gives.
Only bounds are read: no line asks what kind of criterion it is holding. What cannot be proved is left wide, never narrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import inf
from typing import cast

from attrs import define, evolve, field, frozen

from perfscore.adjustment import AdjustmentRule
from perfscore.combining import combined
from perfscore.formula.bounds import End, Interval, always, bounds, point
from perfscore.formula.shapes import Constant, Formula, Judged, rebuilt
from perfscore.formula.vocabulary import Domain, Term, Vocabulary
from perfscore.indicator import Branch, Fixed, Indicator, Node
from perfscore.quantity import Rounding
from perfscore.rulebook import Rulebook, points_name, share_name, worths

ROOT = ""
"""The key of the subtotal; no node has an empty id."""
SCORE = "score "
"""The key of the score, after every adjustment; no id ends in a space."""

NOTHING = Fraction(0)
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


def reach(rulebook: Rulebook) -> dict[str, Interval]:
    """The published points that each node can have, by its id; the subtotal stands at `ROOT`, the score at `SCORE`.

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
    return reach_of(rulebook, rulebook.vocabulary(), Known())


@frozen
class Known:
    """What is known of one subject: the leaves that are settled, answers to parts of others, and leaves of which only
    the low end is looked at, to see how much hangs on them.
    """

    settled: Mapping[str, Settled] = field(factory=dict)
    answers: Mapping[str, Mapping[str, Fraction]] = field(factory=dict)
    pinned: frozenset[str] = frozenset()


def reach_of(rulebook: Rulebook, vocabulary: Vocabulary, known: Known) -> dict[str, Interval]:
    """The same where some facts are known: what every name can still be, and what is known beside."""
    return _Reaching(rulebook, dict(vocabulary), known).all()


@define(eq=False)
class _Reaching:
    rulebook: Rulebook
    vocabulary: dict[str, Term]
    known: Known
    worth: dict[str, Domain] = field(factory=dict)
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
                    ends = self._rounded(bounds(points.low, self._weighed(id)), self.rulebook.rounding)
                    self.limits.setdefault(id, []).append((ends, holds is True))
                whole = self._whole()
        intervals = {node.id: self.found[node.id].published for node in self.rulebook.nodes()}
        return {**intervals, ROOT: whole.published, SCORE: self._score(whole)}

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
                reached = self._leaf(node)
            case Branch():
                reached = self._branch(node)
        for most, certain in self.limits.get(node.id, ()):
            reached = _limited(reached, most, certain)
        self.found[node.id] = reached
        worth = self.worth[node.id]
        whole = Interval(worth.low or NOTHING, inf if worth.high is None else worth.high)
        known = self.vocabulary
        known[points_name(node.id)] = Term(node.name, "number", None, _domain(reached.published))
        known[share_name(node.id)] = Term(node.name, "percent", None, _domain(_shares(reached.published, whole)))
        return reached

    def _leaf(self, leaf: Indicator, pool: Domain | None = None) -> Reach:
        if (settled := self.known.settled.get(leaf.id)) is not None:
            return _of_settled(settled)
        worth = pool or self.worth[leaf.id]
        demerit = self.rulebook.demerit
        place = leaf.place(self.vocabulary, worth, demerit=demerit, pooled=pool is not None)
        known = place.vocabulary
        least: End = NOTHING
        most: End = NOTHING
        for loss in leaf.criterion.losses(place):
            taken = bounds(self._answered(leaf, loss.points), known)  # what would take less than nothing takes nothing
            least, most = _plus(least, max(taken.low, NOTHING)), _plus(most, max(taken.high, NOTHING))
        given: End = NOTHING
        for gain in leaf.criterion.credits(place):
            given = _plus(given, max(bounds(self._answered(leaf, gain.points), known).high, NOTHING))
        low, high = bounds(place.low, known).low, bounds(place.high, known).high
        whole = Interval(worth.low or NOTHING, inf if worth.high is None else worth.high)
        after = Interval(least, most) if demerit else Interval(_minus(whole.low, most), _minus(whole.high, least))
        # what the losses leave is cut at the ends, and only then are gains given
        exact = Interval(min(max(after.low, low), high), max(min(after.high, high), low))
        if demerit:
            exact = Interval(max(_minus(exact.low, given), low), exact.high)
        else:
            exact = Interval(exact.low, min(_plus(exact.high, given), high))
        if "zero" in (leaf.missing, leaf.undefined):
            zero = worth.high if demerit else NOTHING
            exact = _hull(exact, Interval(zero if zero is not None else inf, zero if zero is not None else inf))
        if leaf.id in self.known.pinned and isinstance(exact.low, Fraction):
            exact = point(exact.low)
        published = self._rounded(exact, leaf.rounding or self.rulebook.rounding)
        reached = Reach(exact, published)
        return self._perhaps_away(leaf, reached, worth)

    def _answered(self, leaf: Indicator, points: Formula) -> Formula:
        """The formula with the answers in place that were given already."""
        given = self.known.answers.get(leaf.id)
        if not given:
            return points

        def step(one: Formula) -> Formula | None:
            return Constant(given[one.part]) if isinstance(one, Judged) and one.part in given else None

        return rebuilt(points, step)

    def _perhaps_away(self, leaf: Indicator, reached: Reach, worth: Domain) -> Reach:
        """The leaf with what it has where it does not apply, if it may not."""
        conditions: list[tuple[bool | None, Node]] = []
        for node in self._above(leaf):
            if node.applies is not None:
                conditions.append((always(node.applies, self.vocabulary), node))
        if "not-applicable" in (leaf.missing, leaf.undefined):
            conditions.append((None, leaf))
        may = [node for holds, node in conditions if holds is not True]
        # an assessor may say so of any node whose author says what happens then
        may += [node for node in self._above(leaf) if node.not_applicable is not None and node not in may]
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
                terms = {**self.vocabulary, "weight": Term("分值", "number", None, worth)}
                has = self._rounded(bounds(points.low, terms), self.rulebook.rounding)
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
        exact = has if certain else _hull(reached.exact, has)
        published = has if certain else _hull(reached.published, has)
        return Reach(
            exact,
            published,
            reached.may_leave,
            rescaled=gone if policy == "rescale" else reached.rescaled,
            unscored=reached.unscored,
            shared=gone if policy == "siblings" else reached.shared,
        )

    def _above(self, leaf: Indicator) -> list[Node]:
        """The nodes over a leaf, from the top, and the leaf itself."""
        return [one for one in self.rulebook.nodes() if leaf.id == one.id or leaf.id.startswith(f"{one.id}.")]

    def _adds_above(self, leaf: Indicator) -> bool:
        above = [one for one in self._above(leaf) if one is not leaf]
        return (above[-1].aggregate if above else self.rulebook.aggregate) in ("sum", "pool")

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
                beyond = _sum(beyond, _there(one, one.published))
            elif self.worth[member.id].low == 0:
                beyond = _sum(beyond, _hull(_there(one, one.published), one.beyond))
            else:
                beyond = _sum(beyond, one.beyond)
            exact, published = _sum(exact, _there(one, one.exact)), _sum(published, _there(one, one.published))
            rescaled, unscored, shared = (
                _sum(rescaled, one.rescaled),
                _sum(unscored, one.unscored),
                _sum(shared, one.shared),
            )
        whole = _sum_all([_interval(self.worth[member.id]) for member in branch.members])
        plain = all(one.range is None for one in self._under(branch))
        if shared.high > 0:
            live = Interval(_minus(whole.low, _plus(rescaled.high, unscored.high)), whole.high)
            exact, published = (self._made_up(one, live, shared, beyond, plain=plain) for one in (exact, published))
        if branch.id == ROOT and rescaled.high > 0:
            live = Interval(_minus(whole.low, unscored.high), _minus(whole.high, unscored.low))
            published = self._made_up(published, live, rescaled, beyond, plain=plain)
        reached = Reach(exact, published, rescaled=rescaled, unscored=unscored, beyond=beyond)
        if all(one.may_leave or one.rescaled.high > 0 for one in members):
            reached = evolve(reached, may_leave=True)
        return self._within(branch, reached)

    def _under(self, branch: Branch) -> list[Node]:
        return [one for one in self.rulebook.nodes() if not branch.id or one.id.startswith(f"{branch.id}.")]

    def _made_up(self, total: Interval, whole: Interval, gone: Interval, beyond: Interval, *, plain: bool) -> Interval:
        """A total scaled by whole ÷ (whole − gone), which is 1 or more; nothing plain gives more than all of it."""
        total = _sum(total, Interval(-beyond.high, -beyond.low)) if beyond != NONE else total
        least, most = Fraction(1), cast(End, inf)
        if isinstance(whole.high, Fraction) and isinstance(gone.low, Fraction) and whole.high > gone.low:
            least = whole.high / (whole.high - gone.low)
        left = _minus(whole.low, gone.high)
        if isinstance(left, Fraction) and left > 0 and isinstance(gone.high, Fraction):
            most = (left + gone.high) / left
        low = total.low * least if total.low >= 0 else _scaled(total.low, most)
        high = _scaled(total.high, most) if total.high >= 0 else total.high * least
        if plain:
            high = min(high, whole.high)
        return self._rounded(_sum(Interval(low, high), beyond), self.rulebook.rounding)

    def _aggregated(self, branch: Branch, members: list[Reach], worth: Domain) -> Reach:
        lows: list[Fraction] = []
        highs: list[End] = []
        weights: list[int] = []
        chosen = self._chosen(branch)
        loose = False
        for member, one in zip(branch.members, members, strict=True):
            if one.gone or (chosen is not None and member.id.rpartition(".")[2] not in chosen):
                continue
            weight = _interval(self.worth[member.id])
            whole = Interval(_minus(weight.low, _plus(one.rescaled.high, one.unscored.high)), weight.high)
            share = _shares(one.exact, whole)
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
        full = _interval(worth)
        ends = [_scaled(a, b) for a in (exact.low, exact.high) for b in (full.low, full.high)]
        exact = Interval(min(ends), max(ends))
        published = self._rounded(exact, branch.rounding or self.rulebook.rounding)
        return self._within(branch, Reach(exact, published))

    def _under_node(self, node: Node) -> list[Node]:
        return self._under(node) if isinstance(node, Branch) else []

    def _chosen(self, branch: Branch) -> frozenset[str] | None:
        if branch.aggregate != "one-of" or branch.by is None:
            return None
        return frozenset(self.vocabulary[branch.by].domain.choices)

    def _pool(self, branch: Branch, worth: Domain) -> Reach:
        whole = _interval(worth)
        demerit = self.rulebook.demerit
        least: End = NOTHING
        most: End = NOTHING
        for member in branch.members:
            if not isinstance(member, Indicator):
                raise TypeError(member)
            place = member.place(self.vocabulary, worth, demerit=demerit, pooled=True)
            losses = [self._answered(member, loss.points) for loss in member.criterion.losses(place)]
            taken = [bounds(loss, place.vocabulary) for loss in losses]
            high = _sum_ends([max(one.high, NOTHING) for one in taken])
            given = _sum_ends(
                [max(bounds(one.points, place.vocabulary).high, NOTHING) for one in member.criterion.credits(place)]
            )
            low = _sum_ends([max(one.low, NOTHING) for one in taken])
            if member.not_applicable is not None or member.applies is not None:
                low = NOTHING
            settled = self.known.settled.get(member.id)
            if settled is not None and settled.published is not None:
                moved = settled.published if demerit else -settled.published
                low = high = moved
                given = NOTHING
            least, most = _minus(_plus(least, low), given), _plus(most, high)
            up, down = min(high, whole.high), min(given, whole.high)
            own = (
                Interval(-down if isinstance(down, Fraction) else -inf, up)
                if demerit
                else Interval(-up if isinstance(up, Fraction) else -inf, down)
            )
            rounded = self._rounded(own, self.rulebook.rounding)
            # rounding the whole after each loss can carry a record a unit beyond what was taken
            unit = self.rulebook.rounding.unit
            self.found[member.id] = Reach(own, Interval(_minus(rounded.low, unit), _plus(rounded.high, unit)))
        exact = Interval(least, most) if demerit else Interval(_minus(whole.low, most), _minus(whole.high, least))
        exact = Interval(min(max(exact.low, NOTHING), whole.high), max(min(exact.high, whole.high), NOTHING))
        published = self._rounded(exact, self.rulebook.rounding)
        reached = self._within(branch, Reach(exact, published))
        self.found[branch.id] = reached
        return reached

    def _within(self, branch: Branch, reached: Reach) -> Reach:
        if branch.range is None:
            return reached
        terms = self._weighed(branch.id)
        rounding = self.rulebook.rounding
        low = self._rounded(bounds(branch.range.low.low, terms), rounding)
        high = self._rounded(bounds(branch.range.high.low, terms), rounding)

        def kept(one: Interval) -> Interval:
            return Interval(min(max(one.low, low.low), high.low), min(max(one.high, low.high), high.high))

        return evolve(
            reached,
            exact=kept(reached.exact),
            published=kept(reached.published),
            beyond=_hull(reached.beyond, point(0)),  # where the range cuts, nothing is told apart any more
        )

    def _weighed(self, id: str) -> Vocabulary:
        return {**self.vocabulary, "weight": Term("分值", "number", None, self.worth[id])}

    @staticmethod
    def _rounded(reach: Interval, rounding: Rounding) -> Interval:
        low = reach.low if isinstance(reach.low, float) else rounding.rounded(reach.low)
        high = reach.high if isinstance(reach.high, float) else rounding.rounded(reach.high)
        return Interval(low, high)

    # the total

    def _score(self, whole: Reach) -> Interval:
        rulebook, rounding = self.rulebook, self.rulebook.rounding
        full = Interval(_minus(rulebook.full_marks, whole.unscored.high), rulebook.full_marks)
        terms = {**self.vocabulary, "weight": Term("满分", "number", None, _domain(full))}
        low, high = point(0), full
        if rulebook.range is not None:
            low = self._rounded(bounds(rulebook.range.low.low, terms), rounding)
            high = self._rounded(bounds(rulebook.range.high.low, terms), rounding)

        def clamped(one: Interval) -> Interval:
            return Interval(min(max(one.low, low.low), high.high), min(max(one.high, low.low), high.high))

        score = clamped(whole.published)
        for rule in rulebook.adjustments:
            if rule.on_nodes:
                continue
            terms["score"] = Term("得分", "number", None, _domain(score))
            holds = True if rule.when is None else always(rule.when, terms)
            if holds is False:
                continue
            after = score
            for key, formula in rule.amounts():
                after = clamped(self._rounded(_moved(key, after, bounds(formula, terms)), rounding))
                terms["score"] = Term("得分", "number", None, _domain(after))
            score = after if holds else _hull(score, after)
        return score


def _moved(key: str, score: Interval, amount: Interval) -> Interval:
    match key:
        case "add":
            return _sum(score, amount)
        case "deduct":
            return _sum(score, Interval(-amount.high, -amount.low))
        case "multiply":
            ends = [_scaled(a, b) for a in (score.low, score.high) for b in (amount.low, amount.high)]
            return Interval(min(ends), max(ends))
        case "cap_score":
            return Interval(min(score.low, amount.low), min(score.high, amount.high))
        case _:
            return amount


def _there(reached: Reach, points: Interval) -> Interval:
    """What a member brings to a sum, which goes on without it where it has to."""
    return point(0) if reached.gone else _hull(points, point(0)) if reached.may_leave else points


def _limited(reached: Reach, most: Interval, certain: bool) -> Reach:
    def kept(one: Interval) -> Interval:
        high = min(one.high, most.high) if certain else one.high
        return Interval(min(one.low, most.low), high)

    return evolve(reached, exact=kept(reached.exact), published=kept(reached.published))


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


def _interval(domain: Domain) -> Interval:
    return Interval(-inf if domain.low is None else domain.low, inf if domain.high is None else domain.high)


def _domain(reach: Interval) -> Domain:
    low = reach.low if isinstance(reach.low, Fraction) else None
    high = reach.high if isinstance(reach.high, Fraction) else None
    return Domain(low, high)


def _shares(points: Interval, whole: Interval) -> Interval:
    """Points ÷ weight, over everything that both can be."""
    if not isinstance(whole.low, Fraction) or whole.low <= 0:
        low: End = NOTHING if points.low >= 0 else -inf
        return Interval(low, inf if points.high > 0 else NOTHING)
    over = Fraction(0) if isinstance(whole.high, float) else 1 / whole.high
    ends = [_scaled(a, b) for a in (points.low, points.high) for b in (1 / whole.low, over)]
    return Interval(min(ends), max(ends))


def _scaled(end: End, factor: End) -> End:
    if end == 0 or factor == 0:
        return NOTHING
    if isinstance(end, float) or isinstance(factor, float):
        return inf if (end > 0) == (factor > 0) else -inf
    return end * factor


def _hull(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.low, other.low), max(one.high, other.high))


def _sum(one: Interval, other: Interval) -> Interval:
    return Interval(_plus(one.low, other.low), _plus(one.high, other.high))


def _sum_all(intervals: list[Interval]) -> Interval:
    total = point(0)
    for one in intervals:
        total = _sum(total, one)
    return total


def _sum_ends(ends: list[End]) -> End:
    total: End = NOTHING
    for end in ends:
        total = _plus(total, end)
    return total


def _plus(one: End, other: End) -> End:
    return one if isinstance(one, float) else other if isinstance(other, float) else one + other


def _minus(one: End, other: End) -> End:
    return _plus(one, -other)
