"""The rows of a table file, before anybody knows what they mean.

In: records as a format reads them, one by one, or batches as it has them. Out: `TableFile`: headings, and a stream of
`Chunk`s, each with the cells of its rows by column and the place of every row in the file. A row that cannot be read
keeps its place, and says why; none is dropped. What a column means is asked in `headings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from attrs import field, frozen

from perfscore.words import Words, visible

if TYPE_CHECKING:
    import pyarrow

ROWS = 16_384
"""How many rows a chunk has: enough that the work by column pays, few enough that a chunk stays in the cache."""

LINE = Words(zh="第 {n} 行", en="line {n}")
ROW = Words(zh="第 {n} 行", en="row {n}")


class TableRefusedError(ValueError):
    """A table that cannot be read, or not to its end. `message` says why, `place` in which row of the file."""

    def __init__(self, message: Words, place: int | None = None) -> None:
        self.message, self.place = message, place
        super().__init__(message.en if place is None else f"{message.en} (row {place})")


@frozen
class Asked:
    """What the owner of a table says of it, where the file does not say it itself."""

    encoding: str | None = None
    sheet: str | None = None


@frozen(eq=False)
class Chunk:
    """Some rows that follow one another. `columns` hold those that could be read; `places` count all of them."""

    columns: tuple[pyarrow.Array, ...]
    places: tuple[int, ...] | range
    broken: dict[int, Words] = field(factory=dict)
    """Why the row at an index of `places` has no cells."""


@frozen(eq=False)
class TableFile:
    """A table that was opened: its headings, and its rows, to be read once."""

    path: str
    schema: pyarrow.Schema
    """Its headings, and the types of its cells: text, where the file has no others."""

    chunks: Iterator[Chunk]
    done: Callable[[], float]
    """How much of the file was read, from 0 to 1."""

    close: Callable[[], None]
    """Nothing more is read."""

    place: Words = LINE
    """How a row's place is told."""

    notes: tuple[Words, ...] = ()
    """What was found out about the file, and its owner may want to say otherwise."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, as they stand there."""
        return tuple(self.schema.names)


class Writer(Protocol):
    """What takes a table, batch after batch; the file is whole when it was closed."""

    def write(self, batch: pyarrow.RecordBatch) -> None:
        """The rows that come next."""

    def close(self) -> None:
        """There are no more rows."""


Record = tuple[int, Sequence[str | None] | Words]
"""The place of a row, and its cells as text; or why it has none."""


HEADED = Words(zh="表头在第 {n} 行，上面的不读", en="the heading is in row {n}; what stands above it is not read")
NO_UNIT = Words(
    zh="；其中的“{u}”不作数，各列按规则里的单位读",
    en="; “{u}” there does not count, figures are read in the units of the rules",
)
_STATED = re.compile(
    r"(?<![\u4e00-\u9fff])(?:金额|计量)?单位\s*[：:]\s*(?:人民币)?[亿万千百]*"
    r"(?:元|人|个|件|户|吨|亩|公里|[%％])(?![\u4e00-\u9fff])[^\s：:]{0,20}"
)
"""A unit for the whole table. “填报单位：…” and “单位：某局” say who filled it in."""


def headed(row: int, over: Iterable[Sequence[str]]) -> Words:
    """In which row the heading is, and what stands above it and would change every figure if it counted.

    >>> headed(2, [["填报单位：某局", "", "单位：万元"]]).zh
    '表头在第 2 行，上面的不读；其中的“单位：万元”不作数，各列按规则里的单位读'
    >>> headed(2, [["单位：人民医院"]]).zh
    '表头在第 2 行，上面的不读'
    """
    said = HEADED.fill(n=str(row))
    stated = next(filter(None, (_STATED.search(cell) for cells in over for cell in cells)), None)
    return said if stated is None else said + NO_UNIT.fill(u=visible(stated[0]))


def stands_over(cells: Sequence[str]) -> bool:
    """Whether a record is a title over the heading, or a note such as “填报单位：某局 | 单位：万元”.

    >>> stands_over(["某局评分表", "", ""]), stands_over(["填报单位：某局", "", "单位：万元"])
    (True, True)
    >>> stands_over(["名称", "支出", ""]), stands_over(["dc:title", "dc:date", "cases"])
    (False, False)
    """
    filled = [cell for cell in cells if cell.strip()]
    return len(cells) > 2 and (len(filled) <= 1 or _NOTE.search(filled[0]) is not None)


_NOTE = re.compile(r"\S\s*：|[\u4e00-\u9fff]\s*:|\S:\s")
"""A colon behind words; the one in `dc:title` is part of a name."""


def text_schema(headings: Iterable[str]) -> pyarrow.Schema:
    """The schema of a table in which everything is text."""
    import pyarrow

    return pyarrow.schema([(heading, pyarrow.string()) for heading in headings])


def gathered(records: Iterable[Record], width: int, rows: int = ROWS) -> Iterator[Chunk]:
    """Records as chunks of columns. A cell without any text is not given."""
    import pyarrow

    stream = iter(records)
    while some := list(islice(stream, rows)):
        broken = {at: cells for at, (_, cells) in enumerate(some) if isinstance(cells, Words)}
        whole = [cells for _, cells in some if not isinstance(cells, Words)]
        by_column = zip(*whole, strict=True) if whole else [()] * width
        columns = tuple(given(pyarrow.array(cells, pyarrow.string())) for cells in by_column)
        yield Chunk(columns, tuple(place for place, _ in some), broken)


def given(cells: pyarrow.Array) -> pyarrow.Array:
    """Text without the spaces around it; none where nothing is left."""
    import pyarrow.compute as compute

    trimmed = compute.utf8_trim_whitespace(cells)
    return compute.if_else(compute.equal(trimmed, ""), None, trimmed)
