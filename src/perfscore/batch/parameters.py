"""Read parameters for many rows at once.

In: a parameter, and the columns that it is read by. Out: its value in every row, none where it has none for that group. One
that has values by days is left to the exact reader.
"""

from __future__ import annotations

import numpy as np

from perfscore.formula.choosing import chosen
from perfscore.formula.columns import Column, Columns, Texts, Truths
from perfscore.formula.shapes import Name
from perfscore.formula.wholes import UNSAID, Figures, Mask, NoColumns, constant, earlier
from perfscore.parameter import Parameter


def parameter_in(columns: Columns, parameter: Parameter) -> Column:
    """The value of a parameter in every row."""
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
