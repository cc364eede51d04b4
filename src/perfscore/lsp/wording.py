"""What to write at a key, in words.

In: the type that a key has. Out: a few words in the language of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import UnionType
from typing import Any, Literal, Union, get_args

from perfscore.criterion import Criterion
from perfscore.lsp.keys import BasisId, Hint, Indicator, Name, RatingName, origin_of
from perfscore.report.pages import type_text
from perfscore.words import Language, Words

_TYPES: Mapping[Any, Words] = {
    Fraction: Words(zh="数", en="number"),
    bool: Words(zh="true 或 false", en="true or false"),
    date: Words(zh="日期，如 2024-01-31", en="a date, as in 2024-01-31"),
    Criterion: Words(zh='{ kind = "…", … }', en='{ kind = "…", … }'),
    Name: Words(zh="数据的名字", en="name of a figure"),
    Indicator: Words(zh="指标的编号", en="id of an indicator"),
    BasisId: Words(zh="依据的编号", en="id of a document under [basis]"),
    RatingName: Words(zh="等级的名字", en="name of a rating"),
    dict: Words(zh="一张表", en="a table"),
}
_LIST = Words(zh="列表：{inner}", en="list of {inner}")
_EACH = Words(zh="{key} = {value}", en="{key} = {value}")
_OR = Words(zh=" 或 ", en=" or ")
_WORD = Words(zh="选一个词", en="one of a few words")


def hint_text(hint: Hint, language: Language) -> str:
    """What to write where a class reads a type."""
    if hint in _TYPES:
        return _TYPES[hint].into(language)
    origin, arguments = origin_of(hint), [one for one in get_args(hint) if one not in (type(None), Ellipsis)]
    if origin is Literal:
        return _WORD.into(language)
    if origin is tuple:
        return _LIST.fill(inner=hint_text(arguments[0], language)).into(language)
    if origin in (Union, UnionType):
        return _OR.into(language).join(dict.fromkeys(hint_text(one, language) for one in arguments))
    if arguments:
        return _EACH.fill(key=hint_text(arguments[0], language), value=hint_text(arguments[1], language)).into(language)
    return type_text(hint, language)
