"""The tables of a rule file, as people write them.

In: nothing; this is vocabulary.
Out: one class a table, whose fields are its keys, their types and their defaults: what `table` reads and `write`
writes. A field that Python keeps the name of ends in `_`. Nothing is checked here.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import frozen

from perfscore.criterion import Amount, Condition
from perfscore.formula.vocabulary import ValueType
from perfscore.goals import Dimension
from perfscore.indicator import AbsentPolicy
from perfscore.quantity import RoundingMode
from perfscore.words import Language


@frozen
class WrittenPeriod:
    """`valid = { from = 2023-01-01, to = 2023-12-31 }` — the first day and the last."""

    from_: date
    to: date


@frozen
class WrittenRounding:
    """`rounding = { places = 2, mode = "half-up" }`."""

    places: Fraction = Fraction(2)
    mode: RoundingMode = "half-up"


@frozen
class WrittenRulebook:
    """`[rulebook]` — the head of the file."""

    id: str
    title: str
    version: str
    full_marks: Fraction
    language: Language = "zh"
    valid: WrittenPeriod | None = None
    reasons: Literal["required", "reported"] = "required"
    rounding: WrittenRounding = WrittenRounding()


@frozen
class WrittenBasis:
    """`[basis.legal-aid-law]` — a law or regulation that clauses rest on."""

    title: str
    number: str | None = None
    url: str | None = None


@frozen
class WrittenOwnInput:
    """`measure = { type = "count", unit = "份" }` — the figure that only this indicator reads."""

    type: ValueType
    unit: str | None = None
    needed: bool = True
    bare: Literal["percent", "ratio"] | None = None
    min: Amount | None = None
    max: Amount | None = None
    above: Amount | None = None
    below: Amount | None = None
    choices: tuple[str, ...] = ()
    from_: str | None = None
    note: str | None = None


@frozen(kw_only=True)
class WrittenInput(WrittenOwnInput):
    """`[inputs.cases]` — a figure that facts supply under a name of its own."""

    label: str


@frozen
class WrittenMeasure:
    """`[measures.rate]` — a figure derived from others."""

    formula: Amount
    label: str | None = None
    unit: str | None = None
    note: str | None = None


@frozen
class WrittenNode:
    """The attributes of a branch or a leaf; `measure`, `target` and `criterion` are read by what stands in them."""

    name: str
    weight: Fraction | None = None
    clause: str | None = None
    basis: tuple[str, ...] = ()
    unit: str | None = None
    target_text: str | None = None
    missing: AbsentPolicy = "error"
    undefined: AbsentPolicy = "error"
    note: str | None = None


@frozen
class WrittenRating:
    """One step of a scale."""

    name: str
    from_: Fraction


@frozen
class WrittenRatings:
    """`[ratings]` — the scale, best first."""

    scale: tuple[WrittenRating, ...]


@frozen
class WrittenCheck:
    """`[checks.budget]` — what must hold between figures."""

    that: Amount
    says: str
    severity: Literal["error", "warning", "note"] = "warning"


@frozen
class WrittenGoal:
    """`[goals.volume]` — what was promised."""

    text: str
    dimension: Dimension | None = None
    measure: Amount | None = None
    target: Condition | None = None
    indicators: tuple[str, ...] = ()
    owner: str | None = None


@frozen
class WrittenScope:
    """`[scope.hotline]` — what the evaluation says it covers."""

    text: str
    indicators: tuple[str, ...] = ()


# Keys that the rule language reserves and this version does not read yet: using one is an error that says so,
# and none of them can ever be the id of an indicator.
LATER = {
    "top": frozenset(("parameters", "adjustments")),
    "rulebook": frozenset(("extends", "coverage", "range", "counts", "aggregate", "defaults")),
    "indicator": frozenset(("range", "aggregate", "by", "n", "applies", "not_applicable", "rounding")),
}
