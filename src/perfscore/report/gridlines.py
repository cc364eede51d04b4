"""Where the cells of a grid stand, and one set of columns under tables that lie on one another.

In: grids, and rows of cells with the widths that they would like. Out: each cell with its row and column; grids on finer
columns. No text is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve

from perfscore.report.blocks import Cell, Grid


def placed(grid: Grid) -> Iterator[tuple[int, int, Cell]]:
    """Every cell with the row and the column in which it starts."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(grid.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + across) for down in range(cell.down) for across in range(cell.across)}
            yield row, column, cell
            column += cell.across


def refined(grid: Grid, least: int) -> Grid:
    """The same grid on at least so many columns: the widest are halved until there are enough."""
    counts = [1] * len(grid.widths)
    while sum(counts) < least:
        widest = max(range(len(counts)), key=lambda at: Fraction(grid.widths[at], counts[at]))
        counts[widest] += 1
    rows: list[list[Cell]] = [[] for _ in grid.rows]
    for row, column, cell in placed(grid):
        rows[row].append(evolve(cell, across=sum(counts[column : column + cell.across])))
    widths = tuple(
        max(width * (part + 1) // count - width * part // count, 1)
        for width, count in zip(grid.widths, counts, strict=True)
        for part in range(count)
    )
    return evolve(grid, widths=widths, rows=tuple(map(tuple, rows)))


def fitted(wanted: Sequence[int], widths: Sequence[int]) -> list[int]:
    """How many of the columns each of some cells covers, so that their edges come near to what they want.

    >>> fitted([10, 30], [10, 10, 10, 10])
    [1, 3]
    """
    edges = [sum(widths[:at]) * sum(wanted) for at in range(len(widths) + 1)]
    spans, last = [], 0
    for at in range(1, len(wanted)):
        aim = sum(wanted[:at]) * sum(widths)
        near = min(range(len(edges)), key=lambda one: abs(edges[one] - aim))
        here = min(max(near, last + 1), len(widths) - (len(wanted) - at))
        spans.append(here - last)
        last = here
    return [*spans, len(widths) - last]
