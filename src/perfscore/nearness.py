"""Figures that lie a hair from an edge, or far beyond their target.

In: a plan, a subject as it was judged, and what would win its points back. Out: findings, as notes: neither is wrong,
but a hair's breadth is where figures are looked at twice, and a target that is passed by far was set too low.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from perfscore.assessment import Finding
from perfscore.diagnostic import Code
from perfscore.formula.arithmetic import Slot
from perfscore.formula.exact import fraction
from perfscore.formula.prose import near_text
from perfscore.formula.shapes import Comparison
from perfscore.outcome import Outcome
from perfscore.plan import Plan, PlannedLeaf
from perfscore.quantity import Rounding
from perfscore.recovery import Recovery
from perfscore.valuetext import unit_text
from perfscore.words import Words

NEAR_MISS = Code(
    "PS440",
    "near-miss",
    Words(
        zh="差一点就到更高的一档，数值要核实。",
        en="A figure is a hair short of a better band: it deserves a second look.",
    ),
)
OVER_COMPLETION = Code(
    "PS441",
    "over-completion",
    Words(zh="完成值远超目标，目标可能定低了。", en="A target is passed by far, and may have been set too low."),
)
FAR_BEYOND = Fraction(13, 10)
"""From which share of its target on a value is told to be far beyond, unless the rulebook says another."""
NEARLY = Words(zh="“{i}”差一点：{change}", en="“{i}” falls short by a hair: {change}")
BEYOND = Words(
    zh="“{i}”完成值 {value} 是目标 {target} 的 {share}，达到或超过 {most}：目标可能定低了",
    en="“{i}”: {value} is {share} of the target of {target}, {most} or more: the target may be too low",
)


def near_misses(told: Iterable[tuple[str, Recovery]], names: dict[str, str]) -> Iterator[Finding]:
    """Of each indicator, the figures of which a hair more would leap over an edge; once each."""
    seen: set[tuple[str, str]] = set()
    for id, one in told:
        if one.near is not None and (id, one.near.input) not in seen:
            seen.add((id, one.near.input))
            yield Finding(NEAR_MISS, "note", NEARLY.fill(i=names[id], change=one.near.says), (id,))


def over_completions(plan: Plan, row: list[Slot], outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    """The indicators whose value is far beyond a target that it is to reach."""
    most = plan.rulebook.over_completion or FAR_BEYOND
    for id, leaf in plan.leaves.items():
        if outcomes[plan.index[id]].state == "scored" and (found := _figures(leaf, row)) is not None:
            value, target = found
            if target > 0 and value >= most * target:
                yield Finding(OVER_COMPLETION, "note", _beyond(leaf, value, target, most), (id,))


def _figures(leaf: PlannedLeaf, row: list[Slot]) -> tuple[Fraction, Fraction] | None:
    """The value and the number that it is to reach, where there are both."""
    target, slot = leaf.place.target, leaf.slots.of.get("target")
    if not isinstance(target, Comparison) or target.by not in ("≥", ">") or slot is None or leaf.value is None:
        return None
    held, goal = row[leaf.value], row[slot]
    return (fraction(held), fraction(goal)) if isinstance(held, tuple) and isinstance(goal, tuple) else None


def _beyond(leaf: PlannedLeaf, value: Fraction, target: Fraction, most: Fraction) -> Words:
    unit = leaf.vocabulary["value"]
    zh, en = unit_text(unit, "zh"), unit_text(unit, "en").strip()
    shown = [near_text(one, percent=leaf.percent) for one in (value, target)]
    held, goal = (Words(one + zh, f"{one} {en}" if en else one) for one in shown)
    share, near = value / target, Rounding(3).rounded(value / target)
    told = f"{'' if near == share else '≈'}{near_text(near, percent=True)}"
    return BEYOND.fill(i=leaf.indicator.name, value=held, target=goal, share=told, most=near_text(most, percent=True))
