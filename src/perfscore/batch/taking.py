"""Take a batch in: a column in the slot of every figure and every answer.

In: what the columns of a table mean, and a batch of it. Out: the columns by their slots, and the odd rows, in which some cell
is empty, wrong, or says what only the exact reader understands. No row is lost: an odd one is judged alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, evolve, field

from perfscore.batch.cells import stated
from perfscore.batch.headers import Heading
from perfscore.batch.loading import Loaded, is_text, loaded, loaded_answer, plainly_given
from perfscore.facts import Raw
from perfscore.formula.arithmetic import Absent
from perfscore.formula.columns import Column, Texts, Truths
from perfscore.formula.shapes import Judged
from perfscore.formula.wholes import Mask, NoColumns, constant, either
from perfscore.intake import answer_value
from perfscore.observing import Unfit
from perfscore.plan import Plan


@define(eq=False)
class Taken:
    """The columns of a batch by their slots, the odd rows, and in which rows a reason was given, by indicator."""

    held: dict[int, Column] = field(factory=dict)
    odd: Mask | None = None
    reasons: dict[str, Mask] = field(factory=dict)
    empty: dict[str, Mask | bool] = field(factory=dict)
    """Rows in which an input was not given, by its name; `True` where no column holds it."""
    left_out: list[Mask | bool] = field(factory=list)
    """Of each comparison in which others lack the figure, the rows that are told so."""


def constants(plan: Plan) -> dict[int, Column]:
    """What stands in a slot for everybody."""
    return {
        slot: constant(Fraction(*value))
        for slot, value in enumerate(plan.blank)
        if isinstance(value, tuple) and not isinstance(value, Absent)
    }


def taken_in(plan: Plan, headings: Sequence[Heading], batch: pa.RecordBatch) -> Taken:
    """The columns of a batch; raises `NoColumns` where one cannot be taken in at once."""
    found = Taken(constants(plan))
    for heading, array in zip(headings, batch.columns, strict=True):
        match heading.path:
            case ("inputs", name):
                declared, slot = plan.inputs[name]
                empty = _hold(found, slot, loaded(declared, array, _reading(heading)), array)
                if empty is not None:
                    found.empty[name] = empty
            case ("answers", id, *part):
                _answer(plan, found, heading, id, ".".join(part), array)
            case ("subject", "date") if not pa.types.is_date32(array.type):
                raise NoColumns
            case ("subject", _) if not (plainly_given(array) or pa.types.is_date32(array.type)):
                raise NoColumns
            case _:
                pass
    _fill_up(plan, found, batch.num_rows)
    return found


def _fill_up(plan: Plan, found: Taken, size: int) -> None:
    """Columns without a value, for what no column of the table holds."""
    for name, (declared, slot) in plan.inputs.items():
        if slot in found.held:
            continue
        found.empty[name] = True
        nobody = np.full(size, slot + 1, np.int32)
        match declared.type:
            case "choice" | "text":
                found.held[slot] = Texts(np.zeros(size, np.int32), ("",), nobody)
            case "yes-no":
                found.held[slot] = Truths(False, nobody)
            case "table":
                pass
            case "count" | "number" | "money" | "percent" | "date":
                found.held[slot] = constant(0, nobody)
    for leaf in plan.leaves.values():
        for slot in leaf.slots.answers.values():
            if slot not in found.held:
                found.held[slot] = constant(0, np.full(size, slot + 1, np.int32))


def _reading(heading: Heading) -> Callable[[str], object]:
    return partial(stated, type=heading.type, path=heading.path or ())


def _hold(found: Taken, slot: int, read: Loaded, array: pa.Array) -> Mask | None:
    """Put a column in its slot; rows in which nothing was given are returned: there is nothing odd about them."""
    found.held[slot] = read.column
    if read.odd is None or not (empty := ~_said(array)).any():
        found.odd = either(found.odd, read.odd)
        return None
    found.held[slot] = evolve(read.column, without=empty * np.int32(slot + 1))
    if (wrong := read.odd & ~empty).any():
        found.odd = either(found.odd, wrong)
    return empty


def _answer(plan: Plan, found: Taken, heading: Heading, id: str, part: str, array: pa.Array) -> None:
    leaf = plan.leaves.get(id)
    if part in ("process", "by", "because"):
        if leaf is None or not plainly_given(array):
            raise NoColumns
        if part == "because":
            found.reasons[id] = _said(array)
    elif leaf is None or part not in leaf.judged:
        found.odd = either(found.odd, _said(array))
    else:
        asked = leaf.judged[part]
        read = loaded_answer(array, partial(_number, asked), _reading(heading))
        _hold(found, leaf.slots.answers[part], read, array)


def _number(asked: Judged, raw: object) -> Fraction | None:
    """The number that an answer is."""
    if not isinstance(raw, Raw):
        return None
    try:
        value = answer_value(asked, raw)
    except Unfit:
        return None
    return Fraction(*value) if isinstance(value, tuple) else None


def _said(array: pa.Array) -> Mask:
    """Rows in which something stands."""
    if not is_text(array.type):
        given: Mask = array.is_valid().to_numpy(zero_copy_only=False).astype(np.bool_)
        return given
    words = array.cast(pa.large_string())
    there = pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(words)), 0).fill_null(False)
    found: Mask = there.to_numpy(zero_copy_only=False).astype(np.bool_)
    return found
