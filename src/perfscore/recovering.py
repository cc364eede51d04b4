"""What would win each lost point back: the smallest change of one figure, found from the rule and judged again.

In: a plan, and a subject as it was judged. Out: a `Recovery` of each deduction, in their order. What is offered was
judged: the whole row, with that one figure changed, leaves the indicator as many points more as the deduction took.
Nothing of this runs while a subject is assessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import define, evolve, field

from perfscore.adjusting import Total, adjust
from perfscore.aggregating import Heard, judge_tree
from perfscore.changing import Figure
from perfscore.formula.alone import alone
from perfscore.formula.arithmetic import Absent, Records, Row, Slot, Unreadable, Value
from perfscore.formula.exact import fraction
from perfscore.formula.gathering import with_record
from perfscore.formula.piece import Curve, NoCurveError
from perfscore.formula.shapes import Formula, not_below_zero
from perfscore.judging import begin
from perfscore.leaving import kept
from perfscore.outcome import Outcome, Taken
from perfscore.plan import Plan, PlannedLeaf, PlannedNode
from perfscore.recovery import Change, Recovery, WithoutWay
from perfscore.seeking import (
    Ruler,
    Wanted,
    enough,
    leaps,
    piece_at,
    pieces_near,
    spans,
    turning_values,
    values_winning,
)
from perfscore.valuetext import exactly
from perfscore.weighing import worth_of
from perfscore.words import Words
from perfscore.yardsticks import figures_to_change, read_by_others

MOST_TRIES = 8
"""So many values of one figure are judged, the nearest first."""
BY_CODE: dict[str, WithoutWay] = {
    "aggregate": "members",
    "range-high": "limit",
    "range-low": "limit",
    "range": "limit",
    "review": "review",
    "not-applicable": "not-applicable",
    "missing": "lacking",
    "undefined": "lacking",
}
"""Records that no criterion wrote; any other code is that of an adjustment."""


@define(eq=False)
class Recovering:
    """A subject that was judged, to be judged again with one figure changed."""

    plan: Plan
    row: list[Slot]
    heard: Heard
    total: Total
    before: list[Outcome] = field(init=False)
    """How its nodes stood before the total was adjusted."""
    others: frozenset[str] | None = field(init=False)
    """Figures that those it is compared with are compared by; None where nothing can be said of any."""

    def __attrs_post_init__(self) -> None:
        self.before = judge_tree(self.plan, list(self.row), self.heard)
        self.others = read_by_others(self.plan, self.row)

    def recoveries(self, outcomes: Sequence[Outcome]) -> Iterator[Recovery]:
        """Of each deduction, those of the whole last."""
        nodes = (*self.plan.nodes[1:], self.plan.nodes[0])
        taken = [(one, each) for one in nodes for each in outcomes[one.index].taken if not each.is_credit]
        counted = sum(each.units for one, each in taken if one.counted)
        for planned, one in taken:
            share = Fraction(one.units, counted) if planned.counted else None
            yield evolve(self._recovery(planned, one), capped=one.capped, share=share)

    def _recovery(self, planned: PlannedNode, one: Taken) -> Recovery:
        leaf = planned.leaf
        if leaf is None or one.by_tree or one.loss.code in ("missing", "undefined"):
            return Recovery(why_not=BY_CODE.get(one.loss.code, "adjustment"))
        return _Lost(self, planned, leaf, one).recovery()

    def judged_with(self, slot: int, value: Slot) -> tuple[list[Outcome], int | None]:
        """Every node, and the score, with something else in one slot."""
        changed = list(self.row)
        changed[slot] = value
        outcomes = judge_tree(self.plan, changed, self.heard)
        before = list(outcomes)
        return before, adjust(self.plan, changed, outcomes).score


@define(eq=False)
class _Lost:
    """One deduction of a leaf."""

    subject: Recovering
    planned: PlannedNode
    leaf: PlannedLeaf
    taken: Taken
    row: Row = field(init=False)
    record: Words | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self.row = self.subject.row
        over, at = self.taken.loss.over, self.taken.record
        if over is not None and at is not None:
            self.row, self.record = with_record(self.row, self.leaf.slots.of[over], at)

    def recovery(self) -> Recovery:
        reckoned = self._reckoned()
        if self.taken.judged:
            return Recovery(why_not="judged", reckoned=reckoned)
        plan, others, by_others = self.subject.plan, self.subject.others, False
        view, missed, near = self.leaf.view, None, None
        for name in figures_to_change(self.taken.loss, view.stands, view.origins):
            figure = self._figure(name)
            if figure is None:
                continue
            if others is None or (name in others and name in plan.inputs):
                by_others = True
                continue
            change, better, hair = self._changes(figure)
            missed, near = missed or better, near or hair
            if change is not None:
                return Recovery(change, None, None if better == change else better, hair, reckoned=reckoned)
        return Recovery(None, "by-others" if by_others else "no-single-figure", missed, near, reckoned=reckoned)

    def _reckoned(self) -> Fraction | None:
        try:
            return fraction(self.leaf.slots.numeric(self.taken.loss.points)(self.row))
        except Unreadable:
            return None

    def _figure(self, name: str) -> Figure | None:
        """The figure of a name, where it is one that can be changed."""
        plan, over = self.subject.plan, self.taken.loss.over
        if name not in plan.inputs and name not in plan.columns:
            return None
        slot, term = plan.of[name], plan.vocabulary[name]
        held = self.row[slot]
        if isinstance(held, Absent | Records) or term.type in ("choice", "text", "table"):
            return None
        if name in plan.inputs:
            return Figure(name, term, held, slot, lambda value: value)
        table = None if over is None else self.row[plan.of[over]]
        if over is None or not name.startswith(f"{over}.") or not isinstance(table, Records):
            return None
        at, column = self.taken.record or 0, slot - plan.of[over] - 1

        def put(value: Slot) -> Records:
            cells = [list(one) for one in table.cells]
            cells[at][column] = value
            return evolve(table, cells=tuple(map(tuple, cells)))

        return Figure(name, term, held, plan.of[over], put, self.record)

    def _changes(self, figure: Figure) -> tuple[Change | None, Change | None, Change | None]:
        """The change that wins everything back, the nearest that wins anything where points leap, and that by a hair."""
        if isinstance(figure.held, bool):
            return self._change(figure, not figure.held, self.taken.units), None, None
        at, ruler = figure.ruled()
        points = None if self.leaf.place.pooled else kept(self.leaf.indicator.criterion, self.leaf.place)
        change = better = hair = None
        pieces: Curve = ()
        for pieces in self._curves(points, ruler, at):
            better, hair = self._better(figure, ruler, at, pieces)
            if (change := self._winning(figure, pieces, ruler, at)) is not None:
                return change, better, hair
        if not pieces:
            change = self._by_its_loss(figure, ruler, at)
        elif not spans(
            pieces, ruler.domain
        ):  # it can be followed, but not so far; what bends proves nothing at its turns
            change = self._by_a_turn(figure, ruler, at)
        return change, better, hair

    def _curves(self, points: Formula | None, ruler: Ruler, at: Fraction) -> Iterator[Curve]:
        if points is None:
            return
        try:
            yield from pieces_near(self._alone(points, ruler.name), ruler, at)
        except NoCurveError:
            return

    def _alone(self, formula: Formula, name: str) -> Formula:
        view = self.leaf.view
        return alone(formula, name, self.leaf.slots, self.row, {**view.origins, **view.stands})

    def _better(self, figure: Figure, ruler: Ruler, at: Fraction, pieces: Curve) -> tuple[Change | None, Change | None]:
        """From a level stretch of the curve: the nearest value that wins anything, and whether that is a hair away."""
        here = piece_at(pieces, at)
        if here is None or not here.flat:
            return None, None
        wanted = self._wanted(1)
        for value in values_winning(wanted, pieces, ruler, at)[:MOST_TRIES]:
            if (change := self._change(figure, figure.at(value), 1)) is not None:
                close = figure.is_hair(abs(value - at), value, here.where)
                return change, change if close and leaps(pieces, at, value) else None
        return None, None

    def _winning(self, figure: Figure, pieces: Curve, ruler: Ruler, at: Fraction) -> Change | None:
        """The nearest value at which the rule takes nothing; where cents are lost on the way, at which they are made up for."""
        for wanted in (self._all_back(), self._wanted(self.taken.units)):
            for value in values_winning(wanted, pieces, ruler, at)[:MOST_TRIES]:
                if (change := self._change(figure, figure.at(value), self.taken.units)) is not None:
                    return change
        return None

    def _all_back(self) -> Wanted:
        """The exact points that there would be without the loss, before any rounding."""
        subject, leaf = self.subject, self.leaf
        rulebook, worth = subject.plan.rulebook, worth_of(subject.plan, list(self.row))
        units = 0 if worth is None else worth[self.planned.index]
        standing = begin(leaf, list(self.row), units, rulebook.rounding, demerit=rulebook.demerit)
        lost = Fraction(0)
        for up, moves in ((rulebook.demerit, leaf.losses), (not rulebook.demerit, leaf.gains)):
            for one in moves:
                before = fraction(standing.at)
                standing.move(one.loss, one.points(list(self.row)), (), up=up)
                if one.loss is self.taken.loss:
                    lost = fraction(standing.at) - before
        return Wanted(fraction(standing.at) - lost, not rulebook.demerit, less=rulebook.demerit)

    def _by_its_loss(self, figure: Figure, ruler: Ruler, at: Fraction) -> Change | None:
        """Where the points are no curve: where the loss itself takes nothing."""
        nothing = Wanted(Fraction(0), False, less=True)
        for pieces in self._curves(not_below_zero(self.taken.loss.points), ruler, at):
            if (change := self._first(figure, ruler, at, values_winning(nothing, pieces, ruler, at))) is not None:
                return change
        return None

    def _by_a_turn(self, figure: Figure, ruler: Ruler, at: Fraction) -> Change | None:
        """Where the curve has too many steps: the nearest place where a part of the loss turns."""
        try:
            points = self._alone(self.taken.loss.points, ruler.name)
        except NoCurveError:
            return None
        values = turning_values(points, ruler, at)[:MOST_TRIES]
        for value in values:
            if self._lost_with(figure, figure.at(value)) == 0:
                change = self._change(figure, figure.at(value), self.taken.units)
                if change is not None:
                    return change
        return self._first(figure, ruler, at, values)

    def _lost_with(self, figure: Figure, value: Value) -> Fraction | None:
        """What the loss takes with another value, before the weight runs out and before rounding."""
        changed = list(self.row)
        changed[figure.slot] = figure.put(value)
        try:
            judge_tree(self.subject.plan, changed, self.subject.heard)
            return max(fraction(self.leaf.slots.numeric(self.taken.loss.points)(changed)), Fraction(0))
        except Unreadable:
            return None

    def _first(self, figure: Figure, ruler: Ruler, at: Fraction, values: list[Fraction]) -> Change | None:
        """The first of some values that wins, and from there back as far as that wins."""
        for value in values[:MOST_TRIES]:
            if self._wins(figure, figure.at(value), self.taken.units) is not None:
                nearest = self._nearest(figure, ruler, at, value)
                return self._change(figure, figure.at(nearest), self.taken.units)
        return None

    def _nearest(self, figure: Figure, ruler: Ruler, at: Fraction, value: Fraction) -> Fraction:
        """A value that wins of which the step before does not, between the figure and one that wins."""
        way = ruler.step if value > at else -ruler.step
        low, high = 0, int((value - at) / way)
        while high - low > 1:
            middle = (low + high) // 2
            if self._wins(figure, figure.at(value - (high - middle) * way), self.taken.units) is not None:
                value, high = value - (high - middle) * way, middle
            else:
                low = middle
        return value

    def _wanted(self, units: int) -> Wanted:
        """The points that are enough to have so many units more; under demerit, so many fewer."""
        own, rounding = self.leaf.indicator.rounding, self.subject.plan.rulebook.rounding
        scale = 1
        if own is not None:
            own = own if own.places <= rounding.places else evolve(own, places=rounding.places)
            scale, rounding = rounding.size // own.size, own
        now = _computed(self.subject.before[self.planned.index])
        if self.subject.plan.rulebook.demerit:
            wanted = enough(rounding, (now - units) // scale + 1)
            return evolve(wanted, less=True)
        return enough(rounding, -(-(now + units) // scale))

    def _wins(self, figure: Figure, value: Value, units: int) -> tuple[int, int | None] | None:
        """How many units the leaf has more, and the score, where the changed figure wins at least so many."""
        try:
            outcomes, score = self.subject.judged_with(figure.slot, figure.put(value))
        except Unreadable:
            return None
        after = outcomes[self.planned.index]
        if after.state != "scored":
            return None
        more = _computed(after) - _computed(self.subject.before[self.planned.index])
        if self.subject.plan.rulebook.demerit:
            more = -more
        return (more, score) if more >= units else None

    def _change(self, figure: Figure, value: Value, units: int) -> Change | None:
        won = self._wins(figure, value, units)
        if won is None:
            return None
        rounding, total = self.subject.plan.rulebook.rounding, self.subject.total.score
        more, score = won
        told, by = figure.told(value)
        return Change(
            input=figure.name,
            held=exactly(figure.held) or "",
            to=exactly(value) or "",
            by=by,
            unit=figure.unit,
            points=rounding.published(more),
            score=None if score is None or total is None else rounding.published(score - total),
            told=told,
            place=None if figure.record is None else self.taken.record,
            demerit=self.subject.plan.rulebook.demerit,
            record=None if figure.record is None else figure.record.into(self.subject.plan.rulebook.language),
        )


def _computed(outcome: Outcome) -> int:
    """What the rule alone gave."""
    found = outcome.computed if outcome.reviewed else outcome.units
    return 0 if found is None else found
