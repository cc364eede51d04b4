"""What a criterion leaves as one formula is what judging gives, where points are taken and given at once."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfscore import Facts, assess, loads
from perfscore.leaving import kept
from tests.laws.test_formulas import exactly

RULES = """
format = 1
[rulebook]
id = "r"
title = "r"
version = "1"
full_marks = 10
counts = "COUNTS"
[indicators.a]
name = "a"
weight = 10
measure = { type = "count" }
clause = "c"
[indicators.a.criterion]
kind = "clauses"
losses = [ { id = "late", name = "late", of = "value", each = 1 } ]
credits = [ { id = "mended", name = "mended", of = 2, each = 1 } ]
"""


@pytest.mark.parametrize("counts", ["merit", "demerit"])
@pytest.mark.parametrize("value", [0, 1, 2, 3, 9, 10, 11, 12, 40])
def test_points_that_are_taken_and_given_at_once(counts: str, value: int) -> None:
    rulebook = loads(RULES.replace("COUNTS", counts))
    [leaf] = rulebook.indicators()
    formula = kept(leaf.criterion, rulebook.place(leaf))
    points = assess(rulebook, Facts(inputs={"a": value}))["a"].points

    assert formula is not None
    assert points is not None
    assert exactly(formula, {"value": Fraction(value), "weight": Fraction(10)}) == Fraction(points)
