"""Compile a rulebook, once, to readers that judge one subject fast.

In: a `Rulebook`. Out: its `Plan`. No fact is read here, and no line asks what kind of criterion it is holding.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from attrs import define, field

from perfscore.adjustment import AdjustmentRule
from perfscore.explanation import View
from perfscore.formula.arithmetic import Absent, Reader, Slot
from perfscore.formula.exact import Slots, ratio
from perfscore.formula.prose import peers_name
from perfscore.formula.shapes import ZERO, Constant, Formula, Name, Peers
from perfscore.formula.vocabulary import Term, Vocabulary
from perfscore.formula.walking import judged_parts, names, peers_in
from perfscore.indicator import Branch, Fixed, Indicator, Input, Node, nodes
from perfscore.losses import can_give, parameter_reader, planned_losses, planned_range
from perfscore.parameter import Parameter
from perfscore.plainfigures import plain_reader
from perfscore.plainlosses import judging
from perfscore.plan import (
    DAY,
    Excuse,
    Fill,
    Plan,
    PlannedAdjustment,
    PlannedCheck,
    PlannedLeaf,
    PlannedNode,
    Step,
    Straight,
)
from perfscore.quantity import decimal
from perfscore.readingorder import (
    asked_points,
    formulas_of,
    in_reading_order,
    of_everybody,
    range_formulas,
    scale_of,
    stands_for,
    target_of_everybody,
    weight_formulas,
)
from perfscore.rulebook import Figure, Measure, Rulebook, in_order, peers_term, points_name, share_name
from perfscore.rulefile.digest import digest
from perfscore.stages import mean_of_others, planned_peers
from perfscore.words import Words

TOTAL, FULL = Words(zh="得分", en="score"), Words(zh="满分", en="full marks")


@lru_cache(maxsize=128)
def compiled(rulebook: Rulebook) -> Plan:
    """The plan of a rulebook; the same rulebook is compiled once."""
    return _Planning(rulebook).plan()


@define(eq=False)
class _Planning:
    rulebook: Rulebook
    blank: list[Slot] = field(factory=list)
    of: dict[str, int] = field(factory=dict)
    nodes: list[PlannedNode] = field(factory=list)
    peers: dict[Peers, int] = field(factory=dict)

    def slot(self, value: Slot) -> int:
        self.blank.append(value)
        return len(self.blank) - 1

    def plan(self) -> Plan:
        rulebook = self.rulebook
        inputs: dict[str, tuple[Input, int]] = {}
        for one in rulebook.all_inputs():
            self.of[one.name] = self.slot(Absent(one.name, "not-given"))
            inputs[one.name] = (one, self.of[one.name])
            for column in [*one.terms][1:]:  # after the table, where `gathering` fills them
                self.of[column] = self.slot(Absent(column, "not-given"))
        self.of[DAY] = self.slot(Absent(DAY, "not-given"))
        figures = in_order((*rulebook.parameters, *rulebook.measures))
        for figure in figures:
            self.of[figure.name] = self.slot(Absent(figure.name, "not-given"))
        self._place(rulebook.root, -1)
        asked = asked_points(rulebook)
        for planned in self.nodes[1:]:
            id = planned.node.id
            if points_name(id) in asked:
                planned.points = self.of[points_name(id)] = self.slot(Absent(id, "not-given"))
            if share_name(id) in asked:
                planned.share = self.of[share_name(id)] = self.slot(Absent(id, "not-given"))
        for formula in formulas_of(rulebook):
            self._compare(formula)
        index = {one.node.id: one.index for one in self.nodes}
        for planned in self.nodes:
            planned.before = tuple(index[id] for id in rulebook.comes_before(planned.node.id))
            self._furnish(planned)
        whole = Fraction(rulebook.full_marks)
        total = self.of["score"] = self.slot(Absent("score", "not-given"))
        self.of["weight"] = self.slot(ratio(whole))
        fixed = rulebook.weights
        size = rulebook.rounding.size
        worth = None
        if fixed is not None:
            worth = tuple(int(fixed[one.node.id] * size) if one.index else int(whole * size) for one in self.nodes)
            for planned in self.nodes:
                self.blank[planned.worth] = (worth[planned.index], size)
        steps = self._steps(figures)
        excusing = any(one.chosen_by is not None or one.node.applies is not None for one in self.nodes)
        return Plan(
            rulebook=rulebook,
            digest=digest(rulebook),
            vocabulary=self._with_peers(rulebook.vocabulary(), tuple(self.peers)),
            inputs=inputs,
            plain=tuple((name, slot, plain_reader(declared)) for name, (declared, slot) in inputs.items()),
            measures=tuple((one, self.of[one.name]) for one in figures if isinstance(one, Measure)),
            steps=steps,
            nodes=tuple(self.nodes),
            branches=tuple(one for one in reversed(self.nodes) if one.leaf is None),
            leaves={one.node.id: one.leaf for one in self.nodes if one.leaf is not None},
            index=index,
            worth=worth,
            varying={one: Slots(self.of, name="weight").numeric(one) for one in weight_formulas(rulebook)},
            adjustments=tuple(self._adjustment(one) for one in rulebook.adjustments),
            checks=tuple(
                PlannedCheck(one, Slots(self.of, name=one.id).truth(one.that), names(one.that))
                for one in rulebook.checks
            ),
            origins={one.name: one.formula for one in rulebook.measures},
            columns=frozenset(name for one, _ in inputs.values() for name in one.terms if name != one.name),
            of=self.of,
            peers=planned_peers(rulebook, self.peers, self.of, {points_name(id): at for id, at in index.items()}),
            paths=tuple(self._path(one) for one in self.nodes),
            weights=() if fixed is None else tuple(decimal(fixed[one.node.id]) for one in self.nodes[1:]),
            effective=self._effective(fixed),
            scale=scale_of(rulebook),
            total=total,
            fills=tuple(one for one in steps if isinstance(one, Fill)),
            straight=() if excusing else self._straight(steps),
            excusing=excusing,
            blank=tuple(self.blank),
        )

    def _straight(self, steps: tuple[Step, ...]) -> tuple[Straight, ...]:
        """The nodes one after another, where every leaf is judged plainly and every branch only adds; else none."""
        if not all(one.unread and (one.plain if one.leaf is None else one.leaf.plainly) for one in self.nodes):
            return ()
        ordered = [one for one in steps if isinstance(one, PlannedNode)]
        return tuple((one.index, one.parent, None if one.leaf is None else one.leaf.plainly) for one in ordered)

    def _effective(self, fixed: Mapping[str, Fraction] | None) -> tuple[Fraction, ...]:
        """What every node is worth in the whole, where branches only add."""
        if fixed is None or not all(one.leaf is not None or one.adds for one in self.nodes):
            return ()
        return (Fraction(self.rulebook.full_marks), *(fixed[one.node.id] for one in self.nodes[1:]))

    def _place(self, node: Node, parent: int) -> int:
        """Give a node and everything under it their numbers."""
        index = len(self.nodes)
        above = self.nodes[parent] if parent >= 0 else None
        planned = PlannedNode(node, index, parent)
        self.nodes.append(planned)
        if above is not None:
            plain = above.adds
            planned.exactly = above.exactly or not plain
            planned.counted = above.counted and plain
        planned.children = tuple(self._place(member, index) for member in node.members)
        return index

    def _furnish(self, planned: PlannedNode) -> None:
        node = planned.node
        if planned.index:
            own = None if node.applies is None else Slots(self.of, name=node.id).truth(node.applies)
            planned.excuses = (*self.nodes[planned.parent].excuses, Excuse(node.id, own, node.not_applicable))
        match node:
            case Indicator():
                planned.leaf = self._leaf(node, planned)
                planned.worth = planned.leaf.worth
            case Branch():
                if node.by is not None:
                    planned.chosen_by = self.of[node.by]
                planned.worth = self.slot(Absent(node.id, "not-given"))
                planned.plain = planned.adds and not planned.exactly and planned.chosen_by is None
                under = (node, *nodes(node.members))
                planned.plain = planned.plain and node.aggregate == "sum" and all(one.range is None for one in under)
                if node.range is not None:
                    local = {**self.of, "weight": planned.worth}
                    planned.range = planned_range(node, Slots(local, name=node.id))

    def _leaf(self, leaf: Indicator, planned: PlannedNode) -> PlannedLeaf:
        place = self.rulebook.place(leaf)
        local = dict(self.of)
        computed: list[Fill] = []

        def stands(name: str, formula: Formula) -> None:
            match formula:
                case Constant(value=value):
                    local[name] = self.slot(ratio(value))
                case Name(name=read):
                    local[name] = self.of[read]
                case _:
                    local[name] = self.slot(Absent(leaf.id, "not-given"))
                    computed.append(Fill(local[name], Slots(self.of, name=leaf.id).value(formula)))

        worth = local["weight"] = self.slot(Absent(leaf.id, "not-given"))
        standing = stands_for(leaf, place)
        for name, formula in standing.items():
            stands(name, formula)
        losses, gains = leaf.criterion.losses(place), leaf.criterion.credits(place)
        if leaf.criterion.gives_what_it_takes:
            gains = tuple(one for one in gains if can_give(one, place))
        asked = {judged.part: judged for one in (*losses, *gains) for judged in judged_parts(one.points)}
        answers = {part: self.slot(Absent(f"{leaf.id}.{part}", "not-given")) for part in asked}
        compared = tuple(peers for one in (*losses, *gains) for read in one.formulas() for peers in peers_in(read))
        everybody = [of_everybody(peers, leaf, place) for peers in compared]
        for own, formula in zip(compared, everybody, strict=True):
            local[peers_name(own)] = local[peers_name(formula)] = self._compare(formula)
        everybody += [formula for formula in (leaf.measured, target_of_everybody(leaf)) if formula is not None]
        general = tuple(peers for formula in everybody for peers in peers_in(formula))
        vocabulary = self._with_peers(place.vocabulary, (*compared, *general))
        slots = Slots(local, answers, leaf.id)
        planned.excuses = tuple(self._with_points(one, leaf, slots) for one in planned.excuses)
        fixed = self.rulebook.weights
        plain = fixed is not None and not (compared or gains or any(one.over for one in losses))
        simple = plain and not (leaf.range or leaf.rounding or place.demerit or place.pooled)
        units = int((fixed or {}).get(leaf.id, 0) * self.rulebook.rounding.size)
        same = {} if fixed is None else {"weight": Constant(fixed[leaf.id])}
        if isinstance(place.target_number, Constant) and leaf.measured is not None:
            same["target"] = place.target_number
        taken = planned_losses(losses, slots, same)
        origins = {one.name: one.formula for one in self.rulebook.measures}
        return PlannedLeaf(
            indicator=leaf,
            path=self._path(planned),
            place=place,
            slots=slots,
            computed=tuple(computed),
            losses=taken,
            gains=planned_losses(gains, slots, same),
            range=planned_range(leaf, slots),
            worth=worth,
            value=local.get("value"),
            percent="value" in place.vocabulary and place.vocabulary["value"].type == "percent",
            judged=asked,
            view=View(leaf.id, vocabulary, slots, origins, standing, leaf.by_default is not None),
            plainly=judging(computed, taken, local.get("value"), units, self.rulebook.rounding, place)
            if simple
            else None,
        )

    def _compare(self, formula: Formula) -> int:
        """Slots for what a formula reads of others; that of the outermost."""
        slot = -1
        for peers in peers_in(formula):
            if peers not in self.peers:
                name = peers_name(peers)
                self.of[name] = self.peers[peers] = self.slot(Absent(name, "no-cohort"))
            slot = self.peers[peers]
        return slot

    def _with_peers(self, vocabulary: Vocabulary, peers: tuple[Peers, ...]) -> Vocabulary:
        """A vocabulary that says too what people call the figures read of others."""
        total, full = (Term(one.into(self.rulebook.language), "number") for one in (TOTAL, FULL))
        known = {"weight": full, **vocabulary, "score": total}  # beside a leaf, `weight` is the leaf's
        return {**known, **{peers_name(one): peers_term(one, known, self.rulebook.language) for one in peers}}

    def _with_points(self, excuse: Excuse, leaf: Indicator, slots: Slots) -> Excuse:
        """An excuse that gives points: a share of them is a share of the leaf's own weight."""
        if excuse.policy == "peer-mean":
            mean = mean_of_others(leaf)
            self._compare(mean)
            return Excuse(excuse.id, excuse.applies, excuse.policy, Slots(self.of, name=leaf.id).numeric(mean))
        if not isinstance(excuse.policy, Fixed):
            return excuse
        return Excuse(excuse.id, excuse.applies, excuse.policy, slots.numeric(excuse.policy.points.low))

    def _path(self, planned: PlannedNode) -> tuple[str, ...]:
        found: list[str] = []
        while planned.index:
            found.append(planned.node.name)
            planned = self.nodes[planned.parent]
        return tuple(reversed(found))

    def _adjustment(self, rule: AdjustmentRule) -> PlannedAdjustment:
        slots = Slots(self.of, name=rule.id)
        index = {one.node.id: one for one in self.nodes}
        caps = [(index[id].index, slots.numeric(ZERO)) for id in rule.zero]
        for id, points in rule.cap.items():
            own = {**self.of, "weight": index[id].worth}  # a share there is one of the node's weight
            caps.append((index[id].index, Slots(own, name=rule.id).numeric(points.low)))
        return PlannedAdjustment(
            rule,
            None if rule.when is None else slots.truth(rule.when),
            {key: slots.numeric(formula) for key, formula in rule.amounts()},
            tuple(caps),
            slots,
        )

    def _steps(self, figures: list[Figure]) -> tuple[Step, ...]:
        """Everything to do, each after what it reads: figures first, then nodes as they stand, unless they read others."""
        todo: list[tuple[str, Step, set[str]]] = []
        for figure in figures:
            step = Fill(self.of[figure.name], self._reader(figure))
            todo.append((figure.name, step, {*figure.reads()}))
        for planned in self.nodes[1:]:
            if planned.leaf is not None and not self._pooled(planned):
                todo.append((points_name(planned.node.id), planned, self._reads(planned)))
        for planned in reversed(self.nodes[1:]):
            if planned.leaf is None:
                under = {points_name(self.nodes[child].node.id) for child in planned.children}
                if planned.node.aggregate == "pool":
                    under = {name for child in planned.children for name in self._reads(self.nodes[child])}
                todo.append((points_name(planned.node.id), planned, under | self._reads(planned)))
        return in_reading_order(todo)

    def _reads(self, planned: PlannedNode) -> set[str]:
        """Every name that judging a node reads, through its own figure and the conditions over it too."""
        read: set[str] = set()
        if planned.leaf is not None:
            leaf = planned.leaf.indicator
            losses = [read for one in (*planned.leaf.losses, *planned.leaf.gains) for read in one.loss.formulas()]
            formulas = [
                *losses,
                *(one for one in (leaf.measured, target_of_everybody(leaf)) if one is not None),
                *range_formulas(leaf),
            ]
            read = {name for one in formulas for name in names(one)}
            read |= {points_name(self.nodes[one].node.id) for one in planned.before}
        while planned.index:
            read |= set() if planned.node.applies is None else {*names(planned.node.applies)}
            planned = self.nodes[planned.parent]
        return read

    def _pooled(self, planned: PlannedNode) -> bool:
        return self.nodes[planned.parent].node.aggregate == "pool"

    def _reader(self, figure: Figure) -> Reader:
        slots = Slots(self.of, name=figure.name)
        match figure:
            case Measure(formula=formula):
                return slots.value(formula)
            case Parameter():
                return parameter_reader(figure, slots, self.of)
