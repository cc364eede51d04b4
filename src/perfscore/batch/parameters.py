"""The value of a parameter in every row: by the group of its subject, by its day, or both.

In: a parameter, the columns that its group and its values are read from, and the day of every row. Out: a column, without a
value where there is none for the group on that day. It is what `Parameter.at` finds row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from perfscore.formula.choosing import chosen
from perfscore.formula.columns import Column, Columns, Texts, Truths, day_number
from perfscore.formula.shapes import Name
from perfscore.formula.wholes import UNSAID, Figures, Lacks, Mask, NoColumns, constant, earlier
from perfscore.parameter import ONE, Parameter


def parameter_column(parameter: Parameter, columns: Columns, days: Figures | None) -> Column:
    """The values of a parameter; `days` are those of the rows, None where no day is said in any."""
    if parameter.by is None and not parameter.dated:
        only = parameter.at(ONE, None)
        if only is None:
            raise NoColumns
        return columns.read(only)
    everybody = np.ones(columns.size, np.bool_)
    groups, without = [(ONE, everybody)], None
    if parameter.by is not None:
        groups, without = _groups(columns.read(Name(parameter.by)))
    spans = [*_spans(parameter, days)] if parameter.dated and days is not None else [(None, everybody)]
    found = constant(0, np.full(columns.size, UNSAID, np.int32))
    for word, there in groups:
        for day, then in spans:
            formula = parameter.at(word, day)
            if formula is not None:
                found = chosen(there & then, columns.figures(formula), found)
    return Figures(found.above, found.below, found.low, found.high, found.most, earlier(without, found.without))


def _groups(group: Column) -> tuple[list[tuple[str, Mask]], Lacks | None]:
    """Every group and its rows, and the rows in which none is said."""
    if isinstance(group, Texts):
        groups = [(word, group.places == at) for at, word in enumerate(group.words[:-1])]
        last = group.places == len(group.words) - 1
        return [*groups, (group.words[-1], last | (group.places == -1))], group.without
    if isinstance(group, Truths):
        return [("true", np.asarray(group.holds)), ("false", np.logical_not(group.holds))], group.without
    raise NoColumns


def _spans(parameter: Parameter, days: Figures) -> Iterator[tuple[date | None, Mask]]:
    """The days on which something begins to hold, each with the rows from then on to the next; first those before all of them,
    and those without a day, for which only what always holds does.
    """
    starts = sorted({one.start for dated in parameter.values.values() for one in dated if one.start is not None})
    begun = np.searchsorted(np.array([day_number(one) for one in starts]), days.above, side="right")
    if days.without is not None:
        begun = np.where(days.without != 0, 0, begun)
    for at, start in enumerate((None, *starts)):
        yield start, begun == at
