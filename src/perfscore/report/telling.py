"""What an assessment says in one place of a form, or in a sentence of a report.

In: an assessment and what is asked of it. Out: plain text; empty where it does not say it.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.assessment import Assessment
from perfscore.formula.shapes import Name
from perfscore.quantity import spelled
from perfscore.report.binding import figure_text, figures
from perfscore.report.layout import FieldShows
from perfscore.report.rows import record_text
from perfscore.words import Language, Words

TO_FILL = Words(zh="待填", en="to be filled in")
ACHIEVED = Words(zh="{name}：{value}", en="{name}: {value}")
NOTHING_LOST = Words(zh="没有扣分", en="nothing was lost")
LOST = Words(zh="{name}：{said}", en="{name}: {said}")


def said_of(shows: FieldShows, assessment: Assessment, language: Language) -> str:
    """The text of a field."""
    match shows:
        case "subject":
            return assessment.subject.name or ""
        case "period":
            return assessment.subject.period or ""
        case "full_marks":
            return spelled(assessment.full_marks)
        case "score":
            return "" if assessment.score is None else f"{assessment.score:f}"
        case "rating":
            return assessment.rating or ""
        case "goals":
            return "\n".join(one.text for one in assessment.rulebook.goals)
        case "achieved":
            return "\n".join(achieved(assessment, language))
        case "losses":
            nothing = NOTHING_LOST.into(language) if assessment.score is not None else ""
            return "\n".join(losses(assessment, language)) or nothing


def achieved(assessment: Assessment, language: Language) -> Iterator[str]:
    """The figure of every goal that has one, each once."""
    known = figures(assessment)
    names = [one.measure.name for one in assessment.rulebook.goals if isinstance(one.measure, Name)]
    for name in dict.fromkeys(names):
        if name in known:
            value, term = known[name]
            yield ACHIEVED.fill(name=term.label, value=figure_text(value, term, language)).into(language)


def losses(assessment: Assessment, language: Language) -> Iterator[str]:
    """Every deduction that counts, with the name of what lost it."""
    for one in assessment.deductions:
        if one.counted and one.indicator:
            said = record_text(one, assessment, language)
            yield LOST.fill(name=assessment[one.indicator].name, said=said).into(language)
