"""What a document says of branches, of rows that do not apply, and of the way from the rows to the total."""

from __future__ import annotations

import pytest

from perfscore import Assessment, assess, loads
from perfscore.factsfile import facts_from_text
from perfscore.report.by_group import applicability, weights_by_group
from perfscore.report.outline import Outline, outline
from perfscore.report.reading import reading
from perfscore.report.rows import Row

HEAD = """\
format = 1
[rulebook]
id = "t"
title = "t"
version = "1"
"""
REGION = '[inputs.region]\nlabel = "地区"\ntype = "choice"\nchoices = ["东", "西"]\n'
JUDGED = 'criterion = { kind = "judgement" }\n'


def assessed(rules: str, facts: str) -> Assessment:
    return assess(loads(HEAD + rules), facts_from_text(facts).required())


def told(rules: str, facts: str) -> Outline:
    return outline(assessed(rules, facts), "zh")


def row(document: Outline, name: str) -> Row:
    return next(one for one in document.rows if one.name == name)


PLAIN = f"""\
full_marks = 10
[indicators.a]
name = "甲"
[indicators.a.b]
name = "乙"
weight = 10
{JUDGED}"""


def test_a_branch_that_only_adds_has_no_row_and_no_figure_stands_in_brackets() -> None:
    document = told(PLAIN, '[answers."a.b"]\npoints = 10')

    assert [one.name for one in document.rows] == ["乙"]
    assert (document.brackets, document.lines, document.notes) == ("", (), ())
    assert document.columns["because"] == "扣分原因"


EXCUSED = """\
full_marks = 20
[indicators.a]
name = "甲"
weight = 10
{policy}
criterion = {{ kind = "judgement" }}
[indicators.b]
name = "乙"
weight = 10
criterion = {{ kind = "judgement" }}
"""


@pytest.mark.parametrize(
    ("policy", "points", "because"),
    [
        ('not_applicable = "full"', "10.00", "不适用：没有，按规则得满分"),
        ('not_applicable = "unscored"', "不适用", "不适用：没有，分值不计入满分"),
        ("not_applicable = { points = 4 }", "4.00", "扣6.00分：不适用：没有，按规则得4.00分"),
        ('not_applicable = "rescale"', "0.00", "扣10.00分：不适用：没有，分值按比例折算给其余指标"),
        ("", "不适用", "不适用：没有，规则没有写这时怎么办"),
    ],
)
def test_a_row_that_does_not_apply_says_why_and_what_is_done_then(policy: str, points: str, because: str) -> None:
    document = told(EXCUSED.format(policy=policy), '[answers.a]\nnot_applicable = "没有"\n[answers.b]\npoints = 8')

    assert row(document, "甲").points == points
    assert row(document, "甲").because == (because,)


def test_a_condition_that_does_not_hold_is_told_in_labels() -> None:
    rules = EXCUSED.format(policy='applies = "region = \'东\'"\nnot_applicable = "full"') + REGION
    document = told(rules, '[inputs]\nregion = "西"\n[answers.b]\npoints = 10')

    assert row(document, "甲").because == ("不适用：只在 地区 = “东” 时适用，按规则得满分",)


def test_the_word_of_an_assessor_about_a_branch_stands_on_every_row_under_it() -> None:
    rules = f"""\
full_marks = 20
[indicators.x]
name = "上"
not_applicable = "rescale"
[indicators.x.a]
name = "甲"
weight = 10
{JUDGED}[indicators.b]
name = "乙"
weight = 10
{JUDGED}"""
    document = told(rules, '[answers.x]\nnot_applicable = "停办"\n[answers.b]\npoints = 8')

    assert row(document, "甲").because == ("扣10.00分：不适用：停办，分值按比例折算给其余指标",)
    assert [(one.label, one.points) for one in document.lines] == [("各项相加", "8.00"), ("", "+8.00")]
    assert document.score == "16.00"


CHOSEN = f"""\
full_marks = 10
[inputs.way]
label = "方式"
type = "choice"
choices = ["a", "b"]
[indicators.x]
name = "上"
weight = 10
aggregate = "one-of"
by = "way"
[indicators.x.a]
name = "甲"
weight = 5
{JUDGED}[indicators.x.b]
name = "乙"
weight = 5
{JUDGED}"""


def test_who_was_not_chosen_says_who_was() -> None:
    document = told(CHOSEN, '[inputs]\nway = "b"\n[answers."x.b"]\npoints = 4\nbecause = "缺一份"')

    assert row(document, "甲").because == ("不适用：按“方式”只评“乙”",)
    assert row(document, "乙").because[0].startswith("（仅作说明）扣1.00分：")
    assert (row(document, "乙").weight, row(document, "乙").points) == ("(5)", "(4.00)")
    assert (row(document, "上").weight, row(document, "上").points) == ("10", "8.00")
    assert document.brackets


ADJUSTED = f"""\
full_marks = 10
range = [0, 12]
[inputs.n]
label = "次数"
type = "count"
[indicators.a]
name = "甲"
weight = 10
{JUDGED}[[adjustments]]
id = "x"
clause = "每次加半分"
add = "0.5 * n"
"""
GIVEN = "[answers.a]\npoints = 9\nbecause = 'x'\n"


def test_an_adjustment_shows_its_reckoning() -> None:
    document = told(ADJUSTED, f"[inputs]\nn = 3\n{GIVEN}")

    assert [(one.label, one.points) for one in document.lines] == [("小计", "9.00"), ("", "+1.50")]
    assert document.lines[1].because == "每次加半分，加1.5分（0.5 × 3 = 1.5）"


def test_the_subtotal_stands_where_a_line_cannot_be_computed() -> None:
    document = told(ADJUSTED, GIVEN)

    assert [(one.label, one.points) for one in document.lines] == [("小计", "9.00")]
    assert document.score == "—"


def test_a_review_shows_the_score_before_it() -> None:
    review = '[[review]]\nindicator = "a"\npoints = 8.5\nby = "复核组"\nbecause = "补充材料不全"\n'
    document = told(ADJUSTED, f"[inputs]\nn = 0\n{GIVEN}{review}")

    assert document.notes == ("复核前 9.00",)
    assert row(document, "甲").because[1] == "扣0.50分：复核调整为8.5分（复核组），原因：补充材料不全"


def test_weights_and_conditions_that_read_one_choice_are_tables() -> None:
    rules = loads(
        HEAD
        + REGION.replace("[inputs.region]", "full_marks = 10\n[inputs.region]")
        + "".join(
            f'[indicators.{id}]\nname = "{id}"\nweight = "if region = \'东\' then {east} else {10 - east}"\n'
            f"applies = \"region = '{where}' or region = '东'\"\nnot_applicable = \"unscored\"\n{JUDGED}"
            for id, east, where in (("a", 4, "东"), ("b", 6, "西"))
        )
    )
    weights = weights_by_group(rules)
    assert weights is not None
    assert [weights.of(id) for id in ("a", "b")] == [(4, 6), (6, 4)]
    [matrix] = applicability(rules)
    assert [each for _, each in matrix.nodes] == [(True, False), (True, True)]
    assert "       东  西\n    a   4   6\n    b   6   4\n" in reading(rules, "zh")


def test_weights_that_read_a_figure_too_are_left_to_their_formula() -> None:
    rules = loads(
        f"""{HEAD}full_marks = 10
[inputs.n]
label = "人数"
type = "count"
[indicators.a]
name = "甲"
weight = "if n > 3 then 4 else 5"
{JUDGED}[indicators.b]
name = "乙"
weight = "if n > 3 then 6 else 5"
{JUDGED}"""
    )

    assert weights_by_group(rules) is None
    assert "甲  分值：若 人数 > 3 则 4，否则 5  [a]" in reading(rules, "zh")


def test_an_adjustment_that_is_a_share_of_the_full_marks_is_told_with_their_number() -> None:
    rules = (
        PLAIN
        + '[inputs.poor]\nlabel = "贫困"\ntype = "yes-no"\n[[adjustments]]\nid = "v"\nclause = "条款"\nwhen = "poor"\n'
    )
    [_, line] = told(rules + 'set_score = "50%"\n', '[inputs]\npoor = true\n[answers."a.b"]\npoints = 10').lines

    assert (line.points, line.because) == ("−5.00", "条款，总分定为5分（50% × 10 = 5）")
