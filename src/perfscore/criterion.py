"""What every kind of criterion is made of.

In: the place a criterion stands in (its weight, target, measure, and what every name stands for).
Out: losses. A criterion never awards points: it names what it takes, and points are what is left.
No kind is named here, nothing is computed here, and no file is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import Attribute, field, fields, frozen, has

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.bounds import End, Interval, bounds
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
    Negative,
    Product,
    minus,
    names,
    number,
)
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Vocabulary
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

    def asked(self, part: str, *, or_none: bool = False, trim: int = 0) -> Formula:
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
        )


def points(amount: int | str) -> Points:
    """A plain number of points, for defaults and for rulebooks written in Python."""
    return Points(number(Fraction(amount)))


@frozen
class Loss:
    """扣分项 — one way to lose points.

    `points` is the formula of what is lost, before the weight runs out; `because` the sentence, whose slots are filled
    from `quoting`; `title` a short name for people; `clause` the words of the regulation for this loss alone.
    """

    code: str
    points: Formula
    because: Words
    quoting: tuple[tuple[str, Quote], ...] = ()
    title: str = ""
    clause: str | None = None


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
            case Comparison(left=left, right=right) if left == VALUE and "value" not in names(right):
                return right
            case _:
                return None

    @property
    def start(self) -> Formula:
        """What there is before anything is lost: the weight, and under `demerit` nothing."""
        return ZERO if self.demerit else WEIGHT

    @property
    def gets(self) -> Words:
        """得 or 计: what points are said to be, won or incurred."""
        return INCURS if self.demerit else GETS


GETS = Words(zh="得", en="")
INCURS = Words(zh="计", en=" incurred")


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

    def loss(self, place: Place) -> Loss:
        """What is lost by keeping so many points and no more."""
        lost = self.points if place.demerit else minus(WEIGHT, self.points)
        return Loss(self.code, self._applied(lost), self.because, self.quoting, self.title, self.clause)

    def gain(self, place: Place) -> Gain:
        """What is kept beyond the start, where the range allows that."""
        given = Negative(self.points) if place.demerit else minus(self.points, WEIGHT)
        return Gain(self.code, self._applied(given), self.because, self.quoting, self.title, self.clause)

    def _applied(self, points: Formula) -> Formula:
        if self.unless is not None:
            return Choice(self.unless, ZERO, points)
        return points if self.when == ALWAYS else Choice(self.when, points, ZERO)


TARGET_NEEDED = Code(
    "PS301",
    "target-needed",
    Words(
        zh="这种计分方式要同目标比较，指标须写 measure 和 target。",
        en="This kind of criterion compares with a target: the indicator must say measure and target.",
    ),
)


class Criterion:
    """评分标准 — how what was observed becomes points lost. A kind is one subclass in one file, and the file's
    name is its name.
    """

    __slots__ = ()
    kind: ClassVar[str] = ""
    starts_from_weight: ClassVar[bool] = False
    """Whether it says a share of its own weight, which a pool's members do not have."""

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


def target_needed(place: Place) -> Iterator[Diagnostic]:
    """The complaint of a kind that cannot do without a target."""
    if place.target is None or not place.measured:
        yield Diagnostic(
            TARGET_NEEDED,
            at=("kind",),
            message=Words(zh="没有可比较的目标", en="there is no target to compare with"),
            hint=Words(
                zh='给指标写 measure = "…" 和 target = "≥ …"', en='give the indicator measure = "…" and target = "≥ …"'
            ),
        )


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


def written_formulas(holder: object, at: KeyPath = ()) -> Iterator[tuple[KeyPath, Formula, str]]:
    """Every formula written in a criterion, with its key path and what is expected there: `number`, `condition` or
    `points`.
    """
    match holder:
        case Amount(formula=formula):
            yield at, formula, "number"
        case Condition(formula=formula):
            yield at, formula, "condition"
        case Points(low=low, high=high):
            yield at, low, "points"
            if high is not None:
                yield at, high, "points"
        case tuple():
            for index, one in enumerate(holder):
                yield from written_formulas(one, (*at, index))
        case _:
            cls: Any = type(holder)
            for one in fields(cls) if has(cls) else ():
                yield from written_formulas(getattr(holder, one.name), (*at, written_name(one)))


def written_name(attribute: Attribute[object]) -> str:
    """A field as the rule file writes it: `in_` is `in`, since Python keeps the word for itself."""
    return attribute.name.rstrip("_")


POINTS_OUT_OF_RANGE = Code(
    "PS302",
    "points-out-of-range",
    Words(
        zh="分值可能低于 0 或高于本指标的分值。",
        en="Points can fall below 0 or rise above what the indicator is worth.",
    ),
)
RANGE_UPSIDE_DOWN = Code(
    "PS304", "range-upside-down", Words(zh="给分区间的下限高于上限。", en="A range of points begins above its end.")
)
LIMIT_IS_A_RANGE = Code(
    "PS305",
    "limit-is-a-range",
    Words(zh="上限（at_most）应是一个数，不是区间。", en="A limit (at_most) is one number, not a range."),
)
NOTHING_LISTED = Code(
    "PS306",
    "nothing-listed",
    Words(zh="列表是空的，什么分也扣不到。", en="The list is empty, so no point can ever be lost."),
)
NUMBER_NEEDED = Code(
    "PS307",
    "number-needed",
    Words(zh="这种计分方式的完成值应是数。", en="This kind of criterion needs an observed value that is a number."),
)
DUPLICATE_ID = Code(
    "PS303",
    "duplicate-id",
    Words(
        zh="同一张表里两个 id 相同，扣分记录会分不清。",
        en="Two entries have the same id, so their deductions could not be told apart.",
    ),
)


def in_range(
    written: Points,
    place: Place,
    *at: str | int,
    limit: bool = False,
    of: Literal["kept", "moved"] = "kept",
) -> Iterator[Diagnostic]:
    """A complaint where points can leave what the place allows; what only may leave it, or is a mere limit, is a warning.

    Points that are `kept` lie in the range, by default 0 … weight; points that are `moved` (lost or given back) from 0
    to as much as the range is wide.
    """
    if written.judged and limit:
        yield Diagnostic(
            LIMIT_IS_A_RANGE,
            at,
            Words(zh="上限是一个数，不是区间", en="a limit is one number, not a range"),
            Words(zh="写一个数，如 at_most = 3", en="write one number, as in at_most = 3"),
        )
        return
    floor, ceiling = bounds(place.low, place.vocabulary).low, bounds(place.high, place.vocabulary).high
    if of == "moved":
        floor, ceiling = Fraction(0), ceiling - floor
    low, high = bounds(written.low, place.vocabulary), bounds(written.high or written.low, place.vocabulary)
    if low.low > high.high:
        yield Diagnostic(
            RANGE_UPSIDE_DOWN,
            at,
            Words(zh="区间的下限 {low} 高于上限 {high}", en="the range begins at {low}, above its end at {high}").fill(
                low=end_text(low.low), high=end_text(high.high)
            ),
            Words(zh='写成 "[{high}, {low}]"', en='write "[{high}, {low}]"').fill(
                low=end_text(low.low), high=end_text(high.high)
            ),
        )
        return
    reach = Interval(low.low, high.high)
    if reach.within(Interval(floor, ceiling)):
        return
    never = reach.high < floor or reach.low > ceiling or (low.low == low.high and high.low == high.high)
    shown = f"[{end_text(reach.low)}, {end_text(reach.high)}]" if reach.low != reach.high else end_text(reach.low)
    ends = {"low": end_text(floor), "high": end_text(ceiling)}
    yield Diagnostic(
        POINTS_OUT_OF_RANGE,
        at=at,
        message=Words(
            zh="分值 {shown} 超出 {low} 到 {high}", en="points {shown} leave the range from {low} to {high}"
        ).fill(shown=shown, **ends),
        hint=Words(
            zh="写 {low} 到 {high} 之间的数，或用 clamp(…, {low}, {high})",
            en="write between {low} and {high}, or clamp(…, {low}, {high})",
        ).fill(**ends),
        severity="error" if never and not limit else "warning",
    )


def end_text(end: End) -> str:
    """An end of an interval for a message."""
    return near_text(end) if isinstance(end, Fraction) else "∞" if end > 0 else "−∞"


def not_empty(listed: Sized, field_name: str) -> Iterator[Diagnostic]:
    """A complaint where nothing is listed."""
    if not len(listed):
        yield Diagnostic(
            NOTHING_LISTED,
            (field_name,),
            Words(zh="{f} 里什么也没有", en="{f} lists nothing").fill(f=field_name),
            Words(zh="至少写一项", en="write at least one"),
        )


def number_needed(place: Place) -> Iterator[Diagnostic]:
    """The complaint of a kind that computes with its value."""
    if place.measured and type_of(VALUE, place.vocabulary).sort != "number":
        yield Diagnostic(
            NUMBER_NEEDED,
            ("kind",),
            Words(zh="完成值不是数", en="the observed value is no number"),
            Words(
                zh="measure 写成给出数的公式，或换一种计分方式", en="let measure give a number, or choose another kind"
            ),
        )


def distinct(ids: Iterable[str], field_name: str) -> Iterator[Diagnostic]:
    """A complaint for every id that stood before, and for a list without any."""
    seen: set[str] = set()
    yield from not_empty(ids := list(ids), field_name)
    for index, one in enumerate(ids):
        if one in seen:
            yield Diagnostic(
                DUPLICATE_ID,
                at=(field_name, index, "id"),
                message=Words(zh="id “{id}” 前面已经用过", en="the id “{id}” stands already above").fill(id=one),
                hint=Words(zh="换一个 id", en="choose another id"),
            )
        seen.add(one)
