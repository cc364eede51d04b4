"""Take the cells of a column in, all at once.

In: an Arrow array, and what is declared of the figures in it. Out: a column of whole numbers over one scale, of truths or of
texts, and the odd rows: those whose cell is empty, or is not plainly such a figure. What is wrong with them is found out
row by row. Nothing that `intake` refuses is accepted here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from perfscore.batch.passes import MOST_DIGITS, passes
from perfscore.batch.spelling import Numbers, bits_of, each, places_of, spelled
from perfscore.formula.arithmetic import Absent
from perfscore.formula.choosing import compared
from perfscore.formula.columns import Column, Texts, Truths
from perfscore.formula.vocabulary import Domain
from perfscore.formula.wholes import Figures, Ints, Mask, NoColumns, constant, either
from perfscore.indicator import Input
from perfscore.observing import FAILED, taken
from perfscore.quantity import number_from_text

_FLOAT_SCALES = tuple(10**places for places in range(10))
_FEW_WRONG = 0.001
"""So large a part of floats with many digits costs less judged alone than all of them by their texts."""
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@frozen(eq=False)
class Loaded:
    """A column, and the rows in which something else stands."""

    column: Column
    odd: Mask | None
    wide: bool = False
    """Whether it is so fine that little can be proved of it."""


def loaded(declared: Input, array: pa.Array, read: Callable[[str], object], *, fine: bool) -> Loaded:
    """The column of an input; `read` says what a text in it states. One that is not to be `fine` leaves out the rows in which
    a number has more than a few decimal places.
    """
    match declared.type:
        case "count" | "number" | "money" | "percent":
            return _figures(declared, array, read, fine)
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
        stated = each(array, lambda text: value(read(text)))
        return Loaded(_bounded(stated.values, stated.scale, stated.odd), stated.odd)
    if pa.types.is_boolean(array.type):
        held = _truths(array, read)
        numbers = [value(one) for one in (False, True)]
        if not isinstance(held.column, Truths) or None in numbers:
            raise NoColumns
        return Loaded(_bounded(np.asarray(held.column.holds).astype(np.int64), 1, held.odd), held.odd)
    numbers_read = _numbers(array, fine=False)
    return Loaded(
        _bounded(numbers_read.values, numbers_read.scale, numbers_read.odd, numbers_read.ends), numbers_read.odd
    )


def plainly_given(array: pa.Array) -> bool:
    """Whether words may stand in it: no cell of it can be wrong."""
    return is_text(array.type) or bool(pa.types.is_integer(array.type) or pa.types.is_null(array.type))


def is_text(kind: pa.DataType) -> bool:
    """Whether cells of the type are texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _lacking(array: pa.Array) -> Mask | None:
    """Rows with an empty cell."""
    return None if array.null_count == 0 else bits_of(array.is_null())


def _bounded(values: Ints, scale: int, odd: Mask | None, ends: tuple[int, int] | None = None) -> Figures:
    """Numbers with their ends; in odd rows some number that stands elsewhere."""
    if odd is not None and odd.any():
        good = values[~odd]
        values, ends = np.where(odd, good[0] if len(good) else 0, values), None
    if ends is None:
        values, low, high = passes().drawn(values)
    else:
        low, high = ends
    return Figures(values, scale, low, high, scale)


def _figures(declared: Input, array: pa.Array, read: Callable[[str], object], fine: bool) -> Loaded:
    numbers = _texts_of_figures(declared, array, read, fine) if is_text(array.type) else _numbers(array, fine=fine)
    values, scale, odd, ends = numbers.values, numbers.scale, numbers.odd, numbers.ends
    if declared.type == "percent" and not is_text(array.type):
        if declared.bare == "percent":
            scale *= 100
        elif declared.bare is None:  # 0 is 0%, however it is meant
            odd = either(odd, values != 0)
    if declared.type == "count" and scale > 1:
        whole = np.floor_divide(values, scale, dtype=np.int64)
        odd = either(odd, whole * scale != values)
        values, scale, ends = whole, 1, None
    figures = _bounded(values, scale, odd, ends)
    beyond = _outside(figures, odd, declared.domain)
    return Loaded(figures if beyond is odd else _bounded(values, scale, beyond), beyond, numbers.wide)


def _texts_of_figures(declared: Input, array: pa.Array, read: Callable[[str], object], fine: bool) -> Numbers:
    """The figures that texts state; a percentage is one with a sign, or as the rulebook says of bare numbers."""

    def value(text: str) -> Fraction | None:
        raw = read(text)
        slot = None if raw is None else taken(declared, raw, ())[0]  # type: ignore[arg-type]
        return Fraction(*slot) if isinstance(slot, tuple) and not isinstance(slot, Absent) else None

    odd = _lacking(array)
    if declared.type != "percent":
        return spelled(array, odd, value, fine=fine)
    signed = bool(pc.any(pc.match_substring(array, "%"), min_count=0).as_py())
    if not signed and declared.bare is None:
        return each(array, value)
    return spelled(
        array, odd, value, shift=0 if not signed and declared.bare == "ratio" else 2, signed=signed, fine=fine
    )


def _outside(figures: Figures, odd: Mask | None, domain: Domain) -> Mask | None:
    for end, by in (
        (domain.low, "≥" if domain.low_closed else ">"),
        (domain.high, "≤" if domain.high_closed else "<"),
    ):
        if end is None or _within(figures, end, below=end is domain.low):
            continue
        inside = compared(figures, by, constant(end))  # type: ignore[arg-type]
        if inside is False:
            raise NoColumns
        if inside is not True:
            odd = either(odd, np.logical_not(inside))
    return odd


def _within(figures: Figures, end: Fraction, *, below: bool) -> bool:
    """Whether all lie on the right side of an end, and not at it: then nothing is to be asked row by row."""
    at = end.numerator * figures.most
    return figures.low * end.denominator > at if below else figures.high * end.denominator < at


def _numbers(array: pa.Array, *, fine: bool) -> Numbers:
    """The numbers of a column that are no texts."""
    kind, odd = array.type, _lacking(array)
    if pa.types.is_integer(kind):
        if odd is not None:
            array = array.fill_null(0)
        values = array.to_numpy(zero_copy_only=False)
        if kind == pa.uint64() and len(values) and int(values.max()) >= 2**63:
            raise NoColumns
        values, low, high = passes().drawn(values.astype(np.int64, copy=False))
        return Numbers(values, 1, odd, ends=(low, high))
    if pa.types.is_decimal128(kind) and 0 <= kind.scale <= 18:
        return _decimals(array, odd)
    if pa.types.is_float64(kind):
        return _floats(array, odd, fine)
    if pa.types.is_floating(kind):  # as a text, since the shortest one of a wider float would have more digits
        return spelled(array.cast(pa.float32()).cast(pa.string()), odd, _of_float, fine=fine)
    raise NoColumns


def _decimals(array: pa.Array, odd: Mask | None) -> Numbers:
    """Decimals of 128 bits, of which the upper 64 are the sign alone; in other rows the number is larger."""
    wide = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    values, low, high = passes().drawn(wide[0::2])
    # 18 digits always fit into 64 bits
    if array.type.precision > 18 and (low < 0 or wide[1::2].any()):
        larger = wide[1::2] != wide[0::2] >> 63
        odd = either(odd, larger) if larger.any() else odd
    return Numbers(values, 10**array.type.scale, odd, ends=(low, high))


def _of_float(text: str) -> Fraction | None:
    """The number that the text of a float is; None of what is none, or has no end."""
    try:
        return number_from_text(text)
    except ValueError:
        return None


def _floats(array: pa.Array, odd: Mask | None, fine: bool) -> Numbers:
    """Floats by their shortest decimal text: with the fewest decimal places by which every one of them is met."""
    given = array.to_numpy(zero_copy_only=False)
    if odd is not None:
        given = np.where(odd, 0.0, given)
    with np.errstate(invalid="ignore", over="ignore"):
        # the first few say how many places are likely; whatever needs more is looked for
        likely = next((at for at, scale in enumerate(_FLOAT_SCALES) if passes().met(given[:64], scale) is not None), 0)
        best: tuple[Ints, int, Mask] | None = None
        for scale in _FLOAT_SCALES[likely:]:
            if (met := passes().met(given, scale)) is not None:
                return Numbers(met[0], scale, odd, ends=met[1:])
            near = np.rint(given * scale)
            wrong = ~((near / scale == given) & (np.abs(near) < MOST_DIGITS))
            if best is None or wrong.sum() < best[2].sum():
                best = (np.where(wrong, 0, near).astype(np.int64), scale, wrong)
    if best is None:
        raise NoColumns
    if fine and best[2].mean() > _FEW_WRONG:
        texts = spelled(pa.array([repr(one) for one in given.tolist()], pa.string()), odd, _of_float)
        if texts.odd is None or texts.odd.sum() < best[2].sum():
            return texts
    return Numbers(best[0], best[1], either(odd, best[2]))


def _truths(array: pa.Array, read: Callable[[str], object]) -> Loaded:
    if pa.types.is_boolean(array.type):
        odd = _lacking(array)
        return Loaded(Truths(bits_of(array.fill_null(False))), odd)
    if not is_text(array.type):
        raise NoColumns
    encoded = array.dictionary_encode()
    words = [read(word) for word in encoded.dictionary.to_pylist()]
    places = places_of(encoded)
    wrong = np.array([not isinstance(one, bool) for one in words] + [True], np.bool_)[places]
    odd = wrong if wrong.any() else None
    return Loaded(Truths(np.array([one is True for one in words] + [False], np.bool_)[places]), odd)


def _days(array: pa.Array) -> Loaded:
    kind, odd = array.type, _lacking(array)
    if is_text(kind):
        plain = pc.match_substring_regex(array, _DAY).fill_null(False)
        if not (fits := bits_of(plain)).all():
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
    places = places_of(encoded)
    wrong = [not isinstance(one, str) or one in FAILED or bool(choices and one not in choices) for one in stated]
    odd = np.array([*wrong, True], np.bool_)[places]
    words = tuple(one if isinstance(one, str) else "" for one in stated)
    return Loaded(Texts(places, (*words, "")), odd if odd.any() else None)
