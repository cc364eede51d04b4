"""What `perfscore table` shows of a table without scoring it: what its columns are taken for, or one row of it.

In: a rulebook, a table that was opened, and what its columns are. Out: text for a terminal; of a row what `perfscore score
--explain` would say of its figures. Nothing is written here.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from perfscore.cli.doors import colourful, width
from perfscore.planning import compiled
from perfscore.report import render
from perfscore.report.understood import ColumnShown, understood_text
from perfscore.rulebook import Rulebook
from perfscore.tablefile.rows import TableFile, TableRefusedError
from perfscore.tabling.headings import Understanding, label_of
from perfscore.tabling.results import RowRefusedError
from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow

VALUES = 3
"""How many values of a column are shown."""

NO_ROW = Words(zh="表里没有第 {n} 行，或者是表头、空行", en="the table has no row {n}, or it is the heading or empty")


def columns_shown(rulebook: Rulebook, table: TableFile, understanding: Understanding, language: Language) -> str:
    """Every column, and what it was taken for."""
    chunk = next(table.chunks, None)
    shown = []
    for at, one in enumerate(understanding.columns):
        cells = [] if chunk is None else chunk.columns[at].drop_null().slice(0, VALUES).to_pylist()
        label = "" if one.path is None else label_of(rulebook, one.path)
        values = tuple(str(cell) for cell in cells)
        shown.append(ColumnShown(one.heading, one.path, label, one.type, values, one.kept, one.note, one.near))
    lacking = [(path, label_of(rulebook, path)) for path in understanding.lacking]
    return understood_text(shown, lacking, language)


def row_shown(
    rulebook: Rulebook, table: TableFile, understanding: Understanding, place: int, language: Language
) -> tuple[str, bool]:
    """The whole assessment of the row at a place in the file, and whether nothing is wrong with it."""
    from perfscore.batch import explain

    rows, at = _read_to(table, place, all=bool(compiled(rulebook).peers))
    assessment = explain(rulebook, rows, at, columns=dict(understanding.mapping))
    colour = colourful(sys.stdout)
    said = render(assessment, "text", language=language, explain=True, width=width(), colour=colour)
    return str(said), not any(one.severity == "error" for one in assessment.findings)


def _read_to(table: TableFile, place: int, *, all: bool) -> tuple[pyarrow.Table, int]:
    """The rows among which the one at a place is judged, and its number there: those near it, or `all`."""
    import pyarrow

    kept: list[pyarrow.RecordBatch] = []
    found, before = None, 0
    for chunk in table.chunks:
        here = pyarrow.RecordBatch.from_arrays([*chunk.columns], schema=table.schema)
        if place in chunk.places:
            at = chunk.places.index(place)
            if at in chunk.broken:
                raise RowRefusedError(place, chunk.broken[at])
            found = before + at - sum(1 for one in chunk.broken if one < at)
        if all or found is not None:
            kept.append(here)
        if all:
            before += here.num_rows
        elif found is not None:
            break
    if found is None:
        raise TableRefusedError(NO_ROW.fill(n=str(place)))
    return pyarrow.Table.from_batches(kept), found
