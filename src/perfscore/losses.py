"""Readers of what a plan holds beside plain formulas: losses and gains, ranges, parameters.

In: a part of the model, and the slots its names stand in. Out: readers made once and called for every subject.
No fact is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from perfscore.criterion import Gain, Loss, Place
from perfscore.formula.arithmetic import Absent, Reader, Slot, Unreadable, Value
from perfscore.formula.bounds import bounds
from perfscore.formula.exact import Slots
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import Constant, Formula, Name, Peers
from perfscore.formula.walking import judged_parts
from perfscore.indicator import Node
from perfscore.parameter import Parameter
from perfscore.plan import DAY, PlannedLoss, PlannedRange


def parameter_reader(parameter: Parameter, slots: Slots, of: Mapping[str, int]) -> Reader:
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


def planned_range(node: Node, slots: Slots) -> PlannedRange | None:
    """The ends of what a node may give, where it says them."""
    if node.range is None:
        return None
    return PlannedRange(slots.numeric(node.range.low.low), slots.numeric(node.range.high.low))


def planned_losses(losses: Iterable[Loss], slots: Slots, same: Mapping[str, Constant]) -> tuple[PlannedLoss, ...]:
    """Losses with their readers; a weight and a target that are the `same` for everybody are put in before they are made."""

    def known(formula: Formula) -> Formula:
        return rebuilt(formula, stands) if same else formula

    def stands(one: Formula) -> Formula | None:
        # what is read of others keeps its words: they are its name
        return one if isinstance(one, Peers) else same.get(one.name) if isinstance(one, Name) else None

    def planned(one: Loss) -> PlannedLoss:
        over = None if one.over is None else slots.of[one.over]
        most = None if one.at_most is None else slots.numeric(known(one.at_most))
        points = known(one.points)
        return PlannedLoss(one, points, slots.numeric(points), judged_parts(one.points), over, most)

    return tuple(map(planned, losses))


def can_give(gain: Gain, place: Place) -> bool:
    """Whether a gain can ever give anything: most kinds that say what is kept never go beyond the weight."""
    return bounds(gain.points, place.vocabulary).high > 0
