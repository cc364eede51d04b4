"""按次扣分 · per-occurrence — every recorded occurrence takes the same points, until none are left.

    weight = 2
    criterion = { kind = "per-occurrence", deductions = [
        { id = "vouchers", of = "missing_vouchers", each = 0.5 },
        { id = "late", of = "late_reports", each = 0.2, at_most = 1 },
    ] }

Says what regulations say as “每发现一处扣 0.5 分，扣完为止”. Each entry counts something of its own, at its own
price, and may stop at `at_most`; together they stop at the weight. `of` is a count, or a formula such as `max(0,
planned - held)` for “每少一场”.

    { id = "late", for_each = "projects", when = "projects.late", each = 1, at_most = 3 }

With `for_each` every record of a table takes points of its own, and is named by its deduction: `of` is 1 unless written, and
`of`, `each` and `when` read its columns. `at_most` is for all its records together.

In: counts and prices. Out: one loss an entry, in their order. A count below 0 takes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from attrs import field, frozen

from perfscore.complaining import THE_WEIGHT, distinct, in_range, room, told_of_records
from perfscore.criterion import Amount, Case, Condition, Criterion, Example, Loss, Place, Points, Rows, end_text
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import ONE, ZERO, Choice, Formula, Least, Name, not_below_zero, times
from perfscore.words import Words

ONE_IS_TOO_DEAR = Code(
    "PS341",
    "one-is-too-dear",
    Words(zh="一次就要扣掉比本指标分值还多的分。", en="A single occurrence costs more than the indicator is worth."),
)

NOTHING_COUNTED = Code(
    "PS342",
    "nothing-counted",
    Words(zh="没有写 of，也没有写 for_each。", en="Neither of nor for_each is written."),
)
AT_MOST = Words(zh="，最多扣{most}分", en=", at most {most} points")
IN_ALL = Words(zh="，合计最多扣{most}分", en=", at most {most} points in all")

CHINESE = """
每发生一次（每发现一处）扣同样的分，扣完为止。每一项有自己的计数、单价，也可以有自己的上限 `at_most`；合起来最多扣到本指标的分值。

`of` 是计数的名字，也可以是公式：“每少一场扣1分”写 `of = "max(0, planned - held)"`。

`for_each` 写一张表的名字：表里每条记录各扣一次，扣分原因写明是哪条记录。这时 `of` 不写就是 1，`of`、`each`、`when` 都可以用这条记录的列；`at_most` 是各条记录合计的上限。
"""

EXAMPLES = (
    Example(
        title=Words(zh="每处扣 0.5 分，扣完为止", en="0.5 points each, until none are left"),
        rule="""\
[inputs.missing_vouchers]
label = "凭证缺失"
type = "count"
unit = "处"

[indicators.vouchers]
name = "凭证规范性"
weight = 2
criterion = { kind = "per-occurrence", deductions = [
  { id = "vouchers", of = "missing_vouchers", each = 0.5 },
] }
""",
        cases=(
            Case("2", "missing_vouchers = 0"),
            Case("0.5", "missing_vouchers = 3", ("凭证缺失3处，每处扣0.5分",)),
            Case("0", "missing_vouchers = 4", ("凭证缺失4处，每处扣0.5分",)),
            Case("0", "missing_vouchers = 9", ("凭证缺失9处，每处扣0.5分，扣完为止",)),
        ),
    ),
    Example(
        title=Words(zh="两种扣分，各有上限", en="Two deductions, each with its own limit"),
        rule="""\
[inputs.missing_records]
label = "记录缺失"
type = "count"
unit = "份"

[inputs.households]
label = "走访户次"
type = "count"
unit = "户次"

[indicators.visits]
name = "走访"
weight = 12
criterion = { kind = "per-occurrence", deductions = [
  { id = "visits", name = "走访少", of = "max(0, 50 - households)", each = 0.5, at_most = 10 },
  { id = "records", of = "missing_records", each = 0.1, at_most = 5 },
] }
""",
        cases=(
            Case("12", "households = 50\nmissing_records = 0"),
            Case(
                "1",
                "households = 20\nmissing_records = 10",
                ("走访少：30户次，每户次扣0.5分，最多扣10分", "记录缺失10份，每份扣0.1分，最多扣5分"),
            ),
        ),
    ),
)


@frozen
class Occurrence:
    """扣分项 — what is counted, and what each costs."""

    id: Annotated[str, Words("扣分项的编号", "the id of the deduction")]
    of: Annotated[Amount | None, Words("数什么", "what is counted")] = None
    each: Annotated[Points, Words("每一次扣几分", "points lost for each")] = field(kw_only=True)
    at_most: Annotated[Points | None, Words("最多扣几分", "the most it takes")] = None
    name: Annotated[str | None, Words("扣分项的名称", "what people call it")] = None
    clause: Annotated[str | None, Words("条文", "the words of the regulation")] = None
    for_each: Annotated[Rows | None, Words("一张表：每条记录各算一次", "a table: once for each record")] = None
    when: Annotated[Condition | None, Words("什么条件下扣", "when it applies")] = None


@frozen
class PerOccurrence(Criterion):
    """按次扣分 — counted occurrences at their prices."""

    deductions: Annotated[tuple[Occurrence, ...], Words("各个扣分项", "what is counted")]

    def losses(self, place: Place) -> tuple[Loss, ...]:
        return tuple(self._loss(index, one, place) for index, one in enumerate(self.deductions))

    def _loss(self, index: int, one: Occurrence, place: Place) -> Loss:
        of = ONE if one.of is None else one.of.formula
        count = of if bounds(of, place.vocabulary).low >= 0 else not_below_zero(of)
        each = one.each.asked(f"losses.{one.id}")
        lost = times(count, each)
        said = Words(zh="{what}：{count}{unit}，{a}扣{each}分", en="{what}: {count}{unit} at {a}{each} points each")
        if isinstance(count, Name):  # a figure is said with its own label and unit
            said = Words(zh="{what}{count}，{a}扣{each}分", en="{what}: {count} at {a}{each} points each")
        if one.of is None:
            said = Words(zh="{what}，扣{each}分", en="{what}: {each} points")
        unit = place.counted(count)
        quoting: tuple[tuple[str, Formula | Words], ...] = (
            ("what", Words.same(one.name or _label(one, place))),
            *(("count", count), ("unit", unit), ("a", Words(zh="每" + unit.zh, en=""))),
            ("each", each),
        )
        most = None
        if one.at_most is not None:
            most = one.at_most.low
            said += IN_ALL if one.for_each else AT_MOST
            quoting = (*quoting, ("most", most))
            lost = lost if one.for_each else Least((most, lost))
        lost = lost if one.when is None else Choice(one.when.formula, lost, ZERO)
        title = one.name or _label(one, place)
        whole = most if one.for_each is not None else None
        return Loss(one.id, lost, said, quoting, title, one.clause, one.for_each, whole, ("deductions", index))

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from distinct((one.id for one in self.deductions), "deductions")
        for index, one in enumerate(self.deductions):
            if one.of is None and one.for_each is None:
                yield Diagnostic(
                    NOTHING_COUNTED,
                    ("deductions", index),
                    Words(zh="没有说数的是什么", en="what is counted is not said"),
                    Words(
                        zh='写 of = "…"；表里每条记录各扣一次写 for_each = "…"',
                        en='write of = "…"; for a deduction a record of a table write for_each = "…"',
                    ),
                )
            yield from told_of_records(one.for_each, one.each, "deductions", index, "each")
            if not _too_dear(one, place):
                yield from in_range(one.each, place, "deductions", index, "each", of="moved")
            if one.at_most is not None:
                yield from in_range(one.at_most, place, "deductions", index, "at_most", limit=True, of="moved")
            if _too_dear(one, place):
                yield Diagnostic(
                    ONE_IS_TOO_DEAR,
                    ("deductions", index, "each"),
                    Words(
                        zh="一次扣的分比本指标的 {w} 分还多",
                        en="one occurrence takes more than the {w} points of the indicator",
                    ).fill(w=end_text(room(place))),
                    Words(
                        zh='如果一次就扣完，改用 kind = "threshold"',
                        en='if one occurrence should cost everything, say so with kind = "threshold"',
                    ),
                    "warning",
                    related=(THE_WEIGHT,),
                )


def _too_dear(one: Occurrence, place: Place) -> bool:
    return bounds(one.each.low, place.vocabulary).low > room(place)


def _label(one: Occurrence, place: Place) -> str:
    match one.of:
        case Amount(formula=Name(name=name)):
            return place.vocabulary[name].label
        case _:
            return one.clause or one.id
