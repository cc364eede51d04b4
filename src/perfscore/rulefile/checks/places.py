"""Does an indicator promise more places than the whole prints?

In: a draft. Out: a warning for a leaf whose `rounding` is finer than the rulebook's. Its points are published with the
places of the whole: a sum of others could not be added up with a pencil (law 3).
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic
from perfscore.quantity import Rounding
from perfscore.rulefile.draft import Draft
from perfscore.words import Words

PLACES_TOO_FINE = Code(
    "PS240",
    "places-too-fine",
    Words(
        zh="指标保留的小数位比整张表多。",
        en="An indicator is rounded to more places than the rulebook publishes.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every leaf that is finer than the whole."""
    whole = draft.rounding or Rounding()
    for node in draft.nodes():
        if node.members or node.rounding is None or node.rounding.places <= whole.places:
            continue
        numbers = {"p": str(node.rounding.places), "w": str(whole.places)}
        yield Diagnostic(
            PLACES_TOO_FINE,
            (*node.at, "rounding"),
            Words(
                zh="这里写 {p} 位小数，整张表只有 {w} 位，得分按 {w} 位",
                en="{p} places here, and {w} in the whole: its points have {w}",
            ).fill(**numbers),
            Words(
                zh="改 places，或在 [rulebook] 写 rounding = {{ places = {p} }}",
                en="lower places, or write rounding = {{ places = {p} }} in [rulebook]",
            ).fill(**numbers),
            "warning",
        )
