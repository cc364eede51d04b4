"""What to look at beside the score.

In: a plan, the row of a subject, and how its leaves were judged.
Out: findings: figures that are missing, judged deductions without a reason, sources that disagree (and whether it
matters), checks that failed or could not be run, goals and scope that nothing measures. No point is given or taken
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfscore.adjusting import Total, adjust
from perfscore.aggregating import Heard, judge_tree
from perfscore.assessment import Finding, Reading
from perfscore.diagnostic import Code, Severity
from perfscore.explanation import discretion
from perfscore.facts import Fact, Facts, Raw, Table, plain
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.exact import fraction
from perfscore.formula.gathering import with_record
from perfscore.formula.prose import near_text, peers_name
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import ZERO, Formula, Peers
from perfscore.formula.walking import names, peers_in
from perfscore.goals import goal_complaints
from perfscore.lacking import (
    absent_findings,
    branch_findings,
    line_finding,
    not_given_findings,
    review_findings,
    weights_finding,
)
from perfscore.observing import taken
from perfscore.outcome import Outcome
from perfscore.plan import Plan, PlannedLeaf
from perfscore.quantity import spelled
from perfscore.rating import rating_of
from perfscore.weighing import worth_of
from perfscore.words import Words, listed

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
SPENT_ELSEWHERE = Code(
    "PS432",
    "spent-elsewhere",
    Words(
        zh="同一件事已在别的指标扣过分，这里不重扣。",
        en="A fact cost points at another indicator already, and is not deducted twice.",
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
        yield weights_finding(plan, row)
    judged = {id: outcomes[plan.index[id]] for id in plan.leaves}
    for id, outcome in judged.items():
        yield from absent_findings(plan, plan.leaves[id], outcome, row, told)
    yield from branch_findings(plan, outcomes, told)
    yield from review_findings(plan, row, facts, outcomes)
    if total.absent is not None:
        yield line_finding(plan, total, told)
    yield from not_given_findings(plan, row, told, judged)
    for id, outcome in judged.items():
        yield from _spent_elsewhere(plan, row, id, outcome)
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
    row[plan.total] = Absent("score", "not-given")
    if total.score is not None:
        row[plan.total] = (total.score, plan.rulebook.rounding.size)
    yield from _checks(plan, row)
    for one in goal_complaints(plan.rulebook.goals, plan.rulebook.scope):
        yield Finding(one.code, one.severity, one.message, (str(one.at[-1]),))


def _spent_elsewhere(plan: Plan, row: list[Slot], id: str, outcome: Outcome) -> Iterator[Finding]:
    """Records that cost nothing here, since they cost points at another indicator."""
    for one in outcome.passed:
        _, called = with_record(row, plan.of[one.loss.over or ""], one.record)
        message = Words(
            zh="{record}已在“{first}”扣过分，“{here}”的“{what}”不再扣",
            en="{record} cost points at “{first}” already: nothing is taken for “{what}” of “{here}”",
        )
        message = message.fill(
            record=called,
            first=plan.leaves[one.at].indicator.name,
            here=plan.leaves[id].indicator.name,
            what=one.loss.title or one.loss.code,
        )
        yield Finding(SPENT_ELSEWHERE, "note", message, (id,))


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
            a=_stated(fact.value),
            s=fact.source or Words(zh="未注明来源", en="no source"),
            b=_stated(other.value),
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
        readings = (_reading(plan, fact.value, fact.source, total), _reading(plan, other.value, other.source, under))
        yield Finding(SOURCES_DISAGREE, "warning", message, (name,), ("inputs", name), readings=readings)


def _reading(plan: Plan, value: Raw | Table, source: str | None, units: int | None) -> Reading:
    score = None if units is None else plan.rulebook.rounding.published(units)
    return Reading(_stated(value).en, source, score, _rating(plan, units))


def _stated(value: Raw | Table) -> Words:
    """A figure as it was handed over; of a table its number of records."""
    if isinstance(value, tuple):
        return Words(zh="{n}条记录", en="{n} records").fill(n=str(len(value)))
    return Words.same(str(plain(value)))


def score_units(plan: Plan, row: list[Slot], heard: Heard) -> int | None:
    """The score of a row in the smallest published unit, without any explanation; None where there is none."""
    return adjust(plan, row, judge_tree(plan, row, heard)).score


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
    rating = _rating(plan, units)
    return Words.same(f"{plan.rulebook.rounding.published(units)}{' ' + rating if rating else ''}")


def _rating(plan: Plan, units: int | None) -> str | None:
    return None if units is None else rating_of(units * plan.rulebook.rounding.unit, plan.rulebook.ratings)


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
            read = [name for name in _figures(planned.check.that) if name not in plan.columns]
            figures = listed(_shown(plan, row, name) for name in read)
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


def _figures(that: Formula) -> tuple[str, ...]:
    """The figures of a check; of what compares with others only what it comes to."""
    own = rebuilt(that, lambda one: ZERO if isinstance(one, Peers) else None)
    return (*names(own), *(peers_name(one) for one in peers_in(that)))


def _shown(plan: Plan, row: list[Slot], name: str) -> str:
    value = row[plan.of[name]]
    shown = spelled(fraction(value)) if isinstance(value, tuple) else "—" if isinstance(value, Absent) else str(value)
    return f"{plan.vocabulary[name].label} {shown}"
