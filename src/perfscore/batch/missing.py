"""Settle a leaf in the rows in which something that it reads is missing.

In: what came of a leaf, and what it lacks in each row. Out: the same, by the policy that its author declared: no points, or
none of them kept, with a record that says so. What no policy covers is judged alone; nothing is decided about that here.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from perfscore.batch.branches import corrected
from perfscore.batch.leaves import Kept, Line
from perfscore.formula.wholes import UNSAID, Lacks, Mask
from perfscore.indicator import Indicator
from perfscore.rulebook import Rulebook


def settled(kept: Kept, leaf: Indicator, without: Lacks, worth: int, rulebook: Rulebook) -> Kept:
    """What a leaf keeps, and its records; where it has no points at all there stands 0."""
    there = without != 0
    zero = leaf.missing == "zero"
    losses, gains = (
        [evolve(one, moved=np.where(there, 0, one.moved)) for one in of] for of in (kept.losses, kept.gains)
    )
    if zero and worth:
        losses.append(Line(there * np.int64(worth), "missing"))
    units = np.where(there, worth if zero and rulebook.demerit else 0, kept.units)
    exact = None if kept.exact is None else corrected(kept.exact, units, there, rulebook.rounding.size)
    return Kept(units, losses, gains, without, exact)


def alone(leaf: Indicator, rulebook: Rulebook, without: Lacks) -> Mask:
    """Rows that the exact reader judges: what is undefined, does not apply, or takes from what is covered, is rare."""
    rare = leaf.missing == "not-applicable" or rulebook.coverage is not None
    rows: Mask = without != 0 if rare else without == UNSAID
    return rows
