"""Judge the nodes of a tree by columns, leaf after leaf, and put branches together.

In: a plan and the columns of a batch. Out: what every node came to in every row, the records, and the odd rows among them, which are to be
judged by the exact reader: most of all those in which something does not apply and points are more than added up.
What a leaf loses, what excuses it and how points are put together is found elsewhere; here it is done in order.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import reduce

import numpy as np
from attrs import define, evolve, field

from perfscore.batch.adding import added
from perfscore.batch.adjusting import where_holds
from perfscore.batch.branches import Limit, aggregated, corrected, ends_of, inside, limits_of
from perfscore.batch.excusing import NOBODY, Gone, gone_from
from perfscore.batch.leafwise import judged_leaf
from perfscore.batch.leaves import Line, as_units, begin, rounded_units
from perfscore.batch.lines import NodeLine
from perfscore.batch.parameters import parameter_column
from perfscore.batch.pooling import pooled
from perfscore.batch.preparing import ByColumns
from perfscore.batch.results import Units
from perfscore.batch.settling import Found, Settled, settled
from perfscore.batch.straight import Straight
from perfscore.batch.taking import Taken
from perfscore.formula.columns import Column, Columns
from perfscore.formula.shapes import Formula
from perfscore.formula.wholes import OF_NO_INPUT, Figures, Lacks, Mask, NoColumns, either, lacking, plus
from perfscore.indicator import Branch
from perfscore.plan import DAY, Fill, PlannedLeaf, PlannedNode
from perfscore.readingorder import stands_for
from perfscore.rulebook import Measure


@define(eq=False)
class Tree:
    """The nodes of a batch on their way."""

    by: ByColumns
    taken: Taken
    size: int
    ready: Straight
    found: dict[int, Found] = field(factory=dict)
    exact: dict[int, Figures] = field(factory=dict)
    """By node, the points before rounding, where an aggregate over it reads them."""
    gone: dict[int, Gone] = field(factory=lambda: {0: NOBODY})
    losses: list[NodeLine] = field(factory=list)
    gains: list[NodeLine] = field(factory=list)
    odd: Mask | None = None
    told: dict[int, Lacks] = field(factory=dict)
    """By leaf, the rows in which what it reads is missing, whatever comes of that."""
    unruled: dict[int, Mask] = field(factory=dict)
    """By leaf, the rows to which it does not apply without anybody having said what happens then."""

    @property
    def held(self) -> dict[int, Column]:
        """The columns by their slots."""
        return self.taken.held

    @property
    def away(self) -> dict[int, Mask]:
        """By node, the rows to which it does not apply."""
        return {index: one.away for index, one in self.found.items() if one.away is not None}

    def judge(self, nodes: Container[int]) -> None:
        """Fill in every figure, and judge some nodes, in the order in which they read one another."""
        self.odd = self.taken.odd
        sure = self.ready.kept if not self.taken.excused else {}
        for step in self.by.plan.steps:
            if isinstance(step, Fill):
                self._figure(step.slot)
            elif step.index not in nodes:
                continue
            elif step.index in self.by.unconditional and (kept := sure.get(step.index)) is not None:
                self.losses.append(NodeLine(step.index, kept.losses[0]))
                self._publish(step, Found(kept.units))
            elif step.leaf is not None:
                self._leaf(step, step.leaf)
            else:
                self._branch(step)
        if 0 in nodes:
            self._branch(self.by.plan.nodes[0])
            self._limit()
        if self.by.shaped:
            self.mark(self.excused())

    def excused(self) -> Mask | None:
        """The rows in which some node does not apply, or some weight is made up for."""
        found: Mask | None = None
        for one in self.found.values():
            for where in (one.away, one.left_out):
                found = either(found, where)
            for weight in (one.rescaled, one.shared, one.unscored):
                found = found if weight is None else either(found, weight > 0)
        return found

    def mark(self, odd: Mask | None) -> None:
        """Leave rows to the exact reader."""
        self.odd = either(self.odd, odd)

    def columns(self, leaf: PlannedLeaf | None = None) -> Columns:
        """The columns, as the formulas of a leaf or those of the rulebook read them."""
        if leaf is None:
            return self.by.columns(self.held, self.size, self.by.plan.of, {})
        return self.by.columns(self.held, self.size, leaf.slots.of, leaf.slots.answers)

    def _columns_at(self, planned: PlannedNode) -> Columns:
        """The columns that the points of a node are read in: a share there is one of its weight."""
        return evolve(self.columns(), slots={**self.by.plan.of, "weight": planned.worth})

    def _figure(self, slot: int) -> None:
        """A measure or a parameter; one that has no columns is missed only where it is read."""
        figure = self.by.figures[slot]
        try:
            if isinstance(figure, Measure):
                self.held[slot] = self.columns().read(figure.formula)
            else:
                days = self.held.get(self.by.plan.of[DAY])
                self.held[slot] = parameter_column(figure, self.columns(), days if isinstance(days, Figures) else None)
        except NoColumns:
            return

    def _leaf(self, planned: PlannedNode, leaf: PlannedLeaf) -> None:
        plan = self.by.plan
        if plan.worth is None:
            raise NoColumns
        self._computed(leaf)
        columns, worth = self.columns(leaf), plan.worth[planned.index]
        kept = self.ready.kept.get(planned.index)
        if kept is None:
            kept = judged_leaf(self.by, planned, leaf, self.held, self.size)
        done = settled(plan, leaf, kept, self._gone(planned.index), columns, worth)
        if planned.exactly and kept.exact is not None:
            blank = either(lacking(done.found.lacks), either(lacking(done.told), done.found.away))
            exact, size = evolve(kept.exact, without=None), plan.rulebook.rounding.size
            self.exact[planned.index] = exact if blank is None else corrected(exact, done.found.units, blank, size)
        self._settle(planned, done)
        self._publish(planned, done.found)

    def _gone(self, index: int) -> Gone:
        """The rows to which a node does not apply."""
        if (found := self.gone.get(index)) is None:
            planned = self.by.plan.nodes[index]
            word = self.taken.excused.get(planned.node.id)
            found = self.gone[index] = gone_from(self._gone(planned.parent), planned, word, self.columns())
        return found

    def _settle(self, planned: PlannedNode, done: Settled) -> None:
        """Keep what came of a node, and its records."""
        self.found[planned.index] = done.found
        widened = self.by.packing.width is np.int64  # else no leaf is worth more than fits
        for lines, some in ((self.losses, done.losses), (self.gains, done.gains)):
            lines += [NodeLine(planned.index, self._fitting(one) if widened else one) for one in some]
        self.mark(done.odd)
        if done.told is not None:
            self.told[planned.index] = done.told
        if done.unruled is not None:
            self.unruled[planned.index] = done.unruled

    def _publish(self, planned: PlannedNode, found: Found) -> None:
        """Keep what came of a node, and let formulas read its points."""
        self.found[planned.index] = found
        plan, units, without = self.by.plan, found.units, found.lacks
        if planned.unread or plan.worth is None:
            return
        low, high = (int(units.min()), int(units.max())) if self.size else (0, 0)
        size, whole = plan.rulebook.rounding.size, plan.worth[planned.index]
        if planned.points is not None:
            self.held[planned.points] = Figures(units, size, low, high, size, without)
        if planned.share is not None and whole > 0:
            self.held[planned.share] = Figures(units, whole, low, high, whole, without)

    def _computed(self, leaf: PlannedLeaf) -> None:
        """`value` and `target`, where they are no figure of their own."""
        for name, formula in stands_for(leaf.indicator, leaf.place).items():
            if (slot := leaf.slots.of[name]) not in self.held:
                self._read_into(slot, formula)

    def _read_into(self, slot: int, formula: Formula) -> None:
        try:
            self.held[slot] = self.columns().read(formula)
        except NoColumns:
            return

    def _branch(self, planned: PlannedNode) -> None:
        if planned.node.aggregate == "pool":
            self._pool(planned)
        elif planned.adds:
            done = added(self.by.plan, planned, self.found, self._gone(planned.index).rows, self.by.wide)
            if planned.exactly:
                self.exact[planned.index] = reduce(plus, (self.exact[child] for child in planned.children))
            self._settle(planned, done)
            self._ended(planned, done.found)
        else:
            self._aggregated(planned)

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
        total = as_units(kept, self.columns())  # it may be the same for everybody
        found = Found(total)
        lacks = [one.lacks != 0 for child in planned.children if (one := self.found[child]).lacks is not None]
        if lacks:
            found.lacks = np.logical_or.reduce(lacks) * np.int32(OF_NO_INPUT)
        self.found[planned.index] = found
        if planned.exactly:
            self.exact[planned.index] = exact
        self._record(planned.index, total if rulebook.demerit else total - whole, "aggregate")
        self._ended(planned, found)

    def _ended(self, planned: PlannedNode, found: Found) -> None:
        """Keep what a branch comes to, within its range."""
        self.found[planned.index] = found
        if planned.node.range is not None:
            low, high, odd = ends_of(planned.node.range, self._columns_at(planned), self.by.plan.rulebook.rounding)
            self.mark(odd)
            self._moved(planned.index, inside(found.units, low, high), "range")
        self._publish(planned, self.found[planned.index])

    def _moved(self, index: int, after: Units, code: str) -> None:
        """What a node has after the tree moved its points, of which a record is made."""
        found = self.found[index]
        if after is found.units:
            return
        moved = after - found.units
        self._record(index, moved, code)
        if (exact := self.exact.get(index)) is not None:
            self.exact[index] = corrected(exact, after, moved != 0, self.by.plan.rulebook.rounding.size)
        self.found[index] = evolve(found, units=after)

    def _record(self, index: int, moved: Units, code: str) -> None:
        """Records of points that no criterion took or gave, by how many units they moved."""
        if (without := self.found[index].lacks) is not None:
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
        self.mark(large)
        return evolve(line, moved=np.where(large, 0, line.moved))

    def _limit(self) -> None:
        """Effects of adjustments on nodes, in their order; after each the tree is put together again."""
        plan, limits = self.by.plan, dict[int, list[Limit]]()
        for planned in plan.adjustments:
            if not planned.rule.on_nodes:
                continue
            holds, unread = where_holds(self.columns(), planned.rule.when)
            self.mark(unread)
            if not holds.any():
                continue
            for index, points in limits_of(plan, planned.rule):
                most = self._columns_at(plan.nodes[index]).figures(points)
                if (lacks := lacking(most.without)) is not None:
                    self.mark(lacks & holds)
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
                self._moved(index, limit.held(self.found[index].units), limit.code)
                self._publish(planned, self.found[index])

    def _pool(self, planned: PlannedNode) -> None:
        plan, standing = self.by.plan, None
        rulebook = plan.rulebook
        if plan.worth is None:
            raise NoColumns
        lacks: Mask | None = None
        members = [plan.nodes[child] for child in planned.children]
        own = any(one.node.rounding is not None or one.node.range is not None for one in members)
        for member in members:
            if member.leaf is None:
                raise NoColumns
            self._computed(member.leaf)
            columns = self.columns(member.leaf)
            if standing is None:
                worth = plan.worth[planned.index]
                standing = begin(member.leaf, columns, worth, rulebook.rounding, demerit=rulebook.demerit)
                self.mark(lacking(standing.without))
            gone = self._gone(member.index)
            self.mark(gone.rows if own else None)  # then it matters who is the first that takes anything
            done = pooled(member.leaf, columns, standing, gone)
            self._settle(member, done)
            lacks = either(lacks, lacking(done.found.lacks))
        if standing is None:
            raise NoColumns
        found = Found(as_units(standing.units, columns))
        if lacks is not None:
            found.lacks = lacks * np.int32(OF_NO_INPUT)
            found.units = np.where(lacks, 0, found.units)
        if planned.exactly:
            self.exact[planned.index] = evolve(standing.at, without=None)
        self._ended(planned, found)
