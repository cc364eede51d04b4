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

from perfscore.criterion import Amount, Condition, Points
from perfscore.formula.vocabulary import ValueType
from perfscore.goals import Dimension
from perfscore.indicator import AbsentPolicy, Aggregate
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
    remainder: Literal["first", "last"] = "first"


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
    coverage: Amount | None = None
    range: tuple[Points, ...] | None = None
    counts: Literal["merit", "demerit"] = "merit"
    aggregate: Aggregate = "sum"
    by: str | None = None
    n: int | None = None
    once: tuple[str, ...] = ()


@frozen
class WrittenExtends:
    """`extends = "cn/self-evaluation-2020"`, in `[rulebook]`: another rule file is the start, less what is removed."""

    extends: str
    remove: tuple[str, ...] = ()


@frozen
class WrittenBasis:
    """`[basis.legal-aid-law]` — a law or regulation that clauses rest on."""

    title: str
    number: str | None = None
    url: str | None = None


@frozen
class WrittenFigure:
    """What is said of a figure wherever it stands."""

    type: ValueType
    unit: str | None = None
    bare: Literal["percent", "ratio"] | None = None
    min: Amount | None = None
    max: Amount | None = None
    above: Amount | None = None
    below: Amount | None = None
    choices: tuple[str, ...] = ()
    note: str | None = None


@frozen
class WrittenColumn(WrittenFigure):
    """`columns = { amount = { type = "money", unit = "万元" } }` — a figure that every record of a table has."""

    label: str | None = None


@frozen
class WrittenOwnInput(WrittenFigure):
    """`measure = { type = "count", unit = "份" }` — the figure that only this indicator reads."""

    needed: bool = True
    from_: str | None = None


@frozen(kw_only=True)
class WrittenInput(WrittenOwnInput):
    """`[inputs.cases]` — a figure that facts supply under a name of its own; the columns of a table are read one by one."""

    label: str
    columns: tuple[WrittenColumn, ...] = ()
    key: str | None = None


@frozen
class WrittenMeasure:
    """`[measures.rate]` — a figure derived from others."""

    formula: Amount
    label: str | None = None
    unit: str | None = None
    note: str | None = None


@frozen
class WrittenNode:
    """The attributes of a branch or a leaf; `weight`, `measure`, `target`, `not_applicable` and `criterion` are read by
    what stands in them.
    """

    name: str
    clause: str | None = None
    basis: tuple[str, ...] = ()
    unit: str | None = None
    target_text: str | None = None
    range: tuple[Points, ...] | None = None
    aggregate: Aggregate = "sum"
    by: str | None = None
    n: int | None = None
    applies: Condition | None = None
    missing: AbsentPolicy = "error"
    undefined: AbsentPolicy = "error"
    rounding: WrittenRounding | None = None
    note: str | None = None


@frozen
class WrittenFixed:
    """`not_applicable = { points = 2 }` — what an indicator has where it does not apply."""

    points: Points


@frozen
class WrittenParameter:
    """`[parameters.p]` — what varies; `values` are read by whether `by` is written."""

    by: str | None = None
    label: str | None = None
    unit: str | None = None
    note: str | None = None


@frozen
class WrittenDated:
    """One of the values that a parameter has over time."""

    from_: date


@frozen
class WrittenAdjustment:
    """`[[adjustments]]` — one line after the tree; `cap` is read node by node."""

    id: str
    clause: str | None = None
    name: str | None = None
    when: Condition | None = None
    add: Points | None = None
    deduct: Points | None = None
    multiply: Amount | None = None
    cap_score: Points | None = None
    set_score: Points | None = None
    cap_rating: str | None = None
    set_rating: str | None = None
    lower_rating: int | None = None
    zero: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    note: str | None = None


@frozen
class WrittenRating:
    """One step of a scale; without `from` only an adjustment leads there."""

    name: str
    from_: Fraction | None = None


@frozen
class WrittenRatings:
    """`[ratings]` — the scale, best first. `reads` says that it goes by the published score, as it always does."""

    scale: tuple[WrittenRating, ...]
    reads: Literal["published"] | None = None


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
