"""A document as sheets: which blocks stand on which, and in which columns.

In: a `Document`. Out: `Sheet`s, each with blocks that share its columns. A form of several grids stays on one sheet, as
offices print it; chapters without one stand together, and what follows a form stands on the next sheet, whose pages do not
repeat the form's head.
No cell is written here.
"""

from __future__ import annotations

import re

from attrs import frozen

from perfscore.report.blocks import Block, Document, Grid, Heading
from perfscore.words import Language, Words, visible

FIRST = Words(zh="评分表", en="Scores")
CHAPTER = 2
"""The level of the headings that open a chapter or an annex."""
LONGEST_NAME = 31
NARROWEST = 100
"""A sheet without a grid is as wide as this many characters."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


@frozen
class Sheet:
    """Blocks that stand one under the other, and the widths of the columns that they share, in characters."""

    name: str
    blocks: tuple[Block, ...]
    widths: tuple[int, ...]


def sheets(document: Document) -> tuple[Sheet, ...]:
    """The sheets, in the order of the document; each begins with the heading that opened it."""
    pages: list[list[Block]] = [[]]
    for section in _sections(document.blocks):
        chapters = any(isinstance(one, Heading) and one.level == CHAPTER for one in pages[-1])
        if _has_grid(pages[-1]) or (chapters and _has_grid(section)):
            pages.append([])
        pages[-1] += section
    names: list[str] = []
    for page in pages:
        names.append(_name(page, names, document.language))
    return tuple(Sheet(name, tuple(page), _widths(page)) for name, page in zip(names, pages, strict=True))


def columns_of(grid: Grid, widths: tuple[int, ...]) -> list[int]:
    """The column of the sheet at which each column of the grid begins, and where the last one ends; every column of the
    grid has one of the sheet at least, and begins as near to its place as that allows.

    >>> columns_of(Grid((10, 30), ()), (10, 10, 10, 10))
    [0, 1, 4]
    """
    count, room = len(grid.widths), len(widths)
    ends = [sum(widths[:at]) / sum(widths) for at in range(room + 1)]
    starts = [0]
    for at in range(1, count):
        place = sum(grid.widths[:at]) / sum(grid.widths)
        possible = range(starts[-1] + 1, room - (count - at) + 1)
        starts.append(min(possible, key=lambda column: abs(ends[column] - place)))
    return [*starts, room]


def _sections(blocks: tuple[Block, ...]) -> list[list[Block]]:
    """The blocks, cut before each heading of a chapter."""
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level <= CHAPTER and sections[-1]:
            sections.append([])
        sections[-1].append(block)
    return sections


def _has_grid(blocks: list[Block]) -> bool:
    return any(isinstance(one, Grid) for one in blocks)


def _widths(page: list[Block]) -> tuple[int, ...]:
    """Those of the grid with the most columns: the others fit into them."""
    grids = [one.widths for one in page if isinstance(one, Grid)]
    return max(grids, key=len, default=(NARROWEST,))


def _name(page: list[Block], taken: list[str], language: Language) -> str:
    """What the sheet is called: by its heading; no two alike, which a spreadsheet would refuse."""
    heading = next((one.text for one in page if isinstance(one, Heading) and one.level > 1), "") if taken else ""
    wanted = _NOT_IN_NAMES.sub(" ", visible(heading)).strip() or FIRST.into(language)
    name, again = wanted[:LONGEST_NAME], 1
    while name.casefold() in (one.casefold() for one in taken) or name.casefold() == "history":
        again += 1
        name = f"{wanted[: LONGEST_NAME - len(str(again)) - 1]} {again}"
    return name
