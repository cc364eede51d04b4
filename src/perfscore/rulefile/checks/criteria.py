"""What does each criterion complain about itself?

In: a draft. Out: the complaints of every kind about its own parameters, at its key path.
No kind is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfscore.criterion import written_formulas
from perfscore.diagnostic import Diagnostic
from perfscore.formula.shapes import names
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
        if _knows_all(leaf, terms):
            place = _indicator(leaf, leaf.weight).place(terms)
            for one in leaf.criterion.complaints(place):
                yield one.under(*leaf.at, "criterion")


def _knows_all(leaf: DraftNode, terms: object) -> bool:
    known = {*terms, "value", "target", "weight"}  # type: ignore[misc]
    written = [formula for _, formula, _ in written_formulas(leaf.criterion)]
    return all(
        name in known for one in (*written, leaf.measured, leaf.target) if one is not None for name in names(one)
    )


def _indicator(leaf: DraftNode, weight: Fraction) -> Indicator:
    if leaf.criterion is None:
        raise ValueError(leaf.id)
    return Indicator(
        leaf.id, leaf.label, weight, leaf.criterion, leaf.measure, leaf.target, leaf.target_text, leaf.unit
    )
