"""A table without lists and records, for files whose cells hold one figure or one text.

In: a batch of results. Out: the same rows, with every list as a text and every choice as its word. No row and no column is
left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow

BETWEEN = Words(zh="；", en="; ")


def flat_schema(schema: pyarrow.Schema) -> pyarrow.Schema:
    """The schema of a flattened batch: whole numbers, decimals and yes-no keep their type, all others are text."""
    import pyarrow

    return pyarrow.schema([(one.name, one.type if _plain(one.type) else pyarrow.string()) for one in schema])


def _plain(type: pyarrow.DataType) -> bool:
    import pyarrow

    if pyarrow.types.is_decimal(type):  # arrow writes what is smaller with an exponent
        return bool(0 <= type.scale <= 6)
    return bool(pyarrow.types.is_integer(type) or pyarrow.types.is_boolean(type))


def flattened(batch: pyarrow.RecordBatch, language: Language) -> pyarrow.RecordBatch:
    """The rows of a batch, with one text or one number in each cell."""
    import pyarrow

    columns = [one if _plain(one.type) else _text(one, language) for one in batch.columns]
    return pyarrow.RecordBatch.from_arrays(columns, schema=flat_schema(batch.schema))


def _text(column: pyarrow.Array, language: Language) -> pyarrow.Array:
    """Any column as text: a record as its parts with spaces between, a list as its members."""
    import pyarrow
    import pyarrow.compute as compute

    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        return _text(column.dictionary_decode(), language)
    if pyarrow.types.is_large_list(kind) or pyarrow.types.is_fixed_size_list(kind):
        return _text(column.cast(pyarrow.list_(kind.value_type)), language)
    if pyarrow.types.is_list(kind):
        members = _text(column.flatten(), language)
        counts = compute.fill_null(compute.list_value_length(column), 0)
        ends = pyarrow.concat_arrays([pyarrow.array([0], pyarrow.int32()), compute.cumulative_sum(counts)])
        joined = compute.binary_join(pyarrow.ListArray.from_arrays(ends, members), BETWEEN.into(language))
        return compute.if_else(compute.equal(counts, 0), None, joined)
    if pyarrow.types.is_struct(kind):
        parts = [_text(one, language) for one in column.flatten()]
        return compute.binary_join_element_wise(*parts, " ", null_handling="skip")
    if pyarrow.types.is_decimal(kind) and not _plain(kind):
        return pyarrow.array([None if one is None else f"{one:f}" for one in column.to_pylist()], pyarrow.string())
    return column.cast(pyarrow.string())
