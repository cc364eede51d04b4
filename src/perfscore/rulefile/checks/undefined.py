"""Is it said what an indicator has where its figures divide by 0?

In: a draft. Out: a warning for an indicator that rests on a division by something that can be 0, while `undefined` is not
written. It names the readings; where the domains, or a condition before the division, rule 0 out, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve

from perfscore.complaining import short
from perfscore.criterion import Criterion, Place
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.bounds import bounds
from perfscore.formula.deciding import apart
from perfscore.formula.prose import CHINESE, ENGLISH, number_text, tell
from perfscore.formula.shapes import ONE, ZERO, All, Any, Choice, Comparison, Formula, Gathered, Not, Quotient
from perfscore.formula.solving import figures_giving, spelled_out
from perfscore.formula.vocabulary import Vocabulary
from perfscore.formula.walking import everything, names, parts
from perfscore.parameter import Parameter
from perfscore.rulebook import Measure
from perfscore.rulefile.checks.criteria import placed, worths
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

UNDEFINED_NOT_SAID = Code(
    "PS239",
    "undefined-not-said",
    Words(
        zh="除数可能是 0，没有写那时怎么办（undefined）。",
        en="A figure divides by what can be 0, and what the indicator has then is not said (undefined).",
    ),
)
READINGS = Words(
    zh="除数 {d} 可能是 0，没有写那时怎么办：error 没有得分，zero 得 0 分，not-applicable 按不适用{w}",
    en="{d} can be 0 and is divided by; what there is then is not said: error no score, zero 0 points, "
    "not-applicable as what does not apply{w}",
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every indicator that may have no value, and does not say what then."""
    terms = draft.vocabulary
    worth = worths(draft, terms)
    applies = dict(_applies(draft.members, ()))
    for leaf, criterion, place in placed(draft):
        if "undefined" in leaf.table:
            continue
        read: list[tuple[Formula, Vocabulary]] = [] if leaf.measured is None else [(leaf.measured, terms)]
        read += [] if leaf.target is None else [(leaf.target, place.vocabulary)]
        read += [(one, place.vocabulary) for one in _divisions(criterion, place)]
        by_zero = next(_divided_by(draft, read, terms, applies.get(leaf.id, ())), None)
        if by_zero is not None:
            high = worth[leaf.id].high
            told = _told(leaf, by_zero, "" if high is None else short(high), terms)
            yield evolve(told, witness=_at_zero(leaf, by_zero, draft, terms))


def _at_zero(leaf: DraftNode, below: Formula, draft: Draft, terms: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Figures by which a divisor is 0, where such are found."""
    made = {name: one.formula for name, one in draft.measures.items() if one is not None}
    if leaf.measured is not None:
        made["value"] = leaf.measured
    found = figures_giving(spelled_out(below, made), Fraction(0), terms)
    return tuple((name, number_text(held, percent=terms[name].type == "percent")) for name, held in found or ())


def _told(leaf: DraftNode, below: Formula, weight: str, terms: Vocabulary) -> Diagnostic:
    def label(name: str) -> str:
        return terms[name].label if name in terms else name

    shown = Words(zh=tell(below, CHINESE, label), en=tell(below, ENGLISH, label))
    own = Words(zh="（如 rescale 把 {n} 分折算到其余指标）", en=" (rescale, say, makes up for its {n} points)")
    at: KeyPath = (*leaf.at, "measure" if "measure" in leaf.table else "criterion")
    return Diagnostic(
        UNDEFINED_NOT_SAID,
        at if at[-1] in leaf.table else leaf.at,
        READINGS.fill(d=shown, w=own.fill(n=weight) if weight else ""),
        Words(
            zh='写 undefined = "error"、"zero" 或 "not-applicable"；除数不会是 0，就给它写 above = 0',
            en='write undefined = "error", "zero" or "not-applicable"; if it never is 0, give it above = 0',
        ),
        "warning",
        "value" if at[-1] in leaf.table else "key",
    )


def _divisions(criterion: Criterion, place: Place) -> Iterator[Formula]:
    """What a criterion takes and gives, where its author divides: there stands what must hold before it comes to that."""
    written = [formula for _, formula, _ in written_formulas(criterion)]
    if not any(isinstance(one, Quotient) for formula in written for one in everything(formula)):
        # what it reads may divide still; what a kind divides by itself it complains about itself
        yield from written
    elif not any(one.severity == "error" for one in criterion.complaints(place)):
        yield from (read for one in (*criterion.losses(place), *criterion.credits(place)) for read in one.formulas())


def _applies(members: tuple[DraftNode, ...], above: tuple[Formula, ...]) -> Iterator[tuple[str, tuple[Formula, ...]]]:
    """What holds wherever a node is judged: that it applies, and all that it stands in."""
    for member in members:
        here = above if member.applies is None else (*above, member.applies)
        yield member.id, here
        yield from _applies(member.members, here)


def _divided_by(
    draft: Draft, read: list[tuple[Formula, Vocabulary]], terms: Vocabulary, before: tuple[Formula, ...]
) -> Iterator[Formula]:
    """Everything that can be 0 and is divided by, in formulas and in the figures that they read."""
    seen: set[str] = set()
    waiting = list(read)
    before = tuple(one for one in before if all(name in terms for name in names(one)))
    while waiting:
        formula, known = waiting.pop(0)
        if any(name not in known for name in names(formula)):
            continue  # told where names are checked
        yield from _unsafe(formula, before, known)
        for name in names(formula):
            if name in seen:
                continue
            seen.add(name)
            match draft.measures.get(name) or draft.parameters.get(name):
                case Measure(formula=inner):
                    waiting.append((inner, terms))
                case Parameter() as parameter:
                    waiting.extend((inner, terms) for inner in parameter.formulas())
                case None:
                    pass


def _unsafe(formula: Formula, before: tuple[Formula, ...], terms: Vocabulary) -> Iterator[Formula]:
    """Every divisor that can be 0 where it is read; `before` holds what is known to hold there."""
    match formula:
        case Quotient(above=above, below=below):
            yield from _unsafe(above, before, terms)
            yield from _unsafe(below, before, terms)
            naught = Comparison(below, "=", ZERO)
            if bounds(below, terms).holds(Fraction(0)) and not apart(All(before), naught, terms):
                yield below
        case Choice(when=when, then=then, otherwise=otherwise):
            yield from _unsafe(when, before, terms)
            yield from _unsafe(then, (*before, when), terms)
            yield from _unsafe(otherwise, (*before, Not(when)), terms)
        case All(of=of) | Any(of=of):
            for part in of:
                yield from _unsafe(part, before, terms)
                before = (*before, part if isinstance(formula, All) else Not(part))
        case Gathered(how=how, where=where):
            yield from _unsafe(where, before, terms)
            for part in (formula.of, formula.weights):
                yield from _unsafe(part, (*before, where), terms)
            if how in ("count", "sum"):
                return
            below = Gathered("sum", formula.table, formula.weights, where, ONE)  # none, or weights that add up to 0
            if how != "weighted_mean":
                below = evolve(below, how="count", of=ONE)
            if not apart(All(before), Comparison(below, "=", ZERO), terms):
                yield below
        case _:
            for part in parts(formula):
                yield from _unsafe(part, before, terms)
