"""Hold facts against what a rulebook asks for.

In: a plan, and the facts as given. Out: a row of values with something in every slot, and a finding for everything
that does not fit: an unknown name, a wrong type, a value outside its domain, “≥95%” where a figure belongs. What
does not fit is never guessed at: its slot stays empty, and the indicator that reads it has no score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from perfscore.aggregating import NOTHING_HEARD, Heard
from perfscore.assessment import Finding
from perfscore.diagnostic import Code, KeyPath
from perfscore.facts import Answer, Facts, Raw, Subject
from perfscore.formula.arithmetic import Absent, Rated, Slot, Value
from perfscore.formula.exact import ratio
from perfscore.formula.prose import near_text
from perfscore.formula.shapes import Judged
from perfscore.observing import (
    OUTSIDE_DOMAIN,
    UNKNOWN_FACT,
    Unfit,
    percent_of_text,
    plain_number,
    refuse_failed,
    taken,
    unknown,
)
from perfscore.plan import DAY, Plan, PlannedLeaf
from perfscore.words import Words, listed, nearest, visible

UNKNOWN_ANSWER = Code(
    "PS406",
    "unknown-answer",
    Words(zh="评分记录里的指标或要素不存在。", en="An answer names an indicator or a part that does not exist."),
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
        findings.append(unknown(UNKNOWN_FACT, name, list(plan.inputs), (name,), ("inputs", name)))
    if (day := day_of(facts.subject)) is not None:
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
            findings.append(unknown(UNKNOWN_ANSWER, id, list(plan.leaves), (id,), ("answers", id)))
    reviewed = dict(_reviewed(plan, facts, findings)) if facts.review else {}
    return row, findings, Heard(excuses, reviewed)


def day_of(subject: Subject) -> date | None:
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
            findings.append(unknown(UNKNOWN_ANSWER, id, list(plan.leaves), (id,), (*place, "indicator")))
            continue
        name = plan.leaves[id].indicator.name
        said: Words | None = None
        points: Fraction | None = None
        try:
            points = plain_number(one.points)
        except Unfit as unfit:
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


def _answered(leaf: PlannedLeaf, answer: Answer, row: list[Slot]) -> list[Finding]:
    findings = []
    id = leaf.indicator.id
    if answer.ratings:
        findings.extend(_rated(leaf, answer, row))
    for part, raw in sorted(answer.parts().items()):
        place: KeyPath = ("answers", id, *part.split(".", 1))
        if part not in leaf.judged:
            known = [one.rpartition(".")[2] for one in leaf.judged]
            findings.append(unknown(UNKNOWN_ANSWER, part.rpartition(".")[2], known, (id,), place))
            continue
        try:
            row[leaf.slots.answers[part]] = answer_value(leaf.judged[part], raw)
        except Unfit as unfit:
            message = Words.same(f"{leaf.indicator.name}: ") + unfit.message
            row[leaf.slots.answers[part]] = Absent(f"{id}.{part}", "unreadable")
            findings.append(Finding(unfit.code, "error", message, (id,), place))
    return findings


def _rated(leaf: PlannedLeaf, answer: Answer, row: list[Slot]) -> list[Finding]:
    """The mean of several raters, without the highest and lowest that the rule leaves out."""
    id = leaf.indicator.id
    place: KeyPath = ("answers", id, "ratings")
    if "points" not in leaf.judged:
        return [unknown(UNKNOWN_ANSWER, "ratings", list(leaf.judged), (id,), place)]
    slot = leaf.slots.answers["points"]
    each: list[Fraction] = []
    for index, one in enumerate(answer.ratings):
        try:
            each.append(plain_number(one.points))
        except Unfit as unfit:
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


def answer_value(judged: Judged, raw: Raw) -> Value:
    """An answer as the readers hold it; raises `Unfit` where it answers something else."""
    refuse_failed(raw)
    if judged.choices:
        if raw in judged.choices and isinstance(raw, str):
            return judged.choices.index(raw), 1
        near = nearest(raw, judged.choices) if isinstance(raw, str) else None
        said = Words(zh="“{v}”不在可选之列：{all}", en="“{v}” is not one of: {all}")
        said = said.fill(v=visible(str(raw)), all=listed(judged.choices))
        if near:
            said += Words(zh="；是不是“{near}”？", en="; did you mean “{near}”?").fill(near=near)
        raise Unfit(OUTSIDE_DOMAIN, said)
    if judged.yes_no and isinstance(raw, bool):
        return (1, 1) if raw else (0, 1)
    if judged.yes_no and isinstance(raw, str):
        return ratio(percent_of_text(raw))
    return ratio(plain_number(raw))
