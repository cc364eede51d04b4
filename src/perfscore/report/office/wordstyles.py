"""The styles of a Word file: all that is said about how it looks.

In: a new file of python-docx and the document it is to hold. Out: the same file with the styles below and no others,
its page and its page numbers. No text of the document is written here, and no paragraph is formatted but by its style.

Fonts are named and not shipped: 宋体, 仿宋 and 黑体 are on every office's machine, and a program that lacks one takes the
nearest Chinese font it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Length, Pt, RGBColor

from perfscore.report.blocks import Document, Grid, Manner, Role
from perfscore.words import Language, Words

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.styles.style import ParagraphStyle

LATIN = "Times New Roman"
LONG_SIDE, SHORT_SIDE, EDGE = Cm(29.7), Cm(21), Cm(2)
TABLE_SIZES = (10.5, 9, 7.5)
TABLE = "PerfscoreTable"
GAP = "TableGap"
CAPTION = "Caption"
PICTURE = "Picture"
ROLES: dict[Role, str] = {
    "head": "TableHead",
    "label": "TableLabel",
    "text": "TableText",
    "number": "TableNumber",
    "branch": "TableLabel",
    "subtotal": "TableSubtotal",
    "total": "TableTotal",
    "to-fill": "TableToFill",
}
MANNERS: dict[Manner, str] = {
    "text": "BodyText",
    "subject": "Subtitle",
    "note": "Note",
    "rating": "Conclusion",
    "error": "FindingError",
    "warning": "FindingWarning",
    "to-fill": "ToFill",
    "signature": "Signature",
}
LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en-US"}
PAGE_OF = Words(zh="第 {page} 页 共 {pages} 页", en="Page {page} of {pages}")
BUILT_IN = frozenset(("Heading1", "Heading2", "Heading3", "BodyText", "Subtitle", "Signature", "Caption", "Footer"))
"""Styles that Word has itself, and shows by their names in the language of its reader."""
TABLE_STYLE = f"""\
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}">
  <w:name w:val="Perfscore Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
  <w:tblPr>
    <w:jc w:val="center"/>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="auto"/><w:left w:val="single" w:sz="8" w:space="0" w:color="auto"/>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="auto"/><w:right w:val="single" w:sz="8" w:space="0" w:color="auto"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="auto"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>
      <w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tcPr><w:vAlign w:val="center"/></w:tcPr>
</w:style>"""


@frozen
class Look:
    """A paragraph style; sizes and spaces are in points, lines in heights of the text unless they are a length."""

    name: str
    based: str = "Normal"
    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    align: Literal["left", "center", "right"] | None = None
    before: float | None = None
    after: float | None = None
    line: float | Length | None = None
    indented: bool = False
    with_next: bool = False
    colour: str | None = None


def looks(table_size: float, language: Language) -> dict[str, Look]:
    """Every paragraph style by its id."""
    song, fang, hei = "宋体", "仿宋", "黑体"
    return {
        "Heading1": Look("heading 1", font=hei, size=18, bold=False, align="center", after=8, with_next=True),
        "Heading2": Look("heading 2", font=hei, size=14, bold=False, before=12, after=6, with_next=True),
        "Heading3": Look("heading 3", font="楷体", size=12, bold=True, before=8, after=4, with_next=True),
        "BodyText": Look("Body Text", font=fang, size=12, after=4, line=1.5, indented=language == "zh"),
        "Subtitle": Look("Subtitle", font=fang, size=12, align="center", after=8),
        "Note": Look("Note", font=song, size=10.5, before=2, after=3),
        "Conclusion": Look("Conclusion", font=hei, size=12, bold=False, before=6, after=6),
        "FindingError": Look("Finding Error", based="FindingWarning", bold=True),
        "FindingWarning": Look("Finding Warning", font=fang, size=10.5, after=3),
        "ToFill": Look("To Fill", based="BodyText", colour="C00000"),
        "Signature": Look("Signature", font=fang, size=12, align="left", before=10, after=4, line=1.5),
        "Caption": Look("caption", font=hei, size=10.5, bold=False, align="center", before=8, after=3, with_next=True),
        "Footer": Look("footer", font=song, size=9, align="center"),
        "TableText": Look("Table Text", font=song, size=table_size),
        "TableHead": Look("Table Head", based="TableText", font=hei, align="center", with_next=True),
        "TableLabel": Look("Table Label", based="TableText", align="center"),
        "TableNumber": Look("Table Number", based="TableLabel"),
        "TableSubtotal": Look("Table Subtotal", based="TableText", bold=True, align="center"),
        "TableTotal": Look("Table Total", based="TableSubtotal"),
        "TableToFill": Look("Table To Fill", based="TableText", align="center", colour="C00000"),
        "Picture": Look("Picture", align="center", before=6, after=6),
        "TableGap": Look("Table Gap", size=1, line=Pt(1)),
    }


def styled(word: WordFile, document: Document) -> WordFile:
    """The file with our styles, in the language of the document, on A4 with numbered pages."""
    _defaults(word, document.language)
    _page(word, document)
    for id, look in looks(_size_that_fits(document), document.language).items():
        _add(word, id, look, document.language)
    word.styles.element.append(parse_xml(TABLE_STYLE))
    _number_pages(word, document.language)
    return word


def width_of_text(document: Document) -> Length:
    """The width between the margins."""
    return Length((LONG_SIDE if document.landscape else SHORT_SIDE) - 2 * EDGE)


def _defaults(word: WordFile, language: Language) -> None:
    """Forget the styles that python-docx brings along, but those that Word cannot do without."""
    styles = word.styles.element
    for style in list(styles):
        if style.get(qn("w:styleId")) not in ("Normal", "DefaultParagraphFont", "TableNormal", "NoList"):
            styles.remove(style)
    styles.insert(
        0,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>"
            f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="宋体"/><w:sz w:val="21"/>'
            # by script, as Word has it: Latin letters and figures are English in a Chinese text too, and are not broken in two
            '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )


def _add(word: WordFile, id: str, look: Look, language: Language) -> None:
    style: ParagraphStyle = word.styles.add_style(id, WD_STYLE_TYPE.PARAGRAPH, builtin=id in BUILT_IN)
    element = style.element
    element.set(qn("w:styleId"), id)
    element.find(qn("w:name")).set(qn("w:val"), look.name)
    based = OxmlElement("w:basedOn")
    based.set(qn("w:val"), look.based)
    element.find(qn("w:name")).addnext(based)
    style.font.size = None if look.size is None else Pt(look.size)
    style.font.bold = look.bold
    if look.colour is not None:
        style.font.color.rgb = RGBColor.from_string(look.colour)
    if look.font is not None:
        fonts = element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(script), LATIN)
        if language == "zh":  # signs that both have, “ and × and …, as wide as Chinese ones
            fonts.set(qn("w:hint"), "eastAsia")
        fonts.set(qn("w:eastAsia"), look.font)
    form = style.paragraph_format
    form.space_before = None if look.before is None else Pt(look.before)
    form.space_after = None if look.after is None else Pt(look.after)
    form.line_spacing = look.line
    form.keep_with_next = look.with_next or None
    marks = element.get_or_add_pPr()
    if look.indented:  # two characters, whatever their size
        form.first_line_indent = Pt(2 * (look.size or 12))
        marks.get_or_add_ind().set(qn("w:firstLineChars"), "200")
    if look.align is not None:
        marks.get_or_add_jc().set(qn("w:val"), look.align)
    if id.startswith("Heading"):
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(int(id[-1]) - 1))
        marks.append(level)


def _page(word: WordFile, document: Document) -> None:
    page = word.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    sides = (LONG_SIDE, SHORT_SIDE) if document.landscape else (SHORT_SIDE, LONG_SIDE)
    page.page_width, page.page_height = sides
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = EDGE


def _size_that_fits(document: Document) -> float:
    """The largest of 五号, 小五 and 六号 in which the widest table has room: a character of its width is half as wide as high."""
    widest = max((sum(one.widths) for one in document.blocks if isinstance(one, Grid)), default=0)
    fitting = (size for size in TABLE_SIZES if widest * size / 2 <= width_of_text(document).pt)
    return next(fitting, TABLE_SIZES[-1])


def _number_pages(word: WordFile, language: Language) -> None:
    footer = word.sections[0].footer
    line = footer.paragraphs[0]
    line._p.get_or_add_pPr().get_or_add_pStyle().val = "Footer"
    told = PAGE_OF.fill(page="\0PAGE\0", pages="\0NUMPAGES\0").into(language)
    for at, part in enumerate(told.split("\0")):
        if at % 2:
            line._p.append(
                parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{part}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
            )
        elif part:
            line.add_run(part)
