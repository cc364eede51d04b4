"""等级 — from a score to a word.

In: the published score. Out: the entry with the greatest `start` that the score reaches.
A scale is written best first; nothing about a scale is assumed beyond what it says.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from perfscore.quantity import exact


@frozen
class Rating:
    """One step of a scale: `优` from 90."""

    name: str
    start: Fraction = field(converter=exact)


def rating_of(score: Fraction, scale: tuple[Rating, ...]) -> str | None:
    """The name of the highest step that the score reaches, or None where it reaches none.

    >>> rating_of(Fraction(96), (Rating("优", 90), Rating("良", 80)))
    '优'
    """
    reached = [step for step in scale if step.start <= score]
    return max(reached, key=lambda step: step.start).name if reached else None
