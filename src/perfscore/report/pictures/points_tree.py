"""A tree of points: what every branch and every indicator kept of its weight, and what it lost.

In: an assessment and the language of its reader. Out: a `Picture`.
A bar is as long as its node is worth in the whole, so that bars of one level can be added by eye; the figures are those of
the table. Where the tree is large, the indicators of a branch that lost nothing share a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from perfscore.assessment import STATES, Assessment, IndicatorResult
from perfscore.indicator import Branch
from perfscore.quantity import exact, spelled
from perfscore.report.blocks import Picture
from perfscore.report.markup import Markup
from perfscore.report.pictures.drawing import WIDTH, empty, legend, lost, sheet, won, words
from perfscore.report.rows import figure
from perfscore.words import Language, Words

ID = "points"
LEFT, RIGHT, FIGURES = 310, 620, WIDTH - 6
TOP, ROW, BAR, STEP = 62, 28, 16, 16
MANY = 40
TITLE = Words(zh="各指标得分与失分", en="Points kept and lost, by indicator")
KEPT = Words(zh="得分", en="kept")
LOST = Words(zh="失分", en="lost")
INCURRED = Words(zh="计失分", en="incurred")
NOT_JUDGED = Words(zh="不适用或没有得分", en="does not apply, or has no score")
TOTAL = Words(zh="合计", en="Total")
OTHERS = Words(zh="其余 {n} 项没有失分", en="{n} others lost nothing")
OF = Words(zh="{name} {points}/{weight}", en="{name} {points} of {weight}")
ALONE = Words(zh="{name} {points}", en="{name} {points}")
SAYS = Words(zh="{title}：{rows}。", en="{title}: {rows}.")


@frozen
class _Row:
    """A row: how deep it stands, its figures, and how long its bars are, in points of the whole."""

    depth: int
    name: str
    points: str
    weight: str
    kept: Fraction
    lost: Fraction
    judged: bool
    branch: bool = False

    @property
    def whole(self) -> Fraction:
        """How long its bars are together."""
        return self.kept + self.lost


def points_tree(assessment: Assessment, language: Language) -> Picture:
    """The tree as rows with bars."""
    rows = _gathered([_row(one, assessment, language) for one in assessment.results], language)
    title = TITLE.into(language)
    total = "—" if assessment.score is None else f"{assessment.score:f}"
    told = [_told(one.name, one.points, one.weight, language) for one in rows]
    told.append(_told(TOTAL.into(language), total, spelled(assessment.full_marks), language))
    says = SAYS.fill(title=title, rows=("；" if language == "zh" else "; ").join(told)).into(language)
    height = TOP + ROW * (len(rows) + 1) + 6
    return Picture(sheet(ID, title, says, height, _drawn(assessment, rows, total, title, language)), says)


def _told(name: str, points: str, weight: str, language: Language) -> str:
    return (OF if weight else ALONE).fill(name=name, points=points, weight=weight).into(language)


def _row(result: IndicatorResult, assessment: Assessment, language: Language) -> _Row:
    demerit = assessment.rulebook.demerit
    weight = None if result.weight is None else exact(result.weight)
    worth = weight if result.effective_weight is None else result.effective_weight
    scale = worth / weight if worth is not None and weight else Fraction(1)
    points = Fraction(0) if result.points is None else exact(result.points) * scale
    judged = result.state == "scored" and result.points is not None
    if demerit:
        kept, gone = Fraction(0), max(points, Fraction(0))
    elif points < 0:
        kept, gone = Fraction(0), -points
    else:
        kept, gone = points, max((worth or Fraction(0)) - points, Fraction(0))
    if not judged:
        kept, gone = Fraction(0), worth or Fraction(0)
    return _Row(
        depth=result.id.count("."),
        name=result.name,
        points=STATES[result.state].into(language) if result.points is None else figure(result.points),
        weight="" if weight is None else spelled(weight),
        kept=kept,
        lost=gone,
        judged=judged,
        branch=isinstance(result.node, Branch),
    )


def _gathered(rows: Sequence[_Row], language: Language) -> list[_Row]:
    """All rows, or of a large tree one for all leaves of a branch that lost nothing."""
    if len(rows) <= MANY:
        return list(rows)
    shown: list[_Row] = []
    waiting: dict[int, list[_Row]] = {}

    def flush(depth: int) -> None:
        for level in sorted((one for one in waiting if one >= depth), reverse=True):
            shown.append(_together(waiting.pop(level), language))

    for row in rows:
        flush(row.depth + 1)
        if row.branch or row.lost or not row.judged:
            if row.branch:
                flush(row.depth)
            shown.append(row)
        else:
            waiting.setdefault(row.depth, []).append(row)
    flush(0)
    return shown


def _together(rows: Sequence[_Row], language: Language) -> _Row:
    if len(rows) == 1:
        return rows[0]
    points = sum((Decimal(one.points.replace("−", "-")) for one in rows), Decimal(0))
    weights = [Fraction(one.weight) for one in rows if one.weight]
    return _Row(
        depth=rows[0].depth,
        name=OTHERS.fill(n=f"{len(rows)}").into(language),
        points=figure(points),
        weight=spelled(sum(weights, Fraction(0))) if weights else "",
        kept=sum((one.kept for one in rows), Fraction(0)),
        lost=Fraction(0),
        judged=True,
    )


def _drawn(
    assessment: Assessment, rows: Sequence[_Row], total: str, title: str, language: Language
) -> Iterator[Markup]:
    widest = max((one.whole for one in rows), default=Fraction(0)) or Fraction(1)
    unjudged = NOT_JUDGED.into(language) if not all(one.judged for one in rows) else ""
    demerit = assessment.rulebook.demerit
    yield words(title, 0, 18, size=16, bold=True)
    yield legend(
        ID, 44, "" if demerit else KEPT.into(language), (INCURRED if demerit else LOST).into(language), unjudged
    )
    for at, one in enumerate(rows):
        y = TOP + ROW * at
        indent = STEP * one.depth
        yield words(one.name, indent, y + 17, room=LEFT - indent - 14, bold=one.branch)
        size = (RIGHT - LEFT) / widest
        if not one.judged:
            yield empty(LEFT, y + 4, one.lost * size, BAR)
        else:
            if one.kept:
                yield won(LEFT, y + 4, one.kept * size, BAR)
            if one.lost:
                yield lost(ID, LEFT + one.kept * size, y + 4, one.lost * size, BAR)
        said = f"{one.points} / {one.weight}" if one.weight else one.points
        yield words(said, FIGURES, y + 17, anchor="end", bold=one.branch)
    y = TOP + ROW * len(rows)
    yield words(TOTAL.into(language), 0, y + 17, bold=True)
    yield words(f"{total} / {spelled(assessment.full_marks)}", FIGURES, y + 17, anchor="end", bold=True)
