"""Where things stand in a JSON text.

In: a text that is JSON. Out: for every value in it its key path, and the characters of its key and of itself.
No value is read here. A text that is no JSON raises nothing: what stands before the first oddity keeps its place.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TypeAlias

JsonPlace: TypeAlias = tuple[tuple[str | int, ...], tuple[int, int], tuple[int, int]]
"""A key path, the characters of its key (of an element: its own), and those of its value."""

_GAP = re.compile(r"[ \t\r\n]*+")
_TEXT = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_PLAIN = re.compile(r"[^\s,\]}\"\[{:]+")


def json_places(text: str) -> list[JsonPlace]:
    """Every value with its place; what holds others comes after them.

    >>> json_places('{"points": ["9.00"]}')
    [(('points', 0), (12, 18), (12, 18)), (('points',), (1, 9), (11, 19))]
    """
    found: list[JsonPlace] = []
    with suppress(_LostError, ValueError, RecursionError):
        _value(text, _gap(text, 0), (), found)
    return found


class _LostError(Exception):
    """The text is not JSON from here on."""


def _value(text: str, start: int, path: tuple[str | int, ...], found: list[JsonPlace]) -> int:
    """Walk over a value, and say where it ends."""
    sign = text[start : start + 1]
    if sign == '"':
        return _found(_TEXT, text, start)
    if sign in ("{", "["):
        at, index = _gap(text, start + 1), 0
        while not text.startswith("}" if sign == "{" else "]", at):
            if index:
                at = _gap(text, _sign(text, at, ","))
            if sign == "{":
                key = (at, _found(_TEXT, text, at))
                at = _gap(text, _sign(text, _gap(text, key[1]), ":"))
                here = (*path, str(json.loads(text[slice(*key)])))
                end = _value(text, at, here, found)
            else:
                here = (*path, index)
                end = _value(text, at, here, found)
                key = (at, end)
            found.append((here, key, (at, end)))
            at, index = _gap(text, end), index + 1
        return at + 1
    return _found(_PLAIN, text, start)


def _sign(text: str, at: int, sign: str) -> int:
    if not text.startswith(sign, at):
        raise _LostError
    return at + 1


def _gap(text: str, at: int) -> int:
    return _found(_GAP, text, at)


def _found(pattern: re.Pattern[str], text: str, at: int) -> int:
    if (there := pattern.match(text, at)) is None:
        raise _LostError
    return there.end()
