"""The results of a table: their Arrow schema, and how a batch of it is built.

In: a plan, and what was found of every row: published units, states, records. Out: one `RecordBatch`.
Points are `decimal128(18, places)`: whole units of the smallest published step, nothing is rounded. Ids, codes and states
are dictionaries that are the same for every batch of a rulebook. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from typing import Any, TypeAlias, get_args

import numpy as np
import pyarrow as pa
from attrs import define, evolve, field

from perfscore.assessment import State
from perfscore.batch.passes import passes
from perfscore.plan import Plan
from perfscore.version import VERSION
from perfscore.words import Words

Units: TypeAlias = "np.ndarray[Any, np.dtype[np.signedinteger[Any]]]"
Places: TypeAlias = "np.ndarray[Any, np.dtype[np.int16]]"
"""Places in a dictionary of words."""
Mask: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"

STATES: tuple[State, ...] = get_args(State)
_DIGITS = 18
MOST_UNITS = 10**_DIGITS - 1
_BY_TREE = ("missing", "undefined", "not-applicable", "review", "aggregate", "rescale", "siblings", "range")
"""Codes of records that no criterion wrote."""


class PointsTooLargeError(ValueError):
    """Points have more digits than a table holds."""

    def __init__(self) -> None:
        self.message = Words(
            zh=f"分数超过 {_DIGITS} 位数字，表里放不下",
            en=f"points have more than the {_DIGITS} digits that a table holds",
        )
        super().__init__(self.message.en)


@define(eq=False)
class Frame:
    """What is the same for every batch of a rulebook: its schema, and the place of every word in its dictionary."""

    plan: Plan
    ids: pa.Array
    codes: pa.Array
    ratings: pa.Array
    schema: pa.Schema
    place_of_id: dict[str, int]
    place_of_code: dict[str, int]
    place_of_rating: dict[str, int]
    places: int
    points: pa.DataType
    """The type of points."""
    findings: dict[str, int] = field(factory=dict)
    """The place of every code of a finding that was met."""
    _adding: Lock = field(factory=Lock, init=False, repr=False)

    def finding(self, code: str) -> int:
        """The place of a code of a finding; several threads may ask at once."""
        with self._adding:
            return self.findings.setdefault(code, len(self.findings))

    def of_plan(self, plan: Plan) -> Frame:
        """The same frame for a plan with the same nodes and codes; findings have their places in common."""
        frame = evolve(self, plan=plan)
        frame._adding = self._adding
        return frame


_STATES = pa.array(STATES, pa.string())
_WORD = pa.dictionary(pa.int16(), pa.string())
_CELL = pa.struct([("column", pa.string()), ("code", pa.string()), ("message", pa.string())])
_STATE = pa.dictionary(pa.int8(), pa.string())


@lru_cache(maxsize=32)
def frame_of(plan: Plan) -> Frame:
    """The frame of a rulebook's results; made once for a plan."""
    rulebook = plan.rulebook
    ids = [one.node.id for one in plan.nodes]
    codes = [one.loss.code for leaf in plan.leaves.values() for one in (*leaf.losses, *leaf.gains)]
    codes = list(dict.fromkeys((*codes, *_BY_TREE, *(one.id for one in rulebook.adjustments))))
    ratings = [one.name for one in rulebook.ratings]
    places = rulebook.rounding.places
    points = pa.decimal128(_DIGITS, places)
    record = pa.struct([("indicator", _WORD), ("code", _WORD), ("points", points)])
    fields = [pa.field("score", points), pa.field("rating", _WORD), pa.field("subtotal", points)]
    fields += [pa.field(f"points.{id}", points) for id in ids[1:]]
    fields += [pa.field(f"state.{id}", _STATE, nullable=False) for id in ids[1:]]
    fields += [pa.field(name, pa.list_(record), nullable=False) for name in ("deductions", "credits")]
    line = pa.struct([("id", _WORD), ("points", points)])
    fields += [
        pa.field("adjustments", pa.list_(line), nullable=False),
        pa.field("findings", pa.list_(pa.string()), nullable=False),
        pa.field("cells", pa.list_(_CELL), nullable=False),
    ]
    said = {"perfscore": VERSION, "perfscore.rulebook": rulebook.id, "perfscore.digest": plan.digest}
    return Frame(
        plan=plan,
        ids=pa.array(ids, pa.string()),
        codes=pa.array(codes, pa.string()),
        ratings=pa.array(ratings, pa.string()),
        schema=pa.schema(fields, metadata=said),
        place_of_id={id: at for at, id in enumerate(ids)},
        place_of_code={code: at for at, code in enumerate(codes)},
        place_of_rating={name: at for at, name in enumerate(ratings)},
        places=places,
        points=points,
    )


@define(eq=False)
class Records:
    """Records of many rows, flat and in the order of the rows: how many each row has, which node, which code, how many units."""

    counts: Units
    nodes: Places
    codes: Places
    units: Units


def no_records(size: int) -> Records:
    """No record in any row."""
    return Records(np.zeros(size, np.int16), np.zeros(0, np.int16), np.zeros(0, np.int16), np.zeros(0, np.int64))


@define(eq=False)
class Results:
    """What was found of the rows of one batch. `units` and `states` have a line a node, the whole first; `lacking` says
    where there are no points, and is None where there are some everywhere.
    """

    size: int
    units: list[Units]
    lacking: list[Mask | None]
    states: list[Units | None]
    """Places in `STATES`; None where every row is scored."""
    score: Units
    subtotal: Units
    without_score: Mask | None
    without_subtotal: Mask | None
    rating: Places
    """Places among the ratings, −1 where there is none."""
    deductions: Records
    credits: Records
    adjustments: Records
    findings: Records
    cells: dict[int, list[tuple[str, str, str]]] = field(factory=dict)
    """By row: the column, the code, and what is wrong there."""
    decimals: dict[int, tuple[Units, Units]] = field(factory=dict)
    """Of some nodes, units that were written as decimals already, and these."""
    exact: int = 0
    """How many rows went to the exact reader."""


def batch_of(frame: Frame, results: Results) -> pa.RecordBatch:
    """The results as one batch."""
    size = results.size
    columns = [(results.score, results.without_score)]
    alike = results.subtotal is results.score and results.without_subtotal is results.without_score
    if not alike:
        columns.append((results.subtotal, results.without_subtotal))
    columns += zip(results.units[1:], results.lacking[1:], strict=True)
    ready = {id(units): decimals for units, decimals in results.decimals.values()}
    score, *points = (_points(frame, *one, ready.get(id(one[0]))) for one in columns)
    subtotal = score if alike else points.pop(0)  # where no line adjusts anything it is written once
    rating = pa.DictionaryArray.from_arrays(pa.array(results.rating, mask=results.rating < 0), frame.ratings)
    arrays: list[pa.Array] = [score, rating, subtotal, *points]
    scored = pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int8)), _STATES)
    arrays += [
        scored if states is None else pa.DictionaryArray.from_arrays(pa.array(states.astype(np.int8)), _STATES)
        for states in results.states[1:]
    ]
    lists = [(_records, results.deductions), (_records, results.credits)]
    lists += [(_lines, results.adjustments), (_findings, results.findings)]
    arrays += [make(frame, one) if len(one.units) else _nothing(make, frame, size) for make, one in lists]
    arrays.append(_cells(results) if results.cells else _nothing(_no_cells, frame, size))
    schema = frame.schema
    said = {**schema.metadata, b"perfscore.rows": str(size), b"perfscore.rows_exact": str(results.exact)}
    return pa.RecordBatch.from_arrays(arrays, schema=schema.with_metadata(said))


def _points(frame: Frame, units: Units, lacking: Mask | None = None, ready: Units | None = None) -> pa.Array:
    """Units as decimals, which some are already."""
    if ready is None:
        ready = np.empty((len(units), 2), np.int64)
        if len(units) and max(int(units.max()), -int(units.min())) > MOST_UNITS:
            raise PointsTooLargeError
        passes().widened(units, ready)
    valid = None
    if lacking is not None and lacking.any():
        valid = pa.py_buffer(np.packbits(~lacking, bitorder="little").tobytes())
    return pa.Array.from_buffers(frame.points, len(units), [valid, pa.py_buffer(ready)])


def _words(places: Places, words: pa.Array) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places), words, safe=False)


def _offsets(counts: Units, total: int) -> pa.Array:
    """Where the records of each row begin."""
    offsets = np.zeros(len(counts) + 1, np.int32)
    if total:
        np.cumsum(counts, out=offsets[1:])
    return pa.array(offsets)


def _records(frame: Frame, records: Records) -> pa.Array:
    parts = [
        _words(records.nodes, frame.ids),
        _words(records.codes, frame.codes),
        _points(frame, records.units),
    ]
    inner = pa.StructArray.from_arrays(parts, names=["indicator", "code", "points"])
    return pa.ListArray.from_arrays(_offsets(records.counts, len(records.units)), inner)


def _lines(frame: Frame, records: Records) -> pa.Array:
    parts = [_words(records.codes, frame.codes), _points(frame, records.units)]
    return pa.ListArray.from_arrays(
        _offsets(records.counts, len(records.units)), pa.StructArray.from_arrays(parts, names=["id", "points"])
    )


def _findings(frame: Frame, records: Records) -> pa.Array:
    words = pa.array(list(frame.findings), pa.string())
    return pa.ListArray.from_arrays(_offsets(records.counts, len(records.units)), words.take(pa.array(records.codes)))


Make: TypeAlias = "Callable[[Frame, Records], pa.Array]"


@lru_cache(maxsize=32)
def _nothing(make: Make, frame: Frame, size: int) -> pa.Array:
    """Lists of nothing; made once, as most chunks have as many rows."""
    return make(frame, no_records(size))


def _no_cells(frame: Frame, records: Records) -> pa.Array:
    return pa.ListArray.from_arrays(_offsets(records.counts, 0), pa.array([], _CELL))


def _cells(results: Results) -> pa.Array:
    counts = np.zeros(results.size, np.int64)
    for row, wrong in results.cells.items():
        counts[row] = len(wrong)
    told = [one for row in sorted(results.cells) for one in results.cells[row]]
    flat = pa.array([{"column": a, "code": b, "message": c} for a, b, c in told], _CELL)
    return pa.ListArray.from_arrays(_offsets(counts, len(told)), flat)


def gathered(entries: Iterable[tuple[int, int, int, int]], size: int) -> Records:
    """Records from (row, node, code, units)."""
    found = list(entries)
    if not found:
        return no_records(size)
    if any(abs(one[3]) > MOST_UNITS for one in found):
        raise PointsTooLargeError
    rows, nodes, codes, units = zip(*found, strict=True)
    counts = np.bincount(np.array(rows, np.int64), minlength=size)
    return Records(counts, np.array(nodes, np.int16), np.array(codes, np.int16), np.array(units, np.int64))
