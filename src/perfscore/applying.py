"""What people say of a leaf: that it does not apply, and what it has then; that a reviewer gives it other points.

In: a planned leaf, a row, and what the assessors said. Out: its outcome where it does not apply, or where another member
was chosen. Whether anything is made up for is seen where the tree is put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfscore.criterion import Gain, Loss
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.shapes import ZERO
from perfscore.judging import ends_of, without
from perfscore.outcome import Outcome, Taken
from perfscore.plan import Excuse, Plan, PlannedNode
from perfscore.words import Words

NOT_APPLICABLE = Words(zh="不适用", en="does not apply")
PEER_MEAN = Words(
    zh="不适用，取适用对象的平均分{p}分",
    en="does not apply; the mean of those to whom it applies, {p} points, is given",
)
REVIEWED = Words(zh="复核调整", en="changed by review")


def left(plan: Plan, planned: PlannedNode, row: list[Slot], worth: int, told: Mapping[str, str]) -> Outcome | None:
    """The outcome of a leaf that does not apply, or that was not chosen; None where it applies."""
    if not plan.excusing and not told:
        return None
    try:
        chosen = unchosen(plan, planned, row)
    except Unreadable as unreadable:
        return Outcome(unreadable.absent.state, None, absent=unreadable.absent)
    if chosen is not None:
        return chosen
    try:
        found = excused(planned.excuses, row, told)
    except Unreadable as unreadable:
        if planned.leaf is None:
            raise TypeError(planned) from None
        rounding = plan.rulebook.rounding
        # a condition that reads what is missing makes the leaf missing, by its author's policy as any other reading does
        return without(planned.leaf, unreadable.absent, worth, rounding.size, demerit=plan.rulebook.demerit)
    if found is None:
        return None
    return away_from(plan, planned, row, found[0], None, worth, found[1])


def unchosen(plan: Plan, planned: PlannedNode, row: list[Slot]) -> Outcome | None:
    """A node under a branch of which another member was chosen."""
    while planned.index:
        above = plan.nodes[planned.parent]
        if above.chosen_by is not None:
            choice = row[above.chosen_by]
            if isinstance(choice, Absent):
                raise Unreadable(choice)
            if choice != planned.node.id.rpartition(".")[2]:
                return Outcome("not-applicable", None, left_out=True)
        planned = above
    return None


def is_chosen(plan: Plan, planned: PlannedNode, row: list[Slot]) -> bool:
    """Whether nothing over a node picked another, or may have."""
    try:
        return unchosen(plan, planned, row) is None
    except Unreadable:
        return False


def away_from(
    plan: Plan,
    planned: PlannedNode,
    row: list[Slot],
    excuse: Excuse,
    absent: Absent | None,
    worth: int,
    why: str | None = None,
) -> Outcome:
    """A leaf that does not apply, by what its author says is done then."""
    above = plan.nodes[planned.parent]
    if not above.adds:
        return Outcome("not-applicable", None, absent=absent, left_out=True, why=why)
    if above.node.aggregate == "pool":
        return Outcome("not-applicable", 0, absent=absent, why=why)
    demerit = plan.rulebook.demerit
    size = plan.rulebook.rounding.size
    said = NOT_APPLICABLE
    match excuse.policy:
        case "full":
            kept = 0 if demerit else worth
        case "rescale" | "siblings":
            kept = 0
        case "unscored":
            return Outcome("not-applicable", None, absent=absent, left_out=True, unscored=worth, why=why)
        case None:
            return Outcome("not-applicable", None, absent=absent, why=why)
        case _:
            if excuse.fixed is None:
                raise TypeError(excuse)
            try:
                kept = _inside(planned, row, plan.rulebook.rounding.units(*excuse.fixed(row)), worth, size)
            except Unreadable as unreadable:  # the mean of the others, of one subject alone
                if planned.leaf is None:
                    raise TypeError(planned) from None
                return without(planned.leaf, unreadable.absent, worth, size, demerit=demerit)
    if excuse.policy == "peer-mean":
        said = PEER_MEAN.fill(p=f"{plan.rulebook.rounding.published(kept):f}")
    lost = kept if demerit else worth - kept
    outcome = Outcome("not-applicable", kept, (kept, size), absent=absent, why=why)
    if lost:
        loss = Loss("not-applicable", ZERO, said)
        record = loss if lost > 0 else Gain("not-applicable", ZERO, said)
        outcome.taken = (Taken(abs(lost), record, by_tree=True),)
    if excuse.policy == "rescale":
        outcome.rescaled = worth
    elif excuse.policy == "siblings":
        outcome.shared = worth
    return outcome


def excused(excuses: tuple[Excuse, ...], row: list[Slot], told: Mapping[str, str]) -> tuple[Excuse, str | None] | None:
    """The excuse that makes a node not applicable, and the assessor's word for it; None where it applies.

    `Unreadable` where a condition reads what is missing.
    """
    for excuse in excuses:
        if told and excuse.id in told:
            return excuse, told[excuse.id]
        if excuse.applies is not None and not excuse.applies(row):
            return excuse, None
    return None


def _inside(planned: PlannedNode, row: list[Slot], units: int, worth: int, size: int) -> int:
    """Points no further than the leaf's range; that the rule says more was told when its file was checked."""
    if planned.leaf is None:
        return units
    (low, under), (high, over) = ends_of(planned.leaf, row, worth, size)
    return min(max(units, low * size // under), high * size // over)


def reviewed(
    outcome: Outcome, units: int, worth: Sequence[int] | None, planned: PlannedNode, row: list[Slot], plan: Plan
) -> Outcome:
    """A reviewer's points in the place of the rule's; the difference is a record. Points out of range leave no score."""
    size, demerit = plan.rulebook.rounding.size, plan.rulebook.demerit
    if worth is None or planned.leaf is None:
        return outcome
    full = worth[planned.index]
    try:
        low, high = ends_of(planned.leaf, row, full, size)
    except Unreadable:
        return outcome
    if units * low[1] < low[0] * size or units * high[1] > high[0] * size:
        absent = Absent(planned.node.id, "out-of-range")
        return Outcome("not-scored", None, absent=absent, computed=outcome.units, reviewed=True, passed=outcome.passed)
    before = outcome.units
    taken = outcome.taken
    if before is None:
        before, taken = (0 if demerit else full), ()
    moved = units - before
    if moved:
        down = moved > 0 if demerit else moved < 0
        record = (Loss if down else Gain)("review", ZERO, REVIEWED)
        taken = (*taken, Taken(abs(moved), record, by_tree=True))
    return Outcome("scored", units, (units, size), taken, computed=outcome.units, reviewed=True, passed=outcome.passed)
