"""A judged value as a sentence shows it, and as a machine reads it.

In: what stands in a slot, and what is declared of it. Out: text. Nothing is rounded for a machine.
"""

from __future__ import annotations

from datetime import date

from perfscore.formula.arithmetic import Absent, Records, Row, Value
from perfscore.formula.exact import fraction
from perfscore.formula.prose import STYLES, near_ratio
from perfscore.formula.units import unit_words
from perfscore.formula.vocabulary import Term
from perfscore.quantity import spelled
from perfscore.words import Language, Words

YES_NO = {True: Words(zh="是", en="yes"), False: Words(zh="否", en="no")}


def value_in(row: Row, slot: int) -> Value | None:
    """What stands in a slot, or None where nothing does."""
    value = row[slot]
    return None if isinstance(value, Absent) else value


def unit_text(term: Term, language: Language) -> str:
    """The unit that stands after a value; a percentage has its sign already."""
    return "" if term.unit in (None, "%") or term.type == "percent" else unit_words(term.unit).into(language)


def value_text(value: Value | None, term: Term, language: Language) -> str:
    """A value for a sentence."""
    match value:
        case bool():
            return YES_NO[value].into(language)
        case tuple():
            return near_ratio(*value, percent=term.type == "percent")
        case date():
            return STYLES[language].day.format(value)
        case _:
            return exactly(value) or "—"


def exactly(value: Value | None) -> str | None:
    """A value for a machine: exact, without sign or unit."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case tuple():
            return spelled(fraction(value))
        case str():
            return value
        case Records():
            return str(value)
        case _:
            return value.isoformat()
