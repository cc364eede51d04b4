"""Lighthouse categories: means over the audits that apply, none at all where one that applies has no score.

In: `lighthouse/audits.csv` and `categories.csv` (source in the README there). Out: the score of every category, exactly.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from perfscore import Answer, Assessment, Facts, Rulebook, assess, check, load

HERE = Path(__file__).parent / "lighthouse"
DOES_NOT_APPLY = {"notApplicable", "not-applicable", "informative", "manual"}


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CATEGORIES = rows("categories")
AUDITS = {(row["report"], row["category"], row["audit"]): row for row in rows("audits")}

# Lighthouse prints 0 for a category in which no audit remains; a branch with nothing left has no score here, never 0.
NOTHING_LEFT = {("flow-step2", "performance"): Decimal(0)}


@cache
def rulebook(name: str) -> Rulebook:
    return load(HERE / f"{name}.toml")


def scored(category: dict[str, str]) -> Assessment:
    rules = rulebook(category["rulebook"])
    inputs: dict[str, Decimal] = {}
    answers: dict[str, Answer] = {}
    for leaf in rules.indicators():
        audit = AUDITS.get((category["report"], category["category"], leaf.id))
        if audit is None:
            answers[leaf.id] = Answer(not_applicable="not part of this report")
        elif audit["display_mode"] in DOES_NOT_APPLY or audit["weight"] == "0":
            answers[leaf.id] = Answer(not_applicable=audit["display_mode"])
        elif audit["score"]:
            inputs[leaf.id] = Decimal(audit["score"])
    return assess(rules, Facts(inputs=inputs, answers=answers))


@pytest.mark.parametrize("path", sorted(HERE.glob("*.toml")), ids=lambda path: path.stem)
def test_the_rulebook_of_a_category_has_nothing_to_complain_about(path: Path) -> None:
    assert [one for one in check(path) if one.severity == "error"] == []


@pytest.mark.parametrize("path", sorted(HERE.glob("*.toml")), ids=lambda path: path.stem)
def test_a_weight_in_a_rulebook_is_the_weight_in_the_reports(path: Path) -> None:
    leaves = {leaf.id: leaf for leaf in rulebook(path.stem).indicators()}
    reports = {(one["report"], one["category"]) for one in CATEGORIES if one["rulebook"] == path.stem}
    for (report, category, audit), row in AUDITS.items():
        if (report, category) in reports and row["weight"] != "0":
            assert leaves[audit].weight == Decimal(row["weight"]), (report, audit)


def test_all_66_categories_are_here() -> None:
    assert len(CATEGORIES) == 66


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda one: f"{one['report']}-{one['category']}")
def test_a_category_gives_its_published_score(category: dict[str, str]) -> None:
    result = scored(category)
    published = Decimal(category["exp_score"]) if category["exp_score"] else None

    if (name := (category["report"], category["category"])) in NOTHING_LEFT:
        assert published == NOTHING_LEFT[name]
        assert result.score is None
        assert {one.state for one in result if one.kind} == {"not-applicable"}
    else:
        assert result.score == published
        if published is None:  # an audit that ran into an error is missing, and that is why
            assert "missing" in {one.state for one in result}
