"""Which scores can a subtotal lead to?

In: a rulebook, what its names can be, and the interval of the subtotal. Out: the interval of the score, after every
adjustment that may apply.
"""

from __future__ import annotations

from perfscore.analysis.ends import added, domain_of, hull, minus, rounded, scaled
from perfscore.formula.bounds import always, bounds
from perfscore.formula.intervals import Interval, point
from perfscore.formula.vocabulary import Term, Vocabulary
from perfscore.rulebook import Rulebook


def score_reach(rulebook: Rulebook, vocabulary: Vocabulary, subtotal: Interval, unscored: Interval) -> Interval:
    """The scores that a subtotal can lead to, after every adjustment."""
    rounding = rulebook.rounding
    full = Interval(minus(rulebook.full_marks, unscored.high), rulebook.full_marks)
    terms = {**vocabulary, "weight": Term("满分", "number", None, domain_of(full))}
    low, high = point(0), full
    if rulebook.range is not None:
        low = rounded(bounds(rulebook.range.low.low, terms), rounding)
        high = rounded(bounds(rulebook.range.high.low, terms), rounding)

    def clamped(one: Interval) -> Interval:
        return Interval(min(max(one.low, low.low), high.high), min(max(one.high, low.low), high.high))

    score = clamped(subtotal)
    for rule in rulebook.adjustments:
        if rule.on_nodes:
            continue
        terms["score"] = Term("得分", "number", None, domain_of(score))
        holds = True if rule.when is None else always(rule.when, terms)
        if holds is False:
            continue
        after = score
        for key, formula in rule.amounts():
            after = clamped(rounded(_moved(key, after, bounds(formula, terms)), rounding))
            terms["score"] = Term("得分", "number", None, domain_of(after))
        score = after if holds else hull(score, after)
    return score


def _moved(key: str, score: Interval, amount: Interval) -> Interval:
    match key:
        case "add":
            return added(score, amount)
        case "deduct":
            return added(score, Interval(-amount.high, -amount.low))
        case "multiply":
            ends = [scaled(a, b) for a in (score.low, score.high) for b in (amount.low, amount.high)]
            return Interval(min(ends), max(ends))
        case "cap_score":
            return Interval(min(score.low, amount.low), min(score.high, amount.high))
        case _:
            return amount
