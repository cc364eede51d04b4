"""分值 — what every node is worth, for one subject or for everybody.

In: a tree whose weights are numbers, shares of the parent, even parts, or formulas. Out: whole published units a node.
Weights that are computed are brought to the published places so that they add up to what they were computed from: the
remainder goes to the largest fractions, then by file order. Whether the whole adds up to the full marks is asked
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Protocol, TypeAlias, assert_never

from perfscore.formula.shapes import Formula
from perfscore.indicator import Aggregate, Even, Share, Varying, Weight
from perfscore.quantity import Rounding

Value: TypeAlias = Callable[[Formula], Fraction | None]
"""What a weight formula gives, or None where that is not known."""


class Weighed(Protocol):
    """A node as far as its weight goes: of a rulebook, or of a draft."""

    @property
    def id(self) -> str:
        """Its whole path."""

    @property
    def stated(self) -> Weight | None:
        """The weight as written."""

    @property
    def aggregate(self) -> Aggregate:
        """How a branch puts its members together."""

    @property
    def members(self) -> Sequence[Weighed]:
        """The nodes under it."""


def varies(members: Iterable[Weighed]) -> bool:
    """Whether any weight is a formula."""
    return any(isinstance(one.stated, Varying) or varies(one.members) for one in members)


def weigh(members: Sequence[Weighed], full: Fraction | None, rounding: Rounding, value: Value) -> dict[str, Fraction]:
    """What every node is worth, by its id; one whose weight cannot be told is left out. Members of a pool have the
    pool's weight.
    """
    found: dict[str, Fraction] = {}
    _shared_out(members, full, rounding, value, found)
    return found


def _shared_out(
    members: Sequence[Weighed], whole: Fraction | None, rounding: Rounding, value: Value, found: dict[str, Fraction]
) -> Fraction | None:
    """Note what members are worth under a parent that says `whole`; their sum, None where one of them is not told."""
    computed: dict[str, Fraction] = {}
    even: list[str] = []
    told: list[Fraction | None] = []
    for one in members:
        exact: Fraction | None
        match one.stated:
            case None:
                # a branch that says no weight of its own is worth what its members are worth
                exact = _shared_out(one.members, None, rounding, value, found) if one.members else None
                if exact is not None:
                    found[one.id] = exact
            case Fraction():
                exact = found[one.id] = one.stated
            case Share(part=part):
                exact = None if whole is None else part * whole
                if exact is not None:
                    computed[one.id] = exact
            case Varying(formula=formula):
                exact = value(formula)
                if exact is not None:
                    computed[one.id] = exact
            case Even():
                exact = None
                even.append(one.id)
                continue
            case _:
                assert_never(one.stated)
        told.append(exact)
    if even and whole is not None and None not in told:
        rest = whole - sum((one for one in told if one is not None), Fraction(0))
        computed |= dict.fromkeys(even, rest / len(even))
        told.append(rest)
    elif even:
        told.append(None)
    found |= to_places(computed, rounding)
    for one in members:
        if one.stated is None or not one.members:
            continue
        if one.aggregate == "pool":
            found |= dict.fromkeys((inner.id for inner in one.members), found[one.id]) if one.id in found else {}
        else:
            _shared_out(one.members, found.get(one.id), rounding, value, found)
    return None if None in told else sum((found.get(one.id, Fraction(0)) for one in members), Fraction(0))


def to_places(exact: dict[str, Fraction], rounding: Rounding) -> dict[str, Fraction]:
    """Numbers brought to the published places so that their sum is the rounded sum.

    >>> third = Fraction(10, 3)
    >>> [str(one) for one in to_places(dict.fromkeys("abc", third), Rounding(2)).values()]
    ['167/50', '333/100', '333/100']
    """
    if not exact:
        return {}
    unit = rounding.unit
    whole = {key: number // unit for key, number in exact.items()}
    missing = round_half_up(sum(exact.values()) / unit) - sum(whole.values())
    order = list(exact) if rounding.remainder == "first" else list(reversed(exact))
    fullest = sorted(
        order, key=lambda key: whole[key] - exact[key] / unit
    )  # the largest fraction first; sorting is stable
    for key in fullest[:missing]:
        whole[key] += 1
    return {key: number * unit for key, number in whole.items()}


def round_half_up(number: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    return Rounding(0).units(number.numerator, number.denominator)
