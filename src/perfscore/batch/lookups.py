"""Leaves that read one figure alone: judged once for every value that may stand in the column, then looked up.

In: a leaf, how a leaf is judged by columns, and the column of its figure. Out: what every row keeps and its record, or nothing where the
leaf is of another kind or its figure takes too many values. An entry is what the columns reader says of that value, so no
arithmetic of its own happens here. What was judged is kept for the chunks that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from math import ceil, floor
from threading import Lock

import numpy as np
from attrs import define, field, frozen

from perfscore.batch.leaves import Kept, Line, Packing
from perfscore.batch.passes import passes
from perfscore.batch.results import Units
from perfscore.batch.taking import constants
from perfscore.formula.shapes import Gathered, Given
from perfscore.formula.vocabulary import Domain
from perfscore.formula.walking import everything, names
from perfscore.formula.wholes import Figures, NoColumns, Unproved
from perfscore.plan import Plan, PlannedLeaf

_MOST_VALUES = 1 << 17
"""A table of so many values still stays in a processor's cache."""

Judge = Callable[[int, Figures], Kept]
"""Judges a leaf for so many rows, in which its figure is this."""


@frozen(eq=False)
class Entries:
    """Units lost and their code, packed, of every value from `low` on; nothing where the leaf cannot be judged like that."""

    low: int
    packed: Units
    inside: tuple[int, Units] | None = None
    """The part of it that lies in the domain of the figure, where that is an input: its first value, and the entries from
    there on.
    """


@define(eq=False)
class Lookups:
    """The tables of a plan, by leaf and by the denominator of its figure; several threads may ask at once."""

    packing: Packing
    reading: dict[int, int]
    """By leaf, the slot of the one figure that it reads."""
    domains: dict[int, Domain]
    """By slot, the domain of an input."""
    readers: dict[int, list[int]] = field(factory=dict, init=False)
    """By slot of an input, the leaves that read it alone."""
    rows: dict[int, int] = field(init=False)
    """By leaf, its place among those that can be looked up, in the order of the tree."""
    latest: dict[int, int] = field(factory=dict, init=False)
    """By leaf, the denominator of its figure in the chunk before."""
    _made: dict[tuple[int, int], Entries] = field(factory=dict, init=False)
    _never: set[tuple[int, int]] = field(factory=set, init=False)
    _making: Lock = field(factory=Lock, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self.rows = {leaf: at for at, leaf in enumerate(sorted(self.reading))}
        for leaf, slot in self.reading.items():
            if slot in self.domains:
                self.readers.setdefault(slot, []).append(leaf)

    def inside(self, leaf: int, below: int) -> tuple[int, Units] | None:
        """The table of a leaf, as far as it lies in the domain of its figure; nothing where there is none yet."""
        found = self._made.get((leaf, below))
        return None if found is None else found.inside

    def kept(self, leaf: int, value: Figures, size: int, units: int, judge: Judge) -> Kept | None:
        """What a leaf that is worth so many units keeps in every row."""
        if not isinstance(value.below, int) or not isinstance(value.above, np.ndarray) or not size:
            return None
        low, high, key = value.low, value.high, (leaf, value.below)
        found = self._made.get(key)
        if found is None or low < found.low or high - found.low >= len(found.packed):
            if key in self._never or not pays(high - low + 1, size):
                return None
            with self._making:
                found = self._make(key, low, high, judge)
            if found is None:
                return None
        self.latest[leaf] = value.below
        packed, kept = passes().looked_up(value.above, found.low, found.packed, self.packing.bits, units)
        return Kept(kept, [Line(packed, None)], without=value.without)

    def _make(self, key: tuple[int, int], low: int, high: int, judge: Judge) -> Entries | None:
        """A table that reaches from one value to the other, and over the one that there was."""
        if (before := self._made.get(key)) is not None:
            margin = (high - low) // 4  # so that the next chunk does not ask for a few more again
            low, high = min(low, before.low) - margin, max(high, before.low + len(before.packed) - 1) + margin
        packed = None
        if high - low < _MOST_VALUES:
            values = Figures(np.arange(low, high + 1), key[1], low, high, key[1])
            with suppress(NoColumns, Unproved):
                packed = one_record(judge(high - low + 1, values), self.packing)
        if packed is None:
            self._never.add(key)
            return None
        self._made[key] = Entries(low, packed, self._inside(key, low, packed))
        return self._made[key]

    def _inside(self, key: tuple[int, int], low: int, packed: Units) -> tuple[int, Units] | None:
        domain = self.domains.get(self.reading[key[0]])
        if domain is None:
            return None
        least, greatest = low, low + len(packed) - 1
        if domain.low is not None:
            least = max(least, ceil(domain.low * key[1]))
        if domain.high is not None:
            greatest = min(greatest, floor(domain.high * key[1]))
        while least <= greatest and not domain.holds(Fraction(least, key[1])):
            least += 1  # an end that does not belong to it
        while least <= greatest and not domain.holds(Fraction(greatest, key[1])):
            greatest -= 1
        return None if least > greatest else (least, packed[least - low : greatest - low + 1])


def pays(values: int, rows: int) -> bool:
    """Whether a table of so many values is made for so many rows: it is not dearer than to judge them."""
    return values <= min(rows, _MOST_VALUES)


def one_record(kept: Kept, packing: Packing) -> Units | None:
    """What was lost of every row with its code; None where a row has several records, or lacks something."""
    if kept.gains or (kept.without is not None and kept.without.any()):
        return None
    found = np.zeros(len(kept.units), packing.width)
    for line in kept.losses:
        moved = line.moved if line.code is None else packing.all_packed(line.moved, line.code)
        there = moved > packing.mask
        if (found[there] != 0).any():
            return None
        found[there] = moved[there]
    return found


def lookups_of(plan: Plan, packing: Packing) -> Lookups:
    """The leaves of a plan whose losses rest on one figure and on nothing else."""
    fixed = constants(plan)
    found: dict[int, int] = {}
    for node in plan.nodes:
        if node.leaf is not None and not node.exactly and (slot := _only_figure(node.leaf, fixed)) is not None:
            found[node.index] = slot
    domains = {slot: declared.domain for declared, slot in plan.inputs.values()}
    return Lookups(packing, found, domains)


def _only_figure(leaf: PlannedLeaf, fixed: Mapping[int, object]) -> int | None:
    if leaf.plainly is None or leaf.judged:
        return None
    formulas = [one.formula for one in leaf.losses]
    if any(isinstance(shape, Given | Gathered) for one in formulas for shape in everything(one)):
        return None
    slots = {leaf.slots.of[name] for one in formulas for name in names(one)} - set(fixed)
    return slots.pop() if len(slots) == 1 else None
