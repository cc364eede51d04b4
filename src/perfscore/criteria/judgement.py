"""评委评分 · judgement — the assessor gives the points, within a range and with a reason.

    weight = 10
    clause = "设有项目目标、项目目标明确、项目目标细化、项目目标量化"
    criterion = { kind = "judgement", consider = ["设有项目目标", "项目目标明确", "项目目标细化", "项目目标量化"] }

For criteria that name what to look at and leave the points to people (定性指标). `consider` lists what to look at,
`points = "[0, 10]"` the range, by default from 0 to the weight. Every point not given needs a reason, unless the
rulebook says `reasons = "reported"`.

In: a range, and the points that the assessor gave. Out: one loss. What nobody has judged yet is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from perfscore.criterion import Case, Criterion, Example, Loss, Place, Points, end_text, in_range
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import WEIGHT, ZERO, minus
from perfscore.words import Words, listed

RANGE_NEEDED = Code(
    "PS361",
    "range-needed",
    Words(
        zh="评委评分的 points 应是区间，如 “[0, 10]”。", en="The points of a judgement are a range, as in “[0, 10]”."
    ),
)

CHINESE = """
由评分人在规定范围内给分，并写原因，用于定性指标。`consider` 列出要看的方面，`points = "[0, 10]"` 是给分范围，不写就是从 0 到本指标的分值。

没有给满分就要写原因；规则里写 `reasons = "reported"` 时，没写原因只提示、不报错。没有评的是“缺数据”，不是 0 分。
"""

EXAMPLES = (
    Example(
        title=Words(zh="由评价组给分", en="Given by the assessors"),
        rule="""\
[indicators.goals]
name = "目标内容"
weight = 10
criterion = { kind = "judgement", consider = ["目标明确", "目标量化"] }
""",
        cases=(
            Case("10", "[answers.goals]\npoints = 10"),
            Case(
                "9",
                '[answers.goals]\npoints = 9\nbecause = "没有量化"',
                ("评分人给9分（目标明确、目标量化），原因：没有量化",),
            ),
        ),
    ),
)


@frozen
class Judgement(Criterion):
    """评委评分 — points within a range, given by the assessor."""

    consider: tuple[str, ...] = ()
    points: Points = Points(ZERO, WEIGHT)

    def losses(self, place: Place) -> tuple[Loss, ...]:
        given = self.points.asked("points")
        considered = listed(self.consider)
        said = Words(zh="评分人给{given}分", en="the assessor gave {given} points")
        if self.consider:
            said += Words(zh="（{considered}）", en=" ({considered})")
        return (Loss("judged", minus(WEIGHT, given), said, (("given", given), ("considered", considered))),)

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from in_range(self.points, place, "points")
        if not self.points.judged:
            yield Diagnostic(
                RANGE_NEEDED,
                ("points",),
                Words(zh="这是一个固定的数，没有可评的", en="this is a fixed number, which leaves nothing to judge"),
                Words(
                    zh='写 points = "[0, {w}]"，或不写（从 0 到满分）',
                    en='write points = "[0, {w}]", or leave it out (0 to the weight)',
                ).fill(w=end_text(bounds(WEIGHT, place.vocabulary).high)),
            )
