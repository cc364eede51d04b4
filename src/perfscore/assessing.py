"""Assess facts by a rulebook.

In: a `Rulebook` that passed its checks, and the `Facts` of one subject.
Out: an `Assessment`, in which every lost point is named.
This room only puts together what `intake`, `judging` and `findings` say. No file is read and no sentence written here.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from perfscore.assessment import Assessment, Deduction, IndicatorResult, MeasureResult, Observed, State
from perfscore.explanation import Scene
from perfscore.facts import Facts
from perfscore.findings import findings_of
from perfscore.formula.arithmetic import Absent, Slot
from perfscore.formula.exact import fraction
from perfscore.formula.prose import SYNTAX, tell
from perfscore.indicator import Branch, Indicator, Node
from perfscore.intake import row_of
from perfscore.judging import Outcome, judge
from perfscore.plan import Plan, PlannedLeaf, compiled
from perfscore.rating import rating_of
from perfscore.rulebook import Rulebook


def assess(rulebook: Rulebook, facts: Facts) -> Assessment:
    """The assessment of one subject. Whatever is wrong with the facts is a finding in it; nothing is raised for facts."""
    plan = compiled(rulebook)
    row, findings = row_of(plan, facts)
    judged = judge(plan, row)
    rounding = rulebook.rounding
    results: list[IndicatorResult] = []
    total = _results(rulebook.members, (), _Scenes(plan, tuple(row), facts), judged, results)
    score = None if total is None else rounding.published(total)
    findings.extend(findings_of(plan, row, facts, judged, total))
    return Assessment(
        rulebook=rulebook,
        facts=facts,
        results=tuple(results),
        subtotal=score,
        score=score,
        rating=None if total is None else rating_of(total * rounding.unit, rulebook.ratings),
        coverage=_coverage(plan, judged),
        measures=tuple(
            MeasureResult(measure.name, _observed(row[slot]), tell(measure.formula, SYNTAX))
            for measure, slot, _ in plan.measures
        ),
        findings=tuple(findings),
        rulebook_digest=plan.digest,
    )


@frozen(eq=False)
class _Scenes:
    """Everything an explanation may be asked for later, kept once a subject."""

    plan: Plan
    row: tuple[Slot, ...]
    facts: Facts

    def of(self, leaf: PlannedLeaf) -> Scene:
        return Scene(
            leaf.indicator,
            leaf.vocabulary,
            leaf.slots,
            self.row,
            self.facts,
            self.plan.origins,
            self.plan.rulebook.language,
        )


def _results(
    members: tuple[Node, ...],
    above: tuple[str, ...],
    scenes: _Scenes,
    judged: dict[str, Outcome],
    results: list[IndicatorResult],
) -> int | None:
    """Append the result of every node, branches first; the sum of the members' published points, or None."""
    total: int | None = 0
    rounding = scenes.plan.rulebook.rounding
    for member in members:
        path = (*above, member.name)
        place = len(results)
        match member:
            case Indicator():
                units = judged[member.id].units
                results.append(_leaf_result(scenes, scenes.plan.leaves[member.id], judged[member.id]))
            case Branch(members=inner):
                units = _results(inner, path, scenes, judged, results)
                process = answer.process if (answer := scenes.facts.answers.get(member.id)) else None
                state: State = "not-scored" if units is None else "scored"
                points = None if units is None else rounding.published(units)
                results.insert(place, IndicatorResult(member, path, state, points, process=process))
        total = None if total is None or units is None else total + units
    return total


def _leaf_result(scenes: _Scenes, leaf: PlannedLeaf, outcome: Outcome) -> IndicatorResult:
    rounding = scenes.plan.rulebook.rounding
    id = leaf.indicator.id
    scene = scenes.of(leaf) if outcome.taken else None
    answer = scenes.facts.answers.get(id)
    return IndicatorResult(
        node=leaf.indicator,
        path=leaf.path,
        state=outcome.state,
        points=None if outcome.units is None else rounding.published(outcome.units),
        value=None if leaf.value is None else _observed(scenes.row[leaf.value]),
        deductions=()
        if scene is None
        else tuple(
            Deduction(id, rounding.published(one.units), one.loss.code, one.loss, scene, one.capped)
            for one in outcome.taken
        ),
        process=answer.process if answer else None,
    )


def _observed(slot: Slot) -> Observed | None:
    match slot:
        case Absent():
            return None
        case tuple():
            return fraction(slot)
        case _:
            return slot


def _coverage(plan: Plan, judged: dict[str, Outcome]) -> Fraction:
    """Weight of the leaves in state scored ÷ weight of all leaves."""
    scored = sum(leaf.weight for id, leaf in plan.leaves.items() if judged[id].state == "scored")
    return Fraction(scored, sum(leaf.weight for leaf in plan.leaves.values()))
