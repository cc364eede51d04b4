"""The laws of the design, over generated rulebooks and facts at and around every edge, for every installed kind."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

import perfscore
from perfscore import Assessment, Facts, Indicator, Input, Rulebook, assess, dumps, loads, testing
from perfscore.criteria import kind_named
from perfscore.criterion import Loss, Points
from perfscore.facts import Answer
from perfscore.formula.arithmetic import Absent, Rated, Records, Slot
from perfscore.formula.exact import fraction
from perfscore.formula.shapes import VALUE, Choice, Comparison, Constant, Name, Text
from perfscore.formula.vocabulary import NUMERIC, Domain, ValueType
from perfscore.formula.walking import names
from perfscore.indicator import Branch, Varying
from perfscore.intake import row_of
from perfscore.plan import DAY, Plan
from perfscore.planning import compiled
from perfscore.quantity import Rounding
from perfscore.rulefile import open_text
from perfscore.writtenformulas import written_formulas
from tests.laws import naive, naive_tree

RULEBOOKS = testing.rulebooks(max_leaves=3)
FEW = settings(max_examples=10, suppress_health_check=list(HealthCheck))


@st.composite
def cases(draw: st.DrawFn, **choices: Any) -> tuple[Rulebook, Facts]:
    """A rulebook and facts for it."""
    rulebook = draw(testing.rulebooks(**choices))
    return rulebook, draw(testing.facts(rulebook))


@st.composite
def blindly_drawn(draw: st.DrawFn) -> Rulebook:
    """A rulebook of one indicator, drawn without asking whether anything in it makes sense."""
    types = draw(st.lists(st.sampled_from([one for one in get_args(ValueType) if one != "table"]), max_size=4))
    inputs = tuple(Input(f"x{at}", f"x{at}", type, domain=Domain(Fraction(0))) for at, type in enumerate(types))
    leaf = draw(testing.leaves({one.name: one.term for one in inputs}, blindly=True))
    return Rulebook("r", "r", "1", (leaf,), leaf.exact_weight, rounding=Rounding(3), inputs=inputs)


@given(cases(max_leaves=3))
def test_points_lie_between_nothing_and_the_weight(case: tuple[Rulebook, Facts]) -> None:
    testing.within_weight(assess(*case))


@given(cases(max_leaves=3))
def test_every_lost_point_is_named(case: tuple[Rulebook, Facts]) -> None:
    testing.every_lost_point_is_named(assess(*case))


@given(cases(max_leaves=3))
def test_the_tree_adds_up_in_published_figures(case: tuple[Rulebook, Facts]) -> None:
    testing.tree_adds_up(assess(*case))


@given(cases(max_leaves=3))
def test_same_rules_and_same_facts_give_the_same_bytes(case: tuple[Rulebook, Facts]) -> None:
    testing.same_bytes(*case)


@given(cases(max_leaves=3))
def test_every_leaf_is_in_one_state_and_its_policy_decides(case: tuple[Rulebook, Facts]) -> None:
    testing.states_add_up(assess(*case))


@given(cases(max_leaves=3))
def test_missing_is_not_zero(case: tuple[Rulebook, Facts]) -> None:
    testing.missing_is_not_zero(*case)


@given(cases(max_leaves=3))
def test_what_analysis_proved_holds(case: tuple[Rulebook, Facts]) -> None:
    testing.within_reach(case[0], assess(*case))


def test_while_nobody_chose_no_policy_of_one_member_counts() -> None:
    """One of two indicators, and nobody said which: neither has its points for missing figures."""
    figure = Input("x", "x", "number", needed=False)
    leaves = tuple(
        Indicator(f"b.{key}", key, 10, kind_named("direct")(), Name("x"), missing="zero") for key in ("p", "q")
    )
    branch = Branch("b", "b", leaves, weight=Fraction(10), aggregate="one-of", by="which")
    choice = Input("which", "which", "choice", domain=Domain(choices=("p", "q")))
    rules = Rulebook("r", "r", "1", (branch,), 10, inputs=(figure, choice))

    undecided = assess(rules, Facts(inputs={"x": 3}))
    testing.states_add_up(undecided)
    assert (undecided["b.p"].state, undecided["b.p"].points) == ("missing", None)
    assert assess(rules, Facts(inputs={"which": "p"}))["b.p"].points == 0


@given(RULEBOOKS)
def test_a_rulebook_survives_writing_and_reading(rulebook: Rulebook) -> None:
    testing.survives_writing(rulebook)


def test_a_target_without_words_of_its_own_survives_writing() -> None:
    """A rulebook built in Python need not say its target twice."""
    target = Comparison(VALUE, "≥", Constant(Fraction(10)))
    leaf = Indicator("a", "a", 10, kind_named("threshold")(), Input("a", "a", "number"), target)
    testing.survives_writing(Rulebook("r", "r", "1", (leaf,), 10))


def test_a_count_without_a_domain_survives_writing() -> None:
    """A rulebook built in Python accepts the counts that its file accepts."""
    leaf = Indicator("a", "a", 10, kind_named("judgement")(), Input("a", "a", "count"))
    testing.survives_writing(Rulebook("r", "r", "1", (leaf,), 10))


def test_a_branch_that_says_the_sum_of_weights_that_vary_survives_writing() -> None:
    """A branch may fix its own points where a formula gives those of its members."""
    weight = Varying(Choice(Comparison(Name("g"), "=", Text("a")), Constant(Fraction(5)), Constant(Fraction(5))))
    leaves = tuple(Indicator(f"b.{key}", key, weight, kind_named("judgement")()) for key in ("x", "y"))
    branch = Branch("b", "b", leaves, weight=Fraction(10))
    group = Input("g", "g", "choice", domain=Domain(choices=("a", "b")))
    testing.survives_writing(Rulebook("r", "r", "1", (branch,), 10, inputs=(group,)))


def test_points_that_python_gives_as_a_percent_constant_survive_writing() -> None:
    """60% handed over as a number of points is 0.6 points, and stays that when it is written."""
    otherwise = Points(Constant(Fraction(3, 5), "percent"))
    target = Comparison(VALUE, "≥", Constant(Fraction(10)))
    criterion = kind_named("threshold")(otherwise=otherwise)  # type: ignore[call-arg]
    leaf = Indicator("a", "a", 10, criterion, Input("a", "a", "number"), target)
    testing.survives_writing(Rulebook("r", "r", "1", (leaf,), 10))


@given(cases(max_leaves=3))
def test_points_are_what_a_second_reader_finds(case: tuple[Rulebook, Facts]) -> None:
    points_are_what_a_second_reader_finds_in(case)


@given(st.data())
def test_better_never_scores_worse(data: st.DataObject) -> None:
    better_never_worse(data)


@given(blindly_drawn(), st.data())
def test_whatever_the_checks_accept_can_be_judged(rulebook: Rulebook, data: st.DataObject) -> None:
    """A mistake in a rule file is a diagnostic: never a traceback, neither when it is checked nor when it is used."""
    opened = open_text(dumps(rulebook))
    if opened.rulebook is not None:
        assess(opened.rulebook, data.draw(testing.facts(opened.rulebook))).to_dict()


@FEW
@given(st.lists(cases(), min_size=8, max_size=8))
def test_the_bytes_are_the_same_in_another_process(many: list[tuple[Rulebook, Facts]]) -> None:
    program = (
        "import pickle, sys; from perfscore import testing, assess\n"
        "sys.stdout.buffer.write(b'\\n'.join(testing.published(assess(*one)) for one in pickle.load(sys.stdin.buffer)))"
    )
    here = b"\n".join(testing.published(assess(*one)) for one in many)
    where = os.pathsep.join([os.path.dirname(os.path.dirname(perfscore.__file__)), *sys.path])
    env = {**os.environ, "PYTHONPATH": where, "PYTHONHASHSEED": "4711"}
    there = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(many), capture_output=True, env=env, check=True
    )
    assert there.stdout == here


def points_are_what_a_second_reader_finds_in(case: tuple[Rulebook, Facts]) -> None:
    """The points and the state of every leaf, against `naive`, which shares no arithmetic with perfscore."""
    rulebook, facts = case
    plan = compiled(rulebook)
    row, _, _ = row_of(plan, facts)
    assessment = assess(rulebook, facts)
    inputs = figures(plan, row)
    for id, leaf in plan.leaves.items():
        answers = {part: plainly(row[slot]) for part, slot in leaf.slots.answers.items()}
        if rulebook.parameters or not plain_leaf(rulebook, leaf.indicator, assessment):
            continue  # the second telling of the whole has these
        points, state = naive.points(rulebook, leaf.indicator, inputs, answers)
        found = assessment[id]
        exact = None if found.points is None else Fraction(found.points)
        assert (exact, found.state) == (points, state), f"“{id}” has {exact} ({found.state}), not {points} ({state})"


def plain_leaf(rulebook: Rulebook, leaf: Indicator, assessment: Assessment) -> bool:
    """A leaf that stands for itself: with a number for a weight, no range, nothing over it and no reviewer."""
    over = [one for one in rulebook.nodes() if leaf.id.startswith(f"{one.id}.")]
    plain = isinstance(leaf.stated, Fraction) and leaf.range is None and leaf.rounding is None and not rulebook.demerit
    alone = all(one.applies is None and one.aggregate not in ("pool", "one-of") for one in (*over, leaf))
    excused = any(
        one.id in assessment.facts.answers and assessment.facts.answers[one.id].not_applicable for one in (*over, leaf)
    )
    excused |= any(one.id in (*rule.zero, *rule.cap) for rule in rulebook.adjustments for one in (*over, leaf))
    reviewed = any(one.indicator == leaf.id for one in assessment.facts.review)
    lacking = "not-applicable" in (leaf.missing, leaf.undefined)
    alone = alone and leaf.id not in rulebook.once
    return plain and alone and not (excused or reviewed or lacking or leaf.criterion.credits(rulebook.place(leaf)))


@given(cases(max_leaves=4))
def test_the_whole_is_what_a_second_telling_finds(case: tuple[Rulebook, Facts]) -> None:
    the_whole_is_what_a_second_telling_finds(case)


RECORD_BY_RECORD = ("per-occurrence", "clauses")


@given(cases(kinds=RECORD_BY_RECORD, max_leaves=2))
def test_what_records_cost_is_what_a_second_telling_finds(case: tuple[Rulebook, Facts]) -> None:
    """Most rulebooks of all kinds have no deductions over records: these are drawn for them."""
    points_are_what_a_second_reader_finds_in(case)
    the_whole_is_what_a_second_telling_finds(case)


@given(cases(kinds=RECORD_BY_RECORD, max_leaves=2), st.randoms())
def test_the_order_of_records_changes_no_points_where_no_cap_cuts(case: tuple[Rulebook, Facts], random: Any) -> None:
    """Records are taken in the order of the table, and where the points do not run out that is nobody's business."""
    rulebook, facts = case
    shuffled = {
        name: evolve(one, value=tuple(random.sample(one.value, len(one.value))), also=())
        if isinstance(one.value, tuple)
        else one
        for name, one in facts.inputs.items()
    }
    one, other = assess(rulebook, facts), assess(rulebook, evolve(facts, inputs=shuffled))
    cut = any(record.capped for result in (one, other) for record in (*result.deductions, *result.credits))
    stopped = any(loss.at_most is not None for leaf in rulebook.indicators() for loss in moved(rulebook, leaf))
    if not cut and not stopped and not rulebook.once:
        assert (one.score, [result.points for result in one]) == (other.score, [result.points for result in other])


def moved(rulebook: Rulebook, leaf: Indicator) -> tuple[Loss, ...]:
    place = rulebook.place(leaf)
    return (*leaf.criterion.losses(place), *leaf.criterion.credits(place))


@pytest.mark.parametrize(("domain", "credit", "given"), [("min = 0", "[0, 0]", {"a": 5}), ("max = 0", "1", {})])
def test_a_credit_that_gives_nothing_is_read_all_the_same(domain: str, credit: str, given: dict[str, int]) -> None:
    """Found by the law above: a figure that only such a credit reads was missing, and all points were there."""
    text = """\
format = 1
[rulebook]
id = "one"
version = "1"
title = "一"
full_marks = 10
[indicators.a]
name = "甲"
weight = 10
measure = { type = "number", DOMAIN }
criterion = { kind = "stepped", above = { from = 1, every = 1, credit = "CREDIT", at_most = 0, part_step = "whole" } }
""".replace("DOMAIN", domain).replace("CREDIT", credit)
    rules = perfscore.loads(text)
    the_whole_is_what_a_second_telling_finds((rules, Facts(given)))
    assert assess(rules, Facts(given))["a"].state == "missing"


def the_whole_is_what_a_second_telling_finds(case: tuple[Rulebook, Facts]) -> None:
    """Points of every node, the subtotal and the score, against `naive_tree`, which shares no arithmetic with perfscore."""
    rulebook, facts = case
    plan = compiled(rulebook)
    row, _, heard = row_of(plan, facts)
    day = row[plan.of[DAY]]
    told = naive_tree.Naive(
        rulebook,
        figures(plan, row),
        {
            id: {part: plainly(row[slot]) for part, slot in leaf.slots.answers.items()}
            for id, leaf in plan.leaves.items()
        },
        frozenset(heard.excused),
        {id: Fraction(units, rulebook.rounding.size) for id, units in heard.reviewed.items()},
        day if isinstance(day, date) else None,
    )
    try:
        subtotal, score = told.score()
    except (naive_tree.Beyond, naive.Lacking):
        reject()
    assessment = assess(rulebook, facts)
    for id, kept in told.kept.items():
        if id:
            found = assessment[id].points
            assert (None if found is None else Fraction(found)) == kept.points, f"“{id}” has {found}, not {kept}"
    for what, found, wanted in (("subtotal", assessment.subtotal, subtotal), ("score", assessment.score, score)):
        assert (None if found is None else Fraction(found)) == wanted, f"the {what} is {found}, not {wanted}"


@given(cases(max_leaves=3), st.data())
def test_partial_facts_give_an_interval_that_holds_every_completion(
    case: tuple[Rulebook, Facts], data: st.DataObject
) -> None:
    rulebook, facts = case
    inputs = {name: one for name, one in facts.inputs.items() if data.draw(st.booleans())}
    answers = {id: one for id, one in facts.answers.items() if one.not_applicable or data.draw(st.booleans())}
    fewer = Facts(inputs=inputs, answers=answers, subject=facts.subject, review=facts.review)
    testing.contains_every_completion(rulebook, fewer, facts)


def figures(plan: Plan, row: list[Slot]) -> dict[str, naive.Value]:
    """Every input of a row, for the second telling."""
    return {
        name: plainly(row[slot], tuple(column for column in one.terms if column != name))
        for name, (one, slot) in plan.inputs.items()
    }


def plainly(slot: Slot, columns: tuple[str, ...] = ()) -> naive.Value:
    if isinstance(slot, Absent):
        return naive.Lacking(slot.state)
    if isinstance(slot, Rated):
        mean = naive.Raters(fraction(slot))
        mean.each = tuple(map(fraction, slot.each))
        return mean
    if isinstance(slot, Records):
        return [{name: plainly(cell) for name, cell in zip(columns, cells, strict=True)} for cells in slot.cells]
    return fraction(slot) if isinstance(slot, tuple) else slot


# the shapes that promise that better never scores worse, where their author wrote a target in one direction
PROMISING = ("threshold", "proportional", "stepped")
WORSE_SIDE = {"≥": "above", ">": "above", "≤": "below", "<": "below"}


@st.composite
def directed(draw: st.DrawFn) -> tuple[Rulebook, Comparison]:
    """One indicator with a figure of its own and a target in one direction, on whose good side nothing is taken."""
    for _ in range(12):
        leaf = draw(testing.leaves({}, PROMISING))
        if (target := promised(leaf)) is not None and isinstance(leaf.measure, Input):
            bare = "ratio" if leaf.measure.type == "percent" else None
            leaf = evolve(leaf, measure=evolve(leaf.measure, bare=bare))
            rounding = Rounding(draw(st.integers(0, 3)), draw(st.sampled_from(["half-up", "half-even", "down", "up"])))
            assume(rounding.holds(leaf.exact_weight))
            return Rulebook("r", "r", "1", (leaf,), leaf.exact_weight, rounding=rounding), target
    reject()


def promised(leaf: Indicator) -> Comparison | None:
    """The target of a leaf that promises a direction: only the value moves, and no side is written against it."""
    target = leaf.target
    if not (
        isinstance(target, Comparison) and target.left == VALUE and target.by in WORSE_SIDE and not names(target.right)
    ):
        return None
    if not (isinstance(leaf.measure, Input) and leaf.measure.type in NUMERIC):
        return None
    still = all({*names(formula)} <= {"weight", "target"} for _, formula, _ in written_formulas(leaf.criterion))
    against = getattr(leaf.criterion, WORSE_SIDE[target.by], None) is not None
    return target if still and not against and not rewards_worse(leaf, target) else None


def rewards_worse(leaf: Indicator, target: Comparison) -> bool:
    """Points for every step that the target is missed: the author says so himself."""
    side = "below" if target.by in ("≥", ">") else "above"
    return getattr(getattr(leaf.criterion, side, None), "credit", None) is not None


def better_never_worse(data: st.DataObject) -> None:
    """Two values of one figure under one target: the better one never has fewer points, whatever the answers."""
    rulebook, target = data.draw(directed())
    first, second = data.draw(testing.facts(rulebook)), data.draw(testing.facts(rulebook))
    values = [row_of(compiled(rulebook), facts)[0][0] for facts in (first, second)]
    assume(all(isinstance(value, tuple) for value in values))
    low, high = sorted(fraction(value) for value in values if isinstance(value, tuple))
    worse, better = (low, high) if target.by in ("≥", ">") else (high, low)
    one, other = (assess(rulebook, Facts({"a": value}, first.answers)) for value in (worse, better))
    testing.better_never_worse(one, other, "a")


def test_what_an_assessor_leaves_out_of_a_mean_lies_within_what_analysis_proves() -> None:
    """Found by law 7: nobody need say what happens to a share that is left out, so any member of a mean may be."""
    rulebook = loads("""
        format = 1
        rulebook = { id = "r", title = "r", version = "1", full_marks = 10 }
        [indicators.a]
        name = "a"
        aggregate = "mean"
        weight = 10
        [indicators.a.done]
        name = "b"
        weight = 5
        measure = { type = "count" }
        target = "≥ 1"
        criterion = { kind = "threshold" }
        [indicators.a.seen]
        name = "c"
        weight = 5
        criterion = { kind = "graded", grades = [ { name = "D", points = 1 } ] }
    """)

    testing.within_reach(
        rulebook, assess(rulebook, Facts(inputs={"a.done": 1}, answers={"a.seen": Answer(not_applicable="none")}))
    )
