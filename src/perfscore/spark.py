"""Assess a Spark DataFrame of many subjects on the cluster that holds it.

In: a rulebook, and a DataFrame with a row for each subject. Out: a DataFrame with the results beside each row, which are what
`assess` says of the same facts. Nothing is collected or shuffled, and nothing runs before somebody asks for the rows. The
rulebook travels with the query, pickled once; every Python process of the cluster makes it ready once. What compares
subjects with one another is not distributed, and is refused.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from perfscore.errors import brought_by
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook
from perfscore.version import VERSION
from perfscore.words import Words, listed, nearest, visible

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from perfscore.batch.mixed import Mixed


class NotDistributedError(ValueError):
    """A rulebook compares subjects with one another, and the rows of a cluster are judged where they lie."""

    def __init__(self, rulebook: Rulebook, compared: Sequence[str]) -> None:
        self.message = Words(
            zh="规则“{id}”要把所有对象放在一起比（{compared}），这在集群上不能分开算；"
            "把表收到一台机器上：perfscore.assess_table(rulebook, frame.toArrow())",
            en="the rulebook “{id}” compares all subjects ({compared}), which is not distributed over a cluster; "
            "bring the table to one machine: perfscore.assess_table(rulebook, frame.toArrow())",
        ).fill(id=visible(rulebook.id), compared=listed(map(visible, compared)))
        super().__init__(self.message.en)


class OtherVersionError(RuntimeError):
    """A machine of the cluster has another perfscore than the one that sent the rulebook."""

    def __init__(self, sent: str) -> None:
        super().__init__(
            f"the rulebook comes from perfscore {sent}, and this machine of the cluster has perfscore {VERSION}: "
            "install the same version everywhere"
        )


def assess(
    rulebook: Rulebook, frame: DataFrame, *, columns: Mapping[str, str] | None = None, keep: Sequence[str] | None = None
) -> DataFrame:
    """The rows of a DataFrame, with the results that `assess_table` has beside each: score, rating, points, deductions.

    `columns` says of headers what they stand for, as for `assess_table`; `keep` names the columns that stay beside the
    results, by default all. A cell that cannot be used is told in `cells` of its row, and the other rows go on.
    Before anything runs, `MissingExtraError` is raised where a library is missing, `ColumnsError` where columns cannot be
    used, and `NotDistributedError` where the rulebook compares subjects.
    """
    with brought_by("spark", "numpy", "pandas", "pyarrow", "pyspark"):
        import numpy  # noqa: F401  # whose lack pandas
        import pandas  # noqa: F401  # and Spark tell in other words
        import pyarrow as pa
        from pyspark.sql.pandas.types import from_arrow_schema
        from pyspark.sql.types import StructType

        from perfscore.batch import understood

    plan = compiled(rulebook)
    if plan.peers:
        raise NotDistributedError(rulebook, list(dict.fromkeys(one.name for one in plan.peers)))
    headers = frame.columns
    found = understood(rulebook, pa.schema([(header, pa.null()) for header in headers]), columns)
    results = schema_of(rulebook)
    kept = _kept(headers, keep, results.names)
    read = {at for at, one in enumerate(found) if one.path is not None}
    sent = sorted({*kept, *read}) or [0]  # rows without a column are none
    pickled, version = pickle.dumps(rulebook), VERSION
    headings = tuple(headers[at] for at in sent)
    said = tuple((columns or {}).items())
    stay = [sent.index(at) for at in kept]

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _judged(batches, *_ready(version, pickled, headings, said), stay)

    # Spark looks for a column by its name, and does not find one with a dot or one of two with the same
    numbered = frame.toDF(*(f"column{at}" for at in range(len(headers))))
    partitions = numbered.select(*(f"column{at}" for at in sent))
    beside = [frame.schema.fields[at] for at in kept]
    return partitions.mapInArrow(judge, StructType([*beside, *from_arrow_schema(results).fields]))


def schema_of(rulebook: Rulebook) -> pa.Schema:
    """The schema of the results as Spark holds them: those of `batch.schema_of`, with every word as a text of its own."""
    import pyarrow as pa

    from perfscore import batch

    return pa.schema([pa.field(one.name, _spelled_out(one.type)) for one in batch.schema_of(rulebook)])


def _spelled_out(type: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    if pa.types.is_dictionary(type):
        return type.value_type
    if pa.types.is_list(type):
        return pa.list_(_spelled_out(type.value_type))
    if pa.types.is_struct(type):
        return pa.struct([(one.name, _spelled_out(one.type)) for one in type])
    return type


def _kept(headers: Sequence[str], keep: Sequence[str] | None, results: Sequence[str]) -> list[int]:
    """The places of the columns that stay; by default Spark tells no names apart that differ in capitals only."""
    from perfscore.batch import ColumnsError

    for header in keep or ():
        if header not in headers:
            said = Words(zh="表里没有“{n}”列", en="no column “{n}”").fill(n=visible(header))
            near = nearest(header, headers)
            meant = (
                Words(zh="，是不是 {near}？", en="; did you mean {near}?").fill(near=visible(near)) if near else None
            )
            raise ColumnsError(said + meant if meant else said)
    kept = [at for at, header in enumerate(headers) if keep is None or header in keep]
    met = {name.lower() for name in results}
    for header in (headers[at] for at in kept):
        if header.lower() in met:
            raise ColumnsError(
                Words(
                    zh="结果里会有两列“{n}”；改列名，或用 keep=[…] 说出要保留的列",
                    en="the result would have two columns “{n}”; rename one, or name with keep=[…] those that stay",
                ).fill(n=visible(header))
            )
        met.add(header.lower())
    return kept


@lru_cache(maxsize=8)
def _ready(
    version: str, pickled: bytes, headers: tuple[str, ...], columns: tuple[tuple[str, str], ...]
) -> tuple[Mixed, pa.Schema]:
    """The rulebook, ready to judge: once in a process, however many partitions it is given."""
    if version != VERSION:
        raise OtherVersionError(version)
    from perfscore.batch.exactly import Judging
    from perfscore.batch.headers import headings
    from perfscore.batch.mixed import Mixed
    from perfscore.batch.results import frame_of

    rulebook: Rulebook = pickle.loads(pickled)
    plan = compiled(rulebook)
    return Mixed(Judging(frame_of(plan), headings(plan, headers, dict(columns)))), schema_of(rulebook)


def _judged(
    batches: Iterator[pa.RecordBatch], ready: Mixed, results: pa.Schema, stay: Sequence[int]
) -> Iterator[pa.RecordBatch]:
    """The rows that stay, with their results; in one thread, for Spark gives every core a partition of its own."""
    import pyarrow as pa

    from perfscore.batch.results import batch_of
    from perfscore.batch.streaming import ROWS

    row = 0
    for batch in batches:
        for at in range(0, batch.num_rows, ROWS):
            some = batch.slice(at, ROWS)
            found = batch_of(ready.judging.frame, ready.results(some, row)).cast(results)
            row += some.num_rows
            beside = some.select(stay)
            schema = pa.schema([*beside.schema, *results])
            yield pa.RecordBatch.from_arrays([*beside.columns, *found.columns], schema=schema)
