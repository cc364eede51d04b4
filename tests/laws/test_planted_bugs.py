"""A law that cannot fail is decoration: for each, a bug is planted in the mechanism that all kinds share, and the law finds it."""

from __future__ import annotations
import __future__

import inspect
import operator
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Context
from fractions import Fraction
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from perfscore import (
    Facts,
    Rulebook,
    adjusting,
    aggregating,
    assess,
    combining,
    judging,
    plainfigures,
    plainlosses,
    planning,
    testing,
)
from perfscore.analysis import partial
from perfscore.formula import (
    arithmetic,
    bounds,
    dates,
    exact,
    gathering,
    inexact,
    intervals,
    prose,
    regions,
    shapes,
    units,
)
from perfscore.planning import compiled
from perfscore.quantity import Rounding
from perfscore.rulefile import document
from perfscore.testing.drawn_once import once_again
from tests.laws import test_figures as figures
from tests.laws import test_formulas as formulas
from tests.laws import test_laws as laws
from tests.laws import test_units as of_units

CASES = laws.cases(max_leaves=3)
FEW_CASES = laws.cases(max_leaves=1)
SMALL = st.integers(0, 2).map(lambda number: shapes.Constant(Fraction(number)))
SIGNS: st.SearchStrategy[shapes.Comparator] = st.sampled_from(list(exact._COMPARE))
ON_THE_EDGE = st.builds(shapes.Comparison, SMALL, SIGNS, SMALL)


@pytest.fixture(autouse=True)
def compiled_anew() -> Iterator[None]:
    """No plan outlives the bug it was made with."""
    compiled.cache_clear()
    yield
    compiled.cache_clear()


def plant(patch: pytest.MonkeyPatch, holder: ModuleType | type, name: str, right: str, wrong: str) -> None:
    """Put `wrong` where `right` stands in the source of a function; a bug that no longer fits its place fails loudly."""
    source = dedent(inspect.getsource(getattr(holder, name)))
    assert source.count(right) == 1, f"{name} says {source.count(right)} times: {right}"
    where = holder if isinstance(holder, ModuleType) else inspect.getmodule(holder)
    code = compile(source.replace(right, wrong), f"<{name}>", "exec", __future__.annotations.compiler_flag)
    made: dict[str, Any] = {}
    exec(code, vars(where), made)
    patch.setattr(holder, name, made[name])


def found_by(law: Callable[..., None], *strategies: st.SearchStrategy[Any], saying: str, within: int = 500) -> None:
    """The law fails, with the words it has for this, within so many examples."""

    @settings(
        max_examples=within,
        phases=[Phase.generate],
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*strategies))
    def attempt(drawn: tuple[Any, ...]) -> None:
        law(*drawn)

    with pytest.raises(AssertionError, match=saying):
        attempt()


def of_assessment(law: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda case: law(assess(*case))


def test_a_cap_that_was_dropped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, plainlosses, "_by_all", "above, below = 0, 1", "pass")
    found_by(of_assessment(testing.within_weight), CASES, saying="points, not 0 to")


def test_a_cap_that_was_dropped_where_one_loss_is_all_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, plainlosses, "_by_one", "if above < 0:", "if False:")
    found_by(of_assessment(testing.within_weight), CASES, saying="points, not 0 to", within=1500)


def test_a_limit_of_a_range_that_was_dropped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, judging.Standing, "move", "(end, per) if crossed else (at, under)", "(at, under)")
    found_by(of_assessment(testing.within_weight), CASES, saying="points, not", within=1500)


def test_a_loss_that_goes_unnamed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, plainlosses, "_by_all", "taken = (*taken, Taken(", "taken = taken or (*taken, Taken(")
    found_by(of_assessment(testing.every_lost_point_is_named), CASES, saying="records take")


def test_a_loss_that_goes_unnamed_where_it_is_the_only_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, plainlosses, "_by_one", "(Taken(units - kept, loss, False, answers),)", "()")
    found_by(of_assessment(testing.every_lost_point_is_named), CASES, saying="records take")


def test_a_branch_over_branches_that_forgets_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, aggregating, "_straight", "sums[above] += sums[index]", "sums[above] = sums[index]")
    found_by(of_assessment(testing.tree_adds_up), CASES, saying="its parts are")


def test_a_missing_figure_that_is_passed_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, aggregating, "_straight", "return None", "return outcomes")
    found_by(laws.the_whole_is_what_a_second_telling_finds, CASES, saying="has", within=1500)


def test_a_figure_at_an_open_end_that_is_taken_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, plainfigures, "_numbers", "0 if domain.low_closed else 1", "0")
    found_by(figures.plain_is_right, figures.declared_inputs(), figures.raws, saying="is refused", within=2000)


@pytest.mark.parametrize(
    ("reader", "right", "wrong"),
    [
        ("not_below_zero", "found[0] > 0", "found[0] != 0"),
        ("on_line", "steep * above + flat * below, below_all * below", "steep * above, below_all * below"),
        ("scaled", "above * more, below * over", "above * more, below"),
    ],
)
def test_a_step_that_is_read_wrongly_is_found(
    monkeypatch: pytest.MonkeyPatch, reader: str, right: str, wrong: str
) -> None:
    plant(monkeypatch, arithmetic, reader, right, wrong)
    found_by(formulas.exact_reader_agrees, formulas.in_one_step, formulas.rows(), saying="assert")


def test_a_power_with_too_few_digits_behind_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inexact, "_WORKING", Context(prec=34, traps=[]))
    figures = st.tuples(st.fractions(1, 1000, max_denominator=1000), st.fractions(-20, 20, max_denominator=10))
    found_by(formulas.tells_34_digits, st.just("pow"), figures, saying="34 digits")


def test_a_power_that_falls_where_it_should_rise_is_found_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, inexact, "reach", "if low >= 0 else", "if low < 0 else")
    of = st.tuples(
        st.sampled_from([shapes.Name("rate"), shapes.Name("件数")]), st.just(shapes.Constant(Fraction(1, 2)))
    )
    powers = st.builds(shapes.Inexact, st.just("pow"), of)
    found_by(formulas.bounds_contain, powers, formulas.rows(missing=False), saying="outside")


def test_a_branch_that_forgets_a_member_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, aggregating, "_straight", "+= outcome.units or 0", "= outcome.units or 0")
    found_by(of_assessment(testing.tree_adds_up), CASES, saying="its parts are")


def test_an_aggregate_without_a_record_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, aggregating, "_record", "if not moved:", "if True:")
    found_by(of_assessment(testing.every_lost_point_is_named), CASES, saying="records take|lost in total", within=1500)


def test_the_wrong_extreme_of_shares_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, combining, "combined", "return min(shares)", "return max(shares)")
    monkeypatch.setattr(aggregating, "combined", combining.combined)
    least = CASES.filter(lambda case: any(one.aggregate == "min" for one in (case[0], *case[0].nodes())))
    found_by(laws.the_whole_is_what_a_second_telling_finds, least, saying="not")


def test_a_total_that_is_not_made_up_for_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, aggregating, "_made_up", "weighed * (live + gone), live", "weighed, 1")
    found_by(laws.the_whole_is_what_a_second_telling_finds, CASES, saying="not", within=1500)


def test_a_score_that_is_not_clamped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, adjusting, "_clamp", "min(max(score, low), high)", "score")
    found_by(of_assessment(testing.within_weight), CASES, saying="the score is", within=1500)


def test_a_leaf_that_is_thought_settled_while_a_fact_is_missing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, partial, "_narrowed", "_fixed(vocabulary[name], row[slot])", "_fixed(vocabulary[name], (0, 1))")
    found_by(completed, CASES, saying="was possible")


def completed(case: tuple[Rulebook, Facts]) -> None:
    testing.contains_every_completion(case[0], Facts(subject=case[1].subject), case[1])


def test_a_figure_published_with_other_places_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(
        monkeypatch, Rounding, "published", "_decimal(units, self.places)", "_decimal(units, self.places).normalize()"
    )
    found_by(of_assessment(testing.tree_adds_up), CASES, saying="places")


def test_a_digest_that_depends_on_the_run_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "digest", lambda rulebook: f"sha256:{id(rulebook):x}")
    found_by(lambda case: testing.same_bytes(*case), FEW_CASES, saying="digest")


def test_a_policy_that_is_not_kept_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, judging, "policy_for", 'state == "missing"', 'state != "missing"')
    found_by(of_assessment(testing.states_add_up), CASES, saying="is missing")


def test_a_state_that_is_not_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, judging, "without", "Outcome(state, None, absent=absent)", "Outcome(state, None, absent=None)")
    found_by(of_assessment(testing.states_add_up), CASES, saying="no finding says so|which is no error")


def test_missing_read_as_zero_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, exact, "_name", "raise Unreadable(value)", "return 0, 1")

    def law(case: tuple[Rulebook, Facts]) -> None:
        with suppress(AttributeError):  # a day that is 0 is none, and falls over by itself
            testing.missing_is_not_zero(*case)

    found_by(law, CASES, saying="without it, it is scored")


def test_bounds_that_are_too_narrow_are_found_in_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, intervals, "hull", "max((one.high,", "min((one.high,")
    monkeypatch.setattr(bounds, "hull", intervals.hull)
    found_by(lambda case: testing.within_reach(case[0], assess(*case)), CASES, saying="outside")


def test_bounds_that_are_too_narrow_are_found_in_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    def times(one: intervals.Interval, other: intervals.Interval) -> intervals.Interval:
        ends = one.low * other.low, one.high * other.high
        return intervals.Interval(min(ends), max(ends))

    monkeypatch.setattr(bounds, "times", times)
    drawn = testing.numbers(formulas.VOCABULARY, 3).filter(formulas.fits)
    found_by(formulas.bounds_contain, drawn, formulas.rows(missing=False), saying="outside")


def test_a_flipped_comparison_makes_better_score_worse_and_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, plainlosses, "_by_ladder", "size > 0", "size < 0")
    found_by(laws.better_never_worse, st.data(), saying="for the better facts", within=2000)


@pytest.mark.parametrize(
    ("right", "wrong"), [("≥", operator.gt), (">", operator.ge), ("≤", operator.lt), ("<", operator.le)]
)
def test_a_comparison_that_is_wrong_only_on_the_edge_is_found(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: Callable[[Any, Any], bool]
) -> None:
    monkeypatch.setitem(exact._COMPARE, right, wrong)  # type: ignore[index]
    found_by(formulas.exact_reader_agrees, ON_THE_EDGE, st.just({}), saying="assert")


def test_a_target_that_is_missed_by_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(exact._COMPARE, "≥", operator.gt)  # type: ignore[index]
    found_by(laws.points_are_what_a_second_reader_finds_in, FEW_CASES, saying="not", within=1500)


def test_a_rounding_that_was_skipped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, Rounding, "units", "return (twice + below) //", "return twice //")
    found_by(laws.points_are_what_a_second_reader_finds_in, CASES, saying="not")
    found_by(formulas.rounds_as_decimal_does, formulas.fractions, st.integers(0, 3), formulas.modes, saying="assert")


def test_a_half_that_goes_the_wrong_way_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, Rounding, "units", "return (twice + below) //", "return (twice + below - 1) //")
    found_by(laws.points_are_what_a_second_reader_finds_in, CASES, saying="not", within=1500)


RECORDS = laws.cases(kinds=laws.RECORD_BY_RECORD, max_leaves=2)


def test_a_mean_of_nothing_that_is_zero_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, gathering, "_mean", 'raise Unreadable(Absent(name, "no-records"))', "return 0, 1")
    drawn = testing.numbers(formulas.VOCABULARY, 2).filter(formulas.fits)
    found_by(formulas.exact_reader_agrees, drawn, formulas.rows(), saying="undefined", within=3000)


def test_a_limit_of_all_records_that_was_dropped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, judging, "_moved", "if above * left[1] > left[0] * below:", "if False:")
    found_by(laws.the_whole_is_what_a_second_telling_finds, RECORDS, saying="not", within=1500)


@st.composite
def deducted_twice(draw: st.DrawFn) -> tuple[Rulebook, Facts]:
    """A rulebook in which one record could be deducted at two indicators, and facts; few of all rulebooks are such."""
    rulebook = once_again(draw, draw(testing.rulebooks(kinds=laws.RECORD_BY_RECORD, max_leaves=2)))
    assume(rulebook is not None)
    assert rulebook is not None
    return rulebook, draw(testing.facts(rulebook))


def test_a_fact_that_is_deducted_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, judging, "spent_before", "found.setdefault(key, plan.nodes[index].node.id)", "pass")
    monkeypatch.setattr(aggregating, "spent_before", judging.spent_before)
    found_by(laws.the_whole_is_what_a_second_telling_finds, deducted_twice(), saying="not")


def test_a_writer_that_drops_a_field_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = document.document
    monkeypatch.setattr("perfscore.rulefile.write.document", lambda rulebook: right(without_clauses(rulebook)))
    found_by(testing.survives_writing, testing.rulebooks(max_leaves=2), saying="clause")


def without_clauses(rulebook: Rulebook) -> Rulebook:
    return evolve(
        rulebook, members=tuple(evolve(one, clause=None) if hasattr(one, "clause") else one for one in rulebook.members)
    )


def test_a_bracket_that_was_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, prose, "_sum", "{style.minus}{within(of, _PRODUCT)}", "{style.minus}{within(of, _SUM)}")
    found_by(formulas.survives_telling, formulas.formulas, saying="assert")
    found_by(testing.survives_writing, testing.rulebooks(max_leaves=3), saying="reads back as another", within=1500)


def test_an_interval_that_swallows_its_open_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, regions, "_meet", "not low_closed, high_open", "True, high_open")
    found_by(formulas.region_holds, formulas.lines, formulas.around, saying="assert")


def test_a_month_that_is_over_too_soon_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, dates, "months_between", 'short == "last-day" and', "")
    monkeypatch.setattr(exact, "months_between", dates.months_between)
    found_by(formulas.exact_reader_agrees, formulas.elapsed, formulas.rows(missing=False), saying="assert")


def test_bounds_of_months_that_are_too_narrow_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, dates, "least_and_most", "(min(starts), max(ends))", "(max(starts), max(ends))")
    monkeypatch.setattr(bounds, "least_and_most", dates.least_and_most)
    found_by(formulas.bounds_contain, formulas.elapsed, formulas.rows(missing=False), saying="outside")


def test_exponents_that_do_not_add_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, units, "_gathered", "whole.get(symbol, 0) + power", "power")
    found_by(of_units.group, of_units.units, of_units.units, of_units.units, saying="not|no")


def test_a_size_that_is_not_looked_at_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """万元 beside 元: the bases agree, and only the size tells them apart."""
    plant(monkeypatch, units.Measured, "alike", "if self.unit.scale / way in other.scales", "")
    found_by(of_units.product_is_as_told, of_units.products, of_units.held, saying="assert|x0")


def test_bases_that_are_not_looked_at_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, units.Measured, "alike", "self.unit.bases != other.unit.bases", "False")
    found_by(of_units.product_is_as_told, of_units.products, of_units.held, saying="assert|x0")
