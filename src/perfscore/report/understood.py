"""How the columns of a table were understood, for a terminal.

In: the columns with what they were taken for, the first cells of each, and what is asked for and stands nowhere. Out: text
of at most 80 columns, and behind it lines of TOML to be copied, which are never broken. Whether a column is understood
rightly is for its owner to see.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from attrs import frozen

from perfscore.report.wrapping import columns, wrapped
from perfscore.words import Language, Words, visible

WIDTH = 80
HEADS = (
    Words(zh="表里的列", en="Column"),
    Words(zh="规则里的数据", en="Figure of the rules"),
    Words(zh="类型", en="Type"),
    Words(zh="头几个值", en="First values"),
)
ROOM = (20, 27, 7, 20)
TYPES = {
    "count": Words(zh="整数", en="count"),
    "number": Words(zh="数", en="number"),
    "percent": Words(zh="百分比", en="percent"),
    "money": Words(zh="金额", en="money"),
    "yes-no": Words(zh="是否", en="yes-no"),
    "choice": Words(zh="选项", en="choice"),
    "date": Words(zh="日期", en="date"),
    "text": Words(zh="文字", en="text"),
    "table": Words(zh="表", en="table"),
}
UNUSED = Words(zh="不用", en="not used")
KEPT = Words(zh="原样带到结果里", en="passed on")
MEANT = Words(zh="是不是 {near}？", en="{near}?")
LACKING = Words(zh="规则要、表里没有的：", en="Asked for by the rules, and in no column:")
ALL_THERE = Words(zh="规则要的都有了。", en="Everything that the rules ask for is there.")
NAMELESS = Words(
    zh="没有一列是评价对象的名称，结果里只有行号。",
    en="No column names the subjects: the result has the numbers of their rows only.",
)
HOW = Words(
    zh="列名对不上的，写在一个 TOML 文件里，用 --columns 给出：",
    en="Where a heading is another, say so in a TOML file for --columns:",
)
HEADING = Words(zh="表里的列名", en="the heading")
NAME = "subject.name"


@frozen
class ColumnShown:
    """One column: its heading, what it was taken for, and its first cells as text."""

    heading: str
    path: str | None
    label: str
    type: str | None
    values: tuple[str, ...]
    kept: bool = False
    note: Words | None = None
    near: str | None = None


def understood_text(shown: Sequence[ColumnShown], lacking: Sequence[tuple[str, str]], language: Language) -> str:
    """The columns as a table; `lacking` are paths and labels."""
    lines = _row([one.into(language) for one in HEADS])
    lines.append("─" * (sum(ROOM) + 2 * (len(ROOM) - 1)))
    for one in shown:
        kind = TYPES[one.type].into(language) if one.type in TYPES else ""
        values = ("、" if language == "zh" else ", ").join(one.values)
        lines += _row([one.heading, _figure(one, language), kind, values], most=3)
    lines.append("")
    if not lacking:
        lines.append(ALL_THERE.into(language))
    else:
        lines.append(LACKING.into(language))
        room = min(max(columns(visible(path)) for path, _ in lacking), WIDTH // 2)
        for path, label in lacking:
            gap = " " * (room - columns(visible(path)))
            said = f"{visible(path)}{gap}  {visible(label)}" if label != path else visible(path)
            lines += [f"  {line}" for line in wrapped(said, WIDTH - 2)]
    named = any(one.path == NAME or one.kept for one in shown)
    if not named:
        lines += wrapped(NAMELESS.into(language), WIDTH)
    if lacking or not named:
        paths = [*(path for path, _ in lacking), *([] if named else [NAME])]
        lines += [HOW.into(language), "  [columns]", *(f"  {one}" for one in _mapped(paths, shown, language))]
    return "\n".join(lines) + "\n"


def _mapped(paths: Sequence[str], shown: Sequence[ColumnShown], language: Language) -> list[str]:
    """What a file of columns says of each path: the heading that may be meant, or that one is to be filled in."""
    meant = {one.near: one.heading for one in reversed(shown) if one.near is not None and not one.kept}
    lines = []
    for path in paths:
        key = path if path.isascii() else json.dumps(path, ensure_ascii=False)
        heading = meant.get(path, HEADING.into(language))
        lines.append(f"{visible(key)} = {visible(json.dumps(heading, ensure_ascii=False))}")
    return lines


def _figure(one: ColumnShown, language: Language) -> str:
    if one.path is not None:
        return one.path if one.label in (one.path, one.heading) else f"{one.path} {one.label}"
    if one.note is not None:
        return one.note.into(language)
    told = (KEPT if one.kept else UNUSED).into(language)
    if one.near is not None and not one.kept:
        told += ("，" if language == "zh" else "; ") + MEANT.fill(near=one.near).into(language)
    return told


def _row(cells: Sequence[str], most: int = 4) -> list[str]:
    """A row of cells, each on as many lines as it needs and `most` at the most for its values."""
    broken = [wrapped(visible(cell).replace("\n", " "), room) for cell, room in zip(cells, ROOM, strict=True)]
    values = broken[-1]
    if len(values) > most:
        broken[-1] = [*values[: most - 1], "…"]
    lines = []
    for at in range(max(map(len, broken))):
        parts = [cell[at] if at < len(cell) else "" for cell in broken]
        padded = [part + " " * (room - columns(part)) for part, room in zip(parts, ROOM, strict=True)]
        lines.append("  ".join(padded).rstrip())
    return lines
