"""Which score can a subject still get, while facts are missing, and which of them to ask for next?

In: a rulebook, and facts of which some are missing. Out: `Partial`: an interval that contains the score under every
completion of the facts, and for each missing fact how much hangs on it.
A completion gives what is missing; it does not change what is there, and adds no word of an assessor or reviewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from perfscore.analysis.leafreach import Known, Settled
from perfscore.analysis.reach import SCORE, reach_of
from perfscore.assessing import Judged, judged_row
from perfscore.facts import Facts
from perfscore.formula.arithmetic import Absent, Records, Slot
from perfscore.formula.exact import fraction
from perfscore.formula.intervals import Interval
from perfscore.formula.shapes import Formula, Given, Name
from perfscore.formula.vocabulary import Domain, Term, column_name
from perfscore.formula.walking import everything, names
from perfscore.frozen import Frozen
from perfscore.indicator import Branch, Varying
from perfscore.intake import row_of
from perfscore.lacking import reads_of
from perfscore.parameter import Parameter
from perfscore.plan import DAY, Plan, PlannedLeaf
from perfscore.planning import compiled
from perfscore.quantity import spelled
from perfscore.rating import rating_of
from perfscore.rulebook import Rulebook, figure_term, in_order


@frozen
class Ask:
    """A fact that is missing: its name in the facts, what people call it, and how much of the score hangs on it."""

    name: str
    label: str
    width: Decimal | None
    """How much narrower the interval is once it is known, at least; None where there is no end to it."""


@frozen
class Partial:
    """The score that a subject can still get. An end that is None is not bounded, or there can be no score."""

    low: Decimal | None
    high: Decimal | None
    full_marks: Fraction
    ratings: tuple[str, ...]
    """The ratings that are still possible, best first."""
    asks: tuple[Ask, ...]
    """What is missing, that on which most hangs first."""
    blocked: tuple[str, ...] = ()
    """The ids of indicators that have no score whatever else is given: their facts are wrong, not missing."""

    def to_dict(self) -> dict[str, object]:
        """Plain data, exact numbers as text."""
        return {
            "format": 1,
            "low": None if self.low is None else f"{self.low:f}",
            "high": None if self.high is None else f"{self.high:f}",
            "full_marks": spelled(self.full_marks),
            "ratings": list(self.ratings),
            "missing": [
                {"name": one.name, "label": one.label, "width": None if one.width is None else f"{one.width:f}"}
                for one in self.asks
            ],
            "blocked": list(self.blocked),
        }


def assess_partial(rulebook: Rulebook, facts: Facts) -> Partial:
    """The interval of the scores that are still possible, and what to ask for next."""
    plan = compiled(rulebook)
    row, _, heard = row_of(plan, facts)
    judged = judged_row(plan, row, heard)
    missing = _missing(plan, judged.row)
    open_leaves, blocked = _open(plan, judged, missing)
    vocabulary = _narrowed(plan, judged.row)
    known = Known(_settled(plan, judged, open_leaves), _answers(plan, judged.row, open_leaves))
    ends = reach_of(rulebook, vocabulary, known)[SCORE]
    asks = []
    for name, label in missing.items():
        reading = frozenset(id for id in open_leaves if name in rests_on(plan, plan.leaves[id]))
        if reading:
            without = reach_of(rulebook, vocabulary, evolve(known, pinned=reading))[SCORE]
            asks.append(Ask(name, label, _difference(plan, ends, without)))
        elif any(name in names(formula) for formula in _beside_leaves(rulebook)):
            asks.append(Ask(name, label, None))
    asks.sort(key=lambda ask: (ask.width is not None, -(ask.width or 0)))
    low, high = (_published(plan, end) for end in (ends.low, ends.high))
    none = bool(blocked)
    return Partial(
        None if none else low,
        None if none else high,
        rulebook.full_marks,
        () if none else _ratings(rulebook, ends),
        tuple(asks),
        tuple(blocked),
    )


def _published(plan: Plan, end: object) -> Decimal | None:
    if not isinstance(end, Fraction):
        return None
    rounding = plan.rulebook.rounding
    return rounding.published(rounding.units(end.numerator, end.denominator))


def _difference(plan: Plan, whole: Interval, without: Interval) -> Decimal | None:
    ends = (whole.low, whole.high, without.low, without.high)
    if any(isinstance(end, float) for end in ends):
        return None
    low, high, other_low, other_high = (Fraction(end) for end in ends)
    return _published(plan, max((high - low) - (other_high - other_low), Fraction(0)))


def _ratings(rulebook: Rulebook, ends: Interval) -> tuple[str, ...]:
    """The steps that a score in the interval can reach; what adjusts a rating may bring others."""
    if any(one.set_rating or one.cap_rating or one.lower_rating for one in rulebook.adjustments) or not isinstance(
        ends.low, Fraction
    ):
        return tuple(one.name for one in rulebook.ratings)
    lowest = rating_of(ends.low, rulebook.ratings)
    return tuple(
        one.name
        for one in rulebook.ratings
        if one.name == lowest or (one.start is not None and ends.low < one.start <= ends.high)
    )


def _missing(plan: Plan, row: list[Slot]) -> dict[str, str]:
    """The name and the label of every figure and answer that was not given."""
    found = {}
    for name, (declared, slot) in plan.inputs.items():
        absent = row[slot]
        if isinstance(absent, Absent) and absent.why == "not-given":
            found[name] = declared.label
        elif isinstance(absent, Records):
            for at, column in enumerate(declared.columns):
                if any(isinstance(cells[at], Absent) for cells in absent.cells):
                    found[column_name(name, column.name)] = f"{declared.label} {column.label}"
    for id, leaf in plan.leaves.items():
        for part, slot in leaf.slots.answers.items():
            absent = row[slot]
            if isinstance(absent, Absent) and absent.why == "not-given":
                found[f"{id}:{part}"] = f"{leaf.indicator.name} {part}"
    return found


def rests_on(plan: Plan, leaf: PlannedLeaf) -> set[str]:
    """Every figure and answer that a leaf may read, through the conditions over it and the nodes that it reads too."""
    found: set[str] = set()
    waiting, seen = [leaf], set()
    while waiting:
        one = waiting.pop()
        if one.indicator.id in seen:
            continue
        seen.add(one.indicator.id)
        found |= reads_of(plan, one) | {f"{one.indicator.id}:{part}" for part in one.slots.answers}
        found |= _of_parameters(plan, found)
        for name in found:
            if name.startswith(("points(", "share(")):
                inner = name.partition("(")[2][1:-2]
                waiting += [other for id, other in plan.leaves.items() if id == inner or id.startswith(f"{inner}.")]
    for formula in _over(plan, leaf):
        found |= set(names(formula))
    return found


def _of_parameters(plan: Plan, found: set[str]) -> set[str]:
    return {read for one in plan.rulebook.parameters if one.name in found for read in one.reads()}


def _over(plan: Plan, leaf: PlannedLeaf) -> Iterator[Formula]:
    """The conditions of the nodes over a leaf."""
    planned = plan.nodes[plan.index[leaf.indicator.id]]
    while planned.index:
        if planned.node.applies is not None:
            yield planned.node.applies
        planned = plan.nodes[planned.parent]


def _beside_leaves(rulebook: Rulebook) -> Iterator[Formula]:
    """Formulas that move the score and stand in no leaf: adjustments, and what picks members or weighs them."""
    for rule in rulebook.adjustments:
        yield from () if rule.when is None else (rule.when,)
        yield from (formula for _, formula in rule.amounts())
    for node in rulebook.nodes():
        if isinstance(node.stated, Varying):
            yield node.stated.formula
        if isinstance(node, Branch) and node.by is not None:
            yield Name(node.by)


def _open(plan: Plan, judged: Judged, missing: dict[str, str]) -> tuple[list[str], list[str]]:
    """The leaves that a completion can still change, and those that no completion helps."""
    unsure, blocked = [], []
    for id, leaf in plan.leaves.items():
        outcome = judged.outcomes[plan.index[id]]
        if outcome.reviewed:
            if outcome.units is None:
                blocked.append(id)
            continue
        absent = outcome.absent
        asked = {one.name for formula in _formulas(plan, leaf) for one in everything(formula) if isinstance(one, Given)}
        if (
            (absent is not None and absent.why == "not-given")
            or asked & missing.keys()
            or _unweighed(plan, id, missing)
        ):
            unsure.append(id)
        elif outcome.units is None and not outcome.left_out:
            blocked.append(id)
    changed = True
    while changed:  # a leaf that reads the points of an open one is open too
        changed = False
        for id, leaf in plan.leaves.items():
            reads = {name for name in reads_of(plan, leaf) if name.startswith(("points(", "share("))}
            hangs = any(_reads_node(name, other) for name in reads for other in unsure)
            if hangs and id not in unsure and not judged.outcomes[plan.index[id]].reviewed:
                unsure.append(id)
                changed = True
    return unsure, [id for id in blocked if id not in unsure]


def _unweighed(plan: Plan, id: str, missing: dict[str, str]) -> bool:
    """Whether what a leaf is worth hangs on what is missing."""
    return plan.worth is None and any(name in missing for formula in plan.varying for name in _behind(plan, formula))


def _behind(plan: Plan, formula: Formula) -> set[str]:
    found = set(names(formula))
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        more: set[str] = set(names(plan.origins[name])) if name in plan.origins else set()
        more |= _of_parameters(plan, {name})
        waiting += list(more - found)
        found |= more
    return found


def _reads_node(name: str, leaf: str) -> bool:
    id = name.partition("(")[2][1:-2]
    return leaf == id or leaf.startswith(f"{id}.")


def _formulas(plan: Plan, leaf: PlannedLeaf) -> list[Formula]:
    """Every formula behind a leaf, through measures."""
    indicator = leaf.indicator
    found = [one for one in (indicator.measured, indicator.target) if one is not None]
    found += [read for one in (*leaf.losses, *leaf.gains) for read in one.loss.formulas()]
    found += list(_over(plan, leaf))
    found += [plan.origins[name] for name in reads_of(plan, leaf) if name in plan.origins]
    return found


def _settled(plan: Plan, judged: Judged, unsure: list[str]) -> dict[str, Settled]:
    size = plan.rulebook.rounding.size
    found = {}
    for id in plan.leaves:
        outcome = judged.outcomes[plan.index[id]]
        if id not in unsure:
            points = None if outcome.units is None else Fraction(outcome.units, size)
            found[id] = Settled(
                None if points is None else Fraction(*outcome.exact),
                points,
                Fraction(outcome.rescaled, size),
                Fraction(outcome.unscored, size),
                Fraction(outcome.shared, size),
            )
    return found


def _answers(plan: Plan, row: list[Slot], unsure: list[str]) -> dict[str, dict[str, Fraction]]:
    return {
        id: {
            part: fraction(value)
            for part, slot in plan.leaves[id].slots.answers.items()
            if isinstance(value := row[slot], tuple)
        }
        for id in unsure
    }


def _narrowed(plan: Plan, row: list[Slot]) -> dict[str, Term]:
    """What every name can still be: a figure that was given is itself."""
    rulebook = plan.rulebook
    vocabulary = rulebook.vocabulary()
    for name, (_, slot) in plan.inputs.items():
        vocabulary[name] = _fixed(vocabulary[name], row[slot])
    day = row[plan.of[DAY]]
    for figure in in_order((*rulebook.parameters, *rulebook.measures)):
        if isinstance(figure, Parameter):
            groups = vocabulary[figure.by].domain.choices if figure.by is not None else ("",)
            on = None if isinstance(day, Absent) else day
            values = {}
            for group, dated in figure.values.items():
                if (found := figure.at(group, on)) is not None and (not groups or group in groups):  # type: ignore[arg-type]
                    values[group] = tuple(one for one in dated if one.formula == found)[:1]
            figure = evolve(figure, values=Frozen(values)) if values else figure
        vocabulary[figure.name] = figure_term(figure, vocabulary)
    return vocabulary


def _fixed(term: Term, value: Slot) -> Term:
    match value:
        case Absent() | Records():  # what is gathered of records is not narrowed: its bounds hold for any
            return term
        case bool():
            return evolve(term, domain=Domain(choices=(str(value).lower(),)))
        case tuple():
            return evolve(term, domain=Domain(fraction(value), fraction(value)))
        case str():
            return evolve(term, domain=Domain(choices=(value,)))
        case _:
            return evolve(term, domain=Domain(choices=(value.isoformat(),)))
