"""按比例 · proportional — the achieved share of the target is the share of the points.

    weight = 10
    measure = "executed / budget"
    target = "≥ 95%"
    criterion = { kind = "proportional", nothing_below = "60%" }

Says what regulations say as “得分 = 完成值 ÷ 目标值 × 分值”; full points wherever the target holds. Where less is
better (≤, <) or more than the target is a deviation (=), regulations use two formulas that differ widely, so the
file must say which: `inverse = "ratio"` is 目标值 ÷ 完成值, `inverse = "excess"` is 1 − (完成值 − 目标值) ÷ 目标值,
which reaches 0 at twice the target. `nothing_below` gives nothing where the achieved share is lower. Where the rulebook
counts demerits, what is missing of the share is incurred.

In: the target as one comparison with a number above 0. Out: one loss. No share above 100% earns more than the weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from attrs import evolve, frozen

from perfscore.complaining import exactly, example, number_needed, target_needed
from perfscore.criterion import Amount, Case, Criterion, Example, Loss, Place, share
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import (
    ONE,
    TARGET,
    VALUE,
    WEIGHT,
    ZERO,
    Choice,
    Comparison,
    Constant,
    Formula,
    Greatest,
    Quotient,
    Sum,
    minus,
)
from perfscore.formula.types import type_of
from perfscore.words import Words

INVERSE_NOT_SAID = Code(
    "PS311",
    "inverse-not-said",
    Words(
        zh="反向指标按比例得分有两种公式，结果相差很大，规则须写明用哪一种。",
        en="Where less is better there are two formulas for a proportional score; the file must say which.",
    ),
)
ONE_TARGET_NEEDED = Code(
    "PS312",
    "one-target-needed",
    Words(
        zh="按比例得分要同一个目标数相除，区间和“或”没有这样的数。",
        en="A proportional score divides by one target number; an interval or an “or” has none.",
    ),
)
TARGET_NOT_POSITIVE = Code(
    "PS313",
    "target-not-positive",
    Words(zh="目标值可能是 0 或负数，不能用来除。", en="The target can be 0 or negative, and cannot be divided by."),
)

CHINESE = """
得分 = 完成值 ÷ 目标值 × 分值；达到目标得满分，超额不加分。

反向指标（目标是 ≤、< 或 =）有两种算法，结果相差很大，必须写明：`inverse = "ratio"` 是 目标值 ÷ 完成值；`inverse = "excess"` 是 1 −（完成值 − 目标值）÷ 目标值，完成值到目标的两倍时为 0 分。

`nothing_below = "60%"` 表示完成率低于 60% 不得分。目标值要大于 0；目标是 0 时用 `threshold`。
"""

EXAMPLES = (
    Example(
        title=Words(zh="正向：完成值 ÷ 目标值", en="More is better"),
        rule="""\
[indicators.rate]
name = "预算执行率"
weight = 10
measure = { type = "percent" }
target = "≥ 95%"
criterion = { kind = "proportional", nothing_below = "60%" }
""",
        cases=(
            Case("10", 'rate = "95%"'),
            Case("10", 'rate = "102%"'),
            Case("8", 'rate = "76%"', ("预算执行率76%，为目标值95%的80%",)),
            Case("0", 'rate = "50%"', ("预算执行率50%，为目标值95%的≈52.6316%，低于60%不得分",)),
        ),
    ),
    Example(
        title=Words(zh="反向：目标值 ÷ 完成值", en="Less is better, by the ratio"),
        rule="""\
[indicators.cost]
name = "单位成本"
weight = 10
measure = { type = "money", unit = "元" }
target = "≤ 10"
criterion = { kind = "proportional", inverse = "ratio" }
""",
        cases=(
            Case("10", "cost = 8"),
            Case("8.33", "cost = 12", ("单位成本12元，为目标值10的≈83.3333%",)),
            Case("5", "cost = 20", ("单位成本20元，为目标值10的50%",)),
        ),
    ),
    Example(
        title=Words(zh="反向：按超出部分扣减", en="Less is better, by the excess"),
        rule="""\
[indicators.cost]
name = "单位成本"
weight = 10
measure = { type = "money", unit = "元" }
target = "≤ 10"
criterion = { kind = "proportional", inverse = "excess" }
""",
        cases=(
            Case("8", "cost = 12", ("单位成本12元，为目标值10的80%",)),
            Case("0", "cost = 20", ("单位成本20元，为目标值10的0%",)),
            Case("0", "cost = 25", ("单位成本25元，为目标值10的0%",)),
        ),
    ),
)


@frozen
class Proportional(Criterion):
    """按比例 — the achieved share of the target, as a share of the weight."""

    starts_from_weight = True
    inverse: Annotated[
        Literal["ratio", "excess"] | None,
        Words("越小越好时：ratio 目标÷实际，excess 按超出的比例扣", "how a value above a ≤ target counts"),
    ] = None
    nothing_below: Annotated[
        Amount | None, Words("完成率低于它不得分", "the achieved share below which nothing is left")
    ] = None

    def losses(self, place: Place) -> tuple[Loss, ...]:
        achieved = self._achieved(place)
        lost = minus(WEIGHT, share(achieved))
        said = Words(
            zh="{what}{value}，为目标值{target}的{share}", en="{what} is {value}, {share} of the target of {target}"
        )
        quoting = (
            ("what", Words.same(place.vocabulary["value"].label)),
            ("value", VALUE),
            ("target", TARGET),
            ("share", _percent(achieved)),
        )
        met = place.target or ZERO
        if self.nothing_below is None:
            return (Loss("below-target", Choice(met, ZERO, lost), said, quoting),)
        least = self.nothing_below.formula
        too_low = Comparison(achieved, "<", least)
        nothing = said + Words(zh="，低于{least}不得分", en="; nothing is given below {least}")
        return (
            Loss("below-target", Choice(met, ZERO, Choice(too_low, ZERO, lost)), said, quoting),
            Loss(
                "far-below-target",
                Choice(met, ZERO, Choice(too_low, WEIGHT, ZERO)),
                nothing,
                (*quoting, ("least", least)),
            ),
        )

    def _achieved(self, place: Place) -> Formula:
        forward = _at_least_nothing(Quotient(VALUE, TARGET), place)
        if self.inverse is None:
            return forward
        over = (
            Quotient(TARGET, VALUE) if self.inverse == "ratio" else minus(ONE, Quotient(minus(VALUE, TARGET), TARGET))
        )
        inverse = _at_least_nothing(over, place)
        match place.target:
            case Comparison(by="="):
                return Choice(Comparison(VALUE, ">", TARGET), inverse, forward)
            case _:
                return inverse

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from target_needed(place)
        yield from number_needed(place)
        if place.target is None or not place.measured or type_of(VALUE, place.vocabulary).sort != "number":
            return
        number = place.target_number
        match place.target:
            case Comparison(by="≤" | "<" | "=" as sign) if number is not None and self.inverse is None:
                yield Diagnostic(
                    INVERSE_NOT_SAID,
                    at=("kind",),
                    message=Words(
                        zh="目标是 {sign}，没有写超过目标时怎么算{example}",
                        en="the target is {sign}, and how to score above it is not said{example}",
                    ).fill(sign=sign, example=self._both_formulas(number, place)),
                    hint=Words(
                        zh='写 inverse = "ratio" 或 inverse = "excess"',
                        en='write inverse = "ratio" or inverse = "excess"',
                    ),
                )
            case Comparison(by="≠"):
                number = None
            case _:
                pass
        if number is None:
            yield Diagnostic(
                ONE_TARGET_NEEDED,
                at=("kind",),
                message=Words(zh="目标不是同一个数比较", en="the target is not one comparison with a number"),
                hint=Words(
                    zh='写成 target = "≥ …" 这样的一个比较，或改用 kind = "bands"',
                    en='write one comparison such as target = "≥ …", or use kind = "bands"',
                ),
            )
        elif not bounds(number, place.vocabulary).above_zero:
            yield Diagnostic(
                TARGET_NOT_POSITIVE,
                at=("kind",),
                message=Words(zh="不能证明目标值总大于 0", en="the target cannot be shown to be above 0 always"),
                hint=Words(
                    zh='目标为 0 时改用 kind = "threshold"；目标来自输入时给它写 above = 0',
                    en='for a target of 0 use kind = "threshold"; where the target is an input, give that input above = 0',
                ),
            )

    def _both_formulas(self, number: Formula, place: Place) -> Words:
        """What each formula gives a fifth above the author's own target, or further."""
        target = exactly(number, place)
        ratio, excess = evolve(self, inverse="ratio"), evolve(self, inverse="excess")
        above = [target * Fraction(part, 5) for part in (6, 8, 15)] if target is not None and target > 0 else []
        return example(place, above, ("ratio", ratio), ("excess", excess))


def _at_least_nothing(share: Formula, place: Place) -> Formula:
    """A share that cannot fall below 0; one that never does is left as people write it."""
    return share if bounds(share, place.vocabulary).low >= 0 else Greatest((ZERO, share))


def _percent(achieved: Formula) -> Formula:
    """The share as people read it: a sum with 0% is read as a percentage, and changes nothing."""
    return Sum((Constant(Fraction(0), "percent"), achieved))
