"""Judge one leaf of a plan for many rows, by the quickest way that there is for it.

In: a plan made ready, a leaf, and the columns in its slots. Out: what every row keeps. A leaf that reads one figure is looked up; one of
stretches counts ends; one with one loss is one division; any other loses step by step. All of them give the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfscore.batch.leaves import Kept, by_one, by_steps, judged
from perfscore.batch.preparing import ByColumns
from perfscore.batch.taking import constants
from perfscore.formula.columns import Column
from perfscore.formula.wholes import Figures, NoColumns
from perfscore.plan import PlannedLeaf, PlannedNode


def judged_leaf(by: ByColumns, planned: PlannedNode, leaf: PlannedLeaf, held: Mapping[int, Column], size: int) -> Kept:
    """What a leaf keeps in `size` rows."""
    plan = by.plan
    if plan.worth is None:
        raise NoColumns
    slot, worth = by.lookups.reading.get(planned.index), plan.worth[planned.index]
    if slot is not None and isinstance(value := held.get(slot), Figures):
        fixed = constants(plan)

        def alone(size: int, value: Figures) -> Kept:
            return _computed(by, planned, leaf, {**fixed, slot: value}, size)

        if (found := by.lookups.kept(planned.index, value, size, worth, alone)) is not None:
            return found
    return _computed(by, planned, leaf, held, size)


def _computed(by: ByColumns, planned: PlannedNode, leaf: PlannedLeaf, held: Mapping[int, Column], size: int) -> Kept:
    plan = by.plan
    if plan.worth is None:
        raise NoColumns
    worth = plan.worth[planned.index]
    columns = by.columns(held, size, leaf.slots.of, leaf.slots.answers)
    if planned.exactly:  # only a leaf judged by its losses one after another says what it had before rounding
        return judged(leaf, columns, worth, plan.rulebook.rounding, demerit=plan.rulebook.demerit)
    if (steps := by.steps.get(planned.index)) is not None and leaf.value is not None:
        value = held.get(leaf.value)
        if not isinstance(value, Figures):
            raise NoColumns
        return by_steps(steps, value, size, by.packing)
    if (left := by.left.get(planned.index)) is not None:
        return by_one(leaf.losses[0], left, columns, worth)
    return judged(leaf, columns, worth, plan.rulebook.rounding, demerit=plan.rulebook.demerit)
