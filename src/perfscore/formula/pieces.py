"""Formulas of one figure as what they are piece by piece: straight lines, and one line over another.

In: a formula, the figure, and where it lies. Out: the pieces of its curve in order, or of a condition the stretches where
it holds and where not, exactly; `NoCurveError` where the formula reads anything else that is not the same for everybody,
or bends. Where a formula has no value (÷0) there is no piece. Nothing is rounded or approached here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from attrs import frozen

from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.piece import NAUGHT, Curve, NoCurveError, Piece, line_at, over, plus, signs, times, turned
from perfscore.formula.regions import inside, meet, split
from perfscore.formula.shapes import (
    Absolute,
    All,
    Any,
    Ceil,
    Choice,
    Comparator,
    Comparison,
    Constant,
    Floor,
    Formula,
    Greatest,
    Judged,
    Least,
    Name,
    Negative,
    Not,
    Peers,
    Product,
    Quotient,
    Round,
    Sum,
    Within,
    minus,
)
from perfscore.formula.vocabulary import Vocabulary
from perfscore.formula.walking import everything, reads
from perfscore.quantity import Rounding

MOST_PIECES = 1_500


class EndlessError(NoCurveError):
    """Its steps go on without end."""


Truth: TypeAlias = tuple[tuple[Interval, bool], ...]


def curve(formula: Formula, name: str, where: Interval, vocabulary: Vocabulary) -> Curve:
    """The pieces of a formula over a stretch of its figure."""
    return _Reading(name, vocabulary).number(formula, where)


def truth(condition: Formula, name: str, where: Interval, vocabulary: Vocabulary) -> Truth:
    """Where on a stretch of its figure a condition holds, and where not."""
    return _Reading(name, vocabulary).condition(condition, where)


@frozen
class _Reading:
    name: str
    vocabulary: Vocabulary

    def number(self, formula: Formula, where: Interval) -> Curve:
        found = _joined(self._number(formula, where))
        if len(found) > MOST_PIECES:
            raise NoCurveError
        return found

    def _number(self, formula: Formula, where: Interval) -> Iterable[Piece]:
        if not self._reads(formula):
            return (Piece(where, (self._same(formula), NAUGHT)),)
        match formula:
            case Name():
                return (Piece(where, (NAUGHT, Fraction(1))),)
            case Sum(terms=terms):
                return self._together(terms, where, plus)
            case Product(factors=factors):
                return self._together(factors, where, times)
            case Negative(of=of):
                return tuple(turned(one) for one in self.number(of, where))
            case Quotient(above=above, below=below):
                return _both(self.number(above, where), self.number(below, where), over)
            case Least(of=of):
                return self._together(of, where, lambda one, other: _chosen(one, other, "≤"))
            case Greatest(of=of):
                return self._together(of, where, lambda one, other: _chosen(one, other, "≥"))
            case Absolute(of=of):
                return tuple(
                    turned(piece.on(part)) if sign < 0 else piece.on(part)
                    for piece in self.number(of, where)
                    for part, sign in signs(piece)
                )
            case Floor(of=of):
                return _stepped(self.number(of, where), Fraction(1), NAUGHT, lambda held: Fraction(floor(held)))
            case Ceil(of=of):
                return _stepped(self.number(of, where), Fraction(1), NAUGHT, lambda held: Fraction(ceil(held)))
            case Round(of=of, places=places):
                rounding = Rounding(places)
                return _stepped(self.number(of, where), rounding.unit, rounding.unit / 2, rounding.rounded)
            case Choice(when=when, then=then, otherwise=otherwise):
                return tuple(
                    piece
                    for part, holds in self.condition(when, where)
                    for piece in self.number(then if holds else otherwise, part)
                )
            case _:
                raise NoCurveError

    def condition(self, condition: Formula, where: Interval) -> Truth:
        """Stretches in order, each with whether the condition holds there."""
        return _told(self._condition(condition, where))

    def _condition(self, condition: Formula, where: Interval) -> Iterator[tuple[Interval, bool]]:
        if not self._reads(condition):
            known = None if _asks(condition) else always(condition, self.vocabulary)
            if known is None:
                raise NoCurveError
            yield where, known
            return
        match condition:
            case Comparison(left=left, by=by, right=right):
                for piece in self.number(minus(left, right), where):
                    yield from ((part, _HOLDS[by](sign)) for part, sign in signs(piece))
            case Within(of=of, low=low, high=high, low_closed=low_closed, high_closed=high_closed):
                above = Comparison(of, "≥" if low_closed else ">", low)
                yield from self._condition(All((above, Comparison(of, "≤" if high_closed else "<", high))), where)
            case Not(of=of):
                yield from ((part, not holds) for part, holds in self.condition(of, where))
            case All(of=of) | Any(of=of):
                decides = isinstance(condition, Any)  # what decides it, so that nothing after it is read
                waiting = [where]
                for part in of:
                    found = [told for one in waiting for told in self.condition(part, one)]
                    yield from (told for told in found if told[1] is decides)
                    waiting = [one for one, holds in found if holds is not decides]
                yield from ((one, not decides) for one in waiting)
            case _:
                raise NoCurveError

    def _together(
        self, parts: tuple[Formula, ...], where: Interval, how: Callable[[Piece, Piece], Iterable[Piece]]
    ) -> Curve:
        found = self.number(parts[0], where)
        for part in parts[1:]:
            found = _joined(_both(found, self.number(part, where), how))
        return found

    def _reads(self, formula: Formula) -> bool:
        return reads(formula, self.name)

    def _same(self, formula: Formula) -> Fraction:
        """What is the same for everybody."""
        if isinstance(formula, Constant):
            return formula.value
        reach = bounds(formula, self.vocabulary)
        if _asks(formula) or not isinstance(reach.low, Fraction) or reach.low != reach.high:
            raise NoCurveError
        return reach.low


def _asks(formula: Formula) -> bool:
    return any(isinstance(one, Judged | Peers) for one in everything(formula))


def _both(one: Curve, other: Curve, how: Callable[[Piece, Piece], Iterable[Piece]]) -> Iterator[Piece]:
    """Two curves put together wherever both are there; both stand in order."""
    at = 0
    for left in one:
        while at and other[at - 1].where.high >= left.where.low:
            at -= 1
        while at < len(other) and other[at].where.low <= left.where.high:
            right = other[at]
            if left.where is right.where:  # as where one of two is the same all along
                yield from how(left, right)
            else:
                for where in meet((left.where,), (right.where,)):
                    yield from how(left.on(where), right.on(where))
            at += 1


def _chosen(one: Piece, other: Piece, by: Comparator) -> Iterator[Piece]:
    [apart] = plus(one, turned(other))
    for where, sign in signs(apart):
        yield (one if _HOLDS[by](sign) else other).on(where)


_HOLDS: dict[Comparator, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "≤": lambda sign: sign <= 0,
    "=": lambda sign: sign == 0,
    "≠": lambda sign: sign != 0,
    "≥": lambda sign: sign >= 0,
    ">": lambda sign: sign > 0,
}


def _stepped(given: Curve, size: Fraction, offset: Fraction, step: Callable[[Fraction], Fraction]) -> Iterator[Piece]:
    """A curve brought to steps, which change where it passes a whole number of sizes and the offset."""
    left = MOST_PIECES
    for piece in given:
        if piece.flat:
            yield Piece(piece.where, (step(piece.at(inside(piece.where))), NAUGHT))
            continue
        first, last = sorted((_limit(piece, piece.where.low), _limit(piece, piece.where.high)))
        edges = range(ceil((first - offset) / size), floor((last - offset) / size) + 1)
        if (left := left - max(0, edges.stop - edges.start)) < 0:
            raise NoCurveError
        cuts = sorted(cut for edge in edges if (cut := _passes(piece, offset + edge * size)) is not None)
        for where in split(piece.where, cuts):
            yield Piece(where, (step(piece.at(inside(where))), NAUGHT))


def _limit(piece: Piece, end: Fraction | float) -> Fraction:
    """Where a piece goes towards an end of its stretch."""
    if isinstance(end, float):
        if not piece.below[1]:
            raise EndlessError
        return piece.above[1] / piece.below[1]
    below = line_at(piece.below, end)
    if not below:
        raise EndlessError
    return line_at(piece.above, end) / below


def _passes(piece: Piece, held: Fraction) -> Fraction | None:
    """Where a piece that is not flat comes to a number, if it went on far enough."""
    slope = piece.above[1] - held * piece.below[1]
    return (held * piece.below[0] - piece.above[0]) / slope if slope else None


def _joined(given: Iterable[Piece]) -> Curve:
    """The same pieces, those made one that are one line on stretches that touch."""
    done: list[Piece] = []
    for one in given:
        last = done[-1] if done else None
        if last is not None and (last.above, last.below) == (one.above, one.below) and _touch(last.where, one.where):
            done[-1] = last.on(_one(last.where, one.where))
        else:
            done.append(one)
    return tuple(done)


def _told(given: Iterable[tuple[Interval, bool]]) -> Truth:
    done: list[tuple[Interval, bool]] = []
    for where, holds in sorted(given, key=lambda one: (one[0].low, not one[0].low_closed)):
        if done and done[-1][1] == holds and _touch(done[-1][0], where):
            done[-1] = (_one(done[-1][0], where), holds)
        else:
            done.append((where, holds))
    return tuple(done)


def _touch(one: Interval, other: Interval) -> bool:
    return one.high == other.low and (one.high_closed or other.low_closed)


def _one(first: Interval, second: Interval) -> Interval:
    return Interval(first.low, second.high, first.low_closed, second.high_closed)
