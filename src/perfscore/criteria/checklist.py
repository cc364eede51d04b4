"""要素计分 · checklist — every item that is not met takes its points.

    weight = 3
    criterion = { kind = "checklist", items = [
        { id = "rules", name = "制度健全", points = 1 },
        { id = "lawful", name = "制度合法合规", points = 1 },
        { id = "executed", name = "制度有效执行", points = 1 },
    ] }

Says what regulations say as “每具备一个要素得 1 分” or “缺一项扣 1 分”. The assessor answers each item: met, not
met, or met to a share (`items = { rules = true, executed = 0.5 }`). An item that is not met is its own reason; a
share needs one.

In: items with points, and the assessor's answers. Out: one loss an item. An unanswered item is missing, not unmet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from attrs import frozen

from perfscore.complaining import THE_WEIGHT, distinct, in_range, room
from perfscore.criterion import Case, Criterion, Example, Loss, Place, Points, end_text
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import ONE, ZERO, Judged, Product, Sum, minus
from perfscore.words import Words

ITEMS_DISAGREE = Code(
    "PS351",
    "items-disagree",
    Words(
        zh="要素分值之和不等于本指标的分值：多了扣不完，少了得不到 0 分。",
        en="The items' points do not add up to the weight: some can never be lost, or zero is out of reach.",
    ),
)

CHINESE = """
每一个要素没有满足，就扣它的分。对应条文“每具备一个要素得1分”“缺一项扣1分”。

评分人逐项回答：满足 `true`，不满足 `false`，部分满足写比例，如 `0.5`。不满足本身就是原因；部分满足要写 `because`。没有回答的要素是“缺数据”，不是“不满足”。
"""

EXAMPLES = (
    Example(
        title=Words(zh="三个要点各 1 分", en="Three items of one point each"),
        rule="""\
[indicators.system]
name = "管理制度健全性"
weight = 3
criterion = { kind = "checklist", items = [
  { id = "rules", name = "制度健全", points = 1 },
  { id = "lawful", name = "制度合法合规", points = 1 },
  { id = "executed", name = "制度有效执行", points = 1 },
] }
""",
        cases=(
            Case("3", "[answers.system]\nitems = { rules = true, lawful = true, executed = true }"),
            Case(
                "2",
                "[answers.system]\nitems = { rules = true, lawful = false, executed = true }",
                ("“制度合法合规”未满足",),
            ),
            Case(
                "2.5",
                '[answers.system]\nitems = { rules = true, lawful = true, executed = 0.5 }\nbecause = "抽查两份，一份未执行"',
                ("“制度有效执行”满足50%，原因：抽查两份，一份未执行",),
            ),
        ),
    ),
)


@frozen
class Item:
    """要素 — what must be there, and the points it is worth."""

    id: Annotated[str, Words("要素的编号", "the id of the item")]
    name: Annotated[str, Words("要素的名称", "what must be there")]
    points: Annotated[Points, Words("没有满足扣几分", "points lost where it is not met")]
    clause: Annotated[str | None, Words("条文", "the words of the regulation")] = None


@frozen
class Checklist(Criterion):
    """要素计分 — items that are not met take their points."""

    items: Annotated[tuple[Item, ...], Words("各个要素", "the items")]

    def losses(self, place: Place) -> tuple[Loss, ...]:
        return tuple(_loss(index, item) for index, item in enumerate(self.items))

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from distinct((item.id for item in self.items), "items")
        for index, item in enumerate(self.items):
            yield from in_range(item.points, place, "items", index, "points", of="moved")
        if place.pooled:
            return  # the branch is worth what all its members take together, not what one of them does
        total = bounds(Sum(tuple(item.points.low for item in self.items) or (ZERO,)), place.vocabulary)
        most = room(place)
        if total.low > most or total.high < most:
            yield Diagnostic(
                ITEMS_DISAGREE,
                ("items",),
                Words(
                    zh="要素合计 {sum} 分，本指标 {weight} 分",
                    en="the items add up to {sum} points, the indicator is worth {weight}",
                ).fill(sum=end_text(total.low), weight=end_text(most)),
                Words(
                    zh="改要素的 points，使合计等于 weight", en="change the items' points until they add up to weight"
                ),
                "warning",
                related=(THE_WEIGHT,),
            )


def _loss(index: int, item: Item) -> Loss:
    part = f"items.{item.id}"
    met = Judged(part, ZERO, ONE, yes_no=True)
    return Loss(
        code=item.id,
        points=Product((item.points.asked(part), minus(ONE, met))),
        because=Words(zh="“{item}”{met}", en="“{item}” {met}"),
        quoting=(("item", Words.same(item.name)), ("met", met)),
        title=item.name,
        clause=item.clause,
        at=("items", index),
    )
