"""Judge rows of a table one by one, exactly as a subject is judged alone.

In: the facts of rows. Out: their `Results`. This is the slow way that is always right: whatever the columns reader cannot
prove comes here. No arithmetic of its own happens here.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from attrs import define

from perfscore.assessing import assess, assess_among
from perfscore.assessment import Assessment
from perfscore.batch.cells import facts_of
from perfscore.batch.headers import Heading, header_of
from perfscore.batch.results import MOST_UNITS, STATES, Frame, PointsTooLargeError, Results, gathered
from perfscore.cohort import Standings
from perfscore.diagnostic import Diagnostic
from perfscore.facts import Facts
from perfscore.words import Language, Words


class CellError(ValueError):
    """A cell of a table cannot be used, and the caller asked to stop there.

    `row` counts from 0 over the whole table, `column` is its header.
    """

    def __init__(self, row: int, column: str, code: str, message: Words) -> None:
        self.row, self.column, self.code, self.message = row, column, code, message
        super().__init__(f"row {row + 1}, column {column!r}: {message.en} ({code})")


@define(eq=False)
class Judging:
    """How the rows of one table are judged one by one: its columns, and what all come to where a rulebook compares."""

    frame: Frame
    headings: tuple[Heading, ...]
    among: Standings | None = None
    strict: bool = False
    language: Language | None = None
    """In which it is told what is wrong with a cell: else that of the rulebook."""

    def facts(self, cells: Sequence[object]) -> tuple[Facts, list[Diagnostic]]:
        """The facts of one row."""
        return facts_of(self.headings, cells)

    def results(self, rows: Sequence[Sequence[object]], numbers: Sequence[int]) -> Results:
        """The results of some rows; `numbers` are those of the rows in the table, for what is told of their cells."""
        plan, size = self.frame.plan, len(rows)
        language = self.language or plan.rulebook.language
        wide = len(plan.nodes)
        points = [[0] * size for _ in range(wide)]
        lacking = [np.zeros(size, np.bool_) for _ in range(wide)]
        states = [np.zeros(size, np.int64) for _ in range(wide)]
        score, subtotal = [0] * size, [0] * size
        without_score, without_subtotal = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        rating = np.full(size, -1, np.int16)
        deductions: list[tuple[int, int, int, int]] = []
        credits: list[tuple[int, int, int, int]] = []
        lines: list[tuple[int, int, int, int]] = []
        findings: list[tuple[int, int, int, int]] = []
        told: dict[int, list[tuple[str, str, str]]] = {}
        for at, cells in enumerate(rows):
            facts, complaints = self.facts(cells)
            found = assess(plan.rulebook, facts) if self.among is None else assess_among(plan, facts, self.among)
            for index, one in enumerate(found.results, start=1):
                points[index][at] = self._units(one.points)
                lacking[index][at] = one.points is None
                states[index][at] = STATES.index(one.state)
            score[at], subtotal[at] = self._units(found.score), self._units(found.subtotal)
            without_score[at], without_subtotal[at] = found.score is None, found.subtotal is None
            if found.rating is not None:
                rating[at] = self.frame.place_of_rating[found.rating]
            deductions += [self._record(at, one.indicator, one.code, one.points) for one in found.deductions]
            credits += [self._record(at, one.indicator, one.code, one.points) for one in found.credits]
            lines += [self._record(at, "", one.id, one.points) for one in found.adjustments]
            findings += [(at, 0, self.frame.finding(one.code.number), 0) for one in found.plain_findings]
            if cells_told := self._cells(found, complaints):
                told[at] = [(column, code, said.into(language)) for column, code, said, _ in cells_told]
                if self.strict and (wrong := next((one for one in cells_told if one[3]), None)) is not None:
                    raise CellError(numbers[at], *wrong[:3])
        return Results(
            size=size,
            units=[np.array(one, np.int64) for one in points],
            lacking=[*lacking],
            states=[*states],
            score=np.array(score, np.int64),
            subtotal=np.array(subtotal, np.int64),
            without_score=without_score,
            without_subtotal=without_subtotal,
            rating=rating,
            deductions=gathered(deductions, size),
            credits=gathered(credits, size),
            adjustments=gathered(lines, size),
            findings=gathered(findings, size),
            cells=told,
            exact=size,
        )

    def _units(self, points: Decimal | None) -> int:
        units = 0 if points is None else int(points.scaleb(self.frame.places))
        if abs(units) > MOST_UNITS:
            raise PointsTooLargeError
        return units

    def _record(self, row: int, id: str, code: str, points: Decimal) -> tuple[int, int, int, int]:
        place = self.frame.place_of_id.get(id, 0)
        return row, place, self.frame.place_of_code[code], self._units(points)

    def _cells(self, found: Assessment, complaints: Sequence[Diagnostic]) -> list[tuple[str, str, Words, bool]]:
        """What is wrong with single cells: the column, the code, what was found, and whether it is an error."""
        told = [(self._column(one.at), one.code.number, one.message, one.severity == "error") for one in complaints]
        return told + [
            (self._column(one.place), one.code.number, one.message, one.severity == "error")
            for one in found.plain_findings
            if one.place is not None
        ]

    def _column(self, place: Sequence[str | int]) -> str:
        """The header of the column that fills a place of a facts file."""
        path = tuple(map(str, place))
        for one in self.headings:
            if one.path is not None and one.path == path[: len(one.path)]:
                return one.header
        return header_of(place)
