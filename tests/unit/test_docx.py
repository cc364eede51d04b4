"""Word files: cells really merged, heads repeated, looks said by styles, the same bytes, nothing from outside."""

from __future__ import annotations

import re
import sys
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from attrs import evolve
from docx.oxml.ns import qn
from docx.table import Table
from hypothesis import given, settings
from hypothesis import strategies as st

import perfscore
from perfscore.report.blocks import Block, Cell, Document, Grid, Heading, Paragraph, Picture
from perfscore.report.composing import compose
from perfscore.report.layoutfile import layouts, shipped
from perfscore.report.office import wordfile
from perfscore.report.office.wordfile import word_file
from perfscore.report.office.wordstyles import MANNERS, ROLES, looks
from tests.golden.office import DOT

RULES = Path(__file__).parents[2] / "rules" / "nanjing-legal-aid" / "2023"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture is a point, whatever fonts are installed."""
    monkeypatch.setattr(wordfile, "png", lambda *_, **__: DOT)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}"><rect width="{w}" height="{h}"/></svg>'


@pytest.fixture(scope="module")
def nanjing() -> perfscore.Assessment:
    return perfscore.assess(perfscore.load(f"{RULES}.toml"), perfscore.read_facts(f"{RULES}.facts.toml"))


def opened(*blocks: Block, **how: Any) -> Any:
    return docx.Document(BytesIO(word_file(Document("题目", "zh", blocks, **how))))


def parts(file: bytes) -> dict[str, str]:
    """The XML in a file, by its name."""
    with zipfile.ZipFile(BytesIO(file)) as found:
        return {name: found.read(name).decode() for name in found.namelist() if name.endswith((".xml", ".rels"))}


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A grid of any size in which rectangles of any size stand where there is room; each cell has a text of its own."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    owner: dict[tuple[int, int], int] = {}
    rows: list[tuple[Cell, ...]] = []
    for y in range(height):
        row = []
        for x in range(width):
            if (y, x) in owner:
                continue
            across, down = draw(st.integers(1, width - x)), draw(st.integers(1, height - y))
            while any((y, one) in owner for one in range(x, x + across)):
                across -= 1
            name = len(owner)
            owner |= {(y + j, x + i): name for j in range(down) for i in range(across)}
            row.append(Cell(f"{y}:{x}", across=across, down=down))
        rows.append(tuple(row))
    return Grid(tuple(draw(st.integers(1, 30)) for _ in range(width)), tuple(rows), head=draw(st.integers(0, height)))


def laid(grid: Grid) -> list[list[str]]:
    """The text that covers each place of a grid, by the definition of `Grid` alone."""
    whole: dict[tuple[int, int], str] = {}
    for y, row in enumerate(grid.rows):
        for cell in row:
            x = next(one for one in range(len(grid.widths)) if (y, one) not in whole)
            whole |= {(y + j, x + i): cell.text for j in range(cell.down) for i in range(cell.across)}
    return [[whole[y, x] for x in range(len(grid.widths))] for y in range(len(grid.rows))]


@settings(max_examples=40)
@given(grids())
def test_every_cell_covers_the_places_it_is_to_cover(grid: Grid) -> None:
    """Read by python-docx, which follows gridSpan and vMerge."""
    [table] = opened(grid).tables

    assert [[cell.text for cell in row.cells] for row in table.rows] == laid(grid)


def rows_of(table: Table) -> Iterator[Any]:
    return iter(table._tbl.tr_lst)


@settings(max_examples=40)
@given(grids())
def test_head_rows_are_repeated_and_no_row_is_broken(grid: Grid) -> None:
    [table] = opened(grid).tables
    repeated = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows_of(table)]

    assert repeated == [at < grid.head for at in range(len(grid.rows))]
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows_of(table))


@settings(max_examples=40)
@given(grids(), st.booleans())
def test_columns_share_the_width_between_the_margins(grid: Grid, landscape: bool) -> None:
    word = opened(grid, landscape=landscape)
    [section], [table] = word.sections, word.tables
    columns = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid]

    assert sum(columns) == (section.page_width - section.left_margin - section.right_margin) // 635
    for column, width in zip(columns, grid.widths, strict=True):
        assert abs(column - sum(columns) * width / sum(grid.widths)) <= 1
    for row in rows_of(table):
        assert sum(int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst) == sum(columns)


def test_the_page_is_a4_and_lies_on_its_side_where_it_is_to() -> None:
    for landscape, sides in ((True, (297, 210)), (False, (210, 297))):
        [section] = opened(landscape=landscape).sections
        assert (round(section.page_width.mm), round(section.page_height.mm)) == sides


def test_pages_are_numbered_in_the_language_of_the_document() -> None:
    for language, told in (("zh", "第 1 页 共 1 页"), ("en", "Page 1 of 1")):
        [section] = docx.Document(BytesIO(word_file(Document("t", language, ())))).sections  # type: ignore[arg-type]
        line = section.footer.paragraphs[0]._p
        assert "".join(one.text for one in line.iter(qn("w:t"))) == told
        assert [one.get(qn("w:instr")) for one in line.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("layout", layouts())
def test_looks_are_said_by_styles_alone(nanjing: perfscore.Assessment, layout: str) -> None:
    """No run has a format, no paragraph has more than a style, and every style that is named is there."""
    document = compose(nanjing, "zh", layout=shipped(layout), whole=True, signatures=True)
    found = parts(word_file(document))
    body = ElementTree.fromstring(found["word/document.xml"])
    styles = {
        one.get(qn("w:styleId")): one for one in ElementTree.fromstring(found["word/styles.xml"]) if "}style" in one.tag
    }

    assert not list(body.iter(qn("w:rPr")))
    named = set()
    for one in body.iter(qn("w:pPr")):
        [style] = one
        named.add(style.get(qn("w:val")))
    assert named <= styles.keys()
    assert {"Heading1", "TableHead", "TableNumber"} <= named
    assert all(one.get(qn("w:val")) in styles for one in body.iter(qn("w:tblStyle")))


def test_every_role_and_manner_has_a_style() -> None:
    assert set(ROLES.values()) | set(MANNERS.values()) <= looks(9, "zh").keys()


def test_headings_are_headings() -> None:
    word = opened(Heading("一", 1), Heading("二", 2), Heading("三", 3), Heading("四", 4))

    assert [one.style.name for one in word.paragraphs] == ["Heading 1", "Heading 2", "Heading 3", "Heading 3"]


def test_chinese_fonts_are_named_and_the_language_is_said() -> None:
    for language, tag in (("zh", "zh-CN"), ("en", "en-US")):
        found = parts(word_file(Document("t", language, ())))  # type: ignore[arg-type]
        fonts = set(re.findall(r'w:eastAsia="([^"]*)"', found["word/styles.xml"]))
        assert {"宋体", "仿宋", "黑体"} <= fonts
        assert f"<dc:language>{tag}</dc:language>" in found["docProps/core.xml"]
        assert re.search(rf'<w:themeFontLang w:val="{tag}" w:eastAsia="zh-CN"', found["word/settings.xml"])


@pytest.mark.usefixtures("drawn")
def test_a_file_refers_to_nothing_outside_itself_and_says_no_day(nanjing: perfscore.Assessment) -> None:
    found = parts(word_file(compose(nanjing, "zh", whole=True)))
    relations = "".join(text for name, text in found.items() if name.endswith(".rels"))

    assert "TargetMode" not in relations
    kinds = set(re.findall(r"/relationships/(?:metadata/)?([\w-]+)\"", relations))
    assert kinds == {"officeDocument", "core-properties", "styles", "settings", "fontTable", "footer", "image"}
    assert "attachedTemplate" not in found["word/settings.xml"]
    assert not re.search(r"<dcterms|lastModifiedBy|revision", found["docProps/core.xml"])
    assert set(re.findall(r'w:instr="([^"]*)"|<w:instrText', "".join(found.values()))) == {"PAGE", "NUMPAGES"}


@pytest.mark.usefixtures("drawn")
def test_the_same_assessment_gives_the_same_bytes_on_another_day(
    nanjing: perfscore.Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = word_file(compose(nanjing, "zh"))
    later = time.localtime(time.time() + 10_000_000)
    monkeypatch.setattr(time, "localtime", lambda *_: later)

    assert word_file(compose(nanjing, "zh")) == before


def test_tables_that_follow_each_other_do_not_become_one() -> None:
    one = Grid((1,), ((Cell("甲"),),))
    word = opened(one, one, evolve(one, caption="表二"), Heading("附表"), evolve(one, caption="附表"))

    assert [child.tag.rpartition("}")[2] for child in word.element.body] == [
        "tbl", "p", "tbl", "p", "tbl", "p", "tbl", "sectPr",
    ]  # fmt: skip
    assert [one.text for one in word.paragraphs] == ["", "表二", "附表"]


def test_the_letters_of_a_table_are_smaller_where_it_is_wide() -> None:
    sizes = [
        opened(Grid((width,), ((Cell("甲"),),))).styles["Table Text"].font.size.pt for width in (50, 138, 139, 161, 300)
    ]

    assert sizes == [10.5, 10.5, 9, 9, 7.5]


def test_lines_of_a_text_stay_lines() -> None:
    word = opened(Paragraph("一\n二"), Grid((1,), ((Cell("三\n四"),),)))

    assert [one.text for one in word.paragraphs] == ["一", "二"]
    assert word.tables[0].cell(0, 0).text == "三\n四"


@pytest.mark.parametrize(("size", "side"), [((200, 100), "width"), ((100, 400), "height")])
def test_a_picture_fits_the_page_and_has_its_words(size: tuple[int, int], side: str) -> None:
    pytest.importorskip("resvg_py")
    word = opened(Picture(SVG.format(w=size[0], h=size[1]), "从100到96\n\x1b"))
    [shape] = word.inline_shapes
    [section] = word.sections

    assert shape._inline.docPr.get("descr") == "从100到96\n\\x1b"
    assert shape.width / shape.height == pytest.approx(size[0] / size[1], rel=0.01)
    between = section.page_width - section.left_margin - section.right_margin
    assert (abs(shape.width - between) < 635) == (side == "width")
    assert shape.height < section.page_height - section.top_margin - section.bottom_margin


def test_where_a_picture_cannot_be_drawn_its_words_stand_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    word = opened(Picture(SVG.format(w=1, h=1), "从100到96"))

    assert [one.text for one in word.paragraphs] == ["画图要另外安装：pip install 'perfscore[charts]'", "从100到96"]


@pytest.mark.usefixtures("drawn")
def test_what_is_only_to_look_at_stays_out_unless_asked_for(nanjing: perfscore.Assessment) -> None:
    from perfscore.report import render

    filed, told = (render(nanjing, "docx", findings=findings) for findings in (False, True))

    assert isinstance(filed, bytes)
    assert isinstance(told, bytes)
    assert "PS412" not in parts(filed)["word/document.xml"]
    assert "PS412" in parts(told)["word/document.xml"]


@pytest.mark.usefixtures("drawn")
def test_the_nanjing_file_says_what_the_published_table_says(nanjing: perfscore.Assessment) -> None:
    """Cell by cell, with the column of reasons, which the published table has not."""
    table = docx.Document(BytesIO(perfscore.render(nanjing, "docx"))).tables[0]
    published = """\
        一级指标|二级指标|三级指标|指标值|评分标准|评分过程|分值|得分
        项目决策|项目目标|目标内容|明晰|设有项目目标、项目目标明确、项目目标细化，项目目标量化|有绩效目标且目标明确|10|9
        项目决策|项目目标|项目管理实施|健全|项目按计划实施，项目按计划完成|按计划实施并完成工作任务|10|10
        项目决策|资金分配|分配程序|合理|资金分配范围是否充分合理，分配方式是否充分合理，与绩效目标有达成是否具有直接关联。|分配各区资金范围充分合理；分配方式充分合理；与绩效目标达成具有直接关联|10|9
        项目决策|组织实施|组织构架|健全|机构健全、分工明确|组织机构健全、权责及分工明确|10|9
        项目绩效|项目产出|法律援助案件量|万人比|全市每万人接受法律援助达10件以上|全市共办理法律援助案件 13681件，万人比为14.5。|40|40
        项目绩效|项目产出|维护社会和谐稳定|显著|维护当事人合法权益|成效明显，受到各级表彰。|20|19"""
    rows = [[cell.text for cell in row.cells] for row in table.rows]

    assert [[one.removesuffix(".00") for one in row[:8]] for row in rows[:-1]] == [
        line.strip().split("|") for line in published.splitlines()
    ]
    assert [rows[-1][0], *rows[-1][6:8]] == ["合计", "100", "96.00"]
    assert rows[0][8] == "扣分原因"
