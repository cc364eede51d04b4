"""插值得分 · interpolated — points on straight lines between knots (插值、功效系数).

    weight = 10
    measure = "rate"
    criterion = { kind = "interpolated", outside = "clamp", through = [
        { at = "60%", points = 0 },
        { at = "80%", points = 6 },
        { at = "95%", points = 10 },
    ] }

Says what regulations say as “在两者之间的按插值计分” or “(本值 − 最小) ÷ (最大 − 最小) × 40 + 60”. The knots stand in
the order of their values; between two of them points lie exactly on the line. `at` and `points` may be formulas, as
in `at = "least"`. Beyond the first and the last knot two readings are usual, so the file must say which: `outside =
"clamp"` holds the points of that knot. It may be left out where no value can lie there.

In: knots. Out: one loss a stretch. No curve is drawn but by straight lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from attrs import frozen

from perfscore.complaining import comparable, exactly, in_range, measure_needed, readings
from perfscore.criterion import Amount, Case, Example, Keeping, Kept, Place, Points, end_text
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import (
    VALUE,
    ZERO,
    All,
    Any,
    Comparison,
    Formula,
    Not,
    Product,
    Quotient,
    Sum,
    Within,
    minus,
)
from perfscore.formula.types import type_of
from perfscore.words import Words

KNOTS_NEEDED = Code(
    "PS391", "knots-needed", Words(zh="插值至少要两个点。", en="A line needs two knots to lie between.")
)
KNOTS_OUT_OF_ORDER = Code(
    "PS392",
    "knots-out-of-order",
    Words(zh="插值的点没有按数值从小到大写。", en="The knots do not stand in the order of their values."),
)
OUTSIDE_NOT_SAID = Code(
    "PS393",
    "outside-not-said",
    Words(
        zh="完成值可能落在所有的点以外，没有写那里怎么计分。",
        en="A value can lie beyond the knots, and what it gives there is not said.",
    ),
)
KNOT_IS_A_RANGE = Code(
    "PS394",
    "knot-is-a-range",
    Words(zh="插值点的分值是一个数，不是区间。", en="The points of a knot are one number, not a range."),
)

CHINESE = """
按几个点之间的直线计分：先写清完成值是多少时得几分，落在两点之间的按插值计算。对应条文“在两者之间的按插值（按比例）计分”和功效系数法。

点按 `at` 从小到大写，`at` 和 `points` 都可以是公式。完成值比第一个点还小、或比最后一个点还大时，有不同读法，所以要写 `outside = "clamp"`：一律按最近的点计分。完成值不可能落到外面时可以不写。
"""

EXAMPLES = (
    Example(
        title=Words(zh="三个点之间插值", en="Three knots"),
        rule="""\
[indicators.rate]
name = "办结率"
weight = 10
measure = { type = "percent" }
criterion = { kind = "interpolated", outside = "clamp", through = [
  { at = "60%", points = 0 },
  { at = "80%", points = 6 },
  { at = "95%", points = 10 },
] }
""",
        cases=(
            Case("10", 'rate = "95%"'),
            Case("10", 'rate = "99%"'),
            Case("8", 'rate = "87.5%"', ("办结率87.5%，在80%（6分）与95%（10分）之间，得8分",)),
            Case("6", 'rate = "80%"', ("办结率80%，在80%（6分）与95%（10分）之间，得6分",)),
            Case("4.5", 'rate = "75%"', ("办结率75%，在60%（0分）与80%（6分）之间，得4.5分",)),
            Case("0", 'rate = "40%"', ("办结率40%，低于60%，得0分",)),
        ),
    ),
    Example(
        title=Words(
            zh="功效系数：（本值 − 最小）÷（最大 − 最小）× 40 + 60", en="From the least to the greatest, 60 to 100"
        ),
        rule="""\
[inputs.least]
label = "最小值"
type = "number"
min = 0
max = 1

[inputs.most]
label = "最大值"
type = "number"
min = 2

[indicators.index]
name = "效能"
weight = 100
measure = { type = "number" }
criterion = { kind = "interpolated", outside = "clamp", through = [
  { at = "least", points = 60 },
  { at = "most", points = 100 },
] }
""",
        cases=(
            Case("100", "least = 0\nmost = 5\nindex = 5"),
            Case("76", "least = 0\nmost = 5\nindex = 2", ("效能2，在0（60分）与5（100分）之间，得76分",)),
            Case("60", "least = 1\nmost = 5\nindex = 0.5", ("效能0.5，低于1，得60分",)),
        ),
    ),
)


@frozen
class Knot:
    """点 — a value, and the points that it gives."""

    at: Annotated[Amount, Words("值", "the value")]
    points: Annotated[Points, Words("在这个值得几分", "points at that value")]


@frozen
class Interpolated(Keeping):
    """插值得分 — points on the straight lines between knots."""

    starts_from_weight = True
    through: Annotated[tuple[Knot, ...], Words("各点，点与点之间按直线插值", "the knots")]
    outside: Annotated[Literal["clamp"] | None, Words("clamp：两端以外按端点", "clamp: beyond the ends as at them")] = (
        None
    )

    def kept(self, place: Place) -> tuple[Kept, ...]:
        if not self.through:
            return ()
        what = ("what", Words.same(place.vocabulary["value"].label))
        first, last = self.through[0], self.through[-1]
        made = [
            Kept(
                code="below",
                points=first.points.low,
                because=Words(
                    zh="{what}{value}，低于{end}，{gets}{kept}分",
                    en="{what} is {value}, below {end}: {kept} points{gets}",
                ),
                quoting=(what, ("value", VALUE), ("end", first.at.formula), *_given(first.points.low, place)),
                when=Comparison(VALUE, "<", first.at.formula),
            )
        ]
        for index, (low, high) in enumerate(pairwise(self.through)):
            points = _on_the_line(low, high)
            made.append(
                Kept(
                    code=f"stretch-{index + 1}",
                    points=points,
                    because=Words(
                        zh="{what}{value}，在{low}（{low_points}分）与{high}（{high_points}分）之间，{gets}{kept}分",
                        en="{what} is {value}, between {low} ({low_points} points) and {high} ({high_points}): {kept} points{gets}",
                    ),
                    quoting=(
                        *(what, ("value", VALUE), ("low", low.at.formula), ("high", high.at.formula)),
                        *(("low_points", low.points.low), ("high_points", high.points.low), *_given(points, place)),
                    ),
                    when=self._stretch(index, place),
                )
            )
        beyond = [Not(Comparison(VALUE, "<", knot.at.formula)) for knot in self.through]
        made.append(
            Kept(
                code="above",
                points=last.points.low,
                because=Words(
                    zh="{what}{value}，不低于{end}，{gets}{kept}分",
                    en="{what} is {value}, not below {end}: {kept} points{gets}",
                ),
                quoting=(what, ("value", VALUE), ("end", last.at.formula), *_given(last.points.low, place)),
                when=Comparison(VALUE, "≥", last.at.formula) if self._ordered(place) else All(tuple(beyond)),
            )
        )
        return tuple(made)

    def _ordered(self, place: Place) -> bool:
        """Whether the knots are known to stand in their order, whatever the facts."""
        reach = [bounds(knot.at.formula, place.vocabulary) for knot in self.through]
        return all(low.high < high.low for low, high in pairwise(reach))

    def _stretch(self, index: int, place: Place) -> Formula:
        """Where a stretch applies. Of knots that facts put out of order, the first that lies above the value ends it, so
        that never two stretches apply, and none has no width.
        """
        below, above = self.through[index].at.formula, self.through[index + 1].at.formula
        if self._ordered(place):
            return Within(VALUE, below, above, True, False)
        passed = tuple(Comparison(VALUE, "<", knot.at.formula) for knot in self.through[: index + 1])
        return All((Not(Any(passed)), Comparison(VALUE, "<", above)))

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from measure_needed(place)
        if not place.measured or type_of(VALUE, place.vocabulary).sort != "number":
            return
        if len(self.through) < 2:
            yield Diagnostic(
                KNOTS_NEEDED,
                ("through",),
                Words(zh="只有 {n} 个点", en="knots: {n}").fill(n=str(len(self.through))),
                Words.same("through = [ { at = 0, points = 0 }, { at = 100, points = 10 } ]"),
            )
            return
        for index, knot in enumerate(self.through):
            yield from comparable(knot.at.formula, place, "through", index, "at")
            if knot.points.judged:
                yield Diagnostic(
                    KNOT_IS_A_RANGE,
                    ("through", index, "points"),
                    Words(zh="直线要从一个数画起", en="a line is drawn from one number"),
                    Words(
                        zh='写一个数，如 points = 6；由人给分用 kind = "bands"', en="write one number, as in points = 6"
                    ),
                )
                continue
            yield from in_range(knot.points, place, "through", index, "points")
        yield from self._out_of_order(place)
        if self.outside is None:
            yield from self._outside_not_said(place)

    def _out_of_order(self, place: Place) -> Iterator[Diagnostic]:
        for index, (low, high) in enumerate(pairwise(self.through), start=1):
            first, second = bounds(low.at.formula, place.vocabulary), bounds(high.at.formula, place.vocabulary)
            if first.high < second.low:
                continue
            never = first.low >= second.high
            shown = {"a": _shown(first.low, place), "b": _shown(second.high, place)}
            said = (
                Words(
                    zh="前一个点在 {a}，这个点在 {b}，没有更大", en="the knot before is at {a}, and {b} is not above it"
                )
                if never
                else Words(zh="不能证明这个点总在前一个点之后", en="it cannot be shown to lie above the knot before")
            )
            hint = Words(
                zh="把点从小到大写；来自输入的写 min 和 max",
                en="write the knots from small to large; give inputs min and max",
            )
            severity: Literal["error", "warning"] = "error" if never else "warning"
            before = Related(("through", index - 1, "at"), Words(zh="前一个点", en="the knot before"))
            at = ("through", index, "at")
            yield Diagnostic(KNOTS_OUT_OF_ORDER, at, said.fill(**shown), hint, severity, related=(before,))

    def _outside_not_said(self, place: Place) -> Iterator[Diagnostic]:
        """The readings at a value as far outside as the stretch beside it is wide, or at the end of the domain."""
        domain = bounds(VALUE, place.vocabulary)
        (first, second), (before, last) = self.through[:2], self.through[-2:]
        for knot, inner, outer in ((first, second, domain.low), (last, before, domain.high)):
            at, there = exactly(knot.at.formula, place), exactly(inner.at.formula, place)
            reach = bounds(knot.at.formula, place.vocabulary)
            if outer >= reach.low if knot is first else outer <= reach.high:
                continue
            told = Words.same("")
            if at is not None and there is not None and at != there:
                wide = 2 * at - there
                inside = isinstance(outer, Fraction) and (outer > wide if knot is first else outer < wide)
                value = outer if inside and isinstance(outer, Fraction) else wide
                ways = self._outside(knot, inner, (value - at) / (at - there), place)
                told = Words(zh="（例：完成 {v}，{each}）", en=" (at {v}, {each})").fill(
                    v=_shown(value, place), each=readings(place, *ways)
                )
            side = (
                Words(zh="第一个点以下", en="below the first knot")
                if knot is first
                else Words(zh="最后一个点以上", en="above the last knot")
            )
            yield Diagnostic(
                OUTSIDE_NOT_SAID,
                ("through",),
                Words(zh="没有写{side}怎么计分", en="what a value {side} gives is not said").fill(side=side) + told,
                Words(
                    zh='按最近的点计分写 outside = "clamp"；要接着直线算就再写一个点；到不了那里就写 min 和 max',
                    en='write outside = "clamp" to hold the points, one more knot to go on, or the min and max of the measure',
                ),
            )
            return

    def _outside(
        self, knot: Knot, inner: Knot, steps: Fraction, place: Place
    ) -> tuple[tuple[str | Words, Fraction | None], ...]:
        held, other = exactly(knot.points.low, place), exactly(inner.points.low, place)
        on = None if held is None or other is None else held + (held - other) * steps
        going = Words(zh="接着直线算", en="going on along the line")
        return (('"clamp"', held), (going, on), (Words(zh="不计分", en="nothing"), Fraction(0)))


def _on_the_line(low: Knot, high: Knot) -> Formula:
    start = low.points.low
    part = Quotient(minus(VALUE, low.at.formula), minus(high.at.formula, low.at.formula))
    rise = Product((minus(high.points.low, start), part))
    return rise if start == ZERO else Sum((start, rise))


def _given(points: Formula, place: Place) -> tuple[tuple[str, Formula | Words], ...]:
    return (("gets", place.gets), ("kept", points))


def _shown(end: Fraction | float, place: Place) -> str:
    percent = place.vocabulary["value"].type == "percent"
    return number_text(end, percent=percent) if isinstance(end, Fraction) else end_text(end)
