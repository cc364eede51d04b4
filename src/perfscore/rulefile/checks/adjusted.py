"""Can every adjustment be applied?

In: a draft. Out: a complaint for one that does nothing, that names a node or a rating that is not there, or whose
effects contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Points
from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.rulefile.checks.references import UNKNOWN_INDICATOR, UNKNOWN_RATING, unknown
from perfscore.rulefile.draft import Draft
from perfscore.words import Words, visible

ADJUSTMENT_UNCLEAR = Code(
    "PS231",
    "adjustment-unclear",
    Words(
        zh="总分调整没有写做什么，或写的两件事不能同时做。",
        en="An adjustment says nothing that it does, or two things that cannot both be done.",
    ),
)
ONLY_ADJUSTED = Words(
    zh='；只由调整得到的等级，在 scale 里加 {{ name = "{n}" }}，不写 from',
    en='; for one that only adjustments lead to, add {{ name = "{n}" }} to the scale, without from',
)
EFFECTS = "add deduct multiply cap_score set_score cap_rating set_rating lower_rating zero cap"
_TOTAL = ("add", "deduct", "multiply", "cap_score", "set_score")
_RATING = ("cap_rating", "set_rating", "lower_rating")


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every adjustment that cannot be what its author meant."""
    seen: set[str] = set()
    nodes = [node.id for node in draft.nodes()]
    ratings = [one.name for one in draft.ratings or ()]
    pools = draft.pools()
    for index, rule in enumerate(draft.adjustments):
        at = ("adjustments", index)
        if rule.id in seen:
            said = Words(zh="id “{id}” 前面已经用过", en="the id “{id}” stands already above").fill(id=rule.id)
            yield Diagnostic(ADJUSTMENT_UNCLEAR, (*at, "id"), said, Words(zh="换一个 id", en="choose another id"))
        seen.add(rule.id)
        yield from _effects(rule, at, _written(draft, index))
        yield from _chosen(rule, at)
        yield from _before_the_score(rule, at)
        for place, id in enumerate(rule.zero):
            if id not in nodes:
                yield unknown(UNKNOWN_INDICATOR, (*at, "zero", place), id, nodes)
            elif id in pools:
                yield _in_pool((*at, "zero", place), id, pools[id].id)
        for id in rule.cap:
            if id not in nodes:
                yield evolve(unknown(UNKNOWN_INDICATOR, (*at, "cap", id), id, nodes), part="key")
            elif id in pools:
                yield _in_pool((*at, "cap", id), id, pools[id].id)
        for key in ("cap_rating", "set_rating"):
            name = getattr(rule, key)
            if name is not None and name not in ratings:
                told = unknown(UNKNOWN_RATING, (*at, key), name, ratings)
                yield evolve(told, hint=(told.hint or Words.same("")) + ONLY_ADJUSTED.fill(n=visible(name)))


def _written(draft: Draft, index: int) -> bool:
    """Whether an effect is written at all, even one that could not be read."""
    listed = draft.values.get("adjustments")
    table = listed[index] if isinstance(listed, list) and len(listed) == len(draft.adjustments) else {}
    return any(effect in table for effect in EFFECTS.split())


def _chosen(rule: AdjustmentRule, at: tuple[str, int]) -> Iterator[Diagnostic]:
    """Points that an assessor would choose: nobody is asked for a line of the total."""
    written = {key: one for key in _TOTAL if isinstance(one := getattr(rule, key), Points)}
    for place, points in (
        *(((key,), one) for key, one in written.items()),
        *((("cap", id), one) for id, one in rule.cap.items()),
    ):
        if points.judged:
            yield Diagnostic(
                ADJUSTMENT_UNCLEAR,
                (*at, *place),
                Words(
                    zh="应是一个数，不是区间：总分调整不问评分人",
                    en="expected one number: nobody is asked for an adjustment",
                ),
                Words(
                    zh="写一个数；由评分人定的分写成一个指标：weight = 0, range = [0, 5]",
                    en="write one number; points that an assessor gives are an indicator with weight = 0, range = [0, 5]",
                ),
            )


def _before_the_score(rule: AdjustmentRule, at: tuple[str, int]) -> Iterator[Diagnostic]:
    """Effects on nodes come before there is a score: one that reads it would leave nobody with a score."""
    written: list[tuple[tuple[str, ...], Formula | None]] = [(("cap", id), one.low) for id, one in rule.cap.items()]
    if rule.on_nodes:
        written.insert(0, (("when",), rule.when))
    for place, formula in written:
        if formula is not None and "score" in names(formula):
            yield Diagnostic(
                ADJUSTMENT_UNCLEAR,
                (*at, *place),
                Words(
                    zh="对指标的处理先于一切，那时还没有 score",
                    en="effects on nodes come before all others, when there is no score yet",
                ),
                Words(
                    zh='改读 points("…")；看总分的写 cap_score、set_score 或 deduct',
                    en='read points("…"); what goes by the score is written with cap_score, set_score or deduct',
                ),
            )


def _effects(rule: AdjustmentRule, at: tuple[str, int], written: bool) -> Iterator[Diagnostic]:
    total = [key for key in _TOTAL if getattr(rule, key) is not None]
    rating = [key for key in _RATING if getattr(rule, key) is not None]
    if not (total or rating or rule.on_nodes or written):
        yield Diagnostic(
            ADJUSTMENT_UNCLEAR,
            at,
            Words(zh="“{n}”没有写做什么", en="“{n}” says nothing that it does").fill(n=rule.title),
            Words(zh="写其中一个：{all}", en="write one of: {all}").fill(all=EFFECTS.replace(" ", ", ")),
            part="key",
        )
    if len(total) > 1:
        yield Diagnostic(
            ADJUSTMENT_UNCLEAR,
            (*at, total[1]),
            Words(
                zh="{a} 和 {b} 写在一条里，不知先做哪个",
                en="{a} and {b} stand in one entry, and which comes first is not said",
            ).fill(a=total[0], b=total[1]),
            Words(zh="分成两条，按先后写", en="make them two entries, in their order"),
            part="key",
        )
    if rule.on_nodes and (total or rating):
        yield Diagnostic(
            ADJUSTMENT_UNCLEAR,
            (*at, "zero" if rule.zero else "cap"),
            Words(
                zh="对指标的处理先于一切，不能和 {k} 写在一条里",
                en="effects on nodes come before all others and cannot stand in one entry with {k}",
            ).fill(k=(total + rating)[0]),
            Words(zh="分成两条", en="make them two entries"),
            part="key",
        )
    if rule.lower_rating is not None and rule.lower_rating < 1:
        yield Diagnostic(
            ADJUSTMENT_UNCLEAR,
            (*at, "lower_rating"),
            Words(zh="降 {n} 级没有意义", en="{n} steps down means nothing").fill(n=str(rule.lower_rating)),
            Words(zh="写 lower_rating = 1", en="write lower_rating = 1"),
        )


def _in_pool(at: tuple[str | int, ...], id: str, pool: str) -> Diagnostic:
    return Diagnostic(
        ADJUSTMENT_UNCLEAR,
        at,
        Words(
            zh="“{id}”和同级共用 {pool} 的分值，没有自己的得分",
            en="“{id}” shares the points of {pool} and has none of its own",
        ).fill(id=id, pool=pool),
        Words(zh='写 "{pool}"', en='write "{pool}"').fill(pool=pool),
    )
