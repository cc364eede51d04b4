"""Find whole subjects: for each rating one that has it, for each adjustment one to whom it applies and one to whom not.

In: a plan, and how what one node reads is searched. Out: `Trial`s with everything that the rulebook reads. Each leaf is
first searched for what points it can give; then, leaf by leaf, as few points are taken as still lead to the score that is
wanted. Everything that is found was judged as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from attrs import define, field

from perfscore.adjustment import AdjustmentRule
from perfscore.analysis.candidates import candidates
from perfscore.analysis.edges import hinges_in
from perfscore.analysis.sweeping import Sweep
from perfscore.analysis.trials import Trial, judged_trial
from perfscore.analysis.turns import Watch
from perfscore.assessing import Judged
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.plan import Plan, PlannedNode

MOST_OPTIONS = 8


@define(eq=False)
class Wholes:
    """The search for whole subjects of one rulebook."""

    plan: Plan
    sweep_of: Callable[[Plan, PlannedNode], Sweep]
    _menus: list[tuple[str, list[tuple[int, Trial]]]] | None = field(default=None, init=False)

    def find(self, wanted: Iterable[Watch]) -> dict[Watch, Trial]:
        """A subject for each case that could be found."""
        found: dict[Watch, Trial] = {}
        left = list(wanted)
        for trial in self._subjects(left):
            judged = judged_trial(self.plan, trial)
            for one in [one for one in left if one.taken(judged)]:
                found[one] = trial
                left.remove(one)
            if not left:
                break
        return found

    def _subjects(self, left: list[Watch]) -> Iterator[Trial]:
        best = self.best()
        yield best
        for score in self.starts():
            yield self.lowered(best, score)
        yield self.lowered(best, None)
        for id, menu in self.menus():
            if left and menu:
                yield self._with(best, menu[0][1], id)
        for adjustment in self.plan.adjustments:
            if adjustment.rule.when is not None and left:
                yield from self._around(best, adjustment.rule.when)

    def _around(self, best: Trial, when: Formula) -> Iterator[Trial]:
        """Whole subjects around the figures that a condition reads."""
        keys = self._rests_on([when])
        formulas = [when, *self.plan.origins.values()]
        if keys:
            seen: list[tuple[Trial, Judged]] = []
            start = best
            for key in keys:
                start = start.without(key)
            Sweep(self.plan, keys, formulas, hinges_in([when], self.plan.rulebook), start).find((), seen)
            yield from (trial for trial, _ in seen)

    def starts(self) -> list[int]:
        """The scores from which ratings start, in units, highest first."""
        size = self.plan.rulebook.rounding.size
        starts = {one.start for one in self.plan.rulebook.ratings if one.start is not None}
        return sorted((int(one * size) for one in starts), reverse=True)

    def best(self) -> Trial:
        """The subject that has the most points, as far as its leaves do not want different figures."""
        trial = Trial()
        for id, menu in self.menus():
            if menu:
                trial = self._with(trial, self._fitting(trial, menu), id)
        read = [formula for one in self.plan.adjustments for formula in _formulas(one.rule)]
        keys = [one for one in self._rests_on(read) if one not in trial.values]
        known = candidates(self.plan, keys, read)
        trial = trial.with_values({key: values[-1] for key, values in known.items() if values})  # a “no” to a veto
        for key, values in known.items():
            trial = max((trial.with_values({key: value}) for value in values), key=self._standing, default=trial)
        return trial

    def _standing(self, trial: Trial) -> tuple[int, int]:
        """How well a subject stands: by its score, then by its rating."""
        total = judged_trial(self.plan, trial).total
        scale = [one.name for one in self.plan.rulebook.ratings]
        rated = -scale.index(total.rating) if total.rating is not None else -len(scale)
        return -1 if total.score is None else total.score, rated

    def _rests_on(self, formulas: Iterable[Formula]) -> list[str]:
        """The inputs that formulas rest on, through measures."""
        waiting, found = [name for one in formulas for name in names(one)], dict[str, None]()
        while waiting:
            name = waiting.pop(0)
            if name in self.plan.inputs:
                found[name] = None
            elif name in self.plan.origins:
                waiting.extend(names(self.plan.origins[name]))
        return list(found)

    def lowered(self, best: Trial, score: int | None) -> Trial:
        """The subject with as few points as still give a score, taken leaf by leaf; with None, as few as can be."""
        trial = best
        for id, menu in self.menus():
            for _, option in menu:
                lower = self._with(trial, option, id)
                total = judged_trial(self.plan, lower).total.score
                if total is not None and (score is None or total >= score):
                    trial = lower
                    break
        return self.exactly(trial, score) if score is not None else trial

    def exactly(self, trial: Trial, score: int) -> Trial:
        """The subject with just this score, where an assessor's points can be moved so far; else as it is."""
        total = judged_trial(self.plan, trial).total.score
        if total is None or total == score:
            return trial
        size = self.plan.rulebook.rounding.size
        for key, value in trial.values.items():
            id, _, part = key.partition(":")
            if part != "points" or not isinstance(value, Fraction) or id not in self.plan.leaves:
                continue
            moved = trial.with_values({key: value - Fraction(total - score, size)})
            if judged_trial(self.plan, moved).total.score == score:
                return moved
        return trial

    def menus(self) -> list[tuple[str, list[tuple[int, Trial]]]]:
        """For each leaf that is worth something, subjects by the points that it has, fewest first."""
        if self._menus is None:
            self._menus = []
            for id in self.plan.leaves:
                planned = self.plan.nodes[self.plan.index[id]]
                seen: list[tuple[Trial, Judged]] = []
                self.sweep_of(self.plan, planned).find((), seen)
                by_points: dict[int, Trial] = {}
                for trial, judged in seen:
                    outcome = judged.outcomes[planned.index]
                    if outcome.state == "scored" and outcome.units is not None:
                        by_points.setdefault(outcome.units, trial)
                ordered = sorted(by_points.items())
                every = max(1, -(-len(ordered) // MOST_OPTIONS))
                self._menus.append((id, ordered[::every] + ([] if len(ordered) % every == 1 else ordered[-1:])))
        return self._menus

    def _fitting(self, trial: Trial, menu: list[tuple[int, Trial]]) -> Trial:
        """The option with the most points that gives no figure another value than it has."""
        for _, option in reversed(menu):
            if all(trial.values.get(key, value) == value for key, value in option.values.items()):
                return option
        return menu[-1][1]

    def _with(self, trial: Trial, option: Trial, id: str) -> Trial:
        """The subject with an option of a leaf put in, and nobody else's figures changed unless it is this leaf's own."""
        return Trial(trial.with_values(option.values).values, option.others or trial.others)


def _formulas(rule: AdjustmentRule) -> Iterator[Formula]:
    """Everything that an adjustment reads."""
    yield from () if rule.when is None else (rule.when,)
    yield from (formula for _, formula in rule.amounts())
    yield from (one.low for one in rule.cap.values())
