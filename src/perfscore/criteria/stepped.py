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

In: a start, a step, points a step. Out: one loss a side. Being on the other side of the start costs and earns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from attrs import frozen

from perfscore.criterion import Amount, Case, Criterion, Example, Loss, Place, Points, in_range, number_needed
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import (
    TARGET,
    VALUE,
    Ceil,
    Constant,
    Floor,
    Formula,
    Least,
    Product,
    Quotient,
    minus,
    not_below_zero,
    number,
)
from perfscore.formula.types import type_of
from perfscore.words import Words

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
    Words(
        zh="没有写不足一步怎么算：不扣、按一步扣、还是按比例扣。",
        en="What a part of a step costs is not said: nothing, a whole step, or its share.",
    ),
)
SIDE_NEEDED = Code(
    "PS333",
    "side-needed",
    Words(zh="至少写 below（低于）或 above（高于）一侧。", en="A side is needed: below, above, or both."),
)
START_NEEDED = Code(
    "PS334",
    "start-needed",
    Words(
        zh="没有起点：目标不是一个数，也没有写 from。",
        en="There is nothing to count from: the target is no single number, and from is not written.",
    ),
)
STEP_NOT_POSITIVE = Code(
    "PS335", "step-not-positive", Words(zh="一步的大小可能是 0 或负数。", en="A step can be of no size, or negative.")
)
MEASURE_NEEDED = Code(
    "PS336",
    "measure-needed",
    Words(
        zh="这种计分方式要有 measure，才知道完成值。",
        en="This kind of criterion needs a measure to know the observed value.",
    ),
)

CHINESE = """
离起点每差一步扣同样的分。对应条文“每超过1个百分点扣0.5分，扣完为止”。`below` 是低于起点的一侧，`above` 是高于起点的一侧；起点默认是目标值，也可以用 `from` 另写。

“每低1%”有两种读法，所以不能只写 `every = "1%"`：1 个百分点写 `"1pp"`，目标值的 1% 写 `"1% * target"`。

不足一步怎么算也必须写：`part_step = "ignored"` 不扣，`"whole"` 按一步扣，`"proportional"` 按比例扣。
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
            Case("8", "trees = 450", ("造林面积450亩，低于500 50，按1步、每步扣2分，最多扣6分",)),
            Case("4", "trees = 0", ("造林面积0亩，低于500 500，按10步、每步扣2分，最多扣6分",)),
        ),
    ),
)


@frozen
class Side:
    """一侧 — the size of a step, its price, and what a part of one costs."""

    every: Amount
    deduct: Points
    at_most: Points | None = None
    part_step: Literal["ignored", "whole", "proportional"] | None = None
    from_: Amount | None = None

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

    below: Side | None = None
    above: Side | None = None

    def losses(self, place: Place) -> tuple[Loss, ...]:
        made = []
        if self.below is not None:
            gap = not_below_zero(minus(self.below.start, VALUE))
            side = Words(zh="低于", en="below")
            made.append(self._loss("below", self.below, gap, side, place))
        if self.above is not None:
            gap = not_below_zero(minus(VALUE, self.above.start))
            side = Words(zh="高于", en="above")
            made.append(self._loss("above", self.above, gap, side, place))
        return tuple(made)

    def _loss(self, code: str, step: Side, gap: Formula, side: Words, place: Place) -> Loss:
        steps = step.steps(gap)
        each = step.deduct.asked(f"losses.{code}")
        lost: Formula = Product((each, steps))
        said = Words(
            zh="{what}{value}，{side}{start} {gap}，按{steps}步、每步扣{each}分",
            en="{what} is {value}, {gap} {side} {start}: {steps} steps at {each} points each",
        )
        percent = place.vocabulary["value"].type == "percent"
        points = Words(zh="{gap}个百分点", en="{gap} percentage points")
        shown = Quotient(gap, Constant(Fraction(1, 100), "points")) if percent else gap
        said = (
            Words(zh=said.zh.replace("{gap}", points.zh), en=said.en.replace("{gap}", points.en)) if percent else said
        )
        quoting = (
            ("what", Words.same(place.vocabulary["value"].label)),
            ("value", VALUE),
            ("side", side),
            ("start", step.start),
            ("gap", shown),
            ("steps", steps),
            ("each", each),
        )
        if step.at_most is None:
            return Loss(code, lost, said, quoting)
        most = step.at_most.low
        return Loss(
            code,
            Least((most, lost)),
            said + Words(zh="，最多扣{most}分", en=", at most {most} points"),
            (*quoting, ("most", most)),
        )

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        if not place.measured:
            yield Diagnostic(
                MEASURE_NEEDED,
                ("kind",),
                Words(zh="没有完成值", en="there is no observed value"),
                Words(zh='给指标写 measure = "…"', en='give the indicator measure = "…"'),
            )
            return
        if type_of(VALUE, place.vocabulary).sort != "number":
            yield from number_needed(place)
            return
        if self.below is None and self.above is None:
            yield Diagnostic(
                SIDE_NEEDED,
                ("kind",),
                Words(zh="没有写哪一侧扣分", en="neither side is written"),
                Words(
                    zh='写 below = { every = "1pp", deduct = 1, part_step = "ignored" }',
                    en='write below = { every = "1pp", deduct = 1, part_step = "ignored" }',
                ),
            )
        for name, side in (("below", self.below), ("above", self.above)):
            if side is not None:
                yield from (one.under(name) for one in self._side(side, place))

    def _side(self, side: Side, place: Place) -> Iterator[Diagnostic]:
        if side.from_ is None and place.target_number is None:
            yield Diagnostic(
                START_NEEDED,
                (),
                Words(zh="不知道从多少算起", en="where to count from is not known"),
                Words(
                    zh='写 from = …，或给指标写 target = "≥ …"',
                    en='write from = …, or give the indicator target = "≥ …"',
                ),
            )
            return
        if (every := side.every.constant) is not None and every.written == "percent":
            shown = number_text(every.value, percent=True)
            bare = shown.removesuffix("%")
            yield Diagnostic(
                PERCENT_AMBIGUOUS,
                ("every",),
                Words(
                    zh="“{p}”可以是 {n} 个百分点，也可以是目标值的 {p}",
                    en="“{p}” can be {n} percentage points, or {p} of the target",
                ).fill(p=shown, n=bare),
                Words(
                    zh='写 every = "{n}pp" 或 every = "{p} * target"',
                    en='write every = "{n}pp" or every = "{p} * target"',
                ).fill(p=shown, n=bare),
            )
        elif not bounds(side.every.formula, place.vocabulary).low > 0:
            yield Diagnostic(
                STEP_NOT_POSITIVE,
                ("every",),
                Words(zh="不能证明一步总大于 0", en="a step cannot be shown to be above 0 always"),
                Words(zh='写一个大于 0 的数，如 every = "1pp"', en='write a number above 0, as in every = "1pp"'),
            )
        if side.part_step is None and not self._always_whole(side, place):
            yield Diagnostic(
                PART_STEP_NOT_SAID,
                (),
                Words(
                    zh="没有写不足一步怎么算（差 1.5 步：ignored 算 1 步，whole 算 2 步，proportional 算 1.5 步）",
                    en="what a part of a step costs is not said (1.5 steps: ignored counts 1, whole 2, proportional 1.5)",
                ),
                Words(
                    zh='写 part_step = "ignored"、"whole" 或 "proportional"',
                    en='write part_step = "ignored", "whole" or "proportional"',
                ),
            )
        yield from in_range(side.deduct, place, "deduct")
        if side.at_most is not None:
            yield from in_range(side.at_most, place, "at_most", limit=True)

    def _always_whole(self, side: Side, place: Place) -> bool:
        """Whether the gap is always a whole number of steps."""
        whole = type_of(minus(VALUE, side.start), place.vocabulary).whole
        return whole and side.every.formula == number(1)
