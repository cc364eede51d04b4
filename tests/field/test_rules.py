"""The shipped rulebooks are real tables: they hold together, their worked examples hold, and they give what was published.

Where a published figure breaks its own rule, the README beside the rulebook says what perfscore gives and why.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfscore import Assessment, assess, check, load, read_facts
from perfscore.examples import run_examples

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted(one for one in RULES.glob("*/*.toml") if not one.name.endswith(".facts.toml"))


def scored(name: str) -> Assessment:
    path = RULES / f"{name}.toml"
    return assess(load(path), read_facts(path.with_suffix(".facts.toml")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_a_shipped_rulebook_has_no_error_and_its_examples_hold(path: Path) -> None:
    assert [one for one in check(path) if one.severity == "error"] == []
    ran = run_examples(load(path))
    assert ran
    assert [one.diagnostics for one in ran] == [()] * len(ran)


# Seed, 附件1: the points of the six rows, in their order
NANJING = ["9", "10", "9", "9", "40", "19"]


def test_nanjing_gives_what_its_table_gives() -> None:
    result = scored("nanjing-legal-aid/2023")

    assert [one.points for one in result if one.kind] == [Decimal(points) for points in NANJING]
    assert (result.score, result.rating) == (Decimal("96.00"), "优")
    assert [one.points for one in result.deductions] == [Decimal("1.00")] * 4
    assert all("未说明原因" in one.because.zh for one in result.deductions)
    assert not [one for one in result.findings if one.severity == "error"]


def test_table_9_gives_full_marks_as_published() -> None:
    assert scored("tianchang-water/2022").score == Decimal(100)


def test_table_16_gives_the_row_back_what_its_own_rule_gives_it() -> None:
    """Published 99.6: satisfaction met its target of 98% and still lost 0.4. By its rule, 完成 ÷ 目标, it loses nothing."""
    result = scored("huanggang-soil-monitoring/2020")

    assert result.score == Decimal(100)
    assert Decimal("99.6") in {Decimal(word) for word in readme("huanggang-soil-monitoring") if word == "99.6"}


def readme(folder: str) -> list[str]:
    text = (RULES / folder / "README.md").read_text(encoding="utf-8")
    return "".join(one if one.isdigit() or one == "." else " " for one in text).split()
