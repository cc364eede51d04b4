"""Is every root, power and logarithm rounded before it decides anything?

In: a draft. Out: a complaint for each formula in which 34 digits of a number that has no end reach the result, or are
compared with something: where a digit too few could decide a point, the file says how many count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.inexact import unrounded
from perfscore.formula.prose import SYNTAX, tell
from perfscore.formula.shapes import Round
from perfscore.rulefile.draft import Draft
from perfscore.rulefile.formulas import every_formula, written_text
from perfscore.words import Words

INEXACT_UNROUNDED = Code(
    "PS509",
    "inexact-unrounded",
    Words(
        zh="根、幂、对数只算到34位有效数字，没有写取到哪一位。",
        en="A root, a power or a logarithm is told to 34 digits, and to how many it is rounded is not said.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every formula that lets such a number out as it is."""
    for standing in every_formula(draft):
        found = unrounded(standing.formula)
        if found is None:
            continue
        place = re.search(rf"\b{found.function}\s*\(", written_text(draft.values, standing.at))
        yield Diagnostic(
            INEXACT_UNROUNDED,
            standing.at,
            Words(
                zh="{f} 没有穷尽，只算到34位有效数字，没有写取到哪一位",
                en="{f} has no end, it is told to 34 digits, and where it is rounded is not said",
            ).fill(f=tell(found, SYNTAX)),
            Words(
                zh="写 {r}（保留两位小数），或 floor(…)、ceil(…)",
                en="write {r} (to two places), or floor(…), ceil(…)",
            ).fill(r=tell(Round(found, 2), SYNTAX)),
            within=place.span() if place else None,
        )
