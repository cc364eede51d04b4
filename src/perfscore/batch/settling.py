"""Settle a leaf in the rows in which it does not apply, or in which something that it reads is missing.

In: what came of a leaf for everybody, and what excuses it. Out: the same with what its author declared for such rows: no
points, none of them kept with a record that says so, or what is given where it does not apply. Nothing is added up here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, evolve, field

from perfscore.batch.excusing import Gone, given
from perfscore.batch.leaves import Kept, Line
from perfscore.batch.results import Units
from perfscore.formula.columns import Columns
from perfscore.formula.wholes import OF_NO_INPUT, UNSAID, Lacks, Mask, NoColumns, earlier, either
from perfscore.plan import Plan, PlannedLeaf


@define(eq=False)
class Found:
    """What came of a node in every row. Where it has no points `lacks` says what is missing, and 0 stands among its units.

    What is None is so in no row: that it does not apply, that it has no points and the branch goes on without it, the
    weight in it that is made up for at the root, or by its siblings, or that leaves the full marks, and the points in it
    that stand beside all weight.
    """

    units: Units
    lacks: Lacks | None = None
    away: Mask | None = None
    left_out: Mask | None = None
    rescaled: Units | None = None
    shared: Units | None = None
    unscored: Units | None = None
    beyond: Units | None = None

    @property
    def plain(self) -> bool:
        """Whether it has points in every row, and all its weight counts."""
        return self.lacks is None and self.rescaled is None and self.shared is None and self.unscored is None


@define(eq=False)
class Settled:
    """A settled node: its records, what a leaf lacks whatever came of that, rows to which it does not apply without anybody
    having said what happens then, and the rows that the exact reader judges.
    """

    found: Found
    losses: list[Line] = field(factory=list)
    gains: list[Line] = field(factory=list)
    told: Lacks | None = None
    unruled: Mask | None = None
    odd: Mask | None = None


def settled(plan: Plan, leaf: PlannedLeaf, kept: Kept, gone: Gone, columns: Columns, worth: int) -> Settled:
    """What a leaf keeps, and its records."""
    rulebook = plan.rulebook
    without = lacks_of(kept, gone)
    if without is None and not gone.by:
        return Settled(Found(kept.units), kept.losses, kept.gains)
    by, policy = gone.by, leaf.indicator.missing
    there = None if without is None else without != 0
    if there is not None and policy == "not-applicable":
        by = (*by, (leaf.indicator.not_applicable, there))
    away = Gone(by).rows
    blank = np.logical_or(False if away is None else away, False if there is None else there)
    losses, gains = blanked(kept.losses, blank), blanked(kept.gains, blank)
    found = Found(np.where(blank, 0, kept.units), away=away)
    done = Settled(found, losses, gains, without, odd=None if without is None else without == UNSAID)
    if there is not None and policy == "zero":
        if worth:
            losses.append(Line(there * np.int64(worth), "missing"))
        if rulebook.demerit:
            found.units = np.where(there, np.int64(worth), found.units)
    elif policy != "not-applicable":
        found.lacks = without
    taken: Units | None = None
    more: Units | None = None
    for excuse, where in by:
        try:
            has = given(excuse, leaf, columns, worth, rulebook.rounding, demerit=rulebook.demerit)
        except NoColumns:
            done.odd = either(done.odd, where)
            continue
        if has.units is None:
            lacks = where * np.int32(OF_NO_INPUT)
            if without is not None:  # what it lacks is what whoever reads its points lacks
                lacks = np.where(where & (without != 0), without, lacks)
            found.lacks = earlier(found.lacks, lacks)
            if has.left_out:
                found.left_out = either(found.left_out, where)
            else:
                done.unruled = either(done.unruled, where)
        else:
            if has.units:
                found.units = np.where(where, np.int64(has.units), found.units)
            lost = has.units if rulebook.demerit else worth - has.units
            if lost > 0:
                taken = _more(taken, lost, where)
            elif lost < 0:
                more = _more(more, -lost, where)
        found.rescaled = _more(found.rescaled, has.rescaled, where)
        found.shared = _more(found.shared, has.shared, where)
        found.unscored = _more(found.unscored, has.unscored, where)
    if taken is not None:
        losses.append(Line(taken, "not-applicable"))
    if more is not None:
        gains.append(Line(more, "not-applicable"))
    return done


def lacks_of(kept: Kept, gone: Gone) -> Lacks | None:
    """What is missing where the leaf applies, or where that cannot be told: nothing else is read of an excused one."""
    without = kept.without
    if without is not None and (rows := gone.rows) is not None:
        without = np.where(rows, np.int32(0), without)
    without = earlier(gone.lacks, without)
    return without if without is not None and without.any() else None


def blanked(lines: Sequence[Line], where: Mask | None) -> list[Line]:
    """The records, of which there are none in some rows."""
    return [*lines] if where is None else [evolve(one, moved=np.where(where, 0, one.moved)) for one in lines]


def _more(so_far: Units | None, units: int, where: Mask) -> Units | None:
    if not units:
        return so_far
    found: Units = where * np.int64(units)
    return found if so_far is None else so_far + found
