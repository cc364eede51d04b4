"""Figures that show a finding: a value that a person would choose, and the facts that give it.

In: a leaf and a stretch of its value. Out: one value in it that can be observed, as a facts file writes the figures
that give it, and as a sentence says them; nothing where no such figures are found. What is given is exact: the measure
comes to that value, every figure lies in its domain, and the indicator applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product

from attrs import evolve, field, frozen

from perfscore.analysis.curves import points_curve
from perfscore.criterion import Place
from perfscore.diagnostic import KeyPath
from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.pieces import Curve, NoCurveError, Piece, curve
from perfscore.formula.prose import number_text
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.regions import meet, witness
from perfscore.formula.shapes import Formula, Name
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import NUMERIC, Domain, Term, Vocabulary
from perfscore.formula.walking import names
from perfscore.indicator import Indicator
from perfscore.quantity import decimal
from perfscore.rulebook import Rulebook
from perfscore.words import Words

PLAIN = tuple(map(Fraction, (100, 10, 1, 0, 2)))
"""What other figures of a measure are taken to be, as far as they may."""
MOST_TRIES = 60

Facts = tuple[tuple[str, Fraction], ...]


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
            facts: Facts | None = ((self.measured.name, value),)
        else:
            facts = facts_giving(self.measured, value, self.inputs)
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

    def _applies(self, facts: Facts) -> bool:
        known = {**self.inputs, **_points(facts, self.inputs)}
        return all(always(one, known) is not False for one in self.applies)


def looked(rulebook: Rulebook) -> tuple[Looked, ...]:
    """Every leaf with a number for its value."""
    return _looked(rulebook)


@lru_cache(maxsize=4)
def _looked(rulebook: Rulebook) -> tuple[Looked, ...]:
    inputs = {name: term for one in rulebook.all_inputs() for name, term in one.terms.items()}
    made: list[Looked] = []
    above = dict(_applying(rulebook))
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
                spelled_out(leaf.measured, rulebook),
                inputs,
                tuple(spelled_out(one, rulebook) for one in above.get(leaf.id, ())),
                points_curve(leaf.criterion, place),
            )
        )
    return tuple(made)


def _applying(rulebook: Rulebook) -> Iterator[tuple[str, tuple[Formula, ...]]]:
    nodes = list(rulebook.nodes())
    for leaf in rulebook.indicators():
        over = [one for one in nodes if one is leaf or leaf.id.startswith(f"{one.id}.")]
        yield leaf.id, tuple(one.applies for one in over if one.applies is not None)


def spelled_out(formula: Formula, rulebook: Rulebook) -> Formula:
    """A formula in which measures stand as what they are made of."""
    measures = {one.name: one.formula for one in rulebook.measures}

    def step(one: Formula) -> Formula | None:
        if isinstance(one, Name) and one.name in measures:
            return spelled_out(measures[one.name], rulebook)
        return None

    return rebuilt(formula, step)


def facts_giving(formula: Formula, value: Fraction, inputs: Vocabulary) -> Facts | None:
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
            found = _solved(formula, value, free, {**inputs, **_points(given, inputs)})
            if found is not None:
                chosen = {**dict(given), free: found}
                return tuple((name, chosen[name]) for name in read)
    return None


def _solved(formula: Formula, value: Fraction, free: str, known: Vocabulary) -> Fraction | None:
    term = known[free]
    try:
        pieces = curve(formula, free, bounds(Name(free), known), known)
    except NoCurveError:
        return None
    for piece in pieces:
        found = _where_it_is(piece, value)
        if found is not None and decimal(found) is not None and (term.type != "count" or found.denominator == 1):
            return found
    return None


def _where_it_is(piece: Piece, value: Fraction) -> Fraction | None:
    (start, slope), (below, per) = piece.above, piece.below
    rate = slope - value * per
    if not rate:
        return witness(piece.where) if start == value * below else None
    found = (value * below - start) / rate
    return found if piece.where.holds(found) else None


def _plain(term: Term) -> list[Fraction]:
    """Round numbers that a figure can be."""
    domain = term.domain
    ends = [one for one in (domain.low, domain.high) if one is not None]
    shift = [Fraction(1), Fraction(1, 2)] if term.type == "percent" else []
    return [one for one in dict.fromkeys((*shift, *PLAIN, *ends)) if domain.holds(one)]


def _points(facts: Facts, terms: Vocabulary) -> dict[str, Term]:
    return {name: evolve(terms[name], domain=Domain(held, held)) for name, held in facts}


def _candidates(where: Interval, *, whole: bool, percent: bool) -> Iterator[Fraction]:
    """Values in a stretch, the one that a person would choose first, then others in case that one cannot be observed."""
    scale = 100 if percent else 1
    scaled = Interval(where.low * scale, where.high * scale, where.low_closed, where.high_closed)
    open_ = Interval(scaled.low, scaled.high, False, False)
    seen: set[Fraction] = set()
    for stretch in (scaled, open_) if scaled.low < scaled.high else (scaled,):
        value = witness(stretch, whole=whole)
        if value is not None and value not in seen:
            seen.add(value)
            yield value / scale
    other_end = scaled.high
    if scaled.high_closed and isinstance(other_end, Fraction) and other_end not in seen and not whole:
        yield other_end / scale
