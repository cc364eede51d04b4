"""Every kind that is installed: its page, its worked examples, its two languages."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from attrs import evolve

from perfscore import assess
from perfscore.criteria import chinese_page_of, examples_of, kind_named, kind_names, page_of
from perfscore.criterion import Case, Example
from perfscore.errors import UnknownKindError
from perfscore.examples import assessment_of, rulebook_of
from perfscore.factsfile import facts_from_text
from perfscore.report.pages import kind_page, kind_title
from perfscore.rulefile import open_text
from perfscore.testing.laws import within_reach

CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
CASES = [
    pytest.param(example, case, id=f"{kind}-{number}-{line}")
    for kind in kind_names()
    for number, example in enumerate(examples_of(kind_named(kind)), start=1)
    for line, case in enumerate(example.cases, start=1)
]
EXAMPLES = [
    pytest.param(example, id=f"{kind}-{number}")
    for kind in kind_names()
    for number, example in enumerate(examples_of(kind_named(kind)), start=1)
]


def test_the_kinds_that_ship_are_found_by_their_place() -> None:
    shipped = (
        *("bands", "checklist", "clauses", "direct", "graded", "interpolated", "judgement", "lookup"),
        *("per-occurrence", "proportional", "ranked", "stepped", "threshold"),
    )

    assert set(shipped) <= set(kind_names())
    assert [kind_named(one).kind for one in shipped] == list(shipped)


@pytest.mark.parametrize(("example", "case"), CASES)
def test_a_worked_example_gives_its_points_and_its_reasons(example: Example, case: Case) -> None:
    result = assessment_of(example, case)

    assert result.score is not None, [one.message.en for one in result.findings]
    assert Fraction(result.score) == Fraction(case.points)
    assert tuple(one.because.zh for one in result.deductions) == case.because


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_is_a_rule_that_nobody_complains_about(example: Example) -> None:
    weight = example.rule.partition("\nweight = ")[2].partition("\n")[0]
    header = f'format = 1\n[rulebook]\nid = "e"\ntitle = "e"\nversion = "1"\nfull_marks = {weight}\n\n'

    assert open_text(header + example.rule).diagnostics == ()


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_shows_both_full_points_and_a_loss(example: Example) -> None:
    weight = max(Fraction(leaf.exact_weight) for leaf in rulebook_of(example).indicators())
    points = [Fraction(case.points) for case in example.cases]

    assert min(points) < weight
    assert any(case.because for case in example.cases)
    assert all(bool(case.because) == (Fraction(case.points) < weight) for case in example.cases)


@pytest.mark.parametrize("kind", kind_names())
def test_a_kind_shows_full_points_somewhere(kind: str) -> None:
    """At least one line of its examples loses nothing."""
    cases = [case for example in examples_of(kind_named(kind)) for case in example.cases]

    assert any(not case.because for case in cases)


@pytest.mark.parametrize("kind", kind_names())
def test_a_kind_has_a_page_in_both_languages(kind: str) -> None:
    cls = kind_named(kind)

    assert kind_title(cls).partition(" · ")[2].startswith(f"{kind} — ")
    assert CHINESE.search(kind_title(cls).partition(" · ")[0])
    assert "criterion = {" in page_of(cls)
    assert f'kind = "{kind}"' in page_of(cls)
    assert len(CHINESE.findall(chinese_page_of(cls))) > 30
    assert examples_of(cls)


@pytest.mark.parametrize("kind", kind_names())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_kind_shows_every_key_and_every_example(kind: str, language: str) -> None:
    page = kind_page(kind, "zh" if language == "zh" else "en")

    for example in examples_of(kind_named(kind)):
        assert example.rule.strip() in page
        assert example.title.into("zh" if language == "zh" else "en") in page
    assert page.count("```") % 2 == 0
    keys, *examples = page.split("\n### ")
    for part, bars in ((keys, 3), *((example, 2) for example in examples)):
        assert [line for line in part.splitlines() if line.startswith("| `") and line.count(" | ") != bars] == []


@pytest.mark.parametrize("kind", kind_names())
def test_the_english_page_gives_its_reasons_in_english(kind: str) -> None:
    """A reader of the English page is shown the English sentence, not the Chinese one."""
    page = kind_page(kind, "en")
    sentences = [
        one.because.en
        for example in examples_of(kind_named(kind))
        for case in example.cases
        for one in assessment_of(example, case).deductions
    ]

    assert [one for one in sentences if one.replace("|", r"\|") not in page] == []


@pytest.mark.parametrize(("example", "case"), CASES)
def test_an_english_sentence_holds_no_chinese_but_the_authors(example: Example, case: Case) -> None:
    """What is Chinese in it must be a text of the rule file or the facts, word for word."""
    written = example.rule + case.facts
    for one in assessment_of(example, case).deductions:
        for run in re.findall(r"[\u3400-\u9fff]+", one.because.en):
            assert run in written, one.because.en
        for sign in re.findall(r"[\u3000-\u303f\uff00-\uffef]", one.because.en):
            assert sign in written, one.because.en


@pytest.mark.parametrize(("example", "case"), CASES)
def test_the_formula_of_a_loss_ends_in_what_was_lost(example: Example, case: Case) -> None:
    """Unless the points ran out: then it says what would have been lost, which is more."""
    for one in assessment_of(example, case).deductions:
        last = re.split(r"= |≈", one.formula("en"))[-1].strip()
        lost = Fraction(last)
        assert abs(lost - Fraction(one.points)) <= Fraction(1, 100) or (one.capped and lost > one.points)


def test_a_stranger_is_answered_with_the_nearest_kind() -> None:
    with pytest.raises(UnknownKindError) as raised:
        kind_named("treshold")

    assert raised.value.near == "threshold"
    assert str(raised.value).endswith("did you mean 'threshold'?")


@pytest.mark.parametrize("name", ["", "__init__", "..threshold", "criteria", "os", "threshold.py"])
def test_a_name_that_is_no_kind_imports_nothing(name: str) -> None:
    with pytest.raises(UnknownKindError):
        kind_named(name)


HEADER = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
[inputs.n]
label = "N"
type = "count"
needed = false
[indicators.a]
name = "A"
weight = 10
"""


SHARES_OF_THE_WEIGHT = {"threshold", "proportional", "interpolated", "graded", "judgement", "ranked", "direct"}


def test_a_kind_that_says_a_share_of_its_weight_says_so() -> None:
    """In a pool a member has no weight of its own, so these are refused there."""
    assert {name for name in kind_names() if kind_named(name).starts_from_weight} == SHARES_OF_THE_WEIGHT


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("demerit", [False, True], ids=["merit", "demerit"])
def test_points_are_kept_or_incurred_within_what_analysis_promised(example: Example, demerit: bool) -> None:
    """Whichever way a rulebook counts, every line of a kind's examples lies in the interval that bounds prove."""
    rulebook = evolve(rulebook_of(example), counts="demerit" if demerit else "merit")
    for case in example.cases:
        text = case.facts if case.facts.startswith("[") else f"[inputs]\n{case.facts}"
        within_reach(rulebook, assess(rulebook, facts_from_text(text).required()))


# Each of these can be read in no way that an author can mean.
@pytest.mark.parametrize(
    "body",
    [
        pytest.param('criterion = { kind = "judgement", points = "[8, 2]" }', id="a range that begins above its end"),
        pytest.param(
            'measure = { type = "percent" }\ncriterion = { kind = "bands", otherwise = 0, bands = [\n{ in = "[90%, 80%]", points = 1 } ] }',
            id="a band that holds no value",
        ),
        pytest.param(
            'criterion = { kind = "per-occurrence", deductions = [\n{ id = "x", of = "n", each = 1, at_most = "[1, 3]" } ] }',
            id="a limit that is a range",
        ),
        pytest.param(
            'criterion = { kind = "clauses", losses = [\n{ id = "x", of = "n", each = 1, at_most = "[1, 3]" } ] }',
            id="a clause whose limit is a range",
        ),
        pytest.param(
            'measure = { type = "percent" }\ntarget = "≥ 80%"\ncriterion = { kind = "stepped", '
            'below = { every = "1pp", deduct = 1, at_most = "[1, 3]", part_step = "whole" } }',
            id="a side whose limit is a range",
        ),
        pytest.param('criterion = { kind = "per-occurrence", deductions = [] }', id="nothing to count"),
        pytest.param('criterion = { kind = "clauses", losses = [] }', id="no clause"),
        pytest.param(
            'measure = { type = "percent" }\ncriterion = { kind = "bands", otherwise = 0, bands = [] }', id="no band"
        ),
        pytest.param(
            'measure = { type = "percent" }\ntarget = "≥ 95"\ncriterion = { kind = "threshold" }',
            id="95 for 95 per cent, which nobody can reach",
        ),
        pytest.param(
            'measure = { type = "percent" }\ncriterion = { kind = "bands", otherwise = 0, bands = [\n{ in = "≥ 90", points = 10 } ] }',
            id="a band from 90 for a percentage",
        ),
        pytest.param(
            'measure = { type = "date" }\ntarget = "≤ 2023-06-30"\n'
            'criterion = { kind = "stepped", above = { every = 1, deduct = 1, part_step = "whole" } }',
            id="steps between dates",
        ),
        pytest.param(
            'criterion = { kind = "bands", otherwise = 0, bands = [\n{ in = "≥ 3", points = 4 } ] }',
            id="a band without a measure",
        ),
        pytest.param(
            'criterion = { kind = "clauses", losses = [\n{ id = "x", points = "target" } ] }',
            id="a target that there is none",
        ),
        pytest.param(
            'criterion = { kind = "clauses", losses = [\n{ id = "x", when = "value > 3", points = 1 } ] }',
            id="a value that there is none",
        ),
        pytest.param(
            'measure = { type = "percent" }\ntarget = "[80%, 90%]"\ncriterion = { kind = "clauses", losses = [\n'
            '{ id = "x", when = "value < target", points = 1 } ] }',
            id="a target that is no number",
        ),
    ],
)
def test_what_no_author_can_mean_is_complained_about(body: str) -> None:
    opened = open_text(HEADER + body + "\n")

    told = [one for one in opened.diagnostics if one.code.number != "PS215"]  # not every rule here reads n
    assert told
    lines = [opened.source.position(opened.source.span(one.at, one.part, one.within).start)[0] for one in told]
    assert all(line > HEADER.count("\n") for line in lines)
