"""Find subjects that take the cases of a rule which nobody has taken yet.

In: a plan, the keys of what is read, the formulas that read it, and the cases that are looked for. Out: for each case that
was found a `Trial`, which was judged and took it; and what each trial came to. The search goes from ordinary values to
edges to chance, by a chance that is the same on every run. What it does not find may still exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from attrs import define, field

from perfscore.analysis.candidates import MOST, candidates, fitting, step_of
from perfscore.analysis.edges import Hinge, meets, value_at
from perfscore.analysis.trials import EXCUSE, Trial, Tried, judged_trial
from perfscore.analysis.turns import Watch
from perfscore.assessing import Judged
from perfscore.formula.exact import fraction
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.frozen import Frozen
from perfscore.plan import Plan

EVERY = 400
"""So many combinations are tried one by one."""
BY_CHANCE = 400
"""So many are tried by chance where cases are left."""
MOST_OTHERS = 6


@define(eq=False)
class Sweep:
    """One search: what may be varied, and what was found on the way."""

    plan: Plan
    keys: list[str]
    formulas: list[Formula]
    hinges: list[Hinge]
    start: Trial = field(factory=Trial)
    compared: bool = False
    """Whether what is read of others matters."""
    edges: dict[str, dict[Fraction, Hinge]] = field(factory=dict)
    """The edges of each figure that were found, with the others as they are at the start."""
    base: Trial | None = field(default=None, init=False)
    """The first subject, to whom ordinary values were given."""
    _values: dict[str, list[Tried]] = field(factory=dict, init=False)
    _random: Random = field(factory=lambda: Random(0), init=False)

    def find(self, wanted: Iterable[Watch], also: list[tuple[Trial, Judged]] | None = None) -> dict[Watch, Trial]:
        """A subject for each case that could be found; `also` gathers all that were judged."""
        left = list(wanted)
        found: dict[Watch, Trial] = {}
        good: list[Trial] = []
        for trial in self._trials(good, left):
            judged = judged_trial(self.plan, trial)
            if also is not None:
                also.append((trial, judged))
            taken = [one for one in left if one.taken(judged)]
            for one in taken:
                found[one] = trial
                left.remove(one)
            if taken:
                good.append(trial)
            if not left and also is None:
                break
        return found

    def _trials(self, good: list[Trial], left: list[Watch]) -> Iterator[Trial]:
        self._values = candidates(self.plan, self.keys, self.formulas)
        plain = [key for key in self.keys if self._values[key] and not key.endswith(f":{EXCUSE}")]
        base = self.start.with_values({key: self._values[key][0] for key in plain if key not in self.start.values})
        self.base = base
        yield from self._with_others(base)
        self._find_edges(base)
        for key in plain:
            for value in self._values[key]:
                yield from self._with_others(base.with_values({key: value}))
        for key in plain:
            yield base.without(key)
        for key in set(self.keys) - set(plain):
            if self._values[key]:
                yield base.with_values({key: self._values[key][0]})
        if len(plain) > 1 and prod(len(self._values[key]) for key in plain) <= EVERY:
            for values in product(*(self._values[key] for key in plain)):
                yield base.with_values(dict(zip(plain, values, strict=True)))
        if left:
            yield from self._by_chance(base, plain, good)

    def _find_edges(self, base: Trial) -> None:
        """Put the edges of each figure among its values, and what lies just beside them."""
        known = self._known(base)
        for key in self.keys:
            here = known.get(key)
            if not isinstance(here, Fraction):
                continue
            more: list[Tried] = []
            numbers = [one for one in self._values[key] if isinstance(one, Fraction)]
            reading = [one for one in self.hinges if key in names(one.formula)]
            # what is flat around one value leans around another
            for hinge, start in product(reading, dict.fromkeys([here, *sorted(numbers)[:1], *sorted(numbers)[-1:]])):
                for away in (Fraction(1), Fraction(1, 1000)):
                    there = value_at(hinge, key, {**known, key: start}, away)
                    if there is None or max(abs(there.numerator), there.denominator) > 10**24:
                        continue
                    for one in fitting(self.plan, key, there):
                        if key in self.plan.inputs and meets(hinge, {**known, key: one}):
                            self.edges.setdefault(key, {}).setdefault(one, hinge)
                        hair = step_of(self.plan, key)
                        for beside in (one, one - hair, one + hair):
                            more.extend(fitting(self.plan, key, beside))
            self._values[key] = list(dict.fromkeys([*self._values[key], *more]))[: 2 * MOST]

    def _known(self, trial: Trial) -> dict[str, object]:
        """The values of a trial, and those of parameters for it, for formulas."""
        row = judged_trial(self.plan, trial).row
        known: dict[str, object] = dict(trial.values)
        for one in self.plan.rulebook.parameters:
            value = row[self.plan.of[one.name]]
            if isinstance(value, tuple):
                known[one.name] = fraction(value)
        return known

    def _with_others(self, trial: Trial) -> Iterator[Trial]:
        yield trial
        if not self.compared:
            return
        numbers = [key for key in self.keys if key in self.plan.inputs and isinstance(trial.values.get(key), Fraction)]
        for better in range(MOST_OTHERS):  # the first, the second, … from above and from below
            for sign in (1, -1):
                others = [
                    Frozen({**trial.values, **{key: self._inside(key, trial, sign * (at - better)) for key in numbers}})
                    for at in range(MOST_OTHERS)
                    if at != better
                ]
                yield Trial(trial.values, tuple(others))

    def _inside(self, key: str, trial: Trial, away: int) -> Tried:
        value = trial.values[key]
        if not isinstance(value, Fraction):
            return value
        there = next(fitting(self.plan, key, value + away * step_of(self.plan, key)), None)
        return value if there is None else there

    def _by_chance(self, base: Trial, plain: list[str], good: list[Trial]) -> Iterator[Trial]:
        draw = self._random
        if not plain:
            return
        for _ in range(BY_CHANCE):
            trial = draw.choice([base, *good])
            for _ in range(draw.randint(1, 3)):
                key = draw.choice(plain)
                value = draw.choice(self._values[key])
                trial = trial.with_values({key: self._aimed(trial, key) or value})
            if self.compared:
                others = tuple(
                    Frozen({**trial.values, **{key: draw.choice(self._values[key]) for key in plain}})
                    for _ in range(draw.randint(0, MOST_OTHERS))
                )
                trial = Trial(trial.values, others)
            yield trial

    def _aimed(self, trial: Trial, key: str) -> Tried | None:
        """Now and then a value at an edge, as the other values are by now."""
        draw = self._random
        reading = [one for one in self.hinges if key in names(one.formula)]
        if not reading or draw.random() < 0.5 or not isinstance(trial.values.get(key), Fraction):
            return None
        there = value_at(draw.choice(reading), key, self._known(trial))
        if there is None or max(abs(there.numerator), there.denominator) > 10**24:
            return None
        fit = list(fitting(self.plan, key, there + draw.choice([0, 1, -1]) * step_of(self.plan, key)))
        return draw.choice(fit) if fit else None
