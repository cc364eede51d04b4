"""Layouts: what is shipped, what an author writes, and what is said of a mistake in one."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import get_args

import pytest
from attrs import evolve, fields
from click.testing import CliRunner

import perfscore
from perfscore import assess
from perfscore.cli import app
from perfscore.factsfile import facts_from_text
from perfscore.report import layout
from perfscore.report.blocks import Cell
from perfscore.report.composing import compose
from perfscore.report.gridlines import fitted
from perfscore.report.layoutfile import layout_from_text, layouts, open_layout, shipped
from perfscore.rulefile.toml import parse
from tests.unit.test_composing import ROOT, assessment, grids, table_of, texts

PLAIN = 'columns = [ { shows = "levels" }, { shows = "points" } ]\n'


def complaints(text: str) -> list[tuple[str, str, str]]:
    """What is wrong with a layout: the code, what stands there, and what to type."""
    opened = layout_from_text(text)
    told = []
    for one in opened.diagnostics:
        span = opened.source.span(one.at, one.part)
        told.append((one.code.number, opened.source.text[span.start : span.end], one.hint.en if one.hint else ""))
    return told


@pytest.mark.parametrize("name", layouts())
def test_a_shipped_layout_says_everything_in_both_languages(name: str) -> None:
    """Every text of its file stands beside its English, so that no form is half translated."""
    text = (Path(perfscore.__file__).parent / f"report/layouts/{name}.toml").read_text(encoding="utf-8")
    values = parse(text, name).values

    assert layout_from_text(text).diagnostics == ()
    assert list(in_one_language(values)) == []


def in_one_language(value: object, key: str = "") -> list[str]:
    """Chinese texts that have no English beside them; the names under which facts are found need none."""
    match value:
        case {"zh": str(), "en": str(english)}:
            return [] if english.strip() and not any("\u3400" <= one <= "\u9fff" for one in english) else [english]
        case dict():
            return [one for name, inner in value.items() if name != "reads" for one in in_one_language(inner, name)]
        case list():
            return [one for inner in value for one in in_one_language(inner, key)]
        case str():
            return [value] if any("\u3400" <= one <= "\u9fff" for one in value) else []
        case _:
            return []


@pytest.mark.parametrize(
    ("text", "code", "stands", "types"),
    [
        (
            'colums = []\ncolumns = [{ shows = "levels" }, { shows = "points" }]',
            "PS110",
            "colums",
            "did you mean columns?",
        ),
        ('columns = [ { shows = "levels" }, { shows = "point" } ]', "PS113", '"point"', 'write "points"'),
        (
            'columns = [ { shows = "levels" } ]',
            "PS142",
            '[ { shows = "levels" } ]',
            'add { shows = "points" } to columns',
        ),
        (
            'columns = [ { shows = "points" }, { shows = "levels" } ]',
            "PS142",
            '{ shows = "levels" }',
            'put { shows = "levels" } first',
        ),
        (
            PLAIN.replace(" ]\n", ', { shows = "points" } ]\n'),
            "PS142",
            '"points"',
            "take one of them out; a column to fill in is blank",
        ),
        (PLAIN + "[[head]]\n", "PS142", "head", 'write fields = [ { label = "…" } ], or [head.money]'),
        ('extends = "comon"\n' + PLAIN, "PS113", '"comon"', 'write "common"'),
        (
            'extends = "common"\n[[foot]]\nfields = [ { label = "单位", reads = "unitt" } ]',
            "PS113",
            '"unitt"',
            'write "unit"',
        ),
        (
            PLAIN + '[[foot]]\nfields = [ { label = "单位", reads = "unit" } ]',
            "PS113",
            '"unit"',
            'write unit = ["…"] under [reads] first',
        ),
        (PLAIN + 'limit = "100"', "PS112", '"100"', "write a whole number, as in 2 (without quotes)"),
        (PLAIN + "limit = 3", "PS112", "3", "write a number in that range"),
        (PLAIN.replace('"points" }', '"points", width = 0 }'), "PS112", "0", "write a number in that range"),
        (PLAIN + '[[chapters]]\nhead = "x"\nlevel = 1', "PS112", "1", "write a number in that range"),
        (PLAIN + "reads = 3", "PS112", "3", 'write [reads], and under it budget = ["预算数"]'),
        (PLAIN + "[reads]\nbudget = 3", "PS112", "budget", "write a list, as in [ … ]"),
        ("columns = [", "PS101", "", ""),
    ],
)
def test_a_mistake_in_a_layout_is_told_where_it_stands_with_what_to_type(
    text: str, code: str, stands: str, types: str
) -> None:
    [(number, there, hint)] = complaints(text)

    assert number == code
    if types:
        assert (there, hint) == (stands, types)


def test_a_layout_takes_what_it_does_not_say_from_the_one_it_extends() -> None:
    mine = layout_from_text('extends = "common"\nsubtotals = 1\n[reads]\nbudget = "拨款"').required()
    theirs = shipped("common")

    assert mine.subtotals == 1
    assert (mine.columns, mine.head) == (theirs.columns, theirs.head)
    assert mine.reads["budget"] == ("拨款",)
    assert mine.reads["spent"] == theirs.reads["spent"]


def test_a_text_alone_reads_alike_in_both_languages() -> None:
    read = layout_from_text('title = "评分表"\n' + PLAIN).required()

    assert read.title is not None
    assert (read.title.zh, read.title.en) == ("评分表", "评分表")


RULES = """\
format = 1
[rulebook]
id = "water"
title = "农村饮水项目"
version = "2024"
full_marks = 100
[inputs.department]
label = "主管部门"
type = "text"
[inputs.kind]
label = "项目类型"
type = "choice"
choices = ["常年性项目", "一次性项目"]
[inputs.initial]
label = "年初预算数"
type = "money"
unit = "元"
[inputs.budget]
label = "全年预算数"
type = "money"
unit = "元"
[inputs.spent]
label = "全年执行数"
type = "money"
unit = "元"
[measures.executed]
label = "资金执行率"
formula = "spent / budget"
[indicators.execution]
name = "预算执行率"
weight = 10
measure = "executed"
target = "= 100%"
criterion = { kind = "proportional", inverse = "ratio" }
[indicators.output]
name = "产出指标"
[indicators.output.pipes]
name = "铺设管网"
weight = 60
measure = { type = "number", unit = "公里" }
target = "≥ 120公里"
criterion = { kind = "proportional" }
[indicators.output.rate]
name = "完工率"
weight = 30
measure = { type = "percent", max = "100%" }
target = "≥ 95%"
criterion = { kind = "threshold" }
"""
FACTS = """\
[subject]
name = "饮水安全项目"
period = "2024"
[inputs]
department = "水利局"
kind = "一次性项目"
initial = 12000000
budget = 11500000
spent = 11097500
"output.pipes" = 118.5
"output.rate" = "96%"
"""


def composed(name: str, facts: str = FACTS, **how: bool) -> list[list[Cell]]:
    """Every row of every grid of the document of a project."""
    found = assess(perfscore.loads(RULES), facts_from_text(facts).required())
    return [list(row) for grid in grids(compose(found, "zh", layout=shipped(name), **how)) for row in grid.rows]


def row_of(rows: list[list[Cell]], label: str) -> list[tuple[str, str]]:
    found = next(row for row in rows if any(cell.text == label for cell in row))
    at = [cell.text for cell in found].index(label)
    return [(cell.text, cell.role) for cell in found[at + 1 :]]


def test_amounts_stand_in_wan_and_the_share_spent_with_two_decimals() -> None:
    """The rule file counts in 元; the form wants 万元."""
    rows = composed("common")

    assert [text for text, _ in row_of(rows, "年度资金总额")] == [
        "1200.00",
        "1150.00",
        "1109.75",
        "10",
        "96.50%",
        "9.65",
    ]
    assert [text for text, _ in row_of(rows, "其中：当年财政拨款")] == ["待填", "待填", "待填", "—", "—", "—"]


def test_what_the_facts_do_not_give_is_to_be_filled_in_and_never_invented() -> None:
    rows = composed("common", FACTS.replace("spent = 11097500\n", "").replace('department = "水利局"\n', ""))
    amounts = row_of(rows, "年度资金总额")

    assert amounts[2] == ("待填", "to-fill")
    assert amounts[4] == ("待填", "to-fill")
    assert row_of(rows, "主管部门")[0] == ("待填", "to-fill")


def test_an_amount_of_no_money_is_no_amount() -> None:
    """A figure in 公里 under the name of the budget stays out of the form."""
    rules = RULES.replace(
        'label = "年初预算数"\ntype = "money"\nunit = "元"', 'label = "年初预算数"\ntype = "number"\nunit = "公里"'
    )
    found = assess(perfscore.loads(rules), facts_from_text(FACTS).required())
    rows = [list(row) for grid in grids(compose(found, "zh", layout=shipped("common"))) for row in grid.rows]

    assert row_of(rows, "年度资金总额")[0] == ("待填", "to-fill")


def test_the_leaf_that_the_money_shows_stands_there_and_not_in_the_table_as_well() -> None:
    found = assess(perfscore.loads(RULES), facts_from_text(FACTS).required())
    grid = table_of(compose(found, "zh", layout=shipped("common")))
    shown = [cell.text for row in grid.rows for cell in row if cell.role == "label"]

    assert "铺设管网" in shown
    assert "预算执行率" not in shown
    assert "资金执行率0.965，为目标值100%的96.5%" in texts(compose(found, "zh", layout=shipped("common")))


def test_a_target_in_three_columns() -> None:
    rows = composed("sichuan")

    assert [text for text, _ in row_of(rows, "铺设管网")][:3] == ["≥", "120", "公里"]
    assert [text for text, _ in row_of(rows, "完工率")][:3] == ["≥", "95", "%"]


def test_the_box_that_the_facts_name_is_ticked() -> None:
    assert row_of(composed("hubei"), "项目类型") == [("□常年性项目　□延续性项目　☑一次性项目", "text")]
    assert row_of(composed("hubei"), "项目类别")[0][1] == "to-fill"


def test_a_form_prints_the_points_of_a_branch_behind_its_name() -> None:
    assert any(cell.text == "产出指标（90分）" for row in composed("common") for cell in row)


def test_subtotals_add_the_rows_of_their_branch_and_the_total_adds_the_subtotals() -> None:
    grid = table_of(compose(assessment("nanjing"), "zh", layout=shipped("hunan")))
    sums = [(at, row) for at, row in enumerate(grid.rows) if any(cell.text == "小计" for cell in row)]
    total = grid.rows[-1]

    assert [(row[-3].text, row[-2].text, row[-2].adds) for _, row in sums] == [
        ("40", "37.00", (1, 2, 3, 4)),
        ("60", "59.00", (6, 7)),
    ]
    assert total[-2].adds == tuple(at for at, _ in sums)


def test_edges_of_a_block_fall_on_those_of_the_table() -> None:
    assert fitted([10, 30], [10, 10, 10, 10]) == [1, 3]
    assert fitted([1, 1, 1], [30, 1, 1]) == [1, 1, 1]
    assert sum(fitted([14, 40, 14, 40], [6, 10, 10, 10, 12, 14, 7, 9, 30])) == 9


def run(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["score", *arguments, "--lang", "en"], prog_name="perfscore")
    return ran.exit_code, ran.output


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["perfscore", "--lang", "en"])
    (tmp_path / "water.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "water.facts.toml").write_text(FACTS, encoding="utf-8")
    return tmp_path


def test_score_writes_the_form_of_a_name_and_of_a_file(office: Path) -> None:
    (office / "mine.toml").write_text('extends = "common"\ntitle = "本局用表"', encoding="utf-8")

    assert run("water.toml", "water.facts.toml", "--layout", "common", "-o", "a.html") == (0, "")
    assert run(
        "water.toml", "water.facts.toml", "--layout", "mine.toml", "--whole", "--signatures", "-o", "b.html"
    ) == (0, "")
    assert "spending, 2024" in (office / "a.html").read_text(encoding="utf-8")
    whole = (office / "b.html").read_text(encoding="utf-8")
    assert "本局用表" in whole
    assert "一、部门概况" in whole or "1. The department" in whole


def test_score_shows_what_is_wrong_with_a_layout_and_writes_nothing(office: Path) -> None:
    (office / "mine.toml").write_text('extends = "common"\ntitel = "本局用表"', encoding="utf-8")
    code, told = run("water.toml", "water.facts.toml", "--layout", "mine.toml", "-o", "a.html")

    assert code == 1
    assert told.startswith("mine.toml:2:1: error[PS110] unknown-key")
    assert "did you mean title?" in told
    assert not (office / "a.html").exists()


@pytest.mark.parametrize("option", ["--layout=common", "--whole", "--signatures"])
@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_a_format_without_a_form_refuses_in_one_sentence(office: Path, format: str, option: str) -> None:
    ran = CliRunner().invoke(
        app, ["score", "water.toml", "water.facts.toml", "--format", format, option], standalone_mode=False
    )

    assert ran.output == ""
    assert str(ran.exception) == "" or option.split("=")[0] in ran.exception.format_message()  # type: ignore[union-attr]


def test_an_unknown_layout_is_answered_with_the_nearest(office: Path) -> None:
    ran = CliRunner().invoke(
        app,
        ["score", "water.toml", "water.facts.toml", "--format", "html", "--layout", "sichuang"],
        standalone_mode=False,
    )

    assert "sichuan" in ran.exception.format_message()  # type: ignore[union-attr]


def test_opening_a_layout_that_is_not_there_raises_like_every_file() -> None:
    with pytest.raises(FileNotFoundError):
        open_layout("nowhere.toml")
    with pytest.raises(ValueError, match="there are common"):
        shipped("nowhere")


def test_python_takes_a_layout_by_its_name_and_from_a_file(tmp_path: Path) -> None:
    found = assess(perfscore.loads(RULES), facts_from_text(FACTS).required())
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "common"\ntitle = "本局用表"', encoding="utf-8")

    assert "项目支出绩效自评表（2024年度）" in perfscore.render(found, "html", layout="common")
    assert "本局用表" in perfscore.render(found, "html", layout=mine, whole=True)
    with pytest.raises(ValueError, match="takes no layout"):
        perfscore.render(found, "text", layout="common")
    mine.write_text("colums = 1", encoding="utf-8")
    with pytest.raises(perfscore.LayoutError):
        perfscore.render(found, "html", layout=mine)


def test_every_key_and_word_of_a_layout_is_documented_in_both_languages() -> None:
    """Those that are read, from the classes that read them."""
    classes = (layout.Layout, layout.Column, layout.Block, layout.Field, layout.Money, layout.MoneyRow, layout.Chapter)
    words = {one.name for kind in classes for one in fields(kind)}
    words |= {
        word
        for shows in (layout.Shows, layout.FieldShows, layout.MoneyShows, layout.ChapterShows)
        for word in get_args(shows)
    }
    for page in ("howto/documents.md", "zh/documents.md"):
        text = re.sub(r"```.*?```", "", (ROOT / "docs" / page).read_text(encoding="utf-8"), flags=re.DOTALL)
        shown = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", text))))
        assert words - shown == set(), page
        assert set(layouts()) <= shown


def test_subtotals_of_two_levels_add_one_another() -> None:
    grid = table_of(compose(assessment("nanjing"), "zh", layout=evolve(shipped("hunan"), subtotals=2)))
    sums = {at: row[-2] for at, row in enumerate(grid.rows) if any(cell.text == "小计" for cell in row)}

    assert [(at, cell.text, cell.adds) for at, cell in sums.items()] == [
        (3, "19.00", (1, 2)),
        (5, "9.00", (4,)),
        (7, "9.00", (6,)),
        (8, "37.00", (3, 5, 7)),
        (11, "59.00", (9, 10)),
        (12, "59.00", (11,)),
    ]
    assert grid.rows[-1][-2].adds == (8, 12)
