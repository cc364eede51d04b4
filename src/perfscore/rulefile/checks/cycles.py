"""Does a measure read itself?

In: a draft. Out: a complaint that shows the circle of reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.shapes import names
from perfscore.rulefile.draft import Draft
from perfscore.words import Words

CIRCLE = Code("PS504", "circle", Words(zh="计算指标绕了一圈又读到自己。", en="Measures read one another in a circle."))


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every circle, once, at the first of its measures."""
    reads = {
        name: [used for used in names(measure.formula) if used in draft.measures]
        for name, measure in draft.measures.items()
        if measure is not None
    }
    told: set[str] = set()
    for start in reads:
        trail = _circle(start, reads)
        if trail and not told & set(trail):
            told |= set(trail)
            yield Diagnostic(
                CIRCLE,
                ("measures", start, "formula"),
                Words(zh="绕回自己：{trail}", en="reads itself: {trail}").fill(trail=" → ".join([*trail, start])),
                Words(zh="让其中一个改读输入", en="let one of them read an input instead"),
            )


def _circle(start: str, reads: dict[str, list[str]]) -> list[str]:
    """The way from `start` back to itself, or nothing."""
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        trail = waiting.pop()
        for used in reads.get(trail[-1], []):
            if used == start:
                return trail
            if used not in seen:
                seen.add(used)
                waiting.append([*trail, used])
    return []
