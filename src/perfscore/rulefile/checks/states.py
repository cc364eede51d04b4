"""Is it said what happens where an indicator does not apply?

In: a draft. Out: a complaint for a node that may not apply and does not say what it has then, for a policy that cannot
act where it stands, and for one that nothing can ever call on.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.complaining import in_range
from perfscore.criterion import Place
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.shapes import WEIGHT, ZERO
from perfscore.formula.vocabulary import Term, Vocabulary, with_terms
from perfscore.formula.walking import names
from perfscore.indicator import Fixed
from perfscore.rulefile.checks.criteria import worths
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.words import Words

POLICY_NEEDED = Code(
    "PS230",
    "policy-needed",
    Words(
        zh="指标可能不适用，没有写不适用时怎么办（not_applicable）。",
        en="An indicator may not apply, and what it has then is not said (not_applicable).",
    ),
)
POLICY_UNUSABLE = Code(
    "PS235",
    "policy-unusable",
    Words(
        zh="这种不适用或缺数据的办法在这里不起作用。",
        en="A policy for what does not apply, or for what is missing, cannot act where it stands.",
    ),
)
READINGS = Words(
    zh="{n}分的指标不适用：rescale 折算到其余指标，siblings 让给同级，full 得 {n}，{{ points = 2 }} 得 2，unscored 满分减 {n}",
    en="with {n} points: rescale makes up for them in the whole, siblings in the siblings, full gives {n}, "
    "{{ points = 2 }} gives 2, unscored lowers the full marks by {n}",
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every state that leaves the score open."""
    pools = draft.pools()
    terms = draft.vocabulary
    worth = worths(draft, terms)
    whole = "sum" if draft.header is None else draft.header.aggregate
    for node, above in _with_parents(draft.members, None):
        aggregate = whole if above is None else above.aggregate
        yield from _applies(node, aggregate)
        if isinstance(node.not_applicable, Fixed) and not node.members and node.id in worth:
            yield from _fixed(
                node, node.not_applicable, with_terms(terms, {"weight": Term("", "number", None, worth[node.id])})
            )
        if node.id in pools and node.not_applicable not in (None, "full"):
            yield _unusable(
                node,
                "not_applicable",
                Words(zh="扣完为止的一组里，不适用就是不扣", en="in a pool a member that does not apply takes nothing"),
                Words(zh='写 not_applicable = "full"', en='write not_applicable = "full"'),
            )
        for key, policy in (("missing", node.missing), ("undefined", node.undefined)):
            if node.id in pools and policy == "zero":
                yield _unusable(
                    node,
                    key,
                    Words(zh="它没有自己的分值可扣", en="it has no weight of its own that could be taken"),
                    Words(
                        zh='写 "not-applicable"（不扣）或 "not-scored"',
                        en='write "not-applicable" (takes nothing) or "not-scored"',
                    ),
                )


def _fixed(node: DraftNode, fixed: Fixed, terms: Vocabulary) -> Iterator[Diagnostic]:
    """Points for what does not apply lie where all its points lie."""
    if fixed.points.judged:
        said = Words(zh="应是一个数，不是区间", en="expected one number, not an interval")
        yield _unusable(
            node, "not_applicable", said, Words(zh="写 {{ points = 2 }}", en="write {{ points = 2 }}").fill()
        )
        return
    ends = (ZERO, WEIGHT) if node.range is None else (node.range.low.low, node.range.high.low)
    if any(name not in terms for one in (*ends, fixed.points.low) for name in names(one)):
        return  # told where names are checked
    place = Place(terms, low=ends[0], high=ends[1])
    for one in in_range(fixed.points, place, "not_applicable", "points"):
        yield one.under(*node.at)


def _with_parents(
    members: tuple[DraftNode, ...], above: DraftNode | None
) -> Iterator[tuple[DraftNode, DraftNode | None]]:
    for member in members:
        yield member, above
        yield from _with_parents(member.members, member)


def _applies(node: DraftNode, aggregate: str) -> Iterator[Diagnostic]:
    called = [key for key in ("missing", "undefined") if getattr(node, key) == "not-applicable"]
    may = "applies" in node.table or called
    # where only shares are put together, what does not apply is left out and nothing needs to be said
    if may and "not_applicable" not in node.table and aggregate in ("sum", "pool"):
        weight = str(node.table.get("weight", 10))
        yield Diagnostic(
            POLICY_NEEDED,
            (*node.at, "applies" if "applies" in node.table else called[0]),
            Words(zh="没有写“{n}”不适用时怎么办：", en="what “{n}” has where it does not apply is not said: ").fill(
                n=node.label
            )
            + READINGS.fill(n=weight),
            Words(zh='写 not_applicable = "rescale" 等', en='write not_applicable = "rescale", or another of these'),
        )


def _unusable(node: DraftNode, key: str, said: Words, hint: Words) -> Diagnostic:
    return Diagnostic(POLICY_UNUSABLE, (*node.at, key), said, hint)
