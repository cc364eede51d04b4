"""Decide conditions against one another, whatever they read.

In: conditions, and what their names stand for. Out: whether no two hold at once, whether one of them always holds.
Each condition is spread out into the ways in which it can hold; a way says where some figures lie. Figures are compared
by the formulas that are written: `≥ req` and `< req` are opposites, `80% * req` lies below `req` where `req` is not
negative. What is not proved is left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import ceil, floor, inf
from typing import TypeAlias

from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.regions import Region, constant, meet, region
from perfscore.formula.shapes import (
    VALUE,
    ZERO,
    All,
    Any,
    Choice,
    Comparator,
    Comparison,
    Constant,
    Day,
    Formula,
    Name,
    Not,
    OneOf,
    Product,
    Quotient,
    Text,
    Within,
    minus,
)
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Vocabulary
from perfscore.formula.walking import everything

MOST_WAYS = 2_000
MOST_SCALES = 4

Way: TypeAlias = Mapping[Formula, Region]
"""Where figures lie, all at once; a yes-no lies at 1 or 0, a choice at its place among the choices."""

_OPPOSITE: dict[Comparator, Comparator] = {"<": "≥", "≤": ">", "=": "≠", "≠": "=", "≥": "<", ">": "≤"}
_TURNED: dict[Comparator, Comparator] = {"<": ">", "≤": "≥", "=": "=", "≠": "≠", "≥": "≤", ">": "<"}


def apart(one: Formula, other: Formula, vocabulary: Vocabulary) -> bool:
    """Whether two conditions are proved never to hold at once."""
    return _never(All((one, other)), True, vocabulary)


def covered(conditions: tuple[Formula, ...], vocabulary: Vocabulary) -> bool:
    """Whether one of the conditions is proved to hold whatever the facts."""
    return _never(Any(conditions), False, vocabulary)


def _never(condition: Formula, holds: bool, vocabulary: Vocabulary) -> bool:
    scales = tuple(dict.fromkeys(_scales(condition, vocabulary)))
    if len(scales) > MOST_SCALES:
        return False
    try:  # a figure that others are held against may be 0, and is then no measure of anything: both are tried
        return all(
            not _Ways(vocabulary, dict(zip(scales, naught, strict=True))).of(condition, holds)
            for naught in product((False, True), repeat=len(scales))
        )
    except _TooManyError:
        return False


class _TooManyError(Exception):
    """There are more ways than are looked at."""


class _Ways:
    """The ways in which conditions hold, where each of the scales is above 0, or is 0."""

    def __init__(self, vocabulary: Vocabulary, naught: Mapping[Formula, bool]) -> None:
        self.vocabulary, self.naught = vocabulary, naught
        self.given: Way = {
            one: (Interval(Fraction(0), Fraction(0)),) if zero else (Interval(Fraction(0), inf, low_closed=False),)
            for one, zero in naught.items()
        }

    def of(self, condition: Formula, holds: bool) -> list[Way]:
        """Every way in which the condition holds, or in which it does not."""
        return _and([self.given], self._ways(condition, holds))

    def _ways(self, condition: Formula, holds: bool) -> list[Way]:
        match condition:
            case Not(of=of):
                return self._ways(of, not holds)
            case All(of=of) | Any(of=of) if isinstance(condition, All) == holds:
                found: list[Way] = [{}]
                for part in of:
                    found = _and(found, self._ways(part, holds))
                return found
            case All(of=of) | Any(of=of):
                return [way for part in of for way in self._ways(part, holds)]
            case Within():
                return self._ways(_between(condition), holds)
            case Choice(when=when, then=then, otherwise=otherwise):
                return [
                    *_and(self._ways(when, True), self._ways(then, holds)),
                    *_and(self._ways(when, False), self._ways(otherwise, holds)),
                ]
            case _:
                figure, where = self._literal(condition, holds)
                return [{figure: where}] if where else []

    def _literal(self, condition: Formula, holds: bool) -> tuple[Formula, Region]:
        """The figure that a condition speaks of, and where it lies."""
        match condition:
            case Comparison(left=left, by=by, right=right):
                by = by if holds else _OPPOSITE[by]
                if isinstance(left, Constant | Day | Text):
                    left, by, right = right, _TURNED[by], left
                if type_of(left, self.vocabulary).sort in ("number", "date"):
                    return self._compared(left, by, right)
                if isinstance(right, Text) and (choices := self._choices(left)):
                    return left, _at(index for index, one in enumerate(choices) if (one == right.value) == (by == "="))
                return Comparison(left, "=", right), _at([int(by == "=")])
            case OneOf(of=of, texts=texts) if choices := self._choices(of):
                return of, _at(index for index, one in enumerate(choices) if (one in texts) == holds)
            case _:
                return condition, _at([int(holds)])

    def _compared(self, left: Formula, by: Comparator, right: Formula) -> tuple[Formula, Region]:
        if isinstance(right, Day):
            return left, _where(by, Fraction(right.value.toordinal()), whole=True)
        if (end := constant(right)) is not None:
            return self._cut(left, by, end)
        if (scaled := _on_a_scale(left, by, right, self.vocabulary)) is not None:
            figure, by, end, scale = scaled
            if self.naught.get(scale):
                return self._cut(figure, by, Fraction(0))
            return Quotient(figure, scale), _where(by, end)
        if repr(left) > repr(right):
            left, by, right = right, _TURNED[by], left
        if type_of(left, self.vocabulary).sort == "date":
            return Comparison(left, "=", right), _where(by, Fraction(0), whole=True)
        return self._cut(minus(left, right), by, Fraction(0))

    def _cut(self, figure: Formula, by: Comparator, end: Fraction) -> tuple[Formula, Region]:
        whole = type_of(figure, self.vocabulary).whole
        return figure, meet(_where(by, end, whole=whole), (bounds(figure, self.vocabulary),))

    def _choices(self, figure: Formula) -> tuple[str, ...]:
        return self.vocabulary[figure.name].domain.choices if isinstance(figure, Name) else ()


def _and(one: list[Way], other: list[Way]) -> list[Way]:
    """Every way in which both hold."""
    found: list[Way] = []
    for first, second in product(one, other):
        both = {**first, **second}
        for figure in first.keys() & second.keys():
            both[figure] = meet(first[figure], second[figure])
        if all(both.values()):
            found.append(both)
    if len(found) > MOST_WAYS:
        raise _TooManyError
    return found


def _between(condition: Within) -> Formula:
    low = Comparison(condition.of, "≥" if condition.low_closed else ">", condition.low)
    return All((low, Comparison(condition.of, "≤" if condition.high_closed else "<", condition.high)))


def _at(places: Iterator[int] | list[int]) -> Region:
    return tuple(Interval(Fraction(one), Fraction(one)) for one in places)


def _where(by: Comparator, end: Fraction, *, whole: bool = False) -> Region:
    """Where a figure lies that compares so with a number; a whole figure lies at whole numbers only."""
    if whole:
        match by:
            case "<":
                by, end = "≤", Fraction(ceil(end) - 1)
            case "≤":
                end = Fraction(floor(end))
            case ">":
                by, end = "≥", Fraction(floor(end) + 1)
            case "≥":
                end = Fraction(ceil(end))
            case "≠":
                return (*_where("<", end, whole=True), *_where(">", end, whole=True))
            case "=" if end.denominator > 1:
                return ()
            case _:
                pass
    return region(Comparison(VALUE, by, Constant(end)), "value") or ()


def _on_a_scale(
    left: Formula, by: Comparator, right: Formula, vocabulary: Vocabulary
) -> tuple[Formula, Comparator, Fraction, Formula] | None:
    """A comparison of two figures as one figure, held against so many times the other, which is not negative."""
    (times, figure), (most, scale) = _factored(left), _factored(right)
    if times <= 0 or figure == scale or type_of(figure, vocabulary).sort != "number":
        return None
    if repr(figure) > repr(scale):
        figure, times, scale, most, by = scale, most, figure, times, _TURNED[by]
    if bounds(scale, vocabulary).low < 0:
        figure, times, scale, most, by = scale, most, figure, times, _TURNED[by]
    if times <= 0 or bounds(scale, vocabulary).low < 0:
        return None
    return figure, by, most / times, scale


def _factored(formula: Formula) -> tuple[Fraction, Formula]:
    """A formula as a number times the rest of it: `80% * req`."""
    if not isinstance(formula, Product):
        return Fraction(1), formula
    number, rest = Fraction(1), []
    for factor in formula.factors:
        if (known := constant(factor)) is not None:
            number *= known
        else:
            rest.append(factor)
    return number, rest[0] if len(rest) == 1 else Product(tuple(rest)) if rest else ZERO


def _scales(condition: Formula, vocabulary: Vocabulary) -> Iterator[Formula]:
    """Every figure that another is held against and that may be 0."""
    for one in everything(condition):
        inner = _between(one) if isinstance(one, Within) else one
        for part in inner.of if isinstance(inner, All) else (inner,):
            if isinstance(part, Comparison) and constant(part.left) is None and constant(part.right) is None:
                scaled = _on_a_scale(part.left, part.by, part.right, vocabulary)
                if scaled is not None and bounds(scaled[3], vocabulary).holds(Fraction(0)):
                    yield scaled[3]
