"""Take a batch in: a column in the slot of every figure and every answer.

In: what the columns of a table mean, and a batch of it. Out: the columns by their slots, and the odd rows, in which some cell
is empty, wrong, or says what only the exact reader understands. No row is lost: an odd one is judged alone.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, evolve, field

from perfscore.batch.cells import stated
from perfscore.batch.days import WHEN, days_of
from perfscore.batch.headers import Heading
from perfscore.batch.loading import Loaded, is_text, loaded, loaded_answer, plainly_given
from perfscore.facts import Raw
from perfscore.formula.arithmetic import Absent
from perfscore.formula.columns import Column, Texts, Truths
from perfscore.formula.shapes import Judged
from perfscore.formula.wholes import Mask, NoColumns, constant, either
from perfscore.indicator import Input
from perfscore.intake import answer_value
from perfscore.observing import FAILED, Unfit
from perfscore.plan import DAY, Plan


class Held(dict[int, Column]):
    """Columns by their slots, some of which are taken in only when they are read."""

    def __init__(self, of: Mapping[int, Column]) -> None:
        super().__init__(of)
        self.later: dict[int, Callable[[], Column]] = {}

    def __contains__(self, slot: object) -> bool:
        return super().__contains__(slot) or slot in self.later

    def __missing__(self, slot: int) -> Column:
        found = self[slot] = self.later.pop(slot)()
        return found

    def copy(self) -> Held:
        """The same, to which other columns can be added."""
        found = Held(self)
        found.later = dict(self.later)
        return found

    def get(self, slot: int, default: Column | None = None) -> Column | None:  # type: ignore[override]
        """The column of a slot, if there is one."""
        if slot not in self:
            return default
        return self[slot]


@define(eq=False)
class Taken:
    """The columns of a batch by their slots, the odd rows, and in which rows a reason was given, by indicator."""

    held: Held
    odd: Mask | None = None
    reasons: dict[str, Mask] = field(factory=dict)
    wide: bool = False
    """Whether a column is so fine that little can be proved of it."""
    empty: dict[str, Mask | bool] = field(factory=dict)
    """Rows in which an input was not given, by its name; `True` where no column holds it."""
    excused: dict[str, Mask] = field(factory=dict)
    """Rows in which the assessor says that a node does not apply, by its id."""
    left_out: list[Mask | bool] = field(factory=list)
    """Of each comparison in which others lack the figure, the rows that are told so."""


@lru_cache(maxsize=32)
def constants(plan: Plan) -> Mapping[int, Column]:
    """What stands in a slot for everybody; made once for a plan."""
    return {
        slot: constant(Fraction(*value))
        for slot, value in enumerate(plan.blank)
        if isinstance(value, tuple) and not isinstance(value, Absent)
    }


def taken_in(
    plan: Plan, headings: Sequence[Heading], batch: pa.RecordBatch, read: Container[int] = frozenset(), *, fine: bool
) -> Taken:
    """The columns of a batch, with many decimal places only where they are to be `fine`; raises `NoColumns` where one cannot be
    taken in at once. Those in `read` were found to hold a figure in every row.
    """
    found = Taken(Held(constants(plan)))
    for heading, array in zip(headings, batch.columns, strict=True):
        match heading.path:
            case ("inputs", name):
                declared, slot = plan.inputs[name]
                if slot in read:
                    found.held.later[slot] = partial(_column, declared, array, heading)
                    continue
                column = loaded(declared, array, _reading(heading), fine=fine)
                found.wide = found.wide or column.wide
                empty = _hold(found, slot, column, array)
                if empty is not None:
                    found.empty[name] = empty
            case ("answers", id, *part):
                _answer(plan, found, heading, id, ".".join(part), array)
            case ("subject", "name" | "period") if not (plainly_given(array) or pa.types.is_date32(array.type)):
                raise NoColumns
            case ("subject", _):
                found.odd = either(found.odd, _failed(array))
            case _:
                pass
    when = [(one, array) for one, array in zip(headings, batch.columns, strict=True) if one.path in WHEN]
    # where nobody asks for the day, it only matters whether a date is one
    if any(one.dated for one in plan.rulebook.parameters) or any(
        one.path == WHEN[0] and not pa.types.is_date32(array.type) for one, array in when
    ):
        days, wrong = days_of([one for one, _ in when], [array for _, array in when], batch.num_rows)
        found.held[plan.of[DAY]], found.odd = days, either(found.odd, wrong)
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


def _column(declared: Input, array: pa.Array, heading: Heading) -> Column:
    return loaded(declared, array, _reading(heading), fine=True).column


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
        found.odd = either(found.odd, _failed(array))
        if part == "because":
            found.reasons[id] = _said(array)
    elif part == "not_applicable" and id in plan.index and plainly_given(array):
        found.odd = either(found.odd, _failed(array))
        found.excused[id] = _said(array)
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


def _failed(array: pa.Array) -> Mask | None:
    """Rows in which a spreadsheet shows that a formula failed."""
    if not is_text(array.type) or not pc.any(pc.match_substring(array, "#"), min_count=0).as_py():
        return None
    failed = pc.is_in(pc.utf8_trim_whitespace(array), pa.array(sorted(FAILED), array.type))
    found: Mask = failed.to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def _said(array: pa.Array) -> Mask:
    """Rows in which something stands."""
    if not is_text(array.type):
        given: Mask = array.is_valid().to_numpy(zero_copy_only=False).astype(np.bool_)
        return given
    words = array.cast(pa.large_string())
    there = pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(words)), 0).fill_null(False)
    found: Mask = there.to_numpy(zero_copy_only=False).astype(np.bool_)
    return found
