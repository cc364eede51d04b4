"""What a layout's names stand for among the facts of one assessment.

In: an assessment, and the `reads` of a layout. Out: texts, amounts in the unit of the form, indicators; None where the
facts do not say it. A name is that of an input, a measure or an indicator, or what the rulebook calls it.
Nothing is guessed: an amount whose unit is not one of money is no amount.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from perfscore.assessment import Assessment, IndicatorResult
from perfscore.facts import Raw
from perfscore.formula.prose import STYLES, near_text
from perfscore.formula.units import read_unit
from perfscore.formula.vocabulary import Term
from perfscore.frozen import Frozen
from perfscore.indicator import Indicator
from perfscore.quantity import Rounding, exact, spelled
from perfscore.valuetext import YES_NO, unit_text
from perfscore.words import Language

TWO = Rounding(2)
Figure: TypeAlias = tuple[Raw, Term]
"""A figure, and how it was declared."""


@frozen
class Bound:
    """The facts of an assessment, by the names that a layout has for them."""

    assessment: Assessment
    reads: Frozen[str, tuple[str, ...]]
    language: Language

    def text(self, name: str) -> str | None:
        """A fact as a form prints it, with its unit."""
        found = self._fact(name)
        return None if found is None else figure_text(*found, self.language)

    def amount(self, name: str | None, unit: str) -> Fraction | None:
        """An amount of money in a unit: 8785000元 is 878.5万元."""
        found = None if name is None else self._fact(name)
        return None if found is None else amount_in(unit, *found)

    def indicator(self, name: str | None) -> IndicatorResult | None:
        """A leaf by its id or its name, where its points stand in the total as they are."""
        wanted = () if name is None else self.reads[name]
        leaves = [one for one in self.assessment.results if isinstance(one.node, Indicator)]
        return next((one for key in wanted for one in leaves if key in (one.id, one.name)), None)

    def _fact(self, name: str) -> Figure | None:
        """The first of the names that the rulebook has and the facts give."""
        known = figures(self.assessment)
        return next((known[key] for key in self.reads[name] if key in known), None)


def figures(assessment: Assessment) -> dict[str, Figure]:
    """Every figure that the facts give or the rulebook derives, by its name and by what people call it."""
    terms = assessment.rulebook.vocabulary()
    known: dict[str, Figure] = {}
    for name, fact in assessment.facts.inputs.items():
        if name in terms and not isinstance(fact.value, tuple):
            known[name] = (fact.value, terms[name])
    known |= {one.name: (one.value, terms[one.name]) for one in assessment.measures if one.value is not None}
    return {term.label: (value, term) for value, term in reversed(known.values())} | known


def amount_in(unit: str, value: Raw, term: Term) -> Fraction | None:
    """A figure in a unit; None where it is no number or of another unit, or none."""
    if isinstance(value, bool | str | date):
        return None
    stated, wanted = read_unit(term.unit or ""), read_unit(unit)
    return exact(value) * stated.scale / wanted.scale if stated.bases == wanted.bases else None


def figure_text(value: Raw, term: Term, language: Language) -> str:
    """A figure as a form prints it, with its unit."""
    match value:
        case bool():
            return YES_NO[value].into(language)
        case str():
            return value
        case date():
            return STYLES[language].day.format(value)
        case _:
            return near_text(exact(value), percent=term.type == "percent") + unit_text(term, language)


def amount_text(amount: Fraction) -> str:
    """An amount as forms print it: with two decimals, or all that it has.

    >>> amount_text(Fraction("878.5")), amount_text(Fraction("0.0125"))
    ('878.50', '0.0125')
    """
    return (
        f"{TWO.published(TWO.units(amount.numerator, amount.denominator)):f}" if TWO.holds(amount) else spelled(amount)
    )


def percentage(part: Fraction, whole: Fraction) -> str:
    """A share as a form prints it, with two decimals: 96.50%."""
    share = part / whole * 100
    return f"{TWO.published(TWO.units(share.numerator, share.denominator)):f}%"
