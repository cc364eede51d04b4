"""One figure of a subject that may be changed: where it stands, what it can be, and how a change of it is told.

In: a figure in its slot, or one cell of a record. Out: the values it can be, as a ruler, and the sentence of a change.
Whether a change wins anything is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from attrs import frozen

from perfscore.formula.arithmetic import Slot, Value
from perfscore.formula.exact import fraction, ratio
from perfscore.formula.intervals import Interval
from perfscore.formula.vocabulary import Term
from perfscore.quantity import Rounding, decimal
from perfscore.recovery import OF_RECORD, day_change, number_change, turned
from perfscore.seeking import Ruler, whole_domain
from perfscore.words import Words

FINEST = 6
"""Decimal places beyond which a figure is not told any finer."""
PLACES = {"count": 0, "percent": 4}
PLACES_OF_OTHERS = 2
HAIR = Fraction(1, 1000)
"""What is a hair of a figure: one of a count, a day, a tenth of a percentage point, of others a thousandth of the edge."""
WIDE = 10
"""How much wider than what is missing a band or a step is at least: where steps are small, every figure is near one."""


@frozen(eq=False)
class Figure:
    """A figure that may be changed: its name and term, where it stands, and what puts another value there."""

    name: str
    term: Term
    held: Value
    slot: int
    put: Callable[[Slot], Slot]
    record: Words | None = None

    @property
    def what(self) -> Words:
        """What people call it."""
        label = Words.same(self.term.label)
        return label if self.record is None else OF_RECORD.fill(record=self.record, what=label)

    def ruled(self) -> tuple[Fraction, Ruler]:
        """Where it is, and the values that it can be: days, whole numbers, or as many places as it was told with."""
        if isinstance(self.held, date):
            days = whole_domain(Fraction(1), Fraction(date.max.toordinal()), True, True)
            return Fraction(self.held.toordinal()), Ruler(self.name, self.term, Fraction(1), days)
        if not isinstance(self.held, tuple):
            raise TypeError(self.held)
        at, places = fraction(self.held), PLACES.get(self.term.type, PLACES_OF_OTHERS)
        if self.term.type != "count" and (known := decimal(at)) is not None:
            places = min(FINEST, max(places, -int(known.as_tuple().exponent)))
        domain = self.term.domain
        reach = whole_domain(domain.low, domain.high, domain.low_closed, domain.high_closed)
        return at, Ruler(self.name, self.term, Rounding(places).unit, reach)

    def at(self, value: Fraction) -> Value:
        """A value of its ruler, as a row holds it."""
        return date.fromordinal(int(value)) if isinstance(self.held, date) else ratio(value)

    def is_hair(self, away: Fraction, edge: Fraction, level: Interval) -> bool:
        """Whether it would have to move by no more than a hair to reach an edge, of a level stretch that is wide beside it."""
        hair = abs(edge) * HAIR
        if self.term.type in ("count", "date"):
            hair = Fraction(1)
        elif self.term.type == "percent":
            hair = HAIR
        return away <= hair and level.high - level.low >= WIDE * away

    def told(self, to: Value) -> tuple[Words, str | None]:
        """The change to a value as a sentence, and by how much."""
        match self.held, to:
            case bool(), bool():
                return turned(self.what, to), None
            case date() as held, date() as day:
                return day_change(self.what, held, day)
            case tuple() as held, tuple() as number:
                return number_change(self.term, self.what, fraction(held), fraction(number))
            case _:
                raise TypeError(to)

    @property
    def unit(self) -> str | None:
        """What it is moved by: days, percentage points, its own unit."""
        return {"date": "day", "percent": "pp"}.get(self.term.type, self.term.unit)
