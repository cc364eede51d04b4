"""What a cell of a typed table may be, so that every format can pass it on.

In: a column of any type of Arrow. Out: the same where a table has such cells: a figure, a text, a day, a record, or a list
of these. Bytes are spelled as hexadecimal digits, what is nested deeper as JSON, and a moment or a span in nanoseconds is
brought to microseconds, which is what Python has. Nothing else changes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow


def cell_type(kind: pyarrow.DataType) -> pyarrow.DataType:
    """The type in which such a column is passed on."""
    import pyarrow

    types = pyarrow.types
    if _bytes(kind) or _holds_what_is_no_cell(kind):
        return pyarrow.string()
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pyarrow.timestamp("us", tz=kind.tz)
    if types.is_duration(kind) and kind.unit == "ns":
        return pyarrow.duration("us")
    if types.is_time64(kind) and kind.unit == "ns":
        return pyarrow.time64("us")
    return kind


def as_cells(column: pyarrow.Array, kind: pyarrow.DataType) -> pyarrow.Array:
    """A column in the type of its cells."""
    import pyarrow

    if column.type == kind:
        return column
    if _bytes(column.type):
        return pyarrow.array([None if one is None else one.hex() for one in column.to_pylist()], kind)
    if _holds_what_is_no_cell(column.type):
        return pyarrow.array([None if one is None else _spelled(one) for one in column.to_pylist()], kind)
    return column.cast(kind, safe=False)


def _bytes(kind: pyarrow.DataType) -> bool:
    import pyarrow

    types = pyarrow.types
    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or types.is_binary_view(kind)
    )


def _holds_what_is_no_cell(kind: pyarrow.DataType) -> bool:
    """Whether it is nested, and no record, and no list of records or single values."""
    import pyarrow

    types = pyarrow.types
    if not types.is_nested(kind):
        return False
    inner = [kind.field(at).type for at in range(kind.num_fields)]
    if types.is_struct(kind):
        return any(_bytes(one) or types.is_nested(one) for one in inner)
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        [member] = inner
        known = types.is_struct(member) or not types.is_nested(member)
        return not known or _bytes(member) or _holds_what_is_no_cell(member)
    return True


def _spelled(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda one: one.hex() if isinstance(one, bytes) else str(one))
