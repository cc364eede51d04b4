"""Does everything that is pointed at exist?

In: a draft. Out: a complaint for a law, an indicator or a rating that is named and not there, with the nearest that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import evolve

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.rulefile.draft import Draft
from perfscore.rulefile.mends import renamed, respelt
from perfscore.words import Words, nearest, visible

UNKNOWN_BASIS = Code(
    "PS209",
    "unknown-basis",
    Words(zh="引用的依据没有在 [basis] 里写。", en="A law is cited that [basis] does not have."),
)
UNKNOWN_INDICATOR = Code(
    "PS210", "unknown-indicator", Words(zh="没有这个指标。", en="An indicator is named that does not exist.")
)
UNKNOWN_RATING = Code(
    "PS211", "unknown-rating", Words(zh="等级表里没有这个等级。", en="A rating is named that the scale does not have.")
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every reference into nothing."""
    for node in draft.nodes():
        for index, id in enumerate(node.basis):
            if id not in draft.basis:
                yield unknown(UNKNOWN_BASIS, (*node.at, "basis", index), id, draft.basis)
    nodes = [node.id for node in draft.nodes()]
    for section, holders in (("goals", draft.goals), ("scope", draft.scope)):
        for holder in holders:
            for index, id in enumerate(holder.indicators):
                if id not in nodes:
                    yield unknown(UNKNOWN_INDICATOR, (section, holder.id, "indicators", index), id, nodes)
    for number, rule in enumerate(draft.adjustments):
        for index, id in enumerate(rule.basis):
            if id not in draft.basis:
                yield unknown(UNKNOWN_BASIS, ("adjustments", number, "basis", index), id, draft.basis)
    for number, example in enumerate(draft.examples):
        for table in ("points", "state"):
            for id in getattr(example, table):
                if id not in nodes:
                    told = unknown(UNKNOWN_INDICATOR, ("examples", number, table, id), id, nodes)
                    fix = renamed(told.at, nearest(id, nodes), nodes, getattr(example, table))
                    yield evolve(told, part="key", fix=fix)
        names = [rating.name for rating in draft.ratings or ()]
        if example.rating is not None and example.rating not in names:
            yield unknown(UNKNOWN_RATING, ("examples", number, "rating"), example.rating, names)


def unknown(code: Code, at: KeyPath, id: str, known: Collection[str]) -> Diagnostic:
    """The complaint about a name that is nothing, with the nearest that is something."""
    near = nearest(id, known)
    if near:
        hint = Words(zh='写 "{near}"', en='write "{near}"').fill(near=near)
    elif known:
        hint = Words(zh="已有：{all}", en="there are: {all}").fill(all=", ".join(list(known)[:12]))
    else:
        hint = Words(zh="先写它的表，或去掉这个引用", en="write its table first, or take the reference out")
    return Diagnostic(
        code,
        at,
        Words(zh="没有“{id}”", en="there is no “{id}”").fill(id=visible(id)),
        hint,
        fix=respelt(at, id, near, known),
    )
