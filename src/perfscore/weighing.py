"""What every node is worth to one subject.

In: a plan and a row. Out: whole published units a node, or nothing where a weight cannot be computed, or where the
weights do not add up to the full marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from perfscore.formula.arithmetic import Slot, Unreadable
from perfscore.formula.shapes import Formula
from perfscore.plan import Fill, Plan
from perfscore.quantity import decimal
from perfscore.weights import weigh


def worth_of(plan: Plan, row: list[Slot]) -> Sequence[int] | None:
    """What every node is worth to the subject, in published units; None where a weight cannot be computed, or where the
    weights do not add up to the full marks.
    """
    if plan.worth is not None:
        return plan.worth
    rulebook = plan.rulebook

    def value(formula: Formula) -> Fraction | None:
        try:
            return Fraction(*plan.varying[formula](row))
        except Unreadable:
            return None

    for step in plan.steps:  # a weight may read measures and parameters, which come first
        if isinstance(step, Fill):
            step.into(row)
    found = weigh(rulebook.members, rulebook.full_marks, rulebook.rounding, value)
    if len(found) < len(plan.nodes) - 1 or min(found.values()) < 0:
        return None
    if rulebook.aggregate == "sum" and sum(found[one.id] for one in rulebook.members) != rulebook.full_marks:
        return None
    size = rulebook.rounding.size
    worth = [int(found[one.node.id] * size) if one.index else int(rulebook.full_marks * size) for one in plan.nodes]
    for planned in plan.nodes:
        row[planned.worth] = (worth[planned.index], size)
    return worth


def printed_weights(plan: Plan, row: list[Slot]) -> list[Decimal | None]:
    """What every node but the whole is worth to the subject, as it is printed, where that varies."""
    worth, size = worth_of(plan, row), plan.rulebook.rounding.size
    return [None if worth is None else decimal(Fraction(worth[one.index], size)) for one in plan.nodes[1:]]
