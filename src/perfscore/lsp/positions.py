"""Where a character stands, as an editor counts it.

In: a text, and the encoding that was agreed on with the editor. Out: offsets as lines with columns, and back.
Lines end as the protocol says they do (LF, CRLF, CR); columns count UTF-16 code units unless something else was agreed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal, TypeAlias

from attrs import field, frozen

Encoding: TypeAlias = Literal["utf-8", "utf-16", "utf-32"]
_ENDING = re.compile(r"\r\n|\n|\r")
_BOM = "\ufeff"


@frozen
class Positions:
    """The lines of a text; offsets count characters, and a byte order mark is none, though an editor may count it.

    >>> Positions("a = '😀x'", "utf-16").position(6)
    (0, 7)
    >>> Positions("a = '😀x'", "utf-16").offset(0, 7)
    6
    """

    text: str = field(repr=False)
    encoding: Encoding
    _starts: list[int] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_starts", [0, *(found.end() for found in _ENDING.finditer(self.text))])

    @property
    def _mark(self) -> int:
        return 1 if self.text.startswith(_BOM) else 0

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character, both from 0."""
        at = min(offset + self._mark, len(self.text))
        line = bisect_right(self._starts, at) - 1
        return line, sum(self._width(one) for one in self.text[self._starts[line] : at])

    def offset(self, line: int, column: int) -> int:
        """The character at a line and a column; beyond the end of a line its end, beyond the text the text's."""
        if line >= len(self._starts):
            return len(self.text) - self._mark
        at = self._starts[line]
        while column > 0 and at < len(self.text) and self.text[at] not in "\r\n":
            column -= self._width(self.text[at])
            at += 1
        return max(0, at - self._mark)

    def _width(self, character: str) -> int:
        match self.encoding:
            case "utf-8":
                return len(character.encode(errors="replace"))
            case "utf-16":
                return 2 if character > "\uffff" else 1
            case "utf-32":
                return 1
