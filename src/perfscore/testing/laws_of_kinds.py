"""The laws as ready tests for one kind of criterion, its own or of another package.

In: the name of an installed kind. Out: a class that pytest collects, one test a law, on rulebooks and facts that are drawn
for the kind. Nothing is known of a kind but what every kind says of itself.

    from perfscore.testing import laws_of_kind

    TestMyKind = laws_of_kind("my-kind")
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfscore.analysis.coverage import subjects_for
from perfscore.analysis.treeturns import watches
from perfscore.assessing import assess
from perfscore.assessment import Assessment
from perfscore.criteria import examples_of, kind_named
from perfscore.criterion import Case, Example
from perfscore.examples import assessment_of, rulebook_of
from perfscore.facts import Facts
from perfscore.planning import compiled
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.testing.drawn_facts import facts
from perfscore.testing.drawn_formulas import Draw, yes_or_no
from perfscore.testing.drawn_rulebooks import rulebooks
from perfscore.testing.laws import (
    contains_every_completion,
    missing_is_not_zero,
    same_bytes,
    states_add_up,
    survives_writing,
    within_reach,
)
from perfscore.testing.laws_of_trees import every_lost_point_is_named, hold, tree_adds_up, within_weight


def explains_itself(assessment: Assessment) -> None:
    """Every deduction and credit has a sentence in both languages with all its slots filled, and a calculation."""
    for one in (*assessment.deductions, *assessment.credits):
        for language, said in (("zh", one.because.zh), ("en", one.because.en)):
            hold(bool(said.strip()), f"“{one.code}” at “{one.indicator}” has no reason in {language}")
            hold("{" not in said, f"“{one.code}” at “{one.indicator}” leaves a slot open in {language}: {said}")
        hold(bool(one.formula("zh").strip()), f"“{one.code}” at “{one.indicator}” shows no calculation")


def examples_hold(kind: str) -> None:
    """A kind has worked examples, and each line of them gives the points and the reasons that it says."""
    shown = examples_of(kind_named(kind))
    hold(bool(shown), f"{kind} has no worked example: write EXAMPLES in its file")
    for example, case in _cases(shown):
        assessment = assessment_of(example, case)
        hold(assessment.score is not None, f"{case.facts!r} gives no score")
        score = Fraction(assessment.score or 0)
        hold(score == Fraction(case.points), f"{case.facts!r} gives {spelled(score)} points, not {case.points}")
        said = tuple(one.because.zh for one in assessment.deductions)
        hold(said == case.because, f"{case.facts!r} gives the reasons {said}, not {case.because}")


def cases_can_be_taken(kind: str) -> None:
    """Each case that a kind's worked examples tell apart can be taken by somebody."""
    for example in examples_of(kind_named(kind)):
        plan = compiled(rulebook_of(example))
        every = [one for one in watches(plan) if one.by == "points"]
        found = subjects_for(plan, every)
        never = [f"{one.turn.node}: {one.turn.says.en}" for one in every if one not in found]
        hold(not never, f"nobody was found who takes: {'; '.join(never)}")


def _cases(shown: tuple[Example, ...]) -> Iterator[tuple[Example, Case]]:
    return ((example, case) for example in shown for case in example.cases)


@st.composite
def _judged(draw: Draw, kind: str) -> tuple[Rulebook, Facts]:
    """A rulebook with the kind, and facts for it."""
    rulebook = draw(rulebooks(kinds=[kind], max_leaves=3))
    return rulebook, draw(facts(rulebook))


def laws_of_kind(kind: str, max_examples: int = 50) -> type:
    """A class of tests, one a law: call it `TestMyKind`, or inherit from it, and pytest collects it."""
    judged = _judged(kind)
    often = settings(max_examples=max_examples, deadline=None, suppress_health_check=list(HealthCheck))

    class Laws:
        """The laws, held by one kind."""

        @pytest.fixture(autouse=True)
        def _is_installed(self) -> None:
            kind_named(kind)  # says what is not, before anything is drawn

        def test_its_worked_examples_hold(self) -> None:
            examples_hold(kind)

        def test_each_case_of_its_examples_can_be_taken(self) -> None:
            cases_can_be_taken(kind)

        @often
        @given(judged)
        def test_points_lie_between_nothing_and_the_weight(self, case: Any) -> None:
            within_weight(assess(*case))

        @often
        @given(judged)
        def test_every_lost_point_is_named_and_explained(self, case: Any) -> None:
            assessment = assess(*case)
            every_lost_point_is_named(assessment)
            explains_itself(assessment)

        @often
        @given(judged)
        def test_the_tree_adds_up_as_it_is_printed(self, case: Any) -> None:
            tree_adds_up(assess(*case))

        @often
        @given(judged)
        def test_the_same_rules_and_facts_give_the_same_bytes(self, case: Any) -> None:
            same_bytes(*case)

        @often
        @given(judged)
        def test_missing_is_not_zero(self, case: Any) -> None:
            states_add_up(assess(*case))
            missing_is_not_zero(*case)

        @often
        @given(judged)
        def test_what_load_promised_holds(self, case: Any) -> None:
            within_reach(case[0], assess(*case))

        @often
        @given(judged, st.data())
        def test_partial_facts_give_an_interval_that_holds_every_completion(self, case: Any, data: Any) -> None:
            rulebook, whole = case
            inputs = {name: one for name, one in whole.inputs.items() if data.draw(yes_or_no)}
            answers = {id: one for id, one in whole.answers.items() if one.not_applicable or data.draw(yes_or_no)}
            fewer = Facts(inputs, answers, whole.subject, whole.review)
            contains_every_completion(rulebook, fewer, whole)

        @often
        @given(rulebooks(kinds=[kind], max_leaves=3))
        def test_a_rulebook_survives_writing_and_reading(self, rulebook: Rulebook) -> None:
            survives_writing(rulebook)

    Laws.__name__ = Laws.__qualname__ = "TestLawsOf" + "".join(part.title() for part in kind.split("-"))
    return Laws
