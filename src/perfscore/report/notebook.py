"""How a notebook shows an assessment and a rulebook.

In: an assessment, or a rulebook. Out: a plain table as HTML, without a style sheet: a notebook has its own.
It says what the other documents say, in the rulebook's language; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfscore.assessment import Assessment
from perfscore.quantity import spelled
from perfscore.report.markup import Markup, element
from perfscore.report.outline import COLUMNS, INDICATOR, outline
from perfscore.report.reading import FULL, node_reading, weight_reading
from perfscore.report.webtable import LANG
from perfscore.rulebook import Rulebook
from perfscore.words import Words

STEPS = " › "
LEFT = "text-align: left; vertical-align: top"
RULE = Words(zh="规则", en="Rule")
LOOK = Words(zh="{n} 处需要留意：见 assessment.findings", en="{n} to look at: see assessment.findings")


def assessment_html(assessment: Assessment) -> str:
    """The rows of the office's table, each with what it lost and why, and the total."""
    language = assessment.rulebook.language
    told = outline(assessment, language)
    columns = ("weight", "points", "because")
    head = (told.indicator, *(told.columns[one] for one in columns))
    rows = [(STEPS.join((*one.above, one.name)), one.weight, one.points, "\n".join(one.because)) for one in told.rows]
    rows += [(one.label or "+/−", "", one.points, "\n".join((one.because, one.clause)).strip()) for one in told.lines]
    total = (told.total, told.weight, told.score, told.rating)
    caption = " ".join(part for part in (told.title, told.subject) if part)
    below = [told.brackets, LOOK.fill(n=f"{len(told.findings)}").into(language) if told.findings else ""]
    notes = [element("p", one) for one in (*told.notes, *below) if one]
    return element("div", _table(caption, head, (*rows, total)), *notes, lang=LANG[language])


def rulebook_html(rulebook: Rulebook) -> str:
    """Every branch and indicator with what it is worth and how it is scored, in words."""
    language = rulebook.language
    names = {one.id: one.name for one in rulebook.nodes()}
    head = (INDICATOR.into(language), COLUMNS["weight"].into(language), RULE.into(language))
    rows = []
    for one in rulebook.nodes():
        parts = one.id.split(".")
        path = [names[".".join(parts[: level + 1])] for level in range(len(parts))]
        rows.append(
            (
                STEPS.join(path),
                weight_reading(rulebook, one, language),
                "\n".join(node_reading(rulebook, one, language)),
            )
        )
    full = FULL.fill(n=spelled(rulebook.full_marks)).into(language)
    return element("div", _table(f"{rulebook.title} {rulebook.version} {full}", head, rows), lang=LANG[language])


def _table(caption: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Markup:
    """A table whose first column names the rows. Texts stand left, where notebooks would have them stand right."""
    heads = element("tr", *(element("th", one, scope="col", style=LEFT) for one in head))
    lines = [
        element(
            "tr", element("th", row[0], scope="row", style=LEFT), *(element("td", one, style=LEFT) for one in row[1:])
        )
        for row in rows
    ]
    return element("table", element("caption", caption), element("thead", heads), element("tbody", *lines))
