"""What may be called what in a rule file.

In: the ids of tables and the names of figures, as written. Out: complaints, with a name to type instead.
Nothing is looked up here but what the language keeps for itself.
"""

from __future__ import annotations

import re
from typing import Literal

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.functions import FUNCTIONS
from perfscore.formula.lowering import KEYWORDS
from perfscore.rulefile.table import Complain
from perfscore.words import Words, visible

BAD_ID = Code(
    "PS116",
    "bad-id",
    Words(
        zh="id 不能含点号或空白，不能为空，也不能是属性的名字。",
        en="An id may not hold dots or spaces, be empty, or be the name of an attribute.",
    ),
)
BAD_NAME = Code(
    "PS117",
    "bad-name",
    Words(
        zh="输入和计算指标的名字要能写进公式：字母、数字、下划线、汉字，不是公式里的词。",
        en="The name of an input or measure must be usable in formulas: letters, digits and underscores.",
    ),
)
_NAME = re.compile(r"[^\W\d]\w*")
_RESERVED = frozenset((*FUNCTIONS, *KEYWORDS, "value", "target", "weight", "score"))


def taken_id(id: str, at: KeyPath) -> Diagnostic:
    """The complaint about an id that is the name of an attribute, or of a part of an answer."""
    return Diagnostic(
        BAD_ID,
        at,
        Words(
            zh="“{id}” 是指标属性的名字，不能作 id", en="“{id}” is the name of an attribute and cannot be an id"
        ).fill(id=visible(id)),
        Words(zh="换一个 id，如 {id}_1", en="choose another id, as in {id}_1").fill(id=visible(id)),
        part="key",
    )


def check_id(id: str, at: KeyPath, complain: Complain, *, part: Literal["key", "value"] = "key") -> None:
    """Complain about an id that could not stand in a path."""
    if not id or any(one in ". \t\r\n　" for one in id):
        complain(
            Diagnostic(
                BAD_ID,
                at,
                Words(zh="id “{id}” 含点号或空白", en="the id “{id}” holds a dot or a space, or nothing").fill(
                    id=visible(id)
                ),
                Words(zh="用下划线代替，如 “{id}”", en="use an underscore, as in “{id}”").fill(
                    id=visible(re.sub(r"[.\s]+", "_", id)) or "a"
                ),
                part=part,
            )
        )


def check_name(name: str, at: KeyPath, complain: Complain, *, taken: bool) -> None:
    """Complain about a name that a formula could not use."""
    if _NAME.fullmatch(name) and name not in _RESERVED and not taken:
        return
    if taken:
        message = Words(zh="[inputs] 里已经有 “{n}”", en="“{n}” is an input already")
    elif name in _RESERVED:
        message = Words(zh="“{n}” 是公式里的词", en="“{n}” is a word of the formula language")
    else:
        message = Words(zh="“{n}” 不能写进公式", en="“{n}” cannot be written in a formula")
    better = re.sub(r"\W+", "_", name).strip("_0123456789") or "x"
    hint = Words(zh="换个名字，如 {b}", en="choose another name, as in {b}").fill(
        b=f"{better}_1" if better == name else better
    )
    complain(Diagnostic(BAD_NAME, at, message.fill(n=visible(name)), hint, part="key"))
