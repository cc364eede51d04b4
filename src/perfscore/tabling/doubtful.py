"""Rows that seem to be no subjects: sums below a table, units below its heading, notes.

In: the rows of a chunk, and which columns say of whom they are and which hold figures. Out: the places of such rows in the
file. They are judged as all are, and told: who is a subject is for the owner of the table to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from perfscore.formula.vocabulary import ValueType
from perfscore.tablefile.rows import Chunk

if TYPE_CHECKING:
    import pyarrow

NUMBERS: frozenset[ValueType] = frozenset(("count", "number", "percent", "money"))
"""The types of figures that are written in digits."""

_SUMS = r"(?i)^\s*([合总小]\s*计|平\s*均(数|分|值)?|(sub|grand )?total|sum|average|mean)\s*[：:]?\s*$"
_DIGIT = "[0-9０-９]"


def sums_in(chunk: Chunk, telling: Sequence[int]) -> list[int]:
    """The places of rows in which a cell of the columns `telling` says that they sum up others."""
    import pyarrow
    import pyarrow.compute as compute

    found: dict[int, None] = {}
    for at in telling:
        if pyarrow.types.is_string(chunk.columns[at].type):
            said = compute.match_substring_regex(chunk.columns[at], _SUMS)
            found |= dict.fromkeys(_places(chunk, compute.indices_nonzero(said)))
    return sorted(found)


def numberless_in(chunk: Chunk, numbers: Sequence[int], others: Sequence[int]) -> list[int]:
    """The places of rows with no number in the columns `numbers` and nothing at all in the `others`."""
    rows = None
    for asked, without in ((numbers, _without_digit), (others, _without_value)):
        for at in asked:
            kept = without(chunk.columns[at] if rows is None else chunk.columns[at].take(rows))
            rows = kept if rows is None else rows.take(kept)
            if not len(rows):  # mostly after the first column
                return []
    return [] if rows is None else _places(chunk, rows)


def _without_value(cells: pyarrow.Array) -> pyarrow.Array:
    import pyarrow.compute as compute

    return compute.indices_nonzero(cells.is_null())


def _without_digit(cells: pyarrow.Array) -> pyarrow.Array:
    import pyarrow
    import pyarrow.compute as compute

    if not pyarrow.types.is_string(cells.type):
        return _without_value(cells)
    # nearly all cells begin with a digit, and two comparisons are four times as fast as a pattern
    begins = compute.and_(compute.greater_equal(cells, "0"), compute.less(cells, ":"))
    rest = compute.indices_nonzero(compute.invert(compute.fill_null(begins, False)))
    found = compute.fill_null(compute.match_substring_regex(cells.take(rest), _DIGIT), False)
    return rest.filter(compute.invert(found))


def _places(chunk: Chunk, rows: pyarrow.Array) -> list[int]:
    """Where in the file the rows stand that are counted among those of a chunk that could be read."""
    read = [place for at, place in enumerate(chunk.places) if at not in chunk.broken] if chunk.broken else chunk.places
    return [read[row] for row in rows.to_pylist()]
