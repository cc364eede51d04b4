"""Is a target met by some values and missed by others?

In: a rulebook. Out: a warning for a target that every value in the domain meets, or none: it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from perfscore.analysis.places import domain_of_value, interval_text
from perfscore.analysis.showing import Looked, Shown, looked
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import End, Interval
from perfscore.formula.piece import NoCurveError
from perfscore.formula.pieces import truth
from perfscore.formula.prose import CHINESE, ENGLISH, tell_condition
from perfscore.formula.regions import wholly
from perfscore.formula.shapes import VALUE, Formula
from perfscore.rulebook import Rulebook
from perfscore.words import Words

ALWAYS_MET = Code(
    "PS251",
    "target-always-met",
    Words(
        zh="取值范围内的每个值都达到目标，目标不起作用。",
        en="Every value in the domain meets the target, so the target decides nothing.",
    ),
)
NEVER_MET = Code(
    "PS252",
    "target-never-met",
    Words(
        zh="取值范围内没有值能达到目标。",
        en="No value in the domain meets the target.",
    ),
)


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Every target that is decided before anybody is judged."""
    for one in looked(rulebook):
        if one.leaf.target is None or (met := decided(one.leaf.target, one)) is None:
            continue
        if (shown := _worst(one, met=met)) is None:
            continue
        said = (
            Words(zh="{v}也达到目标 {t}：{d} 里的值都达到", en="even {v} meets the target {t}: all of {d} does")
            if met
            else Words(
                zh="{v}也达不到目标 {t}：{d} 里没有值能达到", en="even {v} misses the target {t}: all of {d} does"
            )
        )
        target = Words(zh=tell_condition(one.leaf.target, CHINESE), en=tell_condition(one.leaf.target, ENGLISH))
        domain = interval_text(bounds(VALUE, one.place.vocabulary), percent=one.percent)
        yield Diagnostic(
            ALWAYS_MET if met else NEVER_MET,
            (*one.at, "target"),
            said.fill(v=shown.says, t=target, d=domain),
            Words(zh="改目标，或改数据的 min 和 max", en="change the target, or the min and max of the figure"),
            "warning",
            related=domain_of_value(one, rulebook),
            witness=shown.witness,
        )


def decided(condition: Formula, one: Looked) -> bool | None:
    """Whether all values of a leaf meet a condition, or none; None where some do, or where that is not known."""
    known = always(condition, one.place.vocabulary)
    if known is not None:
        return known
    try:
        stretches = truth(condition, "value", bounds(VALUE, one.place.vocabulary), one.place.vocabulary)
    except NoCurveError:
        return None
    there = {holds for where, holds in stretches if not one.whole or wholly(where).low <= wholly(where).high}
    return there.pop() if len(there) == 1 else None


def _worst(one: Looked, *, met: bool) -> Shown | None:
    """The value that comes nearest to the other answer: an end of the domain, where one can be seen."""
    domain = bounds(VALUE, one.place.vocabulary)
    ends = [end for end, closed in _ends(domain) if closed and isinstance(end, Fraction)]
    number = one.place.target_number
    if number is not None:
        away = bounds(number, one.place.vocabulary).low
        if isinstance(away, Fraction):
            goal = away
            ends.sort(key=lambda end: abs(end - goal))
    stretches = (*(Interval(end, end) for end in ends), domain)
    return next((shown for each in stretches if (shown := one.show(each)) is not None), None)


def _ends(domain: Interval) -> tuple[tuple[End, bool], ...]:
    return (domain.low, domain.low_closed), (domain.high, domain.high_closed)
