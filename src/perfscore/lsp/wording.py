"""What to write at a key, in words.

In: the type that a key has. Out: a few words in the language of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from perfscore.lsp.keys import BasisId, Hint, Indicator, Kind, Name, RatingName, parts_of
from perfscore.report.pages import LIST, type_text
from perfscore.words import Language, Words

_TYPES: Mapping[Any, Words] = {
    Kind: Words(zh="计分方式的名字", en="name of a kind"),
    Name: Words(zh="数据的名字", en="name of a figure"),
    Indicator: Words(zh="指标的编号", en="id of an indicator"),
    BasisId: Words(zh="依据的编号", en="id of a document under [basis]"),
    RatingName: Words(zh="等级的名字", en="name of a rating"),
}
_OR = Words(zh=" 或 ", en=" or ")
_WORD = Words(zh="选一个词", en="one of a few words")
_TABLE = Words(zh="一张表", en="a table")


def hint_text(hint: Hint, language: Language) -> str:
    """What to write where a class reads a type."""
    return _OR.into(language).join(dict.fromkeys(_part(one, language) for one in parts_of(hint)))


def _part(hint: Hint, language: Language) -> str:
    if hint in _TYPES:
        return _TYPES[hint].into(language)
    origin: Any = get_origin(hint)
    if origin is Literal:
        return _WORD.into(language)
    if origin is tuple:
        return LIST.fill(inner=hint_text(get_args(hint)[0], language)).into(language)
    if origin is not None:
        return _TABLE.into(language)
    return type_text(hint, language)
