"""What a document of an assessment says, whatever it looks like.

In: an assessment, and the language of its reader.
Out: an `Outline` of plain texts: the rows of an office's table, the total with its rating, and the findings.
Nothing is laid out, escaped or computed here.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from perfscore.assessment import STATES, Assessment, Deduction, IndicatorResult
from perfscore.diagnostic import Severity
from perfscore.formula.prose import STYLES, near_text, tell_condition
from perfscore.indicator import Indicator, leaves
from perfscore.quantity import spelled
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
OBSERVED = Words(zh="完成值 {value}", en="observed {value}")
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
LOST = Words(zh="扣{points}分：{because}", en="−{points}: {because}")
SEVERITIES: dict[Severity, Words] = {
    "error": Words(zh="错误", en="error"),
    "warning": Words(zh="警告", en="warning"),
    "note": Words(zh="提示", en="note"),
}


@frozen
class Row:
    """One leaf as a row of the table. `above` are the names of the branches over it, from the top."""

    above: tuple[str, ...]
    name: str
    target: str
    clause: str
    process: str
    weight: str
    points: str
    because: tuple[str, ...]

    def cells(self, levels: int) -> tuple[str, ...]:
        """The names as cells of the level columns: a leaf right under the top stands in the first."""
        return (*self.above, self.name, *[""] * (levels - len(self.above) - 1))


@frozen
class Noted:
    """A finding as a line."""

    severity: Severity
    word: str
    code: str
    message: str


@frozen
class Outline:
    """A document of an assessment, before it has a form."""

    title: str
    subject: str
    levels: tuple[str, ...]
    columns: dict[str, str]
    rows: tuple[Row, ...]
    total: str
    weight: str
    score: str
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
    names = {result.id: result.name for result in assessment.results}
    rows = [
        _row(result, names, assessment, language) for result in assessment.results if isinstance(result.node, Indicator)
    ]
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
        columns={key: words.into(language) for key, words in COLUMNS.items()},
        rows=tuple(rows),
        total=TOTAL.into(language),
        weight=spelled(rulebook.full_marks),
        score="—" if assessment.score is None else f"{assessment.score:f}",
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


def _row(result: IndicatorResult, names: dict[str, str], assessment: Assessment, language: Language) -> Row:
    leaf = result.node
    if not isinstance(leaf, Indicator):
        raise TypeError(leaf)
    above = leaf.id.split(".")[:-1]
    return Row(
        above=tuple(names[".".join(above[: level + 1])] for level in range(len(above))),
        name=leaf.name,
        target=_target(leaf, language),
        clause=leaf.clause or "",
        process=result.process or _observed(result, leaf, assessment, language),
        weight="" if result.weight is None else spelled(Fraction(result.weight)),
        points=STATES[result.state].into(language) if result.points is None else f"{result.points:f}",
        because=tuple(_lost(one, language) for one in result.deductions),
    )


def _observed(result: IndicatorResult, leaf: Indicator, assessment: Assessment, language: Language) -> str:
    """What stands in the column where nobody wrote anything: the figure that was held against the target."""
    if not isinstance(result.value, Fraction):
        return ""
    term = assessment.rulebook.place(leaf).vocabulary["value"]
    percent = term.type == "percent"
    unit = "" if percent else term.unit or ""
    return OBSERVED.fill(value=near_text(result.value, percent=percent) + unit).into(language)


def _target(leaf: Indicator, language: Language) -> str:
    if leaf.target_text is not None:
        return leaf.target_text
    return "" if leaf.target is None else tell_condition(leaf.target, STYLES[language])


def _lost(deduction: Deduction, language: Language) -> str:
    return LOST.fill(points=f"{deduction.points:f}", because=deduction.because).into(language)
