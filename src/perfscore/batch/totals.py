"""Tell what a batch comes to: its totals, its ratings, and whether enough of the weight was scored.

In: what came of every node in every row. Out: the places of the ratings, the rows that are not covered, and the odd rows, whose
total leaves its range or is changed by an adjustment. Nothing is adjusted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from perfscore.batch.leaves import rounded_units
from perfscore.batch.results import Frame, Mask, Places, Units
from perfscore.batch.settling import Found
from perfscore.formula.columns import Column, Columns
from perfscore.formula.shapes import Formula
from perfscore.formula.wholes import Figures, NoColumns, constant, either, lacking, proved
from perfscore.plan import Plan


def full_marks(plan: Plan, root: Found) -> Units | int:
    """The full marks of every row, in units: what is left where something does not apply and is not scored."""
    if plan.worth is None:
        raise TypeError(plan)
    return plan.worth[0] if root.unscored is None else plan.worth[0] - root.unscored


def in_figures(units: Units | int, size: int, without: Found | None = None) -> Figures:
    """Units as points that formulas read."""
    if isinstance(units, int):
        return constant(Fraction(units, size))
    low, high = (int(units.min()), int(units.max())) if len(units) else (0, 0)
    return Figures(units, size, low, high, size, None if without is None else without.lacks)


def beyond_or_adjusted(plan: Plan, root: Found, held: dict[int, Column], columns: Columns) -> Mask | None:
    """Rows whose score leaves its range, or that an adjustment changes; `held` is told the total and the full marks."""
    rulebook = plan.rulebook
    size, full, score = rulebook.rounding.size, full_marks(plan, root), root.units
    held[plan.of["weight"]] = in_figures(full, size)
    low: Units | int = 0
    high = full
    if rulebook.range is not None:
        low, high = (_end(end.low, columns, plan) for end in (rulebook.range.low, rulebook.range.high))
    total = in_figures(score, size, root)
    odd: Mask | None = None
    if not (isinstance(low, int) and isinstance(high, int)) or total.low < low or total.high > high:
        odd = (score < low) | (score > high)
    for planned in sorted(plan.adjustments, key=lambda one: not one.rule.on_nodes):
        if not planned.rule.on_nodes:
            held[plan.total] = in_figures(score, size)
        if planned.rule.when is not None:
            fires = columns.truths(planned.rule.when)
            odd = either(odd, lacking(fires.without))
            odd = either(odd, np.broadcast_to(np.asarray(fires.holds), (columns.size,)))
    if plan.adjustments:  # what an adjustment does where there is no score
        odd = either(odd, lacking(root.lacks))
    held[plan.total] = total
    return odd


def _end(end: Formula, columns: Columns, plan: Plan) -> Units | int:
    found = columns.figures(end)
    if found.without is not None:
        raise NoColumns
    if (same := found.same) is not None:
        return plan.rulebook.rounding.units(same.numerator, same.denominator)
    return rounded_units(found, plan.rulebook.rounding)


def ratings(frame: Frame, root: Found, uncovered: Mask | None) -> Places:
    """The place of the rating of every score; none where there is no score, or where too little is covered."""
    plan, score = frame.plan, root.units
    size, full = plan.rulebook.rounding.size, full_marks(plan, root)
    places = np.array([-1, *(frame.place_of_rating[name] for _, _, name in reversed(plan.scale))], np.int16)
    reached = np.zeros(len(score), np.int8)
    for start, over, _ in plan.scale:
        reached += score >= -(-start * size // over)
    found: Places = np.take(places, reached)
    whole = plan.rulebook.full_marks
    if not isinstance(full, int) and plan.worth is not None and whole > 0:
        found = np.where(full == plan.worth[0], found, _by_share(plan, score, full, places))
    for where in (lacking(root.lacks), uncovered):
        if where is not None:
            found[where] = -1
    return found


def _by_share(plan: Plan, score: Units, full: Units, places: Places) -> Places:
    """Where less than the full marks could be had: the rating of the share of them."""
    whole = plan.rulebook.full_marks
    most = max(1, *(int(np.abs(one).max()) for one in (score, full) if len(one)))
    reached = np.zeros(len(score), np.int8)
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
    scale = lcm(*(one.denominator for one in plan.effective))
    every, scored = 0, np.zeros(len(found[0].units), np.int64)
    proved(int(scale * sum(plan.effective)))
    for planned in plan.nodes[1:]:
        pool = planned.leaf is None and planned.node.aggregate == "pool"
        if (planned.leaf is None and not pool) or plan.nodes[planned.parent].node.aggregate == "pool":
            continue
        weight, state = int(plan.effective[planned.index] * scale), states[planned.index]
        every += weight
        scored += weight if state is None else weight * (state == 0)
    if not every:  # where only bonuses and penalties stand, there is no weight to cover
        return lacking(found[0].lacks) if least > 0 else None
    proved(every * least.denominator, every * least.numerator)
    uncovered: Mask = scored * np.int64(least.denominator) < every * least.numerator
    return uncovered
