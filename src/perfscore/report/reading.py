"""A rulebook as people read it.

In: a rulebook. Out: text: the tree with weights and targets, the clause, and what each criterion takes, in words.
The words are made from the losses themselves, so they cannot say anything else than what is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfscore.criterion import Loss
from perfscore.formula.bounds import bounds
from perfscore.formula.prose import STYLES, Naming, tell, tell_condition
from perfscore.formula.shapes import WEIGHT, Constant, Formula, Judged, Sum, judged_parts, names, rebuilt
from perfscore.indicator import Branch, Indicator, Node
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words, listed, visible

POINTS = Words(zh="{n} 分", en="{n} points")
TARGET = Words(zh="目标：{t}", en="target: {t}")
MEASURE = Words(zh="完成值：{m}", en="observed: {m}")
CLAUSE = Words(zh="评分标准：{c}", en="criterion: {c}")
TAKES = Words(zh="扣分{title}：{formula}", en="takes{title}: {formula}")
ASKS = Words(zh="（评分人在 {low} 到 {high} 之间给）", en=" (the assessor gives {low} to {high})")
BASIS = Words(zh="依据：{b}", en="basis: {b}")
CHECKED = Words(zh="核对：{says}（{that}）", en="check: {says} ({that})")
PROMISED = Words(zh="绩效目标：{text}", en="goal: {text}")
COVERED = Words(zh="评价范围：{text}", en="scope: {text}")
RATINGS = Words(zh="等级：{scale}", en="ratings: {scale}")
FULL = Words(zh="满分 {n}", en="full marks {n}")


def reading(rulebook: Rulebook, language: Language) -> str:
    """The rulebook as text."""
    vocabulary = rulebook.vocabulary()
    full = FULL.fill(n=spelled(rulebook.full_marks)).into(language)
    lines = [visible(rulebook.title), f"{visible(rulebook.id)} {visible(rulebook.version)}  {full}", ""]
    for member in rulebook.members:
        lines.extend(_node(member, rulebook, language, 0))
    if rulebook.ratings:
        scale = "  ".join(
            one.name if one.start is None else f"{one.name} ≥ {spelled(one.start)}" for one in rulebook.ratings
        )
        lines += ["", visible(RATINGS.fill(scale=scale).into(language))]
    for check in rulebook.checks:
        that = tell(check.that, STYLES[language], lambda name: vocabulary[name].label)
        lines.append(visible(CHECKED.fill(says=check.says, that=that).into(language)))
    lines += [visible(PROMISED.fill(text=goal.text).into(language)) for goal in rulebook.goals]
    lines += [visible(COVERED.fill(text=scope.text).into(language)) for scope in rulebook.scope]
    return "\n".join([*lines, ""])


def _node(node: Node, rulebook: Rulebook, language: Language, depth: int) -> Iterator[str]:
    pad = "  " * depth
    worth = POINTS.fill(n=_worth(node, rulebook)).into(language)
    yield f"{pad}{visible(node.name)}  {worth}  [{visible(node.id)}]"
    match node:
        case Branch(members=members):
            for member in members:
                yield from _node(member, rulebook, language, depth + 1)
        case Indicator():
            for line in _leaf(node, rulebook, language):
                yield f"{pad}    {visible(line)}"


def _worth(node: Node, rulebook: Rulebook) -> str:
    """What a node is worth; a question mark where that depends on the subject."""
    known = (rulebook.weights or {}).get(node.id)
    return "?" if known is None else spelled(known)


def _leaf(leaf: Indicator, rulebook: Rulebook, language: Language) -> Iterator[str]:
    style = STYLES[language]
    place = rulebook.place(leaf)

    def label(name: str) -> str:
        if name == "weight":
            return _worth(leaf, rulebook)
        if name == "target" and place.target_number is not None:
            return tell(place.target_number, style, label)
        return place.vocabulary[name].label

    if leaf.clause:
        yield CLAUSE.fill(c=leaf.clause).into(language)
    if (measured := leaf.measured) is not None:
        yield MEASURE.fill(m=tell(measured, style, label)).into(language)
    told = [leaf.target_text] if leaf.target_text else []
    told += [tell_condition(leaf.target, style, label)] if leaf.target is not None else []
    if told:
        yield TARGET.fill(t=" ".join(told)).into(language)
    if leaf.basis:
        yield BASIS.fill(b=listed(leaf.basis)).into(language)
    for loss in leaf.criterion.losses(place):
        title = f" {loss.title}" if loss.title else ""
        asks = "".join(_asks(one, language, label) for one in judged_parts(loss.points) if not one.yes_no)
        yield TAKES.fill(
            title=title, formula=_formula(loss, (rulebook.weights or {}).get(leaf.id), language, label) + asks
        ).into(language)


def _formula(loss: Loss, weight: Fraction | None, language: Language, label: Naming) -> str:
    return tell(_reckoned(loss.points, weight), STYLES[language], label)


def _reckoned(formula: Formula, weight: Fraction | None) -> Formula:
    """The formula with the weight put in, and what is only constants reckoned out."""

    if weight is None:
        return formula
    whole = Constant(weight)

    def step(one: Formula) -> Formula | None:
        if one == WEIGHT:
            return whole
        if isinstance(one, Sum) and set(names(one)) <= {"weight"} and not judged_parts(one):
            weighed = rebuilt(one, lambda inner: whole if inner == WEIGHT else None)
            reach = bounds(weighed, {})
            return Constant(reach.low) if isinstance(reach.low, Fraction) else None
        return None

    return rebuilt(formula, step)


def _asks(judged: Judged, language: Language, label: Naming) -> str:
    style = STYLES[language]
    low, high = (tell(end, style, label) for end in (judged.low, judged.high))
    return ASKS.fill(low=low, high=high).into(language)
