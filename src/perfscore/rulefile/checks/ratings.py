"""Does the scale of ratings read as one?

In: a draft. Out: a complaint for a scale that is not best first, repeats a step, or leaves low scores without a rating.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from perfscore.diagnostic import Code, Diagnostic
from perfscore.quantity import spelled
from perfscore.rulefile.draft import Draft
from perfscore.words import Words

SCALE_OUT_OF_ORDER = Code(
    "PS213",
    "scale-out-of-order",
    Words(zh="等级应从好到差写，起点逐级降低。", en="A scale is written best first, each step starting lower."),
)
SCALE_HAS_HOLE = Code(
    "PS214",
    "scale-has-hole",
    Words(
        zh="最低一级不从 0 起，低分没有等级。", en="The lowest step does not start at 0, so low scores have no rating."
    ),
)

SCALE_OUT_OF_REACH = Code(
    "PS222",
    "scale-out-of-reach",
    Words(zh="等级的起点没有得分能到。", en="A step of the scale starts where no score can be."),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Everything odd about the scale."""
    scale = draft.ratings or ()
    for index, (above, below) in enumerate(pairwise(scale), start=1):
        if below.start >= above.start:
            yield Diagnostic(
                SCALE_OUT_OF_ORDER,
                ("ratings", "scale", index, "from"),
                Words(
                    zh="“{b}”从 {x} 起，不低于上一级“{a}”的 {y}",
                    en="“{b}” starts at {x}, not below {y} of “{a}” above it",
                ).fill(a=above.name, b=below.name, x=spelled(below.start), y=spelled(above.start)),
                Words(zh="按从好到差排列", en="order them from best to worst"),
            )
    full = draft.header.full_marks if draft.header else None
    for index, step in enumerate(scale):
        if full is not None and not 0 <= step.start <= full:
            yield Diagnostic(
                SCALE_OUT_OF_REACH,
                ("ratings", "scale", index, "from"),
                Words(
                    zh="“{n}”从 {x} 起，得分只在 0 到 {full}", en="“{n}” starts at {x}; scores lie from 0 to {full}"
                ).fill(n=step.name, x=spelled(step.start), full=spelled(full)),
                Words(zh="写 0 到 {full} 之间的数", en="write a number from 0 to {full}").fill(full=spelled(full)),
            )
    if scale and min(one.start for one in scale) > 0:
        lowest = min(scale, key=lambda one: one.start)
        yield Diagnostic(
            SCALE_HAS_HOLE,
            ("ratings", "scale"),
            Words(zh="低于 {x} 的分数没有等级", en="scores below {x} have no rating").fill(x=spelled(lowest.start)),
            Words(zh="最低一级写 from = 0", en="let the lowest step start from = 0"),
            "warning",
        )
