"""The chapters of a whole report, filled where the facts allow.

In: an assessment, the chapters of a layout, and the form that one of them holds. Out: headings, paragraphs and grids.
Nothing is invented: what a chapter has to say and neither rulebook nor facts know is marked to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfscore.assessment import Assessment
from perfscore.indicator import Indicator
from perfscore.report.binding import amount_in, amount_text, figures
from perfscore.report.blocks import Block, Heading, Paragraph
from perfscore.report.layout import Chapter, ChapterShows
from perfscore.report.outline import outline
from perfscore.report.pictures import pictures
from perfscore.report.reasons import annex
from perfscore.report.rows import observed
from perfscore.report.telling import TO_FILL, achieved, losses
from perfscore.words import Language, Words

AMOUNT = Words(zh="{name} {amount} 万元", en="{name}: {amount} × 10,000 yuan")
RESULT = Words(
    zh="按《{title}》评分，满分 {full} 分，得 {score} 分。", en="Scored by “{title}”: {score} of {full} points."
)
UNFINISHED = Words(
    zh="按《{title}》评分，满分 {full} 分，还没有总分。", en="By “{title}”, of {full} points, there is no score yet."
)
REACHED = Words(zh="{name}：{value}", en="{name}: {value}")
AGAINST = Words(zh="（指标值 {target}）", en=" (target {target})")
MONEY_UNIT = "万元"


def chapter_blocks(
    chapters: Sequence[Chapter], assessment: Assessment, form: Sequence[Block], language: Language
) -> Iterator[Block]:
    """The chapters in their order; `form` is what the one holds that shows the table."""
    for chapter in chapters:
        yield Heading(chapter.head.into(language), chapter.level)
        told: list[Block] = []
        for shows in chapter.shows:
            told += _told(shows, assessment, form, language)
        if chapter.shows and not told:
            told = [Paragraph(TO_FILL.into(language), "to-fill")]
        yield from told


def _told(shows: ChapterShows, assessment: Assessment, form: Sequence[Block], language: Language) -> list[Block]:
    rulebook = assessment.rulebook
    match shows:
        case "table":
            return list(form)
        case "annex":
            return [annex(assessment, language)] if assessment.deductions or assessment.credits else []
        case "pictures":
            return list(pictures(assessment, language))
        case "to_fill":
            return [Paragraph(TO_FILL.into(language), "to-fill")]
        case "subject":
            said = [outline(assessment, language).subject]
        case "money":
            said = list(_money(assessment, language))
        case "goals":
            said = [one.text for one in rulebook.goals]
        case "scope":
            said = [one.text for one in rulebook.scope]
        case "basis":
            said = [one.title for one in rulebook.basis]
        case "score":
            said = list(_result(assessment, language))
        case "achieved":
            said = list(dict.fromkeys((*achieved(assessment, language), *_reached(assessment, language))))
        case "losses":
            said = list(losses(assessment, language))
    return [Paragraph(one) for one in said if one]


def _money(assessment: Assessment, language: Language) -> Iterator[str]:
    """Every amount that the facts give, each once."""
    known = figures(assessment)
    for one in assessment.rulebook.inputs:
        amount = amount_in(MONEY_UNIT, *known[one.name]) if one.type == "money" and one.name in known else None
        if amount is not None:
            yield AMOUNT.fill(name=one.label, amount=amount_text(amount)).into(language)


def _result(assessment: Assessment, language: Language) -> Iterator[str]:
    told = outline(assessment, language)
    score = UNFINISHED if assessment.score is None else RESULT
    yield score.fill(title=told.title, full=told.weight, score=told.score).into(language)
    if told.rating:
        yield told.rating


def _reached(assessment: Assessment, language: Language) -> Iterator[str]:
    """What every measured indicator came to, beside its target."""
    rows = {row.id: row for row in outline(assessment, language).rows}
    for result in assessment.results:
        if isinstance(result.node, Indicator) and (value := observed(result, assessment, language)):
            said = REACHED.fill(name=result.name, value=value)
            target = rows[result.id].target
            yield (said + AGAINST.fill(target=target) if target else said).into(language)
