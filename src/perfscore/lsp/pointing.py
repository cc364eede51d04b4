"""What is pointed at: the thing that the word under the cursor names.

In: a page, and the spot of the cursor. Out: `Named`: a figure, an indicator, a document or another file, and the
characters that name it. What it is found by is the type that its place has (`keys`), never how it looks.
"""

from __future__ import annotations

import os
from typing import Literal, TypeAlias

from attrs import frozen

from perfscore.criterion import Amount, Condition, Points, Rows
from perfscore.criterion import Named as FigureName
from perfscore.diagnostic import KeyPath
from perfscore.formula.functions import FUNCTIONS
from perfscore.lsp.figures import OWN, QUOTED, WORD, figure_named
from perfscore.lsp.keys import BasisId, Indicator, Kind, Name, hint_at, means, means_key
from perfscore.lsp.page import Page
from perfscore.lsp.walk import Spot
from perfscore.rulefile.parents import AT, RefusedError, parent_of, root_of_rules
from perfscore.source import Span

Sort: TypeAlias = Literal["figure", "own", "function", "indicator", "basis", "kind", "file"]
FORMULAS = (Amount, Condition, Points)


@frozen
class Named:
    """Something that is named at some characters; `at` is where it is declared, if that is a place in a rule file."""

    sort: Sort
    name: str
    span: Span
    at: KeyPath = ()


def named_at(page: Page, spot: Spot) -> Named | None:
    """What the word under the cursor names, if it names something."""
    hint = hint_at(spot.at, page.values)
    said = page.walk.text[spot.content.start : spot.content.end]
    if spot.role == "key":
        outer = hint_at(spot.inside, page.values)
        if means_key(outer, Indicator):
            return _indicator(said, spot, page)
        return _figure(said, spot.content, page) if means_key(outer, Name) else None
    if spot.role != "value":
        return None
    if means(hint, Kind):
        return Named("kind", said, spot.content)
    if spot.at == AT:
        path = parent_path(page, said)
        return None if path is None else Named("file", path, spot.content)
    if means(hint, Indicator):
        return _indicator(said, spot, page)
    if means(hint, BasisId):
        return Named("basis", said, spot.content, ("basis", said))
    if means(hint, Name, FigureName, Rows):
        return _figure(said, spot.content, page)
    return _in_formula(said, spot, page) if spot.quoted and means(hint, *FORMULAS) else None


def parent_path(page: Page, said: str) -> str | None:
    """The path of the file that `extends` names."""
    if page.path is None:
        return None
    try:
        return os.path.abspath(parent_of(said, page.path, root_of_rules(page.path)))
    except RefusedError:
        return None


def _in_formula(said: str, spot: Spot, page: Page) -> Named | None:
    start = spot.content.start
    for found in QUOTED.finditer(said):
        group = next(one for one in ("a", "b", "c") if found[one] is not None)
        if found.start() <= spot.cursor - start <= found.end():
            first, last = found.span(group)
            return _indicator(found[group], spot, page, Span(start + first, start + last))
    for found in WORD.finditer(said):
        if found.start() <= spot.cursor - start <= found.end():
            span = Span(start + found.start(), start + found.end())
            word = found.group()
            if word in OWN and figure_named(word, page.values) is None:
                return Named("own", word, span)
            if word in FUNCTIONS and said[found.end() :].lstrip().startswith(("(", "（")):
                return Named("function", word, span)
            return _figure(word, span, page)
    return None


def _figure(name: str, span: Span, page: Page) -> Named | None:
    found = figure_named(name, page.values)
    return None if found is None else Named("figure", found.name, span, found.at)


def _indicator(id: str, spot: Spot, page: Page, span: Span | None = None) -> Named | None:
    at: KeyPath = ("indicators", *id.split("."))
    return Named("indicator", id, span or spot.content, at) if page.has(at) else None
