"""What all pictures are drawn with: a sheet, words on it, bars.

In: places and lengths as exact numbers, and plain texts. Out: SVG, in which the same numbers give the same bytes.
What is lost is hatched and what was won is filled, so that nobody needs to tell colours apart. No style sheet, no script, no
reference to anything outside the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from perfscore.quantity import spelled
from perfscore.report.markup import Markup, element, joined
from perfscore.report.wrapping import columns

WIDTH = 760
MARGIN = 10
FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif"
INK, MUTED, RULE = "#1a1a1a", "#595959", "#d5d5d5"
WON, LOST, PALE = "#1c6b84", "#a3261b", "#fbe6e3"
_LATIN_COLUMN = Fraction(14, 25)
"""How wide a column of Latin text is, in sizes of its font; of a Chinese character it is half a size."""


def sheet(id: str, title: str, says: str, height: Fraction | int, shapes: Iterable[str]) -> Markup:
    """A picture with its name and its description."""
    return element(
        "svg",
        Markup("\n"),
        element("title", title, id=f"{id}-title"),
        element("desc", says, id=f"{id}-desc"),
        element("defs", _hatch(id)),
        element(
            "rect",
            x=f"-{MARGIN}",
            y=f"-{MARGIN}",
            width=f"{WIDTH + 2 * MARGIN}",
            height=place(height + 2 * MARGIN),
            fill="#ffffff",
        ),
        *shapes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"-{MARGIN} -{MARGIN} {WIDTH + 2 * MARGIN} {place(height + 2 * MARGIN)}",
        role="img",
        aria_labelledby=f"{id}-title",
        font_family=FONT,
        font_size="14",
        fill=INK,
    )


def _hatch(id: str) -> Markup:
    lines = element("path", d="M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", stroke=LOST, stroke_width="1.6")
    ground = element("rect", width="8", height="8", fill=PALE)
    return element("pattern", ground, lines, id=f"{id}-hatch", width="8", height="8", patternUnits="userSpaceOnUse")


def place(at: Fraction | int) -> str:
    """A length in the units of the sheet, to a tenth.

    >>> place(Fraction(100, 3))
    '33.3'
    """
    return spelled(Fraction(round(Fraction(at) * 10), 10))


def words(
    text: str,
    x: Fraction | int,
    y: Fraction | int,
    *,
    room: int | None = None,
    size: int = 14,
    bold: bool = False,
    fill: str = INK,
    anchor: str = "start",
) -> Markup:
    """A line of text that begins, or with the anchor `end` ends, at `x`; what has no room ends in …"""
    style = {"font_weight": "bold"} if bold else {}
    fitting = text if room is None else clipped(text, room, size)
    plain = " ".join(fitting.split())
    return element("text", plain, x=place(x), y=place(y), font_size=f"{size}", fill=fill, text_anchor=anchor, **style)


def clipped(text: str, room: int, size: int) -> str:
    """As much of a text as has room on a line.

    >>> clipped("维护社会和谐稳定", 70, 14), clipped("合计", 70, 14)
    ('维护社会…', '合计')
    """
    plain = " ".join(text.split())
    if _wide(plain) * size <= room:
        return plain
    used, kept = _wide("…"), ""
    for one in plain:
        used += _wide(one)
        if used * size > room:
            break
        kept += one
    return f"{kept.rstrip()}…"


def _wide(text: str) -> Fraction:
    """The width of a text, in sizes of its font."""
    each = map(columns, text)
    return sum((Fraction(1) if one == 2 else one * _LATIN_COLUMN for one in each), Fraction(0))


def won(x: Fraction | int, y: Fraction | int, width: Fraction | int, height: int) -> Markup:
    """A filled bar."""
    return element("rect", x=place(x), y=place(y), width=place(width), height=f"{height}", fill=WON)


def lost(id: str, x: Fraction | int, y: Fraction | int, width: Fraction | int, height: int) -> Markup:
    """A hatched bar."""
    return element(
        "rect",
        x=place(x),
        y=place(y),
        width=place(width),
        height=f"{height}",
        fill=f"url(#{id}-hatch)",
        stroke=LOST,
    )


def empty(x: Fraction | int, y: Fraction | int, width: Fraction | int, height: int) -> Markup:
    """A dashed outline: what was not judged."""
    return element(
        "rect",
        x=place(x),
        y=place(y),
        width=place(width),
        height=f"{height}",
        fill="none",
        stroke=MUTED,
        stroke_dasharray="3 3",
    )


def upright(x: Fraction | int, top: Fraction | int, bottom: Fraction | int, *, fine: bool = True) -> Markup:
    """A line from top to bottom."""
    colour = RULE if fine else MUTED
    return element("line", x1=place(x), x2=place(x), y1=place(top), y2=place(bottom), stroke=colour)


def ticks(low: Fraction, high: Fraction) -> tuple[Fraction, ...]:
    """Round numbers from at or below `low` to at or above `high`, four to eleven of them.

    >>> [spelled(one) for one in ticks(Fraction("95.2"), Fraction(100))]
    ['95', '96', '97', '98', '99', '100']
    """
    step = Fraction(1, 1000)
    for wider in _steps():
        step = wider
        if (high - low) / step <= 6:
            break
    first, last = low // step, -(-high // step)
    return tuple(step * at for at in range(first, max(last, first + 1) + 1))


def _steps() -> Iterable[Fraction]:
    size = Fraction(1, 1000)
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def signed(points: Decimal) -> str:
    """A change with its sign, a minus as wide as a plus."""
    return f"{'−' if points < 0 else '+'}{abs(points):f}"


def legend(id: str, y: int, filled: str, hatched: str, dashed: str = "") -> Markup:
    """What the bars mean."""
    parts: list[Markup] = []
    x = 0
    for shape, text in ((won, filled), (None, hatched), (empty, dashed)):
        if text:
            bar = lost(id, x + 1, y - 11, 22, 12) if shape is None else shape(x + 1, y - 11, 22, 12)
            parts += [bar, words(text, x + 30, y, size=13, fill=MUTED)]
            x += 50 + int(_wide(text) * 13)
    return joined(*parts)
