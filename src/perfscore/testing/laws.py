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

from perfscore.analysis.reach import ROOT, reach
from perfscore.assessing import assess
from perfscore.assessment import Assessment, IndicatorResult
from perfscore.facts import Facts
from perfscore.formula import shapes
from perfscore.formula.arithmetic import Absent, Slot
from perfscore.formula.shapes import (
    everything,
    names,
)
from perfscore.indicator import AbsentPolicy, Branch, Indicator
from perfscore.intake import row_of
from perfscore.judging import judge
from perfscore.plan import Plan, PlannedLeaf, compiled
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.rulefile import open_text
from perfscore.rulefile.document import digest
from perfscore.rulefile.write import dumps


def within_weight(assessment: Assessment) -> None:
    """Law 1. 0 ≤ points ≤ weight, at every node and in the total."""
    for result in assessment:
        if result.points is not None:
            _hold(
                0 <= result.points <= result.node.exact_weight,
                f"“{result.id}” has {result.points} points of {spelled(result.node.exact_weight)}",
            )
    if assessment.score is not None:
        _hold(
            0 <= assessment.score <= assessment.full_marks,
            f"the score is {assessment.score} of {assessment.full_marks}",
        )


def every_lost_point_is_named(assessment: Assessment) -> None:
    """Law 2. weight − points = Σ deductions − Σ credits, exactly, at every node and in the total; each says why."""
    for result in assessment:
        under = [one for one in assessment if one.id == result.id or one.id.startswith(f"{result.id}.")]
        if result.points is not None:
            taken = _taken(under)
            _hold(
                result.node.exact_weight - Fraction(result.points) == taken,
                f"“{result.id}” is worth {spelled(result.node.exact_weight)} and has {result.points} points, "
                f"but its records take {spelled(taken)}",
            )
        elif isinstance(result.node, Indicator):
            _hold(not result.deductions, f"“{result.id}” has no points and yet deductions")
    if assessment.score is not None:
        taken = _taken(list(assessment)) - sum((Fraction(one.points) for one in assessment.adjustments), Fraction(0))
        lost = assessment.full_marks - Fraction(assessment.score)
        _hold(lost == taken, f"{spelled(lost)} points are lost in total, and {spelled(taken)} are named")
    for one in assessment.deductions:
        _hold(one.points > 0, f"“{one.indicator}” has a deduction of {one.points} points ({one.code})")
        said = one.because
        for text in (said.zh, said.en, one.formula("zh"), one.formula("en")):
            _hold(bool(text.strip()), f"a deduction of “{one.indicator}” says nothing ({one.code})")
        _hold(
            all(used.name for used in one.inputs), f"a deduction of “{one.indicator}” rests on a figure without a name"
        )


def tree_adds_up(assessment: Assessment) -> None:
    """Law 3. A reader with a pencil gets the same total from the published figures; all have the places promised."""
    places = assessment.rulebook.rounding.places
    for said, figure in (
        *((f"“{one.id}”", one.points) for one in assessment),
        *((f"a deduction of “{one.indicator}”", one.points) for one in assessment.deductions),
        ("the score", assessment.score),
    ):
        _hold(
            figure is None or figure.as_tuple().exponent == -places,
            f"{said} is published as {figure}, which has not {places} places",
        )
    for result in assessment:
        match result.node:
            case Branch(members=members):
                _adds_up(f"“{result.id}”", result.points, [assessment[member.id].points for member in members])
                worth = sum((member.exact_weight for member in members), Fraction(0))
                _hold(result.node.exact_weight == worth, f"“{result.id}” is not worth what its members are worth")
            case Indicator():
                pass
    _adds_up(
        "the subtotal", assessment.subtotal, [assessment[member.id].points for member in assessment.rulebook.members]
    )
    if assessment.subtotal is not None and assessment.score is not None:
        adjusted = sum((one.points for one in assessment.adjustments), assessment.subtotal)
        _hold(
            assessment.score == adjusted, f"the score is {assessment.score}, subtotal and adjustments give {adjusted}"
        )


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
    )
    _same("facts in another order", published(assess(rulebook, turned)), first)


def states_add_up(assessment: Assessment) -> None:
    """Law 6, in one assessment. Every leaf is in one state, and where figures lack its policy decides."""
    found = [result for result in assessment if isinstance(result.node, Indicator)]
    wanted = [leaf.id for leaf in assessment.rulebook.indicators()]
    _hold([result.id for result in found] == wanted, f"{len(found)} results stand for {len(wanted)} indicators")
    scored = Fraction(0)
    for result in found:
        leaf = cast(Indicator, result.node)
        match result.state:
            case "scored":
                scored += leaf.exact_weight
                _hold(result.points is not None, f"“{result.id}” is scored and has no points")
            case "missing" | "undefined":
                policy = leaf.missing if result.state == "missing" else leaf.undefined
                _by_policy(assessment, result, policy)
            case "not-applicable" | "not-scored":
                pass
    _hold(
        assessment.coverage == scored / assessment.full_marks,
        f"coverage is {spelled(assessment.coverage)}, {spelled(scored)} of {spelled(assessment.full_marks)} are scored",
    )
    if assessment.score is None:
        _hold(assessment.rating is None, f"there is no score, and yet the rating {assessment.rating}")


def missing_is_not_zero(rulebook: Rulebook, facts: Facts) -> None:
    """Law 6, in two assessments. Without a figure or an answer that it reads, an indicator is missing, never judged."""
    plan = compiled(rulebook)
    row, _ = row_of(plan, facts)
    for id, leaf in plan.leaves.items():
        alone = evolve(plan, leaves={id: leaf})
        filled = list(row)
        if judge(alone, filled)[id].state != "scored":
            continue
        asked = _asked_whether_given(leaf.indicator, rulebook)
        slots = {slot: name for name, (_, slot) in plan.inputs.items() if name not in asked}
        slots |= {slot: f"{id}.{part}" for part, slot in leaf.slots.answers.items()}
        for slot in sorted(_rests_on(plan, leaf, filled) & slots.keys()):
            lacking: list[Slot] = list(row)
            lacking[slot] = Absent(slots[slot], "not-given")
            after = judge(alone, lacking)[id]
            said = f"“{id}” reads {slots[slot]}; without it, it"
            _hold(after.state == "missing", f"{said} is {after.state} with {after.units} units")
            _hold(
                after.units is None or (leaf.indicator.missing == "zero" and after.units == 0),
                f"{said} gets {after.units} units under the policy “{leaf.indicator.missing}”",
            )


def within_reach(rulebook: Rulebook, assessment: Assessment) -> None:
    """Law 7. The interval that analysis proves for a node contains the points it got."""
    reached = reach(rulebook)
    figures = {ROOT: assessment.subtotal} | {result.id: result.points for result in assessment}
    for id, points in figures.items():
        if points is not None:
            low, high = reached[id].low, reached[id].high
            _hold(reached[id].holds(Fraction(points)), f"“{id or 'total'}” has {points} points, outside {low} … {high}")


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


def _taken(results: Sequence[IndicatorResult]) -> Fraction:
    deductions = sum(
        (Fraction(one.points) for result in results for one in result.deductions if one.counted), Fraction(0)
    )
    return deductions - sum((Fraction(one.points) for result in results for one in result.credits), Fraction(0))


def _adds_up(what: str, total: Decimal | None, parts: Sequence[Decimal | None]) -> None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        _hold(total is None, f"{what} is {total}, though a part of it has no points")
    else:
        _hold(total == sum(known, Decimal(0)), f"{what} is {total}, its parts are {' + '.join(map(str, known))}")


def _by_policy(assessment: Assessment, result: IndicatorResult, policy: AbsentPolicy) -> None:
    told = [one for one in assessment.findings if result.id in one.at and one.code.number.startswith("PS4")]
    _hold(bool(told), f"“{result.id}” is {result.state}, and no finding says so")
    match policy:
        case "zero":
            _hold(result.points == 0, f"“{result.id}” is {result.state}; its policy says zero, it has {result.points}")
            codes = [one.code for one in result.deductions]
            _hold(codes == [result.state], f"“{result.id}” is {result.state}; its deductions are called {codes}")
        case "error" | "not-scored":
            _hold(result.points is None, f"“{result.id}” is {result.state} and has {result.points} points")
            _hold(assessment.score is None, f"“{result.id}” is {result.state}, and there is a score")
            severities = {one.severity for one in told}
            _hold(policy != "error" or "error" in severities, f"“{result.id}” is {result.state}, which is no error")


def _rests_on(plan: Plan, leaf: PlannedLeaf, filled: list[Slot]) -> set[int]:
    """The slots that the losses of a leaf read, and those that were read to fill these."""
    watched = _Watched(filled)
    judge(evolve(plan, measures=(), leaves={leaf.indicator.id: evolve(leaf, computed=())}), watched)
    computed = {slot: read for _, slot, read in plan.measures} | dict(leaf.computed)
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
    place = leaf.place(rulebook.vocabulary())
    stands = {one.name: one.formula for one in rulebook.measures}
    stands |= {
        name: one for name, one in (("value", leaf.measured), ("target", place.target_number)) if one is not None
    }
    formulas = [*stands.values(), *(loss.points for loss in leaf.criterion.losses(place))]
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
