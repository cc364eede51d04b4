"""Facts — what was observed of one subject in one period, and what its assessors answered.

In: figures with sources, answers, written by people or handed over by a program.
Out: frozen `Facts`, as given: whether a figure fits the rulebook is asked when it is judged.
A binary float is refused: it is not the number that was meant.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar, cast

from attrs import field, frozen

from perfscore.frozen import Frozen
from perfscore.quantity import MAX_BITS, InexactNumberError, OversizedNumberError, exact, spelled

Raw: TypeAlias = int | Decimal | Fraction | str | bool | date
Table: TypeAlias = tuple[Frozen[str, Raw], ...]
"""A list of records, each with its figures by the names of their columns."""


def _raw(value: Raw) -> Raw:
    """A figure as given. What is none at all is refused at once; whether it fits the rulebook is asked later."""
    if isinstance(value, float):
        raise InexactNumberError(value)
    if not isinstance(value, int | Decimal | Fraction | str | date) or isinstance(value, datetime):
        raise TypeError(
            f"{value!r} is no figure: hand over an int, Decimal, Fraction, str, bool or date (without a time)"
        )
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise OversizedNumberError(f"a number of {value.bit_length()} bits is larger than any score needs")
    return value


def _items(given: Mapping[str, Raw]) -> Frozen[str, Raw]:
    return Frozen({key: _raw(value) for key, value in given.items()})


def _raw_or_table(value: Raw | Table | Iterable[Mapping[str, Raw]]) -> Raw | Table:
    """A figure, or a list of records, as given."""
    if not isinstance(value, list | tuple):
        return _raw(cast(Raw, value))
    for one in value:
        if not isinstance(one, Mapping) or not all(isinstance(name, str) for name in one):
            raise TypeError(f"{one!r} is no record: hand over a mapping from the names of columns to figures")
    return tuple(_items(one) for one in value)


@frozen
class Alternative:
    """The same figure as another source states it."""

    value: Raw | Table = field(converter=_raw_or_table)
    source: str | None = None


@frozen
class Fact:
    """完成值 — a figure, or the records of a table, with its source, and what other sources say."""

    value: Raw | Table = field(converter=_raw_or_table)
    source: str | None = None
    also: tuple[Alternative, ...] = ()


@frozen
class JudgedLoss:
    """The assessor's answer to one judged loss, or to one judged credit."""

    points: Raw = field(converter=_raw)
    because: str | None = None


def _fact(value: Fact | Raw | Iterable[Mapping[str, Raw]]) -> Fact:
    return value if isinstance(value, Fact) else Fact(value)


def _maybe(value: Raw | None) -> Raw | None:
    return None if value is None else _raw(value)


def _losses(given: Mapping[str, JudgedLoss | Raw]) -> Frozen[str, JudgedLoss]:
    return Frozen({key: one if isinstance(one, JudgedLoss) else JudgedLoss(one) for key, one in given.items()})


def _inputs(given: Mapping[str, Fact | Raw | Iterable[Mapping[str, Raw]]]) -> Frozen[str, Fact]:
    return Frozen({name: _fact(value) for name, value in given.items()})


def _answers(given: Mapping[str, Answer | Mapping[str, Any]]) -> Frozen[str, Answer]:
    return Frozen({id: one if isinstance(one, Answer) else Answer(**one) for id, one in given.items()})


@frozen
class RaterPoints:
    """One rater's points on a row that several people judge."""

    points: Raw = field(converter=_raw)
    by: str | None = None


def _ratings(given: Iterable[RaterPoints | Raw]) -> tuple[RaterPoints, ...]:
    return tuple(one if isinstance(one, RaterPoints) else RaterPoints(one) for one in given)


Held = TypeVar("Held")


@frozen
class Answer:
    """评分记录 — what assessors wrote on one row: points (of one rater, or `ratings` of several), a grade, items,
    judged losses and credits, and the words beside them. `not_applicable` is the reason why the row does not apply.
    """

    points: Raw | None = field(default=None, converter=_maybe)
    items: Frozen[str, Raw] = field(factory=Frozen, converter=_items)
    losses: Frozen[str, JudgedLoss] = field(factory=Frozen, converter=_losses)
    credits: Frozen[str, JudgedLoss] = field(factory=Frozen, converter=_losses)
    ratings: tuple[RaterPoints, ...] = field(default=(), converter=_ratings)
    grade: str | None = None
    not_applicable: str | None = None
    process: str | None = None
    by: str | None = None
    because: str | None = None
    evidence: tuple[str, ...] = ()

    def parts(self) -> dict[str, Raw]:
        """What was answered, by the name of the part that a criterion asks for: `points`, `items.rules`,
        `losses.vague`.
        """
        told: dict[str, Raw] = {} if self.points is None else {"points": self.points}
        if self.grade is not None:
            told["grade"] = self.grade
        told |= {f"items.{key}": value for key, value in self.items.items()}
        told |= {f"credits.{key}": gain.points for key, gain in self.credits.items()}
        return told | {f"losses.{key}": loss.points for key, loss in self.losses.items()}

    def reason(self, part: str) -> str | None:
        """扣分原因 — the reason given for a part, else the one given for the whole row."""
        kind, _, key = part.partition(".")
        stated = {"losses": self.losses, "credits": self.credits}.get(kind, self.losses)
        own = stated[key].because if key in stated else None
        return own or self.because


@frozen
class Subject:
    """评价对象 — who was assessed, for which period, and by what day's parameters (else the last day of the period)."""

    name: str | None = None
    period: str | None = None
    date: date | None = None


@frozen
class Review:
    """复核 — the points that a reviewer puts in the place of an indicator's own, and why."""

    indicator: str
    points: Raw = field(converter=_raw)
    by: str | None = None
    on: date | None = None
    because: str | None = None


def _reviews(given: Iterable[Review | Mapping[str, Any]]) -> tuple[Review, ...]:
    return tuple(one if isinstance(one, Review) else Review(**one) for one in given)


def _subject(value: Subject | Mapping[str, Any] | str | None) -> Subject:
    match value:
        case None:
            return Subject()
        case str():
            return Subject(value)
        case Subject():
            return value
        case _:
            return Subject(**value)


@frozen(cache_hash=True)
class Facts:
    """The figures and answers of one subject.

    `inputs` maps names to a figure, a list of records, or a `Fact` with its source; `answers` maps indicator ids to an `Answer`; `review`
    lists what a reviewer changed.

    >>> facts = Facts(inputs={"cases": 13681}, answers={"goals.content": Answer(points=9)}, subject="法律援助中心")
    >>> facts.inputs["cases"].value, facts.subject.name
    (13681, '法律援助中心')
    """

    inputs: Frozen[str, Fact] = field(factory=Frozen, converter=_inputs)
    answers: Frozen[str, Answer] = field(factory=Frozen, converter=_answers)
    subject: Subject = field(factory=Subject, converter=_subject)
    review: tuple[Review, ...] = field(default=(), converter=_reviews)

    def document(self) -> dict[str, object]:
        """The facts as plain data, numbers as their shortest exact text: what the digest is taken of."""
        whole: dict[str, object] = {
            "subject": _without_none(
                {
                    "name": self.subject.name,
                    "period": self.subject.period,
                    "date": None if self.subject.date is None else self.subject.date.isoformat(),
                }
            ),
            "inputs": {name: _fact_document(fact) for name, fact in self.inputs.items()},
            "answers": {id: _answer_document(answer) for id, answer in self.answers.items()},
        }
        if self.review:
            whole["review"] = [_review_document(one) for one in self.review]
        return whole

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical (sorted, compact) JSON of the facts."""
        return digest_of(self.document())


def digest_of(document: object) -> str:
    """SHA-256 of the canonical JSON of plain data: keys sorted, nothing between them that says nothing."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: Raw) -> str | bool:
    """A raw value as JSON holds it: exact numbers as text."""
    match value:
        case bool() | str():
            return value
        case date():
            return value.isoformat()
        case _:
            try:
                return spelled(exact(value))
            except OversizedNumberError:  # told as unusable when it is judged; the digest still names it
                return str(value)


def _figures(value: Raw | Table) -> object:
    return (
        [{name: plain(one) for name, one in record.items()} for record in value]
        if isinstance(value, tuple)
        else plain(value)
    )


def _fact_document(fact: Fact) -> dict[str, object]:
    also = [_without_none({"value": _figures(one.value), "source": one.source}) for one in fact.also]
    return _without_none({"value": _figures(fact.value), "source": fact.source, "also": also or None})


def _review_document(one: Review) -> dict[str, object]:
    on = None if one.on is None else one.on.isoformat()
    return _without_none(
        {"indicator": one.indicator, "points": plain(one.points), "by": one.by, "on": on, "because": one.because}
    )


def _answer_document(answer: Answer) -> dict[str, object]:
    return _without_none(
        {
            "points": None if answer.points is None else plain(answer.points),
            "ratings": [_without_none({"points": plain(one.points), "by": one.by}) for one in answer.ratings] or None,
            "grade": answer.grade,
            "not_applicable": answer.not_applicable,
            "items": {key: plain(value) for key, value in answer.items.items()} or None,
            "losses": _judged_document(answer.losses),
            "credits": _judged_document(answer.credits),
            "process": answer.process,
            "by": answer.by,
            "because": answer.because,
            "evidence": list(answer.evidence) or None,
        }
    )


def _judged_document(judged: Mapping[str, JudgedLoss]) -> dict[str, object] | None:
    found = {key: _without_none({"points": plain(one.points), "because": one.because}) for key, one in judged.items()}
    return found or None  # type: ignore[return-value]


def _without_none(document: dict[str, Held | None]) -> dict[str, Held]:
    return {key: value for key, value in document.items() if value is not None}
