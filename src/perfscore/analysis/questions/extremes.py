"""Can everything be had, and can everything be lost?

In: a rulebook. Out: a warning for full marks that nobody can reach, a note for zero that nobody can fall to. Points are
looked at as they are published; where they follow the value alone they are known exactly, else by what they cannot leave.
Where a rule says what is left, and not what is lost, the least that it leaves is written there, and is no surprise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from perfscore.analysis.places import domain_of_value, interval_text, weight_of
from perfscore.analysis.reach import reach
from perfscore.analysis.showing import Looked, looked
from perfscore.analysis.slopes import extremes, on
from perfscore.criterion import Keeping
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import EVERYTHING, End, Interval
from perfscore.indicator import Indicator
from perfscore.quantity import Rounding
from perfscore.rulebook import Rulebook
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

BEST_OUT_OF_REACH = Code(
    "PS247",
    "full-marks-out-of-reach",
    Words(zh="谁也得不到满分。", en="Nobody can reach full marks."),
)
WORST_OUT_OF_REACH = Code(
    "PS248",
    "zero-out-of-reach",
    Words(
        zh="谁也不会扣到最低分：扣分加起来用不完分值。",
        en="Nobody can fall to the lowest points: all that can be lost does not use them up.",
    ),
)


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Every indicator whose points cannot come to an end of their range."""
    reached = reach(rulebook)
    known = {one.leaf.id: one for one in looked(rulebook)}
    for leaf in rulebook.indicators():
        place = rulebook.place(leaf)
        if place.pooled:
            continue
        low, high = bounds(place.low, place.vocabulary).low, bounds(place.high, place.vocabulary).high
        told = list(_told(rulebook, leaf, known.get(leaf.id), Interval(low, high), reached[leaf.id]))
        if told and not any(leaf.criterion.complaints(place)):  # what its kind has told itself is not told twice
            yield from told


def _told(
    rulebook: Rulebook, leaf: Indicator, one: Looked | None, ends: Interval, reached: Interval
) -> Iterator[Diagnostic]:
    rounding = leaf.rounding or rulebook.rounding
    curved = None if one is None or one.pieces is None else extremes(on(one.pieces, EVERYTHING, whole=one.whole))
    for top in (True, False):
        end, found = (ends.high, reached.high) if top else (ends.low, reached.low)
        by_value: Interval | None = None
        # a figure that is missing, or an indicator that does not apply, may still have what no value gives
        if curved is not None and one is not None and isinstance(found, Fraction):
            points, where = curved[top]
            near = rounding.rounded(points)
            if one.leaf.missing == one.leaf.undefined == "error" and not one.applies and leaf.not_applicable is None:
                found = min(found, near) if top else max(found, near)
            by_value = where if near == found else None
        if not isinstance(end, Fraction) or _comes_to(end, found, rounding, top=top):
            continue
        best = top != rulebook.demerit
        if not best and _says_the_least(leaf, rulebook):
            continue
        shown = None if one is None or by_value is None else one.show(by_value)
        at = ("indicators", *leaf.id.split("."))
        value = Words.same("") if shown is None else BY_VALUE.fill(v=shown.says)
        yield Diagnostic(
            BEST_OUT_OF_REACH if best else WORST_OUT_OF_REACH,
            (*at, "criterion"),
            (BEST if best else WORST).fill(n=_short(found), e=_short(end), v=value),
            TO_REACH if best else TO_FALL,
            "warning" if best else "note",
            "key",
            related=(weight_of(at, ends), *(() if one is None else domain_of_value(one, rulebook))),
            witness=() if shown is None else shown.witness,
        )


BEST = Words(zh="最好也只有 {n} 分，到不了 {e} 分{v}", en="at best there are {n} points, never {e}{v}")
WORST = Words(zh="最差也有 {n} 分，到不了 {e} 分{v}", en="at worst there are {n} points, never {e}{v}")
BY_VALUE = Words(zh="（{v}时）", en=" (at {v})")
TO_REACH = Words(
    zh="改各档的分值或扣分，使达到目标时得满分；本来如此就把 weight 写小",
    en="change the points, so that the best value gets them all; if it is meant, write a smaller weight",
)
TO_FALL = Words(
    zh="每步多扣一些，或写明最低分：range = [最低分, 分值]",
    en="let each step cost more, or say what is left at least: range = [least, weight]",
)


def _says_the_least(leaf: Indicator, rulebook: Rulebook) -> bool:
    """Whether the least stands written: as what is left, or as all that the one loss there is can take."""
    if isinstance(leaf.criterion, Keeping):
        return True
    written = {path for path, _, _ in written_formulas(leaf.criterion)}
    losses = [one for one in leaf.criterion.losses(rulebook.place(leaf)) if one.at]
    return len(losses) == 1 and any((*losses[0].at, key) in written for key in ("at_most", "points"))


def _comes_to(end: Fraction, found: End, rounding: Rounding, *, top: bool) -> bool:
    published = rounding.rounded(end)
    return found >= published if top else found <= published


def _short(end: End) -> str:
    return interval_text(Interval(end, end))
