"""Can every figure have a value, and a name of its own?

In: a draft. Out: a complaint for a domain that holds nothing, a choice without choices, and a name used twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.indicator import Input
from perfscore.rulefile.draft import Draft
from perfscore.words import Words

DOMAIN_EMPTY = Code(
    "PS219", "domain-empty", Words(zh="没有数能落在这个取值范围里。", en="No value can lie in the domain of a figure.")
)
CHOICES_MISSING = Code(
    "PS220",
    "choices-missing",
    Words(zh="选择型数据要写有哪些选项。", en="A figure that is chosen must say what it is chosen from."),
)
NAME_TAKEN = Code(
    "PS221",
    "name-taken",
    Words(
        zh="一级指标的自有数据和 [inputs] 里的数据同名，填数时分不清。",
        en="An indicator's own figure has the name of an input.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every figure that cannot be filled in."""
    for name, declared in draft.inputs.items():
        if declared is not None:
            yield from _one(declared, ("inputs", name))
    for leaf in draft.leaves():
        if isinstance(leaf.measure, Input):
            yield from _one(leaf.measure, (*leaf.at, "measure"))
            if leaf.id in draft.known():
                yield Diagnostic(
                    NAME_TAKEN,
                    (*leaf.at, "measure"),
                    Words(
                        zh="“{n}”已经是 [inputs] 或 [measures] 里的名字", en="“{n}” is an input or a measure already"
                    ).fill(n=leaf.id),
                    Words(
                        zh='写 measure = "{n}"，或给其中一个改名', en='write measure = "{n}", or rename one of them'
                    ).fill(n=leaf.id),
                )


def _one(declared: Input, at: KeyPath) -> Iterator[Diagnostic]:
    domain = declared.domain
    if domain.low is not None and domain.high is not None:
        apart = domain.low < domain.high or (domain.low == domain.high and domain.low_closed and domain.high_closed)
        if not apart:
            yield Diagnostic(
                DOMAIN_EMPTY,
                at,
                Words(zh="“{n}”的上限低于下限", en="the domain of “{n}” ends before it begins").fill(n=declared.label),
                Words(zh="改 min、max、above 或 below", en="change min, max, above or below"),
                part="key",
            )
    if declared.type == "choice" and not domain.choices:
        yield Diagnostic(
            CHOICES_MISSING,
            at,
            Words(zh="“{n}”没有选项", en="“{n}” has no choices").fill(n=declared.label),
            Words(zh='写 choices = ["甲", "乙"]', en='write choices = ["a", "b"]'),
            part="key",
        )
