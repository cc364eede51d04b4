"""What may be typed here: keys, kinds, ids, words, and the names that a formula may use.

In: a place in a rule file that most likely is broken just there. Out: what fits, with what it means.
What fits is decided by the type that the place has (`keys`); names come from the file as far as it can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen
from lsprotocol import types

from perfscore.criteria import kinds
from perfscore.criterion import Named as FigureName
from perfscore.criterion import Rows
from perfscore.diagnostic import KeyPath
from perfscore.formula.functions import FUNCTIONS
from perfscore.lsp.desk import Desk
from perfscore.lsp.figures import OWN, QUOTED, WORD, figures, function_told, indicators, own_word
from perfscore.lsp.keys import (
    BasisId,
    Hint,
    Indicator,
    Key,
    Kind,
    Name,
    RatingName,
    choices_of,
    hint_at,
    is_cell,
    is_node,
    keys_in,
    means,
    means_key,
    parts_of,
    title_of,
    value_at,
)
from perfscore.lsp.page import Page
from perfscore.lsp.pointing import FORMULAS
from perfscore.lsp.shapes import markdown, span_range
from perfscore.lsp.walk import Spot
from perfscore.lsp.wording import hint_text
from perfscore.rulefile.decode import TABLES
from perfscore.rulefile.parents import AT, root_of_rules, ways_to_say
from perfscore.source import Span
from perfscore.words import Language

FEATURE = types.TEXT_DOCUMENT_COMPLETION
OPTIONS = types.CompletionOptions(trigger_characters=['"', "'", ".", "[", "{", "=", " ", "(", ","])

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@frozen
class Offer:
    """One thing that may be typed: how it is called, what goes in, and what it means."""

    label: str
    text: str
    kind: types.CompletionItemKind
    detail: str = ""
    says: str = ""


def answer(desk: Desk, params: types.CompletionParams) -> types.CompletionList | None:
    """What may be typed at the cursor."""
    page = desk.pages.get(params.text_document.uri)
    if page is None or not page.is_rules:
        return None
    spot = page.walk.spot(page.positions.offset(params.position.line, params.position.character))
    span, offers = _offers(page, spot, desk.language_of_text(page))
    put = span_range(page.positions, span)
    return types.CompletionList(
        is_incomplete=False,
        items=[
            types.CompletionItem(
                label=one.label,
                kind=one.kind,
                detail=one.detail or None,
                documentation=markdown(one.says) if one.says else None,
                sort_text=f"{index:04}",
                filter_text=one.text,
                text_edit=types.TextEdit(put, one.text),
            )
            for index, one in enumerate(offers)
        ],
    )


def _offers(page: Page, spot: Spot, language: Language) -> tuple[Span, list[Offer]]:
    """What may stand at the cursor, and the characters that it takes the place of."""
    match spot.role:
        case "comment":
            return spot.span, []
        case "header":
            return spot.span, list(_headers(page, spot))
        case "key":
            return spot.span, list(_keys(page, spot, language))
        case "value":
            return _values(page, spot, language)


def _headers(page: Page, spot: Spot) -> Iterator[Offer]:
    """Names of tables, after what is written of the header."""
    module = types.CompletionItemKind.Module
    match spot.inside:
        case ():
            for name in TABLES[1:]:
                yield Offer(name, name, module)
        case ("rulebook",):
            yield Offer("defaults", "defaults", module)
        case ("indicators", *_):
            table = value_at(spot.inside, page.values)
            for key, inner in table.items() if isinstance(table, dict) else ():
                if is_node((*spot.inside, key)) and isinstance(inner, dict):
                    yield Offer(key, quoted_key(key), module, str(inner.get("name", "")))
        case _:
            return


def _keys(page: Page, spot: Spot, language: Language) -> Iterator[Offer]:
    outer = hint_at(spot.inside, page.values)
    if outer is not None and means_key(outer, Indicator):
        for one in _indicators(page):
            yield _as_key(one, spot)
        return
    if outer is not None and means_key(outer, Name):
        yield from (_as_key(one, spot) for one in _given(page))
        return
    there = set(page.walk.keys_in(spot.inside))
    for key in keys_in(spot.inside, page.values):
        if key.name not in there or (spot.written and key.name == spot.at[-1]):
            yield _as_key(_key(key, language), spot)


def _given(page: Page) -> Iterator[Offer]:
    """What facts supply: the inputs, and the figures of indicators by their ids."""
    for figure in figures(page.values):
        if figure.section == "inputs":
            yield Offer(figure.name, figure.name, types.CompletionItemKind.Variable, figure.label)
    for id, at, table in indicators(page.values):
        if isinstance(value_at((*at, "measure"), page.values), dict):
            yield Offer(id, id, types.CompletionItemKind.Variable, str(table.get("name", "")))


def _key(key: Key, language: Language) -> Offer:
    says = "" if key.says is None else key.says.into(language)
    kind = types.CompletionItemKind.Field if key.required else types.CompletionItemKind.Property
    return Offer(key.name, key.name, kind, hint_text(key.hint, language), says)


def _as_key(one: Offer, spot: Spot) -> Offer:
    """The offer as a key is written: quoted where it must be."""
    return Offer(
        one.label, quoted_key(one.text) if not spot.quoted else f'"{one.text}"', one.kind, one.detail, one.says
    )


def quoted_key(key: str) -> str:
    """A key as TOML writes it."""
    return key if key and set(key) <= _BARE else f'"{key}"'


def _values(page: Page, spot: Spot, language: Language) -> tuple[Span, list[Offer]]:
    hint = hint_at(spot.at, page.values)
    if spot.at == AT:
        paths = [] if page.path is None else ways_to_say(page.path, root_of_rules(page.path))
        return _whole(spot, (Offer(one, one, types.CompletionItemKind.File) for one in paths))
    if means(hint, Kind):
        found = (Offer(name, name, types.CompletionItemKind.Class, title_of(one)) for name, one in kinds().items())
        return _whole(spot, found)
    if bool in parts_of(hint) and not is_cell(hint):
        return spot.span, [Offer(one, one, types.CompletionItemKind.Keyword) for one in ("true", "false")]
    if words := choices_of(hint):
        return _whole(spot, (Offer(one, one, types.CompletionItemKind.EnumMember) for one in words))
    if means(hint, Indicator):
        return _whole(spot, _indicators(page))
    if means(hint, BasisId):
        return _whole(spot, _named_in(page, "basis", "title"))
    if means(hint, RatingName):
        return _whole(spot, _ratings(page))
    if means(hint, Name, FigureName, Rows):
        return _whole(spot, _figures(page, language, hint))
    if is_cell(hint):
        return _whole(spot, _cells(page, spot))
    if means(hint, *FORMULAS) and spot.quoted:
        return _formula(page, spot, language)
    return spot.span, []


def _whole(spot: Spot, offers: Iterable[Offer]) -> tuple[Span, list[Offer]]:
    """Texts that stand alone: with quotation marks where none are written yet."""
    if spot.quoted:
        return spot.content, list(offers)
    return spot.span, [Offer(one.label, f'"{one.text}"', one.kind, one.detail, one.says) for one in offers]


def _formula(page: Page, spot: Spot, language: Language) -> tuple[Span, list[Offer]]:
    """Names and functions in a formula; in quotation marks inside it ids and choices."""
    start = spot.content.start
    said = page.walk.text[start : spot.content.end]
    before = said[: spot.cursor - start]
    for found in QUOTED.finditer(said):
        if found.start() < len(before) < found.end() or (
            len(before) == found.end() and not before.endswith(('"', "'", "”"))
        ):
            group = next(one for one in ("a", "b", "c") if found[one] is not None)
            first, last = found.span(group)
            return Span(start + first, start + last), [*_indicators(page), *_choices(page)]
    word = next((one for one in WORD.finditer(said) if one.start() < len(before) <= one.end()), None)
    span = Span(start + word.start(), start + word.end()) if word else Span(spot.cursor, spot.cursor)
    offers = list(_figures(page, language, None))
    if spot.at[0] == "indicators":
        node = tuple(one for one in spot.at if isinstance(one, str))
        offers += [
            Offer(
                one,
                one,
                types.CompletionItemKind.Variable,
                says="\n\n".join(own_word(one, _node(node, page), page.values, language)),
            )
            for one in OWN
            if "criterion" in spot.at or one == "value"
        ]
    offers += [
        Offer(name, name, types.CompletionItemKind.Function, says="\n\n".join(function_told(name, language)))
        for name in FUNCTIONS
    ]
    return span, offers


def _node(at: KeyPath, page: Page) -> KeyPath:
    while len(at) > 1 and not is_node(at):
        at = at[:-1]
    return at


def _figures(page: Page, language: Language, hint: Hint) -> Iterator[Offer]:
    for one in figures(page.values):
        table = one.table.get("type") == "table"
        if hint is not None and (table != means(hint, Rows) or one.section == "columns"):
            continue
        kind = types.CompletionItemKind.Struct if table else types.CompletionItemKind.Variable
        yield Offer(one.name, one.name, kind, one.label, "\n\n".join(one.told(language)))


def _indicators(page: Page) -> Iterator[Offer]:
    for id, _, table in indicators(page.values):
        yield Offer(id, id, types.CompletionItemKind.Class, str(table.get("name", "")), str(table.get("clause", "")))


def _named_in(page: Page, section: str, label: str) -> Iterator[Offer]:
    tables = page.values.get(section)
    for name, table in tables.items() if isinstance(tables, dict) else ():
        said = table.get(label, "") if isinstance(table, dict) else ""
        yield Offer(name, name, types.CompletionItemKind.Reference, str(said))


def _ratings(page: Page) -> Iterator[Offer]:
    scale = value_at(("ratings", "scale"), page.values)
    for one in scale if isinstance(scale, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            yield Offer(one["name"], one["name"], types.CompletionItemKind.EnumMember)


def _choices(page: Page) -> Iterator[Offer]:
    for one in figures(page.values):
        choices = one.table.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            yield Offer(str(choice), str(choice), types.CompletionItemKind.EnumMember, one.label)


def _cells(page: Page, spot: Spot) -> Iterator[Offer]:
    """The choices of the figure that a column of a table of cases is about."""
    criterion = spot.at[: spot.at.index("criterion") + 1] if "criterion" in spot.at else ()
    by, column = (
        value_at((*criterion, "by"), page.values),
        next((one for one in reversed(spot.at) if isinstance(one, int)), 0),
    )
    name = by[column] if isinstance(by, list) and column < len(by) else None
    for one in figures(page.values):
        choices = one.table.get("choices")
        if one.name == name and isinstance(choices, list):
            yield from (Offer(str(each), str(each), types.CompletionItemKind.EnumMember, one.label) for each in choices)
