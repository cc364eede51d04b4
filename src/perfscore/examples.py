"""Run worked examples: of a rule file, and of a kind.

In: a rulebook with its `[[examples]]`, or a kind with its `EXAMPLES`.
Out: for each what it promised and what came out. An example fails by a difference, never by an exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import evolve, frozen

from perfscore.assessing import assess
from perfscore.assessment import Assessment
from perfscore.criterion import Case, Example
from perfscore.diagnostic import Code, Diagnostic
from perfscore.facts import Facts
from perfscore.factsfile import facts_from_data, facts_from_text
from perfscore.quantity import exact, spelled
from perfscore.rulebook import Rulebook, WorkedExample
from perfscore.rulefile import open_text
from perfscore.rulefile.examples import thaw
from perfscore.words import Words, nearest, visible

EXAMPLE_FAILED = Code(
    "PS701",
    "example-failed",
    Words(zh="算例的结果和写的不一样。", en="A worked example gives something else than it says."),
)
EXAMPLE_UNREADABLE = Code(
    "PS702", "example-unreadable", Words(zh="算例的数据不能用。", en="The facts of a worked example cannot be used.")
)

TOTAL, RATING = Words(zh="总分", en="score"), Words(zh="等级", en="rating")
NO_RATING = Words(zh="没有等级", en="no rating")


@frozen
class Ran:
    """A worked example that was run: what is wrong with it, and the assessment behind it."""

    example: WorkedExample
    assessment: Assessment
    diagnostics: tuple[Diagnostic, ...]


def run_examples(rulebook: Rulebook) -> tuple[Ran, ...]:
    """Every worked example of a rulebook, run. Judged deductions need no reason there."""
    return tuple(run_example(rulebook, example, index) for index, example in enumerate(rulebook.examples))


def run_example(rulebook: Rulebook, example: WorkedExample, index: int) -> Ran:
    """One worked example, run, of a rulebook or from beside it; `index` is its place among them."""
    rulebook = evolve(rulebook, reasons="reported")
    told: list[Diagnostic] = []
    facts = facts_of(example, told)
    others = others_of(example, told)
    told.extend(_strangers(rulebook, example))
    assessment = assess(rulebook, facts, [facts, *others] if others else None)
    named = [*example.points, *example.state]
    whole = example.score is not None or example.rating is not None
    found = [one.under("examples", index) for one in told]
    for finding in assessment.findings:
        about_facts = finding.place is not None and finding.severity == "error"
        if about_facts:
            found.append(
                Diagnostic(EXAMPLE_UNREADABLE, ("examples", index, *_in_example(finding.place or ())), finding.message)
            )
    for id, points in example.points.items():
        result = assessment[id]
        if result.points is None or exact(result.points) != points:
            came = _without(assessment, id) if result.points is None else spelled(exact(result.points))
            found.append(_differs(("examples", index, "points", id), result.name, spelled(points), came))
    for id, state in example.state.items():
        if assessment[id].state != state:
            found.append(_differs(("examples", index, "state", id), assessment[id].name, state, assessment[id].state))
    if example.score is not None and (assessment.score is None or exact(assessment.score) != example.score):
        came = _without(assessment) if assessment.score is None else spelled(exact(assessment.score))
        found.append(_differs(("examples", index, "score"), TOTAL, spelled(example.score), came))
    if example.rating is not None and assessment.rating != example.rating:
        came = assessment.rating or (_without(assessment) if assessment.score is None else NO_RATING)
        found.append(_differs(("examples", index, "rating"), RATING, example.rating, came))
    if not (named or whole):
        said = Words(zh="算例没有写应得的结果", en="the example says no result")
        hint = Words(zh="写 points、state、score 或 rating", en="write points, state, score or rating")
        found.append(Diagnostic(EXAMPLE_FAILED, ("examples", index), said, hint, part="key"))
    return Ran(example, assessment, tuple(found))


def facts_of(example: WorkedExample, told: list[Diagnostic]) -> Facts:
    """The facts of an example; `facts` there are the inputs of a facts file."""
    data = {
        "inputs": {key: _back(value) for key, value in example.facts.items()},
        "answers": {key: _back(value) for key, value in example.answers.items()},
        "subject": {key: _back(value) for key, value in example.subject.items()},
        "review": [_back(value) for value in example.review],
    }
    return facts_from_data(data, lambda one: told.append(evolve(one, at=_in_example(one.at))))


def others_of(example: WorkedExample, told: list[Diagnostic]) -> list[Facts]:
    """The facts of those that an example's subject is compared with."""
    return [_other(one, at, told) for at, one in enumerate(example.cohort)]


def _other(inputs: object, at: int, told: list[Diagnostic]) -> Facts:
    """One of the others in an example: its figures, and a name that nobody else has."""
    subject = {"name": f"cohort {at + 1}"}
    data = {"inputs": _back(inputs), "subject": subject}
    return facts_from_data(data, lambda one: told.append(evolve(one, at=("cohort", at, *one.at[1:]))))


def _strangers(rulebook: Rulebook, example: WorkedExample) -> Iterator[Diagnostic]:
    """Figures of the others that the rulebook does not have; those of the subject are told when it is assessed."""
    known = {one.name for one in rulebook.all_inputs()}
    for at, other in enumerate(example.cohort):
        for name in other if isinstance(other, Mapping) else ():
            if name not in known:
                near = nearest(name, known)
                said = Words(zh="没有数据“{n}”", en="there is no input “{n}”").fill(n=visible(name))
                hint = Words(zh="是不是 {near}？", en="did you mean {near}?").fill(near=near) if near else None
                yield Diagnostic(EXAMPLE_UNREADABLE, ("cohort", at, name), said, hint, part="key")


def _back(value: object) -> object:
    """Numbers as a facts file hands them over."""
    match thaw(value):
        case Fraction() as known:
            from perfscore.quantity import decimal

            return decimal(known)
        case dict() as table:
            return {key: _back(inner) for key, inner in table.items()}
        case list() as items:
            return [_back(inner) for inner in items]
        case other:
            return other


def _in_example(at: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return ("facts", *at[1:]) if at[:1] == ("inputs",) else at


def _without(assessment: Assessment, id: str | None = None) -> Words:
    """Why there is no score, of an indicator or of the whole: what is missing, or the state that says it."""
    errors = [one for one in assessment.findings if one.severity == "error"]
    about = [one for one in errors if id is None or any(at == id or at.startswith(f"{id}.") for at in one.at)]
    if about:
        return Words(zh="没有得分（{why}）", en="no score ({why})").fill(why=about[0].message)
    if id is None:
        return Words(zh="没有得分", en="no score")
    return Words(zh="没有得分（状态 {s}）", en="no score (state {s})").fill(s=assessment[id].state)


def _differs(at: tuple[str | int, ...], what: Words | str, promised: str, came: Words | str) -> Diagnostic:
    told = Words(zh="{w}：写的是 {p}，算出 {c}", en="{w}: says {p}, gives {c}")
    if isinstance(came, Words):
        told = Words(zh="{w}：写的是 {p}，{c}", en="{w}: says {p}, {c}")
    message = told.fill(w=what, p=promised, c=came)
    hint = Words(zh="改算例，或改规则", en="mend the example, or the rule")
    return Diagnostic(EXAMPLE_FAILED, at, message, hint)


HEADER = """\
format = 1
[rulebook]
id = "example"
title = "example"
version = "1"
full_marks = {weight}
reasons = "reported"

"""


def rulebook_of(example: Example) -> Rulebook:
    """A kind's worked example as a whole rulebook; its full marks are the weight that it writes."""
    weight = example.rule.partition("\nweight = ")[2].partition("\n")[0]
    return open_text(HEADER.format(weight=weight) + example.rule, "<example>").required()


def assessment_of(example: Example, case: Case) -> Assessment:
    """What one line of a kind's worked example comes to."""
    text = case.facts if case.facts.startswith("[") else f"[inputs]\n{case.facts}"
    return assess(rulebook_of(example), facts_from_text(text).required())
