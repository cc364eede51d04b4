"""Figures that show a finding: a value that a person would choose, and the facts that give it.

In: a leaf and a stretch of its value. Out: one value in it that can be observed, as a facts file writes the figures
that give it, and as a sentence says them; nothing where no such figures are found. What is given is exact: the measure
comes to that value, every figure lies in its domain, and the indicator applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from attrs import field, frozen

from perfscore.analysis.curves import points_curve
from perfscore.criterion import Place
from perfscore.diagnostic import KeyPath
from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.piece import Curve
from perfscore.formula.prose import number_text
from perfscore.formula.regions import meet, witness
from perfscore.formula.shapes import Formula, Name
from perfscore.formula.solving import Figures, figures_giving, pinned, spelled_out
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Term, with_terms
from perfscore.indicator import Indicator
from perfscore.quantity import decimal
from perfscore.rulebook import Rulebook
from perfscore.words import Words


@frozen
class Shown:
    """A value, and the figures that give it."""

    value: Fraction
    says: Words
    witness: tuple[tuple[str, str], ...]


@frozen
class Looked:
    """A leaf with a number for its value, as analysis looks at it."""

    leaf: Indicator
    at: KeyPath
    place: Place
    whole: bool
    percent: bool
    measured: Formula
    """Its measure in the figures that facts supply."""
    inputs: Mapping[str, Term] = field(hash=False)
    applies: tuple[Formula, ...] = ()
    pieces: Curve | None = None
    """The points at each value, where they rest on it alone."""

    def show(self, where: Interval) -> Shown | None:
        """A value in a stretch that can be observed."""
        domain = bounds(Name("value"), self.place.vocabulary)
        for stretch in meet((where,), (domain,)):
            for value in _candidates(stretch, whole=self.whole, percent=self.percent):
                if (shown := self.shown(value)) is not None:
                    return shown
        return None

    def shown(self, value: Fraction) -> Shown | None:
        """The figures that give a value."""
        term = self.place.vocabulary["value"]
        if decimal(value) is None:
            return None
        text = number_text(value, percent=self.percent)
        says = Words(zh=f"{term.label}{text}", en=f"{term.label} {text}")
        if isinstance(self.measured, Name) and self.measured.name in self.inputs:
            facts: Figures | None = ((self.measured.name, value),)
        else:
            facts = figures_giving(self.measured, value, self.inputs)
            if facts is not None:
                each = [(self.inputs[name].label, self._text(name, held)) for name, held in facts]
                chinese, english = "，".join(map("".join, each)), ", ".join(map(" ".join, each))
                says += Words(zh=f"（{chinese}）", en=f" ({english})")
        if facts is None or not self._applies(facts):
            return None
        return Shown(value, says, tuple((name, self._text(name, held)) for name, held in facts))

    def kept(self, value: Fraction) -> Fraction | None:
        """The points at a value, before rounding."""
        for piece in self.pieces or ():
            if piece.where.holds(value):
                return piece.at(value)
        return None

    def _text(self, name: str, held: Fraction) -> str:
        return number_text(held, percent=self.inputs[name].type == "percent")

    def _applies(self, facts: Figures) -> bool:
        known = with_terms(self.place.vocabulary, pinned(facts, self.inputs))
        return all(always(one, known) is not False for one in self.applies)


def looked(rulebook: Rulebook) -> tuple[Looked, ...]:
    """Every leaf with a number for its value."""
    return _looked(rulebook)


@lru_cache(maxsize=4)
def _looked(rulebook: Rulebook) -> tuple[Looked, ...]:
    inputs = {name: term for one in rulebook.all_inputs() for name, term in one.terms.items()}
    measures = {one.name: one.formula for one in rulebook.measures}
    made: list[Looked] = []
    for leaf in rulebook.indicators():
        place = rulebook.place(leaf)
        if leaf.measured is None or type_of(Name("value"), place.vocabulary).sort != "number":
            continue
        kind = type_of(Name("value"), place.vocabulary)
        made.append(
            Looked(
                leaf,
                ("indicators", *leaf.id.split(".")),
                place,
                kind.whole,
                place.vocabulary["value"].type == "percent",
                spelled_out(leaf.measured, measures),
                inputs,
                tuple(spelled_out(one.applies, measures) for one in rulebook.lines[leaf.id] if one.applies is not None),
                points_curve(leaf.criterion, place),
            )
        )
    return tuple(made)


def _candidates(where: Interval, *, whole: bool, percent: bool) -> Iterator[Fraction]:
    """Values in a stretch, the one that a person would choose first, then others in case that one cannot be observed."""
    ends = [Interval(where.high, where.high)] if where.high_closed and isinstance(where.high, Fraction) else []
    inner = [Interval(where.low, where.high, False, False)] if where.low < where.high else []
    found = (witness(one, whole=whole, percent=percent) for one in (where, *inner, *ends))
    yield from dict.fromkeys(value for value in found if value is not None)
