"""Why an indicator does not apply, and what is done then.

In: the result of a leaf that does not apply, and its assessment. Out: one sentence.
What is asked here was decided when the leaf was judged; it is only told.
"""

from __future__ import annotations

from perfscore.assessment import Assessment, IndicatorResult
from perfscore.facts import Facts
from perfscore.formula.prose import STYLES
from perfscore.indicator import ADDING, Aggregate, Branch, Fixed, Inapplicable, Indicator, Node
from perfscore.report.naming import condition_text
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words

AND_THEN = Words(zh="，", en="; ")
SAID = Words(zh="不适用：{why}", en="does not apply: {why}")
ONLY_WHEN = Words(zh="只在 {condition} 时适用", en="it applies only when {condition}")
NOT_CHOSEN = Words(zh="按“{by}”只评“{name}”", en="by “{by}” only “{name}” is scored")
WITHOUT_FIGURES = Words(zh="缺数据或无法计算", en="figures are missing, or it cannot be computed")
THEN = {
    "rescale": Words(zh="分值按比例折算给其余指标", en="its weight goes to all others in proportion"),
    "siblings": Words(zh="分值按比例让给同级指标", en="its weight goes to its siblings in proportion"),
    "unscored": Words(zh="分值不计入满分", en="its weight is left out of the full marks"),
    "peer-mean": Words(zh="按适用对象的平均分", en="it has the mean of those to whom it applies"),
    "full": Words(zh="按规则得满分", en="by the rule it has its full weight"),
    "full-demerit": Words(zh="按规则不计分", en="by the rule nothing is incurred"),
    "fixed": Words(zh="按规则得{points}分", en="by the rule it has {points} points"),
    "fixed-demerit": Words(zh="按规则计{points}分", en="by the rule {points} points are incurred"),
    "left-out": Words(zh="上一级只看其余各项", en="the level above looks only at the others"),
    "pool": Words(zh="不扣分", en="nothing is taken"),
    "not-said": Words(zh="规则没有写这时怎么办", en="the rule does not say what happens then"),
}


def why_not(result: IndicatorResult, assessment: Assessment, language: Language) -> str:
    """The sentence: who or what says that it does not apply, and what follows."""
    rulebook = assessment.rulebook
    chain = _chain(result.node, rulebook)
    if (chosen := _not_chosen(chain, rulebook, assessment.facts)) is not None:
        return SAID.fill(why=chosen).into(language)
    excuses = [node for node in chain if _told(node, assessment.facts) is not None]
    why: Words | str
    if excuses:
        excuses = excuses[:1]
        why = _told(excuses[0], assessment.facts) or ""
    elif any(result.id in one.at for one in assessment.findings if one.code.number in ("PS401", "PS408")):
        why, excuses = WITHOUT_FIGURES, chain[-1:]
    else:
        excuses = [node for node in chain if node.applies is not None]
        conditions = (condition_text(one.applies, rulebook, language) for one in excuses if one.applies is not None)
        why = ONLY_WHEN.fill(condition=STYLES[language].both.join(conditions))
    policies = {policy_name(node.not_applicable) for node in excuses}
    told = SAID.fill(why=why)
    if len(policies) == 1:
        told += AND_THEN + _then(policies.pop(), chain, rulebook).fill(points=f"{result.points}")
    return told.into(language)


def _then(policy: str, chain: list[Node], rulebook: Rulebook) -> Words:
    return what_then(policy, chain[-2].aggregate if len(chain) > 1 else rulebook.aggregate, rulebook)


def what_then(policy: str, parent: Aggregate, rulebook: Rulebook) -> Words:
    """What is done with the points of a leaf that does not apply; `parent` is how the level above puts it together."""
    if parent not in ADDING:
        return THEN["left-out"]
    if parent == "pool":
        return THEN["pool"]
    return THEN.get(f"{policy}-demerit", THEN[policy]) if rulebook.demerit else THEN[policy]


def policy_name(policy: Inapplicable | None) -> str:
    """The key under which `THEN` says what is done."""
    match policy:
        case None:
            return "not-said"
        case Fixed():
            return "fixed"
        case _:
            return policy


def _told(node: Node, facts: Facts) -> str | None:
    answer = facts.answers.get(node.id)
    return None if answer is None else answer.not_applicable


def _chain(node: Node, rulebook: Rulebook) -> list[Node]:
    """The nodes from the top to this one."""
    members, found = rulebook.members, []
    while members:
        one = next(member for member in members if member.id == node.id or node.id.startswith(f"{member.id}."))
        found.append(one)
        members = one.members if isinstance(one, Branch) and one.id != node.id else ()
    return found


def _not_chosen(chain: list[Node], rulebook: Rulebook, facts: Facts) -> Words | None:
    """Who was chosen instead, where a branch above takes one of its members."""
    labels = {one.name: one.label for one in rulebook.all_inputs()}
    for above, member in zip((rulebook.root, *chain), chain, strict=False):
        if isinstance(above, Indicator) or above.by is None or above.by not in facts.inputs:
            continue
        choice = facts.inputs[above.by].value
        if choice != member.id.rpartition(".")[2]:
            names = [one.name for one in above.members if one.id.rpartition(".")[2] == choice]
            return NOT_CHOSEN.fill(by=labels[above.by], name=names[0] if names else str(choice))
    return None
