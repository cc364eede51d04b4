"""What forms write in words, and what the language writes instead.

In: a condition that cannot be read: “90%以上”, “不低于95%”, “80%至90%”, “80%-90%”, “1到3”.
Out: the same as a condition, to be offered as a hint. Nothing is ever read this way: the author decides whether it was meant.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = r"\d+(?:\.\d+)?\s*%?"
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


def meant(text: str) -> str | None:
    """The condition that a form's words probably mean, if they are of a common kind.

    >>> meant("90%以上"), meant("不低于95%"), meant("80%至90%")
    ('≥ 90%', '≥ 95%', '[80%, 90%]')
    """
    plain = unicodedata.normalize("NFKC", _INCLUDED.sub("", text)).strip()
    if found := _RANGE.fullmatch(plain):
        low, high = (one.strip() for one in found.groups())
        return f"[{low}{'%' if high.endswith('%') and not low.endswith('%') else ''}, {high}]"
    for words, sign in _BEFORE:
        for word in words:
            if plain.startswith(word) and re.fullmatch(_NUMBER, rest := plain.removeprefix(word).strip()):
                return f"{sign} {rest}"
    for words, sign in _AFTER:
        for word in words:
            if plain.endswith(word) and re.fullmatch(_NUMBER, rest := plain.removesuffix(word).strip()):
                return f"{sign} {rest}"
    return None
