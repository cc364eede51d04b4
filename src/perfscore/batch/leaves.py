"""Judge one leaf for many rows at once.

In: a planned leaf, and the columns that it reads. Out: the units that every row keeps, the records of what was taken, and
the rows in which something could not be read. It gives what `judging` and `plainlosses` give row by row; no line here asks
what kind of criterion it is holding.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt
from attrs import define, evolve, field, frozen

from perfscore.batch.results import Units
from perfscore.formula.choosing import chosen, compared, extreme
from perfscore.formula.columns import Columns
from perfscore.formula.shapes import Choice, Comparator, Formula, Product, Sum, number
from perfscore.formula.wholes import (
    Figures,
    Lacks,
    Mask,
    NoColumns,
    absolute,
    ceil,
    constant,
    divided,
    earlier,
    floor,
    plus,
    proved,
    scaled,
)
from perfscore.ladders import Rung, ladder
from perfscore.outcome import Outcome
from perfscore.plainlosses import judging
from perfscore.plan import Plan, PlannedLeaf, PlannedLoss
from perfscore.quantity import Rounding


@frozen(eq=False)
class Line:
    """The records of one loss or gain: in each row how many units it moved, 0 where none, and its code. Where `code` is
    None they are packed with their codes already.
    """

    moved: Units
    code: str | None
    planned: PlannedLoss | None = None


@define(eq=False)
class Kept:
    """What came of a leaf: the units it keeps, and the records in the order of its losses and gains."""

    units: Units
    losses: list[Line] = field(factory=list)
    gains: list[Line] = field(factory=list)
    without: Lacks | None = None
    exact: Figures | None = None
    """The points before rounding, of a leaf that was judged by its losses one after another."""


@frozen(eq=False)
class Steps:
    """A leaf whose points depend on nothing but which stretch of a number line its value lies in: where the stretches end,
    and for each of them, lowest first, what is taken there with its code.
    """

    ends: tuple[tuple[Comparator, Figures], ...]
    units: int
    packed: Units


def steps_of(plan: Plan, leaf: PlannedLeaf, packing: Packing) -> Steps | None:
    """The stretches of a leaf, each judged once by the exact reader; None where it is another kind of leaf."""
    if leaf.plainly is None or leaf.value is None or not (rungs := ladder(leaf.losses, leaf.place)):
        return None
    worth = plan.worth
    if worth is None:
        return None
    units = worth[plan.index[leaf.indicator.id]]
    judge = judging((), leaf.losses, leaf.value, units, plan.rulebook.rounding, leaf.place)
    row = list(plan.blank)
    found: list[Outcome] = []
    for above, rung in zip((None, *rungs), rungs, strict=False):
        row[leaf.value] = _somewhere(rung, above).as_integer_ratio()
        found.append(judge(row))
    if any(len(one.taken) > 1 for one in found):
        return None
    packed = [packing.packed(one.taken[0].units, one.taken[0].loss.code) if one.taken else 0 for one in found]
    ends: tuple[tuple[Comparator, Figures], ...] = tuple(
        ("≥" if one.closed else ">", constant(Fraction(one.above, one.below))) for one in rungs[:-1]
    )
    return Steps(ends, units, np.array(packed[::-1], packing.width))


def _somewhere(rung: Rung, above: Rung | None) -> Fraction:
    """A number in a stretch; `above` is the next higher one."""
    if rung.below == 0:
        return Fraction(0) if above is None else Fraction(above.above, above.below) - 1
    start = Fraction(rung.above, rung.below)
    if rung.closed:
        return start
    return start + 1 if above is None else (start + Fraction(above.above, above.below)) / 2


@frozen(eq=False)
class Packing:
    """Units and the place of a code, in one whole number, as narrow as the most units allow."""

    places: dict[str, int]
    most: int
    bits: int = field(init=False)
    mask: int = field(init=False)
    width: type[np.int16] | type[np.int32] | type[np.int64] = field(init=False)

    def __attrs_post_init__(self) -> None:
        bits = len(self.places).bit_length()
        largest = (self.most + 1) << bits
        object.__setattr__(self, "bits", bits)
        object.__setattr__(self, "mask", (1 << bits) - 1)
        object.__setattr__(self, "width", np.int16 if largest < 2**15 else np.int32 if largest < 2**31 else np.int64)

    @property
    def largest(self) -> int:
        """So many units fit in beside a code."""
        return int(np.iinfo(self.width).max) >> self.bits

    def packed(self, units: int, code: str) -> int:
        """The two in one."""
        return units << self.bits | self.places[code]

    def all_packed(self, units: Units, code: str) -> Units:
        """The two in one for many rows; where no units moved it is no more than `mask`."""
        narrow: Units = units.astype(self.width)
        np.left_shift(narrow, self.bits, out=narrow)
        np.bitwise_or(narrow, self.places[code], out=narrow)
        return narrow


def by_steps(steps: Steps, value: Figures, size: int, packing: Packing) -> Kept:
    """A leaf by the stretch that its value lies in: how many ends of stretches it has passed."""
    passed: npt.NDArray[np.int8 | np.int32] = np.zeros(size, np.int8 if len(steps.ends) < 127 else np.int32)
    for by, end in steps.ends:
        passed += compared(value, by, end)
    packed = steps.packed[passed.astype(np.intp)]
    # the records of a plain leaf are what its weight has lost
    return Kept(steps.units - (packed >> packing.bits), [Line(packed, None)], without=value.without)


def left_by(loss: PlannedLoss, units: int, size: int) -> Formula:
    """What a loss leaves of so many units, and half a unit, so that what is cut off is rounded; a choice between losses is
    one between what they leave.
    """

    def left(lost: Formula) -> Formula:
        if isinstance(lost, Choice):
            return Choice(lost.when, left(lost.then), left(lost.otherwise))
        return Sum((number(Fraction(2 * units + 1, 2)), Product((number(-size), lost))))

    return left(loss.formula)


def by_one(loss: PlannedLoss, left: Formula, columns: Columns, units: int) -> Kept:
    """A leaf with one loss, between 0 and its weight: what is left is rounded in one step."""
    found = columns.figures(left)
    if isinstance(found.above, int):  # as of a figure that nobody gave
        found = evolve(found, above=np.full(columns.size, found.above), same=None)
    kept = divided(found.above, found.below, found)
    if found.low < 0:
        np.maximum(kept, 0, out=kept)
    if not isinstance(found.below, int) or found.high >= (units + 1) * found.below:
        np.minimum(kept, units, out=kept)
    return Kept(kept, [Line(units - kept, loss.loss.code, loss)], without=found.without)


def judged(leaf: PlannedLeaf, columns: Columns, units: int, rounding: Rounding, *, demerit: bool) -> Kept:
    """A leaf by its losses, one after another."""
    standing = begin(leaf, columns, units, rounding, demerit=demerit)
    kept = Kept(np.zeros(0, np.int64))
    lose(leaf, columns, standing, kept)
    kept.units = as_units(standing.units, columns)
    kept.without, kept.exact = standing.without, standing.at
    return kept


@define(eq=False)
class Standing:
    """How far a leaf, or a pool, has got."""

    at: Figures
    units: Units | int
    low: Figures
    high: Figures
    rounding: Rounding
    scale: int
    demerit: bool
    without: Lacks | None = None

    def move(self, points: Figures, *, up: bool) -> Units | None:
        """Take or give points; how many units that moved each row, None where it moved none."""
        self.without = earlier(self.without, points.without)
        moves = compared(points, ">", constant(0))
        if moves is False:
            return None
        to = plus(self.at, points if up else scaled(points, Fraction(-1)))
        to = extreme(to, self.high if up else self.low, "<" if up else ">")
        self.at = to if moves is True else chosen(moves, to, self.at)
        now = rounded_units(self.at, self.rounding)
        now = now * self.scale if self.scale > 1 else now
        if moves is not True:
            now = np.where(moves, now, self.units)
        moved: Units = np.abs(now - self.units)
        self.units = now
        return moved


def begin(leaf: PlannedLeaf, columns: Columns, units: int, rounding: Rounding, *, demerit: bool) -> Standing:
    """Where a leaf stands before anything is lost."""
    size = rounding.size
    proved(units, size)
    low, high = constant(0), constant(Fraction(units, size))
    node = leaf.indicator
    if node.range is not None:
        low, high = columns.figures(node.range.low.low), columns.figures(node.range.high.low)
    own, scale = node.rounding, 1
    if own is not None:
        rounding = own if own.places <= rounding.places else evolve(own, places=rounding.places)
        scale = size // rounding.size
    start = 0 if demerit else units
    without = earlier(low.without, high.without)
    return Standing(constant(Fraction(start, size)), start, low, high, rounding, scale, demerit, without)


def lose(leaf: PlannedLeaf, columns: Columns, standing: Standing, kept: Kept) -> None:
    """Take what the leaf's losses take, then give what its gains give."""
    for planned, lines, up in (
        *((one, kept.losses, standing.demerit) for one in leaf.losses),
        *((one, kept.gains, not standing.demerit) for one in leaf.gains),
    ):
        if planned.over is not None:
            raise NoColumns
        moved = standing.move(columns.figures(planned.formula), up=up)
        if moved is not None:
            lines.append(Line(as_units(moved, columns), planned.loss.code, planned))


def rounded_units(at: Figures, rounding: Rounding) -> Units:
    """Points in whole units of the smallest published step."""
    sized = scaled(at, Fraction(rounding.size))
    size = absolute(sized)
    match rounding.mode:
        case "half-up" | "half-even":
            more = plus(size, constant(Fraction(1, 2)))
            whole = floor(more)
            if rounding.mode == "half-even":
                tie = compared(more, "=", whole)
                odd = np.asarray(whole.above) % 2 == 1
                whole = _less_one(whole, tie & odd)
        case "down":
            whole = floor(size)
        case "up":
            whole = ceil(size)
    found = np.asarray(whole.above, np.int64)
    return found if sized.low >= 0 else np.where(np.asarray(sized.above) < 0, -found, found)


def _less_one(of: Figures, where: Mask) -> Figures:
    return evolve(of, above=np.asarray(of.above) - where, low=of.low - 1)


def as_units(units: Units | int, columns: Columns) -> Units:
    """Units a row, where they may be the same for everybody."""
    found = np.asarray(units, np.int64)
    return found if found.ndim else np.full(columns.size, found)
