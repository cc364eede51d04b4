"""Judge one leaf by a row of values: which points are left, and what took the others.

In: a planned leaf, a row with something in every slot, and what the leaf is worth. Out: its `Outcome`.
Points are counted in whole units of the smallest published step. Only arithmetic happens here: no sentence, no
finding, and no line in this room asks what kind of criterion it is holding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from attrs import define, evolve

from perfscore.criterion import Loss
from perfscore.formula.arithmetic import Absent, Ratio, Slot, Unreadable, limited
from perfscore.formula.gathering import key_of, records
from perfscore.formula.shapes import WEIGHT, Judged
from perfscore.outcome import Outcome, Passed, Taken
from perfscore.plan import Plan, PlannedLeaf, PlannedLoss, PlannedNode
from perfscore.quantity import Rounding
from perfscore.words import Words

WITHOUT_FIGURES = {
    "missing": Words(zh="缺数据，按规则不得分", en="figures are missing; the rule gives no points then"),
    "undefined": Words(zh="无法计算，按规则不得分", en="it cannot be computed; the rule gives no points then"),
}


@define(eq=False)
class Standing:
    """How far a leaf, or a pool, has got: its exact points, the published ones, and the ends it may not leave."""

    at: Ratio
    units: int
    low: Ratio
    high: Ratio
    rounding: Rounding
    scale: int = 1
    """How many of the rulebook's units one of its own is, where it rounds more coarsely."""
    demerit: bool = False

    def move(self, loss: Loss, points: Ratio, judged: tuple[Judged, ...], *, up: bool) -> Taken | None:
        """Take or give points; a record of it, unless nothing that is published changed.

        The loss that crosses an end is cut there, and nothing is left for later ones (扣完为止).
        """
        above, below = points
        if above <= 0:
            return None
        at, under = self.at
        if under == below:
            at, under = (at + above if up else at - above), below
        else:
            at, under = (at * below + above * under if up else at * below - above * under), under * below
        end, per = self.high if up else self.low
        crossed = at * per > end * under if up else at * per < end * under
        self.at = (end, per) if crossed else (at, under)
        units = self.rounding.units(*self.at) * self.scale
        moved, self.units = abs(units - self.units), units
        return Taken(moved, loss, crossed, judged) if moved else None


NOTHING_SPENT: Mapping[str, str] = {}


def judge(
    leaf: PlannedLeaf,
    row: list[Slot],
    units: int,
    rounding: Rounding,
    demerit: bool,
    spent: Mapping[str, str] = NOTHING_SPENT,
) -> Outcome:
    """One leaf, judged by a row; `units` is what it is worth, and `spent` says of records that cost points already, by
    their key, at which indicator.
    """
    try:
        if leaf.plainly is not None:
            return leaf.plainly(row)
        taken: list[Taken] = []
        standing = begin(leaf, row, units, rounding, demerit=demerit)
        passed: list[Passed] = []
        lose(leaf, row, standing, taken, spent, passed)
    except Unreadable as unreadable:
        return without(leaf, unreadable.absent, units, rounding.size, demerit=demerit)
    return Outcome("scored", standing.units, standing.at, tuple(taken), passed=tuple(passed))


def begin(leaf: PlannedLeaf, row: list[Slot], units: int, rounding: Rounding, *, demerit: bool) -> Standing:
    """Where a leaf stands before anything is lost."""
    size = rounding.size
    worth = (units, size)
    low, high = ends_of(leaf, row, units, size)
    own, scale = leaf.indicator.rounding, 1
    if own is not None:
        # finer than the whole is not published (PS240): sums are made of what the whole prints
        rounding = own if own.places <= rounding.places else evolve(own, places=rounding.places)
        scale = size // rounding.size
    return Standing((0, 1) if demerit else worth, 0 if demerit else units, low, high, rounding, scale, demerit)


def ends_of(leaf: PlannedLeaf, row: list[Slot], units: int, size: int) -> tuple[Ratio, Ratio]:
    """The least and the most points that a leaf may have."""
    return ((0, 1), (units, size)) if leaf.range is None else (leaf.range.low(row), leaf.range.high(row))


def lose(
    leaf: PlannedLeaf,
    row: list[Slot],
    standing: Standing,
    taken: list[Taken],
    spent: Mapping[str, str] = NOTHING_SPENT,
    passed: list[Passed] | None = None,
) -> None:
    """Take what the leaf's losses take, then give what its gains give; `passed` gathers what was spent elsewhere."""
    passed = [] if passed is None else passed
    for fill in leaf.computed:
        fill.into(row)
    demerit = standing.demerit
    for planned in leaf.losses:
        taken.extend(_moved(planned, row, standing, spent, passed, up=demerit))
    for planned in leaf.gains:
        taken.extend(_moved(planned, row, standing, NOTHING_SPENT, passed, up=not demerit))


def spent_before(plan: Plan, planned: PlannedNode, row: list[Slot], outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The records that cost points at an indicator of higher priority, by their key."""
    found: dict[str, str] = {}
    for index in planned.before:
        for one in outcomes[index].taken:
            if one.record is not None and one.loss.over is not None and not one.is_credit:
                key = key_of(row, plan.of[one.loss.over], one.record)
                if key is not None:
                    found.setdefault(key, plan.nodes[index].node.id)
    return found


def _moved(
    planned: PlannedLoss,
    row: list[Slot],
    standing: Standing,
    spent: Mapping[str, str],
    passed: list[Passed],
    *,
    up: bool,
) -> Iterator[Taken]:
    """What one loss takes, or one gain gives: over a table, what each of its records does, until all have had their most."""
    if planned.over is None:
        record = standing.move(planned.loss, planned.points(row), planned.judged, up=up)
        if record is not None:
            yield record
        return
    left = None if planned.most is None else planned.most(row)
    for at, filled in enumerate(records(row, planned.over)):
        if spent and (elsewhere := spent.get(key_of(row, planned.over, at) or "")) is not None:
            with suppress(Unreadable):  # what costs nothing here need not be there
                if planned.points(filled)[0] > 0:
                    passed.append(Passed(planned.loss, at, elsewhere))
            continue
        above, below = planned.points(filled)
        if left is not None and above > 0:
            if above * left[1] > left[0] * below:
                above, below = left
            left = limited(left[0] * below - above * left[1], left[1] * below, planned.loss.code)
        record = standing.move(planned.loss, (above, below), planned.judged, up=up)
        if record is not None:
            record.record = at
            yield record


def without(leaf: PlannedLeaf, absent: Absent, units: int, size: int, *, demerit: bool) -> Outcome:
    """A leaf whose losses cannot be read, by the policy that its author declared for the state."""
    state = absent.state
    match policy_for(leaf, absent):
        case "zero":
            # nothing is given: the points fall to 0, and under demerit all that can be incurred is
            loss = Loss(state, WEIGHT, WITHOUT_FIGURES[state])
            record = (Taken(units, loss),) if units else ()
            kept = units if demerit else 0
            return Outcome(state, kept, (kept, size), record, absent)
        case "not-applicable":
            return Outcome("not-applicable", None, absent=absent)
        case _:
            return Outcome(state, None, absent=absent)


def policy_for(leaf: PlannedLeaf, absent: Absent) -> str:
    """What the author declared for a figure that is not there; a parameter that does not exist is always an error."""
    if absent.why in ("no-value", "no-day", "no-weight", "no-cohort"):
        return "error"
    return leaf.indicator.missing if absent.state == "missing" else leaf.indicator.undefined
