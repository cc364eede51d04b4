"""Drawn rulebooks in which one fact could be deducted twice, and is not.

In: a rulebook. Out: the same with an indicator told again, and the order in which the two deduct; None where none of its
indicators deducts record by record.
"""

from __future__ import annotations

from attrs import evolve
from hypothesis import strategies as st

from perfscore.indicator import Indicator, Input
from perfscore.rulebook import Rulebook
from perfscore.testing.drawn_formulas import Draw


def once_again(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A leaf that deducts record by record, a second time: what cost points at the one costs none at the other."""

    def over(leaf: Indicator) -> bool:
        return any(one.over is not None for one in leaf.criterion.losses(rulebook.place(leaf)))

    leaf = next((one for one in rulebook.indicators() if over(one) and not isinstance(one.measure, Input)), None)
    known = rulebook.weights
    if leaf is None or known is None or rulebook.aggregate != "sum" or rulebook.once:
        return None
    again = evolve(leaf, id="again", name="再评", weight=known[leaf.id], range=None, rounding=None)
    ids = draw(st.permutations([leaf.id, "again"]))
    full = rulebook.full_marks + known[leaf.id]
    return evolve(rulebook, members=(*rulebook.members, again), full_marks=full, once=tuple(ids), ratings=())
