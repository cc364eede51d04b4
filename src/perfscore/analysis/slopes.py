"""How a curve of points goes: its least and its most, and where it falls.

In: the pieces of a curve. Out: the extremes with the stretch that has them, and pairs of stretches of which the second
lies higher on the number line and gives less (or more). Of a whole figure only whole values count.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve

from perfscore.formula.intervals import End, Interval
from perfscore.formula.piece import Curve, Piece, signs
from perfscore.formula.regions import meet, wholly

Extreme = tuple[Fraction, Interval]


def on(pieces: Curve, where: Interval, *, whole: bool) -> Curve:
    """The pieces as far as they lie in a stretch; of a whole figure, from whole value to whole value."""
    found = [evolve(piece, where=part) for piece in pieces for part in meet((piece.where,), (where,))]
    if not whole:
        return tuple(found)
    kept = [evolve(piece, where=wholly(piece.where)) for piece in found]
    return tuple(piece for piece in kept if piece.where.low <= piece.where.high)


def extremes(pieces: Curve) -> tuple[Extreme, Extreme] | None:
    """The least and the most points, each where it is given, or come near to; nothing where they have no end."""
    found: list[Extreme] = []
    for piece in pieces:
        if piece.flat:
            found.append((towards(piece, piece.where.low) or Fraction(0), piece.where))
            continue
        for end, closed in ((piece.where.low, piece.where.low_closed), (piece.where.high, piece.where.high_closed)):
            points = towards(piece, end)
            if points is None:
                return None
            found.append((points, Interval(end, end) if closed and isinstance(end, Fraction) else piece.where))
    if not found:
        return None
    return min(found, key=lambda one: one[0]), max(found, key=lambda one: one[0])


def towards(piece: Piece, end: End) -> Fraction | None:
    """What a piece comes to at an end of its stretch."""
    (start, slope), (below, per) = piece.above, piece.below
    if piece.flat:
        return slope / per if per else start / below
    if isinstance(end, Fraction):
        over = below + per * end
        return (start + slope * end) / over if over else None
    return slope / per if per else None


def drops(pieces: Curve, *, up: bool) -> Iterator[tuple[Interval, Interval]]:
    """Pairs of stretches, the lower one first, of which the later gives less (with `up`, more) throughout; or twice the
    same, in which every later value does.
    """
    for piece in pieces:
        if not piece.flat and piece.rises == up and piece.where.low < piece.where.high:
            yield piece.where, piece.where
    for one, other in itertools.pairwise(pieces):
        before, after = towards(one, one.where.high), towards(other, other.where.low)
        if before is None or after is None or before == after or (after > before) != up:
            continue
        middle = (before + after) / 2
        ahead, behind = _beyond(one, middle, above=not up), _beyond(other, middle, above=up)
        if ahead and behind:
            yield ahead[-1], behind[0]


def _beyond(piece: Piece, middle: Fraction, *, above: bool) -> list[Interval]:
    """Where a piece lies above a number, or below it."""
    (start, slope), (below, per) = piece.above, piece.below
    apart = evolve(piece, above=(start - middle * below, slope - middle * per))
    return [where for where, sign in signs(apart) if sign == (1 if above else -1)]
