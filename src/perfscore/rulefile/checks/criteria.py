"""What does each criterion complain about itself?

In: a draft. Out: the complaints of every kind about its own parameters, at its key path.
No kind is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from attrs import evolve

from perfscore.complaining import BESIDE
from perfscore.criterion import Criterion, Place
from perfscore.diagnostic import Diagnostic, KeyPath, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import Name
from perfscore.formula.solving import figures_giving, spelled_out
from perfscore.formula.vocabulary import Domain, Vocabulary
from perfscore.formula.walking import names
from perfscore.indicator import Indicator, Varying
from perfscore.quantity import Rounding, number_from_text
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.weights import weigh
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every complaint of every criterion whose names are all known."""
    told = set()
    for leaf, criterion, place in placed(draft):
        for one in criterion.complaints(place):
            if leaf.by_default is None:
                yield _placed(one, leaf, draft, *leaf.at, "criterion")
                continue
            found = _placed(one, leaf, draft, "rulebook", "defaults", leaf.by_default)
            if (found.code, found.at, found.message) not in told:  # once, however many indicators take the default
                told.add((found.code, found.at, found.message))
                user = Related(leaf.at, Words(zh="“{n}”用了它", en="“{n}” takes it").fill(n=leaf.label), "key")
                yield evolve(found, related=(*found.related, user))


def _placed(one: Diagnostic, leaf: DraftNode, draft: Draft, *base: str | int) -> Diagnostic:
    """A complaint of a criterion where it is written, with figures that facts supply."""
    found = one.under(*base)
    related = tuple(evolve(other, at=_beside(other.at, leaf)) for other in found.related)
    return evolve(found, related=related, witness=_supplied(found.witness, leaf, draft))


def _beside(at: KeyPath, leaf: DraftNode) -> KeyPath:
    """A place beside the criterion, where its kind could only say so."""
    return (*leaf.at, *at[at.index(BESIDE) + 1 :]) if BESIDE in at else at


def _supplied(witness: tuple[tuple[str, str], ...], leaf: DraftNode, draft: Draft) -> tuple[tuple[str, str], ...]:
    """Figures that show a complaint, in those that facts supply: a value by what is measured."""
    held = dict(witness)
    if leaf.measured is None or "value" not in held:
        return witness
    if isinstance(leaf.measured, Name) and leaf.measured.name not in draft.measures:
        return tuple((leaf.measured.name if name == "value" else name, text) for name, text in witness)
    terms = draft.vocabulary
    text = held["value"]
    if "/" in text:  # a fraction is no figure that a facts file could write
        return witness
    value = number_from_text(text.removesuffix("%"), -2 if text.endswith("%") else 0)
    measures = {name: one.formula for name, one in draft.measures.items() if one is not None}
    found = figures_giving(spelled_out(leaf.measured, measures), value, terms)
    if found is None:
        return witness
    figures = ((name, number_text(number, percent=terms[name].type == "percent")) for name, number in found)
    return (*figures, *(one for one in witness if one[0] != "value"))


@lru_cache(maxsize=1)
def placed(draft: Draft) -> tuple[tuple[DraftNode, Criterion, Place], ...]:
    """Every leaf whose criterion can be asked, in its place; several checks of one draft ask."""
    return tuple(_placed_leaves(draft))


def _placed_leaves(draft: Draft) -> Iterator[tuple[DraftNode, Criterion, Place]]:
    terms = draft.vocabulary
    worth = worths(draft, terms)
    pools = draft.pools()
    for leaf in draft.leaves():
        if leaf.criterion is None or (known := worth.get(leaf.id)) is None:
            continue
        if "measure" in leaf.table and leaf.measure is None:
            continue  # its measure is broken, and has been complained about
        if "target" in leaf.table and leaf.target is None and leaf.measure is not None:
            continue  # so is its target
        measured = () if leaf.measured is None else names(leaf.measured)
        target = () if leaf.target is None else names(leaf.target)
        if not all(name in terms for name in (*measured, *(one for one in target if one != "value"))):
            continue  # so have the names that they do not know
        place = _indicator(leaf, leaf.criterion).place(terms, known, demerit=draft.demerit, pooled=leaf.id in pools)
        ends = () if leaf.range is None else (leaf.range.low.low, leaf.range.high.low)
        if not all(name in place.vocabulary for one in ends for name in names(one)):
            continue  # and the names that its range does not know
        written = [formula for _, formula, _ in written_formulas(leaf.criterion)]
        if all(name in place.vocabulary for one in written for name in names(one)):
            yield leaf, leaf.criterion, place


def _indicator(leaf: DraftNode, criterion: Criterion) -> Indicator:
    return Indicator(
        leaf.id,
        leaf.label,
        leaf.stated,
        criterion,
        leaf.measure,
        leaf.target,
        leaf.target_text,
        leaf.unit,
        range=leaf.range,
    )


def worths(draft: Draft, terms: Vocabulary) -> dict[str, Domain]:
    """All that the weight of each node can be, as far as the file says it."""
    full = None if draft.header is None else draft.header.full_marks
    found = {
        id: Domain(weight, weight)
        for id, weight in weigh(draft.members, full, draft.rounding or Rounding(), lambda formula: None).items()
        if weight >= 0
    }
    for node in draft.nodes():
        if node.id not in found and node.stated is not None:
            formula = node.stated.formula if isinstance(node.stated, Varying) else None
            if formula is not None and all(name in terms for name in names(formula)):
                reach = bounds(formula, terms)
                high = reach.high if isinstance(reach.high, Fraction) else full
                low = max(reach.low, Fraction(0)) if isinstance(reach.low, Fraction) else Fraction(0)
                found[node.id] = Domain(low, high)
            else:
                found[node.id] = Domain(Fraction(0), full)
    for id, pool in draft.pools().items():
        if pool.id in found:
            found[id] = found[pool.id]
    return found
