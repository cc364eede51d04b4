"""The groups of a batch, and the figures that are others in each.

In: a column of texts or truths. Out: the word or the truth of every group, with the group of each row; and a parameter with
what holds for the group of each row. Which row is in which group is all that is decided here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from perfscore.formula.choosing import chosen
from perfscore.formula.columns import Column, Columns, Texts, Truths
from perfscore.formula.shapes import Name
from perfscore.formula.wholes import UNSAID, Figures, Lacks, Mask, NoColumns, constant, earlier
from perfscore.parameter import Parameter
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


def parameter_column(parameter: Parameter, columns: Columns) -> Column:
    """A parameter with the figure of the group of each row."""
    if parameter.dated:
        raise NoColumns
    if parameter.by is None:
        only = parameter.at("", None)
        if only is None:
            raise NoColumns
        return columns.read(only)
    group = columns.read(Name(parameter.by))
    groups: list[tuple[str, Mask]] = []
    if isinstance(group, Texts):
        groups = [(word, group.places == at) for at, word in enumerate(group.words[:-1])]
        last = group.places == len(group.words) - 1
        groups.append((group.words[-1], last | (group.places == -1)))
    elif isinstance(group, Truths):
        groups = [("true", np.asarray(group.holds)), ("false", np.logical_not(group.holds))]
    else:
        raise NoColumns
    found = constant(0, np.full(columns.size, UNSAID, np.int32))
    for word, there in groups:
        formula = parameter.at(word, None)
        if formula is not None:
            found = chosen(there, columns.figures(formula), found)
    return Figures(found.above, found.below, found.low, found.high, found.most, earlier(group.without, found.without))
