"""评价指标体系 — a rulebook: the indicator system, what it reads, and what it says about itself.

In: the parts, built by `rulefile` or in Python. Out: one frozen value that `judging` can compile.
It knows no file, no span and no fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from math import inf
from typing import Literal, TypeAlias

from attrs import field, frozen

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Criterion, Place
from perfscore.formula.bounds import bounds
from perfscore.formula.functions import node_name
from perfscore.formula.intervals import EVERYTHING, Interval
from perfscore.formula.prose import STYLES, tell
from perfscore.formula.shapes import Formula, Peers
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Domain, Term, Vocabulary
from perfscore.formula.walking import names
from perfscore.frozen import Frozen
from perfscore.goals import Goal, Scope
from perfscore.indicator import (
    Aggregate,
    Branch,
    Indicator,
    Input,
    Node,
    Range,
    Varying,
    formula_term,
    leaves,
    lines,
    nodes,
)
from perfscore.parameter import Parameter
from perfscore.quantity import Rounding, exact, spelled
from perfscore.rating import Rating
from perfscore.weights import varies, weigh
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

    def reads(self) -> tuple[str, ...]:
        """Every name that it reads."""
        return names(self.formula)


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
    subject: Frozen[str, object] = field(factory=Frozen)
    review: tuple[object, ...] = ()
    cohort: tuple[object, ...] = ()
    """The facts of the others, as a facts file writes its inputs."""


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
    parameters: tuple[Parameter, ...] = ()
    adjustments: tuple[AdjustmentRule, ...] = ()
    aggregate: Aggregate = "sum"
    by: str | None = None
    n: int | None = None
    range: Range | None = None
    coverage: Fraction | None = None
    counts: Literal["merit", "demerit"] = "merit"
    defaults: Frozen[str, Criterion] = field(factory=Frozen)
    over_completion: Fraction | None = None
    """超额完成 — from which share of a target on its value is told to be far beyond it; None leaves that at 130%."""
    once: tuple[str, ...] = ()
    """已扣过不重扣 — indicators in order of priority: a record that cost points at one costs none at those after it."""

    def __attrs_post_init__(self) -> None:
        if self.aggregate == "sum" and (known := self.weights) is not None:
            worth = sum((known[member.id] for member in self.members), Fraction(0))
            if worth != self.full_marks:
                raise ValueError(
                    f"full_marks is {spelled(self.full_marks)}, but the weights add up to {spelled(worth)}"
                )
        for id in self.once:
            if not any(one.id == id for one in self.indicators()):
                raise ValueError(f"once lists {id!r}, which is no indicator")
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

    @property
    def demerit(self) -> bool:
        """Whether 0 is best and points are incurred."""
        return self.counts == "demerit"

    @cached_property
    def root(self) -> Branch:
        """The whole as a branch: it puts the top-level nodes together, and is worth the full marks."""
        return Branch(
            "", self.title, self.members, weight=self.full_marks, aggregate=self.aggregate, by=self.by, n=self.n
        )

    @cached_property
    def weights(self) -> Mapping[str, Fraction] | None:
        """What every node is worth, by its id; None where that depends on the subject."""
        if varies(self.members):
            return None
        found = weigh(self.members, self.full_marks, self.rounding, lambda formula: None)
        missing = [one.id for one in self.nodes() if one.id not in found]
        if missing:
            raise ValueError(f"what {missing[0]!r} is worth cannot be told: its parent says no weight of its own")
        return found

    @cached_property
    def lines(self) -> Mapping[str, tuple[Node, ...]]:
        """The nodes over each leaf, by its id, from the top, and the leaf itself last."""
        return {leaf.id: line for leaf, line in lines(self.members)}

    def all_inputs(self) -> Iterator[Input]:
        """Every figure that facts may supply: the declared ones, then the indicators' own."""
        yield from self.inputs
        for leaf in self.indicators():
            if isinstance(leaf.measure, Input):
                yield leaf.measure

    def comes_before(self, id: str) -> tuple[str, ...]:
        """The indicators at which a record that cost points costs none at this one any more."""
        return self.once[: self.once.index(id)] if id in self.once else ()

    def vocabulary(self) -> dict[str, Term]:
        """What every input, parameter and measure stands for, for the readers of formulas; then every node's points."""
        return dict(_vocabulary(self))

    def place(self, leaf: Indicator) -> Place:
        """Where the criterion of one of its leaves stands."""
        return _places(self)[leaf.id]

    def _repr_html_(self) -> str:
        """A table, for notebooks."""
        from perfscore.report.notebook import rulebook_html

        return rulebook_html(self)


Figure: TypeAlias = Parameter | Measure


@lru_cache(maxsize=128)
def _vocabulary(rulebook: Rulebook) -> dict[str, Term]:
    """Asked for by every record of a document, and as long as the rulebook."""
    known = {name: term for one in rulebook.all_inputs() for name, term in one.terms.items()} | node_terms(rulebook)
    for one in in_order((*rulebook.parameters, *rulebook.measures)):
        known[one.name] = figure_term(one, known)
    return known


@lru_cache(maxsize=128)
def _places(rulebook: Rulebook) -> dict[str, Place]:
    vocabulary = rulebook.vocabulary()
    pooled = {one.id for node in rulebook.nodes() if node.aggregate == "pool" for one in node.members}
    if rulebook.aggregate == "pool":
        pooled |= {one.id for one in rulebook.members}
    worth = worths(rulebook, vocabulary)
    return {
        leaf.id: leaf.place(vocabulary, worth[leaf.id], demerit=rulebook.demerit, pooled=leaf.id in pooled)
        for leaf in rulebook.indicators()
    }


def worths(rulebook: Rulebook, vocabulary: Vocabulary) -> dict[str, Domain]:
    """All that each node's weight can be, over all subjects."""
    fixed = rulebook.weights
    if fixed is None:
        fixed = weigh(rulebook.members, rulebook.full_marks, rulebook.rounding, lambda formula: None)
    anything = Domain(Fraction(0), rulebook.full_marks)
    found = {}
    for node in rulebook.nodes():
        match node.stated:
            case Varying(formula=formula):
                found[node.id] = _rounded_out(bounds(formula, vocabulary), rulebook.rounding)
            case _:
                known = fixed.get(node.id)
                found[node.id] = anything if known is None else Domain(known, known)
    return found


def _rounded_out(reach: Interval, rounding: Rounding) -> Domain:
    """An interval a unit wider, since a computed weight is brought to the published places."""
    low = None if isinstance(reach.low, float) else min(reach.low, (reach.low // rounding.unit) * rounding.unit)
    high = None if isinstance(reach.high, float) else max(reach.high, -(-reach.high // rounding.unit) * rounding.unit)
    return Domain(Fraction(0) if low is None else max(low, Fraction(0)), high)


def points_name(id: str) -> str:
    """The name by which a formula reads the points of a node."""
    return node_name("points", id)


def share_name(id: str) -> str:
    """The name by which a formula reads the share of its weight that a node kept."""
    return node_name("share", id)


def node_terms(rulebook: Rulebook) -> dict[str, Term]:
    """What `points("a.b")` and `share("a.b")` stand for."""
    found: dict[str, Term] = {}
    fixed = rulebook.weights or {}
    for node in rulebook.nodes():
        inner = [node, *nodes(node.members)]
        plain = all(one.range is None for one in inner) and node.id in fixed
        whole = Domain(Fraction(0), fixed[node.id]) if plain else Domain()
        found[points_name(node.id)] = Term(node.name, "number", None, whole)
        found[share_name(node.id)] = Term(
            node.name, "percent", None, Domain(Fraction(0), Fraction(1)) if plain else Domain()
        )
    return found


def peers_term(peers: Peers, vocabulary: Vocabulary, language: Language) -> Term:
    """What is read of others, as formulas see it, with a label in the rulebook's language."""
    label = tell(peers, STYLES[language], lambda name: vocabulary[name].label if name in vocabulary else name)
    kind = type_of(peers, vocabulary)
    reach = bounds(peers, vocabulary)
    low, high = (end if isinstance(end, Fraction) else None for end in (reach.low, reach.high))
    return Term(label, "percent" if kind.percent else "number", kind.unit, Domain(low, high))


def in_order(figures: tuple[Figure, ...]) -> list[Figure]:
    """Parameters and measures so that each comes after those it reads.

    A circle was refused when the file was checked; here it raises `ValueError`.
    """
    waiting = {one.name: one for one in figures}
    ordered: list[Figure] = []
    while waiting:
        ready = [name for name, one in waiting.items() if not any(used in waiting for used in one.reads())]
        if not ready:
            raise ValueError(f"measures read one another in a circle: {', '.join(waiting)}")
        ordered.extend(waiting.pop(name) for name in ready)
    return ordered


def figure_term(figure: Figure, known: Vocabulary) -> Term:
    """A measure or a parameter as formulas see it; the names it reads must be known."""
    match figure:
        case Measure():
            return formula_term(figure.formula, figure.label, figure.unit, known)
        case Parameter():
            terms = [formula_term(one, figure.label, figure.unit, known) for one in figure.formulas()]
            reach = [bounds(one, known) for one in figure.formulas()] or [EVERYTHING]
            low, high = min(one.low for one in reach), max(one.high for one in reach)
            domain = Domain(None if low == -inf else Fraction(low), None if high == inf else Fraction(high))
            first = terms[0] if terms else Term(figure.label, "number")
            if first.type in ("choice", "text", "date", "yes-no"):
                days = dict.fromkeys(day for term in terms for day in term.domain.choices if first.type == "date")
                choices = Domain(choices=tuple(days) if all(term.domain.choices for term in terms) else ())
                return Term(figure.label, first.type, figure.unit, choices)
            return Term(
                figure.label,
                "percent" if any(one.type == "percent" for one in terms) else "number",
                first.unit,
                domain,
                first.derived,
            )
