"""One set of columns under tables that lie on one another.

In: a grid, or the widths that the cells of a row would like. Out: the grid on finer columns; how many columns each cell
covers. No text is looked at here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve

from perfscore.report.blocks import Grid
from perfscore.report.office.tiling import tiled


def refined(grid: Grid, least: int) -> Grid:
    """The same grid on at least so many columns: the widest are halved until there are enough."""
    counts = [1] * len(grid.widths)
    while sum(counts) < least:
        widest = max(range(len(counts)), key=lambda at: Fraction(grid.widths[at], counts[at]))
        counts[widest] += 1
    rows = tuple(
        tuple(
            evolve(one.cell, across=sum(counts[one.column : one.column + one.cell.across]))
            for one in row
            if one.row == at
        )
        for at, row in enumerate(tiled(grid))
    )
    widths = tuple(
        max(width * (part + 1) // count - width * part // count, 1)
        for width, count in zip(grid.widths, counts, strict=True)
        for part in range(count)
    )
    return evolve(grid, widths=widths, rows=rows)


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
