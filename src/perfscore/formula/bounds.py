"""Read formulas for what they can reach.

In: a formula and the domain of every name in it.
Out: an interval that contains every value the formula can take, or whether a condition always or never holds.
An answer may be wider than the truth, never narrower: what cannot be proved is left open.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, inf
from typing import assert_never

from attrs import evolve

from perfscore.formula import inexact
from perfscore.formula.dates import least_and_most
from perfscore.formula.intervals import (
    EVERYTHING,
    End,
    Interval,
    common,
    hull,
    over,
    plus,
    point,
    rounded,
    times,
    workable,
)
from perfscore.formula.ordering import settled
from perfscore.formula.shapes import (
    Absolute,
    All,
    Any,
    Ceil,
    Choice,
    Comparator,
    Comparison,
    Constant,
    Day,
    Elapsed,
    Floor,
    Formula,
    Gathered,
    Given,
    Greatest,
    Inexact,
    Judged,
    Least,
    Name,
    Negative,
    Not,
    OneOf,
    Peers,
    Product,
    Quotient,
    Round,
    Sum,
    Text,
    Within,
)
from perfscore.formula.vocabulary import NUMERIC, Vocabulary, with_terms
from perfscore.quantity import Rounding


def bounds(formula: Formula, vocabulary: Vocabulary) -> Interval:
    """An interval that contains every number the formula can give.

    >>> from perfscore.formula.syntax import parse
    >>> from perfscore.formula.vocabulary import Domain, Term
    >>> rate = Term("执行率", "percent", domain=Domain(Fraction(0), Fraction(1)))
    >>> reached = bounds(parse("10 - 10 * rate").formula, {"rate": rate})
    >>> reached.low, reached.high
    (Fraction(0, 1), Fraction(10, 1))
    """

    def added(terms: tuple[Formula, ...], start: Interval) -> Interval:
        for term in terms:
            start = workable(plus(start, go(term)))
        return start

    def summed(terms: tuple[Formula, ...]) -> Interval:
        total = added(terms, point(0))
        if (less := settled(terms)) is not None:
            rest, pairs = less
            total = common(total, added(rest, Interval(Fraction(0)) if pairs else point(0)))
        return total

    def part_of(quotient: Interval, above: Formula, below: Formula) -> Interval:
        if go(below).low < 0 or settled((below, Negative(above))) is None:
            return quotient
        if summed((below, Negative(above))).low >= 0:
            return common(quotient, Interval(high=Fraction(1)))
        return quotient

    def go(one: Formula) -> Interval:
        match one:
            case Constant(value=value):
                return point(value)
            case Name(name=name):
                domain = vocabulary[name].domain
                low = -inf if domain.low is None else domain.low
                high = inf if domain.high is None else domain.high
                return Interval(low, high, domain.low_closed, domain.high_closed)
            case Judged(low=low_end, high=high_end, or_none=or_none):
                first, last = go(low_end), go(high_end)
                low_in, high_in = one.low_closed and first.low_closed, one.high_closed and last.high_closed
                asked = Interval(first.low, last.high, low_in, high_in)
                return hull(asked, point(0)) if or_none else asked
            case Sum(terms=terms):
                return summed(terms)
            case Negative(of=of):
                inner = go(of)
                return Interval(-inner.high, -inner.low, inner.high_closed, inner.low_closed)
            case Product(factors=factors):
                product = point(1)
                for factor in factors:
                    product = workable(times(product, go(factor)))
                return product
            case Quotient(above=above, below=below):
                return part_of(workable(over(go(above), go(below))), above, below)
            case Least(of=of):
                ends = [go(part) for part in of]
                return Interval(min(end.low for end in ends), min(end.high for end in ends))
            case Greatest(of=of):
                ends = [go(part) for part in of]
                return Interval(max(end.low for end in ends), max(end.high for end in ends))
            case Absolute(of=of):
                inner = go(of)
                away = [max(inner.low, -inner.low), max(inner.high, -inner.high)]
                return Interval(Fraction(0) if inner.low <= 0 <= inner.high else min(away), max(away))
            case Floor(of=of):
                return rounded(go(of), lambda end: Fraction(floor(end)))
            case Ceil(of=of):
                return rounded(go(of), lambda end: Fraction(ceil(end)))
            case Round(of=of, places=places):
                return rounded(go(of), Rounding(places).rounded)
            case Inexact(of=of):
                return workable(inexact.reach(one, [go(part) for part in of]))
            case Elapsed():
                known = least_and_most(one, vocabulary)
                return EVERYTHING if known is None else Interval(Fraction(known[0]), Fraction(known[1]))
            case Choice(when=when, then=then, otherwise=otherwise):
                decided = always(when, vocabulary)
                if decided is None:
                    return hull(bounds(then, where_holds(when, vocabulary)), go(otherwise))
                return go(then) if decided else go(otherwise)
            case Peers(what="rank"):
                return Interval(Fraction(1))
            case Peers(what="count"):
                return Interval(Fraction(0))
            case Peers(of=of):
                return go(of)
            case Gathered(how="count" | "sum", of=of, where=where):
                each = bounds(of, where_holds(where, vocabulary))
                return Interval(-inf if each.low < 0 else Fraction(0), inf if each.high > 0 else Fraction(0))
            case Gathered(of=of, where=where, weights=weights):  # between the least and the greatest
                return bounds(of, where_holds(where, vocabulary)) if go(weights).low >= 0 else EVERYTHING
            case Text() | Day() | Given() | Comparison() | Within() | OneOf() | All() | Any() | Not():
                return EVERYTHING
            case _:
                assert_never(one)

    return go(formula)


def always(condition: Formula, vocabulary: Vocabulary) -> bool | None:
    """True where the condition holds for every value in the domains, False where for none, None where that is not
    proved.
    """
    match condition:
        case Comparison(left=left, by=by, right=right):
            if isinstance(right, Text | Day) or (
                isinstance(left, Name) and vocabulary[left.name].type in ("choice", "text", "date", "yes-no")
            ):
                return _chosen(left, by, right, vocabulary)
            return _compared(bounds(left, vocabulary), by, bounds(right, vocabulary))
        case Within(of=of, low=low, high=high, low_closed=low_closed, high_closed=high_closed):
            above = Comparison(of, "≥" if low_closed else ">", low)
            below = Comparison(of, "≤" if high_closed else "<", high)
            return _and([always(above, vocabulary), always(below, vocabulary)])
        case All(of=of):
            return _and([always(part, vocabulary) for part in of])
        case Any(of=of):
            return _not(_and([_not(always(part, vocabulary)) for part in of]))
        case Not(of=of):
            return _not(always(of, vocabulary))
        case OneOf(of=Name(name=name), texts=texts) if known := vocabulary[name].domain.choices:
            inside = [one in texts for one in known]
            return True if all(inside) else None if any(inside) else False
        case Name(name=name):
            # a yes-no of which the answer is known has it for its only choice
            known = vocabulary[name].domain.choices
            return known == ("true",) if len(known) == 1 else None
        case Choice(when=when, then=then, otherwise=otherwise):
            decided = always(when, vocabulary)
            first, second = always(then, vocabulary), always(otherwise, vocabulary)
            return first if decided is True or first is second else second if decided is False else None
        case _:
            return None


def _chosen(left: Formula, by: Comparator, right: Formula, vocabulary: Vocabulary) -> bool | None:
    """A comparison of texts or dates, decided where all choices that are left agree."""
    if not isinstance(left, Name) or not isinstance(right, Text | Day):
        return None
    wanted = right.value if isinstance(right, Text) else right.value.isoformat()
    holds = _HOLDS[by]
    found = {holds(one, wanted) for one in vocabulary[left.name].domain.choices}  # ISO dates sort as they follow
    return found.pop() if len(found) == 1 else None


_HOLDS: dict[Comparator, Callable[[str, str], bool]] = {
    "<": operator.lt,
    "≤": operator.le,
    "=": operator.eq,
    "≠": operator.ne,
    "≥": operator.ge,
    ">": operator.gt,
}


def where_holds(condition: Formula, vocabulary: Vocabulary) -> Vocabulary:
    """What every name stands for where the condition holds: a name that it compares lies in fewer values."""
    match condition:
        case Comparison(left=Name(name=name), by="<" | "≤" as sign, right=right) if _is_number(name, vocabulary):
            end = bounds(right, vocabulary)
            return _cut(name, Interval(-inf, end.high, True, sign == "≤" and end.high_closed), vocabulary)
        case Comparison(left=Name(name=name), by=">" | "≥" as sign, right=right) if _is_number(name, vocabulary):
            end = bounds(right, vocabulary)
            return _cut(name, Interval(end.low, inf, sign == "≥" and end.low_closed), vocabulary)
        case Comparison(left=Name(name=name), by="=", right=right) if _is_number(name, vocabulary):
            return _cut(name, bounds(right, vocabulary), vocabulary)
        case Within(of=of, low=low, high=high, low_closed=low_closed, high_closed=high_closed):
            above = Comparison(of, "≥" if low_closed else ">", low)
            below = Comparison(of, "≤" if high_closed else "<", high)
            return where_holds(below, where_holds(above, vocabulary))
        case All(of=of):
            for part in of:
                vocabulary = where_holds(part, vocabulary)
            return vocabulary
        case _:
            return vocabulary


def _is_number(name: str, vocabulary: Vocabulary) -> bool:
    return vocabulary[name].type in NUMERIC


def _cut(name: str, to: Interval, vocabulary: Vocabulary) -> Vocabulary:
    domain = vocabulary[name].domain
    low: tuple[End, bool] = (-inf, True) if domain.low is None else (domain.low, domain.low_closed)
    high: tuple[End, bool] = (inf, True) if domain.high is None else (domain.high, domain.high_closed)
    low = max(low, (to.low, to.low_closed), key=lambda end: (end[0], not end[1]))
    high = min(high, (to.high, to.high_closed), key=lambda end: (end[0], end[1]))
    if low[0] > high[0]:
        return vocabulary  # no value is left: the branch is never taken, whatever it gives
    ends = [end[0] if isinstance(end[0], Fraction) else None for end in (low, high)]
    narrower = evolve(domain, low=ends[0], high=ends[1], low_closed=low[1], high_closed=high[1])
    return with_terms(vocabulary, {name: evolve(vocabulary[name], domain=narrower)})


def _and(parts: list[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def _not(part: bool | None) -> bool | None:
    return None if part is None else not part


def _compared(left: Interval, by: Comparator, right: Interval) -> bool | None:
    match by:
        case "<":
            surely = left.high < right.low or (left.high == right.low and not (left.high_closed and right.low_closed))
            return True if surely else False if left.low >= right.high else None
        case "≤":
            never = left.low > right.high or (left.low == right.high and not (left.low_closed and right.high_closed))
            return True if left.high <= right.low else False if never else None
        case ">" | "≥":
            return _compared(right, "<" if by == ">" else "≤", left)
        case "=":
            apart = _compared(left, "<", right) is True or _compared(right, "<", left) is True
            same = left.low == left.high == right.low == right.high
            return False if apart else True if same else None
        case "≠":
            return _not(_compared(left, "=", right))
