"""Exact figures of the records of a table.

In: where a table stands in a row, readers of what is taken of each record, and of the condition it must meet.
Out: readers of the row. Its columns have the slots after the table's own, and are filled for one record at a time, in a
copy of the row: no reader sees a record that another left there. A mean of nothing has no value.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, assert_never

from perfscore.formula.arithmetic import Absent, Numeric, Ratio, Records, Row, Slot, Truth, Unreadable, limited
from perfscore.formula.shapes import Gathering
from perfscore.words import Words

Each: TypeAlias = Callable[[Row], Iterator[Sequence[Slot]]]


def records(row: Row, at: int) -> Iterator[list[Slot]]:
    """The row once for each record of the table at a slot, with the record in its columns; always the same list."""
    table = row[at]
    if isinstance(table, Absent):
        raise Unreadable(table)
    filled = list(row)
    for cells in table.cells if isinstance(table, Records) else ():
        filled[at + 1 : at + 1 + len(cells)] = cells
        yield filled


def key_of(row: Row, at: int, place: int) -> str | None:
    """The key of one record of the table at a slot."""
    table = row[at]
    return table.keys[place] if isinstance(table, Records) and table.keys else None


def with_record(row: Row, at: int, place: int) -> tuple[Row, Words]:
    """The row with one record of the table at a slot in its columns, and what the record is called."""
    table = row[at]
    if not isinstance(table, Records):
        raise TypeError(table)
    cells = table.cells[place]
    return [*row[: at + 1], *cells, *row[at + 1 + len(cells) :]], table.called[place]


def gathering(how: Gathering, at: int, of: Numeric, where: Truth, weights: Numeric, name: str) -> Numeric:
    """The reader of one figure of the records."""

    def each(row: Row) -> Iterator[Sequence[Slot]]:
        return (filled for filled in records(row, at) if where(filled))

    match how:
        case "count":
            return lambda row: (sum(1 for _ in each(row)), 1)
        case "sum":
            return lambda row: _added((of(one) for one in each(row)), name)
        case "mean":
            return _mean(each, of, name)
        case "weighted_mean":
            return _weighted(each, of, weights, name)
        case "min":
            return _extreme(each, of, operator.lt, name)
        case "max":
            return _extreme(each, of, operator.gt, name)
        case _:
            assert_never(how)


def _added(found: Iterator[Ratio], name: str) -> Ratio:
    above, below = 0, 1
    for more, over in found:
        if over == below:
            above, below = limited(above + more, below, name)
        else:
            above, below = limited(above * over + more * below, below * over, name)
    return above, below


def _divided(upper: Ratio, lower: Ratio, name: str) -> Ratio:
    (above, below), (by, over) = upper, lower
    if by == 0:
        raise Unreadable(Absent(name, "division-by-zero"))
    return limited(above * over * (1 if by > 0 else -1), below * abs(by), name)


def _mean(each: Each, of: Numeric, name: str) -> Numeric:
    def read(row: Row) -> Ratio:
        found = [of(one) for one in each(row)]
        if not found:
            raise Unreadable(Absent(name, "no-records"))
        return _divided(_added(iter(found), name), (len(found), 1), name)

    return read


def _weighted(each: Each, of: Numeric, weights: Numeric, name: str) -> Numeric:
    def read(row: Row) -> Ratio:
        found = [(of(one), weights(one)) for one in each(row)]
        if not found:
            raise Unreadable(Absent(name, "no-records"))
        weighed = (limited(a * c, b * d, name) for (a, b), (c, d) in found)
        return _divided(_added(weighed, name), _added((weight for _, weight in found), name), name)

    return read


def _extreme(each: Each, of: Numeric, better: Callable[[int, int], bool], name: str) -> Numeric:
    def read(row: Row) -> Ratio:
        best: Ratio | None = None
        for one in each(row):
            above, below = of(one)
            if best is None or better(above * best[1], best[0] * below):
                best = above, below
        if best is None:
            raise Unreadable(Absent(name, "no-records"))
        return best

    return read
