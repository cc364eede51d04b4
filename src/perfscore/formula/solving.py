"""Which figures make a formula come to a number?

In: a formula in the figures that facts supply, and what each can be. Out: a value for each, by which the formula comes
to the number exactly, or leaves an interval; nothing where none are found, which proves nothing. Figures are taken plainly.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice, product
from typing import TypeAlias

from attrs import evolve

from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import End, Interval
from perfscore.formula.piece import NoCurveError, Piece
from perfscore.formula.pieces import curve, truth
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.regions import witness
from perfscore.formula.shapes import Comparator, Comparison, Constant, Formula, Name
from perfscore.formula.vocabulary import NUMERIC, Domain, Term, Vocabulary, with_terms
from perfscore.formula.walking import names
from perfscore.quantity import decimal

PLAIN = tuple(map(Fraction, (100, 10, 1, 0, 2)))
"""What other figures of a formula are taken to be, as far as they may."""
FAR = tuple(map(Fraction, (1_000, 1_000_000, -1, -1_000, -1_000_000)))
MOST_TRIES = 60

Figures: TypeAlias = tuple[tuple[str, Fraction], ...]


def spelled_out(formula: Formula, measures: Mapping[str, Formula]) -> Formula:
    """A formula in which measures stand as what they are made of."""

    def step(one: Formula) -> Formula | None:
        return spelled_out(measures[one.name], measures) if isinstance(one, Name) and one.name in measures else None

    return rebuilt(formula, step)


def figures_giving(formula: Formula, value: Fraction, inputs: Vocabulary) -> Figures | None:
    """Figures by which a formula comes to a number, exactly: all but one are taken plainly, and that one is solved for."""
    read = names(formula)
    if not read or any(name not in inputs or inputs[name].type not in NUMERIC for name in read):
        return None
    tries = 0
    for free in read:
        others = [name for name in read if name != free]
        for held in product(*(_plain(inputs[name]) for name in others)):
            if (tries := tries + 1) > MOST_TRIES:
                return None
            given = tuple(zip(others, held, strict=True))
            found = _solved(formula, value, free, with_terms(inputs, pinned(given, inputs)))
            if found is not None:
                chosen = {**dict(given), free: found}
                return tuple((name, chosen[name]) for name in read)
    return None


def _solved(formula: Formula, value: Fraction, free: str, known: Vocabulary) -> Fraction | None:
    whole = known[free].type == "count"
    try:
        pieces = curve(formula, free, bounds(Name(free), known), known)
    except NoCurveError:
        return None
    for piece in pieces:
        found = _where_it_is(piece, value, whole=whole)
        if found is not None and decimal(found) is not None and (found.denominator == 1 or not whole):
            return found
    return None


def figures_leaving(formula: Formula, where: Interval, known: Vocabulary) -> Figures | None:
    """Figures by which a formula comes to a number outside of an interval."""
    read = names(formula)
    if not read or any(known[name].type not in NUMERIC for name in read):
        return None
    if len(read) == 1:
        return _one_leaving(formula, where, read[0], known)
    for held in islice(product(*(_plain(known[name], ends_first=True) for name in read)), MOST_TRIES):
        given = tuple(zip(read, held, strict=True))
        found = bounds(formula, with_terms(known, pinned(given, known)))
        if found.low == found.high and not found.within(where):
            return given
    return None


def _one_leaving(formula: Formula, where: Interval, name: str, known: Vocabulary) -> Figures | None:
    term = known[name]
    sides: list[tuple[Comparator, End]] = [(">" if where.high_closed else "≥", where.high)]
    sides.append(("<" if where.low_closed else "≤", where.low))
    for by, end in sides:
        if not isinstance(end, Fraction):
            continue
        try:
            found = truth(Comparison(formula, by, Constant(end)), name, bounds(Name(name), known), known)
        except NoCurveError:
            return None
        for stretch, leaves in found:
            held = witness(stretch, whole=term.type == "count", percent=term.type == "percent") if leaves else None
            if held is not None:
                return ((name, held),)
    return None


def _where_it_is(piece: Piece, value: Fraction, *, whole: bool) -> Fraction | None:
    (start, slope), (below, per) = piece.above, piece.below
    rate = slope - value * per
    if not rate:
        return witness(piece.where, whole=whole) if start == value * below else None
    found = (value * below - start) / rate
    return found if piece.where.holds(found) else None


def _plain(term: Term, *, ends_first: bool = False) -> list[Fraction]:
    """Round numbers that a figure can be."""
    domain = term.domain
    ends = [one for one in (domain.low, domain.high) if one is not None]
    shift = [Fraction(1), Fraction(1, 2)] if term.type == "percent" else []
    every = (*ends, *shift, *PLAIN, *FAR) if ends_first else (*shift, *PLAIN, *ends)
    whole = term.type == "count"
    return [one for one in dict.fromkeys(every) if domain.holds(one) and (one.denominator == 1 or not whole)]


def pinned(facts: Figures, terms: Vocabulary) -> dict[str, Term]:
    """What each figure stands for, where it is known to be one number."""
    return {name: evolve(terms[name], domain=Domain(held, held)) for name, held in facts}
