"""What mends a complaint, where there is something that does.

In: a stretch of a file. Out: for each complaint there with a fix, its edits; the one safe fix of a place is preferred.
"""

from __future__ import annotations

from lsprotocol import types

from perfscore.lsp.desk import Desk
from perfscore.lsp.shapes import diagnostic, text_edit

FEATURE = types.TEXT_DOCUMENT_CODE_ACTION
OPTIONS = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])


def answer(desk: Desk, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """The fixes of the complaints in a stretch of a file."""
    page = desk.pages.get(params.text_document.uri)
    only = params.context.only
    if page is None or (
        only and not any(str(types.CodeActionKind.QuickFix.value).startswith(str(one)) for one in only)
    ):
        return None
    told, language = page.told, desk.spoken(page)
    found: list[types.CodeAction] = []
    for one in told.diagnostics:
        if one.fix is None:
            continue
        shown = diagnostic(one, told.origins, page, language, related=desk.related)
        if not _meet(shown.range, params.range):
            continue
        changes: dict[str, list[types.TextEdit]] = {}
        for edit in one.fix.edits:
            uri, made = text_edit(edit, told.origins, page)
            changes.setdefault(uri, []).append(made)
        found.append(
            types.CodeAction(
                title=one.fix.says.into(language),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[shown],
                is_preferred=one.fix.safe,
                edit=types.WorkspaceEdit(changes=changes),
            )
        )
    return found


def _meet(one: types.Range, other: types.Range) -> bool:
    return not (_before(one.end, other.start) or _before(other.end, one.start))


def _before(one: types.Position, other: types.Position) -> bool:
    return (one.line, one.character) < (other.line, other.character)
