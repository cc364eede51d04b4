"""What there is to say, in the shapes of the protocol.

In: complaints, key paths and characters. Out: diagnostics, ranges and places as an editor takes them.
Nothing is found out here; a message is in the language that is asked for, with its way out under it.
"""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types
from pygls.uris import from_fs_path

from perfscore.diagnostic import Diagnostic, Edit, KeyPath, Severity
from perfscore.lsp.page import Page
from perfscore.lsp.positions import Encoding, Positions
from perfscore.rulefile.parents import AT
from perfscore.source import Origins, Source, Span
from perfscore.words import Language, Words

_SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_HINT = Words(zh="建议：{hint}", en="hint: {hint}")
_SHOWN = Words(zh="例如 {figures}", en="for example {figures}")
_IN_PARENT = Words(zh="在继承的文件里：", en="in the file that is extended: ")

Sources = Callable[[Source], Positions]
"""How the lines of another file are counted."""


def span_range(positions: Positions, span: Span) -> types.Range:
    """Characters as a range of an editor."""
    start, end = positions.position(span.start), positions.position(span.end)
    return types.Range(types.Position(*start), types.Position(*end))


def location(
    where: Origins, at: KeyPath, page: Page, part: str = "key", within: tuple[int, int] | None = None
) -> types.Location:
    """Where a key path leads to, in this file or another."""
    source, there = where.written(at)
    span = source.span(there, "key" if part == "key" else "value", within)
    return types.Location(uri_of(source, page), span_range(counted(source, page), span))


def uri_of(source: Source, page: Page) -> str:
    """The name that an editor has for a file."""
    return page.uri if source.path == page.name else from_fs_path(source.path) or source.path


def counted(source: Source, page: Page) -> Positions:
    """The lines of a file; of the page itself those that the editor has."""
    return page.positions if source.path == page.name else _counted(source, page.encoding)


def _counted(source: Source, encoding: Encoding) -> Positions:
    return Positions(source.text, encoding)


def diagnostic(one: Diagnostic, where: Origins, page: Page, language: Language, *, related: bool) -> types.Diagnostic:
    """A complaint; what is wrong in a file that is extended is told where it is extended, with its place there."""
    found = location(where, one.at, page, one.part, one.within)
    message = one.message.into(language)
    others: list[types.DiagnosticRelatedInformation] = []
    if found.uri != page.uri:
        others.append(types.DiagnosticRelatedInformation(found, message))
        message = _IN_PARENT.into(language) + message
        found = types.Location(page.uri, span_range(page.positions, page.source.span(AT)))
    others += [
        types.DiagnosticRelatedInformation(
            location(where, each.at, page, each.part, each.within), each.says.into(language)
        )
        for each in one.related
    ]
    lines = [message]
    if one.witness:
        lines.append(_SHOWN.fill(figures=", ".join(f"{name} = {value}" for name, value in one.witness)).into(language))
    if one.hint is not None:
        lines.append(_HINT.fill(hint=one.hint).into(language))
    if others and not related:
        lines += [each.message for each in others if each.message != one.message.into(language)]
    return types.Diagnostic(
        range=found.range,
        message="\n".join(lines),
        severity=_SEVERITIES[one.severity],
        code=one.code.number,
        source="perfscore",
        related_information=others if others and related else None,
    )


def text_edit(edit: Edit, where: Origins, page: Page) -> tuple[str, types.TextEdit]:
    """The text to put somewhere, and the file that it goes into."""
    found = location(where, edit.at, page, edit.part, edit.within)
    return found.uri, types.TextEdit(found.range, edit.text)


def markdown(text: str) -> types.MarkupContent:
    """Text that an editor lays out."""
    return types.MarkupContent(types.MarkupKind.Markdown, text)
