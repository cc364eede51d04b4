"""Read a layout: one that is shipped, by its name, or an author's own file.

In: a name, or a path to TOML. Out: a `Layout`, or diagnostics at key paths of the file.
Shipped layouts are found by their place, `layouts/NAME.toml`. A layout may start from a shipped one with `extends`: what it
says replaces what that says key by key, and `reads` entry by entry. A text in the place of `{ zh, en }` reads alike in both.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import resources

from attrs import evolve, frozen

from perfscore.diagnostic import Diagnostic
from perfscore.errors import LayoutError
from perfscore.frozen import Frozen
from perfscore.report.layout import Layout
from perfscore.report.layoutchecks import no_such, odd_in
from perfscore.rulefile.table import WRONG_TYPE, Complain, quoted, read_as
from perfscore.rulefile.toml import Document, parse, read
from perfscore.source import Source
from perfscore.words import Words

DEFAULT = "seed"
_WORDED = frozenset(("title", "report", "above", "side", "total", "label"))
_LISTS_OF_WORDS = frozenset(("notes", "signatures", "choices"))


@frozen
class _Names:
    names: tuple[str, ...]


@frozen
class OpenedLayout:
    """A layout that was opened: what it says, and what is wrong with it."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]
    layout: Layout | None

    def required(self) -> Layout:
        """The layout, or `LayoutError` with everything that is wrong."""
        if self.layout is None:
            raise LayoutError(self.source.path, self.diagnostics)
        return self.layout


def layouts() -> tuple[str, ...]:
    """The name of every layout that is shipped."""
    return tuple(sorted(one.name.removesuffix(".toml") for one in _folder().iterdir() if one.name.endswith(".toml")))


def shipped(name: str) -> Layout:
    """A layout that is shipped; raises `ValueError` with the names there are."""
    if name not in layouts():
        raise ValueError(f"there is no layout {name!r}; there are {', '.join(layouts())}")
    return _opened(_shipped(name)).required()


def layout_named(name: str | os.PathLike[str]) -> Layout:
    """The shipped layout of a name, else that in the file at a path; raises `LayoutError` with all that is wrong with it."""
    if isinstance(name, str) and name in layouts():
        return shipped(name)
    return open_layout(name).required()


def open_layout(path: str | os.PathLike[str]) -> OpenedLayout:
    """The layout in an author's file; raises only `OSError`."""
    return _opened(read(path))


def layout_from_text(text: str, path: str = "<text>") -> OpenedLayout:
    """A layout from TOML text."""
    return _opened(parse(text, path))


def _folder() -> resources.abc.Traversable:
    return resources.files("perfscore.report").joinpath("layouts")


def _shipped(name: str) -> Document:
    return parse(_folder().joinpath(f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml")


def _opened(document: Document) -> OpenedLayout:
    if document.values is None:
        return OpenedLayout(document.source, document.diagnostics, None)
    found = list(document.diagnostics)
    values = _extended(document.values, found.append)
    reads = _reads(values.get("reads", {}), found.append)
    layout = read_as(Layout, _in_both(values), (), found.append, skip=frozenset(("reads", "extends")))
    if layout is not None:
        layout = evolve(layout, reads=reads)
        found += odd_in(layout)
    found = [evolve(one, fix=None) for one in found]  # nothing mends a layout but its author
    broken = any(one.severity == "error" for one in found)
    return OpenedLayout(document.source, tuple(found), None if broken else layout)


def _extended(values: Mapping[str, object], complain: Complain) -> dict[str, object]:
    """What a file says, over what the layout says that it starts from."""
    if "extends" not in values:
        return dict(values)
    name = values["extends"]
    if not isinstance(name, str) or name not in layouts():
        complain(no_such(name, ("extends",), layouts()))
        return dict(values)
    under = _extended(_shipped(name).values or {}, complain)
    over = {key: value for key, value in values.items() if key != "extends"}
    mine, theirs = over.get("reads"), under.get("reads")
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        over["reads"] = {**theirs, **mine}
    return {**under, **over}


def _reads(value: object, complain: Complain) -> Frozen[str, tuple[str, ...]]:
    """Under which names facts are found: one name, or several of which the first that is there counts."""
    if not isinstance(value, Mapping):
        said = Words(zh="应是一张表，写的是 {v}", en="expected a table, found {v}").fill(v=quoted(value))
        hint = Words(zh='写 [reads]，下面写 budget = ["预算数"]', en='write [reads], and under it budget = ["预算数"]')
        complain(Diagnostic(WRONG_TYPE, ("reads",), said, hint))
        return Frozen()
    found = {}
    for key, names in value.items():
        given = {"names": [names] if isinstance(names, str) else names}
        if (known := read_as(_Names, given, ("reads", key), complain)) is not None:
            found[key] = known.names
    return Frozen(found)


def _in_both(value: object, key: str = "") -> object:
    """The values with every text that stands for words in both languages."""
    match value:
        case str() if key in _WORDED or key in _LISTS_OF_WORDS or key == "head":
            return {"zh": value, "en": value}
        case Mapping():
            return {name: _in_both(inner, name) for name, inner in value.items()}
        case list():
            return [_in_both(inner, key) for inner in value]
        case _:
            return value
