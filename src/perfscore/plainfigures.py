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

Plain: TypeAlias = Callable[[object], Value | None]

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
            choices = frozenset(declared.domain.choices)
            return lambda raw: raw if type(raw) is str and (not choices or raw in choices) else None
        case "count":
            return _inside(declared, lambda raw: (raw, 1) if type(raw) is int and -LARGEST < raw < LARGEST else None)
        case "number" | "money":
            return _inside(declared, _number)
        case "percent":
            return _inside(declared, {"percent": _hundredths, "ratio": _number}.get(declared.bare or "", _percent))


def _number(raw: object) -> Ratio | None:
    if type(raw) is Decimal and -40 < raw.adjusted() < 40:
        try:
            above, below = found = raw.as_integer_ratio()
        except (ValueError, OverflowError):  # no number, or one without an end
            return None
        return found if below < LARGEST and -LARGEST < above < LARGEST else None
    return (raw, 1) if type(raw) is int and -LARGEST < raw < LARGEST else None


def _percent(raw: object) -> Ratio | None:
    """The text `"96.2%"`."""
    if type(raw) is not str or (found := _PERCENT.fullmatch(raw)) is None:
        return None
    whole, part = found.groups()
    return (int(whole), 100) if part is None else (int(whole + part), 10 ** (len(part) + 2))


def _hundredths(raw: object) -> Ratio | None:
    """A bare number that is meant in per cent."""
    found = _number(raw)
    return _percent(raw) if found is None else (found[0], found[1] * 100)


def _inside(declared: Input, read: Callable[[object], Ratio | None]) -> Plain:
    """The reader, for numbers in the domain only."""
    domain = declared.domain
    if domain.low is None and domain.high is None:
        return read
    low, high = _end(domain.low), _end(domain.high)
    if high is None and low == (0, 1):  # most domains: nothing below 0
        return _from_nothing(read, closed=domain.low_closed)

    def inside(raw: object) -> Value | None:
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


def _from_nothing(read: Callable[[object], Ratio | None], *, closed: bool) -> Plain:
    def inside(raw: object) -> Value | None:
        found = read(raw)
        return found if found is not None and (found[0] > 0 or (closed and found[0] == 0)) else None

    return inside


def _end(end: Fraction | None) -> Ratio | None:
    return None if end is None else (end.numerator, end.denominator)
