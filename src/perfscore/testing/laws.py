"""The laws that every rulebook keeps, as functions that anyone can hold it to.

In: an assessment, or a rulebook with facts. Out: nothing; a law that does not hold raises `AssertionError` and says where.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from decimal import Decimal
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
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import (
    everything,
    names,
)
from perfscore.formula.vocabulary import Domain, Term
from perfscore.indicator import ADDING, AbsentPolicy, Branch, Indicator, Node, Range, leaves
from perfscore.intake import row_of
from perfscore.judging import judge
from perfscore.plan import Plan, PlannedLeaf
from perfscore.planning import compiled
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.rulefile import open_text
from perfscore.rulefile.document import digest
from perfscore.rulefile.write import dumps
from perfscore.weighing import worth_of


def within_weight(assessment: Assessment) -> None:
    """Law 1. 0 ≤ points ≤ weight, at every node and in the total; beyond that only where a range is declared, and then
    within it.
    """
    ranged = {one.id for one in assessment.rulebook.nodes() if one.range is not None}
    pooled = _pooled(assessment.rulebook)
    for result in assessment:
        if result.points is None or (isinstance(result.node, Branch) and any(_under(id, result.id) for id in ranged)):
            continue
        low, high = _ends(result, assessment, pooled)
        _hold(low <= result.points <= high, f"“{result.id}” has {result.points} points, not {low} to {high}")
    if assessment.score is not None:
        rounded = assessment.rulebook.rounding.rounded
        low, high = map(rounded, _range_of(assessment.rulebook.range, assessment.full_marks))
        _hold(low <= assessment.score <= high, f"the score is {assessment.score}, not {low} to {high}")


def _ends(result: IndicatorResult, assessment: Assessment, pooled: dict[str, str]) -> tuple[Fraction, Fraction]:
    if result.id in pooled:
        whole = Fraction(assessment[pooled[result.id]].weight or 0)
        return (Fraction(0), whole) if assessment.rulebook.demerit else (-whole, whole)
    low, high = _range_of(result.node.range, Fraction(result.weight or 0))
    rounding = result.node.rounding or assessment.rulebook.rounding
    return rounding.rounded(low), rounding.rounded(high)


def _range_of(ends: Range | None, weight: Fraction) -> tuple[Fraction, Fraction]:
    """The ends of a range that is written in numbers and shares of the weight; else 0 to the weight."""
    if ends is None:
        return Fraction(0), weight
    known = {"weight": Term("", "number", None, Domain(weight, weight))}
    found = bounds(ends.low.low, known).low, bounds(ends.high.low, known).high
    return cast(tuple[Fraction, Fraction], found)


def _pooled(rulebook: Rulebook) -> dict[str, str]:
    """The pool of each member of a pool."""
    return {one.id: node.id for node in rulebook.nodes() if node.aggregate == "pool" for one in node.members}


def _under(id: str, above: str) -> bool:
    return not above or id == above or id.startswith(f"{above}.")


def every_lost_point_is_named(assessment: Assessment) -> None:
    """Law 2. weight − points = Σ deductions − Σ credits, exactly, at every node and in the total; each says why.

    A branch that acts on shares has a record of its own, and those of its members do not count. Under demerit points are
    what was incurred.
    """
    rulebook = assessment.rulebook
    for result in assessment:
        taken, weight = _lost(assessment, result.node), _weight_in(assessment, result.node)
        if result.points is not None:
            kept = Fraction(result.points)
            lost = kept if rulebook.demerit else weight - kept
            _hold(lost == taken, f"“{result.id}” lost {spelled(lost)} points, but its records take {spelled(taken)}")
        elif isinstance(result.node, Indicator):
            _hold(not (result.deductions or result.credits), f"“{result.id}” has no points and yet records")
    if assessment.score is not None:
        adjusted = sum((Fraction(one.points) for one in assessment.adjustments), Fraction(0))
        score = Fraction(assessment.score)
        lost = score - adjusted if rulebook.demerit else assessment.full_marks - score + adjusted
        for named in (_lost(assessment, rulebook.root), _taken(assessment)):
            _hold(lost == named, f"{spelled(lost)} points are lost in total, and {spelled(named)} are named")
    for one in (*assessment.deductions, *assessment.credits):
        _hold(one.points > 0, f"“{one.indicator}” has a record of {one.points} points ({one.code})")
        said = one.because
        for text in (said.zh, said.en, one.formula("zh"), one.formula("en")):
            _hold(bool(text.strip()), f"a record of “{one.indicator}” says nothing ({one.code})")
        _hold(all(used.name for used in one.inputs), f"a record of “{one.indicator}” rests on a figure without a name")
    for line in assessment.adjustments:
        _hold(bool(line.because.zh.strip() and line.because.en.strip()), f"the adjustment {line.id} says nothing")


def _own(assessment: Assessment, node: Node) -> Fraction:
    """What a node's own records take."""
    if not node.id:
        deductions, credits = assessment.evidence.whole()
    else:
        deductions, credits = assessment[node.id].deductions, assessment[node.id].credits
    return sum((Fraction(one.points) for one in deductions), Fraction(0)) - sum(
        (Fraction(one.points) for one in credits), Fraction(0)
    )


def _lost(assessment: Assessment, node: Node) -> Fraction:
    """What the records of a node take, with those under it where it adds."""
    under = node.members if node.aggregate in ADDING else ()
    return _own(assessment, node) + sum((_lost(assessment, member) for member in under), Fraction(0))


def _weight_in(assessment: Assessment, node: Node) -> Fraction:
    """What a node is worth, less what is left out of the full marks."""
    result = assessment[node.id]
    match node:
        case Branch(aggregate="sum", members=members):
            return sum((_weight_in(assessment, member) for member in members), Fraction(0))
        case Indicator() if node.id in _pooled(assessment.rulebook):
            return Fraction(0)
        case Indicator() if result.state == "not-applicable" and result.points is None:
            return Fraction(0)
        case _:
            return Fraction(result.weight or 0)


def tree_adds_up(assessment: Assessment) -> None:
    """Law 3. A reader with a pencil gets the same total from the published figures; all have the places promised."""
    places = assessment.rulebook.rounding.places
    for said, figure in (
        *((f"“{one.id}”", one.points) for one in assessment),
        *((f"a record of “{one.indicator}”", one.points) for one in (*assessment.deductions, *assessment.credits)),
        *((f"the adjustment {one.id}", one.points) for one in assessment.adjustments),
        ("the score", assessment.score),
    ):
        _hold(
            figure is None or figure.as_tuple().exponent == -places,
            f"{said} is published as {figure}, which has not {places} places",
        )
    for result in assessment:
        match result.node:
            case Branch(aggregate="sum"):
                _adds_up(assessment, result.node, result.points)
            case _:
                pass
    if assessment.rulebook.aggregate == "sum":
        _adds_up(assessment, assessment.rulebook.root, assessment.subtotal)
    if assessment.subtotal is not None and assessment.score is not None:
        adjusted = sum((one.points for one in assessment.adjustments), assessment.subtotal)
        _hold(
            assessment.score == adjusted, f"the score is {assessment.score}, subtotal and adjustments give {adjusted}"
        )


def _adds_up(assessment: Assessment, branch: Node, total: Decimal | None) -> None:
    """The members' points, and the branch's own records."""
    parts = [assessment[member.id].points for member in branch.members if not _left_out(assessment, member)]
    what = f"“{branch.id}”" if branch.id else "the subtotal"
    if None in parts or not parts:
        _hold(total is None, f"{what} is {total}, though a part of it has no points")
        return
    if total is None:
        return  # its range cannot be read, or what does not apply has nobody left to go to
    own = _own(assessment, branch)
    found = sum((Fraction(part) for part in parts if part is not None), Fraction(0))
    found += own if assessment.rulebook.demerit else -own
    shown = " + ".join(map(str, parts))
    _hold(Fraction(total) == found, f"{what} is {total}, its parts are {shown} and its own records {spelled(-own)}")


def _left_out(assessment: Assessment, node: Node) -> bool:
    """Whether the node above goes on without this one: nothing in it applies."""
    if assessment[node.id].points is not None:
        return False
    inner = leaves((node,))
    return all(assessment[one.id].state == "not-applicable" for one in inner)


def same_bytes(rulebook: Rulebook, facts: Facts) -> None:
    """Law 4. The JSON is the same bytes: again, compiled anew, from copies, with the facts in another order."""
    first = published(assess(rulebook, facts))
    _same("a second run", published(assess(rulebook, facts)), first)
    copied_rules, copied_facts = pickle.loads(pickle.dumps((rulebook, facts)))
    compiled.cache_clear()
    _same("a copy of the rulebook and the facts, compiled anew,", published(assess(copied_rules, copied_facts)), first)
    turned = Facts(
        inputs=dict(reversed(list(facts.inputs.items()))),
        answers=dict(reversed(list(facts.answers.items()))),
        subject=facts.subject,
        review=facts.review,
    )
    _same("facts in another order", published(assess(rulebook, turned)), first)


def states_add_up(assessment: Assessment) -> None:
    """Law 6, in one assessment. Every leaf is in one state, and where figures lack its policy decides."""
    found = [result for result in assessment if isinstance(result.node, Indicator)]
    wanted = [leaf.id for leaf in assessment.rulebook.indicators()]
    _hold([result.id for result in found] == wanted, f"{len(found)} results stand for {len(wanted)} indicators")
    for result in found:
        leaf = cast(Indicator, result.node)
        match result.state:
            case "scored":
                _hold(result.points is not None, f"“{result.id}” is scored and has no points")
            case "missing" | "undefined":
                policy = leaf.missing if result.state == "missing" else leaf.undefined
                _by_policy(assessment, result, policy)
            case "not-applicable" | "not-scored":
                pass
    pooled = _pooled(assessment.rulebook)
    alone = [
        one for one in assessment if one.node.aggregate == "pool" or (not one.node.members and one.id not in pooled)
    ]
    every = sum((one.effective_weight or Fraction(0) for one in alone), Fraction(0))
    scored = sum((one.effective_weight or Fraction(0) for one in alone if one.state == "scored"), Fraction(0))
    if every:
        _hold(
            assessment.coverage == scored / every,
            f"coverage is {spelled(assessment.coverage)}, {spelled(scored)} of {spelled(every)} are scored",
        )
    least = assessment.rulebook.coverage
    if assessment.score is None or (least is not None and assessment.coverage < least):
        fixed = any(one.set_rating == assessment.rating for one in assessment.rulebook.adjustments)
        _hold(assessment.rating is None or fixed, f"there is nothing to rate, and yet the rating {assessment.rating}")


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
            wanted = ("missing", "not-applicable") if leaf.indicator.missing == "not-applicable" else ("missing",)
            _hold(after.state in wanted, f"{said} is {after.state} with {after.units} units")
            if after.state == "missing" and not rulebook.demerit:
                _hold(
                    after.units is None or (leaf.indicator.missing == "zero" and after.units == 0),
                    f"{said} gets {after.units} units under the policy “{leaf.indicator.missing}”",
                )


def within_reach(rulebook: Rulebook, assessment: Assessment) -> None:
    """Law 7. The interval that analysis proves for a node contains the points it got."""
    reached = reach(rulebook)
    figures = {result.id: result.computed_points for result in assessment if not result.node.members}
    if not assessment.facts.review:  # a reviewer may give what the rule cannot
        figures |= {result.id: result.points for result in assessment}
        figures |= {ROOT: assessment.subtotal, SCORE: assessment.score}
    for id, points in figures.items():
        if points is not None:
            low, high = reached[id].low, reached[id].high
            _hold(reached[id].holds(Fraction(points)), f"“{id or 'total'}” has {points} points, outside {low} … {high}")


def contains_every_completion(rulebook: Rulebook, fewer: Facts, more: Facts) -> None:
    """Law 9. The interval of `fewer` facts contains the score that `more` give, which add to them and change nothing."""
    still = assess_partial(rulebook, fewer)
    score = assess(rulebook, more).score
    if score is None or still.blocked:
        return
    low, high = still.low, still.high
    _hold(low is None or low <= score, f"with fewer facts at least {low} was possible, with more it is {score}")
    _hold(high is None or score <= high, f"with fewer facts at most {high} was possible, with more it is {score}")


def better_never_worse(worse: Assessment, better: Assessment, id: str) -> None:
    """Law 8. `better` differs from `worse` only by facts that are better for the indicator `id`."""
    low, high = worse[id].points, better[id].points
    if low is not None and high is not None:
        _hold(high >= low, f"“{id}” has {low} points, and only {high} for the better facts")


def survives_writing(rulebook: Rulebook) -> None:
    """Law 10. A rulebook that was written reads back without errors, equal, with the same digest."""
    text = dumps(rulebook)
    opened = open_text(text)
    errors = [one for one in opened.diagnostics if one.severity == "error"]
    _hold(
        not errors,
        "what was written cannot be read:\n" + "\n".join(f"{one.at} {one.message.en}" for one in errors) + "\n" + text,
    )
    read = opened.required()
    _hold(read == rulebook, f"what was written reads back as another rulebook:\n{_difference(rulebook, read)}\n{text}")
    _hold(digest(read) == digest(rulebook), "what was written reads back with another digest")
    _hold(dumps(read) == text, "what was read again is written in other words")


def published(assessment: Assessment) -> bytes:
    """The bytes of an assessment's JSON."""
    return json.dumps(assessment.to_dict(), ensure_ascii=False, indent=1).encode()


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)


def _same(what: str, found: bytes, wanted: bytes) -> None:
    for one, other in zip(found.splitlines(), wanted.splitlines(), strict=False):
        _hold(one == other, f"{what} gives other bytes: {one.decode()} instead of {other.decode()}")
    _hold(found == wanted, f"{what} gives other bytes")


def _taken(assessment: Assessment) -> Fraction:
    """What the records that count take from the whole."""
    return sum((Fraction(one.points) for one in assessment.deductions if one.counted), Fraction(0)) - sum(
        (Fraction(one.points) for one in assessment.credits if one.counted), Fraction(0)
    )


def _by_policy(assessment: Assessment, result: IndicatorResult, policy: AbsentPolicy) -> None:
    told = [one for one in assessment.findings if result.id in one.at and one.code.number.startswith("PS4")]
    _hold(bool(told), f"“{result.id}” is {result.state}, and no finding says so")
    match policy:
        case "zero" if not assessment.rulebook.demerit:
            _hold(result.points == 0, f"“{result.id}” is {result.state}; its policy says zero, it has {result.points}")
            codes = [one.code for one in result.deductions]
            wanted = [result.state] if result.weight else []
            _hold(codes == wanted, f"“{result.id}” is {result.state}; its deductions are called {codes}")
        case "error" | "not-scored":
            _hold(result.points is None, f"“{result.id}” is {result.state} and has {result.points} points")
            _hold(assessment.score is None, f"“{result.id}” is {result.state}, and there is a score")
            severities = {one.severity for one in told}
            _hold(policy != "error" or "error" in severities, f"“{result.id}” is {result.state}, which is no error")
        case _:
            pass


def _rests_on(plan: Plan, leaf: PlannedLeaf, filled: list[Slot], units: int) -> set[int]:
    """The slots that the losses of a leaf read, and those that were read to fill these."""
    watched = _Watched(filled)
    judge(evolve(leaf, computed=()), watched, units, plan.rulebook.rounding, demerit=plan.rulebook.demerit)
    computed = {step.slot: step.read for step in plan.steps if step.read is not None} | dict(leaf.computed)
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


def _asked_whether_given(leaf: Indicator, rulebook: Rulebook) -> set[str]:
    """The names of which a leaf may ask whether they are given, and those that these rest on."""
    place = rulebook.place(leaf)
    stands = {one.name: one.formula for one in rulebook.measures}
    stands |= {
        name: one for name, one in (("value", leaf.measured), ("target", place.target_number)) if one is not None
    }
    losses = (*leaf.criterion.losses(place), *leaf.criterion.credits(place))
    formulas = [*stands.values(), *(one for parameter in rulebook.parameters for one in parameter.formulas())]
    formulas += [loss.points for loss in losses]
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
