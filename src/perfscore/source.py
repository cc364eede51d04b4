"""Where things stand in a TOML or JSON file.

In: the text of a file, and key paths into it.
Out: `Span`s of characters, and the lines and columns that people count.
No value is decided here (that is tomli's word alone), nothing is complained about, and a text that is
neither raises nothing: what stands before the first oddity keeps its place. A file without complaints is never scanned.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from attrs import field, frozen

from perfscore.diagnostic import KeyPath, Part
from perfscore.jsonplaces import json_places


@frozen
class Span:
    """Characters of a text, from `start` up to and without `end`."""

    start: int
    end: int


@frozen
class _Place:
    """Where one thing is named, and where its value stands.

    A table made by a header has no value of its own, and an element of an array no key: the one stands for the other.
    """

    key: Span
    value: Span


def _without_bom(text: str) -> str:
    return text.removeprefix("\ufeff")


@frozen
class Source:
    """The text of one file, and where everything in it stands.

    Offsets count characters, and a byte order mark is none.

    >>> source = Source("town.toml", 'name = "道路"\\nweight = 30\\n')
    >>> source.span(("weight",))
    Span(start=21, end=23)
    >>> source.position(21)
    (2, 10)
    """

    path: str
    text: str = field(converter=_without_bom, repr=False)

    def span(self, at: KeyPath, part: Part = "value", within: tuple[int, int] | None = None) -> Span:
        """Where the value (or the key) at a key path stands; for what is not there, the nearest key around it.

        `within` narrows the span to some characters of a text, counted in its value; for `at=()` in the whole file.
        """
        if not at:
            start, end = within or (0, 0)
            return Span(min(start, len(self.text)), min(max(start, end), len(self.text)))
        place = self._scan.places.get(at)
        if place is None:
            return self.span(at[:-1], "key")
        if part == "pair" and (pair := self._scan.pairs.get(at)) is not None:
            return _with_its_signs(self.text, pair)
        span = place.value if part == "value" else place.key
        return span if within is None else self._narrowed(span, within)

    def stands(self, at: KeyPath, part: Part = "value") -> bool:
        """Whether this very key is written in the file, and not only one around it."""
        return not at or at in (self._scan.pairs if part == "pair" else self._scan.places)

    def comments(self) -> Iterator[Span]:
        """Every comment, from its # to the end of its line."""
        for found in _TEXT_OR_COMMENT.finditer(self.text):
            if found["comment"] is not None:
                yield Span(found.start(), found.start() + len(found.group().rstrip("\r")))

    def written(self, at: KeyPath) -> tuple[Source, KeyPath]:
        """The file that a key path was written in, and the key path there: of one file, these."""
        return self, at

    def spans(self) -> Mapping[KeyPath, Span]:
        """Where every value stands that is neither a table nor an array."""
        return MappingProxyType(self._scan.scalars)

    def repeated(self) -> tuple[tuple[KeyPath, Span], ...]:
        """What is written a second time, and where; its `span` is that of the first."""
        return tuple(self._scan.repeated)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character at a line and a column: `position`, the other way round."""
        return self._starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """The text of a line, without its ending."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")

    def _narrowed(self, span: Span, within: tuple[int, int]) -> Span:
        token = self.text[span.start : span.end]
        if token[:1] not in {'"', "'"}:
            return span
        start, end = within
        # Only as many characters are looked at as the question needs: a text may be long.
        pieces = [(a, b) for _, a, b in islice(_characters(token), max(end, start + 1))]
        close = pieces[-1][1] if pieces else len(_opening(token))
        first = pieces[start][0] if start < len(pieces) else close
        last = pieces[min(end, len(pieces)) - 1][1] if start < min(end, len(pieces)) else first
        return Span(span.start + first, span.start + last)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _scan(self) -> _Scan:
        return _Scan(self.text)


@frozen(eq=False)
class Origins:
    """Where the values of a rule file stand that takes some of them from other files.

    `places` says of key paths in which file they were written, and under which key path there; what it does not name
    stands inside the nearest around it that it names. The file itself is what `()` leads to.
    """

    places: Mapping[KeyPath, tuple[Source, KeyPath]]

    @classmethod
    def of(cls, source: Source) -> Origins:
        """Those of a file that takes nothing from others."""
        return cls({(): (source, ())})

    def written(self, at: KeyPath) -> tuple[Source, KeyPath]:
        """The file that the value at a key path was written in, and its key path there."""
        end = len(at)
        while at[:end] not in self.places:
            end -= 1
        source, there = self.places[at[:end]]
        return source, (*there, *at[end:])


# What a text, a key and any other value look like, once it is known that one of them stands here.
TEXT = (
    r"""(?:"{3}(?:[^"\\]++|\\[\s\S]|"(?!""))*+"{3,5}|'{3}(?:[^']++|'(?!''))*+'{3,5}"""
    r"""|"(?!"")(?:[^"\\\n]++|\\.)*+"|'(?!'')[^'\n]*+')"""
)
_KEY = re.compile(rf"[A-Za-z0-9_-]+|{TEXT}")
_VALUE = re.compile(rf"""{TEXT}|(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ ](?=[0-9]))?[^ \t\r\n,\[\]{{}}#="']+""")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_TEXT_OR_COMMENT = re.compile(rf"{TEXT}|(?P<comment>#[^\n]*+)")
_REST = re.compile(r"(?P<comma>[ \t]*,)?[ \t]*(?P<then>\r?\n|#|)")


def _with_its_signs(text: str, pair: Span) -> Span:
    """A key and its value with what would stand there for nothing without them: a line of their own, or a comma."""
    rest = _REST.match(text, pair.end)
    line = text.rfind("\n", 0, pair.start) + 1
    if rest is None:
        return pair
    alone = line == pair.start or text[line : pair.start].isspace()
    if alone and (rest["then"].endswith("\n") or rest.end() == len(text)):
        return Span(line, rest.end())
    if rest["comma"] or rest["then"] == "#":
        return Span(pair.start, rest.start("then"))
    before = text[line : pair.start].rstrip(" \t")
    return Span(line + len(before) - 1, pair.end) if before.endswith(",") else pair


class _LostError(Exception):
    """The text is not TOML from here on."""


class _Scan:
    """One walk through a text that tomli accepts, or accepts up to some place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[KeyPath, _Place] = {}
        self.pairs: dict[KeyPath, Span] = {}  # a key with its value
        self.scalars: dict[KeyPath, Span] = {}
        self.repeated: list[tuple[KeyPath, Span]] = []
        self._lengths: dict[KeyPath, int] = {}  # of the arrays of tables, so far
        self._headers: set[KeyPath] = set()
        if text.lstrip().startswith("{"):  # as JSON does, and no TOML
            for path, key, value in json_places(text):
                self.places[path] = _Place(Span(*key), Span(*value))
            return
        with suppress(_LostError, RecursionError):
            self._document()

    def _document(self) -> None:
        at = self._gap(0)
        table: KeyPath = ()
        while at < len(self.text):
            if self.text[at] == "[":
                at, table = self._header(at)
            else:
                at = self._pair(at, table)
            at = self._gap(at)

    def _header(self, at: int) -> tuple[int, KeyPath]:
        sign = "[[" if self.text.startswith("[[", at) else "["
        names, at = self._key(at + len(sign))
        path: KeyPath = ()
        for name, span in names[:-1]:
            path = (*path, name)
            self.places.setdefault(path, _Place(span, span))
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        name, span = names[-1]
        path = (*path, name)
        if sign == "[[":
            self.places.setdefault(path, _Place(span, span))
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = (*path, self._lengths[path] - 1)
        if path in self._headers or path in self.scalars:
            self.repeated.append((path, span))
        else:
            self._headers.add(path)
            self.places[path] = _Place(span, span)
        return self._sign(at, "]" * len(sign)), path

    def _pair(self, at: int, table: KeyPath) -> int:
        start = at
        names, at = self._key(at)
        path = table
        for name, span in names[:-1]:
            path = (*path, name)
            self.places.setdefault(path, _Place(span, span))
        name, span = names[-1]
        path = (*path, name)
        if path in self.places:
            self.repeated.append((path, span))
        end = self._value(self._blank(self._sign(at, "=")), path, span)
        self.pairs.setdefault(path, Span(start, end))
        return end

    def _key(self, at: int) -> tuple[list[tuple[str, Span]], int]:
        names = []
        while True:
            found = self._found(_KEY, self._blank(at))
            name = "".join(one for one, _, _ in _characters(found.group()))
            names.append((name, Span(found.start(), found.end())))
            at = self._blank(found.end())
            if not self.text.startswith(".", at):
                return names, at
            at += 1

    def _value(self, start: int, path: KeyPath, key: Span | None) -> int:
        if self.text.startswith("[", start):
            at, index = self._gap(start + 1), 0
            while not self.text.startswith("]", at):
                at, index = self._next(self._value(at, (*path, index), None), "]"), index + 1
            end = at + 1
        elif self.text.startswith("{", start):
            at = self._gap(start + 1)
            while not self.text.startswith("}", at):
                at = self._next(self._pair(at, path), "}")
            end = at + 1
        else:
            end = self._found(_VALUE, start).end()
            self.scalars.setdefault(path, Span(start, end))
        self.places.setdefault(path, _Place(key or Span(start, end), Span(start, end)))
        return end

    def _next(self, at: int, closing: str) -> int:
        at = self._gap(at)
        return at if self.text.startswith(closing, at) else self._gap(self._sign(at, ","))

    def _sign(self, at: int, sign: str) -> int:
        if not self.text.startswith(sign, at):
            raise _LostError
        return at + len(sign)

    def _found(self, pattern: re.Pattern[str], at: int) -> re.Match[str]:
        if (found := pattern.match(self.text, at)) is None:
            raise _LostError
        return found

    def _blank(self, at: int) -> int:
        return self._found(_BLANK, at).end()

    def _gap(self, at: int) -> int:
        return self._found(_GAP, at).end()


_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_PIECE = {
    "'": re.compile(r"\r\n|[\s\S]"),
    '"': re.compile(
        r"\\(?:(?P<ending>[ \t]*\r?\n[ \t\r\n]*)"
        r"|[xuU](?P<code>(?<=x)[0-9A-Fa-f]{2}|(?<=u)[0-9A-Fa-f]{4}|(?<=U)00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})"
        r"|[\s\S])|\r\n|[\s\S]"
    ),
}


def _opening(token: str) -> str:
    """The quotes of a text, with the line ending that belongs to them."""
    quotes = token[0] * (3 if token.startswith(token[0] * 3) else 1)
    ending = re.match(r"\r?\n", token[len(quotes) :]) if len(quotes) == 3 else None
    return quotes + (ending.group() if ending else "")


def _characters(token: str) -> Iterator[tuple[str, int, int]]:
    """Every character that a key or a text means, and where in `token` it is written."""
    if token[0] not in _PIECE:
        yield from ((one, at, at + 1) for at, one in enumerate(token))
        return
    opening = _opening(token)
    for found in _PIECE[token[0]].finditer(token, len(opening), len(token) - len(opening.rstrip("\r\n"))):
        piece = found.group()
        if token[0] == '"' and piece[0] == "\\":
            if found["ending"] is not None:
                continue
            meant = chr(int(found["code"], 16)) if found["code"] else _SIMPLE.get(piece[1], piece[1])
        else:
            meant = "\n" if piece == "\r\n" else piece
        yield meant, found.start(), found.end()
