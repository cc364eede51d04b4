"""What the figures of everybody come to: the places of a rank, a mean, the greatest; of all, or by group.

In: for each comparison figure after figure with its group, in any order and in any parts. Out: its `Standing`, which says what
a subject reads of all by its own figure and its group. Parts that were tallied apart, chunk by chunk or machine by machine,
come to the same as all at once, since every number here is exact. Nobody is judged here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TypeAlias, assert_never

from attrs import define, field, frozen

from perfscore.formula.arithmetic import Absent, Ratio, Slot, Value
from perfscore.formula.exact import fraction, ratio
from perfscore.formula.shapes import Peers
from perfscore.plan import PlannedPeers

Own: TypeAlias = Value | Absent
Group: TypeAlias = Value | None
"""What stands in the slot of the group; None where all are compared with all."""
Places: TypeAlias = Mapping[Ratio, int]
"""The place of every figure, in halves of a place: the mean of two places may be one."""

_APART_IN_FLOAT = 2**51


class OtherRowsError(RuntimeError):
    """A figure is compared that was not there when the figures of all were gathered."""

    def __init__(self) -> None:
        super().__init__(
            "a figure is compared that was not there when those of all were gathered: the rows were others when they "
            "were read again; keep them first, as with cache() or in a file"
        )


@define(eq=False)
class Tally:
    """What a comparison must know of one group, and no more: whichever of the three its function reads."""

    figures: int = 0
    """How many have a figure, or of how many the condition holds."""
    sums: dict[int, int] = field(factory=dict)
    """What the numerators add up to, by denominator."""
    values: dict[Ratio, int] = field(factory=dict)
    """Which figures there are, in lowest terms, and how often."""

    def take(self, peers: PlannedPeers, figure: Ratio, times: int) -> None:
        """One figure in lowest terms, that so many have."""
        above, below = figure
        match peers.peers.what:
            case "count":
                self.figures += times if above or not peers.holds else 0
            case "mean":
                self.figures += times
                self.sums[below] = self.sums.get(below, 0) + above * times
            case "max" | "min":
                self.values[figure] = 1
                self._keep_the_end(peers.peers)
            case "rank" | "trimmed_mean":
                self.values[figure] = self.values.get(figure, 0) + times
            case _:
                assert_never(peers.peers.what)

    def add(self, peers: PlannedPeers, other: Tally) -> None:
        """What was tallied elsewhere."""
        self.figures += other.figures
        for below, above in other.sums.items():
            self.sums[below] = self.sums.get(below, 0) + above
        for figure, times in other.values.items():
            self.take(peers, figure, times)

    def _keep_the_end(self, peers: Peers) -> None:
        best = (max if peers.what == "max" else min)(self.values, key=fraction)
        self.values = {best: 1}


Tallies: TypeAlias = dict[Group, Tally]


def take(peers: PlannedPeers, tallies: Tallies, own: Own, group: Slot | None) -> None:
    """What one subject brings to a comparison; nothing where it has no figure, or no group."""
    if not (isinstance(own, Absent) or isinstance(group, Absent)):
        tallies.setdefault(group, Tally()).take(peers, figure_of(own), 1)


def figure_of(own: Value) -> Ratio:
    """A figure in lowest terms, as it is compared; of a condition, whether it holds."""
    return ratio(fraction(own)) if isinstance(own, tuple) else (int(own is True), 1)


@frozen(eq=False)
class Standing:
    """What everybody reads of all in one comparison: of a rank the place of one's own figure, else what is the same for
    the group. It holds no reader, so that it can travel.
    """

    places: Mapping[Group, Places] | None
    same: Mapping[Group, Slot]
    nobody: Slot
    """What is read in a group in which nobody has a figure."""

    def slot(self, own: Own, group: Slot | None) -> Slot:
        """What a subject reads."""
        if isinstance(group, Absent):
            return group
        if self.places is None:
            return self.same.get(group, self.nobody)
        if isinstance(own, Absent):
            return own
        try:
            return ratio(Fraction(self.places[group][figure_of(own)], 2))
        except KeyError:
            raise OtherRowsError from None


def standing_of(peers: PlannedPeers, tallies: Tallies) -> Standing:
    """What a comparison comes to, when everybody was tallied."""
    if peers.peers.what == "rank":
        return Standing({group: _places(peers.peers, one.values) for group, one in tallies.items()}, {}, (0, 1))
    same = {group: _of_all(peers, one) for group, one in tallies.items()}
    return Standing(None, same, _of_all(peers, Tally()))


def _places(peers: Peers, values: Mapping[Ratio, int]) -> Places:
    """The place of every figure, the best first."""
    found: dict[Ratio, int] = {}
    before = 0
    for figure in _in_order(values, reverse=peers.best == "high"):
        times = values[figure]
        match peers.ties:
            case "shared":
                found[figure] = 2 * before + 2
            case "dense":
                found[figure] = 2 * len(found) + 2
            case "average":
                found[figure] = 2 * before + 1 + times
            case _:
                assert_never(peers.ties)
        before += times
    return found


def _in_order(values: Collection[Ratio], *, reverse: bool = False) -> list[Ratio]:
    """Figures by their size, lowest first."""
    if apart_in_float(values):
        return sorted(values, key=lambda one: one[0] / one[1], reverse=reverse)
    return sorted(values, key=fraction, reverse=reverse)


def apart_in_float(values: Collection[Ratio]) -> bool:
    """Whether figures in lowest terms that are not the same have floats that are not.

    a ÷ b and c ÷ d that differ lie at least 1 ÷ bd apart. Two numbers with the same nearest float lie no further apart
    than one step of it, which is at most 2⁻⁵² of its size, so that 2⁵² would have to be no more than about ad.
    """
    above = max((abs(one) for one, _ in values), default=0)
    below = max((one for _, one in values), default=1)
    return above * below <= _APART_IN_FLOAT


def _of_all(peers: PlannedPeers, tally: Tally) -> Slot:
    match peers.peers.what:
        case "count":
            return tally.figures, 1
        case "mean":
            if not tally.figures:
                return Absent(peers.name, "division-by-zero")
            total = sum((Fraction(above, below) for below, above in sorted(tally.sums.items())), Fraction(0))
            return ratio(total / tally.figures)
        case "trimmed_mean":
            return _trimmed(peers, tally.values)
        case "max" | "min":
            return next(iter(tally.values), Absent(peers.name, "division-by-zero"))
        case "rank":
            raise TypeError(peers)
        case _:
            assert_never(peers.peers.what)


def _trimmed(peers: PlannedPeers, values: Mapping[Ratio, int]) -> Slot:
    """The mean without the lowest and the highest; where these are all, there is none."""
    low, high = peers.peers.low, peers.peers.high
    kept = sum(values.values()) - low - high
    if kept <= 0:
        return Absent(peers.name, "division-by-zero")
    total, left = Fraction(0), kept
    for figure in _in_order(values):
        skipped = min(low, values[figure])
        low -= skipped
        taken = min(values[figure] - skipped, left)
        left -= taken
        total += taken * fraction(figure)
    return ratio(total / kept)
