"""What a criterion leaves of its points, as one formula.

In: a criterion and its place. Out: the formula of the points that are left, before rounding; None where records of a
table take them one by one. No line asks what kind of criterion it is holding.
"""

from __future__ import annotations

from perfscore.criterion import Criterion, Loss, Place
from perfscore.formula.shapes import ZERO, Formula, Greatest, Least, Sum, minus, not_below_zero


def kept(criterion: Criterion, place: Place) -> Formula | None:
    """The points that are left, as one formula; None where records of a table take them one by one."""
    losses, gains = criterion.losses(place), criterion.credits(place)
    if any(one.over is not None for one in (*losses, *gains)):
        return None
    moved = _all(losses)
    up = _all(gains)
    if place.demerit:
        return Greatest((place.low, minus(Least((place.high, Sum((place.start, moved)))), up)))
    return Least((place.high, Sum((Greatest((place.low, minus(place.start, moved))), up))))


def _all(moves: tuple[Loss, ...]) -> Formula:
    return Sum(tuple(not_below_zero(one.points) for one in moves) or (ZERO,))
