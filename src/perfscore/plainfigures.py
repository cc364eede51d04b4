"""Read a figure that is plainly what its declaration asks for.

In: the declaration of an input. Out: a reader that gives the figure as the exact readers hold it, or None for whatever
is not plain: what that is, and what is wrong with it, is found out by `intake`, which takes its time.
Nothing that `intake` refuses is accepted here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from perfscore.formula.arithmetic import Ratio, Value
from perfscore.indicator import Input
from perfscore.observing import FAILED

Plain: TypeAlias = Callable[[object], Value | None]
Number: TypeAlias = Callable[[object], Ratio | None]

LARGEST = 10**57
"""A number of 60 digits is the largest that is taken at all; what is plain stays well below."""
_PERCENT = re.compile(r"(-?\d{1,20})(?:\.(\d{1,20}))?%", re.ASCII)


def plain_reader(declared: Input) -> Plain:
    """The reader of one input."""
    match declared.type:
        case "yes-no":
            return lambda raw: raw if type(raw) is bool else None
        case "date":
            return lambda raw: raw if type(raw) is date else None
        case "text" | "choice":
            choices = frozenset(declared.domain.choices) - FAILED
            if choices:
                return lambda raw: raw if type(raw) is str and raw in choices else None
            return lambda raw: raw if type(raw) is str and raw not in FAILED else None
        case "count":
            return _inside(declared, lambda raw: (raw, 1) if type(raw) is int and -LARGEST < raw < LARGEST else None)
        case "number" | "money":
            return _numbers(declared)
        case "percent" if declared.bare == "percent":
            return _numbers(declared, 100, _inside(declared, _percent))
        case "table":
            return lambda raw: None
        case "percent":
            return _numbers(declared) if declared.bare == "ratio" else _inside(declared, _percent)


def _numbers(declared: Input, scale: int = 1, otherwise: Number = lambda raw: None) -> Number:
    """Bare numbers, each `scale` times what is meant; in one step where they need only be at least 0, as most do."""
    domain = declared.domain

    def number(raw: object) -> Ratio | None:
        if type(raw) is Decimal and -40 < raw.adjusted() < 40:
            try:
                above, below = raw.as_integer_ratio()
            except (ValueError, OverflowError):  # no number, or one without an end
                return None
            return (above, below * scale) if below < LARGEST and above >= least else None
        if type(raw) is int:
            return (raw, scale) if least <= raw < LARGEST else None
        return otherwise(raw)

    if domain.high is None and domain.low == 0:
        least = 0 if domain.low_closed else 1
        return number
    least = 1 - LARGEST
    return _inside(declared, number)


def _percent(raw: object) -> Ratio | None:
    """The text `"96.2%"`."""
    if type(raw) is not str or (found := _PERCENT.fullmatch(raw)) is None:
        return None
    whole, part = found.groups()
    return (int(whole), 100) if part is None else (int(whole + part), 10 ** (len(part) + 2))


def _inside(declared: Input, read: Number) -> Number:
    """The reader, for numbers in the domain only."""
    domain = declared.domain
    if domain.low is None and domain.high is None:
        return read
    low, high = _end(domain.low), _end(domain.high)

    def inside(raw: object) -> Ratio | None:
        found = read(raw)
        if found is None:
            return None
        above, below = found
        if low is not None:
            size = above * low[1] - low[0] * below
            if size < 0 or (size == 0 and not domain.low_closed):
                return None
        if high is not None:
            size = high[0] * below - above * high[1]
            if size < 0 or (size == 0 and not domain.high_closed):
                return None
        return found

    return inside


def _end(end: Fraction | None) -> Ratio | None:
    return None if end is None else (end.numerator, end.denominator)
