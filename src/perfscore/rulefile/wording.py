"""What a clause says in figures: so many points for each step, at most so many, full marks of so many, from where on.

In: the words of a clause, Chinese as tables print it. Out: its figures with what they are for and where they stand, and the
direction that it takes for better.
Only what is certain is read: a figure whose role is open to doubt is among all its figures, and has no role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

Role: TypeAlias = Literal[
    "deduct each", "deduct at most", "deduct", "credit each", "credit at most", "full", "points", "better from"
]
Direction: TypeAlias = Literal["higher", "lower"]


@frozen
class Said:
    """A figure of a clause, what it is for, and its characters."""

    role: Role
    value: Fraction
    within: tuple[int, int]
    step: Fraction | None = None
    """For how much it is taken or given each time, where a number says it."""


_HALF = {ord(a): b for a, b in zip("０１２３４５６７８９．％（）：", "0123456789.%():", strict=True)}
_DIGITS = {"半": Fraction(1, 2), "两": Fraction(2)} | {d: Fraction(n) for n, d in enumerate("一二三四五六七八九十", 1)}
_NUMBER = r"(?:\d+(?:\.\d+)?(?![\d.])|[半一二两三四五六七八九十](?![一二三四五六七八九十百千]))"
_END = r"(?:\s*分(?!之|钟|档|数|别)|(?=\s*(?:[，。；;,、)\]/]|$|[减到直至为]{0,2}扣完|减到|直至|为止)))"
_GAP = r"[^，。；;,、：:]{0,20}?"
# texts and no patterns: most are long in the making, and a file without clauses needs none
_EACH = rf"每(?P<step>{_GAP})(?P<does>扣除|扣掉|扣减|扣|减少?|加)(?:去|除)?\s*(?P<n>{_NUMBER}){_END}"
_MOST = rf"(?:最多|最高|至多|累计不超过|合计不超过)(?:可|只|再)?(?P<does>扣减|扣除|扣|减|加)(?:到|至|分不超过)?\s*(?P<n>{_NUMBER}){_END}"
_TAKES = rf"(?:扣除|扣掉|扣减|扣|减)(?:去|除)?\s*(?P<n>{_NUMBER}){_END}"
_FULL = rf"满分\s*(?:为|是|:|计|\()?\s*(?P<n>{_NUMBER})\s*分?(?=[，。；;,、)\s]|$)"
_GETS = rf"(?:得|计|→)\s*(?P<n>{_NUMBER}){_END}"
_RATIO = r"(?P<n>\d+(?:\.\d+)?)\s*(?P<u>%|个百分点)"
_BETTER_FROM = (
    rf"(?:达到|达|不低于|不少于|≥|>=|大于等于|大于或等于)\s*{_RATIO}"
    rf"|(?:不超过|不高于|不大于|≤|<=|小于等于|小于或等于|控制在)\s*(?P<n2>\d+(?:\.\d+)?)\s*(?P<u2>%|个百分点)"
)
_ANY_NUMBER = rf"{_NUMBER}\s*(?:%|个百分点|个?百分点)?"

_SAYS = (
    ("higher", r"越[高多大]越好|正向指标"),
    ("lower", r"越[低少小]越好|[逆反负]向指标"),
    ("higher", rf"每(?:低于?|少于?|下降|降低|减少|短缺?|差){_GAP}[扣减](?!少)"),
    ("lower", rf"每(?:超过|超出|超|高于|高出|增加|上升|多出?|增多){_GAP}[扣减](?!少)"),
    ("higher", rf"(?:低于|不足|少于|小于|未达到?|不到)(?:目标值?|\d){_GAP}(?:不得分|得0分|扣)"),
    ("lower", rf"(?:高于|超过|大于|超出)(?:目标值?|\d){_GAP}(?:不得分|得0分|扣)"),
    ("higher", rf"(?:达到|不低于|不少于|≥|大于等于)(?:目标值?|\d){_GAP}得?满分"),
    ("lower", rf"(?:不超过|不高于|≤|小于等于|低于)(?:目标值?|\d){_GAP}得?满分"),
)


def plain(text: str) -> str:
    """The clause with half-width digits and signs, character for character."""
    return text.translate(_HALF)


def said(clause: str) -> Iterator[Said]:
    """Every figure whose role is certain, in the order of the roles."""
    text = plain(clause)
    for found in re.finditer(_EACH, text):
        role: Role = "credit each" if found["does"] == "加" else "deduct each"
        yield Said(role, _value(found["n"]), found.span("n"), _step(found["step"]))
    for found in re.finditer(_MOST, text):
        role = "credit at most" if found["does"] == "加" else "deduct at most"
        yield Said(role, _value(found["n"]), found.span("n"))
    told = [found.span() for pattern in (_EACH, _MOST) for found in re.finditer(pattern, text)]
    for found in re.finditer(_TAKES, text):
        if not any(start <= found.start() < end for start, end in told):
            yield Said("deduct", _value(found["n"]), found.span("n"))
    for found in re.finditer(_FULL, text):
        yield Said("full", _value(found["n"]), found.span("n"))
    for found in re.finditer(_GETS, text):
        if value := _value(found["n"]):  # to get 0 is to lose all, however much that is
            yield Said("points", value, found.span("n"))
    for found in re.finditer(_BETTER_FROM, text):
        group = "n" if found["n"] else "n2"
        yield Said("better from", _value(found[group]) / 100, found.span(group))


def figures(clause: str) -> frozenset[Fraction]:
    """Every number that stands in a clause, whatever it is for; one with a percent sign also as a ratio."""
    found: set[Fraction] = set()
    for one in re.finditer(_ANY_NUMBER, plain(clause)):
        number = re.match(_NUMBER, one[0])
        value = _value(number[0]) if number else Fraction(0)
        found |= {value, value / 100} if number and one[0] != number[0] else {value}
    return frozenset(found)


def direction(clause: str) -> tuple[Direction, tuple[int, int]] | None:
    """Which way a clause takes for better, and the words that say so; None where it says neither, or both."""
    text = plain(clause)
    found: dict[str, tuple[int, int]] = {}
    for way, pattern in _SAYS:
        if way not in found and (words := re.search(pattern, text)):
            found[way] = words.span()
    if len(found) != 1:
        return None
    [(way, within)] = found.items()
    return ("higher" if way == "higher" else "lower"), within


def _value(text: str) -> Fraction:
    return _DIGITS[text] if text in _DIGITS else Fraction(text)


def _step(text: str) -> Fraction | None:
    """The number in the words between 每 and 扣; in percent it is a ratio."""
    found = re.search(rf"(?P<n>{_NUMBER})\s*(?P<u>%|个?百分点)?", text)
    if found is None:
        return None
    return _value(found["n"]) / (100 if found["u"] else 1)
