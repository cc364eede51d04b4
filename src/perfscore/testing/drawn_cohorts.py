"""Drawn rulebooks in which a subject is compared with the others of its cohort.

In: which kinds, and how many leaves at most. Out: a strategy for whole rulebooks that pass their checks, with measures that
rank a subject among all, targets that all set together, or leaves that have the mean of the others.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, cast, get_args

from attrs import evolve
from hypothesis import strategies as st

from perfscore.formula import shapes
from perfscore.formula.shapes import VALUE, Compared, Name, Peers, Ties
from perfscore.rulebook import Rulebook, points_name
from perfscore.testing.drawn_features import GROUP, passes, some_condition, some_of, tried, with_groups, with_node
from perfscore.testing.drawn_formulas import Draw, yes_or_no
from perfscore.testing.drawn_rulebooks import rulebooks


@st.composite
def comparing_rulebooks(draw: Draw, kinds: Collection[str] | None = None, max_leaves: int = 4) -> Rulebook:
    """Rulebooks in which something reads the others of a cohort, where that passes the checks."""
    return with_others(draw, draw(rulebooks(kinds, max_leaves)))


def _compared(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A leaf that measures its subject against the others: by a figure, or by the points of another leaf."""
    found = list(rulebook.indicators())
    leaf = some_of(draw, [one for one in found if one.measured is not None])
    if leaf is None:
        return None
    others = [Name(points_name(one.id)) for one in found if one.id != leaf.id]
    of = draw(st.sampled_from([leaf.measured, leaf.measured, *others]))
    by = Name(GROUP) if draw(yes_or_no) and any(one.name == GROUP for one in rulebook.inputs) else None
    what = draw(st.sampled_from(get_args(Compared)))
    best: Literal["high", "low"] = "high" if draw(yes_or_no) else "low"
    ties = draw(st.sampled_from(get_args(Ties)))
    low, high = (draw(st.integers(0, 1)) for _ in range(2)) if what == "trimmed_mean" else (0, 0)
    peers = Peers("rank", of, by, best, ties) if what == "rank" else Peers(what, of, by, low=low, high=high)
    measure = draw(st.sampled_from([peers, shapes.minus(peers, of)]))
    return with_node(rulebook, leaf.id, lambda node: evolve(cast(Any, node), measure=measure))


def _held_against(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A leaf whose target is what all others come to in its own value."""
    leaf = some_of(draw, [one for one in rulebook.indicators() if one.measured is not None])
    if leaf is None:
        return None
    what: Literal["mean", "max", "min"] = draw(st.sampled_from(["mean", "max", "min"]))
    target = shapes.Comparison(VALUE, draw(st.sampled_from(["≥", "≤"])), Peers(what, VALUE))
    return with_node(rulebook, leaf.id, lambda node: evolve(cast(Any, node), target=target, target_text=None))


def _by_the_others(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A leaf that has the mean of those to whom it applies."""
    leaf = some_of(draw, list(rulebook.indicators()))
    if leaf is None:
        return None
    applies = some_condition(draw, rulebook)
    return with_node(
        rulebook, leaf.id, lambda node: evolve(cast(Any, node), applies=applies, not_applicable="peer-mean")
    )


def with_others(draw: Draw, rulebook: Rulebook) -> Rulebook:
    """The rulebook with something in it that reads the others of a cohort, where the checks let it pass."""
    if draw(yes_or_no):
        grouped = tried(lambda draw, rulebook: with_groups(rulebook), draw, rulebook)
        rulebook = grouped if grouped is not None and passes(grouped) else rulebook
    for _ in range(draw(st.integers(1, 3))):
        changed = tried(draw(st.sampled_from([_compared, _compared, _held_against, _by_the_others])), draw, rulebook)
        if changed is not None and passes(changed):
            rulebook = changed
    return rulebook
