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
    moved, up = _all(losses), _all(gains)
    if place.demerit:
        lost = Least((place.high, Sum((place.start, moved))))
        return lost if not gains and place.low == place.start else Greatest((place.low, minus(lost, up)))
    left = Greatest((place.low, minus(place.start, moved)))
    return left if not gains and place.high == place.start else Least((place.high, Sum((left, up))))


def _all(moves: tuple[Loss, ...]) -> Formula:
    each = tuple(not_below_zero(one.points) for one in moves)
    return each[0] if len(each) == 1 else Sum(each or (ZERO,))
