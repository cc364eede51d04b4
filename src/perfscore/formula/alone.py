"""A formula as it rests on one figure alone, everything else being what it is.

In: a formula, the one figure, the slots of a row and the row, and what names stand for that are themselves formulas.
Out: the formula with every other part as the number, the text or the truth that it comes to. A date stands as its day
number, so that days can be counted like anything else; `NoCurveError` where a part has no value, or dates are counted
in months. Nothing is approached here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache

from perfscore.formula.arithmetic import Row, Unreadable
from perfscore.formula.exact import Slots, fraction
from perfscore.formula.pieces import NoCurveError
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import (
    ALWAYS,
    All,
    Any,
    Choice,
    Comparison,
    Constant,
    Day,
    Elapsed,
    Formula,
    Given,
    Name,
    Not,
    OneOf,
    Text,
    Within,
    minus,
)
from perfscore.formula.walking import names

NEVER = Not(ALWAYS)


def alone(formula: Formula, free: str, slots: Slots, row: Row, stands: Mapping[str, Formula]) -> Formula:
    """The formula in `free` alone."""

    @cache
    def is_read(name: str) -> bool:
        return name == free or (name in stands and any(map(is_read, names(stands[name]))))

    def reads(one: Formula) -> bool:
        return any(map(is_read, names(one)))

    def step(one: Formula) -> Formula | None:
        match one:
            case Name(name=name) if name == free:
                return one
            case Name(name=name) if is_read(name):
                return rebuilt(stands[name], step)
            case Given(name=name) if name == free:
                return ALWAYS
            case Constant() | Text():
                return one
            case Day(value=day):
                return _day(day)
            case Choice(when=when, then=then, otherwise=otherwise) if not reads(when):
                return rebuilt(then if slots.truth(when)(row) else otherwise, step)
            case Elapsed(start=start, end=end, unit=unit) if reads(one):
                if unit != "days":
                    raise NoCurveError
                return minus(rebuilt(end, step), rebuilt(start, step))
            case _ if reads(one):
                return None
            case Comparison() | Within() | OneOf() | All() | Any() | Not() | Given():
                return ALWAYS if slots.truth(one)(row) else NEVER
            case _:
                return _known(slots.value(one)(row))

    try:
        return rebuilt(formula, step)
    except Unreadable:
        raise NoCurveError from None


def _known(value: object) -> Formula:
    match value:
        case bool():
            return ALWAYS if value else NEVER
        case str():
            return Text(value)
        case date():
            return _day(value)
        case (int() as above, int() as below):
            return Constant(fraction((above, below)))
        case _:
            raise NoCurveError


def _day(day: date) -> Constant:
    return Constant(Fraction(day.toordinal()))
