"""Read a layout: one that is shipped, by its name, or an author's own file.

In: a name, or a path to TOML. Out: a `Layout`, or diagnostics at key paths of the file.
Shipped layouts are found by their place, `layouts/NAME.toml`. A layout may start from a shipped one with `extends`: what it
says replaces what that says key by key, and `reads` entry by entry. A text in the place of `{ zh, en }` reads alike in both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import resources

from attrs import evolve, frozen

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.errors import LayoutError
from perfscore.frozen import Frozen
from perfscore.report.layout import Layout
from perfscore.rulefile.table import NOT_A_CHOICE, WRONG_TYPE, Complain, quoted, read_as
from perfscore.rulefile.toml import Document, parse, read
from perfscore.source import Source
from perfscore.words import Words, listed, nearest

DEFAULT = "seed"
NO_TABLE = Code(
    "PS142",
    "layout-without-table",
    Words(
        zh="表样的栏目拼不成一张评分表：缺指标栏或得分栏、一栏写了两次，或表头块是空的。",
        en="The columns of a layout make no scoring table: one that must be there is missing or stands twice, or a block is empty.",
    ),
)
_WORDED = frozenset(("title", "report", "above", "side", "total", "label"))
_LISTS_OF_WORDS = frozenset(("notes", "signatures", "choices"))
_ONCE = ("levels", "points")
_POINTING = ("initial", "budget", "spent", "indicator")


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
        found += _odd(layout)
    broken = any(one.severity == "error" for one in found)
    return OpenedLayout(document.source, tuple(found), None if broken else layout)


def _extended(values: Mapping[str, object], complain: Complain) -> dict[str, object]:
    """What a file says, over what the layout says that it starts from."""
    if "extends" not in values:
        return dict(values)
    name = values["extends"]
    if not isinstance(name, str) or name not in layouts():
        complain(_no_such(name, ("extends",), layouts()))
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


def _odd(layout: Layout) -> Iterator[Diagnostic]:
    """What can be read and is no form all the same."""
    shown = [one.shows for one in layout.columns]
    for needed in _ONCE:
        if needed not in shown:
            said = Words(zh="没有 {s} 这一栏", en="no column shows {s}").fill(s=needed)
            hint = Words(zh='在 columns 里加 {{ shows = "{s}" }}', en='add {{ shows = "{s}" }} to columns').fill(
                s=needed
            )
            yield Diagnostic(NO_TABLE, ("columns",), said, hint)
    if "levels" in shown[1:]:
        said = Words(zh="指标栏 levels 不在最前", en="the column levels does not come first")
        hint = Words(zh='把 {{ shows = "levels" }} 移到最前', en='put {{ shows = "levels" }} first').fill()
        yield Diagnostic(NO_TABLE, ("columns", shown.index("levels", 1)), said, hint)
    for at, one in enumerate(shown):
        if one in shown[:at] and one != "blank":
            said = Words(zh="{s} 这一栏写了两次", en="the column {s} stands twice").fill(s=one)
            hint = Words(
                zh="去掉其中一个；留空自填的栏写 blank", en="take one of them out; a column to fill in is blank"
            )
            yield Diagnostic(NO_TABLE, ("columns", at, "shows"), said, hint)
    for part, blocks in (("head", layout.head), ("foot", layout.foot)):
        for at, block in enumerate(blocks):
            if bool(block.fields) == (block.money is not None):
                said = Words(zh="一块里要么有 fields，要么有 money", en="a block has either fields or money")
                hint = Words(
                    zh='写 fields = [ {{ label = "…" }} ]，或写 [{p}.money]',
                    en='write fields = [ {{ label = "…" }} ], or [{p}.money]',
                )
                yield Diagnostic(NO_TABLE, (part, at), said, hint.fill(p=part))
    for path, name in _named(layout):
        if name not in layout.reads:
            yield _no_such(name, path, tuple(layout.reads))


def _named(layout: Layout) -> Iterator[tuple[KeyPath, str]]:
    """Every name that points into `reads`, and where it stands."""
    for part, blocks in (("head", layout.head), ("foot", layout.foot)):
        for at, block in enumerate(blocks):
            for index, one in enumerate(block.fields):
                if one.reads is not None:
                    yield (part, at, "fields", index, "reads"), one.reads
            for index, row in enumerate(block.money.rows if block.money else ()):
                for key in _POINTING:
                    if (name := getattr(row, key)) is not None:
                        yield (part, at, "money", "rows", index, key), name


def _no_such(name: object, at: KeyPath, known: tuple[str, ...]) -> Diagnostic:
    near = nearest(name, known) if isinstance(name, str) else None
    hint = (
        Words(zh='写 "{near}"', en='write "{near}"').fill(near=near)
        if near
        else Words(zh="可取：{all}", en="one of: {all}").fill(all=listed(f'"{one}"' for one in known))
        if known
        else Words(zh='先在 [reads] 里写 {n} = ["…"]', en='write {n} = ["…"] under [reads] first').fill(n=str(name))
    )
    said = Words(zh="{v} 不是可取的值", en="{v} is not one of the words").fill(v=quoted(name))
    return Diagnostic(NOT_A_CHOICE, at, said, hint)
