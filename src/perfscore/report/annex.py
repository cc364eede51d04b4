"""Each deduction by itself, with all that is known of it: the annex of a document.

In: an assessment, and the language of its reader. Out: `Entry`s of plain texts: what was lost and why, by which clause
and from which figures, how it was reckoned, and what would win it back. Nothing is laid out, escaped or computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import frozen

from perfscore.assessment import Assessment, Deduction
from perfscore.explanation import Used
from perfscore.formula.prose import near_text
from perfscore.formula.vocabulary import NUMERIC, Term, Vocabulary
from perfscore.quantity import Rounding
from perfscore.recovery import Recovery
from perfscore.report.rows import record_text
from perfscore.valuetext import YES_NO, unit_text
from perfscore.words import Language, Words, listed

HEADING = Words(zh="逐条说明", en="Each deduction")
NOTHING = Words(zh="没有扣分", en="nothing is lost")
WHOLE = Words(zh="总分", en="The whole")
CLAUSE = Words(zh="条文", en="Clause")
BASIS = Words(zh="依据", en="Basis")
FORMULA = Words(zh="算式", en="Formula")
FIGURES = Words(zh="数据", en="Figures")
ROUNDED = Words(zh="取整", en="Rounding")
SHARE = Words(zh="占比", en="Share")
RECOVER = Words(zh="挽回", en="To win back")
MISSED = Words(zh="差一档", en="Just missed")
FROM = Words(zh="{name} {value}（{source}）", en="{name} {value} ({source})")
NOT_GIVEN = Words(zh="没有填", en="not given")
CUT = Words(
    zh="按算式是{reckoned}分，分值扣完为止，实际{points}分",
    en="the formula comes to {reckoned} points, of which {points} were left to lose",
)
BROUGHT = Words(zh="按算式是{reckoned}分，取整后{points}分", en="the formula comes to {reckoned}, rounded {points}")
OF_ALL = Words(zh="占全部扣分的{share}", en="{share} of all that was lost")


@frozen
class Entry:
    """One deduction: the names over its indicator and its own, what was lost, and labelled lines about it."""

    at: tuple[str, ...]
    said: str
    lines: tuple[tuple[str, str], ...]


def annex(assessment: Assessment, language: Language) -> tuple[Entry, ...]:
    """Every deduction, in the order of the rule file."""
    return _entries(zip(assessment.deductions, assessment.recoveries, strict=True), assessment, language)


def credits_annex(assessment: Assessment, language: Language) -> tuple[Entry, ...]:
    """Every point that was given, in the order of the rule file; there is nothing to win back."""
    return _entries(((one, None) for one in assessment.credits), assessment, language)


def _entries(
    records: Iterable[tuple[Deduction, Recovery | None]], assessment: Assessment, language: Language
) -> tuple[Entry, ...]:
    labels = {node.id: node.name for node in assessment.rulebook.nodes()}
    known = assessment.rulebook.vocabulary()
    basis = {one.id: one.title for one in assessment.rulebook.basis}
    found: list[Entry] = []
    for one, back in records:
        segments = one.indicator.split(".") if one.indicator else []
        at = tuple(labels[".".join(segments[:depth])] for depth in range(1, len(segments) + 1))
        lines = tuple(
            (label.into(language), text) for label, text in _lines(one, back, known, labels, basis, language) if text
        )
        said = record_text(one, assessment, language)
        found.append(Entry(at or (WHOLE.into(language),), said, lines))
    return tuple(found)


def _lines(
    one: Deduction,
    back: Recovery | None,
    known: Vocabulary,
    labels: dict[str, str],
    basis: dict[str, str],
    language: Language,
) -> Iterator[tuple[Words, str]]:
    yield CLAUSE, one.clause or ""
    yield BASIS, listed(basis.get(id, id) for id in one.basis).into(language)
    formula = one.formula(language)
    yield FORMULA, formula if any(sign in formula for sign in "=≈") else ""
    yield (
        FIGURES,
        ("；" if language == "zh" else "; ").join(_used(used, known, labels, language) for used in one.inputs),
    )
    if back is None:
        return
    yield ROUNDED, _rounding(one, back).into(language)
    if back.share is not None:
        yield SHARE, OF_ALL.fill(share=_share(back.share)).into(language)
    yield RECOVER, back.says.into(language)
    yield MISSED, "" if back.missed is None else back.missed.says.into(language)


def _used(used: Used, known: Vocabulary, labels: dict[str, str], language: Language) -> str:
    """A figure with its source; an answer has the name of its indicator."""
    term = known.get(used.name)
    name = _answered(used.name, labels) if term is None else term.label
    value = NOT_GIVEN.into(language) if used.value is None else _value(used.value, term, language)
    if used.source is None:
        return f"{name} {value}"
    return FROM.fill(name=name, value=value, source=used.source).into(language)


def _answered(name: str, labels: dict[str, str]) -> str:
    while name not in labels and "." in name:
        name = name.rpartition(".")[0]
    return labels.get(name, name)


def _value(value: str, term: Term | None, language: Language) -> str:
    """A value as people read it."""
    if term is None or term.type not in NUMERIC:
        return YES_NO[value == "true"].into(language) if value in ("true", "false") else value
    return near_text(Fraction(value), percent=term.type == "percent") + unit_text(term, language)


def _share(share: Fraction) -> str:
    """A share as a percentage with one place."""
    near = Rounding(3).rounded(share)
    return f"{'' if near == share else '≈'}{near_text(near, percent=True)}"


def _rounding(one: Deduction, back: Recovery) -> Words:
    if back.reckoned is None or back.reckoned == Fraction(one.points):
        return Words.same("")
    said = CUT if one.capped else BROUGHT
    return said.fill(reckoned=near_text(back.reckoned), points=f"{one.points:f}")
