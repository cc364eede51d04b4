"""One share from several: what a branch that does not add makes of its members' shares.

In: shares of weights, exactly. Out: one share. Only a geometric mean has no exact value, and is computed to a declared
number of digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from perfscore.indicator import Aggregate
from perfscore.roots import root_of
from perfscore.words import Words

AGGREGATES: dict[Aggregate, Words] = {
    "sum": Words(zh="相加", en="the sum"),
    "pool": Words(zh="扣完为止", en="the pool"),
    "min": Words(zh="取最低", en="the least"),
    "max": Words(zh="取最高", en="the greatest"),
    "mean": Words(zh="取平均", en="the mean"),
    "scaled": Words(zh="按权重平均", en="the weighted mean"),
    "geometric": Words(zh="取几何平均", en="the geometric mean"),
    "one-of": Words(zh="取所选的一项", en="the chosen one"),
    "best": Words(zh="取最高的几项平均", en="the mean of the best"),
}
DIGITS = 34
"""To so many places a geometric mean is computed; it has no exact value."""


def combined(aggregate: Aggregate, shares: Sequence[Fraction], weights: Sequence[int], n: int | None) -> Fraction:
    """One share from several. Every one of these grows, or stays, when any share grows: bounds rest on that.

    >>> combined("best", [Fraction(1, 2), Fraction(1), Fraction(0)], [1, 1, 1], 2)
    Fraction(3, 4)
    """
    match aggregate:
        case "min":
            return min(shares)
        case "max":
            return max(shares)
        case "scaled":
            return sum((share * weight for share, weight in zip(shares, weights, strict=True)), Fraction(0)) / sum(
                weights
            )
        case "geometric":
            return root_of(prod((max(share, Fraction(0)) for share in shares), start=Fraction(1)), len(shares), DIGITS)
        case "best":
            shares = sorted(shares, reverse=True)[: n or 1]
        case _:
            pass
    return sum(shares, Fraction(0)) / len(shares)
