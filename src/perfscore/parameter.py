"""参数 — a value that varies: by group of subject, over time, or both.

In: for each group the values there are and the day from which each holds. Out: `Parameter`, which finds the one for a
group and a day; where there is none it says what there is, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.frozen import Frozen

ONE = ""
"""The key of a parameter that is the same for every group; no group has an empty name."""


@frozen
class Dated:
    """A value, and the day from which it holds; without a day it always has."""

    formula: Formula
    start: date | None = None


@frozen
class Parameter:
    """参数 — `by` names the input that tells the group; without it the one entry stands at `ONE`."""

    name: str
    label: str
    values: Frozen[str, tuple[Dated, ...]]
    by: str | None = None
    unit: str | None = None
    note: str | None = None

    @property
    def dated(self) -> bool:
        """Whether the day matters."""
        return any(one.start is not None for dated in self.values.values() for one in dated)

    def formulas(self) -> Iterator[Formula]:
        """Every value that it can have."""
        for dated in self.values.values():
            yield from (one.formula for one in dated)

    def reads(self) -> tuple[str, ...]:
        """Every name that it reads."""
        own = () if self.by is None else (self.by,)
        return tuple(dict.fromkeys((*own, *(name for one in self.formulas() for name in names(one)))))

    def at(self, group: str, day: date | None) -> Formula | None:
        """The value for a group on a day, or None where there is none."""
        known = [
            one for one in self.values.get(group, ()) if one.start is None or (day is not None and one.start <= day)
        ]
        return max(known, key=lambda one: one.start or date.min).formula if known else None
