"""Does a better value ever score worse?

In: a rulebook. Out: a warning for two values of which the better one keeps fewer points, as they are published. Which is
better the target says: more where it is ≥, less where it is ≤, nearer where it is a range or one number. Without a
target nothing is called better; a note tells where points fall and then rise again. Points that do not follow the value
alone are not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from perfscore.analysis.places import entry_at, interval_text
from perfscore.analysis.questions.turned import turned
from perfscore.analysis.showing import Looked, Shown, looked
from perfscore.analysis.slopes import drops, on
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import EVERYTHING, Interval
from perfscore.formula.piece import NoCurveError
from perfscore.formula.pieces import truth
from perfscore.formula.prose import CHINESE, ENGLISH, tell_condition
from perfscore.formula.regions import meet, roundest
from perfscore.formula.shapes import VALUE
from perfscore.rulebook import Rulebook
from perfscore.words import Words

BETTER_SCORES_WORSE = Code(
    "PS249",
    "better-scores-worse",
    Words(zh="完成得更好，得分反而更低。", en="A better value scores worse."),
)
POINTS_DIP = Code(
    "PS250",
    "points-dip",
    Words(
        zh="数越大得分先变差后变好，看不出哪边好。",
        en="As the value grows points get worse and better again: no direction is good.",
    ),
)
WORSE = Words(
    zh="{a}{gets} {x} 分，更好的 {b}{gets} {y} 分（目标 {t}）",
    en="{a} {gets} {x}, and the better {b} {gets} {y} (target {t})",
)
DIP = Words(
    zh="{a}{gets} {x} 分，{b}{gets} {y} 分，{c}又{gets} {z} 分",
    en="{a} {gets} {x}, {b} {gets} {y}, and {c} {gets} {z} again",
)


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """The first such pair of values of every indicator."""
    for one in looked(rulebook):
        if one.pieces is None:
            continue
        if one.leaf.target is None:
            yield from _dips(rulebook, one)
        else:
            yield from _turned(rulebook, one)


def _turned(rulebook: Rulebook, one: Looked) -> Iterator[Diagnostic]:
    target = one.leaf.target
    met = None if target is None else _met(one)
    if target is None or met is None or one.pieces is None:
        return
    sides: list[tuple[Interval, bool]] = []  # where more is better, and where less is
    if not isinstance(met.low, float):
        sides.append((Interval(high=met.high if not isinstance(met.high, float) else EVERYTHING.high), True))
    if not isinstance(met.high, float):
        sides.append((Interval(low=met.low if not isinstance(met.low, float) else EVERYTHING.low), False))
    every = on(one.pieces, EVERYTHING, whole=one.whole)
    if len(sides) > 1 and not (any(drops(every, up=True)) and any(drops(every, up=False))):
        return  # one way all along: the target is only where it begins
    if len(sides) == 1 and not any(drops(every, up=sides[0][1] != rulebook.demerit)) and any(turned(one)):
        return  # the wrong way all along: that is told once, at the target
    for side, more in sides:
        pieces = on(one.pieces, side, whole=one.whole)
        for low, high in drops(pieces, up=(not more) != rulebook.demerit):
            told = next(_told(rulebook, one, more, (_pair(one, low, high), _ends(one, low, high))), None)
            if told is None:
                continue
            worse, better, x, y = told
            said = Words(zh=tell_condition(target, CHINESE), en=tell_condition(target, ENGLISH))
            yield Diagnostic(
                BETTER_SCORES_WORSE,
                entry_at(one, better.value) or (*one.at, "criterion"),
                WORSE.fill(a=worse.says, x=_text(x), b=better.says, y=_text(y), t=said, gets=one.place.gives),
                Words(
                    zh="检查方向：目标的 ≥ 和 ≤，或各档的分值",
                    en="look at the direction: the sign of the target, the points",
                ),
                "warning",
                related=(
                    Related((*one.at, "target"), Words(zh="目标说哪边好", en="the target says which is better")),
                    *_other(one, worse, better),
                ),
                witness=better.witness,
            )
            return


def _dips(rulebook: Rulebook, one: Looked) -> Iterator[Diagnostic]:
    pieces = on(one.pieces or (), EVERYTHING, whole=one.whole)
    falls = list(drops(pieces, up=rulebook.demerit))
    rises = list(drops(pieces, up=not rulebook.demerit))
    for low, high in falls:
        for again, top in rises:
            if again.low < high.low or (again == high and again.low == high.low and again is not high):
                continue
            first, last = _pair(one, low, high), _pair(one, again, top)
            if first is None or last is None:
                continue
            at = [first[0], first[1], last[1]]
            points = [_published(rulebook, one, each) for each in at]
            if None in points or not at[0].value < at[1].value < at[2].value:
                continue
            x, y, z = (each or Fraction(0) for each in points)
            if (x > y < z) if not rulebook.demerit else (x < y > z):
                yield Diagnostic(
                    POINTS_DIP,
                    entry_at(one, at[1].value) or (*one.at, "criterion"),
                    DIP.fill(
                        a=at[0].says,
                        b=at[1].says,
                        c=at[2].says,
                        x=_text(x),
                        y=_text(y),
                        z=_text(z),
                        gets=one.place.gives,
                    ),
                    Words(
                        zh="检查各档的分值；哪边好可以用 target 写明",
                        en="look at the points; a target can say which is better",
                    ),
                    "note",
                    related=_other(one, at[0], at[1]),
                    witness=at[1].witness,
                )
                return


def _met(one: Looked) -> Interval | None:
    """The one stretch in which the target is met."""
    target = one.leaf.target
    if target is None:
        return None
    try:
        found = [where for where, holds in truth(target, "value", EVERYTHING, one.place.vocabulary) if holds]
    except NoCurveError:
        return None
    return found[0] if len(found) == 1 and found[0] != EVERYTHING else None


def _pair(one: Looked, low: Interval, high: Interval) -> tuple[Shown, Shown] | None:
    """A value in each of two stretches, the lower one first; two of the same stretch where they are one."""
    if low == high:
        start, end = low.low, low.high
        if isinstance(start, float) or isinstance(end, float):
            domain = list(meet((low,), (bounds(VALUE, one.place.vocabulary),)))
            first = one.show(domain[0]) if domain else None
            if first is None:
                return None
            step = Fraction(1) if isinstance(end, float) else -Fraction(1)
            second = one.shown(first.value + step)
            return None if second is None else ((first, second) if step > 0 else (second, first))
        scale = 100 if one.percent else 1
        if one.whole:
            low, high = Interval(start, start), Interval(end, end)
        else:
            middle = roundest(start * scale, end * scale) / scale
            low, high = Interval(start, middle, low.low_closed, False), Interval(middle, end, True, high.high_closed)
    first, second = one.show(low), one.show(high)
    return None if first is None or second is None else (first, second)


def _ends(one: Looked, low: Interval, high: Interval) -> tuple[Shown, Shown] | None:
    """The values furthest apart: what differs by little is published alike nearer by."""
    if isinstance(low.low, float) or isinstance(high.high, float):
        return None
    first, last = one.show(Interval(low.low, low.low)), one.show(Interval(high.high, high.high))
    return None if first is None or last is None else (first, last)


def _told(
    rulebook: Rulebook, one: Looked, more: bool, pairs: tuple[tuple[Shown, Shown] | None, ...]
) -> Iterator[tuple[Shown, Shown, Fraction, Fraction]]:
    """Of each pair of which the better value is published with fewer points: the worse, the better, and their points."""
    for pair in pairs:
        if pair is None:
            continue
        worse, better = pair if more else pair[::-1]
        x, y = _published(rulebook, one, worse), _published(rulebook, one, better)
        if x is not None and y is not None and (x > y if not rulebook.demerit else x < y):
            yield worse, better, x, y


def _published(rulebook: Rulebook, one: Looked, shown: Shown) -> Fraction | None:
    kept = one.kept(shown.value)
    return None if kept is None else (one.leaf.rounding or rulebook.rounding).rounded(kept)


def _other(one: Looked, worse: Shown, better: Shown) -> tuple[Related, ...]:
    at = entry_at(one, worse.value)
    if at is None or at == entry_at(one, better.value):
        return ()
    return (Related(at, Words(zh="{v}在这里", en="{v} falls here").fill(v=worse.says)),)


def _text(points: Fraction) -> str:
    return interval_text(Interval(points, points))
