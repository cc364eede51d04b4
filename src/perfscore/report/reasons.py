"""Reasons as a table has room for them, and in full behind it.

In: the rows of a table and the records of an assessment. Out: short texts, and a `Grid` with every record, of which is told
what every annex tells.
Nothing is left out in silence: a shortened reason says where the whole of it stands.
"""

from __future__ import annotations

from perfscore.assessment import Assessment, Credit
from perfscore.report.annex import MISSED, Entry, credits, deductions
from perfscore.report.blocks import Cell, Grid
from perfscore.words import Language, Words

IN_FULL = Words(zh="…（全文见附表）", en="… (in full in the annex)")
ANNEX = Words(zh="附表　扣分和加分的说明", en="Annex: every deduction and credit")
HEADS = (
    (Words(zh="指标", en="Indicator"), 14),
    (Words(zh="分数", en="Points"), 12),
    (Words(zh="原因", en="Reason"), 26),
    (Words(zh="评分标准和依据", en="Criterion and basis"), 24),
    (Words(zh="计算", en="Calculation"), 24),
    (Words(zh="数据和来源", en="Figures and sources"), 20),
    (Words(zh="怎样挽回", en="To win back"), 18),
)
LABELLED = Words(zh="{label}：{text}", en="{label}: {text}")
NOT_ADDED = Words(zh="（仅作说明）", en=" (explains only)")


def short(said: tuple[str, ...], limit: int, language: Language) -> tuple[str, bool]:
    """Reasons in at most `limit` characters, and whether anything was left out."""
    whole = "\n".join(said)
    if len(whole) <= limit:
        return whole, False
    end = IN_FULL.into(language)
    return whole[: limit - len(end)].rstrip() + end, True


def annex(assessment: Assessment, language: Language) -> Grid:
    """Every record of points lost and given, with all that it rests on."""
    head = tuple(Cell(words.into(language), "head") for words, _ in HEADS)
    told = (*deductions(assessment, language), *credits(assessment, language))
    rows = tuple(_row(one, assessment.rulebook.demerit, language) for one in told)
    return Grid(tuple(width for _, width in HEADS), (head, *rows), head=1)


def _row(one: Entry, demerit: bool, language: Language) -> tuple[Cell, ...]:
    up = isinstance(one.record, Credit) != demerit
    points = f"{'+' if up else '−'}{one.record.points:f}" + ("" if one.record.counted else NOT_ADDED.into(language))
    return (
        Cell(one.at[-1], "label"),
        Cell(points, "number"),
        Cell(one.because),
        _lines(one.clause, *one.basis),
        _lines(one.formula, one.rounded, one.share),
        _lines(*one.figures),
        _lines(one.recover, LABELLED.fill(label=MISSED, text=one.missed).into(language) if one.missed else ""),
    )


def _lines(*told: str) -> Cell:
    """What there is to say, each on a line of its own."""
    return Cell("\n".join(text for text in told if text))
