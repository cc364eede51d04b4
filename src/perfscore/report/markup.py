"""Elements of HTML and SVG, escaped as they are made.

In: the name of an element, what stands inside it, its attributes. Out: `Markup`.
A plain text never becomes markup: whoever wants markup makes it with `element`. No text is made here.
"""

from __future__ import annotations

from html import escape

from perfscore.words import visible

_EMPTY = frozenset({"meta", "col", "br", "rect", "line", "path"})
_WITHIN_A_LINE = frozenset({"span", "strong", "br", "tspan", "a"})


class Markup(str):
    """Text that is markup already, and is not escaped again."""

    __slots__ = ()


def element(name: str, /, *inside: str, **attributes: str) -> Markup:
    """An element with its attributes in the order given; `_` in their names is written `-`, one at the end is left out.

    >>> element("p", "2 < 3", class_="note")
    '<p class="note">2 &lt; 3</p>\\n'
    """
    written = "".join(f' {_attribute(key)}="{escape(visible(value))}"' for key, value in attributes.items())
    after = "" if name in _WITHIN_A_LINE else "\n"
    if name in _EMPTY:
        return Markup(f"<{name}{written}/>{after}")
    return Markup(f"<{name}{written}>{joined(*inside)}</{name}>{after}")


def joined(*parts: str) -> Markup:
    """Parts one after the other; those that are no markup yet are escaped, and their lines stay lines."""
    return Markup("".join(part if isinstance(part, Markup) else _escaped(part) for part in parts))


def _escaped(text: str) -> str:
    return escape(visible(text), quote=False).replace("\n", "<br/>")


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
