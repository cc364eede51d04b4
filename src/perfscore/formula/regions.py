"""Read conditions on one name for where they hold.

In: a condition that compares one name with constants.
Out: the intervals where it holds, in order; or None where the condition reads anything else.
On intervals, “do two bands overlap” and “is a value left out” are decidable: the answer comes with a value a person
would choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil, floor, inf
from typing import TypeAlias

from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import EVERYTHING, Interval
from perfscore.formula.shapes import All, Any, Comparison, Formula, Name, Not, OneOf, Text, Within
from perfscore.formula.walking import judged_parts, names

Region: TypeAlias = tuple[Interval, ...]
NOTHING: Region = ()


def region(condition: Formula, name: str) -> Region | None:
    """Where on the number line of `name` the condition holds."""
    match condition:
        case Comparison(left=Name(name=read), by=by, right=right) if (
            read == name and (end := constant(right)) is not None
        ):
            below, above = Interval(-inf, end, high_closed=False), Interval(end, inf, low_closed=False)
            match by:
                case "<":
                    return (below,)
                case "≤":
                    return (Interval(-inf, end),)
                case "=":
                    return (Interval(end, end),)
                case "≠":
                    return (below, above)
                case "≥":
                    return (Interval(end, inf),)
                case ">":
                    return (above,)
        case Within(of=Name(name=read), low=low, high=high, low_closed=low_closed, high_closed=high_closed) if (
            read == name
        ):
            start, end = constant(low), constant(high)
            return None if start is None or end is None else _kept([Interval(start, end, low_closed, high_closed)])
        case All(of=of):
            whole: Region | None = (EVERYTHING,)
            for part in of:
                inner = region(part, name)
                whole = None if whole is None or inner is None else meet(whole, inner)
            return whole
        case Any(of=of):
            found: list[Interval] = []
            for part in of:
                inner = region(part, name)
                if inner is None:
                    return None
                found.extend(inner)
            return _joined(found)
        case Not(of=of):
            inner = region(of, name)
            return None if inner is None else outside(inner)
        case _:
            return None


def chosen(condition: Formula, name: str) -> frozenset[str] | None:
    """Which texts of `name` meet the condition, where it only compares the name with texts."""
    match condition:
        case Comparison(left=Name(name=read), by="=", right=Text(value=text)) if read == name:
            return frozenset((text,))
        case OneOf(of=Name(name=read), texts=texts) if read == name:
            return frozenset(texts)
        case Any(of=of):
            found = [chosen(part, name) for part in of]
            return None if None in found else frozenset(text for each in found if each is not None for text in each)
        case _:
            return None


def overlap(one: Region, other: Region) -> Interval | None:
    """The first stretch that lies in both, if any."""
    return next(iter(meet(one, other)), None)


def outside(inner: Region, domain: Interval = EVERYTHING) -> Region:
    """What of the domain the region leaves out."""
    left: list[Interval] = []
    start, closed = domain.low, domain.low_closed
    for one in _joined(list(inner)):
        left.append(Interval(start, one.low, closed, not one.low_closed))
        start, closed = one.high, not one.high_closed
    left.append(Interval(start, domain.high, closed, domain.high_closed))
    return meet(_kept(left), (domain,))


def witness(where: Interval, *, whole: bool = False, percent: bool = False) -> Fraction | None:
    """A value in the interval that a person would choose: a closed end, else the roundest number inside, near its middle
    where several are as round (of a percentage in per cent); nothing where it must be whole and no whole number lies there.

    >>> witness(Interval(Fraction(89), Fraction(90), False, False))
    Fraction(179, 2)
    """
    if percent:
        scaled = witness(Interval(where.low * 100, where.high * 100, where.low_closed, where.high_closed), whole=whole)
        return None if scaled is None else scaled / 100
    if whole:
        where = wholly(where)
        if where.low > where.high:
            return None
    if isinstance(where.low, Fraction) and where.low_closed:
        return where.low
    if isinstance(where.high, Fraction) and where.high_closed:
        return where.high
    low = where.low if isinstance(where.low, Fraction) else None
    high = where.high if isinstance(where.high, Fraction) else None
    if low is None:
        return Fraction(0) if high is None or high > 0 else Fraction(floor(high) - 1)
    if high is None:
        return Fraction(ceil(low) + 1) if low == ceil(low) else Fraction(ceil(low))
    return roundest(low, high)


def roundest(low: Fraction, high: Fraction) -> Fraction:
    """The number with the fewest digits between two others; of several the nearest to the middle."""
    step = Fraction(10) ** 6
    while True:
        near = round((low + high) / (2 * step)) * step
        if low < near < high:
            return near
        if low < (between := (floor(low / step) + 1) * step) < high:
            return between
        step /= 10


def wholly(where: Interval) -> Interval:
    """From the first to the last whole number in it; upside down where there is none."""
    low, high = where.low, where.high
    if isinstance(low, Fraction):
        low = Fraction(ceil(low)) if where.low_closed else Fraction(floor(low) + 1)
    if isinstance(high, Fraction):
        high = Fraction(floor(high)) if where.high_closed else Fraction(ceil(high) - 1)
    return Interval(low, high)


def inside(where: Interval) -> Fraction:
    """Any value in the interval, the nearest to its middle that is no work."""
    low, high = where.low, where.high
    if isinstance(low, Fraction):
        return (low + high) / 2 if isinstance(high, Fraction) else low + 1
    return high - 1 if isinstance(high, Fraction) else Fraction(0)


def split(where: Interval, cuts: Iterable[Fraction]) -> Iterator[Interval]:
    """A stretch cut at some values, in order: each stands alone, and what lies between them is open."""
    rest: Interval | None = where
    for cut in cuts:
        if rest is None or not rest.holds(cut):
            continue
        if rest.low < cut:
            yield Interval(rest.low, cut, rest.low_closed, False)
        yield Interval(cut, cut)
        rest = Interval(cut, rest.high, False, rest.high_closed) if cut < rest.high else None
    if rest is not None:
        yield rest


def constant(formula: Formula) -> Fraction | None:
    """The one number that a formula gives, where it reads nothing."""
    if names(formula) or judged_parts(formula):
        return None
    reach = bounds(formula, {})
    return reach.low if isinstance(reach.low, Fraction) and reach.low == reach.high else None


def _empty(one: Interval) -> bool:
    return (
        one.low > one.high
        or (one.low == one.high and not (one.low_closed and one.high_closed))
        or one.low == inf
        or one.high == -inf
    )


def _kept(given: Iterable[Interval]) -> Region:
    return tuple(one for one in given if not _empty(one))


def meet(one: Region, other: Region) -> Region:
    """What lies in both."""
    return _kept(_meet(a, b) for a in one for b in other)


def _meet(a: Interval, b: Interval) -> Interval:
    low, low_closed = max((a.low, not a.low_closed), (b.low, not b.low_closed))
    high, high_open = min((a.high, a.high_closed), (b.high, b.high_closed))
    return Interval(low, high, not low_closed, high_open)


def _joined(given: list[Interval]) -> Region:
    """The same stretches in order, those that touch made one."""
    done: list[Interval] = []
    for one in sorted(_kept(given), key=lambda one: (one.low, not one.low_closed)):
        if done and _touch(done[-1], one):
            last = done.pop()
            high, closed = max((last.high, last.high_closed), (one.high, one.high_closed))
            done.append(Interval(last.low, high, last.low_closed, closed))
        else:
            done.append(one)
    return tuple(done)


def _touch(left: Interval, right: Interval) -> bool:
    return right.low < left.high or (right.low == left.high and (right.low_closed or left.high_closed))
