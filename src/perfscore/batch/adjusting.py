"""Adjust the totals of many rows, line by line.

In: what the tree comes to in every row, and the columns that adjustments read. Out: the score, the rating and every line of
each row, as `perfscore.adjusting` gives them row by row. Rows in which a line cannot be read are odd. Effects on nodes come
before, where the tree is put together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import define, evolve, field

from perfscore.adjustment import AdjustmentRule
from perfscore.batch.branches import as_points, ends_of, inside
from perfscore.batch.leaves import rounded_units
from perfscore.batch.results import Frame, Places, Records, Units, no_records
from perfscore.batch.totals import by_scale
from perfscore.formula.columns import Column, Columns
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.formula.wholes import Figures, Lacks, Mask, either, lacking, proved, times

Rows = npt.NDArray[np.intp]


def where_holds(columns: Columns, when: Formula | None) -> tuple[Mask, Mask | None]:
    """The rows in which a condition holds, and those in which it cannot be read. Without a condition it holds in all."""
    if when is None:
        return np.ones(columns.size, np.bool_), None
    found = columns.truths(when)
    holds, without = np.broadcast_to(np.asarray(found.holds), (columns.size,)), lacking(found.without)
    return (holds if without is None else holds & ~without), without


@define(eq=False)
class Adjusting:
    """The totals of a batch on their way. `held` are the slots, in which the score is kept up to date for what reads it."""

    frame: Frame
    columns: Columns
    held: dict[int, Column]
    score: Units
    without: Lacks | None
    """The rows whose tree has no points."""
    odd: Mask | None = None
    lines: list[tuple[Rows, int, Units]] = field(factory=list)
    """What moved: in which rows, by which adjustment, by how many units."""
    fixed: Places | None = None
    """Places of ratings that were set, −1 where none was."""
    best: Units | None = None
    lower: Units | None = None

    def run(self) -> None:
        """Adjust every row."""
        plan, size = self.frame.plan, self.frame.plan.rulebook.rounding.size
        if plan.worth is None:
            raise TypeError(plan)
        low: Units = np.array(0)
        high: Units = np.array(plan.worth[0])
        if (ends := plan.rulebook.range) is not None:
            low, high, odd = ends_of(ends, self.columns, plan.rulebook.rounding)
            self.odd = either(self.odd, odd)
        scored = None if self.without is None else self.without == 0
        self._move(scored, inside(self.score, low, high), "range")
        for planned in plan.adjustments:
            rule = planned.rule
            self.held[plan.total] = as_points(self.score, size)
            holds, unread = where_holds(self.columns, rule.when)
            if scored is not None:
                holds, unread = holds & scored, None if unread is None else unread & scored
            self.odd = either(self.odd, unread)
            if not holds.any():
                continue
            for key, formula in rule.amounts():
                amount = self.columns.figures(formula)
                if (lacks := lacking(amount.without)) is not None:
                    self.odd = either(self.odd, lacks & holds)
                self._move(holds, self._moved(key, amount), rule.id)
                self._move(holds, inside(self.score, low, high), "range")
                self.held[plan.total] = as_points(self.score, size)
            self._rate(rule, np.flatnonzero(holds))
        if self.without is not None:
            self._gates(self.without != 0)
        self.held[plan.total] = evolve(as_points(self.score, size), without=self.without)

    def _moved(self, key: str, amount: Figures) -> Units:
        """What the score of every row would be after an effect."""
        rounding = self.frame.plan.rulebook.rounding
        score = self.score.astype(np.int64)
        if key == "multiply":
            units = rounded_units(times(amount, as_points(score, rounding.size)), rounding)
            return np.broadcast_to(units, score.shape)  # times 0 it is one number for everybody
        units = rounded_units(amount, rounding)
        match key:
            case "add" | "deduct":
                ends = [(int(one.min(initial=0)), int(one.max(initial=0))) for one in (score, units)]
                proved(*(a + sign * b for a in ends[0] for b in ends[1] for sign in (1, -1)))
                return score + units if key == "add" else score - units
            case "cap_score":
                return np.minimum(score, units)
            case "set_score":
                return np.broadcast_to(units, score.shape)
            case _:
                raise ValueError(key)

    def _move(self, where: Mask | None, to: Units, code: str) -> None:
        """Move the scores of some rows, or of all, with a record of each that changes."""
        if to is self.score:
            return
        moves = self.score != to
        rows = np.flatnonzero(moves if where is None else moves & where)
        if not len(rows):
            return
        before, after = self.score[rows].astype(np.int64), to[rows]
        proved(2 * max(abs(int(end)) for one in (before, after) for end in (one.min(), one.max())))
        self.lines.append((rows, self.frame.place_of_code[code], after - before))
        self.score = self.score.astype(np.int64)  # a copy: the subtotal stays
        self.score[rows] = after

    def _rate(self, rule: AdjustmentRule, rows: Rows) -> None:
        """What an adjustment does to the rating, with a record that moves no points."""
        place, size = self.frame.place_of_rating, len(self.score)
        if rule.set_rating is not None:
            self.fixed = np.full(size, -1, np.int16) if self.fixed is None else self.fixed
            self.fixed[rows] = place[rule.set_rating]
        if rule.cap_rating is not None:
            self.best = np.zeros(size, np.int64) if self.best is None else self.best
            self.best[rows] = np.maximum(self.best[rows], place[rule.cap_rating])
        if rule.lower_rating is not None:
            self.lower = np.zeros(size, np.int64) if self.lower is None else self.lower
            self.lower[rows] += min(rule.lower_rating, len(place))
        if rule.set_rating is not None or rule.cap_rating is not None or rule.lower_rating is not None:
            self.lines.append((rows, self.frame.place_of_code[rule.id], np.zeros(len(rows), np.int64)))

    def _gates(self, gone: Mask) -> None:
        """What leads straight to a rating, past the scores, does so in the rows without a score too."""
        for planned in self.frame.plan.adjustments:
            rule = planned.rule
            reads = () if rule.when is None else names(rule.when)
            if rule.set_rating is not None and not any(name == "score" or "(" in name for name in reads):
                holds, _ = where_holds(self.columns, rule.when)
                self._rate(AdjustmentRule(rule.id, set_rating=rule.set_rating), np.flatnonzero(holds & gone))

    def ratings(self) -> Places:
        """The place of the rating of every row: set, else by the score; then lowered; then capped."""
        place, found = self.frame.place_of_rating, by_scale(self.frame, self.score)
        if self.without is not None:
            found[self.without != 0] = -1
        if self.fixed is None and self.best is None and self.lower is None:
            return found
        best, lower = (np.int64(0) if one is None else one for one in (self.best, self.lower))
        if self.fixed is not None:
            found = np.where(self.fixed >= 0, self.fixed, found)
            best = np.where(self.fixed >= 0, self.fixed, best)
        after = np.minimum(np.maximum(found + lower, best), len(place) - 1)
        return np.where(found < 0, -1, after).astype(np.int16)

    def records(self) -> Records:
        """The lines of all rows, in the order of the rows, and in each as they were made."""
        size = len(self.score)
        if not self.lines:
            return no_records(size)
        rows = np.concatenate([one for one, _, _ in self.lines])
        order = np.argsort(rows, kind="stable")
        codes = np.concatenate([np.full(len(one), code, np.int16) for one, code, _ in self.lines])
        units = np.concatenate([moved for _, _, moved in self.lines])
        counts = np.bincount(rows, minlength=size)
        return Records(counts, np.zeros(len(rows), np.int16), codes[order], units[order])
