"""Is a layout that was read a form?

In: a `Layout`. Out: diagnostics at key paths of its file: columns that make no table, blocks without content, numbers that
no page has room for, names that `reads` does not have. What cannot be read at all is told in `layoutfile`.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.report.layout import Layout
from perfscore.rulefile.table import NOT_A_CHOICE, WRONG_TYPE, quoted
from perfscore.words import Words, listed, nearest

NO_TABLE = Code(
    "PS142",
    "layout-without-table",
    Words(
        zh="表样的栏目拼不成一张评分表：缺指标栏或得分栏、一栏写了两次，或表头块是空的。",
        en="The columns of a layout make no scoring table: one that must be there is missing or stands twice, or a block is empty.",
    ),
)
_ONCE = ("levels", "points")
_LIMITS = (40, 100_000)
"""What a text may be shortened to: it must hold where the whole of it stands, and a few words besides."""
_POINTING = ("initial", "budget", "spent", "indicator")


def odd_in(layout: Layout) -> Iterator[Diagnostic]:
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
    for path, number, low, high in _numbers(layout):
        if not low <= number <= high:
            said = Words(
                zh="应是 {low} 到 {high} 的整数，写的是 {n}",
                en="expected a whole number from {low} to {high}, found {n}",
            )
            hint = Words(zh="改成这个范围里的数", en="write a number in that range")
            yield Diagnostic(WRONG_TYPE, path, said.fill(low=str(low), high=str(high), n=str(number)), hint)
    for path, name in _named(layout):
        if name not in layout.reads:
            yield no_such(name, path, tuple(layout.reads))


def _numbers(layout: Layout) -> Iterator[tuple[KeyPath, int, int, int]]:
    """Every number that is written, where it stands, and between which it must lie."""
    yield ("limit",), layout.limit, *_LIMITS
    yield ("subtotals",), layout.subtotals, 0, 9
    for at, column in enumerate(layout.columns):
        if column.width is not None:
            yield ("columns", at, "width"), column.width, 1, 200
    for at, chapter in enumerate(layout.chapters):
        yield ("chapters", at, "level"), chapter.level, 2, 6
    for part, blocks in (("head", layout.head), ("foot", layout.foot)):
        for at, block in enumerate(blocks):
            for index, one in enumerate(block.fields):
                if one.limit is not None:
                    yield (part, at, "fields", index, "limit"), one.limit, *_LIMITS


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


def no_such(name: object, at: KeyPath, known: tuple[str, ...]) -> Diagnostic:
    """The complaint about a name that is none of those there are, with the nearest."""
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
