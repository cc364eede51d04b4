"""Count days and months between dates.

In: two dates, and when a month is over that is too short to have the day counted from. Out: whole numbers, below 0 where
the second date comes first.
The calendar is read nowhere else. Where two readings of a month disagree nothing is chosen here: it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product

from perfscore.formula.shapes import Choice, Day, Elapsed, Formula, Name, ShortMonth
from perfscore.formula.vocabulary import Vocabulary

_LAST_OF_ALL = 28  # every month has this day


def days_between(start: date, end: date) -> int:
    """How many days `end` comes after `start`.

    >>> days_between(date(2024, 2, 28), date(2024, 3, 1))
    2
    """
    return end.toordinal() - start.toordinal()


def months_between(start: date, end: date, short: ShortMonth) -> int:
    """The greatest number of months after which the day that they lead to, from `start`, is not after `end`.

    >>> months_between(date(2024, 1, 31), date(2024, 2, 29), "last-day")
    1
    >>> months_between(date(2024, 1, 31), date(2024, 2, 29), "next-day")
    0
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    if end.day >= start.day or (short == "last-day" and _ends_its_month(end)):
        return months
    return months - 1


def two_readings(start: date, end: date) -> bool:
    """Whether the months between two dates depend on when a short month is over."""
    return months_between(start, end, "last-day") != months_between(start, end, "next-day")


def known_dates(formula: Formula, vocabulary: Vocabulary) -> frozenset[date] | None:
    """All the dates that a formula can give, where they are few and known."""
    match formula:
        case Day(value=day):
            return frozenset((day,))
        case Name(name=name) if choices := vocabulary[name].domain.choices:
            return frozenset(map(date.fromisoformat, choices))
        case Choice(then=then, otherwise=otherwise):
            first, second = known_dates(then, vocabulary), known_dates(otherwise, vocabulary)
            return None if first is None or second is None else first | second
        case _:
            return None


def least_and_most(elapsed: Elapsed, vocabulary: Vocabulary) -> tuple[int, int] | None:
    """The least and the most that can have passed, where all dates are known."""
    starts, ends = known_dates(elapsed.start, vocabulary), known_dates(elapsed.end, vocabulary)
    if not starts or not ends:
        return None
    soonest, latest = (max(starts), min(ends)), (min(starts), max(ends))
    if elapsed.unit == "days":
        return days_between(*soonest), days_between(*latest)
    return months_between(*soonest, elapsed.short or "next-day"), months_between(*latest, elapsed.short or "last-day")


def undecided(elapsed: Elapsed, vocabulary: Vocabulary) -> tuple[date, date] | None:
    """Two dates between which the months have two readings that the formula does not choose from, if there are any."""
    if elapsed.unit == "days" or elapsed.short is not None:
        return None
    starts, ends = known_dates(elapsed.start, vocabulary), known_dates(elapsed.end, vocabulary)
    if starts is None and ends is None:
        return date(2024, 1, 31), date(2024, 2, 29)
    if ends is None:
        pairs: Iterable[tuple[date, date]] = ((one, end) for one in sorted(starts or ()) for end in _short_ends(one))
    elif starts is None:
        # the month before a short one has 31 days
        pairs = ((one.replace(day=1) - timedelta(1), one) for one in sorted(ends) if one > date(1, 1, 31))
    else:
        pairs = product(sorted(starts), sorted(ends))
    return next((pair for pair in pairs if two_readings(*pair)), None)


def _short_ends(start: date) -> Iterator[date]:
    """The last days of the months that follow a date, up to a February without a 29th."""
    if start.day <= _LAST_OF_ALL:
        return
    for months in range(1, 61):
        year, month = divmod(12 * start.year + start.month - 1 + months, 12)
        if year < date.max.year:
            yield date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(1)


def _ends_its_month(day: date) -> bool:
    return _LAST_OF_ALL <= day.day < 31 and (day + timedelta(1)).day == 1
