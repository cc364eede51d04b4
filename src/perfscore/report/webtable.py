"""A grid as a table of a web page.

In: a `Grid`. Out: a table whose heads are told to those who cannot see it, in a region that scrolls sideways and that a
keyboard reaches; and the lines of its style sheet that say how wide its columns are. Nothing is worded here.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import takewhile

from perfscore.quantity import spelled
from perfscore.report.blocks import Cell, Grid
from perfscore.report.markup import Markup, element
from perfscore.words import Language

LANG = {"zh": "zh-CN", "en": "en"}
_EMS = Fraction(45, 100)
"""How wide a column of text is made at least, in sizes of its font."""


def table(grid: Grid, id: str, called: str, language: Language) -> Markup:
    """The table in its region, whose name is its caption; one that has none is told by what it is `called`."""
    named = {"class_": "unseen"} if not grid.caption else {}
    caption = element("caption", grid.caption or called, id=f"{id}-caption", **named)
    columns = element("colgroup", *(element("col") for _ in grid.widths))
    head = element("thead", *(_row(row, language) for row in grid.rows[: grid.head]))
    body = element("tbody", *(_row(row, language) for row in grid.rows[grid.head :]))
    whole = element("table", caption, columns, *([head] if grid.head else []), body, id=id)
    return element("div", whole, class_="scroll", role="region", aria_labelledby=f"{id}-caption", tabindex="0")


def widths(grid: Grid, id: str) -> str:
    """The lines of the style sheet: columns by their shares, and no narrower than can be read."""
    whole = sum(grid.widths)
    lines = [f"#{id} {{ min-width: {spelled(round(whole * _EMS * 10) * Fraction(1, 10))}em; }}\n"]
    for at, width in enumerate(grid.widths, start=1):
        share = spelled(Fraction(round(Fraction(1000 * width, whole)), 10))
        lines.append(f"#{id} col:nth-child({at}) {{ width: {share}%; }}\n")
    return "".join(lines)


def in_its_language(text: str, language: Language) -> dict[str, str]:
    """The attribute that tells a voice of a text in the other language: Chinese names in an English document."""
    chinese = sum("\u4e00" <= one <= "\u9fff" for one in text)
    latin = sum(one.isascii() and one.isalpha() for one in text)
    if language == "en" and chinese > latin:
        return {"lang": LANG["zh"]}
    return {}


def _row(cells: tuple[Cell, ...], language: Language) -> Markup:
    """A row; the last of the names it begins with stays in sight when the table is scrolled."""
    leading = len([*takewhile(lambda one: one.role in ("label", "branch"), cells)])
    return element("tr", *(_cell(one, at, at == leading - 1, language) for at, one in enumerate(cells)))


def _cell(cell: Cell, at: int, stays: bool, language: Language) -> Markup:
    """A cell; what names its row or its column is a head, unless nothing stands in it."""
    attributes = in_its_language(cell.text, language)
    if cell.across > 1:
        attributes["colspan"] = f"{cell.across}"
    if cell.down > 1:
        attributes["rowspan"] = f"{cell.down}"
    names_row = cell.role in ("label", "branch") or (at == 0 and cell.role in ("subtotal", "total"))
    if not cell.text:
        return element("td", class_=cell.role, **attributes)
    if cell.role == "head":
        return element("th", cell.text, scope="colgroup" if cell.across > 1 else "col", **attributes)
    if names_row:
        kind = f"{cell.role} stays" if stays and cell.role == "label" else cell.role
        return element("th", cell.text, scope="row", class_=kind, **attributes)
    return element("td", cell.text, class_=_class(cell), **attributes)


def _class(cell: Cell) -> str:
    """Figures stand right, in sums too."""
    figure = cell.number is not None or cell.role == "number"
    return f"number {cell.role}" if figure and cell.role != "number" else cell.role
