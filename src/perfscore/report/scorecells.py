"""What stands beside an indicator in the table, column by column.

In: a row of the outline, and what was found of its node. Out: `Cell`s by what their column shows.
Nothing is laid out here: how a table is put together is asked in `scoregrid`.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from perfscore.assessment import Assessment, IndicatorResult
from perfscore.formula.prose import STYLES, tell
from perfscore.formula.shapes import VALUE, Comparison
from perfscore.formula.vocabulary import Term
from perfscore.indicator import Indicator
from perfscore.report.binding import percentage
from perfscore.report.blocks import Cell
from perfscore.report.layout import Shows
from perfscore.report.naming import labels
from perfscore.report.rows import Row, observed
from perfscore.valuetext import unit_text
from perfscore.words import Language, Words

HEADS: dict[Shows, Words] = {
    "relation": Words(zh="指标性质", en="Relation"),
    "figure": Words(zh="指标值", en="Target value"),
    "unit": Words(zh="度量单位", en="Unit"),
    "observed": Words(zh="实际完成值", en="Observed"),
    "rate": Words(zh="得分率", en="Share kept"),
    "blank": Words(zh="备注", en="Remarks"),
}
"""What columns are called that the outline has no name for."""
WIDTHS: dict[Shows, int] = {
    **{"levels": 10, "target": 12, "relation": 10, "figure": 10, "unit": 10, "observed": 14},
    **{"clause": 24, "process": 24, "weight": 8, "points": 10, "rate": 10, "because": 26, "blank": 12},
}
IN_WORDS = Words(zh="定性", en="in words")


def cells_of(row: Row, because: str, assessment: Assessment, language: Language) -> dict[Shows, Cell]:
    """Every cell that a row can have, but that of its name; `because` is what its column has room for."""
    result = assessment[row.id]
    relation, figure, unit = _target_in_parts(result, row, assessment, language)
    return {
        "target": Cell(row.target),
        "relation": Cell(relation),
        "figure": Cell(figure),
        "unit": Cell(unit),
        "observed": Cell(observed(result, assessment, language) or row.process),
        "clause": Cell(row.clause),
        "process": Cell(row.process),
        "weight": Cell(row.weight, "number", number=row.worth),
        "points": Cell(row.points, "number", number=row.kept),
        "rate": Cell(share(result.points, result.weight), "number"),
        "because": Cell(because),
        "blank": Cell("", "to-fill"),
    }


def share(points: Decimal | None, weight: Decimal | None) -> str:
    """得分率 — the share of its weight that something kept; empty where there is none."""
    return "" if points is None or not weight else percentage(Fraction(points), Fraction(weight))


def _target_in_parts(
    result: IndicatorResult, row: Row, assessment: Assessment, language: Language
) -> tuple[str, str, str]:
    """≥ | 95 | %: the target of a leaf, where it is one comparison; else in words."""
    leaf = result.node
    if not isinstance(leaf, Indicator):
        return "", "", ""
    vocabulary = assessment.rulebook.place(leaf).vocabulary
    match leaf.target:
        case Comparison(left=left, by=by, right=right) if left == VALUE:
            figure = tell(right, STYLES[language], labels(vocabulary, language))
            return by, *_without_unit(figure, vocabulary["value"], language)
        case _:
            return (IN_WORDS.into(language) if row.target else ""), row.target, ""


def _without_unit(figure: str, term: Term, language: Language) -> tuple[str, str]:
    unit = unit_text(term, language) or ("%" if term.type == "percent" and figure.endswith("%") else "")
    return figure.removesuffix(unit), unit
