"""Read formulas exactly, for one subject.

In: a formula, the slots its names stand in, and a row of values.
Out: a reader made once and called often: numbers as a whole numerator over a whole, positive denominator (scaled
integers that carry their own scale), so that nothing is rounded and nothing is normalised before it must be.
What cannot be read is raised as `Unreadable` and becomes a state; no reader turns it into a number.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias, TypeVar, assert_never, cast

from attrs import field, frozen

from perfscore.formula import arithmetic, inexact
from perfscore.formula.arithmetic import Absent, Numeric, Rated, Ratio, Reader, Row, Truth, Unreadable, Value
from perfscore.formula.dates import days_between, months_between, two_readings
from perfscore.formula.gathering import gathering
from perfscore.formula.lines import line_of
from perfscore.formula.prose import peers_name
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
from perfscore.formula.walking import judged_parts, names, peers_in

Made = TypeVar("Made")
Of = TypeVar("Of")


def ratio(value: Fraction) -> Ratio:
    """A fraction as readers hold it."""
    return value.numerator, value.denominator


def fraction(value: Ratio) -> Fraction:
    """A reader's number as a fraction in lowest terms."""
    return Fraction(*value)


@frozen
class Slots:
    """Where each name, and each part of the assessor's answer, stands in a row; `name` is who is computed, for
    what goes wrong.
    """

    of: Mapping[str, int] = field(hash=False)
    answers: Mapping[str, int] = field(factory=dict, hash=False)
    name: str = ""
    _made: dict[tuple[str, int], tuple[object, object]] = field(
        factory=dict, init=False, eq=False, hash=False, repr=False
    )

    def __getstate__(self) -> tuple[Mapping[str, int], Mapping[str, int], str]:
        return self.of, self.answers, self.name  # what was made once is made again where it is needed

    def __setstate__(self, state: tuple[Mapping[str, int], Mapping[str, int], str]) -> None:
        for name, value in zip(("of", "answers", "name"), state, strict=True):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_made", {})

    def once(self, purpose: str, of: Of, make: Callable[[Of], Made]) -> Made:
        """What is made of a formula, or of a loss, for a purpose; of the same one once, however often it is asked for."""
        key = (purpose, id(of))
        found = self._made.get(key)
        if found is None or found[0] is not of:
            found = self._made[key] = (of, make(of))
        return cast(Made, found[1])

    def numeric(self, formula: Formula) -> Numeric:
        """A reader of a formula whose value is a number."""
        return cast(Numeric, _folded(formula, self))

    def truth(self, formula: Formula) -> Truth:
        """A reader of a condition."""
        return cast(Truth, _folded(formula, self))

    def value(self, formula: Formula) -> Reader:
        """A reader of any formula."""
        return _folded(formula, self)


def _folded(formula: Formula, slots: Slots) -> Reader:
    """The reader, or its one answer where the formula reads nothing from the row."""
    read = _reader(formula, slots)
    if names(formula) or judged_parts(formula) or peers_in(formula):
        return read
    try:
        known = read(())
    except Unreadable:
        return read
    return lambda row: known


def _reader(formula: Formula, slots: Slots) -> Reader:
    match formula:
        case Constant(value=value):
            known = ratio(value)
            return lambda row: known
        case Text(value=text):
            return lambda row: text
        case Day(value=day):
            return lambda row: day
        case Name(name=name):
            return _name(slots.of[name])
        case Given(name=name):
            return _given(slots.of[name])
        case Judged(part=part):
            return _judged(formula, slots.answers[part], slots.numeric(formula.low), slots.numeric(formula.high))
        case Sum() | Product() | Quotient() if (line := line_of(formula)) is not None and line.name is not None:
            return arithmetic.on_line(slots.of[line.name], ratio(line.slope), ratio(line.start))
        case Sum(terms=terms):
            return arithmetic.total([slots.numeric(one) for one in terms], slots.name)
        case Negative(of=of):
            return arithmetic.negative(slots.numeric(of))
        case Product(factors=(Constant(value=value), one)) | Product(factors=(one, Constant(value=value))):
            return arithmetic.scaled(slots.numeric(one), ratio(value))
        case Product(factors=factors):
            return arithmetic.product([slots.numeric(one) for one in factors], slots.name)
        case Quotient(above=Name(name=above_name), below=Name(name=below_name)):
            return arithmetic.quotient_of_two(slots.of[above_name], slots.of[below_name], slots.name)
        case Quotient(above=above, below=Constant(value=value)) if value:
            return arithmetic.scaled(slots.numeric(above), ratio(1 / value))
        case Quotient(above=above, below=below):
            return arithmetic.quotient(slots.numeric(above), slots.numeric(below), slots.name)
        case Greatest(of=(Constant(value=value), one)) | Greatest(of=(one, Constant(value=value))) if value == 0:
            return arithmetic.not_below_zero(slots.numeric(one))
        case Least(of=of):
            return arithmetic.extreme([slots.numeric(one) for one in of], operator.lt)
        case Greatest(of=of):
            return arithmetic.extreme([slots.numeric(one) for one in of], operator.gt)
        case Absolute(of=of):
            return arithmetic.absolute(slots.numeric(of))
        case Floor(of=of):
            return arithmetic.floor(slots.numeric(of))
        case Ceil(of=of):
            return arithmetic.ceil(slots.numeric(of))
        case Round(of=of, places=places):
            return arithmetic.rounded(slots.numeric(of), places)
        case Inexact(of=of):
            return inexact.reader(formula, [slots.numeric(one) for one in of], slots.name)
        case Elapsed(start=start, end=end):
            return _elapsed(formula, slots.value(start), slots.value(end), slots.name)
        case Choice(when=when, then=Constant(value=value), otherwise=otherwise) if value == 0:
            return _unless(slots.truth(when), slots.value(otherwise))
        case Choice(when=when, then=then, otherwise=otherwise):
            return _choice(slots.truth(when), slots.value(then), slots.value(otherwise))
        case Comparison(left=Name(name=name), by=by, right=Constant(value=value)):
            return _with_number(slots.of[name], by, ratio(value))
        case Comparison(left=left, by=by, right=right):
            return _comparison(slots.value(left), by, slots.value(right))
        case Within(of=of, low=low, high=high, low_closed=low_closed, high_closed=high_closed):
            return _within(slots.numeric(of), slots.numeric(low), slots.numeric(high), low_closed, high_closed)
        case OneOf(of=of, texts=texts):
            return _one_of(slots.value(of), frozenset(texts))
        case All(of=of):
            return _all([slots.truth(one) for one in of])
        case Any(of=of):
            return _any([slots.truth(one) for one in of])
        case Not(of=of):
            return _not(slots.truth(of))
        case Peers():
            return _name(slots.of[peers_name(formula)])
        case Gathered(how=how, table=table, of=of, where=where, weights=weights):
            read = (slots.numeric(of), slots.truth(where), slots.numeric(weights))
            return gathering(how, slots.of[table], *read, slots.name)
        case _:
            assert_never(formula)


def _name(at: int) -> Reader:
    def read(row: Row) -> Value:
        value = row[at]
        if isinstance(value, Absent):
            raise Unreadable(value)
        return value

    return read


def _given(at: int) -> Truth:
    def read(row: Row) -> bool:
        value = row[at]
        return not (isinstance(value, Absent) and value.state == "missing")

    return read


def _judged(judged: Judged, at: int, low: Numeric, high: Numeric) -> Numeric:
    answered = cast(Numeric, _name(at))
    high_enough = _COMPARE["≥" if judged.low_closed else ">"]
    low_enough = _COMPARE["≤" if judged.high_closed else "<"]

    def read(row: Row) -> Ratio:
        answer = answered(row)
        if answer[0] == 0 and judged.or_none:
            return 0, 1
        (low_above, low_below), (high_above, high_below) = low(row), high(row)
        # of several raters each must keep to the range, not only their mean
        for above, below in answer.each if isinstance(answer, Rated) else (answer,):
            if not (
                high_enough(above * low_below, low_above * below) and low_enough(above * high_below, high_above * below)
            ):
                raise Unreadable(Absent(judged.part, "out-of-range"))
        return answer

    return read


def _elapsed(elapsed: Elapsed, start: Reader, end: Reader, name: str) -> Numeric:
    since, until, short = cast(Callable[[Row], date], start), cast(Callable[[Row], date], end), elapsed.short
    if elapsed.unit == "days":
        return lambda row: (days_between(since(row), until(row)), 1)
    if short is not None:
        return lambda row: (months_between(since(row), until(row), short), 1)

    def read(row: Row) -> Ratio:
        one, other = since(row), until(row)
        if two_readings(one, other):
            raise Unreadable(Absent(name, "short-month"))
        return months_between(one, other, "last-day"), 1

    return read


def _choice(when: Truth, then: Reader, otherwise: Reader) -> Reader:
    return lambda row: then(row) if when(row) else otherwise(row)


def _unless(when: Truth, otherwise: Reader) -> Reader:
    nothing = (0, 1)
    return lambda row: nothing if when(row) else otherwise(row)


_Compare: TypeAlias = Callable[[object, object], bool]
_COMPARE: Mapping[Comparator, _Compare] = {
    "<": cast(_Compare, operator.lt),
    "≤": cast(_Compare, operator.le),
    "=": operator.eq,
    "≠": operator.ne,
    "≥": cast(_Compare, operator.ge),
    ">": cast(_Compare, operator.gt),
}


def _comparison(left: Reader, by: Comparator, right: Reader) -> Truth:
    holds = _COMPARE[by]

    def read(row: Row) -> bool:
        one, other = left(row), right(row)
        if isinstance(one, tuple) and isinstance(other, tuple):
            return holds(one[0] * other[1], other[0] * one[1])
        return holds(one, other)

    return read


def _with_number(at: int, by: Comparator, number: Ratio) -> Truth:
    """A figure compared with a number, which most comparisons are."""
    holds = _COMPARE[by]
    above, below = number

    def read(row: Row) -> bool:
        value = row[at]
        if type(value) is tuple:
            return holds(value[0] * below, above * value[1])
        if isinstance(value, Absent):
            raise Unreadable(value)
        if isinstance(value, tuple):
            return holds(value[0] * below, above * value[1])
        return holds(value, number)

    return read


def _within(of: Numeric, low: Numeric, high: Numeric, low_closed: bool, high_closed: bool) -> Truth:
    above_low = _COMPARE["≥" if low_closed else ">"]
    below_high = _COMPARE["≤" if high_closed else "<"]

    def read(row: Row) -> bool:
        above, below = of(row)
        bottom, under = low(row)
        top, over = high(row)
        return above_low(above * under, bottom * below) and below_high(above * over, top * below)

    return read


def _one_of(of: Reader, texts: frozenset[str]) -> Truth:
    return lambda row: of(row) in texts


def _all(of: list[Truth]) -> Truth:
    def read(row: Row) -> bool:
        for one in of:  # noqa: SIM110 - a generator would cost a frame for every subject
            if not one(row):
                return False
        return True

    return read


def _any(of: list[Truth]) -> Truth:
    def read(row: Row) -> bool:
        for one in of:  # noqa: SIM110 - as above
            if one(row):
                return True
        return False

    return read


def _not(of: Truth) -> Truth:
    return lambda row: not of(row)
