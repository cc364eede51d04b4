"""每低/超x扣y · stepped — every step away from a starting value takes the same points.

    weight = 5
    measure = "staff / posts"
    target = "≤ 100%"
    criterion = { kind = "stepped", above = { every = "1pp", deduct = 0.5, part_step = "whole" } }

Says what regulations say as “每超过 1 个百分点扣 0.5 分，扣完为止”. `below` counts steps under the start, `above`
steps over it; the start is the target unless `from` says otherwise. `every = "1pp"` is a percentage point, `every =
"10% * target"` a share of the target: “每低 1%” can mean either, so a bare percentage is refused. What a part of a
step costs must be said too: `part_step = "ignored"` nothing, `"whole"` as much as a step, `"proportional"` its
share.

    range = [0, 12]
    criterion = { kind = "stepped", at_target = "80%", above = { every = "3% * target", credit = 1, at_most = 6, part_step = "ignored" },
                  below = { every = "3% * target", deduct = 1, part_step = "whole" } }

A side may give points instead (超加欠减): it says `credit` in the place of `deduct`, with a step, a limit and a part of a
step of its own. `at_target` says what there is at the start, by default all of the weight (达到目标得基本分 80%); what is
above it can be earned by credits, up to the upper end of the indicator's `range`.

In: a start, a step, points a step. Out: one loss or credit a side. A side that is not written costs and earns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Annotated, Literal, TypeAlias, get_args

from attrs import evolve, frozen

from perfscore.complaining import comparable, credit_never_given, exactly, example, in_range, measure_needed
from perfscore.criterion import Amount, Case, Criterion, Example, Gain, Loss, Place, Points, Quote
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.prose import SYNTAX, number_text, tell
from perfscore.formula.shapes import (
    TARGET,
    VALUE,
    WEIGHT,
    Ceil,
    Constant,
    Floor,
    Formula,
    Least,
    Product,
    Quotient,
    minus,
    not_below_zero,
)
from perfscore.formula.types import type_of
from perfscore.words import Words, listed

PERCENT_AMBIGUOUS = Code(
    "PS331",
    "percent-ambiguous",
    Words(
        zh="“每低 1%”有两种读法：1 个百分点，或目标值的 1%。",
        en="“every 1%” has two readings: one percentage point, or one per cent of the target.",
    ),
)
PART_STEP_NOT_SAID = Code(
    "PS332",
    "part-step-not-said",
    Words(zh="没有写不足一步怎么算：不算、按一步、按比例。", en="What a part of a step counts is not said."),
)
SIDE_NEEDED = Code(
    "PS333",
    "side-needed",
    Words(zh="至少写 below（低于）或 above（高于）一侧。", en="A side is needed: below, above, or both."),
)
START_NEEDED = Code(
    "PS334",
    "start-needed",
    Words(zh="没有起点：目标不是一个数，也没有写 from。", en="There is no number to count from: no target, no from."),
)
STEP_NOT_POSITIVE = Code(
    "PS335", "step-not-positive", Words(zh="一步的大小可能是 0 或负数。", en="A step can be of no size, or negative.")
)
ONE_PRICE_A_SIDE = Code(
    "PS337",
    "one-price-a-side",
    Words(zh="一侧写 deduct（扣）或 credit（加）之一。", en="A side says exactly one of deduct and credit."),
)

CHINESE = """
离起点每差一步扣同样的分。对应条文“每超过1个百分点扣0.5分，扣完为止”。`below` 是低于起点的一侧，`above` 是高于起点的一侧；起点默认是目标值，也可以用 `from` 另写。

“每低1%”有两种读法，所以不能只写 `every = "1%"`：1 个百分点写 `"1pp"`，目标值的 1% 写 `"1% * target"`。

不足一步怎么算也必须写：`part_step = "ignored"` 不扣，`"whole"` 按一步扣，`"proportional"` 按比例扣。

超加欠减：加分的一侧把 `deduct` 换成 `credit`，两侧各有自己的步长、上限和不足一步的算法。`at_target = "80%"` 是达到起点得的基本分，不写就是满分；其余的靠 `credit` 得，最多到指标 `range` 的上端（不写就是分值）。
"""

EXAMPLES = (
    Example(
        title=Words(
            zh="每超过 1 个百分点扣 0.5 分，不足一个点按一个点扣",
            en="Every percentage point over takes 0.5, a part of one as much as a whole",
        ),
        rule="""\
[indicators.staffing]
name = "财政供养人员控制率"
weight = 5
measure = { type = "percent" }
target = "≤ 100%"
criterion = { kind = "stepped", above = { every = "1pp", deduct = 0.5, part_step = "whole" } }
""",
        cases=(
            Case("5", 'staffing = "100%"'),
            Case("4.5", 'staffing = "100.1%"', ("财政供养人员控制率100.1%，高于100% 0.1个百分点，按1步、每步扣0.5分",)),
            Case("3", 'staffing = "104%"', ("财政供养人员控制率104%，高于100% 4个百分点，按4步、每步扣0.5分",)),
            Case(
                "0",
                'staffing = "130%"',
                ("财政供养人员控制率130%，高于100% 30个百分点，按30步、每步扣0.5分，扣完为止",),
            ),
        ),
    ),
    Example(
        title=Words(
            zh="每低于目标值的 10% 扣 2 分，最多扣 6 分", en="Every tenth of the target below it takes 2, at most 6"
        ),
        rule="""\
[indicators.trees]
name = "造林面积"
weight = 10
measure = { type = "number", unit = "亩", min = 0 }
target = "≥ 500"
criterion = { kind = "stepped", below = { every = "10% * target", deduct = 2, at_most = 6, part_step = "ignored" } }
""",
        cases=(
            Case("10", "trees = 460"),
            Case("8", "trees = 450", ("造林面积450亩，低于500，差50亩，按1步、每步扣2分，最多扣6分",)),
            Case("4", "trees = 0", ("造林面积0亩，低于500，差500亩，按10步、每步扣2分，最多扣6分",)),
        ),
    ),
)


@frozen
class Side:
    """一侧 — the size of a step, its price or its reward, and what a part of one counts."""

    every: Annotated[Amount, Words('一步多大，如 "1pp"', "the size of a step")]
    deduct: Annotated[Points | None, Words("每步扣几分", "points lost a step")] = None
    credit: Annotated[Points | None, Words("每步加几分", "points given a step")] = None
    at_most: Annotated[Points | None, Words("最多扣（加）几分", "the most it comes to")] = None
    part_step: Annotated[Part | None, Words("不足一步：不算、算一步、按比例", "what a part of a step counts")] = None
    from_: Annotated[Amount | None, Words("从哪个值算起，不写是目标值", "the start, else the target")] = None

    @property
    def start(self) -> Formula:
        """The value from which steps are counted."""
        return self.from_.formula if self.from_ is not None else TARGET

    def steps(self, gap: Formula) -> Formula:
        """How many steps a gap makes; where no part of a step can occur, the gap itself."""
        raw = Quotient(gap, self.every.formula)
        match self.part_step:
            case "ignored":
                return Floor(raw)
            case "whole":
                return Ceil(raw)
            case "proportional" | None:
                return raw


@frozen
class Stepped(Criterion):
    """每低/超x扣y — steps away from a start, below it, above it, or both."""

    below: Annotated[Side | None, Words("低于时", "steps below the start")] = None
    above: Annotated[Side | None, Words("高于时", "steps above the start")] = None
    at_target: Annotated[Points | None, Words("正好时得几分，不写是满分", "points at the start, else all")] = None

    @property
    def sides(self) -> tuple[tuple[Way, Side], ...]:
        """The sides that are written."""
        return tuple((way, side) for way, side in ((BELOW, self.below), (ABOVE, self.above)) if side is not None)

    def losses(self, place: Place) -> tuple[Loss, ...]:
        moves = [(way, _move(way, side, side.deduct, place)) for way, side in self.sides if side.deduct is not None]
        return (*self._held_back(place), *(Loss(*one, at=(way.code,)) for way, one in moves))

    def credits(self, place: Place) -> tuple[Gain, ...]:
        moves = [(way, _move(way, side, side.credit, place)) for way, side in self.sides if side.credit is not None]
        return tuple(Gain(*one, at=(way.code,)) for way, one in moves)

    def _held_back(self, place: Place) -> tuple[Loss, ...]:
        """What is not there at the start already, to be earned by credits."""
        if self.at_target is None:
            return ()
        held = self.at_target.asked("points")
        said = Words(zh="起点{gets}{held}分（本指标{weight}分）", en="{held} of {weight} points{gets} at the start")
        quoting = (("gets", place.gets), ("held", held), ("weight", WEIGHT))
        return (Loss("at-target", held if place.demerit else minus(WEIGHT, held), said, quoting),)

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from measure_needed(place)
        if not place.measured or type_of(VALUE, place.vocabulary).sort != "number":
            return
        if not self.sides:
            yield Diagnostic(
                SIDE_NEEDED,
                ("kind",),
                Words(zh="没有写哪一侧扣分", en="neither side is written"),
                Words.same('below = { every = "1pp", deduct = 1, part_step = "ignored" }'),
            )
        for way, side in self.sides:
            yield from (one.under(way.code) for one in self._side(way, side, place))
        if self.at_target is not None:
            yield from in_range(self.at_target, place, "at_target")

    def _side(self, way: Way, side: Side, place: Place) -> Iterator[Diagnostic]:
        if side.from_ is None and place.target_number is None:
            yield Diagnostic(
                START_NEEDED,
                (),
                Words(zh="不知道从多少算起", en="where to count from is not known"),
                Words(zh='写 from = …，或给指标写 target = "≥ …"', en='write from = …, or a target, as in "≥ …"'),
            )
            return
        for key, held in (("from", side.from_), ("every", side.every)):
            yield from () if held is None else comparable(held.formula, place, key)
        if (every := side.every.constant) is not None and every.written == "percent":
            yield self._percent_ambiguous(way, side, every, place)
        elif not bounds(side.every.formula, place.vocabulary).above_zero:
            yield Diagnostic(
                STEP_NOT_POSITIVE,
                ("every",),
                Words(zh="不能证明一步总大于 0", en="a step cannot be shown to be above 0 always"),
                Words(zh='写一个大于 0 的数，如 every = "1pp"', en='write a number above 0, as in every = "1pp"'),
            )
        if side.part_step is None and not _always_whole(side, place):
            yield self._part_step_not_said(way, side, place)
        if (side.deduct is None) == (side.credit is None):
            yield Diagnostic(
                ONE_PRICE_A_SIDE,
                (),
                Words(zh="这一侧要写 deduct 或 credit 之一", en="this side says neither deduct nor credit, or both"),
                Words(zh="扣分写 deduct = 1，加分写 credit = 1", en="write deduct = 1 to take, or credit = 1 to give"),
            )
        for name, moved in (("deduct", side.deduct), ("credit", side.credit), ("at_most", side.at_most)):
            if moved is not None:
                yield from in_range(moved, place, name, limit=name == "at_most", of="moved")
        full = self.at_target is None and len({one.start for _, one in self.sides}) == 1  # no loss beside it
        if side.credit is not None and side.deduct is None and full:
            yield from credit_never_given(place, "credit")

    def _percent_ambiguous(self, way: Way, side: Side, every: Constant, place: Place) -> Diagnostic:
        shown = number_text(every.value, percent=True)
        points = f"{shown.removesuffix('%')}pp"
        share = f"{shown} * {'target' if side.from_ is None else f'({tell(side.start, SYNTAX)})'}"
        told = evolve(side, part_step=side.part_step or "proportional")
        as_points = self._with(way, evolve(told, every=Amount(Constant(every.value, "points"))))
        as_share = self._with(way, evolve(told, every=Amount(Product((every, side.start)))))
        start, away = exactly(side.start, place), -1 if way is BELOW else 1
        values = [] if start is None else [start + away * steps * every.value for steps in range(1, 11)]
        return Diagnostic(
            PERCENT_AMBIGUOUS,
            ("every",),
            Words(
                zh="“{p}”可以是 {n} 个百分点，也可以是目标值的 {p}",
                en="“{p}” can be {n} percentage points, or {p} of the target",
            ).fill(p=shown, n=shown.removesuffix("%"))
            + example(place, values, (f'"{points}"', as_points), (f'"{share}"', as_share)),
            Words(zh='写 every = "{a}" 或 every = "{b}"', en='write every = "{a}" or every = "{b}"').fill(
                a=points, b=share
            ),
        )

    def _part_step_not_said(self, way: Way, side: Side, place: Place) -> Diagnostic:
        start, step = exactly(side.start, place), exactly(side.every.formula, place)
        values = []
        if start is not None and step is not None and step > 0:
            whole = type_of(VALUE, place.vocabulary).whole  # a value that can be observed, half a step away
            half = Fraction(max(1, floor(step / 2))) if whole else step / 2
            values = [start - half if way is BELOW else start + half]
        ways = [(one, self._with(way, evolve(side, part_step=one))) for one in get_args(Part)]
        return Diagnostic(
            PART_STEP_NOT_SAID,
            (),
            Words(zh="没有写不足一步怎么算{example}", en="what a part of a step counts is not said{example}").fill(
                example=example(place, values, *ways)
            ),
            listed(f'part_step = "{one}"' for one in get_args(Part)),
        )

    def _with(self, way: Way, side: Side) -> Stepped:
        return evolve(self, below=side) if way is BELOW else evolve(self, above=side)


@frozen
class Way:
    """Which side of the start, and what it is called."""

    code: str
    said: Words
    by: Words

    def gap(self, start: Formula) -> Formula:
        """How far the value lies on this side of the start."""
        return not_below_zero(minus(start, VALUE) if self.code == "below" else minus(VALUE, start))


BELOW = Way("below", Words(zh="低于", en="below"), Words(zh="差", en=""))
ABOVE = Way("above", Words(zh="高于", en="above"), Words(zh="超", en=""))
SAID = Words(
    zh="{what}{value}，{side}{start}，{by}{gap}{unit}，按{steps}步、每步{verb}{each}分",
    en="{what} is {value}, {by}{gap}{unit} {side} {start}: {steps} steps at {each} points each{verb}",
)
SAID_OF_POINTS = Words(
    zh="{what}{value}，{side}{start} {gap}个百分点，按{steps}步、每步{verb}{each}分",
    en="{what} is {value}, {gap} percentage points {side} {start}: {steps} steps at {each} points each{verb}",
)
Part: TypeAlias = Literal["ignored", "whole", "proportional"]
Move: TypeAlias = tuple[str, Formula, Words, tuple[tuple[str, Quote], ...]]


def _always_whole(side: Side, place: Place) -> bool:
    """Whether the gap is always a whole number of steps."""
    every, whole = side.every.constant, type_of(minus(VALUE, side.start), place.vocabulary).whole
    return whole and every is not None and every.written == "plain" and every.value == 1


def _move(way: Way, side: Side, price: Points, place: Place) -> Move:
    """What a side takes or gives, and the sentence of it."""
    gives_points = side.credit is not None
    gap = way.gap(side.start)
    steps = side.steps(gap)
    each = price.asked(f"{'credits' if gives_points else 'losses'}.{way.code}")
    moved: Formula = Product((each, steps))
    percent = place.vocabulary["value"].type == "percent"
    verb = Words(zh="加", en=" added") if gives_points else Words(zh="扣", en="")
    said = SAID_OF_POINTS if percent else SAID
    quoting: tuple[tuple[str, Quote], ...] = (
        *(("what", Words.same(place.vocabulary["value"].label)), ("value", VALUE)),
        *(("side", way.said), ("start", side.start), ("by", way.by)),
        ("gap", Quotient(gap, Constant(Fraction(1, 100), "points")) if percent else gap),
        *(("unit", place.unit), ("steps", steps), ("verb", verb), ("each", each)),
    )
    if side.at_most is not None:
        said += Words(zh="，最多" + verb.zh + "{most}分", en=", at most {most} points")
        quoting = (*quoting, ("most", side.at_most.low))
        moved = Least((side.at_most.low, moved))
    return way.code, moved, said, quoting
