"""What is said to win points back wins them: the law over everything that can be drawn, and bugs that it finds."""

from __future__ import annotations

from hypothesis import given

from perfscore import Facts, Rulebook, assess
from perfscore.testing.laws_of_recovery import won_back
from tests.laws.test_laws import cases


@given(cases(max_leaves=3))
def test_what_is_offered_wins_the_points_back_and_a_step_less_does_not(case: tuple[Rulebook, Facts]) -> None:
    won_back(assess(*case))
