"""Tell what a batch comes to: its totals, its ratings, and whether enough of the weight was scored.

In: what came of every node in every row. Out: its full marks, the places of the ratings, and the rows that are not covered.
Nothing is adjusted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from perfscore.batch.branches import as_points
from perfscore.batch.results import Frame, Mask, Places, Units
from perfscore.batch.settling import Found
from perfscore.effective import effective_weights
from perfscore.formula.wholes import Figures, constant, lacking, proved
from perfscore.plan import Plan


def full_marks(plan: Plan, root: Found) -> Units | int:
    """The full marks of every row, in units: what is left where something does not apply and is not scored."""
    if plan.worth is None:
        raise TypeError(plan)
    return plan.worth[0] if root.unscored is None else plan.worth[0] - root.unscored


def in_figures(units: Units | int, size: int) -> Figures:
    """Units as points that formulas read."""
    return constant(Fraction(units, size)) if isinstance(units, int) else as_points(units, size)


def by_scale(frame: Frame, score: Units) -> Places:
    """The place of the rating whose step every score has reached; −1 where it has reached none."""
    size, scale = frame.plan.rulebook.rounding.size, frame.plan.scale
    reached = np.zeros(len(score), np.int16)
    for start, over, _ in scale:
        reached += score >= -(-start * size // over)
    return np.take(_places(frame), reached)


def _places(frame: Frame) -> Places:
    return np.array([-1, *(frame.place_of_rating[name] for _, _, name in reversed(frame.plan.scale))], np.int16)


def ratings(frame: Frame, root: Found, uncovered: Mask | None) -> Places:
    """The place of the rating of every score; none where there is no score, or where too little is covered."""
    plan, score = frame.plan, root.units
    full, found = full_marks(plan, root), by_scale(frame, score)
    whole = plan.rulebook.full_marks
    if not isinstance(full, int) and plan.worth is not None and whole > 0:
        found = np.where(full == plan.worth[0], found, _by_share(plan, score, full, _places(frame)))
    for where in (lacking(root.lacks), uncovered):
        if where is not None:
            found[where] = -1
    return found


def _by_share(plan: Plan, score: Units, full: Units, places: Places) -> Places:
    """Where less than the full marks could be had: the rating of the share of them."""
    whole = plan.rulebook.full_marks
    most = max(1, *(int(np.abs(one).max()) for one in (score, full) if len(one)))
    reached = np.zeros(len(score), np.int16)
    for start, over, _ in plan.scale:
        upper, lower = whole.numerator * over, start * whole.denominator
        proved(most * upper, most * lower)
        reached += score * np.int64(upper) >= full * np.int64(lower)
    return np.where(full > 0, np.take(places, reached), np.int16(-1))


def uncovered_rows(plan: Plan, found: Mapping[int, Found], states: Sequence[Units | None]) -> Mask | None:
    """Rows in which less of the weight was scored than the rulebook asks for."""
    least = plan.rulebook.coverage
    if least is None or all(one is None for one in states):
        return None
    # one row as the other: neither weights nor which branch is chosen depend on it here
    effective = plan.effective or effective_weights(plan, [*plan.blank])
    scale = lcm(*(one.denominator for one in effective))
    every, scored = 0, np.zeros(len(found[0].units), np.int64)
    proved(int(scale * sum(effective)))
    for planned in plan.nodes[1:]:
        pool = planned.leaf is None and planned.node.aggregate == "pool"
        if (planned.leaf is None and not pool) or plan.nodes[planned.parent].node.aggregate == "pool":
            continue
        weight, state = int(effective[planned.index] * scale), states[planned.index]
        every += weight
        scored += weight if state is None else weight * (state == 0)
    if not every:  # where only bonuses and penalties stand, there is no weight to cover
        return lacking(found[0].lacks) if least > 0 else None
    proved(every * least.denominator, every * least.numerator)
    uncovered: Mask = scored * np.int64(least.denominator) < every * least.numerator
    return uncovered
