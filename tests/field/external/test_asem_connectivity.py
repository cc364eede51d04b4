"""ASEM Sustainable Connectivity: 51 countries, 49 indicators, each between the least and the greatest of all.

In: `asem-connectivity/` (source in the README there). Out: every normalised value and every mean within 1e-6, every place exactly.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from perfscore import Assessment, Cohort, Facts, Rulebook, Subject, assess, check, load

HERE = Path(__file__).parent / "asem-connectivity"
TOLERANCE = Fraction("1e-6")


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


INPUTS = rows("inputs")
NORMALISED = {row["unit"]: row for row in rows("expected_normalised")}
AGGREGATES = {row["unit"]: row for row in rows("expected_aggregates")}
INDICATORS = rows("indicators")


@cache
def rulebook() -> Rulebook:
    return load(HERE / "index.toml")


@cache
def scored() -> dict[str, Assessment]:
    """Each country among all of them."""
    subjects = []
    for row in INPUTS:
        given = {name: value for name, value in row.items() if name != "unit" and value}
        numbers = {name: value if name == "group" else Fraction(value) for name, value in given.items()}
        subjects.append(Facts(inputs=numbers, subject=Subject(name=row["unit"])))
    everybody = Cohort(rulebook(), tuple(subjects))
    return {str(one.subject.name): assess(rulebook(), one, cohort=everybody) for one in everybody.subjects}


def figures(result: Assessment) -> dict[str, object]:
    """What the set publishes, by its names: an indicator and a pillar by the end of its id."""
    nodes: dict[str, object] = {one.id.rpartition(".")[2]: one.points for one in result}
    places = {one.name: one.value for one in result.measures if one.name.startswith("rank_")}
    return nodes | places | {"Index": result.score}


def agrees(name: str, given: object, published: str) -> bool:
    if name.startswith("rank_"):
        return given == int(published)
    return given is not None and abs(Fraction(str(given)) - Fraction(published)) <= TOLERANCE


def off(unit: str, published: dict[str, str]) -> list[tuple[str, object, str]]:
    given = figures(scored()[unit])
    told = [(name, given[name], value) for name, value in published.items() if name != "unit"]
    return [one for one in told if not agrees(*one)]


def test_the_rulebook_has_nothing_to_complain_about() -> None:
    assert check(HERE / "index.toml") == []


def test_all_3621_results_are_here() -> None:
    assert [row["unit"] for row in INPUTS] == list(NORMALISED) == list(AGGREGATES)
    published = [*NORMALISED.values(), *AGGREGATES.values()]
    assert sum(bool(value) for row in published for name, value in row.items() if name != "unit") == 3621


@pytest.mark.parametrize("unit", NORMALISED)
def test_every_indicator_gives_its_published_value(unit: str) -> None:
    assert off(unit, NORMALISED[unit]) == []


@pytest.mark.parametrize("unit", AGGREGATES)
def test_every_mean_and_every_place_is_the_published_one(unit: str) -> None:
    assert off(unit, AGGREGATES[unit]) == []


def test_the_ends_of_every_scale_are_those_that_the_source_states() -> None:
    """The rulebook finds them among the countries; it holds no number of them."""
    [measures, *others] = [{one.name: one.value for one in result.measures} for result in scored().values()]
    for row in INDICATORS:
        for end, stated in (("low", row["goal_min"]), ("high", row["goal_max"])):
            found = measures[f"{row['code']}_{end}"]
            assert isinstance(found, Fraction)
            assert abs(found - Fraction(stated)) <= abs(found) * Fraction("1e-9")
            assert {one[f"{row['code']}_{end}"] for one in others} == {found}
