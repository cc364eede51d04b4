"""The DMG's sample scorecard: what is lost against a baseline, ranked, is the reason code that PMML reports.

In: `pmml-scorecard/` of the external sets beside the checkout (AGPL-3.0, not copied).
Out: every score within 1e-9, and every ranking of reasons; where differences are equal, in any order among them.
"""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from perfscore import Assessment, Facts, IndicatorResult, Rulebook, assess, check, load

HERE = Path(__file__).parent / "pmml-scorecard"
SET = Path(__file__).parents[4] / "shared" / "external" / "pmml-scorecard"
beside = pytest.mark.skipif(not SET.exists(), reason="pmml-scorecard (AGPL-3.0) does not lie beside the checkout")
WITH_CODES = ("sample-attribute-codes-below", "sample-characteristic-codes-below")
MODELS = (*WITH_CODES, "sample-complex-partial-below")
CHARACTERISTIC = {"department": "RC1", "age": "RC2", "income": "RC3"}
TOLERANCE = Decimal("1e-9")


@cache
def rulebook(model: str) -> Rulebook:
    return load(HERE / f"{model}.toml")


def scored(model: str, told: dict[str, Any]) -> Assessment:
    result = assess(rulebook(model), Facts(inputs={name: value for name, value in told.items() if value is not None}))
    assert not [one for one in result.findings if one.severity == "error"]
    return result


def code(result: IndicatorResult) -> str:
    """The code of the band that applied, where bands have codes of their own; else that of the indicator.

    A band that loses nothing leaves no deduction, and PMML reports a difference of 0 all the same: it is the band
    whose points are the weight, the baseline.
    """
    bands = result.node.criterion.bands
    own = [one.code for one in result.deductions] or [
        one.id for one in bands if one.id and one.points.low.value == result.weight
    ]
    return own[0] if own and own[0].startswith("RC") else CHARACTERISTIC[result.id]


def reasons(result: Assessment) -> list[list[str]]:
    """Reason codes by the points lost against the baseline, most first, equal ones together; what gains is no reason."""
    lost = [(one.weight - one.points, code(one)) for one in result if one.weight >= one.points]
    lost.sort(key=lambda one: -one[0])
    return [sorted(name for _, name in equal) for _, equal in groupby(lost, key=lambda one: one[0])]


def as_ranked(expected: list[str], groups: list[list[str]]) -> list[list[str]]:
    """The expected codes in groups as large as ours, so that the order within a group does not matter."""
    taken, cut = 0, []
    for group in groups:
        cut.append(sorted(expected[taken : taken + len(group)]))
        taken += len(group)
    return cut if taken == len(expected) else [*cut, expected[taken:]]


@pytest.mark.parametrize("model", MODELS)
def test_the_rulebook_has_nothing_to_complain_about(model: str) -> None:
    assert [one for one in check(HERE / f"{model}.toml") if one.severity == "error"] == []


def rows(model: str) -> list[dict[str, str]]:
    with (SET / "cases.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["model"] == model]


def told_by(row: dict[str, str]) -> dict[str, Any]:
    numbers = {name: Decimal(row[name]) for name in ("age", "income") if row[name]}
    return numbers | ({"department": row["department"]} if row["department"] else {})


@beside
@pytest.mark.parametrize("model", WITH_CODES)
def test_every_case_gives_the_score_of_the_oracle(model: str) -> None:
    off = []
    for row in rows(model):
        result = scored(model, told_by(row))
        if abs(result.score - Decimal(row["exp_score"])) > TOLERANCE:
            off.append((row, result.score))
    assert off == []


@beside
@pytest.mark.parametrize("model", WITH_CODES)
def test_every_case_ranks_its_reasons_as_the_oracle_does(model: str) -> None:
    off = []
    for row in rows(model):
        groups = reasons(scored(model, told_by(row)))
        expected = [row[f"exp_reason_{place}"] for place in (1, 2, 3) if row[f"exp_reason_{place}"]]
        if as_ranked(expected, groups) != groups:
            off.append((row, groups))
        tied = any(len(group) > 1 for group in groups)
        assert tied == (row["reason_order_tied"] == "x"), row
    assert off == []


@beside
def test_the_published_expectations_hold() -> None:
    published = json.loads((SET / "published_tests.json").read_text(encoding="utf-8"), parse_float=Decimal)
    assert {one["model"] for one in published} == set(MODELS)
    for one in published:
        result = scored(one["model"], one["inputs"])
        assert abs(result.score - one["expected"]["score"]) <= TOLERANCE, one
        if expected := one["expected"].get("reasons"):
            assert [name for group in reasons(result) for name in group] == expected, one


# Without the set: the standard's own reading, by hand
def test_a_missing_figure_is_a_band_of_its_own() -> None:
    result = scored("sample-attribute-codes-below", {})

    assert [(one.id, one.points) for one in result] == [("department", -9), ("age", -1), ("income", 5)]
    assert reasons(result) == [["RC1"], ["RC2_1"], ["RC3"]]
    assert not [one for one in result if one.state != "scored"]


def test_what_lies_above_its_baseline_is_a_credit_and_no_reason() -> None:
    result = scored("sample-attribute-codes-below", {"department": "engineering", "age": 25, "income": 500})

    assert result.score == 29
    assert [(one.indicator, one.points) for one in result.credits] == [("income", 16)]
    assert reasons(result) == [["RC2_3"], ["RC1"]]
