"""A document as a spreadsheet file.

In: a `Document`. Out: the bytes of an XLSX file, the same for the same document: no day is noted in it.
Figures are numbers with a format, sums are formulas that come to the figures they stand for, and every other text is
text: none is read as a formula, a link or a number.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import assert_never

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from perfscore.report.blocks import Block, Cell, Document, Grid, Heading, Manner, Paragraph, Picture, Role
from perfscore.report.office.numberformats import number_format
from perfscore.report.office.sheets import Sheet, columns_of, sheets
from perfscore.report.office.tiling import caption_of, tiled
from perfscore.report.wrapping import wrapped
from perfscore.words import Language, Words, visible

A_DAY = datetime(1980, 1, 1)
"""Said to be the day of making: a day must be said, and the real one would make other bytes. It is that of the zip's parts."""
LONGEST = 32_767
"""The characters that a cell can hold."""
TOO_LONG = Words(zh="…（单元格放不下，还有 {n} 字）", en="… ({n} more characters than a cell can hold)")
TALLEST = 409
LINE = 14
"""Points of height for a line of text."""
HEAD_STAYS = 12
"""The head of a table is frozen where it ends within so many rows; below that it would cover the screen."""
QUOTED = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
PAGE_OF = Words(zh="&C第 &P 页 共 &N 页", en="&CPage &P of &N")

Look = tuple[tuple[str, object], ...]
BASE: Look = (("font_name", "宋体"), ("font_size", 10), ("text_wrap", True), ("valign", "vcenter"))
FRAMED: Look = (*BASE, ("border", 1))
CENTRED: Look = (*FRAMED, ("align", "center"))
BOLD: Look = (*CENTRED, ("bold", True))
ROLES: dict[Role, Look] = {
    "head": BOLD,
    "label": CENTRED,
    "text": FRAMED,
    "number": CENTRED,
    "branch": CENTRED,
    "subtotal": BOLD,
    "total": BOLD,
    "to-fill": (*CENTRED, ("font_color", "#C00000")),
}
MANNERS: dict[Manner, Look] = {
    "text": BASE,
    "subject": (*BASE, ("align", "center")),
    "note": BASE,
    "rating": (*BASE, ("bold", True)),
    "error": (*BASE, ("bold", True)),
    "warning": BASE,
    "to-fill": (*BASE, ("font_color", "#C00000")),
    "signature": BASE,
}
TITLE: Look = (*BASE, ("font_name", "黑体"), ("font_size", 16), ("align", "center"))
HEADING: Look = (*BASE, ("font_name", "黑体"), ("font_size", 12))


def sheet_file(document: Document) -> bytes:
    """The document as an XLSX file."""
    into = BytesIO()
    book = Workbook(into, {"in_memory": True})
    book.set_properties({"title": visible(document.title)[:255], "author": "perfscore", "created": A_DAY})
    looks: dict[Look, Format] = {}
    for sheet in sheets(document):
        _Page(book, sheet, document, looks).write()
    book.close()
    return into.getvalue()


class _Page:
    """A sheet that is being written, from the top."""

    def __init__(self, book: Workbook, sheet: Sheet, document: Document, looks: dict[Look, Format]) -> None:
        self.book, self.sheet, self.looks = book, sheet, looks
        self.language: Language = document.language
        self.page: Worksheet = book.add_worksheet(sheet.name)
        self.row = 0
        self.held: dict[tuple[int, int], Decimal] = {}  # the cells that hold a number
        self._set_up(document)

    def write(self) -> None:
        """Every block, one under the other."""
        headed = False
        before: Block | None = None
        for block in self.sheet.blocks:
            match block:
                case Heading():
                    look, height = (TITLE, 26) if block.level == 1 else (HEADING, 20)
                    self._line(block.text, look, height, size=2 if block.level == 1 else 1.2)
                case Paragraph():
                    self._line(block.text, MANNERS[block.manner])
                case Picture():
                    pass  # it draws the figures of the table, which a spreadsheet can draw itself
                case Grid():
                    if caption := caption_of(block, before):
                        self._line(caption, MANNERS["subject"])
                    self._grid(block)
                    if block.head and not headed:
                        self._keep_in_sight(self.row - len(block.rows), block.head)
                        headed = True
                case _:
                    assert_never(block)
            before = block

    def _set_up(self, document: Document) -> None:
        for at, width in enumerate(self.sheet.widths):
            self.page.set_column(at, at, width + 1)
        self.page.set_paper(9)  # A4
        if document.landscape:
            self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.center_horizontally()
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.page.set_footer(PAGE_OF.into(self.language))
        self.page.hide_gridlines(2)

    def _keep_in_sight(self, first: int, head: int) -> None:
        self.page.repeat_rows(first, first + head - 1)
        if first + head <= HEAD_STAYS:
            self.page.freeze_panes(first + head, 0)

    def _line(self, text: str, look: Look, height: int = LINE, size: float = 1) -> None:
        """A text across the whole width."""
        last = len(self.sheet.widths) - 1
        width = sum(self.sheet.widths)
        lines = wrapped(visible(text), int(width / size))
        self.page.set_row(self.row, min(height * len(lines) + 4, TALLEST))
        if last:
            self.page.merge_range(self.row, 0, self.row, last, "", self._look(look))
        self._text(self.row, 0, text, look)
        self.row += 1

    def _grid(self, grid: Grid) -> None:
        edges = columns_of(grid, self.sheet.widths)
        top = self.row
        heights = [LINE + 6] * len(grid.rows)
        for at, row in enumerate(tiled(grid)):
            for one in row:
                last = one.row + one.cell.down - 1
                left, right = edges[one.column], edges[one.column + one.cell.across] - 1
                if at == last:
                    self._heighten(heights, one.row, last, one.cell.text, sum(self.sheet.widths[left : right + 1]))
                if at == one.row:
                    self._cell(grid, one.cell, (top + at, left), (top + last, right), top)
        for at, height in enumerate(heights):
            self.page.set_row(top + at, min(height, TALLEST))
        self.row += len(grid.rows)

    @staticmethod
    def _heighten(heights: list[int], first: int, last: int, text: str, width: int) -> None:
        """Give the last row of a cell what its text needs beyond the rows it covers."""
        needed = LINE * len(wrapped(visible(text), width)) + 6
        heights[last] += max(0, needed - sum(heights[first : last + 1]))

    def _cell(self, grid: Grid, cell: Cell, start: tuple[int, int], end: tuple[int, int], top: int) -> None:
        look = ROLES[cell.role]
        shown = None if cell.number is None else number_format(cell.text, cell.number)
        if shown is not None:
            look = (*CENTRED, *look, ("align", "center"), ("num_format", shown))
        if start != end:
            self.page.merge_range(*start, *end, "", self._look(look))
        if cell.number is None or shown is None:
            self._text(*start, cell.text, look)
            return
        self.held[start] = cell.number
        parts = [(top + row, start[1]) for row in cell.adds]
        if parts and all(one in self.held for one in parts) and sum(self.held[one] for one in parts) == cell.number:
            self.page.write_formula(*start, _sum(parts), self._look(look), float(cell.number))
        else:
            self.page.write_number(*start, float(cell.number), self._look(look))

    def _text(self, row: int, column: int, text: str, look: Look) -> None:
        shown = visible(text)
        if len(shown) > LONGEST:
            told = TOO_LONG.fill(n=str(len(shown) - LONGEST + 60)).into(self.language)
            shown = shown[: LONGEST - 60] + told
        if not shown:
            self.page.write_blank(row, column, None, self._look(look))
            return
        if shown.startswith(QUOTED):  # stays text when somebody edits the cell
            look = (*look, ("quote_prefix", True))
        self.page.write_string(row, column, shown, self._look(look))

    def _look(self, look: Look) -> Format:
        if look not in self.looks:
            self.looks[look] = self.book.add_format(dict(look))
        return self.looks[look]


def _sum(parts: list[tuple[int, int]]) -> str:
    """The sum of cells of one column, runs of them as ranges."""
    column = xl_col_to_name(parts[0][1])
    runs = []
    for _, group in groupby(enumerate(sorted(row for row, _ in parts)), key=lambda one: one[1] - one[0]):
        rows = [row + 1 for _, row in group]
        runs.append(f"{column}{rows[0]}" + (f":{column}{rows[-1]}" if len(rows) > 1 else ""))
    return f"=SUM({','.join(runs)})"
