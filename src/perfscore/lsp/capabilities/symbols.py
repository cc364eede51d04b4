"""What is in a file, as a tree: its tables, and the indicators with what they are worth.

In: a rule file. Out: the tree that an editor shows beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lsprotocol import types

from perfscore.diagnostic import KeyPath
from perfscore.formula.prose import near_text
from perfscore.lsp.desk import Desk
from perfscore.lsp.keys import is_node, value_at
from perfscore.lsp.page import Page
from perfscore.lsp.shapes import span_range
from perfscore.lsp.walk import Section
from perfscore.source import Span
from perfscore.words import Language, Words

FEATURE = types.TEXT_DOCUMENT_DOCUMENT_SYMBOL
OPTIONS = types.DocumentSymbolOptions()

_POINTS = Words(zh="{n} 分", en="{n} points")
_KINDS = {
    "indicators": types.SymbolKind.Class,
    "inputs": types.SymbolKind.Variable,
    "measures": types.SymbolKind.Function,
}
_NAMES = ("name", "label", "title", "text", "says", "id")


def answer(desk: Desk, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
    """The tables of a file as a tree."""
    page = desk.pages.get(params.text_document.uri)
    if page is None or not (page.is_rules or page.is_facts):
        return None
    language = desk.spoken(page)
    weights = page.rulebook.weights if page.is_rules and page.rulebook is not None else None
    worth = {} if weights is None else {id: near_text(one) for id, one in weights.items()}
    return list(_under((), page.walk.sections, page, worth, language))


def _under(
    above: KeyPath, sections: list[Section], page: Page, worth: Mapping[str, str], language: Language
) -> Iterator[types.DocumentSymbol]:
    """The tables right under one, each with those under it; a table is as long as what is under it."""
    at = 0
    while at < len(sections):
        one = sections[at]
        end = at + 1
        while end < len(sections) and sections[end].at[: len(one.at)] == one.at:
            end += 1
        yield types.DocumentSymbol(
            name=_title(one, page, above),
            detail=_detail(one, worth, language),
            kind=_KINDS.get(str(one.at[0]) if one.at else "", types.SymbolKind.Namespace),
            range=span_range(page.positions, Span(one.header.start, sections[end - 1].span.end)),
            selection_range=span_range(page.positions, one.header),
            children=list(_under(one.at, sections[at + 1 : end], page, worth, language)),
        )
        at = end


def _title(section: Section, page: Page, above: KeyPath) -> str:
    table = value_at(section.at, page.values)
    said = next((table[key] for key in _NAMES if key in table), None) if isinstance(table, Mapping) else None
    short = ".".join(str(one) for one in section.at[len(above) :])
    return str(said) if isinstance(said, str) and said.strip() else short or "…"


def _detail(section: Section, worth: Mapping[str, str], language: Language) -> str | None:
    if not is_node(section.at):
        return ".".join(map(str, section.at)) or None
    id = ".".join(map(str, section.at[1:]))
    return _POINTS.fill(n=worth[id]).into(language) if id in worth else None
