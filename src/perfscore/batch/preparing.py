"""Make a plan ready to judge batches by columns.

In: a plan. Out: `ByColumns`: what every leaf is judged by that is the same for every batch, or nothing where no row of it could
be judged by columns. It is made once a plan; no cell is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from attrs import field, frozen

from perfscore.batch.leaves import Packing, Steps, left_by, steps_of
from perfscore.batch.lookups import Lookups, lookups_of
from perfscore.batch.results import MOST_UNITS, Frame
from perfscore.formula.columns import Column, Columns
from perfscore.formula.shapes import Formula
from perfscore.formula.wholes import Width, width
from perfscore.lacking import reads_of
from perfscore.parameter import Parameter
from perfscore.plan import Plan, PlannedLeaf
from perfscore.rulebook import Measure


@frozen(eq=False)
class ByColumns:
    """A plan, made ready to judge batches: made once."""

    frame: Frame
    packing: Packing
    steps: dict[int, Steps]
    left: dict[int, Formula]
    figures: dict[int, Measure | Parameter]
    """What fills a slot before any node is judged."""
    inputs: frozenset[int]
    lookups: Lookups
    readers: dict[str, tuple[int, ...]]
    """By input that the rulebook asks for, the leaves that rest on it."""
    wide: Width
    """How wide a sum of points must be."""
    unconditional: frozenset[int]
    """The nodes that apply to everybody of whom the assessor does not say otherwise."""
    shaped: bool
    """Whether points are more than added up somewhere below the whole: by a range, a limit, an aggregate of shares."""
    known: dict[int, tuple[Formula, object]] = field(factory=dict)
    lines: dict[tuple[int, int], tuple[int, int, int]] = field(factory=dict)

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.frame.plan

    def columns(
        self, held: Mapping[int, Column], size: int, slots: Mapping[str, int], answers: Mapping[str, int]
    ) -> Columns:
        """The columns of a batch, as formulas read them."""
        return Columns(size, held, slots, answers, self.inputs, self.known, self.lines)


@lru_cache(maxsize=32)
def by_columns(frame: Frame) -> ByColumns | None:
    """The plan made ready, once; None where no row of it could be judged by columns."""
    plan = frame.plan
    odd_node = any(one.chosen_by is not None or one.before for one in plan.nodes)
    if plan.worth is None or odd_node or sum(plan.worth) > MOST_UNITS:
        return None
    packing = Packing(frame.place_of_code, MOST_UNITS if _widened(plan) else _most_moved(plan, plan.worth))
    if max(plan.worth) > MOST_UNITS >> packing.bits:
        return None
    leaves = [(one.index, one.leaf) for one in plan.nodes if one.leaf is not None]
    steps = {index: found for index, leaf in leaves if (found := steps_of(plan, leaf, packing)) is not None}
    rulebook = plan.rulebook
    figures: dict[int, Measure | Parameter] = {plan.of[one.name]: one for one in rulebook.measures}
    figures |= {plan.of[one.name]: one for one in rulebook.parameters}
    worth = plan.worth
    left = {index: made for index, leaf in leaves if (made := _left(plan, leaf, worth[index])) is not None}
    inputs = frozenset(slot for _, slot in plan.inputs.values())
    # a limit may leave a node any number below nothing
    limited = any(one.rule.on_nodes for one in plan.adjustments)
    wide = np.int64 if packing.width is np.int64 or limited else width(sum(worth))
    return ByColumns(
        frame,
        packing,
        steps,
        left,
        figures,
        inputs,
        lookups_of(plan, packing),
        _readers(plan),
        wide,
        _unconditional(plan),
        _shaped(plan),
    )


def _unconditional(plan: Plan) -> frozenset[int]:
    found = {0} if plan.nodes[0].node.applies is None else set[int]()
    for one in plan.nodes[1:]:  # each after the one over it
        if one.parent in found and one.node.applies is None:
            found.add(one.index)
    return frozenset(found)


def _shaped(plan: Plan) -> bool:
    branches = [one for one in plan.nodes if one.leaf is None]
    ranged = any(one.node.range is not None or (not one.adds and one.node.aggregate != "pool") for one in branches)
    return ranged or any(one.exactly for one in plan.nodes) or any(one.rule.on_nodes for one in plan.adjustments)


def _readers(plan: Plan) -> dict[str, tuple[int, ...]]:
    reads = {plan.index[id]: reads_of(plan, leaf) for id, leaf in plan.leaves.items()}
    needed = [name for name, (declared, _) in plan.inputs.items() if declared.needed]
    return {name: tuple(index for index, read in reads.items() if name in read) for name in needed}


def _widened(plan: Plan) -> bool:
    """Whether a record may move more units than any node is worth."""
    nodes = any(one.node.range is not None for one in plan.nodes)
    return nodes or any(leaf.gains or leaf.plainly is None for leaf in plan.leaves.values())


def _most_moved(plan: Plan, worth: tuple[int, ...]) -> int:
    """How many units one record of a node moves at most: what it is worth, or the pool that it takes from."""
    limited = {id for one in plan.adjustments for id in (*one.rule.zero, *one.rule.cap)}
    silent = {one.index for one in plan.nodes if one.node.aggregate == "sum" and one.leaf is None} - {
        plan.index[id] for id in limited
    }
    most = max((worth[one.index] for one in plan.nodes if one.index not in silent), default=0)
    # what does not apply may be made up for at the root, or at a branch, all at once
    makes_up = any(one.node.not_applicable in ("rescale", "siblings") for one in plan.nodes if one.index)
    return sum(worth) if makes_up else most


def _left(plan: Plan, leaf: PlannedLeaf, units: int) -> Formula | None:
    """What is left of a leaf that only one loss moves; None of any other."""
    rounding = plan.rulebook.rounding
    plain = leaf.plainly is not None and len(leaf.losses) == 1 and rounding.mode == "half-up"
    return left_by(leaf.losses[0], units, rounding.size) if plain else None
