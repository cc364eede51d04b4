"""Reckon with units: 万元 ÷ 万人, 件/万人, 元/人·天.

In: the text of a unit. Out: its symbols with their exponents, and what they come to in base symbols and a scale: 万元 is
10000 元. Units multiply, divide, and are compared; a symbol that nobody knows is a base of its own.
No number of a subject is converted here: what does not fit is told, and the author converts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TypeAlias

from attrs import field, frozen

from perfscore.words import Words

Powers: TypeAlias = tuple[tuple[str, int], ...]

DAYS, MONTHS = "天", "个月"
"""The units in which time between dates is counted."""
_IN_ENGLISH = {DAYS: " days", MONTHS: " months"}
_TIMES: dict[str, int] = {
    "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
_COUNTED = frozenset(
    re.split(
        "、",
        "元、人、名、人次、人日、件、户、次、个、份、册、本、篇、项、处、起、家、场、例、头、只、株、台、套、辆、条、字、度、票、"
        "亩、吨、克、米、瓦、公里、平方米、立方米",
    )
)
"""What 万 and the like are put before; before anything else they are part of the word."""
_SAME: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("日", "day", "days"), (DAYS, Fraction(1))),
    **dict.fromkeys(("周", "week", "weeks"), (DAYS, Fraction(7))),
    **dict.fromkeys(("月", "month", "months"), (MONTHS, Fraction(1))),
    **dict.fromkeys(("年", "year", "years"), (MONTHS, Fraction(12))),
    "公斤": ("克", Fraction(1000)), "公里": ("米", Fraction(1000)),
    "公顷": ("平方米", Fraction(10_000)), "亩": ("平方米", Fraction(2000, 3)), "平方公里": ("平方米", Fraction(1_000_000)),
    "m2": ("平方米", Fraction(1)), "m3": ("立方米", Fraction(1)),
    **dict.fromkeys(("名", "位"), ("人", Fraction(1))),
    **dict.fromkeys(("个百分点", "百分点", "pp"), ("", Fraction(1, 100))),
    **dict.fromkeys(("%", "倍", "1"), ("", Fraction(1))), "‰": ("", Fraction(1, 1000)),
}  # fmt: skip
"""Other names of the same, and what has a fixed size in another unit. A percentage is held as a ratio."""
_PARTS = re.compile(r"[^/·*×]+|/|[·*×]")
_SIZED = re.compile(
    r"(?P<digits>[0-9]*)(?P<times>" + "|".join(sorted(_TIMES, key=len, reverse=True)) + r")?(?P<base>.*)"
)
_MOST_WAYS = 16


@frozen(slots=False)
class Unit:
    """单位 — powers of symbols, as they were written."""

    powers: Powers = ()

    def __mul__(self, other: Unit) -> Unit:
        return Unit(_gathered((*self.powers, *other.powers)))

    def __pow__(self, exponent: int) -> Unit:
        return Unit(_gathered((symbol, power * exponent) for symbol, power in self.powers))

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    @cached_property
    def bases(self) -> frozenset[tuple[str, int]]:
        """What it is made of in the end, whatever the size: 万元/万人 is 元 by 人."""
        known = [(_sized(symbol)[0], power) for symbol, power in self.powers]
        return frozenset(_gathered(one for one in known if one[0]))

    @cached_property
    def scale(self) -> Fraction:
        """How many of its bases one of it is."""
        whole = Fraction(1)
        for symbol, power in self.powers:
            whole *= _sized(symbol)[1] ** power
        return whole

    @property
    def text(self) -> str:
        """The unit as people write it; what has none is 1."""
        above = "·".join(_raised(symbol, power) for symbol, power in self.powers if power > 0)
        below = "·".join(_raised(symbol, -power) for symbol, power in self.powers if power < 0)
        return f"{above or '1' * bool(below)}/{below}" if below else above or "1"


PURE = Unit()


@lru_cache(maxsize=1024)
def read_unit(text: str) -> Unit:
    """The unit that a text spells; all that stands behind a stroke divides.

    >>> read_unit("元/人·天").powers
    (('元', 1), ('人', -1), ('天', -1))
    >>> read_unit("件/万人").scale
    Fraction(1, 10000)
    """
    found: list[tuple[str, int]] = []
    sign = 1
    for part in _PARTS.findall(unicodedata.normalize("NFKC", text)):
        if part == "/":
            sign = -1
        elif part not in "·*×" and (symbol := _bare(part)):
            found.append((symbol, sign))
    return Unit(_gathered(found))


@frozen
class Measured:
    """量纲 — the unit of a figure. Who multiplies by a bare 10000 may mean ten thousand times as much, or the same in
    another unit: `ways` holds what the number may have been multiplied by without becoming more.

    `bare` is a product of nothing but bare numbers, which takes the unit of what it meets.
    """

    unit: Unit
    ways: frozenset[Fraction] = field(default=frozenset((Fraction(1),)))
    bare: bool = False

    @property
    def scales(self) -> frozenset[Fraction]:
        """Every size that one of it may have."""
        return frozenset(self.unit.scale / way for way in self.ways)

    @property
    def inverse(self) -> Measured:
        """One divided by it."""
        return Measured(self.unit**-1, frozenset(1 / way for way in self.ways), self.bare)

    def times(self, other: Measured) -> Measured:
        """The product of two figures."""
        ways = frozenset(one * way for one in self.ways for way in other.ways)
        return Measured(self.unit * other.unit, ways, self.bare and other.bare)

    def alike(self, other: Measured) -> Measured | None:
        """What two figures are that can be added or compared; None where they cannot."""
        if self.unit.bases != other.unit.bases:
            return None
        kept = frozenset(way for way in self.ways if self.unit.scale / way in other.scales)
        return Measured(self.unit, kept) if kept else None

    @property
    def distance(self) -> Fraction | None:
        """How far a number without unit is from being one: 万元 ÷ 元 is 10000 times too small."""
        return None if self.unit.bases or Fraction(1) in self.scales else self.unit.scale


BARE = Measured(PURE, bare=True)
"""A number of things, which takes the unit of what it meets."""


def unit_words(unit: str) -> Words:
    """A unit as it stands after a number: as its author wrote it, but for time between dates."""
    return Words(zh=unit, en=_IN_ENGLISH.get(unit, unit))


def bare_number(value: Fraction) -> Measured | None:
    """A number without unit as a factor; 0 makes anything of anything."""
    return Measured(PURE, frozenset((Fraction(1), abs(value))), bare=True) if value else None


def measured_in(unit: str | None, *, percent: bool = False) -> Measured | None:
    """A figure of a declared unit; a percentage is a ratio, and of a figure without unit nothing is known."""
    if percent:
        return Measured(PURE)
    return Measured(read_unit(unit)) if unit else None


def multiplied(one: Measured | None, other: Measured | None) -> Measured | None:
    """The product of two figures, where both are known and not too many bare numbers stand in it."""
    made = None if one is None or other is None else one.times(other)
    return None if made is None or len(made.ways) > _MOST_WAYS else made


def divided(one: Measured | None, other: Measured | None) -> Measured | None:
    """The quotient of two figures, likewise."""
    return multiplied(one, None if other is None else other.inverse)


@frozen
class Misfit(Words):
    """Two units that do not fit, and what to write instead."""

    hint: Words = field(default=Words(zh="", en=""))


@lru_cache(maxsize=1024)
def _sized(symbol: str) -> tuple[str, Fraction]:
    """The base symbol and the size of one symbol: 万元 is 元, ten thousand times."""
    if symbol in _SAME:
        return _SAME[symbol]
    found = _SIZED.fullmatch(symbol)
    if found is None:
        return symbol, Fraction(1)
    digits, times, base = found["digits"], found["times"], found["base"].strip()
    if base and not (base in _COUNTED or (digits and not times)):
        return symbol, Fraction(1)
    size = Fraction(int(digits[:30] or "1")) * 10 ** _TIMES.get(times or "", 0)
    if size == 0 or base == symbol:
        return symbol, Fraction(1)
    inner, more = _sized(base) if base else ("", Fraction(1))
    return inner, size * more


def _bare(part: str) -> str:
    """A symbol without blanks, and without the half of a bracket that stands around several."""
    return part.strip() if part.count("(") == part.count(")") else part.strip(" ()")


def _gathered(powers: Iterable[tuple[str, int]]) -> Powers:
    whole: dict[str, int] = {}
    for symbol, power in powers:
        whole[symbol] = whole.get(symbol, 0) + power
    return tuple((symbol, power) for symbol, power in whole.items() if power)


def _raised(symbol: str, power: int) -> str:
    return symbol if power == 1 else f"{symbol}^{power}"
