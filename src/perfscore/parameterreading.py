"""Read a parameter for one subject.

In: a parameter, and where its names, its group and the day stand in a row. Out: a reader of the value that holds for the
row's group and day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from perfscore.formula.arithmetic import Absent, Reader, Slot, Unreadable, Value
from perfscore.formula.exact import Slots
from perfscore.formula.shapes import Name
from perfscore.parameter import Parameter
from perfscore.plan import DAY


def reader_of(parameter: Parameter, slots: Slots, of: Mapping[str, int]) -> Reader:
    """A reader that finds the value for the row's group and day; where there is none, that is told, never guessed."""
    values = {formula: slots.value(formula) for formula in parameter.formulas()}
    group = None if parameter.by is None else slots.value(Name(parameter.by))
    day = of[DAY] if parameter.dated else None

    def read(row: list[Slot]) -> Value:
        key = "" if group is None else _key(group(row))
        on = None if day is None else row[day]
        known = on if isinstance(on, date) else None
        found = parameter.at(key, known)
        if found is None:
            undated = day is not None and known is None and key in parameter.values
            raise Unreadable(Absent(parameter.name, "no-day" if undated else "no-value"))
        return values[found](row)

    return read  # type: ignore[return-value]


def _key(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
