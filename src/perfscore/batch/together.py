"""Judge a batch by columns: leaf after leaf, then what they come to together.

In: a plan and the columns of a batch. Out: `Results` of every row, and the odd rows among them, whose results are to be
replaced by those of the exact reader. Only rows are settled here in which no adjustment is made; where something does not
apply or a figure is missing, by the policy for that. What is rare is left to the exact reader.
"""

from __future__ import annotations

from collections.abc import Container

import numpy as np
from attrs import define, field, frozen

from perfscore.batch.adding import added
from perfscore.batch.excusing import NOBODY, Gone, gone_from
from perfscore.batch.findings import Noticed, findings_of_all
from perfscore.batch.leafwise import judged_leaf
from perfscore.batch.leaves import as_units, begin
from perfscore.batch.lines import NodeLine, records_of
from perfscore.batch.parameters import parameter_column
from perfscore.batch.pooling import pooled
from perfscore.batch.preparing import ByColumns
from perfscore.batch.results import STATES, Results, Units, no_records
from perfscore.batch.settling import Found, Settled, settled
from perfscore.batch.straight import Straight
from perfscore.batch.taking import Taken
from perfscore.batch.totals import beyond_or_adjusted, ratings, uncovered_rows
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
)
from perfscore.plan import DAY, Fill, PlannedLeaf, PlannedNode
from perfscore.rulebook import Measure


def judged_batch(by: ByColumns, taken: Taken, size: int, ready: Straight) -> tuple[Results, Mask | None]:
    """The results of a batch, and its odd rows; of some leaves it is `ready` what they keep."""
    return _Batch(by, taken, size, ready).results()


@frozen(eq=False)
class JudgedFirst:
    """A batch of which some nodes are judged: its columns, its odd rows, and by leaf what is missing in which rows."""

    columns: Columns
    odd: Mask | None
    told: dict[int, Lacks]


def judged_first(by: ByColumns, taken: Taken, size: int, nodes: Container[int]) -> JudgedFirst:
    """A batch as far as some nodes, before all are judged; with the whole, its score."""
    batch = _Batch(by, taken, size, Straight())
    batch.judge(nodes)
    if 0 in nodes:
        batch.total()
    return JudgedFirst(batch._columns(), batch.odd, batch.told)


@define(eq=False)
class _Batch:
    by: ByColumns
    taken: Taken
    size: int
    ready: Straight
    found: dict[int, Found] = field(factory=dict)
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
        return self.taken.held

    def results(self) -> tuple[Results, Mask | None]:
        plan, frame = self.by.plan, self.by.frame
        self.judge(range(len(plan.nodes)))
        root = self.total()
        wide = range(len(plan.nodes))
        states = [self._states(index) for index in wide]
        uncovered = uncovered_rows(plan, self.found, states)
        away = {index: one.away for index, one in self.found.items() if one.away is not None}
        noticed = Noticed(self.told, away, self.unruled, uncovered, self.by.readers)
        lines = (*self.losses, *self.gains)
        findings = findings_of_all(frame, self.taken, self._columns(), lines, noticed)
        without = lacking(root.lacks)
        return (
            Results(
                size=self.size,
                units=[self.found[index].units for index in wide],
                lacking=[lacking(self.found[index].lacks) for index in wide],
                states=states,
                score=root.units,
                subtotal=root.units,
                without_score=without,
                without_subtotal=without,
                rating=ratings(frame, root, uncovered),
                deductions=records_of(self.losses, self.size, self.by.packing, self.ready.packed),
                credits=records_of(self.gains, self.size, self.by.packing),
                adjustments=no_records(self.size),
                findings=findings,
                decimals=self.ready.decimals,
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

    def total(self) -> Found:
        """What the whole comes to; its rows beyond its range are odd."""
        root = self.found[0]
        self._mark(beyond_or_adjusted(self.by.plan, root, self.held, self._columns()))
        return root

    def _mark(self, odd: Mask | None) -> None:
        self.odd = either(self.odd, odd)

    def _columns(self, leaf: PlannedLeaf | None = None) -> Columns:
        if leaf is None:
            return self.by.columns(self.held, self.size, self.by.plan.of, {})
        return self.by.columns(self.held, self.size, leaf.slots.of, leaf.slots.answers)

    def _figure(self, slot: int) -> None:
        """A measure or a parameter; one that has no columns is missed only where it is read."""
        figure = self.by.figures[slot]
        try:
            if isinstance(figure, Measure):
                self.held[slot] = self._columns().read(figure.formula)
            else:
                days = self.held.get(self.by.plan.of[DAY])
                self.held[slot] = parameter_column(figure, self._columns(), days if isinstance(days, Figures) else None)
        except NoColumns:
            return

    def _leaf(self, planned: PlannedNode, leaf: PlannedLeaf) -> None:
        plan = self.by.plan
        if plan.worth is None:
            raise NoColumns
        self._computed(leaf)
        columns, worth = self._columns(leaf), plan.worth[planned.index]
        kept = self.ready.kept.get(planned.index)
        if kept is None:
            kept = judged_leaf(self.by, planned, leaf, self.held, self.size)
        done = settled(plan, leaf, kept, self._gone(planned.index), columns, worth)
        self._settle(planned, done)
        self._publish(planned, done.found)

    def _gone(self, index: int) -> Gone:
        """The rows to which a node does not apply."""
        if (found := self.gone.get(index)) is None:
            planned = self.by.plan.nodes[index]
            word = self.taken.excused.get(planned.node.id)
            found = self.gone[index] = gone_from(self._gone(planned.parent), planned, word, self._columns())
        return found

    def _settle(self, planned: PlannedNode, done: Settled) -> None:
        """Keep what came of a leaf."""
        self.found[planned.index] = done.found
        self.losses += [NodeLine(planned.index, line) for line in done.losses]
        self.gains += [NodeLine(planned.index, line) for line in done.gains]
        self._mark(done.odd)
        if done.told is not None:
            self.told[planned.index] = done.told
        if done.unruled is not None:
            self.unruled[planned.index] = done.unruled

    def _states(self, index: int) -> Units | None:
        """The places of the states of a node; None where every row is scored."""
        found = self.found[index]
        states: Units | None = None
        told = self.told.get(index)
        for state, where in (
            ("not-scored", lacking(found.lacks)),
            ("missing", lacking(told)),
            ("not-applicable", found.away),
        ):
            if where is not None:
                states = np.where(where, STATES.index(state), 0 if states is None else states)
        return states

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
        for name in ("value", "target"):
            slot = leaf.slots.of.get(name)
            if slot is None or slot in self.held:
                continue
            formula = leaf.indicator.measured if name == "value" else leaf.place.target_number
            if formula is not None:
                self._read_into(slot, formula)

    def _read_into(self, slot: int, formula: Formula) -> None:
        try:
            self.held[slot] = self._columns().read(formula)
        except NoColumns:
            return

    def _branch(self, planned: PlannedNode) -> None:
        if planned.node.aggregate == "pool":
            self._pool(planned)
            return
        done = added(self.by.plan, planned, self.found, self._gone(planned.index).rows, self.by.wide)
        self._settle(planned, done)
        self._within(planned, done.found)
        self._publish(planned, done.found)

    def _within(self, planned: PlannedNode, found: Found) -> None:
        """Rows in which a branch leaves its range are odd."""
        if planned.node.range is None:
            return
        columns = Columns(self.size, self.held, {**self.by.plan.of, "weight": planned.worth})
        rounding = self.by.plan.rulebook.rounding
        for end, sign in ((planned.node.range.low, 1), (planned.node.range.high, -1)):
            same = columns.figures(end.low).same
            if same is None:
                raise NoColumns
            beyond = sign * found.units < sign * rounding.units(same.numerator, same.denominator)
            self._mark(beyond if found.lacks is None else beyond & (found.lacks == 0))

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
            columns = self._columns(member.leaf)
            if standing is None:
                worth = plan.worth[planned.index]
                standing = begin(member.leaf, columns, worth, rulebook.rounding, demerit=rulebook.demerit)
                self._mark(lacking(standing.without))
            gone = self._gone(member.index)
            self._mark(gone.rows if own else None)  # then it matters who is the first that takes anything
            done = pooled(member.leaf, columns, standing, gone)
            self._settle(member, done)
            lacks = either(lacks, lacking(done.found.lacks))
        if standing is None:
            raise NoColumns
        found = Found(as_units(standing.units, columns))
        if lacks is not None:
            found.lacks = lacks * np.int32(OF_NO_INPUT)
            found.units = np.where(lacks, 0, found.units)
        self._within(planned, found)
        self._publish(planned, found)
