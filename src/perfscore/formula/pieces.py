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
Line: TypeAlias = tuple[Fraction, Fraction]
"""What is there at 0, and the slope."""

NAUGHT, ONE = Fraction(0), (Fraction(1), Fraction(0))


class NoCurveError(Exception):
    """The formula is no curve of that figure alone that can be followed piece by piece."""


class EndlessError(NoCurveError):
    """Its steps go on without end."""


@frozen
class Piece:
    """One line over another (mostly over 1), on a stretch where the lower one is not 0."""

    where: Interval
    above: Line
    below: Line = ONE

    def at(self, value: Fraction) -> Fraction:
        """What is there."""
        return _on(self.above, value) if self.below is ONE else _on(self.above, value) / _on(self.below, value)

    def on(self, where: Interval) -> Piece:
        """The same line on another stretch."""
        return Piece(where, self.above, self.below)

    @property
    def flat(self) -> bool:
        """Whether it is the same everywhere on the stretch."""
        return (
            not self.above[1] if self.below is ONE else self.above[1] * self.below[0] == self.above[0] * self.below[1]
        )

    @property
    def rises(self) -> bool:
        """Whether more of the figure gives more; a piece goes one way all along."""
        return self.above[1] * self.below[0] > self.above[0] * self.below[1]


Curve: TypeAlias = tuple[Piece, ...]
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
                return self._together(terms, where, _plus)
            case Product(factors=factors):
                return self._together(factors, where, _times)
            case Negative(of=of):
                return tuple(_turned(one) for one in self.number(of, where))
            case Quotient(above=above, below=below):
                return _both(self.number(above, where), self.number(below, where), _over)
            case Least(of=of):
                return self._together(of, where, lambda one, other: _chosen(one, other, "≤"))
            case Greatest(of=of):
                return self._together(of, where, lambda one, other: _chosen(one, other, "≥"))
            case Absolute(of=of):
                return tuple(
                    _turned(piece.on(part)) if sign < 0 else piece.on(part)
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


def _on(line: Line, value: Fraction) -> Fraction:
    return line[0] + line[1] * value if line[1] else line[0]


def _turned(piece: Piece) -> Piece:
    return Piece(piece.where, (-piece.above[0], -piece.above[1]), piece.below)


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


def _plus(one: Piece, other: Piece) -> Iterator[Piece]:
    if one.below == other.below:
        above = (one.above[0] + other.above[0], one.above[1] + other.above[1])
        yield _made(one.where, above, one.below)
        return
    left, right = _by(one.above, other.below), _by(other.above, one.below)
    yield _made(one.where, (left[0] + right[0], left[1] + right[1]), _by(one.below, other.below))


def _times(one: Piece, other: Piece) -> Iterator[Piece]:
    yield _made(one.where, _by(one.above, other.above), _by(one.below, other.below))


def _over(one: Piece, other: Piece) -> Iterator[Piece]:
    for where, sign in signs(other):
        if sign:
            above, below = _by(one.above, other.below), _by(one.below, other.above)
            yield _made(where, above, below)


def _chosen(one: Piece, other: Piece, by: Comparator) -> Iterator[Piece]:
    [apart] = _plus(one, _turned(other))
    for where, sign in signs(apart):
        yield (one if _HOLDS[by](sign) else other).on(where)


def _by(one: Line, other: Line) -> Line:
    if other is ONE or one is ONE:
        return one if other is ONE else other
    if one[1] and other[1]:
        raise NoCurveError  # it bends
    return one[0] * other[0], one[0] * other[1] + one[1] * other[0]


def _made(where: Interval, above: Line, below: Line) -> Piece:
    if below is ONE:
        return Piece(where, above)
    if not below[1]:
        return Piece(where, (above[0] / below[0], above[1] / below[0]))
    if above[0] * below[1] == above[1] * below[0]:  # the same line above and below, stretched
        return Piece(where, (above[1] / below[1], NAUGHT))
    return Piece(where, above, below)


_HOLDS: dict[Comparator, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "≤": lambda sign: sign <= 0,
    "=": lambda sign: sign == 0,
    "≠": lambda sign: sign != 0,
    "≥": lambda sign: sign >= 0,
    ">": lambda sign: sign > 0,
}


def signs(piece: Piece) -> Iterator[tuple[Interval, int]]:
    """Where a piece lies below 0, at it, above it."""
    start, slope = piece.above
    if not slope and piece.below is ONE:
        yield piece.where, (start > 0) - (start < 0)
        return
    cuts = [-start / slope] if slope else []
    for where in split(piece.where, cuts):
        held = piece.at(inside(where))
        yield where, (held > 0) - (held < 0)


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
    below = _on(piece.below, end)
    if not below:
        raise EndlessError
    return _on(piece.above, end) / below


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
