"""Facts to try a rulebook on: values for what a node reads, and the subject that has them, judged.

In: a plan, and values by the names of inputs and the parts of answers (`a.b:points`). Out: `Facts` that people could have
written, and what comes of them. Every value has an end to its digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from attrs import evolve, field, frozen

from perfscore.assessing import Judged, judged_row
from perfscore.cohort import among
from perfscore.facts import Answer, Fact, Facts, JudgedLoss, Raw, Subject
from perfscore.frozen import Frozen
from perfscore.intake import row_of
from perfscore.plan import Plan
from perfscore.quantity import decimal
from perfscore.rulebook import WorkedExample
from perfscore.rulefile.examples import freeze
from perfscore.words import Language, Words

Cell: TypeAlias = Fraction | bool | str | date
Record: TypeAlias = Frozen[str, Cell]
Tried: TypeAlias = Cell | tuple[Record, ...]
"""A figure, an answer, or the records of a table."""

DAY = "subject.date"
EXCUSE = "not_applicable"
WHY = Words(zh="当年没有发生", en="it did not happen this year")


@frozen
class Trial:
    """A subject that is tried: its values by their keys, and those of the others that it is compared with."""

    values: Frozen[str, Tried] = field(factory=Frozen)
    others: tuple[Frozen[str, Tried], ...] = ()

    def with_values(self, more: Mapping[str, Tried]) -> Trial:
        """The same subject with other values, or more."""
        return Trial(Frozen({**self.values, **more}), self.others)

    def without(self, key: str) -> Trial:
        """The same subject without a value."""
        return Trial(Frozen({name: one for name, one in self.values.items() if name != key}), self.others)


def judged_trial(plan: Plan, trial: Trial) -> Judged:
    """What comes of a subject that is tried."""
    others = [facts_of(plan, values, f"cohort {at}") for at, values in enumerate(trial.others, start=1)]
    return judged_subject(plan, facts_of(plan, trial.values), others)


def judged_subject(plan: Plan, facts: Facts, others: Sequence[Facts] = ()) -> Judged:
    """What comes of the facts of a subject, alone or among others."""
    row, _, heard = row_of(plan, facts)
    if plan.peers and others:
        among(plan, [facts, *others], facts, row)
    return judged_row(plan, row, heard)


def facts_of(plan: Plan, values: Mapping[str, Tried], name: str | None = None) -> Facts:
    """Facts as people write them, from values."""
    inputs = {key: Fact(raw(plan, key, value)) for key, value in values.items() if key in plan.inputs}
    answers: dict[str, Answer] = {}
    for key, value in values.items():
        id, colon, part = key.partition(":")
        if colon:
            answers[id] = _answered(plan, answers.get(id, Answer()), id, part, value)
    day = values.get(DAY)
    return Facts(inputs, answers, Subject(name, date=day if isinstance(day, date) else None))


def _answered(plan: Plan, answer: Answer, id: str, part: str, value: Tried) -> Answer:
    if part == EXCUSE:
        return evolve(answer, not_applicable=str(value))
    kind, _, key = part.partition(".")
    given: Raw = _plain(value) if not isinstance(value, tuple) else 0
    match kind:
        case "items":
            return evolve(answer, items={**answer.items, key: given})
        case "losses":
            return evolve(answer, losses={**answer.losses, key: JudgedLoss(given)})
        case "credits":
            return evolve(answer, credits={**answer.credits, key: JudgedLoss(given)})
        case "grade":
            choices = plan.leaves[id].judged["grade"].choices
            return evolve(answer, grade=choices[int(value)] if isinstance(value, Fraction) else str(value))
        case _:
            return evolve(answer, points=given)


def raw(plan: Plan, key: str, value: Tried) -> Raw | tuple[Mapping[str, Raw], ...]:
    """The value of an input as a facts file writes it."""
    declared = plan.inputs[key][0]
    if isinstance(value, tuple):
        columns = {one.name: one for one in declared.columns}
        return tuple(
            {name: _figure(cell, columns[name].type == "percent") for name, cell in one.items()} for one in value
        )
    return _figure(value, declared.type == "percent", declared.bare)


def _figure(value: Cell, percent: bool, bare: str | None = None) -> Raw:
    if not isinstance(value, Fraction) or not percent or bare == "ratio":
        return _plain(value)
    in_percent = _plain(value * 100)
    return in_percent if bare == "percent" else f"{in_percent}%"


def _plain(value: Cell) -> Raw:
    if not isinstance(value, Fraction):
        return value
    if value.denominator == 1:
        return value.numerator
    known = decimal(value)
    return value if known is None else known


def example_of(plan: Plan, trial: Trial, title: str) -> WorkedExample:
    """The same subject as an example of a rule file, which promises nothing yet."""
    inputs, answers, subject = _written(plan, trial.values)
    return WorkedExample(
        title,
        facts=Frozen(inputs),
        answers=Frozen(answers),
        subject=Frozen(subject),
        cohort=tuple(Frozen(_written(plan, one)[0]) for one in trial.others),
    )


def _written(plan: Plan, values: Mapping[str, Tried]) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    """Inputs, answers and the subject, as a facts file writes them."""
    facts = facts_of(plan, values)
    inputs = {name: freeze(_listed(fact.value)) for name, fact in facts.inputs.items()}
    subject = {} if facts.subject.date is None else {"date": facts.subject.date}
    return inputs, {id: freeze(_answer(one)) for id, one in facts.answers.items()}, dict(subject)


def _answer(answer: Answer) -> dict[str, object]:
    """An answer as a facts file writes it; exact numbers stay numbers."""
    parts: dict[str, object] = {
        "points": answer.points,
        "grade": answer.grade,
        "items": dict(answer.items) or None,
        "losses": {key: one.points for key, one in answer.losses.items()} or None,
        "credits": {key: one.points for key, one in answer.credits.items()} or None,
        "not_applicable": answer.not_applicable,
    }
    return {key: one for key, one in parts.items() if one is not None}


def _listed(value: object) -> object:
    return [dict(one) for one in value] if isinstance(value, tuple) else value


def excuse(language: Language) -> str:
    """The assessor's word that a node does not apply."""
    return WHY.into(language)
