"""Where the cells of a grid stand.

In: a `Grid`, whose rows hold the cells that start in them. Out: for each row every cell that covers a part of it, from
the left, with the row and column it starts in; and what is printed above it. Nothing is drawn here.
"""

from __future__ import annotations

from attrs import frozen

from perfscore.report.blocks import Block, Cell, Grid, Heading


@frozen
class Placed:
    """A cell and the row and column of the grid, from 0, in which it starts."""

    cell: Cell
    row: int
    column: int


def tiled(grid: Grid) -> tuple[tuple[Placed, ...], ...]:
    """The cells of each row; one that comes down from a row above is among them, and what no cell covers is an empty one.

    >>> corner = Cell("产出", down=2)
    >>> rows = tiled(Grid((4, 4), ((corner, Cell("数量")), (Cell("质量"),))))
    >>> [[(one.cell.text, one.row, one.column) for one in row] for row in rows]
    [[('产出', 0, 0), ('数量', 0, 1)], [('产出', 0, 0), ('质量', 1, 1)]]
    """
    reaching: dict[int, Placed] = {}  # by column, what stands there and may reach the row below
    rows: list[tuple[Placed, ...]] = []
    for at, starting in enumerate(grid.rows):
        waiting = list(starting)
        row: list[Placed] = []
        column = 0
        while column < len(grid.widths):
            above = reaching.get(column)
            if above is None or above.row + above.cell.down <= at:
                above = Placed(waiting.pop(0) if waiting else Cell(), at, column)
                reaching[column] = above
            row.append(above)
            column += above.cell.across
        rows.append(tuple(row))
    return tuple(rows)


def caption_of(grid: Grid, before: Block | None) -> str:
    """What is printed above a grid: nothing where the heading just before says the same."""
    return "" if isinstance(before, Heading) and before.text == grid.caption else grid.caption
