"""Where something is declared: a figure, an indicator, a law or document, the file that is extended.

In: a place in a rule file. Out: the place of its table, in this file or in the one that it was taken from.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import from_fs_path

from perfscore.lsp.desk import Desk
from perfscore.lsp.pointing import named_at
from perfscore.lsp.shapes import location

FEATURE = types.TEXT_DOCUMENT_DEFINITION
OPTIONS = types.DefinitionOptions()


def answer(desk: Desk, params: types.DefinitionParams) -> types.Location | None:
    """Where what is named at the cursor is declared."""
    page = desk.pages.get(params.text_document.uri)
    if page is None or not page.is_rules:
        return None
    spot = page.walk.spot(page.positions.offset(params.position.line, params.position.character))
    named = named_at(page, spot)
    if named is None:
        return None
    if named.sort == "file":
        uri = from_fs_path(named.name)
        start = types.Position(0, 0)
        return None if uri is None else types.Location(uri, types.Range(start, start))
    if not named.at or not page.has(named.at):
        return None
    return location(page.origins, named.at, page)
