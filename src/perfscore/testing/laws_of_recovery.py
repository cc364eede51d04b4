"""What is offered to win points back does win them, and a step less does not.

In: an assessment. Out: nothing; a law that does not hold raises `AssertionError` and says where.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from attrs import evolve

from perfscore.aggregating import Heard, judge_tree
from perfscore.assessing import assess
from perfscore.assessment import Assessment, Deduction
from perfscore.changing import Figure
from perfscore.facts import Fact, Facts, Raw, Table
from perfscore.formula.exact import ratio
from perfscore.formula.vocabulary import Term
from perfscore.frozen import Frozen
from perfscore.intake import row_of
from perfscore.outcome import Outcome
from perfscore.planning import compiled
from perfscore.recovery import Change
from perfscore.testing.laws_of_trees import hold


def won_back(assessment: Assessment) -> None:
    """Law 11. With the change that is offered the indicator has the points back, and the whole moves as was said; with a
    step less it has not.
    """
    for lost, found in zip(assessment.deductions, assessment.recoveries, strict=True):
        for change, points in ((found.change, lost.points), (found.missed, None), (found.near, None)):
            if change is not None:
                _holds(assessment, lost, change, points)


def with_change(assessment: Assessment, change: Change, to: str) -> Facts:
    """The facts with one figure as a change would have it."""
    facts = assessment.facts
    column = change.input.partition(".")[2] if change.place is not None else ""
    name = change.input.removesuffix(f".{column}") if column else change.input
    term = compiled(assessment.rulebook).vocabulary[change.input]
    fact, value = facts.inputs[name], raw(term, to)
    put: Raw | Table = value
    if column and isinstance(fact.value, tuple):
        records = list(fact.value)
        records[change.place or 0] = Frozen({**records[change.place or 0], column: value})
        put = tuple(records)
    return evolve(facts, inputs={**facts.inputs, name: Fact(put, fact.source, fact.also)})


def raw(term: Term, to: str) -> Raw:
    """An exact text as a facts file would write the figure."""
    match term.type:
        case "yes-no":
            return to == "true"
        case "date":
            return date.fromisoformat(to)
        case "count":
            return int(to)
        case "percent":
            return f"{_decimal(Fraction(to) * 100)}%"
        case _:
            return Fraction(to)


def _decimal(value: Fraction) -> str:
    scaled = value * 10**12
    hold(scaled.denominator == 1, f"{value} was offered, which nobody can write down")
    sign, digits = "-" if scaled < 0 else "", f"{abs(int(scaled)):013}"
    return f"{sign}{digits[:-12]}.{digits[-12:]}"


def _holds(assessment: Assessment, lost: Deduction, change: Change, points: object) -> None:
    said = f"“{lost.indicator}” lost {lost.points}; {change.says.en}"
    before = _outcome(assessment, assessment.facts, lost.indicator)
    after = _outcome(assessment, with_change(assessment, change, change.to), lost.indicator)
    size = assessment.rulebook.rounding.size
    wanted = 1 if points is None else int(lost.points * size)
    won = _won(assessment, before, after)
    hold(won >= wanted, f"{said}, but it wins {won} units of {wanted}")
    hold(won == change.points * size, f"{said}, but it wins {won} units")
    everybody = None if assessment.cohort is None else assessment.cohort.subjects
    again = assess(assessment.rulebook, with_change(assessment, change, change.to), everybody)
    if change.score is not None and assessment.score is not None:
        moved = None if again.score is None else again.score - assessment.score
        hold(moved == change.score, f"{said}, but the score moves by {moved}")
    for nearer in _nearer(assessment, change):
        less = _outcome(assessment, with_change(assessment, change, nearer), lost.indicator)
        exact = Fraction(*after.exact) - Fraction(*less.exact)
        if assessment.rulebook.demerit:
            exact = -exact
        hold(
            less.units is None or exact > 0 or _won(assessment, before, less) < wanted,
            f"{said}, but {nearer} wins as much",
        )


def _nearer(assessment: Assessment, change: Change) -> Iterator[str]:
    """The step before the value that is offered, and the values half way to it."""
    term = compiled(assessment.rulebook).vocabulary[change.input]
    if term.type == "yes-no":
        return
    if term.type == "date":
        held, to = date.fromisoformat(change.held), date.fromisoformat(change.to)
        way = timedelta(1 if to > held else -1)
        yield from (day.isoformat() for day in {to - way, held + (to - held) // 2} - {to, held})
        return
    start, end = Fraction(change.held), Fraction(change.to)
    _, ruler = Figure(change.input, term, ratio(start), 0, lambda value: value).ruled()
    away = abs(end - start)
    grid = start // ruler.step * ruler.step
    far, half = (part // ruler.step * ruler.step for part in (away, away / 2))
    for one in {end - ruler.step, end + ruler.step, grid + half, grid - half, grid + far, grid - far}:
        if abs(one - start) < away and ruler.domain.holds(one):
            yield str(one)


def _outcome(assessment: Assessment, facts: Facts, id: str) -> Outcome:
    plan = compiled(assessment.rulebook)
    row, _, heard = row_of(plan, facts)
    return judge_tree(plan, row, Heard(heard.excused))[plan.index[id]]  # what the rule gives, without a review


def _won(assessment: Assessment, before: Outcome, after: Outcome) -> int:
    won = (after.units or 0) - (before.units or 0)
    return -won if assessment.rulebook.demerit else won
