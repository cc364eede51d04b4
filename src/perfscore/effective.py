"""What is every node worth in the whole?

In: a plan, and a row. Out: the effective weight of every node: its own where only sums stand over it; a written branch
weight is shared out over its members in proportion, and one that was not chosen is worth nothing. No points are known here.
"""

from __future__ import annotations

from fractions import Fraction

from perfscore.formula.arithmetic import Slot
from perfscore.indicator import ADDING, Branch
from perfscore.plan import Plan, PlannedNode
from perfscore.weighing import worth_of


def effective_weights(plan: Plan, row: list[Slot]) -> list[Fraction]:
    """What every node is worth in the whole, by its number; nothing where weights cannot be told."""
    worth = worth_of(plan, row)
    size = plan.rulebook.rounding.size
    found = [Fraction(0)] * len(plan.nodes)
    if worth is None:
        return found
    factors = [Fraction(1)] * len(plan.nodes)
    for planned in plan.nodes:
        found[planned.index] = Fraction(worth[planned.index], size) * factors[planned.index]
        below = factors[planned.index]
        chosen = None
        if isinstance(planned.node, Branch) and planned.node.aggregate not in ADDING:
            if planned.chosen_by is not None:
                chosen = row[planned.chosen_by]
            shared = sum(worth[child] for child in planned.children if _counts(plan, child, planned, chosen))
            below = below * worth[planned.index] / shared if shared else Fraction(0)
        for child in planned.children:
            counts = planned.chosen_by is None or _counts(plan, child, planned, chosen)
            factors[child] = below if counts else Fraction(0)
    return found


def _counts(plan: Plan, child: int, planned: PlannedNode, chosen: object) -> bool:
    return planned.chosen_by is None or plan.nodes[child].node.id.rpartition(".")[2] == chosen
