"""A rulebook ready to judge.

In: nothing; this is vocabulary, filled by `planning`.
Out: `Plan`: where every figure and answer stands in a row, what is computed from the row, and in which order nodes are
judged. No fact is known here.
"""

from __future__ import annotations

from attrs import define, field, frozen

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Loss, Place
from perfscore.formula.arithmetic import Numeric, Reader, Slot, Truth
from perfscore.formula.exact import Slots
from perfscore.formula.shapes import Formula, Judged
from perfscore.formula.vocabulary import Vocabulary
from perfscore.indicator import ADDING, Branch, Inapplicable, Indicator, Input, Node
from perfscore.rulebook import Check, Measure, Rulebook

DAY = "\N{CALENDAR}"
"""The slot of the day by which dated parameters are read; no name of a rulebook looks like it."""


@frozen(eq=False)
class PlannedLoss:
    """A loss or a gain with its reader, and the answers that it rests on."""

    loss: Loss
    points: Numeric
    judged: tuple[Judged, ...]


@frozen(eq=False)
class PlannedRange:
    """The ends of what a node may give, in points."""

    low: Numeric
    high: Numeric


@frozen(eq=False)
class PlannedLeaf:
    """An indicator ready to be judged. `computed` are slots filled just before its losses are read: `value` and
    `target`; `range` is None where it is 0 to the weight.
    """

    indicator: Indicator
    path: tuple[str, ...]
    place: Place
    slots: Slots
    computed: tuple[tuple[int, Reader], ...]
    losses: tuple[PlannedLoss, ...]
    gains: tuple[PlannedLoss, ...]
    range: PlannedRange | None
    value: int | None
    """The slot of its value."""
    worth: int
    """The slot of its weight."""
    percent: bool
    judged: dict[str, Judged]

    @property
    def vocabulary(self) -> Vocabulary:
        """What every name in its criterion stands for."""
        return self.place.vocabulary


@frozen(eq=False)
class Excuse:
    """What makes a node not applicable: a condition that does not hold, or the assessor's word about `id`."""

    id: str
    applies: Truth | None
    policy: Inapplicable | None
    fixed: Numeric | None = None


@define(eq=False)
class PlannedNode:
    """A node in its place: who is over it and under it, and how its members are put together."""

    node: Node
    index: int
    parent: int
    children: tuple[int, ...] = ()
    leaf: PlannedLeaf | None = None
    range: PlannedRange | None = None
    excuses: tuple[Excuse, ...] = ()
    chosen_by: int | None = None
    """The slot of the choice that picks one of its members."""
    exactly: bool = False
    """Whether an aggregate over it reads what it kept before rounding."""
    counted: bool = True
    """Whether its records take points from the total: under another aggregate than sum and pool they do not."""
    worth: int = -1
    """The slot of what it is worth to the subject."""
    points: int | None = None
    """The slots in which formulas read its points and its share."""
    share: int | None = None

    @property
    def adds(self) -> bool:
        """Whether its members' published points are added."""
        return isinstance(self.node, Branch) and self.node.aggregate in ADDING


@frozen(eq=False)
class PlannedAdjustment:
    """An entry of `[[adjustments]]` with its readers."""

    rule: AdjustmentRule
    when: Truth | None
    amounts: dict[str, Numeric]
    caps: tuple[tuple[int, Numeric], ...]
    slots: Slots


@frozen(eq=False)
class PlannedCheck:
    """A check with its reader and the names it reads."""

    check: Check
    holds: Truth
    reads: tuple[str, ...]


@frozen(eq=False)
class Step:
    """One thing to do: fill the slot of a figure, or judge a node."""

    slot: int = -1
    read: Reader | None = None
    node: int = -1


@frozen(eq=False)
class Plan:
    """A rulebook ready to judge. `nodes` holds the whole first, then every node in the order of the file."""

    rulebook: Rulebook
    digest: str
    vocabulary: Vocabulary
    blank: tuple[Slot, ...]
    inputs: dict[str, tuple[Input, int]]
    measures: tuple[tuple[Measure, int], ...]
    steps: tuple[Step, ...]
    nodes: tuple[PlannedNode, ...]
    branches: tuple[PlannedNode, ...]
    """Every branch, those deepest in the tree first and the whole last."""
    leaves: dict[str, PlannedLeaf]
    index: dict[str, int]
    worth: tuple[int, ...] | None
    """What every node is worth in published units, where that is the same for everybody."""
    varying: dict[Formula, Numeric]
    adjustments: tuple[PlannedAdjustment, ...]
    checks: tuple[PlannedCheck, ...]
    origins: dict[str, Formula]
    of: dict[str, int] = field(factory=dict)
    total: int = -1
    """The slot of the score, for adjustments."""
    excusing: bool = False
    """Whether any node may not apply, by a condition or since another was chosen."""
