"""Which stretches of a file can be folded away: its tables.

In: a rule file or a facts file. Out: the lines of each table, without the blank ones at its end.
"""

from __future__ import annotations

from lsprotocol import types

from perfscore.lsp.desk import Desk

FEATURE = types.TEXT_DOCUMENT_FOLDING_RANGE
OPTIONS = types.FoldingRangeOptions()


def answer(desk: Desk, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """The tables of a file, each as lines."""
    page = desk.pages.get(params.text_document.uri)
    if page is None or not (page.is_rules or page.is_facts):
        return None
    found = []
    for section in page.walk.sections:
        text = page.walk.text[section.span.start : section.span.end].rstrip()
        first, _ = page.positions.position(section.header.start)
        last, _ = page.positions.position(section.span.start + len(text))
        if last > first:
            found.append(types.FoldingRange(first, last))
    return found
