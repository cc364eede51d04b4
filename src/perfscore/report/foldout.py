"""Every lost point, told in full, in a tree that folds.

In: an assessment and the language of its reader. Out: nested `<details>`, one for every branch and every indicator that
lost or was given points; open where there is something to read. It needs no script.
The sentences are those of the records; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from perfscore.assessment import STATES, Assessment, Credit, IndicatorResult
from perfscore.indicator import Indicator
from perfscore.quantity import spelled
from perfscore.report.annex import CLAUSE, Entry, credits, deductions
from perfscore.report.inapplicable import why_not
from perfscore.report.markup import Markup, element, joined
from perfscore.report.reading import rule_reading
from perfscore.report.rows import figure
from perfscore.report.webtable import in_its_language
from perfscore.words import Language, Words

WHOLE = Words(zh="总分", en="The whole")
NOTHING_LOST = Words(zh="没有失分", en="nothing lost")
EXPLAINS = Words(zh="仅作说明，不再相加", en="explains only, and is not added")
RULE = Words(zh="规则", en="Rule")
STANDS = Words(zh="说明", en="Note")


def foldout(assessment: Assessment, language: Language) -> Markup:
    """The tree, and under it what concerns the whole."""
    telling = _Telling(assessment, language)
    top = [one for one in assessment.results if "." not in one.id]
    return joined(*(telling.node(one) for one in top), *telling.whole())


class _Telling:
    """What is told of each node, with the records that concern it and all that they rest on."""

    def __init__(self, assessment: Assessment, language: Language) -> None:
        self.assessment, self.language = assessment, language
        self.records: dict[str, list[Entry]] = {}
        for one in (*deductions(assessment, language), *credits(assessment, language)):
            self.records.setdefault(one.record.indicator, []).append(one)

    def node(self, result: IndicatorResult) -> Markup:
        """A branch with all that is under it, or an indicator."""
        records = self.records.get(result.id, [])
        under = [self.assessment[one.id] for one in result.node.members if one.id in self.assessment]
        worth = "" if result.weight is None else f" / {spelled(Fraction(result.weight))}"
        points = STATES[result.state].into(self.language) if result.points is None else figure(result.points)
        name = element("span", result.name, class_="name", **in_its_language(result.name, self.language))
        head = joined(name, element("span", f"{points}{worth}", class_="figure"))
        if not records and not under and result.state == "scored":
            return element("p", head, f" {NOTHING_LOST.into(self.language)}", class_="kept")
        told = [] if result.state == "scored" or under else [element("p", self._stands(result))]
        rule = self._rule(result.node) if isinstance(result.node, Indicator) and records else []
        inside = [*told, *rule, *map(self.record, records), *map(self.node, under)]
        opened = {"open": "open"} if not under or any(_moved(one) for one in self._below(result)) else {}
        return element("details", element("summary", head), Markup("\n"), *inside, **opened)

    def record(self, entry: Entry) -> Markup:
        """One record: what it moved, why, and all that this rests on."""
        one = entry.record
        given = isinstance(one, Credit)
        up = given != self.assessment.rulebook.demerit
        moved = element("span", figure(one.points if up else -one.points, signed=True), class_="figure")
        said = element("p", moved, entry.because)
        aside = [] if one.counted else [(STANDS.into(self.language), EXPLAINS.into(self.language))]
        return element("div", said, _list([*entry.lines, *aside]), class_="record given" if given else "record")

    def whole(self) -> Iterator[Markup]:
        """The records of the whole, and every line between the sum and the score."""
        assessment = self.assessment
        records = self.records.get("", [])
        lines = [self._adjusted(one.points, one.because, one.clause) for one in assessment.adjustments]
        if records or lines:
            name = element("span", WHOLE.into(self.language), class_="name")
            score = "—" if assessment.score is None else figure(assessment.score)
            shown = element("span", f"{score} / {spelled(assessment.full_marks)}", class_="figure")
            summary = element("summary", name, shown)
            yield element("details", summary, Markup("\n"), *map(self.record, records), *lines, open="open")

    def _adjusted(self, points: Decimal, because: Words, clause: str | None) -> Markup:
        moved = [element("span", figure(points, signed=True), class_="figure")] if points else []
        said = element("p", *moved, because.into(self.language))
        better = (points > 0) != self.assessment.rulebook.demerit and bool(points)
        return element(
            "div",
            said,
            _list([(CLAUSE.into(self.language), clause or "")]),
            class_="record given" if better else "record",
        )

    def _rule(self, leaf: Indicator) -> list[Markup]:
        """The rule in words: the shapes that were judged, without the numbers of this subject."""
        told = "\n".join(rule_reading(self.assessment.rulebook, leaf, self.language))
        return [_list([(RULE.into(self.language), told)])]

    def _stands(self, result: IndicatorResult) -> str:
        """Why a leaf has no points of its own."""
        if result.state == "not-applicable":
            return why_not(result, self.assessment, self.language)
        told = [one.message.into(self.language) for one in self.assessment.findings if result.id in one.at]
        return "\n".join(told) or STATES[result.state].into(self.language)

    def _below(self, result: IndicatorResult) -> list[IndicatorResult]:
        return [one for one in self.assessment.results if one.id == result.id or one.id.startswith(f"{result.id}.")]


def _moved(result: IndicatorResult) -> bool:
    return bool(result.deductions or result.credits) or result.state != "scored"


def _list(told: Iterable[tuple[str, str]]) -> Markup:
    """Labelled lines."""
    rows = [joined(element("dt", label), element("dd", text)) for label, text in told if text]
    return element("dl", *rows) if rows else Markup("")
