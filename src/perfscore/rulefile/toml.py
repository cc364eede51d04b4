"""TOML, as people wrote it.

In: a file, or its text.
Out: a `Document`: values with exact numbers, or diagnostics that say in plain words what stands in the way.
What the keys mean is no matter here, and no text raises anything; only a file that cannot be opened does (`OSError`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeAlias

import tomli
from attrs import frozen

from perfscore.diagnostic import Code, Diagnostic
from perfscore.quantity import MAX_DIGITS, MAX_EXPONENT, number_from_text
from perfscore.rulefile.plainly import TOKEN, plainly
from perfscore.rulefile.text import read_text
from perfscore.source import Source
from perfscore.words import Words

MAX_DEPTH = 64

NUMBER_TOO_LONG = Code(
    "PS106",
    "number-too-long",
    Words(
        zh=f"数字超过 {MAX_DIGITS} 位，或指数超过 {MAX_EXPONENT}。",
        en=f"A number has more than {MAX_DIGITS} digits, or an exponent beyond {MAX_EXPONENT}.",
    ),
)
NUMBER_NOT_FINITE = Code(
    "PS107",
    "number-not-finite",
    Words(zh="inf 和 nan 不是可以计分的数字。", en="inf and nan are no numbers to score with."),
)
NESTED_TOO_DEEPLY = Code(
    "PS108",
    "nested-too-deeply",
    Words(zh=f"括号和键的嵌套超过 {MAX_DEPTH} 层。", en=f"Brackets and keys are nested over {MAX_DEPTH} deep."),
)


@frozen
class Document:
    """What a file says: its values, unless a diagnostic says why there are none."""

    source: Source
    values: dict[str, object] | None
    diagnostics: tuple[Diagnostic, ...] = ()


Reader: TypeAlias = Callable[[str], Document]
"""How the document at a path is had: `read`, or from where an editor holds it."""


def read(path: str | os.PathLike[str]) -> Document:
    """The document in a file; one that cannot be opened raises `OSError`."""
    text = read_text(path)
    return _refused(text.source, text.refused) if text.refused else _parsed(text.source)


def parse(text: str, path: str) -> Document:
    """The document that a text spells; `path` is what complaints call it."""
    return _parsed(Source(path, text))


def _parsed(source: Source) -> Document:
    if (deep := _too_deep(source.text)) is not None:
        return _refused(source, deep)
    # Numbers come first: python refuses to read an integer of 4300 digits, and may be told not to.
    if _SUSPECT.search(source.text) and (numbers := tuple(_unusable_numbers(source))):
        return Document(source, None, numbers)
    try:
        return Document(source, tomli.loads(source.text, parse_float=Decimal))
    except tomli.TOMLDecodeError as error:
        return _refused(source, plainly(source, error.msg, source.offset(error.lineno, error.colno)))


def _refused(source: Source, diagnostic: Diagnostic) -> Document:
    return Document(source, None, (diagnostic,))


# Nesting and numbers that would hurt whoever reads on


def _too_deep(text: str) -> Diagnostic | None:
    depth, dots, outer = 0, 0, list[int]()
    for found in TOKEN.finditer(text):
        match found.lastgroup:
            case "open":
                return None  # never closed: tomli will say so
            case "deeper":
                outer.append(depth)
                depth, dots = depth + dots + 1, 0
            case "back" if outer:
                depth, dots = outer.pop(), 0
            case "dot":
                dots += 1
            case "next":
                dots = 0
            case _:
                pass
        if depth + dots > MAX_DEPTH:
            return Diagnostic(
                NESTED_TOO_DEEPLY,
                at=(),
                message=Words(
                    zh="从文件开头到这里嵌套超过 {n} 层", en="brackets and keys are nested over {n} deep here"
                ).fill(n=str(MAX_DEPTH)),
                hint=Words(zh="检查是否漏了右括号", en="see whether a closing bracket is missing"),
                within=found.span(),
            )
    return None


_SUSPECT = re.compile(r"[0-9][0-9_.]{60}|0[xob][0-9a-fA-F_]{50}|[0-9][eE][+-]?[0-9_]{2}|\b(?:inf|nan)\b")
_TOO_LARGE = int("1" + "0" * MAX_DIGITS)
_WHOLE = re.compile(r"0[xob][0-9a-fA-F_]+")
_NUMBER = re.compile(r"[+-]?[0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9_]+)?")


def _unusable_numbers(source: Source) -> Iterator[Diagnostic]:
    for path, span in source.spans().items():
        text = source.text[span.start : span.end]
        shown = text if len(text) <= 24 else text[:24] + "…"
        if text.lstrip("+-") in {"inf", "nan"}:
            yield Diagnostic(
                NUMBER_NOT_FINITE,
                at=path,
                message=Words.same(shown) + Words(zh=" 不是可以计分的数字", en=" is no number to score with"),
                hint=Words(
                    zh='写一个数字；如果本意是文字，写 "{text}"', en='write a number, or "{text}" if a text is meant'
                ).fill(text=text),
            )
        elif not _workable(text):
            yield Diagnostic(
                NUMBER_TOO_LONG,
                at=path,
                message=Words(
                    zh="{text} 超过 {digits} 位，或指数超过 {exponent}",
                    en="{text} has more than {digits} digits, or an exponent beyond {exponent}",
                ).fill(text=shown, digits=str(MAX_DIGITS), exponent=str(MAX_EXPONENT)),
                hint=Words(
                    zh="换用更大的计量单位，或把编号写在引号里",
                    en="use a larger unit, or put it in quotes if it is an identifier",
                ),
            )


def _workable(text: str) -> bool:
    if _WHOLE.fullmatch(text):
        return int(text.replace("_", ""), 0) < _TOO_LARGE
    if _NUMBER.fullmatch(text):
        try:
            number_from_text(text)
        except ValueError:  # also an exponent of so many digits that it is not even compared
            return False
    return True
