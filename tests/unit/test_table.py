"""`perfscore table`: many subjects in one table, through the command line, with files of every format."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from perfscore import Facts, Subject, assess, loads
from perfscore.cli import main
from perfscore.cli.speech import language_of_process
from perfscore.report import render
from perfscore.report.wrapping import columns
from perfscore.tablefile import packed
from perfscore.tablefile.formats import xlsx

pyarrow = pytest.importorskip("pyarrow", reason="tables need perfscore[batch]")
parquet = pytest.importorskip("pyarrow.parquet")
calamine = pytest.importorskip("python_calamine", reason="tables need perfscore[batch]")
xlsxwriter = pytest.importorskip("xlsxwriter", reason="workbooks need perfscore[office]")

RULES = """
format = 1
[rulebook]
id = "roads"
title = "农村公路 <养护>"
version = "2024"
full_marks = 20
[inputs.rate]
label = "完成率"
type = "percent"
[inputs.spent]
label = "支出"
type = "money"
unit = "万元"
[indicators.done]
name = "按时完成"
weight = 10
measure = "rate"
target = "≥ 90%"
criterion = { kind = "proportional" }
[indicators.paid]
name = "支出进度"
weight = 10
measure = "spent"
unit = "万元"
target = "≥ 100万元"
criterion = { kind = "threshold" }
[ratings]
scale = [ { name = "优", from = 18 }, { name = "良", from = 10 }, { name = "差", from = 0 } ]
"""
HEADING = ("单位名称", "完成率", "支出（万元）", "编码")
ROWS = [("甲县", "95%", "120", "001"), ("乙县", "45%", "100.5", "002"), ("丙县", "90%", "99.99", "003")]
SCORES = [Decimal("20.00"), Decimal("15.00"), Decimal("10.00")]
EVERY = ("csv", "tsv", "xlsx", "parquet", "jsonl")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "roads.toml").write_text(RULES, encoding="utf-8")
    return tmp_path


def run(here: Path, *arguments: str) -> tuple[int, str, str]:
    """The command in this process, in a folder: its exit code, what it prints, and what it says beside that."""
    command = ["table", "roads.toml", *arguments]
    out, err, argv = StringIO(), StringIO(), sys.argv
    sys.argv = ["perfscore", *command]  # `--lang` is read there
    language_of_process.cache_clear()
    try:
        with chdir(here), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main(command)
    finally:
        sys.argv = argv
        language_of_process.cache_clear()
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1", "COLUMNS": "80"}


def write(path: Path, rows: list[tuple[str, ...]], heading: tuple[str, ...] = HEADING, encoding: str = "utf-8") -> Path:
    """A table in the format that the name of its file says."""
    match path.suffix:
        case ".csv" | ".tsv":
            with path.open("w", newline="", encoding=encoding) as file:
                csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",").writerows([heading, *rows])
        case ".xlsx":
            with xlsxwriter.Workbook(str(path)) as book:
                sheet = book.add_worksheet()
                for number, row in enumerate([heading, *rows]):
                    for at, cell in enumerate(row):
                        if number and at == 2:
                            sheet.write_number(number, at, float(cell))
                        else:
                            sheet.write_string(number, at, cell)
        case ".parquet":
            columns = dict(zip(heading, map(list, zip(*rows, strict=True)), strict=True))
            parquet.write_table(pyarrow.table(columns), path)
        case ".jsonl":
            lines = (json.dumps(dict(zip(heading, row, strict=True)), ensure_ascii=False) for row in rows)
            path.write_text("".join(f"{line}\n" for line in lines), encoding=encoding)
        case _:
            raise ValueError(path)
    return path


def results(path: Path) -> list[dict[str, object]]:
    """The rows of a table of results; a number is a decimal, and what is not there is None."""
    match path.suffix:
        case ".csv":
            text = path.read_text(encoding="utf-8-sig")
            return [{key: cell or None for key, cell in row.items()} for row in csv.DictReader(text.splitlines())]
        case ".xlsx":
            names, *rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            return [{name: None if cell == "" else cell for name, cell in zip(names, row, strict=True)} for row in rows]
        case ".parquet":
            found: list[dict[str, object]] = parquet.read_table(path).to_pylist()
            return found
        case _:
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scores(path: Path) -> list[Decimal | None]:
    return [None if row["score"] is None else Decimal(str(row["score"])) for row in results(path)]


# Every format, in and out


@pytest.mark.parametrize("into", ["csv", "xlsx", "parquet", "jsonl"])
@pytest.mark.parametrize("given", EVERY)
def test_a_table_in_any_format_gives_the_scores_in_any_format(here: Path, given: str, into: str) -> None:
    write(here / f"all.{given}", ROWS)

    code, out, err = run(here, f"all.{given}", "-o", f"scores.{into}", "--lang", "zh")

    assert (code, scores(here / f"scores.{into}")) == (0, SCORES), err
    assert [row["subject.name"] for row in results(here / f"scores.{into}")] == ["甲县", "乙县", "丙县"]
    assert [str(row["rating"]) for row in results(here / f"scores.{into}")] == ["优", "良", "良"]
    assert "3 行：3 行有总分，0 行没有" in out
    assert "没有用到的列：编码" in err
    assert [one for one in os.listdir(here) if "part" in one] == []


def test_a_row_says_what_the_assessment_of_it_says(here: Path) -> None:
    """With its places in the file, its points by indicator, its state and its deductions."""
    write(here / "all.csv", ROWS)

    run(here, "all.csv", "-o", "scores.parquet")

    rules = loads(RULES)
    for line, (row, told) in enumerate(zip(ROWS, results(here / "scores.parquet"), strict=True), start=2):
        alone = assess(rules, Facts(inputs={"rate": row[1], "spent": Decimal(row[2])}, subject=row[0]))
        assert told["row"] == line
        assert (told["score"], told["rating"]) == (alone.score, alone.rating)
        assert [told["points.done"], told["points.paid"]] == [alone["done"].points, alone["paid"].points]
        assert [told["state.done"], told["state.paid"]] == ["scored", "scored"]
        assert told["deductions"] == [
            {"indicator": one.indicator, "code": one.code, "points": one.points} for one in alone.deductions
        ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_of_a_csv_is_found_out(here: Path, encoding: str) -> None:
    write(here / "all.csv", ROWS, encoding=encoding)

    code, _, err = run(here, "all.csv", "-o", "scores.csv", "--lang", "en")

    assert (code, scores(here / "scores.csv")) == (0, SCORES)
    assert ("GB18030" in err) == (encoding == "gb18030")


def test_an_encoding_that_cannot_be_found_out_is_said(here: Path) -> None:
    write(here / "all.csv", [("臺北縣", *ROWS[0][1:])], ("單位名稱", "rate", "spent", "x"), encoding="big5")

    said = run(here, "all.csv", "-o", "scores.jsonl", "--encoding", "big5")
    unknown = run(here, "all.csv", "-o", "scores.jsonl", "--encoding", "big55", "--lang", "en")
    wrong = run(here, "all.csv", "-o", "scores.jsonl", "--encoding", "utf-8", "--lang", "en")

    assert said[0] == 0
    assert (unknown[0], wrong[0]) == (1, 1)
    assert "there is no encoding big55" in unknown[2]
    assert "all.csv:1: the bytes here are no text in utf-8" in wrong[2]


def test_a_damaged_utf8_file_is_told_with_its_line_and_is_not_taken_for_another_encoding(here: Path) -> None:
    whole = write(here / "all.csv", ROWS).read_bytes()
    (here / "all.csv").write_bytes(whole.replace("丙".encode(), b"\xb1\xfb"))

    code, _, err = run(here, "all.csv", "-o", "scores.csv", "--lang", "zh")

    assert code == 1
    assert "all.csv:4: 这里的字节既不是 UTF-8 也不是 GB18030" in err
    assert not (here / "scores.csv").exists()


def test_a_workbook_may_have_a_title_and_headings_over_several_rows(here: Path) -> None:
    with xlsxwriter.Workbook(str(here / "all.xlsx")) as book:
        sheet = book.add_worksheet("数据")
        sheet.merge_range("B1:E1", "2024年农村公路养护情况")
        sheet.merge_range("B3:B4", "单位名称")
        sheet.merge_range("C3:D3", "2024年")
        sheet.write_row("C4", ["完成率", "支出\n(万元)"])
        sheet.merge_range("E3:E4", "备注")
        for number, row in enumerate(ROWS, start=4):
            sheet.write_row(number, 1, [row[0], row[1], float(row[2])])
        book.add_worksheet("说明")

    code, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "zh")

    assert (code, scores(here / "scores.csv")) == (0, SCORES), err
    assert [row["row"] for row in results(here / "scores.csv")] == ["5", "6", "7"]
    assert "有 2 张工作表，读的是“数据”" in err
    code, _, err = run(here, "all.xlsx", "-o", "other.csv", "--sheet", "数", "--lang", "zh")
    assert (code, "没有工作表“数”，有：数据、说明" in err) == (1, True)


@pytest.mark.parametrize("given", ["xlsx", "csv"])
def test_a_unit_over_the_table_is_no_heading_and_a_sum_below_it_is_told(here: Path, given: str) -> None:
    """As offices hand in their tables: a title, who filled it in and in which unit, and the sum of all as its last row."""
    over = [
        ("2024年农村公路养护情况", "", "", ""),
        ("填报单位：某县交通局", "", "", "单位：万元"),
        ("", "", "", ""),
        HEADING,
    ]
    sums = ("合 计", "76%", "320.49", "")
    if given == "xlsx":
        with xlsxwriter.Workbook(str(here / "all.xlsx")) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([*over, *ROWS, sums]):
                sheet.write_row(number, 0, [cell or None for cell in row])
    else:
        write(here / "all.csv", [*over[1:], *ROWS, sums], over[0])

    _, _, err = run(here, f"all.{given}", "-o", "scores.csv", "--lang", "zh")

    assert scores(here / "scores.csv")[:3] == SCORES
    assert "表头在第 4 行，上面的不读；其中的“单位：万元”不作数，各列按规则里的单位读" in err
    assert f"all.{given}: 第 8 行像是合计" in err


@pytest.mark.parametrize("given", ["csv", "xlsx", "parquet"])
def test_units_below_the_heading_and_a_note_below_the_table_are_told(here: Path, given: str) -> None:
    """A row in which no number stands is no subject, or one that handed nothing in."""
    units, note = ("", "%", "万元", ""), ("注：数据截至12月31日", None, None, "")
    rows = [units, *ROWS, note]
    if given == "xlsx":
        with xlsxwriter.Workbook(str(here / "all.xlsx")) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([HEADING, *rows]):
                sheet.write_row(number, 0, row)
    else:
        write(here / f"all.{given}", rows)

    _, _, err = run(here, f"all.{given}", "-o", "scores.csv", "--lang", "zh")

    numbers = "1、5" if given == "parquet" else "2、6"
    assert f"all.{given}: 第 {numbers} 行没有一个数，也当作一个对象评了" in err
    assert "像是合计" not in err


def test_a_heading_that_is_read_on_from_the_one_above_it_is_understood(here: Path) -> None:
    """“支” over “出（万元）” reads “支出（万元）”."""
    with xlsxwriter.Workbook(str(here / "all.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "单位名称")
        sheet.merge_range("B1:B2", "完成率")
        sheet.merge_range("C1:D1", "支")
        sheet.write_row("C2", ["出（万元）", "出（元）"])
        for number, row in enumerate(ROWS, start=2):
            sheet.write_row(number, 0, [*row[:2], float(row[2])])

    _, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "zh")

    assert scores(here / "scores.csv") == SCORES
    assert "支.出（元）（列名写的是元，规则要的是万元：" in err


def test_a_heading_that_is_spread_over_groups_is_one(here: Path) -> None:
    """Of the fullest row it has less than half the cells, and covers all columns."""
    with xlsxwriter.Workbook(str(here / "all.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["填报单位：某局", None, None, "单位：万元", None, "2024年"])
        sheet.merge_range("A2:A3", "单位名称")
        sheet.merge_range("B2:F2", "2024年")
        sheet.write_row("B3", ["完成率", "支出", "a", "b", "c"])
        for number, row in enumerate(ROWS, start=3):
            sheet.write_row(number, 0, [*row[:2], float(row[2]), "1", "2", "3"])

    _, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "zh")

    assert scores(here / "scores.csv") == SCORES, err


def test_a_number_of_a_workbook_is_its_shortest_decimal(here: Path) -> None:
    write(here / "all.xlsx", [("甲县", "90%", "99.9999999999999", "001"), ("乙县", "90%", "100", "002")])

    run(here, "all.xlsx", "-o", "scores.csv")

    assert scores(here / "scores.csv") == [Decimal("10.00"), Decimal("20.00")]


def workbook(path: Path, rows: list[tuple[object, ...]], shown: dict[int, str]) -> Path:
    """A workbook whose columns have number formats; a text that begins with “=” is a formula, and what it came to."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        formats = {at: book.add_format({"num_format": code}) for at, code in shown.items()}
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(number, at, "=1/0", formats.get(at), cell[1:])
                else:
                    sheet.write(number, at, cell, formats.get(at))
    return path


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("0.00%", (0.95, 0.45, 0.9)),
        ("0%;[Red]-0%;-", (0.95, 0.45, 0.9)),
        ('0.0"%"', (95, 45, 90)),
        ("0\\%", (95, 45, 90)),
    ],
)
def test_a_cell_that_shows_a_percent_sign_is_a_percentage(here: Path, code: str, cells: tuple[float, ...]) -> None:
    """Without a word of it in the rulebook: 0.95 in a cell that shows 95% was never meant as 0.95%."""
    rows: list[tuple[object, ...]] = [
        (name, cell, float(spent)) for (name, _, spent, _), cell in zip(ROWS, cells, strict=True)
    ]
    workbook(here / "all.xlsx", [*rows, ("丁县", "约一半", 1.0)], {1: code})

    code_of_end, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "zh")

    assert (code_of_end, scores(here / "scores.csv")) == (1, [*SCORES, None]), err
    assert "all.xlsx:5: [PS403]" in err
    assert "约一半" in err


def test_a_cell_without_a_percent_sign_is_asked_about(here: Path) -> None:
    workbook(here / "all.xlsx", [("甲县", 0.95, 120.0)], {1: "0.00"})

    code, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "en")

    assert (code, "all.xlsx:2: [PS405]" in err) == (1, True)


@pytest.mark.parametrize("says", ["#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?"])
@pytest.mark.parametrize("given", ["xlsx", "csv"])
def test_a_cell_whose_formula_failed_is_told_and_never_empty(here: Path, given: str, says: str) -> None:
    """Were it empty, it would count as not given, and a rulebook may take that for zero."""
    if given == "xlsx":
        workbook(here / "all.xlsx", [("甲县", 0.9, f"={says}"), (f"={says}", 0.9, 120.0)], {1: "0%"})
    else:
        write(here / "all.csv", [("甲县", "90%", says, ""), (says, "90%", "120", "")])

    code, _, err = run(here, f"all.{given}", "-o", "scores.parquet", "--lang", "zh")

    told = results(here / "scores.parquet")
    assert code == 1
    assert f"all.{given}:2: [PS403] “支出（万元）” 支出: 单元格里是 {says}：公式出错，没有算出来" in err
    assert f"all.{given}:3: [PS403] “单位名称” 单元格里是 {says}" in err
    assert [one["score"] for one in told] == [None, Decimal("20.00")]
    assert [[cell["column"] for cell in one["cells"]] for one in told] == [["支出（万元）"], ["单位名称"]]  # type: ignore[attr-defined]


def test_a_formula_that_no_program_has_computed_is_told(here: Path) -> None:
    repacked(
        workbook(here / "all.xlsx", [("甲县", 0.9, "=7")], {1: "0%"}),
        SHEET,
        lambda text: text.replace(' t="str"><f>1/0</f><v>7</v>', "><f>1/0</f><v></v>"),
    )

    code, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "en")

    assert (code, scores(here / "scores.csv")) == (1, [None])
    assert (
        "all.xlsx:2: [PS403] “支出（万元）” 支出: expected a number, as in 1234.5, found “=1/0”, a formula that was not computed"
        in err
    )


def test_a_workbook_that_does_not_tell_how_its_cells_look_says_so(here: Path) -> None:
    repacked(write(here / "all.xlsx", ROWS), "xl/styles.xml", lambda text: text.replace("<cellXfs", "<cellXfs <"))

    _, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "en")

    assert "does not tell which cells show a percentage" in err


def test_cells_without_references_are_counted(here: Path) -> None:
    """As some programs write them: each is the one after the last."""
    workbook(here / "all.xlsx", [("甲县", 0.9, "=#REF!"), ("乙县", 0.45, 120.0)], {1: "0%"})
    repacked(here / "all.xlsx", SHEET, lambda text: re.sub(r'<(c|row) r="[^"]*"', r"<\1", text))

    _, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "en")

    assert "all.xlsx:2: [PS403] “支出（万元）” 支出: the cell says #REF!: its formula failed" in err
    assert scores(here / "scores.csv") == [None, Decimal("15.00")]


# What is wrong with a row


@pytest.mark.parametrize("given", ["csv", "xlsx", "jsonl"])
def test_a_bad_cell_is_told_with_its_row_and_column_and_the_others_go_on(here: Path, given: str) -> None:
    rows = [*ROWS, ("丁县", "≥90%", "120", "004"), ("戊县", "90%", "120", "005")]
    write(here / f"all.{given}", rows)

    code, out, err = run(here, f"all.{given}", "-o", "scores.parquet", "--lang", "zh")

    line = 4 if given == "jsonl" else 5
    assert code == 1
    assert scores(here / "scores.parquet") == [*SCORES, None, Decimal("20.00")]
    assert f"all.{given}:{line}: [PS414]" in err
    told = results(here / "scores.parquet")[3]
    assert told["row"] == line
    [cell] = told["cells"]  # type: ignore[misc]
    assert (cell["column"], cell["code"]) == ("完成率", "PS414")  # type: ignore[index]
    assert "5 行：4 行有总分，1 行没有" in out
    assert re.search(r"PS414 .* 1$", out, re.M)


@pytest.mark.parametrize(("lang", "says"), [("zh", "完成值"), ("en", "is a target, not what was observed")])
def test_what_is_wrong_with_a_cell_is_told_in_the_language_asked_for(here: Path, lang: str, says: str) -> None:
    """In the result as on the terminal."""
    write(here / "all.csv", [("丁县", "≥90%", "120", "004"), ("戊县",)])

    _, _, err = run(here, "all.csv", "-o", "scores.parquet", "--lang", lang)

    cell, row = (one["cells"][0]["message"] for one in results(here / "scores.parquet"))  # type: ignore[index]
    assert says in err
    assert (says in cell, cell in err, row in err) == (True, True, True)
    assert ("cells" in row) == (lang == "en")


def test_strict_stops_at_a_bad_cell_and_writes_nothing(here: Path) -> None:
    write(here / "all.csv", [*ROWS, ("丁县", "x", "120", "004")])
    (here / "scores.csv").write_text("of last year")

    code, out, err = run(here, "all.csv", "-o", "scores.csv", "--strict", "--lang", "zh")

    assert (code, out) == (1, "")
    assert "all.csv:5: [PS403]" in err
    assert (here / "scores.csv").read_text() == "of last year"
    assert sorted(os.listdir(here)) == ["all.csv", "roads.toml", "scores.csv"]


def test_a_row_of_another_width_stands_in_the_result_and_says_why(here: Path) -> None:
    lines = write(here / "all.csv", ROWS).read_text(encoding="utf-8").splitlines()
    lines[2:2] = ["", "丁县,90%", '"多\n行",90%,100,9']
    (here / "all.csv").write_text("\n".join(lines), encoding="utf-8")

    code, _, err = run(here, "all.csv", "-o", "scores.jsonl", "--lang", "zh")
    strict, _, told = run(here, "all.csv", "-o", "strict.jsonl", "--strict", "--lang", "zh")

    rows = results(here / "scores.jsonl")
    assert code == 1
    assert [row["row"] for row in rows] == [2, 4, 5, 7, 8]
    assert [row["score"] for row in rows] == ["20.00", None, "20.00", "15.00", "10.00"]
    assert rows[1]["state.done"] == "not-scored"
    assert rows[1]["findings"] == ["PS430"]
    assert "all.csv:4: [PS430] 这一行有 2 格，表头有 4 列" in err
    assert (strict, "all.csv:4: 这一行有 2 格" in told) == (1, True)
    assert not (here / "strict.jsonl").exists()


def test_of_many_bad_rows_the_first_are_told_and_all_are_in_the_result(here: Path) -> None:
    write(here / "all.csv", [("县", "x", "1", "")] * 25)

    code, _, err = run(here, "all.csv", "-o", "scores.parquet", "--lang", "en")

    assert (code, err.count("[PS403]")) == (1, 20)
    assert err.endswith("and 5 rows more: see the column cells of the result\n")
    assert all(row["cells"] for row in results(here / "scores.parquet"))


def test_subjects_that_are_compared_wait_for_one_another(here: Path) -> None:
    path = here / "roads.toml"
    measure = """'rank(spent, best = "high", ties = "shared")'"""
    kind = '{ kind = "ranked", places = [10, 8, 6], otherwise = 0, ties = "shared" }'
    text = path.read_text("utf-8").replace(
        'measure = "spent"\nunit = "万元"\ntarget = "≥ 100万元"', f"measure = {measure}"
    )
    path.write_text(text.replace('{ kind = "threshold" }', kind), encoding="utf-8")
    write(here / "all.csv", ROWS)

    code, _, err = run(here, "all.csv", "-o", "scores.parquet")

    assert [row["points.paid"] for row in results(here / "scores.parquet")] == [10, 8, 6], err
    assert code == 0

    code, out, err = run(here, "all.csv", "--row", "3")
    assert (code, re.search(r"^ 支出进度 +10 +8\.00$", out, re.M) is not None) == (0, True), out + err


def test_a_column_without_a_heading_is_not_listed_and_other_signs_between_cells_are_told(here: Path) -> None:
    write(here / "all.csv", [(*row[:3], "", "") for row in ROWS], (*HEADING[:3], "", ""))
    (here / "other.csv").write_text(";".join(HEADING) + "\n" + ";".join(ROWS[0]) + "\n", encoding="utf-8")

    code, _, err = run(here, "all.csv", "-o", "scores.csv")
    assert (code, err) == (0, "")
    code, _, err = run(here, "other.csv", "-o", "scores.csv", "--lang", "zh")
    assert (code, "一行里的单元格用逗号或制表符隔开" in err) == (1, True)


@pytest.mark.parametrize("given", EVERY)
def test_a_row_is_shown_as_the_assessment_of_its_facts(here: Path, given: str) -> None:
    write(here / f"all.{given}", ROWS)
    facts = Facts(subject=Subject(name="乙县"), inputs={"rate": "45%", "spent": Decimal("100.5")})

    code, out, err = run(here, f"all.{given}", "--row", "3" if given in ("csv", "tsv", "xlsx") else "2", "--lang", "en")

    assert (code, "columns that are not used: 编码" in err) == (0, True)
    assert out == render(assess(loads(RULES), facts), "text", language="en", explain=True, width=80)
    assert sorted(os.listdir(here)) == [f"all.{given}", "roads.toml"]


def test_a_row_is_found_however_far_down_it_stands(here: Path) -> None:
    many(here, 40_000)
    with (here / "all.csv").open("a", encoding="utf-8") as file:
        file.write("短\n末县,45%,100,9\n")

    for line, name, done in (("2", "县0", "0.00"), ("30002", "县30000", "0.33"), ("40003", "末县", "5.00")):
        _, out, err = run(here, "all.csv", "--row", line, "--lang", "zh")
        assert f"评价对象：{name}\n" in out, err
        assert re.search(rf"^ 按时完成 +10 +{done}$", out, re.M), out
    for line, says in (
        ("1", "表里没有第 1 行"),
        ("40004", "表里没有第 40004 行"),
        ("40002", "这一行有 1 格，表头有 4 列"),
    ):
        code, out, err = run(here, "all.csv", "--row", line, "--lang", "zh")
        assert (code, out, says in err) == (1, "", True), err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[1]", "不是一个 JSON 对象"),
        ("{", "不是一个 JSON 对象"),
        ('{"rate": [1]}', "是列表"),
        ('{"a": 1, "a": 2}', "写了两次"),
        ('{"a.b": 1, "a": {"b": 2}}', "“a.b”写了两次"),
        ('{"单位名称": "\\ud800"}', "半个字符"),
        ('{"\\ud800": "1"}', "半个字符"),
    ],
)
def test_a_line_that_is_no_record_stands_in_the_result_and_says_why(here: Path, line: str, says: str) -> None:
    path = write(here / "all.jsonl", ROWS)
    path.write_text(path.read_text("utf-8") + line + "\n", encoding="utf-8")

    code, _, err = run(here, "all.jsonl", "-o", "scores.csv", "--lang", "zh")

    assert (code, scores(here / "scores.csv")) == (1, [*SCORES, None])
    assert "all.jsonl:4: [PS430]" in err
    assert says in err


def repacked(path: Path, part: str, change: Callable[[str], str]) -> None:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


SHEET = "xl/worksheets/sheet1.xml"
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
MERGED = '</sheetData><mergeCells count="1"><mergeCell ref="A1:A900"/></mergeCells>'


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        (SHEET, "</sheetData>", FAR, "row 1048576, column 16384"),
        (SHEET, "</sheetData>", MERGED, "no column is a figure of the rulebook"),
        ("xl/workbook.xml", "<sheets>.*</sheets>", "<sheets></sheets>", "holds no sheet"),
    ],
)
def test_a_workbook_that_no_program_wrote_is_told(here: Path, part: str, old: str, new: str, says: str) -> None:
    """A cell in the last corner of the sheet asks for 500 GB, and the process would end without a word."""
    repacked(write(here / "all.xlsx", ROWS), part, lambda text: re.sub(old, new, text))

    code, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "en")

    assert (code, says in err) == (1, True), err
    assert not (here / "scores.csv").exists()


def test_a_workbook_that_is_too_large_when_it_is_unpacked_is_not_read(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "all.xlsx", ROWS)
    monkeypatch.setattr(packed, "MOST_BYTES", 1_000)

    code, _, err = run(here, "all.xlsx", "-o", "scores.csv", "--lang", "en")

    assert (code, "was not read; save it as CSV" in err) == (1, True), err


@pytest.mark.parametrize("encoding", ["utf-16", "undefined", "rot13", "no such"])
def test_an_encoding_in_which_nothing_can_be_read_is_told(here: Path, encoding: str) -> None:
    write(here / "all.csv", ROWS)

    code, _, err = run(here, "all.csv", "-o", "scores.csv", "--encoding", encoding, "--lang", "en")

    assert (code, encoding in err) == (1, True), err


NANOS = 1_700_000_000_000_000_001


@pytest.mark.parametrize("into", ["csv", "jsonl", "xlsx", "parquet"])
@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (pyarrow.map_(pyarrow.string(), pyarrow.int64()), [("a", 1)], '[["a", 1]]'),
        (pyarrow.binary(), b"\xff\x00", "ff00"),
        (pyarrow.list_(pyarrow.binary()), [b"\xff"], '["ff"]'),
        (pyarrow.struct([("a", pyarrow.list_(pyarrow.int8()))]), {"a": [1]}, '{"a": [1]}'),
        (pyarrow.timestamp("ns", "UTC"), NANOS, "2023-11-14"),
        (pyarrow.duration("ns"), NANOS, ""),
        (pyarrow.time64("ns"), 1, "00:00:00"),
        (pyarrow.large_list(pyarrow.int8()), [1, 2], ""),
        (pyarrow.list_(pyarrow.int8(), 2), [1, 2], ""),
    ],
)
def test_a_column_of_any_type_is_passed_on(here: Path, kind: object, cell: object, told: str, into: str) -> None:
    columns = {"rate": ["95%"], "spent": [120], "code": pyarrow.array([cell], kind)}
    parquet.write_table(pyarrow.table(columns), here / "all.parquet")
    (here / "columns.toml").write_text('keep = ["code"]', encoding="utf-8")

    code, _, err = run(here, "all.parquet", "-o", f"scores.{into}", "--columns", "columns.toml")

    assert (code, scores(here / f"scores.{into}")) == (0, SCORES[:1]), err
    if into in ("csv", "jsonl"):
        assert told in str(results(here / f"scores.{into}")[0]["code"])


def test_what_is_said_of_columns_is_in_one_language(here: Path) -> None:
    write(here / "all.csv", [("甲县", "95%", "x")], ("单位名称", "完成率", "别的"))

    assert (
        "all.csv: 没有用到的列：别的\nall.csv: 规则要、表里没有的：spent (支出)\n"
        in run(here, "all.csv", "-o", "scores.csv", "--lang", "zh")[2]
    )
    assert (
        "all.csv: asked for by the rules, and in no column: spent (支出)\n"
        in run(here, "all.csv", "-o", "scores.csv", "--lang", "en")[2]
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("all.csv", b"", "the table is empty"),
        ("all.csv", '单位名称,完成率\n"甲县,90%\n'.encode(), "all.csv:2: cannot be read as CSV"),
        ("all.parquet", b"PAR1 and no more", "cannot be read as Parquet"),
        ("all.xlsx", b"PK and no more", "cannot be read as a workbook"),
        ("all.jsonl", b"\n", "no line of JSON"),
        ("all.doc", b"", "no known format: end its name in .csv"),
        ("all.csv", b"a,b\n1,2\n", "no column is a figure of the rulebook"),
        ("all.csv", "完成率,rate\n1%,1%\n".encode(), "rate"),
    ],
)
def test_what_is_no_table_is_told_and_nothing_is_written(here: Path, name: str, content: bytes, says: str) -> None:
    (here / name).write_bytes(content)

    code, _, err = run(here, name, "-o", "scores.csv", "--lang", "en")

    assert code == 1
    assert says in err
    assert "Traceback" not in err
    assert not (here / "scores.csv").exists()


def test_misuse_is_told(here: Path) -> None:
    write(here / "all.csv", ROWS)

    assert run(here, "all.csv")[0] == 2
    assert run(here, "all.csv", "-o", "all.csv")[0] == 2
    assert run(here, "all.csv", "-o", "roads.toml", "--format", "csv")[0] == 2
    assert (here / "roads.toml").read_text(encoding="utf-8") == RULES
    assert run(here, "all.csv", "-o", "scores.csv", "--summary", "./scores.csv")[0] == 2
    assert not (here / "scores.csv").exists()
    assert run(here, "nowhere.csv", "-o", "scores.csv")[0] == 2
    assert run(here, "all.csv", "--row", "3", "-o", "scores.csv")[0] == 2
    assert run(here, "all.csv", "--row", "3", "--dry-run")[0] == 2
    assert run(here, "all.csv", "--row", "3", "--summary", "scores.html")[0] == 2
    assert run(here, "all.csv", "-o", "no/where.csv")[0] == 2
    assert run(here, "all.csv", "-o", "scores.doc")[0] == 2
    assert run(here, "all.csv", "-o", "scores.doc", "--format", "csv")[0] == 0


@pytest.mark.parametrize(
    ("module", "extra"), [("pyarrow", "batch"), ("python_calamine", "batch"), ("xlsxwriter", "office")]
)
def test_what_is_not_installed_is_told_with_how_to_install_it(here: Path, module: str, extra: str) -> None:
    write(here / "all.xlsx", ROWS)

    program = f"import sys; sys.modules[{module!r}] = None; from perfscore.cli import main; main()"
    command = [sys.executable, "-c", program, "table", "roads.toml", "all.xlsx", "-o", "scores.xlsx", "--lang", "en"]
    done = subprocess.run(command, cwd=here, env=environment(), capture_output=True, check=False, text=True)

    assert done.returncode == 2
    assert done.stderr.endswith(f"such a table needs pip install 'perfscore[{extra}]'\n")
    assert "Traceback" not in done.stderr


# What the columns are


def test_a_dry_run_shows_what_each_column_was_taken_for(here: Path) -> None:
    heading = ("单位名称", "完成率", "支出（元）", "编码")
    write(here / "all.csv", ROWS, heading)

    zh = run(here, "all.csv", "--dry-run", "--lang", "zh")
    en = run(here, "all.csv", "--dry-run", "--lang", "en")

    assert (zh[0], en[0]) == (0, 0)
    assert all(columns(line) <= 80 for line in (zh[1] + en[1]).splitlines())
    assert re.search(r"^单位名称 +subject\.name +甲县、乙县、丙县$", zh[1], re.M)
    assert re.search(r"^完成率 +rate +百分比 +95%、45%、90%$", zh[1], re.M)
    assert "列名写的是元" in zh[1]
    assert re.search(r"^编码 +不用 +001、002、003$", zh[1], re.M)
    assert "  spent  支出" in zh[1]
    assert "Asked for by the rules, and in no column:\n  spent  支出\n" in en[1]
    assert sorted(os.listdir(here)) == ["all.csv", "roads.toml"]


def test_what_a_dry_run_prints_of_columns_can_be_copied(here: Path) -> None:
    write(here / "all.csv", ROWS, ("县", "2024完成率", "支出（元）", "编码"))

    _, out, _ = run(here, "all.csv", "--dry-run", "--lang", "zh")
    copied = out[out.index("  [columns]\n") :]
    assert copied.splitlines()[1:] == [
        '  rate = "2024完成率"',
        '  spent = "表里的列名"',
        '  subject.name = "表里的列名"',
    ]
    filled = copied.replace("表里的列名", "支出（元）", 1).replace("表里的列名", "县", 1)
    (here / "map.toml").write_text(filled, encoding="utf-8")

    code, _, err = run(here, "all.csv", "-o", "scores.csv", "--columns", "map.toml", "--lang", "zh")
    assert (code, scores(here / "scores.csv")) == (0, SCORES), err
    _, out, _ = run(here, "all.csv", "--dry-run", "--columns", "map.toml", "--lang", "zh")
    assert out.endswith("规则要的都有了。\n")


def test_a_heading_with_another_unit_is_not_taken_for_the_figure(here: Path) -> None:
    write(here / "all.csv", ROWS, ("单位名称", "完成率", "支出（元）", "编码"))

    code, _, err = run(here, "all.csv", "-o", "scores.csv", "--lang", "zh")

    assert (code, scores(here / "scores.csv")) == (1, [None] * 3)
    assert "没有用到的列：支出（元）（列名写的是元，规则要的是万元：" in err
    assert "规则要、表里没有的：spent (支出)" in err


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("完成率（％）", "rate"),
        ("完成率（万人）", None),
        ("支出（2024年）", None),
        ("户数（户）", None),  # the rules state no unit: ten thousand may be meant
        ("户数", "homes"),
        ("是否公开（是/否）", "open"),
        ("管理", "managed.points"),
        ("管理（分）", "managed.points"),
        ("管理得分", "managed.points"),
        ("管理.得分", "managed.points"),
        ("管理（得分）", "managed.points"),
        ("管理（权重）", None),
        ("管理（扣分原因）", "managed.because"),
        ("管理扣分原因", "managed.because"),
        ("管理.评分过程", "managed.process"),
        ("单位名称（全称）", "subject.name"),
    ],
)
def test_what_a_heading_says_behind_a_name_is_understood_or_not_taken(
    here: Path, heading: str, path: str | None
) -> None:
    more = """
[inputs.homes]
label = "户数"
type = "count"
needed = false
[inputs.open]
label = "是否公开"
type = "yes-no"
needed = false
[indicators.managed]
name = "管理"
weight = 5
criterion = { kind = "judgement", consider = ["资料"] }
"""
    text = RULES.replace("full_marks = 20", "full_marks = 25").replace("[ratings]", f"{more}[ratings]")
    (here / "roads.toml").write_text(text, encoding="utf-8")
    write(here / "all.csv", [("1", "2")], ("无关", heading))

    code, out, err = run(here, "all.csv", "--dry-run", "--lang", "zh")

    told = "".join(out.splitlines()[3 : out.splitlines().index("")])
    assert code == 0, err
    taken = [one for one in ("rate", "spent", "homes", "open", "managed", "subject") if f" {one}" in told]
    assert taken == ([] if path is None else [path.partition(".")[0]]), out
    assert path is None or f" {path} " in told, out


def test_the_owner_says_which_column_is_which_and_what_is_passed_on(here: Path) -> None:
    write(here / "all.csv", ROWS, ("县", "A", "B", "编码"))
    (here / "map.toml").write_text(
        'keep = ["编码"]\n[columns]\nsubject.name = "县"\nrate = "A"\nspent = "B"\n', "utf-8"
    )

    code, _, err = run(here, "all.csv", "-o", "scores.csv", "--columns", "map.toml")

    assert (code, err, scores(here / "scores.csv")) == (0, "", SCORES)
    assert [row["编码"] for row in results(here / "scores.csv")] == ["001", "002", "003"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[columns]\nrat = "完成率"\n', "map.toml:2:1: error[PS431] unknown-column"),
        ('[columns]\nrate = "完成律"\n', "did you mean 完成率?"),
        ("[columns]\nrate = 3\n", "error[PS112] wrong-type"),
        ('[columns]\nrate = "完成率"\nspent = "完成率"\n', "the column “完成率” is rate already"),
        ('keep = "编码"\n', "error[PS112] wrong-type"),
        ('kep = ["编码"]\n', "error[PS110] unknown-key"),
        ('keep = ["码"]\n', "map.toml:1:9: error[PS431]"),
        ("keep = [\n", "map.toml:"),
    ],
)
def test_what_the_owner_says_of_columns_that_do_not_exist_is_told_at_its_line(here: Path, text: str, says: str) -> None:
    write(here / "all.csv", ROWS)
    (here / "map.toml").write_text(text, "utf-8")

    code, _, err = run(here, "all.csv", "-o", "scores.csv", "--columns", "map.toml", "--lang", "en")

    assert code == 1
    assert says in err
    assert not (here / "scores.csv").exists()


# What is written


@pytest.mark.parametrize("name", ["=1+1", "+8613", "-甲", "@sum", "\t甲", '=HYPERLINK("x")'])
def test_no_cell_becomes_a_formula(here: Path, name: str) -> None:
    """In CSV a text that looks like one gets a ' in front; in a workbook it is a text; numbers stay numbers."""
    write(here / "all.parquet", [(name, "95%", "120", "1")])

    run(here, "all.parquet", "-o", "scores.csv")
    run(here, "all.parquet", "-o", "scores.xlsx")

    [row] = results(here / "scores.csv")
    assert row["subject.name"] == "'" + name
    assert row["score"] == "20.00"
    with calamine.CalamineWorkbook.from_path(str(here / "scores.xlsx")) as book:
        names, cells = book.get_sheet_by_index(0).to_python()
    assert cells[names.index("subject.name")] == name
    assert cells[names.index("score")] == 20.0


@pytest.mark.parametrize("name", ["scores.csv", "scores.xlsx"])
@pytest.mark.parametrize(
    ("lang", "headings", "states", "lost"),
    [
        (
            "zh",
            "行|单位名称|编码|总分|等级|小计|按时完成（得分）|支出进度（得分）|按时完成（状态）|支出进度（状态）|"
            "扣分|加分|总分调整|发现的问题|读不了的单元格",
            ["已评分", "缺数据"],
            "按时完成 5.00",
        ),
        (
            "en",
            "Row|单位名称|编码|Score|Rating|Subtotal|按时完成 (points)|支出进度 (points)|按时完成 (state)|"
            "支出进度 (state)|Deductions|Credits|Adjustments|Findings|Cells that cannot be used",
            ["scored", "missing"],
            "按时完成 5.00",
        ),
    ],
)
def test_people_read_names_in_the_headings(
    here: Path, name: str, lang: str, headings: str, states: list[str], lost: str
) -> None:
    write(here / "all.csv", [("甲县", "45%", "", "001")])
    (here / "map.toml").write_text('keep = ["编码"]', encoding="utf-8")

    _, _, err = run(here, "all.csv", "-o", name, "--columns", "map.toml", "--headings", "names", "--lang", lang)

    [row] = results(here / name)
    assert list(row) == headings.split("|"), err
    cells = list(row.values())
    assert cells[1:3] == ["甲县", "001"]
    assert cells[8:11] == [*states, lost]


@pytest.mark.parametrize("name", ["scores.csv", "scores.xlsx"])
def test_people_read_what_the_rulebook_calls_a_deduction(here: Path, name: str) -> None:
    kind = """{ kind = "checklist", items = [
      { id = "a", name = "有制度", points = 6 }, { id = "b", name = "有台账", points = 4 } ] }"""
    measured = 'measure = "spent"\nunit = "万元"\ntarget = "≥ 100万元"\ncriterion = { kind = "threshold" }'
    rules = RULES.replace(measured, f"criterion = {kind}")
    (here / "roads.toml").write_text(rules, encoding="utf-8")
    rows = [
        ("甲县", "45%", "true", "true"),
        ("乙县", "95%", "false", "0.5"),
        ("丙县", "90%", "true", "false"),
        ("丁县", "99%", "1", "1"),
    ]
    write(here / "all.csv", rows, ("单位名称", "完成率", "paid.items.a", "paid.items.b"))

    _, _, err = run(here, "all.csv", "-o", name, "--headings", "names", "--lang", "zh")

    lost = [row["扣分"] for row in results(here / name)]
    assert lost == ["按时完成 5.00", "支出进度 有制度 6.00；支出进度 有台账 2.00", "支出进度 有台账 4.00", None], err


def test_no_two_columns_have_one_name(here: Path) -> None:
    rules = RULES.replace('name = "支出进度"', 'name = "按时完成"')
    (here / "roads.toml").write_text(rules, encoding="utf-8")
    write(here / "all.csv", [("甲县", "45%", "1", "001")], ("单位名称", "完成率", "支出", "总分"))
    (here / "map.toml").write_text('keep = ["总分"]', encoding="utf-8")

    run(here, "all.csv", "-o", "scores.csv", "--columns", "map.toml", "--headings", "names", "--lang", "zh")

    [row] = results(here / "scores.csv")
    assert list(row)[2:7] == ["总分", "总分 score", "等级", "小计", "按时完成 done（得分）"]


def test_a_table_for_programs_has_ids(here: Path) -> None:
    write(here / "all.csv", ROWS)

    code, _, err = run(here, "all.csv", "-o", "scores.parquet", "--headings", "names", "--lang", "en")

    assert (code, "--headings names is for CSV and XLSX only" in err) == (2, True)
    assert not (here / "scores.parquet").exists()


def test_where_a_sheet_is_full_the_next_begins(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    write(here / "all.csv", ROWS)

    run(here, "all.csv", "-o", "scores.xlsx", "--lang", "zh")

    with calamine.CalamineWorkbook.from_path(str(here / "scores.xlsx")) as book:
        assert book.sheet_names == ["得分", "得分 2"]
        first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert first[0] == second[0]
    assert [row[1] for row in (*first[1:], *second[1:])] == ["甲县", "乙县", "丙县"]


def test_a_csv_begins_with_a_mark_by_which_excel_knows_it(here: Path) -> None:
    write(here / "all.csv", ROWS)

    run(here, "all.csv", "-o", "scores.csv")
    run(here, "all.csv", "-o", "plain.csv", "--no-bom")

    assert (here / "scores.csv").read_bytes() == b"\xef\xbb\xbf" + (here / "plain.csv").read_bytes()
    assert (here / "plain.csv").read_bytes().startswith(b'"row"')


def many(here: Path, rows: int) -> None:
    lines = "".join(f"县{at},{at % 101}%,{at % 200},{at}\n" for at in range(rows))
    (here / "all.csv").write_text(",".join(HEADING) + "\n" + lines, encoding="utf-8")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_leaves_no_half_file(here: Path, how: signal.Signals) -> None:
    many(here, 400_000)
    (here / "scores.csv").write_text("of last year")
    command = [sys.executable, "-m", "perfscore", "table", "roads.toml", "all.csv", "-o", "scores.csv"]
    process = subprocess.Popen(
        command, cwd=here, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until(lambda: any(one.stat().st_size > 100 for one in here.glob(".scores.csv.*.part")))

    process.send_signal(how)

    assert process.wait(60) != 0
    assert (here / "scores.csv").read_text() == "of last year"
    assert (list(here.glob(".scores.csv.*.part")) == []) == (how == signal.SIGTERM)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def test_a_terminal_sees_how_far_it_is(here: Path) -> None:
    pty = pytest.importorskip("pty")
    many(here, 3000)
    leader, follower = pty.openpty()
    seen = {key: value for key, value in environment().items() if key != "NO_COLOR"} | {"TERM": "xterm"}
    command = [sys.executable, "-m", "perfscore", "table", "roads.toml", "all.csv", "-o", "scores.csv", "--lang", "en"]
    process = subprocess.Popen(command, cwd=here, env=seen, stdout=subprocess.DEVNULL, stderr=follower)
    os.close(follower)
    told = b""
    try:
        while piece := os.read(leader, 4096):
            told += piece
    except OSError:  # the other end is closed
        pass
    process.wait(60)
    os.close(leader)

    assert b"3000 rows" in told
    assert b"rows/s" in told


# The summary


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


def test_the_summary_tells_how_scores_are_spread_and_what_cost_most(here: Path) -> None:
    write(here / "all.csv", [*ROWS, ("丁县", "", "100", "")])

    _, out, _ = run(here, "all.csv", "-o", "scores.csv", "--lang", "zh")

    assert all(columns(line) <= 80 for line in out.splitlines())
    assert "4 行：3 行有总分，1 行没有" in out
    assert "总分最低 10.00，中位 15.00，平均 15，最高 20.00（满分 20）" in out
    assert re.search(r"^  18 到 20 +1  █+$", out, re.M)
    assert re.search(r"^  良 +2  █+$", out, re.M)
    assert re.search(r"^  没有等级 +1  █+$", out, re.M)
    assert re.search(r"^  支出进度 +2\.50 +1$", out, re.M)
    assert re.search(r"^  按时完成 +1\.25 +1$", out, re.M)
    assert re.search(r"^  按时完成 +1$", out, re.M), "a figure is missing in one row"


def test_the_summary_as_a_page_loads_nothing_and_escapes_what_it_quotes(here: Path) -> None:
    write(here / "all.csv", ROWS)

    run(here, "all.csv", "-o", "a.csv", "--summary", "a.html", "--lang", "zh")
    run(here, "all.csv", "-o", "b.csv", "--summary", "b.html", "--lang", "zh")

    text = (here / "a.html").read_text(encoding="utf-8")
    page = Page(text)
    assert (here / "b.html").read_text(encoding="utf-8") == text
    assert ("html", {"lang": "zh-CN"}) in page.tags
    assert "农村公路 <养护>" in page.said
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "养护"}
    assert not [name for _, attributes in page.tags for name in attributes if name in ("src", "href", "onload")]
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(pictures) == 3
    widths = {int(str(one["viewbox"]).split()[2]) for one in pictures}
    assert max(widths) * 9 <= 13 * 358, "on a telephone, 390 wide, a letter of 13 is at least 9 high"
    assert all(one["role"] == "img" and one["aria-label"] for one in pictures)
    assert "中位 15.00" in page.said
