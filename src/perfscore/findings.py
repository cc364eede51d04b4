"""What to look at beside the score.

In: a plan, the row of a subject, and how its leaves were judged.
Out: findings: figures that are missing, judged deductions without a reason, sources that disagree (and whether it
matters), checks that failed or could not be run, goals and scope that nothing measures. No point is given or taken
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from perfscore.adjusting import Total, adjust
from perfscore.aggregating import Heard, judge_tree
from perfscore.assessment import Finding
from perfscore.diagnostic import Code, Severity
from perfscore.explanation import discretion
from perfscore.facts import Fact, Facts, plain
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.exact import fraction
from perfscore.formula.prose import near_text
from perfscore.formula.shapes import names
from perfscore.goals import goal_complaints
from perfscore.indicator import Varying
from perfscore.intake import taken
from perfscore.judging import Outcome, ends_of, policy_for
from perfscore.plan import Plan, PlannedLeaf
from perfscore.quantity import spelled
from perfscore.rating import rating_of
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
SOURCES_DISAGREE = Code(
    "PS409",
    "sources-disagree",
    Words(zh="同一个数两处不一致。", en="Two sources state different figures for one fact."),
)
CHECK_FAILED = Code(
    "PS410", "check-failed", Words(zh="数据没有通过核对。", en="Figures do not pass a check of the rulebook.")
)
CHECK_NOT_RUN = Code(
    "PS411", "check-not-run", Words(zh="缺数据，没有核对。", en="A check was not run, for want of figures.")
)
REASON_MISSING = Code(
    "PS412",
    "reason-missing",
    Words(zh="扣分未说明原因。", en="Points were taken by judgement and no reason was given."),
)
NEEDED_MISSING = Code(
    "PS413",
    "needed-figure-missing",
    Words(
        zh="规则要求填的数据没有填；这次评分没有用到。",
        en="A figure that the rulebook asks for was not given; no indicator read it this time.",
    ),
)


COVERAGE_TOO_LOW = Code(
    "PS418",
    "coverage-too-low",
    Words(
        zh="评了分的分值不够，不给等级。",
        en="Too little of the weight was scored, so there is no rating.",
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
REVIEW_OUT_OF_RANGE = Code(
    "PS422",
    "review-out-of-range",
    Words(zh="复核的分数超出指标的得分范围。", en="A reviewer's points lie outside what the indicator may give."),
)
REVIEW_WITHOUT_REASON = Code(
    "PS423", "review-without-reason", Words(zh="复核改分未说明原因。", en="A review changed points and gave no reason.")
)


def findings_of(
    plan: Plan,
    row: list[Slot],
    facts: Facts,
    outcomes: Sequence[Outcome],
    total: Total,
    heard: Heard,
    coverage: Fraction,
) -> Iterator[Finding]:
    """Everything worth a look, in the order: what stops the score, what puts it in doubt, what was promised and
    not measured.
    """
    told: set[str] = set()
    if worth_of(plan, row) is None:
        yield _weights(plan, row)
    judged = {id: outcomes[plan.index[id]] for id in plan.leaves}
    for id, outcome in judged.items():
        yield from _absent(plan, plan.leaves[id], outcome, row, told)
    yield from _branches(plan, outcomes, told)
    yield from _reviews(plan, row, facts, outcomes)
    if total.absent is not None:
        yield _line(plan, total, told)
    yield from _not_given(plan, row, told, judged)
    for id, outcome in judged.items():
        yield from _without_reason(plan, plan.leaves[id], outcome, facts)
    for name in plan.inputs:
        if name in facts.inputs:
            yield from _disagreeing(plan, row, name, facts.inputs[name], total.score, heard)
    least = plan.rulebook.coverage
    if least is not None and coverage < least:
        message = Words(
            zh="只有 {x} 的分值有评分，低于 {y}，不给等级",
            en="{x} of the weight is scored, less than {y}: there is no rating",
        )
        message = message.fill(x=near_text(coverage, percent=True), y=near_text(least, percent=True))
        yield Finding(COVERAGE_TOO_LOW, "warning", message)
    yield from _checks(plan, row)
    for one in goal_complaints(plan.rulebook.goals, plan.rulebook.scope):
        yield Finding(one.code, one.severity, one.message, (str(one.at[-1]),))


def _weights(plan: Plan, row: list[Slot]) -> Finding:
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
    return Finding(
        WEIGHTS_DO_NOT_ADD_UP, "error", message.fill(full=spelled(plan.rulebook.full_marks), sizes=listed(sizes))
    )


def _branches(plan: Plan, outcomes: Sequence[Outcome], told: set[str]) -> Iterator[Finding]:
    """A branch whose choice or range cannot be read."""
    for planned in plan.nodes:
        absent = outcomes[planned.index].absent
        if planned.leaf is None and absent is not None and absent.name not in told and absent.why != "no-weight":
            told.add(absent.name)
            what = plan.vocabulary[absent.name].label if absent.name in plan.vocabulary else absent.name
            message = Words(zh="“{i}”缺少{what}", en="“{i}” lacks {what}").fill(i=planned.node.name, what=what)
            yield Finding(MISSING, "error", message, (planned.node.id,))


def _line(plan: Plan, total: Total, told: set[str]) -> Finding:
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


def _reviews(plan: Plan, row: list[Slot], facts: Facts, outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    worth, size = worth_of(plan, row), plan.rulebook.rounding.size
    for index, one in enumerate(facts.review):
        if one.indicator not in plan.leaves or worth is None:
            continue
        leaf, place = plan.leaves[one.indicator], plan.index[one.indicator]
        outcome = outcomes[place]
        if not outcome.reviewed:
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


def _absent(plan: Plan, leaf: PlannedLeaf, outcome: Outcome, row: list[Slot], told: set[str]) -> Iterator[Finding]:
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
        case "unreadable" | "out-of-range":
            message = Words(zh="“{i}”要用的{what}填得不对", en="{what}, which “{i}” needs, was not filled in rightly")
            yield Finding(MISSING, severity, message.fill(i=leaf.indicator.name, what=what), at)
        case "division-by-zero":
            message = Words(zh="“{i}”除以 0，没有结果（{what}）", en="“{i}” divides by zero and has no value ({what})")
            yield Finding(UNDEFINED, severity, message.fill(i=leaf.indicator.name, what=what), at)
        case "too-large":
            message = Words(
                zh="“{i}”的数大得无法计算（{what}）", en="“{i}” reaches a number too large to compute ({what})"
            )
            yield Finding(UNDEFINED, severity, message.fill(i=leaf.indicator.name, what=what), at)


ANSWERS = {
    "grade": Words(zh="等次", en="the grade"),
    "credits": Words(zh="加分项“{title}”的评定", en="the answer to “{title}”"),
    "points": Words(zh="评分", en="the assessor's points"),
    "items": Words(zh="要素“{title}”的评定", en="the answer to the item “{title}”"),
    "losses": Words(zh="扣分项“{title}”的评定", en="the answer to “{title}”"),
}


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


def _not_given(plan: Plan, row: list[Slot], told: set[str], judged: Mapping[str, Outcome]) -> Iterator[Finding]:
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


def _without_reason(plan: Plan, leaf: PlannedLeaf, outcome: Outcome, facts: Facts) -> Iterator[Finding]:
    answer = facts.answers.get(leaf.indicator.id)
    if answer is None:
        return
    for one in outcome.taken:
        if any(discretion(judged, answer) and not answer.reason(judged.part) for judged in one.judged):
            severity: Severity = "error" if plan.rulebook.reasons == "required" else "warning"
            message = Words(
                zh="“{i}”扣 {p} 分，未说明原因", en="{p} points were taken from “{i}” and no reason was given"
            )
            points = str(plan.rulebook.rounding.published(one.units))
            yield Finding(REASON_MISSING, severity, message.fill(i=leaf.indicator.name, p=points), (leaf.indicator.id,))


def _disagreeing(
    plan: Plan, row: list[Slot], name: str, fact: Fact, total: int | None, heard: Heard
) -> Iterator[Finding]:
    if name not in plan.inputs or not fact.also:
        return
    declared, slot = plan.inputs[name]
    for index, other in enumerate(fact.also):
        value, told = taken(declared, other.value, ("inputs", name, "also", index))
        yield from told
        if told or _same(value, row[slot]):
            continue
        changed = list(row)
        changed[slot] = value
        under = score_units(plan, changed, heard)
        message = Words(
            zh="{what}有两个数：{a}（{s}）与 {b}（{t}）；", en="two figures for {what}: {a} ({s}) and {b} ({t}); "
        ).fill(
            what=declared.label,
            a=str(plain(fact.value)),
            s=fact.source or Words(zh="未注明来源", en="no source"),
            b=str(plain(other.value)),
            t=other.source or Words(zh="未注明来源", en="no source"),
        )
        message += _matters(plan, total, under)
        before, after = _checked(plan, row), _checked(plan, changed)
        for planned in plan.checks:
            if before[planned.check.id] != after[planned.check.id]:
                verdict = HOLDS[after[planned.check.id]]
                message += Words(
                    zh="；按后一个数，核对“{says}”{v}", en="; under the second, the check “{says}” {v}"
                ).fill(says=planned.check.says, v=verdict)
        yield Finding(SOURCES_DISAGREE, "warning", message, (name,), ("inputs", name))


def score_units(plan: Plan, row: list[Slot], heard: Heard) -> int | None:
    """The score of a row in the smallest published unit, without any explanation; None where there is none."""
    return adjust(plan, row, judge_tree(plan, row, heard)).score


def reads_of(plan: Plan, leaf: PlannedLeaf) -> set[str]:
    """Every input that a leaf rests on, through its own value and the measures that it reads."""
    indicator = leaf.indicator
    waiting = [one for one in (indicator.measured, indicator.target, indicator.applies) if one is not None]
    waiting += [one.loss.points for one in (*leaf.losses, *leaf.gains)]
    found: set[str] = set()
    while waiting:
        for name in names(waiting.pop()):
            if name not in found:
                found.add(name)
                if name in plan.origins:
                    waiting.append(plan.origins[name])
    return found


def _same(one: Slot, other: Slot) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return fraction(one) == fraction(other)
    return one == other


def _matters(plan: Plan, total: int | None, under: int | None) -> Words:
    """Whether a score depends on which source is right, and the score under each."""
    if total is None and under is None:
        return Words(zh="两种取值都没有得分", en="there is no score under either")
    if total == under:
        shown = _score(plan, total)
        return Words(zh="得分不受影响（两种取值都是 {x}）", en="the score does not depend on it ({x} under both)").fill(
            x=shown
        )
    return Words(zh="得分分别是 {x} 和 {y}", en="the score is {x} under the first and {y} under the second").fill(
        x=_score(plan, total), y=_score(plan, under)
    )


def _score(plan: Plan, units: int | None) -> Words:
    if units is None:
        return Words(zh="没有得分", en="no score")
    rating = rating_of(units * plan.rulebook.rounding.unit, plan.rulebook.ratings)
    return Words.same(f"{plan.rulebook.rounding.published(units)}{' ' + rating if rating else ''}")


HOLDS = {
    True: Words(zh="相符", en="holds"),
    False: Words(zh="不符", en="does not hold"),
    None: Words(zh="不能核对", en="cannot be run"),
}


def _checked(plan: Plan, row: list[Slot]) -> dict[str, bool | None]:
    """Which checks hold for a row; None where a check cannot be run."""
    held: dict[str, bool | None] = {}
    for planned in plan.checks:
        try:
            held[planned.check.id] = planned.holds(row)
        except Unreadable:
            held[planned.check.id] = None
    return held


def _checks(plan: Plan, row: list[Slot]) -> Iterator[Finding]:
    for planned in plan.checks:
        at = (planned.check.id,)
        try:
            if planned.holds(row):
                continue
            message = Words(zh="核对不符：{says}", en="a check does not hold: {says}").fill(says=planned.check.says)
            figures = listed(_shown(plan, row, name) for name in names(planned.check.that))
            message += Words(zh="（{f}）", en=" ({f})").fill(f=figures)
            yield Finding(CHECK_FAILED, planned.check.severity, message, at)
        except Unreadable as unreadable:
            label = (
                plan.vocabulary[unreadable.absent.name].label
                if unreadable.absent.name in plan.vocabulary
                else planned.check.id
            )
            message = Words(zh="没有核对“{says}”：缺少{what}", en="not checked, for want of {what}: {says}")
            if unreadable.absent.why in ("unreadable", "out-of-range"):
                message = Words(
                    zh="没有核对“{says}”：{what}填得不对",
                    en="not checked, since {what} was not filled in rightly: {says}",
                )
            if unreadable.absent.state == "undefined":
                message = Words(zh="没有核对“{says}”：无法计算", en="not checked, since it cannot be computed: {says}")
            yield Finding(CHECK_NOT_RUN, "note", message.fill(says=planned.check.says, what=label), at)


def _shown(plan: Plan, row: list[Slot], name: str) -> str:
    value = row[plan.of[name]]
    shown = spelled(fraction(value)) if isinstance(value, tuple) else "—" if isinstance(value, Absent) else str(value)
    return f"{plan.vocabulary[name].label} {shown}"
