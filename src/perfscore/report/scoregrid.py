"""The table of indicators as a grid.

In: an assessment as an `Outline`, and the columns of a `Layout`. Out: a `Grid` in which every leaf stands once, a
branch's name covers all that is under it, sums name the rows they add, and each row covers every column.
Nothing is computed but whether figures come to a sum; what is in brackets belongs to no sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from attrs import frozen

from perfscore.assessment import STATES, Assessment
from perfscore.quantity import decimal, spelled
from perfscore.report.blocks import Cell, Grid, Role
from perfscore.report.layout import Column, Layout, Shows
from perfscore.report.outline import Outline
from perfscore.report.reasons import short
from perfscore.report.rows import Row
from perfscore.report.scorecells import HEADS, WIDTHS, cells_of, share
from perfscore.words import Language, Words

SIDE = Column("levels", width=6)
"""A column for the label along the left."""
OWN = Words(zh="本级", en="This level")
SUBTOTAL = Words(zh="小计", en="Subtotal")
WORTH = Words(zh="{name}（{points}分）", en="{name} ({points} points)")


@frozen
class _Sum:
    """A row that adds up the branch it closes."""

    branch: str


@frozen
class _Line:
    """An entry of the table, and the ids of the branches it stands in, from the top."""

    entry: Row | _Sum
    inside: tuple[str, ...]


def score_grid(
    assessment: Assessment, told: Outline, layout: Layout, language: Language, apart: frozenset[str] = frozenset()
) -> tuple[Grid, bool]:
    """The table of indicators, and whether any reason was shortened in it. What is `apart` stands elsewhere in the form."""
    lines = list(_lines([row for row in told.rows if row.id not in apart], layout.subtotals))
    builder = _Builder(assessment, told, layout, language)
    for at, line in enumerate(lines):
        before = lines[at - 1].inside if at else ()
        starting = [
            (name, sum(one.inside[: level + 1] == line.inside[: level + 1] for one in lines))
            for level, name in enumerate(line.inside)
            if before[: level + 1] != line.inside[: level + 1]
        ]
        builder.add(line, starting)
    if layout.side is not None:
        builder.label(layout.side)
    builder.close()
    widths = [column.width or WIDTHS[column.shows] for column, _ in builder.columns]
    return Grid(tuple(widths), tuple(builder.rows), head=1, levels=tuple(builder.levels)), builder.shortened


def _lines(rows: list[Row], subtotals: int) -> Iterator[_Line]:
    """The rows, and after those of each branch that is to be summed, its sum."""
    speaking = {row.id for row in rows if row.branch}
    for at, row in enumerate(rows):
        above = _above(row)
        yield _Line(row, (*above, row.id) if row.branch else above)
        after = _above(rows[at + 1]) if at + 1 < len(rows) else ()
        for id in reversed(above):
            summed = id.count(".") < subtotals and id not in after
            if summed and not any(one in speaking for one in above):
                yield _Line(_Sum(id), above[: above.index(id) + 1])


def _above(row: Row) -> tuple[str, ...]:
    parts = row.id.split(".")
    return tuple(".".join(parts[:level]) for level in range(1, len(parts)))


class _Builder:
    """Rows of cells, put down from the top."""

    def __init__(self, assessment: Assessment, told: Outline, layout: Layout, language: Language) -> None:
        self.assessment, self.told, self.layout, self.language = assessment, told, layout, language
        self.depth = len(told.levels)
        self.columns = [
            (column, level)
            for column in layout.columns
            for level in range(self.depth if column.shows == "levels" else 1)
        ]
        self.rows: list[tuple[Cell, ...]] = [tuple(self._heads())]
        self.levels = [0]
        self.shortened = False
        self.parts: dict[str, list[int]] = {}  # the rows that a branch is the sum of; those of the whole under ""
        self.figures: list[dict[Shows, Decimal | None]] = [{}]

    def _heads(self) -> Iterator[Cell]:
        for column, level in self.columns:
            if column.shows == "levels":
                yield Cell(self.told.levels[level], "head")
            elif column.head is not None:
                yield Cell(column.head.into(self.language), "head")
            else:
                given = self.told.columns.get(column.shows)
                yield Cell(given if given is not None else HEADS[column.shows].into(self.language), "head")

    def add(self, line: _Line, starting: list[tuple[str, int]]) -> None:
        """A row, with the names of the branches that start with it and how many rows each covers."""
        names = [Cell(self._named(id), "branch", down=down) for id, down in starting]
        left = self.depth - len(line.inside)
        match line.entry:
            case Row() as row:
                own = Cell(OWN.into(self.language), "branch", left) if row.branch else Cell(row.name, "label", left)
                self._put([*names, own], self._described(row), {"weight": row.worth, "points": row.kept})
                self.levels.append(len(line.inside) + (not row.branch))
                if row.worth is not None or row.kept is not None:
                    for id in (*line.inside, ""):
                        self.parts.setdefault(id, []).append(len(self.rows) - 1)
            case _Sum(branch):
                self._sum(names, left, branch)
                self.levels.append(len(line.inside))

    def _named(self, branch: str) -> str:
        """What a branch is called; a form may print its points behind the names of the first level."""
        result = self.assessment[branch]
        if not self.layout.weights_in_names or "." in branch or not result.weight:
            return result.name
        return WORTH.fill(name=result.name, points=spelled(Fraction(result.weight))).into(self.language)

    def label(self, side: Words) -> None:
        """A label along the left of all rows so far but the head, which is repeated without them."""
        self.columns.insert(0, (SIDE, 0))
        self.rows[0] = (Cell("", "head"), *self.rows[0])
        if len(self.rows) > 1:
            self.rows[1] = (Cell(side.into(self.language), "label", down=len(self.rows) - 1), *self.rows[1])

    def _sum(self, names: list[Cell], left: int, branch: str) -> None:
        result = self.assessment[branch]
        parts = self.parts.get(branch, [])
        state = None if result.points is not None else STATES[result.state].into(self.language)
        given: dict[Shows, Cell] = {
            "weight": self._figure("weight", result.weight, parts, "subtotal"),
            "points": self._figure("points", result.points, parts, "subtotal", state),
            "rate": Cell(share(result.points, result.weight), "subtotal"),
        }
        words = self._spread(given, SUBTOTAL.into(self.language), "subtotal", skip=self.depth - left)
        self._put(names, words, {"weight": result.weight, "points": result.points})
        for id, rows in self.parts.items():
            if not id or branch.startswith(f"{id}.") or id == branch:
                self.parts[id] = [*(one for one in rows if one not in parts), len(self.rows) - 1]

    def close(self) -> None:
        """The lines between the rows and the total, and the total."""
        moving = list(self.parts.get("", []))
        for line in self.told.lines:
            role: Role = "subtotal" if line.label else "text"
            points = self._figure("points", line.number, moving if line.label else [], role, line.points)
            said = [one for one in (line.because, line.clause) if one]
            given: dict[Shows, Cell] = {"points": points}
            if "because" in self._shown() and said:
                given["because"] = Cell("\n".join(said), role)
                said = []
            self._put([], self._spread(given, line.label or "\n".join(said), role), {"points": line.number})
            self.levels.append(0)
            moving = [len(self.rows) - 1] if line.label else [*moving, len(self.rows) - 1]
        score, full = self.assessment.score, decimal(self.assessment.full_marks)
        total: dict[Shows, Cell] = {
            "weight": self._figure("weight", full, self.parts.get("", []), "total", self.told.weight),
            "points": self._figure("points", score, moving, "total", self.told.score),
            "rate": Cell(share(score, full), "total"),
        }
        if self.told.notes:
            total["because"] = Cell("\n".join(self.told.notes), "total")
        name = self.told.total if self.layout.total is None else self.layout.total.into(self.language)
        self._put([], self._spread(total, name, "total"), {})
        self.levels.append(0)

    def _described(self, row: Row) -> list[Cell]:
        """The cells of a row behind those of its name."""
        because, cut = short(row.because, self.layout.limit, self.language)
        self.shortened = self.shortened or cut
        cells = cells_of(row, because, self.assessment, self.language)
        return [cells[column.shows] for column, _ in self.columns if column.shows != "levels"]

    def _figure(
        self, shows: Shows, number: Decimal | None, parts: list[int], role: Role, text: str | None = None
    ) -> Cell:
        """A figure, with the rows that add up to it where they do."""
        figures = [self.figures[one].get(shows) for one in parts]
        known = [one for one in figures if one is not None]
        adds = tuple(at for at, one in zip(parts, figures, strict=True) if one is not None)
        if text is None:
            text = "" if number is None else f"{number:f}"
        return Cell(text, role, number=number, adds=adds if number == sum(known, Decimal(0)) else ())

    def _spread(self, given: Mapping[Shows, Cell], label: str, role: Role, *, skip: int = 0) -> list[Cell]:
        """Cells over all columns but the first `skip`: what is given where it belongs, and between them blanks, of which
        the first bears the label.
        """
        cells: list[Cell] = []
        behind = self.columns[skip:]
        for blank, group in groupby(behind, key=lambda one: one[0].shows not in given):
            run = list(group)
            if blank:
                cells.append(Cell(label, role, across=len(run)))
                label = ""
            else:
                cells += [given[column.shows] for column, _ in run]
        return cells

    def _put(self, names: list[Cell], behind: list[Cell], figures: dict[Shows, Decimal | None]) -> None:
        self.rows.append((*names, *behind))
        self.figures.append(figures)

    def _shown(self) -> set[Shows]:
        return {column.shows for column in self.layout.columns}
