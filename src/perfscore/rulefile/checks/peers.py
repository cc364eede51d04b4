"""Is what is read of others something that everybody has?

In: a draft. Out: a complaint for a comparison that reads the weight of one indicator, for one that asks whether the figure
of a formula without a name is given, and for an adjustment that compares scores, which it changes itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.criterion import Place
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.prose import SYNTAX, peers_name, tell
from perfscore.formula.shapes import Formula, Given, Name
from perfscore.formula.walking import everything, names, peers_in
from perfscore.rulefile.checks.cycles import CIRCLE
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.formulas import every_formula
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

OWN_WEIGHT = Code(
    "PS507",
    "peers-of-a-weight",
    Words(
        zh="同别的对象比的不能是分值（weight）。",
        en="What is compared with others cannot be the weight of an indicator.",
    ),
)
GIVEN_WITHOUT_NAME = Code(
    "PS510",
    "given-without-name",
    Words(
        zh="同别的对象比“有没有数”，问的是一个没有名字的公式。",
        en="A comparison with others asks whether a formula that has no name is given.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every comparison of a weight or of what has no name, and every adjustment that compares scores."""
    for standing in every_formula(draft):
        for peers in peers_in(standing.formula):
            if "weight" in standing.terms and "weight" in names(peers):
                yield Diagnostic(
                    OWN_WEIGHT,
                    standing.at,
                    Words(zh="{p} 里有 weight", en="{p} reads weight").fill(p=peers_name(peers)),
                    Words(zh="把 weight 写到括号外面", en="write weight outside the brackets"),
                )
    for leaf in draft.leaves():
        yield from _given(leaf, draft)
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


def _given(leaf: DraftNode, draft: Draft) -> Iterator[Diagnostic]:
    """Each `given(value)` in a comparison with others, where `value` is what a formula comes to."""
    stands = {"value": leaf.measured, "target": Place(draft.vocabulary, leaf.target).target_number}
    nameless = {key: one for key, one in stands.items() if one is not None and not isinstance(one, Name)}
    written = [] if leaf.target is None else [((*leaf.at, "target"), leaf.target)]
    if leaf.criterion is not None:
        written += [((*leaf.at, "criterion", *at), formula) for at, formula, _ in written_formulas(leaf.criterion)]
    for place, formula in written:
        for peers in peers_in(formula):
            for one in everything(peers):
                if isinstance(one, Given) and one.name in nameless:
                    yield Diagnostic(
                        GIVEN_WITHOUT_NAME,
                        place,
                        Words(
                            zh="{p} 问的 {n} 是公式 {f}，没有名字",
                            en="{n} in {p} is the formula {f}, which has no name",
                        ).fill(p=peers_name(peers), n=one.name, f=tell(nameless[one.name], SYNTAX)),
                        Words(
                            zh='加一张表 [measures.x]，formula = "{f}"，这里写 given(x)',
                            en='add a table [measures.x] with formula = "{f}", and write given(x) here',
                        ).fill(f=tell(nameless[one.name], SYNTAX)),
                    )


def _adjusting(draft: Draft) -> Iterator[tuple[KeyPath, Formula]]:
    for index, rule in enumerate(draft.adjustments):
        if rule.when is not None:
            yield ("adjustments", index, "when"), rule.when
        yield from ((("adjustments", index, key), formula) for key, formula in rule.amounts())
        yield from ((("adjustments", index, "cap", id), points.low) for id, points in rule.cap.items())
