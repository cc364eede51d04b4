"""A rule file that was read, whole or broken.

In: nothing; this is vocabulary.
Out: `Draft`, in which a part that could not be read is None and everything else stands, so that one run can tell
the author everything. Checks read it; `build` turns a draft without errors into a `Rulebook`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from attrs import field, frozen

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Criterion
from perfscore.diagnostic import KeyPath
from perfscore.formula.shapes import Formula, Name
from perfscore.formula.vocabulary import Term, Vocabulary
from perfscore.goals import Goal, Scope
from perfscore.indicator import AbsentPolicy, Aggregate, Inapplicable, Input, Range, Weight
from perfscore.parameter import Parameter
from perfscore.quantity import Rounding
from perfscore.rating import Rating
from perfscore.rulebook import Basis, Check, Figure, Measure, WorkedExample, figure_term, points_name, share_name
from perfscore.rulefile.written import WrittenRulebook

MAX_PLACES = 30


@frozen(eq=False, repr=False)
class DraftNode:
    """A branch or a leaf as far as it could be read. `table` is the raw table, for what the author wrote word for
    word.
    """

    id: str
    at: KeyPath
    table: Mapping[str, object]
    members: tuple[DraftNode, ...] = ()
    name: str | None = None
    stated: Weight | None = None
    criterion: Criterion | None = None
    measure: Formula | Input | None = None
    target: Formula | None = None
    target_text: str | None = None
    unit: str | None = None
    clause: str | None = None
    basis: tuple[str, ...] = ()
    range: Range | None = None
    aggregate: Aggregate = "sum"
    by: str | None = None
    n: int | None = None
    applies: Formula | None = None
    not_applicable: Inapplicable | None = None
    missing: AbsentPolicy = "error"
    undefined: AbsentPolicy = "error"
    rounding: Rounding | None = None
    by_default: str | None = None
    note: str | None = None

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    @property
    def measured(self) -> Formula | None:
        """The formula of its value."""
        return Name(self.measure.name) if isinstance(self.measure, Input) else self.measure

    def all(self) -> Iterator[DraftNode]:
        """The node and everything under it."""
        yield self
        for member in self.members:
            yield from member.all()


@frozen(eq=False)  # there is one of each file, and what is known of it is kept by it
class Draft:
    """Everything that could be read of a rule file."""

    values: Mapping[str, object] = field(repr=False)
    header: WrittenRulebook | None
    members: tuple[DraftNode, ...]
    inputs: Mapping[str, Input | None]
    measures: Mapping[str, Measure | None]
    basis: Mapping[str, Basis | None]
    ratings: tuple[Rating, ...] | None
    checks: tuple[Check, ...]
    goals: tuple[Goal, ...]
    scope: tuple[Scope, ...]
    examples: tuple[WorkedExample, ...]
    parameters: Mapping[str, Parameter | None]
    adjustments: tuple[AdjustmentRule, ...]
    defaults: Mapping[str, Criterion | None]
    range: Range | None = None

    def nodes(self) -> Iterator[DraftNode]:
        """Every branch and leaf, in the order of the file."""
        for member in self.members:
            yield from member.all()

    def leaves(self) -> Iterator[DraftNode]:
        """Every node without members."""
        return (node for node in self.nodes() if not node.members)

    @property
    def rounding(self) -> Rounding | None:
        """How points are rounded, or None where the file does not say what can be."""
        if self.header is None:
            return None
        places = self.header.rounding.places
        whole = places.denominator == 1 and 0 <= places <= MAX_PLACES
        return Rounding(int(places), self.header.rounding.mode, self.header.rounding.remainder) if whole else None

    def known(self) -> frozenset[str]:
        """Every name that a formula may use, even where its table is broken: one mistake is told once."""
        return frozenset((*self.inputs, *self.measures, *self.parameters))

    def columns(self) -> frozenset[str]:
        """The names of the columns of every table, which only stand for something where a record is at hand."""
        tables = [one for one in self.inputs.values() if one is not None]
        return frozenset(name for one in tables for name in one.terms if name != one.name)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What every name stands for; a broken one is taken for a number, so that nothing else is accused for it."""
        terms = {name: Term(name, "number") for name, one in self.inputs.items() if one is None}
        terms |= {name: term for one in self.inputs.values() if one is not None for name, term in one.terms.items()}
        terms |= {leaf.measure.name: leaf.measure.term for leaf in self.leaves() if isinstance(leaf.measure, Input)}
        for node in self.nodes():
            terms[points_name(node.id)] = Term(node.label, "number")
            terms[share_name(node.id)] = Term(node.label, "percent")
        waiting: dict[str, Figure | None] = {**self.parameters, **self.measures}
        while waiting:
            ready = [n for n, one in waiting.items() if one is None or all(used in terms for used in one.reads())]
            for name in ready or list(waiting):
                one = waiting.pop(name)
                terms[name] = figure_term(one, terms) if one is not None and ready else Term(name, "number")
        return terms

    @property
    def demerit(self) -> bool:
        """Whether points are incurred."""
        return self.header is not None and self.header.counts == "demerit"

    def pools(self) -> dict[str, DraftNode]:
        """The pool that each of the members of a pool stands in, by the member's id."""
        return {one.id: node for node in self.nodes() if node.aggregate == "pool" for one in node.members}


EMPTY = Draft({}, None, (), {}, {}, {}, (), (), (), (), (), {}, (), {})
"""The draft of a file that is no rule file."""
