"""Laws of cohorts: what is read of others is what a second telling finds, whoever comes first, and nothing else is."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from perfscore import Cohort, Facts, Rulebook, assess, testing
from perfscore.formula.arithmetic import Absent
from perfscore.formula.exact import fraction
from perfscore.formula.shapes import Peers
from perfscore.intake import row_of
from perfscore.plan import DAY, Plan
from perfscore.planning import compiled
from perfscore.rulebook import points_name
from tests.laws import naive, naive_tree
from tests.laws.test_laws import figures, plainly


@st.composite
def cohorts(draw: st.DrawFn, rulebooks: st.SearchStrategy[Rulebook]) -> tuple[Rulebook, list[Facts]]:
    """A rulebook, and two to four subjects with names of their own."""
    rulebook = draw(rulebooks)
    drawn = draw(st.lists(testing.facts(rulebook), min_size=2, max_size=4))
    return rulebook, [evolve(one, subject=evolve(one.subject, name=f"对象{at}")) for at, one in enumerate(drawn)]


# each example judges everybody among all, so fewer are as many
FEWER = settings(max_examples=150)
COMPARED = cohorts(testing.comparing_rulebooks(max_leaves=3))


@FEWER
@given(COMPARED)
def test_the_laws_of_points_hold_in_a_cohort(case: tuple[Rulebook, list[Facts]]) -> None:
    rulebook, everybody = case
    for one in everybody:
        assessment = assess(rulebook, one, everybody)
        testing.within_weight(assessment)
        testing.every_lost_point_is_named(assessment)
        testing.tree_adds_up(assessment)
        testing.states_add_up(assessment)
        testing.within_reach(rulebook, assessment)
    testing.same_bytes(rulebook, everybody[0], everybody)


@FEWER
@given(testing.comparing_rulebooks(max_leaves=3))
def test_a_rulebook_that_compares_survives_writing(rulebook: Rulebook) -> None:
    testing.survives_writing(rulebook)


@FEWER
@given(COMPARED, st.randoms(use_true_random=False))
def test_who_comes_first_does_not_matter(case: tuple[Rulebook, list[Facts]], random: Any) -> None:
    rulebook, everybody = case
    turned = list(everybody)
    random.shuffle(turned)
    for one in everybody:
        first, second = assess(rulebook, one, everybody), assess(rulebook, one, turned)
        assert points_of(first) == points_of(second)
        assert {str(found.message.zh) for found in first.findings if found.code.number != "PS425"} == {
            str(found.message.zh) for found in second.findings if found.code.number != "PS425"
        }


@FEWER
@given(cohorts(testing.rulebooks(max_leaves=3)))
def test_only_what_reads_others_depends_on_them(case: tuple[Rulebook, list[Facts]]) -> None:
    rulebook, everybody = case
    for one in everybody:
        assert testing.published(assess(rulebook, one, everybody)) == testing.published(assess(rulebook, one))


def points_of(assessment: Any) -> list[Any]:
    return [assessment.score, assessment.rating, *((one.id, one.points, one.state) for one in assessment)]


@FEWER
@given(COMPARED)
def test_what_is_read_of_others_is_what_a_second_telling_finds(case: tuple[Rulebook, list[Facts]]) -> None:
    read_of_others_is_right(case)


def read_of_others_is_right(case: tuple[Rulebook, list[Facts]]) -> None:
    """Every comparison, told again by counting; and then everybody's points, by the second telling of the tree."""
    rulebook, everybody = case
    plan = compiled(rulebook)
    if not plan.peers:
        reject()
    cohort = Cohort(rulebook, everybody)
    subjects = cohort.subjects
    known: list[dict[str, naive.Value]] = [{one.name: naive.Lacking("missing") for one in plan.peers} for _ in subjects]
    for peers in plan.peers:
        owns = [own_of(plan, facts, known[at], peers.peers) for at, facts in enumerate(subjects)]
        for at in range(len(subjects)):
            found = cohort.compared(at)[peers.slot]
            told = told_again(peers.peers, at, owns)
            known[at][peers.name] = told
            if isinstance(told, naive.Lacking):
                assert isinstance(found, Absent), (peers.name, found)
            else:
                assert isinstance(found, tuple), (peers.name, found, told)
                assert fraction(found) == told, peers.name
    for at, facts in enumerate(subjects):
        telling = told_of(plan, facts, known[at])
        try:
            _, score = telling.score()
        except (naive_tree.Beyond, naive.Lacking):
            continue
        assessment = assess(rulebook, facts, cohort)
        for id, kept in telling.kept.items():
            if id:
                points = assessment[id].points
                assert (None if points is None else Fraction(points)) == kept.points, f"“{id}” has {points}, not {kept}"
        assert (None if assessment.score is None else Fraction(assessment.score)) == score


def told_of(plan: Plan, facts: Facts, known: dict[str, naive.Value]) -> naive_tree.Naive:
    """The second telling of one subject's tree, as far as the comparisons that are known."""
    rulebook = plan.rulebook
    row, _, heard = row_of(plan, facts)
    day = row[plan.of[DAY]]
    return naive_tree.Naive(
        rulebook,
        figures(plan, row) | known,
        {
            id: {part: plainly(row[slot]) for part, slot in leaf.slots.answers.items()}
            for id, leaf in plan.leaves.items()
        },
        frozenset(heard.excused),
        {id: Fraction(units, rulebook.rounding.size) for id, units in heard.reviewed.items()},
        day if isinstance(day, date) else None,
    )


def own_of(
    plan: Plan, facts: Facts, known: dict[str, naive.Value], peers: Peers
) -> tuple[naive.Value, naive.Value | None]:
    """What a subject brings to a comparison, and its group."""
    telling = told_of(plan, facts, known)
    try:
        telling.score()
    except (naive_tree.Beyond, naive.Lacking):
        reject()
    group = None if peers.by is None else telling.known[peers.by.name]
    if peers.applying:
        [id] = [node.id for node in plan.rulebook.nodes() if points_name(node.id) == getattr(peers.of, "name", None)]
        if telling.kept[id].state != "scored":
            return naive.Lacking("missing"), group
    return naive.or_lacking(peers.of, telling.with_nodes(), {}), group


def told_again(peers: Peers, at: int, owns: list[tuple[naive.Value, naive.Value | None]]) -> naive.Value:
    """The comparison, by counting."""
    mine, group = owns[at]
    if isinstance(group, naive.Lacking):
        return group
    everybody = [own for own, other in owns if other == group and not isinstance(own, naive.Lacking)]
    if peers.what == "count":
        return Fraction(sum(own is not False for own in everybody))
    values = [own for own in everybody if isinstance(own, Fraction)]
    if peers.what == "rank":
        if isinstance(mine, naive.Lacking):
            return mine
        if not isinstance(mine, Fraction):
            return naive.Lacking("missing")
        better = [one for one in values if (one > mine if peers.best == "high" else one < mine)]
        if peers.ties == "dense":
            return Fraction(1 + len(set(better)))
        alike = values.count(mine)
        return Fraction(1 + len(better)) + (Fraction(alike - 1, 2) if peers.ties == "average" else 0)
    ordered = sorted(values)[peers.low : max(len(values) - peers.high, 0)]
    if not ordered:
        return naive.Lacking("undefined")
    whole = {"max": ordered[-1], "min": ordered[0]}
    return whole[peers.what] if peers.what in whole else sum(ordered, Fraction(0)) / len(ordered)
