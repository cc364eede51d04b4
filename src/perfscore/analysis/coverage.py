"""Which cases of the rules do worked examples take, and what would take the others?

In: a rulebook. Out: `Coverage`: every case, whether an example that holds takes it, and where none does a subject that
would, which was found and judged. An example holds a rule only to what it promises: `points` and `state` to the named nodes
and what is in them, `score` to everything but the rating.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import field, frozen

from perfscore.analysis.edges import hinges, hinges_in
from perfscore.analysis.partial import rests_on
from perfscore.analysis.sweeping import Sweep
from perfscore.analysis.treeturns import watches
from perfscore.analysis.trials import DAY, EXCUSE, Trial, judged_subject
from perfscore.analysis.turns import Turn, Watch
from perfscore.analysis.wholes import Wholes
from perfscore.examples import Ran, facts_of, others_of, run_examples
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names, peers_in
from perfscore.indicator import Branch, Indicator, Varying
from perfscore.plan import Plan, PlannedNode
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook, WorkedExample


@frozen
class Untaken:
    """A case that no example takes, and a subject that would; None where none was found."""

    turn: Turn
    trial: Trial | None


@frozen
class Coverage:
    """How much of a rulebook its examples hold it to."""

    rulebook: Rulebook = field(repr=False)
    turns: tuple[Turn, ...]
    untaken: tuple[Untaken, ...]

    @property
    def taken(self) -> int:
        """How many of the cases are taken."""
        return len(self.turns) - len(self.untaken)

    @property
    def share(self) -> Fraction:
        """The share of the cases that are taken; a rulebook that tells none apart is covered."""
        return Fraction(self.taken, len(self.turns)) if self.turns else Fraction(1)


def coverage(rulebook: Rulebook, ran: Iterable[Ran] | None = None, *, search: bool = True) -> Coverage:
    """The coverage of a rulebook by its worked examples; without `search`, nothing is looked for that would take more."""
    plan = compiled(rulebook)
    every = watches(plan)
    taken: set[Watch] = set()
    for one in run_examples(rulebook) if ran is None else ran:
        if not one.diagnostics:  # what does not hold, holds nothing to anything
            taken |= taken_by(plan, one.example, [watch for watch in every if watch not in taken])
    left = [one for one in every if one not in taken]
    found = subjects_for(plan, left) if search else {}
    return Coverage(
        rulebook, tuple(one.turn for one in every), tuple(Untaken(one.turn, found.get(one)) for one in left)
    )


def taken_by(plan: Plan, example: WorkedExample, among: Iterable[Watch]) -> set[Watch]:
    """The cases that an example takes, of those that it holds the rules to."""
    judged = judged_subject(plan, facts_of(example, []), others_of(example, []))
    return {one for one in among if _held(one, example) and one.taken(judged)}


def _held(watch: Watch, example: WorkedExample) -> bool:
    match watch.by:
        case "rating":
            return example.rating is not None
        case "score":
            return example.score is not None or example.rating is not None
        case _:
            if example.score is not None or example.rating is not None:
                return True
            node = watch.turn.node
            return any(node == id or node.startswith(f"{id}.") for id in (*example.points, *example.state))


def subjects_for(plan: Plan, wanted: Iterable[Watch]) -> dict[Watch, Trial]:
    """A subject for each of these cases, where one could be found: of a node by what it reads, else whole subjects."""
    found: dict[Watch, Trial] = {}
    left = list(wanted)
    for planned in plan.nodes[1:]:
        own = [one for one in left if one.by == "points" and one.turn.node == planned.node.id]
        if own:
            found |= sweep_of(plan, planned).find(own)
    whole = [one for one in left if one not in found and (one.by != "points" or not one.turn.node)]
    return found | (Wholes(plan, sweep_of).find(whole) if whole else {})


def sweep_of(plan: Plan, planned: PlannedNode) -> Sweep:
    """A search over everything that a node reads."""
    leaves = [one for one in plan.leaves.values() if _under(one.indicator.id, planned.node.id)]
    keys: dict[str, None] = {}
    formulas: list[Formula] = []
    found = []
    for leaf in leaves:
        keys |= dict.fromkeys(sorted(one for one in rests_on(plan, leaf) if one in plan.inputs or ":" in one))
        formulas += [read for one in (*leaf.losses, *leaf.gains) for read in one.loss.formulas()]
        own = leaf.indicator
        formulas += [one for one in (own.measured, own.target) if one is not None]
        if isinstance(own.stated, Varying):
            formulas.append(own.stated.formula)
            keys |= dict.fromkeys(_inputs_of(plan, own.stated.formula))
        found += hinges(plan.rulebook, own)
    over = list(_over(plan, planned))
    beside = [node.applies for node in over if node.applies is not None]
    formulas += [
        *beside,
        *plan.origins.values(),
        *(one for each in plan.rulebook.parameters for one in each.formulas()),
    ]
    found += hinges_in(beside, plan.rulebook)
    chosen = {node.by: node.id for node in (*over, plan.rulebook) if isinstance(node, Branch) and node.by is not None}
    keys |= dict.fromkeys(chosen)
    if plan.rulebook.by is not None:
        keys[plan.rulebook.by] = None
    if any(one.dated for one in plan.rulebook.parameters):
        keys[DAY] = None
    if planned.node.not_applicable is not None:
        keys[f"{planned.node.id}:{EXCUSE}"] = None
    compared = bool(plan.peers) and any(peers_in(one) for one in formulas)
    return Sweep(plan, list(keys), formulas, found, compared=compared)


def _inputs_of(plan: Plan, formula: Formula) -> Iterator[str]:
    """The inputs that a formula rests on, through measures."""
    for name in names(formula):
        if name in plan.inputs:
            yield name
        elif name in plan.origins:
            yield from _inputs_of(plan, plan.origins[name])


def _over(plan: Plan, planned: PlannedNode) -> Iterator[Branch | Indicator]:
    while planned.index:
        yield planned.node
        planned = plan.nodes[planned.parent]


def _under(id: str, above: str) -> bool:
    return id == above or id.startswith(f"{above}.")
