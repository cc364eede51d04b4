"""达标得分 · threshold — all points when the target holds, `otherwise` when it does not.

    weight = 40
    measure = "cases_per_10k"
    target = "≥ 10"
    criterion = { kind = "threshold" }

Says what regulations say as “达到目标得满分，否则不得分”. The target may be any condition: `"≥ 95% or improvement ≥
15pp"`. Where the rulebook counts demerits, a target that is missed incurs `otherwise`, by default the weight.

In: the target, and what is left when it is missed. Out: one loss. Nothing is given for coming close: see
`proportional`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from attrs import frozen

from perfscore.complaining import in_range, target_needed
from perfscore.criterion import Case, Example, Keeping, Kept, Place, Points
from perfscore.diagnostic import Diagnostic
from perfscore.formula.shapes import ALWAYS, VALUE, WEIGHT, ZERO
from perfscore.words import Words

CHINESE = """
达到目标得满分，达不到得 `otherwise`（不写就是 0 分）。对应条文“达到目标得满分，否则不得分”。

目标可以是任何条件，例如 `"≥ 95% or improvement ≥ 15pp"`（达到95%，或比上年提升15个百分点）。接近目标不另给分；要按接近程度给分，用 `proportional`。

扣分制（`counts = "demerit"`）里，达不到目标计 `otherwise` 分，不写就是本指标的全部分值。
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
            Case("1", "safe = false", ("安全无事故：否，未达到目标 无事故",)),
        ),
    ),
)


@frozen
class Threshold(Keeping):
    """达标得分 — everything, or what is left when the target is missed."""

    starts_from_weight = True
    otherwise: Annotated[Points | None, Words("没有达标得几分", "points where the target is missed")] = None

    def kept(self, place: Place) -> tuple[Kept, ...]:
        target = place.target or ALWAYS
        worst = Points(WEIGHT if place.demerit else ZERO)
        return (
            Kept(
                code="target-missed",
                points=(self.otherwise or worst).asked("points"),
                because=Words(
                    zh="{what}{colon}{value}，未达到目标 {target}",
                    en="{what}{colon} is {value}, the target {target} is not met",
                ),
                quoting=(
                    ("what", Words.same(place.vocabulary["value"].label)),
                    ("colon", place.colon),
                    ("value", VALUE),
                    ("target", Words.same(place.target_text) if place.target_text else target),
                ),
                unless=target,
                at=("otherwise",),
            ),
        )

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from target_needed(place)
        if self.otherwise is not None:
            yield from in_range(self.otherwise, place, "otherwise")
