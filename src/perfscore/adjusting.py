"""Adjust the total: what a rulebook does after the tree was added up, line by line.

In: a plan, a row, and the outcomes of its tree. Out: `Total`: the subtotal, every line as a record, the score, the rating.
Effects on nodes come before all others, since the tree is added again after them. The score is clamped before the first
line and after every one, each time as a record of its own.
"""

from __future__ import annotations

from attrs import define, field

from perfscore.adjustment import AdjustmentRule
from perfscore.aggregating import add_again
from perfscore.criterion import Gain, Loss
from perfscore.formula.arithmetic import Absent, Ratio, Row, Slot, Unreadable
from perfscore.formula.exact import Slots
from perfscore.formula.shapes import ZERO
from perfscore.formula.walking import names
from perfscore.outcome import Outcome
from perfscore.plan import Plan, PlannedAdjustment
from perfscore.words import Words

CLAMPED = {
    "high": Words(zh="总分以上限计", en="the total ends at the upper end of its range"),
    "low": Words(zh="总分以下限计", en="the total ends at the lower end of its range"),
}
LIMITED = Words(zh="{title}，本项最多{most}分", en="{title}: at most {most} points here")
SAID = {
    "add": Words(zh="{title}，加{n}分", en="{title}: {n} points added"),
    "deduct": Words(zh="{title}，扣{n}分", en="{title}: {n} points taken"),
    "multiply": Words(zh="{title}，得分乘以{n}", en="{title}: the score times {n}"),
    "cap_score": Words(zh="{title}，总分最多{n}分", en="{title}: the score is at most {n}"),
    "set_score": Words(zh="{title}，总分定为{n}分", en="{title}: the score is {n}"),
}


@define(eq=False)
class Line:
    """One line between the subtotal and the score: by how many units, why, and what it does to the rating."""

    id: str
    units: int
    because: Words
    rule: AdjustmentRule | None = None
    key: str | None = None
    row: Row = ()
    slots: Slots | None = None


@define(eq=False)
class Total:
    """What it all comes to. Without a score, `absent` is what could not be read."""

    subtotal: int | None
    score: int | None
    full: int
    rating: str | None
    lines: list[Line] = field(factory=list)
    absent: Absent | None = None
    at: str | None = None
    """The adjustment that reads it."""
    fixed: bool = False
    """Whether an adjustment set the rating, whatever the score."""


def adjust(plan: Plan, row: list[Slot], outcomes: list[Outcome]) -> Total:
    """The total of a tree, adjusted; effects on nodes change `outcomes`."""
    rulebook = plan.rulebook
    full = (plan.worth[0] if plan.worth is not None else int(rulebook.full_marks * rulebook.rounding.size)) - outcomes[
        0
    ].unscored
    if not plan.adjustments and not outcomes[0].unscored and rulebook.range is None:
        units = outcomes[0].units
        if units is None or 0 <= units <= full:
            return Total(units, units, full, _rating(plan, units, full))
    total = Total(None, None, full, None)
    row[plan.of["weight"]] = (full, rulebook.rounding.size)
    try:
        _limit_nodes(plan, row, outcomes)
    except _At as at:
        total.absent, total.at = at.absent, at.id
        return total
    total.subtotal = outcomes[0].units
    if total.subtotal is None:
        _gates(plan, row, total)
        return total
    total.score = total.subtotal
    try:
        _lines(plan, row, total)
    except _At as at:
        total.absent, total.at, total.score = at.absent, at.id, None
    return total


class _At(Exception):  # noqa: N818 - never leaves this room
    def __init__(self, id: str, absent: Absent) -> None:
        self.id, self.absent = id, absent
        super().__init__(id)


def _holds(planned: PlannedAdjustment, row: list[Slot]) -> bool:
    try:
        return planned.when is None or planned.when(row)
    except Unreadable as unreadable:
        raise _At(planned.rule.id, unreadable.absent) from None


def _limit_nodes(plan: Plan, row: list[Slot], outcomes: list[Outcome]) -> None:
    """Effects on nodes, in their order; after each the tree is added again."""
    limits: dict[int, list[tuple[int, Loss, Loss]]] = {}
    rounding = plan.rulebook.rounding
    for planned in plan.adjustments:
        if not planned.rule.on_nodes or not _holds(planned, row):
            continue
        for index, most in planned.caps:
            try:
                units = rounding.units(*most(row))
            except Unreadable as unreadable:
                raise _At(planned.rule.id, unreadable.absent) from None
            said = LIMITED.fill(title=planned.rule.title, most=f"{rounding.published(units):f}")
            down = Loss(planned.rule.id, ZERO, said, clause=planned.rule.clause)
            up = Gain(planned.rule.id, ZERO, said, clause=planned.rule.clause)
            limits.setdefault(index, []).append((units, down, up))
        add_again(plan, row, outcomes, limits)


def _lines(plan: Plan, row: list[Slot], total: Total) -> None:
    rulebook = plan.rulebook
    size = rulebook.rounding.size
    # the range before the first line, and after every one
    low, high = 0, total.full
    if rulebook.range is not None:
        slots = Slots(plan.of, name="range")
        try:
            low, high = (
                rulebook.rounding.units(*slots.numeric(end.low)(row))
                for end in (rulebook.range.low, rulebook.range.high)
            )
        except Unreadable as unreadable:
            raise _At("range", unreadable.absent) from None
    scale = [one.name for one in rulebook.ratings]
    best, fixed, lower = 0, None, 0
    _clamp(total, low, high)
    for planned in plan.adjustments:
        score = total.score or 0
        row[plan.total] = (score, size)
        if not _holds(planned, row):
            continue
        rule = planned.rule
        try:
            for key, read in planned.amounts.items():
                score = total.score or 0
                units = _moved(plan, key, read(row), score)
                if units:
                    total.lines.append(Line(rule.id, units, SAID[key], rule, key, tuple(row), planned.slots))
                    total.score = score + units
                _clamp(total, low, high)
                row[plan.total] = (total.score or 0, size)
        except Unreadable as unreadable:
            raise _At(rule.id, unreadable.absent) from None
        if rule.set_rating is not None:
            fixed = scale.index(rule.set_rating)
            total.fixed = True
        if rule.cap_rating is not None:
            best = max(best, scale.index(rule.cap_rating))
        if rule.lower_rating is not None:
            lower += rule.lower_rating
        if rule.cap_rating is not None or rule.set_rating is not None or rule.lower_rating is not None:
            before = total.rating or _rating(plan, total.score, total.full)
            total.rating = _after(plan, total, scale, best, fixed, lower)
            total.lines.append(Line(rule.id, 0, _rated(rule.title, before, total.rating), rule))
    total.rating = _after(plan, total, scale, best, fixed, lower)


def _gates(plan: Plan, row: list[Slot], total: Total) -> None:
    """What leads straight to a rating, past the scores, does so where there is no score too."""
    for planned in plan.adjustments:
        rule = planned.rule
        reads = () if rule.when is None else names(rule.when)
        if rule.set_rating is None or any(name == "score" or "(" in name for name in reads):
            continue
        try:
            if planned.when is not None and not planned.when(row):
                continue
        except Unreadable:
            continue  # the missing figure is told at the indicators
        total.rating, total.fixed = rule.set_rating, True
        total.lines.append(Line(rule.id, 0, _rated(rule.title, None, rule.set_rating), rule))


def _rated(title: str, before: str | None, after: str | None) -> Words:
    return Words(zh="{title}，等级 {a} → {b}", en="{title}: rating {a} → {b}").fill(
        title=title, a=before or "—", b=after or "—"
    )


def _after(plan: Plan, total: Total, scale: list[str], best: int, fixed: int | None, lower: int) -> str | None:
    """The rating after what was done to it: fixed, else by the score; then lowered; then capped."""
    by_score = _rating(plan, total.score, total.full)
    if by_score is None and fixed is None:
        return None
    place = fixed if fixed is not None else scale.index(by_score or "")
    return scale[min(max(place + lower, best if fixed is None else place), len(scale) - 1)]


def _moved(plan: Plan, key: str, amount: Ratio, score: int) -> int:
    """By how many units an effect moves the score."""
    rounding = plan.rulebook.rounding
    match key:
        case "add":
            return rounding.units(*amount)
        case "deduct":
            return -rounding.units(*amount)
        case "multiply":
            above, below = amount
            return rounding.units(score * above, rounding.size * below) - score
        case "cap_score":
            return min(rounding.units(*amount) - score, 0)
        case "set_score":
            return rounding.units(*amount) - score
        case _:
            raise ValueError(key)


def _clamp(total: Total, low: int, high: int) -> None:
    score = total.score or 0
    kept = min(max(score, low), high)
    if kept != score:
        total.lines.append(Line("range", kept - score, CLAMPED["high" if kept < score else "low"]))
        total.score = kept


def _rating(plan: Plan, units: int | None, full: int) -> str | None:
    """The rating of a published score; where less than the full marks could be had, of its share of them."""
    if units is None or not plan.scale:
        return None
    above, below = units, plan.rulebook.rounding.size
    if plan.worth is None or full != plan.worth[0]:
        whole = plan.rulebook.full_marks
        if full <= 0 and whole > 0:
            return None
        if whole > 0:
            above, below = above * whole.numerator, full * whole.denominator
    for start, over, name in plan.scale:
        if above * over >= start * below:
            return name
    return None
