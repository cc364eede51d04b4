"""What names in formulas are called where people read them.

In: a vocabulary and a language. Out: a `Naming`: labels for figures, and words for the points and shares of nodes.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfscore.formula.prose import STYLES, Naming, tell_condition
from perfscore.formula.shapes import Formula
from perfscore.formula.vocabulary import Vocabulary
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words

NODES = {
    "points": Words(zh="“{name}”的得分", en="the points of “{name}”"),
    "share": Words(zh="“{name}”的得分率", en="the share kept of “{name}”"),
}
SCORE = Words(zh="总分", en="the score")
FULL = Words(zh="满分", en="the full marks")


def labels(vocabulary: Vocabulary, language: Language, stands: Mapping[str, str] | None = None) -> Naming:
    """Every name by its label; `stands` says what some are called here instead."""

    def label(name: str) -> str:
        if stands is not None and name in stands:
            return stands[name]
        kind, opened, _ = name.partition("(")
        if opened and kind in NODES:
            return NODES[kind].fill(name=vocabulary[name].label).into(language)
        return vocabulary[name].label

    return label


def of_the_whole(rulebook: Rulebook, language: Language) -> Naming:
    """Names as the adjustments and the range of the total read them: there the weight is the full marks."""
    return labels(rulebook.vocabulary(), language, {"score": SCORE.into(language), "weight": FULL.into(language)})


def condition_text(condition: Formula, rulebook: Rulebook, language: Language) -> str:
    """A condition over figures, in words."""
    return tell_condition(condition, STYLES[language], of_the_whole(rulebook, language))
