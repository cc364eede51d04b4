"""Assess a Spark DataFrame of many subjects on the cluster that holds it.

In: a rulebook, and a DataFrame with a row for each subject. Out: a DataFrame with the results beside each row, which are what
`assess` says of the same facts. No row is shuffled, and nothing runs before somebody asks for the rows. The rulebook travels
with the query, pickled once; every Python process of the cluster makes it ready once. Where it compares subjects, what all come
to is gathered first: each partition brings which figures there are, and what they come to travels with the rulebook.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from perfscore.cohort import Standings, stages_of
from perfscore.errors import brought_by
from perfscore.plan import Plan
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook
from perfscore.version import VERSION
from perfscore.words import Words, listed, nearest, visible

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from perfscore.batch.comparing import Comparing
    from perfscore.batch.exactly import Judging
    from perfscore.batch.mixed import Mixed


class NotDistributedError(ValueError):
    """A rulebook compares subjects with one another, and a stream never has all of them."""

    def __init__(self, rulebook: Rulebook, compared: Sequence[str]) -> None:
        self.message = Words(
            zh="规则“{id}”要把所有对象放在一起比（{compared}），流式 DataFrame 永远到不齐；先写成一张表，再给这张表评分",
            en="the rulebook “{id}” compares all subjects ({compared}), and a streaming DataFrame never has all of them; "
            "write it to a table first, and assess that",
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
    used, and `NotDistributedError` where the rulebook compares subjects and the DataFrame is a stream.

    A rulebook that compares subjects has the DataFrame read at once, once for each stage of comparing, and again when the
    rows are asked for: rows that are others each time should be kept first (`frame.cache()`).
    """
    with brought_by("spark", "numpy", "pandas", "pyarrow", "pyspark"):
        import numpy  # noqa: F401  # whose lack pandas
        import pandas  # noqa: F401  # and Spark tell in other words
        import pyarrow as pa
        from pyspark.sql.pandas.types import from_arrow_schema
        from pyspark.sql.types import StructType

        from perfscore.batch import understood

    plan = compiled(rulebook)
    if plan.peers and frame.isStreaming:
        raise NotDistributedError(rulebook, list(dict.fromkeys(one.name for one in plan.peers)))
    headers = frame.columns
    found = understood(rulebook, pa.schema([(header, pa.null()) for header in headers]), columns)
    results = schema_of(rulebook)
    kept = _kept(headers, keep, results.names)
    read = {at for at, one in enumerate(found) if one.path is not None}
    sent = sorted({*kept, *read}) or [0]  # rows without a column are none
    sent_as = partial(_Sent, VERSION, pickle.dumps(rulebook), said=tuple((columns or {}).items()))
    # Spark looks for a column by its name, and does not find one with a dot or one of two with the same
    numbered = frame.toDF(*(f"column{at}" for at in range(len(headers))))

    def columns_at(places: Sequence[int]) -> tuple[DataFrame, tuple[str, ...]]:
        return numbered.select(*(f"column{at}" for at in places)), tuple(headers[at] for at in places)

    among = b""
    if plan.peers:
        figures, headings = columns_at(sorted(read) or [0])
        among = pickle.dumps(_standings(plan, figures, sent_as(headings)))
    partitions, headings = columns_at(sent)
    judge = partial(_judged, sent=sent_as(headings, among=among), stay=[sent.index(at) for at in kept])
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


@frozen
class _Sent:
    """What travels to the machines of a cluster: the rulebook, pickled, what the columns mean, and what all come to."""

    version: str
    rulebook: bytes
    headers: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    among: bytes = b""

    def judging(self) -> Judging:
        """How rows are judged by it."""
        if self.version != VERSION:
            raise OtherVersionError(self.version)
        from perfscore.batch.exactly import Judging
        from perfscore.batch.headers import headings
        from perfscore.batch.results import frame_of

        plan = compiled(pickle.loads(self.rulebook))
        among = pickle.loads(self.among) if self.among else None
        return Judging(frame_of(plan), headings(plan, self.headers, dict(self.said)), among)


@lru_cache(maxsize=8)
def _ready(sent: _Sent) -> tuple[Mixed, pa.Schema]:
    """The rulebook, ready to judge: once in a process, however many partitions it is given."""
    from perfscore.batch.mixed import Mixed

    judging = sent.judging()
    return Mixed(judging), schema_of(judging.frame.plan.rulebook)


def _judged(batches: Iterator[pa.RecordBatch], sent: _Sent, stay: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """The rows that stay, with their results; in one thread, for Spark gives every core a partition of its own."""
    import pyarrow as pa

    from perfscore.batch.results import batch_of
    from perfscore.batch.streaming import ROWS

    ready, results = _ready(sent)
    row = 0
    for batch in batches:
        for at in range(0, batch.num_rows, ROWS):
            some = batch.slice(at, ROWS)
            found = batch_of(ready.judging.frame, ready.results(some, row)).cast(results)
            row += some.num_rows
            beside = some.select(stay)
            schema = pa.schema([*beside.schema, *results])
            yield pa.RecordBatch.from_arrays([*beside.columns, *found.columns], schema=schema)


def _standings(plan: Plan, partitions: DataFrame, sent: _Sent) -> Standings:
    """What all come to, stage after stage: every partition gathers what its rows bring, and it is put together here."""
    from perfscore.batch.comparing import NOBODY, Gathered

    repeated = frozenset[str]()
    if any(one.path == ("subject", "name") for one in sent.judging().headings):
        named = partitions.mapInArrow(partial(_names, sent=sent), "name string").groupBy("name").count()
        repeated = frozenset(row["name"] for row in named.where("count > 1").collect())
    known = NOBODY
    for now in stages_of(plan):
        gather = partial(_gathered, sent=evolve(sent, among=pickle.dumps(known)), repeated=repeated)
        whole = Gathered()
        for part in partitions.mapInArrow(gather, "gathered binary").collect():
            whole.add(now, pickle.loads(part["gathered"]))
        known = whole.over(known, now)
    return known


def _names(batches: Iterator[pa.RecordBatch], sent: _Sent) -> Iterator[pa.RecordBatch]:
    """The names of the subjects, as far as they have one."""
    import pyarrow as pa

    from perfscore.batch.comparing import names_of

    headings = sent.judging().headings
    for batch in batches:
        names = pa.array([one for one in names_of(headings, batch) if one is not None], pa.string())
        yield pa.record_batch([names], ["name"])


def _gathered(batches: Iterator[pa.RecordBatch], sent: _Sent, repeated: frozenset[str]) -> Iterator[pa.RecordBatch]:
    """What the rows of a partition bring, as one cell."""
    import pyarrow as pa

    found = pickle.dumps(_comparing(sent, repeated).gathered(batches))
    yield pa.record_batch([pa.array([found], pa.binary())], ["gathered"])


@lru_cache(maxsize=8)
def _comparing(sent: _Sent, repeated: frozenset[str]) -> Comparing:
    from perfscore.batch.comparing import Comparing

    return Comparing(sent.judging(), repeated)
