"""Six thousand classified results of Formula 1: places, a bonus that came and went, one race doubled and one halved.

In: `f1-points/cases.csv` of the external sets beside the checkout (GPL-3, not copied). Out: the points of every result, exactly.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from perfscore import Assessment, Facts, Rulebook, Subject, assess, check, load

HERE = Path(__file__).parent / "f1-points"
CASES = Path(__file__).parents[4] / "shared" / "external" / "f1-points" / "cases.csv"
beside = pytest.mark.skipif(not CASES.exists(), reason="f1-points (GPL-3) does not lie beside the checkout")

# Listed with 0 points although nothing changed the order of the first ten: errors of transcription (the set's README)
TRANSCRIBED_WRONG = {
    ("2017", "race", "Austria", "7"): 6,
    ("2017", "race", "Austria", "8"): 4,
    ("2017", "race", "Austria", "9"): 2,
    ("2017", "race", "Austria", "10"): 1,
}


@cache
def rulebook(name: str) -> Rulebook:
    return load(HERE / f"{name}.toml")


def name_of(row: dict[str, str]) -> str:
    if row["session"] == "race":
        return "race"
    return "sprint-2021" if row["season"] == "2021" else "sprint-2022"


def scored(row: dict[str, str]) -> Assessment:
    classified = row["position"].isdigit()
    inputs: dict[str, Any] = {"status": "classified" if classified else row["position"]}
    if classified:
        inputs["position"] = int(row["position"])
    if row["session"] == "race":
        lap = row["fastest_lap"] == "yes"
        inputs |= {"season": int(row["season"]), "event": row["event"], "fastest_lap": lap}
    return assess(rulebook(name_of(row)), Facts(inputs=inputs, subject=Subject(period=row["season"])))


def rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key(row: dict[str, str]) -> tuple[str, str, str, str]:
    return row["season"], row["session"], row["event"], row["position"]


@pytest.mark.parametrize("path", sorted(HERE.glob("*.toml")), ids=lambda path: path.stem)
def test_the_rulebook_has_nothing_to_complain_about(path: Path) -> None:
    assert [one for one in check(path) if one.severity == "error"] == []


@beside
@pytest.mark.parametrize("session", ["race", "sprint"])
def test_every_result_gives_the_points_it_was_given(session: str) -> None:
    off = []
    for row in rows():
        if row["session"] == session and row["inconsistent_in_source"] != "x":
            result = scored(row)
            if result.score != Decimal(row["exp_points"]):
                off.append((*key(row), row["fastest_lap"], row["exp_points"], result.score))
    assert off == []


@beside
def test_the_set_marks_just_these_rows_as_wrong_in_their_source() -> None:
    marked = {key(row): row for row in rows() if row["inconsistent_in_source"] == "x"}

    assert marked.keys() == TRANSCRIBED_WRONG.keys()
    for one, row in marked.items():
        assert row["exp_points"] == "0"
        assert scored(row).score == TRANSCRIBED_WRONG[one]


def row(**told: str) -> dict[str, str]:
    return {"session": "race", "season": "2020", "event": "Austria", "fastest_lap": "no"} | told


# Without the set beside the checkout: what the regulations say, in their own words
def test_the_bonus_needs_a_place_in_the_first_ten_and_came_in_2019_and_went_in_2025() -> None:
    assert scored(row(position="1", fastest_lap="yes")).score == 26
    assert scored(row(position="11", fastest_lap="yes")).score == 0
    assert scored(row(position="NC", fastest_lap="yes")).score == 0
    assert scored(row(position="10", fastest_lap="yes", season="2018")).score == 1
    assert scored(row(position="10", fastest_lap="yes", season="2025")).score == 1


def test_a_doubled_and_a_halved_race_are_lines_of_their_own_after_the_bonus() -> None:
    double = scored(row(position="1", season="2014", event="Abu Dhabi"))
    half = scored(row(position="3", season="2021", event="Belgium", fastest_lap="yes"))

    assert (double.subtotal, double.score) == (25, 50)
    assert [(one.id, one.points) for one in double.adjustments] == [("double-points", 25)]
    assert (half.subtotal, half.score) == (15, 8)
    assert [(one.id, one.points) for one in half.adjustments] == [("fastest-lap", 1), ("half-points", -8)]
