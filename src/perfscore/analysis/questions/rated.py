"""Can every rating be had?

In: a rulebook, and its effective tables. Out: a warning for a rating above every score that can be, and for one below all of
them, as far as bounds prove it.
A rating that an adjustment sets, caps or lowers to is none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from perfscore.analysis.reach import SCORE, reach
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.intervals import Interval
from perfscore.quantity import spelled
from perfscore.rating import Rating
from perfscore.rulebook import Rulebook
from perfscore.words import Words

RATING_NOBODY_HAS = Code(
    "PS264",
    "rating-nobody-has",
    Words(zh="没有人能得到这个等级。", en="No score that can be leads to a rating."),
)


ABOVE_ALL = Words(zh="最高能得 {x} 分，到不了“{n}”", en="the highest score that can be is {x}, below “{n}”")
BELOW_ALL = Words(
    zh="最低也有 {x} 分，已是“{b}”，没有人是“{n}”",
    en="the lowest score that can be is {x}, “{b}” already: nobody has “{n}”",
)


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Every rating that no score leads to."""
    scale = [(one, one.start, index) for index, one in enumerate(rulebook.ratings) if one.start is not None]
    if not scale:
        return
    can = reach(rulebook)[SCORE]
    lowers = any(one.lower_rating for one in rulebook.adjustments)
    named = {name for one in rulebook.adjustments for name in (one.cap_rating, one.set_rating)}
    in_order = sorted(scale, key=lambda one: one[1])
    for place, (step, start, index) in enumerate(in_order):
        following = in_order[place + 1] if place + 1 < len(in_order) else None
        if step.name in named:
            continue
        if isinstance(can.high, Fraction) and start > can.high:
            yield _told(index, step, can, can.high)
        elif following is not None and not lowers and isinstance(can.low, Fraction) and following[1] <= can.low:
            yield _told(index, step, can, can.low, (following[0], following[2]))


def _told(
    index: int, step: Rating, can: Interval, nearest: Fraction, above: tuple[Rating, int] | None = None
) -> Diagnostic:
    at = ("ratings", "scale", index, "from")
    said = ABOVE_ALL if above is None else BELOW_ALL
    better = "" if above is None else above[0].name
    related = () if above is None else (Related(("ratings", "scale", above[1], "from"), Words.same(better)),)
    hint = Words(zh="改 from，或让各指标能得到这样的分数", en="change from, or let the indicators give such scores")
    shown = spelled(nearest)
    return Diagnostic(
        RATING_NOBODY_HAS,
        at,
        said.fill(x=shown, n=step.name, b=better),
        hint,
        "warning",
        related=related,
        witness=(("score", shown),),
    )
