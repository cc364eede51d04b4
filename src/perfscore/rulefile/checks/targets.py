"""Is a target a condition exactly where there is a measure?

In: a draft. Out: a warning for a target that looks like a condition while nothing is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic
from perfscore.rulefile.draft import Draft
from perfscore.words import Words, visible

CONDITION_WITHOUT_MEASURE = Code(
    "PS212",
    "condition-without-measure",
    Words(
        zh="目标写成了条件，却没有 measure，不会自动比较。",
        en="A target is a condition, but there is no measure to hold against it.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every condition that nothing is held against."""
    for leaf in draft.leaves():
        target = leaf.table.get("target")
        if (
            "measure" not in leaf.table
            and leaf.measure is None
            and isinstance(target, str)
            and target.lstrip()[:1] in tuple("≥≤<>=＞＜＝")
        ):
            yield Diagnostic(
                CONDITION_WITHOUT_MEASURE,
                (*leaf.at, "target"),
                Words(zh="“{t}”没有可比较的完成值", en="nothing is held against “{t}”").fill(t=visible(target)),
                Words(
                    zh='写 measure = { type = "number" }，或把它当文字写进 target_text',
                    en='write measure = { type = "number" }, or put the words into target_text',
                ),
                "warning",
            )
