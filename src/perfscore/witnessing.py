"""Figures that show a complaint about points.

In: a formula of points, where they may lie, and what its names stand for. Out: figures by which they leave it, as a facts
file writes them and as a sentence says them.
"""

from __future__ import annotations

from perfscore.criterion import Place
from perfscore.formula.intervals import Interval
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import Formula
from perfscore.formula.solving import figures_leaving
from perfscore.words import Words

Witness = tuple[tuple[str, str], ...]


def leaving(formula: Formula, where: Interval, place: Place) -> tuple[Witness, Words]:
    """Figures by which points leave an interval; nothing where none are found, or none are read."""
    terms = place.vocabulary
    found = figures_leaving(formula, where, terms) or ()
    case = tuple((name, number_text(held, percent=terms[name].type == "percent")) for name, held in found)
    if not case:
        return (), Words.same("")
    each = [(terms[name].label, text) for name, text in case]
    return case, Words(zh="（例：{each}）", en=" (as with {each})").fill(
        each=Words(zh="、".join(map("".join, each)), en=", ".join(map(" ".join, each)))
    )
