"""直接引用 · direct — the observed figure already is points.

    weight = 20
    measure = { type = "number", min = 0, max = 20 }
    criterion = { kind = "direct" }

Says what regulations say as “按上级考核得分计分” or “考核得分（百分制）× 20%”: a score that somebody else gave is taken
over, `times` a factor where it has another full mark: `times = 0.2`. A percentage taken over can mean its share of the
weight or the bare number, so the file says which: `times = "weight"` for the share.

In: a figure and a factor. Out: one loss, of what the figure does not reach. It is never asked how the figure came about.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from attrs import frozen

from perfscore.complaining import THE_WEIGHT, exactly, measure_needed, readings
from perfscore.criterion import Amount, Case, Example, Keeping, Kept, Place, end_text
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.shapes import ONE, VALUE, Formula, times
from perfscore.formula.types import type_of
from perfscore.witnessing import leaving
from perfscore.words import Words

FIGURE_LEAVES_RANGE = Code(
    "PS346",
    "figure-leaves-range",
    Words(
        zh="引用的数可能超出本指标能得的分，超出的部分不算。",
        en="The figure can lie outside of what the indicator may give; what lies outside is cut off.",
    ),
)
PERCENT_AS_POINTS = Code(
    "PS347",
    "percent-as-points",
    Words(
        zh="引用的数是百分比，不知是按分值的百分之几，还是直接当作分数。",
        en="The figure is a percentage: a share of the weight, or bare points, is not said.",
    ),
)

CHINESE = """
完成值本身就是分数，直接引用，例如上级考核给的分。对应条文“按上级考核得分计分”“考核得分（百分制）×20%”。

分制不同时写 `times`：百分制的得分按 20 分计，写 `times = 0.2`。引用的是百分比时要写明：按分值的百分之几写 `times = "weight"`。给 measure 写上 `min` 和 `max`，超出分值的数在填数时就会指出。
"""

EXAMPLES = (
    Example(
        title=Words(zh="百分制的得分按 20 分计", en="A score out of a hundred counts a fifth"),
        rule="""\
[indicators.appraisal]
name = "上级考核得分"
weight = 20
measure = { type = "number", min = 0, max = 100, unit = "分" }
criterion = { kind = "direct", times = 0.2 }
""",
        cases=(
            Case("20", "appraisal = 100"),
            Case("18.5", "appraisal = 92.5", ("上级考核得分92.5分，乘以0.2，得18.5分",)),
        ),
    ),
)


ONCE = Amount(ONE)


@frozen
class Direct(Keeping):
    """直接引用 — a figure that already is points."""

    starts_from_weight = True
    times: Annotated[Amount, Words("乘以几", "what the figure is multiplied by")] = ONCE

    def kept(self, place: Place) -> tuple[Kept, ...]:
        points = self._points()
        said = Words(zh="{what}{value}，直接作为得分", en="{what} is {value}, taken over as points")
        if self.times.formula != ONE:
            said = Words(
                zh="{what}{value}，乘以{times}，{gets}{kept}分",
                en="{what} is {value}, times {times}: {kept} points{gets}",
            )
        quoting = (
            *(("what", Words.same(place.vocabulary["value"].label)), ("value", VALUE)),
            *(("times", self.times.formula), ("gets", place.gets), ("kept", points)),
        )
        return (Kept("figure", points, said, quoting),)

    def _points(self) -> Formula:
        return times(self.times.formula, VALUE)

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from measure_needed(place)
        if not place.measured or type_of(VALUE, place.vocabulary).sort != "number":
            return
        reach = bounds(self._points(), place.vocabulary)
        low, high = bounds(place.low, place.vocabulary).low, bounds(place.high, place.vocabulary).high
        if place.vocabulary["value"].type == "percent" and self.times.formula == ONE:
            weight = exactly(place.high, place)
            share = None if weight is None else weight * 9 / 10
            yield Diagnostic(
                PERCENT_AS_POINTS,
                ("kind",),
                Words(zh="完成值是百分比（例：90%，{each}）", en="the value is a percentage (at 90%, {each})").fill(
                    each=readings(
                        place,
                        (Words(zh="按分值的 90%", en="as a share of the points"), share),
                        (Words(zh="当作分数", en="as bare points"), Fraction(9, 10)),
                    )
                ),
                Words(
                    zh='写 times = "weight"，或 times = 100（96.2% 当 96.2 分）',
                    en='write times = "weight", or times = 100 for 96.2 points',
                ),
            )
        elif not reach.within(Interval(low, high)):
            shown = f"[{end_text(reach.low)}, {end_text(reach.high)}]"
            case, said = leaving(self._points(), Interval(low, high), place)
            yield Diagnostic(
                FIGURE_LEAVES_RANGE,
                ("kind",),
                Words(
                    zh="引用的数是 {shown} 分，超出 {low} 到 {high}{case}",
                    en="the figure is {shown} points, beyond {low} to {high}{case}",
                ).fill(shown=shown, low=end_text(low), high=end_text(high), case=said),
                Words(
                    zh="给 measure 写 min 和 max，或用 times 换算",
                    en="give the measure min and max, or convert it by times",
                ),
                "warning",
                related=(THE_WEIGHT,),
                witness=case,
            )
