"""What of a rulebook depends on the group of the subject, as tables.

In: a rulebook whose weights or conditions read one choice, such as the region. Out: what each node is worth in each
group, and which nodes apply to which group. Whatever depends on more than one choice is left to its formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from perfscore.formula.arithmetic import Slot, Unreadable
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.indicator import Input, Node, Varying
from perfscore.plan import Fill, Plan
from perfscore.planning import compiled
from perfscore.rulebook import Figure, Rulebook
from perfscore.weighing import worth_of


@frozen
class Weights:
    """What every node is worth, by its id, in each group that `choice` tells apart; None where that has no answer."""

    choice: Input
    groups: tuple[tuple[str, dict[str, Fraction] | None], ...]

    def of(self, id: str) -> tuple[Fraction | None, ...]:
        """What a node is worth in each group."""
        return tuple(None if worth is None else worth[id] for _, worth in self.groups)


@frozen
class Applicability:
    """Which nodes apply to which group; None where that cannot be told from the group alone."""

    choice: Input
    nodes: tuple[tuple[Node, tuple[bool | None, ...]], ...]


def weights_by_group(rulebook: Rulebook) -> Weights | None:
    """The weights in each group, where they vary with one choice and nothing else."""
    formulas = [node.stated.formula for node in rulebook.nodes() if isinstance(node.stated, Varying)]
    choice = _only_choice(rulebook, formulas)
    if choice is None or not formulas:
        return None
    plan = compiled(rulebook)
    size = rulebook.rounding.size
    groups: list[tuple[str, dict[str, Fraction] | None]] = []
    for group, row in _rows(plan, choice):
        worth = worth_of(plan, row)
        known = worth and {one.node.id: Fraction(worth[one.index], size) for one in plan.nodes}
        groups.append((group, known or None))
    return Weights(choice, tuple(groups))


def applicability(rulebook: Rulebook) -> Iterator[Applicability]:
    """A matrix for every choice that decides alone about several nodes."""
    found: dict[str, list[Node]] = {}
    choices: dict[str, Input] = {}
    for node in rulebook.nodes():
        if node.applies is not None and (choice := _only_choice(rulebook, [node.applies])) is not None:
            found.setdefault(choice.name, []).append(node)
            choices[choice.name] = choice
    for name, deciding in found.items():
        if len(deciding) > 1:
            plan = compiled(rulebook)
            rows = [row for _, row in _rows(plan, choices[name])]
            yield Applicability(
                choices[name], tuple((node, tuple(_applies(plan, node, row) for row in rows)) for node in deciding)
            )


def _applies(plan: Plan, node: Node, row: list[Slot]) -> bool | None:
    truth = plan.nodes[plan.index[node.id]].excuses[-1].applies
    try:
        return None if truth is None else truth(row)
    except Unreadable:
        return None


def _rows(plan: Plan, choice: Input) -> Iterator[tuple[str, list[Slot]]]:
    """For every group a row in which nothing is known but the group."""
    for group in choice.domain.choices:
        row = list(plan.blank)
        row[plan.inputs[choice.name][1]] = group
        for step in plan.steps:
            if isinstance(step, Fill):
                step.into(row)
        yield group, row


def _only_choice(rulebook: Rulebook, formulas: Sequence[Formula]) -> Input | None:
    """The one choice that formulas read, through parameters and measures too; None where they read anything else."""
    figures: dict[str, Figure] = {one.name: one for one in rulebook.parameters}
    figures |= {one.name: one for one in rulebook.measures}
    if any(one.dated for one in rulebook.parameters if one.name in _read(figures, formulas)):
        return None
    inputs = {one.name: one for one in rulebook.all_inputs()}
    read = _read(figures, formulas) - figures.keys()
    if len(read) != 1 or (only := inputs.get(read.pop())) is None or not only.domain.choices:
        return None
    return only


def _read(figures: Mapping[str, Figure], formulas: Iterable[Formula]) -> set[str]:
    """Every name that formulas read, and that what they read reads."""
    waiting = {name for formula in formulas for name in names(formula)}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {*figures[name].reads()} - found if name in figures else set()
    return found
