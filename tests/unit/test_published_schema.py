"""The JSON of an assessment is what its schema says, and the schema is not so wide that anything would be."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft7Validator

from perfscore import Facts, Rulebook, assess
from perfscore.analysis import resultwords
from perfscore.published import JSON_FORMAT
from tests.laws.test_laws import cases

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schema/assessment.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
GOLDEN = sorted((ROOT / "tests/golden").glob("*.json"))


def told(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_schema_is_one_of_this_format() -> None:
    Draft7Validator.check_schema(SCHEMA)

    assert SCHEMA["properties"]["format"] == {"const": JSON_FORMAT}


def properties(schema: Any) -> set[str]:
    match schema:
        case dict():
            here = schema.get("properties", {})
            return set(here if isinstance(here, dict) else ()).union(*map(properties, schema.values()))
        case list():
            return set().union(*map(properties, schema))
        case _:
            return set()


def test_people_are_told_of_every_key_by_a_name() -> None:
    assert properties(SCHEMA) - resultwords._KEYS.keys() == set()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_golden_assessment_keeps_to_it(path: Path) -> None:
    assert [f"{one.json_path}: {one.message}" for one in VALIDATOR.iter_errors(told(path))] == []


@settings(max_examples=100)
@given(cases(max_leaves=3))
def test_every_drawn_assessment_keeps_to_it(case: tuple[Rulebook, Facts]) -> None:
    document = assess(*case).to_dict()

    assert [f"{one.json_path}: {one.message}" for one in VALIDATOR.iter_errors(document)] == []


def _without(document: Any, *at: str | int) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for key in at[:-1]:
        inner = inner[key]
    del inner[at[-1]]
    return changed


def test_what_is_left_out_is_noticed() -> None:
    document = told(ROOT / "tests/golden/everything.json")
    for at in (("score",), ("deductions", 0, "recover"), ("deductions", 0, "share"), ("findings", 0, "severity")):
        assert not VALIDATOR.is_valid(_without(document, *at)), at


def test_a_number_that_is_no_text_is_noticed() -> None:
    document = told(ROOT / "tests/golden/everything.json")
    document["score"] = 74.99

    assert not VALIDATOR.is_valid(document)
