"""What comes of judging a node, while a subject is judged: counted in whole units of the smallest published step.

In: nothing. Out: the shapes `Outcome` and `Taken`, which the rooms above fill in and hand on to one another.
They never leave the library: what its users read is an `Assessment`. Nothing is computed here.
"""

from __future__ import annotations

from attrs import define, frozen

from perfscore.assessment import State
from perfscore.criterion import Gain, Loss
from perfscore.formula.arithmetic import Absent, Ratio
from perfscore.formula.shapes import Judged


@define(eq=False)
class Taken:
    """Points taken by one loss, or given by one gain, in the smallest published unit, and the answers that it rests on."""

    units: int
    loss: Loss
    capped: bool = False
    judged: tuple[Judged, ...] = ()
    by_tree: bool = False
    """Whether no criterion took them: a review did, an aggregate, or that something does not apply."""
    record: int | None = None
    """The place of the record that took them, of a loss over a table."""

    @property
    def is_credit(self) -> bool:
        """Whether the points were given."""
        return isinstance(self.loss, Gain)


@frozen
class Passed:
    """已扣过不重扣 — a record of the table of a loss, and the id of the indicator at which it cost points already."""

    loss: Loss
    record: int
    at: str


@define(eq=False)
class Outcome:
    """One node, judged: the units it kept (None without a score), before rounding `exact`, what was taken, and what
    could not be read.
    """

    state: State
    units: int | None
    exact: Ratio = (0, 1)
    taken: tuple[Taken, ...] = ()
    absent: Absent | None = None
    computed: int | None = None
    """What the rule alone gave, before a review."""
    left_out: bool = False
    """Whether the node above goes on without it."""
    rescaled: int = 0
    unscored: int = 0
    shared: int = 0
    """Weight in it that does not apply: to be made up for at the root, to be left out of the full marks, and to be
    made up for by its siblings."""
    beyond: int = 0
    """Points in it that stand beside all weight, bonuses and penalties: nothing is made up for by them."""
    why: str | None = None
    """The assessor's word for why it does not apply."""
    reviewed: bool = False
    passed: tuple[Passed, ...] = ()
    """Records that would have cost points here and did so elsewhere."""
