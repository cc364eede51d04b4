"""Values worth trying for each figure and answer: ends of domains, edges, and the numbers that the rule speaks of.

In: a plan, the keys of figures and answers, and the formulas that read them. Out: for each key a few values that a person
could have written, the most ordinary first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import ceil, floor

from perfscore.analysis.trials import DAY, EXCUSE, Cell, Record, Tried, excuse
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import Constant, Day, Formula, Judged, Text
from perfscore.formula.vocabulary import Domain
from perfscore.formula.walking import everything
from perfscore.frozen import Frozen
from perfscore.indicator import Input
from perfscore.plan import Plan
from perfscore.quantity import Rounding

SOME_DAY = date(2024, 1, 31)
MOST = 40
"""Values of one key that are tried for themselves."""
ORDINARY: Mapping[str, tuple[str, ...]] = {
    "percent": ("0.9", "1", "0", "0.5", "1.2"),
    "count": ("1", "0", "2", "3", "10", "100"),
    "number": ("10", "1", "0", "0.5", "100"),
    "money": ("100", "10", "1", "0", "120"),
}
STEPS: Mapping[str, Fraction] = {"percent": Fraction(1, 1000), "count": Fraction(1)}
"""How far from an edge “just under” and “just over” it are, unless 0.01."""


def step_of(plan: Plan, key: str) -> Fraction:
    """A hair of a figure."""
    declared = plan.inputs.get(key)
    return Fraction(1, 100) if declared is None else STEPS.get(declared[0].type, Fraction(1, 100))


def fitting(plan: Plan, key: str, value: Fraction) -> Iterator[Fraction]:
    """A number as this figure can be: whole where it is counted, with few digits, inside its domain."""
    if key in plan.inputs:
        declared = plan.inputs[key][0]
        for one in (floor(value), ceil(value)) if declared.type == "count" else (_short(value),):
            if declared.domain.holds(Fraction(one)):
                yield Fraction(one)
        return
    yield _short(value)


def _short(value: Fraction) -> Fraction:
    return Rounding(6).rounded(value)


def candidates(plan: Plan, keys: Iterable[str], formulas: Iterable[Formula]) -> dict[str, list[Tried]]:
    """Values for each key."""
    said = list(dict.fromkeys(one for formula in formulas for one in everything(formula)))
    return {key: list(dict.fromkeys(_of(plan, key, said)))[:MOST] for key in keys}


def _of(plan: Plan, key: str, said: list[Formula]) -> Iterator[Tried]:
    id, colon, part = key.partition(":")
    if key == DAY:
        days = {one.start for each in plan.rulebook.parameters for dated in each.values.values() for one in dated}
        yield from sorted((day for day in days if day is not None), reverse=True)
        yield SOME_DAY
    elif part == EXCUSE:
        yield excuse(plan.rulebook.language)
    elif colon:
        # a part may be asked in several places, each with ends of its own
        for judged in dict.fromkeys([plan.leaves[id].judged[part], *(one for one in said if isinstance(one, Judged))]):
            if judged.part == part:
                yield from _asked(plan, id, judged)
    else:
        declared = plan.inputs[key][0]
        yield from _tables(declared, said) if declared.type == "table" else _cells(declared, said)


def _cells(declared: Input, said: list[Formula]) -> Iterator[Cell]:
    match declared.type:
        case "yes-no":
            yield from (True, False)
        case "choice":
            yield from declared.domain.choices
        case "text":
            yield from [one.value for one in said if isinstance(one, Text)]
            yield from ("甲", "乙")
        case "date":
            days = [one.value for one in said if isinstance(one, Day)] or [SOME_DAY]
            gaps = [int(one) for one in _constants(said) if one.denominator == 1 and 0 < one < 1000]
            yield from days
            yield from (day + timedelta(away) for day in days[:4] for away in (1, -1))
            for gap in gaps:
                yield from (days[0] + timedelta(gap + away) for away in (0, 1, -1))
                yield days[0] + timedelta(round(gap * 30.44) + 1)
        case "count" | "number" | "percent" | "money":
            step = STEPS.get(declared.type, Fraction(1, 100))
            ends = [one for one in (declared.domain.low, declared.domain.high) if one is not None]
            ordinary = [Fraction(one) for one in ORDINARY[declared.type]]
            every = [*ordinary, *ends, *(one + step for one in ends), *(one - step for one in ends), *_constants(said)]
            for one in every:
                if declared.domain.holds(one) and (declared.type != "count" or one.denominator == 1):
                    yield _short(one)
        case "table":
            pass  # a table has no tables in it


def _constants(said: list[Formula]) -> list[Fraction]:
    return [one.value for one in said if isinstance(one, Constant)]


def _tables(declared: Input, said: list[Formula]) -> Iterator[tuple[Record, ...]]:
    """No record, one of each sort, several of a sort, and some of different sorts together."""
    cells = {one.name: list(dict.fromkeys(_cells(one, said)))[:6] for one in declared.columns}
    sorts: list[Record] = []
    for values in product(*cells.values()):
        sorts.append(Frozen(dict(zip(cells, values, strict=True))))
        if len(sorts) == 24:
            break
    for name, known in cells.items():  # what a product that was cut short leaves out
        sorts += [Frozen({**sorts[0], name: one}) for one in known[1:]]
    sorts = list(dict.fromkeys(sorts))
    yield ()
    yield from ((one,) for one in sorts)
    yield tuple(_named(declared, sorts[:2]))
    for one in sorts:
        yield tuple(_named(declared, [one] * 12))


def _named(declared: Input, given: list[Record]) -> Iterator[Record]:
    """Records that are told apart by their key, where they have one."""
    for number, one in enumerate(given, start=1):
        yield one if declared.key is None else Frozen({**one, declared.key: f"{number}号"})


def _asked(plan: Plan, id: str, judged: Judged) -> Iterator[Tried]:
    if judged.choices:
        yield from (Fraction(index) for index in range(len(judged.choices)))
        return
    if judged.yes_no:
        yield from (True, False, Fraction(1, 2))
        return
    known = plan.leaves[id].place.vocabulary
    low, high = bounds(judged.low, known).low, bounds(judged.high, known).high
    if isinstance(low, float) or isinstance(high, float):
        low, high = Fraction(0), Fraction(10)
    reach = Domain(low, high, judged.low_closed, judged.high_closed)
    hair = Fraction(1, 100)
    for one in (high, high - hair, _short((low + high) / 2), low, low + hair, Fraction(0) if judged.or_none else high):
        if reach.holds(one) or (judged.or_none and one == 0):
            yield _short(one)
