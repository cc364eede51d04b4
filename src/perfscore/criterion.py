"""What every kind of criterion is made of.

In: the place a criterion stands in (its weight, target, measure, and what every name stands for).
Out: losses. A criterion never awards points: it names what it takes, and points are what is left.
No kind is named here, nothing is computed here, and no file is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import inf
from typing import ClassVar, TypeAlias

from attrs import Attribute, field, frozen

from perfscore.diagnostic import Diagnostic, KeyPath
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import End, Interval
from perfscore.formula.prose import near_text
from perfscore.formula.shapes import (
    ALWAYS,
    VALUE,
    WEIGHT,
    ZERO,
    Choice,
    Comparison,
    Constant,
    Formula,
    Judged,
    Name,
    Negative,
    Product,
    minus,
    number,
)
from perfscore.formula.types import type_of
from perfscore.formula.units import unit_words
from perfscore.formula.vocabulary import Vocabulary
from perfscore.formula.walking import reads_own
from perfscore.words import Words

Quote: TypeAlias = Formula | Words


@frozen
class Amount:
    """数 — a number as a rule writes it: `0.5`, `"1pp"`, `"1% * target"`, any formula."""

    formula: Formula

    @property
    def constant(self) -> Constant | None:
        """The number itself, where it is written as one."""
        return self.formula if isinstance(self.formula, Constant) else None


@frozen
class Condition:
    """条件 — what must hold; a comparison without a left side is about `value`."""

    formula: Formula


class Rows(str):
    """A table, by its name: an entry that has one is about each of its records, and reads its columns."""

    __slots__ = ()


class Named(str):
    """A figure that is pointed at by its name: an input, a measure, or `value`."""

    __slots__ = ()


Cell: TypeAlias = str | bool | tuple[str | bool, ...]
"""What one column of a table of cases holds: a choice, yes or no, several of them, or "*" for any."""


def share(part: Formula) -> Formula:
    """A share of the weight, in points."""
    return Product((part, WEIGHT))


def _end_of(end: Formula | None) -> Formula | None:
    return None if end is None else _of_the_weight(end)


def _of_the_weight(end: Formula) -> Formula:
    """In a points place a percentage is a share of the weight."""
    return share(end) if isinstance(end, Constant) and end.written == "percent" else end


@frozen
class Points:
    """分值 — points as a rule writes them: `4`, a share of the weight `"50%"`, a formula, or `"[1, 3]"` for the
    assessor to choose from; a round bracket leaves its end out.
    """

    low: Formula = field(converter=_of_the_weight)
    high: Formula | None = field(default=None, converter=_end_of)
    low_closed: bool = True
    high_closed: bool = True

    @property
    def judged(self) -> bool:
        """Whether the assessor chooses them."""
        return self.high is not None

    def asked(self, part: str, *, or_none: bool = False, trim: int = 0, trim_over: int = 0) -> Formula:
        """The points as a formula; where the assessor chooses them, by the answer named `part`."""
        if self.high is None:
            return self.low
        return Judged(
            part,
            self.low,
            self.high,
            or_none,
            low_closed=self.low_closed,
            high_closed=self.high_closed,
            trim=trim,
            trim_over=trim_over,
        )


def points(amount: int | str) -> Points:
    """A plain number of points, for defaults and for rulebooks written in Python."""
    return Points(number(Fraction(amount)))


@frozen
class Loss:
    """扣分项 — one way to lose points.

    `points` is the formula of what is lost, before the weight runs out; `because` the sentence, whose slots are filled
    from `quoting`; `title` a short name for people; `clause` the words of the regulation for this loss alone.

    `over` is a table: then it is taken once for each record, in their order, and comes to `at_most` for all of them.
    """

    code: str
    points: Formula
    because: Words
    quoting: tuple[tuple[str, Quote], ...] = ()
    title: str = ""
    clause: str | None = None
    over: str | None = None
    at_most: Formula | None = None
    at: KeyPath = ()
    """Where it is written inside the criterion, for those who must point at it."""

    def formulas(self) -> tuple[Formula, ...]:
        """Everything that is read for it."""
        whole = () if self.over is None else (Name(self.over),)
        return (self.points, *whole, *(() if self.at_most is None else (self.at_most,)))

    def reach(self, vocabulary: Vocabulary) -> Interval:
        """All that it can take, or give; of each of any number of records."""
        one = bounds(self.points, vocabulary)
        if self.over is None:
            return one
        most = inf if self.at_most is None else bounds(self.at_most, vocabulary).high
        return Interval(Fraction(0), max(most, Fraction(0)) if one.high > 0 else Fraction(0))


@frozen
class Gain(Loss):
    """加分项 — one way to be given points back, or points beyond the weight where the range allows them.

    `points` is what is given, before the upper end of the range is reached.
    """


@frozen
class Place:
    """Where a criterion stands: what it is worth, what it measures itself by, and what every name stands for.

    `low` and `high` are the ends of what it may give (the range, by default 0 to the weight). Under `demerit` 0 is best
    and every points place states points incurred. In a pool (`pooled`) the weight is that of the branch above.
    """

    vocabulary: Vocabulary = field(hash=False)
    target: Formula | None = None
    target_text: str = ""
    measured: bool = False
    low: Formula = ZERO
    high: Formula = WEIGHT
    demerit: bool = False
    pooled: bool = False

    @property
    def target_number(self) -> Formula | None:
        """目标值 — the target as a number, which exists only where the condition is one comparison with `value`."""
        match self.target:
            case Comparison(left=left, right=right) if left == VALUE and not reads_own(right, "value"):
                return right
            case _:
                return None

    @property
    def start(self) -> Formula:
        """What there is before anything is lost: the weight, and under `demerit` nothing."""
        return ZERO if self.demerit else WEIGHT

    def counted(self, count: Formula) -> Words:
        """What one of a number is called: the unit where the types know it, else 次; English says nothing then."""
        unit = type_of(count, self.vocabulary).unit
        return unit_words(unit) if unit not in (None, "%") else Words(zh="次", en="")

    @property
    def unit(self) -> Words:
        """The unit of what is measured, as it stands after a number."""
        return unit_words(self.vocabulary["value"].unit or "")

    @property
    def colon(self) -> Words:
        """What stands between a label and a value that is a word; a number needs nothing."""
        return (
            Words(zh="", en="") if type_of(VALUE, self.vocabulary).sort in ("number", "date") else Words(zh="：", en="")
        )

    @property
    def gets(self) -> Words:
        """得 or 计: what points are said to be in a sentence, won or incurred; English names only the latter."""
        return Words(zh="计", en=" incurred") if self.demerit else Words(zh="得", en="")

    @property
    def gives(self) -> Words:
        """What a rule is said to do with points in a message to its author."""
        return Words(zh="计", en="incurs") if self.demerit else Words(zh="得", en="gives")


@frozen
class Kept:
    """得分项 — points that are left, where a rule says those instead of what is lost: a band, a grade, a rank.

    `when` is what must hold for it to apply, or `unless` what must not; of several kept by one criterion only one may.
    """

    code: str
    points: Formula
    because: Words
    quoting: tuple[tuple[str, Quote], ...] = ()
    when: Formula = ALWAYS
    unless: Formula | None = None
    title: str = ""
    clause: str | None = None
    at: KeyPath = ()

    def loss(self, place: Place) -> Loss:
        """What is lost by keeping so many points and no more."""
        lost = self.points if place.demerit else minus(WEIGHT, self.points)
        return Loss(self.code, self._applied(lost), self.because, self.quoting, self.title, self.clause, at=self.at)

    def gain(self, place: Place) -> Gain:
        """What is kept beyond the start, where the range allows that."""
        given = Negative(self.points) if place.demerit else minus(self.points, WEIGHT)
        return Gain(self.code, self._applied(given), self.because, self.quoting, self.title, self.clause, at=self.at)

    def _applied(self, points: Formula) -> Formula:
        if self.unless is not None:
            return Choice(self.unless, ZERO, points)
        return points if self.when == ALWAYS else Choice(self.when, points, ZERO)


class Criterion:
    """评分标准 — how what was observed becomes points lost. A kind is one subclass in one file, and the file's
    name is its name.
    """

    __slots__ = ()
    kind: ClassVar[str] = ""
    starts_from_weight: ClassVar[bool] = False
    """Whether it says a share of its own weight, which a pool's members do not have."""
    gives_what_it_takes: ClassVar[bool] = False
    """Whether its credits read nothing but what its losses read: then those that can give nothing need not be read."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "kind" not in vars(cls):
            cls.kind = cls.__module__.rpartition(".")[2].replace("_", "-")

    def losses(self, place: Place) -> tuple[Loss, ...]:
        """What it takes, in the order in which points are lost."""
        raise NotImplementedError

    def credits(self, place: Place) -> tuple[Gain, ...]:
        """What it gives back after that, up to the upper end of its range; most kinds give nothing."""
        return ()

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        """What its author should look at, at key paths inside the criterion."""
        yield from ()


class Keeping(Criterion):
    """A criterion whose rule says what is left: bands, grades, ranks, tables, points that people give."""

    __slots__ = ()
    kind = ""
    gives_what_it_takes = True

    def kept(self, place: Place) -> tuple[Kept, ...]:
        """What is left, in each of the cases that the rule tells apart."""
        raise NotImplementedError

    def losses(self, place: Place) -> tuple[Loss, ...]:
        return tuple(one.loss(place) for one in self.kept(place))

    def credits(self, place: Place) -> tuple[Gain, ...]:
        if place.demerit:
            beyond = bounds(place.low, place.vocabulary).low < 0
        else:
            beyond = bounds(place.high, place.vocabulary).high > bounds(WEIGHT, place.vocabulary).low
        if not beyond:
            return ()  # nothing can be given beyond the start
        return tuple(one.gain(place) for one in self.kept(place))


@frozen
class Case:
    """One line of a worked example: the facts, the points, and the reasons in Chinese (one a deduction)."""

    points: str
    facts: str
    because: tuple[str, ...] = ()


@frozen
class Example:
    """A worked example of a kind: a piece of a rule file, and what it gives. It is shown on the kind's page and
    run as its first test.
    """

    rule: str
    cases: tuple[Case, ...]
    title: Words = field(default=Words(zh="", en=""))


def written_name(attribute: Attribute[object]) -> str:
    """A field as the rule file writes it: `in_` is `in`, since Python keeps the word for itself."""
    return attribute.name.rstrip("_")


def end_text(end: End) -> str:
    """An end of an interval for a message."""
    return near_text(end) if isinstance(end, Fraction) else "∞" if end > 0 else "−∞"
