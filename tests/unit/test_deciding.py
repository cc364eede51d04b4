"""Conditions are decided against one another as facts decide them: what is proved holds for every subject tried."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from perfscore.formula.deciding import apart, covered
from perfscore.formula.exact import Slots
from perfscore.formula.syntax import parse_condition
from perfscore.formula.vocabulary import Domain, Term

NATURAL = Domain(Fraction(0))
TERMS = {
    "value": Term("完成", "number", domain=NATURAL),
    "req": Term("应办", "count", domain=NATURAL),
    "any": Term("余额", "number"),
    "yes": Term("是否", "yes-no"),
    "kind": Term("类别", "choice", domain=Domain(choices=("甲", "乙", "丙"))),
}
FACTS = {
    "value": [Fraction(0), Fraction(2), Fraction(5, 2), Fraction(5)],
    "req": [Fraction(0), Fraction(2), Fraction(5)],
    "any": [Fraction(-3), Fraction(0), Fraction(5)],
    "yes": [True, False],
    "kind": ["甲", "乙", "丙"],
}
CONDITIONS = [
    *("≥ req", "< req", "> req", "= req", "[50% * req, req)", "< 50% * req", "[0.8 * req, req]", "req > value"),
    *("≥ any", "< any", "[50% * any, any)", "≥ 2 * any", "any ≤ 0", "≠ any"),
    *("yes", "not yes", "yes and value > 2", "not yes or value ≤ 2", "if yes then value > 2 else value ≤ 2"),
    *("kind = '甲'", "kind ≠ '甲'", "kind in ['乙', '丙']", "kind = '丁'"),
    *("≥ 0", "[2, 5)", "> 5 or value < 2", "req ≥ 3", "req ≤ 2", "req > 2 and req < 3"),
]


def holds(condition: str, facts: tuple[object, ...]) -> bool:
    read = Slots({name: at for at, name in enumerate(FACTS)}).truth(parse_condition(condition).formula)
    return read([(one.numerator, one.denominator) if isinstance(one, Fraction) else one for one in facts])


SUBJECTS = list(product(*FACTS.values()))
TRUE = {one: {facts for facts in SUBJECTS if holds(one, facts)} for one in CONDITIONS}


@pytest.mark.parametrize("one", CONDITIONS)
def test_what_is_proved_apart_never_holds_at_once_and_what_covers_everything_does(one: str) -> None:
    for other in CONDITIONS:
        first, second = (parse_condition(text).formula for text in (one, other))
        if apart(first, second, TERMS):
            assert not TRUE[one] & TRUE[other], other
        if covered((first, second), TERMS):
            assert TRUE[one] | TRUE[other] == set(SUBJECTS), other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("≥ req", "< req"),
        ("≥ req", "req > value"),
        ("≥ any", "< any"),
        ("yes", "not yes"),
        ("kind = '甲'", "kind in ['乙', '丙']"),
        ("yes and value > 2", "not yes or value ≤ 2"),
        ("req ≥ 3", "req ≤ 2"),
    ],
)
def test_opposites_are_proved_both_ways(one: str, other: str) -> None:
    first, second = (parse_condition(text).formula for text in (one, other))

    assert apart(first, second, TERMS)
    assert covered((first, second), TERMS)


def test_parts_of_a_figure_are_apart_where_it_is_not_negative() -> None:
    def proved(one: str, other: str) -> bool:
        return apart(parse_condition(one).formula, parse_condition(other).formula, {**TERMS, "debt": TERMS["any"]})

    assert proved("≥ req", "[50% * req, 80% * req)")
    assert not proved("≥ req", "[0, 80% * req]")
    assert not proved("any ≥ debt", "any in [50% * debt, 80% * debt)")


def test_what_would_take_too_long_is_left_open() -> None:
    terms = {f"n{index}": Term("", "yes-no") for index in range(40)}
    wide = parse_condition(" and ".join(f"(n{index} or n{index + 1})" for index in range(0, 40, 2))).formula

    assert not covered((wide,), terms)
    assert not apart(wide, wide, terms)
