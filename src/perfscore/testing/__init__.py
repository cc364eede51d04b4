"""What perfscore promises, as functions that anyone can hold it to, and rulebooks and facts to try them on.

In: nothing for `rulebooks()`, a rulebook for `facts(…)`; the laws take what they speak of.
Out: hypothesis strategies; a law that does not hold raises `AssertionError` and says where.
No kind of criterion is named here: criteria are drawn from the fields of their classes, so a kind that was installed
this morning is tried before all laws. Only this room imports hypothesis, and nothing imports this room.

    from hypothesis import given, strategies as st
    from perfscore import assess
    from perfscore.testing import every_lost_point_is_named, facts, rulebooks

    @given(st.data())
    def test_my_kind_names_every_lost_point(data):
        rules = data.draw(rulebooks(kinds=["my-kind"]))
        every_lost_point_is_named(assess(rules, data.draw(facts(rules))))

All laws at once, as tests that pytest collects: `TestMyKind = laws_of_kind("my-kind")`.
"""

from __future__ import annotations

from perfscore.testing.drawn_cohorts import comparing_rulebooks
from perfscore.testing.drawn_criteria import criteria
from perfscore.testing.drawn_facts import facts
from perfscore.testing.drawn_formulas import conditions, numbers
from perfscore.testing.drawn_rulebooks import leaves, rulebooks
from perfscore.testing.laws import (
    better_never_worse,
    contains_every_completion,
    missing_is_not_zero,
    published,
    same_bytes,
    states_add_up,
    survives_writing,
    within_reach,
)
from perfscore.testing.laws_of_kinds import cases_can_be_taken, examples_hold, explains_itself, laws_of_kind
from perfscore.testing.laws_of_trees import every_lost_point_is_named, tree_adds_up, within_weight

__all__ = [
    "better_never_worse",
    "cases_can_be_taken",
    "comparing_rulebooks",
    "conditions",
    "contains_every_completion",
    "criteria",
    "every_lost_point_is_named",
    "examples_hold",
    "explains_itself",
    "facts",
    "laws_of_kind",
    "leaves",
    "missing_is_not_zero",
    "numbers",
    "published",
    "rulebooks",
    "same_bytes",
    "states_add_up",
    "survives_writing",
    "tree_adds_up",
    "within_reach",
    "within_weight",
]
