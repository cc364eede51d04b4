"""Roots, powers, logarithms and powers of e: to 34 significant digits, since they have no exact fraction.

In: exact numbers. Out: the nearest number of 34 digits (half to even), which is exact where that many digits are enough.
Everything is reckoned with 80 digits first and rounded once, so that the answer is the same on every machine and a
larger figure never has a smaller root. No float is met on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import inf
from typing import TypeAlias

from perfscore.formula.arithmetic import Absent, Numeric, Ratio, Row, Unreadable, Why, limited
from perfscore.formula.intervals import EVERYTHING, End, Interval
from perfscore.formula.shapes import Ceil, Comparison, Floor, Formula, Function, Inexact, Peers, Round, Within
from perfscore.formula.walking import parts
from perfscore.quantity import MAX_BITS

DIGITS = 34
_WORKING = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, traps=[])
_GIVEN = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, traps=[])
_FURTHEST = Decimal(MAX_BITS)
"""No power of e beyond this one is small enough to go on with: a bit is less than a factor of e."""

Arguments: TypeAlias = tuple[Ratio, ...]


def reader(formula: Inexact, of: list[Numeric], name: str) -> Numeric:
    """A reader of the function's value."""
    function = formula.function

    def read(row: Row) -> Ratio:
        found = value(function, tuple(one(row) for one in of))
        if isinstance(found, str):
            raise Unreadable(Absent(name, found))
        return limited(*found, name)

    return read


def value(function: Function, of: Arguments) -> Ratio | Why:
    """The value of a function; or why it has none.

    >>> Fraction(*value("sqrt", ((9, 4),))), value("ln", ((0, 1),))
    (Fraction(3, 2), 'not-real')
    """
    figures = [_WORKING.divide(Decimal(above), Decimal(below)) for above, below in of]
    match function, figures:
        case "sqrt", [x]:
            return "not-real" if x < 0 else _given(_WORKING.sqrt(x))
        case "ln", [x]:
            return "not-real" if x <= 0 else _given(_WORKING.ln(x))
        case "exp", [x]:
            return _power_of_e(x)
        case _, [base, exponent]:
            return _power(base, exponent, whole=of[1][0] % of[1][1] == 0, odd=of[1][0] // of[1][1] % 2 == 1)
        case _:
            raise AssertionError(function)  # the parser hands over as many as the function takes


def _power(base: Decimal, exponent: Decimal, *, whole: bool, odd: bool) -> Ratio | Why:
    if base == 0:
        return (int(exponent == 0), 1) if exponent >= 0 else "division-by-zero"
    if base < 0 and not whole:
        return "not-real"
    found = _power_of_e(_WORKING.multiply(exponent, _WORKING.ln(_WORKING.abs(base))))
    return found if isinstance(found, str) or base > 0 or not odd else (-found[0], found[1])


def _power_of_e(x: Decimal) -> Ratio | Why:
    return "too-large" if _WORKING.abs(x) > _FURTHEST else _given(_WORKING.exp(x))


def _given(x: Decimal) -> Ratio:
    return _GIVEN.plus(x).as_integer_ratio()


def reach(formula: Inexact, of: list[Interval]) -> Interval:
    """What the function can give of such figures: all of these rise, or fall, from one end to the other."""
    match formula.function, of:
        case "sqrt", [one]:
            return Interval(_end("sqrt", one.low, Fraction(0)), _end("sqrt", one.high, inf))
        case "ln", [one]:
            return Interval(_end("ln", one.low, -inf), _end("ln", one.high, inf))
        case "exp", [one]:
            return Interval(_end("exp", one.low, Fraction(0)), _end("exp", one.high, inf))
        case _, [base, Interval(low=Fraction() as low, high=high)] if base.low >= 0 and low == high:
            first, last = (base.low, base.high) if low >= 0 else (base.high, base.low)
            return Interval(_end("pow", first, Fraction(0), low), _end("pow", last, inf, low))
        case _, [base, _] if base.low >= 0:
            return Interval(Fraction(0))
        case _:
            return EVERYTHING


def _end(function: Function, end: End, otherwise: End, exponent: Fraction | None = None) -> End:
    """The function at an end; `otherwise`, which is wide enough, where there is none, or none that could be told."""
    if isinstance(end, float):
        return otherwise
    given = (end,) if exponent is None else (end, exponent)
    found = value(function, tuple((one.numerator, one.denominator) for one in given))
    return otherwise if isinstance(found, str) else Fraction(*found)


def unrounded(formula: Formula, rounding: bool = False) -> Inexact | None:
    """The first function whose 34 digits reach the result, or are compared with something, before they are rounded."""
    match formula:
        case Inexact() if not rounding:
            return formula
        case Round() | Floor() | Ceil():
            rounding = True
        case Comparison() | Within() | Peers(what="rank" | "count"):
            rounding = False
        case _:
            pass
    return next((found for one in parts(formula) if (found := unrounded(one, rounding)) is not None), None)


def told(function: Function, of: list[str], *, as_written: bool) -> str:
    """The function as the language writes it, or as people read it: marked, for it is nearly right and not exactly."""
    if as_written:
        return f"{function}({', '.join(of)})"
    return {"sqrt": "≈√({0})", "pow": "≈({0})^({1})"}.get(function, f"≈{function}({{0}})").format(*of)


TAKES: dict[Function, int] = {"sqrt": 1, "pow": 2, "ln": 1, "exp": 1}
"""How many figures a function takes."""


def called(function: Function) -> Callable[[list[Formula]], Formula | None]:
    """What makes the shape of a call."""
    return lambda given: Inexact(function, tuple(given)) if len(given) == TAKES[function] else None
