"""While facts are missing: the scores that are still possible, and what to ask for next."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from perfscore import Facts, Rulebook, assess_partial, loads

RULES = """
format = 1
[rulebook]
id = "p"
title = "部分数据"
version = "1"
full_marks = 100
reasons = "reported"
[inputs.region]
label = "地区"
type = "choice"
choices = ["东部", "西部"]
[indicators.rate]
name = "执行率"
weight = 60
measure = { type = "percent", min = 0 }
target = "≥ 90%"
criterion = { kind = "threshold", otherwise = 20 }
[indicators.region]
name = "配套"
weight = 30
measure = "region"
criterion = { kind = "bands", bands = [ { when = 'value = "东部"', points = 30 }, { when = 'value = "西部"', points = 25 } ] }
[indicators.judged]
name = "管理"
weight = 10
criterion = { kind = "judgement", points = "[6, 10]" }
[ratings]
scale = [ { name = "优", from = 90 }, { name = "良", from = 80 }, { name = "差", from = 0 } ]
"""


@pytest.fixture
def rules() -> Rulebook:
    return loads(RULES)


def test_with_nothing_known_everything_that_can_be_is_possible(rules: Rulebook) -> None:
    still = assess_partial(rules, Facts())

    assert (still.low, still.high) == (Decimal("51.00"), Decimal("100.00"))
    assert [(one.name, one.width) for one in still.asks] == [
        ("rate", Decimal("40.00")),
        ("region", Decimal("5.00")),
        ("judged:points", Decimal("4.00")),
    ]
    assert still.ratings == ("优", "良", "差")


def test_what_is_known_narrows_the_interval_and_the_ratings(rules: Rulebook) -> None:
    still = assess_partial(rules, Facts(inputs={"rate": "95%", "region": "西部"}))

    assert (still.low, still.high) == (Decimal("91.00"), Decimal("95.00"))
    assert still.ratings == ("优",)
    assert [one.name for one in still.asks] == ["judged:points"]


def test_with_everything_known_the_interval_is_the_score(rules: Rulebook) -> None:
    facts = Facts(inputs={"rate": "95%", "region": "东部"}, answers={"judged": {"points": 8}})
    still = assess_partial(rules, facts)

    assert still.low == still.high == Decimal("98.00")
    assert still.asks == ()


def test_wrong_facts_leave_no_score_whatever_else_is_given(rules: Rulebook) -> None:
    still = assess_partial(rules, Facts(inputs={"rate": "≥95%"}))

    assert (still.low, still.high, still.blocked) == (None, None, ("rate",))


def test_a_missing_coefficient_widens_the_whole() -> None:
    penalty = '[inputs.penalty]\nlabel = "扣分"\ntype = "number"\nmin = 0\nmax = 10\n'
    line = '[[adjustments]]\nid = "penalty"\ndeduct = "penalty"\n'
    rules = loads(RULES.replace("full_marks = 100", "full_marks = 100\nrange = [0, 100]") + penalty + line)
    facts = Facts(inputs={"rate": "95%", "region": "东部"}, answers={"judged": {"points": 8}})
    still = assess_partial(rules, facts)

    assert (still.low, still.high) == (Decimal("88.00"), Decimal("98.00"))
    assert [one.name for one in still.asks] == ["penalty"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_prints_it(tmp_path: Path, language: str) -> None:
    (tmp_path / "r.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "r.facts.toml").write_text('[inputs]\nrate = "95%"\n', encoding="utf-8")
    paths = [str(tmp_path / "r.toml"), str(tmp_path / "r.facts.toml")]

    text = _score(*paths, "--lang", language)
    data = _score(*paths, "--format", "json")

    assert text.returncode == 0
    assert "91.00" in text.stdout
    assert "100.00" in text.stdout
    assert json.loads(data.stdout)["missing"][0] == {"name": "region", "label": "地区", "width": "5.00"}


def test_it_is_written_as_text_or_json_only(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "r.facts.toml").write_text("[inputs]\n", encoding="utf-8")

    told = _score(str(tmp_path / "r.toml"), str(tmp_path / "r.facts.toml"), "--format", "markdown")

    assert told.returncode == 2


def _score(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`perfscore score … --partial` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "perfscore", "score", *arguments, "--partial"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )
