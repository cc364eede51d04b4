"""Do the points add up?

In: a draft. Out: a complaint for a leaf without weight, a weight with more places than points have, a branch that
declares other points than its members share out, and a total that is not the full marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfscore.diagnostic import Code, Diagnostic
from perfscore.quantity import Rounding, spelled
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.tree import misspelt
from perfscore.words import Words

WEIGHTS_DISAGREE = Code(
    "PS201",
    "weights-disagree",
    Words(
        zh="上级指标写的分值不等于下级指标分值之和。",
        en="A branch declares other points than its members share out.",
    ),
)
FULL_MARKS_DISAGREE = Code(
    "PS202",
    "full-marks-disagree",
    Words(zh="一级指标分值之和不等于满分。", en="The top-level weights do not add up to the full marks."),
)
WEIGHT_MISSING = Code("PS203", "weight-missing", Words(zh="指标没有写分值。", en="An indicator says no weight."))
WEIGHT_TOO_FINE = Code(
    "PS204",
    "weight-too-fine",
    Words(zh="分值的小数位比得分保留的位数多。", en="A weight has more decimal places than points are rounded to."),
)
WEIGHT_NEGATIVE = Code("PS205", "weight-negative", Words(zh="分值应大于 0。", en="A weight must be above 0."))


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every weight that does not fit."""
    rounding = draft.rounding
    for node in draft.nodes():
        yield from _one(node, rounding)
    total = _shared(draft.members)
    if draft.header is not None and total is not None and total != (full := draft.header.full_marks):
        yield Diagnostic(
            FULL_MARKS_DISAGREE,
            ("rulebook", "full_marks"),
            Words(
                zh="满分 {full}，各指标合计 {sum}", en="full_marks is {full}, but the indicators share out {sum}"
            ).fill(full=spelled(full), sum=spelled(total)),
            Words(
                zh="写 full_marks = {sum}，或改指标的分值（差 {gap}）",
                en="write full_marks = {sum}, or change weights by {gap}",
            ).fill(sum=spelled(total), gap=_signed(full - total)),
        )


def _one(node: DraftNode, rounding: Rounding | None) -> Iterator[Diagnostic]:
    at = (*node.at, "weight")
    if node.weight is not None and node.weight <= 0:
        yield Diagnostic(
            WEIGHT_NEGATIVE,
            at,
            Words(zh="分值是 {w}", en="the weight is {w}").fill(w=spelled(node.weight)),
            Words(zh="写大于 0 的数", en="write a number above 0"),
        )
    elif node.weight is not None and rounding is not None and not rounding.holds(node.weight):
        yield Diagnostic(
            WEIGHT_TOO_FINE,
            at,
            Words(zh="分值 {w} 的小数超过 {p} 位", en="the weight {w} has more than {p} decimal places").fill(
                w=spelled(node.weight), p=str(rounding.places)
            ),
            Words(
                zh="改分值，或写 rounding = { places = 3 }",
                en="change the weight, or write rounding = { places = 3 }",
            ),
        )
    if node.members:
        shared = _shared(node.members)
        if node.weight is not None and shared is not None and shared != node.weight:
            yield Diagnostic(
                WEIGHTS_DISAGREE,
                at,
                Words(
                    zh="写了 {w} 分，下级指标合计 {s} 分", en="declares {w} points, but its members share out {s}"
                ).fill(w=spelled(node.weight), s=spelled(shared)),
                Words(
                    zh="写 weight = {s}，或给下级指标 {gap} 分",
                    en="write weight = {s}, or give its members {gap} points",
                ).fill(s=spelled(shared), gap=_signed(node.weight - shared)),
            )
    elif "weight" not in node.table and not misspelt("weight", node.table):
        yield Diagnostic(
            WEIGHT_MISSING,
            node.at,
            Words(zh="指标“{n}”没有分值", en="the indicator “{n}” has no weight").fill(n=node.label),
            Words(zh="写 weight = 10", en="write weight = 10"),
            part="key",
        )


def _shared(members: tuple[DraftNode, ...]) -> Fraction | None:
    """What members are worth together, or None where one of them does not say."""
    total = Fraction(0)
    for member in members:
        worth = _shared(member.members) if member.members else member.weight
        if worth is None:
            return None
        total += worth
    return total


def _signed(gap: Fraction) -> str:
    return f"+{spelled(gap)}" if gap > 0 else spelled(gap)
