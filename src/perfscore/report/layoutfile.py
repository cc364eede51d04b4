"""Read a layout: one that is shipped, by its name, or an author's own file.

In: a name, or a path to TOML. Out: a `Layout`.
Shipped layouts are found by their place, `layouts/NAME.toml`.
"""

from __future__ import annotations

from importlib import resources

from perfscore.report.layout import Layout
from perfscore.rulefile.table import read_as
from perfscore.rulefile.toml import parse

DEFAULT = "seed"


def layouts() -> tuple[str, ...]:
    """The name of every layout that is shipped."""
    folder = resources.files("perfscore.report").joinpath("layouts")
    return tuple(sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml")))


def shipped(name: str) -> Layout:
    """A layout that is shipped; raises `ValueError` with the names there are."""
    if name not in layouts():
        raise ValueError(f"there is no layout {name!r}; there are {', '.join(layouts())}")
    text = resources.files("perfscore.report").joinpath("layouts", f"{name}.toml").read_text(encoding="utf-8")
    found: list[object] = []
    layout = read_as(Layout, parse(text, name).values, (), found.append)
    assert layout is not None, found
    return layout
