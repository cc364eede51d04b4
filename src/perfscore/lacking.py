"""What stops a score, or may: figures and answers that are not there, what cannot be computed, reviews out of range.

In: a plan, the row of a subject, and how its nodes were judged. Out: findings. No point is given or taken here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from perfscore.adjusting import Total
from perfscore.applying import is_chosen
from perfscore.assessment import Finding
from perfscore.diagnostic import Code, Severity
from perfscore.facts import Facts
from perfscore.formula.arithmetic import NOBODY, Absent, Slot, Unreadable
from perfscore.formula.exact import fraction
from perfscore.formula.prose import near_text
from perfscore.formula.walking import names
from perfscore.indicator import Varying
from perfscore.intake import REVIEW_UNUSABLE
from perfscore.judging import ends_of, policy_for
from perfscore.outcome import Outcome
from perfscore.plan import Plan, PlannedLeaf
from perfscore.quantity import spelled
from perfscore.rulebook import points_name
from perfscore.weighing import worth_of
from perfscore.words import Words, listed

MISSING = Code(
    "PS401",
    "figure-missing",
    Words(zh="缺少评分要用的数据或评分。", en="A figure or an answer that scoring needs was not given."),
)
UNDEFINED = Code(
    "PS408",
    "undefined",
    Words(
        zh="公式除以 0，或数大得无法计算，没有结果。",
        en="A formula divides by zero, or grows too large to compute, and has no value.",
    ),
)
OUT_OF_RANGE = Code(
    "PS407",
    "answer-out-of-range",
    Words(zh="评分人给的分超出规则允许的范围。", en="An assessor's points lie outside the range that the rule allows."),
)
NEEDED_MISSING = Code(
    "PS413",
    "needed-figure-missing",
    Words(
        zh="规则要求填的数据没有填；这次评分没有用到。",
        en="A figure that the rulebook asks for was not given; no indicator read it this time.",
    ),
)
NO_POLICY = Code(
    "PS419",
    "not-applicable-without-policy",
    Words(
        zh="评分人说不适用，规则没有写不适用怎么办。",
        en="An assessor says that an indicator does not apply, and the rule does not say what happens then.",
    ),
)
NO_VALUE = Code(
    "PS420",
    "parameter-without-value",
    Words(
        zh="参数没有这个组别或日期的值。",
        en="A parameter has no value for the subject's group or date.",
    ),
)
WEIGHTS_DO_NOT_ADD_UP = Code(
    "PS421",
    "weights-of-the-subject",
    Words(
        zh="按这个对象算出的分值合计不等于满分，或算不出来。",
        en="The weights of this subject do not add up to the full marks, or cannot be computed.",
    ),
)
COHORT_NEEDED = Code(
    "PS424",
    "cohort-needed",
    Words(
        zh="要和别的对象比的数，单独一个对象算不出来。",
        en="A figure that compares a subject with others cannot be computed without the cohort.",
    ),
)
WITHOUT_COHORT = Words(
    zh="“{i}”要和别的对象比（{what}），单独一个对象算不出来：给出一起评价的全部对象，如 --cohort 全部对象.csv",
    en="“{i}” compares with others ({what}) and cannot be computed without the cohort: hand over all who are assessed, as "
    "in --cohort all.csv",
)
REVIEW_OUT_OF_RANGE = Code(
    "PS422",
    "review-out-of-range",
    Words(zh="复核的分数超出指标的得分范围。", en="A reviewer's points lie outside what the indicator may give."),
)
REVIEW_WITHOUT_REASON = Code(
    "PS423", "review-without-reason", Words(zh="复核改分未说明原因。", en="A review changed points and gave no reason.")
)


ANSWERS = {
    "grade": Words(zh="等次", en="the grade"),
    "credits": Words(zh="加分项“{title}”的评定", en="the answer to “{title}”"),
    "points": Words(zh="评分", en="the assessor's points"),
    "items": Words(zh="要素“{title}”的评定", en="the answer to the item “{title}”"),
    "losses": Words(zh="扣分项“{title}”的评定", en="the answer to “{title}”"),
}


def absent_findings(
    plan: Plan, leaf: PlannedLeaf, outcome: Outcome, row: list[Slot], told: set[str]
) -> Iterator[Finding]:
    """What a leaf lacks, or why it does not apply without anybody having said what happens then."""
    absent = outcome.absent
    if outcome.state == "not-applicable" and outcome.units is None and not outcome.left_out:
        message = Words(
            zh="“{i}”不适用，规则没有写不适用怎么办（not_applicable）",
            en="“{i}” does not apply, and the rule does not say what happens then (not_applicable)",
        )
        yield Finding(NO_POLICY, "error", message.fill(i=leaf.indicator.name), (leaf.indicator.id,))
    if absent is None or absent.why == "no-weight" or outcome.reviewed:
        return
    told.add(absent.name)
    severity: Severity = "error" if policy_for(leaf, absent) == "error" else "note"
    if absent.why == "no-value":
        yield Finding(NO_VALUE, "error", _no_value(plan, absent.name), (leaf.indicator.id,))
        return
    own = absent.name == leaf.indicator.id and absent.name in leaf.vocabulary
    what = Words(zh="完成值", en="the observed value") if own else _label(leaf, absent.name)
    if absent.record != NOBODY:
        what = Words(zh="{record}的{what}", en="{what} of {record}").fill(record=absent.record, what=what)
    at, part = (leaf.indicator.id,), absent.name.removeprefix(f"{leaf.indicator.id}.")
    match absent.why:
        case "not-given":
            message = Words(zh="“{i}”缺少{what}", en="“{i}” lacks {what}")
            yield Finding(MISSING, severity, message.fill(i=leaf.indicator.name, what=what), at)
        case "out-of-range" if part in leaf.judged:
            judged = leaf.judged[part]
            low, high = (near_text(fraction(leaf.slots.numeric(end)(row))) for end in (judged.low, judged.high))
            answered = row[leaf.slots.answers[part]]
            given = near_text(fraction(answered)) if isinstance(answered, tuple) else "—"
            message = Words(
                zh="“{i}”的{what} {v} 不在 [{low}, {high}] 内", en="“{i}”: {what}, {v}, is not in [{low}, {high}]"
            )
            message = message.fill(i=leaf.indicator.name, what=what, v=given, low=low, high=high)
            yield Finding(OUT_OF_RANGE, severity, message, at, ("answers", leaf.indicator.id, *part.split(".", 1)))
        case "no-day":
            message = Words(
                zh="“{i}”要用的{what}随日期变，数据里没有日期：写 [subject] date 或年度",
                en="{what}, which “{i}” needs, depends on the day, and the facts state none: write [subject] date or a year",
            )
            yield Finding(NO_VALUE, "error", message.fill(i=leaf.indicator.name, what=what), at)
        case "no-cohort":
            yield Finding(COHORT_NEEDED, "error", WITHOUT_COHORT.fill(i=leaf.indicator.name, what=what), at)
        case "unreadable" | "out-of-range":
            message = Words(zh="“{i}”要用的{what}填得不对", en="{what}, which “{i}” needs, was not filled in rightly")
            yield Finding(MISSING, severity, message.fill(i=leaf.indicator.name, what=what), at)
        case "division-by-zero":
            message = Words(zh="“{i}”除以 0，没有结果（{what}）", en="“{i}” divides by zero and has no value ({what})")
            yield Finding(UNDEFINED, severity, message.fill(i=leaf.indicator.name, what=what), at)
        case "short-month":
            message = Words(
                zh="“{i}”的月数有两种读法，公式没有写 short_month（{what}）",
                en="“{i}” counts months that have two readings, and the formula does not say short_month ({what})",
            )
            yield Finding(UNDEFINED, severity, message.fill(i=leaf.indicator.name, what=what), at)
        case "not-real":
            message = Words(
                zh="“{i}”要算负数的根、对数或非整数次幂，没有结果（{what}）",
                en="“{i}” takes a root, a logarithm or a power of what has none ({what})",
            )
            yield Finding(UNDEFINED, severity, message.fill(i=leaf.indicator.name, what=what), at)
        case "no-records":
            message = Words(
                zh="“{i}”要对记录求平均、最大或最小，却没有可算的记录",
                en="“{i}” takes a mean, or the least or greatest, of records, and there are none",
            )
            yield Finding(UNDEFINED, severity, message.fill(i=leaf.indicator.name), at)
        case "too-large":
            message = Words(
                zh="“{i}”的数大得无法计算（{what}）", en="“{i}” reaches a number too large to compute ({what})"
            )
            yield Finding(UNDEFINED, severity, message.fill(i=leaf.indicator.name, what=what), at)


def weights_finding(plan: Plan, row: list[Slot]) -> Finding:
    """Weights that do not add up for this subject, or cannot be computed."""
    sizes: list[str] = []
    for planned in plan.nodes[1:]:
        if isinstance(planned.node.stated, Varying):
            try:
                sizes.append(
                    f"{planned.node.name} {near_text(fraction(plan.varying[planned.node.stated.formula](row)))}"
                )
            except Unreadable:
                sizes.append(f"{planned.node.name} —")
    message = Words(
        zh="这个对象的分值合计不等于满分 {full}，或算不出来（{sizes}）",
        en="the weights of this subject do not add up to {full}, or cannot be computed ({sizes})",
    )
    said = message.fill(full=spelled(plan.rulebook.full_marks), sizes=listed(sizes))
    return Finding(WEIGHTS_DO_NOT_ADD_UP, "error", said, tuple(plan.leaves))


def branch_findings(plan: Plan, outcomes: Sequence[Outcome], told: set[str]) -> Iterator[Finding]:
    """A branch whose choice or range cannot be read."""
    for planned in plan.nodes:
        absent = outcomes[planned.index].absent
        if planned.leaf is None and absent is not None and absent.name not in told and absent.why != "no-weight":
            told.add(absent.name)
            what = plan.vocabulary[absent.name].label if absent.name in plan.vocabulary else absent.name
            message = Words(zh="“{i}”缺少{what}", en="“{i}” lacks {what}").fill(i=planned.node.name, what=what)
            yield Finding(MISSING, "error", message, (planned.node.id,))


def line_finding(plan: Plan, total: Total, told: set[str]) -> Finding:
    """An adjustment that cannot be computed leaves no score."""
    absent = total.absent
    if absent is None:
        raise TypeError(total)
    told.add(absent.name)
    known = absent.name in plan.vocabulary
    what = Words.same(plan.vocabulary[absent.name].label if known else absent.name)
    rule = next((one for one in plan.rulebook.adjustments if one.id == total.at), None)
    title = total.at or "" if rule is None else rule.title
    if absent.why == "no-value":
        return Finding(NO_VALUE, "error", _no_value(plan, absent.name), (total.at or "",))
    if absent.why == "no-cohort":
        return Finding(COHORT_NEEDED, "error", WITHOUT_COHORT.fill(i=title, what=what), (total.at or "",))
    if absent.state == "undefined":
        message = Words(zh="总分调整“{i}”无法计算（{what}）", en="the adjustment “{i}” cannot be computed ({what})")
        return Finding(UNDEFINED, "error", message.fill(i=title, what=what), (total.at or "",))
    message = Words(zh="总分调整“{i}”缺少{what}，没有总分", en="the adjustment “{i}” lacks {what}: there is no score")
    return Finding(MISSING, "error", message.fill(i=title, what=what), (total.at or "",))


def _no_value(plan: Plan, name: str) -> Words:
    """What a parameter has values for, where it has none for the subject."""
    parameter = next(one for one in plan.rulebook.parameters if one.name == name)
    groups = [group for group in parameter.values if group]
    days = sorted({one.start for dated in parameter.values.values() for one in dated if one.start is not None})
    said = Words(zh="参数“{n}”没有这个对象的值", en="the parameter “{n}” has no value for this subject").fill(
        n=parameter.label
    )
    if groups:
        said += Words(zh="；有：{all}", en="; it has: {all}").fill(all=listed(groups))
    if days:
        first = days[0].isoformat()
        said += Words(zh="；最早的值从 {d} 起", en="; its first value holds from {d}").fill(d=first)
    return said


def review_findings(plan: Plan, row: list[Slot], facts: Facts, outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    """Reviews that change nothing, or points out of range, or without a reason."""
    worth, size = worth_of(plan, row), plan.rulebook.rounding.size
    for index, one in enumerate(facts.review):
        if one.indicator not in plan.leaves or worth is None:
            continue
        leaf, place = plan.leaves[one.indicator], plan.index[one.indicator]
        outcome = outcomes[place]
        if not outcome.reviewed:
            if not is_chosen(plan, plan.nodes[place], row):
                message = Words(
                    zh="“{i}”不是所选的那一项，复核没有用",
                    en="“{i}” is not the one that was chosen: its review was not used",
                ).fill(i=leaf.indicator.name)
                yield Finding(REVIEW_UNUSABLE, "error", message, (one.indicator,), ("review", index))
            continue
        if outcome.absent is not None:
            low, high = (near_text(fraction(end)) for end in ends_of(leaf, row, worth[place], size))
            message = Words(
                zh="“{i}”复核的分数不在 [{low}, {high}] 内",
                en="the reviewed points of “{i}” are not in [{low}, {high}]",
            )
            message = message.fill(i=leaf.indicator.name, low=low, high=high)
            yield Finding(REVIEW_OUT_OF_RANGE, "error", message, (one.indicator,), ("review", index, "points"))
        elif not one.because and outcome.units != outcome.computed:
            severity: Severity = "error" if plan.rulebook.reasons == "required" else "warning"
            message = Words(zh="“{i}”复核改分，未说明原因", en="a review changed “{i}” and gave no reason")
            yield Finding(
                REVIEW_WITHOUT_REASON,
                severity,
                message.fill(i=leaf.indicator.name),
                (one.indicator,),
                ("review", index),
            )


def _label(leaf: PlannedLeaf, name: str) -> Words:
    """What people call a figure or an answer."""
    if name in leaf.vocabulary:
        return Words.same(leaf.vocabulary[name].label)
    part = name.removeprefix(f"{leaf.indicator.id}.")
    if part in leaf.judged:
        titles = [
            one.loss.title for one in (*leaf.losses, *leaf.gains) if any(judged.part == part for judged in one.judged)
        ]
        return ANSWERS[part.partition(".")[0]].fill(title=titles[0] or part.rpartition(".")[2])
    return Words.same(leaf.indicator.name if name == leaf.indicator.id else name)


def not_given_findings(plan: Plan, row: list[Slot], told: set[str], judged: Mapping[str, Outcome]) -> Iterator[Finding]:
    """What the rulebook asks for and nobody gave, where no indicator that applies read it."""
    away = {id for id, one in judged.items() if one.state == "not-applicable"}
    excused: set[str] = set()
    if away:  # what only indicators read that do not apply is not asked for
        read = {id: reads_of(plan, leaf) for id, leaf in plan.leaves.items()}
        excused = set().union(*(read[id] for id in away)) - set().union(*(read[id] for id in read.keys() - away))
    told |= excused
    for name, (declared, slot) in plan.inputs.items():
        empty = row[slot]
        if declared.needed and name not in told and isinstance(empty, Absent) and empty.why == "not-given":
            message = Words(zh="没有提供{what}", en="{what} was not given").fill(what=declared.label)
            yield Finding(NEEDED_MISSING, "warning", message, (name,))


def reads_of(plan: Plan, leaf: PlannedLeaf) -> set[str]:
    """Every input that a leaf rests on, through its own value and the measures that it reads."""
    indicator = leaf.indicator
    waiting = [one for one in (indicator.measured, indicator.target, indicator.applies) if one is not None]
    waiting += [read for one in (*leaf.losses, *leaf.gains) for read in one.loss.formulas()]
    found: set[str] = set()
    while waiting:
        for name in names(waiting.pop()):
            if name not in found:
                found.add(name)
                if name in plan.origins:
                    waiting.append(plan.origins[name])
    found |= {
        points_name(id) for id in plan.rulebook.comes_before(indicator.id)
    }  # what costs points there costs none here
    return found
