"""The findings of many rows, where no more than a figure is missing: what is not given, reasons, checks, goals, who is left out.

In: the columns of a batch, the records of its rows, and what its leaves lack. Out: the codes of every row's findings, in the order in which
`perfscore.findings` tells them. What else stops a score, and what is wrong with a cell, is told row by row by the exact reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from attrs import frozen

from perfscore.batch.lines import NodeLine
from perfscore.batch.passes import passes
from perfscore.batch.results import Frame, Records, no_records
from perfscore.batch.taking import Taken
from perfscore.cohort import LEFT_OUT
from perfscore.findings import CHECK_FAILED, CHECK_NOT_RUN, COVERAGE_TOO_LOW, REASON_MISSING
from perfscore.formula.choosing import compared
from perfscore.formula.columns import Column, Columns
from perfscore.formula.shapes import Judged
from perfscore.formula.wholes import Figures, Lacks, Mask, NoColumns, constant, lacking
from perfscore.goals import goal_complaints
from perfscore.lacking import MISSING, NEEDED_MISSING, NO_POLICY
from perfscore.plan import Plan


@frozen(eq=False)
class Noticed:
    """By leaf, the rows in which what it reads is missing, those to which it does not apply, and those in which nobody said
    what happens then; the rows in which too little was scored; by input that is asked for, the leaves that rest on it.
    """

    lacks: Mapping[int, Lacks]
    away: Mapping[int, Mask]
    unruled: Mapping[int, Mask]
    uncovered: Mask | None
    readers: Mapping[str, Sequence[int]]

    def not_asked(self, name: str) -> Mask | None:
        """The rows in which only leaves rest on an input that do not apply."""
        readers = self.readers[name]
        if not readers or any(index not in self.away for index in readers):
            return None
        rows: Mask = np.logical_and.reduce([self.away[index] for index in readers])
        return rows


def findings_of_all(
    frame: Frame, taken: Taken, columns: Columns, lines: Sequence[NodeLine], noticed: Noticed
) -> Records:
    """The codes of the findings of every row."""
    plan, size = frame.plan, columns.size
    found = _told(plan, taken, columns, lines, noticed)
    told = [(frame.finding(code), where) for code, where in found if where is not False]
    if not told or not size:
        return no_records(size)
    places = np.array([code for code, _ in told], np.int16)
    if all(where is True for _, where in told):
        counts, codes = np.full(size, len(told)), np.tile(places, size)
    else:
        there = np.empty((len(told), size), np.int16)
        for at, (_, where) in enumerate(told):
            there[at] = where
        counts, codes, _, _ = passes().gathered(there, 0, places)
    return Records(counts, np.zeros(len(codes), np.int16), codes, np.zeros(len(codes), np.int64))


def _told(
    plan: Plan, taken: Taken, columns: Columns, lines: Sequence[NodeLine], noticed: Noticed
) -> Iterator[tuple[str, Mask | bool]]:
    index = {id: plan.index[id] for id in plan.leaves}
    told: dict[int, Mask] = {}
    yield from ((LEFT_OUT.number, where) for where in taken.left_out)
    for id in plan.leaves:
        if (unruled := noticed.unruled.get(index[id])) is not None:
            yield NO_POLICY.number, unruled
        if (without := noticed.lacks.get(index[id])) is not None:
            there = without != 0
            yield MISSING.number, there
            for slot in np.unique(without[there]).tolist():
                rows = without == slot
                told[slot - 1] = told[slot - 1] | rows if slot - 1 in told else rows
    for name, (declared, slot) in plan.inputs.items():
        if declared.needed and (empty := taken.empty.get(name)) is not None:
            # what an indicator lacked was told there
            for known in (told.get(slot), noticed.not_asked(name)):
                empty = empty if known is None else np.logical_and(empty, ~known)
            yield NEEDED_MISSING.number, empty
    for id, leaf in plan.leaves.items():
        if leaf.judged:
            for one in (one.line for one in lines if one.node == index[id]):
                judged = () if one.planned is None else one.planned.judged
                if (
                    judged
                    and (asked := _without_reason(judged, columns.held, leaf.slots.answers, taken, id)) is not False
                ):
                    yield REASON_MISSING.number, asked & (one.moved != 0)
    if noticed.uncovered is not None:
        yield COVERAGE_TOO_LOW.number, noticed.uncovered
    for check in plan.checks:
        holds = columns.truths(check.check.that)
        lacked = lacking(holds.without)
        fails: Mask | bool = not holds.holds if isinstance(holds.holds, bool) else np.logical_not(holds.holds)
        # one that fails and one that cannot be run have a code each, in the place of the check
        yield CHECK_FAILED.number, fails if lacked is None else np.logical_and(fails, ~lacked)
        if lacked is not None:
            yield CHECK_NOT_RUN.number, lacked
    for complaint in goal_complaints(plan.rulebook.goals, plan.rulebook.scope):
        yield complaint.code.number, True


def _without_reason(
    judged: Sequence[Judged], held: Mapping[int, Column], answers: Mapping[str, int], taken: Taken, id: str
) -> Mask | bool:
    """Rows in which an answer took judgement and no reason was given."""
    asked: Mask | bool = False
    for one in judged:
        answer = held.get(answers[one.part])
        if not isinstance(answer, Figures):
            raise NoColumns
        if one.yes_no:  # of an item only a share of it takes judgement
            met, unmet = (compared(answer, "=", constant(Fraction(number))) for number in (1, 0))
            asked = np.logical_or(asked, np.logical_not(np.logical_or(met, unmet)))
        else:
            asked = True
    reason = taken.reasons.get(id)
    return asked if reason is None else np.logical_and(asked, ~reason)
