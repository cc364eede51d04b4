"""The indicator system: branches that are worth what their members are worth, and leaves that are judged.

In: ids, names, weights, criteria. Out: a frozen tree.
A branch's weight is not stored beside its members: it *is* their sum. No file and no fact is known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen
from attrs.validators import instance_of

from perfscore.criterion import Criterion, Place
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import VALUE, Comparison, Constant, Formula, Name
from perfscore.formula.syntax import parse, parse_condition
from perfscore.formula.types import Sort, type_of
from perfscore.formula.vocabulary import Domain, Term, ValueType, Vocabulary
from perfscore.quantity import decimal, exact, spelled

SORT_TYPES: dict[Sort, ValueType] = {"yes-no": "yes-no", "date": "date", "text": "text", "number": "number"}
AbsentPolicy: TypeAlias = Literal["error", "zero", "not-scored"]


def _weight(value: Decimal | int | Fraction) -> Fraction:
    weight = exact(value)
    if decimal(weight) is None:
        raise ValueError(f"a weight of {spelled(weight)} has no end to its digits; write a decimal")
    return weight


def _measure(given: Formula | Input | str | None) -> Formula | Input | None:
    """A measure may be handed over as its text, as in a rule file."""
    return parse(given).formula if isinstance(given, str) else given


def _target(given: Formula | str | None) -> Formula | None:
    """So may a target: `"≥ 95%"`."""
    return parse_condition(given).formula if isinstance(given, str) else given


def _points(weight: Fraction) -> Decimal:
    return decimal(weight) or Decimal(0)


@frozen
class Input:
    """指标数据 — a figure that facts supply: its label, type, unit, domain, and who supplies it."""

    name: str
    label: str
    type: ValueType
    unit: str | None = None
    needed: bool = True
    bare: Literal["percent", "ratio"] | None = None
    domain: Domain = Domain()
    supplier: str | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.type == "count" and self.domain.low is None:  # nothing is counted below none
            object.__setattr__(self, "domain", evolve(self.domain, low=Fraction(0), low_closed=True))

    @property
    def term(self) -> Term:
        """The input as formulas see it."""
        return Term(self.label, self.type, self.unit, self.domain)


@frozen
class Indicator:
    """三级指标 — a leaf: measured or judged, worth points. `id` is its whole path, as in `performance.output.cases`."""

    id: str
    name: str
    exact_weight: Fraction = field(alias="weight", converter=_weight)
    criterion: Criterion = field(validator=instance_of(Criterion))
    measure: Formula | Input | None = field(default=None, converter=_measure)
    target: Formula | None = field(default=None, converter=_target)
    target_text: str | None = None
    unit: str | None = None
    clause: str | None = None
    basis: tuple[str, ...] = ()
    missing: AbsentPolicy = "error"
    undefined: AbsentPolicy = "error"
    note: str | None = None

    @property
    def weight(self) -> Decimal:
        """分值."""
        return _points(self.exact_weight)

    @property
    def measured(self) -> Formula | None:
        """The formula of its value; an own input is read by the indicator's id."""
        return Name(self.measure.name) if isinstance(self.measure, Input) else self.measure

    def place(self, vocabulary: Vocabulary) -> Place:
        """Where its criterion stands: the names of the rulebook, and `value`, `target` and `weight`."""
        weight = Term("分值", "number", None, Domain(self.exact_weight, self.exact_weight))
        terms = {**vocabulary, "weight": weight}
        place = Place(terms, self.target, self.target_text or "", self.measured is not None)
        if (measured := self.measured) is not None:
            terms["value"] = value_term(measured, self.name, self.unit, self.target, vocabulary)
            if (wanted := place.target_number) is not None:
                terms["target"] = _target_term(wanted, vocabulary)
        return evolve(place, vocabulary=terms)


def value_term(measured: Formula, name: str, unit: str | None, target: Formula | None, vocabulary: Vocabulary) -> Term:
    """`value` as a criterion sees it: the measure itself where that is one name, else what its formula gives."""
    if isinstance(measured, Name):
        return vocabulary[measured.name]
    return formula_term(measured, name, unit, vocabulary, percent=_written_in_percent(target))


def formula_term(
    formula: Formula, label: str, unit: str | None, vocabulary: Vocabulary, *, percent: bool = False
) -> Term:
    """What a formula gives, as other formulas see it: its type, unit and all that it can reach."""
    kind = type_of(formula, vocabulary)
    if kind.sort != "number":
        return Term(label, SORT_TYPES[kind.sort], unit)
    reach = bounds(formula, vocabulary)
    low = reach.low if isinstance(reach.low, Fraction) else None
    high = reach.high if isinstance(reach.high, Fraction) else None
    domain = Domain(low, high, reach.low_closed, reach.high_closed)
    shown: ValueType = "percent" if percent or kind.percent or unit == "%" else "count" if kind.whole else "number"
    return Term(label, shown, unit or kind.unit, domain)


def _written_in_percent(target: Formula | None) -> bool:
    match target:
        case Comparison(left=left, right=Constant(written="percent")) if left == VALUE:
            return True
        case _:
            return False


def _target_term(wanted: Formula, vocabulary: Vocabulary) -> Term:
    return value_term(wanted, "目标值", None, None, vocabulary)


@frozen
class Branch:
    """一级、二级指标 — a branch: worth exactly what its members are worth."""

    id: str
    name: str
    members: tuple[Branch | Indicator, ...]
    clause: str | None = None
    basis: tuple[str, ...] = ()
    note: str | None = None

    @property
    def exact_weight(self) -> Fraction:
        """The sum of the members' weights."""
        return sum((member.exact_weight for member in self.members), Fraction(0))

    @property
    def weight(self) -> Decimal:
        """分值 — the sum of the members' weights."""
        return _points(self.exact_weight)


Node: TypeAlias = Branch | Indicator


def nodes(members: tuple[Node, ...]) -> Iterator[Node]:
    """Every node under `members`, branches before what is in them, in the order of the rule file."""
    for member in members:
        yield member
        match member:
            case Branch(members=inner):
                yield from nodes(inner)
            case Indicator():
                pass


def leaves(members: tuple[Node, ...]) -> Iterator[Indicator]:
    """Every leaf under `members`, in the order of the rule file."""
    for node in nodes(members):
        match node:
            case Indicator():
                yield node
            case Branch():
                pass
