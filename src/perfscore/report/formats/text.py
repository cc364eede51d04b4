"""An assessment on a terminal.

In: an assessment, a width in columns, and whether colours are welcome.
Out: a table as an office lays it out; under 100 columns its columns are grouped, so that no Chinese text breaks
into a ladder. Text from files is printed as text: no markup and no control character in it does anything.
"""

from __future__ import annotations

from collections.abc import Collection
from io import StringIO
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from perfscore.assessment import Assessment, Finding
from perfscore.report.annex import HEADING, NOTHING, Entry, deductions
from perfscore.report.outline import Line, Outline, outline
from perfscore.report.rows import Row
from perfscore.report.wrapping import columns, wrapped
from perfscore.words import Language, visible

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

SUFFIX = ".txt"
WIDE = 100
COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def render(
    assessment: Assessment,
    language: Language,
    *,
    width: int = 80,
    colour: bool = False,
    explain: bool = False,
    beside: Collection[Finding] = (),
) -> str:
    """The assessment as text, each line at most `width` columns (at least 40), with an annex of its deductions where
    `explain` says so, and without the findings that its reader is told beside it.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    told = outline(assessment, language)
    findings = zip(told.findings, assessment.findings, strict=True)
    told = evolve(told, findings=tuple(noted for noted, one in findings if one not in beside))
    into = StringIO()
    console = Console(
        file=into,
        width=max(width, 40),
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    console.print(_plain(told.title, "bold"))
    if told.subject:
        console.print(_plain(told.subject))
    console.print(_table(told, wide=width >= WIDE), highlight=False)
    if told.brackets:
        console.print(_plain(told.brackets, "dim"))
    if told.lines:
        console.print(_lines(told.lines), highlight=False)
    total = Text.assemble((f"{told.total} {told.score}", "bold"), f" / {told.weight}")
    console.print(total, highlight=False)
    for note in told.notes:
        console.print(_plain(note))
    if told.rating:
        console.print(_plain(told.rating))
    console.print(_plain(told.coverage))
    if told.findings:
        console.print()
        console.print(Text(told.heading, style="bold"), highlight=False)
        grid = Table.grid(padding=(0, 1), expand=True)
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        for one in told.findings:
            grid.add_row(_plain(f"{one.word}[{one.code}]", COLOURS[one.severity]), _plain(one.message))
        console.print(grid, highlight=False)
    if explain:
        console.print()
        console.print(Text(HEADING.into(language), style="bold"), highlight=False)
        entries = deductions(assessment, language)
        for entry in entries:
            console.print(_entry(entry), highlight=False)
        if not entries:
            console.print(_plain(NOTHING.into(language)))
    console.print()
    console.print(_plain(told.rules, "dim"))
    return "\n".join(line.rstrip() for line in into.getvalue().splitlines()) + "\n"


def _table(told: Outline, *, wide: bool) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SQUARE if wide else box.SIMPLE_HEAD, show_lines=wide, pad_edge=wide, expand=True)
    (_office if wide else _grouped)(table, told)
    return table


def _office(table: Table, told: Outline) -> None:
    """一级 / 二级 / 三级, 指标值, 评分标准, 评分过程, 分值, 得分, 扣分原因 — a branch's name stands once."""
    for level in told.levels:
        table.add_column(level, ratio=3, overflow="fold")
    for key in ("target", "clause", "process"):
        table.add_column(told.columns[key], ratio=3 if key == "target" else 6, overflow="fold")
    for key in ("weight", "points"):
        table.add_column(told.columns[key], justify="right", no_wrap=True)
    table.add_column(told.columns["because"], ratio=7, overflow="fold")
    last: tuple[str, ...] = ()
    for row in told.rows:
        names = list(row.cells(len(told.levels)))
        above = [name if row.above[: at + 1] != last[: at + 1] else "" for at, name in enumerate(row.above)]
        names[: len(above)] = above
        cells = [*(_plain(one, "bold" if row.branch else "") for one in names)]
        cells += map(_plain, (row.target, row.clause, row.process))
        because = _plain("\n".join(row.because))
        table.add_row(*cells, _figure(row.weight), _figure(row.points), because)
        last = (*row.above, row.name) if row.branch else row.above


def _grouped(table: Table, told: Outline) -> None:
    """The same row in three columns: what describes the indicator, and what it lost, stand under its name."""
    table.add_column(told.indicator, ratio=1, overflow="fold")
    for key in ("weight", "points"):
        table.add_column(told.columns[key], justify="right", no_wrap=True)
    last: tuple[str, ...] = ()
    for row in told.rows:
        if row.above != last and row.above and not row.branch:
            table.add_row(_plain(" › ".join(row.above), "bold"))
        table.add_row(_described(row, told), _figure(row.weight), _figure(row.points))
        last = (*row.above, row.name) if row.branch else row.above


def _lines(lines: tuple[Line, ...]) -> Table:
    """From the rows to the total, figure under figure."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for one in lines:
        said = "\n".join(text for text in (one.because, one.clause) if text)
        grid.add_row(_figure(one.label), _figure(one.points), _plain(said))
    return grid


def _entry(entry: Entry) -> Table:
    """One deduction: where, what, and under it what is known of it, label beside text."""
    from rich.padding import Padding
    from rich.table import Table

    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for label, text in entry.lines:
        grid.add_row(_plain(label, "dim"), _plain(text))
    whole = Table.grid(expand=True)
    whole.add_column(ratio=1, overflow="fold")
    whole.add_row(_plain(" › ".join(entry.at), "bold"))
    whole.add_row(Padding(_plain(entry.said), (0, 0, 0, 2)))
    whole.add_row(Padding(grid, (0, 0, 0, 4)))
    return whole


def _described(row: Row, told: Outline) -> Table:
    from rich.padding import Padding
    from rich.table import Table

    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    said = {"target": row.target, "clause": row.clause, "process": row.process, "because": "\n".join(row.because)}
    for key, text in said.items():
        if text:
            grid.add_row(_plain(told.columns[key], "dim"), _plain(text, "" if key == "because" else "dim"))
    whole = Table.grid(expand=True)
    whole.add_column(ratio=1, overflow="fold")
    if row.branch:
        whole.add_row(_plain(" › ".join((*row.above, row.name)), "bold"))
    else:
        whole.add_row(_plain(f"{'  ' if row.above else ''}{row.name}"))
    if grid.row_count:
        whole.add_row(Padding(grid, (0, 0, 0, 4)))
    return whole


@frozen
class _Prose:
    """Text that breaks where Chinese typesetting would, in whatever width the table leaves for it."""

    text: str
    style: str = ""

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        longest = max(columns(line) for line in self.text.split("\n"))
        return Measurement(min(longest, 8), longest)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text

        for line in wrapped(self.text, options.max_width):
            yield Text(line, style=self.style, no_wrap=True, overflow="ignore")


def _figure(text: str) -> Text:
    """A cell that its column aligns."""
    from rich.text import Text

    return Text(visible(text))


def _plain(text: str, style: str = "") -> _Prose:
    return _Prose(visible(text), style)
