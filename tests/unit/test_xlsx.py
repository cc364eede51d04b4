"""Spreadsheets: figures are numbers, sums are formulas that come to them, text is text, pages print. Read back by openpyxl."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfscore
from perfscore.report.blocks import Block, Cell, Document, Grid, Heading, Paragraph, Picture
from perfscore.report.composing import compose
from perfscore.report.layoutfile import layouts, shipped
from perfscore.report.office.numberformats import number_format
from perfscore.report.office.sheetfile import LONGEST, sheet_file
from perfscore.report.office.sheets import columns_of, sheets
from tests.unit.test_docx import grids, laid

ROOT = Path(__file__).parents[2]
TABLES = {
    "nanjing": ROOT / "rules/nanjing-legal-aid/2023",
    "tianchang": ROOT / "rules/tianchang-water/2022",
    "huanggang": ROOT / "rules/huanggang-soil-monitoring/2020",
    "everything": ROOT / "tests/golden/everything",
    "demerit": ROOT / "tests/golden/demerit",
}


@pytest.fixture(scope="module", params=TABLES)
def assessment(request: pytest.FixtureRequest) -> perfscore.Assessment:
    path = TABLES[request.param]
    return perfscore.assess(perfscore.load(f"{path}.toml"), perfscore.read_facts(f"{path}.facts.toml"))


def opened(file: bytes, *, results: bool = False) -> Any:
    return openpyxl.load_workbook(BytesIO(file), data_only=results)


def sheet_of(*blocks: Block, results: bool = False, **how: Any) -> Any:
    return opened(sheet_file(Document("题目", "zh", blocks, **how)), results=results).worksheets[0]


def covered(sheet: Any) -> dict[tuple[int, int], Any]:
    """What stands at each place, a merged cell at all of its places."""
    whole = {(cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for area in sheet.merged_cells.ranges:
        value = sheet.cell(area.min_row, area.min_col).value
        whole |= {place: value for row in area.rows for place in row}
    return whole


@settings(max_examples=40)
@given(grids())
def test_every_cell_covers_the_places_it_is_to_cover(grid: Grid) -> None:
    told = covered(sheet_of(grid))

    assert [[told[y + 1, x + 1] for x in range(len(grid.widths))] for y in range(len(grid.rows))] == laid(grid)


@settings(max_examples=40)
@given(grids(), grids())
def test_grids_share_a_sheet_and_its_columns(one: Grid, other: Grid) -> None:
    """The narrower grid keeps its columns and their order; none is lost, none stands in another."""
    for first, second in ((one, other), (other, one)):
        [sheet] = sheets(Document("t", "zh", (first, second)))
        for grid in (first, second):
            starts = columns_of(grid, sheet.widths)
            assert starts == sorted(set(starts))
            assert (starts[0], starts[-1], len(starts)) == (0, len(sheet.widths), len(grid.widths) + 1)
        told = covered(sheet_of(first, second))
        for at, row in enumerate((*laid(first), *laid(second)), start=1):
            assert [told[at, 1], told[at, len(sheet.widths)]] == [row[0], row[-1]]


def numbers(document: Document) -> Iterator[Cell]:
    for block in document.blocks:
        if isinstance(block, Grid):
            yield from (cell for row in block.rows for cell in row if cell.number is not None)


def printed(value: float, shown: str) -> str:
    """A number in one of the formats that are used, as a spreadsheet prints it."""
    sections = shown.split(";")
    section = sections[min(len(sections) - 1, 1 if value < 0 else 2 if value == 0 else 0)]
    found = re.fullmatch(r"([+−-]?)(#,##)?0(?:\.(0+))?(%?)(?:\"(.*)\")?", section)
    assert found, shown
    sign = found[1] or ("-" if value < 0 and len(sections) == 1 else "")
    digits = f"{abs(value) * (100 if found[4] else 1):{',' if found[2] else ''}.{len(found[3] or '')}f}"
    return f"{sign}{digits}{found[4]}{found[5] or ''}"


def test_every_figure_is_a_number_that_prints_as_its_text(assessment: perfscore.Assessment) -> None:
    for layout in layouts():
        document = compose(assessment, "zh", layout=shipped(layout))
        wanted = sorted((cell.text, cell.number) for cell in numbers(document))
        found = sorted(
            (printed(cell.value, cell.number_format), Decimal(repr(cell.value)).normalize())
            for sheet in opened(sheet_file(document), results=True).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, int | float)
        )
        assert found == [(text, number.normalize()) for text, number in wanted if number is not None]
        assert found


def summed(sheet: Any, formula: str) -> Decimal:
    """What a sum of cells and ranges comes to, exactly, formulas in it reckoned again."""
    match = re.fullmatch(r"=SUM\((.*)\)", formula)
    assert match, formula
    total = Decimal(0)
    for part in match[1].split(","):
        cells = sheet[part]
        for row in cells if isinstance(cells, tuple) else ((cells,),):
            for cell in row if isinstance(row, tuple) else (row,):
                value = cell.value
                if isinstance(value, str) and value.startswith("="):
                    total += summed(sheet, value)
                elif isinstance(value, int | float):
                    total += Decimal(repr(value))
    return total


def test_sums_are_formulas_that_come_to_the_figures(assessment: perfscore.Assessment) -> None:
    """Also reckoned by LibreOffice: tests/unit/test_libreoffice.py."""
    for layout in layouts():
        file = sheet_file(compose(assessment, "zh", layout=shipped(layout)))
        with_formulas, with_results = opened(file).worksheets[0], opened(file, results=True).worksheets[0]
        formulas = [cell for row in with_formulas.iter_rows() for cell in row if cell.data_type == "f"]
        for cell in formulas:
            stored = with_results[cell.coordinate].value
            assert summed(with_formulas, cell.value) == Decimal(repr(stored)), cell.coordinate
        # a form whose budget stands in a block of its own has a part of the total there, out of reach of a column's sum
        assert formulas or layout not in ("seed", "hunan")


def figures(*numbers: str, total: str, adds: tuple[int, ...]) -> Grid:
    rows = [(Cell(one, "number", number=Decimal(one)),) for one in numbers]
    return Grid((9,), (*rows, (Cell(total, "total", number=Decimal(total), adds=adds),)))


@pytest.mark.parametrize(
    ("grid", "formula"),
    [
        (figures("1", "2", "4", total="7", adds=(0, 1, 2)), "=SUM(A2:A4)"),
        (figures("1", "2", "4", total="5", adds=(2, 0)), "=SUM(A2,A4)"),
        (figures("1", "2", "4", "8", total="13", adds=(0, 2, 3)), "=SUM(A2,A4:A5)"),
        (figures("0.1", "0.2", total="0.3", adds=(0, 1)), "=SUM(A2:A3)"),
        pytest.param(figures("1", "2", total="4", adds=(0, 1)), 4, id="what the rows do not come to is no sum of them"),
    ],
)
def test_a_sum_names_the_rows_it_adds(grid: Grid, formula: str | int) -> None:
    sheet = sheet_of(Paragraph("上"), grid)

    assert sheet.cell(len(grid.rows) + 1, 1).value == formula


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("10", "10", "0"),
        ("9.00", "9", "0.00"),
        ("+1.50", "1.5", "+0.00;−0.00;0.00"),
        ("−1.50", "-1.5", "0.00;−0.00;0.00"),
        ("-1.50", "-1.5", "0.00;-0.00;0.00"),
        ("96.20%", "0.962", "0.00%"),
        ("1,234.5", "1234.5", "#,##0.0"),
        ("878.50万元", "878.5", '0.00"万元"'),
        ("0.33", "0.333", "0.00"),
        ("(9.00)", "9", None),
        ("9.00", "8", None),
        ("1.50", "-1.5", None),
        ("不适用", "0", None),
        ("", "0", None),
        ('1"&A1', "1", None),
        ("1\n", "1", None),
        ("12345678901234567.89", "12345678901234567.89", None),
    ],
)
def test_a_number_is_printed_as_its_text_or_stays_text(text: str, number: str, shown: str | None) -> None:
    assert number_format(text, Decimal(number)) == shown
    cell = sheet_of(Grid((9,), ((Cell(text, "number", number=Decimal(number)),),)))["A1"]
    if shown is None:
        assert cell.value in (text, None)
        assert cell.data_type in ("s", "n")
    else:
        assert (cell.data_type, cell.number_format) == ("n", shown)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "1e5", "00012", "http://evil.example", "{=1}"]
)
def test_text_stays_text(text: str) -> None:
    sheet = sheet_of(Paragraph(text), Grid((9, 9), ((Cell(text), Cell(text, across=1)),)))
    for cell in (sheet["A1"], sheet["A2"], sheet["B2"]):
        assert cell.data_type == "s"
        assert cell.value == text.replace("\t", "\\x09")
        assert cell.hyperlink is None
        assert cell.quotePrefix == (text[0] in "=+-@＝")


def test_text_that_no_cell_can_hold_says_how_much_is_missing() -> None:
    [short, long] = [sheet_of(Grid((9,), ((Cell("长" * length),),)))["A1"].value for length in (LONGEST, LONGEST + 1)]

    assert short == "长" * LONGEST
    assert len(long) <= LONGEST
    assert long == "长" * (LONGEST - 60) + "…（单元格放不下，还有 61 字）"


def test_pages_print_on_a4_under_their_heads(assessment: perfscore.Assessment) -> None:
    document = compose(assessment, "zh")
    book = opened(sheet_file(document))
    first = book.worksheets[0]
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    head = next(row for row in range(1, 9) if first.cell(row, 1).value == "一级指标")
    assert first.print_title_rows == f"${head}:${head}"
    assert first.freeze_panes == f"A{head + 1}"


def test_a_head_far_down_is_repeated_and_not_frozen() -> None:
    """Frozen, everything above it would stay on the screen too."""
    for above, frozen in ((11, "A13"), (12, None)):
        sheet = sheet_of(*[Paragraph("上")] * above, Grid((9,), ((Cell("头", "head"),), (Cell("身"),)), head=1))
        assert sheet.freeze_panes == frozen
        assert sheet.print_title_rows == f"${above + 1}:${above + 1}"


def test_rows_are_as_high_as_their_text_needs() -> None:
    words = "设有项目目标、项目目标明确、项目目标细化" * 3
    grid = Grid(
        (20, 10),
        ((Cell(words, down=2), Cell("甲")), (Cell("乙"),), (Cell("丙"), Cell("丁")), (Cell("长" * 3000), Cell())),
    )
    heights = [sheet_of(grid).row_dimensions[at].height for at in range(1, 5)]

    assert heights[0] + heights[1] >= 6 * 14  # sixty characters, ten in a line
    assert heights[0] == heights[2] == pytest.approx(20, abs=0.5)
    assert heights[3] == pytest.approx(409, abs=1), "the highest that there is"


def test_columns_are_as_wide_as_the_grid_says() -> None:
    sheet = sheet_of(Grid((10, 24), ((Cell("甲"), Cell("乙")),)))

    assert [round(sheet.column_dimensions[one].width) for one in "AB"] == [12, 26]


def test_chapters_share_a_sheet_and_what_follows_a_form_has_its_own() -> None:
    form = Grid((1,), ((Cell("甲"),),))
    blocks = (
        Heading("报告", 1), Heading("一、概况"), Paragraph("…"), Heading("二、结论"), Heading("附件：评分表"), Heading("表", 3), form, form,
        Heading("附件：评分表"), form, Heading("需要留意"), Paragraph("…"), Heading("另外"),
    )  # fmt: skip
    told = sheets(Document("t", "zh", blocks))

    assert [(one.name, len(one.blocks)) for one in told] == [
        ("评分表", 4), ("附件：评分表", 4), ("附件：评分表 2", 2), ("需要留意", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["[a]:b*c?d/e\\f", "'", "History", "x" * 40, "\x1b[31m", "", "评分表", " "])
def test_a_sheet_has_a_name_that_spreadsheets_accept(name: str) -> None:
    form = Grid((1,), ((Cell("甲"),),))
    told = sheets(Document("t", "zh", (form, Heading(name), form, Heading(name), form)))
    names = [one.name for one in told]

    assert len({one.casefold() for one in names}) == 3
    for one in names:
        assert 0 < len(one) <= 31
        assert not set(one) & set("[]:*?/\\'")
        assert one.casefold() != "history"
        assert one.isprintable()
    assert opened(sheet_file(Document("t", "zh", (form, Heading(name), form, Heading(name), form)))).sheetnames == names


def test_a_picture_of_the_figures_is_left_to_the_spreadsheet() -> None:
    assert sheet_of(Picture("<svg/>", "从100到96"), Paragraph("下"))["A1"].value == "下"


def test_the_same_assessment_gives_the_same_bytes_on_another_day(
    assessment: perfscore.Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = perfscore.render(assessment, "xlsx")
    later = time.localtime(time.time() + 10_000_000)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    monkeypatch.setattr(time, "time", lambda: 10_000_000_000.0)

    assert perfscore.render(assessment, "xlsx") == before


def test_a_file_refers_to_nothing_outside_itself(assessment: perfscore.Assessment) -> None:
    with zipfile.ZipFile(BytesIO(perfscore.render(assessment, "xlsx"))) as found:
        names = found.namelist()
        relations = "".join(found.read(name).decode() for name in names if name.endswith(".rels"))
        assert {one.date_time for one in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    assert "TargetMode" not in relations
    assert not [name for name in names if "externalLink" in name or "connections" in name or "vba" in name]


@settings(max_examples=200)
@given(st.decimals(-(10**6), 10**6, places=3), st.integers(0, 3))
def test_any_figure_of_ordinary_size_is_a_number(number: Decimal, places: int) -> None:
    rounded = round(number, places)
    text = f"{rounded:f}".replace("-", "−")
    shown = number_format(text, rounded)

    assert (shown is None) == (rounded == 0 and text.startswith("−"))
    assert shown is None or printed(float(rounded), shown) == text
