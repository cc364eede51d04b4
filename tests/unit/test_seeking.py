"""Which exact points are enough for so many published ones: what rounding itself says, on the edge and on both sides of it."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

import pytest

from perfscore.quantity import Rounding, RoundingMode
from perfscore.seeking import enough


@pytest.mark.parametrize("mode", get_args(RoundingMode))
@pytest.mark.parametrize("places", [0, 2])
@pytest.mark.parametrize("units", range(-4, 5))
def test_points_are_enough_that_are_rounded_to_so_many_or_more(mode: RoundingMode, places: int, units: int) -> None:
    rounding = Rounding(places, mode)
    wanted = enough(rounding, units)

    for quarters in range(-24, 25):
        points = Fraction(quarters, 4) / rounding.size
        suffices = points > wanted.edge or (points == wanted.edge and wanted.closed)
        assert suffices is (rounding.rounded(points) * rounding.size >= units), points
