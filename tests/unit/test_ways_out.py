"""What real authors wrote, and the way out that they are offered."""

from __future__ import annotations

import pytest

from perfscore.diagnostic import Diagnostic
from perfscore.examples import run_examples
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


FIGURES = """\
[inputs.yes]
label = "是"
type = "yes-no"
[inputs.kind_of]
label = "类别"
type = "choice"
choices = ["好", "不好"]
[checks.c]
that = "yes and kind_of = '好'"
says = "c"
"""


@pytest.mark.parametrize(
    ("measure", "target", "hint"),
    [
        ('{ type = "yes-no" }', "= true", '"value"'),
        ('{ type = "yes-no" }', "是", '"not value"'),
        ('"yes"', "yes = 否", '"not yes"'),
        ('"kind_of"', "kind_of = 不好", "'kind_of = \"不好\"'"),
        ('"kind_of"', "≠ 不好", "'≠ \"不好\"'"),
    ],
)
def test_words_for_yes_and_choices_without_marks_are_answered_with_what_to_type(
    measure: str, target: str, hint: str
) -> None:
    one = the_one(f'{FIGURES}{LEAF}measure = {measure}\ntarget = "{target}"\ncriterion = {{ kind = "threshold" }}\n')

    assert hint in hinted(one)


def test_a_yes_no_without_a_target_is_offered_one_that_is_no_comparison() -> None:
    one = the_one(f'{LEAF}measure = {{ type = "yes-no" }}\ncriterion = {{ kind = "threshold" }}\n')

    assert one.code.number == "PS301"
    assert 'target = "value"' in hinted(one)


@pytest.mark.parametrize(
    ("word", "type"),
    [
        *(("百分比", "percent"), ("计数", "count"), ("金额", "money"), ("是否", "yes-no")),
        *(("选择", "choice"), ("日期", "date"), ("数", "number"), ("文字", "text")),
    ],
)
def test_a_type_in_chinese_is_offered_its_name_and_nothing_else_is_accused(word: str, type: str) -> None:
    one = the_one(MEASURED.format(measure=f'type = "{word}"', target="≥ 1"))

    assert one.code.number == "PS113"
    assert f'"{type}"' in hinted(one)


def test_a_list_that_another_kind_calls_so_is_offered_by_its_own_name() -> None:
    one = the_one(f'{LEAF}criterion = {{ kind = "clauses", deductions = [{{ id = "a", points = "[0, 1]" }}] }}\n')

    assert one.code.number == "PS110"
    assert "losses" in hinted(one)


def test_a_weight_that_is_missing_is_offered_what_is_left() -> None:
    one = '[indicators.{id}]\nname = "{id}"\n{weight}criterion = {{ kind = "judgement" }}\n'
    text = '[indicators.t]\nname = "T"\nweight = 6\n'
    text += one.format(id="t.a", weight="weight = 4\n") + one.format(id="t.b", weight="")
    text += one.format(id="u", weight="weight = 1\n") + one.format(id="v", weight="")
    inner, outer = [one for one in told(text) if one.code.number == "PS203"]

    assert "weight = 2" in hinted(inner)
    assert "weight = 3" in hinted(outer)


def test_only_a_formula_is_offered_a_clamp() -> None:
    grade = 'criterion = {{ kind = "graded", grades = [{{ name = "a", points = {points} }}] }}\n'

    assert "clamp" not in hinted(the_one(LEAF + grade.format(points=20)))
    assert "clamp" in hinted(the_one(LEAF + grade.format(points='"2 * weight"')))


EXAMPLE = """\
[inputs.x]
label = "完成数"
type = "count"
[inputs.d]
label = "应完成"
type = "count"
[indicators.a]
name = "A"
weight = 10
measure = "x / d"
target = "≥ 1"
undefined = "error"
criterion = { kind = "threshold" }
[[examples]]
title = "t"
facts = { FACTS }
score = 10
points = { a = 10 }
"""


@pytest.mark.parametrize(
    ("facts", "why"),
    [("x = 3", "没有得分（“A”缺少应完成"), ("x = 3, d = 0", "没有得分（")],
)
def test_an_example_without_a_score_says_what_is_missing(facts: str, why: str) -> None:
    [ran] = run_examples(open_text(HEADER + EXAMPLE.replace("FACTS", facts)).required())

    assert [one.message.zh.partition("，")[2][: len(why)] for one in ran.diagnostics] == [why, why]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (HEADER + "x = 1", "zh"),
        (HEADER + 'language = "en"\nx = 1', "en"),
        (HEADER + 'language = "en"\nx = ', "en"),
        (HEADER + "x = ", None),
        ("x = 1", None),
    ],
)
def test_a_broken_file_is_answered_in_the_language_that_it_speaks(text: str, language: str | None) -> None:
    opened = open_text(text)

    assert opened.rulebook is None
    assert opened.language == language
