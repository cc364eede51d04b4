"""A waterfall: from the full marks to the score, a step for every deduction.

In: an assessment and the language of its reader. Out: a `Picture`, or None where there is no score or nothing moved it.
The axis need not begin at 0, since what is looked at are the steps; where it does not, the two whole bars are cut and the
picture says so. No step is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from perfscore.assessment import Assessment
from perfscore.quantity import exact, spelled
from perfscore.report.blocks import Picture
from perfscore.report.markup import Markup, element
from perfscore.report.pictures.drawing import (
    MUTED,
    WIDTH,
    legend,
    lost,
    place,
    sheet,
    signed,
    ticks,
    upright,
    won,
    words,
)
from perfscore.report.pictures.moves import Move, adds_up, moves, start_of
from perfscore.words import Language, Words

ID = "waterfall"
LEFT, RIGHT, FIGURES = 330, 670, WIDTH - 6
TOP, ROW, BAR = 78, 42, 20
TITLE = Words(zh="从{full}分到{score}分", en="From {full} to {score} points")
FULL = Words(zh="满分", en="Full marks")
NOTHING_YET = Words(zh="开始", en="Start")
SCORE = Words(zh="得分", en="Score")
CUT = Words(zh="横轴从 {low} 起", en="the axis begins at {low}")
GOOD = Words(zh="得分、加分", en="points kept or given")
BAD = Words(zh="扣分", en="points taken")
INCURRED = Words(zh="计失分", en="points incurred")
SPARED = Words(zh="减失分", en="points spared")
SAYS = Words(zh="{title}：{steps}。", en="{title}: {steps}.")
STEP = Words(zh="{name} {points}（{because}）", en="{name} {points} ({because})")
Across: TypeAlias = Callable[[Fraction], Fraction]
"""Where a value lies on the sheet."""


def waterfall(assessment: Assessment, language: Language) -> Picture | None:
    """The steps as bars under one another, each from where the last one ended."""
    steps = moves(assessment, language)
    score = assessment.score
    if score is None or not steps or not adds_up(assessment, steps):
        return None
    start = start_of(assessment)
    title = TITLE.fill(full=spelled(start), score=f"{score:f}").into(language)
    told = [STEP.fill(name=one.name, points=signed(one.points), because=one.because).into(language) for one in steps]
    says = SAYS.fill(title=title, steps=("；" if language == "zh" else "; ").join(told)).into(language)
    ends = _ends(start, steps)
    scale = _axis(min(ends), max(ends))
    height = TOP + ROW * (len(steps) + 2) + 6
    shapes = _drawn(assessment, steps, ends, scale, title, language)
    return Picture(sheet(ID, title, says, height, shapes), says)


def _ends(start: Fraction, steps: Sequence[Move]) -> list[Fraction]:
    """Where the score stands before the first step and after each."""
    ends = [start]
    for one in steps:
        ends.append(ends[-1] + exact(one.points))
    return ends


def _axis(low: Fraction, high: Fraction) -> tuple[Fraction, ...]:
    """The marks of an axis on which the steps are wide: it begins at 0 where that is not far off."""
    return ticks(min(low, Fraction(0)) if low * 2 <= high else low - (high - low) / 4, high)


def _drawn(
    assessment: Assessment,
    steps: Sequence[Move],
    ends: Sequence[Fraction],
    scale: tuple[Fraction, ...],
    title: str,
    language: Language,
) -> Iterator[Markup]:
    demerit = assessment.rulebook.demerit
    low, high = scale[0], scale[-1]

    def across(at: Fraction) -> Fraction:
        return LEFT + (at - low) / (high - low) * (RIGHT - LEFT)

    bottom = TOP + ROW * (len(steps) + 2)
    yield words(title, 0, 18, size=16, bold=True)
    yield legend(ID, 44, (SPARED if demerit else GOOD).into(language), (INCURRED if demerit else BAD).into(language))
    for mark in scale:
        yield upright(across(mark), TOP, bottom)
        yield words(spelled(mark), across(mark), TOP - 8, size=12, fill=MUTED, anchor="middle")
    if low > 0:
        yield words(CUT.fill(low=spelled(low)).into(language), FIGURES, 44, size=12, fill=MUTED, anchor="end")
    yield from _whole(0, (NOTHING_YET if demerit else FULL).into(language), ends[0], spelled(ends[0]), across, low)
    for at, one in enumerate(steps, start=1):
        y = TOP + ROW * at
        before, after = across(ends[at - 1]), across(ends[at])
        better = (one.points > 0) != demerit
        left, wide = min(before, after), max(abs(after - before), Fraction(1))
        yield upright(before, y - (ROW - BAR) // 2 - 2, y + (ROW - BAR) // 2, fine=False)
        bar = (left, y + (ROW - BAR) // 2, wide, BAR)
        yield won(*bar) if better else lost(ID, *bar)
        yield words(one.name, 0, y + 18, room=LEFT - 16)
        yield words(one.because, 0, y + 34, room=LEFT - 16, size=12, fill=MUTED)
        yield words(signed(one.points), FIGURES, y + ROW // 2 + 5, anchor="end")
    last = len(steps) + 1
    figure = f"{assessment.score:f}"
    yield from _whole(last, SCORE.into(language), ends[-1], figure, across, low, demerit=demerit)


def _whole(
    row: int, name: str, value: Fraction, figure: str, across: Across, low: Fraction, *, demerit: bool = False
) -> Iterator[Markup]:
    """The bar of a whole, cut by two strokes where the axis does not begin at 0."""
    y = TOP + ROW * row
    top = y + (ROW - BAR) // 2
    zero = across(max(low, Fraction(0)))
    end = across(value)
    if value:
        bar = (min(zero, end), top, abs(end - zero), BAR)
        yield lost(ID, *bar) if demerit else won(*bar)
    if low > 0:
        for at in (LEFT + 10, LEFT + 16):
            yield element("path", d=f"M{place(at)},{top + BAR + 3} l5,-{BAR + 6}", stroke="#ffffff", stroke_width="3")
    yield words(name, 0, y + ROW // 2 + 5, bold=True, room=LEFT - 16)
    yield words(figure, FIGURES, y + ROW // 2 + 5, bold=True, anchor="end")
