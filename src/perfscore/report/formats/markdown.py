"""An assessment as Markdown.

In: an assessment. Out: a title, one table, the total, the findings.
Text from files stays text: nothing in it becomes markup, a link or a new cell.
"""

from __future__ import annotations

import re

from perfscore.assessment import Assessment
from perfscore.report.annex import HEADING, NOTHING, deductions
from perfscore.report.outline import outline
from perfscore.words import Language, visible

SUFFIX = ".md"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$^=:@-])")


def render(assessment: Assessment, language: Language, *, explain: bool = False) -> str:
    """The assessment as a Markdown document; with an annex of its deductions where `explain` says so."""
    told = outline(assessment, language)
    keys = ("target", "clause", "process", "weight", "points", "because")
    header = [*told.levels, *(told.columns[key] for key in keys)]
    rule = ["---"] * (len(told.levels) + 3) + ["--:", "--:", "---"]
    lines = [f"# {escaped(told.title)}", ""]
    if told.subject:
        lines += [escaped(told.subject), ""]
    lines += [_line(header), _line(rule)]
    for row in told.rows:
        names = list(map(escaped, row.cells(len(told.levels))))
        if row.branch:
            names[len(row.above)] = f"**{names[len(row.above)]}**"
        cells = [row.target, row.clause, row.process, row.weight, row.points]
        lines.append(_line([*names, *map(escaped, cells), "<br>".join(map(escaped, row.because))]))
    blanks = [""] * (len(told.levels) + 2)
    for one in told.lines:
        cells = [one.label, *[""] * len(told.levels), one.clause, "", "", one.points, one.because]
        lines.append(_line(list(map(escaped, cells))))
    notes = "<br>".join(map(escaped, told.notes))
    lines.append(_line([f"**{told.total}**", *blanks, told.weight, f"**{told.score}**", notes]))
    lines += ["", escaped(told.brackets)] if told.brackets else []
    lines += ["", *([escaped(told.rating), ""] if told.rating else []), escaped(told.coverage), ""]
    if told.findings:
        lines += [f"## {told.heading}", ""]
        lines += [f"- **{one.word}** {one.code} {escaped(one.message)}" for one in told.findings]
        lines.append("")
    lines += _annex(assessment, language) if explain else []
    lines += [escaped(told.rules), ""]
    return "\n".join(lines)


def _annex(assessment: Assessment, language: Language) -> list[str]:
    lines = [f"## {HEADING.into(language)}", ""]
    entries = deductions(assessment, language)
    for one in entries:
        lines += [f"- **{escaped(' › '.join(one.at))}** {escaped(one.said)}"]
        lines += [f"    - {escaped(label)}: {escaped(text)}" for label, text in one.lines]
    return [*lines, *([] if entries else [NOTHING.into(language)]), ""]


def escaped(text: str) -> str:
    """Text that Markdown prints as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", visible(text)).replace("\n", "<br>")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
