"""A second opinion: formulas read in the plainest way, with nothing but `Fraction`, and points rounded by `decimal`.

In: a formula, and a value for each name and each part of an answer. Out: its value; what cannot be read is raised.
Nothing of `formula.exact` or of the rounding in `quantity` is used here: that is the point.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

import mpmath

from perfscore.criterion import Loss
from perfscore.formula import shapes
from perfscore.formula.prose import peers_name
from perfscore.formula.shapes import Formula
from perfscore.indicator import Indicator
from perfscore.rulebook import Rulebook

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "≤": operator.le, "=": operator.eq, "≠": operator.ne, "≥": operator.ge, ">": operator.gt,
}  # fmt: skip
MODES = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
PRECISE = Context(prec=2000, Emax=9999, Emin=-9999)


class Lacking(Exception):  # noqa: N818 - a state, carried up
    """What was read has no value: `state` is missing or undefined."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Raters(Fraction):
    """The mean of what several raters gave, and what each gave."""

    each: tuple[Fraction, ...] = ()


Value: TypeAlias = Fraction | bool | str | date | Lacking | list[dict[str, Any]]
"""A table is a list of records, each by the full names of its columns."""
Values: TypeAlias = Mapping[str, Value]


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """A number rounded by the decimal module; digits beyond the hundredth are one digit that is no half."""
    size, rest = divmod(abs(value.numerator) * 10**100, value.denominator)
    number = PRECISE.scaleb(Decimal(size * 10 + (rest > 0)), -101)
    near = number.quantize(Decimal(1).scaleb(-places), rounding=MODES[mode], context=PRECISE)
    return Fraction(near) if value >= 0 else -Fraction(near)  # a minus before a Decimal would round it to 28 digits


def read(formula: Formula, values: Values, answers: Values) -> Value:
    """The value of a formula."""

    def go(one: Formula) -> Any:
        match one:
            case shapes.Constant(value=value) | shapes.Text(value=value) | shapes.Day(value=value):
                return value
            case shapes.Name(name=name):
                return _present(values[name])
            case shapes.Given(name=name):
                given = values[name]
                return not (isinstance(given, Lacking) and given.state == "missing")
            case shapes.Judged(part=part, low=low, high=high, or_none=or_none):
                given = _present(answers[part])
                if given == 0 and or_none:
                    return Fraction(0)
                for each in given.each if isinstance(given, Raters) else (given,):
                    above = each >= go(low) if one.low_closed else each > go(low)
                    below = each <= go(high) if one.high_closed else each < go(high)
                    if not (above and below):
                        raise Lacking("missing")
                return Fraction(given)
            case shapes.Sum(terms=terms):
                return sum((go(term) for term in terms), Fraction(0))
            case shapes.Negative(of=of):
                return -go(of)
            case shapes.Product(factors=factors):
                product = Fraction(1)
                for factor in factors:
                    product *= go(factor)
                return product
            case shapes.Quotient(above=above, below=below):
                top, bottom = go(above), go(below)
                if bottom == 0:
                    raise Lacking("undefined")
                return top / bottom
            case shapes.Least(of=parts):
                return min([go(part) for part in parts])
            case shapes.Greatest(of=parts):
                return max([go(part) for part in parts])
            case shapes.Absolute(of=of):
                return abs(go(of))
            case shapes.Floor(of=of):
                return Fraction(go(of).__floor__())
            case shapes.Ceil(of=of):
                return Fraction(go(of).__ceil__())
            case shapes.Round(of=of, places=places):
                return rounded(go(of), places, "half-up")
            case shapes.Inexact(function=function, of=parts):
                return inexact(function, *[go(part) for part in parts])
            case shapes.Elapsed(start=start, end=end, unit="days"):
                since, until = go(start), go(end)  # what lacks is that which is read first
                return Fraction((until - since) // timedelta(days=1))
            case shapes.Elapsed(start=start, end=end, short=short):
                since, until = go(start), go(end)
                last, after = months(since, until, "last-day"), months(since, until, "next-day")
                if short is None and last != after:
                    raise Lacking("undefined")
                return Fraction(after if short == "next-day" else last)
            case shapes.Choice(when=when, then=then, otherwise=otherwise):
                return go(then) if go(when) else go(otherwise)
            case shapes.Comparison(left=left, by=by, right=right):
                return COMPARE[by](go(left), go(right))
            case shapes.Within(of=of, low=low, high=high, low_closed=low_closed, high_closed=high_closed):
                value, bottom, top = go(of), go(low), go(high)
                above = value >= bottom if low_closed else value > bottom
                return above and (value <= top if high_closed else value < top)
            case shapes.OneOf(of=of, texts=texts):
                return go(of) in texts
            case shapes.All(of=parts):
                return all(go(part) for part in parts)
            case shapes.Any(of=parts):
                return any(go(part) for part in parts)
            case shapes.Not(of=of):
                return not go(of)
            case shapes.Peers():
                return _present(values[peers_name(one)])
            case shapes.Gathered(how=how, of=of, where=where, weights=weights):
                rows = [{**values, **record} for record in _present(values[one.table])]
                rows = [row for row in rows if read(where, row, answers)]
                return _gathered(how, [(read(of, row, answers), read(weights, row, answers)) for row in rows])
            case _:
                assert_never(one)

    return go(formula)


def inexact(function: str, x: Fraction, y: Fraction = Fraction(1)) -> Fraction:
    """A root, a power or a logarithm as mpmath finds it with 200 digits, brought to 34."""
    whole = y.denominator == 1
    if (function == "ln" and x <= 0) or (function == "sqrt" and x < 0) or (function == "pow" and x < 0 and not whole):
        raise Lacking("undefined")
    if function == "pow" and x == 0:
        if y < 0:
            raise Lacking("undefined")
        return Fraction(int(y == 0))
    with mpmath.workdps(200):
        one, other = (mpmath.mpf(figure.numerator) / figure.denominator for figure in (x, y))
        grown = {"pow": lambda: other * mpmath.log(abs(one)), "exp": lambda: one}.get(function, lambda: 0)()
        if abs(grown) > 2**12:
            raise Lacking("undefined")
        found = (
            mpmath.power(one, other)
            if function == "pow"
            else getattr(mpmath, {"ln": "log"}.get(function, function))(one)
        )
        sign, size, exponent, _ = mpmath.mpf(mpmath.re(found))._mpf_
    exactly = (-1) ** sign * Fraction(int(size)) * Fraction(2) ** exponent
    near = Fraction(
        Context(prec=34, Emax=9999, Emin=-9999).divide(Decimal(exactly.numerator), Decimal(exactly.denominator))
    )
    if max(near.numerator.bit_length(), near.denominator.bit_length()) > 2**12:
        raise Lacking("undefined")
    return near


def months(start: date, end: date, short: str) -> int:
    """Months told off one after another, each by the day on which it is over."""
    passed = 0
    while over(start, passed + 1, short) <= end:
        passed += 1
    while over(start, passed, short) > end:
        passed -= 1
    return passed


def over(start: date, months: int, short: str) -> date:
    """The day that lies so many months after another: in a month that lacks it the last, or the first of the next."""
    year, month = start.year, start.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month == 13 else (year - 1, 12) if month == 0 else (year, month)
    try:
        return start.replace(year=year, month=month)
    except ValueError:
        last = max(day for day in (28, 29, 30) if _exists(year, month, day))
        return date(year, month, last) + timedelta(days=short == "next-day")


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _gathered(how: str, found: list[tuple[Any, Any]]) -> Fraction:
    """A figure of what was read of each record, and its weight."""
    if how not in ("count", "sum") and not found:
        raise Lacking("undefined")
    each = [value for value, _ in found]
    match how:
        case "count":
            return Fraction(len(each))
        case "sum":
            return sum(each, Fraction(0))
        case "mean":
            return sum(each, Fraction(0)) / len(each)
        case "min" | "max":
            return sorted(each)[0 if how == "min" else -1]
        case _:
            whole = sum((weight for _, weight in found), Fraction(0))
            if whole == 0:
                raise Lacking("undefined")
            return sum((value * weight / whole for value, weight in found), Fraction(0))


def _present(value: Value) -> Any:
    if isinstance(value, Lacking):
        raise value
    return value


def or_lacking(formula: Formula, values: Values, answers: Values) -> Value:
    """The value of a formula, or why it has none."""
    try:
        return read(formula, values, answers)
    except Lacking as lacking:
        return lacking


def takings(
    loss: Loss, known: Values, answers: Values, key: str | None = None, spent: Collection[str] = ()
) -> list[tuple[str, Fraction]]:
    """What a loss takes: once, or of each record of a table, with its key, unless that is spent; in all no more than its
    most.
    """
    if loss.over is None:
        once = read(loss.points, known, answers)
        assert isinstance(once, Fraction)
        return [("", once)]
    most = None if loss.at_most is None else read(loss.at_most, known, answers)
    found: list[tuple[str, Fraction]] = []
    for record in _present(known[loss.over]):
        named = record.get(f"{loss.over}.{key}")
        id = "" if named is None or isinstance(named, Lacking) else str(named)
        if id in spent:
            continue
        each = read(loss.points, {**known, **record}, answers)
        assert isinstance(each, Fraction)
        rest = None if most is None else most - sum((one for _, one in found), Fraction(0))  # type: ignore[operator]
        found.append((id, max(Fraction(0), each if rest is None else min(each, rest))))
    return found


def points(rulebook: Rulebook, leaf: Indicator, inputs: Values, answers: Values) -> tuple[Fraction | None, str]:
    """What a leaf keeps, and its state: the weight less its losses, one after another, and rounded at the end."""
    known = dict(inputs)
    for measure in rulebook.measures:  # in an order in which each comes after those it reads
        known[measure.name] = or_lacking(measure.formula, known, answers)
    place = rulebook.place(leaf)
    known["weight"] = left = leaf.exact_weight
    if leaf.measured is not None:
        known["value"] = or_lacking(leaf.measured, known, answers)
        if place.target_number is not None:
            known["target"] = or_lacking(place.target_number, known, answers)
    try:
        for loss in leaf.criterion.losses(place):
            for _, taken in takings(loss, known, answers):
                left = max(Fraction(0), left - max(Fraction(0), taken))
    except Lacking as lacking:
        policy = leaf.missing if lacking.state == "missing" else leaf.undefined
        return (Fraction(0) if policy == "zero" else None), lacking.state
    return rounded(left, rulebook.rounding.places, rulebook.rounding.mode), "scored"
