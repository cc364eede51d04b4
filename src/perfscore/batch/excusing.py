"""Tell the rows in which a node does not apply, and what it has there.

In: the condition over a node, the assessors' word, and what stands over it. Out: the rows that are excused, each by the first
excuse from the top, and the rows in which that cannot be told; of an excuse, what its author gives then. No points are
judged or added up here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

import numpy as np
from attrs import frozen

from perfscore.formula.columns import Columns
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.formula.wholes import Lacks, Mask, NoColumns, earlier, either, lacking
from perfscore.indicator import Fixed, Inapplicable
from perfscore.plan import PlannedLeaf, PlannedNode
from perfscore.quantity import Rounding


@frozen(eq=False)
class Gone:
    """Rows to which a node does not apply, with the policy of the node that excuses them; and what is missing in the rows in
    which a condition over it cannot be read.
    """

    by: tuple[tuple[Inapplicable | None, Mask], ...] = ()
    lacks: Lacks | None = None

    @property
    def rows(self) -> Mask | None:
        """All rows to which it does not apply; no row has two excuses."""
        found: Mask | None = None
        for _, where in self.by:
            found = either(found, where)
        return found


NOBODY = Gone()


def gone_from(above: Gone, planned: PlannedNode, word: Mask | None, columns: Columns) -> Gone:
    """Where a node does not apply: where what stands over it does not, where the assessor says so (`word`), or where its
    condition does not hold.
    """
    node = planned.node
    by, lacks = list(above.by), above.lacks
    settled = either(above.rows, lacking(lacks))

    def excuse(where: Mask) -> None:
        nonlocal settled
        where = where if settled is None else where & ~settled
        if where.any():
            by.append((node.not_applicable, where))
            settled = either(settled, where)

    if word is not None:
        excuse(word)
    if node.applies is not None:
        holds = columns.truths(node.applies)
        if (without := holds.without) is not None:
            lacks = earlier(lacks, without if settled is None else np.where(settled, np.int32(0), without))
            settled = either(settled, lacking(lacks))
        excuse(np.broadcast_to(np.logical_not(holds.holds), (columns.size,)))
    return Gone(tuple(by), lacks)


@frozen
class Given:
    """What a leaf has where it does not apply, in units: nothing at all where `units` is None, and then the branch goes on
    without it if it is `left_out`. Of what it is worth, so much is made up for at the root, or by its siblings, or leaves the full marks.
    """

    units: int | None = 0
    left_out: bool = False
    rescaled: int = 0
    shared: int = 0
    unscored: int = 0


def given(
    policy: Inapplicable | None, leaf: PlannedLeaf, columns: Columns, worth: int, rounding: Rounding, *, demerit: bool
) -> Given:
    """What a leaf has by a policy; raises `NoColumns` where that is not the same for everybody."""
    match policy:
        case None:
            return Given(None)
        case "full":
            return Given(0 if demerit else worth)
        case "rescale":
            return Given(rescaled=worth)
        case "siblings":
            return Given(shared=worth)
        case "unscored":
            return Given(None, left_out=True, unscored=worth)
        case "peer-mean":
            raise NoColumns
        case Fixed(points=points):
            low, high, ends = 0, worth, leaf.indicator.range
            if ends is not None:
                size = rounding.size
                low, high = (
                    one.numerator * size // one.denominator
                    for one in (_number(end.low, columns) for end in (ends.low, ends.high))
                )
            fixed = _number(points.low, columns)
            return Given(min(max(rounding.units(fixed.numerator, fixed.denominator), low), high))
        case _:
            assert_never(policy)


def _number(points: Formula, columns: Columns) -> Fraction:
    """Points that are a number or a share of the weight: what else they may read is not there before the leaf is judged."""
    if not {*names(points)} <= {"weight"} or (found := columns.figures(points).same) is None:
        raise NoColumns
    return found
