"""What a name in a formula stands for.

In: the declarations of a rule file (inputs, measures) and the words `value`, `target`, `weight`.
Out: `Term`, which tells every reader the type, unit, domain and label of a name.
Values are not kept here.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, TypeAlias, cast

from attrs import frozen

from perfscore.formula.units import Measured, measured_in

ValueType: TypeAlias = Literal["count", "number", "percent", "money", "yes-no", "choice", "date", "text", "table"]
NUMERIC: frozenset[ValueType] = frozenset(("count", "number", "percent", "money"))


@frozen
class Domain:
    """取值范围 — the values a figure may take; an end that is None is open to infinity."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = True
    high_closed: bool = True
    choices: tuple[str, ...] = ()

    def holds(self, value: Fraction) -> bool:
        """Whether a number lies in the domain."""
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below


@frozen
class Term:
    """A name as formulas see it."""

    label: str
    type: ValueType
    unit: str | None = None
    domain: Domain = Domain()
    derived: Measured | None = None
    """What a formula gives, where no unit was declared."""

    @property
    def measured(self) -> Measured | None:
        """Its unit as formulas reckon with it, where that is known."""
        return self.derived or measured_in(self.unit, percent=self.type == "percent")


Vocabulary: TypeAlias = Mapping[str, Term]


def with_terms(vocabulary: Vocabulary, terms: Mapping[str, Term]) -> Vocabulary:
    """The same names, and others beside them or in their place. None is copied: each node of a rulebook adds two names
    to those that each of its leaves knows.
    """
    match vocabulary:
        case ChainMap(maps=[near, *far]):
            return ChainMap({**near, **terms}, *far)
        case _:
            return ChainMap(dict(terms), cast(dict[str, Term], vocabulary))


def column_name(table: str, column: str) -> str:
    """The name by which formulas read a column of the record at hand."""
    return f"{table}.{column}"
