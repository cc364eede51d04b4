"""What kinds of criterion complain about alike.

In: a place, and what stands in it: points, ids, lists. Out: diagnostics, at key paths inside the criterion.
What only one kind complains about stands in the file of that kind. No kind is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from fractions import Fraction
from typing import Literal

from attrs import evolve

from perfscore.criterion import Criterion, Place, Points, Rows, end_text
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import End, Interval
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import VALUE, Comparison, Formula
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Domain, with_terms
from perfscore.formula.walking import names
from perfscore.quantity import Rounding, spelled
from perfscore.witnessing import leaving
from perfscore.words import Words, listed

TARGET_NEEDED = Code(
    "PS301",
    "target-needed",
    Words(
        zh="这种计分方式要同目标比较，指标须写 measure 和 target。",
        en="This kind of criterion compares with a target: the indicator must say measure and target.",
    ),
)
POINTS_OUT_OF_RANGE = Code(
    "PS302",
    "points-out-of-range",
    Words(
        zh="分值可能低于 0 或高于本指标的分值。",
        en="Points can fall below 0 or rise above what the indicator is worth.",
    ),
)
RANGE_UPSIDE_DOWN = Code(
    "PS304", "range-upside-down", Words(zh="给分区间的下限高于上限。", en="A range of points begins above its end.")
)
LIMIT_IS_A_RANGE = Code(
    "PS305",
    "limit-is-a-range",
    Words(zh="上限（at_most）应是一个数，不是区间。", en="A limit (at_most) is one number, not a range."),
)
NOTHING_LISTED = Code(
    "PS306",
    "nothing-listed",
    Words(zh="列表是空的，什么分也扣不到。", en="The list is empty, so no point can ever be lost."),
)
NUMBER_NEEDED = Code(
    "PS307",
    "number-needed",
    Words(zh="这种计分方式的完成值应是数。", en="This kind of criterion needs an observed value that is a number."),
)
COMPARED_ODDLY = Code(
    "PS308",
    "compared-oddly",
    Words(
        zh="这里的数要同完成值比较，两者的单位或 % 不一致。",
        en="A number is held against the observed value, and their units or signs do not fit.",
    ),
)
CREDIT_NEVER_GIVEN = Code(
    "PS309",
    "credit-never-given",
    Words(
        zh="加分永远加不上：得分上限就是分值，又没有扣分可以补。",
        en="A credit can never be given: the points end at the weight, and nothing was taken that it could give back.",
    ),
)
ASKED_OF_RECORDS = Code(
    "PS310",
    "asked-of-records",
    Words(
        zh="逐条记录扣的分要由规则写明，不能留给评分人。",
        en="What each record of a table costs is said by the rule, and not left to the assessor.",
    ),
)
MEASURE_NEEDED = Code(
    "PS336",
    "measure-needed",
    Words(
        zh="这种计分方式要有 measure，才知道完成值。",
        en="This kind of criterion needs a measure to know the observed value.",
    ),
)
DUPLICATE_ID = Code(
    "PS303",
    "duplicate-id",
    Words(
        zh="同一张表里两个 id 相同，扣分记录会分不清。",
        en="Two entries have the same id, so their deductions could not be told apart.",
    ),
)

BESIDE = ".."
"""Stands in a key path for the table that a criterion stands in: `("..", "weight")` is beside it."""
THE_WEIGHT = Related((BESIDE, "weight"), Words(zh="本指标的分值", en="what the indicator is worth"), "key")

BETWEEN = Words(zh="写 {low} 到 {high} 之间的数", en="write a number from {low} to {high}")
OR_CLAMP = Words(
    zh="写 {low} 到 {high} 之间的数，或用 clamp(…, {low}, {high})",
    en="write between {low} and {high}, or clamp(…, {low}, {high})",
)


def target_needed(place: Place) -> Iterator[Diagnostic]:
    """The complaint of a kind that cannot do without a target."""
    if place.target is None or not place.measured:
        yes_no = place.measured and type_of(VALUE, place.vocabulary).sort == "yes-no"
        yield Diagnostic(
            TARGET_NEEDED,
            at=("kind",),
            message=Words(zh="没有可比较的目标", en="there is no target to compare with"),
            hint=Words(zh='写 target = "value"（是）或 "not value"（否）', en='write target = "value", or "not value"')
            if yes_no
            else Words(
                zh='给指标写 measure = "…" 和 target = "≥ …"', en='give the indicator measure = "…" and target = "≥ …"'
            ),
        )


def told_of_records(rows: Rows | None, written: Points | None, *at: str | int) -> Iterator[Diagnostic]:
    """A complaint where the assessor would have to answer for every record of a table."""
    if rows is not None and written is not None and written.judged:
        yield Diagnostic(
            ASKED_OF_RECORDS,
            at,
            Words(zh="逐条扣分不能由评分人定分", en="the assessor is not asked for points record by record"),
            Words(
                zh='写 {k} = 2，或按列写 {k} = "if {t}.… then 2 else 1"',
                en='write {k} = 2, or by a column {k} = "if {t}.… then 2 else 1"',
            ).fill(k=str(at[-1]), t=str(rows)),
        )


def in_range(
    written: Points,
    place: Place,
    *at: str | int,
    limit: bool = False,
    of: Literal["kept", "moved"] = "kept",
) -> Iterator[Diagnostic]:
    """A complaint where points can leave what the place allows; what only may leave it, or is a mere limit, is a warning.

    Points that are `kept` lie in the range, by default 0 … weight; points that are `moved` (lost or given back) from 0
    to as much as the range is wide.
    """
    if written.judged and limit:
        yield Diagnostic(
            LIMIT_IS_A_RANGE,
            at,
            Words(zh="上限是一个数，不是区间", en="a limit is one number, not a range"),
            Words(zh="写一个数，如 at_most = 3", en="write one number, as in at_most = 3"),
        )
        return
    floor, ceiling = bounds(place.low, place.vocabulary).low, bounds(place.high, place.vocabulary).high
    if of == "moved":
        floor, ceiling = Fraction(0), ceiling - floor
    low, high = bounds(written.low, place.vocabulary), bounds(written.high or written.low, place.vocabulary)
    hollow = low.low == high.high and low.high == high.low and not (written.low_closed and written.high_closed)
    if low.low > high.high or (written.judged and hollow):
        yield Diagnostic(
            RANGE_UPSIDE_DOWN,
            at,
            Words(zh="区间的下限 {low} 高于上限 {high}", en="the range begins at {low}, above its end at {high}").fill(
                low=end_text(low.low), high=end_text(high.high)
            ),
            Words(zh='写成 "[{high}, {low}]"', en='write "[{high}, {low}]"').fill(
                low=end_text(low.low), high=end_text(high.high)
            ),
        )
        return
    reach = Interval(low.low, high.high)
    if reach.within(Interval(floor, ceiling)):
        return
    never = reach.high < floor or reach.low > ceiling or (low.low == low.high and high.low == high.high)
    shown = f"[{end_text(reach.low)}, {end_text(reach.high)}]" if reach.low != reach.high else end_text(reach.low)
    ends = {"low": end_text(floor), "high": end_text(ceiling)}
    allowed = Interval(floor, ceiling)
    case, said = leaving(written.low, allowed, place)
    if not case and written.high is not None:
        case, said = leaving(written.high, allowed, place)
    yield Diagnostic(
        POINTS_OUT_OF_RANGE,
        at=at,
        message=Words(
            zh="分值 {shown} 超出 {low} 到 {high}{case}", en="points {shown} leave the range from {low} to {high}{case}"
        ).fill(shown=shown, case=said, **ends),
        hint=(OR_CLAMP if names(written.low) or names(written.high or written.low) else BETWEEN).fill(**ends),
        severity="error" if never and not limit else "warning",
        related=(THE_WEIGHT,),
        witness=case,
    )


def not_empty(listed: Sized, field_name: str) -> Iterator[Diagnostic]:
    """A complaint where nothing is listed."""
    if not len(listed):
        yield Diagnostic(
            NOTHING_LISTED,
            (field_name,),
            Words(zh="{f} 里什么也没有", en="{f} lists nothing").fill(f=field_name),
            Words(zh="至少写一项", en="write at least one"),
        )


def number_needed(place: Place) -> Iterator[Diagnostic]:
    """The complaint of a kind that computes with its value."""
    if place.measured and type_of(VALUE, place.vocabulary).sort != "number":
        yield Diagnostic(
            NUMBER_NEEDED,
            ("kind",),
            Words(zh="完成值不是数", en="the observed value is no number"),
            Words(
                zh="measure 写成给出数的公式，或换一种计分方式", en="let measure give a number, or choose another kind"
            ),
        )


def measure_needed(place: Place) -> Iterator[Diagnostic]:
    """The complaint of a kind that cannot do without an observed number."""
    if not place.measured:
        yield Diagnostic(
            MEASURE_NEEDED,
            ("kind",),
            Words(zh="没有完成值", en="there is no observed value"),
            Words(zh='给指标写 measure = "…"', en='give the indicator measure = "…"'),
        )
    yield from number_needed(place)


def comparable(written: Formula, place: Place, *at: str | int) -> Iterator[Diagnostic]:
    """A complaint where a number cannot be held against the value: 60 beside a percentage, 件 beside 万元."""
    told: list[Words] = []
    type_of(Comparison(VALUE, "≥", written), place.vocabulary, told.append)
    for said in told:
        hint = Words(zh="写成同完成值一样的百分比或单位", en="write it in the unit of the value, or as a percentage")
        yield Diagnostic(COMPARED_ODDLY, at, said, hint)


def credit_never_given(place: Place, *at: str | int) -> Iterator[Diagnostic]:
    """A warning where the range leaves no room on the better side of what there is before anything is lost."""
    start = bounds(place.start, place.vocabulary).high
    low, high = bounds(place.low, place.vocabulary).low, bounds(place.high, place.vocabulary).high
    if (start - low if place.demerit else high - start) > 0:
        return
    wider = (-5, end_text(high)) if place.demerit else (end_text(low), end_text(start * 2 or Fraction(5)))
    yield Diagnostic(
        CREDIT_NEVER_GIVEN,
        at,
        Words(
            zh="没有写更大的 range，最好就是 {w} 分，加不上去",
            en="no range is written that goes beyond {w} points, so nothing can be added",
        ).fill(w=end_text(start)),
        Words(
            zh="给指标写 range，如 range = [{low}, {high}]",
            en="give the indicator a range, as in range = [{low}, {high}]",
        ).fill(low=str(wider[0]), high=wider[1]),
        "warning",
    )


def room(place: Place) -> End:
    """How many points can be lost at all, from the start to the worse end of the range."""
    start, worst = (place.start, place.high) if place.demerit else (place.low, place.start)
    return bounds(worst, place.vocabulary).high - bounds(start, place.vocabulary).low


def gives(criterion: Criterion, place: Place, value: Fraction) -> Fraction | None:
    """What a criterion gives at a value, for a message; None where that rests on anything else."""
    term = place.vocabulary["value"]
    terms = with_terms(place.vocabulary, {"value": evolve(term, domain=Domain(value, value))})
    there = evolve(place, vocabulary=terms)
    start, low, high = (exactly(one, there) for one in (place.start, place.low, place.high))
    lost = [None if one.over else exactly(one.points, there) for one in criterion.losses(there)]
    given = [None if one.over else exactly(one.points, there) for one in criterion.credits(there)]
    if start is None or low is None or high is None or None in lost or None in given:
        return None
    down = sum((one for one in lost if one is not None and one > 0), Fraction(0))
    up = sum((one for one in given if one is not None and one > 0), Fraction(0))
    return max(min(start + down, high) - up, low) if place.demerit else min(max(start - down, low) + up, high)


def example(place: Place, values: Iterable[Fraction], *ways: tuple[str, Criterion]) -> Words:
    """What each way to read a rule gives at the first of some values that shows them apart: “（例：完成 12，ratio 得 8.33
    分、excess 得 8 分）”; nothing where the author's own numbers do not say it.
    """
    for value in values:
        given = [(way, gives(criterion, place, value)) for way, criterion in ways]
        if len({points for _, points in given} - {None}) > 1:
            break
    else:
        return Words.same("")
    percent = place.vocabulary["value"].type == "percent"
    return Words(zh="（例：完成 {v}，{each}）", en=" (at {v}, {each})").fill(
        v=number_text(value, percent=percent), each=readings(place, *given)
    )


def readings(place: Place, *each: tuple[str | Words, Fraction | None]) -> Words:
    """What each way to read a rule gives: “ratio 得 8.33 分、excess 得 8 分”."""
    said = Words(zh="{way} {gets} {n} 分", en="{way} {gets} {n}")
    return listed(said.fill(way=way, gets=place.gives, n=short(points)) for way, points in each if points is not None)


def exactly(formula: Formula, place: Place) -> Fraction | None:
    """The one number that a formula gives whatever the facts, if it is one, and reads nothing that is not there."""
    if any(name not in place.vocabulary for name in names(formula)):
        return None
    reach = bounds(formula, place.vocabulary)
    return reach.low if isinstance(reach.low, Fraction) and reach.low == reach.high else None


def short(points: Fraction) -> str:
    """Points in a message, as they are mostly published."""
    return spelled(Rounding(2).rounded(points))


def worth(written: Points, place: Place) -> str:
    """Points as a message names them: a number, or the interval that the assessor chooses from."""
    low, high = (bounds(one, place.vocabulary) for one in (written.low, written.high or written.low))
    if low.low == high.high:
        return end_text(low.low)
    opening, closing = "[" if written.low_closed else "(", "]" if written.high_closed else ")"
    return f"{opening}{end_text(low.low)}, {end_text(high.high)}{closing}"


def distinct(ids: Iterable[str], field_name: str, key: str = "id") -> Iterator[Diagnostic]:
    """A complaint for every id that stood before, and for a list without any."""
    seen: set[str] = set()
    yield from not_empty(ids := list(ids), field_name)
    for index, one in enumerate(ids):
        if one in seen:
            yield Diagnostic(
                DUPLICATE_ID,
                at=(field_name, index, key),
                message=Words(zh="{key} “{id}” 前面已经用过", en="the {key} “{id}” stands already above").fill(
                    id=one, key=key
                ),
                hint=Words(zh="换一个 {key}", en="choose another {key}").fill(key=key),
            )
        seen.add(one)
