"""Files to start from: an empty facts file that scores when it is filled in, and a rule file that passes as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfscore import Facts, Rulebook, assess, check, load, loads
from perfscore.examples import run_examples
from perfscore.factsfile import facts_from_text
from perfscore.report.blank import blank_facts, blank_rules

RULES = Path(__file__).parents[2] / "rules"
SHIPPED = {one.parent.name: load(one) for one in sorted(RULES.rglob("*.toml")) if not one.name.endswith(".facts.toml")}
STARTERS = {f"starter-{language}": loads(blank_rules("x", language)) for language in ("zh", "en")}
TYPES = {
    "a_count": "count",
    "a_number": "number",
    "a_percent": "percent",
    "an_amount": "money",
    "yes": "yes-no",
    "chosen": "choice",
    "day": "date",
    "words": "text",
    "名称": "count",
}
INPUTS = "".join(
    f'[inputs."{name}"]\nlabel = "{name}"\ntype = "{type}"\n' + ('choices = ["甲", "乙"]\n' if type == "choice" else "")
    for name, type in TYPES.items()
)
EVERY_TYPE_TEXT = f"""\
format = 1
[rulebook]
id = "types"
title = "types"
version = "1"
full_marks = 20
reasons = "required"
{INPUTS}
[indicators.all]
name = "All"
weight = 10
criterion = {{ kind = "clauses", losses = [
  {{ id = "judged", points = "[1, 2]" }},
  {{ id = "computed", points = 1, when = "a_count + a_number + an_amount + 名称 > 0 and a_percent > 1% and yes" }},
  {{ id = "named", points = 1, when = "chosen = '甲' and day > 2020-01-01 and words = 'x'" }},
] }}
[indicators."指标"]
name = "指标"
weight = 10
criterion = {{ kind = "checklist", items = [
  {{ id = "a", name = "a", points = 5 }}, {{ id = "要素", name = "b", points = 5 }},
] }}
"""
EVERY_TYPE = loads(EVERY_TYPE_TEXT)
GOLDEN = Path(__file__).parents[1] / "golden"
SAMPLES = {name: load(GOLDEN / f"{name}.toml") for name in ("everything", "demerit")}
"""Rule files that use all there is: not every row of them is judged, whatever is filled in."""
ALL = {**SHIPPED, **STARTERS, "every-type": EVERY_TYPE}
ANY = {**ALL, **SAMPLES}
BOTH = ("zh", "en")


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("name", ANY)
def test_a_blank_facts_file_reads_back_as_no_facts_at_all(name: str, language: str) -> None:
    facts = facts_from_text(blank_facts(ANY[name], "zh" if language == "zh" else "en")).required()

    assert facts.inputs == {}
    assert facts.subject == Facts().subject
    assert all(answer.parts() == {} and not answer.because for answer in facts.answers.values())


@pytest.mark.parametrize("name", ALL)
def test_a_blank_facts_file_leaves_everything_missing_and_nothing_zero(name: str) -> None:
    blank = facts_from_text(blank_facts(ALL[name], "zh")).required()
    result = assess(ALL[name], blank)

    assert result.score is None
    assert {one.state for one in result if one.kind} == {"missing"}
    assert [one for one in result.findings if one.place is not None] == [], "nothing in it is unknown to the rules"


def un_commented(blank: str) -> str:
    """The file as somebody fills it in who only takes the signs away."""
    return re.sub(
        r"^# (?=(?:[A-Za-z_][\w.-]*|\"[^\"]*\"|(?:items|losses|credits)\.\"[^\"]*\") = )", "", blank, flags=re.MULTILINE
    )


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("name", ANY)
def test_a_blank_facts_file_that_is_un_commented_gives_every_figure_a_place(name: str, language: str) -> None:
    rulebook = ANY[name]
    opened = facts_from_text(un_commented(blank_facts(rulebook, "zh" if language == "zh" else "en")))
    assert opened.diagnostics == ()
    facts = opened.required()

    assert set(facts.inputs) == {one.name for one in rulebook.all_inputs()}
    assert assess(rulebook, facts).to_dict()["facts_digest"] == facts.digest
    unknown = [one.message.en for one in assess(rulebook, facts).findings if one.code.number in ("PS402", "PS406")]
    assert unknown == []


SENSIBLE = {
    "count": "10",
    "number": "10",
    "money": "10",
    "percent": '"95%"',
    "yes-no": "true",
    "date": "2023-12-31",
    "text": '"…"',
}


def filled(rulebook: Rulebook) -> str:
    """Un-commented, with sensible figures written in."""
    text = un_commented(blank_facts(rulebook, "zh"))
    for one in rulebook.all_inputs():
        value = f'"{one.domain.choices[0]}"' if one.domain.choices else SENSIBLE[one.type]
        key = rf'(?:{re.escape(one.name)}|"{re.escape(one.name)}")'
        text = re.sub(rf'^({key}) = "…"$', rf"\1 = {value}", text, flags=re.MULTILINE)
    text = re.sub(r'^points = "…"', "points = 1", text, flags=re.MULTILINE)
    text = re.sub(r'^(items\.\S+) = "…"', r"\1 = true", text, flags=re.MULTILINE)
    return re.sub(r'^(losses\.\S+) = "…"', r"\1 = 0", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", ALL)
def test_a_blank_facts_file_that_is_filled_in_scores(name: str) -> None:
    facts = facts_from_text(filled(ALL[name])).required()
    result = assess(ALL[name], facts)

    assert result.score is not None
    assert [one.message.en for one in result.findings if one.severity == "error"] == []
    assert facts.subject.name == "…"
    assert all(one.state == "scored" for one in result)


@pytest.mark.parametrize("name", ANY)
def test_a_placeholder_that_was_not_filled_in_scores_nobody(name: str) -> None:
    """A sign that was taken away without writing a figure must not become a zero that somebody meant.

    «What is left out is missing, never 0»: a file that only lost its signs holds no figure that anybody wrote.
    """
    facts = facts_from_text(un_commented(blank_facts(ANY[name], "zh")))
    if facts.facts is None:
        return
    judged = [one.id for one in assess(ANY[name], facts.facts) if one.kind == "judgement" and one.points == 0]

    assert judged == []


def test_the_labels_units_and_choices_stand_beside_what_is_asked_for() -> None:
    blank = blank_facts(SHIPPED["nanjing-legal-aid"], "zh")

    assert "# 万人比（件/万人）：数，至少 0\n# cases_per_10k = " in blank
    assert "# 办理法律援助案件数（件）：整数，可不填\n" in blank
    assert '[answers."decision.goals.content"]\n# 目标内容\n# 设有项目目标、项目目标明确、' in blank
    assert "甲、乙" in blank_facts(EVERY_TYPE, "zh")


def test_the_range_of_points_stands_beside_what_is_asked_for() -> None:
    """Whoever fills it in must know how many points there are to give."""
    blank = blank_facts(SHIPPED["nanjing-legal-aid"], "zh")
    block = blank.partition('[answers."performance.output.stability"]')[2]

    assert re.search(r"20", block), block


@pytest.mark.parametrize("language", BOTH)
def test_all_that_a_facts_file_can_say_is_asked_for_where_the_rules_read_it(language: str) -> None:
    blank = blank_facts(SAMPLES["everything"], "zh" if language == "zh" else "en")

    for shape in ('grade = "…"', "ratings = [{ points = ", "credits.praise = ", "losses.messy = ", "items.study = "):
        assert f"\n# {shape}" in blank
    assert blank.count("not_applicable = ") == 4
    assert "date = 2024-12-31" in blank
    assert "\n#   [[review]]\n#   indicator = " in blank
    assert "date = " not in blank_facts(SAMPLES["demerit"], "zh"), "nothing there varies over time"


def test_a_review_that_is_un_commented_is_one() -> None:
    blank = blank_facts(SAMPLES["everything"], "zh").replace('#   points = "…"', "#   points = 11")
    head, block, rest = blank.partition("#   [[review]]")
    facts = facts_from_text(head + (block + rest).replace("#   ", "")).required()

    assert [(one.indicator, one.points) for one in facts.review] == [("decision.goals", 11)]


def test_a_row_that_does_not_apply_is_told_as_the_blank_file_shows() -> None:
    blank = blank_facts(SAMPLES["demerit"], "zh").replace(
        '# 不适用时只写：not_applicable = "为什么不适用"', 'not_applicable = "没有"'
    )
    result = assess(SAMPLES["demerit"], facts_from_text(blank).required())

    assert result["service.insurance"].state == "not-applicable"


def test_what_a_note_says_stays_a_comment() -> None:
    text = EVERY_TYPE_TEXT.replace('label = "a_count"', 'label = "a_count"\nnote = "x\\n[inputs.y]\\n\\u001b[31m"')
    facts = facts_from_text(blank_facts(loads(text), "zh")).required()

    assert "\x1b" not in blank_facts(loads(text), "zh")
    assert facts.inputs == {}


def test_a_source_can_be_given_as_the_blank_file_shows() -> None:
    assert "source" in blank_facts(SHIPPED["nanjing-legal-aid"], "zh")


# A rule file to start from


@pytest.mark.parametrize("language", BOTH)
def test_a_new_rule_file_passes_check_and_test_as_it_stands(language: str, tmp_path: Path) -> None:
    (file := tmp_path / "roads.toml").write_text(
        blank_rules("roads", "zh" if language == "zh" else "en"), encoding="utf-8"
    )

    assert check(file) == []
    rulebook = load(file)
    assert (rulebook.id, rulebook.language) == ("roads", language)
    ran = run_examples(rulebook)
    assert ran
    assert [one.diagnostics for one in ran] == [()] * len(ran)


@pytest.mark.parametrize("id", ["roads", "道路", 'a"b', "a\nb", "", "..", "x y", "[red]", "a" * 300])
@pytest.mark.parametrize("language", BOTH)
def test_a_new_rule_file_passes_whatever_it_is_called(id: str, language: str) -> None:
    rulebook = loads(blank_rules(id, "zh" if language == "zh" else "en"))

    assert rulebook.id
    assert "\n" not in rulebook.id


def test_the_two_starters_are_the_same_rules_in_two_languages() -> None:
    zh, en = STARTERS["starter-zh"], STARTERS["starter-en"]

    assert [one.id for one in zh.nodes()] == [one.id for one in en.nodes()]
    assert [one.exact_weight for one in zh.indicators()] == [one.exact_weight for one in en.indicators()]
    assert [one.criterion.kind for one in zh.indicators()] == [one.criterion.kind for one in en.indicators()]
    assert not re.search(r"[\u3400-\u9fff]", blank_rules("x", "en"))
