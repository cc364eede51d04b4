"""Fill a batch in with what its rows read of all.

In: what all come to, and what the rows of a batch bring. Out: the column of a comparison: the place of each row's own figure, or
what is the same for its group. A place is looked up by a float where it is proved that no two figures have the same one,
else by the figure itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from attrs import define, field, frozen

from perfscore.batch.brought import Brought, brought
from perfscore.batch.preparing import ByColumns
from perfscore.batch.taking import Taken
from perfscore.cohort import Standings, stages_of
from perfscore.formula.arithmetic import Absent, Slot
from perfscore.formula.wholes import LARGEST, Figures, Ints, constant, earlier, either, unsaid
from perfscore.plan import Plan, PlannedPeers
from perfscore.standings import Group, OtherRowsError, Places, Standing, apart_in_float

_WHOLE_IN_FLOAT = 2**53


@frozen(eq=False)
class _Ladder:
    """The figures of a group as floats, lowest first, and the place of each in halves."""

    figures: npt.NDArray[np.float64]
    halves: Ints


def _ladder(places: Places) -> _Ladder | None:
    """The figures of a group as floats; None where they are not told apart by them."""
    if not apart_in_float(places):
        return None
    figures = np.array([above / below for above, below in places], np.float64)
    order = np.argsort(figures)
    return _Ladder(figures[order], np.array([*places.values()], np.int64)[order])


@define(eq=False)
class PeersOfBatches:
    """What all come to, ready to be looked up for many rows at once; made once for a table."""

    plan: Plan
    standings: Standings
    ladders: dict[tuple[int, Group], _Ladder | None] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.ladders = {
            (slot, group): _ladder(places)
            for slot, standing in self.standings.by_slot.items()
            for group, places in (standing.places or {}).items()
        }

    def fill(self, by: ByColumns, taken: Taken, size: int) -> None:
        """Put a column into the slot of every comparison that was made, and say in which rows others lack a figure."""
        for now in stages_of(self.plan):
            if now[0].slot not in self.standings.by_slot:
                return
            for peers, found in zip(now, brought(by, taken, size, now), strict=True):
                taken.odd = either(taken.odd, found.odd)
                taken.held[peers.slot] = self._column(peers, found)
                if not peers.asked and (where := self._left_out(peers, found)) is not False:
                    taken.left_out.append(where)

    def _left_out(self, peers: PlannedPeers, found: Brought) -> npt.NDArray[np.bool_] | bool:
        """Rows of which others have no figure: who is the only one of them has no others."""
        lacking = self.standings.lacking[peers.slot]
        if len(lacking) != 1:
            return bool(lacking)
        return True if found.lacks is None else found.lacks == 0

    def _column(self, peers: PlannedPeers, found: Brought) -> Figures:
        standing = self.standings.by_slot[peers.slot]
        if standing.places is None:
            return _same(standing, found)
        halves = np.full(len(found.above), 2, np.int64)
        for key, rows in _by_group(found):
            halves[rows] = self._halves(peers.slot, key, standing.places, found, rows)
        without = earlier(found.groups.without, found.lacks)
        low, high = (int(halves.min()), int(halves.max())) if len(halves) else (2, 2)
        if peers.peers.ties == "average":
            return Figures(halves, 2, low, high, 2, without)
        return Figures(halves // 2, 1, low // 2, high // 2, 1, without)

    def _halves(self, slot: int, key: Group, places: Mapping[Group, Places], found: Brought, rows: Ints) -> Ints:
        above, below = found.above[rows], found.below[rows]
        ladder = self.ladders.get((slot, key))
        if ladder is not None and max(int(np.abs(above).max()), int(below.max())) <= _WHOLE_IN_FLOAT:
            figures = above / below
            at = np.minimum(np.searchsorted(ladder.figures, figures), len(ladder.figures) - 1)
            if (ladder.figures[at] != figures).any():
                raise OtherRowsError
            looked_up: Ints = ladder.halves[at]
            return looked_up
        common = np.gcd(above, below)
        lowest = zip((above // common).tolist(), (below // common).tolist(), strict=True)
        try:
            return np.array([places[key][one] for one in lowest], np.int64)
        except KeyError:
            raise OtherRowsError from None


def _by_group(found: Brought) -> Iterator[tuple[Group, Ints]]:
    """The rows of every group that are compared."""
    rows = np.flatnonzero(found.counts)
    if not len(rows):
        return
    places = found.groups.places[rows]
    order = np.argsort(places, kind="stable")
    rows, places = rows[order], places[order]
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True):
        yield found.groups.keys[places[start]], rows[start:end]


def _same(standing: Standing, found: Brought) -> Figures:
    """What is the same for a group, for the rows of each; what has no value, or none of 64 bits, only the exact reader tells."""
    groups = found.groups
    read = [_number(standing.slot((0, 1), key)) for key in groups.keys]
    if len(read) == 1 and read[0] is not None:
        return constant(Fraction(*read[0]), groups.without)
    above, below = (np.array([(0, 1)[at] if one is None else one[at] for one in read], np.int64) for at in (0, 1))
    nothing = np.array([one is None for one in read], np.bool_)[groups.places]
    without = earlier(groups.without, unsaid(nothing) if nothing.any() else None)
    low, high, most = int(above.min()), int(above.max()), int(below.max())
    alike = int(below.min()) == most
    return Figures(above[groups.places], most if alike else below[groups.places], low, high, most, without)


def _number(slot: Slot) -> tuple[int, int] | None:
    if isinstance(slot, Absent) or not isinstance(slot, tuple) or max(abs(slot[0]), slot[1]) > LARGEST:
        return None
    return slot
