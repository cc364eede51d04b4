"""What a document of an assessment says, whatever it looks like.

In: an assessment, and the language of its reader.
Out: an `Outline` of plain texts: the rows of an office's table, every line between them and the total, the total with
its rating, and the findings. Nothing is laid out or escaped here, and nothing computed but the sum that a reader makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

from perfscore.assessment import Adjustment, Assessment, Credit
from perfscore.diagnostic import Severity
from perfscore.formula.prose import near_text
from perfscore.indicator import leaves
from perfscore.quantity import decimal, spelled
from perfscore.report.rows import Row, figure, rows_of
from perfscore.words import Language, Words

LEVELS = (
    Words(zh="一级指标", en="Level 1"),
    Words(zh="二级指标", en="Level 2"),
    Words(zh="三级指标", en="Level 3"),
    Words(zh="四级指标", en="Level 4"),
    Words(zh="五级指标", en="Level 5"),
)
COLUMNS = {
    "target": Words(zh="指标值", en="Target"),
    "clause": Words(zh="评分标准", en="Criterion"),
    "process": Words(zh="评分过程", en="Assessment"),
    "weight": Words(zh="分值", en="Weight"),
    "points": Words(zh="得分", en="Points"),
    "because": Words(zh="扣分原因", en="Reason for deduction"),
}
GIVEN_TOO = Words(zh="加扣分原因", en="Reasons")
INCURRED = {
    "points": Words(zh="计分", en="Incurred"),
    "because": Words(zh="计分原因", en="Reasons"),
}
INDICATOR = Words(zh="指标", en="Indicator")
TOTAL = Words(zh="合计", en="Total")
RATING = Words(zh="评价等级", en="Rating")
NO_RATING = Words(zh="没有等级", en="no rating")
COVERAGE = Words(zh="{x} 的分值有评分", en="{x} of the points are scored")
RULES = Words(zh="规则 {id} {version}，{digest}", en="rules {id} {version}, {digest}")
FINDINGS = Words(zh="需要留意", en="To look at")
SUBJECT = Words(zh="评价对象：{name}", en="Subject: {name}")
PERIOD = Words(zh="（{period} 年度）", en=" ({period})")
SCALE = Words(zh="（{scale}）", en=" ({scale})")
STEP = Words(zh="{name} ≥ {start}", en="{name} from {start}")
IN_BRACKETS = Words(
    zh="括号里的分值和得分已经汇入上一级或合计，不再相加",
    en="figures in brackets are in those of the level above, or of the whole, and are not added again",
)
ADDED_UP = Words(zh="各项相加", en="Sum of the rows")
FULL_MARKS = Words(zh="满分", en="Full marks")
SUBTOTAL = Words(zh="小计", en="Subtotal")
RECKONED = Words(zh="（{formula}）", en=" ({formula})")
BEFORE_REVIEW = Words(zh="复核前 {score}", en="before the review {score}")
LOWERED = Words(
    zh="满分 {full}：规则的满分是 {whole}，不适用的分值不计入",
    en="full marks {full}: those of the rules are {whole}, less what does not apply",
)
BY_SHARE = Words(zh="，等级按得分占满分的比例定", en="; the rating goes by the share of them")
BEST_IS_NOTHING = Words(zh="本表计失分：0 分最好，最多 {full} 分", en="points are incurred: 0 is best, {full} the most")
SEVERITIES: dict[Severity, Words] = {
    "error": Words(zh="错误", en="error"),
    "warning": Words(zh="警告", en="warning"),
    "note": Words(zh="提示", en="note"),
}


@frozen
class Noted:
    """A finding as a line."""

    severity: Severity
    word: str
    code: str
    message: str


@frozen
class Line:
    """A line between the table and the total; what has a label is a sum, anything else moves the sum above it. `number`
    is the figure that `points` prints.
    """

    label: str
    points: str
    because: str = ""
    clause: str = ""
    number: Decimal | None = None


@frozen
class Outline:
    """A document of an assessment, before it has a form."""

    title: str
    subject: str
    levels: tuple[str, ...]
    columns: dict[str, str]
    rows: tuple[Row, ...]
    brackets: str
    lines: tuple[Line, ...]
    total: str
    weight: str
    score: str
    notes: tuple[str, ...]
    rating: str
    coverage: str
    rules: str
    findings: tuple[Noted, ...]
    heading: str
    indicator: str


def outline(assessment: Assessment, language: Language) -> Outline:
    """What there is to say of an assessment."""
    rulebook = assessment.rulebook
    depth = max((leaf.id.count(".") + 1 for leaf in leaves(rulebook.members)), default=1)
    rows, bracketed = rows_of(assessment, language)
    columns = dict(COLUMNS)
    if rulebook.demerit:
        columns |= INCURRED
    elif any(result.credits for result in assessment.results):
        columns["because"] = GIVEN_TOO
    scale = [
        one.name if one.start is None else STEP.fill(name=one.name, start=spelled(one.start)).into(language)
        for one in rulebook.ratings
    ]
    rating = assessment.rating or NO_RATING.into(language)
    shown = SCALE.fill(scale=("，" if language == "zh" else ", ").join(scale)).into(language) if scale else ""
    return Outline(
        title=rulebook.title,
        subject=_subject(assessment, language),
        levels=tuple(LEVELS[min(level, len(LEVELS) - 1)].into(language) for level in range(depth)),
        columns={key: words.into(language) for key, words in columns.items()},
        rows=rows,
        brackets=IN_BRACKETS.into(language) if bracketed else "",
        lines=tuple(_lines(assessment, language)),
        total=TOTAL.into(language),
        weight=spelled(assessment.full_marks),
        score="—" if assessment.score is None else f"{assessment.score:f}",
        notes=tuple(one.into(language) for one in _notes(assessment)),
        rating=f"{RATING.into(language)} {rating}{shown}" if rulebook.ratings else "",
        coverage=COVERAGE.fill(x=near_text(assessment.coverage, percent=True)).into(language),
        rules=RULES.fill(id=rulebook.id, version=rulebook.version, digest=f"{assessment.rulebook_digest[:19]}…").into(
            language
        ),
        findings=tuple(
            Noted(one.severity, SEVERITIES[one.severity].into(language), one.code.number, one.message.into(language))
            for one in assessment.findings
        ),
        heading=FINDINGS.into(language),
        indicator=INDICATOR.into(language),
    )


def _subject(assessment: Assessment, language: Language) -> str:
    subject = assessment.subject
    if not subject.name:
        return ""
    said = SUBJECT.fill(name=subject.name)
    if subject.period:
        said += PERIOD.fill(period=subject.period)
    return said.into(language)


def _lines(assessment: Assessment, language: Language) -> Iterator[Line]:
    """From the rows to the total: what was made up for or put together at the top, the subtotal, the adjustments."""
    rulebook = assessment.rulebook
    records = [one for one in (*assessment.deductions, *assessment.credits) if not one.indicator]
    kept = [one.points for one in assessment.results if "." not in one.id]
    if rulebook.aggregate != "sum" and not rulebook.demerit:
        yield Line(FULL_MARKS.into(language), spelled(rulebook.full_marks), number=decimal(rulebook.full_marks))
    elif rulebook.aggregate == "sum" and records:
        known = [one for one in kept if one is not None]
        whole = sum(known, Decimal(0))
        yield Line(ADDED_UP.into(language), figure(whole), number=whole)
    for record in records:
        up = isinstance(record, Credit) != rulebook.demerit
        moved = record.points if up else -record.points
        said = record.because.into(language)
        yield Line("", figure(moved, signed=True), said, record.clause or "", moved)
    unfinished = assessment.score is None  # a line below cannot be computed
    if (assessment.adjustments or unfinished) and assessment.subtotal is not None:
        yield Line(SUBTOTAL.into(language), figure(assessment.subtotal), number=assessment.subtotal)
    for one in assessment.adjustments:
        yield _adjusted(one, language)


def _adjusted(one: Adjustment, language: Language) -> Line:
    """An adjustment as a line; one that only changes the rating moves no points."""
    because, clause = one.because.into(language), one.clause or ""
    if " = " in (reckoned := one.reason.formula(language)):
        because += RECKONED.fill(formula=reckoned).into(language)
    moved = figure(one.points, signed=True) if one.points else ""
    return Line("", moved, because, "" if clause in because else clause, one.points or None)


def _notes(assessment: Assessment) -> Iterator[Words]:
    """What a reader must know of the total."""
    rulebook = assessment.rulebook
    if any(one.points != one.computed_points for one in assessment.results):
        before = assessment.computed_score
        yield BEFORE_REVIEW.fill(score="—" if before is None else f"{before:f}")
    if assessment.full_marks != rulebook.full_marks:
        full = {"full": spelled(assessment.full_marks), "whole": spelled(rulebook.full_marks)}
        yield LOWERED.fill(**full) + (BY_SHARE if rulebook.ratings and assessment.full_marks else Words.same(""))
    if rulebook.demerit:
        yield BEST_IS_NOTHING.fill(full=spelled(assessment.full_marks))
