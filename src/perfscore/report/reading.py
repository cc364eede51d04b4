"""A rulebook as people read it.

In: a rulebook. Out: text: the tree with weights and targets, the clause, and what each criterion takes, in words.
The words are made from the losses themselves, so they cannot say anything else than what is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from attrs import frozen

from perfscore.criterion import Keeping
from perfscore.formula.prose import STYLES, Naming, near_text, tell, tell_condition
from perfscore.formula.vocabulary import Domain
from perfscore.indicator import (
    ADDING,
    AbsentPolicy,
    Aggregate,
    Branch,
    Even,
    Fixed,
    Indicator,
    Input,
    Node,
    Share,
    Varying,
)
from perfscore.quantity import spelled
from perfscore.report.by_group import Weights, applicability, weights_by_group
from perfscore.report.inapplicable import ONLY_WHEN, policy_name, what_then
from perfscore.report.naming import condition_text, labels, of_the_whole
from perfscore.report.provenance import Provenance
from perfscore.report.provisions import (
    BASIS,
    CLAUSE,
    ENDS,
    adjustments,
    figures,
    kind_name,
    noted,
    of_the_total,
    rounded,
    supplied,
)
from perfscore.report.rows import ADDING_UP, PUT_TOGETHER
from perfscore.report.taking import loss_reading
from perfscore.report.wrapping import aligned
from perfscore.rulebook import Rulebook, worths
from perfscore.words import Language, Words, listed, visible

POINTS = Words(zh="{n} 分", en="{n} points")
SHARED = Words(zh="{share} = {n} 分", en="{share} = {n} points")
EVENLY = Words(zh="均分 = {n} 分", en="an even part = {n} points")
VARYING = Words(zh="分值：{formula}", en="points: {formula}")
FROM_ABOVE = Words(zh="扣在上一级", en="taken from the level above")
TARGET = Words(zh="目标：{t}", en="target: {t}")
MEASURE = Words(zh="完成值：{m}", en="observed: {m}")
TAKES = Words(zh="扣分{title}：{formula}", en="takes{title}: {formula}")
INCURS = Words(zh="计分{title}：{formula}", en="incurs{title}: {formula}")
GIVES = Words(zh="加分{title}：{formula}", en="gives{title}: {formula}")
SPARES = Words(zh="减分{title}：{formula}", en="spares{title}: {formula}")
ONCE = Words(zh="同一件事已扣过不重扣，先后次序：{ids}", en="a fact is not deducted twice, in this order: {ids}")
BY_DEFAULT = Words(zh="没有写评分标准，按默认的“{kind}”计", en="no criterion is written: by the default, {kind}")
TOGETHER = Words(zh="合成：{how}", en="put together: {how}")
TIMES_WEIGHT = Words(zh="{how}，乘以本级分值", en="{how}, times the points of this level")
CHOSEN_BY = Words(zh="（按“{by}”选：{choices}）", en=" (chosen by “{by}”: {choices})")
RANGE = Words(zh="得分范围：{ends}", en="range: {ends}")
APPLIES = Words(zh="适用：{when}", en="applies: {when}")
OTHERWISE = Words(zh="不适用时：{then}", en="where it does not apply: {then}")
WITHOUT = {
    "missing": Words(zh="缺数据时：{then}", en="where figures are missing: {then}"),
    "undefined": Words(zh="无法计算时：{then}", en="where it cannot be computed: {then}"),
}
ABSENT: dict[AbsentPolicy, Words] = {
    "error": Words(zh="报错，没有总分", en="an error, and no score"),
    "zero": Words(zh="不得分", en="no points"),
    "not-applicable": Words(zh="视同不适用", en="as if it did not apply"),
    "not-scored": Words(zh="不评分，也没有总分", en="not scored, and no total"),
}
ALL_OF_IT = Words(zh="计满本项分值", en="all of its points are incurred")
WEIGHTS_VARY = Words(zh="分值随“{by}”变：", en="points by {by}:")
MATRIX = Words(zh="适用范围，按“{by}”：", en="what applies, by {by}:")
CHECKED = Words(zh="核对：{says}（{that}）", en="check: {says} ({that})")
PROMISED = Words(zh="绩效目标：{text}", en="goal: {text}")
COVERED = Words(zh="评价范围：{text}", en="scope: {text}")
RATINGS = Words(zh="等级：{scale}", en="ratings: {scale}")
FULL = Words(zh="满分 {n}", en="full marks {n}")


def reading(rulebook: Rulebook, language: Language, provenance: Provenance | None = None) -> str:
    """The rulebook as text; with `provenance` where it was written, too."""
    full = FULL.fill(n=spelled(rulebook.full_marks)).into(language)
    lines = [rulebook.title, f"{rulebook.id} {rulebook.version}  {full}", *of_the_total(rulebook, language), ""]
    tree = _tree(rulebook, language, provenance)
    for member in rulebook.members:
        lines.extend(tree.node(member, rulebook.aggregate, 0))
    for part in (
        tree.tables(),
        figures(rulebook, language),
        adjustments(rulebook, language),
        _rest(rulebook, language),
        () if provenance is None else provenance.of_the_rest(),
    ):
        if told := list(part):
            lines += ["", *told]
    return "\n".join([*map(visible, lines), ""])


def node_reading(rulebook: Rulebook, node: Node, language: Language) -> tuple[str, ...]:
    """One node as it reads in the whole, without its name and without what is under it."""
    tree = _tree(rulebook, language, None)
    parent = next((one for one in rulebook.nodes() if node in one.members), rulebook.root)
    told = tree.branch(node, parent.aggregate) if isinstance(node, Branch) else tree.leaf(node, parent.aggregate)
    return tuple(map(visible, told))


def weight_reading(rulebook: Rulebook, node: Node, language: Language) -> str:
    """What a node is worth, as it is written and what that comes to."""
    return visible(_tree(rulebook, language, None).written(node).into(language))


def rule_reading(rulebook: Rulebook, leaf: Indicator, language: Language) -> tuple[str, ...]:
    """What the criterion of a leaf takes and gives, whoever is judged."""
    tree = _tree(rulebook, language, None)
    return tuple(map(visible, tree.criterion(leaf)))


def _tree(rulebook: Rulebook, language: Language, provenance: Provenance | None) -> _Tree:
    weights, reach = _worth(rulebook)
    return _Tree(rulebook, language, weights, reach, provenance)


@lru_cache(maxsize=16)
def _worth(rulebook: Rulebook) -> tuple[Weights | None, Mapping[str, Domain]]:
    """What every node is worth, found out once for all that is read of a rulebook."""
    return weights_by_group(rulebook), worths(rulebook, rulebook.vocabulary())


def _rest(rulebook: Rulebook, language: Language) -> Iterator[str]:
    """Ratings, checks, and what was promised."""
    if rulebook.ratings:
        scale = "  ".join(
            one.name if one.start is None else f"{one.name} ≥ {spelled(one.start)}" for one in rulebook.ratings
        )
        yield RATINGS.fill(scale=scale).into(language)
    if rulebook.once:
        names = {one.id: one.name for one in rulebook.indicators()}
        yield ONCE.fill(ids=listed(names[id] for id in rulebook.once)).into(language)
    for check in rulebook.checks:
        that = tell(check.that, STYLES[language], of_the_whole(rulebook, language))
        yield CHECKED.fill(says=check.says, that=that).into(language)
    yield from (PROMISED.fill(text=goal.text).into(language) for goal in rulebook.goals)
    yield from (COVERED.fill(text=scope.text).into(language) for scope in rulebook.scope)


@frozen
class _Tree:
    """The indicator system, told node by node."""

    rulebook: Rulebook
    language: Language
    weights: Weights | None
    reach: Mapping[str, Domain]
    provenance: Provenance | None

    def node(self, node: Node, parent: Aggregate, depth: int) -> Iterator[str]:
        pad = "  " * depth
        yield f"{pad}{node.name}  {self.written(node).into(self.language)}  [{node.id}]"
        if self.provenance is not None:
            yield from self.provenance.of_node(node.id, f"{pad}    ")
        match node:
            case Branch(members=members):
                yield from (f"{pad}    {line}" for line in self.branch(node, parent))
                for member in members:
                    yield from self.node(member, node.aggregate, depth + 1)
            case Indicator():
                yield from (f"{pad}    {line}" for line in self.leaf(node, parent))

    def worth(self, node: Node) -> Fraction | None:
        """What a node is worth to everybody, or None where that depends on the subject."""
        if self.weights is not None:
            known = {*self.weights.of(node.id)}
            return known.pop() if len(known) == 1 else None
        reach = self.reach[node.id]
        return reach.low if reach.low == reach.high else None

    def written(self, node: Node) -> Words:
        """The weight as it is written, and what it comes to."""
        worth = self.worth(node)
        n = "?" if worth is None else spelled(worth)
        match node.stated:
            case Share(part=part):
                return SHARED.fill(share=near_text(part, percent=True), n=n)
            case Even():
                return EVENLY.fill(n=n)
            case Varying(formula=formula):
                naming = of_the_whole(self.rulebook, self.language)
                return VARYING.fill(formula=tell(formula, STYLES[self.language], naming))
            case None if isinstance(node, Indicator):
                return FROM_ABOVE
            case _:
                return POINTS.fill(n=n)

    def tables(self) -> Iterator[str]:
        """What varies with a choice: weights, and what applies."""
        if self.weights is not None:
            yield WEIGHTS_VARY.fill(by=self.weights.choice.label).into(self.language)
            rows = [["", *(group for group, _ in self.weights.groups)]]
            for node in self.rulebook.nodes():
                each = self.weights.of(node.id)
                if isinstance(node.stated, Varying) or len({*each}) > 1:
                    rows.append([node.name, *("—" if one is None else spelled(one) for one in each)])
            yield from (f"    {line}" for line in aligned(rows))
        for matrix in applicability(self.rulebook):
            yield MATRIX.fill(by=matrix.choice.label).into(self.language)
            rows = [["", *matrix.choice.domain.choices]]
            rows += [
                [node.name, *("?" if one is None else "✓" if one else "—" for one in each)]
                for node, each in matrix.nodes
            ]
            yield from (f"    {line}" for line in aligned(rows))

    def branch(self, branch: Branch, parent: Aggregate) -> Iterator[str]:
        if branch.clause:
            yield CLAUSE.fill(c=branch.clause).into(self.language)
        if branch.basis:
            yield BASIS.fill(b=listed(branch.basis)).into(self.language)
        if branch.aggregate != "sum":
            yield TOGETHER.fill(how=self.how(branch)).into(self.language)
        yield from self.limits(branch, parent)

    def how(self, branch: Branch) -> Words:
        """How a branch puts its members together."""
        told = PUT_TOGETHER[branch.aggregate].fill(n=str(branch.n))
        if branch.aggregate == "pool" and self.rulebook.demerit:
            told = ADDING_UP
        if branch.aggregate not in ADDING:
            told = TIMES_WEIGHT.fill(how=told)
        if branch.by is not None:
            known = {one.name: one.label for one in self.rulebook.all_inputs()}
            choices = [f"{one.id.rpartition('.')[2]} = {one.name}" for one in branch.members]
            told += CHOSEN_BY.fill(by=known[branch.by], choices=listed(choices))
        return told

    def limits(self, node: Node, parent: Aggregate) -> Iterator[str]:
        """Range, rounding, whether it applies, and what its author remarks."""
        language = self.language
        naming = self.naming(node)
        if node.range is not None:
            low, high = (tell(end.low, STYLES[language], naming) for end in (node.range.low, node.range.high))
            yield RANGE.fill(ends=ENDS.fill(low=low, high=high)).into(language)
        if node.rounding is not None:
            yield rounded(node.rounding).into(language)
        if node.applies is not None:
            condition = condition_text(node.applies, self.rulebook, language)
            yield APPLIES.fill(when=ONLY_WHEN.fill(condition=condition)).into(language)
        if node.not_applicable is not None:
            then = what_then(policy_name(node.not_applicable), parent, self.rulebook)
            if isinstance(node.not_applicable, Fixed):
                then = then.fill(points=tell(node.not_applicable.points.low, STYLES[language], naming))
            yield OTHERWISE.fill(then=then).into(language)
        if isinstance(node, Indicator):
            for state, policy in (("missing", node.missing), ("undefined", node.undefined)):
                if policy != "error":
                    then = ALL_OF_IT if policy == "zero" and self.rulebook.demerit else ABSENT[policy]
                    yield WITHOUT[state].fill(then=then).into(language)
        yield from noted(node.note, language)

    def naming(self, node: Node) -> Naming:
        """What names are called at a node: its weight and its target by what they come to."""
        style, worth = STYLES[self.language], self.worth(node)
        known = {} if worth is None else {"weight": spelled(worth)}
        if not isinstance(node, Indicator):
            return labels({**self.rulebook.vocabulary()}, self.language, known)
        place = self.rulebook.place(node)
        if place.target_number is not None:
            known["target"] = tell(place.target_number, style, labels(place.vocabulary, self.language, known))
        return labels(place.vocabulary, self.language, known)

    def leaf(self, leaf: Indicator, parent: Aggregate) -> Iterator[str]:
        language, style = self.language, STYLES[self.language]
        label = self.naming(leaf)
        if leaf.clause:
            yield CLAUSE.fill(c=leaf.clause).into(language)
        if (measured := leaf.measured) is not None:
            yield MEASURE.fill(m=tell(measured, style, label)).into(language)
        if isinstance(leaf.measure, Input):
            yield from supplied(leaf.measure, language)
        told = [leaf.target_text] if leaf.target_text else []
        told += [tell_condition(leaf.target, style, label)] if leaf.target is not None else []
        if told:
            yield TARGET.fill(t=" ".join(told)).into(language)
        if leaf.basis:
            yield BASIS.fill(b=listed(leaf.basis)).into(language)
        yield from self.criterion(leaf)
        yield from self.limits(leaf, parent)

    def criterion(self, leaf: Indicator) -> Iterator[str]:
        """What the criterion takes, and what it gives."""
        place, label = self.rulebook.place(leaf), self.naming(leaf)
        if leaf.by_default is not None:
            yield BY_DEFAULT.fill(kind=kind_name(leaf.criterion)).into(self.language)
        takes, gives = (INCURS, SPARES) if self.rulebook.demerit else (TAKES, GIVES)
        for said, losses in ((takes, leaf.criterion.losses(place)), (gives, leaf.criterion.credits(place))):
            if said is takes or leaf.range is not None or not isinstance(leaf.criterion, Keeping):
                yield from (loss_reading(one, said, self.worth(leaf), label, self.language) for one in losses)
