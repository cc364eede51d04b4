"""What the rows of a batch bring to the comparisons of a stage: a figure of their own, and a group.

In: the columns of a batch, with what was compared in earlier stages. Out: for each comparison the figures and the groups of all
rows, and the rows that bring it another way; tallied, every figure that several rows have is counted once. It gives what
`cohort.own_figures` gives row by row, or `NoColumns` and `Unproved` are raised and the rows go there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from perfscore.batch.grouped import Groups, groups_of
from perfscore.batch.preparing import ByColumns
from perfscore.batch.taking import Taken
from perfscore.batch.together import JudgedFirst, judged_first
from perfscore.formula.arithmetic import Ratio
from perfscore.formula.columns import Column, Columns, Texts, Truths
from perfscore.formula.wholes import OF_NO_INPUT, UNSAID, Figures, Ints, Lacks, Mask, NoColumns, earlier, either
from perfscore.plan import PlannedPeers
from perfscore.standings import Tallies, Tally


@frozen(eq=False)
class Brought:
    """What all rows bring to one comparison: whole numbers over whole numbers, and groups.

    What stands in an odd row, or in one without a figure or a group, is of no account.
    """

    above: Ints
    below: Ints
    lacks: Lacks | None
    groups: Groups
    odd: Mask | None

    @property
    def counts(self) -> Mask:
        """The rows that are compared."""
        counts = np.ones(len(self.above), np.bool_) if self.odd is None else ~self.odd
        for one in (self.lacks, self.groups.without):
            counts = counts if one is None else counts & (one == 0)
        return counts


def brought(by: ByColumns, taken: Taken, size: int, now: Sequence[PlannedPeers]) -> list[Brought]:
    """What the rows bring to the comparisons of a stage, in their order."""
    apart = evolve(taken, held=taken.held.copy())  # what is judged here is judged again, when all is known
    if all(one.depth == "figures" for one in now):
        first = judged_first(by, apart, size, ())
    else:
        first = judged_first(by, apart, size, frozenset[int]().union(*(one.nodes for one in now)))
    return [_brought(first, one) for one in now]


def _brought(first: JudgedFirst, peers: PlannedPeers) -> Brought:
    columns, odd = first.columns, first.odd
    own = columns.read(peers.peers.of)
    groups = groups_of(None if peers.group is None else _held(columns, peers.group), columns.size)
    lacks = own.without
    if peers.applying is not None:
        lacks = earlier(lacks, first.told.get(peers.applying))
        if (away := first.away.get(peers.applying)) is not None:  # whatever it is given then
            lacks = earlier(lacks, away * np.int32(OF_NO_INPUT))
    for one in (lacks, groups.without):  # why there is none, the exact reader says
        odd = odd if one is None else either(odd, one == UNSAID)
    above, below = _numbers(own, columns.size)
    return Brought(above, below, lacks, groups, odd)


def _held(columns: Columns, slot: int) -> Column:
    found = columns.held.get(slot)
    if found is None:
        raise NoColumns
    return found


def _numbers(own: Column, size: int) -> tuple[Ints, Ints]:
    """Figures as they are compared: of a condition whether it holds, and of a text only that it is there."""
    above: Ints | int
    below: Ints | int
    match own:
        case Figures(above=above, below=below):
            pass
        case Truths(holds=holds):
            above, below = np.asarray(holds).astype(np.int64), 1
        case Texts():
            above, below = 0, 1
    wide = (np.broadcast_to(np.asarray(one, np.int64), (size,)) for one in (above, below))
    first, second = wide
    return first, second


def tally(peers: PlannedPeers, found: Brought, tallies: Tallies) -> None:
    """Count every figure of a batch in, each with its group."""
    for place, figure, times in _distinct(found):
        tallies.setdefault(found.groups.keys[place], Tally()).take(peers, figure, times)


def _distinct(found: Brought) -> Iterator[tuple[int, Ratio, int]]:
    """The figures in lowest terms that rows bring, with the place of the group, and how many rows bring them."""
    rows = np.flatnonzero(found.counts)
    if not len(rows):
        return
    columns = [one[rows] for one in (found.above, found.below, found.groups.places)]
    order = np.lexsort(columns)
    above, below, places = (one[order] for one in columns)
    new = np.ones(len(rows), np.bool_)
    new[1:] = (above[1:] != above[:-1]) | (below[1:] != below[:-1]) | (places[1:] != places[:-1])
    starts = np.flatnonzero(new)
    times = np.diff(starts, append=len(rows))
    above, below, places = above[starts], below[starts], places[starts]
    common = np.gcd(above, below)
    lowest = zip((above // common).tolist(), (below // common).tolist(), strict=True)
    yield from zip(places.tolist(), lowest, times.tolist(), strict=True)
