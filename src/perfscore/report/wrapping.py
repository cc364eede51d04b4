"""Break text into lines as Chinese typesetting does.

In: text, and a width in columns of a terminal. Out: lines, none wider (unless a single word is).
No line begins with a closing or separating sign or ends with an opening one, and no number or Latin word is broken in two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CLOSING = "，。、；：！？）》〉」』】〕”’％%…,.;:!?)]}"
_OPENING = "（《〈「『【〔“‘([{"
_MARKS = frozenset(("Mn", "Me"))
_WIDE = frozenset("WF")
_PIECE = re.compile(r"\s+|[A-Za-z0-9_.,%+\-−×÷=<>≥≤≈/*'\"\[\]()]+|.", re.DOTALL)


def columns(text: str) -> int:
    """How many columns a terminal needs for a text: two for a wide character, none for a mark on another."""
    return sum(
        0 if unicodedata.category(one) in _MARKS else 2 if unicodedata.east_asian_width(one) in _WIDE else 1
        for one in text
    )


def wrapped(text: str, width: int) -> list[str]:
    """The text as lines of at most `width` columns; its own line breaks stay.

    >>> wrapped("评分人给9分（目标明确），未说明原因", 16)
    ['评分人给9分（目', '标明确），未说明', '原因']
    """
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, max(width, 2))]


def _paragraph(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for unit in _units(text):
        if line and columns(line) + columns(unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += unit if line or not lines else unit.lstrip()
        while (fits := _fitting(shown := line.rstrip(), width)) < len(shown):
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line or not lines else lines


def _fitting(line: str, width: int) -> int:
    """How many characters of a line fit where it has no place to break; one at least, and marks go with theirs."""
    used = 0
    for at, one in enumerate(line):
        used += columns(one)
        if used > width and at:
            return at
    return len(line)


def _units(text: str) -> list[str]:
    """The smallest runs that stay on one line: a sign that closes goes with what it closes, one that opens with what follows."""
    units: list[str] = []
    for piece in _PIECE.findall(text):
        glued = units and (piece[0] in _CLOSING or units[-1][-1] in _OPENING)
        if glued and not piece.isspace():
            units[-1] += piece
        else:
            units.append(piece)
    return units


def aligned(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Cells under one another; the first column is text, the others stand right.

    >>> aligned([["地区", "东部", "西部"], ["营养", "2", "16"]])
    ['地区  东部  西部', '营养     2    16']
    """
    widths = [max(columns(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        gap.join(
            cell + " " * (width - columns(cell)) if at == 0 else " " * (width - columns(cell)) + cell
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
