"""The indicator system: branches that put together what their members keep, and leaves that are judged.

In: ids, names, weights, criteria. Out: a frozen tree.
A branch's weight is not stored beside its members: under a sum it *is* their sum, and only where it aggregates in
another way does it say its own. No file and no fact is known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal, TypeAlias

from attrs import evolve, field, frozen
from attrs.validators import instance_of

from perfscore.criterion import Criterion, Place, Points
from perfscore.formula.bounds import bounds
from perfscore.formula.dates import known_dates
from perfscore.formula.shapes import VALUE, WEIGHT, ZERO, Comparison, Constant, Formula, Name
from perfscore.formula.syntax import parse, parse_condition
from perfscore.formula.types import Sort, type_of
from perfscore.formula.vocabulary import Domain, Term, ValueType, Vocabulary, column_name, with_terms
from perfscore.quantity import Number, Rounding, decimal, exact, spelled

SORT_TYPES: dict[Sort, ValueType] = {
    **{"yes-no": "yes-no", "date": "date", "text": "text", "number": "number", "table": "table"}
}
AbsentPolicy: TypeAlias = Literal["error", "zero", "not-applicable", "not-scored"]
Aggregate: TypeAlias = Literal["sum", "min", "max", "mean", "scaled", "geometric", "one-of", "best", "pool"]
ADDING: frozenset[Aggregate] = frozenset(("sum", "pool"))
"""Aggregates that add published points; all others act on shares."""


@frozen
class Share:
    """权重（%）— a share of what the parent is worth, as in `weight = "25%"`."""

    part: Fraction


@frozen
class Even:
    """均分 — as much as each other even sibling: an equal part of what the parent's written weight leaves."""


@frozen
class Varying:
    """随对象变的分值 — a weight that a formula gives for each subject."""

    formula: Formula


Weight: TypeAlias = Fraction | Share | Even | Varying
EVEN = Even()


@frozen
class Fixed:
    """不适用时给的分 — the points that an indicator has where it does not apply."""

    points: Points


InapplicablePolicy: TypeAlias = Literal["rescale", "full", "siblings", "unscored", "peer-mean"]
Inapplicable: TypeAlias = InapplicablePolicy | Fixed


@frozen
class Range:
    """得分范围 — the least and the most that a node may give, where that is not 0 to its weight."""

    low: Points
    high: Points


def stated_weight(value: Weight | Number | str) -> Weight:
    """A weight as it may be handed over: a number, `"25%"`, `"even"`, or the text of a formula."""
    match value:
        case Share() | Even() | Varying():
            return value
        case "even":
            return EVEN
        case str():
            formula = parse(value).formula
            if isinstance(formula, Constant) and formula.unit in (None, "分"):
                if formula.written != "percent":
                    raise TypeError(f"{value!r} is not an exact number; write it without quotes")
                return Share(formula.value)
            return Varying(formula)
        case _:
            return _number(exact(value))


def _number(weight: Fraction) -> Fraction:
    if decimal(weight) is None:
        raise ValueError(f"a weight of {spelled(weight)} has no end to its digits; write a decimal")
    return weight


def _maybe_weight(value: Weight | Number | str | None) -> Weight | None:
    return None if value is None else stated_weight(value)


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
    """指标数据 — a figure that facts supply: its label, type, unit, domain, and who supplies it.

    A table is a list of records, each with a figure in every one of its `columns`; `key` is the column that names a record.
    """

    name: str
    label: str
    type: ValueType
    unit: str | None = None
    needed: bool = True
    bare: Literal["percent", "ratio"] | None = None
    domain: Domain = Domain()
    supplier: str | None = None
    note: str | None = None
    columns: tuple[Input, ...] = ()
    key: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.type == "count" and self.domain.low is None:  # nothing is counted below none
            object.__setattr__(self, "domain", evolve(self.domain, low=Fraction(0), low_closed=True))

    @property
    def term(self) -> Term:
        """The input as formulas see it."""
        return Term(self.label, self.type, self.unit, self.domain)

    @property
    def terms(self) -> dict[str, Term]:
        """The input and the columns of its records, by the names under which formulas read them."""
        return {self.name: self.term} | {column_name(self.name, one.name): one.term for one in self.columns}


@frozen
class Indicator:
    """三级指标 — a leaf: measured or judged, worth points. `id` is its whole path, as in `performance.output.cases`.

    `weight` is None only in a pool, whose members share the pool's. Whether a weight is a number for everybody, and
    which, is asked of the rulebook: a share needs the parent, a formula needs the subject.
    """

    id: str
    name: str
    stated: Weight | None = field(alias="weight", converter=_maybe_weight)
    criterion: Criterion = field(validator=instance_of(Criterion))
    measure: Formula | Input | None = field(default=None, converter=_measure)
    target: Formula | None = field(default=None, converter=_target)
    target_text: str | None = None
    unit: str | None = None
    clause: str | None = None
    basis: tuple[str, ...] = ()
    range: Range | None = None
    applies: Formula | None = field(default=None, converter=_target)
    missing: AbsentPolicy = "error"
    undefined: AbsentPolicy = "error"
    not_applicable: Inapplicable | None = None
    rounding: Rounding | None = None
    by_default: str | None = None
    """The form of its target (`at_least`, …), where the criterion is the rulebook's default for that form."""
    note: str | None = None

    aggregate: ClassVar[Aggregate] = "sum"

    @property
    def members(self) -> tuple[Node, ...]:
        """A leaf has none."""
        return ()

    @property
    def exact_weight(self) -> Fraction:
        """The weight where it is written as a number; `ValueError` where it is a share or varies."""
        if not isinstance(self.stated, Fraction):
            raise ValueError(f"what {self.id!r} is worth depends on its parent or its subject: ask the rulebook")
        return self.stated

    @property
    def weight(self) -> Decimal | None:
        """分值 — where it is written as a number."""
        return _points(self.stated) if isinstance(self.stated, Fraction) else None

    @property
    def measured(self) -> Formula | None:
        """The formula of its value; an own input is read by the indicator's id."""
        return Name(self.measure.name) if isinstance(self.measure, Input) else self.measure

    def place(
        self, vocabulary: Vocabulary, worth: Domain | None = None, *, demerit: bool = False, pooled: bool = False
    ) -> Place:
        """Where its criterion stands: the names of the rulebook, and `value`, `target` and `weight`.

        `worth` is all that the weight can be, by default the number that is written.
        """
        worth = worth or Domain(self.exact_weight, self.exact_weight)
        terms = {"weight": Term("分值", "number", None, worth)}
        place = Place(
            vocabulary,
            self.target,
            self.target_text or "",
            self.measured is not None,
            ZERO if self.range is None else self.range.low.low,
            WEIGHT if self.range is None else self.range.high.low,
            demerit,
            pooled,
        )
        if (measured := self.measured) is not None:
            terms["value"] = value_term(measured, self.name, self.unit, self.target, vocabulary)
            if (wanted := place.target_number) is not None:
                terms["target"] = _target_term(wanted, with_terms(vocabulary, terms))
        return evolve(place, vocabulary=with_terms(vocabulary, terms))


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
        days = known_dates(formula, vocabulary) if kind.sort == "date" else None
        known = Domain(choices=tuple(day.isoformat() for day in sorted(days or ())))
        return Term(label, SORT_TYPES[kind.sort], unit, known)
    reach = bounds(formula, vocabulary)
    low = reach.low if isinstance(reach.low, Fraction) else None
    high = reach.high if isinstance(reach.high, Fraction) else None
    domain = Domain(low, high, reach.low_closed, reach.high_closed)
    shown: ValueType = "percent" if percent or kind.percent or unit == "%" else "count" if kind.whole else "number"
    return Term(label, shown, unit or kind.unit, domain, None if unit else kind.measured)


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
    """一级、二级指标 — a branch. Under a sum it is worth exactly what its members are worth; any other aggregate acts on
    its members' shares, times the weight that the branch says itself.
    """

    id: str
    name: str
    members: tuple[Branch | Indicator, ...]
    stated: Weight | None = field(default=None, alias="weight", converter=_maybe_weight, kw_only=True)
    aggregate: Aggregate = "sum"
    by: str | None = None
    n: int | None = None
    range: Range | None = None
    applies: Formula | None = field(default=None, converter=_target)
    not_applicable: Inapplicable | None = None
    rounding: Rounding | None = None
    clause: str | None = None
    basis: tuple[str, ...] = ()
    note: str | None = None

    @property
    def exact_weight(self) -> Fraction:
        """The sum of the members' weights, or under another aggregate the weight that is written.

        `ValueError` where it depends on the parent or the subject.
        """
        if self.aggregate == "sum":
            return sum((member.exact_weight for member in self.members), Fraction(0))
        if not isinstance(self.stated, Fraction):
            raise ValueError(f"what {self.id!r} is worth depends on its parent or its subject: ask the rulebook")
        return self.stated


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


def lines(members: tuple[Node, ...], above: tuple[Node, ...] = ()) -> Iterator[tuple[Indicator, tuple[Node, ...]]]:
    """Every leaf under `members`, with the nodes over it, from the top, and itself last of them."""
    for member in members:
        match member:
            case Branch(members=inner):
                yield from lines(inner, (*above, member))
            case Indicator():
                yield member, (*above, member)


def leaves(members: tuple[Node, ...]) -> Iterator[Indicator]:
    """Every leaf under `members`, in the order of the rule file."""
    for node in nodes(members):
        match node:
            case Indicator():
                yield node
            case Branch():
                pass
