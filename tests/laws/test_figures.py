"""A figure that is plainly what its declaration asks for is read as the long way reads it, and nothing else is plain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from perfscore import Input
from perfscore.formula.exact import fraction
from perfscore.formula.vocabulary import Domain
from perfscore.observing import taken
from perfscore.plainfigures import plain_reader

ENDS = [Fraction(0), Fraction(-5), Fraction(1, 2), Fraction(1), Fraction(100)]
BESIDE = [Fraction(0), Fraction(1, 10**9), -Fraction(1, 10**9), Fraction(1), Fraction(-1)]
ODD: list[Any] = [
    *(Decimal("NaN"), Decimal("-Infinity"), Decimal("1E+50"), Decimal("-1E-50"), Decimal("-0"), Decimal("1E+999999")),
    *(10**70, -(10**70), True, False, date(2023, 1, 1), "96.2%", "-1%", "0%", "5", "９６%", "1e2%", "96.2 %", "甲", ""),
]


@st.composite
def declared_inputs(draw: st.DrawFn) -> Input:
    """An input of any type, with ends that belong to its domain or not."""
    sort = draw(st.sampled_from(["count", "number", "percent", "money", "yes-no", "choice", "date", "text"]))
    bare = draw(st.sampled_from([None, "percent", "ratio"])) if sort == "percent" else None
    domain = Domain(choices=("甲", "5")) if sort == "choice" else Domain()
    if sort in ("count", "number", "percent", "money"):
        low, high = draw(st.sampled_from([None, *ENDS])), draw(st.sampled_from([None, *ENDS]))
        domain = Domain(low, high, low is None or draw(st.booleans()), high is None or draw(st.booleans()))
    return Input("x", "数", sort, bare=bare, domain=domain)


def at_an_end(end: Fraction, off: Fraction, times: int) -> Decimal | int:
    value = (end + off) * times
    return int(value) if value.denominator == 1 else Decimal(value.numerator) / Decimal(value.denominator)


raws = st.one_of(
    st.builds(at_an_end, st.sampled_from(ENDS), st.sampled_from(BESIDE), st.sampled_from([1, 100])),
    st.sampled_from(ODD),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.integers(),
    st.builds("{}%".format, st.decimals(-200, 200, places=3)),
)


@given(declared_inputs(), raws)
@example(Input("x", "数", "number", domain=Domain(Fraction(0), None, False)), 0)
def test_what_is_read_plainly_is_what_the_long_way_finds(declared: Input, raw: Any) -> None:
    plain_is_right(declared, raw)


def plain_is_right(declared: Input, raw: Any) -> None:
    """Nothing that the long way refuses is taken, and no figure is another."""
    plainly = plain_reader(declared)(raw)
    if plainly is None:
        return  # the long way is asked
    found, told = taken(declared, raw, ("inputs", "x"))
    assert told == [], f"{raw!r} is refused, and was read as {plainly!r}"
    assert type(found) is type(plainly)
    assert (fraction(found) if isinstance(found, tuple) else found) == (
        fraction(plainly) if isinstance(plainly, tuple) else plainly
    )
