"""Assess a table of many subjects: one row each, in and out as Arrow.

In: a rulebook, and anything that hands over Arrow: a pyarrow, polars, pandas or duckdb table, or a stream larger than
memory. Out: for every row its score, rating, points and state of every indicator, every deduction with its code; in every
field what `assess` says of the same facts. No file is read here, and no sentence is made but for rows that are asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from perfscore.assessing import assess
from perfscore.assessment import Assessment
from perfscore.batch.comparing import standings_of
from perfscore.batch.exactly import CellError, Judging
from perfscore.batch.headers import ColumnsError, Heading, headings, unmet
from perfscore.batch.mixed import cells_of
from perfscore.batch.results import PointsTooLargeError, frame_of
from perfscore.batch.streaming import judged_stream
from perfscore.cohort import Cohort
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words

__all__ = [
    "CellError",
    "CohortInTablesError",
    "ColumnsError",
    "Heading",
    "PointsTooLargeError",
    "assess_table",
    "explain",
    "judge_batches",
    "not_given",
    "reader_of",
    "schema_of",
    "understood",
]


class CohortInTablesError(ValueError):
    """A rulebook compares subjects with one another, and a stream of rows is read only once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.message = Words(
            zh=f"规则“{rulebook.id}”要把所有对象放在一起比，一行一行的流比不了；用 assess_table 一次给出整张表",
            en=f"the rulebook {rulebook.id!r} compares all subjects: a stream that is read once does not do; "
            "hand the whole table to assess_table",
        )
        super().__init__(self.message.en)


def assess_table(
    rulebook: Rulebook,
    table: object,
    *,
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    language: Language | None = None,
) -> pa.Table:
    """The results of every row, in order. `columns` maps headers of the table to paths of a facts file, where a header is
    none itself.

    A cell that cannot be used is told in `cells` of its row, in the `language` asked for or that of the rulebook, and the
    other rows go on; with `strict` the first one raises `CellError`. The metadata of the result say how many
    `perfscore.rows` there are, and how many went to the exact reader.
    """
    reader = reader_of(table)
    if compiled(rulebook).peers:
        whole = reader.read_all()
        return _table(rulebook, _among_all(rulebook, whole, columns, strict, language))
    return _table(rulebook, judge_batches(rulebook, reader, columns=columns, strict=strict, language=language))


def judge_batches(
    rulebook: Rulebook,
    reader: pa.RecordBatchReader,
    *,
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    language: Language | None = None,
) -> Iterator[pa.RecordBatch]:
    """The results of a stream, batch by batch, in the order of its rows; nothing is kept of what was handed on.

    Raises `CohortInTablesError` where the rulebook compares subjects.
    """
    plan = compiled(rulebook)
    if plan.peers:
        raise CohortInTablesError(rulebook)
    judging = Judging(frame_of(plan), headings(plan, reader.schema.names, columns), strict=strict, language=language)
    return judged_stream(judging, reader)


def schema_of(rulebook: Rulebook) -> pa.Schema:
    """The schema of the results of a rulebook."""
    return frame_of(compiled(rulebook)).schema


def understood(rulebook: Rulebook, schema: pa.Schema, columns: Mapping[str, str] | None = None) -> tuple[Heading, ...]:
    """What every column of a table is taken for; raises `ColumnsError` where that cannot be."""
    return headings(compiled(rulebook), schema.names, columns)


def not_given(rulebook: Rulebook, found: tuple[Heading, ...]) -> tuple[str, ...]:
    """What the rulebook asks for and no column holds."""
    return unmet(compiled(rulebook), found)


def explain(rulebook: Rulebook, table: object, row: int, *, columns: Mapping[str, str] | None = None) -> Assessment:
    """The whole assessment of one row of the table that was assessed, counted from 0: its sentences, formulas, findings."""
    plan = compiled(rulebook)
    whole = reader_of(table).read_all()
    if not 0 <= row < whole.num_rows:
        raise IndexError(f"the table has {whole.num_rows} rows, and none with the number {row}")
    judging = Judging(frame_of(plan), headings(plan, whole.schema.names, columns))
    [cells] = cells_of(whole.slice(row, 1))
    cohort = Cohort(rulebook, tuple(judging.facts(one)[0] for one in cells_of(whole))) if plan.peers else None
    return assess(rulebook, judging.facts(cells)[0], cohort)


def reader_of(table: object) -> pa.RecordBatchReader:
    """A stream of whatever hands over Arrow."""
    if isinstance(table, pa.RecordBatchReader):
        return table
    if hasattr(table, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(table)
    if hasattr(table, "__arrow_c_array__"):
        batch = pa.record_batch(table)
        return pa.RecordBatchReader.from_batches(batch.schema, [batch])
    raise TypeError(
        f"{type(table).__name__} hands over no Arrow: it has neither __arrow_c_stream__ nor __arrow_c_array__"
    )


def _among_all(
    rulebook: Rulebook, table: pa.Table, columns: Mapping[str, str] | None, strict: bool, language: Language | None
) -> Iterator[pa.RecordBatch]:
    """The results where subjects are compared: everybody is read once for each stage to compare, and judged then."""
    plan = compiled(rulebook)
    judging = Judging(frame_of(plan), headings(plan, table.schema.names, columns), strict=strict, language=language)
    judging.among = standings_of(judging, table)
    return judged_stream(judging, table.to_reader())


def _table(rulebook: Rulebook, batches: Iterator[pa.RecordBatch]) -> pa.Table:
    found = list(batches)
    said = dict(schema_of(rulebook).metadata)
    for key in (b"perfscore.rows", b"perfscore.rows_exact"):
        said[key] = str(sum(int(one.schema.metadata[key]) for one in found)).encode()
    schema = schema_of(rulebook).with_metadata(said)
    return pa.Table.from_batches([one.replace_schema_metadata(said) for one in found], schema)
