"""Every case that a rulebook tells apart: those of its leaves, declared states, chosen members, adjustments, ratings.

In: a plan. Out: its `Watch`es, in the order of the file. A rating that no score can have is none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from perfscore.analysis.leafturns import NOTHING_LEFT, Leaf
from perfscore.analysis.partial import rests_on
from perfscore.analysis.reach import SCORE, reach
from perfscore.analysis.turns import Turn, Watch, place_of
from perfscore.assessing import Judged
from perfscore.assessment import STATES, State
from perfscore.criterion import Gain
from perfscore.formula.arithmetic import Unreadable
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.shapes import WEIGHT
from perfscore.formula.vocabulary import Term, with_terms
from perfscore.formula.walking import names
from perfscore.indicator import Branch, Indicator
from perfscore.plan import Plan, PlannedAdjustment, PlannedLeaf, PlannedNode
from perfscore.rulebook import worths
from perfscore.words import Words

IN_STATE = Words(zh="状态：{s}", en="state: {s}")
CHOSEN = Words(zh="选了{m}", en="{m} is chosen")
ABOVE = Words(zh="得分高于上限，按上限计", en="more than the range allows: its upper end counts")
BELOW = Words(zh="得分低于下限，按下限计", en="less than the range allows: its lower end counts")
OF_GROUP = Words(zh="{p}：{g}的值", en="{p}: the value of {g}")
RATED = Words(zh="等级：{r}", en="rating: {r}")
APPLIED = Words(zh="调整“{a}”：适用", en="adjustment “{a}”: applies")
NOT_APPLIED = Words(zh="调整“{a}”：不适用", en="adjustment “{a}”: does not apply")


def watches(plan: Plan) -> tuple[Watch, ...]:
    """Every case of a rulebook, in the order of its file."""
    found: list[Watch] = []
    for planned in plan.nodes[1:]:
        if planned.leaf is not None:
            found.extend(Leaf(plan, planned, planned.leaf).watches())
            found.extend(_grouped(plan, planned, planned.leaf))
        found.extend(_states(planned))
        found.extend(_members(plan, planned))
        found.extend(_ranged(plan, planned))
    found.extend(_members(plan, plan.nodes[0]))
    for index, adjustment in enumerate(plan.adjustments):
        found.extend(_adjusted(plan, adjustment, index))
    found.extend(_rated(plan))
    return tuple(found)


def _states(planned: PlannedNode) -> Iterator[Watch]:
    """The states that the author of a node declared something for."""
    node, index = planned.node, planned.index
    declared: list[State] = []
    if isinstance(node, Indicator):
        declared += ["missing"] if node.missing != "error" else []
        declared += ["undefined"] if node.undefined != "error" else []
    if node.applies is not None or node.not_applicable is not None:
        declared.append("not-applicable")
    for state in declared:

        def taken(judged: Judged, state: State = state) -> bool:
            outcome = judged.outcomes[index]
            return outcome.state == state or (outcome.absent is not None and outcome.absent.state == state)

        said = IN_STATE.fill(s=STATES[state])
        yield Watch(Turn(node.id, f"state.{state}", said, place_of(node.id)), taken)


def _grouped(plan: Plan, planned: PlannedNode, leaf: PlannedLeaf) -> Iterator[Watch]:
    """Of a leaf: each group for which a parameter that it reads says a value."""
    index, read = planned.index, rests_on(plan, leaf)
    for one in plan.rulebook.parameters:
        if one.by is None or one.name not in read:
            continue
        for group in one.values:

            def used(judged: Judged, slot: int = plan.of[one.by], group: str = group) -> bool:
                return judged.outcomes[index].state == "scored" and judged.row[slot] == group

            said, at = OF_GROUP.fill(p=one.label, g=group), ("parameters", one.name, "values", group)
            yield Watch(Turn(planned.node.id, f"parameters.{one.name}.{group}", said, at), used)


def _members(plan: Plan, planned: PlannedNode) -> Iterator[Watch]:
    """Of a branch: each member that can be chosen, and whether a pool runs out."""
    node, chosen_by = planned.node, planned.chosen_by
    if not isinstance(node, Branch):
        return
    at = place_of(node.id)
    if chosen_by is not None:
        for child in planned.children:
            member = plan.nodes[child].node
            short = member.id.rpartition(".")[2]

            def chosen(judged: Judged, short: str = short) -> bool:
                return judged.row[chosen_by] == short

            yield Watch(Turn(node.id, f"chosen.{short}", CHOSEN.fill(m=member.name), at), chosen)
    if node.aggregate == "pool":
        leaves = [plan.nodes[child].leaf for child in planned.children]
        reach_of = [
            max(loss.loss.reach(leaf.place.vocabulary).high, Fraction(0))
            for leaf in leaves
            if leaf is not None
            for loss in leaf.losses
        ]
        known = [bounds(WEIGHT, leaf.place.vocabulary).low for leaf in leaves if leaf is not None]
        if known and sum(reach_of, Fraction(0)) > known[0]:

            def crossed(judged: Judged) -> bool:
                return any(one.capped for child in planned.children for one in judged.outcomes[child].taken)

            yield Watch(Turn(node.id, "nothing-left", NOTHING_LEFT, at), crossed)


def _ranged(plan: Plan, planned: PlannedNode) -> Iterator[Watch]:
    """Of a branch that adds: each end of its range that its members can go beyond."""
    node, index = planned.node, planned.index
    if not isinstance(node, Branch) or node.range is None or node.aggregate != "sum":
        return
    reached, vocabulary = reach(plan.rulebook), plan.rulebook.vocabulary()
    worth = {"weight": Term(node.name, "number", None, worths(plan.rulebook, vocabulary)[node.id])}
    known = with_terms(vocabulary, worth)
    members = [reached[one.id] for one in node.members]
    for top, end in ((False, node.range.low.low), (True, node.range.high.low)):
        there = bounds(end, known)
        beyond = sum(one.high for one in members) > there.low if top else sum(one.low for one in members) < there.high
        if beyond:
            given = top == plan.rulebook.demerit  # what the upper end cuts is lost, unless points are incurred

            def cut(judged: Judged, given: bool = given) -> bool:
                records = judged.outcomes[index].taken
                return any(one.loss.code == "range" and isinstance(one.loss, Gain) is given for one in records)

            name, said = ("range.high", ABOVE) if top else ("range.low", BELOW)
            yield Watch(Turn(node.id, name, said, (*place_of(node.id), "range")), cut)


def _adjusted(plan: Plan, adjustment: PlannedAdjustment, index: int) -> Iterator[Watch]:
    """Whether an adjustment applies."""
    rule, when = adjustment.rule, adjustment.when
    if when is None or rule.when is None:
        return
    by_score = "score" in names(rule.when)

    def applied(judged: Judged) -> bool:
        if any(line.rule is rule for line in judged.total.lines):
            return True
        if by_score:  # what the score was at its turn is known only where it did something
            return False
        try:
            return when(judged.row)
        except Unreadable:
            return False

    def passed(judged: Judged) -> bool:
        try:
            return judged.total.score is not None and not when(judged.row) and not applied(judged)
        except Unreadable:
            return False

    at = ("adjustments", index)
    title = rule.title if len(rule.title) <= 30 else rule.id
    yield Watch(Turn("", f"adjustments.{rule.id}", APPLIED.fill(a=title), at), applied, "score")
    yield Watch(Turn("", f"adjustments.{rule.id}.not", NOT_APPLIED.fill(a=title), at), passed, "score")


def _rated(plan: Plan) -> Iterator[Watch]:
    """Each rating that the scores of the rulebook can have."""
    scale = plan.rulebook.ratings
    score = reach(plan.rulebook)[SCORE] if scale else Interval()
    starts = sorted({one.start for one in scale if one.start is not None})
    above = dict(pairwise(starts))
    set_by_rule = {rule.set_rating or rule.cap_rating for rule in plan.rulebook.adjustments}
    for index, step in enumerate(scale):
        start = step.start
        by_score = start is not None and score.high >= start and (start not in above or score.low < above[start])
        if not by_score and step.name not in set_by_rule:
            continue

        def rated(judged: Judged, name: str = step.name) -> bool:
            return judged.total.rating == name

        says = RATED.fill(r=step.name)
        yield Watch(Turn("", f"ratings.{step.name}", says, ("ratings", "scale", index)), rated, "rating")
