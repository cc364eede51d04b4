"""Tables handed over from Python, and what becomes of them: frozen, hashable, told record by record."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from perfscore import Facts, assess, assess_partial, check, dumps, loads
from perfscore.factsfile import facts_from_text
from perfscore.quantity import InexactNumberError
from perfscore.report.blank import blank_facts

RULES = """
format = 1
[rulebook]
id = "projects"
title = "projects"
version = "1"
full_marks = 10
[inputs.projects]
label = "项目"
type = "table"
unit = "个"
key = "name"
columns = { name = { type = "text" }, late = { label = "逾期", type = "yes-no" }, rate = { type = "percent", min = 0, max = "100%" } }
[indicators.a]
name = "进度"
weight = 10
criterion = { kind = "per-occurrence", deductions = [
  { id = "late", name = "逾期", for_each = "projects", when = "projects.late", each = "10 * (1 - projects.rate)" },
] }
"""
RECORDS = [{"name": "A", "late": True, "rate": "90%"}, {"name": "B", "late": False}]


def test_a_table_from_python_is_frozen_hashed_and_equal_to_that_of_a_file() -> None:
    facts = Facts(inputs={"projects": RECORDS})
    written = facts_from_text(
        '[inputs]\nprojects = [ { name = "A", late = true, rate = "90%" }, { name = "B", late = false } ]'
    ).required()

    assert facts == written
    assert hash(facts) == hash(pickle.loads(pickle.dumps(written)))
    assert facts.digest == written.digest
    assert facts.digest != Facts(inputs={"projects": RECORDS[:1]}).digest
    with pytest.raises(TypeError):
        facts.inputs["projects"].value[0]["late"] = False  # type: ignore[index]


@pytest.mark.parametrize(
    ("value", "error"),
    [([1, 2], TypeError), ([{"late": 0.5}], InexactNumberError), ([{1: True}], TypeError), ([{"a": None}], TypeError)],
)
def test_what_is_no_record_is_refused_from_python(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        Facts(inputs={"projects": value})  # type: ignore[dict-item]


def test_a_deduction_of_a_record_names_it_and_its_figures() -> None:
    [record] = assess(loads(RULES), Facts(inputs={"projects": RECORDS})).deductions

    assert (record.code, record.record, f"{record.points:f}") == ("late", "项目“A”", "1.00")
    assert record.because.en == "项目 “A”: 逾期: 1 points"
    assert record.formula() == "10 × (1 − 90%) = 1"
    assert [(one.name, one.value) for one in record.inputs] == [("projects.rate", "0.9")]


def test_more_records_than_are_judged_are_refused() -> None:
    rules = loads(RULES)
    result = assess(rules, Facts(inputs={"projects": [{"name": str(at), "late": False} for at in range(10_001)]}))

    assert result.score is None
    assert "PS429" in [one.code.number for one in result.findings]


def test_a_blank_table_is_valid_shows_its_columns_and_is_missing() -> None:
    rules = loads(RULES)
    text = blank_facts(rules, "zh")

    assert "#   rate: rate：百分比" in text
    assert facts_from_text(text).required() == Facts()
    filled = text.replace("# projects = [", "projects = [").replace("#   { name", "  { name").replace("# ]", "]")
    assert list(facts_from_text(filled).required().inputs) == ["projects"]


def test_while_a_cell_is_missing_the_score_is_an_interval() -> None:
    rules = loads(RULES)
    still = assess_partial(rules, Facts(inputs={"projects": [{"name": "A", "late": True}]}))

    assert (str(still.low), str(still.high)) == ("0.00", "10.00")
    assert [one.name for one in still.asks] == ["projects.rate"]


def test_a_rulebook_with_tables_survives_writing_and_is_checked(tmp_path: Path) -> None:
    rules = loads(RULES)
    (file := tmp_path / "rules.toml").write_text(dumps(rules), encoding="utf-8")

    assert loads(dumps(rules)) == rules
    assert check(file) == []
