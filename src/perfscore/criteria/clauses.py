"""扣分条款 · clauses — the general form: each clause says when points are lost, how many, and what excuses them.

    weight = 5
    criterion = { kind = "clauses", losses = [
        { id = "none", when = "not has_plan", points = 5, unless = "waived" },
        { id = "late", of = "late_reports", each = 0.5, at_most = 3 },
        { id = "vague", points = "[0, 2]" },
    ] }

A clause either takes `points` (all at once, `when` its condition holds), or counts: `each` times `of`, up to
`at_most`. `unless` excuses it; it is read last, and only where something would be taken. Points written as an interval are chosen by the assessor with a reason; answering 0
says that it did not happen. Clauses take points in their order, until none are left.

    credits = [ { id = "extra", of = "articles", each = 1, at_most = 2 } ]

    { id = "complaint", for_each = "complaints", when = "complaints.confirmed", points = 2, at_most = 6 }

With `for_each` a clause takes its points of every record of a table, which its deduction names: its formulas read the columns
of the record, and `at_most` is for all records together.

`credits` are clauses that give points (加分), in the same words. They come after everything that was taken, and go up to
the upper end of the indicator's `range`, by default its weight.

In: clauses. Out: one loss or credit a clause. Nothing is decided by a formula hidden outside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from attrs import frozen

from perfscore.complaining import credit_never_given, distinct, in_range, not_empty, told_of_records
from perfscore.criterion import Amount, Case, Condition, Criterion, Example, Gain, Loss, Place, Points, Quote, Rows
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.prose import SYNTAX, tell
from perfscore.formula.shapes import WEIGHT, ZERO, Choice, Comparison, Constant, Formula, Least, Product, not_below_zero
from perfscore.formula.walking import judged_parts, names
from perfscore.words import Words

CLAUSE_UNCLEAR = Code(
    "PS371",
    "clause-unclear",
    Words(
        zh="一条要么写 points，要么写 of 和 each。",
        en="A clause says either points, or of and each.",
    ),
)
ALWAYS_TAKEN = Code(
    "PS372",
    "always-taken",
    Words(
        zh="没有写什么情况下扣（加）这些分，人人都扣（加）。",
        en="A clause does not say when it moves its points, so it does so for everybody.",
    ),
)

CHINESE = """
扣分条款的一般写法：逐条写明什么情况扣、扣几分、什么情况可以不扣。

一条要么写 `points`（`when` 的条件成立时一次扣），要么写 `of` 和 `each`（按次扣，可有上限 `at_most`）。`unless` 是豁免条件，最后才看：没有可扣的，就不问有没有豁免。`points = "[0, 2]"` 表示由评分人酌情扣，要写原因；回答 0 表示没有发生。各条按先后顺序扣，扣完为止。

写了 `for_each = "表名"` 的条款，对表里每条记录各算一次，扣分原因写明是哪条记录；公式可以用这条记录的列，`at_most` 是各条记录合计的上限。

`credits` 是加分条款，写法相同，在扣分之后加，最多加到本指标 `range` 的上端（不写就是分值）。评分人在 `answers` 的 `credits` 里回答。
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
    """扣分或加分条款 — when points are taken or given, how many, and what excuses it."""

    id: Annotated[str, Words("条款的编号", "the id of the clause")]
    name: Annotated[str | None, Words("条款的名称", "what people call it")] = None
    when: Annotated[Condition | None, Words("什么条件下扣（加）", "when it applies")] = None
    points: Annotated[Points | None, Words('一次扣（加）几分，如 "[0, 2]"', "points taken or given at once")] = None
    of: Annotated[Amount | None, Words("数什么", "what is counted")] = None
    each: Annotated[Points | None, Words("每一个扣（加）几分", "points for each")] = None
    at_most: Annotated[Points | None, Words("最多扣（加）几分", "the most it takes or gives")] = None
    unless: Annotated[Condition | None, Words("什么条件下不扣（不加）", "what excuses it")] = None
    clause: Annotated[str | None, Words("条文", "the words of the regulation")] = None
    for_each: Annotated[Rows | None, Words("一张表：每条记录各算一次", "a table: once for each record")] = None


@frozen
class Clauses(Criterion):
    """条款 — clauses, in the order in which they take points, and in which they give some."""

    losses_: Annotated[tuple[Clause, ...], Words("扣分的条款", "clauses that take points")] = ()
    credits_: Annotated[tuple[Clause, ...], Words("加分的条款", "clauses that give points")] = ()

    def losses(self, place: Place) -> tuple[Loss, ...]:
        return tuple(
            Loss(*_told(one, "losses", TAKEN, place), at=("losses", index)) for index, one in enumerate(self.losses_)
        )

    def credits(self, place: Place) -> tuple[Gain, ...]:
        return tuple(
            Gain(*_told(one, "credits", GIVEN, place), at=("credits", index)) for index, one in enumerate(self.credits_)
        )

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from not_empty((*self.losses_, *self.credits_), "losses")
        for listed, clauses in (("losses", self.losses_), ("credits", self.credits_)):
            if clauses:
                yield from distinct((one.id for one in clauses), listed)
            for index, one in enumerate(clauses):
                yield from (told.under(listed, index) for told in _complaints(one, place))
        if self.credits_ and not self.losses_:  # else what was taken can be given back
            yield from credit_never_given(place, "credits")


@frozen
class Verb:
    """What a clause is said to do with points."""

    at_once: Words
    by_count: Words
    at_most: Words
    in_all: Words


TAKEN = Verb(
    Words(zh="{what}，扣{points}分", en="{what}: {points} points"),
    Words(zh="{what}：{count}{unit}，每{unit}扣{each}分", en="{what}: {count}{unit} at {each} points each"),
    Words(zh="，最多扣{most}分", en=", at most {most} points"),
    Words(zh="，合计最多扣{most}分", en=", at most {most} points in all"),
)
GIVEN = Verb(
    Words(zh="{what}，加{points}分", en="{what}: {points} points added"),
    Words(zh="{what}：{count}{unit}，每{unit}加{each}分", en="{what}: {count}{unit} at {each} points each, added"),
    Words(zh="，最多加{most}分", en=", at most {most} points"),
    Words(zh="，合计最多加{most}分", en=", at most {most} points in all"),
)


def _complaints(one: Clause, place: Place) -> Iterator[Diagnostic]:
    counts = one.of is not None and one.each is not None
    if counts == (one.points is not None) or (one.of is None) != (one.each is None):
        yield Diagnostic(
            CLAUSE_UNCLEAR,
            (),
            Words(zh="看不出这一条是几分", en="how many points this clause moves is not clear"),
            Words(zh='写 points = …，或写 of = "…" 和 each = …', en='write points = …, or of = "…" and each = …'),
        )
    for name, asked in (("points", one.points), ("each", one.each)):
        yield from told_of_records(one.for_each, asked, name)
    everybody = one.of is None and one.when is None and one.unless is None and one.for_each is None
    if one.points is not None and everybody and _fixed(one.points):
        yield Diagnostic(
            ALWAYS_TAKEN,
            ("points",),
            Words(zh="没有写什么情况下算这些分", en="when these points count is not said"),
            Words(
                zh='写 when = "…"；由评分人定写 points = "[0, {n}]"；逐项判断用 kind = "checklist"',
                en='write when = "…"; to ask the assessor write points = "[0, {n}]"; for a list of items to be met use '
                'kind = "checklist"',
            ).fill(n=_as_written(one.points)),
        )
    for name, written in (("points", one.points), ("each", one.each), ("at_most", one.at_most)):
        if written is not None:
            yield from in_range(written, place, name, limit=name == "at_most", of="moved")


def _fixed(points: Points) -> bool:
    """Whether they are the same for everybody, and not 0."""
    plain = not points.judged and set(names(points.low)) <= {"weight"} and not judged_parts(points.low)
    return plain and points.low != ZERO


def _as_written(points: Points) -> str:
    """Points as the rule file writes them."""
    match points.low:
        case Product(factors=(Constant() as part, second)) if second == WEIGHT:
            return tell(part, SYNTAX)
        case _:
            return tell(points.low, SYNTAX)


Told: TypeAlias = tuple[str, Formula, Words, tuple[tuple[str, Quote], ...], str, str | None, str | None, Formula | None]


def _told(one: Clause, kind: str, verb: Verb, place: Place) -> Told:
    moved, said, quoting = _amount(one, f"{kind}.{one.id}", verb, place)
    most = None if one.at_most is None or one.for_each is None else one.at_most.low
    if one.at_most is not None:
        moved = Least((one.at_most.low, moved)) if most is None else moved
        said += verb.at_most if most is None else verb.in_all
        quoting = (*quoting, ("most", one.at_most.low))
    if one.unless is not None:
        moved = Choice(one.unless.formula, ZERO, moved)
        if (moving := _reckoned(one)) is not None:  # where nothing would be taken nobody is asked for an excuse
            moved = Choice(Comparison(moving, ">", ZERO), moved, ZERO)
    if one.when is not None:
        moved = Choice(one.when.formula, moved, ZERO)
    return one.id, moved, said, quoting, _title(one), one.clause, one.for_each, most


def _reckoned(one: Clause) -> Formula | None:
    """What says whether anything would be taken, where facts say it and not the assessor."""
    if one.of is not None:
        return one.of.formula
    return None if one.points is None or one.points.judged or _fixed(one.points) else one.points.low


def _title(one: Clause) -> str:
    return one.name or one.clause or one.id


def _amount(one: Clause, part: str, verb: Verb, place: Place) -> tuple[Formula, Words, tuple[tuple[str, Quote], ...]]:
    what = ("what", Words.same(_title(one)))
    if one.of is not None and one.each is not None:
        count, each = not_below_zero(one.of.formula), one.each.asked(part, or_none=True)
        quoting = (what, ("count", count), ("unit", place.counted(one.of.formula)), ("each", each))
        return Product((count, each)), verb.by_count, quoting
    points = one.points.asked(part, or_none=True) if one.points is not None else ZERO
    return points, verb.at_once, (what, ("points", points))
