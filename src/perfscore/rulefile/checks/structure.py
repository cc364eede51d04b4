"""Is every leaf a criterion and every branch a branch?

In: a draft. Out: a complaint for a leaf without criterion, and for a branch that carries what only a leaf may have.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.criteria import kind_names
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.tree import form_of, misspelt
from perfscore.words import Words, listed

CRITERION_MISSING = Code(
    "PS206",
    "criterion-missing",
    Words(zh="三级指标没有写怎么计分。", en="An indicator does not say how points are lost."),
)
BRANCH_WITH_CRITERION = Code(
    "PS207",
    "branch-with-criterion",
    Words(
        zh="有下级的指标按下级加总，不能自己计分。",
        en="A branch is the sum of its members and has no criterion of its own.",
    ),
)
NO_INDICATORS = Code("PS208", "no-indicators", Words(zh="规则里没有指标。", en="The rulebook has no indicator."))
_LEAF_ONLY = ("criterion", "measure", "target", "target_text", "missing", "undefined", "unit")


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every node that is neither one thing nor the other."""
    if not draft.members and isinstance(draft.values.get("indicators"), dict):
        hint = Words(zh='写 [indicators.output] 和 name = "产出"', en='write [indicators.output] and name = "output"')
        yield Diagnostic(
            NO_INDICATORS, ("indicators",), Words(zh="没有指标", en="there is no indicator"), hint, part="key"
        )
    for node in draft.nodes():
        if node.members:
            for key in _LEAF_ONLY:
                if key in node.table:
                    yield Diagnostic(
                        BRANCH_WITH_CRITERION,
                        (*node.at, key),
                        Words(zh="“{n}”有下级指标，不能有 {k}", en="“{n}” has members and cannot have {k}").fill(
                            n=node.label, k=key
                        ),
                        Words(zh="把它移到下级指标，或去掉", en="move it to a member, or take it out"),
                        part="key",
                    )
        elif "criterion" not in node.table and node.by_default is None and not misspelt("criterion", node.table):
            if draft.defaults and "target" in node.table:
                yield _without_default(node, draft)
                continue
            yield Diagnostic(
                CRITERION_MISSING,
                node.at,
                Words(zh="指标“{n}”没有计分方式", en="the indicator “{n}” has no criterion").fill(n=node.label),
                Words(
                    zh='写 criterion = {{ kind = "…" }}，可用：{all}',
                    en='write criterion = {{ kind = "…" }}, one of: {all}',
                ).fill(all=", ".join(kind_names())),
                part="key",
            )


def _without_default(node: DraftNode, draft: Draft) -> Diagnostic:
    """The complaint about a target of a form for which the head of the file gives no criterion."""
    form = form_of(node.target)
    said = Words(
        zh="“{n}”没有计分方式；[rulebook.defaults] 只有 {all}，没有这种目标的 {f}",
        en="“{n}” has no criterion; [rulebook.defaults] has {all}, and no {f} for a target of this form",
    )
    hint = Words(
        zh='改目标，或在 [rulebook.defaults] 写 {f} = {{ kind = "…" }}，或在这里写 criterion',
        en='change the target, write {f} = {{ kind = "…" }} in [rulebook.defaults], or a criterion here',
    )
    related = Related(("rulebook", "defaults"), Words(zh="各种目标的计分方式", en="the criteria by form"), "key")
    return Diagnostic(
        CRITERION_MISSING,
        (*node.at, "target"),
        said.fill(n=node.label, f=form, all=listed(draft.defaults)),
        hint.fill(f=form),
        related=(related,),
    )
