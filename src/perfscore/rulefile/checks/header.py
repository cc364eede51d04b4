"""Can the head of the file be meant as it is written?

In: a draft. Out: a complaint for an id that could not stand in a path, places that cannot be rounded to, and a rulebook that
ends before it begins.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic
from perfscore.quantity import spelled
from perfscore.rulefile.draft import Draft
from perfscore.rulefile.naming import check_id
from perfscore.words import Words

PLACES_UNUSABLE = Code(
    "PS216",
    "places-unusable",
    Words(zh="小数位数应是 0 到 30 的整数。", en="Points are rounded to a whole number of places, from 0 to 30."),
)
ENDS_BEFORE_IT_BEGINS = Code(
    "PS217", "ends-before-it-begins", Words(zh="有效期的终点早于起点。", en="The rulebook would end before it begins.")
)
FULL_MARKS_UNUSABLE = Code(
    "PS218",
    "full-marks-unusable",
    Words(
        zh="满分应大于 0；写了总分范围的可以是 0。",
        en="The full marks must be above 0, or 0 where the range of the total is written.",
    ),
)


OVER_COMPLETION_UNUSABLE = Code(
    "PS279",
    "over-completion-unusable",
    Words(
        zh="超额完成的界线应是大于 100% 的一个数。",
        en="The share of a target that counts as far beyond it is one number above 100%.",
    ),
)
COVERAGE_UNUSABLE = Code(
    "PS236",
    "coverage-unusable",
    Words(zh="覆盖率下限应是 0 到 100% 之间的一个数。", en="The least coverage is one number from 0 to 100%."),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Everything in the head that cannot be."""
    header = draft.header
    if header is None:
        return
    told: list[Diagnostic] = []
    check_id(header.id, ("rulebook", "id"), told.append, part="value")
    yield from told
    places = header.rounding.places
    if draft.rounding is None:
        yield Diagnostic(
            PLACES_UNUSABLE,
            ("rulebook", "rounding", "places"),
            Words(zh="不能保留 {p} 位小数", en="points cannot be rounded to {p} places").fill(p=spelled(places)),
            Words(zh="写 places = 2", en="write places = 2"),
        )
    if header.valid is not None and header.valid.to < header.valid.from_:
        yield Diagnostic(
            ENDS_BEFORE_IT_BEGINS,
            ("rulebook", "valid", "to"),
            Words(zh="{to} 早于起点 {start}", en="{to} is before {start}, where it begins").fill(
                to=header.valid.to.isoformat(), start=header.valid.from_.isoformat()
            ),
            Words(zh="改 from 或 to", en="change from or to"),
        )
    if header.full_marks < 0 or (header.full_marks == 0 and header.range is None):
        yield Diagnostic(
            FULL_MARKS_UNUSABLE,
            ("rulebook", "full_marks"),
            Words(zh="满分是 {n}", en="the full marks are {n}").fill(n=spelled(header.full_marks)),
            Words(
                zh="写 full_marks = 100；只加分或只减分的表写 range = [0, 50]",
                en="write full_marks = 100; a table of bonuses or penalties only says range = [0, 50]",
            ),
        )
    least = header.coverage
    if least is not None and (least.constant is None or not 0 <= least.constant.value <= 1):
        yield Diagnostic(
            COVERAGE_UNUSABLE,
            ("rulebook", "coverage"),
            Words(zh="应是 0 到 100% 之间的一个数", en="expected one number from 0 to 100%"),
            Words(zh='写 coverage = "80%"', en='write coverage = "80%"'),
        )
    far = header.over_completion
    if far is not None and (far.constant is None or far.constant.value <= 1):
        yield Diagnostic(
            OVER_COMPLETION_UNUSABLE,
            ("rulebook", "over_completion"),
            Words(zh="应是大于 100% 的一个数", en="expected one number above 100%"),
            Words(zh='写 over_completion = "130%"', en='write over_completion = "130%"'),
        )
