"""Reasons as a table has room for them, and in full behind it.

In: the rows of a table and the records of an assessment. Out: short texts, and a `Grid` with every record: its points,
its reason, the clause and what it rests on, the calculation, the figures with their sources, and what wins it back.
Nothing is left out in silence: a shortened reason says where the whole of it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfscore.assessment import Assessment, Credit, Deduction
from perfscore.formula.vocabulary import Term
from perfscore.recovery import Recovery
from perfscore.report.binding import figure_text, figures
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
WHOLE = Words(zh="总分", en="The whole")
NOT_ADDED = Words(zh="（仅作说明）", en=" (explains only)")
FIGURE = Words(zh="{name} {value}", en="{name} {value}")
FROM = Words(zh="（{source}）", en=" ({source})")
ASSESSOR = Words(zh="评分人：{who}", en="assessor: {who}")


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
    lost = zip(assessment.deductions, assessment.recoveries, strict=True)
    given = ((one, None) for one in assessment.credits)
    rows = tuple(_record(one, back, assessment, language) for one, back in (*lost, *given))
    return Grid(tuple(width for _, width in HEADS), (head, *rows), head=1)


def _record(one: Deduction, back: Recovery | None, assessment: Assessment, language: Language) -> tuple[Cell, ...]:
    name = assessment[one.indicator].name if one.indicator else WHOLE.into(language)
    up = isinstance(one, Credit) != assessment.rulebook.demerit
    points = f"{'+' if up else '−'}{one.points:f}" + ("" if one.counted else NOT_ADDED.into(language))
    titles = {basis.id: basis.title for basis in assessment.rulebook.basis}
    clause = "\n".join((*([one.clause] if one.clause else []), *(titles.get(id, id) for id in one.basis)))
    figures = "\n".join(figure_lines(one, assessment, language))
    return (
        Cell(name, "label"),
        Cell(points, "number"),
        Cell(one.because.into(language)),
        Cell(clause),
        Cell(one.formula(language)),
        Cell(figures),
        Cell("" if back is None else back.says.into(language)),
    )


def figure_lines(one: Deduction, assessment: Assessment, language: Language) -> Iterator[str]:
    """The figures by what people call them, parameters too, with their sources; of an assessor's answer, which stands in
    the reason already, who gave it.
    """
    known, terms = figures(assessment), assessment.rulebook.vocabulary()
    for used in one.inputs:
        if used.name in terms and used.value is not None:
            value, term = known.get(used.name, (_read(used.value, terms[used.name]), terms[used.name]))
            said = FIGURE.fill(name=term.label, value=figure_text(value, term, language))
            yield (said + FROM.fill(source=used.source) if used.source else said).into(language)
        elif used.source:
            yield ASSESSOR.fill(who=used.source).into(language)


def _read(value: str, term: Term) -> str | Fraction:
    """A figure as it is recorded, which is exact: a number where it is one."""
    return Fraction(value) if term.type in ("count", "number", "percent", "money") else value
