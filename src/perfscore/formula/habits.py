"""What forms write in words, and what the language writes instead.

In: a condition that cannot be read: “90%以上”, “不低于95%”, “80%至90%”, “80%-90%”, “1到3”; a key or a word that the
language calls something else. Out: what to write, to be offered as a hint.
Nothing is ever read this way: the author decides whether it was meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from fractions import Fraction

_NUMBER = r"[0-9]+(?:\.[0-9]+)?\s*%?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*(?:至|到|~|～|-|−|—|–|－)+\s*({_NUMBER})\s*")
_BEFORE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("不低于", "不少于", "不小于", "至少", "达到", "大于等于", "大于或等于"), "≥"),
    (("不高于", "不超过", "不多于", "不大于", "至多", "小于等于", "小于或等于", "控制在"), "≤"),
    (("大于", "高于", "超过", "多于"), ">"),
    (("小于", "低于", "少于", "不足"), "<"),
    (("等于",), "="),
)
_AFTER: tuple[tuple[tuple[str, ...], str], ...] = (
    (("及以上", "或以上", "以上"), "≥"),
    (("及以下", "或以下", "以内", "以下"), "≤"),
)
_INCLUDED = re.compile(r"[（(]\s*(?:含|包含|不含)[^）)]*[）)]")

_CALLED = {
    **dict.fromkeys(("百分比", "百分数", "比率", "比例"), "percent"),
    **dict.fromkeys(("计数", "个数", "次数", "数量", "整数"), "count"),
    **dict.fromkeys(("金额", "货币", "钱"), "money"),
    **dict.fromkeys(("是否", "布尔"), "yes-no"),
    **dict.fromkeys(("选择", "选项", "单选"), "choice"),
    **dict.fromkeys(("数", "数值", "数字"), "number"),
    **dict.fromkeys(("文字", "文本"), "text"),
    **{"日期": "date", "losses": "deductions", "deductions": "losses"},
}


def called(word: str, known: Collection[str]) -> str | None:
    """What the language calls a type that is named in Chinese, or a key that another table has under this name."""
    name = _CALLED.get(word)
    return name if name in known else None


def meant(text: str) -> str | None:
    """The condition that a form's words probably mean, if they are of a common kind.

    >>> meant("90%以上"), meant("不低于95%"), meant("80%至90%")
    ('≥ 90%', '≥ 95%', '[80%, 90%]')
    """
    plain = unicodedata.normalize("NFKC", _INCLUDED.sub("", text)).strip()
    if found := _RANGE.fullmatch(plain):
        low, high = (one.strip() for one in found.groups())
        if high.endswith("%") and not low.endswith("%"):
            low += "%"
        if _figure(low) > _figure(high):  # 9–8: the better end first, as people say it
            low, high = high, low
        return f"[{low}, {high}]"
    for words, sign in _BEFORE:
        for word in words:
            if plain.startswith(word) and re.fullmatch(_NUMBER, rest := plain.removeprefix(word).strip()):
                return f"{sign} {rest}"
    for words, sign in _AFTER:
        for word in words:
            if plain.endswith(word) and re.fullmatch(_NUMBER, rest := plain.removesuffix(word).strip()):
                return f"{sign} {rest}"
    return None


def meant_range(text: str) -> str | None:
    """The interval of points that is probably meant, where a text could also be read as a difference.

    >>> meant_range("9 - 8"), meant_range("(9 - 8)")
    ('[8, 9]', None)
    """
    found = meant(text)
    return found if found is not None and found.startswith("[") else None


def _figure(text: str) -> Fraction:
    return Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
