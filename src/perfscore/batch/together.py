"""Judge a batch by columns: its tree, then what that comes to.

In: a plan and the columns of a batch. Out: `Results` of every row, and the odd rows among them, whose results are to be
replaced by those of the exact reader; or a batch as far as some nodes, for what compares them. What is rare is left to the
exact reader.
"""

from __future__ import annotations

from collections.abc import Container

import numpy as np
from attrs import frozen

from perfscore.batch.adjusting import Adjusting
from perfscore.batch.findings import Noticed, findings_of_all
from perfscore.batch.lines import records_of
from perfscore.batch.preparing import ByColumns
from perfscore.batch.results import STATES, Places, Results, Units
from perfscore.batch.settling import Found
from perfscore.batch.straight import Straight
from perfscore.batch.taking import Taken
from perfscore.batch.totals import full_marks, in_figures, ratings, uncovered_rows
from perfscore.batch.tree import Tree
from perfscore.formula.columns import Columns
from perfscore.formula.wholes import Lacks, Mask, lacking


def judged_batch(by: ByColumns, taken: Taken, size: int, ready: Straight) -> tuple[Results, Mask | None]:
    """The results of a batch, and its odd rows; of some leaves it is `ready` what they keep."""
    tree = Tree(by, taken, size, ready)
    tree.judge(range(len(by.plan.nodes)))
    return results_of(tree), tree.odd


@frozen(eq=False)
class JudgedFirst:
    """A batch of which some nodes are judged: its columns, its odd rows, and by leaf what is missing in which rows, and to
    which it does not apply.
    """

    columns: Columns
    odd: Mask | None
    told: dict[int, Lacks]
    away: dict[int, Mask]


def judged_first(by: ByColumns, taken: Taken, size: int, nodes: Container[int]) -> JudgedFirst:
    """A batch as far as some nodes, before all are judged; with the whole, its score."""
    tree = Tree(by, taken, size, Straight())
    tree.judge(nodes)
    if 0 in nodes:
        adjusted(tree)
    return JudgedFirst(tree.columns(), tree.odd, tree.told, tree.away)


def results_of(tree: Tree) -> Results:
    """What a judged tree comes to in every row."""
    by, frame = tree.by, tree.by.frame
    total = adjusted(tree)
    root = tree.found[0]
    wide = range(len(by.plan.nodes))
    states = [_states(tree, index) for index in wide]
    uncovered = uncovered_rows(by.plan, tree.found, states)
    if by.plan.adjustments:  # an adjustment may settle the rating all the same
        tree.mark(uncovered)
    noticed = Noticed(tree.told, tree.away, tree.unruled, uncovered, by.readers)
    lines = (*tree.losses, *tree.gains)
    findings = findings_of_all(frame, tree.taken, tree.columns(), lines, noticed)
    without = lacking(root.lacks)
    return Results(
        size=tree.size,
        units=[tree.found[index].units for index in wide],
        lacking=[lacking(tree.found[index].lacks) for index in wide],
        states=states,
        score=total.score,
        subtotal=root.units,
        without_score=without,
        without_subtotal=without,
        rating=_rating(tree, total, uncovered),
        deductions=records_of(tree.losses, tree.size, by.packing, tree.ready.packed),
        credits=records_of(tree.gains, tree.size, by.packing),
        adjustments=total.records(),
        findings=findings,
        decimals=tree.ready.decimals,
    )


def adjusted(tree: Tree) -> Adjusting:
    """The score of every row. Where less than the full marks could be had, only a row that nothing else moves is settled here."""
    plan, root = tree.by.plan, tree.found[0]
    tree.held[plan.of["weight"]] = in_figures(full_marks(plan, root), plan.rulebook.rounding.size)
    total = Adjusting(tree.by.frame, tree.columns(), tree.held, root.units, root.lacks)
    total.run()
    tree.mark(total.odd)
    if root.unscored is not None:
        less = root.unscored > 0
        moved = total.score != root.units
        if plan.rulebook.range is None:
            moved = moved | (root.units > full_marks(plan, root))
        tree.mark(less if plan.adjustments else less & moved)
    if plan.adjustments and root.lacks is not None and (excused := tree.excused()) is not None:
        tree.mark(excused & (root.lacks != 0))
    return total


def _rating(tree: Tree, total: Adjusting, uncovered: Mask | None) -> Places:
    found, root = total.ratings(), tree.found[0]
    if root.unscored is not None:
        found = np.where(root.unscored > 0, ratings(tree.by.frame, root, uncovered), found)
    return found if uncovered is None else np.where(uncovered, np.int16(-1), found)


def _states(tree: Tree, index: int) -> Units | None:
    """The places of the states of a node; None where every row is scored."""
    found: Found = tree.found[index]
    states: Units | None = None
    for state, where in (
        ("not-scored", lacking(found.lacks)),
        ("missing", lacking(tree.told.get(index))),
        ("not-applicable", found.away),
    ):
        if where is not None:
            states = np.where(where, STATES.index(state), 0 if states is None else states)
    return states
