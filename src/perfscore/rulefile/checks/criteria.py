"""What does each criterion complain about itself?

In: a draft. Out: the complaints of every kind about its own parameters, at its key path.
No kind is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfscore.criterion import written_formulas
from perfscore.diagnostic import Diagnostic
from perfscore.formula.shapes import Formula, names
from perfscore.indicator import Indicator
from perfscore.rulefile.draft import Draft, DraftNode


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every complaint of every criterion whose names are all known."""
    terms = draft.vocabulary()
    for leaf in draft.leaves():
        if leaf.criterion is None or leaf.weight is None or leaf.weight <= 0:
            continue
        if "measure" in leaf.table and leaf.measure is None:
            continue  # its measure is broken, and has been complained about
        if "target" in leaf.table and leaf.target is None and leaf.measure is not None:
            continue  # so is its target
        if any(name not in terms for one in (leaf.measured, leaf.target) if one is not None for name in _outside(one)):
            continue  # so have the names that they do not know
        place = _indicator(leaf, leaf.weight).place(terms)
        written = [formula for _, formula, _ in written_formulas(leaf.criterion)]
        if all(name in place.vocabulary for one in written for name in names(one)):
            for one in leaf.criterion.complaints(place):
                yield one.under(*leaf.at, "criterion")


def _outside(formula: Formula) -> tuple[str, ...]:
    """The names that a measure or a target reads from the rulebook."""
    return tuple(name for name in names(formula) if name != "value")


def _indicator(leaf: DraftNode, weight: Fraction) -> Indicator:
    if leaf.criterion is None:
        raise ValueError(leaf.id)
    return Indicator(
        leaf.id, leaf.label, weight, leaf.criterion, leaf.measure, leaf.target, leaf.target_text, leaf.unit
    )
