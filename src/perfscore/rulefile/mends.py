"""Fixes for what people often write, and the rule that says which of them are safe.

In: what was written, and what the reader expected or knows. Out: a `Fix`, or nothing.
What gave no score before is mended safely only where it can be read in one way: the same word in other letters, the
same value in other signs. A near name is a guess, and only offered.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args, get_origin

from attrs import evolve

from perfscore.diagnostic import Diagnostic, Edit, Fix, KeyPath
from perfscore.words import Words

_WRITE = Words(zh="写 {text}", en="write {text}")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SEVERAL = frozenset(",，、;；\n")


def certain(said: str, near: str, known: Iterable[str]) -> bool:
    """Whether a name differs in nothing but capitals, full-width letters, hyphens and blanks from one that is known, and
    from no other.

    >>> certain("Full-Marks", "full_marks", ["full_marks", "title"]), certain("weigth", "weight", ["weight"])
    (True, False)
    """
    return _folded(said) == _folded(near) and {one for one in known if _folded(one) == _folded(near)} <= {near}


def _folded(text: str) -> str:
    return re.sub(r"[-_\s]", "", unicodedata.normalize("NFKC", text).casefold())


def renamed(at: KeyPath, near: str | None, known: Iterable[str], beside: Collection[str] = ()) -> Fix | None:
    """A key by its near name, unless that stands beside it already."""
    if near is None or near in beside:
        return None
    written = near if re.fullmatch(r"[A-Za-z0-9_-]+", near) else text_of(near)
    says = _WRITE.fill(text=written)
    return Fix(says, (Edit(at, written, part="key"),), safe=certain(str(at[-1]), near, known))


def respelt(at: KeyPath, value: object, near: str | None, known: Iterable[str] = ()) -> Fix | None:
    """A text by the near one that is known."""
    if near is None or not isinstance(value, str):
        return None
    return Fix(_WRITE.fill(text=text_of(near)), (Edit(at, text_of(near)),), safe=certain(value, near, known))


def taken_out(at: KeyPath, *, safe: bool = False) -> Fix:
    """A key that says nothing, with its value."""
    says = Words(zh="去掉 {key}", en="take {key} out").fill(key=str(at[-1]))
    return Fix(says, (Edit(at, "", part="pair"),), safe=safe)


def retyping(
    complain: Callable[[Diagnostic], None], kind: Any, value: object, at: KeyPath
) -> Callable[[Diagnostic], None]:
    """The same ear, to which a complaint about this very value comes with the value as it was meant."""

    def heard(one: Diagnostic) -> None:
        text = _retyped(kind, value) if one.at == at and one.fix is None and one.within is None else None
        fix = None if text is None else Fix(_WRITE.fill(text=text), (Edit(at, text),), safe=True)
        complain(one if fix is None else evolve(one, fix=fix))

    return heard


def _retyped(kind: Any, value: object) -> str | None:
    """A value of the wrong type, in the right one, where it can be read in one way."""
    match value:
        case bool() | datetime():
            return None
        case int() if kind is str:
            return text_of(str(value))
        case Decimal() if kind is str and value.is_finite():
            return text_of(f"{value:f}")
        case date() if kind is str:
            return text_of(value.isoformat())
        case str():
            return _out_of_quotes(kind, unicodedata.normalize("NFKC", value).strip(), value)
        case _:
            return None


def _out_of_quotes(kind: Any, plain: str, value: str) -> str | None:
    if kind in (int, Fraction) and _NUMBER.fullmatch(plain) and not (kind is int and "." in plain):
        return plain
    if kind is bool and plain.casefold() in ("true", "false"):
        return plain.casefold()
    if kind is date and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        try:
            return date.fromisoformat(plain).isoformat()
        except ValueError:
            return None
    if get_origin(kind) is tuple and get_args(kind)[0] is str and value and not _SEVERAL & set(value):
        return f"[{text_of(value)}]"
    return None


def text_of(value: str) -> str:
    """A text between quotation marks, as TOML takes it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
