"""Places that a finding speaks of beside its own: where the weight stands, the domain of a figure, an entry of a criterion.

In: a leaf, as analysis looks at it. Out: related places, with what stands there.
"""

from __future__ import annotations

from fractions import Fraction

from perfscore.analysis.curves import within
from perfscore.analysis.showing import Looked
from perfscore.criterion import Keeping, end_text
from perfscore.diagnostic import KeyPath, Related
from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import End, Interval
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import VALUE, Name, Not
from perfscore.indicator import Input
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.words import Words


def interval_text(where: Interval, *, percent: bool = False) -> str:
    """An interval as rule files write it."""

    def end(value: End) -> str:
        return number_text(value, percent=percent) if isinstance(value, Fraction) else end_text(value)

    if where.low == where.high:
        return end(where.low)
    opening = "[" if where.low_closed and isinstance(where.low, Fraction) else "("
    closing = "]" if where.high_closed and isinstance(where.high, Fraction) else ")"
    return f"{opening}{end(where.low)}, {end(where.high)}{closing}"


def domain_of_value(one: Looked, rulebook: Rulebook) -> tuple[Related, ...]:
    """Where it stands what the value can be."""
    says = Words(zh="取值范围 {d}", en="the domain is {d}").fill(
        d=interval_text(bounds(VALUE, one.place.vocabulary), percent=one.percent)
    )
    return (Related(figure_at(one, rulebook), says),)


def figure_at(one: Looked, rulebook: Rulebook) -> KeyPath:
    """Where the figure stands that a leaf measures: its input where that is one, else its measure."""
    if not isinstance(one.leaf.measure, Input) and isinstance(one.leaf.measure, Name):
        name = one.leaf.measure.name
        if any(given.name == name for given in rulebook.inputs):
            return "inputs", name
        if any(made.name == name for made in rulebook.measures):
            return "measures", name, "formula"
    return (*one.at, "measure")


def weight_of(at: KeyPath, worth: Interval) -> Related:
    """Where it stands what a leaf is worth."""
    says = Words(zh="分值 {w}", en="worth {w} points").fill(
        w=spelled(worth.high) if not isinstance(worth.high, float) else end_text(worth.high)
    )
    return Related((*at, "weight"), says)


def entry_at(one: Looked, value: Fraction) -> KeyPath | None:
    """Where the entry of a criterion stands that decides at a value."""
    point = within(one.place, Interval(value, value))
    criterion = one.leaf.criterion
    if isinstance(criterion, Keeping):
        for entry in criterion.kept(point):
            holds = (
                always(entry.when, point.vocabulary)
                if entry.unless is None
                else always(Not(entry.unless), point.vocabulary)
            )
            if entry.at and holds:
                return (*one.at, "criterion", *entry.at)
        return None
    for loss in (*criterion.losses(point), *criterion.credits(point)):
        if loss.at and loss.reach(point.vocabulary).low > 0:
            return (*one.at, "criterion", *loss.at)
    return None
