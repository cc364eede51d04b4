"""Exact numbers: how they are read, rounded and written.

In: text, `int`, `Decimal`, `Fraction`.
Out: `Fraction`, and whole numbers of the smallest published point.
Binary floats are refused here, and nothing else in perfscore rounds points.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Literal, TypeAlias

from attrs import field, frozen

RoundingMode: TypeAlias = Literal["half-up", "half-even", "down", "up"]
Number: TypeAlias = int | Decimal | Fraction

MAX_DIGITS = 60
MAX_EXPONENT = 30
MAX_BITS = 4096
"""The largest number that anything is computed with."""

_EVERY_DIGIT = Context(prec=100_000, Emax=999_999, Emin=-999_999)

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d+)(?:\.(?P<part>\d+))?(?:[eE](?P<exponent>[+-]?\d+))?", re.ASCII)


class OversizedNumberError(ValueError):
    """A number has more digits, or a larger exponent, than perfscore works with."""


class InexactNumberError(TypeError):
    """A binary float was handed over where an exact number is needed."""

    def __init__(self, value: float) -> None:
        self.value = value
        super().__init__(f"{value!r} is a binary float, which is not exact; hand over Decimal({str(value)!r})")


def number_from_text(text: str, shift: int = 0) -> Fraction:
    """The number that a text spells: `12`, `-0.5`, `1_000`, `1e3`; times 10 to the power of `shift`.

    Raises `ValueError` where it is no number, `OversizedNumberError` beyond 60 digits or an exponent of 30;
    nothing large is computed before that is known.
    """
    found = _NUMBER.fullmatch(text.replace("_", ""))
    if found is None:
        raise ValueError(f"{text!r} is not a number")
    digits = found["whole"] + (found["part"] or "")
    exponent = int((found["exponent"] or "0")[:MAX_DIGITS])
    if len(digits.lstrip("0")) > MAX_DIGITS or len(found["part"] or "") > MAX_DIGITS or abs(exponent) > MAX_EXPONENT:
        raise OversizedNumberError(
            f"{text[:24]}… has more than {MAX_DIGITS} digits or an exponent beyond {MAX_EXPONENT}"
        )
    size = -int(digits) if found["sign"] == "-" else int(digits)
    power = exponent + shift - len(found["part"] or "")
    return Fraction(size * 10**power) if power >= 0 else Fraction(size, 10**-power)


def exact(number: Number) -> Fraction:
    """An exact number as a fraction; a float raises `InexactNumberError`."""
    if isinstance(number, bool) or not isinstance(number, int | Decimal | Fraction):
        if isinstance(number, float):
            raise InexactNumberError(number)
        raise TypeError(f"{number!r} is not an exact number")
    if isinstance(number, Decimal):
        if not number.is_finite():
            raise OversizedNumberError(f"{number} is not a finite number")
        _, digits, exponent = number.as_tuple()
        if (
            len(digits) > MAX_DIGITS
            or abs(number.adjusted()) > MAX_EXPONENT + MAX_DIGITS
            or abs(int(exponent)) > MAX_EXPONENT + MAX_DIGITS
        ):
            raise OversizedNumberError(
                f"{str(number)[:24]}… has more than {MAX_DIGITS} digits or an exponent beyond {MAX_EXPONENT}"
            )
    value = Fraction(number)
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > 4 * (MAX_DIGITS + MAX_EXPONENT):
        raise OversizedNumberError(f"a number has more than {MAX_DIGITS} digits or an exponent beyond {MAX_EXPONENT}")
    return value


@frozen
class Rounding:
    """取整 — to how many places, and where the halves go. Half-up (四舍五入) is away from zero."""

    places: int = 2
    mode: RoundingMode = "half-up"
    remainder: Literal["first", "last"] = "first"
    """尾差 — which of several equal parts has the odd cent, when computed weights are brought to `places`."""
    size: int = field(init=False, eq=False, repr=False, default=0)
    """How many published units a point has."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "size", int(10**self.places))

    @property
    def unit(self) -> Fraction:
        """The smallest step of a published figure."""
        return Fraction(1, self.size)

    def units(self, above: int, below: int = 1) -> int:
        """`above ÷ below` (`below` > 0) as a whole number of `unit`s: the one place where points are rounded.

        >>> Rounding(2).units(2345, 1000), Rounding(2).units(-2345, 1000), Rounding(2, "half-even").units(2345, 1000)
        (235, -235, 234)
        """
        if self.mode == "half-up":  # in one step, since nearly all points are rounded so
            twice = 2 * self.size * above
            return (twice + below) // (2 * below) if above >= 0 else -((below - twice) // (2 * below))
        whole, rest = divmod(abs(above) * self.size, below)
        match self.mode:
            case "half-even":
                whole += 2 * rest > below or (2 * rest == below and whole % 2 == 1)
            case "up":
                whole += rest > 0
            case "down":
                pass
        return whole if above >= 0 else -whole

    def rounded(self, value: Fraction) -> Fraction:
        """The published figure nearest to `value`."""
        return Fraction(self.units(value.numerator, value.denominator), self.size)

    def published(self, units: int) -> Decimal:
        """A whole number of units as it is printed: always with `places` digits."""
        return _decimal(units, self.places)

    def holds(self, value: Fraction) -> bool:
        """Whether `value` can be written with `places` digits."""
        return (value * self.size).denominator == 1


def decimal(value: Fraction) -> Decimal | None:
    """A fraction as the decimal it exactly is, or None where its digits never end.

    >>> decimal(Fraction(1, 8)), decimal(Fraction(1, 3))
    (Decimal('0.125'), None)
    """
    below, places = value.denominator, 0
    while below > 1:
        if (common := gcd(below, 10)) == 1:
            return None
        below //= common
        places += 1
    return _decimal(value.numerator * 10**places // value.denominator, places)


@lru_cache(maxsize=65_536)
def _decimal(units: int, places: int) -> Decimal:
    """`units` shifted by `places`, digit for digit: the caller's decimal context has no say."""
    return Decimal(units).scaleb(-places, _EVERY_DIGIT)


def spelled(value: Fraction) -> str:
    """The shortest exact decimal, else a fraction.

    >>> spelled(Fraction(29, 2)), spelled(Fraction(1, 3)), spelled(Fraction(100))
    ('14.5', '1/3', '100')
    """
    known = decimal(value)
    return f"{value.numerator}/{value.denominator}" if known is None else f"{known:f}"
