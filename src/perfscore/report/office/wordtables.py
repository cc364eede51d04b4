"""A grid as a table of Word.

In: a `Grid`, and the width there is for it. Out: the element of the table: cells that are really merged, head rows that
are repeated on each page, rows that no page breaks in two. How its text looks is said by styles and nowhere here.
"""

from __future__ import annotations

from itertools import pairwise

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.shared import Length

from perfscore.report.blocks import Grid
from perfscore.report.office.tiling import Placed, tiled
from perfscore.report.office.wordstyles import ROLES, TABLE
from perfscore.words import visible


def table(grid: Grid, width: Length) -> CT_Tbl:
    """The grid as wide as `width`, its columns in the proportion of `grid.widths`."""
    edges = _edges(grid.widths, width)
    made: CT_Tbl = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblStyle w:val="{TABLE}"/><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0020" w:firstRow="{int(grid.head > 0)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid/></w:tbl>'
    )
    if grid.caption:
        caption = OxmlElement("w:tblCaption")  # read aloud by a screen reader
        caption.set(qn("w:val"), visible(grid.caption))
        made.tblPr.append(caption)
    for left, right in pairwise(edges):
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(right - left))
        made.tblGrid.append(column)
    for at, row in enumerate(tiled(grid)):
        made.append(_row(row, at, head=at < grid.head, edges=edges))
    return made


def line_of(text: str, style: str) -> CT_P:
    """A paragraph in a style; its own line breaks stay."""
    line: CT_P = OxmlElement("w:p")
    line.get_or_add_pPr().get_or_add_pStyle().val = style
    if text:
        line.add_r().text = visible(text)
    return line


def _edges(widths: tuple[int, ...], width: Length) -> list[int]:
    """Where columns begin and end, in twentieths of a point; whole ones, so that they add up to the width."""
    whole = int(width.twips)
    return [whole * sum(widths[:at]) // max(sum(widths), 1) for at in range(len(widths) + 1)]


def _row(row: tuple[Placed, ...], at: int, *, head: bool, edges: list[int]) -> CT_Row:
    made: CT_Row = OxmlElement("w:tr")
    marks = OxmlElement("w:trPr")
    marks.append(OxmlElement("w:cantSplit"))
    if head:
        marks.append(OxmlElement("w:tblHeader"))
    made.append(marks)
    for one in row:
        made.append(_cell(one, edges, starts=one.row == at))
    return made


def _cell(one: Placed, edges: list[int], *, starts: bool) -> CT_Tc:
    made: CT_Tc = OxmlElement("w:tc")
    marks = made.get_or_add_tcPr()
    marks.width = Length((edges[one.column + one.cell.across] - edges[one.column]) * 635)  # a twip has 635 EMU
    if one.cell.across > 1:
        marks.grid_span = one.cell.across
    if one.cell.down > 1:
        marks.vMerge_val = "restart" if starts else "continue"
    figure = one.cell.number is not None and one.cell.role == "text"
    made.append(line_of(one.cell.text if starts else "", ROLES["number" if figure else one.cell.role]))
    return made
