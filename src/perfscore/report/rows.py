"""The nodes of an assessment as rows of an office's table.

In: an assessment, and the language of its reader. Out: `Row`s of plain texts: every leaf, and every branch that has
more to say than that its members are added up.
Whoever adds up the figures that stand in no brackets gets what the table comes to: a branch with a row of its own
speaks for all that is under it. Nothing is laid out, escaped or computed here.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from perfscore.assessment import STATES, Assessment, Credit, Deduction, IndicatorResult
from perfscore.facts import Answer, plain
from perfscore.formula.prose import STYLES, near_text, tell_condition
from perfscore.indicator import Aggregate, Branch, Indicator
from perfscore.quantity import spelled
from perfscore.report.inapplicable import why_not
from perfscore.report.naming import labels
from perfscore.valuetext import unit_text
from perfscore.words import Language, Words, listed

OBSERVED = Words(zh="完成值 {value}", en="observed {value}")
GRADED = Words(zh="评为“{grade}”", en="graded “{grade}”")
RATED = Words(zh="评分：{all}", en="raters: {all}")
LOST = Words(zh="扣{points}分：{because}", en="−{points}: {because}")
GIVEN = Words(zh="加{points}分：{because}", en="+{points}: {because}")
INCURRED = Words(zh="计{points}分：{because}", en="+{points}: {because}")
SPARED = Words(zh="减{points}分：{because}", en="−{points}: {because}")
EXPLAINS = Words(zh="（仅作说明）{said}", en="(explains only) {said}")
RATED_BY = Words(zh="（{who}）", en=" ({who})")
BY_CLAUSE = Words(zh="（{clause}）", en=" ({clause})")
PUT_TOGETHER: dict[Aggregate, Words] = {
    "sum": Words(zh="", en=""),
    "pool": Words(
        zh="以下各项从本级分值中依次扣，扣完为止", en="what is below comes off these points, until none are left"
    ),
    "min": Words(zh="按以下各项最低的得分率计", en="by the least share kept below"),
    "max": Words(zh="按以下各项最高的得分率计", en="by the greatest share kept below"),
    "mean": Words(zh="按以下各项得分率的平均计", en="by the mean of the shares kept below"),
    "scaled": Words(zh="按以下各项得分率的加权平均计", en="by the weighted mean of the shares kept below"),
    "geometric": Words(zh="按以下各项得分率的几何平均计", en="by the geometric mean of the shares kept below"),
    "one-of": Words(zh="按以下所选一项的得分率计", en="by the share kept of the chosen one below"),
    "best": Words(zh="按以下最高的{n}项得分率的平均计", en="by the mean of the {n} highest shares kept below"),
}
ADDING_UP = Words(zh="以下各项依次累计，到本级分值为止", en="what is below adds up, until these points are reached")


@frozen
class Row:
    """One node as a row. `above` are the names of the branches over it, from the top; a `branch` stands over the rows
    that follow. `worth` and `kept` are the weight and the points as numbers, None where they stand in brackets or there
    are none.
    """

    id: str
    above: tuple[str, ...]
    name: str
    target: str
    clause: str
    process: str
    weight: str
    points: str
    because: tuple[str, ...]
    branch: bool = False
    worth: Decimal | None = None
    kept: Decimal | None = None

    def cells(self, levels: int) -> tuple[str, ...]:
        """The names as cells of the level columns: a leaf right under the top stands in the first."""
        return (*self.above, self.name, *[""] * (levels - len(self.above) - 1))


def rows_of(assessment: Assessment, language: Language) -> tuple[tuple[Row, ...], bool]:
    """Every row in the order of the rule file, and whether any figure stands in brackets."""
    speaking = {one.id for one in assessment.results if speaks(one)}
    names = {result.id: result.name for result in assessment.results}
    rows: list[Row] = []
    bracketed = False
    for result in assessment.results:
        if isinstance(result.node, Branch) and result.id not in speaking:
            continue
        segments = result.id.split(".")
        above = [".".join(segments[:level]) for level in range(1, len(segments))]
        inside = assessment.rulebook.aggregate != "sum" or any(one in speaking for one in above)
        bracketed = bracketed or inside
        rows.append(_row(result, tuple(names[one] for one in above), assessment, language, inside=inside))
    return tuple(rows), bracketed


def speaks(result: IndicatorResult) -> bool:
    """Whether a branch has a row of its own: it has records, or does more than to add."""
    told = bool(result.deductions or result.credits)
    return isinstance(result.node, Branch) and (told or result.node.aggregate != "sum")


def _row(
    result: IndicatorResult, above: tuple[str, ...], assessment: Assessment, language: Language, *, inside: bool
) -> Row:
    node = result.node
    weight = "" if result.weight is None else spelled(Fraction(result.weight))
    points = STATES[result.state].into(language) if result.points is None else figure(result.points)
    if inside:
        weight = f"({weight})" if weight else ""
        points = points if result.points is None else f"({points})"
    return Row(
        id=result.id,
        above=above,
        name=node.name,
        target=_target(node, assessment, language) if isinstance(node, Indicator) else "",
        clause=node.clause or "",
        process=result.process or _process(result, assessment, language),
        weight=weight,
        points=points,
        because=_because(result, assessment, language),
        branch=isinstance(node, Branch),
        worth=None if inside else result.weight,
        kept=None if inside else result.points,
    )


def figure(points: Decimal, *, signed: bool = False) -> str:
    """Points as they are printed, with a minus sign that is as wide as a plus."""
    sign = "−" if points < 0 else "+" if signed and points > 0 else ""
    return f"{sign}{abs(points):f}"


def _process(result: IndicatorResult, assessment: Assessment, language: Language) -> str:
    """What stands in the column where nobody wrote anything: the figure that was held against the target, the grade, the
    raters; of a branch, how its members are put together.
    """
    node = result.node
    if isinstance(node, Branch):
        if node.aggregate == "pool" and assessment.rulebook.demerit:
            return ADDING_UP.into(language)
        return PUT_TOGETHER[node.aggregate].fill(n=str(node.n)).into(language)
    answer = assessment.facts.answers.get(node.id)
    told = [_observed(result, assessment, language), *([] if answer is None else _answered(answer, language))]
    return ("；" if language == "zh" else "; ").join(one for one in told if one)


def _observed(result: IndicatorResult, assessment: Assessment, language: Language) -> str:
    value = observed(result, assessment, language)
    return OBSERVED.fill(value=value).into(language) if value else ""


def observed(result: IndicatorResult, assessment: Assessment, language: Language) -> str:
    """The figure that was held against the target, with its unit; empty where there is none."""
    if not isinstance(result.value, Fraction) or isinstance(result.node, Branch):
        return ""
    term = assessment.rulebook.place(result.node).vocabulary["value"]
    percent = term.type == "percent"
    return near_text(result.value, percent=percent) + unit_text(term, language)


def _answered(answer: Answer, language: Language) -> list[str]:
    told = []
    if answer.grade is not None:
        told.append(GRADED.fill(grade=answer.grade).into(language))
    if answer.ratings:
        each = [
            Words.same(f"{plain(one.points)}") + (RATED_BY.fill(who=one.by) if one.by else Words.same(""))
            for one in answer.ratings
        ]
        told.append(RATED.fill(all=listed(each)).into(language))
    return told


def _target(leaf: Indicator, assessment: Assessment, language: Language) -> str:
    if leaf.target_text is not None:
        return leaf.target_text
    if leaf.target is None:
        return ""
    naming = labels(assessment.rulebook.place(leaf).vocabulary, language)
    return tell_condition(leaf.target, STYLES[language], naming)


def _because(result: IndicatorResult, assessment: Assessment, language: Language) -> tuple[str, ...]:
    records = (*result.deductions, *result.credits)
    if result.state != "not-applicable" or isinstance(result.node, Branch):
        return tuple(record_text(one, assessment, language) for one in records)
    why = why_not(result, assessment, language)
    if not any(one.code == "not-applicable" for one in records):
        return (why, *(record_text(one, assessment, language) for one in records))
    return tuple(
        record_text(one, assessment, language, why if one.code == "not-applicable" else None) for one in records
    )


def record_text(one: Deduction, assessment: Assessment, language: Language, because: str | None = None) -> str:
    """A record as a sentence that begins with its points."""
    worse, better = (INCURRED, SPARED) if assessment.rulebook.demerit else (LOST, GIVEN)
    said = better if isinstance(one, Credit) else worse
    told = said.fill(points=f"{one.points:f}", because=because or one.because)
    by_adjustment = one.code in {rule.id for rule in assessment.rulebook.adjustments}
    if by_adjustment and one.clause and one.clause != assessment[one.indicator].node.clause:
        told += BY_CLAUSE.fill(clause=one.clause)
    return (told if one.counted else EXPLAINS.fill(said=told)).into(language)
