"""Each record by itself, with all that is told of it: what every annex lays out.

In: an assessment, and the language of its reader. Out: `Entry`s of plain texts: what was lost or given and why, by which
clause and from which figures, how it was reckoned, and what would win it back. Formats lay these out, as lines or as a
table; no other room says what is told of a record. Nothing is laid out, escaped or computed here.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from perfscore.assessment import Assessment, Deduction
from perfscore.explanation import Used
from perfscore.formula.prose import near_text
from perfscore.formula.vocabulary import NUMERIC, Term
from perfscore.planning import compiled
from perfscore.quantity import Rounding
from perfscore.recovery import Recovery
from perfscore.report.binding import figure_text
from perfscore.report.rows import record_text
from perfscore.valuetext import YES_NO
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
FIGURE = Words(zh="{name} {value}", en="{name} {value}")
FROM = Words(zh="{figure}（{source}）", en="{figure} ({source})")
ASSESSOR = Words(zh="评分人：{who}", en="assessor: {who}")
NOT_GIVEN = Words(zh="没有填", en="not given")
CUT = Words(
    zh="按算式是{reckoned}分，分值扣完为止，实际{points}分",
    en="the formula comes to {reckoned} points, of which {points} were left to lose",
)
BROUGHT = Words(zh="按算式是{reckoned}分，取整后{points}分", en="the formula comes to {reckoned}, rounded {points}")
OF_ALL = Words(zh="占全部扣分的{share}", en="{share} of all that was lost")


@frozen
class Entry:
    """One record: the names over its indicator and its own, the sentence with its points, and what it rests on."""

    at: tuple[str, ...]
    record: Deduction
    said: str
    because: str
    clause: str
    basis: tuple[str, ...]
    formula: str
    figures: tuple[str, ...]
    rounded: str
    share: str
    recover: str
    missed: str
    language: Language

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """All that it rests on as labelled lines, those that say something."""
        told = (
            (CLAUSE, self.clause),
            (BASIS, listed(self.basis).into(self.language)),
            (FORMULA, self.formula),
            (FIGURES, ("；" if self.language == "zh" else "; ").join(self.figures)),
            (ROUNDED, self.rounded),
            (SHARE, self.share),
            (RECOVER, self.recover),
            (MISSED, self.missed),
        )
        return tuple((label.into(self.language), text) for label, text in told if text)


def deductions(assessment: Assessment, language: Language) -> tuple[Entry, ...]:
    """Every deduction, in the order of the rule file."""
    told = zip(assessment.deductions, assessment.recoveries, strict=True)
    return tuple(_entry(one, back, assessment, language) for one, back in told)


def credits(assessment: Assessment, language: Language) -> tuple[Entry, ...]:
    """Every point that was given, in the order of the rule file; there is nothing to win back."""
    return tuple(_entry(one, None, assessment, language) for one in assessment.credits)


def _entry(one: Deduction, back: Recovery | None, assessment: Assessment, language: Language) -> Entry:
    titles = {basis.id: basis.title for basis in assessment.rulebook.basis}
    segments = one.indicator.split(".") if one.indicator else []
    at = tuple(assessment[".".join(segments[:depth])].name for depth in range(1, len(segments) + 1))
    formula = one.formula(language)
    share = None if back is None else back.share
    missed = None if back is None else back.missed
    return Entry(
        at or (WHOLE.into(language),),
        one,
        record_text(one, assessment, language),
        one.because.into(language),
        one.clause or "",
        tuple(titles.get(id, id) for id in one.basis),
        formula if any(sign in formula for sign in "=≈") else "",
        tuple(_used(used, assessment, language) for used in one.inputs),
        "" if back is None else _rounding(one, back).into(language),
        "" if share is None else OF_ALL.fill(share=_share(share)).into(language),
        "" if back is None else back.says.into(language),
        "" if missed is None else missed.says.into(language),
        language,
    )


def _used(used: Used, assessment: Assessment, language: Language) -> str:
    """A figure with its source; an answer has the name of its indicator, and the one who gave it."""
    term = compiled(assessment.rulebook).vocabulary.get(used.name)
    value = NOT_GIVEN.into(language) if used.value is None else _value(used.value, term, language)
    if term is None:
        labels = {node.id: node.name for node in assessment.rulebook.nodes()}
        said = FIGURE.fill(name=_answered(used.name, labels), value=value)
    else:
        said = FIGURE.fill(name=term.label, value=value)
    if used.source is None:
        return said.into(language)
    source = ASSESSOR.fill(who=used.source) if term is None else Words.same(used.source)
    return FROM.fill(figure=said, source=source).into(language)


def _answered(name: str, labels: dict[str, str]) -> str:
    while name not in labels and "." in name:
        name = name.rpartition(".")[0]
    return labels.get(name, name)


def _value(value: str, term: Term | None, language: Language) -> str:
    """A value as people read it: as exactly as it is recorded."""
    if value in ("true", "false"):
        return YES_NO[value == "true"].into(language)
    if term is None or term.type not in (*NUMERIC, "date"):
        return value
    return figure_text(date.fromisoformat(value) if term.type == "date" else Fraction(value), term, language)


def _share(share: Fraction) -> str:
    """A share as a percentage with one place."""
    near = Rounding(3).rounded(share)
    return f"{'' if near == share else '≈'}{near_text(near, percent=True)}"


def _rounding(one: Deduction, back: Recovery) -> Words:
    if back.reckoned is None or back.reckoned == Fraction(one.points):
        return Words.same("")
    said = CUT if one.capped else BROUGHT
    return said.fill(reckoned=near_text(back.reckoned), points=f"{one.points:f}")
