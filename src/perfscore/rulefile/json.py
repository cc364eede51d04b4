"""JSON, as people or their programs wrote it.

In: the text of a file.
Out: a `Document`: the values of one object with exact numbers, or diagnostics that say what stands in the way.
What the keys mean is no matter here, and no text raises anything.
"""

from __future__ import annotations

import json
from decimal import Decimal

from perfscore.diagnostic import Code, Diagnostic
from perfscore.rulefile.text import Text
from perfscore.rulefile.toml import Document
from perfscore.words import Words, visible

NOT_JSON = Code("PS109", "not-json", Words(zh="文件不是有效的 JSON。", en="The file is not valid JSON."))


def read_json(read: Text) -> Document:
    """The object that a text holds."""
    if read.refused is not None:
        return Document(read.source, None, (read.refused,))
    try:
        values = json.loads(read.source.text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_once)
        halved = any("\ud800" <= one <= "\udfff" for one in json.dumps(values, ensure_ascii=False, default=str))
    except _TwiceError as twice:
        said = Words(zh="键“{k}”写了两次", en="the key “{k}” is written twice").fill(k=visible(twice.key))
        hint = Words(zh="去掉其中一个", en="take one of them out")
        return Document(read.source, None, (Diagnostic(NOT_JSON, (), said, hint),))
    except json.JSONDecodeError as error:
        said = Words(zh="JSON 读不懂：{e}", en="cannot be read as JSON: {e}").fill(e=error.msg)
        return Document(read.source, None, (Diagnostic(NOT_JSON, (), said, within=(error.pos, error.pos + 1)),))
    except (RecursionError, ValueError):
        said = Words(zh="JSON 嵌套太深或数太长", en="the JSON is nested too deeply or holds too long a number")
        return Document(read.source, None, (Diagnostic(NOT_JSON, (), said),))
    if halved:
        said = Words(zh="文字里有半个字符（如 \\ud800）", en="a text holds half a character, as in \\ud800")
        return Document(read.source, None, (Diagnostic(NOT_JSON, (), said),))
    if not isinstance(values, dict):
        said = Words(zh="应是一个对象 {{ … }}", en="expected an object {{ … }}").fill()
        return Document(read.source, None, (Diagnostic(NOT_JSON, (), said),))
    return Document(read.source, values, ())


class _TwiceError(ValueError):
    """A JSON object has a key twice; taking the last would score what nobody can see."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table: dict[str, object] = {}
    for key, value in pairs:
        if key in table:
            raise _TwiceError(key)
        table[key] = value
    return table
