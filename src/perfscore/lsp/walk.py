"""Walk through a rule file that may be broken, and say what stands where.

In: a text, TOML or nearly. Out: `Walk`: its tables, every key and value with its key path, and the `Spot` of a cursor.
No value is decided, nothing is complained about, and no text raises anything: a table's header begins anew, whatever was
left open above it. Where a text is sound, `source` says where things stand; this is for where the author is typing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, TypeAlias

from attrs import define, frozen

from perfscore.diagnostic import KeyPath
from perfscore.source import TEXT, Span

Role: TypeAlias = Literal["header", "key", "value", "comment"]

_LOOSE = r"""[^\s\[\]{}=,"'#]+"""  # what stands without quotes: a key with its dots, or a number
_OPEN_TEXT = r""""[^"\n]*|'[^'\n]*"""  # a text whose end is not written yet
_TOKEN = re.compile(
    rf"(?P<text>{TEXT}|{_OPEN_TEXT})|(?P<comment>#[^\n]*)|(?P<line>\r?\n)|(?P<sign>[\[\]{{}}=,])|(?P<word>{_LOOSE})"
)
_NAME = r"""(?:[^\s.\[\]{}=,"'#]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEADER = re.compile(
    rf"[ \t]*(?P<sign>\[\[?)[ \t]*(?P<names>{_DOTTED})?(?P<more>[ \t]*\.)?[ \t]*(?P<end>\]{{0,2}})[ \t]*\r?(?=\n|#|$)"
)
_PAIR = re.compile(rf"[ \t]*{_DOTTED}[ \t]*=")
_PART = re.compile(_NAME)
_ELEMENT = re.compile(r"""["'0-9+-]|true\b|false\b""")


@frozen
class Piece:
    """A key, a value or a comment: its key path, the table or list that it stands in, and its characters."""

    role: Role
    at: KeyPath
    inside: KeyPath
    span: Span


@frozen
class Section:
    """A table of its own header: from the header to the next one."""

    at: KeyPath
    span: Span
    header: Span


@frozen
class Spot:
    """Where the cursor is. `text` is what of the word, key or text stands before it and after it.

    `at` is the key path of what is there or would be written there; of a new key it is the table that takes it.
    """

    role: Role
    at: KeyPath
    inside: KeyPath
    span: Span
    written: str
    cursor: int

    @property
    def quoted(self) -> bool:
        """Whether it stands in quotation marks."""
        return self.written[:1] in {'"', "'"}

    @property
    def content(self) -> Span:
        """Its characters without the quotation marks."""
        quotes = _quotes(self.written)
        start = min(self.span.start + len(quotes), self.span.end)
        closed = len(self.written) >= 2 * len(quotes) and quotes and self.written.endswith(quotes)
        return Span(start, max(start, self.span.end - len(quotes)) if closed else self.span.end)


@define
class _Frame:
    """A table, an inline table or a list that is being walked through."""

    at: KeyPath
    list: bool = False
    index: int = 0
    names: KeyPath = ()
    valued: bool = False

    @property
    def here(self) -> KeyPath:
        return (*self.at, self.index) if self.list else (*self.at, *self.names)


def unquoted(written: str) -> str:
    """A key or a text without its quotation marks, as far as they are written."""
    quotes = _quotes(written)
    inner = written[len(quotes) :]
    return inner.removesuffix(quotes) if quotes else written


def _quotes(written: str) -> str:
    if written[:1] not in {'"', "'"}:
        return ""
    return written[:3] if written[:3] == written[0] * 3 else written[0]


class Walk:
    """One walk through a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sections: list[Section] = []
        self.pieces: list[Piece] = []
        self._states: list[tuple[int, Role, KeyPath, KeyPath]] = [(0, "key", (), ())]
        self._lengths: dict[KeyPath, int] = {}
        self._stack = [_Frame(())]
        self._last = ""
        self._walk()

    def spot(self, offset: int) -> Spot:
        """Where a cursor is that stands before the character at `offset`."""
        index = bisect_right(self.pieces, offset, key=lambda one: one.span.start) - 1
        # at the end of one piece and the start of nothing else, the cursor still is in the piece
        if index >= 0 and (piece := self.pieces[index]).span.start <= offset <= piece.span.end:
            written = self.text[piece.span.start : piece.span.end]
            return Spot(piece.role, piece.at, piece.inside, piece.span, written, offset)
        state = self._states[bisect_right(self._states, offset, key=lambda one: one[0]) - 1]
        _, role, at, inside = state
        return Spot(role, at, inside, Span(offset, offset), "", offset)

    def keys_in(self, table: KeyPath) -> Iterator[str]:
        """The keys that are written in a table, also those that are tables of their own."""
        for piece in self.pieces:
            for at in (piece.at,) if piece.role in ("key", "header") else ():
                if len(at) > len(table) and at[: len(table)] == table and isinstance(at[len(table)], str):
                    yield str(at[len(table)])

    def section(self, offset: int) -> Section | None:
        """The table of its own header that a character stands in."""
        index = bisect_right(self.sections, offset, key=lambda one: one.span.start) - 1
        return self.sections[index] if index >= 0 else None

    def _walk(self) -> None:
        at, fresh = 0, True  # fresh: nothing stands before on this line
        while at < len(self.text):
            if fresh and (begun := self._anew(at)) is not None:
                at, fresh = begun, False
                continue
            fresh = False
            found = _TOKEN.match(self.text, at)
            if found is None:
                at += 1
                continue
            match found.lastgroup:
                case "comment":
                    self._piece("comment", self._stack[0].at, self._stack[0].at, found.start(), found.end())
                case "line":
                    fresh = True
                    if len(self._stack) == 1:
                        self._stack[0].names, self._stack[0].valued = (), False
                case "sign":
                    self._sign(found.group(), found.end())
                case _:
                    self._word(found)
            at = found.end()
            if found.lastgroup != "comment":
                self._note(at)
        self._close(len(self.text))

    def _anew(self, at: int) -> int | None:
        """Where a line goes on that begins a table, or a key after something was left open above it."""
        top = self._stack[-1]
        found = _HEADER.match(self.text, at)
        if found is not None and not (top.list and self._last in ("[", ",") and self._element(found)):
            self._header(found)
            return found.end()
        if len(self._stack) > 1 and _PAIR.match(self.text, at) and (top.list or self._last not in ("{", ",")):
            del self._stack[1:]
            self._stack[0].names, self._stack[0].valued = (), False
            self._note(at)
        return None

    def _element(self, header: re.Match[str]) -> bool:
        names = header["names"]
        return names is None or len(header["sign"]) == 2 or _ELEMENT.match(names) is not None

    def _header(self, found: re.Match[str]) -> None:
        self._close(found.start())
        several = len(found["sign"]) == 2
        parts = list(_PART.finditer(self.text, *found.span("names"))) if found["names"] else []
        path: KeyPath = ()
        for place, part in enumerate(parts):
            inside, path = path, (*path, unquoted(part.group()))
            last = place == len(parts) - 1
            if several and last:
                self._lengths[path] = self._lengths.get(path, 0) + 1
            self._piece("header", path, inside, part.start(), part.end())
            if path in self._lengths and (several or not last):
                path = (*path, self._lengths[path] - 1)
        header = Span(found.start("sign"), found.end("end"))
        self.sections.append(Section(path, Span(found.start(), len(self.text)), header))
        self._stack = [_Frame(path)]
        self._states.append(
            (found.start("sign") + 1, "header", path, path if found["more"] or not parts else path[:-1])
        )
        self._states.append((found.end(), "key", path, path))
        self._last = ""

    def _close(self, end: int) -> None:
        if self.sections:
            last = self.sections[-1]
            self.sections[-1] = Section(last.at, Span(last.span.start, end), last.header)

    def _sign(self, sign: str, end: int) -> None:
        top = self._stack[-1]
        self._last = sign
        if sign == "=" and not top.list:
            top.valued = True
        elif sign in "[{" and (top.list or top.valued):
            self._stack.append(_Frame(top.here, list=sign == "["))
        elif sign in "]}" and len(self._stack) > 1 and top.list == (sign == "]"):
            self._stack.pop()
        elif sign == "," and len(self._stack) > 1:
            top.index, top.names, top.valued = top.index + 1, (), False

    def _word(self, found: re.Match[str]) -> None:
        top = self._stack[-1]
        self._last = "word"
        if top.list or top.valued:
            self._piece("value", top.here, top.at, found.start(), found.end())
            return
        written = found.group()
        if found.lastgroup == "text":
            self._key(top, written, found.start(), found.end())
            return
        start = found.start()
        for part in written.split("."):
            if part:
                self._key(top, part, start, start + len(part))
            start += len(part) + 1

    def _key(self, top: _Frame, written: str, start: int, end: int) -> None:
        inside = (*top.at, *top.names)
        top.names = (*top.names, unquoted(written))
        self._piece("key", (*top.at, *top.names), inside, start, end)

    def _piece(self, role: Role, at: KeyPath, inside: KeyPath, start: int, end: int) -> None:
        self.pieces.append(Piece(role, at, inside, Span(start, end)))

    def _note(self, offset: int) -> None:
        top = self._stack[-1]
        valued = top.list or top.valued
        inside = top.at if valued else (*top.at, *top.names)
        self._states.append((offset, "value" if valued else "key", top.here if valued else inside, inside))
