"""One piece of a curve: a line over a line, on a stretch of its figure; and the sums, products and quotients of two.

In: pieces on one stretch. Out: pieces, exactly; `NoCurveError` where what comes of two is no line over a line.
No formula is read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from perfscore.formula.intervals import Interval
from perfscore.formula.regions import inside, split

Line: TypeAlias = tuple[Fraction, Fraction]
"""What is there at 0, and the slope."""

NAUGHT, ONE = Fraction(0), (Fraction(1), Fraction(0))


class NoCurveError(Exception):
    """The formula is no curve of that figure alone that can be followed piece by piece."""


@frozen
class Piece:
    """One line over another (mostly over 1), on a stretch where the lower one is not 0."""

    where: Interval
    above: Line
    below: Line = ONE

    def at(self, value: Fraction) -> Fraction:
        """What is there."""
        return (
            line_at(self.above, value) if self.below is ONE else line_at(self.above, value) / line_at(self.below, value)
        )

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


def turned(piece: Piece) -> Piece:
    """What the piece gives, with the other sign."""
    return Piece(piece.where, (-piece.above[0], -piece.above[1]), piece.below)


def plus(one: Piece, other: Piece) -> Iterator[Piece]:
    """The sum of two pieces of one stretch."""
    if one.below == other.below:
        above = (one.above[0] + other.above[0], one.above[1] + other.above[1])
        yield _made(one.where, above, one.below)
        return
    left, right = _by(one.above, other.below), _by(other.above, one.below)
    yield _made(one.where, (left[0] + right[0], left[1] + right[1]), _by(one.below, other.below))


def times(one: Piece, other: Piece) -> Iterator[Piece]:
    """Their product."""
    yield _made(one.where, _by(one.above, other.above), _by(one.below, other.below))


def over(one: Piece, other: Piece) -> Iterator[Piece]:
    """Their quotient, where the divisor is not 0."""
    for where, sign in signs(other):
        if sign:
            above, below = _by(one.above, other.below), _by(one.below, other.above)
            yield _made(where, above, below)


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


def line_at(line: Line, value: Fraction) -> Fraction:
    """What a line has at a value."""
    return line[0] + line[1] * value if line[1] else line[0]


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
