"""Put together what a tree's nodes kept: sums, pools, shares, and what does not apply.

In: a plan, a row, what every node is worth to the subject, and what its assessors and reviewers said.
Out: one `Outcome` a node, the whole first. A sum adds published points; any other aggregate acts on exact shares.
No sentence is written here, and the total is not adjusted yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve, field, frozen

from perfscore.applying import away_from, excused, is_chosen, left, reviewed, unchosen
from perfscore.combining import AGGREGATES, combined
from perfscore.criterion import Gain, Loss
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.exact import ratio
from perfscore.formula.shapes import ZERO
from perfscore.indicator import Branch
from perfscore.judging import NOTHING_SPENT, begin, judge, lose, policy_for, spent_before
from perfscore.outcome import Outcome, Taken
from perfscore.plan import Fill, Plan, PlannedNode
from perfscore.quantity import Rounding
from perfscore.weighing import worth_of
from perfscore.words import Words

SENTENCES = {
    "rescale": Words(zh="不适用的分值按比例折算给其余指标", en="what does not apply is made up for in proportion"),
    "siblings": Words(zh="不适用的分值按比例让给同级指标", en="what does not apply goes to the siblings in proportion"),
    "range-high": Words(zh="超出本级得分范围的上限，按上限计", en="the points end at the upper end of the range"),
    "range-low": Words(zh="低于本级得分范围的下限，按下限计", en="the points end at the lower end of the range"),
}


@frozen(eq=False)
class Heard:
    """What people said of a subject beside its figures: what does not apply and why, and the reviewed points, by id."""

    excused: Mapping[str, str] = field(factory=dict)
    reviewed: Mapping[str, int] = field(factory=dict)


NOTHING_HEARD = Heard()


def judge_tree(plan: Plan, row: list[Slot], heard: Heard = NOTHING_HEARD) -> list[Outcome]:
    """Every node, judged in the order in which they read one another; measures are filled in on the way."""
    if plan.straight and not (heard.excused or heard.reviewed) and (found := _straight(plan, row)) is not None:
        return found
    worth = worth_of(plan, row)
    rulebook = plan.rulebook
    rounding, demerit = rulebook.rounding, rulebook.demerit
    told = dict(heard.excused)
    outcomes: list[Outcome] = [UNJUDGED] * len(plan.nodes)
    for step in plan.steps:
        if isinstance(step, Fill):
            step.into(row)
            continue
        planned, index = step, step.index
        if planned.leaf is None:
            outcome = _branch(plan, planned, row, worth, outcomes, told)
        elif worth is None:
            outcome = Outcome("missing", None, absent=Absent(planned.node.id, "no-weight"))
        elif (gone := left(plan, planned, row, worth[index], told)) is not None:
            outcome = gone
        else:
            spent = spent_before(plan, planned, row, outcomes) if planned.before else NOTHING_SPENT
            outcome = judge(planned.leaf, row, worth[index], rounding, demerit, spent)
        if outcome.state == "not-applicable" and outcome.absent is not None and worth is not None:
            # missing, and its author says that it does not apply then
            outcome = away_from(plan, planned, row, planned.excuses[-1], outcome.absent, worth[index])
        if heard.reviewed and planned.node.id in heard.reviewed and is_chosen(plan, planned, row):
            outcome = reviewed(outcome, heard.reviewed[planned.node.id], worth, planned, row, plan)
        outcomes[index] = outcome
        if planned.points is not None or planned.share is not None:
            _publish(planned, outcome, worth, row, rounding)
    outcomes[0] = _branch(plan, plan.nodes[0], row, worth, outcomes, told)
    return outcomes


UNJUDGED = Outcome("not-scored", None)


def _straight(plan: Plan, row: list[Slot]) -> list[Outcome] | None:
    """Every node, where points are only lost and added, as of most subjects; None where a figure is missing."""
    for fill in plan.fills:
        fill.into(row)
    outcomes = [UNJUDGED] * len(plan.nodes)
    sums = [0] * len(plan.nodes)
    try:
        for index, above, judged in plan.straight:
            if judged is None:
                outcomes[index] = Outcome("scored", sums[index])
                sums[above] += sums[index]
            else:
                outcomes[index] = outcome = judged(row)
                sums[above] += outcome.units or 0
    except Unreadable:
        return None
    outcomes[0] = Outcome("scored", sums[0])
    return outcomes


def add_again(
    plan: Plan, row: list[Slot], outcomes: list[Outcome], limits: Mapping[int, Sequence[tuple[int, Loss, Loss]]]
) -> None:
    """Put the tree together again after nodes were limited; `limits` are points a node may have at most, with the records
    that say so where points go down and where they go up.
    """
    worth = worth_of(plan, row)
    rounding, demerit = plan.rulebook.rounding, plan.rulebook.demerit
    for planned in reversed(plan.nodes):
        if planned.leaf is None and planned.node.aggregate != "pool":
            before = outcomes[planned.index].state
            outcomes[planned.index] = again = _together(plan, planned, row, worth, outcomes)
            if before == "not-applicable":
                again.state = before
        for most, down, up in limits.get(planned.index, ()):
            outcome = outcomes[planned.index]
            if outcome.units is not None and outcome.units > most:
                loss = up if demerit else down
                record = Taken(outcome.units - most, loss, by_tree=True)
                outcomes[planned.index] = evolve(
                    outcome, units=most, exact=(most, rounding.size), taken=(*outcome.taken, record)
                )
        _publish(planned, outcomes[planned.index], worth, row, rounding)


def _publish(
    planned: PlannedNode, outcome: Outcome, worth: Sequence[int] | None, row: list[Slot], rounding: Rounding
) -> None:
    """Let formulas read the points of a node, and the share of its weight that it kept."""
    units, whole = outcome.units, 0 if worth is None else worth[planned.index]
    lacking = outcome.absent or Absent(planned.node.id, "not-given")
    if planned.points is not None:
        row[planned.points] = lacking if units is None else (units, rounding.size)
    if planned.share is not None:
        by_zero = Absent(planned.node.id, "division-by-zero")
        row[planned.share] = lacking if units is None else (units, whole) if whole > 0 else by_zero


def _branch(
    plan: Plan,
    planned: PlannedNode,
    row: list[Slot],
    worth: Sequence[int] | None,
    outcomes: list[Outcome],
    told: Mapping[str, str],
) -> Outcome:
    if planned.node.aggregate == "pool" and worth is not None:
        try:
            chosen = unchosen(plan, planned, row) if plan.excusing else None
        except Unreadable as unreadable:
            return Outcome(unreadable.absent.state, None, absent=unreadable.absent)
        return chosen or _pool(plan, planned, row, worth, outcomes, told)
    outcome = _together(plan, planned, row, worth, outcomes)
    if outcome.left_out and _says_so(planned, row, told):
        outcome.state = "not-applicable"
    return outcome


def _says_so(planned: PlannedNode, row: list[Slot], told: Mapping[str, str]) -> bool:
    """Whether a branch with nothing left does not apply itself: by a condition over it, or the assessor's word."""
    try:
        return excused(planned.excuses, row, told) is not None
    except Unreadable:
        return False


def _together(
    plan: Plan, planned: PlannedNode, row: list[Slot], worth: Sequence[int] | None, outcomes: list[Outcome]
) -> Outcome:
    """A branch from what its members kept."""
    if worth is None:
        return Outcome("not-scored", None, absent=Absent("weight", "no-weight") if planned.index == 0 else None)
    if planned.chosen_by is not None and isinstance(lacking := row[planned.chosen_by], Absent):
        return Outcome(lacking.state, None, absent=lacking)
    if not planned.adds:
        return _aggregated(plan, planned, row, worth, outcomes)
    total, exact = 0, Fraction(0)
    rescaled = unscored = shared = live = beyond = 0
    applies = False
    for child in planned.children:
        one = outcomes[child]
        rescaled, unscored, shared = rescaled + one.rescaled, unscored + one.unscored, shared + one.shared
        if one.units is None:
            if one.left_out:
                continue
            return Outcome("not-scored", None)
        total += one.units
        beyond += one.units if worth[child] == 0 else one.beyond
        if planned.exactly:
            exact += Fraction(*one.exact)
        if not (one.rescaled or one.shared) or one.state != "not-applicable":
            live += worth[child] - one.rescaled - one.unscored
            applies = True
    if not applies:
        # a branch with nothing left is not scored, never 0
        gone = bool(planned.children) and not shared
        return Outcome("not-scored", None, left_out=gone, rescaled=rescaled, unscored=unscored, taken=())
    outcome = Outcome("scored", total, ratio(exact), rescaled=rescaled, unscored=unscored, beyond=beyond)
    if shared:
        _made_up(plan, outcome, live, shared, "siblings")
    if planned.index == 0 and rescaled and outcome.units is not None:
        _made_up(plan, outcome, worth[0] - rescaled - unscored, rescaled, "rescale")
    if outcome.units is not None:
        _within(plan, planned, row, outcome)
    return outcome


def _made_up(plan: Plan, outcome: Outcome, live: int, gone: int, code: str) -> None:
    """Scale a total so that what does not apply is made up for; rounded once, as a record of its own."""
    if live <= 0:
        outcome.units = None
        outcome.state = "not-scored"
        return
    before = outcome.units or 0
    weighed = before - outcome.beyond
    outcome.units = Rounding(0, plan.rulebook.rounding.mode).units(weighed * (live + gone), live) + outcome.beyond
    beyond = Fraction(outcome.beyond, plan.rulebook.rounding.size)
    outcome.exact = ratio((Fraction(*outcome.exact) - beyond) * Fraction(live + gone, live) + beyond)
    outcome.taken = (*outcome.taken, *_record(plan, outcome.units - before, code, SENTENCES[code]))


def _record(plan: Plan, moved: int, code: str, said: Words) -> tuple[Taken, ...]:
    """A record of points that moved by so many units, as a loss or a gain."""
    if not moved:
        return ()
    lost = moved > 0 if plan.rulebook.demerit else moved < 0
    return (Taken(abs(moved), (Loss if lost else Gain)(code, ZERO, said), by_tree=True),)


def _within(plan: Plan, planned: PlannedNode, row: list[Slot], outcome: Outcome) -> None:
    """Cap a branch at the ends of its range."""
    if planned.range is None or outcome.units is None:
        return
    rounding = plan.rulebook.rounding
    try:
        low, high = rounding.units(*planned.range.low(row)), rounding.units(*planned.range.high(row))
    except Unreadable as unreadable:
        outcome.state, outcome.units, outcome.absent = "not-scored", None, unreadable.absent
        return
    kept = min(max(outcome.units, low), high)
    if kept != outcome.units:
        code = "range-high" if kept < outcome.units else "range-low"
        outcome.taken = (*outcome.taken, *_record(plan, kept - outcome.units, "range", SENTENCES[code]))
        outcome.units, outcome.exact, outcome.beyond = kept, (kept, rounding.size), 0


def _aggregated(
    plan: Plan, planned: PlannedNode, row: list[Slot], worth: Sequence[int], outcomes: list[Outcome]
) -> Outcome:
    """A branch that acts on its members' shares, times the weight that it says itself."""
    size = plan.rulebook.rounding.size
    shares: list[Fraction] = []
    weights: list[int] = []
    for child in planned.children:
        one = outcomes[child]
        if one.units is None:
            if one.left_out:
                continue
            return Outcome("not-scored", None)
        whole = worth[child] - one.rescaled - one.unscored
        if whole <= 0:
            continue
        shares.append(Fraction(*one.exact) * size / whole)
        weights.append(whole)
    if not shares:
        # where a sum would go on without it, its weight would be lost and nobody would say so
        above = plan.nodes[planned.parent]
        gone = all(outcomes[child].left_out for child in planned.children)
        gone = gone and planned.index > 0 and (not above.adds or not is_chosen(plan, planned, row))
        return Outcome("not-scored", None, left_out=gone)
    branch = planned.node
    if not isinstance(branch, Branch):
        raise TypeError(branch)
    exact = combined(branch.aggregate, shares, weights, branch.n) * Fraction(worth[planned.index], size)
    rounding = branch.rounding or plan.rulebook.rounding
    units = rounding.units(exact.numerator, exact.denominator) * (size // rounding.size)
    outcome = Outcome("scored", units, ratio(exact))
    moved = units if plan.rulebook.demerit else units - worth[planned.index]
    outcome.taken = _record(plan, moved, "aggregate", AGGREGATES[branch.aggregate])
    _within(plan, planned, row, outcome)
    return outcome


def _pool(
    plan: Plan,
    planned: PlannedNode,
    row: list[Slot],
    worth: Sequence[int],
    outcomes: list[Outcome],
    told: Mapping[str, str],
) -> Outcome:
    """A pool: its members' losses come off the branch's weight one after another, until none are left."""
    rounding, demerit = plan.rulebook.rounding, plan.rulebook.demerit
    units = worth[planned.index]
    standing = None
    whole: Outcome | None = None
    for child in planned.children:
        member = plan.nodes[child]
        leaf = member.leaf
        if leaf is None:
            raise TypeError(f"the pool {planned.node.id!r} holds a branch")
        if (gone := left(plan, member, row, units, told)) is not None:
            outcomes[child] = gone
            if gone.units is None:
                whole = Outcome("not-scored", None)
            continue
        if standing is None:
            standing = begin(leaf, row, units, rounding, demerit=demerit)
        before, at = standing.units, standing.at
        taken: list[Taken] = []
        try:
            lose(leaf, row, standing, taken)
            outcomes[child] = Outcome("scored", standing.units - before, (0, 1), tuple(taken))
        except Unreadable as unreadable:
            standing.units, standing.at = before, at
            absent = unreadable.absent
            if policy_for(leaf, absent) == "not-applicable":  # then it takes nothing
                outcomes[child] = Outcome("not-applicable", 0, absent=absent)
            else:
                outcomes[child] = Outcome(absent.state, None, absent=absent)
                whole = Outcome("not-scored", None)
    if whole is not None:
        return whole
    if standing is None:
        return Outcome("scored", 0 if demerit else units, (0 if demerit else units, rounding.size))
    outcome = Outcome("scored", standing.units, standing.at)
    _within(plan, planned, row, outcome)
    return outcome
