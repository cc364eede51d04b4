"""Compose what an office files: a document as blocks, before it has a format.

In: an assessment, the language of its reader, and a layout.
Out: a `Document`: the table in the office's form, the rating, what to look at, and every reason in full where the table had
no room for it; or the whole report. Nothing is computed here, and nothing is invented: what the facts do not give is
marked to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.assessment import Assessment
from perfscore.report.binding import Bound
from perfscore.report.blocks import Block, Document, Heading, Manner, Paragraph
from perfscore.report.chapters import chapter_blocks
from perfscore.report.formgrid import form_grid, widest
from perfscore.report.gridlines import refined
from perfscore.report.layout import Layout
from perfscore.report.layoutfile import DEFAULT, shipped
from perfscore.report.outline import Outline, outline
from perfscore.report.pictures import pictures
from perfscore.report.reasons import ANNEX, annex
from perfscore.report.scoregrid import score_grid
from perfscore.words import Language, Words

REPORT = Words(zh="{subject}{period}年度绩效评价报告", en="{subject}: evaluation report {period}")
NOT_KNOWN = "××"
"""What stands in a title for a subject or a period that the facts do not name, as on a blank form."""


def compose(
    assessment: Assessment,
    language: Language,
    *,
    layout: Layout | None = None,
    whole: bool = False,
    signatures: bool = False,
    findings: bool = True,
) -> Document:
    """The document of an assessment. `whole` is the report with all its chapters; `signatures` a place to sign, with
    telephone numbers; without `findings`, only what is an error is told behind the form.
    """
    layout = layout or shipped(DEFAULT)
    told = outline(assessment, language)
    title = told.title if layout.title is None else _titled(layout.title, assessment, language)
    form, annexed = _form(assessment, told, layout, language, signatures=signatures)
    blocks: list[Block] = []
    if whole:
        title, table_title = _titled(layout.report or REPORT, assessment, language), title
        blocks += [Heading(title, 1), *_chapters(assessment, layout, [Heading(table_title, 3), *form], language)]
    else:
        blocks += [] if layout.above is None else [Paragraph(layout.above.into(language), "note")]
        blocks += [Heading(title, 1), *form]
    if signatures:
        blocks += [Paragraph(one.into(language), "signature") for one in layout.signatures]
    told_in_chapters = {shows for one in layout.chapters for shows in one.shows} if whole else set()
    if layout.pictures and "pictures" not in told_in_chapters:
        blocks += pictures(assessment, language)
    blocks += _looked_at(told, findings=findings)
    if annexed and "annex" not in told_in_chapters:
        blocks += [Heading(ANNEX.into(language)), annex(assessment, language)]
    blocks.append(Paragraph(told.rules, "note"))
    return Document(title, language, tuple(blocks))


def _titled(words: Words, assessment: Assessment, language: Language) -> str:
    """A title with the subject and the period; other braces stay as they were written."""
    subject, period = assessment.subject.name or NOT_KNOWN, assessment.subject.period or NOT_KNOWN
    return words.into(language).replace("{subject}", subject).replace("{period}", period)


def _chapters(assessment: Assessment, layout: Layout, form: list[Block], language: Language) -> Iterator[Block]:
    yield from chapter_blocks(layout.chapters, assessment, form, language)
    if not any("table" in one.shows for one in layout.chapters):
        yield from form


def _form(
    assessment: Assessment, told: Outline, layout: Layout, language: Language, *, signatures: bool
) -> tuple[list[Block], bool]:
    """The form with its table, and whether it has no room for a reason, or not for the whole of it."""
    bound = Bound(assessment, layout.reads, language)
    money = [row for block in layout.head for row in (block.money.rows if block.money else ())]
    scored = [bound.indicator(row.indicator) for row in money]
    counted = {row.id for row in told.rows if row.kept is not None or row.worth is not None}
    apart = frozenset(one.id for one in scored if one is not None and one.id in counted)
    grid, shortened = score_grid(assessment, told, layout, language, apart)
    grid = refined(grid, max(widest(layout.head), widest(layout.foot)))
    head = form_grid(layout.head, bound, grid.widths, signatures=signatures)
    foot = form_grid(layout.foot, bound, grid.widths, signatures=signatures)
    untold = bool(apart) or (bool(assessment.deductions) and all(one.shows != "because" for one in layout.columns))
    named = any(field.shows == "subject" for block in layout.head for field in block.fields)
    texts: list[tuple[str, Manner]] = [(told.brackets, "note"), (told.rating, "rating")]
    texts += [(told.coverage, "note")] if assessment.coverage != 1 else []
    texts += [(one.into(language), "note") for one in layout.notes]
    return [
        *([Paragraph(told.subject, "subject")] if told.subject and not named else []),
        *([head] if head else []),
        grid,
        *([foot] if foot else []),
        *(Paragraph(text, manner) for text, manner in texts if text),
    ], shortened or untold


def _looked_at(told: Outline, *, findings: bool) -> Iterator[Block]:
    """What to look at before it is filed."""
    shown = [one for one in told.findings if findings or one.severity == "error"]
    if shown:
        yield Heading(told.heading)
    for one in shown:
        yield Paragraph(f"{one.word} {one.code} {one.message}", one.severity)
