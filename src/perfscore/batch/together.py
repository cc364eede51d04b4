"""Judge a batch by columns: leaf after leaf, then what they come to together.

In: a plan and the columns of a batch. Out: `Results` of every row, and the odd rows among them, whose results are to be
replaced by those of the exact reader. Only rows are settled here in which everything applies; where a figure is missing, by
the policy for that. What is rare is left to the exact reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
from attrs import define, evolve, field

from perfscore.batch.adjusting import Adjusting, where_holds
from perfscore.batch.branches import Limit, aggregated, corrected, ends_of, inside, limits_of
from perfscore.batch.findings import findings_of_all
from perfscore.batch.leaves import (
    Kept,
    Line,
    begin,
    by_one,
    by_steps,
    judged,
    lose,
    rounded_units,
)
from perfscore.batch.lines import NodeLine, records_of
from perfscore.batch.missing import alone, settled
from perfscore.batch.parameters import parameter_in
from perfscore.batch.preparing import ByColumns
from perfscore.batch.results import STATES, Results, Units
from perfscore.batch.taking import Taken
from perfscore.formula.columns import Column, Columns
from perfscore.formula.shapes import Formula
from perfscore.formula.wholes import (
    OF_NO_INPUT,
    Figures,
    Lacks,
    Mask,
    NoColumns,
    either,
    lacking,
    plus,
)
from perfscore.indicator import Branch
from perfscore.plan import Fill, PlannedLeaf, PlannedNode
from perfscore.rulebook import Measure


def judged_batch(by: ByColumns, taken: Taken, size: int) -> tuple[Results, Mask | None]:
    """The results of a batch, and its odd rows."""
    return _Batch(by, taken, size).results()


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
    exact: dict[int, Figures] = field(factory=dict)
    """By node, the points before rounding, where an aggregate over it reads them."""
    lacks: dict[int, Lacks] = field(factory=dict)
    """By node, the rows in which it has no points, and what is missing there."""
    told: dict[int, Lacks] = field(factory=dict)
    """By leaf, the rows in which what it reads is missing, whatever comes of that."""

    @property
    def held(self) -> dict[int, Column]:
        return self.taken.held

    def results(self) -> tuple[Results, Mask | None]:
        plan, frame = self.by.plan, self.by.frame
        self.odd = self.taken.odd
        for step in plan.steps:
            if isinstance(step, Fill):
                self._figure(step.slot)
            elif step.leaf is not None:
                self._leaf(step, step.leaf)
            else:
                self._branch(step)
        self._branch(plan.nodes[0])
        self._limit()
        subtotal, without = self.units[0], lacking(self.lacks.get(0))
        total = Adjusting(frame, self._columns(), self.held, subtotal, self.lacks.get(0))
        total.run()
        self._mark(total.odd)
        lines = sorted((*self.losses, *self.gains), key=lambda one: one.node)
        findings = findings_of_all(frame, self.taken, self._columns(), lines, self.told)
        wide = range(len(plan.nodes))
        return (
            Results(
                size=self.size,
                units=[self.units[index] for index in wide],
                lacking=[lacking(self.lacks.get(index)) for index in wide],
                states=[self._states(index) for index in wide],
                score=total.score,
                subtotal=subtotal,
                without_score=without,
                without_subtotal=without,
                rating=total.ratings(),
                deductions=records_of(self.losses, self.size, self.by.packing),
                credits=records_of(self.gains, self.size, self.by.packing),
                adjustments=total.records(),
                findings=findings,
            ),
            self.odd,
        )

    def _mark(self, odd: Mask | None) -> None:
        self.odd = either(self.odd, odd)

    def _columns_at(self, planned: PlannedNode) -> Columns:
        """The columns that the points of a node are read in: a share there is one of its weight."""
        return evolve(self._columns(), slots={**self.by.plan.of, "weight": planned.worth})

    def _columns(self, leaf: PlannedLeaf | None = None) -> Columns:
        slots, answers = (self.by.plan.of, {}) if leaf is None else (leaf.slots.of, leaf.slots.answers)
        return Columns(self.size, self.held, slots, answers, self.by.inputs, self.by.known, self.by.lines)

    def _figure(self, slot: int) -> None:
        """A measure or a parameter; one that has no columns is missed only where it is read."""
        figure = self.by.figures[slot]
        try:
            if isinstance(figure, Measure):
                self.held[slot] = self._columns().read(figure.formula)
            else:
                self.held[slot] = parameter_in(self._columns(), figure)
        except NoColumns:
            return

    def _leaf(self, planned: PlannedNode, leaf: PlannedLeaf) -> None:
        plan = self.by.plan
        if plan.worth is None:
            raise NoColumns
        self._applies(planned)
        self._computed(leaf)
        columns, worth = self._columns(leaf), plan.worth[planned.index]
        rounding, demerit = plan.rulebook.rounding, plan.rulebook.demerit
        if planned.exactly:  # only a leaf judged by its losses one after another says what it had before rounding
            kept = judged(leaf, columns, worth, rounding, demerit=demerit)
        elif (steps := self.by.steps.get(planned.index)) is not None and leaf.value is not None:
            value = self.held.get(leaf.value)
            if not isinstance(value, Figures):
                raise NoColumns
            kept = by_steps(steps, value, self.size, self.by.packing)
        elif (left := self.by.left.get(planned.index)) is not None:
            kept = by_one(leaf.losses[0], left, columns, worth)
        else:
            kept = judged(leaf, columns, worth, rounding, demerit=demerit)
        self._keep(planned, kept)

    def _keep(self, planned: PlannedNode, kept: Kept) -> None:
        if (without := kept.without) is not None and without.any():
            kept = self._lacking(planned, kept, without)
        if planned.exactly and kept.exact is not None:
            self.exact[planned.index] = evolve(kept.exact, without=None)
        widened = self.by.packing.width is np.int64  # else no leaf is worth more than fits
        for lines, some in ((self.losses, kept.losses), (self.gains, kept.gains)):
            lines += [NodeLine(planned.index, self._fitting(one) if widened else one) for one in some]
        self._publish(planned, kept.units)

    def _lacking(self, planned: PlannedNode, kept: Kept, without: Lacks) -> Kept:
        plan, leaf = self.by.plan, planned.leaf
        if leaf is None or plan.worth is None:
            raise TypeError(planned)
        self.told[planned.index] = without
        self._mark(alone(leaf.indicator, plan.rulebook, without))
        if leaf.indicator.missing != "zero":
            self.lacks[planned.index] = without
        return settled(kept, leaf.indicator, without, plan.worth[planned.index], plan.rulebook)

    def _states(self, index: int) -> Units | None:
        """The places of the states of a node; None where every row is scored."""
        state = "missing" if index in self.told else "not-scored"
        found = self.told.get(index, self.lacks.get(index))
        return None if found is None else np.where(found != 0, STATES.index(state), 0)

    def _publish(self, planned: PlannedNode, units: Units) -> None:
        """Keep the units of a node, and let formulas read them."""
        self.units[planned.index] = units
        plan = self.by.plan
        if planned.unread or plan.worth is None or (planned.leaf is not None and planned.leaf.place.pooled):
            return  # a member of a pool has no points of its own
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
        lacks = [self.lacks[child] != 0 for child in planned.children if child in self.lacks]
        if lacks:
            self.lacks[planned.index] = np.logical_or.reduce(lacks) * np.int32(OF_NO_INPUT)
        if not planned.adds:
            self._aggregated(planned)
            return
        children = [self.units[child] for child in planned.children]
        total: Units = np.zeros(self.size, np.int64 if self.by.packing.width is np.int64 else np.int32)
        for one in children:
            np.add(total, one, out=total, casting="same_kind")
        exact = reduce(plus, (self.exact[child] for child in planned.children)) if planned.exactly else None
        self._settle(planned, total, exact)

    def _aggregated(self, planned: PlannedNode) -> None:
        """A branch that acts on its members' shares, times the weight that it says itself."""
        plan, branch = self.by.plan, planned.node
        worth, rulebook = plan.worth, plan.rulebook
        if worth is None or not isinstance(branch, Branch):
            raise NoColumns
        whole = worth[planned.index]
        members = [(self.exact[child], worth[child]) for child in planned.children if worth[child] > 0]
        if not members:
            raise NoColumns
        exact, kept = aggregated(branch, members, whole, rulebook.rounding, self.size)
        total = self._all(kept)  # it may be the same for everybody
        self._record(planned.index, total if rulebook.demerit else total - whole, "aggregate")
        self._settle(planned, total, exact if planned.exactly else None)

    def _settle(self, planned: PlannedNode, units: Units, exact: Figures | None) -> None:
        """Keep what a branch comes to, within its range."""
        if exact is not None:
            self.exact[planned.index] = exact
        if planned.node.range is not None:
            low, high, odd = ends_of(planned.node.range, self._columns_at(planned), self.by.plan.rulebook.rounding)
            self._mark(odd)
            units = self._moved(planned.index, units, inside(units, low, high), "range")
        self._publish(planned, units)

    def _moved(self, index: int, before: Units, after: Units, code: str) -> Units:
        """What a node has after the tree moved its points, of which a record is made."""
        if after is before:
            return before
        moved = after - before
        self._record(index, moved, code)
        if (exact := self.exact.get(index)) is not None:
            self.exact[index] = corrected(exact, after, moved != 0, self.by.plan.rulebook.rounding.size)
        return after

    def _record(self, index: int, moved: Units, code: str) -> None:
        """Records of points that no criterion took or gave, by how many units they moved."""
        if (without := self.lacks.get(index)) is not None:
            moved = np.where(without == 0, moved, 0)
        up, down = (self.losses, self.gains) if self.by.plan.rulebook.demerit else (self.gains, self.losses)
        for lines, units in ((up, np.maximum(moved, 0)), (down, np.maximum(-moved, 0))):
            if units.any():
                lines.append(NodeLine(index, self._fitting(Line(units, code))))

    def _fitting(self, line: Line) -> Line:
        """A line whose units fit in beside its code; rows in which they do not are odd."""
        most = self.by.packing.largest
        if line.code is None or line.moved.max(initial=0) <= most:
            return line
        large = line.moved > most
        self._mark(large)
        return evolve(line, moved=np.where(large, 0, line.moved))

    def _limit(self) -> None:
        """Effects of adjustments on nodes, in their order; after each the tree is put together again."""
        plan, limits = self.by.plan, dict[int, list[Limit]]()
        for planned in (one for one in plan.adjustments if one.rule.on_nodes):
            holds, unread = where_holds(self._columns(), planned.rule.when)
            self._mark(unread)
            if not holds.any():
                continue
            for index, points in limits_of(plan, planned.rule):
                most = self._columns_at(plan.nodes[index]).figures(points)
                if (lacks := lacking(most.without)) is not None:
                    self._mark(lacks & holds)
                limit = Limit(holds, rounded_units(most, plan.rulebook.rounding), planned.rule.id)
                limits.setdefault(index, []).append(limit)
            self._again(limits)

    def _again(self, limits: Mapping[int, Sequence[Limit]]) -> None:
        """Put the tree together from its limited nodes; what branches were recorded for is recorded anew."""
        for planned in reversed(self.by.plan.nodes):
            index = planned.index
            if planned.leaf is None and planned.node.aggregate != "pool":
                self.losses, self.gains = ([one for one in of if one.node != index] for of in (self.losses, self.gains))
                self._branch(planned)
            for limit in limits.get(index, ()):
                units = self.units[index]
                self._publish(planned, self._moved(index, units, limit.held(units), limit.code))

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
        self._mark(lacking(standing.without))
        exact = evolve(standing.at, without=None) if planned.exactly else None
        self._settle(planned, self._all(standing.units), exact)

    def _all(self, units: Units | int) -> Units:
        found = np.asarray(units, np.int64)
        return found if found.ndim else np.full(self.size, found)
