"""A rulebook ready to judge.

In: nothing; this is vocabulary, filled by `planning`.
Out: `Plan`: where every figure and answer stands in a row, what is computed from the row, and in which order nodes are
judged. No fact is known here.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import define, field, frozen

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Loss, Place
from perfscore.explanation import View
from perfscore.formula.arithmetic import Numeric, Reader, Slot, Truth, Unreadable
from perfscore.formula.exact import Slots
from perfscore.formula.shapes import Formula, Judged, Peers
from perfscore.formula.vocabulary import Vocabulary
from perfscore.indicator import ADDING, Branch, Inapplicable, Indicator, Input, Node
from perfscore.outcome import Outcome
from perfscore.plainfigures import Plain
from perfscore.rulebook import Check, Measure, Rulebook

DAY = "\N{CALENDAR}"
"""The slot of the day by which dated parameters are read; no name of a rulebook looks like it."""


@frozen(eq=False)
class Fill:
    """How the slot of a figure is filled."""

    slot: int
    read: Reader

    def into(self, row: list[Slot]) -> None:
        """Fill it, with a value or with why there is none."""
        try:
            row[self.slot] = self.read(row)
        except Unreadable as unreadable:
            row[self.slot] = unreadable.absent


@frozen(eq=False)
class PlannedLoss:
    """A loss or a gain with its reader, and the answers that it rests on."""

    loss: Loss
    formula: Formula
    """Its points, with what is the same for everybody put in."""
    points: Numeric
    judged: tuple[Judged, ...]
    over: int | None = None
    """The slot of the table of which each record takes points, and how many all of them take at most."""
    most: Numeric | None = None


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
    computed: tuple[Fill, ...]
    losses: tuple[PlannedLoss, ...]
    gains: tuple[PlannedLoss, ...]
    range: PlannedRange | None
    value: int | None
    """The slot of its value."""
    worth: int
    """The slot of its weight."""
    percent: bool
    judged: dict[str, Judged]
    view: View
    """What an explanation of it reads, whoever is judged."""
    plainly: Callable[[list[Slot]], Outcome] | None = None
    """How it is judged where only losses move it, between 0 and a weight that is the same for everybody."""

    @property
    def vocabulary(self) -> Vocabulary:
        """What every name in its criterion stands for."""
        return self.view.vocabulary


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
    plain: bool = False
    """Whether it only adds, with nothing beside: no range, no choice, and nobody reads what it kept before rounding."""
    before: tuple[int, ...] = ()
    """The leaves at which a record that cost points costs none here."""
    counted: bool = True
    """Whether its records take points from the total: under another aggregate than sum and pool they do not."""
    worth: int = -1
    """The slot of what it is worth to the subject."""
    points: int | None = None
    """The slots in which formulas read its points and its share."""
    share: int | None = None

    @property
    def unread(self) -> bool:
        """Whether no formula reads its points or its share."""
        return self.points is None and self.share is None

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


Depth: TypeAlias = Literal["figures", "nodes", "score"]
"""Whether a figure is known before any node is judged, when all nodes are, or with the score only."""


@frozen(eq=False)
class PlannedPeers:
    """A comparison with the others of a cohort: the slot it fills, and the readers of each one's own figure and group."""

    peers: Peers
    name: str
    slot: int
    read: Reader
    group: int | None
    stage: int
    depth: Depth
    holds: bool = False
    """Whether `of` is a condition, which is counted where it holds."""
    applying: int | None = None
    """The node of which only those count to whom it applies."""
    asked: bool = False
    """Whether it is read only where `given` says that the figures are there."""
    nodes: frozenset[int] = frozenset()
    """The nodes that must be judged before the figure is there."""


@frozen(eq=False)
class PlannedCheck:
    """A check with its reader and the names it reads."""

    check: Check
    holds: Truth
    reads: tuple[str, ...]


Step: TypeAlias = Fill | PlannedNode
"""One thing to do: fill a slot, or judge a node."""


Straight: TypeAlias = tuple[int, int, Callable[[list[Slot]], Outcome] | None]
"""A node to judge and the node above it, by their numbers; of a branch, whose members' points are added, nothing more."""


@frozen(eq=False)
class Plan:
    """A rulebook ready to judge. `nodes` holds the whole first, then every node in the order of the file."""

    rulebook: Rulebook
    digest: str
    vocabulary: Vocabulary
    blank: tuple[Slot, ...]
    inputs: dict[str, tuple[Input, int]]
    plain: tuple[tuple[str, int, Plain], ...]
    """Every input with its slot, and a reader for what is plainly a figure of its kind."""
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
    columns: frozenset[str] = frozenset()
    """The names of the columns of tables, whose slots follow that of their table and are filled for a record at a time."""
    of: dict[str, int] = field(factory=dict)
    peers: tuple[PlannedPeers, ...] = ()
    """What is read of others, in the order in which it can be compared."""
    paths: tuple[tuple[str, ...], ...] = ()
    """The names of the nodes over each node, from the top, and its own."""
    weights: tuple[Decimal | None, ...] = ()
    """What every node is worth, as it is printed, where that is the same for everybody."""
    effective: tuple[Fraction, ...] = ()
    """What every node is worth in the whole, where that is its weight for everybody."""
    scale: tuple[tuple[int, int, str], ...] = ()
    """The steps of the ratings, highest first, each with the score it starts from as a ratio."""
    total: int = -1
    """The slot of the score, for adjustments."""
    fills: tuple[Fill, ...] = ()
    """What is computed before any node is judged, where no figure reads the points of one."""
    straight: tuple[Straight, ...] = ()
    """What to do one after another where there is nothing to think of but what each leaf loses."""
    excusing: bool = False
    """Whether any node may not apply, by a condition or since another was chosen."""
