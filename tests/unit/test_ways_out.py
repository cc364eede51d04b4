"""What real authors wrote, and the way out that they are offered."""

from __future__ import annotations

import pytest

from perfscore.diagnostic import Diagnostic
from perfscore.rulefile import open_text

HEADER = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
"""


def told(text: str, header: str = HEADER) -> tuple[Diagnostic, ...]:
    return open_text(header + text).diagnostics


def the_one(text: str, header: str = HEADER) -> Diagnostic:
    [one] = told(text, header)
    assert one.hint is not None
    return one


def hinted(one: Diagnostic) -> str:
    assert one.hint is not None
    return f"{one.hint.zh}\n{one.hint.en}"


LEAF = '[indicators.a]\nname = "A"\nweight = 10\n'
MEASURED = LEAF + 'measure = {{ {measure} }}\ntarget = "{target}"\ncriterion = {{ kind = "threshold" }}\n'


@pytest.mark.parametrize("end", ["min", "max", "above", "below"])
def test_a_bare_end_of_a_percentage_that_is_no_ratio_names_both_readings(end: str) -> None:
    one = the_one(MEASURED.format(measure=f'type = "percent", {end} = 100', target="≥ 80%"))

    assert (one.code.number, one.at) == ("PS238", ("indicators", "a", "measure", end))
    assert "10000%" in one.message.zh
    assert f'{end} = "100%"' in hinted(one)
    assert f'{end} = "10000%"' in hinted(one)


@pytest.mark.parametrize("end", ["1", "1.5", "0", '"100%"', '"200%"'])
def test_an_end_of_a_percentage_that_can_be_a_ratio_is_one(end: str) -> None:
    assert told(MEASURED.format(measure=f'type = "percent", max = {end}', target="≥ 0%")) == ()


def test_an_if_after_a_comparison_goes_into_brackets() -> None:
    town = '[inputs.town]\nlabel = "镇"\ntype = "yes-no"\n'
    leaf = town + MEASURED.format(measure='type = "percent"', target="≥ {0}if town then 70% else 80%{1}")

    assert "≥ (if … then … else …)" in hinted(told(leaf.format("", ""))[0])
    assert told(leaf.format("(", ")")) == ()


def test_a_measure_that_nothing_reads_is_shown_by_itself() -> None:
    measure = '[measures.m]\nformula = "x + 1"\n[inputs.x]\nlabel = "x"\ntype = "number"\n'
    leaf = LEAF + 'criterion = { kind = "judgement" }\n'

    assert told(measure + leaf) == ()
    assert [one.code.number for one in told(measure + '[inputs.y]\nlabel = "y"\ntype = "number"\n' + leaf)] == ["PS215"]


def test_a_rating_that_only_an_adjustment_gives_may_be_added_without_from() -> None:
    scale = '[ratings]\nscale = [{ name = "好", from = 6 }, { name = "差", from = 0 }]\n'
    rule = 'adjustments = [{ id = "x", when = "late", set_rating = "不予评估" }]\n'
    late = '[inputs.late]\nlabel = "迟"\ntype = "yes-no"\n'
    one = the_one(late + scale + LEAF + 'criterion = { kind = "judgement" }\n', rule + HEADER)

    assert one.code.number == "PS211"
    assert 'name = "不予评估"' in hinted(one)
    assert (
        told(
            late + scale.replace("}]", '}, { name = "不予评估" }]') + LEAF + 'criterion = { kind = "judgement" }\n',
            rule + HEADER,
        )
        == ()
    )
