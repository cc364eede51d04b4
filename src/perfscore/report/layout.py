"""表样 — how an office wants its document: which columns, under which heads, between which blocks of a form.

In: nothing; this is vocabulary, filled from TOML by `layoutfile` and read by `composing`.
Out: a `Layout`. Words stand in both languages; no fact, no points and no format are known here.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

from perfscore.frozen import Frozen
from perfscore.words import Words

Shows: TypeAlias = Literal[
    "levels",
    "target",
    "relation",
    "figure",
    "unit",
    "observed",
    "clause",
    "process",
    "weight",
    "points",
    "rate",
    "because",
    "blank",
]
"""What stands in a column. `levels` are as many columns as the tree is deep; `relation`, `figure` and `unit` are the target
in three parts (≥ | 95 | %); `rate` is the share of the weight that was kept; `blank` is for people to fill in.
"""
FieldShows: TypeAlias = Literal["subject", "period", "full_marks", "score", "rating", "goals", "achieved", "losses"]
"""What of an assessment stands in a field of the form."""
MoneyShows: TypeAlias = Literal["initial", "budget", "spent", "weight", "rate", "points"]
"""What stands in a column of the money: 年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分."""
ChapterShows: TypeAlias = Literal[
    "subject",
    "money",
    "goals",
    "scope",
    "basis",
    "score",
    "achieved",
    "losses",
    "pictures",
    "to_fill",
    "table",
    "annex",
]
"""What a chapter of the whole report tells."""


@frozen
class Column:
    """One column of the table; what it does not say itself is said by what it shows."""

    shows: Shows
    head: Words | None = None
    width: int | None = None


@frozen
class Field:
    """A label with something beside it: what the assessment knows, what `reads` finds among the facts, or, of one that
    `signs`, a place to sign. `choices` are boxes, of which the one that was read is ticked; `limit` is the longest text, in characters.
    """

    label: Words
    shows: FieldShows | None = None
    reads: str | None = None
    choices: tuple[Words, ...] = ()
    signs: bool = False
    limit: int | None = None


@frozen
class MoneyColumn:
    """A column of the money."""

    shows: MoneyShows
    head: Words | None = None


@frozen
class MoneyRow:
    """A row of the money. Each key names an entry of `reads`; `indicator` is the leaf that scores how much was spent."""

    label: Words
    initial: str | None = None
    budget: str | None = None
    spent: str | None = None
    indicator: str | None = None


@frozen
class Money:
    """项目资金 — a table of amounts, all in one unit."""

    columns: tuple[MoneyColumn, ...]
    rows: tuple[MoneyRow, ...]
    unit: str = "万元"


@frozen
class Block:
    """A part of a form, before the table or after it: fields in one row, or money. `stacked` fields stand under their labels."""

    label: Words | None = None
    fields: tuple[Field, ...] = ()
    stacked: bool = False
    money: Money | None = None


@frozen
class Chapter:
    """A chapter of the whole report."""

    head: Words
    level: int = 2
    shows: tuple[ChapterShows, ...] = ()


@frozen
class Layout:
    """A document's form. `{period}` and `{subject}` in a title are filled in: `title` is that of the table, `report` that of
    the whole report with its `chapters`. `above` stands over the table (附件1).

    `side` is a label along the left of the whole table, `total` what its last row is called, `subtotals` how many levels of
    branches are summed. `limit` is the longest reason that the table prints, in characters: a longer one stands in full in
    a table behind it. `pictures` are drawings of the result behind the form. `reads` says under which names facts are
    found, by the names that fields have for them.
    """

    columns: tuple[Column, ...]
    title: Words | None = None
    above: Words | None = None
    head: tuple[Block, ...] = ()
    side: Words | None = None
    total: Words | None = None
    subtotals: int = 0
    weights_in_names: bool = False
    limit: int = 100
    foot: tuple[Block, ...] = ()
    notes: tuple[Words, ...] = ()
    signatures: tuple[Words, ...] = ()
    pictures: bool = True
    report: Words | None = None
    chapters: tuple[Chapter, ...] = ()
    reads: Frozen[str, tuple[str, ...]] = field(factory=Frozen)
