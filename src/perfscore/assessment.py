"""评价结果 — what an assessment says: every result, every lost point with its reason, and what to look at beside it.

In: what `judging` found. Out: frozen values, and `to_dict()`, the JSON that is published.
Sentences are made when they are asked for. Nothing is computed, rounded or laid out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, Protocol, TypeAlias

from attrs import field, frozen

from perfscore.diagnostic import Code, KeyPath, Severity
from perfscore.errors import UnknownIndicatorError
from perfscore.explanation import Reason, Used
from perfscore.facts import Facts, Subject
from perfscore.formula.arithmetic import Absent, Records, Slot
from perfscore.formula.exact import fraction
from perfscore.indicator import Indicator, Node
from perfscore.recovery import Recovery
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
    """扣分 — points taken from one node, and why. `indicator` is its id; that of the whole is empty.

    `counted` is False where a branch above acts on shares, and so its own record counts.
    """

    indicator: str
    points: Decimal
    code: str
    reason: Reason = field(eq=False, repr=False)
    capped: bool = False
    counted: bool = True
    language: Language = "zh"
    record: str | None = None
    """What the record of a table is called that cost the points."""

    @property
    def because(self) -> Words:
        """扣分原因 — one sentence, in both languages."""
        return self.reason.because

    @property
    def clause(self) -> str | None:
        """评分标准 — the words of the regulation that take the points."""
        return self.reason.clause

    @property
    def basis(self) -> tuple[str, ...]:
        """依据 — the laws the clause rests on."""
        return self.reason.basis

    @property
    def inputs(self) -> tuple[Used, ...]:
        """The figures it was computed from, with their sources."""
        return self.reason.inputs

    def formula(self, language: Language | None = None) -> str:
        """The calculation, with the numbers put in; in the rulebook's language unless another is asked for."""
        return self.reason.formula(language or self.language)


@frozen
class Credit(Deduction):
    """加分 — points given back to one node, or given beyond its weight, and why."""


@frozen
class Adjustment:
    """总分调整 — points added to or taken from the total after the tree, or a change of the rating, and why."""

    id: str
    points: Decimal
    reason: Reason = field(eq=False, repr=False)

    @property
    def because(self) -> Words:
        """One sentence, in both languages."""
        return self.reason.because

    @property
    def clause(self) -> str | None:
        """The words of the regulation."""
        return self.reason.clause


@frozen
class Reading:
    """A figure as one source states it, and the score and the rating that the whole would have by it."""

    value: str
    source: str | None
    score: Decimal | None
    rating: str | None


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
    readings: tuple[Reading, ...] = ()
    """Where sources disagree: what each says, and what comes of it."""


@frozen
class IndicatorResult:
    """单项评分结果 — what one branch or indicator kept. `points` is None where there is no score; then `state`
    says why.

    `weight` is what the node is worth to this subject, None in a pool, whose members share the pool's; `effective_weight`
    what it is worth in the whole, where a branch above acts on shares. `computed_points` are those of the rule alone,
    before a review.
    """

    node: Node = field(repr=False)
    path: tuple[str, ...]
    state: State
    points: Decimal | None
    weight: Decimal | None = None
    effective_weight: Fraction | None = None
    computed_points: Decimal | None = None
    read: Slot | None = field(default=None, repr=False)
    """Its value as it was judged: a ratio of whole numbers, or why there is none."""
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
    def value(self) -> Observed | None:
        """完成值 — the observed value, exactly; None where there is none."""
        match self.read:
            case None | Absent() | Records():
                return None
            case tuple():
                return fraction(self.read)
            case _:
                return self.read

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


class Compared(Protocol):
    """Everybody who is assessed together."""

    @property
    def subjects(self) -> tuple[Facts, ...]:
        """Their facts, each once."""


class Evidence(Protocol):
    """What an assessment tells only when it is asked: made by `assessing` from what was judged."""

    def results(self) -> tuple[IndicatorResult, ...]:
        """Every node's result, in the order of the file."""

    def whole(self) -> tuple[tuple[Deduction, ...], tuple[Credit, ...]]:
        """The records of the whole: of an aggregate over everything, and of what was made up for."""

    def records(self) -> tuple[tuple[Deduction, ...], tuple[Credit, ...]]:
        """Every deduction and every credit, those of the whole last."""

    def adjustments(self) -> tuple[Adjustment, ...]:
        """Every line between the subtotal and the score."""

    def measures(self) -> tuple[MeasureResult, ...]:
        """Every derived figure."""

    def recoveries(self) -> tuple[Recovery, ...]:
        """What would win each deduction back, in their order."""

    def findings(self) -> tuple[Finding, ...]:
        """What to look at beside the score, but for what lies near an edge or far beyond a target."""

    def nearness(self) -> tuple[Finding, ...]:
        """What lies near an edge or far beyond a target."""

    def coverage(self) -> Fraction:
        """The scored share of all weight."""

    def assessed_by(self) -> Callable[..., Assessment]:
        """What makes the same assessment from the same rulebook and facts."""


@frozen
class Assessment:
    """评价结果 — of one subject by one rulebook.

    `score` is None where any indicator has none and the rulebook does not say what to do about it. `full_marks` are those
    of this subject: indicators that do not apply can lower them. An assessment is what its rulebook makes of its facts, so
    two of the same are equal, and a copy of one is made by assessing again.
    """

    rulebook: Rulebook = field(repr=False)
    facts: Facts = field(repr=False)
    subtotal: Decimal | None = field(eq=False)
    score: Decimal | None = field(eq=False)
    computed_score: Decimal | None = field(eq=False)
    """What the rules alone gave, without a review."""
    rating: str | None = field(eq=False)
    full_marks: Fraction = field(eq=False, repr=False)
    rulebook_digest: str = field(eq=False, repr=False)
    evidence: Evidence = field(eq=False, repr=False)
    cohort: Compared | None = field(default=None, repr=False)
    """Everybody the subject was compared with, where the rulebook reads others."""

    def __reduce__(self) -> tuple[Callable[..., Assessment], tuple[Rulebook, Facts, Compared | None]]:
        return self.evidence.assessed_by(), (self.rulebook, self.facts, self.cohort)

    @property
    def subject(self) -> Subject:
        """评价对象."""
        return self.facts.subject

    @cached_property
    def results(self) -> tuple[IndicatorResult, ...]:
        """Every branch and indicator, in the order of the rule file."""
        return self.evidence.results()

    @cached_property
    def measures(self) -> tuple[MeasureResult, ...]:
        """Every derived figure with its value."""
        return self.evidence.measures()

    @cached_property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """Every line between the subtotal and the score, in their order."""
        return self.evidence.adjustments()

    @cached_property
    def recoveries(self) -> tuple[Recovery, ...]:
        """挽回 — what would win each of the `deductions` back: the smallest change of one figure, judged again."""
        return self.evidence.recoveries()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What to look at beside the score."""
        return (*self.plain_findings, *self.evidence.nearness())

    @cached_property
    def plain_findings(self) -> tuple[Finding, ...]:
        """The findings but for near misses and targets that were passed by far (PS440, PS441): those are found by
        judging again, and no score depends on them.
        """
        return self.evidence.findings()

    @cached_property
    def coverage(self) -> Fraction:
        """The weight of the indicators that were scored, as a share of all."""
        return self.evidence.coverage()

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        """Every lost point, in the order of the rule file; those of the whole come last."""
        return self._records[0]

    @property
    def credits(self) -> tuple[Credit, ...]:
        """Every point given back, or given beyond a weight."""
        return self._records[1]

    @cached_property
    def _records(self) -> tuple[tuple[Deduction, ...], tuple[Credit, ...]]:
        return self.evidence.records()

    @cached_property
    def _by_id(self) -> Mapping[str, IndicatorResult]:
        return {result.id: result for result in self.results}

    def __getitem__(self, id: str) -> IndicatorResult:
        if (found := self._by_id.get(id)) is None:
            raise UnknownIndicatorError(id, list(self._by_id))
        return found

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def __iter__(self) -> Iterator[IndicatorResult]:
        return iter(self.results)

    def to_dict(self) -> dict[str, object]:
        """The assessment as published: plain data, exact numbers as text. The same facts and rules give the same
        bytes.
        """
        from perfscore.published import document

        return document(self)

    def _repr_html_(self) -> str:
        """A table, for notebooks."""
        from perfscore.report.notebook import assessment_html

        return assessment_html(self)
