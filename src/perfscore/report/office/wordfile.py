"""A document as a Word file.

In: a `Document`. Out: the bytes of a DOCX file, the same for the same document: no day or program is noted in it.
What stands in it is decided in `composing`, how it looks in `wordstyles`. No text becomes a field, a link or a
reference to anything outside the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import assert_never
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Cm

from perfscore.report.blocks import Block, Document, Grid, Heading, Paragraph, Picture
from perfscore.report.office.tiling import caption_of
from perfscore.report.office.wordstyles import CAPTION, GAP, LANGUAGE_TAGS, MANNERS, PICTURE, styled, width_of_text
from perfscore.report.office.wordtables import line_of, table
from perfscore.report.pictures.raster import NoPictureError, png
from perfscore.words import visible

KEPT = (RELATION.STYLES, RELATION.SETTINGS, RELATION.FONT_TABLE, RELATION.FOOTER, RELATION.IMAGE)
"""The parts of python-docx's empty file that ours keeps; it brings a theme, lists and a thumbnail along."""
PIXELS = 1800
"""The width of a picture: 180 to an inch on a page that lies on its side."""
HIGHEST = Cm(15)
DEEPEST = 3
"""The levels of headings that have a style."""


def word_file(document: Document) -> bytes:
    """The document as a DOCX file."""
    word = styled(docx.Document(), document)
    _forget_what_came_along(word)
    _settings(word, document)
    _properties(word, document)
    body = word.element.body
    before: Block | None = None
    for block in document.blocks:
        match block:
            case Heading():
                body.insert_element_before(line_of(block.text, f"Heading{min(block.level, DEEPEST)}"), "w:sectPr")
            case Paragraph():
                for line in block.text.split("\n"):
                    body.insert_element_before(line_of(line, MANNERS[block.manner]), "w:sectPr")
            case Grid():
                if caption := caption_of(block, before):
                    body.insert_element_before(line_of(caption, CAPTION), "w:sectPr")
                elif isinstance(before, Grid):  # tables that touch are one table to Word
                    body.insert_element_before(line_of("", GAP), "w:sectPr")
                body.insert_element_before(table(block, width_of_text(document)), "w:sectPr")
            case Picture():
                for line in _drawn(word, block, document):
                    body.insert_element_before(line, "w:sectPr")
            case _:
                assert_never(block)
        before = block
    saved = BytesIO()
    word.save(saved)
    return _dateless(saved.getvalue())


def _drawn(word: WordFile, picture: Picture, document: Document) -> Iterator[CT_P]:
    """The picture with its words for those who do not see it; where it cannot be drawn here, why, and the words instead."""
    try:
        drawn = png(picture.svg, width=PIXELS)
    except NoPictureError as error:
        yield line_of(error.says.into(document.language), MANNERS["warning"])
        yield from (line_of(line, MANNERS["note"]) for line in picture.says.split("\n"))
        return
    held = word.part.new_pic_inline(BytesIO(drawn), width=width_of_text(document))
    if held.extent.cy > HIGHEST:
        held = word.part.new_pic_inline(BytesIO(drawn), height=HIGHEST)
    held.docPr.set("descr", visible(picture.says))
    line = line_of("", PICTURE)
    line.add_r().add_drawing(held)
    yield line


def _forget_what_came_along(word: WordFile) -> None:
    for part, kept in ((word.part, KEPT), (word.part.package, (RELATION.OFFICE_DOCUMENT, RELATION.CORE_PROPERTIES))):
        for id, relation in list(part.rels.items()):
            if relation.reltype not in kept:
                del part.rels[id]


def _settings(word: WordFile, document: Document) -> None:
    """The languages of its fonts are those of the document; the history of the template's revisions goes."""
    for setting in list(word.settings.element):
        if setting.tag == qn("w:rsids"):
            word.settings.element.remove(setting)
        elif setting.tag == qn("w:themeFontLang"):
            setting.set(qn("w:val"), LANGUAGE_TAGS[document.language])
            setting.set(qn("w:eastAsia"), "zh-CN")


def _properties(word: WordFile, document: Document) -> None:
    """Who, what and in which language; no day, which would change the bytes, and no name of this program's template."""
    properties = word.core_properties
    for field in list(properties._element):
        properties._element.remove(field)
    properties.title = visible(document.title)[:255]  # more than that python-docx refuses
    properties.author = "perfscore"
    properties.language = LANGUAGE_TAGS[document.language]


def _dateless(file: bytes) -> bytes:
    """The same zip file with every part dated alike: python-docx writes the time of day."""
    into = BytesIO()
    with ZipFile(BytesIO(file)) as dated, ZipFile(into, "w", ZIP_DEFLATED) as plain:
        for name in dated.namelist():
            plain.writestr(ZipInfo(name), dated.read(name), ZIP_DEFLATED)
    return into.getvalue()
