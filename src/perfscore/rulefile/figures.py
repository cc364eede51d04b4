"""Decode the figures of a rule file: inputs and measures.

In: their tables. Out: `Input` and `Measure`, or nothing after complaining.
"""

from __future__ import annotations

from fractions import Fraction

from perfscore.diagnostic import Diagnostic, KeyPath
from perfscore.formula.vocabulary import Domain
from perfscore.indicator import Input
from perfscore.rulebook import Measure
from perfscore.rulefile.table import FORMULA_UNREADABLE, Complain, read_as
from perfscore.rulefile.written import WrittenInput, WrittenMeasure, WrittenOwnInput
from perfscore.words import Words


def read_input(name: str, table: object, at: KeyPath, complain: Complain) -> Input | None:
    """A declared input."""
    written = read_as(WrittenInput, table, at, complain)
    return None if written is None else input_of(name, written.label, written, at, complain)


def input_of(name: str, label: str, written: WrittenOwnInput, at: KeyPath, complain: Complain) -> Input:
    """An input from what was written of it, under a name and a label that stand elsewhere."""
    low, high = written.min or written.above, written.max or written.below
    ends: list[Fraction | None] = []
    for key, end in (("min", low), ("max", high)):
        if end is not None and end.constant is None:
            place = (*at, key if getattr(written, key) is not None else {"min": "above", "max": "below"}[key])
            complain(
                Diagnostic(
                    FORMULA_UNREADABLE,
                    place,
                    Words(zh="应是一个数", en="expected a number"),
                    Words(zh='如 0 或 "100%"', en='as in 0 or "100%"'),
                )
            )
        ends.append(end.constant.value if end is not None and end.constant is not None else None)
    domain = Domain(
        ends[0],
        ends[1],
        written.above is None or written.min is not None,
        written.below is None or written.max is not None,
        written.choices,
    )
    return Input(
        name, label, written.type, written.unit, written.needed, written.bare, domain, written.from_, written.note
    )


def read_measure(name: str, table: object, at: KeyPath, complain: Complain) -> Measure | None:
    """A derived figure."""
    written = read_as(WrittenMeasure, table, at, complain)
    if written is None:
        return None
    return Measure(name, written.formula.formula, written.label or name, written.unit, written.note)
