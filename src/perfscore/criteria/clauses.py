"""扣分条款 · clauses — the general form: each clause says when points are lost, how many, and what excuses them.

    weight = 5
    criterion = { kind = "clauses", losses = [
        { id = "none", when = "not has_plan", points = 5, unless = "waived" },
        { id = "late", of = "late_reports", each = 0.5, at_most = 3 },
        { id = "vague", points = "[0, 2]" },
    ] }

A clause either takes `points` (all at once, `when` its condition holds), or counts: `each` times `of`, up to
`at_most`. `unless` excuses it. Points written as an interval are chosen by the assessor with a reason; answering 0
says that it did not happen. Clauses take points in their order, until none are left.

In: clauses. Out: one loss a clause. Nothing is decided by a formula hidden outside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from perfscore.criterion import Amount, Case, Condition, Criterion, Example, Loss, Place, Points, distinct, in_range
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.shapes import ZERO, Choice, Formula, Least, Product, not_below_zero
from perfscore.words import Words

CLAUSE_UNCLEAR = Code(
    "PS371",
    "clause-unclear",
    Words(
        zh="一条扣分要么写 points，要么写 of 和 each。",
        en="A clause says either points, or of and each.",
    ),
)

CHINESE = """
扣分条款的一般写法：逐条写明什么情况扣、扣几分、什么情况可以不扣。

一条要么写 `points`（`when` 的条件成立时一次扣），要么写 `of` 和 `each`（按次扣，可有上限 `at_most`）。`unless` 是豁免条件。`points = "[0, 2]"` 表示由评分人酌情扣，要写原因；回答 0 表示没有发生。各条按先后顺序扣，扣完为止。
"""

EXAMPLES = (
    Example(
        title=Words(zh="一次扣完、按次扣、酌情扣", en="All at once, by count, and at discretion"),
        rule="""\
[inputs.has_plan]
label = "有实施方案"
type = "yes-no"

[inputs.waived]
label = "经批准免报"
type = "yes-no"

[inputs.late_reports]
label = "迟报"
type = "count"
unit = "次"

[indicators.plan]
name = "组织实施"
weight = 5
criterion = { kind = "clauses", losses = [
  { id = "none", name = "没有实施方案", when = "not has_plan", points = 5, unless = "waived" },
  { id = "late", name = "迟报", of = "late_reports", each = 0.5, at_most = 3 },
  { id = "vague", name = "方案不具体", points = "[0, 2]" },
] }
""",
        cases=(
            Case("5", "has_plan = true\nwaived = false\nlate_reports = 0\n[answers.plan]\nlosses = { vague = 0 }"),
            Case(
                "2",
                'has_plan = true\nwaived = false\nlate_reports = 4\n[answers.plan]\nlosses = { vague = { points = 1, because = "没有时间表" } }',
                ("迟报：4次，每次扣0.5分，最多扣3分", "方案不具体，扣1分，原因：没有时间表"),
            ),
            Case(
                "0",
                "has_plan = false\nwaived = false\nlate_reports = 0\n[answers.plan]\nlosses = { vague = 0 }",
                ("没有实施方案，扣5分",),
            ),
            Case("5", "has_plan = false\nwaived = true\nlate_reports = 0\n[answers.plan]\nlosses = { vague = 0 }"),
        ),
    ),
)


@frozen
class Clause:
    """扣分条款 — when points are lost, how many, and what excuses them."""

    id: str
    name: str | None = None
    when: Condition | None = None
    points: Points | None = None
    of: Amount | None = None
    each: Points | None = None
    at_most: Points | None = None
    unless: Condition | None = None
    clause: str | None = None


@frozen
class Clauses(Criterion):
    """扣分条款 — clauses, in the order in which they take points."""

    losses_: tuple[Clause, ...]

    def losses(self, place: Place) -> tuple[Loss, ...]:
        return tuple(_loss(one) for one in self.losses_)

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from distinct((one.id for one in self.losses_), "losses")
        for index, one in enumerate(self.losses_):
            counts = one.of is not None and one.each is not None
            if counts == (one.points is not None) or (one.of is None) != (one.each is None):
                yield Diagnostic(
                    CLAUSE_UNCLEAR,
                    ("losses", index),
                    Words(zh="看不出这一条扣几分", en="how many points this clause takes is not clear"),
                    Words(
                        zh='写 points = …，或写 of = "…" 和 each = …', en='write points = …, or of = "…" and each = …'
                    ),
                )
            for name, written in (("points", one.points), ("each", one.each), ("at_most", one.at_most)):
                if written is not None:
                    yield from in_range(written, place, "losses", index, name, limit=name == "at_most")


def _loss(one: Clause) -> Loss:
    lost, said, quoting = _amount(one)
    if one.at_most is not None:
        lost = Least((one.at_most.low, lost))
        said += Words(zh="，最多扣{most}分", en=", at most {most} points")
        quoting = (*quoting, ("most", one.at_most.low))
    if one.when is not None:
        lost = Choice(one.when.formula, lost, ZERO)
    if one.unless is not None:
        lost = Choice(one.unless.formula, ZERO, lost)
    return Loss(one.id, lost, said, quoting, one.name or one.id, one.clause)


def _amount(one: Clause) -> tuple[Formula, Words, tuple[tuple[str, Formula | Words], ...]]:
    part = f"losses.{one.id}"
    what = ("what", Words.same(one.name or one.id))
    if one.of is not None and one.each is not None:
        count, each = not_below_zero(one.of.formula), one.each.asked(part, or_none=True)
        said = Words(zh="{what}：{count}次，每次扣{each}分", en="{what}: {count} at {each} points each")
        return Product((count, each)), said, (what, ("count", count), ("each", each))
    points = one.points.asked(part, or_none=True) if one.points is not None else ZERO
    return points, Words(zh="{what}，扣{points}分", en="{what}: {points} points"), (what, ("points", points))
