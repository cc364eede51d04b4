"""Judge a leaf that nothing but losses move, between 0 and a weight that is the same for everybody: most are such.

In: the losses of a leaf with their readers, what is computed before they are read, and what the leaf is worth.
Out: a function that judges the leaf by a row, made once and called for every subject. It gives what `judging` would,
and raises `Unreadable` where `judging` asks what its author declared for that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from perfscore.criterion import Place
from perfscore.formula.arithmetic import Slot
from perfscore.ladders import Rung, ladder
from perfscore.outcome import Outcome, Taken
from perfscore.plan import Fill, PlannedLoss
from perfscore.quantity import Rounding

Judging: TypeAlias = Callable[[list[Slot]], Outcome]


def judging(
    computed: Sequence[Fill],
    losses: tuple[PlannedLoss, ...],
    value: int | None,
    units: int,
    rounding: Rounding,
    place: Place,
) -> Judging:
    """How the leaf is judged; `units` is what it is worth, and `value` the slot of its own figure."""
    if value is not None and (rungs := ladder(losses, place)):
        judged = _by_ladder(rungs, losses, value, units, rounding)
    elif len(losses) == 1:
        judged = _by_one(losses[0], units, rounding)
    else:
        judged = _by_all(losses, units, rounding)
    return _after(computed, judged) if computed else judged


def _by_ladder(
    rungs: tuple[Rung, ...], losses: tuple[PlannedLoss, ...], value: int, units: int, rounding: Rounding
) -> Judging:
    """Where its losses depend on nothing but which stretch its value lies in."""
    every = _by_all(losses, units, rounding)
    each = [_by_all(rung.losses, units, rounding) for rung in rungs]
    known: list[Outcome | None] = [None] * len(rungs)  # what comes of a stretch is the same for everybody in it
    ends = [(place, rung.above, rung.below, rung.closed) for place, rung in enumerate(rungs)]

    def judge(row: list[Slot]) -> Outcome:
        held = row[value]
        if type(held) is not tuple:
            return every(row)  # no number, or the mean of several raters: the losses say what becomes of it
        above, below = held
        place = 0
        for place, start, under, closed in ends:  # noqa: B007 - the last one has no end, which is −1 ÷ 0
            size = above * under - start * below
            if size > 0 or (size == 0 and closed):
                break
        if (found := known[place]) is None:
            found = known[place] = each[place](row)
        return found

    return judge


def _after(computed: Sequence[Fill], judged: Judging) -> Judging:
    def judge(row: list[Slot]) -> Outcome:
        for fill in computed:
            fill.into(row)
        return judged(row)

    return judge


def _by_one(planned: PlannedLoss, units: int, rounding: Rounding) -> Judging:
    size, points, loss, answers = rounding.size, planned.points, planned.loss, planned.judged
    whole = Outcome("scored", units, (units, size))

    def judge(row: list[Slot]) -> Outcome:
        lost, over = points(row)
        if lost <= 0:
            return whole
        above = units * over - lost * size
        if above < 0:
            return Outcome("scored", 0, (0, 1), (Taken(units, loss, True, answers),) if units else ())
        kept = rounding.units(above, size * over)
        taken = () if kept == units else (Taken(units - kept, loss, False, answers),)
        return Outcome("scored", kept, (above, size * over), taken)

    return judge


def _by_all(losses: tuple[PlannedLoss, ...], units: int, rounding: Rounding) -> Judging:
    whole = Outcome("scored", units, (units, rounding.size))

    def judge(row: list[Slot]) -> Outcome:
        kept, (above, below) = units, whole.exact
        taken: tuple[Taken, ...] = ()
        for planned in losses:
            lost, over = planned.points(row)
            if lost <= 0:
                continue
            above, below = (above * over - lost * below, below * over) if over != below else (above - lost, below)
            crossed = above < 0
            if crossed:
                above, below = 0, 1
            now = rounding.units(above, below)
            if now != kept:
                taken = (*taken, Taken(kept - now, planned.loss, crossed, planned.judged))
                kept = now
        return Outcome("scored", kept, (above, below), taken)

    return judge
