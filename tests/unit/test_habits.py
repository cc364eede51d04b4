"""What forms write in words is answered with what to type, and never read as something else."""

from __future__ import annotations

import pytest

from perfscore.formula.habits import meant
from perfscore.formula.syntax import FormulaError, parse_condition
from perfscore.rulefile import open_text

RULES = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
[inputs.late]
label = "迟报"
type = "yes-no"
[indicators.a]
name = "A"
weight = 10
criterion = { kind = "clauses", losses = [ { id = "x", when = "late", points = "POINTS" } ] }
"""
MEANT = {
    "90%以上": "≥ 90%",
    "90%（含）以上": "≥ 90%",
    "不低于95%": "≥ 95%",
    "不超过 5%": "≤ 5%",
    "超过3": "> 3",
    "少于3": "< 3",
    "30以内": "≤ 30",
    "80%至90%": "[80%, 90%]",
    "80%-90%": "[80%, 90%]",
    "60~70%": "[60%, 70%]",
    "9–8": "[8, 9]",
    "90%至80%": "[80%, 90%]",
}


@pytest.mark.parametrize(("written", "better"), MEANT.items())
def test_words_of_forms_are_refused_with_what_to_type_and_that_can_be_read(written: str, better: str) -> None:
    assert meant(written) == better
    with pytest.raises(FormulaError) as refused:
        parse_condition(written)
    assert refused.value.hint is not None
    assert f'"{better}"' in refused.value.hint.zh
    parse_condition(better)


@pytest.mark.parametrize("written", ["项目以上", "≥ 90%", "基本健全", "95", ""])
def test_what_is_no_habit_is_not_guessed_at(written: str) -> None:
    assert meant(written) is None


@pytest.mark.parametrize(
    ("points", "hint"), [("1到3", '"[1, 3]"'), ("0-5", '"[0, 5]"'), ("3件", "件"), ("0.5元", "元")]
)
def test_points_take_no_unit_and_no_range_in_words(points: str, hint: str) -> None:
    [told] = open_text(RULES.replace("POINTS", points)).diagnostics

    assert told.severity == "error"
    assert told.at == ("indicators", "a", "criterion", "losses", 0, "points")
    assert told.hint is not None
    assert hint in told.hint.zh + told.message.zh


def test_only_the_unit_of_the_whole_is_asked_of_points() -> None:
    area = '[inputs.area]\nlabel = "面积"\ntype = "number"\nunit = "公顷"\nmin = 0\nmax = 100\n[indicators.a]'
    rules = RULES.replace("[indicators.a]", area)

    assert open_text(rules.replace("POINTS", "min(10, area / 10公顷)")).diagnostics == ()
    assert open_text(rules.replace("POINTS", "if area > 5公顷 then 2 else 1")).diagnostics == ()
    assert [one.code.number for one in open_text(rules.replace("POINTS", "area + 5公顷")).diagnostics][:1] == ["PS112"]


def test_points_may_say_that_they_are_points() -> None:
    assert open_text(RULES.replace("POINTS", "3分")).diagnostics == ()
