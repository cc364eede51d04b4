"""Read formulas for many rows at once.

In: a formula, the slots its names stand in, and a column in every slot. Out: a column: numbers, truths or texts, with the
rows in which it has no value. It is what `exact` gives row by row; where that cannot be proved, or where there is no way
to read a shape in columns, `Unproved` or `NoColumns` is raised and the rows go to `exact` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias, TypeVar, assert_never, cast

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from perfscore.formula.choosing import chosen, compared, extreme, lacks_of, rounded
from perfscore.formula.lines import Line, line_of
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
from perfscore.formula.wholes import (
    Figures,
    Lacks,
    Mask,
    NoColumns,
    absolute,
    ceil,
    constant,
    earlier,
    floor,
    in_wholes,
    on_line,
    over,
    over_one,
    plus,
    scaled,
    times,
    unsaid,
)


@frozen(eq=False)
class Truths:
    """Where a condition holds; a plain `bool` is the same for everybody."""

    holds: Mask | bool
    without: Lacks | None = None


@frozen(eq=False)
class Texts:
    """A text a row, by its place among `words`."""

    places: npt.NDArray[np.int32]
    words: tuple[str, ...]
    without: Lacks | None = None


Made = TypeVar("Made")
Column: TypeAlias = Figures | Truths | Texts
_FIRST_DAY = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """A day as columns hold it: as Arrow counts them."""
    return day.toordinal() - _FIRST_DAY


@frozen(eq=False)
class Columns:
    """The columns of `size` rows, by their slots, and the slots of what is read by name, or asked of the assessor."""

    size: int
    held: Mapping[int, Column]
    slots: Mapping[str, int]
    answers: Mapping[str, int] = field(factory=dict)
    inputs: frozenset[int] = frozenset()
    """The slots of inputs: where one has no value it was not given, or cannot be used, which is missing too."""
    known: dict[int, tuple[Formula, object]] = field(factory=dict)
    """What is the same for every batch, by the formula it was found for: that it is a line, or a constant."""
    lines: dict[tuple[int, int], tuple[int, int, int]] = field(factory=dict)
    """Lines in whole numbers, by the denominator of the figure that they are lines in."""

    def figures(self, formula: Formula) -> Figures:
        """The numbers that a formula gives."""
        found = self.read(formula)
        if not isinstance(found, Figures):
            raise NoColumns
        return found

    def truths(self, formula: Formula) -> Truths:
        """Where a condition holds."""
        found = self.read(formula)
        if not isinstance(found, Truths):
            raise NoColumns
        return found

    def read(self, formula: Formula) -> Column:
        """What a formula gives."""
        match formula:  # what most losses are made of comes first
            case Choice(when=when, then=then, otherwise=otherwise):
                return self._choice(self.truths(when), then, otherwise)
            case Comparison(left=left, by=by, right=right):
                return self._comparison(left, by, right)
            case Constant():
                return self._once(formula, lambda one: constant(formula.value))
            case Day(value=value):
                return constant(day_number(value))
            case Name(name=name):
                return self._held(self.slots, name)
            case Peers():
                return self._held(self.slots, peers_name(formula))
            case Judged():
                return self._judged(formula)
            case Sum() | Product() | Quotient() if (line := self._line(formula)) is not None:
                return self._on_line(line)
            case Sum(terms=terms):
                return self._folded(plus, terms)
            case Negative(of=of):
                return scaled(self.figures(of), Fraction(-1))
            case Product(factors=factors):
                return self._folded(times, factors)
            case Quotient(above=above, below=below):
                return over(self.figures(above), self.figures(below))
            case Least(of=of):
                return self._folded(lambda one, other: extreme(one, other, "<"), of)
            case Greatest(of=of):
                return self._folded(lambda one, other: extreme(one, other, ">"), of)
            case Absolute(of=of):
                return absolute(self.figures(of))
            case Floor(of=of):
                return floor(self.figures(of))
            case Ceil(of=of):
                return ceil(self.figures(of))
            case Round(of=of, places=places):
                return rounded(self.figures(of), places)
            case Elapsed(start=start, end=end, unit="days"):
                return plus(self.figures(end), scaled(self.figures(start), Fraction(-1)))
            case Within(of=of, low=low, high=high, low_closed=low_closed, high_closed=high_closed):
                number = self.figures(of)
                least = _compared(number, "≥" if low_closed else ">", self.figures(low))
                most = _compared(number, "≤" if high_closed else "<", self.figures(high))
                return Truths(_and(least.holds, most.holds), earlier(least.without, most.without))
            case OneOf(of=of, texts=texts):
                return self._one_of(self.read(of), frozenset(texts))
            case All(of=of):
                return self._in_turn(of, stops=False)
            case Any(of=of):
                return self._in_turn(of, stops=True)
            case Not(of=of):
                inner = self.truths(of)
                return Truths(_not(inner.holds), inner.without)
            case Given(name=name):
                without = self._held(self.slots, name).without
                if without is not None and self.slots[name] not in self.inputs:
                    raise NoColumns  # a figure that cannot be computed was given all the same
                return Truths(True if without is None else np.logical_not(without))
            case Elapsed() | Inexact() | Gathered() | Text():
                raise NoColumns
            case _:
                assert_never(formula)

    def _on_line(self, line: Line) -> Figures:
        found = self._held(self.slots, line.name or "")
        if not isinstance(found, Figures):
            raise NoColumns
        if found.same is not None or not isinstance(found.below, int) or line.slope == 0:
            return on_line(found, line.slope, line.start)
        key = (id(line), found.below)
        if (wholes := self.lines.get(key)) is None:
            wholes = self.lines[key] = over_one(line.slope, line.start, found.below)
        return in_wholes(found, *wholes)

    def _line(self, formula: Formula) -> Line | None:
        return self._once(formula, lambda one: line if (line := line_of(one)) is not None and line.name else None)

    def _once(self, formula: Formula, make: Callable[[Formula], Made]) -> Made:
        found = self.known.get(id(formula))
        if found is None or found[0] is not formula:
            found = self.known[id(formula)] = (formula, make(formula))
        return cast(Made, found[1])

    def _held(self, slots: Mapping[str, int], name: str) -> Column:
        found = self.held.get(slots[name])
        if found is None:
            raise NoColumns
        return found

    def _folded(self, by: Callable[[Figures, Figures], Figures], of: Iterable[Formula]) -> Figures:
        first, *rest = (self.figures(one) for one in of)
        for one in rest:
            first = by(first, one)
        return first

    def _judged(self, judged: Judged) -> Figures:
        answer = self._held(self.answers, judged.part)
        if not isinstance(answer, Figures):
            raise NoColumns
        low, high = self.figures(judged.low), self.figures(judged.high)
        high_enough = compared(answer, "≥" if judged.low_closed else ">", low)
        low_enough = compared(answer, "≤" if judged.high_closed else "<", high)
        inside, ends = _and(high_enough, low_enough), earlier(low.without, high.without)
        if judged.or_none:  # then the ends are not read
            none = compared(answer, "=", constant(0))
            inside, ends = _or(inside, none), lacks_of(none, None, ends)
        without = earlier(answer.without, ends)
        if inside is not True:
            outside = np.broadcast_to(np.logical_not(inside), (self.size,))
            without = earlier(without, unsaid(outside))
        return evolve(answer, without=without)

    def _choice(self, when: Truths, then: Formula, otherwise: Formula) -> Column:
        if isinstance(when.holds, bool):
            found = self.read(then if when.holds else otherwise)
            return found if when.without is None else evolve(found, without=earlier(when.without, found.without))
        one, other = self.read(then), self.read(otherwise)
        if isinstance(one, Figures) and isinstance(other, Figures):
            picked: Column = chosen(when.holds, one, other)
        elif isinstance(one, Truths) and isinstance(other, Truths):
            picked = Truths(
                np.where(when.holds, one.holds, other.holds), lacks_of(when.holds, one.without, other.without)
            )
        else:
            raise NoColumns
        return picked if when.without is None else evolve(picked, without=earlier(when.without, picked.without))

    def _comparison(self, left: Formula, by: Comparator, right: Formula) -> Truths:
        if isinstance(right, Text):
            return _text(self.read(left), by, right.value)
        if isinstance(left, Text):
            return _text(self.read(right), by, left.value)
        one, other = self.read(left), self.read(right)
        if isinstance(one, Figures) and isinstance(other, Figures):
            return _compared(one, by, other)
        if isinstance(one, Truths) and isinstance(other, Truths) and by in ("=", "≠"):
            alike = np.equal(one.holds, other.holds)
            return Truths(alike if by == "=" else np.logical_not(alike), earlier(one.without, other.without))
        raise NoColumns

    def _one_of(self, of: Column, texts: frozenset[str]) -> Truths:
        if not isinstance(of, Texts):
            raise NoColumns
        return Truths(np.array([one in texts for one in of.words], np.bool_)[of.places], of.without)

    def _in_turn(self, of: tuple[Formula, ...], *, stops: bool) -> Truths:
        """And, or: a part is read only where those before it have not settled the answer."""
        so_far: Mask | bool = not stops
        without: Lacks | None = None
        for one in of:
            part = self.truths(one)
            if part.without is not None:
                open_still = np.logical_not(so_far) if stops else so_far
                without = earlier(without, lacks_of(open_still, part.without, None))
            so_far = _or(so_far, part.holds) if stops else _and(so_far, part.holds)
        return Truths(so_far, without)


def _compared(one: Figures, by: Comparator, other: Figures) -> Truths:
    return Truths(compared(one, by, other), earlier(one.without, other.without))


def _text(of: Column, by: Comparator, text: str) -> Truths:
    if not isinstance(of, Texts) or by not in ("=", "≠"):
        raise NoColumns
    return Truths(np.array([(one == text) == (by == "=") for one in of.words], np.bool_)[of.places], of.without)


def _and(one: Mask | bool, other: Mask | bool) -> Mask | bool:
    if isinstance(one, bool):
        return other if one else False
    return (one if other else False) if isinstance(other, bool) else one & other


def _or(one: Mask | bool, other: Mask | bool) -> Mask | bool:
    return _not(_and(_not(one), _not(other))) if isinstance(one, bool) or isinstance(other, bool) else one | other


def _not(one: Mask | bool) -> Mask | bool:
    return not one if isinstance(one, bool) else np.logical_not(one)
