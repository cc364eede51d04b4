"""The kinds of criterion: one kind, one file, and nothing lists them.

In: the name of a kind. Out: its class.
A file here is a kind; other packages add theirs by an entry point in the group `perfscore.criteria`.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from perfscore.criterion import Criterion, Example
from perfscore.errors import UnknownKindError
from perfscore.words import nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

GROUP = "perfscore.criteria"


@cache
def kind_named(kind: str) -> type[Criterion]:
    """The class of a kind; raises `UnknownKindError` with the nearest name."""
    if kind in _shipped():
        return _class_in(import_module(f"{__name__}.{kind.replace('-', '_')}"))
    for entry in _entries():
        if entry.name == kind:
            loaded = entry.load()
            found: type[Criterion] = loaded if isinstance(loaded, type) else _class_in(loaded)
            if found.kind != kind:  # a rulebook writes the name that the class has, and reads it back
                raise UnknownKindError(f"{kind} (its entry point leads to {found.kind})", kind_names())
            return found
    raise UnknownKindError(kind, kind_names(), _called_in_chinese(kind))


def _called_in_chinese(word: str) -> str | None:
    """The kind whose page opens with a Chinese name like the word: 按次扣分 is `per-occurrence`."""
    titles = {page_of(kind_named(name)).partition(" · ")[0]: name for name in _shipped()}
    near = nearest(word, titles) if word and not word.isascii() else None
    return titles[near] if near else None


def kind_names() -> tuple[str, ...]:
    """The name of every installed kind, shipped ones first."""
    return (*_shipped(), *sorted(entry.name for entry in _entries()))


def kinds() -> dict[str, type[Criterion]]:
    """Every installed kind by its name."""
    return {kind: kind_named(kind) for kind in kind_names()}


def page_of(kind: type[Criterion]) -> str:
    """A kind's documentation: the docstring of its file."""
    return _module_of(kind).__doc__ or ""


def chinese_page_of(kind: type[Criterion]) -> str:
    """The same for those who read Chinese: `CHINESE` in its file, or nothing."""
    return str(getattr(_module_of(kind), "CHINESE", "")).strip()


def examples_of(kind: type[Criterion]) -> tuple[Example, ...]:
    """A kind's worked examples: `EXAMPLES` in its file."""
    return tuple(getattr(_module_of(kind), "EXAMPLES", ()))


@cache
def _shipped() -> tuple[str, ...]:
    return tuple(sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__)))


def _entries() -> EntryPoints:
    from importlib import metadata

    return metadata.entry_points(group=GROUP)


def _module_of(kind: type[Criterion]) -> ModuleType:
    return import_module(kind.__module__)


def _class_in(module: ModuleType) -> type[Criterion]:
    """The one kind that a file defines itself."""
    [found] = (
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Criterion) and one.__module__ == module.__name__
    )
    return found
