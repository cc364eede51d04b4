"""A document in blocks: its table tiles, holds every leaf once, and its sums are those that a reader makes."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import perfscore
from perfscore import Answer, Assessment, Fact, Facts, assess, loads
from perfscore.factsfile import facts_from_text
from perfscore.indicator import leaves
from perfscore.report.annex import credits, deductions
from perfscore.report.blocks import Cell, Document, Grid, Heading, Paragraph
from perfscore.report.composing import compose
from perfscore.report.layoutfile import layouts, shipped
from perfscore.report.reasons import IN_FULL, annex, short
from perfscore.testing import facts, rulebooks
from perfscore.words import LANGUAGES, Language

ROOT = Path(__file__).parents[2]
TABLES = {
    "nanjing": ROOT / "rules/nanjing-legal-aid/2023",
    "tianchang": ROOT / "rules/tianchang-water/2022",
    "huanggang": ROOT / "rules/huanggang-soil-monitoring/2020",
    "everything": ROOT / "tests/golden/everything",
    "demerit": ROOT / "tests/golden/demerit",
}


@cache
def assessment(table: str) -> Assessment:
    path = TABLES[table]
    return assess(perfscore.load(f"{path}.toml"), perfscore.read_facts(f"{path}.facts.toml"))


def grids(document: Document) -> list[Grid]:
    return [one for one in document.blocks if isinstance(one, Grid)]


def table_of(document: Document) -> Grid:
    """The table of indicators: the one with a total."""
    [found] = [one for one in grids(document) if any(cell.role == "total" for row in one.rows for cell in row)]
    return found


def standing(grid: Grid) -> dict[tuple[int, int], Cell]:
    """Each cell by the row and column it starts in; two that overlap, or one that reaches out of the grid, fail."""
    taken: dict[tuple[int, int], Cell] = {}
    starts: dict[tuple[int, int], Cell] = {}
    for row, cells in enumerate(grid.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            starts[row, column] = cell
            for down in range(cell.down):
                for across in range(cell.across):
                    place = (row + down, column + across)
                    assert place not in taken, f"two cells at {place}"
                    assert place[0] < len(grid.rows), f"a cell reaches below the last row at {place}"
                    assert place[1] < len(grid.widths), f"a cell reaches beyond the last column at {place}"
                    taken[place] = cell
    assert len(taken) == len(grid.rows) * len(grid.widths), "a place that no cell covers"
    return starts


def tiles(document: Document) -> None:
    for grid in grids(document):
        standing(grid)
        assert len(grid.levels) in (0, len(grid.rows))
        assert all(width > 0 for width in grid.widths)


def sums_add_up(document: Document) -> None:
    for grid in grids(document):
        starts = standing(grid)
        for (_, column), cell in starts.items():
            if cell.adds:
                parts = [starts[row, column].number for row in cell.adds]
                assert None not in parts
                assert sum((one for one in parts if one is not None), Decimal(0)) == cell.number


def every_leaf_once(document: Document, found: Assessment) -> None:
    named = Counter(cell.text for row in table_of(document).rows for cell in row if cell.role == "label")
    assert named == Counter(one.name for one in leaves(found.rulebook.members))


@given(st.data())
@settings(max_examples=30)
def test_whatever_is_assessed_the_table_tiles_with_every_leaf_once_and_sums_that_add_up(data: st.DataObject) -> None:
    rules = data.draw(rulebooks())
    found = assess(rules, data.draw(facts(rules)))
    document = compose(found, data.draw(st.sampled_from(LANGUAGES)))

    tiles(document)
    sums_add_up(document)
    every_leaf_once(document, found)
    total = [cell for cell in table_of(document).rows[-1] if cell.number is not None]
    assert found.score is None or found.score in [cell.number for cell in total]


@given(st.data())
@settings(max_examples=15)
def test_every_layout_tiles_whatever_is_assessed(data: st.DataObject) -> None:
    rules = data.draw(rulebooks())
    found = assess(rules, data.draw(facts(rules)))
    for name in layouts():
        document = compose(found, "zh", layout=shipped(name), whole=data.draw(st.booleans()), signatures=True)
        tiles(document)
        sums_add_up(document)


@pytest.mark.parametrize("table", TABLES)
def test_the_total_names_the_rows_that_it_adds(table: str) -> None:
    """In the published tables nothing stands apart, so the total is a sum that a spreadsheet can recompute."""
    found = assessment(table)
    [*_, points] = [cell for cell in table_of(compose(found, "zh")).rows[-1] if cell.number == found.score]

    assert points.adds


LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = re.compile(r"PS\d{3}|规则 \S+ \S+，sha256:\w+…|\bGB/T\b")


def texts(document: Document) -> list[str]:
    said = [document.title]
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                said.append(block.text)
            case Grid():
                said += [block.caption, *(cell.text for row in block.rows for cell in row)]
            case _:
                said.append(block.says)
    return said


@pytest.mark.parametrize("name", layouts())
@pytest.mark.parametrize("table", TABLES)
def test_no_english_remains_in_a_chinese_document(table: str, name: str) -> None:
    document = compose(assessment(table), "zh", layout=shipped(name), whole=True, signatures=True)

    assert [one for one in texts(document) if LATIN.search(ALLOWED.sub("", one))] == []


CHINESE = re.compile(r"[\u3400-\u9fff]")
ENGLISH_RULES = """\
format = 1
[rulebook]
id = "roads"
title = "Town roads"
version = "1"
full_marks = 10
language = "en"
[indicators.a]
name = "Delivery"
[indicators.a.late]
name = "Late days"
weight = 10
measure = { type = "count", unit = "days" }
target = "≤ 2"
clause = "one point for each day beyond the second"
criterion = { kind = "stepped", above = { every = 1, deduct = 1, part_step = "ignored" } }
"""


@pytest.mark.parametrize("name", layouts())
def test_no_chinese_remains_in_an_english_document(name: str) -> None:
    given_facts = facts_from_text('[subject]\nname = "Hill"\nperiod = "2024"\n[inputs]\n"a.late" = 4').required()
    found = assess(perfscore.loads(ENGLISH_RULES), given_facts)
    document = compose(found, "en", layout=shipped(name), whole=True, signatures=True)

    assert [one for one in texts(document) if CHINESE.search(one)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_reason_is_shortened_and_stands_in_full_behind_the_table(language: Language) -> None:
    found = assessment("everything")
    document = compose(found, language, layout=evolve(shipped("seed"), limit=40))
    cut = [one for one in texts(document) if one.endswith(IN_FULL.into(language))]

    assert cut
    assert all(len(one) <= 40 for one in cut)
    behind = [cell.text for row in grids(document)[-1].rows for cell in row]
    assert {one.because.into(language) for one in found.deductions} <= set(behind)


def test_a_reason_of_just_the_limit_is_not_shortened() -> None:
    assert short(("扣" * 100,), 100, "zh") == ("扣" * 100, False)
    assert len(short(("扣" * 101,), 100, "zh")[0]) == 100


def test_the_nanjing_table_is_the_one_that_was_filed() -> None:
    """附件1 of the report: its columns and rows, with one more for the reasons that it does not give."""
    grid = table_of(compose(assessment("nanjing"), "zh"))

    assert [cell.text for cell in grid.rows[0]] == [
        *("一级指标", "二级指标", "三级指标", "指标值", "评分标准", "评分过程", "分值", "得分", "扣分原因")
    ]
    assert [(cell.text, cell.down) for cell in grid.rows[1][:3]] == [("项目决策", 4), ("项目目标", 2), ("目标内容", 1)]
    assert [cell.text for cell in grid.rows[-1]] == ["合计", "100", "96.00", ""]


def test_nobody_is_asked_to_sign_or_for_a_telephone_number_unless_it_is_wanted() -> None:
    for name in layouts():
        plain = compose(assessment("nanjing"), "zh", layout=shipped(name), whole=True)
        signed = compose(assessment("nanjing"), "zh", layout=shipped(name), whole=True, signatures=True)

        assert [one for one in texts(plain) if "电话" in one or "签字" in one or "负责人" in _label(one)] == []
        assert [one for one in texts(signed) if "电话" in one]


def _label(text: str) -> str:
    return text if len(text) < 10 else ""


def test_without_findings_only_errors_are_told() -> None:
    told = compose(assessment("nanjing"), "zh", findings=False)

    assert [one for one in told.blocks if isinstance(one, Paragraph) and one.manner == "warning"] == []
    assert "需要留意" not in texts(told)


def test_a_whole_report_has_the_chapters_of_the_seed_and_marks_what_the_facts_do_not_say() -> None:
    document = compose(assessment("nanjing"), "zh", whole=True)
    chapters = [one.text for one in document.blocks if isinstance(one, Heading) and one.level == 2]

    assert chapters[:6] == [
        "一、部门概况",
        "二、绩效评价内容",
        "三、部门履职成效",
        "四、存在的问题及原因分析",
        "五、相关建议",
        "六、评价工作开展情况及其他需说明的情况",
    ]
    assert "财政拨款预算收支 878.50 万元" in texts(document)
    after = document.blocks[
        [one.text if isinstance(one, Heading) else "" for one in document.blocks].index("五、相关建议") + 1
    ]
    assert after == Paragraph("待填", "to-fill")
    assert sum(isinstance(one, Heading) and one.level == 1 for one in document.blocks) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_annex_says_of_every_lost_point_what_wins_it_back(language: Language) -> None:
    told = assessment("everything")
    [head, *rows] = annex(told, language).rows

    wanted = [one.says.into(language) for one in told.recoveries] + [""] * len(told.credits)
    assert [row[-1].text.partition("\n")[0] for row in rows] == wanted
    assert all(wanted[: len(told.recoveries)])
    assert len(head) == len(rows[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_annex_tells_the_same_of_a_record(language: Language) -> None:
    """What stands beside a record in lines stands in its row of the table too, whatever it is."""
    told = assessment("everything")
    entries = (*deductions(told, language), *credits(told, language))
    for entry, row in zip(entries, annex(told, language).rows[1:], strict=True):
        cells = "\n".join(cell.text for cell in row)
        for text in (
            entry.because,
            entry.clause,
            *entry.basis,
            entry.formula,
            *entry.figures,
            entry.rounded,
            entry.share,
        ):
            assert text in cells
        assert entry.recover in cells
        assert entry.missed in cells


JUDGED = """
format = 1
[rulebook]
id = "late"
title = "报送"
version = "1"
full_marks = 20
[inputs.due]
label = "期限"
type = "date"
[inputs.sent]
label = "报送"
type = "date"
[indicators.late]
name = "及时报送"
weight = 10
measure = "days(due, sent)"
criterion = { kind = "clauses", losses = [ { id = "late", clause = "迟一天扣1分", of = "max(0, value)", each = 1 } ] }
[indicators.work]
name = "服务"
weight = 10
criterion = { kind = "judgement" }
"""


def test_a_figure_is_told_as_people_read_it_and_an_answer_with_who_gave_it() -> None:
    inputs = {"due": Fact("2024-03-01", source="通知"), "sent": Fact("2024-03-04", source="收文簿")}
    given = Facts(inputs, answers={"work": Answer(points=7, by="张三", because="慢")})
    late, work = deductions(assess(loads(JUDGED), given), "zh")

    assert late.figures == ("期限 2024年3月1日（通知）", "报送 2024年3月4日（收文簿）")
    assert work.figures == ("服务 7（评分人：张三）",)
    assert late.share == "占全部扣分的50%"
