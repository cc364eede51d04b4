"""Can the same fact be known again at every indicator that must not deduct it twice?

In: a draft. Out: a complaint for what `[rulebook] once` lists that is no indicator with deductions over the records of a
table with a `key`, that is listed twice, or that nothing comes after.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic
from perfscore.rulefile.checks.criteria import placed
from perfscore.rulefile.draft import Draft
from perfscore.words import Words, listed, nearest, visible

ONCE_UNCLEAR = Code(
    "PS242",
    "once-unclear",
    Words(
        zh="once 列的指标要逐条记录扣分（for_each），表要有 key，才认得出同一件事。",
        en="An indicator listed in once deducts record by record (for_each) of a table with a key: else no fact is known again.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Everything in `once` that cannot be meant."""
    listed_ids = () if draft.header is None else draft.header.once
    if not listed_ids:
        return
    leaves = {leaf.id for leaf in draft.leaves()}
    fit = {leaf.id for leaf, _, _ in placed(draft)}
    keyed = {name for name, one in draft.inputs.items() if one is not None and one.key is not None}
    over = {
        leaf.id for leaf, criterion, place in placed(draft) if any(one.over in keyed for one in criterion.losses(place))
    }
    pools = draft.pools()
    if len(listed_ids) == 1:
        said = Words(zh="只列了一个指标，没有在它之后的", en="one indicator is listed, and nothing comes after it")
        hint = Words(zh="按优先次序再列上其他指标", en="list the others after it, in the order of priority")
        yield Diagnostic(ONCE_UNCLEAR, ("rulebook", "once"), said, hint)
    for index, id in enumerate(listed_ids):
        at = ("rulebook", "once", index)
        if id not in leaves:
            near = nearest(id, leaves)
            hint = Words(zh="写 {n}", en="write {n}").fill(n=near) if near else Words(zh="有：{a}", en="there are: {a}")
            said = Words(zh="没有指标“{i}”", en="there is no indicator “{i}”").fill(i=visible(id))
            yield Diagnostic(ONCE_UNCLEAR, at, said, hint if near else hint.fill(a=listed(sorted(leaves)[:12])))
        elif id in listed_ids[:index]:
            said = Words(zh="“{i}”列了两次", en="“{i}” is listed twice").fill(i=id)
            yield Diagnostic(ONCE_UNCLEAR, at, said, Words(zh="去掉一个", en="take one out"))
        elif id in pools:
            said = Words(zh="“{i}”和同级共用分值，不能列在这里", en="“{i}” shares the points of a pool").fill(i=id)
            yield Diagnostic(ONCE_UNCLEAR, at, said, Words(zh="去掉它", en="take it out"))
        elif id in fit and id not in over:
            said = Words(
                zh="“{i}”没有对带 key 的表逐条扣分", en="“{i}” deducts nothing of the records of a table with a key"
            ).fill(i=id)
            hint = Words(
                zh='扣分写 for_each = "表名"，表写 key = "编号那一列"',
                en='write for_each = "a table" in its deductions, and key = "a column" in the table',
            )
            yield Diagnostic(ONCE_UNCLEAR, at, said, hint)
