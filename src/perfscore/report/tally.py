"""What a table of results comes to.

In: a rulebook, and batches of results with the columns that `batch` gives them. Out: a `Tally`: how many were scored, how
the scores are spread, which ratings there are, which indicators cost most, what was found. Everything is counted exactly,
and nothing is kept of a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from perfscore.rulebook import Rulebook

if TYPE_CHECKING:
    import pyarrow

PARTS = 10
"""Into how many parts the full marks are cut to show how scores are spread."""


@frozen
class Span:
    """Scores from `low` to below `high` (`closed`: to `high` itself), and how many have one. None is without an end."""

    low: Fraction | None
    high: Fraction | None
    count: int
    closed: bool = False


@frozen
class Cost:
    """What an indicator, or a line behind the tree, took from all subjects together."""

    id: str
    name: str
    points: Fraction
    rows: int
    """How many lost points by it."""

    weight: Fraction | None
    """What it is worth, where that is the same for everybody."""


@define(eq=False)
class Tally:
    """What was counted so far."""

    rulebook: Rulebook
    rows: int = 0
    scores: Counter[Decimal] = field(factory=Counter)
    ratings: Counter[str] = field(factory=Counter)
    findings: Counter[str] = field(factory=Counter)
    """By code, in how many rows."""

    without: Counter[str] = field(factory=Counter)
    """Indicators by their id: how many rows have no points there because a figure is missing or cannot be used."""

    _points: dict[str, Decimal] = field(factory=dict)
    _losing: Counter[str] = field(factory=Counter)

    def take(self, batch: pyarrow.RecordBatch) -> None:
        """Count some rows more."""
        import pyarrow
        import pyarrow.compute as compute

        self.rows += batch.num_rows
        self.scores.update(_counted(batch.column("score")))
        self.ratings.update(_counted(_words(batch.column("rating"))))
        for leaf in self.rulebook.indicators():
            states = _counted(_words(batch.column(f"state.{leaf.id}")))
            if lacking := sum(states.get(state, 0) for state in ("missing", "undefined")):
                self.without[leaf.id] += lacking
        told = batch.column("findings")
        pairs = pyarrow.table([compute.list_parent_indices(told), _words(told.flatten())], names=["row", "code"])
        self.findings.update(_counted(pairs.group_by(["row", "code"]).aggregate([]).column("code")))
        lost = batch.column("deductions")
        ids, _, points = lost.flatten().flatten()
        losses = pyarrow.table([compute.list_parent_indices(lost), _words(ids), points], names=["row", "id", "points"])
        for one in losses.group_by("id").aggregate([("points", "sum"), ("row", "count_distinct")]).to_pylist():
            self._points[one["id"]] = self._points.get(one["id"], Decimal(0)) + one["points_sum"]
            self._losing[one["id"]] += one["row_count_distinct"]

    @property
    def scored(self) -> int:
        """How many have a score."""
        return self.scores.total()

    def spread(self) -> tuple[Span, ...]:
        """How the scores are spread over the full marks."""
        full = self.rulebook.full_marks
        ends = [full * part / PARTS for part in range(PARTS + 1)]
        inside = [0] * PARTS
        below = above = 0
        for score, count in self.scores.items():
            value = Fraction(score)
            if value < 0:
                below += count
            elif value > full:
                above += count
            else:
                inside[min(int(value * PARTS / full), PARTS - 1)] += count
        spans = [
            Span(low, high, count, closed=high == full)
            for low, high, count in zip(ends[:-1], ends[1:], inside, strict=True)
        ]
        while len(spans) > 1 and spans[0].count == spans[1].count == 0:  # nobody is down there
            spans[:2] = [Span(spans[0].low, spans[1].high, 0)]
        return (
            *([Span(None, Fraction(0), below)] if below else []),
            *spans,
            *([Span(full, None, above)] if above else []),
        )

    def at(self, share: Fraction) -> Decimal | None:
        """The score that a share of the scored have or stay under: 1/2 is the median, the lower of two."""
        wanted = max(-(-share * self.scored // 1), 1)
        seen = 0
        for score in sorted(self.scores):
            seen += self.scores[score]
            if seen >= wanted:
                return score
        return None

    def mean(self) -> Fraction | None:
        """The mean of all scores."""
        total = sum((Fraction(score) * count for score, count in self.scores.items()), Fraction(0))
        return total / self.scored if self.scored else None

    def costs(self) -> tuple[Cost, ...]:
        """What cost points, the dearest first."""
        names = {one.id: one.name for one in (self.rulebook.root, *self.rulebook.nodes())}
        worth = self.rulebook.weights or {}
        found = [
            Cost(id, names.get(id) or self.rulebook.title, Fraction(points), self._losing[id], worth.get(id))
            for id, points in self._points.items()
            if points
        ]
        return tuple(sorted(found, key=lambda one: (-one.points, one.id)))

    def each(self, points: Fraction) -> Decimal:
        """Points of all rows together as what they come to a row, rounded as the rulebook rounds."""
        rounding = self.rulebook.rounding
        share = points / self.rows
        return rounding.published(rounding.units(share.numerator, share.denominator))

    def rated(self) -> Iterator[tuple[str, int]]:
        """Every rating of the scale, the best first, with how many have it."""
        for rating in self.rulebook.ratings:
            yield rating.name, self.ratings[rating.name]


def _words(column: pyarrow.Array) -> pyarrow.Array:
    """Words in the place of their numbers in a dictionary."""
    import pyarrow

    return column.dictionary_decode() if pyarrow.types.is_dictionary(column.type) else column


def _counted(column: pyarrow.Array) -> dict[Any, int]:
    """How often each value is there, without what is not given."""
    counts = column.value_counts()
    return {one["values"]: one["counts"] for one in counts.to_pylist() if one["values"] is not None}
