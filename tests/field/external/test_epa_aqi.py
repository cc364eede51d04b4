"""The Air Quality Index of 8,059 days: interpolation between breakpoints, by two versions of the table.

In: `epa-aqi/cases.csv` (source in the README there). Out: every index and category, exactly.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from perfscore import Facts, Rulebook, assess, check, load
from perfscore.examples import run_examples

HERE = Path(__file__).parent / "epa-aqi"
VERSIONS = ("2012", "2024")
with (HERE / "cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@cache
def rulebook(version: str) -> Rulebook:
    return load(HERE / f"pm25-{version}.toml")


def test_every_day_is_here_and_each_by_a_version_there_is() -> None:
    assert {row["rule_version"] for row in CASES} == set(VERSIONS)
    assert sum(int(row["days"]) for row in CASES) == 8059


@pytest.mark.parametrize("version", VERSIONS)
def test_the_rulebook_has_nothing_to_complain_about(version: str) -> None:
    assert [one for one in check(HERE / f"pm25-{version}.toml") if one.severity == "error"] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_breakpoint_gives_what_its_table_says(version: str) -> None:
    """The days at hand seldom reach beyond 150, so the rulebook's own examples stand at every end of every row."""
    ran = run_examples(rulebook(version))

    assert len(ran) > 15
    assert [one.diagnostics for one in ran] == [()] * len(ran)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_day_gives_its_published_index_and_category(version: str) -> None:
    off = []
    for row in CASES:
        if row["rule_version"] == version:
            result = assess(rulebook(version), Facts(inputs={"pm25": Decimal(row["pm25_ug_m3"])}))
            given = (result.score, result.rating)
            if given != (int(row["exp_aqi"]), row["exp_category"]):
                off.append((row, given))
    assert off == []


def test_the_same_air_reads_worse_by_the_newer_table() -> None:
    facts = Facts(inputs={"pm25": Decimal("9.5")})

    assert assess(rulebook("2012"), facts).rating == "Good"
    assert assess(rulebook("2024"), facts).rating == "Moderate"
