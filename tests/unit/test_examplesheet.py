"""Worked examples as a table beside a rule file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from perfscore.cli.test import command
from perfscore.diagnostic import Diagnostic
from perfscore.examplesheet import Sheet, run_sheet, sheet_path
from perfscore.rulefile import open_text

RULES = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
reasons = "reported"
[inputs.title]
label = "题"
type = "percent"
[indicators.a]
name = "甲"
weight = 5
measure = "title"
target = "≥ 90%"
criterion = { kind = "threshold" }
[indicators.b]
name = "乙"
weight = 5
criterion = { kind = "judgement" }
[ratings]
scale = [ { name = "优", from = 9 }, { name = "差", from = 0 } ]
"""


def run(tmp_path: Path, text: str | bytes) -> Sheet:
    path = tmp_path / "a.examples.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run_sheet(path, open_text(RULES).required())


def told(sheet: Sheet) -> list[Diagnostic]:
    return [*sheet.diagnostics, *(one for ran in sheet.ran for one in ran.diagnostics)]


def cell(sheet: Sheet, one: Diagnostic) -> tuple[int, str]:
    """The line of a complaint, and the text that it underlines."""
    assert one.within is not None
    start, end = one.within
    return sheet.source.position(start)[0], sheet.source.text[start:end]


def test_each_row_is_an_example_and_an_empty_cell_promises_nothing(tmp_path: Path) -> None:
    sheet = run(
        tmp_path,
        "title,inputs.title,b.points,points.a,state.a,score,rating\n"
        "刚好,90%,5,5,scored,10,优\n"
        '"少一点, 差","89.9%",4,0,,,差\n'
        "缺数据,,,,missing,,\n",
    )

    assert told(sheet) == []
    assert [one.example.title for one in sheet.ran] == ["刚好", "少一点, 差", "缺数据"]


@pytest.mark.parametrize(
    ("text", "code", "line", "underlined"),
    [
        ("title,inputs.title,points.a\nx,90%,4\n", "PS701", 2, "4"),
        ('title,inputs.title,points.a\n"x, y",90%,"4"\n', "PS701", 2, '"4"'),
        ("title,inputs.title,points.a\nx,≥95%,5\n", "PS702", 2, "≥95%"),
        ("title,inputs.title,points.a\nx,90%,五\n", "PS705", 2, "五"),
        ("title,inputs.title,state.a\nx,90%,scoerd\n", "PS705", 2, "scoerd"),
        ("title,inputs.title,rating\nx,90%,良\n", "PS705", 2, "良"),
        ("title,inputs.titel,points.a\nx,90%,5\n", "PS704", 1, "inputs.titel"),
        ("title,inputs.title,points.a,points.a\nx,90%,5,5\n", "PS703", 1, "points.a"),
        ("title,inputs.title\nx,90%\n", "PS703", 1, "title,inputs.title"),
        ("title,inputs.title,points.a\nx,90%\n", "PS703", 2, "x,90%"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(tmp_path: Path, text: str, code: str, line: int, underlined: str) -> None:
    sheet = run(tmp_path, text)
    [one] = [one for one in told(sheet) if one.code.number == code]

    assert cell(sheet, one) == (line, underlined)


def test_a_row_that_is_wrong_does_not_hide_the_others(tmp_path: Path) -> None:
    sheet = run(tmp_path, "title,inputs.title,points.a\nx,90%,五\ny,90%,5\nz,90%\n")

    assert len(sheet.diagnostics) == 2
    assert [one.example.title for one in sheet.ran] == ["y"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PS703"),
        (b'title,"x\n', "PS703"),
        ("title,points.a\n刚好达到目标,5\n".encode("gb18030"), "PS104"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(tmp_path: Path, data: bytes, code: str) -> None:
    [one] = told(run(tmp_path, data))

    assert one.code.number == code
    assert code != "PS104" or "GB18030" in one.message.zh


def test_the_table_stands_beside_its_rules(tmp_path: Path) -> None:
    assert sheet_path(tmp_path / "2023.toml") == tmp_path / "2023.examples.csv"


def test_the_command_runs_the_table_too_and_shows_why(tmp_path: Path) -> None:
    rules = tmp_path / "a.toml"
    rules.write_text(RULES, "utf-8")
    (tmp_path / "a.examples.csv").write_text("title,inputs.title,points.a\nx,90%,5\ny,89%,5\n", "utf-8")
    done = CliRunner().invoke(command, [str(rules), "--lang", "zh"])

    assert done.exit_code == 1
    assert "a.examples.csv:3:7: 错误[PS701]" in done.output
    assert "points.a 列：甲：写的是 5，算出 0" in done.output
    assert "−5.00 题89%，未达到目标 ≥ 90%" in done.output
