"""Add up a branch for many rows: published points, and what is made up for where something in it does not apply.

In: what came of the members of a branch. Out: what comes of the branch, and its records. It gives what `aggregating` gives row by
row; points are scaled in whole numbers, of which it is proved that they fit, and rows of which it is not are odd.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import define, field

from perfscore.batch.leaves import Line, rounded_units
from perfscore.batch.passes import passes
from perfscore.batch.results import Units
from perfscore.batch.settling import Found, Settled
from perfscore.formula.wholes import (
    OF_NO_INPUT,
    Figures,
    Mask,
    Unproved,
    Width,
    constant,
    either,
    over,
    proved,
    times,
)
from perfscore.plan import Plan, PlannedNode
from perfscore.quantity import Rounding


def added(plan: Plan, planned: PlannedNode, below: Mapping[int, Found], away: Mask | None, wide: Width) -> Settled:
    """A branch from what its members kept; `away` are the rows in which it is said not to apply itself."""
    if plan.worth is None:
        raise TypeError(plan)
    members = [(plan.worth[child], below[child]) for child in planned.children]
    if wide is np.int64:  # else no member keeps more than it is worth, nor less than nothing
        proved(*(sum(int(end(one.units, initial=0)) for _, one in members) for end in (np.min, np.max)))
    total: Units = np.zeros(len(members[0][1].units), wide)
    for _, one in members:
        passes().add(total, one.units)
    found = Found(total)
    for whole, one in members:
        found.beyond = _sum(found.beyond, one.units if whole == 0 else one.beyond)
    done = Settled(found)
    if all(one.plain for _, one in members):
        return done
    for _, one in members:
        found.rescaled, found.unscored = _sum(found.rescaled, one.rescaled), _sum(found.unscored, one.unscored)
    adding = _Adding(plan, done, members)
    adding.without(away)
    if adding.shared is not None:
        adding.made_up(adding.live(), adding.shared, "siblings")
    if planned.index == 0 and found.rescaled is not None:
        rest = plan.worth[0] - found.rescaled
        adding.made_up(rest if found.unscored is None else rest - found.unscored, found.rescaled, "rescale")
    return done


@define(eq=False)
class _Adding:
    plan: Plan
    done: Settled
    members: list[tuple[int, Found]]
    applying: list[Mask | bool] = field(init=False)
    """By member, the rows in which it has points and they are not those of what does not apply."""
    shared: Units | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.applying = [_applying(one) for _, one in self.members]
        self.shared = None
        for _, one in self.members:
            self.shared = _sum(self.shared, one.shared)

    def without(self, away: Mask | None) -> None:
        """The rows in which the branch has no points: those of a member lack, or nothing is left in it."""
        found = self.done.found
        blocked: Mask | None = None
        for _, one in self.members:
            if one.lacks is not None:
                there = one.lacks != 0
                blocked = either(blocked, there if one.left_out is None else there & ~one.left_out)
        empty: Mask | None = None
        masks = [one for one in self.applying if not isinstance(one, bool)]
        if len(masks) == len(self.members):
            empty = ~np.logical_or.reduce(masks)
            empty = empty if blocked is None else empty & ~blocked
        if blocked is not None:  # then nothing else is told of it
            found.rescaled, found.unscored = (
                None if one is None else np.where(blocked, 0, one) for one in (found.rescaled, found.unscored)
            )
        if empty is not None and empty.any():
            found.left_out = empty if self.shared is None else empty & (self.shared == 0)
            found.away = None if away is None else found.left_out & away
        self._blank(either(blocked, empty))

    def _blank(self, where: Mask | None) -> None:
        found = self.done.found
        if where is not None and where.any():
            found.lacks = np.where(where, np.int32(OF_NO_INPUT), np.int32(0) if found.lacks is None else found.lacks)
            found.units[where] = 0
            if found.beyond is not None:
                found.beyond = np.where(where, 0, found.beyond)

    def live(self) -> Units:
        """The weight that is left in the branch."""
        found: Units = np.zeros(len(self.done.found.units), np.int64)
        for (whole, one), applies in zip(self.members, self.applying, strict=True):
            left: Units | int = whole
            for away in (one.rescaled, one.unscored):
                left = left if away is None else left - away
            found += left * np.asarray(applies)
        return found

    def made_up(self, live: Units, gone: Units, code: str) -> None:
        """Scale the points where something is gone; rounded once, as a record of its own."""
        done, found = self.done, self.done.found
        where = gone > 0
        if found.lacks is not None:
            where &= found.lacks == 0
        nobody = where & (live <= 0)
        self._blank(nobody)
        rows = np.flatnonzero(where & ~nobody)
        if not len(rows):
            return
        before, left = found.units[rows].astype(np.int64), live[rows]
        beyond = np.int64(0) if found.beyond is None else found.beyond[rows]
        rounding = self.plan.rulebook.rounding
        try:
            scaled = over(times(_wholes(before - beyond), _wholes(left + gone[rows])), _wholes(left))
            now = rounded_units(scaled, Rounding(0, rounding.mode)) + beyond
        except Unproved:
            where &= ~nobody
            done.odd = either(done.odd, where)
            return
        found.units[rows] = now
        moved = np.zeros(len(found.units), np.int64)
        moved[rows] = now - before
        for sign, lines in ((1, done.gains), (-1, done.losses)):
            if self.plan.rulebook.demerit:
                lines = done.losses if sign > 0 else done.gains
            if (part := np.maximum(sign * moved, 0)).any():
                lines.append(Line(part, code))


def _applying(one: Found) -> Mask | bool:
    gone: Mask | None = None if one.lacks is None else one.lacks != 0
    if one.away is not None:
        for weight in (one.rescaled, one.shared):
            # of a branch some weight may be gone, and yet it has points of its own
            gone = gone if weight is None else either(gone, one.away & (weight > 0))
    return True if gone is None else ~gone


def _sum(one: Units | None, other: Units | None) -> Units | None:
    return other if one is None else one if other is None else one.astype(np.int64) + other


def _wholes(numbers: Units) -> Figures:
    low, high = int(numbers.min()), int(numbers.max())
    return constant(low) if low == high else Figures(numbers, 1, low, high, 1)
