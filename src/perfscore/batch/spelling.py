"""Take texts that spell numbers in, all at once.

In: a column of texts, and what a single one of them states. Out: whole numbers over one scale, and the rows whose text is no
number, or has more digits than fit beside the others. Of equal texts one is read. What is plainly a number, with commas or
without, is read by Arrow; every other text by the reader of single figures, so that nothing is accepted here that it refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from perfscore.formula.wholes import Ints, Mask, either

Value = Callable[[str], Fraction | None]
"""The number that a text states, None where it states none."""

LARGEST_SCALE = 10**12
_PLAIN = r"^-?[0-9]{1,11}(\.[0-9]{1,6})?$"
_LONG = r"^-?[0-9]{1,17}(\.[0-9]{1,17})?$"
_FEW, _MANY = 6, 17
"""So many decimal places have plain numbers, and have those that are looked at."""
_MOST_DIGITS = 18
"""So many always fit into 64 bits."""
_TOO_LARGE = 2**62


@frozen(eq=False)
class Numbers:
    """Whole numbers over one scale, and the rows that hold none."""

    values: Ints
    scale: int
    odd: Mask | None
    wide: bool = False
    """Whether they have so many places that little can be proved of them."""
    ends: tuple[int, int] | None = None
    """The least and the greatest of them, where that is known."""


def spelled(
    array: pa.Array, odd: Mask | None, value: Value, *, shift: int = 0, signed: bool = False, fine: bool = True
) -> Numbers:
    """The numbers that texts spell. A plain one is `shift` places smaller than it looks; of a column that is `signed` only
    those with a percent sign are plain. Where it is not to be `fine`, texts with more than six places are odd.
    """
    encoded = array.dictionary_encode()
    words, at = encoded.dictionary, places_of(encoded)
    bare = _without_commas(words)
    if signed:
        bare = pc.if_else(pc.ends_with(words, "%"), pc.replace_substring_regex(words, "%$", ""), "")
    fits, places = bits_of(pc.match_substring_regex(bare, _PLAIN)), _FEW
    if not fits.all():
        fits, places = _fitting(bare, at, _MANY if fine else _FEW)
        bare = pc.if_else(pa.array(fits), bare, "0")
    read = bare.cast(pa.decimal128(_MOST_DIGITS if places <= _FEW else 2 * _MOST_DIGITS, places))
    values, scale = np.frombuffer(read.buffers()[1], np.int64)[: 2 * len(read) : 2], 10**places
    while scale > 1 and not (values % 10).any():  # narrow numbers are judged faster
        values, scale = values // 10, scale // 10
    found = Numbers(values, scale * 10**shift, None if fits.all() else ~fits)
    most = LARGEST_SCALE if fine else 10 ** (_FEW + shift)
    found = _by_row(_with_others(found, words, value, most), encoded, odd)
    return evolve(found, wide=found.scale > 10 ** (_FEW + shift))


def each(array: pa.Array, value: Value) -> Numbers:
    """The numbers that texts state, whatever they look like."""
    encoded = array.dictionary_encode()
    size = len(encoded.dictionary)
    nobody = Numbers(np.zeros(size, np.int64), 1, np.ones(size, np.bool_))
    return _by_row(_with_others(nobody, encoded.dictionary, value, LARGEST_SCALE), encoded, None)


def _without_commas(words: pa.Array) -> pa.Array:
    """Texts without the commas between thousands."""
    if not pc.any(pc.match_substring(words, ","), min_count=0).as_py():
        return words
    return pc.replace_substring(words, ",", "")


def _fitting(words: pa.Array, at: npt.NDArray[np.int32], most: int) -> tuple[Mask, int]:
    """Which texts are plain numbers, by so many decimal places that the most rows have one."""
    dots = pc.find_substring(words, ".").to_numpy(zero_copy_only=False)
    lengths = pc.utf8_length(words).to_numpy(zero_copy_only=False)
    wholes, parts = np.where(dots < 0, lengths, dots), np.where(dots < 0, 0, lengths - dots - 1)
    plain = bits_of(pc.match_substring_regex(words, _LONG))
    rows = np.bincount(at[at >= 0], minlength=len(words))
    masks = [plain & (parts <= places) & (wholes + places <= _MOST_DIGITS) for places in range(most + 1)]
    places = max(range(most + 1), key=lambda one: (int(rows[masks[one]].sum()), -one))
    return masks[places], places


def _with_others(found: Numbers, words: pa.Array, value: Value, most: int) -> Numbers:
    """The numbers of texts, with those of the odd ones that state a number all the same, where it fits over a scale of at most
    `most`: that takes a hundredth of the time in which a row is judged alone.
    """
    if found.odd is None:
        return found
    others = [value(one) for one in words.filter(pa.array(found.odd)).to_pylist()]
    scale = lcm(found.scale, *(one.denominator for one in others if one is not None and most % one.denominator == 0))
    factor = scale // found.scale
    high = int(np.abs(found.values).max()) if len(found.values) else 0
    if high * factor >= _TOO_LARGE:
        scale, factor = found.scale, 1
    read = [None if one is None or scale % one.denominator else int(one * scale) for one in others]
    read = [None if one is None or abs(one) >= _TOO_LARGE else one for one in read]
    values, odd = found.values * factor, np.zeros(len(found.values), np.bool_)
    values[found.odd] = [0 if one is None else one for one in read]
    odd[found.odd] = [one is None for one in read]
    return Numbers(values, scale, odd if odd.any() else None)


def _by_row(found: Numbers, encoded: pa.DictionaryArray, odd: Mask | None) -> Numbers:
    """The numbers of rows, from those of their texts."""
    at = places_of(encoded)
    if found.odd is not None or encoded.indices.null_count:
        wrong = np.zeros(len(found.values), np.bool_) if found.odd is None else found.odd
        odd = either(odd, np.append(wrong, True)[at])
    return Numbers(np.append(found.values, 0)[at], found.scale, odd)


def places_of(encoded: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """The place of every cell's text in the dictionary; −1, the last, where the cell is empty."""
    found: npt.NDArray[np.int32] = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return found


def bits_of(array: pa.Array) -> Mask:
    """A column of truths."""
    found: Mask = array.to_numpy(zero_copy_only=False).astype(np.bool_)
    return found
