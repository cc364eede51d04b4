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
    bare, bracketed = (
        town + MEASURED.format(measure='type = "percent"', target=target)
        for target in ("≥ if town then 70% else 80%", "≥ (if town then 70% else 80%)")
    )

    assert "≥ (if … then … else …)" in hinted(the_one(bare))
    assert told(bracketed) == ()


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


OWN = """\
[indicators.t]
name = "T"
[indicators.t.a]
name = "a"
weight = 5
measure = { type = "count" }
target = "≥ 2"
criterion = { kind = "threshold" }
[indicators.t.b]
name = "b"
weight = 5
APPLIES
criterion = { kind = "judgement" }
[[adjustments]]
id = "x"
when = 'WHEN'
deduct = 1
[checks.c]
that = 'THAT'
says = "c"
"""


@pytest.mark.parametrize("key", ["APPLIES", "WHEN", "THAT"])
@pytest.mark.parametrize("read", ['"t.a" > 3', "t.a > 3"])
def test_the_figure_of_an_indicator_is_declared_before_others_read_it(key: str, read: str) -> None:
    written = {"APPLIES": "", "WHEN": "score > 1", "THAT": 'points("t.a") > 1'}
    written[key] = f"applies = '{read}'\nnot_applicable = \"full\"" if key == "APPLIES" else read
    text = OWN
    for place, said in written.items():
        text = text.replace(place, said)
    one = the_one(text, HEADER.replace("full_marks", "range = [0, 10]\nfull_marks"))

    assert "[inputs" in hinted(one)


def test_the_points_of_a_pool_are_read_at_the_branch() -> None:
    text = OWN.replace("APPLIES", "").replace("WHEN", "score > 1").replace("THAT", 'points("t.a") > 1')
    text = text.replace('name = "T"', 'name = "T"\naggregate = "pool"\nweight = 10').replace("weight = 5\n", "")
    text = text.replace('measure = { type = "count" }\ntarget = "≥ 2"\n', "")
    per = 'kind = "checklist", items = [{ id = "i", name = "i", points = 1 }]'
    text = text.replace('kind = "threshold"', per).replace('kind = "judgement"', per)
    one = the_one(text, HEADER.replace("full_marks", "range = [0, 10]\nfull_marks"))

    assert one.code.number == "PS502"
    assert 'points("t")' in hinted(one)


INTERVALS = {
    **{f"adjustments {key}": f'[[adjustments]]\nid = "x"\n{key} = "[0, 5]"' for key in ("add", "deduct", "multiply")},
    **{f"adjustments {key}": f'[[adjustments]]\nid = "x"\n{key} = "[0, 5]"' for key in ("cap_score", "set_score")},
    "adjustments cap": '[[adjustments]]\nid = "x"\ncap = { a = "[0, 5]" }',
    "parameters": '[parameters.p]\nvalues = "[0, 5]"\n[checks.c]\nthat = "p > 1"\nsays = "c"',
}


@pytest.mark.parametrize("name", INTERVALS)
def test_an_interval_is_refused_where_nobody_is_asked(name: str) -> None:
    header = HEADER.replace("full_marks", "range = [0, 10]\nfull_marks")
    one = the_one(f'{LEAF}criterion = {{ kind = "judgement" }}\n{INTERVALS[name]}\n', header)

    assert one.code.number in ("PS231", "PS112")
    assert "不是区间" in one.message.zh


@pytest.mark.parametrize(
    ("header", "leaf"),
    [
        ('coverage = "[50%, 80%]"\n', ""),
        ('range = ["[0, 5]", 10]\n', ""),
        ("", 'range = ["[0, 5]", 10]\n'),
        ("", 'applies = "1 > 2"\nnot_applicable = { points = "[0, 2]" }\n'),
    ],
)
def test_an_interval_is_no_end_and_no_limit(header: str, leaf: str) -> None:
    one = the_one(LEAF + leaf + 'criterion = { kind = "judgement" }\n', HEADER + header)

    assert one.severity == "error"
