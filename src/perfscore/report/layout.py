"""表样 — how an office wants its document: which columns, in which order, under which heads.

In: nothing; this is vocabulary, filled from TOML by `layoutfile` and read by `composing`.
Out: a `Layout`. Words stand in both languages; no fact, no points and no format are known here.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from perfscore.words import Words

Shows: TypeAlias = Literal[
    "levels", "target", "observed", "clause", "process", "weight", "points", "rate", "because", "blank"
]
"""What stands in a column of the table; `levels` are as many columns as the tree is deep, `blank` is for people to fill."""


@frozen
class Column:
    """One column; what it does not say itself is said by what it shows."""

    shows: Shows
    head: Words | None = None
    width: int | None = None


@frozen
class Layout:
    """A document's form. `total` is what the last row is called, `subtotals` how many levels of branches are summed."""

    columns: tuple[Column, ...]
    total: Words | None = None
    subtotals: int = 0
    limit: int = 100
    """The longest reason that the table prints, in characters; a longer one stands in full in a table behind it."""
