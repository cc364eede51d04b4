"""定性分级 · graded — the assessor names a grade, and the grade says the points.

    weight = 10
    clause = "达成年度指标、部分达成并具有一定效果、未达成且效果较差三档"
    criterion = { kind = "graded", grades = [
        { name = "达成", points = "[80%, 100%]" },
        { name = "部分达成", points = "[60%, 80%)" },
        { name = "未达成", points = "[0, 60%)" },
    ] }

For criteria that sort into a few grades by judgement (定性指标分三档). The facts name the grade, `grade = "达成"`, and
where its points are an interval the `points` within it. “达成为 100–80%” leaves open whether that is 100 or 80 and who
decides, so every grade must say its points. A grade that costs points needs a reason.

In: grades, and the one that the assessor named. Out: one loss a grade. What nobody has graded yet is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from attrs import frozen

from perfscore.complaining import distinct, exactly, in_range, readings, short
from perfscore.criterion import Case, Example, Keeping, Kept, Place, Points
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.shapes import ZERO, Comparison, Judged, number
from perfscore.words import Words

GRADE_WITHOUT_POINTS = Code(
    "PS356",
    "grade-without-points",
    Words(zh="没有写这一档得几分。", en="What a grade is worth is not said."),
)

CHINESE = """
由评分人评定档次，每一档写明得几分，用于分三档、四档的定性指标。

数据里写 `grade = "达成"`；这一档的分值是区间（如 `"[80%, 100%]"`）时，还要写 `points`。圆括号的一端不含在内。“达成为100%–80%”没有说是满分还是80%、由谁定，所以每一档都必须写 `points`。没有得满分的档次要写原因；没有评的是“缺数据”。
"""

EXAMPLES = (
    Example(
        title=Words(zh="三档，档内由评分人给分", en="Three grades, points within them from the assessor"),
        rule="""\
[indicators.effect]
name = "社会效益"
weight = 10
criterion = { kind = "graded", grades = [
  { name = "达成", points = "[80%, 100%]" },
  { name = "部分达成", points = "[60%, 80%)" },
  { name = "未达成", points = "[0, 60%)" },
] }
""",
        cases=(
            Case("10", '[answers.effect]\ngrade = "达成"\npoints = 10'),
            Case(
                "8.5",
                '[answers.effect]\ngrade = "达成"\npoints = 8.5\nbecause = "一项效益没有数据支持"',
                ("评为“达成”，得8.5分，原因：一项效益没有数据支持",),
            ),
            Case(
                "6",
                '[answers.effect]\ngrade = "部分达成"\npoints = 6\nbecause = "两个乡镇没有开展"',
                ("评为“部分达成”，得6分，原因：两个乡镇没有开展",),
            ),
        ),
    ),
    Example(
        title=Words(zh="每档一个分值", en="One number a grade"),
        rule="""\
[indicators.report]
name = "报告质量"
weight = 5
criterion = { kind = "graded", grades = [
  { name = "好", points = 5 },
  { name = "一般", points = 3, clause = "内容不完整" },
  { name = "差", points = 0 },
] }
""",
        cases=(
            Case("5", '[answers.report]\ngrade = "好"'),
            Case(
                "3",
                '[answers.report]\ngrade = "一般"\nbecause = "缺少财务数据"',
                ("评为“一般”，得3分，原因：缺少财务数据",),
            ),
        ),
    ),
)


@frozen
class Grade:
    """档次 — a word for how good it was, and the points it is worth."""

    name: Annotated[str, Words("档次，如“达成”", "the word for it")]
    points: Annotated[Points | None, Words('得几分，如 "(80%, 100%]"', "points of the grade")] = None
    clause: Annotated[str | None, Words("条文", "the words of the regulation")] = None


@frozen
class Graded(Keeping):
    """定性分级 — a grade named by the assessor, and its points."""

    starts_from_weight = True
    grades: Annotated[tuple[Grade, ...], Words("各个档次，从好到差", "the grades, best first")]

    def kept(self, place: Place) -> tuple[Kept, ...]:
        names = tuple(grade.name for grade in self.grades)
        named = Judged("grade", ZERO, number(len(names) - 1), choices=names)
        made = []
        for index, grade in enumerate(self.grades):
            points = (grade.points or Points(ZERO)).asked("points")
            made.append(
                Kept(
                    code=f"grade-{index + 1}",
                    points=points,
                    because=Words(zh="评为“{grade}”，{gets}{kept}分", en="graded “{grade}”: {kept} points{gets}"),
                    quoting=(("grade", Words.same(grade.name)), ("gets", place.gets), ("kept", points)),
                    when=Comparison(named, "=", number(index)),
                    clause=grade.clause,
                    at=("grades", index),
                )
            )
        return tuple(made)

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from distinct((grade.name for grade in self.grades), "grades", "name")
        for index, grade in enumerate(self.grades):
            if grade.points is not None:
                yield from in_range(grade.points, place, "grades", index, "points")
            else:
                yield self._without_points(index, place)

    def _without_points(self, index: int, place: Place) -> Diagnostic:
        """The readings by the author's own grades: all that the grade above leaves, equal steps, or the assessor's choice."""
        ends = (place.low, place.high) if place.demerit else (place.high, place.low)
        best, worst = (exactly(one, place) or Fraction(0) for one in ends)
        above = (self._end(at, place, high=place.demerit) for at in range(index - 1, -1, -1))
        below = (self._end(at, place, high=not place.demerit) for at in range(index + 1, len(self.grades)))
        upper = next((one for one in above if one is not None), best)
        lower = next((one for one in below if one is not None), worst)
        steps = max(1, len(self.grades) - 1)
        even = best + (worst - best) * Fraction(index, steps)
        low, high = sorted((lower, upper))
        interval = f'"[{short(low)}, {short(high)}]"'
        ways = readings(
            place,
            (Words(zh="取高的一端", en="its better end"), upper),
            (Words(zh="取低的一端", en="its worse end"), lower),
            (Words(zh="各档均分", en="equal steps"), even),
        )
        return Diagnostic(
            GRADE_WITHOUT_POINTS,
            ("grades", index),
            Words(
                zh="没有写“{name}”得几分：{ways}，或由评分人在 {interval} 里给",
                en="what “{name}” is worth is not said: {ways}, or the assessor chooses in {interval}",
            ).fill(name=self.grades[index].name, ways=ways, interval=interval),
            Words(zh="写 points = {n} 或 points = {interval}", en="write points = {n} or points = {interval}").fill(
                n=short(even), interval=interval
            ),
        )

    def _end(self, index: int, place: Place, *, high: bool) -> Fraction | None:
        """The higher or the lower end of another grade's points, where it says a number."""
        points = self.grades[index].points
        if points is None:
            return None
        return exactly((points.high or points.low) if high else points.low, place)
