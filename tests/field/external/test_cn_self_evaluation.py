"""Published rows of real 绩效自评表, scored by rulebooks that say what the tables say.

In: `cn-self-evaluation/tables.json` (source at each table). Out: every published score, exactly.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfscore import Answer, Assessment, Facts, Rulebook, assess, check, load
from perfscore.formula.shapes import Constant

HERE = Path(__file__).parent / "cn-self-evaluation"
SHIPPED = Path(__file__).parents[3] / "rules"
TABLES = json.loads((HERE / "tables.json").read_text(encoding="utf-8"), parse_float=Decimal)

# table → row → the rulebook's input: the table's figure. A row that stands only under `OWN` reads its own figure, its `actual`.
EXECUTION = {"executed": "actual", "budget": "target"}
FIGURES: dict[str, dict[str, dict[str, str]]] = {
    "county-unit-2018": {
        "在职人员控制率": {"staff": "actual", "posts": "base"},
        "三公经费变动率": {"three_public": "this_year", "three_public_before": "last_year"},
        "预算完成率": {name: name for name in ("carried_in", "budget", "added", "carried_out")},
    },
    "langfang-school-2019": {"预算执行率": EXECUTION},
    "xueyuanlu-street-2016": {"预算执行率": EXECUTION},
    "tangxi-town-2022": {"预算执行率": EXECUTION},
    "daying-justice-2023": {"预算执行率": {"executed": "actual", "adjusted_budget": "target"}},
    "nanjing-legal-aid-2023": {"法律援助案件量(万人比)": {"cases_per_10k": "actual"}},
}


def rulebook_of(table: dict[str, Any]) -> Path:
    own = HERE / f"{table['table']}.toml"
    return own if own.exists() else SHIPPED / "nanjing-legal-aid" / "2023.toml"


def leaf_named(rulebook: Rulebook, name: str) -> str:
    [found] = (leaf.id for leaf in rulebook.indicators() if leaf.name == name.partition("(")[0])
    return found


def scored(table: dict[str, Any]) -> tuple[Rulebook, Assessment]:
    rulebook = load(rulebook_of(table))
    inputs: dict[str, Any] = {}
    answers: dict[str, Answer] = {}
    for row in table["rows"]:
        id, told = leaf_named(rulebook, row["indicator"]), row["inputs"]
        match row["rule"]:
            case "judged":
                answers[id] = Answer(points=told["judged"])
            case "checklist":
                items = {str(place): met for place, (_, met) in enumerate(told["items"], 1)}
                answers[id] = Answer(items=items)
            case "achieved":
                inputs[id] = told["achieved"]
            case _:
                names = FIGURES.get(table["table"], {}).get(row["indicator"], {id: "actual"})
                inputs |= {name: told[key] for name, key in names.items()}
    return rulebook, assess(rulebook, Facts(inputs=inputs, answers=answers))


ROWS = [(table, row) for table in TABLES for row in table["rows"]]


def test_all_35_scores_are_here() -> None:
    assert len(ROWS) + sum("expected_total" in table for table in TABLES) == 35


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table["table"])
def test_the_rulebook_of_a_table_has_nothing_to_complain_about(table: dict[str, Any]) -> None:
    assert [one for one in check(rulebook_of(table)) if one.severity == "error"] == []


@pytest.mark.parametrize(("table", "row"), ROWS, ids=lambda one: one.get("table") or one.get("indicator"))
def test_a_row_gives_its_published_score(table: dict[str, Any], row: dict[str, Any]) -> None:
    rulebook, result = scored(table)
    one = result[leaf_named(rulebook, row["indicator"])]

    assert one.points == row["expected"]
    assert one.weight == row["weight"]
    assert one.weight - one.points == sum(lost.points for lost in one.deductions)
    if rate := row.get("expected_rate_pct"):
        assert round(one.value * 100, 2) == rate


@pytest.mark.parametrize("table", [one for one in TABLES if "expected_total" in one], ids=lambda one: one["table"])
def test_a_complete_table_gives_its_published_total(table: dict[str, Any]) -> None:
    assert scored(table)[1].score == table["expected_total"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table["table"])
def test_a_target_in_a_rulebook_is_the_target_of_the_table(table: dict[str, Any]) -> None:
    rulebook, _ = scored(table)
    leaves = {leaf.id: leaf for leaf in rulebook.indicators()}
    for row in table["rows"]:
        if "target" in row["inputs"] and row["indicator"] not in FIGURES.get(table["table"], {}):
            leaf = leaves[leaf_named(rulebook, row["indicator"])]
            target = leaf.place(rulebook.vocabulary()).target_number
            assert isinstance(target, Constant)
            assert row["inputs"]["target"] == target.value * (100 if target.written == "percent" else 1)


def test_nothing_divided_by_nothing_is_a_state_of_its_own_and_the_rulebook_says_what_it_gets() -> None:
    """棠溪镇: 0 ÷ 0 is published as 0 points; it is no execution rate of 0%."""
    [table] = (one for one in TABLES if one["table"] == "tangxi-town-2022")
    _, result = scored(table)

    assert (result["execution"].state, result["execution"].points) == ("undefined", 0)
    assert [(one.code, one.points) for one in result["execution"].deductions] == [("undefined", 10)]
