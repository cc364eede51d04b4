"""评委评分 · judgement — the assessor gives the points, within a range and with a reason.

    weight = 10
    clause = "设有项目目标、项目目标明确、项目目标细化、项目目标量化"
    criterion = { kind = "judgement", consider = ["设有项目目标", "项目目标明确", "项目目标细化", "项目目标量化"] }

For criteria that name what to look at and leave the points to people (定性指标). `consider` lists what to look at,
`points = "[0, 10]"` the range, by default all that the indicator may give; a round bracket leaves its end out. Every
point not given needs a reason, unless the rulebook says `reasons = "reported"`.

Several people may judge: the facts then list `ratings`, and their mean counts. `trim = 1` leaves out the highest and
the lowest of them first (去掉一个最高分、一个最低分), which takes three raters at least.

In: a range, and the points that the assessors gave. Out: one loss. What nobody has judged yet is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from attrs import frozen

from perfscore.complaining import in_range
from perfscore.criterion import Case, Example, Keeping, Kept, Place, Points, end_text
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.words import Words, listed

RANGE_NEEDED = Code(
    "PS361",
    "range-needed",
    Words(
        zh="评委评分的 points 应是区间，如 “[0, 10]”。", en="The points of a judgement are a range, as in “[0, 10]”."
    ),
)

CHINESE = """
由评分人在规定范围内给分，并写原因，用于定性指标。`consider` 列出要看的方面，`points = "[0, 10]"` 是给分范围，不写就是从 0 到本指标的分值；圆括号的一端不含在内。

没有给满分就要写原因；规则里写 `reasons = "reported"` 时，没写原因只提示、不报错。没有评的是“缺数据”，不是 0 分。

可以由几个人评：数据里写 `ratings = [ { points = 8, by = "…" }, … ]`，取平均分。`trim = 1` 表示先去掉一个最高分和一个最低分，这样至少要三个人评；`trim_over = 5` 表示超过五个人评时才去掉。
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
    Example(
        title=Words(zh="几位评分人，去掉最高最低分", en="Several raters, without the highest and the lowest"),
        rule="""\
[indicators.quality]
name = "成果质量"
weight = 10
criterion = { kind = "judgement", trim = 1 }
""",
        cases=(
            Case(
                "8.5",
                "[answers.quality]\nratings = [ { points = 10 }, { points = 9 }, { points = 8 }, { points = 4 } ]\n"
                'because = "案例偏少"',
                ("评分人给8.5分，4位评分人平均，去掉最高10、最低4，原因：案例偏少",),
            ),
            Case("10", "[answers.quality]\nratings = [ { points = 10 }, { points = 10 }, { points = 10 } ]"),
        ),
    ),
)


@frozen
class Judgement(Keeping):
    """评委评分 — points within a range, given by one assessor or several."""

    starts_from_weight = True
    consider: Annotated[tuple[str, ...], Words("评分要点", "what the assessor looks at")] = ()
    points: Annotated[Points | None, Words('可给的分，如 "[0, 10]"', "points the assessor chooses from")] = None
    trim: Annotated[int, Words("去掉几个最高分和最低分", "how many of the highest and the lowest are left out")] = 0
    trim_over: Annotated[int, Words("评委多于几人才去", "trim only with more raters than this")] = 0

    def kept(self, place: Place) -> tuple[Kept, ...]:
        given = (self.points or Points(place.low, place.high)).asked("points", trim=self.trim, trim_over=self.trim_over)
        considered = listed(self.consider)
        said = (
            Words(zh="评分人计{given}分", en="the assessor charged {given} points")
            if place.demerit
            else Words(zh="评分人给{given}分", en="the assessor gave {given} points")
        )
        if self.consider:
            said += Words(zh="（{considered}）", en=" ({considered})")
        return (Kept("judged", given, said, (("given", given), ("considered", considered))),)

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        if self.points is None:
            return
        yield from in_range(self.points, place, "points")
        if not self.points.judged:
            yield Diagnostic(
                RANGE_NEEDED,
                ("points",),
                Words(zh="这是一个固定的数，没有可评的", en="this is a fixed number, which leaves nothing to judge"),
                Words(
                    zh='写 points = "[{low}, {high}]"，或不写（可给的全部范围）',
                    en='write points = "[{low}, {high}]", or leave it out (all that may be given)',
                ).fill(
                    low=end_text(bounds(place.low, place.vocabulary).low),
                    high=end_text(bounds(place.high, place.vocabulary).high),
                ),
            )
