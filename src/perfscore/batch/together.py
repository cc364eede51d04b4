"""Judge a batch by columns: leaf after leaf, then what they come to together.

In: a plan and the columns of a batch. Out: `Results` of every row, and the odd rows among them, whose results are to be
replaced by those of the exact reader. Only rows are settled here in which everything applies and no adjustment is made;
where a figure is missing, by the policy for that. What is rare is left to the exact reader.
"""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction

import numpy as np
from attrs import define, field, frozen

from perfscore.batch.findings import findings_of_all
from perfscore.batch.grouped import parameter_column
from perfscore.batch.leaves import (
    Kept,
    Standing,
    begin,
    by_one,
    by_steps,
    judged,
    lose,
)
from perfscore.batch.lines import NodeLine, records_of
from perfscore.batch.missing import alone, settled
from perfscore.batch.preparing import ByColumns
from perfscore.batch.results import STATES, Places, Results, Units, no_records
from perfscore.batch.taking import Taken
from perfscore.formula.columns import Column, Columns
from perfscore.formula.shapes import Formula
from perfscore.formula.wholes import (
    OF_NO_INPUT,
    Figures,
    Lacks,
    Mask,
    NoColumns,
    constant,
    either,
    lacking,
)
from perfscore.plan import Fill, PlannedLeaf, PlannedNode
from perfscore.rulebook import Measure


def judged_batch(by: ByColumns, taken: Taken, size: int) -> tuple[Results, Mask | None]:
    """The results of a batch, and its odd rows."""
    return _Batch(by, taken, size).results()


@frozen(eq=False)
class JudgedFirst:
    """A batch of which some nodes are judged: its columns, its odd rows, and by leaf what is missing in which rows."""

    columns: Columns
    odd: Mask | None
    told: dict[int, Lacks]


def judged_first(by: ByColumns, taken: Taken, size: int, nodes: Container[int]) -> JudgedFirst:
    """A batch as far as some nodes, before all are judged; with the whole, its score."""
    batch = _Batch(by, taken, size)
    batch.judge(nodes)
    if 0 in nodes:
        batch._total(batch.units[0])
    return JudgedFirst(batch._columns(), batch.odd, batch.told)


@define(eq=False)
class _Batch:
    by: ByColumns
    taken: Taken
    size: int
    units: dict[int, Units] = field(factory=dict)
    losses: list[NodeLine] = field(factory=list)
    gains: list[NodeLine] = field(factory=list)
    odd: Mask | None = None
    excused: dict[int, None] = field(factory=dict)
    lacks: dict[int, Lacks] = field(factory=dict)
    """By node, the rows in which it has no points, and what is missing there."""
    told: dict[int, Lacks] = field(factory=dict)
    """By leaf, the rows in which what it reads is missing, whatever comes of that."""

    @property
    def held(self) -> dict[int, Column]:
        return self.taken.held

    def results(self) -> tuple[Results, Mask | None]:
        plan, frame = self.by.plan, self.by.frame
        self.judge(range(len(plan.nodes)))
        score = self.units[0]
        self._total(score)
        lines = sorted((*self.losses, *self.gains), key=lambda one: one.node)
        findings = findings_of_all(frame, self.taken, self._columns(), lines, self.told)
        without = lacking(self.lacks.get(0))
        wide = range(len(plan.nodes))
        return (
            Results(
                size=self.size,
                units=[self.units[index] for index in wide],
                lacking=[lacking(self.lacks.get(index)) for index in wide],
                states=[self._states(index) for index in wide],
                score=score,
                subtotal=score,
                without_score=without,
                without_subtotal=without,
                rating=self._ratings(score, without),
                deductions=records_of(self.losses, self.size, self.by.packing),
                credits=records_of(self.gains, self.size, self.by.packing),
                adjustments=no_records(self.size),
                findings=findings,
            ),
            self.odd,
        )

    def judge(self, nodes: Container[int]) -> None:
        """Fill in every figure, and judge some nodes, in the order in which they read one another."""
        self.odd = self.taken.odd
        for step in self.by.plan.steps:
            if isinstance(step, Fill):
                self._figure(step.slot)
            elif step.index not in nodes:
                continue
            elif step.leaf is not None:
                self._leaf(step, step.leaf)
            else:
                self._branch(step)
        if 0 in nodes:
            self._branch(self.by.plan.nodes[0])

    def _mark(self, odd: Mask | None) -> None:
        self.odd = either(self.odd, odd)

    def _columns(self, leaf: PlannedLeaf | None = None) -> Columns:
        if leaf is None:
            return Columns(self.size, self.held, self.by.plan.of, {}, self.by.inputs, self.by.known, self.by.lines)
        return Columns(
            self.size, self.held, leaf.slots.of, leaf.slots.answers, self.by.inputs, self.by.known, self.by.lines
        )

    def _figure(self, slot: int) -> None:
        """A measure or a parameter; one that has no columns is missed only where it is read."""
        figure = self.by.figures[slot]
        try:
            if isinstance(figure, Measure):
                self.held[slot] = self._columns().read(figure.formula)
            else:
                self.held[slot] = parameter_column(figure, self._columns())
        except NoColumns:
            return

    def _leaf(self, planned: PlannedNode, leaf: PlannedLeaf) -> None:
        plan = self.by.plan
        if plan.worth is None:
            raise NoColumns
        self._applies(planned)
        self._computed(leaf)
        columns, worth = self._columns(leaf), plan.worth[planned.index]
        if (steps := self.by.steps.get(planned.index)) is not None and leaf.value is not None:
            value = self.held.get(leaf.value)
            if not isinstance(value, Figures):
                raise NoColumns
            kept = by_steps(steps, value, self.size, self.by.packing)
        elif (left := self.by.left.get(planned.index)) is not None:
            kept = by_one(leaf.losses[0], left, columns, worth)
        else:
            rulebook = plan.rulebook
            kept = judged(leaf, columns, worth, rulebook.rounding, demerit=rulebook.demerit)
        self._keep(planned, kept)

    def _keep(self, planned: PlannedNode, kept: Kept) -> None:
        if (without := kept.without) is not None and without.any():
            kept = self._lacking(planned, kept, without)
        self.losses += [NodeLine(planned.index, line) for line in kept.losses]
        self.gains += [NodeLine(planned.index, line) for line in kept.gains]
        self._publish(planned, kept.units)

    def _lacking(self, planned: PlannedNode, kept: Kept, without: Lacks) -> Kept:
        plan, leaf = self.by.plan, planned.leaf
        if leaf is None or plan.worth is None:
            raise TypeError(planned)
        self.told[planned.index] = without
        self._mark(alone(leaf.indicator, plan.rulebook, without))
        if leaf.indicator.missing != "zero":
            self.lacks[planned.index] = without
        return settled(kept, leaf.indicator, without, plan.worth[planned.index], demerit=plan.rulebook.demerit)

    def _states(self, index: int) -> Units | None:
        """The places of the states of a node; None where every row is scored."""
        state = "missing" if index in self.told else "not-scored"
        found = self.told.get(index, self.lacks.get(index))
        return None if found is None else np.where(found != 0, STATES.index(state), 0)

    def _publish(self, planned: PlannedNode, units: Units) -> None:
        """Keep the units of a node, and let formulas read them."""
        self.units[planned.index] = units
        plan = self.by.plan
        if planned.unread or plan.worth is None:
            return
        low, high = (int(units.min()), int(units.max())) if self.size else (0, 0)
        without = self.lacks.get(planned.index)
        size, whole = plan.rulebook.rounding.size, plan.worth[planned.index]
        if planned.points is not None:
            self.held[planned.points] = Figures(units, size, low, high, size, without)
        if planned.share is not None and whole > 0:
            self.held[planned.share] = Figures(units, whole, low, high, whole, without)

    def _computed(self, leaf: PlannedLeaf) -> None:
        """`value` and `target`, where they are no figure of their own."""
        place = leaf.place
        for name, formula in (("value", leaf.indicator.measured), ("target", place.target_number)):
            slot = leaf.slots.of.get(name)
            if slot is not None and formula is not None and slot not in self.held:
                self._read_into(slot, formula)

    def _read_into(self, slot: int, formula: Formula) -> None:
        try:
            self.held[slot] = self._columns().read(formula)
        except NoColumns:
            return

    def _applies(self, planned: PlannedNode) -> None:
        """Rows to which a node, or one over it, does not apply are odd."""
        while planned.index:
            applies = planned.node.applies
            if planned.index not in self.excused and applies is not None:
                self.excused[planned.index] = None
                found = self._columns().truths(applies)
                self._mark(lacking(found.without))
                self._mark(np.broadcast_to(np.logical_not(found.holds), (self.size,)))
            planned = self.by.plan.nodes[planned.parent]

    def _branch(self, planned: PlannedNode) -> None:
        if planned.node.aggregate == "pool":
            self._pool(planned)
            return
        children = [self.units[child] for child in planned.children]
        total: Units = np.zeros(self.size, np.int64 if self.by.packing.width is np.int64 else np.int32)
        for one in children:
            np.add(total, one, out=total, casting="same_kind")
        lacks = [self.lacks[child] != 0 for child in planned.children if child in self.lacks]
        if lacks:
            self.lacks[planned.index] = np.logical_or.reduce(lacks) * np.int32(OF_NO_INPUT)
        self._within(planned, total)
        self._publish(planned, total)

    def _within(self, planned: PlannedNode, total: Units) -> None:
        """Rows in which a branch leaves its range are odd."""
        if planned.node.range is None:
            return
        columns = Columns(self.size, self.held, {**self.by.plan.of, "weight": planned.worth})
        rounding = self.by.plan.rulebook.rounding
        for end, sign in ((planned.node.range.low, 1), (planned.node.range.high, -1)):
            same = columns.figures(end.low).same
            if same is None:
                raise NoColumns
            self._mark(sign * total < sign * rounding.units(same.numerator, same.denominator))

    def _pool(self, planned: PlannedNode) -> None:
        plan, standing = self.by.plan, None
        rulebook = plan.rulebook
        if plan.worth is None:
            raise NoColumns
        for child in planned.children:
            member = plan.nodes[child]
            if member.leaf is None:
                raise NoColumns
            self._applies(member)
            self._computed(member.leaf)
            columns = self._columns(member.leaf)
            if standing is None:
                worth = plan.worth[planned.index]
                standing = begin(member.leaf, columns, worth, rulebook.rounding, demerit=rulebook.demerit)
            before = standing.units
            kept = Kept(np.zeros(0, np.int64))
            lose(member.leaf, columns, standing, kept)
            kept.units = self._all(standing.units) - self._all(before)
            self._keep(member, kept)
        if standing is None:
            raise NoColumns
        total = self._pooled(standing)
        self._within(planned, total)
        self._publish(planned, total)

    def _pooled(self, standing: Standing) -> Units:
        self._mark(lacking(standing.without))
        return self._all(standing.units)

    def _all(self, units: Units | int) -> Units:
        found = np.asarray(units, np.int64)
        return found if found.ndim else np.full(self.size, found)

    def _total(self, score: Units) -> None:
        """Rows whose score leaves its range, or that an adjustment changes, are odd."""
        plan = self.by.plan
        rulebook = plan.rulebook
        if plan.worth is None:
            raise NoColumns
        full, size = plan.worth[0], rulebook.rounding.size
        low, high = 0, full
        self.held[plan.of["weight"]] = constant(Fraction(full, size))
        columns = self._columns()
        if rulebook.range is not None:
            ends = [columns.figures(end.low).same for end in (rulebook.range.low, rulebook.range.high)]
            if ends[0] is None or ends[1] is None:
                raise NoColumns
            low, high = (rulebook.rounding.units(one.numerator, one.denominator) for one in ends if one is not None)
        least, greatest = (int(score.min()), int(score.max())) if self.size else (low, high)
        if least < low or greatest > high:
            self._mark((score < low) | (score > high))
        nodes_first = sorted(plan.adjustments, key=lambda one: not one.rule.on_nodes)
        for planned in nodes_first:
            if not planned.rule.on_nodes:
                self.held[plan.total] = Figures(score, size, least, greatest, size)
            if planned.rule.when is not None:
                fires = columns.truths(planned.rule.when)
                self._mark(lacking(fires.without))
                self._mark(np.broadcast_to(np.asarray(fires.holds), (self.size,)))
        without = self.lacks.get(0)
        if plan.adjustments:  # what an adjustment does where there is no score
            self._mark(lacking(without))
        self.held[plan.total] = Figures(score, size, least, greatest, size, without)

    def _ratings(self, score: Units, without: Mask | None) -> Places:
        """The place of the rating of every score."""
        plan = self.by.plan
        size = plan.rulebook.rounding.size
        starts = [-(-start * size // over) for start, over, _ in plan.scale]
        places = [-1, *(self.by.frame.place_of_rating[name] for _, _, name in reversed(plan.scale))]
        reached = np.zeros(len(score), np.int8)
        for start in starts:
            reached += score >= start
        found: Places = np.take(np.array(places, np.int16), reached)
        if without is not None:
            found[without] = -1
        return found
