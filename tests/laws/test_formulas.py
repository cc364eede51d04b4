"""The readers of the formula language against one another, against a plainer reading, and against sampling."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, cast, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perfscore import testing
from perfscore.formula import inexact, shapes
from perfscore.formula.arithmetic import Absent, Records, Slot, Unreadable
from perfscore.formula.bounds import always, bounds
from perfscore.formula.dates import days_between, months_between, two_readings, undecided
from perfscore.formula.exact import Slots, fraction, ratio
from perfscore.formula.intervals import EVERYTHING, Interval
from perfscore.formula.prose import STYLES, SYNTAX, tell, tell_condition
from perfscore.formula.regions import Region, outside, overlap, region, witness
from perfscore.formula.shapes import VALUE, Comparison, Constant, Formula, Judged
from perfscore.formula.syntax import parse, parse_condition
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import NUMERIC, Domain, Term
from perfscore.formula.walking import everything
from perfscore.quantity import Rounding, RoundingMode
from perfscore.testing.drawn_formulas import EXPONENTS
from tests.laws import naive

HALF = Fraction(1, 2)
VOCABULARY: Mapping[str, Term] = {
    "x": Term("x", "number"),
    "件数": Term("件数", "count", domain=Domain(Fraction(0))),
    "rate": Term("rate", "percent", domain=Domain(Fraction(0), Fraction(1))),
    "open": Term("open", "number", domain=Domain(Fraction(0), Fraction(5), low_closed=False, high_closed=False)),
    "low": Term("low", "number", domain=Domain(Fraction(-5), Fraction(-1, 2))),
    "ok": Term("ok", "yes-no"),
    "region": Term("region", "choice", domain=Domain(choices=("甲", "乙"))),
    "day": Term("day", "date"),
    "due": Term("due", "date", domain=Domain(choices=("2024-01-31", "2023-03-30"))),
    "closed": Term("closed", "date", domain=Domain(choices=("2024-02-29", "2024-04-01"))),
    "value": Term("value", "number"),
    "表": Term("表", "table"),
    "表.额": Term("额", "number", domain=Domain(Fraction(-1))),
    "表.rate": Term("rate", "percent", domain=Domain(Fraction(0), Fraction(1))),
    "表.ok": Term("ok", "yes-no"),
    "表.kind": Term("kind", "choice", domain=Domain(choices=("甲", "乙"))),
    "表.day": Term("day", "date"),
}
COLUMNS = [name for name in VOCABULARY if "." in name]
NUMBERS = [name for name, term in VOCABULARY.items() if term.type in NUMERIC]

fractions = st.one_of(
    st.integers(-6, 12).map(Fraction),
    st.fractions(-3, 13, max_denominator=8),
    st.sampled_from(
        [Fraction(1, 10**9), Fraction(10**30), Fraction(-(10**30)), Fraction("0.9620"), Fraction("1.005"), HALF]
    ),
)
modes: st.SearchStrategy[RoundingMode] = st.sampled_from(["half-up", "half-even", "down", "up"])


def fits(formula: Formula) -> bool:
    told: list[object] = []
    type_of(formula, VOCABULARY, told.append)
    return not told


formulas = st.one_of(testing.numbers(VOCABULARY, 3), testing.conditions(VOCABULARY, 3)).filter(fits)


@st.composite
def rows(draw: st.DrawFn, *, missing: bool = True) -> dict[str, naive.Value]:
    """A value in its domain for every name, some missing."""
    row: dict[str, naive.Value] = {}
    for name, term in VOCABULARY.items():
        lacking = (missing and draw(st.integers(0, 7)) == 7) or name in COLUMNS
        if term.type == "table" and not lacking:
            row[name] = [
                {
                    one: naive.Lacking("missing")
                    if missing and draw(st.integers(0, 11)) == 11
                    else draw(value_of(VOCABULARY[one]))
                    for one in COLUMNS
                }
                for _ in range(draw(st.integers(0, 3)))
            ]
            continue
        row[name] = naive.Lacking(draw(st.sampled_from(["missing", "undefined"]))) if lacking else draw(value_of(term))
    return row


def value_of(term: Term) -> st.SearchStrategy[Any]:
    match term.type:
        case "yes-no":
            return st.booleans()
        case "choice" | "text":
            return st.sampled_from(["甲", "乙"])
        case "date" if term.domain.choices:
            return st.sampled_from([date.fromisoformat(one) for one in term.domain.choices])
        case "date":
            return st.integers(0, 460).map(lambda days: date.fromordinal(date(2023, 1, 1).toordinal() + days))
        case "count":
            return st.integers(0, 12).map(Fraction)
        case _:
            domain = term.domain
            ends = [one for one in (domain.low, domain.high) if one is not None]
            inside = st.fractions(domain.low, domain.high, max_denominator=12) if len(ends) == 2 else fractions
            return st.one_of(inside, st.sampled_from(ends or [Fraction(0)])).filter(domain.holds)


def slot_of(value: Any) -> Slot:
    match value:
        case naive.Lacking(state=state):
            return Absent("", "not-given" if state == "missing" else "division-by-zero")
        case Fraction():
            return ratio(value)
        case _:
            return cast(Slot, value)


def exactly(formula: Formula, row: Mapping[str, naive.Value]) -> object:
    """What the exact reader says: a value, or a state."""
    slots: list[Slot] = []
    for value in row.values():
        match value:
            case list():
                slots.append(Records(tuple(tuple(map(slot_of, one.values())) for one in value), ()))
            case _:
                slots.append(slot_of(value))
    try:
        found = Slots({name: at for at, name in enumerate(row)}).value(formula)(slots)
    except Unreadable as unreadable:
        return unreadable.absent.state
    return fraction(found) if isinstance(found, tuple) else found


def plainly(formula: Formula, row: Mapping[str, naive.Value]) -> object:
    """What the plain reader says: a value, or a state."""
    found = naive.or_lacking(formula, row, {})
    return found.state if isinstance(found, naive.Lacking) else found


@given(formulas, rows())
def test_the_exact_reader_agrees_with_the_plain_one(formula: Formula, row: dict[str, naive.Value]) -> None:
    exact_reader_agrees(formula, row)


numbers = testing.numbers(VOCABULARY, 1)
constants = st.builds(Constant, fractions)
in_one_step = st.one_of(  # shapes that have a reader of their own
    st.builds(lambda one: shapes.Greatest((shapes.ZERO, one)), numbers),
    st.builds(lambda one: shapes.Greatest((one, shapes.ZERO)), numbers),
    st.builds(shapes.Quotient, numbers, constants),
    st.builds(lambda one, by: shapes.Product((by, one)), numbers, constants),
    st.builds(
        lambda one, by, to: shapes.Sum((to, shapes.Negative(shapes.Product((one, by))))),
        st.sampled_from(["x", "rate", "件数"]).map(shapes.Name), constants, constants,
    ),
    st.builds(lambda one, other: shapes.Choice(one, shapes.ZERO, other), testing.conditions(VOCABULARY, 1), numbers),
)  # fmt: skip


@given(in_one_step.filter(fits), rows())
def test_what_is_read_in_one_step_is_what_the_plain_reader_finds(formula: Formula, row: dict[str, naive.Value]) -> None:
    exact_reader_agrees(formula, row)


@given(testing.numbers(VOCABULARY, 3).filter(fits), rows(missing=False))
def test_bounds_contain_every_exact_value(formula: Formula, row: dict[str, naive.Value]) -> None:
    bounds_contain(formula, row)


@given(testing.conditions(VOCABULARY, 3).filter(fits), rows())
def test_what_is_proved_always_or_never_is_so(condition: Formula, row: dict[str, naive.Value]) -> None:
    decided, found = always(condition, VOCABULARY), plainly(condition, row)
    assert decided is None or not isinstance(found, bool) or decided is found, tell(condition, SYNTAX)


@given(formulas)
def test_a_formula_survives_telling_and_parsing(formula: Formula) -> None:
    survives_telling(formula)


@given(formulas)
def test_a_formula_that_people_wrote_with_brackets_survives_telling_and_parsing(formula: Formula) -> None:
    survives_telling(parse(bracketed(formula)).formula)


@given(testing.conditions(VOCABULARY, 3).filter(fits))
def test_a_condition_on_the_value_survives_telling_and_parsing(condition: Formula) -> None:
    text = tell_condition(condition, SYNTAX)
    assert parse_condition(text).formula == condition, text


@given(formulas, rows())
def test_brackets_that_change_nothing_change_nothing(formula: Formula, row: dict[str, naive.Value]) -> None:
    """The tightest brackets of the printer against brackets everywhere."""
    assert exactly(parse(tell(formula, SYNTAX)).formula, row) == exactly(parse(bracketed(formula)).formula, row)


@pytest.mark.parametrize("text", ["x = 'a\"b'", 'x = "it\'s"', 'x = “a"b”', 'x in ["a b", "且"]'])
def test_a_text_with_quotation_marks_survives_telling_and_parsing(text: str) -> None:
    survives_telling(parse(text).formula)


@given(fractions, st.integers(0, 6), modes)
def test_rounding_is_what_the_decimal_module_says(value: Fraction, places: int, mode: RoundingMode) -> None:
    rounds_as_decimal_does(value, places, mode)


@given(fractions, fractions, st.integers(0, 6), modes)
def test_rounding_keeps_order_and_signs(one: Fraction, other: Fraction, places: int, mode: RoundingMode) -> None:
    rounding = Rounding(places, mode)
    low, high = sorted((one, other))
    assert rounding.rounded(low) <= rounding.rounded(high)
    assert rounding.rounded(-one) == -rounding.rounded(one)
    assert rounding.holds(rounding.rounded(one))
    assert abs(rounding.rounded(one) - one) <= rounding.unit * (HALF if mode.startswith("half") else 1)
    assert not rounding.holds(one) or rounding.rounded(one) == one


ends = st.sampled_from([Constant(Fraction(text)) for text in ("-1", "0", "0.8", "0.9", "1", "2", "3", "10")])
one_line = st.one_of(
    st.builds(shapes.Comparison, st.just(VALUE), st.sampled_from(["<", "≤", "=", "≠", "≥", ">"]), ends),
    st.builds(shapes.Within, st.just(VALUE), ends, ends, st.booleans(), st.booleans()),
)
lines = st.recursive(
    one_line,
    lambda inner: st.one_of(
        st.builds(shapes.All, st.tuples(inner, inner)),
        st.builds(shapes.Any, st.tuples(inner, inner)),
        st.builds(shapes.Not, inner),
    ),
    max_leaves=4,
)
around = st.builds(lambda end, side: end.value + side * Fraction(1, 7), ends, st.sampled_from([0, 0, 1, -1, 50, -50]))


def regions_of(condition: Formula) -> Region:
    found = region(condition, "value")
    assert found is not None
    return found


def lies_in(value: Fraction, stretches: Region) -> bool:
    return any(one.holds(value) for one in stretches)


@given(lines, around)
def test_a_region_holds_what_the_condition_holds(condition: Formula, value: Fraction) -> None:
    region_holds(condition, value)


@given(lines, lines, around)
def test_overlap_is_where_both_hold(one: Formula, other: Formula, value: Fraction) -> None:
    first, second = regions_of(one), regions_of(other)
    common = overlap(first, second)
    if common is None:
        assert not (lies_in(value, first) and lies_in(value, second))
    else:
        shown = witness(common)
        assert common.holds(shown), f"{shown} is not in {common}"
        assert lies_in(shown, first)
        assert lies_in(shown, second)


@given(
    lines,
    around,
    st.sampled_from([EVERYTHING, Interval(Fraction(0), Fraction(1)), Interval(Fraction(0), Fraction(2), False, False)]),
)
def test_outside_is_where_the_condition_does_not_hold(condition: Formula, value: Fraction, domain: Interval) -> None:
    left = outside(regions_of(condition), domain)
    assert lies_in(value, left) is (domain.holds(value) and not naive.read(condition, {"value": value}, {}))
    for stretch in left:
        assert stretch.holds(witness(stretch)), f"{witness(stretch)} is not in {stretch}"


def exact_reader_agrees(formula: Formula, row: Mapping[str, naive.Value]) -> None:
    assert exactly(formula, row) == plainly(formula, row), tell(formula, SYNTAX)


def bounds_contain(formula: Formula, row: Mapping[str, naive.Value]) -> None:
    value = plainly(formula, row)
    assume(isinstance(value, Fraction))
    assert isinstance(value, Fraction)
    reach = bounds(formula, VOCABULARY)
    assert reach.holds(value), f"{tell(formula, SYNTAX)} gives {value}, outside {reach.low} … {reach.high}"


def region_holds(condition: Formula, value: Fraction) -> None:
    assert lies_in(value, regions_of(condition)) is naive.read(condition, {"value": value}, {})


def survives_telling(formula: Formula) -> None:
    text = tell(formula, SYNTAX)
    assert parse(text).formula == formula, text


def rounds_as_decimal_does(value: Fraction, places: int, mode: RoundingMode) -> None:
    assert Rounding(places, mode).rounded(value) == naive.rounded(value, places, mode)


def bracketed(formula: Formula) -> str:
    """The formula as somebody writes it who trusts no order of operations."""

    def go(one: Formula) -> str:
        return f"({bracketed(one)})"

    match formula:
        case shapes.Sum(terms=(first, second, third, *rest)):
            return " + ".join([f"({go(first)} + {go(second)})", *map(go, (third, *rest))])
        case shapes.Sum(terms=terms):
            return " + ".join(map(go, terms))
        case shapes.Product(factors=factors):
            return " * ".join(map(go, factors))
        case shapes.Quotient(above=above, below=below):
            return f"{go(above)} / {go(below)}"
        case shapes.Negative(of=of):
            return f"-{go(of)}"
        case shapes.All(of=of):
            return " and ".join(map(go, of))
        case shapes.Any(of=of):
            return " or ".join(map(go, of))
        case shapes.Not(of=of):
            return f"not {go(of)}"
        case shapes.Comparison(left=left, by=by, right=right):
            return f"{go(left)} {by} {go(right)}"
        case shapes.Choice(when=when, then=then, otherwise=otherwise):
            return f"if {go(when)} then {go(then)} else {go(otherwise)}"
        case shapes.Least(of=of):
            return f"min({', '.join(map(go, of))})"
        case shapes.Greatest(of=of):
            return f"max({', '.join(map(go, of))})"
        case _:
            return tell(formula, SYNTAX)


def test_a_branch_that_a_comparison_opens_is_bounded_by_it() -> None:
    """Between two knots points lie between theirs, whatever the figure could be elsewhere."""
    x = {"x": Term("x", "number")}
    inside = parse("if x in [60, 80) then 6 * (x - 60) / 20 else 0").formula
    above = parse("if x ≥ 3 and x < 5 then x else 4").formula

    assert bounds(inside, x) == Interval(Fraction(0), Fraction(6), high_closed=False)
    assert bounds(above, x) == Interval(Fraction(3), Fraction(5), high_closed=False)


def test_an_end_that_the_assessor_may_not_choose_is_open() -> None:
    judged = Judged("points", Constant(Fraction(6)), Constant(Fraction(8)), high_closed=False)

    assert bounds(judged, {}) == Interval(Fraction(6), Fraction(8), high_closed=False)


def test_a_grade_is_told_by_its_word() -> None:
    judged = Judged("grade", Constant(Fraction(0)), Constant(Fraction(1)), choices=("达成", "未达成"))
    named = Comparison(judged, "=", Constant(Fraction(1)))

    assert (tell(named, STYLES["zh"]), tell(named, STYLES["en"])) == ("评定的档次 = “未达成”", "grade = “未达成”")


readings: st.SearchStrategy[shapes.ShortMonth] = st.sampled_from(["last-day", "next-day"])
month_ends = st.sampled_from([date(2023, month, 1) - timedelta(1) for month in range(1, 13)] + [date(2024, 2, 29)])
some_dates = st.one_of(st.dates(date(2019, 1, 1), date(2026, 12, 31)), month_ends)


date_names = st.sampled_from(["day", "due", "closed"]).map(shapes.Name)
in_days = st.builds(shapes.Elapsed, date_names, date_names, st.just("days"))  # of which there is one reading only
elapsed = st.one_of(in_days, st.builds(shapes.Elapsed, date_names, date_names, st.just("months"), readings))


@given(elapsed, rows())
def test_the_readers_agree_on_what_has_elapsed(elapsed: Formula, row: dict[str, naive.Value]) -> None:
    exact_reader_agrees(elapsed, row)
    survives_telling(elapsed)


@given(elapsed, rows(missing=False))
def test_bounds_contain_what_has_elapsed(elapsed: Formula, row: dict[str, naive.Value]) -> None:
    bounds_contain(elapsed, row)


@given(some_dates, some_dates, some_dates)
def test_days_add_up_and_turn_their_sign(one: date, other: date, third: date) -> None:
    assert days_between(one, other) == -days_between(other, one)
    assert days_between(one, other) + days_between(other, third) == days_between(one, third)


@given(some_dates, some_dates, readings)
def test_months_are_those_told_off_one_after_another(one: date, other: date, short: shapes.ShortMonth) -> None:
    months = months_between(one, other, short)
    assert months == naive.months(one, other, short)
    assert naive.over(one, months, short) <= other < naive.over(one, months + 1, short)


@given(some_dates, some_dates, some_dates, readings)
def test_later_is_never_fewer_months(one: date, other: date, third: date, short: shapes.ShortMonth) -> None:
    first, second = sorted((other, third))
    assert months_between(one, first, short) <= months_between(one, second, short)
    assert months_between(first, one, short) >= months_between(second, one, short)


@given(some_dates, some_dates)
def test_months_have_two_readings_only_from_a_day_that_the_last_month_lacks(one: date, other: date) -> None:
    last, after = months_between(one, other, "last-day"), months_between(one, other, "next-day")
    assert last - after in (0, 1)
    assert two_readings(one, other) is (last != after)
    assert one.day > 28 or last == after


@given(st.sampled_from(["day", "due"]), st.sampled_from(["day", "closed"]), some_dates, rows(missing=False))
def test_what_is_not_told_as_having_two_readings_has_one(
    start: str, end: str, fixed: date, row: dict[str, naive.Value]
) -> None:
    for elapsed in (
        shapes.Elapsed(shapes.Name(start), shapes.Name(end), "months"),
        shapes.Elapsed(shapes.Day(fixed), shapes.Name(end), "months"),
        shapes.Elapsed(shapes.Name(start), shapes.Day(fixed), "months"),
    ):
        example = undecided(elapsed, VOCABULARY)
        if example is None:
            assert plainly(elapsed, row) != "undefined", tell(elapsed, SYNTAX)
        else:
            assert two_readings(*example)


def test_the_calendar_has_ends() -> None:
    assert months_between(date.min, date.max, "last-day") == 12 * 9999 - 1
    assert bounds(parse("days(0001-01-01, 9999-12-31)").formula, {}) == Interval(Fraction(3652058), Fraction(3652058))
    for text in ("months(day, 0001-01-31)", "months(9999-12-31, day)", "months(0001-01-31, day)"):
        undecided(next(everything(parse(text).formula)), VOCABULARY)  # type: ignore[arg-type]


@given(
    st.sampled_from(get_args(shapes.Function)),
    st.fractions(-1000, 1000, max_denominator=1000),
    st.fractions(-20, 20, max_denominator=10),
)
def test_34_digits_are_those_of_another_reckoner(function: shapes.Function, x: Fraction, y: Fraction) -> None:
    tells_34_digits(function, (x, y) if function == "pow" else (x,))


def tells_34_digits(function: shapes.Function, of: tuple[Fraction, ...]) -> None:
    read = exactly(shapes.Inexact(function, tuple(map(Constant, of))), {})
    try:
        meant: object = naive.inexact(function, *of)
    except naive.Lacking as lacking:
        meant = lacking.state
    assert read == meant, f"34 digits of {function}{of} are {meant}, not {read}"


@given(st.fractions(0, 10**6), st.fractions(0, 10**6), st.sampled_from(EXPONENTS))
def test_more_is_never_a_smaller_power(one: Fraction, other: Fraction, exponent: Fraction) -> None:
    low, high = sorted((one, other))
    first, second = (
        inexact.value("pow", (each.as_integer_ratio(), exponent.as_integer_ratio())) for each in (low, high)
    )
    if isinstance(first, tuple) and isinstance(second, tuple):
        assert (Fraction(*first) <= Fraction(*second)) if exponent >= 0 else (Fraction(*first) >= Fraction(*second))
