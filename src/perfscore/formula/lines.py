"""Formulas that are straight lines in one figure, as most of what criteria compute is: `weight − value ÷ target × weight`.

In: a formula. Out: the figure, its slope and what is there at 0, exactly; nothing where it reads two figures, or bends.
Only the shape is looked at; no figure is read here.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from perfscore.formula.shapes import Constant, Formula, Name, Negative, Product, Quotient, Sum


@frozen
class Line:
    """`slope × name + start`; a constant has no name."""

    name: str | None
    slope: Fraction
    start: Fraction

    def times(self, factor: Fraction) -> Line:
        """The line, stretched."""
        return Line(self.name, self.slope * factor, self.start * factor)


def line_of(formula: Formula) -> Line | None:
    """The line that a formula is.

    >>> line_of(Quotient(Sum((Name("value"), Constant(Fraction(-1)))), Constant(Fraction(1, 2))))
    Line(name='value', slope=Fraction(2, 1), start=Fraction(-2, 1))
    """
    match formula:
        case Constant(value=value):
            return Line(None, Fraction(0), value)
        case Name(name=name):
            return Line(name, Fraction(1), Fraction(0))
        case Negative(of=of):
            return None if (line := line_of(of)) is None else line.times(Fraction(-1))
        case Sum(terms=terms):
            return _sum(terms)
        case Product(factors=factors):
            return _product(factors)
        case Quotient(above=above, below=Constant(value=value)) if value:
            return None if (line := line_of(above)) is None else line.times(1 / value)
        case _:
            return None


def _sum(terms: tuple[Formula, ...]) -> Line | None:
    found = Line(None, Fraction(0), Fraction(0))
    for term in terms:
        line = line_of(term)
        if line is None or (line.name is not None and found.name not in (None, line.name)):
            return None
        found = Line(found.name or line.name, found.slope + line.slope, found.start + line.start)
    return found


def _product(factors: tuple[Formula, ...]) -> Line | None:
    found = Line(None, Fraction(0), Fraction(1))
    for factor in factors:
        line = line_of(factor)
        if line is None or (line.name is not None and found.name is not None):
            return None
        one, other = (found, line) if line.name is None else (line, found)
        found = one.times(other.start)
    return found
