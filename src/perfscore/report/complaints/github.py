"""Complaints as GitHub Actions read them: annotations beside the lines of a pull request.

In: rule files with all that is to be said of them. Out: one workflow command a line, `::error file=…,line=…::message`.
Signs that would end a command or a property are escaped as the runner unescapes them. Columns are UTF-16 code units,
which is how a browser counts, and stand there only where a place does not go over a line's end: the runner takes no
others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfscore.diagnostic import Diagnostic, Severity
from perfscore.report.complaint import in_order, place_of
from perfscore.report.complaints import Told, seen_from_here, utf16
from perfscore.words import Language, Words, visible

_COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
_HINT = Words(zh="建议：", en="hint: ")
_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def render(files: Sequence[Told], *, colour: bool, width: int | None) -> str:
    """One annotation a complaint."""
    return "".join(
        _annotation(one, each) + "\n"
        for each in files
        for one in in_order(each.opened.diagnostics, each.opened.origins)
    )


def _annotation(one: Diagnostic, each: Told) -> str:
    source, span = place_of(one, each.opened.origins)
    (line, column), (end_line, end_column) = utf16(source, span.start), utf16(source, span.end)
    place = {"file": seen_from_here(source.path), "line": str(line)}
    if line == end_line:
        place |= {"col": str(column), "endLine": str(end_line), "endColumn": str(end_column)}
    else:
        place |= {"endLine": str(end_line)}
    place["title"] = f"{one.code.number} {one.code.name}"
    properties = ",".join(f"{name}={_escaped(value, _IN_PROPERTIES)}" for name, value in place.items())
    return f"::{_COMMANDS[one.severity]} {properties}::{_escaped(_said(one, each, each.language), _IN_MESSAGES)}"


def _said(one: Diagnostic, each: Told, language: Language) -> str:
    lines = [one.message.into(language)]
    for other in one.related:
        source, span = place_of(other, each.opened.origins)
        line, column = source.position(span.start)
        lines.append(f"{seen_from_here(source.path)}:{line}:{column}: {other.says.into(language)}")
    if one.hint is not None:
        lines.append(_HINT.into(language) + one.hint.into(language))
    return visible("\n".join(lines))


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(one, one) for one in text)
