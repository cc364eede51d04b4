"""The cases that rules tell apart, which of them worked examples take, and examples for the others."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from perfscore.analysis.boundaries import suggestions
from perfscore.analysis.coverage import coverage, sweep_of
from perfscore.analysis.treeturns import watches
from perfscore.criteria import kind_names
from perfscore.examples import run_examples
from perfscore.planning import compiled
from perfscore.report.worked import covered, examples_toml, why_not, witness_of
from perfscore.rulebook import Rulebook
from perfscore.rulefile import open_path, open_text
from perfscore.testing import cases_can_be_taken

ROOT = Path(__file__).parents[2]
RULES = sorted(one for one in (ROOT / "rules").rglob("*.toml") if not one.name.endswith(".facts.toml"))
HEADER = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = {marks}
reasons = "reported"
[inputs.n]
label = "N"
type = "count"
needed = false
[inputs.bad]
label = "坏"
type = "yes-no"
needed = false
[inputs.which]
label = "哪种"
type = "choice"
choices = ["x", "y"]
needed = false
[indicators.a]
name = "甲"
"""


def rules(rest: str, marks: int = 10) -> Rulebook:
    return open_text(HEADER.format(marks=marks) + rest).required()


def cases(rulebook: Rulebook) -> list[str]:
    return [f"{one.turn.node}:{one.turn.name}" for one in watches(compiled(rulebook))]


BANDS = """\
weight = 10
measure = "n"
criterion = { kind = "bands", otherwise = 0, bands = [ { in = "≥ 90", points = 10 }, { in = "[80, 90)", points = 6 } ] }
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(BANDS, ["band-1", "band-2", "otherwise"], id="each band"),
        pytest.param(
            'weight = 10\nmeasure = "n"\ntarget = "≥ 10"\ncriterion = { kind = "threshold" }',
            ["met", "not-met"],
            id="each side of a target",
        ),
        pytest.param(
            'weight = 10\ncriterion = { kind = "per-occurrence", deductions = [ { id = "late", of = "n", each = 2, at_most = 4 } ] }',
            ["late.nothing", "late", "late.at-most"],
            id="a loss not taken, taken, and at its limit",
        ),
        pytest.param(
            'weight = 10\ncriterion = { kind = "per-occurrence", deductions = [ { id = "late", of = "n", each = 2 } ] }',
            ["late.nothing", "late", "nothing-left"],
            id="points that run out",
        ),
        pytest.param(
            'weight = 10\ncriterion = { kind = "clauses", losses = [ { id = "none", when = "bad", points = 10 } ] }',
            ["none-1", "none-2.nothing"],
            id="a clause with a condition",
        ),
        pytest.param(
            'weight = 10\ncriterion = { kind = "graded", grades = [ { name = "好", points = 10 }, { name = "差", points = 0 } ] }',
            ["grade-1", "grade-2"],
            id="each grade",
        ),
        pytest.param(
            'weight = 10\nmeasure = { type = "count", min = 1 }\ncriterion = { kind = "ranked", places = [10, 8], otherwise = 0 }',
            ["place-1", "place-2", "later-place"],
            id="each place",
        ),
        pytest.param(
            'weight = 10\ncriterion = { kind = "lookup", by = ["which"], rows = [\n'
            '{ when = ["x"], points = 5 }, { when = ["y"], points = 10 } ] }',
            ["row-1", "row-2"],
            id="each row of a table",
        ),
        pytest.param(
            'weight = 10\nmeasure = "n"\ntarget = "≥ 10"\nmissing = "zero"\nnot_applicable = "rescale"\ncriterion = { kind = "threshold" }',
            ["met", "not-met", "state.missing", "state.not-applicable"],
            id="each state that is declared",
        ),
    ],
)
def test_the_cases_of_a_rule_are_read_from_its_losses(body: str, expected: list[str]) -> None:
    assert cases(rules(body)) == [f"a:{one}" for one in expected]


TREE = """\
weight = 10
measure = "n"
target = "≥ 10"
criterion = { kind = "threshold" }
[ratings]
scale = [ { name = "优", from = 9 }, { name = "差", from = 0 } ]
[[adjustments]]
id = "veto"
clause = "一票否决"
when = "bad"
cap_score = 5
"""


def test_ratings_and_adjustments_are_cases_of_the_whole() -> None:
    assert cases(rules(TREE))[2:] == [":adjustments.veto", ":adjustments.veto.not", ":ratings.优", ":ratings.差"]


ONE_OF = """\
weight = 10
aggregate = "one-of"
by = "which"
[indicators.a.x]
name = "一"
weight = 1
criterion = { kind = "judgement" }
[indicators.a.y]
name = "二"
weight = 1
criterion = { kind = "judgement" }
"""


def test_each_member_that_can_be_chosen_is_a_case() -> None:
    assert [one for one in cases(rules(ONE_OF)) if "chosen" in one] == ["a:chosen.x", "a:chosen.y"]


POOL = """\
weight = 10
aggregate = "pool"
[indicators.a.x]
name = "一"
criterion = { kind = "per-occurrence", deductions = [ { id = "late", of = "n", each = 2 } ] }
"""


def test_a_pool_can_run_out() -> None:
    found = coverage(rules(POOL))

    assert "a:nothing-left" in cases(rules(POOL))
    assert all(one.trial is not None for one in found.untaken)


BONUS = """\
weight = 0
range = [{low}, 5]
measure = "n"
criterion = {{ kind = "clauses", credits = [ {{ id = "each", of = "n", each = 1, at_most = {most} }} ] }}
[indicators.b]
name = "乙"
weight = 10
criterion = {{ kind = "clauses", losses = [ {{ id = "x", when = "bad", points = 10 }} ] }}
"""
GROUP = """\
range = [2, 6]
[indicators.a.x]
name = "一"
weight = 5
criterion = {{ kind = "per-occurrence", deductions = [ {{ id = "late", of = "n", each = {each} }} ] }}
[indicators.a.y]
name = "二"
weight = 5
criterion = {{ kind = "clauses", losses = [ {{ id = "bad", when = "bad", points = 1 }} ] }}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BONUS.format(low=0, most=8), ["a:range"]),
        (BONUS.format(low=0, most=5), []),
        (GROUP.format(each=1), ["a:range.high"]),
        (GROUP.format(each=1).replace("points = 1 }", "points = 5 }"), ["a:range.low", "a:range.high"]),
    ],
)
def test_an_end_of_a_range_that_cuts_is_a_case_and_one_that_cannot_is_none(text: str, expected: list[str]) -> None:
    head = HEADER.format(marks=10).replace("reasons =", "range = [0, 20]\nreasons =")
    rulebook = open_text(head + text).required()
    found = coverage(rulebook)

    assert [one for one in cases(rulebook) if ":range" in one] == expected
    assert [one.turn.name for one in found.untaken if one.trial is None] == []


SHARED = """\
weight = 10
measure = "n"
target = "≥ part"
criterion = { kind = "threshold" }
[parameters.part]
label = "应到"
by = "which"
values = { x = 5, y = 7 }
"""


def test_each_value_of_a_parameter_is_a_case_of_those_who_read_it() -> None:
    rulebook = rules(SHARED + example(facts='{ n = 9, which = "x" }', points="{ a = 10 }"))
    found = coverage(rulebook)

    assert cases(rulebook) == ["a:met", "a:not-met", "a:parameters.part.x", "a:parameters.part.y"]
    assert [one.turn.name for one in found.untaken] == ["not-met", "parameters.part.y"]
    assert [one.turn.name for one in found.untaken if one.trial is None] == []


def test_what_is_proved_never_to_happen_is_no_case() -> None:
    never = 'weight = 10\nmeasure = "n"\ncriterion = { kind = "bands", otherwise = 0, bands = [ { in = "≥ 0", points = 10 } ] }'

    assert cases(rules(never)) == ["a:band-1"]


@pytest.mark.parametrize("kind", kind_names())
def test_each_case_of_the_worked_examples_of_a_kind_can_be_taken(kind: str) -> None:
    cases_can_be_taken(kind)


def example(**keys: str) -> str:
    return "\n[[examples]]\n" + "\n".join(f"{key} = {value}" for key, value in {"title": '"t"', **keys}.items())


@pytest.mark.parametrize(
    ("promised", "taken"),
    [
        pytest.param({"points": "{ a = 10 }"}, {"met"}, id="points hold the node that they name"),
        pytest.param({"score": "10"}, {"met", "adjustments.veto.not"}, id="a score holds all but the rating"),
        pytest.param({"rating": '"优"'}, {"met", "adjustments.veto.not", "ratings.优"}, id="a rating holds all"),
        pytest.param({"score": "9"}, set(), id="an example that fails holds nothing"),
    ],
)
def test_an_example_takes_the_cases_that_it_holds_the_rule_to(promised: dict[str, str], taken: set[str]) -> None:
    rulebook = rules(TREE + example(facts="{ n = 10, bad = false }", **promised))
    found = coverage(rulebook, search=False)
    untaken = {one.turn.name for one in found.untaken}

    assert {one.name for one in found.turns} - untaken == taken
    assert found.share == Fraction(len(taken), 6)


def test_a_case_that_is_not_taken_comes_with_figures_that_would_take_it() -> None:
    rulebook = rules(BANDS + example(facts="{ n = 95 }", points="{ a = 10 }"))
    found = coverage(rulebook)
    told = {one.turn.name: witness_of(rulebook, one) for one in found.untaken}

    assert told["band-2"] is not None
    assert 80 <= int(told["band-2"]["n"]) < 90
    assert told["otherwise"] is not None
    assert int(told["otherwise"]["n"]) < 80
    assert covered(found, "zh")[0] == "覆盖：3 种情形走到 1 种（33.3%）"


def test_every_witness_takes_its_case() -> None:
    """Each was judged: here once more, as a rule file's own example."""
    rulebook = rules(TREE)
    found = coverage(rulebook)
    assert [one.turn.name for one in found.untaken if one.trial is None] == []
    [*made] = suggestions(rulebook)
    more = coverage(evolve(rulebook, examples=tuple(made)), search=False)

    assert [one.turn.name for one in more.untaken] == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.name)
def test_suggested_examples_can_be_read_hold_and_cover_more(path: Path) -> None:
    rulebook = open_path(path).required()
    before = coverage(rulebook)
    written = examples_toml(suggestions(rulebook), "zh")
    opened = open_text(path.read_text("utf-8") + "\n" + written)
    after = coverage(opened.required(), search=False)

    assert [one.message.zh for one in opened.diagnostics if one.severity == "error"] == []
    assert [one.example.title for one in run_examples(opened.required()) if one.diagnostics] == []
    assert after.taken > before.taken
    assert [one.turn.name for one in after.untaken] == [one.turn.name for one in before.untaken if one.trial is None]
    assert written.count("# 待核对") == written.count("[[examples]]")


def test_suggestions_stand_at_just_under_and_just_over_an_edge_and_without_the_figure() -> None:
    made = suggestions(rules('weight = 10\nmeasure = "n"\ntarget = "≥ 10"\ncriterion = { kind = "threshold" }'))

    assert [(dict(one.facts), dict(one.points) or dict(one.state)) for one in made] == [
        ({"n": 9}, {"a": 0}),
        ({"n": 10}, {"a": 10}),
        ({"n": 11}, {"a": 10}),
        ({}, {"a": "missing"}),
    ]


def test_what_an_example_says_already_is_not_suggested_again() -> None:
    body = 'weight = 10\nmeasure = "n"\ntarget = "≥ 10"\ncriterion = { kind = "threshold" }\n'
    every = suggestions(rules(body))
    rulebook = rules(body + examples_toml(every, "en"))

    assert len(every) == 4
    assert suggestions(rulebook) == ()


def test_an_example_that_fails_shows_what_was_lost_and_from_which_figures() -> None:
    rulebook = rules(TREE + example(facts="{ n = 9 }", points="{ a = 10 }"))
    [ran] = run_examples(rulebook)

    assert why_not(ran, "zh") == [
        "算例“t”算出来是：",
        "  甲：0.00分（满分 10）",
        "    −10.00 N9，未达到目标 ≥ 10",
        "          10",
    ]


def test_a_search_finds_the_same_on_every_run() -> None:
    rulebook = rules(BANDS)
    plan = compiled(rulebook)
    every = watches(plan)

    first, second = ([*sweep_of(plan, plan.nodes[1]).find(every).values()] for _ in range(2))
    assert first == second
