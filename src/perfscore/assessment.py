"""评价结果 — what an assessment says: every result, every lost point with its reason, and what to look at beside it.

In: what `judging` found. Out: frozen values, and `to_dict()`, the JSON that is published.
Sentences are made when they are asked for. Nothing is computed, rounded or laid out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import field, frozen

from perfscore.criterion import Loss
from perfscore.diagnostic import Code, KeyPath, Severity
from perfscore.errors import UnknownIndicatorError
from perfscore.explanation import Scene, Used
from perfscore.facts import Facts, Subject
from perfscore.indicator import Indicator, Node
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words

State: TypeAlias = Literal["scored", "missing", "undefined", "not-applicable", "not-scored"]
STATES: dict[State, Words] = {
    "scored": Words(zh="已评分", en="scored"),
    "missing": Words(zh="缺数据", en="missing"),
    "undefined": Words(zh="无法计算", en="undefined"),
    "not-applicable": Words(zh="不适用", en="not applicable"),
    "not-scored": Words(zh="未评分", en="not scored"),
}
Observed: TypeAlias = Fraction | bool | str | date

JSON_FORMAT = 1


@frozen
class Deduction:
    """扣分 — points taken from one indicator, by one loss of its criterion, and why."""

    indicator: str
    points: Decimal
    code: str
    loss: Loss = field(repr=False)
    scene: Scene = field(eq=False, repr=False)
    capped: bool = False
    counted: bool = True

    @property
    def because(self) -> Words:
        """扣分原因 — one sentence, in both languages."""
        return self.scene.sentence(self.loss, self.capped)

    @property
    def clause(self) -> str | None:
        """评分标准 — the words of the regulation that take the points."""
        return self.loss.clause or self.scene.indicator.clause

    @property
    def basis(self) -> tuple[str, ...]:
        """依据 — the laws the clause rests on."""
        return self.scene.indicator.basis

    @property
    def inputs(self) -> tuple[Used, ...]:
        """The figures it was computed from, with their sources."""
        return self.scene.used(self.loss)

    def formula(self, language: Language | None = None) -> str:
        """The calculation, with the numbers put in; in the rulebook's language unless another is asked for."""
        return self.scene.formula(self.loss, language or self.scene.language)


@frozen
class Credit:
    """加分 — points given back to one indicator. No kind gives any yet: rule files that may are refused."""

    indicator: str
    points: Decimal
    code: str
    because: Words


@frozen
class Adjustment:
    """总分调整 — points added to or taken from the total after the tree. No rule file may declare any yet."""

    id: str
    points: Decimal
    because: Words


@frozen
class Finding:
    """What to look at beside the score. `at` are ids of indicators, inputs or goals; `place` is a key path of the
    facts, and `part` whether its key or its value is meant.
    """

    code: Code
    severity: Severity
    message: Words
    at: tuple[str, ...] = ()
    place: KeyPath | None = None
    part: Literal["key", "value"] = "value"


@frozen
class IndicatorResult:
    """单项评分结果 — what one branch or indicator kept. `points` is None where there is no score; then `state`
    says why.
    """

    node: Node = field(repr=False)
    path: tuple[str, ...]
    state: State
    points: Decimal | None
    value: Observed | None = None
    deductions: tuple[Deduction, ...] = ()
    credits: tuple[Credit, ...] = ()
    process: str | None = None

    @property
    def id(self) -> str:
        """The whole path of its node."""
        return self.node.id

    @property
    def name(self) -> str:
        """The name people know it by."""
        return self.node.name

    @property
    def weight(self) -> Decimal:
        """分值."""
        return self.node.weight

    @property
    def kind(self) -> str | None:
        """计分方式 — of a leaf; a branch has none."""
        return self.node.criterion.kind if isinstance(self.node, Indicator) else None


@frozen
class MeasureResult:
    """A derived figure with its value, None where it has none."""

    name: str
    value: Observed | None
    formula: str


@frozen
class Assessment:
    """评价结果 — of one subject by one rulebook.

    `score` is None where any indicator has none and the rulebook does not say what to do about it.
    """

    rulebook: Rulebook = field(repr=False)
    facts: Facts = field(repr=False)
    results: tuple[IndicatorResult, ...] = field(repr=False)
    subtotal: Decimal | None
    score: Decimal | None
    rating: str | None
    coverage: Fraction
    measures: tuple[MeasureResult, ...] = field(default=(), repr=False)
    adjustments: tuple[Adjustment, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    rulebook_digest: str = field(default="", repr=False)

    @property
    def subject(self) -> Subject:
        """评价对象."""
        return self.facts.subject

    @property
    def full_marks(self) -> Fraction:
        """满分."""
        return self.rulebook.full_marks

    @property
    def computed_score(self) -> Decimal | None:
        """What the rules alone gave; a review would stand beside it, and no rule file may declare one yet."""
        return self.score

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        """Every lost point, in the order of the rule file."""
        return tuple(deduction for result in self.results for deduction in result.deductions)

    @property
    def credits(self) -> tuple[Credit, ...]:
        """Every point given back."""
        return tuple(credit for result in self.results for credit in result.credits)

    def __getitem__(self, id: str) -> IndicatorResult:
        for result in self.results:
            if result.id == id:
                return result
        raise UnknownIndicatorError(id, [result.id for result in self.results])

    def __contains__(self, id: object) -> bool:
        return any(result.id == id for result in self.results)

    def __iter__(self) -> Iterator[IndicatorResult]:
        return iter(self.results)

    def to_dict(self) -> dict[str, object]:
        """The assessment as published: plain data, exact numbers as text. The same facts and rules give the same
        bytes.
        """
        from perfscore.version import VERSION

        return {
            "format": JSON_FORMAT,
            "perfscore": VERSION,
            "rulebook": {"id": self.rulebook.id, "version": self.rulebook.version, "digest": self.rulebook_digest},
            "subject": {"name": self.subject.name, "period": self.subject.period},
            "facts_digest": self.facts.digest,
            "subtotal": _text(self.subtotal),
            "computed_score": _text(self.computed_score),
            "score": _text(self.score),
            "full_marks": spelled(self.full_marks),
            "coverage": spelled(self.coverage),
            "rating": self.rating,
            "indicators": [_result(result) for result in self.results],
            "measures": [
                {"name": one.name, "value": _observed(one.value), "formula": one.formula} for one in self.measures
            ],
            "deductions": [self._deduction(one) for one in self.deductions],
            "credits": [_credit(one) for one in self.credits],
            "adjustments": [
                {"id": one.id, "points": _text(one.points), "because": _both(one.because)} for one in self.adjustments
            ],
            "findings": [
                {
                    "code": one.code.number,
                    "severity": one.severity,
                    "message": one.message.into(self.rulebook.language),
                    "at": list(one.at),
                }
                for one in self.findings
            ],
        }

    def _deduction(self, one: Deduction) -> dict[str, object]:
        return {
            "indicator": one.indicator,
            "points": _text(one.points),
            "code": one.code,
            "counted": one.counted,
            "because": _both(one.because),
            "clause": one.clause,
            "basis": list(one.basis),
            "formula": one.formula(),
            "inputs": [{"name": used.name, "value": used.value, "source": used.source} for used in one.inputs],
            "recover": None,
        }


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _credit(one: Credit) -> dict[str, object]:
    return {"indicator": one.indicator, "points": _text(one.points), "code": one.code, "because": _both(one.because)}


def _result(one: IndicatorResult) -> dict[str, object]:
    weight = spelled(one.node.exact_weight)
    return {
        "id": one.id,
        "name": one.name,
        "path": list(one.path),
        "weight": weight,
        "effective_weight": weight,
        "points": _text(one.points),
        "computed_points": _text(one.points),
        "state": one.state,
        "value": _observed(one.value),
        "kind": one.kind,
        "process": one.process,
    }


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:f}"


def _observed(value: Observed | None) -> str | bool | None:
    match value:
        case None | bool() | str():
            return value
        case Fraction():
            return spelled(value)
        case _:
            return value.isoformat()
