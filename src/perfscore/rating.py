"""等级 — from a score to a word.

In: the published score. Out: the entry with the greatest `start` that the score reaches.
A scale is written best first; nothing about a scale is assumed beyond what it says.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from perfscore.quantity import Number, exact


def _maybe(start: Number | None) -> Fraction | None:
    return None if start is None else exact(start)


@frozen
class Rating:
    """One step of a scale: `优` from 90. A step without a start is reached by an adjustment only."""

    name: str
    start: Fraction | None = field(default=None, converter=_maybe)


def rating_of(score: Fraction, scale: tuple[Rating, ...]) -> str | None:
    """The name of the highest step that the score reaches, or None where it reaches none.

    >>> rating_of(Fraction(96), (Rating("优", 90), Rating("良", 80)))
    '优'
    """
    reached = [(step.start, step.name) for step in scale if step.start is not None and step.start <= score]
    return max(reached, key=lambda one: one[0])[1] if reached else None
