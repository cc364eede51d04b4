"""Is what is read of others something that everybody has?

In: a draft. Out: a complaint for a comparison that reads the weight of one indicator, and for an adjustment that compares
scores, which it changes itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.criterion import written_formulas
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.prose import peers_name
from perfscore.formula.shapes import Formula, names, peers_in
from perfscore.rulefile.checks.cycles import CIRCLE
from perfscore.rulefile.draft import Draft
from perfscore.words import Words

OWN_WEIGHT = Code(
    "PS507",
    "peers-of-a-weight",
    Words(
        zh="同别的对象比的不能是分值（weight）。",
        en="What is compared with others cannot be the weight of an indicator.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every comparison of a weight, and every adjustment that compares scores."""
    for leaf in draft.leaves():
        for at, formula, _ in () if leaf.criterion is None else written_formulas(leaf.criterion):
            for peers in peers_in(formula):
                if "weight" in names(peers):
                    yield Diagnostic(
                        OWN_WEIGHT,
                        (*leaf.at, "criterion", *at),
                        Words(zh="{p} 里有 weight", en="{p} reads weight").fill(p=peers_name(peers)),
                        Words(zh="把 weight 写到括号外面", en="write weight outside the brackets"),
                    )
    for place, formula in _adjusting(draft):
        for peers in peers_in(formula):
            if "score" in names(peers):
                yield Diagnostic(
                    CIRCLE,
                    place,
                    Words(zh="绕回自己：得分 → {p} → 得分", en="reads itself: score → {p} → score").fill(
                        p=peers_name(peers)
                    ),
                    Words(
                        zh='改比某个一级指标的得分，如 points("a")；只核对、不改分的写进 [[checks]]',
                        en='compare the points of an indicator, as in points("a"); what only checks goes to [[checks]]',
                    ),
                )


def _adjusting(draft: Draft) -> Iterator[tuple[KeyPath, Formula]]:
    for index, rule in enumerate(draft.adjustments):
        if rule.when is not None:
            yield ("adjustments", index, "when"), rule.when
        yield from ((("adjustments", index, key), formula) for key, formula in rule.amounts())
        yield from ((("adjustments", index, "cap", id), points.low) for id, points in rule.cap.items())
