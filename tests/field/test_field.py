"""The rule files beside this file encode criteria of published tables: they hold together, and the list of them is honest.

`# criterion ID: WHERE` at the head of a file says which criterion stands where; `# again ID: WHERE` that it stands in a second
file too, `# shape: N` that the file shows a shape that is hard to say. `ids.txt` has every criterion that was collected, `not-yet.md`
those that no file encodes.
"""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from perfscore import check, load
from perfscore.examples import run_examples

ROOT = Path(__file__).parents[2]
HARD = set(range(1, 21))
LEAST_ENCODED = 180


def hooks() -> ModuleType:
    """docs/hooks.py, which makes the page of these criteria and so knows how to read them."""
    spec = importlib.util.spec_from_file_location("docs_hooks", ROOT / "docs/hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOOKS = hooks()
FILES: list[Path] = HOOKS.field_files(ROOT)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_the_field_has_no_error_and_its_examples_hold(path: Path) -> None:
    assert [one for one in check(path) if one.severity == "error"] == []
    ran = run_examples(load(path))
    assert ran
    assert {one.example.title: one.diagnostics for one in ran if one.diagnostics} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_place_that_a_file_names_is_there(path: Path) -> None:
    named = re.findall(r"^# (?:criterion|again) (.*)$", path.read_text(encoding="utf-8"), re.M)
    rulebook = load(path)

    assert [one for one in named if not re.fullmatch(r"\d+: \S+", one)] == []
    assert [one for one in named if not HOOKS.field_kinds(rulebook, one.partition(": ")[2])] == []


def test_every_criterion_is_encoded_once_or_has_its_reason() -> None:
    """Nothing is counted twice, and nothing that was collected is left out in silence."""
    ids, lacking = set(HOOKS.field_ids(ROOT)), set(HOOKS.field_not_yet(ROOT))
    encoded = Counter(one.id for one in HOOKS.field_criteria(ROOT))
    within, beyond = ids & set(encoded), set(encoded) - ids
    print(f"criteria {len(ids)}: encoded {len(within)}, not yet {len(lacking)}; beyond the list {len(beyond)}")

    assert [id for id, times in encoded.items() if times > 1] == []
    assert lacking & set(encoded) == set()
    assert within | lacking == ids
    assert len(within) >= LEAST_ENCODED


def test_the_hard_shapes_are_there() -> None:
    said = {int(n) for path in FILES for n in re.findall(r"^# shape: (\d+)$", path.read_text(encoding="utf-8"), re.M)}
    print(f"hard shapes {sorted(said)}")

    assert said >= HARD


def test_the_page_of_these_criteria_has_them_all() -> None:
    """With the place and the kinds of each, or with the reason why not yet."""
    page = HOOKS.field_page(ROOT)
    listed = {int(id) for id in re.findall(r"^\| (\d+) \| [^|]*\|", page, re.M)}

    assert set(HOOKS.field_ids(ROOT)) <= listed
    assert "| |" not in page.partition("## Encoded")[2]
