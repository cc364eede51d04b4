"""The nearest value of one figure at which points are won.

In: the points that are left, as a formula in that figure alone; where the figure is, and the values that it can be.
Out: its curve, and the values that win so many points, the nearest first. Whether they do is for whoever judges to say.
No fact, no rulebook and no kind is known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, inf

from attrs import evolve, frozen

from perfscore.formula.intervals import Interval
from perfscore.formula.piece import Curve, NoCurveError, Piece, signs
from perfscore.formula.pieces import curve
from perfscore.formula.regions import meet
from perfscore.formula.shapes import ONE, Ceil, Comparison, Constant, Floor, Formula, Greatest, Least, minus
from perfscore.formula.vocabulary import Term
from perfscore.formula.walking import everything
from perfscore.quantity import Rounding

REACHES = (Fraction(1, 4096), Fraction(1, 64), Fraction(1), Fraction(64))
"""How far a curve that goes on without end is followed, in sizes of its figures."""


@frozen
class Ruler:
    """The values that a figure can be: those of its domain, a step apart."""

    name: str
    term: Term
    step: Fraction
    domain: Interval

    def first(self, where: Interval, at: Fraction) -> Iterator[Fraction]:
        """The values of a stretch nearest to one, above it and below it."""
        for part in meet((where,), (self.domain,)):
            if (above := self._from(part.low, part.low_closed, at)) <= part.high and part.holds(above):
                yield above
            if (below := -self._from(-part.high, part.high_closed, -at)) >= part.low and part.holds(below):
                yield below

    def _from(self, low: Fraction | float, closed: bool, at: Fraction) -> Fraction:
        """The first step at or beyond an end, and beyond where the figure is."""
        beyond = (floor(at / self.step) + 1) * self.step
        if isinstance(low, float):
            return beyond
        start = ceil(low / self.step) if closed else floor(low / self.step) + 1
        return max(start * self.step, beyond)


@frozen
class Wanted:
    """Points that are enough: from `edge` on, or beyond it; under demerit those below it."""

    edge: Fraction
    closed: bool
    less: bool = False

    def stretches(self, pieces: Curve) -> Iterator[Interval]:
        """Where a curve has enough."""
        for piece in pieces:
            for where, sign in signs(_lowered(piece, self.edge)):
                enough = sign > 0 or (sign == 0 and self.closed)
                if enough is not self.less:
                    yield where


def _lowered(piece: Piece, by: Fraction) -> Piece:
    (start, slope), (below, per) = piece.above, piece.below
    return evolve(piece, above=(start - by * below, slope - by * per))


def enough(rounding: Rounding, units: int) -> Wanted:
    """The exact points that are published as so many units or more.

    >>> enough(Rounding(2), 1000).edge, enough(Rounding(2, "down"), 1000).edge
    (Fraction(1999, 200), Fraction(10, 1))
    """
    match rounding.mode:
        case "half-up":
            edge, closed = Fraction(2 * units - 1, 2), units > 0
        case "half-even":
            edge, closed = Fraction(2 * units - 1, 2), units % 2 == 0
        case "down":
            edge, closed = Fraction(units if units > 0 else units - 1), units > 0
        case "up":
            edge, closed = Fraction(units - 1 if units > 0 else units), units <= 0
    return Wanted(edge / rounding.size, closed)


def pieces_near(points: Formula, ruler: Ruler, at: Fraction) -> Iterator[Curve]:
    """The curve of the points; where it goes on without end, ever more of it around the figure."""
    known = {ruler.name: ruler.term}
    try:
        yield curve(points, ruler.name, ruler.domain, known)
        return
    except NoCurveError:
        sizes = [abs(one.value) for one in everything(points) if isinstance(one, Constant)]
    size = max([abs(at), ruler.step, *sizes])
    for reach in REACHES:
        for part in meet((Interval(at - size * reach, at + size * reach),), (ruler.domain,)):
            try:
                yield curve(points, ruler.name, part, known)
            except NoCurveError:
                return


def values_winning(wanted: Wanted, pieces: Curve, ruler: Ruler, at: Fraction) -> list[Fraction]:
    """The values nearest to where the figure is in each stretch that has enough, nearest first; more before less."""
    found = {value for where in wanted.stretches(pieces) for value in ruler.first(where, at)}
    return sorted(found, key=lambda value: (abs(value - at), value < at))


def spans(pieces: Curve, domain: Interval) -> bool:
    """Whether a curve was followed over all that the figure can be."""
    return bool(pieces) and pieces[0].where.low == domain.low and pieces[-1].where.high == domain.high


def turning_values(points: Formula, ruler: Ruler, at: Fraction) -> list[Fraction]:
    """The values at which some part of a formula turns: where two sides meet, where a first step begins. Nearest first.

    Of a curve with more steps than can be followed they are the only places that are looked at.
    """
    found: set[Fraction] = set()
    for one in everything(points):
        match one:
            case Comparison(left=left, right=right):
                turns = [minus(left, right)]
            case Least(of=of) | Greatest(of=of):
                turns = [minus(left, right) for left, right in pairwise(of)]
            case Floor(of=of) | Ceil(of=of):
                turns = [of, minus(of, ONE)]
            case _:
                continue
        for turn in turns:
            try:
                pieces = curve(turn, ruler.name, ruler.domain, {ruler.name: ruler.term})
            except NoCurveError:
                continue
            for piece in pieces:
                for where, sign in signs(piece):
                    if sign == 0 and isinstance(where.low, Fraction):
                        near = Interval(where.low - ruler.step, where.low + ruler.step)
                        found.update(_inside(near, ruler))
    return sorted(found - {at}, key=lambda value: (abs(value - at), value < at))


def _inside(where: Interval, ruler: Ruler) -> Iterator[Fraction]:
    for part in meet((where,), (ruler.domain,)):
        first, last = ceil(Fraction(part.low) / ruler.step), floor(Fraction(part.high) / ruler.step)
        yield from (one * ruler.step for one in range(first, last + 1) if part.holds(one * ruler.step))


def piece_at(pieces: Curve, value: Fraction) -> Piece | None:
    """The piece of a curve on which a value lies."""
    return next((one for one in pieces if one.where.holds(value)), None)


def leaps(pieces: Curve, at: Fraction, to: Fraction) -> bool:
    """Whether points leap between two values, from a level stretch to one that begins elsewhere."""
    here, there = piece_at(pieces, at), piece_at(pieces, to)
    if here is None or there is None or here is there or not here.flat:
        return False
    end = there.where.low if to > at else there.where.high
    return not isinstance(end, float) and there.at(end) != here.at(at)


def whole_domain(low: Fraction | None, high: Fraction | None, low_closed: bool, high_closed: bool) -> Interval:
    """A domain as an interval."""
    return Interval(-inf if low is None else low, inf if high is None else high, low_closed, high_closed)
