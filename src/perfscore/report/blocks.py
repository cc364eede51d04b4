"""A document as blocks, before it has a format.

In: nothing; this is vocabulary, filled by `composing` and read by the formats that are laid out: HTML, DOCX and XLSX.
Out: `Document`: headings, paragraphs, grids with cells that span, and pictures. Text is plain and not escaped; a number
stands beside its text, so that a spreadsheet can reckon with it. No colour, font or size is named here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from attrs import frozen

from perfscore.words import Language

Role: TypeAlias = Literal["head", "label", "text", "number", "branch", "subtotal", "total", "to-fill"]
"""What a cell is: a column's head, the name of a row, words, a figure, the name of a branch, a sum, the total, or what
somebody has still to write.
"""
Manner: TypeAlias = Literal["text", "subject", "note", "rating", "error", "warning", "to-fill", "signature"]
"""What a paragraph is for."""


@frozen
class Cell:
    """A cell, standing where it starts: it covers `across` columns and `down` rows.

    `number` is the figure that `text` prints, where it is one. `adds` are the rows of the grid, from 0, whose figures in
    the same column come to it.
    """

    text: str = ""
    role: Role = "text"
    across: int = 1
    down: int = 1
    number: Decimal | None = None
    adds: tuple[int, ...] = ()


@frozen
class Grid:
    """A table. A row holds the cells that start in it, from the left; the first `head` rows are repeated on each page.

    `widths` are shares of the width, as characters of which a Chinese one counts as two. `levels` say how deep in the
    tree each row stands, 0 for what belongs to no branch.
    """

    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0
    levels: tuple[int, ...] = ()
    caption: str = ""


@frozen
class Heading:
    """A heading; that of level 1 stands once, at the top."""

    text: str
    level: int = 2


@frozen
class Paragraph:
    """A paragraph of plain text, which may have several lines."""

    text: str
    manner: Manner = "text"


@frozen
class Picture:
    """A drawing as SVG, and what it shows in words for those who do not see it."""

    svg: str
    says: str


Block: TypeAlias = Heading | Paragraph | Grid | Picture


@frozen
class Document:
    """What is filed."""

    title: str
    language: Language
    blocks: tuple[Block, ...]
    landscape: bool = True
