"""Put together what a tree's nodes kept: sums, pools, shares, and what does not apply.

In: a plan, a row, what every node is worth to the subject, and what its assessors and reviewers said.
Out: one `Outcome` a node, the whole first. A sum adds published points; any other aggregate acts on exact shares.
No sentence is written here, and the total is not adjusted yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod

from attrs import evolve, field, frozen

from perfscore.criterion import Gain, Loss
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.exact import ratio
from perfscore.formula.shapes import ZERO
from perfscore.indicator import Aggregate, Branch
from perfscore.judging import Outcome, Taken, begin, ends_of, excused, judge, lose, policy_for
from perfscore.plan import Excuse, Plan, PlannedNode
from perfscore.quantity import Rounding
from perfscore.roots import root_of
from perfscore.weights import weigh
from perfscore.words import Words

NOT_APPLICABLE = Words(zh="不适用", en="does not apply")
SENTENCES = {
    "rescale": Words(zh="不适用的分值按比例折算给其余指标", en="what does not apply is made up for in proportion"),
    "siblings": Words(zh="不适用的分值按比例让给同级指标", en="what does not apply goes to the siblings in proportion"),
    "range-high": Words(zh="超出本级得分范围的上限，按上限计", en="the points end at the upper end of the range"),
    "range-low": Words(zh="低于本级得分范围的下限，按下限计", en="the points end at the lower end of the range"),
    "review": Words(zh="复核调整", en="changed by review"),
}
AGGREGATES: dict[Aggregate, Words] = {
    "sum": Words(zh="相加", en="the sum"),
    "pool": Words(zh="扣完为止", en="the pool"),
    "min": Words(zh="取最低", en="the least"),
    "max": Words(zh="取最高", en="the greatest"),
    "mean": Words(zh="取平均", en="the mean"),
    "scaled": Words(zh="按权重平均", en="the weighted mean"),
    "geometric": Words(zh="取几何平均", en="the geometric mean"),
    "one-of": Words(zh="取所选的一项", en="the chosen one"),
    "best": Words(zh="取最高的几项平均", en="the mean of the best"),
}
DIGITS = 34
"""To so many places a geometric mean is computed; it has no exact value."""


@frozen(eq=False)
class Heard:
    """What people said of a subject beside its figures: what does not apply and why, and the reviewed points, by id."""

    excused: Mapping[str, str] = field(factory=dict)
    reviewed: Mapping[str, int] = field(factory=dict)


NOTHING_HEARD = Heard()


def judge_tree(plan: Plan, row: list[Slot], heard: Heard = NOTHING_HEARD) -> list[Outcome]:
    """Every node, judged in the order in which they read one another; measures are filled in on the way."""
    worth = worth_of(plan, row)
    rulebook = plan.rulebook
    rounding, demerit = rulebook.rounding, rulebook.demerit
    told = dict(heard.excused)
    outcomes: list[Outcome] = [UNJUDGED] * len(plan.nodes)
    for step in plan.steps:
        if step.read is not None:
            try:
                row[step.slot] = step.read(row)
            except Unreadable as unreadable:
                row[step.slot] = unreadable.absent
            continue
        planned = plan.nodes[step.node]
        if planned.leaf is None:
            outcome = _branch(plan, planned, row, worth, outcomes, told)
        elif worth is None:
            outcome = Outcome("missing", None, absent=Absent(planned.node.id, "no-weight"))
        elif (away := _left(plan, planned, row, worth[step.node], told)) is not None:
            outcome = away
        else:
            outcome = judge(planned.leaf, row, worth[step.node], rounding, demerit=demerit)
            if outcome.state == "not-applicable":  # missing, and its author says that it does not apply then
                outcome = _away(plan, planned, row, planned.excuses[-1], outcome.absent, worth[step.node])
        if heard.reviewed and planned.node.id in heard.reviewed:
            outcome = _reviewed(outcome, heard.reviewed[planned.node.id], worth, planned, row, plan)
        outcomes[step.node] = outcome
        if planned.points is not None or planned.share is not None:
            _publish(planned, outcome, worth, row, rounding)
    outcomes[0] = _branch(plan, plan.nodes[0], row, worth, outcomes, told)
    return outcomes


UNJUDGED = Outcome("not-scored", None)


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


def worth_of(plan: Plan, row: list[Slot]) -> Sequence[int] | None:
    """What every node is worth to the subject, in published units; None where a weight cannot be computed, or where the
    weights do not add up to the full marks.
    """
    if plan.worth is not None:
        return plan.worth
    rulebook = plan.rulebook

    def value(formula: object) -> Fraction | None:
        try:
            return Fraction(*plan.varying[formula](row))  # type: ignore[index]
        except Unreadable:
            return None

    for step in plan.steps:  # a weight may read measures and parameters, which come first
        if step.read is not None:
            try:
                row[step.slot] = step.read(row)
            except Unreadable as unreadable:
                row[step.slot] = unreadable.absent
    found = weigh(rulebook.members, rulebook.full_marks, rulebook.rounding, value)
    if len(found) < len(plan.nodes) - 1 or min(found.values()) < 0:
        return None
    if rulebook.aggregate == "sum" and sum(found[one.id] for one in rulebook.members) != rulebook.full_marks:
        return None
    size = rulebook.rounding.size
    worth = [int(found[one.node.id] * size) if one.index else int(rulebook.full_marks * size) for one in plan.nodes]
    for planned in plan.nodes:
        row[planned.worth] = (worth[planned.index], size)
    return worth


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


def _left(plan: Plan, planned: PlannedNode, row: list[Slot], worth: int, told: Mapping[str, str]) -> Outcome | None:
    """The outcome of a leaf that does not apply, or that was not chosen; None where it applies."""
    if not plan.excusing and not told:
        return None
    try:
        chosen = _unchosen(plan, planned, row)
        if chosen is not None:
            return chosen
        away = excused(planned.excuses, row, told)
    except Unreadable as unreadable:
        return Outcome(unreadable.absent.state, None, absent=unreadable.absent)
    if away is None:
        return None
    return _away(plan, planned, row, away[0], None, worth, away[1])


def _unchosen(plan: Plan, planned: PlannedNode, row: list[Slot]) -> Outcome | None:
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


def _away(
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
            kept = plan.rulebook.rounding.units(*excuse.fixed(row))
    lost = kept if demerit else worth - kept
    outcome = Outcome("not-applicable", kept, (kept, size), absent=absent, why=why)
    if lost:
        loss = Loss("not-applicable", ZERO, NOT_APPLICABLE)
        record = loss if lost > 0 else Gain("not-applicable", ZERO, NOT_APPLICABLE)
        outcome.taken = (Taken(abs(lost), record, by_tree=True),)
    if excuse.policy == "rescale":
        outcome.rescaled = worth
    elif excuse.policy == "siblings":
        outcome.shared = worth
    return outcome


def _reviewed(
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
        return Outcome("not-scored", None, absent=absent, computed=outcome.units, reviewed=True)
    before = outcome.units
    taken = outcome.taken
    if before is None:
        before, taken = (0 if demerit else full), ()
    moved = units - before
    if moved:
        down = moved > 0 if demerit else moved < 0
        record = (Loss if down else Gain)("review", ZERO, SENTENCES["review"])
        taken = (*taken, Taken(abs(moved), record, by_tree=True))
    return Outcome("scored", units, (units, size), taken, computed=outcome.units, reviewed=True)


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
            chosen = _unchosen(plan, planned, row) if plan.excusing else None
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
    rescaled = unscored = shared = live = standing = 0
    applies = False
    for child in planned.children:
        one = outcomes[child]
        rescaled, unscored, shared = rescaled + one.rescaled, unscored + one.unscored, shared + one.shared
        if one.units is None:
            if one.left_out:
                continue
            return Outcome("not-scored", None)
        total += one.units
        if planned.exactly:
            exact += Fraction(*one.exact)
        if not (one.rescaled or one.shared) or one.state != "not-applicable":
            live += worth[child] - one.rescaled - one.unscored
            applies = True
        standing += 1
    if not applies:
        # a branch with nothing left is not scored, never 0
        gone = bool(planned.children) and not shared
        return Outcome("not-scored", None, left_out=gone, rescaled=rescaled, unscored=unscored, taken=())
    outcome = Outcome("scored", total, ratio(exact), rescaled=rescaled, unscored=unscored)
    if shared:
        _made_up(plan, outcome, live, shared, "siblings")
    if planned.index == 0 and rescaled:
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
    outcome.units = Rounding(0, plan.rulebook.rounding.mode).units(before * (live + gone), live)
    outcome.exact = ratio(Fraction(*outcome.exact) * Fraction(live + gone, live))
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
        outcome.units, outcome.exact = kept, (kept, rounding.size)


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
        return Outcome("not-scored", None)
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


def combined(aggregate: Aggregate, shares: Sequence[Fraction], weights: Sequence[int], n: int | None) -> Fraction:
    """One share from several. Every one of these grows, or stays, when any share grows: bounds rest on that.

    >>> combined("best", [Fraction(1, 2), Fraction(1), Fraction(0)], [1, 1, 1], 2)
    Fraction(3, 4)
    """
    match aggregate:
        case "min":
            return min(shares)
        case "max":
            return max(shares)
        case "scaled":
            return sum((share * weight for share, weight in zip(shares, weights, strict=True)), Fraction(0)) / sum(
                weights
            )
        case "geometric":
            return root_of(prod((max(share, Fraction(0)) for share in shares), start=Fraction(1)), len(shares), DIGITS)
        case "best":
            shares = sorted(shares, reverse=True)[: n or 1]
        case _:
            pass
    return sum(shares, Fraction(0)) / len(shares)


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
        if (away := _left(plan, member, row, units, told)) is not None:
            outcomes[child] = away
            if away.units is None:
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
