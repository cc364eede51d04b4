"""Judge a row of values by a plan: which points are left, and what took the others.

In: a `Plan`, and a row with something in every slot.
Out: one `Outcome` a leaf. Points are counted in whole units of the smallest published step.
Only arithmetic happens here: no sentence, no finding, and no line in this room asks what kind of criterion it is
holding.
"""

from __future__ import annotations

from attrs import frozen

from perfscore.assessment import State
from perfscore.criterion import Loss
from perfscore.formula.arithmetic import Absent, Ratio, Slot, Unreadable
from perfscore.formula.shapes import WEIGHT, Judged
from perfscore.plan import Plan, PlannedLeaf
from perfscore.quantity import Rounding
from perfscore.words import Words

WITHOUT_FIGURES = {
    "missing": Words(zh="缺数据，按规则不得分", en="figures are missing; the rule gives no points then"),
    "undefined": Words(zh="无法计算，按规则不得分", en="it cannot be computed; the rule gives no points then"),
}


@frozen(eq=False)
class Taken:
    """Points taken by one loss, in the smallest published unit, and the answers that the loss rests on."""

    units: int
    loss: Loss
    capped: bool
    judged: tuple[Judged, ...] = ()


@frozen(eq=False)
class Outcome:
    """One leaf, judged: the units it kept (None without a score), what was taken, and what could not be read."""

    state: State
    units: int | None
    taken: tuple[Taken, ...] = ()
    absent: Absent | None = None


def judge(plan: Plan, row: list[Slot]) -> dict[str, Outcome]:
    """Every leaf judged by a row, whose measures are filled in on the way."""
    for _, slot, read in plan.measures:
        try:
            row[slot] = read(row)
        except Unreadable as unreadable:
            row[slot] = unreadable.absent
    rounding = plan.rulebook.rounding
    return {id: _judge(leaf, row, rounding) for id, leaf in plan.leaves.items()}


def score_units(plan: Plan, row: list[Slot]) -> int | None:
    """The score of a row in the smallest published unit, without any explanation; None where there is none."""
    total = 0
    for outcome in judge(plan, row).values():
        if outcome.units is None:
            return None
        total += outcome.units
    return total


def _judge(leaf: PlannedLeaf, row: list[Slot], rounding: Rounding) -> Outcome:
    for slot, read in leaf.computed:
        try:
            row[slot] = read(row)
        except Unreadable as unreadable:
            row[slot] = unreadable.absent
    left: Ratio = leaf.indicator.exact_weight.numerator, leaf.indicator.exact_weight.denominator
    units = leaf.weight
    taken: list[Taken] = []
    try:
        for planned in leaf.losses:
            above, below = planned.points(row)
            if above <= 0:
                continue
            rest, under = left
            # 扣完为止: the loss that crosses the weight is cut there, and nothing is left for later ones
            rest, under = rest * below - above * under, under * below
            capped = rest < 0
            left = (0, 1) if capped else (rest, under)
            kept = rounding.units(*left)
            if kept != units:
                taken.append(Taken(units - kept, planned.loss, capped, planned.judged))
                units = kept
    except Unreadable as unreadable:
        return _without(leaf, unreadable.absent)
    return Outcome("scored", units, tuple(taken))


def _without(leaf: PlannedLeaf, absent: Absent) -> Outcome:
    """A leaf whose losses cannot be read, by the policy that its author declared for the state."""
    state = absent.state
    match leaf.indicator.missing if state == "missing" else leaf.indicator.undefined:
        case "zero":
            loss = Loss(state, WEIGHT, WITHOUT_FIGURES[state])
            return Outcome(state, 0, (Taken(leaf.weight, loss, False),), absent)
        case "error" | "not-scored":
            return Outcome(state, None, (), absent)
