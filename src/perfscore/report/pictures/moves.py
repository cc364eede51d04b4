"""Every step from the best there is to the score.

In: an assessment with a score. Out: `Move`s, whose points lead from where it starts to the score, exactly.
The greatest losses come first, then what was given back, then the adjustments in their order; small ones of a kind are
gathered where there are many. Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from perfscore.assessment import Assessment, Deduction
from perfscore.quantity import exact
from perfscore.words import Language, Words

MOST = 12
WHOLE = Words(zh="总分", en="the whole")
OTHERS = Words(zh="其余 {n} 项", en="{n} others")


@frozen
class Move:
    """A step: whose it is, why, and how far it moves the score, up or down."""

    name: str
    because: str
    points: Decimal


def start_of(assessment: Assessment) -> Fraction:
    """Where the steps begin: at the full marks, or at nothing where points are incurred."""
    return Fraction(0) if assessment.rulebook.demerit else assessment.full_marks


def moves(assessment: Assessment, language: Language) -> tuple[Move, ...]:
    """The steps, largest losses first."""
    names = {one.id: one.name for one in assessment.results}

    def record(one: Deduction, sign: int) -> Move:
        name = names.get(one.indicator, WHOLE.into(language))
        return Move(name, one.because.into(language), sign * one.points)

    down = 1 if assessment.rulebook.demerit else -1
    taken = [record(one, down) for one in assessment.deductions if one.counted and one.points]
    given = [record(one, -down) for one in assessment.credits if one.counted and one.points]
    adjusted = [Move(WHOLE.into(language), one.because.into(language), one.points) for one in assessment.adjustments]
    return (
        *_gathered(taken, language),
        *_gathered(given, language),
        *(one for one in adjusted if one.points),
    )


def adds_up(assessment: Assessment, steps: Iterable[Move]) -> bool:
    """Whether the steps lead to the score: law 2, as a reader with a pencil holds it."""
    if assessment.score is None:
        return False
    return start_of(assessment) + sum((exact(one.points) for one in steps), Fraction(0)) == exact(assessment.score)


def _gathered(steps: list[Move], language: Language) -> list[Move]:
    """The largest first; those for which there is no room are one step together."""
    ordered = sorted(steps, key=lambda one: -abs(one.points))
    if len(ordered) <= MOST:
        return ordered
    rest = ordered[MOST - 1 :]
    names = ("、" if language == "zh" else ", ").join(dict.fromkeys(one.name for one in rest))
    together = Move(OTHERS.fill(n=f"{len(rest)}").into(language), names, sum((one.points for one in rest), Decimal(0)))
    return [*ordered[: MOST - 1], together]
