"""The groups of a batch.

In: a column of texts or truths. Out: the word or the truth of every group, with the group of each row. Which row is in which
group is all that is decided here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from perfscore.formula.columns import Column, Texts, Truths
from perfscore.formula.wholes import Figures, Lacks, NoColumns
from perfscore.standings import Group


@frozen(eq=False)
class Groups:
    """The groups of a batch, by what stands in their slot, and for each row the place of its own among them."""

    keys: tuple[Group, ...]
    places: npt.NDArray[np.intp]
    without: Lacks | None


def groups_of(column: Column | None, size: int) -> Groups:
    """The groups of some rows; where there is no column all are one."""
    match column:
        case None:
            return Groups((None,), np.zeros(size, np.intp), None)
        case Texts(places=places, words=words, without=without):
            keys = {word: at for at, word in enumerate(dict.fromkeys(words))}  # a word may be written in two ways
            return Groups(tuple(keys), np.array([keys[word] for word in words], np.intp)[places], without)
        case Truths(holds=holds, without=without):
            return Groups((False, True), np.broadcast_to(np.asarray(holds), (size,)).astype(np.intp), without)
        case Figures():
            raise NoColumns
