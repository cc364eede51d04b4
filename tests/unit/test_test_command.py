"""`perfscore test` as it is called: what its options print, write and exit with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from perfscore import loads
from perfscore.cli import app
from perfscore.examples import run_examples

RULES = """\
format = 1
[rulebook]
id = "roads"
title = "Roads"
version = "1"
language = "en"
full_marks = 10
[indicators.rate]
name = "executed"
weight = 10
measure = { type = "percent", min = 0, max = "100%" }
target = "≥ 90%"
criterion = { kind = "threshold", otherwise = 4 }
[[examples]]
title = "just there"
facts = { rate = "90%" }
score = 10
"""
WRONG = RULES.replace("score = 10", "score = 9")
SHEET = "title,rate,score\nnearly,89%,4\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (file := tmp_path / "roads.toml").write_text(RULES, encoding="utf-8")
    return file


def called(*arguments: str | Path) -> Result:
    ran = CliRunner().invoke(app, ["test", *map(str, arguments), "--lang", "en"])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


def test_less_coverage_than_was_asked_for_exits_with_1(rules: Path) -> None:
    assert "coverage: 1 of 2 cases are taken (50%)" in called(rules).output
    assert called(rules, "--fail-under", "50").exit_code == 0

    below = called(rules, "--fail-under", "50.5")
    assert below.exit_code == 1
    assert below.output.endswith("worked examples: 1 passed, 0 failed; the coverage of 1 file is below 50.5%\n")


def test_examples_beside_the_file_count_for_the_coverage(rules: Path) -> None:
    rules.with_suffix(".examples.csv").write_text(SHEET, encoding="utf-8")

    assert called(rules, "--fail-under", "100").exit_code == 0


def test_a_target_is_turned_round_only_where_every_example_says_so(rules: Path) -> None:
    """Also those that speak of the score alone, and those beside the file."""
    turned = RULES.replace("≥ 90%", "≤ 90%").replace('rate = "90%"', 'rate = "95%"')
    rules.write_text(turned, encoding="utf-8")
    assert "error[PS261]" in called(rules).output

    against = '[[examples]]\ntitle = "less"\nfacts = { rate = "50%" }\nscore = 10\n'
    rules.write_text(turned + against, encoding="utf-8")
    assert "PS261" not in called(rules).output

    rules.write_text(turned, encoding="utf-8")
    rules.with_suffix(".examples.csv").write_text("title,rate,score\nless,50%,10\n", encoding="utf-8")
    assert "PS261" not in called(rules).output


def test_a_file_with_errors_covers_nothing_and_exits_with_1(rules: Path) -> None:
    rules.write_text(RULES.replace("threshold", "thresh"), encoding="utf-8")
    ran = called(rules, "--fail-under", "0")

    assert ran.exit_code == 1
    assert "1 file with errors, not run" in ran.output


@pytest.mark.parametrize("percent", ["101", "-1", "many", "nan", "1e999", "٥"])
def test_a_share_that_is_none_is_a_mistake_of_the_call(percent: str, rules: Path) -> None:
    ran = CliRunner().invoke(app, ["test", str(rules), "--fail-under", percent])

    assert ran.exit_code == 2


def test_programs_read_examples_and_coverage_as_json(rules: Path) -> None:
    ran = called(rules, "--format", "json")
    told = json.loads(ran.output)
    [file] = told["files"]

    assert (ran.exit_code, told["format"], told["passed"], told["failed"]) == (0, 1, 1, 0)
    assert (file["path"], file["diagnostics"]) == (str(rules), [])
    assert [one["title"] for one in file["examples"]] == ["just there"]
    assert (file["coverage"]["taken"], file["coverage"]["cases"]) == (1, 2)


def test_json_tells_what_does_not_hold_and_what_cannot_be_read(rules: Path, tmp_path: Path) -> None:
    rules.write_text(WRONG, encoding="utf-8")
    (broken := tmp_path / "broken.toml").write_text("format = ", encoding="utf-8")
    ran = called(rules, broken, "--format", "json")
    told = json.loads(ran.output)
    wrong, unread = told["files"]

    assert (ran.exit_code, told["passed"], told["failed"]) == (1, 0, 1)
    assert [one["code"] for one in wrong["examples"][0]["diagnostics"]] == ["PS701"]
    assert unread["coverage"] is None
    assert unread["diagnostics"][0]["code"].startswith("PS1")


def test_suggested_examples_are_written_hold_and_are_never_written_over(rules: Path, tmp_path: Path) -> None:
    into = tmp_path / "more.toml"
    ran = called(rules, "--suggest", "-o", into)
    assert (ran.exit_code, ran.output) == (0, "")
    written = into.read_text(encoding="utf-8")
    assert 'state  = { rate = "missing" }' in written
    assert written.count("[[examples]]") > 2

    together = run_examples(loads(RULES + written))
    assert len(together) > 2
    assert [one.diagnostics for one in together if one.diagnostics] == []

    again = called(rules, "--suggest", "-o", into)
    assert again.exit_code == 2
    assert "exists already" in again.output
    assert into.read_text(encoding="utf-8") == written


def test_suggestions_are_for_one_sound_file(rules: Path, tmp_path: Path) -> None:
    (other := tmp_path / "other.toml").write_text(RULES, encoding="utf-8")
    assert called(rules, other, "--suggest").exit_code == 2

    rules.write_text("format = ", encoding="utf-8")
    assert called(rules, "--suggest").exit_code == 1
    assert called(other, "-o", tmp_path / "x.toml").exit_code == 2, "-o goes with --suggest only"


def test_a_folder_without_rule_files_is_told(tmp_path: Path) -> None:
    ran = called(tmp_path)

    assert ran.exit_code == 2
    assert "no rule file (*.toml) was found" in ran.output
