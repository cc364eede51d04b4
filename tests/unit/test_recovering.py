"""What would win points back: where it stands, what is left alone, and how it is told beside the rest."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import perfscore
from perfscore import Assessment, Facts, assess, loads
from perfscore.report import render

ROOT = Path(__file__).parents[2]
HEAD = """\
format = 1
[rulebook]
id = "r"
title = "r"
version = "1"
language = "en"
full_marks = 10
reasons = "reported"
"""


def assessed(rules: str, facts: Facts, cohort: list[Facts] | None = None) -> Assessment:
    return assess(loads(HEAD + rules), facts, cohort)


def said(assessment: Assessment) -> list[str]:
    return [one.says.en for one in assessment.recoveries]


def test_nothing_is_looked_for_while_a_subject_is_assessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise AssertionError("looked for")

    monkeypatch.setattr("perfscore.recovering.Recovering.__init__", fail)
    assessment = assessed(RATE, Facts(inputs={"a": "80%"}))

    assert assessment.score is not None
    assert assessment.deductions[0].because.en
    with pytest.raises(AssertionError, match="looked for"):
        _ = assessment.recoveries


RATE = """
[indicators.a]
name = "a"
weight = 10
measure = { type = "percent", min = 0 }
target = "≥ 90%"
criterion = { kind = "proportional" }
"""


def test_every_deduction_has_its_recovery() -> None:
    assessment = assessed(RATE, Facts(inputs={"a": "81%"}))

    assert len(assessment.recoveries) == len(assessment.deductions) == 1
    assert said(assessment) == ["a: 9 percentage points higher (at 90%) would win back 1.00 points"]
    assert assessment.recoveries[0].share == 1
    assert assessment.to_dict()["deductions"][0]["recover"]["to"] == "0.9"  # type: ignore[index]


FILES = """
[inputs.files]
label = "files"
type = "table"
key = "no"
columns = { no = { type = "text" }, over = { label = "days over", type = "count" }, bad = { label = "faulty", type = "yes-no" } }
[indicators.a]
name = "a"
weight = 10
criterion = { kind = "per-occurrence", deductions = [
  { id = "bad", name = "fault", for_each = "files", when = "files.bad", each = 1 },
  { id = "slow", name = "late", for_each = "files", of = "files.over", each = 0.5 },
] }
"""


def test_of_a_record_its_own_cell_is_changed() -> None:
    records = [{"no": "7", "over": 3, "bad": True}, {"no": "8", "over": 0, "bad": False}]
    assessment = assessed(FILES, Facts(inputs={"files": records}))

    assert said(assessment) == [
        "faulty of files “7”: “no” instead would win back 1.00 points",
        "days over of files “7”: 3 fewer (to 0) would win back 1.50 points",
    ]
    change = assessment.recoveries[0].change
    assert change is not None
    assert (change.input, change.record) == ("files.bad", "files “7”")


def test_a_loss_behind_one_that_took_everything_is_not_won_back_alone() -> None:
    rules = """
[inputs.x]
label = "x"
type = "count"
[inputs.y]
label = "y"
type = "count"
[indicators.a]
name = "a"
weight = 10
criterion = { kind = "clauses", losses = [ { id = "x", of = "x", each = 6 }, { id = "y", of = "y", each = 1 } ] }
"""
    assessment = assessed(rules, Facts(inputs={"x": 1, "y": 9}))

    # without x, y takes 9 of 10: one point is left, not six
    assert [one.points for one in assessment.deductions] == [6, 4]
    assert said(assessment) == [
        "no change of one figure wins these points back",
        "nothing more can be lost; y: 9 fewer (to 0) would win back 4.00 points",
    ]


def test_what_others_are_compared_by_is_left_alone() -> None:
    rules = """
[inputs.passed]
label = "passed"
type = "count"
[indicators.a]
name = "a"
weight = 10
measure = 'rank(passed, best = "high", ties = "shared")'
criterion = { kind = "ranked", places = [10, 8, 6], otherwise = 0, ties = "shared" }
"""
    everybody = [Facts(inputs={"passed": one}, subject=f"school {one}") for one in (30, 50, 40)]
    assessment = assessed(rules, everybody[0], everybody)

    assert [one.change for one in assessment.recoveries] == [None]


def test_a_missing_figure_and_a_review_say_what_they_are() -> None:
    missing = assessed(RATE.replace("weight = 10", 'weight = 10\nmissing = "zero"'), Facts())
    assert said(missing) == ["it can be computed once what is missing is there"]

    reviewed = Facts(inputs={"a": "95%"}, review=[{"indicator": "a", "points": 7, "because": "recount"}])
    assert said(assessed(RATE, reviewed)) == ["a reviewer took them"]


def test_a_day_is_told_in_both_languages() -> None:
    rules = """
[inputs.day]
label = "报送日期"
type = "date"
[indicators.a]
name = "a"
weight = 10
criterion = { kind = "clauses", losses = [ { id = "late", of = "max(0, days(2024-02-28, day))", each = 1 } ] }
"""
    [found] = assessed(rules, Facts(inputs={"day": date(2024, 3, 2)})).recoveries

    assert found.says.zh == "报送日期提前3天（到2024年2月28日），可挽回3.00分"
    assert found.says.en == "报送日期: 3 days earlier (on 2024-02-28) would win back 3.00 points"
    assert found.change is not None
    assert (found.change.by, found.change.unit, found.change.to) == ("-3", "day", "2024-02-28")


def test_disagreeing_sources_carry_the_score_under_each() -> None:
    rules = perfscore.load(ROOT / "rules/nanjing-legal-aid/2023.toml")
    facts = perfscore.read_facts(ROOT / "rules/nanjing-legal-aid/2023.facts.toml")
    [found] = [one for one in assess(rules, facts).findings if one.code.number == "PS409"]

    assert [(one.value, str(one.score), one.rating) for one in found.readings] == [
        ("13681", "96.00", "优"),
        ("14892", "96.00", "优"),
    ]


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_the_annex_is_there_where_it_is_asked_for(format: str) -> None:
    assessment = assessed(RATE, Facts(inputs={"a": "81%"}))

    assert "Each deduction" not in render(assessment, format)
    annex = render(assessment, format, explain=True)
    assert "Each deduction" in annex
    assert "would win back 1.00 points" in " ".join(annex.replace("\\", "").split())
    assert "nothing is lost" in render(assessed(RATE, Facts(inputs={"a": "95%"})), format, explain=True)


def test_a_chinese_annex_holds_no_english() -> None:
    rules = perfscore.load(ROOT / "tests/golden/everything.toml")
    facts = perfscore.read_facts(ROOT / "tests/golden/everything.facts.toml")
    annex = render(assess(rules, facts), "text", language="zh", explain=True).partition("逐条说明")[2]

    assert re.findall("[A-Za-z]{3,}", annex.partition("规则 ")[0]) == []
