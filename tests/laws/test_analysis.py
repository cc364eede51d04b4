"""What analysis says of a criterion is true, and a second telling that tries every value finds nothing that it missed.

The leaves here measure a count of 0 to 12, or a percentage of 0 to 100: whoever tries them all knows the answer. Criteria
of every kind are drawn, so that a kind that was installed this morning is asked as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from perfscore import Facts, Indicator, Input, Rulebook, assess, check, leaving, loads, testing
from perfscore.analysis import showing, slopes
from perfscore.analysis.questions import ask, direction
from perfscore.analysis.questions import extremes as reaching
from perfscore.analysis.showing import looked
from perfscore.criteria import kind_named, kind_names
from perfscore.criterion import Keeping
from perfscore.diagnostic import Diagnostic
from perfscore.formula import boxes as sweeping
from perfscore.formula.boxes import boxes, case_in_both
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import Any, Formula, Not
from perfscore.formula.syntax import parse_condition
from perfscore.formula.vocabulary import Domain, Term
from perfscore.quantity import Rounding, number_from_text
from tests.laws import naive
from tests.laws.test_planted_bugs import found_by, plant

COUNT = Input("x", "完成", "count", domain=Domain(Fraction(0), Fraction(12)))
PERCENT = Input("x", "完成", "percent", domain=Domain(Fraction(0), Fraction(1)))
VALUES = {
    "count": [Fraction(one) for one in range(13)],
    "percent": [Fraction(one, 20) for one in range(21)],
}


SOME = settings(max_examples=150)


@pytest.fixture(autouse=True)
def looked_anew() -> Iterator[None]:
    """Nothing that was looked at outlives the bug it was looked at with."""
    showing._looked.cache_clear()
    yield
    showing._looked.cache_clear()


@st.composite
def targets(draw: st.DrawFn, type: str) -> Formula | None:
    """A target as forms write it: one comparison, or an interval."""
    unit = "%" if type == "percent" else ""
    most = 100 if unit else 12
    low = draw(st.integers(-1, most + 1))
    high = draw(st.integers(low, most + 2))
    written = draw(
        st.sampled_from(
            [
                None,
                f"≥ {low}{unit}",
                f"≤ {low}{unit}",
                f"> {low}{unit}",
                f"< {low}{unit}",
                f"= {low}{unit}",
                f"[{low}{unit}, {high}{unit}]",
            ]
        )
    )
    return None if written is None else parse_condition(written).formula


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """One indicator that reads nothing but a figure of its own, with a criterion that its kind lets pass."""
    measure = draw(st.sampled_from([COUNT, PERCENT]))
    any_kind = kind_named("direct")()
    leaf = Indicator("a", "a", 10, any_kind, measure, target=draw(targets(measure.type)))
    place = leaf.place({"x": measure.term})
    alone = evolve(place, vocabulary={name: term for name, term in place.vocabulary.items() if name != "x"})
    criterion = draw(testing.criteria(alone, draw(st.sampled_from(kind_names()))))
    assume(not any(one.severity == "error" for one in criterion.complaints(place)))
    rounding = Rounding(draw(st.sampled_from([2, 0])))
    return Rulebook("r", "r", "1", (evolve(leaf, criterion=criterion),), 10, rounding=rounding)


def kept(rules: Rulebook, value: Fraction) -> Fraction | None:
    """The points at a value, as judging gives them; None where it has none."""
    given = number_text(value, percent=True) if own(rules).type == "percent" else value
    points = assess(rules, Facts(inputs={"x": given}))["a"].points
    return None if points is None else Fraction(points)


def own(rules: Rulebook) -> Input:
    [leaf] = rules.indicators()
    assert isinstance(leaf.measure, Input)
    return leaf.measure


def value_of(one: Diagnostic, rules: Rulebook) -> Fraction:
    """The value that shows a finding, as a facts file writes it."""
    [(name, text)] = one.witness
    assert name == "x"
    assert text.endswith("%") is (own(rules).type == "percent")
    value = number_from_text(text.removesuffix("%"), -2 if text.endswith("%") else 0)
    assert own(rules).domain.holds(value), f"{text} lies outside of the domain"
    assert own(rules).type != "count" or value.denominator == 1, f"{text} is not whole"
    return value


def a_curve_is_what_judging_gives(rules: Rulebook) -> None:
    """At every edge, beside it, and everywhere between."""
    [one] = looked(rules)
    assume(one.pieces is not None)
    edges = {end for piece in one.pieces or () for end in (piece.where.low, piece.where.high)}
    beside = [Fraction(edge) + away for edge in edges for away in (Fraction(-1, 997), Fraction(1, 997), 0)]
    for value in (*VALUES[own(rules).type], *(() if one.whole else beside)):
        if not own(rules).domain.holds(value):
            continue
        points = one.kept(value)
        given = exact_points(rules, value)
        same = points == given if points is None or given is None else abs(points - given) < Fraction(1, 10**28)
        assert same, f"the curve says {points} at {value}, judging {given}"


def exact_points(rules: Rulebook, value: Fraction) -> Fraction | None:
    """The points before rounding, told a second time."""
    [leaf] = rules.indicators()
    fine = evolve(rules, rounding=Rounding(30))
    points, _ = naive.points(fine, leaf, {"x": value}, {})
    return points


def findings_are_true(rules: Rulebook) -> None:
    """Every figure that shows a finding shows it, and nobody is found who shows the contrary."""
    [one] = looked(rules)
    target = one.leaf.target
    for told in ask(rules, {}):
        points = [known for value in VALUES[own(rules).type] if (known := kept(rules, value)) is not None]
        match told.code.number:
            case "PS251" | "PS252":
                assert target is not None
                met = told.code.number == "PS251"
                for value in (*VALUES[own(rules).type], value_of(told, rules)):
                    assert naive.read(target, {"value": value, "x": value}, {}) is met, f"{value} says the contrary"
            case "PS247":
                assert max(points, default=Fraction(0)) < 10, "somebody has full marks"
            case "PS248":
                assert min(points, default=Fraction(1)) > 0, "somebody has nothing"
            case "PS249":
                shown = kept(rules, value_of(told, rules))
                assert shown is not None
                assert any(each > shown for each in points), f"nothing gives more: {told.message.en}"
            case "PS245" if isinstance(one.leaf.criterion, Keeping):
                entries = {entry.at: entry for entry in one.leaf.criterion.kept(one.place)}
                entry = entries[told.at[len(one.at) + 1 :]]
                for value in VALUES[own(rules).type]:
                    assert naive.read(entry.when, known_at(rules, value), {}) is False, f"{value} falls there"


def known_at(rules: Rulebook, value: Fraction) -> dict[str, naive.Value]:
    [one] = looked(rules)
    target = one.place.target_number
    known: dict[str, naive.Value] = {"value": value, "x": value, "weight": Fraction(10)}
    return known if target is None else {**known, "target": naive.read(target, known, {})}


def nothing_is_missed(rules: Rulebook) -> None:
    """Whoever tries every value finds no fault of which analysis says nothing."""
    [one] = looked(rules)
    assume(one.pieces is not None)
    values = VALUES[own(rules).type]
    points = [kept(rules, value) for value in values]
    assume(None not in points)
    codes = {told.code.number for told in ask(rules, {})}
    complains = any(one.leaf.criterion.complaints(one.place))
    if one.whole:
        if max(filter(None, points), default=Fraction(0)) < 10 and not complains:
            assert "PS247" in codes, "nobody has full marks, and nothing is said"
        target = one.leaf.target
        met = set() if target is None else {naive.read(target, {"value": value}, {}) for value in values}
        if len(met) == 1:
            assert ("PS251" if met.pop() else "PS252") in codes, "the target decides nothing, and nothing is said"
    sign = None if one.leaf.target is None else getattr(one.leaf.target, "by", None)
    if sign in ("≥", ">", "≤", "<"):
        falls = any(before > after for before, after in pairwise(points) if before is not None and after is not None)
        rises = any(before < after for before, after in pairwise(points) if before is not None and after is not None)
        if falls if sign in ("≥", ">") else rises:
            assert codes & {"PS249", "PS263"}, "a better value scores worse, and nothing is said"


@SOME
@given(rulebooks())
def test_a_curve_is_what_judging_gives_at_every_value(rules: Rulebook) -> None:
    a_curve_is_what_judging_gives(rules)


@SOME
@given(rulebooks())
def test_a_finding_is_true(rules: Rulebook) -> None:
    findings_are_true(rules)


@SOME
@given(rulebooks())
def test_whoever_tries_every_value_finds_nothing_that_was_missed(rules: Rulebook) -> None:
    nothing_is_missed(rules)


@SOME
@given(testing.rulebooks(max_leaves=3))
def test_asking_any_rulebook_raises_nothing_and_every_witness_can_be_judged(rules: Rulebook) -> None:
    inputs = {one.name: one for one in rules.all_inputs()}
    for told in ask(rules, {}):
        for name, text in told.witness:
            if name not in inputs:  # a score between two ratings; a value that no figure was found for
                assert name in ("score", "value") or name in {one.id for one in rules.nodes()}
            elif inputs[name].type in ("count", "number", "money", "percent"):
                percent = inputs[name].type == "percent"
                value = number_from_text(text.removesuffix("%"), -2 if percent else 0)
                assert inputs[name].domain.holds(value)


# Boxes, against all cases of a small domain.

SEVERAL = {
    "a": Term("a", "count", domain=Domain(Fraction(0), Fraction(4))),
    "b": Term("b", "count", domain=Domain(Fraction(0), Fraction(3))),
    "c": Term("c", "choice", domain=Domain(choices=("甲", "乙"))),
    "d": Term("d", "yes-no"),
}
CASES: list[dict[str, naive.Value]] = [
    {"a": Fraction(a), "b": Fraction(b), "c": c, "d": d}
    for a in range(5)
    for b in range(4)
    for c in ("甲", "乙")
    for d in (True, False)
]
PARTS = st.sampled_from(
    [
        f"{name} {sign} {edge}"
        for name in "ab"
        for sign in ("<", "≤", "≥", ">", "=", "≠")
        for edge in ("0", "1", "1.5", "3")
    ]
    + ["a in [1, 3)", "b in (0, 2]", "c = '甲'", "c in ['甲', '乙']", "d", "not d", "not (a < 2)", "not (c = '甲')"]
)
ROWS = st.lists(st.lists(PARTS, min_size=1, max_size=3).map(" and ".join), min_size=1, max_size=5)


def read_all(rows: Sequence[str]) -> list[Formula]:
    return [parse_condition(row).formula for row in rows]


def boxes_tell_every_case(rows: list[str]) -> None:
    """A gap and an overlap are found exactly where there is one, and the case that shows it lies there."""
    conditions = read_all(rows)
    taken = [boxes(one, SEVERAL) for one in conditions]
    known = [box for each in taken for box in each or ()]
    assert None not in taken
    gap = sweeping.case_in_none(known, SEVERAL)
    holding = [[naive.read(one, case, {}) is True for one in conditions] for case in CASES]
    if gap is None:
        assert all(map(any, holding)), "a case has no row, and nothing is said"
    else:
        case = {**CASES[0], **gap}
        assert not any(naive.read(one, case, {}) for one in conditions), f"{gap} has a row"
    for first in range(len(rows)):
        for second in range(first):
            both = case_in_both(taken[first] or (), taken[second] or (), SEVERAL)
            if both is None:
                assert not any(held[first] and held[second] for held in holding), (
                    "two rows overlap, and nothing is said"
                )
            else:
                case = {**CASES[0], **both}
                assert naive.read(conditions[first], case, {}), f"{both} is not in one of them"
                assert naive.read(conditions[second], case, {}), f"{both} is not in one of them"


@given(ROWS)
def test_a_gap_and_an_overlap_are_found_exactly_where_there_is_one(rows: list[str]) -> None:
    boxes_tell_every_case(rows)


@given(ROWS)
def test_a_condition_and_its_opposite_cover_all_cases(rows: list[str]) -> None:
    whole = Any(tuple(read_all(rows)))
    known = [*(boxes(whole, SEVERAL) or ()), *(boxes(Not(whole), SEVERAL) or ())]
    assert sweeping.case_in_none(known, SEVERAL) is None


# A law that cannot fail is decoration: bugs are planted, and found.


def test_a_piece_that_goes_the_wrong_way_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, slopes, "drops", "piece.rises == up", "piece.rises != up")
    monkeypatch.setattr(direction, "drops", slopes.drops)
    found_by(nothing_is_missed, rulebooks(), saying="a better value scores worse", within=1500)


def test_an_edge_between_pieces_that_is_not_looked_at_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, slopes, "drops", "if ahead and behind:", "if False:")
    monkeypatch.setattr(direction, "drops", slopes.drops)
    found_by(nothing_is_missed, rulebooks(), saying="a better value scores worse", within=1500)


def test_a_curve_that_follows_the_first_loss_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, leaving, "_all", "for one in moves", "for one in moves[:1]")

    def law(rules: Rulebook) -> None:
        with suppress(KeyError):  # a later loss may ask the assessor, whom nobody asked
            a_curve_is_what_judging_gives(rules)

    found_by(law, rulebooks(), saying="the curve says", within=1500)


def test_an_end_that_is_taken_for_reached_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, reaching, "_comes_to", "found >= published if top", "found > published if top")
    found_by(findings_are_true, rulebooks(), saying="somebody has", within=1500)


def test_a_stretch_that_a_sweep_leaves_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, sweeping, "case_in_none", "frozenset(range(len(given)))", "frozenset(range(1, len(given)))")
    found_by(boxes_tell_every_case, ROWS, saying="has a row")


def test_a_condition_on_the_points_of_another_is_looked_at() -> None:
    """Whether an indicator applies may rest on the points of another, of which no fact is known."""
    found = check(
        loads(
            """
            format = 1
            rulebook = { id = "r", title = "r", version = "1", full_marks = 20 }
            [indicators.a]
            name = "a"
            weight = 10
            measure = { type = "percent", min = 0, max = "90%" }
            target = "≥ 95%"
            applies = 'points("b") ≥ 5'
            not_applicable = "full"
            criterion = { kind = "threshold" }
            [indicators.b]
            name = "b"
            weight = 10
            criterion = { kind = "judgement" }
            """
        )
    )

    assert "PS252" in {one.code.number for one in found}


def test_steps_beyond_all_counting_are_no_curve() -> None:
    """A law found it: a step of 1 below a target of 10²⁹ occurs more often than a machine word counts."""
    found = check(
        loads(
            """
            format = 1
            rulebook = { id = "r", title = "r", version = "1", full_marks = 10 }
            [indicators.a]
            name = "a"
            weight = 10
            measure = { type = "number", min = 0, max = 1e30 }
            target = "≥ 1e29"
            criterion = { kind = "stepped", below = { every = 1, deduct = 0.1, part_step = "whole" } }
            """
        )
    )

    assert [one for one in found if one.severity == "error"] == []


def test_a_witness_that_is_no_decimal_is_told_as_the_fraction_it_is(tmp_path: Path) -> None:
    """A law found it: of a sum of two figures that is one third, no facts file could write either."""
    (rules := tmp_path / "thirds.toml").write_text(
        """\
format = 1
rulebook = { id = "r", title = "r", version = "1", full_marks = 10 }
inputs = { p = { label = "p", type = "number", min = 0 }, q = { label = "q", type = "number", min = 0 } }
[indicators.a]
name = "a"
weight = 10
measure = "p + q"
target = "≥ 1"
criterion = { kind = "bands", bands = [{ in = "[0, 1/3)", points = 2 }, { in = "(1/3, 100000]", points = 10 }] }
""",
        encoding="utf-8",
    )
    told = {one.code.number: one.witness for one in check(rules)}

    assert told["PS322"] == (("value", "1/3"),)
