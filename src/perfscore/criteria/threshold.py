"""达标得分 · threshold — all points when the target holds, `otherwise` when it does not.

    weight = 40
    measure = "cases_per_10k"
    target = "≥ 10"
    criterion = { kind = "threshold" }

Says what regulations say as “达到目标得满分，否则不得分”. The target may be any condition: `"≥ 95% or improvement ≥
15pp"`.

In: the target, and what is left when it is missed. Out: one loss. Nothing is given for coming close: see
`proportional`.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from perfscore.criterion import Case, Criterion, Example, Loss, Place, Points, in_range, points, target_needed
from perfscore.diagnostic import Diagnostic
from perfscore.formula.shapes import ALWAYS, VALUE, WEIGHT, ZERO, Choice, minus
from perfscore.words import Words

CHINESE = """
达到目标得满分，达不到得 `otherwise`（不写就是 0 分）。对应条文“达到目标得满分，否则不得分”。

目标可以是任何条件，例如 `"≥ 95% or improvement ≥ 15pp"`（达到95%，或比上年提升15个百分点）。接近目标不另给分；要按接近程度给分，用 `proportional`。
"""

EXAMPLES = (
    Example(
        title=Words(zh="达标与不达标", en="Met and not met"),
        rule="""\
[indicators.cases]
name = "万人比"
weight = 40
measure = { type = "number", unit = "件/万人" }
target = "≥ 10"
criterion = { kind = "threshold" }
""",
        cases=(
            Case("40", "cases = 10"),
            Case("0", "cases = 9.99", ("万人比9.99件/万人，未达到目标 ≥ 10",)),
        ),
    ),
    Example(
        title=Words(zh="不达标保留一部分", en="Something is left when it is missed"),
        rule="""\
[indicators.safe]
name = "安全无事故"
weight = 5
measure = { type = "yes-no" }
target = "value"
target_text = "无事故"
criterion = { kind = "threshold", otherwise = "20%" }
""",
        cases=(
            Case("5", "safe = true"),
            Case("1", "safe = false", ("安全无事故否，未达到目标 无事故",)),
        ),
    ),
)


@frozen
class Threshold(Criterion):
    """达标得分 — everything, or what is left when the target is missed."""

    otherwise: Points = points(0)

    def losses(self, place: Place) -> tuple[Loss, ...]:
        target = place.target or ALWAYS
        return (
            Loss(
                code="target-missed",
                points=Choice(target, ZERO, minus(WEIGHT, self.otherwise.asked("points"))),
                because=Words(
                    zh="{what}{value}，未达到目标 {target}", en="{what} is {value}, the target {target} is not met"
                ),
                quoting=(
                    ("what", Words.same(place.vocabulary["value"].label)),
                    ("value", VALUE),
                    ("target", Words.same(place.target_text) if place.target_text else target),
                ),
            ),
        )

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from target_needed(place)
        yield from in_range(self.otherwise, place, "otherwise")
