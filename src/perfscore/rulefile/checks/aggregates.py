"""Can every branch put its members together?

In: a draft. Out: a complaint for an aggregate that lacks what it needs (a weight, a choice, a number), for members that
it cannot use, and for keys that say nothing to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.indicator import ADDING, Aggregate
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.mends import taken_out
from perfscore.words import Words, listed

AGGREGATE_INCOMPLETE = Code(
    "PS226",
    "aggregate-incomplete",
    Words(
        zh="合成方式缺少要写的键：weight、by 或 n；或写了用不上的键。",
        en="An aggregate lacks what it needs, weight, by or n; or has what says nothing to it.",
    ),
)
POOL_MEMBER = Code(
    "PS227",
    "pool-member",
    Words(
        zh="扣完为止的一组里，下级只扣分，没有自己的分值。",
        en="A member of a pool only takes points: it has no weight and no members, and says no share of a weight.",
    ),
)
MEMBER_WITHOUT_WEIGHT = Code(
    "PS237",
    "member-without-weight",
    Words(
        zh="按得分率合成时，下级的分值要大于 0。",
        en="Where shares are put together every member needs a weight above 0 to be a share of.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every branch that cannot be put together."""
    header = draft.header
    if header is not None:
        yield from _one(draft, header.aggregate, header.by, header.n, draft.members, ("rulebook",), "full_marks")
        if header.aggregate == "pool":
            yield Diagnostic(
                AGGREGATE_INCOMPLETE,
                ("rulebook", "aggregate"),
                Words(zh="整张表不能是一个扣完为止的组", en="the whole cannot be one pool"),
                Words(
                    zh='把指标放在一个写 aggregate = "pool" 的一级指标下',
                    en='put the indicators under a branch with aggregate = "pool"',
                ),
            )
    for node in draft.nodes():
        if node.members:
            yield from _one(draft, node.aggregate, node.by, node.n, node.members, node.at, "weight")
            if node.aggregate in ADDING and "rounding" in node.table:
                yield _needless(
                    (*node.at, "rounding"),
                    Words(zh="下级得分相加，没有可取整的", en="it adds published points, there is nothing to round"),
                    Words(
                        zh="去掉 rounding，或写在下级指标里",
                        en="take rounding out, or write it at the indicators below",
                    ),
                )
            if node.aggregate != "sum" and "weight" not in node.table:
                yield _incomplete(
                    (*node.at, "aggregate"),
                    Words(zh="“{n}”没有写自己的分值", en="“{n}” says no weight of its own").fill(n=node.label),
                    Words(zh="写 weight = 10", en="write weight = 10"),
                )
        else:
            for key in ("aggregate", "by", "n"):
                if key in node.table:
                    said = Words(zh="没有下级指标，{k} 没有意义", en="it has no members, so {k} says nothing")
                    yield _needless((*node.at, key), said.fill(k=key))


def _one(
    draft: Draft,
    aggregate: Aggregate,
    by: str | None,
    n: int | None,
    members: tuple[DraftNode, ...],
    at: KeyPath,
    weight: str,
) -> Iterator[Diagnostic]:
    if aggregate == "one-of":
        yield from _chosen(draft, by, members, at)
    elif by is not None:
        said = Words(zh="只有 one-of 用 by", en="only one-of reads by")
        yield _needless((*at, "by"), said)
    if aggregate == "best":
        if n is None or not 1 <= n <= len(members):
            place = (*at, "n") if n is not None else (*at, "aggregate")
            said = Words(zh="没有写取最高的几项（1 到 {m}）", en="of how many, from 1 to {m}, is not said")
            yield _incomplete(place, said.fill(m=str(len(members))), Words(zh="写 n = 1", en="write n = 1"))
    elif n is not None:
        said = Words(zh="只有 best 用 n", en="only best reads n")
        yield _needless((*at, "n"), said)
    if aggregate == "pool":
        for member in members:
            yield from _pooled(member)
    elif aggregate != "sum":
        for member in members:
            if member.stated == 0:
                yield Diagnostic(
                    MEMBER_WITHOUT_WEIGHT,
                    (*member.at, "weight"),
                    Words(zh="“{n}”的分值是 0，没有得分率", en="“{n}” is worth 0, so there is no share of it").fill(
                        n=member.label
                    ),
                    Words(
                        zh="写大于 0 的分值，或移到相加的一级",
                        en="write a weight above 0, or move it to a branch that adds",
                    ),
                )


def _chosen(draft: Draft, by: str | None, members: tuple[DraftNode, ...], at: KeyPath) -> Iterator[Diagnostic]:
    ids = [member.id.rpartition(".")[2] for member in members]
    wanted = Words(
        zh='加 [inputs.x]，type = "choice"，choices = [{all}]，再写 by = "x"',
        en='add [inputs.x] with type = "choice" and choices = [{all}], and write by = "x"',
    )
    wanted = wanted.fill(all=listed(f'"{id}"' for id in ids))
    declared = None if by is None else draft.inputs.get(by)
    if by is None or by not in draft.inputs:
        said = Words(zh="没有写按哪个选择取一项（by）", en="by which choice one is taken is not said (by)")
        yield _incomplete((*at, "aggregate" if by is None else "by"), said, wanted)
    elif declared is not None and declared.type != "choice":
        yield _incomplete((*at, "by"), Words(zh="“{b}”不是选择型数据", en="“{b}” is not a choice").fill(b=by), wanted)
    elif declared is not None and set(declared.domain.choices) != set(ids):
        odd = sorted(set(declared.domain.choices) ^ set(ids))
        said = Words(
            zh="“{b}”的选项和下级的 id 不一致：{odd}", en="the choices of “{b}” are not the ids of the members: {odd}"
        )
        yield _incomplete((*at, "by"), said.fill(b=by, odd=listed(odd)), wanted)


def _pooled(member: DraftNode) -> Iterator[Diagnostic]:
    criterion = member.criterion
    if member.members:
        said, key = (
            Words(zh="这一组里只能是没有下级的指标", en="only indicators without members can stand in a pool"),
            None,
        )
    elif "weight" in member.table:
        said, key = (
            Words(
                zh="“{n}”的扣分从上级的分值里扣，不写自己的分值",
                en="“{n}” takes from the weight above it and has none of its own",
            ),
            "weight",
        )
    elif "range" in member.table:
        said, key = Words(zh="得分范围写在上级", en="the range belongs to the branch above"), "range"
    elif criterion is not None and criterion.starts_from_weight:
        said, key = (
            Words(
                zh="“{n}”按自己的分值计分，这里没有", en="“{n}” counts from a weight of its own, which it has not here"
            ),
            "criterion",
        )
    else:
        return
    hint = Words(
        zh='改用 per-occurrence、stepped、clauses 或 checklist，或去掉 aggregate = "pool"',
        en='use per-occurrence, stepped, clauses or checklist, or take aggregate = "pool" out',
    )
    at = member.at if key is None else (*member.at, key)
    fix = taken_out(at) if key in ("weight", "range") else None
    yield Diagnostic(POOL_MEMBER, at, said.fill(n=member.label), fix.says if fix else hint, fix=fix)


def _incomplete(at: KeyPath, said: Words, hint: Words) -> Diagnostic:
    return Diagnostic(AGGREGATE_INCOMPLETE, at, said, hint)


def _needless(at: KeyPath, said: Words, hint: Words | None = None) -> Diagnostic:
    """The complaint about a key that says nothing where it stands."""
    fix = taken_out(at)
    return Diagnostic(AGGREGATE_INCOMPLETE, at, said, hint or fix.says, part="key", fix=fix)
