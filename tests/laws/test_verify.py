"""Laws of recomputing: what was scored is found right, and whatever was changed in it is found at its place."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import Facts, Rulebook, assess, testing, verify
from perfscore.diagnostic import KeyPath
from perfscore.planning import compiled
from perfscore.report import formats, render
from perfscore.words import LANGUAGES
from tests.laws.test_cohort import cohorts
from tests.laws.test_laws import cases

ROOT = Path(__file__).parents[2]
FEWER = settings(max_examples=30)
OTHER = st.sampled_from([None, True, False, 0, 1, 2, "", "0", "1.00", "优", "sha256:0", [], {}, [None], {"zh": "无"}])


def leaves(value: object, at: KeyPath = ()) -> Iterator[KeyPath]:
    """Where everything stands that holds nothing else."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*at, key))
    else:
        yield at


def at_path(value: Any, at: KeyPath) -> Any:
    for key in at:
        value = value[key]
    return value


def tampered(draw: Any, result: dict[str, Any]) -> KeyPath:
    """Change one value of a result, to another or to one that stands elsewhere in it, and say where."""
    places = list(leaves(result))
    at = draw(st.sampled_from(places), label="place")
    old = at_path(result, at)
    near = [f"{old}0", old[:-1]] if isinstance(old, str) else []
    elsewhere = st.sampled_from(places).map(lambda there: at_path(result, there))
    other = (st.sampled_from(near) | OTHER | elsewhere) if near else (OTHER | elsewhere)
    new = draw(other.filter(lambda one: json.dumps(one) != json.dumps(old)), label="value")
    at_path(result, at[:-1])[at[-1]] = new
    return at


def read_again(result: dict[str, object]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(result))
    return read


@settings(max_examples=60)
@given(cases(max_leaves=3), st.data())
def test_what_was_scored_is_found_right_and_one_changed_value_is_found_at_its_place(
    case: tuple[Rulebook, Facts], data: st.DataObject
) -> None:
    result = read_again(assess(*case).to_dict())
    assert verify(result, *case) == []

    for _ in range(3):
        changed = read_again(result)
        at = tampered(data.draw, changed)
        assert {one.at[: len(at)] for one in verify(changed, *case)} == {at}


@FEWER
@given(cohorts(testing.comparing_rulebooks(max_leaves=3)), st.data())
def test_so_it_is_among_others(case: tuple[Rulebook, list[Facts]], data: st.DataObject) -> None:
    rulebook, everybody = case
    result = read_again(assess(rulebook, everybody[0], everybody).to_dict())
    assert verify(result, rulebook, everybody[0], everybody) == []

    at = tampered(data.draw, result)
    assert {one.at[: len(at)] for one in verify(result, rulebook, everybody[0], everybody)} == {at}


@FEWER
@given(cases(max_leaves=3), st.data())
def test_whatever_is_no_result_is_told_and_never_raised(case: tuple[Rulebook, Facts], data: st.DataObject) -> None:
    """Several changes at once, or a document that has only the keys."""
    result = read_again(assess(*case).to_dict())
    for _ in range(data.draw(st.integers(2, 6))):
        tampered(data.draw, result)
    verify(result, *case)
    anything = st.recursive(OTHER, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
    assert verify(data.draw(st.fixed_dictionaries(dict.fromkeys(result, anything))), *case)


@FEWER
@given(cases(max_leaves=3), st.sampled_from(LANGUAGES))
def test_the_same_input_gives_the_same_bytes_in_every_format(case: tuple[Rulebook, Facts], language: str) -> None:
    first = {format: render(assess(*case), format, language=language) for format in formats()}
    copies = pickle.loads(pickle.dumps(case))
    compiled.cache_clear()
    for format in formats():
        assert render(assess(*copies), format, language=language) == first[format], format


@pytest.mark.parametrize("format", formats())
def test_and_so_it_does_in_another_process(format: str, tmp_path: Path) -> None:
    """With another seed for hashes, in another locale, time zone and folder."""
    files = []
    for seed, locale, zone in (("1", "C.UTF-8", "UTC"), ("2", "zh_CN.UTF-8", "Asia/Shanghai")):
        (folder := tmp_path / seed).mkdir()
        paths = [str(ROOT / "rules/nanjing-legal-aid" / name) for name in ("2023.toml", "2023.facts.toml")]
        subprocess.run(
            [sys.executable, "-m", "perfscore", "score", *paths, "--format", format, "-o", "out"],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
                "PYTHONHASHSEED": seed,
                "LC_ALL": locale,
                "TZ": zone,
            },
            check=True,
        )
        files.append((folder / "out").read_bytes())
    assert files[0] == files[1]
    assert files[0]
