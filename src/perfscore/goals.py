"""绩效目标 and 评价范围 — what the evaluation promises, and whether an indicator measures it.

In: goals and scope as a rulebook declares them, and the ids of its indicators.
Out: a complaint for every goal without number, owner, dimension or indicator, and for every scope that nothing
measures. No subject is judged here; the same complaints are shown when a file is checked and beside every score.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from attrs import frozen

from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.shapes import Formula
from perfscore.words import Words

Dimension: TypeAlias = Literal["quantity", "quality", "timeliness", "cost", "benefit", "satisfaction"]


@frozen
class Goal:
    """绩效目标 — what was promised: in words, and where it has them a measure, a target, an owner and indicators."""

    id: str
    text: str
    dimension: Dimension | None = None
    measure: Formula | None = None
    target: Formula | None = None
    indicators: tuple[str, ...] = ()
    owner: str | None = None


@frozen
class Scope:
    """评价范围 — something the evaluation says it covers, and the indicators that measure it."""

    id: str
    text: str
    indicators: tuple[str, ...] = ()


NO_NUMBER = Code(
    "PS601",
    "goal-without-number",
    Words(
        zh="绩效目标没有可衡量的数值（measure 和 target）。",
        en="A goal has no number to hold it to (measure and target).",
    ),
)
NO_OWNER = Code(
    "PS602",
    "goal-without-owner",
    Words(zh="绩效目标没有责任人（owner）。", en="Nobody is named as answerable for a goal (owner)."),
)
GOAL_NOT_MEASURED = Code(
    "PS603", "goal-not-measured", Words(zh="没有指标衡量这个绩效目标。", en="No indicator measures a goal.")
)
NO_DIMENSION = Code(
    "PS605",
    "goal-without-dimension",
    Words(
        zh="绩效目标没有维度（dimension）：数量、质量、时效、成本、效益还是满意度。",
        en="A goal does not say what it is a goal of (dimension): quantity, quality, timeliness, cost, benefit, satisfaction.",
    ),
)
SCOPE_NOT_MEASURED = Code(
    "PS604",
    "scope-not-measured",
    Words(
        zh="评价说明涵盖某事，却没有指标衡量它。",
        en="The evaluation says that it covers something, and no indicator measures it.",
    ),
)


def goal_complaints(goals: tuple[Goal, ...], scopes: tuple[Scope, ...]) -> Iterator[Diagnostic]:
    """What a reader of the goals would ask, at key paths of the rule file."""
    for goal in goals:
        at = ("goals", goal.id)
        text = _short(goal.text)
        if goal.measure is None or goal.target is None:
            yield Diagnostic(
                NO_NUMBER,
                at,
                Words(zh="目标“{t}”没有数值", en="the goal “{t}” has no number").fill(t=text),
                Words(zh='写 measure = "…" 和 target = "≥ …"', en='write measure = "…" and target = "≥ …"'),
                "warning",
                "key",
            )
        if goal.owner is None:
            yield Diagnostic(
                NO_OWNER,
                at,
                Words(zh="目标“{t}”没有责任人", en="the goal “{t}” names no owner").fill(t=text),
                Words(zh='写 owner = "…"', en='write owner = "…"'),
                "warning",
                "key",
            )
        if goal.dimension is None:
            yield Diagnostic(
                NO_DIMENSION,
                at,
                Words(zh="目标“{t}”没有写属于哪个维度", en="the goal “{t}” says no dimension").fill(t=text),
                Words(
                    zh='写 dimension = "quantity"（数量），或 quality 质量、timeliness 时效、cost 成本、benefit 效益、satisfaction 满意度',
                    en='write dimension = "quantity", or quality, timeliness, cost, benefit, satisfaction',
                ),
                "warning",
                "key",
            )
        if not goal.indicators:
            yield _not_measured(
                GOAL_NOT_MEASURED,
                at,
                Words(zh="没有指标衡量目标“{t}”", en="no indicator measures the goal “{t}”"),
                text,
            )
    for scope in scopes:
        if not scope.indicators:
            text = _short(scope.text)
            yield _not_measured(
                SCOPE_NOT_MEASURED,
                ("scope", scope.id),
                Words(
                    zh="评价范围“{t}”没有指标衡量",
                    en="no indicator measures “{t}”, which the evaluation says it covers",
                ),
                text,
            )


def _not_measured(code: Code, at: tuple[str, str], message: Words, text: str) -> Diagnostic:
    hint = Words(
        zh='在 indicators = ["…"] 里写出衡量它的指标', en='name the indicators that measure it in indicators = ["…"]'
    )
    return Diagnostic(code, at, message.fill(t=text), hint, "warning", "key")


def _short(text: str) -> str:
    """A text to be quoted: shortened, its own quotation marks made inner ones."""
    inner = text.translate(str.maketrans("“”", "‘’"))
    return inner if len(inner) <= 40 else f"{inner[:38]}…"
