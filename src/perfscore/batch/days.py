"""The day by which dated parameters are read, in every row.

In: the columns that say when and for which period a subject was assessed. Out: a column of days, without a value where none is
said, and the rows in which one is said that is none. What a cell states is found out by the reader of single rows; of equal
cells one is read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from perfscore.batch.cells import facts_of
from perfscore.batch.headers import Heading
from perfscore.batch.spelling import places_of
from perfscore.formula.columns import day_number
from perfscore.formula.wholes import UNSAID, Figures, Mask, NoColumns
from perfscore.intake import day_of

WHEN = (("subject", "date"), ("subject", "period"))
"""What a row says of its day."""


def days_of(headings: Sequence[Heading], arrays: Sequence[pa.Array], size: int) -> tuple[Figures, Mask | None]:
    """The days of all rows, from the columns that say `WHEN`, and the rows with a cell that is no day."""
    at = np.zeros(size, np.int64)
    kinds: list[tuple[object, ...]] = [()]
    for array in arrays:
        try:
            encoded = array.dictionary_encode()
        except pa.ArrowNotImplementedError:
            raise NoColumns from None
        cells = [*encoded.dictionary.to_pylist(), None]
        met, at = np.unique(at * len(cells) + places_of(encoded) % len(cells), return_inverse=True)
        kinds = [(*kinds[one // len(cells)], cells[one % len(cells)]) for one in met.tolist()]
    read = [facts_of(headings, one) for one in kinds]
    days = [day_of(facts.subject) for facts, _ in read]
    numbers = np.array([0 if day is None else day_number(day) for day in days], np.int64)[at]
    without = np.array([UNSAID if day is None else 0 for day in days], np.int32)[at]
    wrong = np.array([bool(told) for _, told in read], np.bool_)[at]
    low, high = (int(numbers.min()), int(numbers.max())) if size else (0, 0)
    return Figures(numbers, 1, low, high, 1, without if without.any() else None), wrong if wrong.any() else None
