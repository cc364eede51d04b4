"""Judge rows whose weights vary, those of the same weights at a time.

In: a rulebook whose weights differ from subject to subject, and a batch. Out: which rows have the same weights, with what these
are judged by in columns; and the results of all, each in its place. Weights are computed by the exact reader, once for all rows
with the same cells in the columns that weights read. Where too many differ, rows are judged one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from attrs import define, evolve, field, frozen

from perfscore.batch.exactly import Judging
from perfscore.batch.preparing import ByColumns, by_columns
from perfscore.batch.results import Frame, Records, Results, Units
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.indicator import Branch, Node
from perfscore.intake import row_of
from perfscore.parameter import Parameter
from perfscore.planning import compiled
from perfscore.rulebook import Figure, Rulebook
from perfscore.weighing import worth_of

_MOST_CELLS = 1_024
"""For so many combinations of cells weights are computed in a batch."""
_MOST_WEIGHTS = 64
"""So many sets of weights are made ready: more are judged faster one by one."""

Width = TypeVar("Width", bound=np.generic)
Cells = Callable[[pa.RecordBatch], list[tuple[object, ...]]]


@frozen(eq=False)
class Group:
    """Rows of a batch, and what they are judged by; None where they are judged one by one."""

    rows: Units
    columns: ByColumns | None


@define(eq=False)
class Varying:
    """The sets of weights of one table that were met, each made ready once. `cells` takes the cells of a batch apart."""

    judging: Judging
    cells: Cells
    read: tuple[int, ...] = field(init=False)
    """The places of the columns that weights read."""
    known: dict[tuple[int, ...], ByColumns | None] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        plan = self.judging.frame.plan
        read = _read_by(plan.rulebook, plan.varying)
        self.read = tuple(at for at, one in enumerate(self.judging.headings) if one.path in read)

    def groups(self, batch: pa.RecordBatch) -> list[Group]:
        """The rows of a batch by what they are judged by."""
        whose, first = _alike([batch.column(at) for at in self.read], batch.num_rows)
        if not 0 < len(first) <= _MOST_CELLS:
            return [Group(np.arange(batch.num_rows), None)]
        found: dict[ByColumns | None, list[int]] = {}
        for at, cells in enumerate(self.cells(batch.take(pa.array(first)))):
            found.setdefault(self._ready(cells), []).append(at)
        return [Group(np.flatnonzero(np.isin(whose, some)), columns) for columns, some in found.items()]

    def _ready(self, cells: Sequence[object]) -> ByColumns | None:
        """What a row with some cells is judged by, if its weights can be told and are not one set too many."""
        plan = self.judging.frame.plan
        row, _, _ = row_of(plan, self.judging.facts(cells)[0])
        worth = worth_of(plan, row)
        if worth is None:
            return None
        key = tuple(worth)
        if key not in self.known and len(self.known) < _MOST_WEIGHTS:
            self.known[key] = _with_weights(self.judging.frame, key)
        return self.known.get(key)


def _read_by(rulebook: Rulebook, formulas: Iterable[Formula]) -> set[tuple[str, ...] | None]:
    """The places of the facts that formulas read, through measures and parameters too."""
    figures: dict[str, Figure] = {one.name: one for one in rulebook.measures}
    figures |= {one.name: one for one in rulebook.parameters}
    waiting = [name for one in formulas for name in names(one)]
    read: set[str] = set()
    found: set[tuple[str, ...] | None] = set()
    while waiting:
        if (name := waiting.pop()) in read:
            continue
        read.add(name)
        # a column of records is named after their table, and stands with it
        parts = name.split(".")
        found |= {("inputs", ".".join(parts[:end])) for end in range(1, len(parts) + 1)}
        if (figure := figures.get(name)) is not None:
            waiting += figure.reads()
            if isinstance(figure, Parameter) and figure.dated:
                found |= {("subject", "date"), ("subject", "period")}
    return found


def _alike(columns: Sequence[pa.Array], size: int) -> tuple[Units, Units]:
    """Which rows have the same cells, numbered from 0, and the first row of each number."""
    whose: Units = np.zeros(size, np.int64)
    for column in columns:
        try:
            seen = column.dictionary_encode(null_encoding="encode")
        except pa.ArrowNotImplementedError:  # as of cells that are records: all are taken to differ
            return np.arange(size), np.arange(size)
        both = whose * len(seen.dictionary) + seen.indices.to_numpy(zero_copy_only=False)
        whose = np.unique(both, return_inverse=True)[1]
    return whose, np.unique(whose, return_index=True)[1]


def _with_weights(frame: Frame, worth: Sequence[int]) -> ByColumns | None:
    """What rows are judged by whose nodes are worth so much: a rulebook in which that is written."""
    plan = frame.plan
    size = plan.rulebook.rounding.size

    def weighed(node: Node) -> Node:
        given: dict[str, Any] = {}
        if node.stated is not None:
            given["weight"] = Fraction(worth[plan.index[node.id]], size)
        if isinstance(node, Branch):
            given["members"] = tuple(map(weighed, node.members))
        return evolve(node, **given)

    fixed = compiled(evolve(plan.rulebook, members=tuple(map(weighed, plan.rulebook.members))))
    return by_columns(frame.of_plan(fixed))


def laid(parts: Sequence[tuple[Units, Results]], size: int) -> Results:
    """The results of some rows each, laid where these stand."""
    where, found = [rows for rows, _ in parts], [one for _, one in parts]
    wide = range(len(found[0].units))

    def put(values: Iterable[npt.NDArray[Any]], width: type[Width]) -> npt.NDArray[Width]:
        into = np.zeros(size, width)
        for rows, some in zip(where, values, strict=True):
            into[rows] = some
        return into

    def put_if_any(values: Iterable[npt.NDArray[Any] | None], width: type[Width]) -> npt.NDArray[Width] | None:
        listed = list(values)
        if all(one is None for one in listed):
            return None
        return put(
            (np.zeros(len(rows), width) if one is None else one for rows, one in zip(where, listed, strict=True)), width
        )

    def records(of: Iterable[Records]) -> Records:
        some = list(of)
        whose = np.concatenate([np.repeat(rows, one.counts) for rows, one in zip(where, some, strict=True)])
        order = np.argsort(whose, kind="stable")
        return Records(
            np.bincount(whose, minlength=size),
            np.concatenate([one.nodes for one in some])[order],
            np.concatenate([one.codes for one in some])[order],
            np.concatenate([one.units for one in some])[order],
        )

    score = put((one.score for one in found), np.int64)
    without = put_if_any((one.without_score for one in found), np.bool_)
    alike = all(one.subtotal is one.score and one.without_subtotal is one.without_score for one in found)
    return Results(
        size=size,
        units=[put((one.units[at] for one in found), np.int64) for at in wide],
        lacking=[put_if_any((one.lacking[at] for one in found), np.bool_) for at in wide],
        states=[put_if_any((one.states[at] for one in found), np.int64) for at in wide],
        score=score,
        subtotal=score if alike else put((one.subtotal for one in found), np.int64),
        without_score=without,
        without_subtotal=without if alike else put_if_any((one.without_subtotal for one in found), np.bool_),
        rating=put((one.rating for one in found), np.int16),
        deductions=records(one.deductions for one in found),
        credits=records(one.credits for one in found),
        adjustments=records(one.adjustments for one in found),
        findings=records(one.findings for one in found),
        cells={int(rows[at]): told for rows, one in parts for at, told in one.cells.items()},
        exact=sum(one.exact for one in found),
    )
