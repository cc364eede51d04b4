"""Word files and spreadsheets as text that can be compared line by line.

In: the bytes of a file. Out: its paragraphs with their styles and its tables, a cell a line with the places it covers; of a
spreadsheet also numbers with their formats and what formulas come to. Read by python-docx and openpyxl.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

import docx
import openpyxl
from docx.table import Table
from openpyxl.worksheet.worksheet import Worksheet

DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==")
"""A picture of one point, for tests in which it does not matter what is drawn."""


def word_text(file: bytes) -> str:
    """A Word file: `[style] text`, and of each cell `rows×columns from row, column [style] text`."""
    word = docx.Document(BytesIO(file))
    section = word.sections[0]
    lines = [f"page {round(section.page_width.mm)} × {round(section.page_height.mm)} mm"]
    for block in word.iter_inner_content():
        if isinstance(block, Table):
            lines += _table(block)
        else:
            shapes = [one.get("descr") for one in block._p.iter() if one.tag.endswith("}docPr")]
            said = [f"picture: {one}" for one in shapes] or [block.text]
            lines.append(f"[{block.style.name}] {' '.join(said)}")
    return "\n".join(lines) + "\n"


def _table(table: Table) -> Iterator[str]:
    heads = sum(row._tr.find("./{*}trPr/{*}tblHeader") is not None for row in table.rows)
    yield f"table of {len(table.rows)} rows and {len(table.columns)} columns, {heads} of the rows repeated"
    places: dict[int, list[tuple[int, int]]] = {}
    cells = {}
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row.cells):
            places.setdefault(id(cell._tc), []).append((y, x))
            cells[id(cell._tc)] = cell
    for key, where in places.items():
        (top, left), (bottom, right) = min(where), max(where)
        style = cells[key].paragraphs[0].style
        text = cells[key].text.replace("\n", "⏎")
        size = f" ({bottom - top + 1}×{right - left + 1})" if len(where) > 1 else ""
        yield f"  {top},{left}{size} [{style.name}] {text}".rstrip()


def sheet_text(file: bytes) -> str:
    """A spreadsheet: of each cell its place, or the area it covers, and its text; a number with its format, a formula and
    what it comes to.
    """
    formulas = openpyxl.load_workbook(BytesIO(file))
    results = openpyxl.load_workbook(BytesIO(file), data_only=True)
    lines: list[str] = []
    for sheet in formulas.worksheets:
        lines += _sheet(sheet, results[sheet.title])
    return "\n".join(lines) + "\n"


def _sheet(sheet: Worksheet, results: Worksheet) -> Iterator[str]:
    dimensions = sorted(sheet.column_dimensions.values(), key=lambda one: one.min)  # alike neighbours are one
    widths = [f"{round(one.width)}" for one in dimensions for _ in range(one.min, one.max + 1)]
    yield f"sheet {sheet.title}: columns {' '.join(widths)}, frozen at {sheet.freeze_panes}, repeated {sheet.print_title_rows}"
    areas = {(one.min_row, one.min_col): one.coord for one in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            place = areas.get((cell.row, cell.column), cell.coordinate)
            text = str(cell.value).replace("\n", "⏎")
            if cell.data_type == "f":
                text += f" = {results[cell.coordinate].value}"
            if cell.data_type in ("f", "n"):
                text += f" as {cell.number_format}"
            yield f"  {place} {text}"
