"""评价指标体系 — a rulebook: the indicator system, what it reads, and what it says about itself.

In: the parts, built by `rulefile` or in Python. Out: one frozen value that `judging` can compile.
It knows no file, no span and no fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from perfscore.formula.shapes import Formula
from perfscore.formula.vocabulary import Term
from perfscore.frozen import Frozen
from perfscore.goals import Goal, Scope
from perfscore.indicator import Indicator, Input, Node, formula_term, leaves, nodes
from perfscore.quantity import Rounding, exact, spelled
from perfscore.rating import Rating
from perfscore.words import Language


@frozen
class Basis:
    """依据 — a law or regulation that clauses rest on."""

    id: str
    title: str
    number: str | None = None
    url: str | None = None


@frozen
class Measure:
    """计算指标 — a figure derived from others, named once."""

    name: str
    formula: Formula
    label: str
    unit: str | None = None
    note: str | None = None


@frozen
class Check:
    """核对 — something that must hold between figures, whatever the points."""

    id: str
    that: Formula
    says: str
    severity: Literal["error", "warning", "note"] = "warning"


@frozen
class WorkedExample:
    """算例 — facts and what they must give: the rule file's own test. `facts` and `answers` are as a facts file
    writes them.
    """

    title: str
    facts: Frozen[str, object] = field(factory=Frozen)
    answers: Frozen[str, object] = field(factory=Frozen)
    points: Frozen[str, Fraction] = field(factory=Frozen)
    state: Frozen[str, str] = field(factory=Frozen)
    score: Fraction | None = None
    rating: str | None = None


@frozen
class Period:
    """有效期 — the days on which the rulebook is in force, both included."""

    start: date
    end: date


@frozen(cache_hash=True)
class Rulebook:
    """A checked indicator system with its criteria. Sums and rules that `perfscore.check` asks for are not asked
    again here.
    """

    id: str
    title: str
    version: str
    members: tuple[Node, ...]
    full_marks: Fraction = field(converter=exact)
    language: Language = "zh"
    valid: Period | None = None
    reasons: Literal["required", "reported"] = "required"
    rounding: Rounding = Rounding()
    basis: tuple[Basis, ...] = ()
    inputs: tuple[Input, ...] = ()
    measures: tuple[Measure, ...] = ()
    ratings: tuple[Rating, ...] = ()
    checks: tuple[Check, ...] = ()
    goals: tuple[Goal, ...] = ()
    scope: tuple[Scope, ...] = ()
    examples: tuple[WorkedExample, ...] = ()

    def __attrs_post_init__(self) -> None:
        worth = sum((member.exact_weight for member in self.members), Fraction(0))
        if worth != self.full_marks:
            raise ValueError(f"full_marks is {spelled(self.full_marks)}, but the weights add up to {spelled(worth)}")
        seen: set[str] = set()
        for node in self.nodes():
            if node.id in seen:
                raise ValueError(f"two nodes have the id {node.id!r}")
            seen.add(node.id)

    def nodes(self) -> Iterator[Node]:
        """Every branch and indicator, in the order of the rule file."""
        return nodes(self.members)

    def indicators(self) -> Iterator[Indicator]:
        """Every leaf, in the order of the rule file."""
        return leaves(self.members)

    def all_inputs(self) -> Iterator[Input]:
        """Every figure that facts may supply: the declared ones, then the indicators' own."""
        yield from self.inputs
        for leaf in self.indicators():
            if isinstance(leaf.measure, Input):
                yield leaf.measure

    def vocabulary(self) -> dict[str, Term]:
        """What every input and measure stands for, for the readers of formulas."""
        known = {one.name: one.term for one in self.all_inputs()}
        for measure in self.measures:
            known[measure.name] = measure_term(measure, known)
        return known


def measure_term(measure: Measure, known: dict[str, Term]) -> Term:
    """A measure as formulas see it; the names it reads must be known."""
    return formula_term(measure.formula, measure.label, measure.unit, known)
