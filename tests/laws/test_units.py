"""Units multiply as a group does, and what a formula is said to be in is what a plain telling of dimensions finds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfscore.formula.syntax import parse
from perfscore.formula.types import type_of
from perfscore.formula.units import PURE, Measured, Unit, bare_number, measured_in, read_unit
from perfscore.formula.vocabulary import Term
from perfscore.words import Words

SYMBOLS = (
    "元",
    "万元",
    "亿元",
    "人",
    "万人",
    "件",
    "户",
    "天",
    "日",
    "个月",
    "年",
    "公顷",
    "亩",
    "百分点",
    "%",
    "μg",
    "封",
    "10万人",
)
PLAIN = {
    "元": ("元", 1), "万元": ("元", 10**4), "亿元": ("元", 10**8), "人": ("人", 1), "万人": ("人", 10**4), "10万人": ("人", 10**5),
    "件": ("件", 1), "户": ("户", 1), "封": ("封", 1), "天": ("天", 1), "日": ("天", 1), "个月": ("月", 1), "年": ("月", 12),
}  # fmt: skip
"""A second telling of what some units are."""

units = st.lists(st.tuples(st.sampled_from(SYMBOLS), st.integers(-2, 2)), max_size=4).map(
    lambda powers: product_of([Unit(((symbol, power),)) if power else PURE for symbol, power in powers])
)


def product_of(factors: list[Unit]) -> Unit:
    made = PURE
    for one in factors:
        made = made * one
    return made


def same(one: Unit, other: Unit) -> bool:
    """Whether two units are one, whatever they are called."""
    return (one.bases, one.scale) == (other.bases, other.scale)


@given(units, units, units)
def test_units_multiply_as_a_commutative_group(one: Unit, other: Unit, third: Unit) -> None:
    group(one, other, third)


def group(one: Unit, other: Unit, third: Unit) -> None:
    assert same((one * other) * third, one * (other * third)), "not associative"
    assert same(one * other, other * one), "not commutative"
    assert one * PURE == one, "no neutral element"
    assert one * one**-1 == PURE, "no inverse"
    assert same((one / other) * other, one), "division does not undo"


@given(units, units)
def test_size_and_bases_multiply_too(one: Unit, other: Unit) -> None:
    sizes_multiply(one, other)


def sizes_multiply(one: Unit, other: Unit) -> None:
    assert (one * other).scale == one.scale * other.scale, "the sizes do not multiply"
    assert (one**-1).scale == 1 / one.scale, "the size of an inverse is no inverse"
    assert dict((one * other).bases) == added(dict(one.bases), dict(other.bases)), "the exponents do not add"


def added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    whole = {base: one.get(base, 0) + other.get(base, 0) for base in {*one, *other}}
    return {base: power for base, power in whole.items() if power}


@given(units)
def test_a_unit_that_is_written_is_read_again(unit: Unit) -> None:
    if all(abs(power) == 1 for _, power in unit.powers):
        assert same(read_unit(unit.text), unit), unit.text


held = st.sampled_from(sorted(PLAIN))
products = st.lists(st.tuples(held, st.sampled_from("*/")), min_size=1, max_size=5)


@given(products, held)
def test_a_product_is_in_the_unit_that_a_plain_telling_finds(parts: list[tuple[str, str]], other: str) -> None:
    """`x0 * x1 / x2` against a figure of another unit: refused exactly where dimensions or sizes disagree."""
    product_is_as_told(parts, other)


def product_is_as_told(parts: list[tuple[str, str]], other: str) -> None:
    names = {f"x{at}": Term(f"x{at}", "number", unit) for at, (unit, _) in enumerate(parts)}
    signs = [sign for _, sign in parts[1:]]
    text = "x0" + "".join(f" {sign} x{at}" for at, sign in enumerate(signs, start=1))
    size, bases = Fraction(1), dict[str, int]()
    for (unit, _), sign in zip(parts, ["*", *signs], strict=True):
        base, times = PLAIN[unit]
        power = 1 if sign == "*" else -1
        size *= Fraction(times) ** power
        bases = added(bases, {base: power})
    wanted, wanted_size = PLAIN[other]
    fits = bases == {wanted: 1} and size == wanted_size
    told: list[Words] = []
    type_of(parse(f"({text}) + held").formula, {**names, "held": Term("held", "number", other)}, told.append)
    if not bases:
        assert len(told) == 1, text  # a ratio against a unit, or a ratio that is none
    else:
        assert bool(told) is not fits, text


@pytest.mark.parametrize(
    ("text", "bases", "scale"),
    [
        ("元", {"元": 1}, 1),
        ("万元", {"元": 1}, 10_000),
        ("亿元", {"元": 1}, 10**8),
        ("件/万人", {"件": 1, "人": -1}, Fraction(1, 10_000)),
        ("元/人·天", {"元": 1, "人": -1, "天": -1}, 1),
        ("元/(人·日)", {"元": 1, "人": -1, "天": -1}, 1),
        ("元／人／年", {"元": 1, "人": -1, "个月": -1}, Fraction(1, 12)),
        ("例/10万人", {"例": 1, "人": -1}, Fraction(1, 100_000)),
        ("/10万", {}, Fraction(1, 100_000)),
        ("㎡", {"平方米": 1}, 1),
        ("%", {}, 1),
        ("百分点", {}, Fraction(1, 100)),
        ("百货", {"百货": 1}, 1),
        ("万能险", {"万能险": 1}, 1),
        ("千瓦", {"瓦": 1}, 1000),
        ("人（次）", {"人(次)": 1}, 1),
        ("10k yuan", {"k yuan": 1}, 10),
        ("名", {"人": 1}, 1),
        ("/", {}, 1),
        ("0人", {"0人": 1}, 1),
        ("µg/m³", {"μg": 1, "立方米": -1}, 1),
    ],
)
def test_the_text_of_a_unit_is_read(text: str, bases: dict[str, int], scale: Fraction | int) -> None:
    unit = read_unit(text)

    assert dict(unit.bases) == bases
    assert unit.scale == scale


def test_a_bare_number_may_convert_or_multiply() -> None:
    spent, factor = Measured(read_unit("万元")), bare_number(Fraction(10_000))
    assert factor is not None
    times = spent.times(factor)

    assert times.alike(Measured(read_unit("万元"))) is not None
    assert times.alike(Measured(read_unit("元"))) is not None
    assert times.alike(Measured(read_unit("亿元"))) is None
    assert times.alike(Measured(read_unit("人"))) is None


def test_of_a_figure_without_a_unit_nothing_is_known() -> None:
    assert measured_in(None) is None
    assert measured_in("") is None
    assert bare_number(Fraction(0)) is None
    assert measured_in(None, percent=True) == Measured(PURE)
