"""Facts: how they are read, what is refused, and that nothing is ever guessed."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from perfscore import Alternative, Answer, Assessment, Fact, Facts, FactsError, Rulebook, assess, loads, read_facts
from perfscore.factsfile import facts_from_text, open_facts
from perfscore.quantity import InexactNumberError

INPUTS = """\
[inputs.cases]
label = "案件数"
type = "count"
max = 100000

[inputs.rate]
label = "执行率"
type = "percent"
max = "120%"

[inputs.ratio]
label = "占比"
type = "percent"
bare = "ratio"

[inputs.part]
label = "份额"
type = "percent"
bare = "percent"

[inputs.spent]
label = "支出"
type = "money"
unit = "万元"
above = 0

[inputs.amount]
label = "数量"
type = "number"

[inputs.plan]
label = "有计划"
type = "yes-no"

[inputs.region]
label = "地区"
type = "choice"
choices = ["东部", "西部"]

[inputs.day]
label = "完成日期"
type = "date"

[inputs.remark]
label = "说明"
type = "text"
"""
RULES = f"""\
format = 1
[rulebook]
id = "facts"
title = "facts"
version = "1"
full_marks = 15
language = "en"

{INPUTS}
[indicators.all]
name = "All"
weight = 5
criterion = {{ kind = "clauses", losses = [
  {{ id = "a", points = 1, when = "cases < 10 and rate < 1% and ratio < 1% and part < 1% and spent < 1 and amount < 1" }},
  {{ id = "b", points = 1, when = "plan and region = \\"东部\\" and day > 2023-06-30 and remark = \\"x\\"" }},
] }}

[indicators.system]
name = "System"
weight = 5
criterion = {{ kind = "checklist", items = [
  {{ id = "rules", name = "rules", points = 2 }}, {{ id = "lawful", name = "lawful", points = 3 }},
] }}

[indicators.goal]
name = "Goal"
weight = 5
criterion = {{ kind = "judgement" }}
"""


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return loads(RULES)


def errors(result: Assessment) -> list[tuple[str, str]]:
    """Codes and messages of the findings that stand at a place of the facts."""
    return [(one.code.number, one.message.en) for one in result.findings if one.place is not None]


def of_input(rules: Rulebook, name: str, value: object) -> list[tuple[str, str]]:
    return errors(assess(rules, Facts(inputs={name: value})))


# What fits


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cases", 0),
        ("cases", 100000),
        ("cases", Decimal("5.0")),
        ("rate", "96.2%"),
        ("rate", " 96.2 % "),
        ("rate", "96.2％"),
        ("rate", "-5%"),
        ("rate", "120%"),
        ("ratio", Decimal("0.962")),
        ("part", Decimal("96.2")),
        ("spent", Decimal("0.01")),
        ("amount", Fraction(1, 3)),
        ("amount", -3),
        ("plan", False),
        ("region", "东部"),
        ("day", date(2023, 6, 30)),
        ("day", "2023-06-30"),
        ("remark", "≥ 95% was promised"),
    ],
)
def test_a_figure_that_fits_is_taken_without_a_word(rules: Rulebook, name: str, value: object) -> None:
    assert of_input(rules, name, value) == []


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("ratio", Decimal("0.5"), "50%"),
        ("part", 50, "50%"),
        ("rate", "50％", "50%"),
        ("day", "2023-07-01", date(2023, 7, 1)),
    ],
)
def test_two_spellings_of_one_figure_are_one_figure(rules: Rulebook, name: str, given: object, value: object) -> None:
    two = Facts(inputs={name: Fact(given, also=(Alternative(value),))})

    assert [one for one in assess(rules, two).findings if one.code.number == "PS409"] == []


# What does not fit


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("cases", Decimal("10.5"), "PS403", "a whole number"),
        ("cases", "12", "PS403", "expected a number (without quotes), found “12”"),
        ("cases", True, "PS403", "found true"),
        ("cases", date(2023, 1, 1), "PS403", "found 2023-01-01"),
        ("cases", -1, "PS404", "-1 is not in [0, 100000]"),
        ("cases", 100001, "PS404", "100001 is not in [0, 100000]"),
        ("rate", "96.2", "PS403", 'a percentage, as in "96.2%"'),
        ("rate", "９５％", "PS403", "found “９５％”, with full-width characters; write 95%"),
        ("rate", "ＡＢ％", "PS403", "found “ＡＢ％”"),
        ("amount", "=1/0", "PS403", "a formula that was not computed"),
        ("rate", "121%", "PS404", "121% is not in (−∞, 120%]"),
        ("rate", Decimal("0.962"), "PS405", "0.962% or 96.2%"),
        ("rate", 96, "PS405", 'write "96%"'),
        ("rate", True, "PS403", "found true"),
        ("rate", "≥95%", "PS414", "“≥95%” is a target"),
        ("rate", ">= 95%", "PS414", "is a target"),
        ("rate", "不低于95%", "PS414", "is a target"),
        ("spent", 0, "PS404", "0 is not in (0, ∞)"),
        ("spent", "≤ 3", "PS414", "is a target"),
        ("spent", "878.50万元", "PS403", "a number, as in 1234.5"),
        ("amount", "", "PS403", "a number, as in 1234.5"),
        ("amount", Decimal("9" * 61), "PS403", "60 digits"),
        ("plan", "true", "PS403", "true or false"),
        ("plan", 1, "PS403", "true or false"),
        ("region", "南部", "PS404", "“南部” is not one of: 东部, 西部"),
        ("region", 3, "PS403", "a text"),
        ("day", "2023-6-30", "PS403", "a date, as in 2023-12-31"),
        ("day", "2023年6月30日", "PS403", "a date"),
        ("day", 20230630, "PS403", "a date"),
        ("remark", 3, "PS403", "a text"),
    ],
)
def test_a_figure_that_does_not_fit_is_told_and_not_guessed(
    rules: Rulebook, name: str, value: object, code: str, words: str
) -> None:
    [(number, message)] = of_input(rules, name, value)

    assert number == code
    assert words in message
    assert assess(rules, Facts(inputs={name: value}))["all"].points is None


@pytest.mark.parametrize(
    "value",
    [None, [1], {"a": 1}, b"12", Decimal("nan"), Decimal("inf"), Decimal("1e999"), 1j, datetime(2023, 6, 30, 8)],
    ids=repr,
)
@pytest.mark.parametrize("name", ["cases", "rate", "day", "remark"])
def test_a_thing_that_is_no_figure_is_refused_or_told_and_breaks_nothing(
    rules: Rulebook, name: str, value: object
) -> None:
    """Either the facts cannot be made (a clear error at once), or the assessment tells it; `assess` never raises for facts."""
    try:
        facts = Facts(inputs={name: value})
    except (TypeError, ValueError):
        return
    result = assess(rules, facts)
    assert errors(result)
    assert result.to_dict()["score"] is None


def test_a_figure_that_does_not_fit_says_so_once(rules: Rulebook) -> None:
    """One mistake, one error: that the row has no score for it is a consequence."""
    result = assess(rules, Facts(inputs={"cases": "12"}))

    assert [one.code.number for one in result.findings if one.severity == "error" and "cases" in one.at] == ["PS403"]


# Unknown names


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(inputs={"casse": 3}), "did you mean cases?"),
        (Facts(inputs={"人口": 3}), "it has: cases, rate"),
        (Facts(answers={"gaol": Answer(points=3)}), "did you mean goal?"),
        (Facts(answers={"system": Answer(items={"rule": True})}), "did you mean rules?"),
        (Facts(answers={"goal": Answer(losses={"x": 1})}), "the rulebook has no “x”"),
        (Facts(answers={"all": Answer(points=3)}), "the rulebook has no “points”"),
    ],
    ids=str,
)
def test_an_unknown_name_is_an_error_that_offers_the_nearest(rules: Rulebook, facts: Facts, words: str) -> None:
    [(number, message)] = errors(assess(rules, facts))

    assert number in ("PS402", "PS406")
    assert words in message


def test_a_name_without_its_path_is_offered_with_it_as_toml_wants_it() -> None:
    """`output.passed` outside quotation marks is a table in TOML."""
    head = 'format = 1\nrulebook = { id = "a", title = "a", version = "1", full_marks = 2 }\n'
    leaf = 'weight = 1\nmeasure = {{ type = "percent" }}\ntarget = "≥ 1%"\ncriterion = {{ kind = "threshold" }}\n'
    tree = "".join(f'[indicators.output.{id}]\nname = "{id}"\n{leaf.format()}' for id in ("passed", "other"))
    rulebook = loads(f'{head}[indicators.output]\nname = "output"\n{tree}')
    [near] = [one for one in errors(assess(rulebook, Facts(inputs={"passed": "3%"}))) if one[0] == "PS402"]
    [far] = [one for one in errors(assess(rulebook, Facts(inputs={"人口": "3%"}))) if one[0] == "PS402"]

    assert near[1].endswith('did you mean "output.passed"?')
    assert far[1].endswith('it has: "output.passed", "output.other"')


def test_the_text_of_an_unknown_name_is_printed_harmlessly(rules: Rulebook) -> None:
    [(_, message)] = errors(assess(rules, Facts(inputs={"\x1b[31mred": 3})))

    assert "\x1b" not in message


@pytest.mark.parametrize("points", [Decimal("5.01"), -1, "5", "≥ 3", True, date(2023, 1, 1)], ids=repr)
def test_points_outside_the_rule_are_refused(rules: Rulebook, points: object) -> None:
    result = assess(rules, Facts(answers={"goal": Answer(points=points, because="…")}))

    assert result["goal"].points is None
    assert [one for one in result.findings if one.severity == "error" and one.at == ("goal",)]


def test_points_outside_the_rule_have_a_code_of_their_own(rules: Rulebook) -> None:
    """PS407 is about answers; PS404 is about figures."""
    result = assess(rules, Facts(answers={"goal": Answer(points=6, because="…")}))

    assert [one.code.number for one in result.findings if one.at == ("goal",)] == ["PS407"]


# The API


@pytest.mark.parametrize(
    "make",
    [
        lambda: Facts(inputs={"cases": 0.5}),
        lambda: Facts(inputs={"cases": Fact(0.5)}),
        lambda: Facts(inputs={"cases": Fact(1, also=(Alternative(0.5),))}),
        lambda: Facts(answers={"goal": Answer(points=0.5)}),
        lambda: Facts(answers={"goal": Answer(items={"a": 0.5})}),
        lambda: Facts(answers={"goal": Answer(losses={"a": 0.5})}),
    ],
)
def test_a_binary_float_is_refused_wherever_it_is_handed_over(make) -> None:
    with pytest.raises(InexactNumberError, match=r"0\.5 is a binary float, .*Decimal\('0\.5'\)"):
        make()


def test_the_error_about_a_float_is_a_type_error_that_keeps_the_value() -> None:
    with pytest.raises(TypeError) as raised:
        Facts(inputs={"a": 0.1})

    assert raised.value.value == 0.1


def test_facts_are_frozen_and_hashable_and_equal_by_what_they_say() -> None:
    one, other = (Facts(inputs={"a": 1, "b": "2%"}, subject="X") for _ in range(2))

    assert one == other
    assert hash(one) == hash(other)
    assert one.digest == other.digest
    with pytest.raises(AttributeError):
        one.subject = "Y"
    with pytest.raises(TypeError):
        one.inputs["a"] = 2


def test_the_digest_reads_numbers_and_not_their_spelling_or_order() -> None:
    plain = Facts(inputs={"a": Decimal("1.50"), "b": 2})

    assert plain.digest == Facts(inputs={"b": Decimal("2.0"), "a": Fraction(3, 2)}).digest
    assert plain.digest != Facts(inputs={"a": Decimal("1.51"), "b": 2}).digest
    assert plain.digest != Facts(inputs={"a": Decimal("1.50"), "b": 2}, subject="X").digest


# Files

TOML = """\
[subject]
name = "法律援助中心"
period = "2023"

[inputs]
cases = { value = 13681, source = "附件1", also = [ { value = 14892, source = "正文" } ] }
rate = "96.2%"
spent = 878.50
day = 2023-06-30

[answers."goal"]
process = "看了"
points = 4.5
by = "评价组"
evidence = ["台账", "照片"]
because = "没有量化"

[answers.system]
items = { rules = true, lawful = 0.5 }

[answers.plan]
losses = { vague = { points = 1, because = "…" }, late = 0 }
"""
DATA = {
    "subject": {"name": "法律援助中心", "period": "2023"},
    "inputs": {
        "cases": {"value": 13681, "source": "附件1", "also": [{"value": 14892, "source": "正文"}]},
        "rate": "96.2%",
        "spent": 878.50,
        "day": "2023-06-30",
    },
    "answers": {
        "goal": {
            "process": "看了",
            "points": 4.5,
            "by": "评价组",
            "evidence": ["台账", "照片"],
            "because": "没有量化",
        },
        "system": {"items": {"rules": True, "lawful": 0.5}},
        "plan": {"losses": {"vague": {"points": 1, "because": "…"}, "late": 0}},
    },
}


def test_a_facts_file_is_read_as_it_stands(tmp_path: Path) -> None:
    (file := tmp_path / "a.facts.toml").write_text(TOML, encoding="utf-8")
    facts = read_facts(file)

    assert (facts.subject.name, facts.subject.period) == ("法律援助中心", "2023")
    assert facts.inputs["cases"] == Fact(13681, "附件1", (Alternative(14892, "正文"),))
    assert str(facts.inputs["spent"].value) == "878.50"
    assert facts.inputs["day"].value == date(2023, 6, 30)
    assert facts.answers["goal"].evidence == ("台账", "照片")
    assert facts.answers["goal"].parts() == {"points": Decimal("4.5")}
    assert facts.answers["system"].parts() == {"items.rules": True, "items.lawful": Decimal("0.5")}
    assert facts.answers["plan"].parts() == {"losses.vague": 1, "losses.late": 0}
    assert facts.answers["plan"].reason("losses.vague") == "…"


def test_json_of_the_same_shape_gives_the_same_facts(tmp_path: Path) -> None:
    """Numbers of JSON are exact as well, and a date is a text there."""
    (file := tmp_path / "a.facts.json").write_text(json.dumps(DATA, ensure_ascii=False), encoding="utf-8")
    facts = read_facts(file)

    assert facts.inputs["spent"].value == Decimal("878.5")
    assert facts.digest == facts_from_text(TOML).required().digest


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "PS109"),
        ("{", "PS109"),
        ("[1]", "PS109"),
        ("3", "PS109"),
        ('{"inputs": {"a": NaN}}', "PS112"),
        ('{"inputs": {"a": Infinity}}', "PS112"),
        ('{"inputs": {"a": null}}', "PS112"),
        ('{"inputs": {"a": [1]}}', "PS112"),
        ('{"inputs": 3}', "PS112"),
        ('{"input": {}}', "PS110"),
        ("[" * 100_000, "PS109"),
        ('{"a": ' * 5000, "PS109"),
        ('{"inputs": {"a": ' + "9" * 5000 + "}}", "PS109"),
    ],
    ids=lambda text: text[:30],
)
def test_json_that_is_no_facts_is_told(tmp_path: Path, text: str, code: str) -> None:
    (file := tmp_path / "a.json").write_text(text, encoding="utf-8")

    assert [one.code.number for one in open_facts(file).diagnostics] == [code]
    with pytest.raises(FactsError):
        read_facts(file)


@pytest.mark.parametrize("text", ['{"inputs": {"a": 1, "a": 2}}', '{"inputs": {}, "inputs": {"a": 2}}'])
def test_a_key_that_json_writes_twice_is_told_as_in_toml(tmp_path: Path, text: str) -> None:
    """TOML refuses it (PS103); silently taking the last figure would score what nobody can see."""
    (file := tmp_path / "a.json").write_text(text, encoding="utf-8")

    assert open_facts(file).diagnostics


@pytest.mark.parametrize(
    ("text", "code", "line", "near"),
    [
        ("[input]\na = 1", "PS110", 1, "inputs"),
        ("[answers.a]\npoint = 3", "PS110", 2, "points"),
        ("[answers.a]\nbecuase = '…'", "PS110", 2, "because"),
        ("[inputs]\na = { valeu = 3, value = 2 }", "PS110", 2, "value"),
        ("[subject]\nnmae = 'x'", "PS110", 2, "name"),
        ("[answers.a]\nlosses = { x = { points = 1, why = '…' } }", "PS110", 2, ""),
        ("[inputs]\na = { source = 'x' }", "PS111", 2, "value"),
        ("[inputs]\noutput.passed = 3", "PS110", 2, 'write "output.passed" = …'),
        ("[inputs]\na.b.c = { value = 3, source = 'x' }", "PS110", 2, 'write "a.b.c" = …'),
        ("[inputs]\na = [1, 2]", "PS112", 2, ""),
        ("[inputs]\na = 07:32:00", "PS112", 2, ""),
        ("[answers]\na = 9", "PS112", 2, ""),
        ("[answers.a]\nevidence = 'x'", "PS112", 2, ""),
        ("[answers.a]\nby = 3", "PS112", 2, ""),
        ("[answers.a]\nitems = [true]", "PS112", 2, ""),
        ("[answers.a]\nlosses = { x = {} }", "PS111", 2, "points"),
        ("[subject]\nperiod = 2023", "PS112", 2, ""),
        ("answers = 3", "PS112", 1, ""),
        ("[[review]]\nindicator = 'a'", "PS111", 1, "points"),
        ("[[review]]\npoints = 8", "PS111", 1, "indicator"),
        ("[[review]]\nindicator = 'a'\npoints = inf", "PS107", 3, ""),
        ("review = 3", "PS112", 1, ""),
        ("[inputs]\na = inf", "PS107", 2, ""),
    ],
)
def test_the_shape_of_a_facts_file_is_told_at_its_line(text: str, code: str, line: int, near: str) -> None:
    opened = facts_from_text(text)
    [one] = opened.diagnostics

    assert (one.code.number, opened.source.position(opened.source.span(one.at, one.part).start)[0]) == (code, line)
    assert near in one.message.en + (one.hint.en if one.hint else "")
    assert opened.facts is None


def test_every_mistake_of_a_facts_file_is_told_at_once() -> None:
    opened = facts_from_text("[input]\n[inputs]\na = [1]\nb = { source = 'x' }\n[answers.a]\npoint = 1\nby = 3\n")

    assert [one.code.number for one in opened.diagnostics] == ["PS110", "PS112", "PS111", "PS110", "PS112"]


def test_the_place_of_a_finding_leads_to_its_line(rules: Rulebook) -> None:
    opened = facts_from_text('[inputs]\nrate = "≥95%"\n[answers.system]\nitems = { rule = true }\n')
    found = [one for one in assess(rules, opened.required()).findings if one.place]

    assert [opened.source.position(opened.source.span(one.place).start)[0] for one in found] == [2, 4]


# Sources


def test_sources_that_disagree_say_the_score_under_each(rules: Rulebook) -> None:
    low = loads(RULES.replace("< 10 and rate < 1% and ratio < 1% and part < 1% and spent < 1 and amount < 1", "< 10"))
    low = loads(
        RULES.partition("[indicators.all]")[0].replace("= 15", "= 10")
        + '[indicators.n1]\nname = "n"\nweight = 10\nmeasure = "cases"\ntarget = "≥ 10"\ncriterion = { kind = "threshold" }\n'
    )
    told = {
        other: [
            one.message.en
            for one in assess(low, Facts(inputs={"cases": Fact(12, "A", (Alternative(other, "B"),))})).findings
            if one.code.number == "PS409"
        ]
        for other in (12, 13, 9)
    }

    assert told[12] == []
    assert told[13][0].endswith("the score does not depend on it (10.00 under both)")
    assert told[9][0].endswith("the score is 10.00 under the first and 0.00 under the second")


def test_the_source_of_a_figure_stands_in_the_deduction() -> None:
    low = loads(
        RULES.partition("[indicators.all]")[0].replace("= 15", "= 10")
        + '[indicators.n1]\nname = "n"\nweight = 10\nmeasure = "cases"\ntarget = "≥ 10"\ncriterion = { kind = "threshold" }\n'
    )
    [lost] = assess(low, Facts(inputs={"cases": Fact(9, "附件1")})).deductions

    assert [(one.name, one.value, one.source) for one in lost.inputs] == [("cases", "9", "附件1")]
