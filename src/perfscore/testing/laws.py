"""The laws that every rulebook keeps, as functions that anyone can hold it to.

In: an assessment, or a rulebook with facts. Out: nothing; a law that does not hold raises `AssertionError` and says where.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from attrs import evolve, fields, has

from perfscore.aggregating import judge_tree
from perfscore.analysis.partial import assess_partial
from perfscore.analysis.reach import ROOT, SCORE, reach
from perfscore.assessing import assess
from perfscore.assessment import Assessment, IndicatorResult
from perfscore.facts import Facts
from perfscore.formula import shapes
from perfscore.formula.arithmetic import Absent, Slot
from perfscore.formula.solving import spelled_out
from perfscore.formula.walking import everything, names
from perfscore.indicator import AbsentPolicy, Branch, Indicator
from perfscore.intake import row_of
from perfscore.judging import judge
from perfscore.plan import Fill, Plan, PlannedLeaf
from perfscore.planning import compiled
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.rulefile import open_text
from perfscore.rulefile.digest import digest
from perfscore.rulefile.write import dumps
from perfscore.testing.laws_of_trees import hold, pooled_in
from perfscore.weighing import worth_of


def same_bytes(rulebook: Rulebook, facts: Facts, cohort: Sequence[Facts] | None = None) -> None:
    """Law 4. The JSON is the same bytes: again, compiled anew, from copies, with the facts in another order."""
    first = published(assess(rulebook, facts, cohort))
    _same("a second run", published(assess(rulebook, facts, cohort)), first)
    copies = pickle.loads(pickle.dumps((rulebook, facts, cohort)))
    compiled.cache_clear()
    _same("a copy of the rulebook and the facts, compiled anew,", published(assess(*copies)), first)
    turned = Facts(
        inputs=dict(reversed(list(facts.inputs.items()))),
        answers=dict(reversed(list(facts.answers.items()))),
        subject=facts.subject,
        review=facts.review,
    )
    _same("facts in another order", published(assess(rulebook, turned, cohort)), first)


def states_add_up(assessment: Assessment) -> None:
    """Law 6, in one assessment. Every leaf is in one state, and where figures lack its policy decides."""
    found = [result for result in assessment if isinstance(result.node, Indicator)]
    wanted = [leaf.id for leaf in assessment.rulebook.indicators()]
    hold([result.id for result in found] == wanted, f"{len(found)} results stand for {len(wanted)} indicators")
    undecided = _undecided(assessment)
    for result in found:
        leaf = cast(Indicator, result.node)
        match result.state:
            case "scored":
                hold(result.points is not None, f"“{result.id}” is scored and has no points")
            case "missing" if result.id in undecided:
                hold(
                    result.points is None, f"“{result.id}” has {result.points} points, and it may not be the one chosen"
                )
            case "missing" | "undefined":
                policy = leaf.missing if result.state == "missing" else leaf.undefined
                _by_policy(assessment, result, policy)
            case "not-applicable" | "not-scored":
                pass
    pooled = pooled_in(assessment.rulebook)
    alone = [
        one for one in assessment if one.node.aggregate == "pool" or (not one.node.members and one.id not in pooled)
    ]
    every = sum((one.effective_weight or Fraction(0) for one in alone), Fraction(0))
    scored = sum((one.effective_weight or Fraction(0) for one in alone if one.state == "scored"), Fraction(0))
    if every:
        hold(
            assessment.coverage == scored / every,
            f"coverage is {spelled(assessment.coverage)}, {spelled(scored)} of {spelled(every)} are scored",
        )
    least = assessment.rulebook.coverage
    if assessment.score is None or (least is not None and assessment.coverage < least):
        fixed = any(one.set_rating == assessment.rating for one in assessment.rulebook.adjustments)
        hold(assessment.rating is None or fixed, f"there is nothing to rate, and yet the rating {assessment.rating}")


def missing_is_not_zero(rulebook: Rulebook, facts: Facts) -> None:
    """Law 6, in two assessments. Without a figure or an answer that it reads, an indicator is missing, never judged."""
    plan = compiled(rulebook)
    row, _, heard = row_of(plan, facts)
    filled = list(row)
    before = judge_tree(plan, filled, heard)
    worth = worth_of(plan, filled)
    if worth is None:
        return
    figures = {slot: name for name, (_, slot) in plan.inputs.items()}
    for id, leaf in plan.leaves.items():
        outcome = before[plan.index[id]]
        if outcome.state != "scored" or outcome.reviewed or leaf.place.pooled:
            continue
        asked = _asked_whether_given(leaf.indicator, rulebook)
        slots = {slot: name for slot, name in figures.items() if name not in asked}
        slots |= {slot: f"{id}.{part}" for part, slot in leaf.slots.answers.items()}
        for slot in sorted(_rests_on(plan, leaf, filled, worth[plan.index[id]]) & slots.keys()):
            lacking: list[Slot] = list(row)
            lacking[slot] = Absent(slots[slot], "not-given")
            after = judge_tree(plan, lacking, heard)[plan.index[id]]
            said = f"“{id}” reads {slots[slot]}; without it, it"
            wanted = ("missing", "not-applicable") if _may_not_apply(leaf.indicator, rulebook) else ("missing",)
            hold(after.state in wanted, f"{said} is {after.state} with {after.units} units")
            if after.state == "missing" and not rulebook.demerit:
                hold(
                    after.units is None or (leaf.indicator.missing == "zero" and after.units == 0),
                    f"{said} gets {after.units} units under the policy “{leaf.indicator.missing}”",
                )


def within_reach(rulebook: Rulebook, assessment: Assessment) -> None:
    """Law 7. The interval that analysis proves for a node contains the points it got.

    It speaks of what the rule gives. A reviewer may give what the rule cannot, and the mean of others who were reviewed
    may lie there too.
    """
    if assessment.cohort is not None and any(one.review for one in assessment.cohort.subjects):
        return
    reached = reach(rulebook)
    figures = {result.id: result.computed_points for result in assessment if not result.node.members}
    if not assessment.facts.review:  # a reviewer may give what the rule cannot
        figures |= {result.id: result.points for result in assessment}
        figures |= {ROOT: assessment.subtotal, SCORE: assessment.score}
    for id, points in figures.items():
        if points is not None:
            low, high = reached[id].low, reached[id].high
            hold(reached[id].holds(Fraction(points)), f"“{id or 'total'}” has {points} points, outside {low} … {high}")


def contains_every_completion(rulebook: Rulebook, fewer: Facts, more: Facts) -> None:
    """Law 9. The interval of `fewer` facts contains the score that `more` give, which add to them and change nothing."""
    still = assess_partial(rulebook, fewer)
    score = assess(rulebook, more).score
    if score is None or still.blocked:
        return
    low, high = still.low, still.high
    hold(low is None or low <= score, f"with fewer facts at least {low} was possible, with more it is {score}")
    hold(high is None or score <= high, f"with fewer facts at most {high} was possible, with more it is {score}")


def better_never_worse(worse: Assessment, better: Assessment, id: str) -> None:
    """Law 8. `better` differs from `worse` only by facts that are better for the indicator `id`."""
    low, high = worse[id].points, better[id].points
    if low is not None and high is not None:
        hold(high >= low, f"“{id}” has {low} points, and only {high} for the better facts")


def survives_writing(rulebook: Rulebook) -> None:
    """Law 10. A rulebook that was written reads back without errors, equal, with the same digest."""
    text = dumps(rulebook)
    opened = open_text(text)
    errors = [one for one in opened.diagnostics if one.severity == "error"]
    hold(
        not errors,
        "what was written cannot be read:\n" + "\n".join(f"{one.at} {one.message.en}" for one in errors) + "\n" + text,
    )
    read = opened.required()
    hold(read == rulebook, f"what was written reads back as another rulebook:\n{_difference(rulebook, read)}\n{text}")
    hold(digest(read) == digest(rulebook), "what was written reads back with another digest")
    hold(dumps(read) == text, "what was read again is written in other words")


def published(assessment: Assessment) -> bytes:
    """The bytes of an assessment's JSON."""
    return json.dumps(assessment.to_dict(), ensure_ascii=False, indent=1).encode()


def _same(what: str, found: bytes, wanted: bytes) -> None:
    for one, other in zip(found.splitlines(), wanted.splitlines(), strict=False):
        hold(one == other, f"{what} gives other bytes: {one.decode()} instead of {other.decode()}")
    hold(found == wanted, f"{what} gives other bytes")


def _undecided(assessment: Assessment) -> set[str]:
    """Leaves of which one is chosen by what nobody said: it is not known whose policy counts. Once the choice is known,
    the others do not apply.
    """
    found = set[str]()
    for branch in (one.node for one in assessment if isinstance(one.node, Branch) and one.node.aggregate == "one-of"):
        under = [one for one in assessment if isinstance(one.node, Indicator) and one.id.startswith(f"{branch.id}.")]
        if all(one.state == "missing" for one in under):
            found |= {one.id for one in under}
    return found


def _by_policy(assessment: Assessment, result: IndicatorResult, policy: AbsentPolicy) -> None:
    told = [one for one in assessment.findings if result.id in one.at and one.code.number.startswith("PS4")]
    hold(bool(told), f"“{result.id}” is {result.state}, and no finding says so")
    match policy:
        case "zero" if not assessment.rulebook.demerit:
            hold(result.points == 0, f"“{result.id}” is {result.state}; its policy says zero, it has {result.points}")
            codes = [one.code for one in result.deductions]
            wanted = [result.state] if result.weight else []
            hold(codes == wanted, f"“{result.id}” is {result.state}; its deductions are called {codes}")
        case "error" | "not-scored":
            hold(result.points is None, f"“{result.id}” is {result.state} and has {result.points} points")
            hold(assessment.score is None, f"“{result.id}” is {result.state}, and there is a score")
            severities = {one.severity for one in told}
            hold(policy != "error" or "error" in severities, f"“{result.id}” is {result.state}, which is no error")
        case _:
            pass


def _rests_on(plan: Plan, leaf: PlannedLeaf, filled: list[Slot], units: int) -> set[int]:
    """The slots that the losses of a leaf read, and those that were read to fill these."""
    watched = _Watched(filled)
    judge(evolve(leaf, computed=(), plainly=None), watched, units, plan.rulebook.rounding, plan.rulebook.demerit)
    computed = {step.slot: step.read for step in plan.steps if isinstance(step, Fill)}
    computed |= {fill.slot: fill.read for fill in leaf.computed}
    found, waiting = set[int](), list(watched.read)
    while waiting:
        slot = waiting.pop()
        if slot not in found and slot in computed:
            under = _Watched(filled)
            computed[slot](under)
            waiting.extend(under.read)
        found.add(slot)
    return found


class _Watched(list[Slot]):
    """A row that remembers which of its slots were read."""

    def __init__(self, row: Sequence[Slot]) -> None:
        super().__init__(row)
        self.read: set[int] = set()

    def __getitem__(self, at: Any) -> Any:
        self.read.add(at)
        return super().__getitem__(at)


def _may_not_apply(leaf: Indicator, rulebook: Rulebook) -> bool:
    """Whether a leaf may cease to apply for want of a figure: by its policy, or since whether it applies rests on the
    points of another, which gets 0 for what is missing where its own policy says so.
    """
    measures = {one.name: one.formula for one in rulebook.measures}
    asked = [spelled_out(one.applies, measures) for one in rulebook.lines[leaf.id] if one.applies is not None]
    read = {name for formula in asked for name in names(formula)}
    return leaf.missing == "not-applicable" or any(name.startswith(("points(", "share(")) for name in read)


def _asked_whether_given(leaf: Indicator, rulebook: Rulebook) -> set[str]:
    """The names of which a leaf may ask whether they are given, and those that these rest on."""
    place = rulebook.place(leaf)
    stands = {one.name: one.formula for one in rulebook.measures}
    stands |= {
        name: one for name, one in (("value", leaf.measured), ("target", place.target_number)) if one is not None
    }
    losses = (*leaf.criterion.losses(place), *leaf.criterion.credits(place))
    formulas = [*stands.values(), *(one for parameter in rulebook.parameters for one in parameter.formulas())]
    formulas += [read for loss in losses for read in loss.formulas()]
    formulas += [one.applies for one in rulebook.nodes() if one.applies is not None]
    waiting = [one.name for formula in formulas for one in everything(formula) if isinstance(one, shapes.Given)]
    asked: set[str] = set()
    while waiting:
        if (name := waiting.pop()) not in asked:
            asked.add(name)
            waiting.extend(names(stands[name]) if name in stands else ())
    return asked


def _difference(one: object, other: object, at: str = "rulebook") -> str:
    """The innermost thing that differs between two values of the model."""
    if type(one) is type(other) and has(type(one)):
        for each in fields(cast(Any, type(one))):
            if getattr(one, each.name) != getattr(other, each.name):
                return _difference(getattr(one, each.name), getattr(other, each.name), f"{at}.{each.name}")
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            if left != right:
                return _difference(left, right, f"{at}[{index}]")
    return f"{at}: {one!r} became {other!r}"
