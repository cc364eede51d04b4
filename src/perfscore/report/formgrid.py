"""The blocks of a form before and after its table: fields, and money.

In: the blocks of a layout, the facts by the layout's names, and the widths of the table's columns. Out: a `Grid` on the same
columns. What the facts do not give is marked to be filled in. Only one figure is computed: 执行率, what was spent of a budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from perfscore.quantity import decimal, spelled
from perfscore.report.binding import Bound, amount_text, percentage
from perfscore.report.blocks import Cell, Grid, Role
from perfscore.report.gridlines import fitted
from perfscore.report.layout import Block, Field, Money, MoneyRow, MoneyShows
from perfscore.report.reasons import short
from perfscore.report.rows import figure
from perfscore.report.telling import TO_FILL, said_of
from perfscore.words import Words

MONEY_HEADS: dict[MoneyShows, Words] = {
    "initial": Words(zh="年初预算数", en="Initial budget"),
    "budget": Words(zh="全年预算数", en="Budget"),
    "spent": Words(zh="全年执行数", en="Spent"),
    "weight": Words(zh="分值", en="Weight"),
    "rate": Words(zh="执行率", en="Share spent"),
    "points": Words(zh="得分", en="Points"),
}
NONE_HERE = "—"
_LABEL = 14
"""How wide the label of a field would like to be, of a table that is about a hundred wide."""


@frozen
class _Wanted:
    """A cell, and how wide it would like to be; None takes its part of what the others leave."""

    cell: Cell
    width: int | None = None


def form_grid(blocks: Sequence[Block], bound: Bound, widths: Sequence[int], *, signatures: bool) -> Grid | None:
    """The blocks under one another; None where nothing is left of them."""
    rows = [tuple(row) for row in _rows(blocks, bound, widths, signatures)]
    return Grid(tuple(widths), tuple(rows), levels=(0,) * len(rows)) if rows else None


def widest(blocks: Sequence[Block]) -> int:
    """How many columns the blocks need at least."""
    return max((_breadth(one) for one in blocks), default=1)


def _breadth(block: Block) -> int:
    cells = 1 + len(block.money.columns) if block.money else len(block.fields) * (1 if block.stacked else 2)
    return cells + (block.label is not None)


def _rows(blocks: Sequence[Block], bound: Bound, widths: Sequence[int], signatures: bool) -> Iterator[list[Cell]]:
    """Row by row; the label of a block covers its rows in the first column."""
    for block in blocks:
        lines = list(_lines(block, bound, signatures))
        room = widths if block.label is None else widths[1:]
        for at, line in enumerate(lines):
            cells = [evolve(one.cell, across=across) for one, across in zip(line, _spans(line, room), strict=True)]
            if block.label is not None and at == 0:
                cells.insert(0, Cell(block.label.into(bound.language), "label", down=len(lines)))
            yield cells


def _lines(block: Block, bound: Bound, signatures: bool) -> Iterator[list[_Wanted]]:
    shown = [one for one in block.fields if signatures or not one.signs]
    if block.money is not None:
        yield from _money(block.money, bound)
    elif shown:
        yield from _fields(shown, bound, stacked=block.stacked)


def _spans(row: list[_Wanted], widths: Sequence[int]) -> list[int]:
    """How many columns each cell of a row covers."""
    fixed = sum(one.width or 0 for one in row)
    left = max(sum(widths) - fixed, len(row))
    parts = sum(one.width is None for one in row)
    return fitted([left // parts if one.width is None else one.width for one in row], widths)


def _fields(fields: Sequence[Field], bound: Bound, *, stacked: bool) -> Iterator[list[_Wanted]]:
    labels = [Cell(one.label.into(bound.language), "label") for one in fields]
    values = [_value(one, bound) for one in fields]
    if stacked:
        yield [_Wanted(one) for one in labels]
        yield [_Wanted(one) for one in values]
    else:
        yield [
            _Wanted(one, width)
            for label, value in zip(labels, values, strict=True)
            for one, width in ((label, _LABEL), (value, None))
        ]


def _value(field: Field, bound: Bound) -> Cell:
    if field.signs:
        return Cell("", "to-fill")
    known = bound.text(field.reads) if field.reads is not None else None
    if field.choices:
        ticked = [f"{'☑' if known in (one.zh, one.en) else '□'}{one.into(bound.language)}" for one in field.choices]
        return Cell("　".join(ticked), "text" if "☑" in "".join(ticked) else "to-fill")
    if field.shows is not None:
        known = known or said_of(field.shows, bound.assessment, bound.language)
    if known and field.limit is not None:
        known, _ = short((known,), field.limit, bound.language)
    return Cell(known) if known else Cell(TO_FILL.into(bound.language), "to-fill")


def _money(money: Money, bound: Bound) -> Iterator[list[_Wanted]]:
    heads = [Cell((one.head or MONEY_HEADS[one.shows]).into(bound.language), "head") for one in money.columns]
    yield [_Wanted(Cell("", "head"), 2), *(_Wanted(one, 1) for one in heads)]
    for row in money.rows:
        cells = [_Wanted(_amount(one.shows, row, money.unit, bound), 1) for one in money.columns]
        yield [_Wanted(Cell(row.label.into(bound.language), "label"), 2), *cells]


def _amount(shows: MoneyShows, row: MoneyRow, unit: str, bound: Bound) -> Cell:
    scored = bound.indicator(row.indicator)
    match shows:
        case "initial" | "budget" | "spent":
            name = {"initial": row.initial, "budget": row.budget, "spent": row.spent}[shows]
            return _number(bound.amount(name, unit), bound) if name is not None else Cell(NONE_HERE, "number")
        case "rate":
            if row.indicator is None:
                return Cell(NONE_HERE, "number")
            budget, spent = bound.amount(row.budget, unit), bound.amount(row.spent, unit)
            if budget is None or spent is None:
                return _number(None, bound)
            return Cell(percentage(spent, budget) if budget else NONE_HERE, "number")
        case "weight" | "points":
            if row.indicator is None:
                return Cell(NONE_HERE, "number")
            number = None if scored is None else scored.weight if shows == "weight" else scored.points
            if number is None:
                return _number(None, bound)
            text = spelled(Fraction(number)) if shows == "weight" else figure(number)
            return Cell(text, "number", number=number)


def _number(value: Fraction | None, bound: Bound) -> Cell:
    if value is None:
        return Cell(TO_FILL.into(bound.language), "to-fill")
    role: Role = "number"
    return Cell(amount_text(value), role, number=decimal(value))
