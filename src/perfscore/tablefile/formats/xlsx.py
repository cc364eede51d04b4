"""XLSX: a sheet of a workbook, with headings over several rows, and written with numbers that are numbers.

In: a workbook; or batches. Out: the rows of its first visible sheet, or of the one asked for, a number as the shortest
decimal that it is, with the percent sign that its cell shows; or a workbook that is written row by row. No cell becomes a
formula, and none whose formula failed is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field

from perfscore.tablefile.flat import BETWEEN
from perfscore.tablefile.looks import Looks, looks_of
from perfscore.tablefile.packed import refuse_what_swells
from perfscore.tablefile.rows import (
    ROW,
    Asked,
    Record,
    TableFile,
    TableRefusedError,
    Writer,
    gathered,
    headed,
    stands_over,
    text_schema,
)
from perfscore.words import Language, Words, listed

if TYPE_CHECKING:
    import pyarrow
    import python_calamine

SUFFIXES = (".xlsx",)
READ_TOO = (".xlsm", ".xls", ".ods")
NAMED = True
MOST_ROWS = 1_048_576
"""How many rows a sheet holds, its heading among them."""

UNREADABLE = Words(zh="工作簿读不懂：{e}", en="cannot be read as a workbook: {e}")
NO_SHEETS = Words(zh="工作簿里没有工作表", en="the workbook holds no sheet")
NO_SHEET = Words(zh="没有工作表“{n}”，有：{all}", en="there is no sheet “{n}”; there are: {all}")
ONE_OF = Words(
    zh="有 {m} 张工作表，读的是“{n}”；要读别的写 --sheet", en="of {m} sheets “{n}” is read; --sheet names another"
)
AHEAD = 100
"""Among so many rows is the heading looked for."""
NO_LOOKS = Words(
    zh="这个工作簿看不出哪些格是百分比、哪些格的公式出了错（出错的格当作没有填）；另存为 .xlsx 就看得出",
    en="this workbook does not tell which cells show a percentage and which formulas failed (their cells count as empty); "
    "saved as .xlsx it does",
)
EMPTY = Words(zh="工作表“{n}”是空的", en="the sheet “{n}” is empty")
RESULT = Words(zh="得分", en="Scores")


@define
class _Progress:
    row: int = 0


def read(path: Path, asked: Asked) -> TableFile:
    """The table in a sheet."""
    import python_calamine

    path.open("rb").close()  # what cannot be opened is told as every file is
    refuse_what_swells(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        visible = [one.name for one in book.sheets_metadata if one.visible == python_calamine.SheetVisibleEnum.Visible]
        if not book.sheet_names:
            raise TableRefusedError(NO_SHEETS)
        name = asked.sheet or (visible or book.sheet_names)[0]
        if name not in book.sheet_names:
            raise TableRefusedError(NO_SHEET.fill(n=name, all=listed(book.sheet_names)))
        sheet = book.get_sheet_by_name(name)
    except (python_calamine.CalamineError, OSError) as error:
        raise TableRefusedError(UNREADABLE.fill(e=str(error))) from None
    looks = looks_of(path, name)
    rows = _rows(sheet, looks or Looks())
    ahead = [*islice(rows, AHEAD)]
    skipped, head = _heading(ahead, sheet.merged_cell_ranges or [])
    if not head:
        raise TableRefusedError(EMPTY.fill(n=name))
    notes = (ONE_OF.fill(m=str(len(visible)), n=name),) if asked.sheet is None and len(visible) > 1 else ()
    notes = notes if looks is not None else (*notes, NO_LOOKS)
    headings = _headings(head, sheet.merged_cell_ranges or [], skipped)
    notes = notes if skipped == 0 else (*notes, headed(skipped + 1, (cells for _, cells in ahead[:skipped])))
    rows = chain(ahead[skipped + len(head) :], rows)
    progress, total = _Progress(), max(sheet.total_height, 1)
    chunks = gathered(_records(rows, len(headings), progress), len(headings))
    return TableFile(str(path), text_schema(headings), chunks, lambda: progress.row / total, book.close, ROW, notes)


Cell = int | float | str | bool | time | date | datetime | Any
Numbered = tuple[int, list[str]]


def _rows(sheet: python_calamine.CalamineSheet, looks: Looks) -> Iterator[Numbered]:
    """Every row with its number in the sheet, its cells as the text of what they show."""
    before = [""] * (sheet.start or (0, 0))[1]  # columns on the left in which nothing stands are left out there
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [*before, *map(_text, cells)]
        looks.put_on(number - 1, texts)
        yield number, texts


def _text(cell: Cell) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case _:
            return str(cell)


Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


def _heading(rows: Sequence[Numbered], merged: Merged) -> tuple[int, list[list[str]]]:
    """How many rows stand over the heading (a title, a unit, an empty line), and the rows of the heading."""
    most = max((_filled(cells) for _, cells in rows), default=0)
    for top, (_, cells) in enumerate(rows):
        # a heading of several rows says so itself: a column with one heading has it merged over all of them
        down = [end[0] for start, end in merged if start[0] == top and end[0] > start[0]]
        across = sum(end[1] - start[1] for start, end in merged if start[0] == top) if down else 0
        # what has less than half the cells of the fullest row is no heading of it
        if not stands_over(cells) and 0 < most <= 2 * (_filled(cells) + across):
            return top, [below for _, below in rows[top : max(down, default=top) + 1]]
    return 0, []


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _headings(head: list[list[str]], merged: Merged, top: int) -> tuple[str, ...]:
    """The heading of each column: what stands over it, from the top, with dots between."""
    for (row, column), (last_row, last_column) in merged:
        if top <= row < top + len(head):
            for r in range(row, min(last_row, top + len(head) - 1) + 1):
                for c in range(column, min(last_column, len(head[0]) - 1) + 1):
                    head[r - top][c] = head[row - top][column] if r == row else ""
    columns = zip(*head, strict=True)
    return tuple(".".join(cell.strip().replace("\n", "") for cell in cells if cell.strip()) for cells in columns)


def _records(rows: Iterator[Numbered], width: int, progress: _Progress) -> Iterator[Record]:
    """Every row that is not empty."""
    for number, cells in rows:
        progress.row = number
        if any(cell.strip() for cell in cells):
            yield number, cells


@define
class _XlsxWriter:
    """Rows as they come; where a sheet is full the next begins, with the same heading."""

    book: Any
    schema: pyarrow.Schema
    language: Language
    formats: dict[int, Any] = field(factory=dict)
    sheet: Any = None
    sheets: int = 0
    row: int = MOST_ROWS

    def write(self, batch: pyarrow.RecordBatch) -> None:
        columns = [column.to_pylist() for column in batch.columns]
        for cells in zip(*columns, strict=True):
            if self.row >= MOST_ROWS:
                self._begin()
            for at, cell in enumerate(cells):
                self._put(at, cell)
            self.row += 1

    def _begin(self) -> None:
        self.sheets += 1
        name = RESULT.into(self.language) + (f" {self.sheets}" if self.sheets > 1 else "")
        self.sheet = self.book.add_worksheet(name)
        self.sheet.freeze_panes(1, 0)
        bold = self.formats.setdefault(-1, self.book.add_format({"bold": True}))
        for at, heading in enumerate(self.schema.names):
            self.sheet.set_column(at, at, min(max(10, 2 + len(heading.encode("gb18030"))), 40))
        for at, heading in enumerate(self.schema.names):
            self.sheet.write_string(0, at, heading, bold)
        self.row = 1

    def _put(self, at: int, cell: object) -> None:
        match cell:
            case None:
                return
            case bool():
                self.sheet.write_boolean(self.row, at, cell)
            case int():
                self.sheet.write_number(self.row, at, cell)
            case Decimal():
                self.sheet.write_number(self.row, at, cell, self._shown(-int(cell.as_tuple().exponent)))
            case list():
                if cell:
                    self.sheet.write_string(self.row, at, BETWEEN.into(self.language).join(map(_one, cell)))
            case _:
                self.sheet.write_string(self.row, at, str(cell))

    def _shown(self, places: int) -> Any:
        """A number shows the places that were published."""
        if places not in self.formats:
            self.formats[places] = self.book.add_format({"num_format": "0." + "0" * places if places > 0 else "0"})
        return self.formats[places]

    def close(self) -> None:
        if self.sheet is None:
            self._begin()
        self.book.close()


def _one(member: object) -> str:
    if isinstance(member, dict):
        return " ".join(str(one) for one in chain(member.values()) if one is not None)
    return str(member)


def write(path: Path, schema: pyarrow.Schema, language: Language, *, bom: bool) -> Writer:
    """What writes a table as a workbook."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return _XlsxWriter(xlsxwriter.Workbook(str(path), options), schema, language)
