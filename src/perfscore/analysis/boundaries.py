"""Worked examples that a rule file should have: at, just under and just over each edge, without a figure, not applicable.

In: a rulebook, and its examples that were run. Out: `WorkedExample`s with what the rules give today; each was run, and
holds. Whether the rules *should* give that is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve, frozen

from perfscore.analysis.candidates import fitting, step_of
from perfscore.analysis.coverage import sweep_of, taken_by
from perfscore.analysis.sweeping import Sweep
from perfscore.analysis.treeturns import watches
from perfscore.analysis.trials import Trial, example_of, judged_trial
from perfscore.analysis.turns import Watch
from perfscore.analysis.wholes import Wholes
from perfscore.assessing import Judged, assess
from perfscore.examples import Ran, facts_of, others_of, run_example, run_examples
from perfscore.formula.prose import near_text
from perfscore.frozen import Frozen
from perfscore.plan import Plan, PlannedNode
from perfscore.planning import compiled
from perfscore.quantity import exact
from perfscore.rulebook import Rulebook, WorkedExample
from perfscore.words import Words

AT = Words(zh="{n}：{what}刚好 {v}", en="{n}: {what} is {v} exactly")
UNDER = Words(zh="{n}：{what} {v}，比 {edge} 略少", en="{n}: {what} is {v}, just under {edge}")
OVER = Words(zh="{n}：{what} {v}，比 {edge} 略多", en="{n}: {what} is {v}, just over {edge}")
LACKING = Words(zh="{n}：没有{what}", en="{n}: without {what}")
HAIRS = (1, 10, 100)
MOST_EDGES = 12
"""So many edges of one figure are told: a step that repeats has no end."""


@frozen
class _Idea:
    """What might be an example: a subject, and what to call it."""

    title: Words
    trial: Trial
    node: str = ""


def suggestions(rulebook: Rulebook, ran: Iterable[Ran] | None = None) -> tuple[WorkedExample, ...]:
    """Examples at the edges of every rule that hold today, and are none of those that there are already."""
    plan = compiled(evolve(rulebook, reasons="reported"))
    every = watches(plan)
    known = [one.example for one in (run_examples(rulebook) if ran is None else ran) if not one.diagnostics]
    taken = {watch for one in known for watch in taken_by(plan, one, every)}
    seen = {facts_of(one, []) for one in known}
    made: list[WorkedExample] = []
    for idea in _ideas(plan, every, taken):
        example = _promising(plan, idea)
        if example is None or run_example(rulebook, example, 0).diagnostics:
            continue
        facts = facts_of(example, [])
        if facts not in seen or example.cohort:
            seen.add(facts)
            made.append(example)
    return tuple(made)


def _ideas(plan: Plan, every: tuple[Watch, ...], taken: set[Watch]) -> Iterator[_Idea]:
    for planned in plan.nodes[1:]:
        own = [one for one in every if one.by == "points" and one.turn.node == planned.node.id]
        if planned.leaf is not None or own:
            yield from _of_node(plan, planned, own, taken)
    wholes = Wholes(plan, sweep_of)
    whole = [one for one in every if one.by != "points"]
    if whole:
        best = wholes.best()
        for score in wholes.starts():
            for units in (score, score - 1):
                trial = wholes.exactly(wholes.lowered(best, score), units)
                total = judged_trial(plan, trial).total.score
                if total == units:
                    size = plan.rulebook.rounding.size
                    said = Words(zh="总分刚好 {s}", en="the score is {s} exactly")
                    yield _Idea(said.fill(s=near_text(Fraction(units, size))), trial)
        for watch, trial in wholes.find(whole).items():
            if watch not in taken:
                yield _Idea(watch.turn.says, trial)


def _of_node(plan: Plan, planned: PlannedNode, own: list[Watch], taken: set[Watch]) -> Iterator[_Idea]:
    """At and beside each edge that matters; then what that leaves untaken; then what is missing."""
    name = planned.node.name
    sweep = sweep_of(plan, planned)
    seen: list[tuple[Trial, Judged]] = []
    found = sweep.find(own, seen)
    scored = (trial for trial, judged in seen if judged.outcomes[planned.index].state == "scored")
    sweep.base = next(scored, sweep.base)
    covered = set(taken)
    if planned.leaf is not None:
        for idea, judged in _around_edges(plan, planned, sweep):
            covered |= {one for one in own if one.taken(judged)}
            yield idea
    for watch in own:
        if watch not in covered and watch in found:
            covered |= {one for one in own if one.taken(judged_trial(plan, found[watch]))}
            yield _Idea(Words.same(f"{name}: ") + watch.turn.says, found[watch], planned.node.id)
    if planned.leaf is not None and sweep.base is not None:
        for key in sweep.keys:
            if judged_trial(plan, sweep.base.without(key)).outcomes[planned.index].state == "missing":
                said = LACKING.fill(n=name, what=_label(plan, key))
                yield _Idea(said, sweep.base.without(key), planned.node.id)
                break


def _around_edges(plan: Plan, planned: PlannedNode, sweep: Sweep) -> Iterator[tuple[_Idea, Judged]]:
    for key, edges in sweep.edges.items():
        for edge in sorted(edges)[:MOST_EDGES]:
            tried: list[tuple[Words, Fraction, Trial, Judged]] = []
            for times in HAIRS:  # of a large figure a hair may be too small for any published point
                tried = list(_beside(plan, sweep, key, edge, step_of(plan, key) * times))
                if (
                    len({(one.outcomes[planned.index].state, one.outcomes[planned.index].units) for *_, one in tried})
                    > 1
                ):
                    break
            else:
                continue  # nothing turns here
            for said, value, trial, judged in tried:
                shown = {"v": _shown(plan, key, value), "edge": _shown(plan, key, edge)}
                what = _label(plan, key)
                title = (said if what != planned.node.name else _short(said)).fill(
                    n=planned.node.name, what=what, **shown
                )
                yield _Idea(title, trial, planned.node.id), judged


def _beside(
    plan: Plan, sweep: Sweep, key: str, edge: Fraction, hair: Fraction
) -> Iterator[tuple[Words, Fraction, Trial, Judged]]:
    """Subjects just under an edge, at it, and just over it, as far as the figure can be so."""
    for said, value in ((UNDER, edge - hair), (AT, edge), (OVER, edge + hair)):
        if sweep.base is not None and next(fitting(plan, key, value), None) == value:
            trial = sweep.base.with_values({key: value})
            yield said, value, trial, judged_trial(plan, trial)


def _short(said: Words) -> Words:
    """A title of an indicator that is called like its figure."""
    return Words(zh=said.zh.removeprefix("{n}："), en=said.en.removeprefix("{n}: "))


def _shown(plan: Plan, key: str, value: Fraction) -> str:
    return near_text(value, percent=key in plan.inputs and plan.inputs[key][0].type == "percent")


def _label(plan: Plan, key: str) -> Words | str:
    if key in plan.inputs:
        return plan.inputs[key][0].label
    return Words(zh="评分", en="the assessor's answer") if ":" in key else key


def _promising(plan: Plan, idea: _Idea) -> WorkedExample | None:
    """An example with what the rules give: of a node its points or its state, of the whole the score and the rating."""
    example = example_of(plan, idea.trial, idea.title.into(plan.rulebook.language))
    facts = facts_of(example, [])
    others = others_of(example, [])
    assessment = assess(plan.rulebook, facts, [facts, *others] if others else None)
    if not idea.node:
        if assessment.score is None:
            return None
        return evolve(example, score=exact(assessment.score), rating=assessment.rating)
    result = assessment[idea.node]
    points = {} if result.points is None else {idea.node: exact(result.points)}
    state = {} if result.state == "scored" else {idea.node: result.state}
    return evolve(example, points=Frozen(points), state=Frozen(state))
