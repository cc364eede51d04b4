"""Hold facts against what a rulebook asks for.

In: a plan, and the facts as given. Out: a row of values with something in every slot, and a finding for everything
that does not fit: an unknown name, a wrong type, a value outside its domain, “≥95%” where a figure belongs. What
does not fit is never guessed at: its slot stays empty, and the indicator that reads it has no score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from perfscore.aggregating import NOTHING_HEARD, Heard
from perfscore.assessment import Finding
from perfscore.diagnostic import Code, KeyPath
from perfscore.facts import Answer, Facts, Raw, Subject, plain
from perfscore.formula.arithmetic import Absent, Rated, Slot, Value
from perfscore.formula.exact import ratio
from perfscore.formula.prose import near_text
from perfscore.formula.shapes import Judged
from perfscore.formula.vocabulary import Domain
from perfscore.indicator import Input
from perfscore.plan import DAY, Plan, PlannedLeaf
from perfscore.quantity import OversizedNumberError, exact, number_from_text
from perfscore.words import Words, listed, nearest, visible

UNKNOWN_FACT = Code(
    "PS402", "unknown-fact", Words(zh="规则里没有这个数据项。", en="The rulebook has no figure of this name.")
)
WRONG_FACT = Code("PS403", "wrong-fact", Words(zh="数据的类型不对。", en="A figure is of the wrong type."))
OUTSIDE_DOMAIN = Code("PS404", "outside-domain", Words(zh="数据超出取值范围。", en="A figure lies outside its domain."))
BARE_PERCENT = Code(
    "PS405",
    "bare-percent",
    Words(
        zh="百分比写成了没有 % 的数，不知是 96.2% 还是 0.962。",
        en="A percentage without a sign: 96.2% or 0.962 is not said.",
    ),
)
UNKNOWN_ANSWER = Code(
    "PS406",
    "unknown-answer",
    Words(zh="评分记录里的指标或要素不存在。", en="An answer names an indicator or a part that does not exist."),
)
TARGET_AS_FACT = Code(
    "PS414",
    "target-as-fact",
    Words(
        zh="完成值照抄了目标（如 “≥95%”），应写实际的数。",
        en="A target such as “≥95%” stands where the observed figure belongs.",
    ),
)
REVIEW_UNUSABLE = Code(
    "PS415",
    "review-unusable",
    Words(
        zh="复核不能用：指标不能单独复核、分数不能用或改了两次。",
        en="A review cannot be used: of an indicator that cannot be reviewed, with points that cannot be, or a second one.",
    ),
)
RATINGS_UNUSABLE = Code(
    "PS417",
    "ratings-unusable",
    Words(
        zh="几位评分人的分不能用：人数不够去掉最高最低分，或又另写了 points。",
        en="Several raters' points cannot be used: too few to leave the extremes out, or points are written beside them.",
    ),
)

_YEAR = re.compile(r"\s*(\d{4})\s*年?(?:度)?\s*")
_MONTH = re.compile(r"\s*(\d{4})\s*[-年./]\s*(\d{1,2})\s*月?\s*")
_COMPARISON = re.compile(r"\s*(≥|≤|>=|<=|>|<|＞|＜|不低于|不少于|不高于|不超过|大于|小于)")
_PERCENT = re.compile(r"\s*([+-]?[\d_.]+)\s*[%％]\s*")


class _Unfit(Exception):  # noqa: N818 - never leaves this room
    """A value does not fit what it is meant for."""

    def __init__(self, code: Code, message: Words) -> None:
        self.code, self.message = code, message


def row_of(plan: Plan, facts: Facts) -> tuple[list[Slot], list[Finding], Heard]:
    """The row of a subject, what is wrong with its facts, and what its assessors said beside the figures."""
    row, findings = list(plan.blank), []
    # in the order of the rulebook, then of the names: equal facts give the same bytes, in whatever order they were handed over
    given, found = facts.inputs, 0
    for (name, slot, plainly), fact in zip(plan.plain, given.several(plan.inputs), strict=True):
        if fact is None:
            continue
        found += 1
        value = plainly(fact.value)
        if value is None:
            row[slot], told = taken(plan.inputs[name][0], fact.value, ("inputs", name))
            findings.extend(told)
        else:
            row[slot] = value
    for name in sorted(given.keys() - plan.inputs.keys()) if found < len(given) else ():
        findings.append(_unknown(UNKNOWN_FACT, name, list(plan.inputs), (name,), ("inputs", name)))
    if (day := _day_of(facts.subject)) is not None:
        row[plan.of[DAY]] = day
    excuses: dict[str, str] = {}
    if not facts.answers and not facts.review:
        return row, findings, NOTHING_HEARD
    for id, leaf in plan.leaves.items():
        if id in facts.answers:
            findings.extend(_answered(leaf, facts.answers[id], row))
    for id in facts.answers:
        if id in plan.index and (why := facts.answers[id].not_applicable) is not None:
            excuses[id] = why
    branches = plan.index.keys() - plan.leaves.keys()
    for id in sorted(facts.answers.keys() - plan.leaves.keys()):
        if id not in branches or facts.answers[id].parts() or not id:
            findings.append(_unknown(UNKNOWN_ANSWER, id, list(plan.leaves), (id,), ("answers", id)))
    reviewed = dict(_reviewed(plan, facts, findings)) if facts.review else {}
    return row, findings, Heard(excuses, reviewed)


def _day_of(subject: Subject) -> date | None:
    """The day by which dated parameters are read: the one stated, else the last of the period."""
    if subject.date is not None:
        return subject.date
    period = subject.period or ""
    if found := _YEAR.fullmatch(period):
        return date(int(found[1]), 12, 31)
    if found := _MONTH.fullmatch(period):
        year, month = int(found[1]), int(found[2])
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) if 1 <= month <= 12 else None
    return None


def _reviewed(plan: Plan, facts: Facts, findings: list[Finding]) -> Iterator[tuple[str, int]]:
    """The points that reviewers put in the place of the rule's; what cannot be used is told and left out."""
    rounding = plan.rulebook.rounding
    seen: set[str] = set()
    for index, one in enumerate(facts.review):
        id, place = one.indicator, ("review", index)
        if id not in plan.leaves:
            findings.append(_unknown(UNKNOWN_ANSWER, id, list(plan.leaves), (id,), (*place, "indicator")))
            continue
        name = plan.leaves[id].indicator.name
        said: Words | None = None
        points: Fraction | None = None
        try:
            points = _plain(one.points)
        except _Unfit as unfit:
            said = unfit.message
        if plan.leaves[id].place.pooled:
            said = Words(
                zh="它和同级指标共用分值，不能单独复核",
                en="it shares its points with its siblings and cannot be reviewed alone",
            )
        elif id in seen:
            said = Words(zh="前面已经复核过一次", en="it was reviewed once above")
        elif points is not None and not rounding.holds(points):
            said = Words(zh="{p} 的小数超过 {n} 位", en="{p} has more than {n} decimal places").fill(
                p=near_text(points), n=str(rounding.places)
            )
        if said is not None or points is None:
            message = Words.same(f"{name}: ") + (said or Words.same(""))
            findings.append(Finding(REVIEW_UNUSABLE, "error", message, (id,), (*place, "points")))
            continue
        seen.add(id)
        yield id, int(points * rounding.size)


def taken(declared: Input, raw: Raw, place: KeyPath) -> tuple[Slot, list[Finding]]:
    """A figure as the readers hold it, or an empty slot and why."""
    try:
        return _observed(declared, raw), []
    except _Unfit as unfit:
        message = Words.same(f"{declared.label}: ") + unfit.message
        why = "out-of-range" if unfit.code is OUTSIDE_DOMAIN else "unreadable"
        return Absent(declared.name, why), [Finding(unfit.code, "error", message, (declared.name,), place)]  # type: ignore[arg-type]


def _unknown(code: Code, name: str, known: list[str], at: tuple[str, ...], place: KeyPath) -> Finding:
    near = nearest(name, known)
    message = Words(zh="规则里没有“{n}”", en="the rulebook has no “{n}”").fill(n=visible(name))
    if near:
        message += Words(zh="，是不是 {near}？", en="; did you mean {near}?").fill(near=near)
    elif known:
        message += Words(zh="，有：{all}", en="; it has: {all}").fill(all=listed(known[:12]))
    return Finding(code, "error", message, at, place, "key")


def _observed(declared: Input, raw: Raw) -> Value:
    match declared.type:
        case "yes-no":
            if isinstance(raw, bool):
                return raw
            raise _wrong(Words(zh="true 或 false", en="true or false"), raw)
        case "date":
            return _day(raw)
        case "text" | "choice":
            if not isinstance(raw, str):
                raise _wrong(Words(zh="文字", en="a text"), raw)
            if declared.domain.choices and raw not in declared.domain.choices:
                raise _Unfit(
                    OUTSIDE_DOMAIN,
                    Words(zh="“{v}”不在可选之列：{all}", en="“{v}” is not one of: {all}").fill(
                        v=visible(raw), all=listed(declared.domain.choices)
                    ),
                )
            return raw
        case "count" | "number" | "percent" | "money":
            return _number(declared, raw)


def _day(raw: Raw) -> date:
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            pass
    raise _wrong(Words(zh="日期，如 2023-12-31", en="a date, as in 2023-12-31"), raw)


def _number(declared: Input, raw: Raw) -> Value:
    value = _percent(declared, raw) if declared.type == "percent" else _plain(raw)
    if declared.type == "count" and value.denominator != 1:
        raise _wrong(Words(zh="整数", en="a whole number"), raw)
    if not declared.domain.holds(value):
        percent = declared.type == "percent"
        raise _Unfit(
            OUTSIDE_DOMAIN,
            Words(zh="{v} 不在 {domain} 内", en="{v} is not in {domain}").fill(
                v=near_text(value, percent=percent), domain=domain_text(declared.domain, percent=percent)
            ),
        )
    return ratio(value)


def _plain(raw: Raw) -> Fraction:
    if isinstance(raw, str):
        _refuse_target(raw)
        raise _wrong(Words(zh="数（不加引号）", en="a number (without quotes)"), raw)
    if isinstance(raw, bool | date):
        raise _wrong(Words(zh="数", en="a number"), raw)
    return _exact(raw)


def _exact(raw: int | Decimal | Fraction) -> Fraction:
    try:
        return exact(raw)
    except OversizedNumberError:
        raise _wrong(Words(zh="60 位以内的数", en="a number of at most 60 digits"), raw) from None


def _percent(declared: Input, raw: Raw) -> Fraction:
    if isinstance(raw, str):
        return _percent_text(raw)
    if isinstance(raw, bool | date):
        raise _wrong(Words(zh='百分比，如 "96.2%"', en='a percentage, as in "96.2%"'), raw)
    value = _exact(raw)
    if value == 0:  # 0 is 0%, however it is meant
        return value
    match declared.bare:
        case "percent":
            return value / 100
        case "ratio":
            return value
        case None:
            raise _Unfit(
                BARE_PERCENT,
                Words(
                    zh='{v} 可以是 {a}，也可以是 {b}；写成 "{a}" 或 "{b}"，或在规则里写 bare = "percent" 或 "ratio"',
                    en='{v} can be {a} or {b}; write "{a}" or "{b}", or bare = "percent" or "ratio" in the rulebook',
                ).fill(v=near_text(value), a=f"{near_text(value)}%", b=near_text(value, percent=True)),
            )


def _percent_text(raw: str) -> Fraction:
    _refuse_target(raw)
    if found := _PERCENT.fullmatch(raw):
        try:
            return number_from_text(found[1], shift=-2)
        except ValueError:
            pass
    raise _wrong(Words(zh='百分比，如 "96.2%"', en='a percentage, as in "96.2%"'), raw)


def _refuse_target(raw: str) -> None:
    if _COMPARISON.match(raw):
        raise _Unfit(
            TARGET_AS_FACT,
            Words(
                zh="“{v}”是目标，不是完成值；写实际的数",
                en="“{v}” is a target, not what was observed; write the figure itself",
            ).fill(v=visible(raw)),
        )


def _wrong(wanted: Words, raw: Raw) -> _Unfit:
    shown = plain(raw) if not isinstance(raw, bool) else str(raw).lower()
    return _Unfit(
        WRONG_FACT,
        Words(zh="应是{wanted}，写的是 {v}", en="expected {wanted}, found {v}").fill(
            wanted=wanted, v=visible(str(shown))[:60] if not isinstance(raw, str) else f"“{visible(raw)[:60]}”"
        ),
    )


def domain_text(domain: Domain, *, percent: bool = False) -> str:
    """A domain as people write it: `[0, 100%]`, `(0, ∞)`."""
    low = "−∞" if domain.low is None else near_text(domain.low, percent=percent)
    high = "∞" if domain.high is None else near_text(domain.high, percent=percent)
    opening = "[" if domain.low_closed and domain.low is not None else "("
    return f"{opening}{low}, {high}{']' if domain.high_closed and domain.high is not None else ')'}"


def _answered(leaf: PlannedLeaf, answer: Answer, row: list[Slot]) -> list[Finding]:
    findings = []
    id = leaf.indicator.id
    if answer.ratings:
        findings.extend(_rated(leaf, answer, row))
    for part, raw in sorted(answer.parts().items()):
        place: KeyPath = ("answers", id, *part.split(".", 1))
        if part not in leaf.judged:
            known = [one.rpartition(".")[2] for one in leaf.judged]
            findings.append(_unknown(UNKNOWN_ANSWER, part.rpartition(".")[2], known, (id,), place))
            continue
        try:
            row[leaf.slots.answers[part]] = _given(leaf.judged[part], raw)
        except _Unfit as unfit:
            message = Words.same(f"{leaf.indicator.name}: ") + unfit.message
            row[leaf.slots.answers[part]] = Absent(f"{id}.{part}", "unreadable")
            findings.append(Finding(unfit.code, "error", message, (id,), place))
    return findings


def _rated(leaf: PlannedLeaf, answer: Answer, row: list[Slot]) -> list[Finding]:
    """The mean of several raters, without the highest and lowest that the rule leaves out."""
    id = leaf.indicator.id
    place: KeyPath = ("answers", id, "ratings")
    if "points" not in leaf.judged:
        return [_unknown(UNKNOWN_ANSWER, "ratings", list(leaf.judged), (id,), place)]
    slot = leaf.slots.answers["points"]
    each: list[Fraction] = []
    for index, one in enumerate(answer.ratings):
        try:
            each.append(_plain(one.points))
        except _Unfit as unfit:
            row[slot] = Absent(f"{id}.points", "unreadable")
            message = Words.same(f"{leaf.indicator.name}: ") + unfit.message
            return [Finding(unfit.code, "error", message, (id,), (*place, index, "points"))]
    trim = leaf.judged["points"].left_out(len(each))
    told = None
    if answer.points is not None:
        told = Words(
            zh="“{i}”既有 points 又有 ratings，不知按哪个",
            en="“{i}” has points and ratings, and which counts is not said",
        )
    elif len(each) <= 2 * trim:
        told = Words(
            zh="“{i}”去掉 {t} 个最高分和 {t} 个最低分，至少要 {n} 位评分人，只有 {m} 位",
            en="“{i}” leaves out {t} of the highest and {t} of the lowest: it needs {n} raters, and has {m}",
        ).fill(t=str(trim), n=str(2 * trim + 1), m=str(len(each)), i="{i}")
    if told is not None:
        row[slot] = Absent(f"{id}.points", "unreadable")
        return [Finding(RATINGS_UNUSABLE, "error", told.fill(i=leaf.indicator.name), (id,), place)]
    kept = sorted(each)[trim : len(each) - trim]
    mean = Rated(ratio(sum(kept, Fraction(0)) / len(kept)))
    mean.each = tuple(ratio(one) for one in each)
    row[slot] = mean
    return []


def _given(judged: Judged, raw: Raw) -> Value:
    if judged.choices:
        if raw in judged.choices and isinstance(raw, str):
            return judged.choices.index(raw), 1
        near = nearest(raw, judged.choices) if isinstance(raw, str) else None
        said = Words(zh="“{v}”不在可选之列：{all}", en="“{v}” is not one of: {all}")
        said = said.fill(v=visible(str(raw)), all=listed(judged.choices))
        if near:
            said += Words(zh="；是不是“{near}”？", en="; did you mean “{near}”?").fill(near=near)
        raise _Unfit(OUTSIDE_DOMAIN, said)
    if judged.yes_no and isinstance(raw, bool):
        return (1, 1) if raw else (0, 1)
    if judged.yes_no and isinstance(raw, str):
        return ratio(_percent_text(raw))
    return ratio(_plain(raw))
