"""Take the cells of a column in, all at once.

In: an Arrow array, and what is declared of the figures in it. Out: a column of whole numbers over one scale, of truths or of
texts, and the odd rows: those whose cell is empty, or is not plainly such a figure. What is wrong with them is found out
row by row. Nothing that `intake` refuses is accepted here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from perfscore.formula.choosing import compared
from perfscore.formula.columns import Column, Texts, Truths
from perfscore.formula.vocabulary import Domain
from perfscore.formula.wholes import Figures, Ints, Mask, NoColumns, constant, either, proved, width
from perfscore.indicator import Input
from perfscore.observing import FAILED

_MOST_DIGITS = 10**15
"""A decimal of at most 15 digits is the shortest text of the float nearest to it."""
_FLOAT_SCALES = tuple(10**places for places in range(10))
_LARGEST_SCALE = 10**12
_BLOCK = 8_192
_PLAIN = r"^-?[0-9]{1,11}(\.[0-9]{1,6})?$"
_PERCENT = r"^-?[0-9]{1,11}(\.[0-9]{1,6})?%$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@frozen(eq=False)
class Loaded:
    """A column, and the rows in which something else stands."""

    column: Column
    odd: Mask | None


@frozen(eq=False)
class _Numbers:
    """Whole numbers over one scale, and the rows that hold none."""

    values: Ints
    scale: int
    odd: Mask | None
    percent: bool = False
    """Whether they were written with a percent sign."""


def loaded(declared: Input, array: pa.Array, read: Callable[[str], object]) -> Loaded:
    """The column of an input; `read` says what a text in it states."""
    match declared.type:
        case "count" | "number" | "money" | "percent":
            return _figures(declared, array)
        case "yes-no":
            return _truths(array, read)
        case "date":
            return _days(array)
        case "choice" | "text":
            return _texts(array, declared.domain.choices, read)
        case "table":
            raise NoColumns


def loaded_answer(array: pa.Array, value: Callable[[object], Fraction | None], read: Callable[[str], object]) -> Loaded:
    """The column of an answer, which is a number: `value` is that of an answer, None where it is none."""
    if is_text(array.type):
        return _answers(array, lambda text: value(read(text)))
    if pa.types.is_boolean(array.type):
        held = _truths(array, read)
        numbers = [value(one) for one in (False, True)]
        if not isinstance(held.column, Truths) or None in numbers:
            raise NoColumns
        return Loaded(_bounded(np.asarray(held.column.holds).astype(np.int64), 1, held.odd), held.odd)
    numbers_read = _numbers(array)
    return Loaded(_bounded(numbers_read.values, numbers_read.scale, numbers_read.odd), numbers_read.odd)


def plainly_given(array: pa.Array) -> bool:
    """Whether words may stand in it: no cell of it can be wrong."""
    return is_text(array.type) or bool(pa.types.is_integer(array.type) or pa.types.is_null(array.type))


def is_text(kind: pa.DataType) -> bool:
    """Whether cells of the type are texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _lacking(array: pa.Array) -> Mask | None:
    """Rows with an empty cell."""
    return None if array.null_count == 0 else _bits(array.is_null())


def _bits(array: pa.Array) -> Mask:
    found: Mask = array.to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def _bounded(values: Ints, scale: int, odd: Mask | None) -> Figures:
    """Numbers with their ends; in odd rows some number that stands elsewhere."""
    if odd is not None and odd.any():
        good = values[~odd]
        values = np.where(odd, good[0] if len(good) else 0, values)
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    proved(low, high)
    return Figures(values.astype(width(low, high), copy=False), scale, low, high, scale)


def _figures(declared: Input, array: pa.Array) -> Loaded:
    numbers = _numbers(array, signed=declared.type == "percent")
    values, scale, odd = numbers.values, numbers.scale, numbers.odd
    if declared.type == "percent":
        if numbers.percent or declared.bare == "percent":
            scale *= 100
        elif declared.bare is None:  # 0 is 0%, however it is meant
            odd = either(odd, values != 0)
    if declared.type == "count" and scale > 1:
        whole = values // scale
        odd = either(odd, whole * scale != values)
        values, scale = whole, 1
    figures = _bounded(values, scale, odd)
    beyond = _outside(figures, odd, declared.domain)
    return Loaded(figures if beyond is odd else _bounded(values, scale, beyond), beyond)


def _outside(figures: Figures, odd: Mask | None, domain: Domain) -> Mask | None:
    for end, by in (
        (domain.low, "≥" if domain.low_closed else ">"),
        (domain.high, "≤" if domain.high_closed else "<"),
    ):
        if end is None:
            continue
        inside = compared(figures, by, constant(end))  # type: ignore[arg-type]
        if inside is False:
            raise NoColumns
        if inside is not True:
            odd = either(odd, np.logical_not(inside))
    return odd


def _numbers(array: pa.Array, *, signed: bool = False) -> _Numbers:
    """The numbers of a column; `signed` where texts have a percent sign."""
    kind, odd = array.type, _lacking(array)
    if pa.types.is_integer(kind):
        if odd is not None:
            array = array.fill_null(0)
        values = array.to_numpy(zero_copy_only=False)
        if kind == pa.uint64() and len(values) and int(values.max()) >= 2**63:
            raise NoColumns
        return _Numbers(values.astype(np.int64, copy=False), 1, odd)
    if pa.types.is_decimal128(kind) and 0 <= kind.scale <= 18:
        return _decimals(array, odd)
    if pa.types.is_float64(kind):
        return _floats(array, odd)
    if pa.types.is_floating(kind):  # as a text, since the shortest one of a wider float would have more digits
        return _spelled(array.cast(pa.float32()).cast(pa.string()), odd, signed=False)
    if is_text(kind):
        return _spelled(array, odd, signed=signed)
    raise NoColumns


def _decimals(array: pa.Array, odd: Mask | None) -> _Numbers:
    """Decimals of 128 bits, of which the upper 64 are the sign alone; in other rows the number is larger."""
    wide = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    values, upper = np.ascontiguousarray(wide[0::2]), wide[1::2]
    # 18 digits always fit into 64 bits
    if array.type.precision > 18 and (upper.any() or (len(values) and values.min() < 0)):
        larger = upper != values >> 63
        odd = either(odd, larger) if larger.any() else odd
    return _Numbers(values, 10**array.type.scale, odd)


def _floats(array: pa.Array, odd: Mask | None) -> _Numbers:
    """Floats by their shortest decimal text: with the fewest decimal places by which every one of them is met."""
    given = array.to_numpy(zero_copy_only=False)
    if odd is not None:
        given = np.where(odd, 0.0, given)
    with np.errstate(invalid="ignore", over="ignore"):
        # the first few say how many places are likely; whatever needs more is looked for
        likely = next((at for at, scale in enumerate(_FLOAT_SCALES) if _all_met(given[:64], scale) is not None), 0)
        best: tuple[Ints, int, Mask] | None = None
        for scale in _FLOAT_SCALES[likely:]:
            if (met := _all_met(given, scale)) is not None:
                return _Numbers(met, scale, odd)
            near = np.rint(given * scale)
            wrong = ~((near / scale == given) & (np.abs(near) < _MOST_DIGITS))
            if best is None or wrong.sum() < best[2].sum():
                best = (np.where(wrong, 0, near).astype(np.int64), scale, wrong)
    if best is None:
        raise NoColumns
    return _Numbers(best[0], best[1], either(odd, best[2]))


def _all_met(given: npt.NDArray[np.float64], scale: int) -> Ints | None:
    """The whole numbers nearest to floats times a scale; None where one of them is not the float's own decimal.

    Block by block: what is computed on the way stays in the processor's nearest cache, and one that misses ends it.
    """
    found = np.empty(len(given), np.int64)
    for start in range(0, len(given), _BLOCK):
        block = given[start : start + _BLOCK]
        near = block * scale
        np.rint(near, out=near)
        if not (near.max() < _MOST_DIGITS and near.min() > -_MOST_DIGITS and (near / scale == block).all()):
            return None
        found[start : start + _BLOCK] = near
    return found


def _spelled(array: pa.Array, odd: Mask | None, *, signed: bool) -> _Numbers:
    """Texts that are plainly numbers, with a percent sign or without; of equal texts one is read."""
    encoded = array.dictionary_encode()
    words = encoded.dictionary
    percent = signed and bool(pc.any(pc.match_substring(words, "%"), min_count=0).as_py())
    plain = pc.match_substring_regex(words, _PERCENT if percent else _PLAIN)
    fits = _bits(plain)
    if not fits.any():
        raise NoColumns
    if not fits.all():
        words = pc.if_else(plain, words, "0%" if percent else "0")
    if percent:
        words = pc.utf8_rtrim(words, "%")
    read = _decimals(words.cast(pa.decimal128(18, 6)), None)
    values, scale = read.values, read.scale
    while scale > 1 and not (values % 10).any():  # narrow numbers are judged faster
        values, scale = values // 10, scale // 10
    places = _places(encoded)
    if not fits.all():
        odd = np.append(~fits, True)[places]
    return _Numbers(np.append(values, 0)[places], scale, odd, percent)


def _answers(array: pa.Array, value: Callable[[str], Fraction | None]) -> Loaded:
    """Texts, of which equal ones are read once: that takes a hundredth of the time in which a row is judged alone."""
    encoded = array.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    read = [value(word) for word in words]
    scale = lcm(*(one.denominator for one in read if one is not None)) if read else 1
    if scale > _LARGEST_SCALE:
        raise NoColumns
    sizes = [0 if one is None else int(one * scale) for one in read]
    if any(abs(one) >= 2**62 for one in sizes):
        raise NoColumns
    places = _places(encoded)
    numbers = np.array([*sizes, 0], np.int64)[places]
    wrong = np.array([one is None for one in read] + [True], np.bool_)[places]
    odd = wrong if wrong.any() else None
    return Loaded(_bounded(numbers, scale, odd), odd)


def _places(encoded: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """The place of every cell's text in the dictionary; −1, the last, where the cell is empty."""
    found: npt.NDArray[np.int32] = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return found


def _truths(array: pa.Array, read: Callable[[str], object]) -> Loaded:
    if pa.types.is_boolean(array.type):
        odd = _lacking(array)
        return Loaded(Truths(_bits(array.fill_null(False))), odd)
    if not is_text(array.type):
        raise NoColumns
    encoded = array.dictionary_encode()
    words = [read(word) for word in encoded.dictionary.to_pylist()]
    places = _places(encoded)
    wrong = np.array([not isinstance(one, bool) for one in words] + [True], np.bool_)[places]
    odd = wrong if wrong.any() else None
    return Loaded(Truths(np.array([one is True for one in words] + [False], np.bool_)[places]), odd)


def _days(array: pa.Array) -> Loaded:
    kind, odd = array.type, _lacking(array)
    if is_text(kind):
        plain = pc.match_substring_regex(array, _DAY).fill_null(False)
        if not (fits := _bits(plain)).all():
            odd = ~fits
            array = pc.if_else(plain, array, "1970-01-01")
        try:
            array = array.cast(pa.date32())
        except pa.ArrowInvalid:
            raise NoColumns from None
    elif not pa.types.is_date32(kind):
        raise NoColumns
    days = array.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    known = (date.min.toordinal(), date.max.toordinal())
    ordinal = days + date(1970, 1, 1).toordinal()
    beyond = (ordinal < known[0]) | (ordinal > known[1])
    odd = either(odd, beyond) if beyond.any() else odd
    return Loaded(_bounded(days, 1, odd), odd)


def _texts(array: pa.Array, choices: tuple[str, ...], read: Callable[[str], object]) -> Loaded:
    if not is_text(array.type):
        raise NoColumns
    encoded = array.dictionary_encode()
    stated = [read(word) for word in encoded.dictionary.to_pylist()]
    places = _places(encoded)
    wrong = [not isinstance(one, str) or one in FAILED or bool(choices and one not in choices) for one in stated]
    odd = np.array([*wrong, True], np.bool_)[places]
    words = tuple(one if isinstance(one, str) else "" for one in stated)
    return Loaded(Texts(places, (*words, "")), odd if odd.any() else None)
