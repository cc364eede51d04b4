"""The closed set of shapes that every formula is lowered to.

In: nothing; this is vocabulary.
Out: frozen values that say what is computed, over exact numbers, yes-no, text and dates.
No shape knows its text, its place in a file or its value. Each reader (`exact`, `columns`, `bounds`, `types`,
`prose`) spells out all of them and ends with `assert_never`.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

Written: TypeAlias = Literal["plain", "percent", "points"]
Comparator: TypeAlias = Literal["<", "≤", "=", "≠", "≥", ">"]
ShortMonth: TypeAlias = Literal["last-day", "next-day"]
Gathering: TypeAlias = Literal["count", "sum", "mean", "weighted_mean", "min", "max"]
Function: TypeAlias = Literal["sqrt", "pow", "ln", "exp"]


@frozen
class Constant:
    """数 — a number and how it was written: `10`, `96.2%` (a ratio) or `1pp` (a difference of ratios)."""

    value: Fraction
    written: Written = "plain"
    unit: str | None = None


@frozen
class Text:
    """文字 — a text to compare with."""

    value: str


@frozen
class Day:
    """日期 — a calendar date."""

    value: date


@frozen
class Name:
    """A figure looked up by name: an input, a measure, or `value`, `target` and `weight` inside a criterion."""

    name: str


@frozen
class Judged:
    """评分人给的数 — a number that the assessor answers, from `low` to `high`.

    With `or_none`, 0 as well (it did not happen); with `yes_no`, it is met, not met, or met to a share. With `choices`
    the answer is one of these words, and the number its place among them, from 0. Of several raters `trim` of the
    highest and as many of the lowest answers are left out, where there are more than `trim_over`, and the rest averaged.
    """

    part: str
    low: Formula
    high: Formula
    or_none: bool = False
    yes_no: bool = False
    low_closed: bool = True
    high_closed: bool = True
    choices: tuple[str, ...] = ()
    trim: int = 0
    trim_over: int = 0

    def left_out(self, raters: int) -> int:
        """How many of the highest, and as many of the lowest, are left out of so many raters."""
        return self.trim if raters > self.trim_over else 0


@frozen
class Sum:
    """和 — a difference is a sum with a negative term."""

    terms: tuple[Formula, ...]


@frozen
class Negative:
    """负 — the number with its sign turned."""

    of: Formula


@frozen
class Product:
    """积."""

    factors: tuple[Formula, ...]


@frozen
class Quotient:
    """Division; by zero it has no value (the state «undefined»)."""

    above: Formula
    below: Formula


@frozen
class Least:
    """取小."""

    of: tuple[Formula, ...]


@frozen
class Greatest:
    """取大."""

    of: tuple[Formula, ...]


@frozen
class Absolute:
    """绝对值."""

    of: Formula


@frozen
class Floor:
    """向下取整 — the whole number not above."""

    of: Formula


@frozen
class Ceil:
    """向上取整 — the whole number not below."""

    of: Formula


@frozen
class Round:
    """四舍五入 — an explicit rounding inside a formula, halves away from zero."""

    of: Formula
    places: int = 0


@frozen
class Inexact:
    """近似 — a root, a power, a logarithm or a power of e: it has no exact fraction, and is told to 34 digits."""

    function: Function
    of: tuple[Formula, ...]


@frozen
class Elapsed:
    """历时 — whole days or months from one date to another, below 0 where the second comes first.

    `short` says when a month is over that lacks the day counted from: on its last day, or on the day after.
    """

    start: Formula
    end: Formula
    unit: Literal["days", "months"] = "days"
    short: ShortMonth | None = None


@frozen
class Choice:
    """if … then … else …; only the branch that is taken is read."""

    when: Formula
    then: Formula
    otherwise: Formula


@frozen
class Comparison:
    """比较 — of two numbers, dates, texts or yes-nos."""

    left: Formula
    by: Comparator
    right: Formula


@frozen
class Within:
    """Membership of an interval whose ends say whether they belong to it."""

    of: Formula
    low: Formula
    high: Formula
    low_closed: bool
    high_closed: bool


@frozen
class OneOf:
    """属于 — whether a text is one of several."""

    of: Formula
    texts: tuple[str, ...]


@frozen
class All:
    """且 — every part holds; read from the left, no further than needed. Without parts it holds."""

    of: tuple[Formula, ...]


@frozen
class Any:
    """或 — some part holds; read from the left, no further than needed. Without parts it does not hold."""

    of: tuple[Formula, ...]


@frozen
class Not:
    """非 — the part does not hold."""

    of: Formula


@frozen
class Given:
    """Whether an input was given at all: the only question that a missing input answers."""

    name: str


Compared: TypeAlias = Literal["rank", "mean", "max", "min", "count", "trimmed_mean"]
Ties: TypeAlias = Literal["shared", "dense", "average"]


@frozen
class Peers:
    """同组比较 — what `of` comes to among all who are assessed together, or among those of the same group `by`.

    `rank` is the place of one's own among them: from the `best` on, and of several that are equal by `ties` the first
    of their places (shared: 1, 2, 2, 4), the place after the better values (dense: 1, 2, 2, 3), or the mean of their
    places (average). `trimmed_mean` leaves out `low` of the lowest and `high` of the highest. `count` counts those who
    have a value, or of whom a condition holds.
    """

    what: Compared
    of: Formula
    by: Name | None = None
    best: Literal["high", "low"] = "high"
    ties: Ties = "shared"
    low: int = 0
    high: int = 0
    applying: bool = False
    """Whether only those count to whom the node applies whose points `of` are."""


@frozen
class Gathered:
    """汇总 — one figure of the records of a table: their number, a sum, a mean, the least, the greatest.

    Only records are taken that `where` holds for. `of` and `weights` are read record by record: the columns of a record
    are names such as `projects.amount`. What needs no such formula has `ONE` for it, a count too.
    """

    how: Gathering
    table: str
    of: Formula
    where: Formula
    weights: Formula


Formula: TypeAlias = (
    Constant | Text | Day | Name | Judged | Sum | Negative | Product | Quotient | Least | Greatest
    | Absolute | Floor | Ceil | Round | Inexact | Elapsed | Choice | Comparison | Within | OneOf | All | Any | Not | Given
    | Gathered | Peers
)  # fmt: skip

ZERO = Constant(Fraction(0))
ONE = Constant(Fraction(1))
ALWAYS = All(())
VALUE, TARGET, WEIGHT = Name("value"), Name("target"), Name("weight")


def number(value: Fraction | int) -> Constant:
    """A plain constant."""
    return Constant(Fraction(value))


def minus(left: Formula, right: Formula) -> Formula:
    """left − right."""
    return left if right == ZERO else Sum((left, Negative(right)))


def times(left: Formula, right: Formula) -> Formula:
    """left × right, leaving out a factor of one."""
    return right if left == ONE else left if right == ONE else Product((left, right))


def not_below_zero(formula: Formula) -> Formula:
    """The formula, or 0 where it is negative; a constant is decided at once."""
    return (formula if formula.value >= 0 else ZERO) if isinstance(formula, Constant) else Greatest((ZERO, formula))
