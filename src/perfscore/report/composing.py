"""Compose what an office files: a document as blocks, before it has a format.

In: an assessment, the language of its reader, and a layout.
Out: a `Document`: the table in the office's form, the rating, what to look at, and every reason in full where the table had
no room for it. Nothing is computed here, and nothing is invented: what the facts do not give is marked to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.assessment import Assessment
from perfscore.report.blocks import Block, Document, Heading, Paragraph
from perfscore.report.layout import Layout
from perfscore.report.layoutfile import DEFAULT, shipped
from perfscore.report.outline import outline
from perfscore.report.pictures import pictures
from perfscore.report.reasons import ANNEX, annex
from perfscore.report.scoregrid import score_grid
from perfscore.words import Language


def compose(
    assessment: Assessment,
    language: Language,
    *,
    layout: Layout | None = None,
    whole: bool = False,
    signatures: bool = False,
) -> Document:
    """The document of an assessment; `whole` is the report with all its chapters, `signatures` a place to sign."""
    form = layout or shipped(DEFAULT)
    return Document(assessment.rulebook.title, language, tuple(_blocks(assessment, form, language)))


def _blocks(assessment: Assessment, layout: Layout, language: Language) -> Iterator[Block]:
    told = outline(assessment, language)
    yield Heading(told.title, 1)
    if told.subject:
        yield Paragraph(told.subject, "subject")
    grid, shortened = score_grid(assessment, told, layout, language)
    yield grid
    if told.brackets:
        yield Paragraph(told.brackets, "note")
    if told.rating:
        yield Paragraph(told.rating, "rating")
    yield Paragraph(told.coverage, "note")
    yield from pictures(assessment, language)
    if told.findings:
        yield Heading(told.heading)
        for one in told.findings:
            manner = "note" if one.severity == "note" else one.severity
            yield Paragraph(f"{one.word} {one.code} {one.message}", manner)
    if shortened:
        yield Heading(ANNEX.into(language))
        yield annex(assessment, language)
    yield Paragraph(told.rules, "note")
