"""Compile a rulebook, once, to readers that judge one subject fast.

In: a `Rulebook`. Out: a `Plan`: where every figure and answer stands in a row, and what is computed from the row,
in order. No fact is read here, and no line in this room asks what kind of criterion it is holding.
"""

from __future__ import annotations

from functools import lru_cache

from attrs import field, frozen

from perfscore.criterion import Loss
from perfscore.formula.arithmetic import Absent, Numeric, Reader, Slot, Truth
from perfscore.formula.exact import Slots, ratio
from perfscore.formula.shapes import Constant, Formula, Judged, Name, judged_parts, names
from perfscore.formula.vocabulary import Vocabulary
from perfscore.indicator import Branch, Indicator, Input, Node
from perfscore.rulebook import Check, Measure, Rulebook
from perfscore.rulefile.document import digest


@frozen(eq=False)
class PlannedLoss:
    """A loss with its reader, and the answers that it rests on."""

    loss: Loss
    points: Numeric
    judged: tuple[Judged, ...]


@frozen(eq=False)
class PlannedLeaf:
    """An indicator ready to be judged. `computed` are slots filled just before its losses are read: `value` and
    `target`.
    """

    indicator: Indicator
    path: tuple[str, ...]
    vocabulary: Vocabulary
    slots: Slots
    computed: tuple[tuple[int, Reader], ...]
    losses: tuple[PlannedLoss, ...]
    weight: int
    value: int | None
    """The slot of its value."""
    percent: bool
    judged: dict[str, Judged]


@frozen(eq=False)
class PlannedCheck:
    """A check with its reader and the names it reads."""

    check: Check
    holds: Truth
    reads: tuple[str, ...]


@frozen(eq=False)
class Plan:
    """A rulebook ready to judge."""

    rulebook: Rulebook
    digest: str
    vocabulary: Vocabulary
    blank: tuple[Slot, ...]
    inputs: dict[str, tuple[Input, int]]
    measures: tuple[tuple[Measure, int, Reader], ...]
    leaves: dict[str, PlannedLeaf]
    checks: tuple[PlannedCheck, ...]
    origins: dict[str, Formula]
    of: dict[str, int] = field(factory=dict)


@lru_cache(maxsize=128)
def compiled(rulebook: Rulebook) -> Plan:
    """The plan of a rulebook; the same rulebook is compiled once."""
    vocabulary = rulebook.vocabulary()
    blank: list[Slot] = []
    of: dict[str, int] = {}
    inputs: dict[str, tuple[Input, int]] = {}
    for one in rulebook.all_inputs():
        of[one.name] = len(blank)
        inputs[one.name] = (one, len(blank))
        blank.append(Absent(one.name, "not-given"))
    measures = []
    for measure in _in_order(rulebook.measures):
        of[measure.name] = len(blank)
        measures.append((measure, len(blank), Slots(of, name=measure.name).value(measure.formula)))
        blank.append(Absent(measure.name, "not-given"))
    leaves = {}
    for leaf, path in _leaves(rulebook.members, ()):
        leaves[leaf.id] = _leaf(leaf, path, rulebook, vocabulary, of, blank)
    checks = tuple(
        PlannedCheck(one, Slots(of, name=one.id).truth(one.that), names(one.that)) for one in rulebook.checks
    )
    origins = {measure.name: measure.formula for measure in rulebook.measures}
    return Plan(
        rulebook, digest(rulebook), vocabulary, tuple(blank), inputs, tuple(measures), leaves, checks, origins, of
    )


def _leaves(members: tuple[Node, ...], above: tuple[str, ...]) -> list[tuple[Indicator, tuple[str, ...]]]:
    found: list[tuple[Indicator, tuple[str, ...]]] = []
    for member in members:
        path = (*above, member.name)
        match member:
            case Indicator():
                found.append((member, path))
            case Branch(members=inner):
                found.extend(_leaves(inner, path))
    return found


def _leaf(
    leaf: Indicator,
    path: tuple[str, ...],
    rulebook: Rulebook,
    vocabulary: Vocabulary,
    of: dict[str, int],
    blank: list[Slot],
) -> PlannedLeaf:
    place = leaf.place(vocabulary)
    local = dict(of)
    computed: list[tuple[int, Reader]] = []

    def slot(value: Slot) -> int:
        blank.append(value)
        return len(blank) - 1

    def stands(name: str, formula: Formula) -> None:
        match formula:
            case Constant(value=value):
                local[name] = slot(ratio(value))
            case Name(name=read):
                local[name] = of[read]
            case _:
                local[name] = slot(Absent(leaf.id, "not-given"))
                computed.append((local[name], Slots(of, name=leaf.id).value(formula)))

    stands("weight", Constant(leaf.exact_weight))
    if (measured := leaf.measured) is not None:
        stands("value", measured)
        if (wanted := place.target_number) is not None:
            stands("target", wanted)
    losses = leaf.criterion.losses(place)
    asked = {judged.part: judged for loss in losses for judged in judged_parts(loss.points)}
    answers = {part: slot(Absent(f"{leaf.id}.{part}", "not-given")) for part in asked}
    slots = Slots(local, answers, leaf.id)
    return PlannedLeaf(
        indicator=leaf,
        path=path,
        vocabulary=place.vocabulary,
        slots=slots,
        computed=tuple(computed),
        losses=tuple(PlannedLoss(loss, slots.numeric(loss.points), judged_parts(loss.points)) for loss in losses),
        weight=rulebook.rounding.units(leaf.exact_weight.numerator, leaf.exact_weight.denominator),
        value=local.get("value"),
        percent="value" in place.vocabulary and place.vocabulary["value"].type == "percent",
        judged=asked,
    )


def _in_order(measures: tuple[Measure, ...]) -> list[Measure]:
    """Measures so that each comes after those it reads; a circle was refused when the file was checked."""
    waiting = {measure.name: measure for measure in measures}
    ordered: list[Measure] = []
    while waiting:
        ready = [name for name, one in waiting.items() if not any(used in waiting for used in names(one.formula))]
        if not ready:
            raise ValueError(f"measures read one another in a circle: {', '.join(waiting)}")
        ordered.extend(waiting.pop(name) for name in ready)
    return ordered
