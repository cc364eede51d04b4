"""`perfscore table` — the scores of many subjects, one a row of a table.

In: a rule file and a table. Out: a table of results that is written whole or not at all, and a summary; what is wrong with
a row or a column on standard error, with its place in the file; exit 1 where a row has no score or a cell cannot be used.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from perfscore.cli.doors import (
    FINDINGS,
    USAGE,
    apart,
    in_a_folder,
    in_language,
    into_file,
    put,
    rulebook_at,
    rules_argument,
    show,
    spoken,
)
from perfscore.cli.progress import progress
from perfscore.cli.speech import say
from perfscore.cli.tableshown import columns_shown, row_shown
from perfscore.errors import brought_by
from perfscore.planning import compiled
from perfscore.report.tally import Tally
from perfscore.report.tallypage import tally_page
from perfscore.report.tallytext import tally_text
from perfscore.rulebook import Rulebook
from perfscore.tablefile import format_names, format_of, is_named, open_table, write_table
from perfscore.tablefile.landing import landing
from perfscore.tablefile.mapfile import ColumnMap, open_map
from perfscore.tablefile.rows import Asked, TableFile, TableRefusedError
from perfscore.tabling.headings import ColumnUnderstood, Understanding, label_of, understand, unknown_in
from perfscore.tabling.names import Named
from perfscore.tabling.results import PLACE, RowRefusedError, TableResults
from perfscore.words import Language, Words, counted, listed, visible

if TYPE_CHECKING:
    import pyarrow

TABLE_NEEDS = Words(zh="这种表", en="such a table needs")
MOST_TOLD = 20
"""How many rows are told of on standard error; the result has them all."""

UNREAD = Words(zh="没有用到的列：{all}", en="columns that are not used: {all}")
LACKING = Words(zh="规则要、表里没有的：{all}", en="asked for by the rules, and in no column: {all}")
ONE_COLUMN = Words(
    zh="只有一列，不是规则要的数据；一行里的单元格用逗号或制表符隔开",
    en="one column, which is no figure of the rulebook; commas or tabs stand between the cells of a row",
)
MORE = Words(zh="另有 {n} 行，见结果的 cells 列", en="and {n} more: see the column cells of the result")
SUMS = Words(
    zh="第 {all} 行像是合计，也当作一个对象评了；不是对象就从表里删去",
    en="row {all} seems to sum up others, and was scored as a subject; if it is none, take it out of the table",
)
NUMBERLESS = Words(
    zh="第 {all} 行没有一个数，也当作一个对象评了；是单位、说明的，从表里删去",
    en="row {all} has no number in it, and was scored as a subject; if it holds units or a note, take it out of the table",
)


@click.command(
    help=say(
        "按规则给一张表里的全部对象评分，一行一个；表可以是 CSV、XLSX、Parquet、JSON Lines。",
        "Score every row of a table by a rule file: CSV, XLSX, Parquet or JSON Lines, in and out.",
    )
)
@rules_argument
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@into_file
@click.option(
    "--format",
    type=click.Choice(format_names()),
    help=say("结果的格式，不写就看文件名", "the format of the result, else by its name"),
)
@click.option(
    "--columns",
    metavar="MAP",
    type=click.Path(path_type=Path),
    help=say("说明哪一列是哪个数据的 TOML 文件", "a TOML file that says which column is which figure"),
)
@click.option(
    "--encoding", metavar="NAME", help=say("CSV 等文本表的编码，不写就自动识别", "of a text table, else found out")
)
@click.option("--sheet", metavar="NAME", help=say("工作簿里的哪张表", "which sheet of a workbook"))
@click.option(
    "--headings",
    type=click.Choice(("ids", "names")),
    default="ids",
    help=say(
        "结果的列名写标识（程序用）还是名称（人看）", "what heads a result: ids, for programs, or names, for people"
    ),
)
@click.option("--dry-run", is_flag=True, help=say("只看各列认成了什么", "only show what the columns are taken for"))
@click.option(
    "--row",
    metavar="N",
    type=int,
    help=say("只看一行的评分过程和扣分原因；N 是它在表里的行号", "only show the whole assessment of row N of the file"),
)
@click.option(
    "--strict", is_flag=True, help=say("遇到读不了的单元格就停，不写结果", "stop at a cell that cannot be used")
)
@click.option(
    "--summary",
    metavar="FILE.html",
    type=click.Path(path_type=Path),
    help=say("把汇总写成一个网页", "write the summary as a page"),
)
@click.option("--no-bom", is_flag=True, help=say("CSV 开头不写 BOM", "a CSV without byte order mark"))
@in_language
def command(
    rules: Path,
    table: Path,
    output: Path | None,
    format: str | None,
    columns: Path | None,
    encoding: str | None,
    sheet: str | None,
    headings: str,
    dry_run: bool,
    row: int | None,
    strict: bool,
    summary: Path | None,
    no_bom: bool,
    lang: str | None,
) -> None:
    if row is not None and not (output is summary is None and not dry_run):
        raise click.UsageError(say("--row 只显示一行，不写文件", "--row shows a row, and writes nothing"))
    if output is None and not dry_run and row is None:
        raise click.UsageError(
            say(
                "写到哪里？加 -o 结果.xlsx（或 --dry-run、--row）",
                "where to? add -o OUT.xlsx (or --dry-run, or --row)",
            )
        )
    rulebook = rulebook_at(rules, lang)
    language = spoken(lang, rulebook)
    for one in (output, summary):
        if one is not None:
            in_a_folder(one)
    apart((output, summary), (rules, table, columns))
    with (
        brought_by("batch", "numpy", "pyarrow", "python_calamine", needs=TABLE_NEEDS),
        brought_by("office", "xlsxwriter", needs=TABLE_NEEDS),
        _refusals(table, language),
        closing(open_table(table, Asked(encoding, sheet))) as opened,
    ):
        for note in opened.notes:
            _say(f"{table}: {note.into(language)}")
        map = _map_at(columns, rulebook, opened, language)
        understanding = understand(rulebook, opened.schema, map)
        if dry_run:
            click.echo(columns_shown(rulebook, opened, understanding, language), nl=False)
            return
        _tell_columns(rulebook, table, understanding, language)
        if output is None:
            assert row is not None
            said, sound = row_shown(rulebook, opened, understanding, row, language)
            put(said, None)
            raise SystemExit(0 if sound else FINDINGS)
        results = TableResults(rulebook, opened, understanding, strict, language)
        with _stopping(), landing(output) as made:
            form = _format(output, format, language)
            named = _named(results, form, headings, language)
            tally, troubles = _run(results, named, made, form, language, bom=not no_bom)
        if summary is not None:
            put(tally_page(tally, language, compiled(rulebook).digest), summary)
    click.echo(tally_text(tally, language), nl=False)
    if troubles or tally.scored < tally.rows:
        raise SystemExit(FINDINGS)


@contextmanager
def _refusals(table: Path, language: Language) -> Iterator[None]:
    """A table that cannot be read, or in which somebody asked to stop, is told with its place."""
    from perfscore.batch import ColumnsError, PointsTooLargeError

    try:
        yield
    except TableRefusedError as refused:
        _end(table, refused.place, refused.message, language)
    except RowRefusedError as refused:
        _end(table, refused.place, refused.message, language)
    except (ColumnsError, PointsTooLargeError) as refused:
        _end(table, None, refused.message, language)


def _end(table: Path, place: int | None, message: Words, language: Language) -> NoReturn:
    where = f"{table}:{place}" if place is not None else str(table)
    _say(f"{where}: {message.into(language)}")
    raise SystemExit(FINDINGS)


def _say(line: str) -> None:
    click.echo(visible(line), err=True)


def _format(output: Path, format: str | None, language: Language) -> str:
    try:
        return format or format_of(output, writing=True)
    except TableRefusedError as refused:
        _say(f"{output}: {refused.message.into(language)}")
        raise SystemExit(USAGE) from None


def _map_at(path: Path | None, rulebook: Rulebook, table: TableFile, language: Language) -> ColumnMap:
    """What the owner says of the columns; where that cannot be it is shown and the command ends."""
    from perfscore.batch import schema_of

    if path is None:
        return ColumnMap()
    opened = open_map(path)
    results = (PLACE, *schema_of(rulebook).names)
    told = [*opened.diagnostics, *unknown_in(opened.map, rulebook, table.headings, results)]
    show(told, opened.map.source, language)
    if any(one.severity == "error" for one in told):
        raise SystemExit(FINDINGS)
    return opened.map


def _tell_columns(rulebook: Rulebook, table: Path, understanding: Understanding, language: Language) -> None:
    """Columns that nothing reads, and figures that no column holds."""
    if not any(one.path is not None and not one.path.startswith("subject.") for one in understanding.columns):
        none = Words(
            zh="没有一列是规则要的数据；加 --dry-run 看各列认成了什么",
            en="no column is a figure of the rulebook; --dry-run shows what each is taken for",
        )
        _end(table, 1, none if len(understanding.columns) > 1 else ONE_COLUMN, language)
    unread = [
        _unread(one, language) for one in understanding.columns if one.heading and one.path is None and not one.kept
    ]
    lacking = [_called(path, label_of(rulebook, path)) for path in understanding.lacking]
    for said, names in ((UNREAD, unread), (LACKING, lacking)):
        if names:
            _say(f"{table}: {said.fill(all=listed(names)).into(language)}")


def _unread(column: ColumnUnderstood, language: Language) -> str:
    """A column that nothing reads, and why it is not the figure that its heading says."""
    said = visible(column.heading)
    if column.note is None:
        return said
    return said + Words(zh="（{why}）", en=" ({why})").fill(why=column.note).into(language)


def _called(path: str, label: str) -> str:
    return path if path == label else f"{path} ({label})"


def _named(results: TableResults, format: str, headings: str, language: Language) -> Named | None:
    """The results under their names, where these are asked for; a format for programs has none."""
    if headings == "ids":
        return None
    if not is_named(format):
        raise click.UsageError(say("--headings names 只用于 CSV 和 XLSX", "--headings names is for CSV and XLSX only"))
    return Named(results, language)


def _run(
    results: TableResults, named: Named | None, into: Path, format: str, language: Language, *, bom: bool
) -> tuple[Tally, int]:
    """Every batch judged, written and counted; how many rows have a cell that cannot be used."""
    from perfscore.batch import CellError

    tally = Tally(results.rulebook)
    troubles = 0
    writer = write_table(into, format, results.schema if named is None else named.schema, language, bom=bom)
    try:
        with progress() as told:
            for batch in results.batches():
                writer.write(batch if named is None else named.batch(batch))
                tally.take(batch)
                troubles = _tell_cells(results, batch, troubles)
                told(tally.rows, results.table.done())
    except CellError as error:
        _say(
            _line(
                results.table.path, results.place_of(error.row), error.code, error.column, error.message.into(language)
            )
        )
        raise SystemExit(FINDINGS) from None
    finally:
        writer.close()
    for said, rows in ((SUMS, results.sums), (NUMBERLESS, results.numberless)):
        if rows:
            shown = [*map(str, rows[:MOST_TOLD]), *(["…"] if len(rows) > MOST_TOLD else [])]
            _say(f"{results.table.path}: {said.fill(all=listed(shown)).into(language)}")
    if troubles > MOST_TOLD:
        more = troubles - MOST_TOLD
        _say(MORE.fill(n=counted(more, "row")).into(language))
    return tally, troubles


def _tell_cells(results: TableResults, batch: pyarrow.RecordBatch, before: int) -> int:
    """The cells that cannot be used, as long as few were told; how many rows have had some by now."""
    import pyarrow.compute as compute

    cells = batch.column("cells")
    some = compute.greater(compute.list_value_length(cells), 0)
    rows = compute.indices_nonzero(some).to_pylist()
    for row in rows[: max(MOST_TOLD - before, 0)]:
        for one in cells[row].as_py():
            place = batch.column(PLACE)[row].as_py()
            _say(_line(results.table.path, place, one["code"], one["column"], one["message"]))
    return before + len(rows)


def _line(path: str, place: int, code: str, column: str | None, message: str) -> str:
    where = "" if column is None or message.startswith(column) else f"“{column}” "
    return f"{path}:{place}: [{code}] {where}{message}"


@contextmanager
def _stopping() -> Iterator[None]:
    """A process that is asked to end takes its half file away first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
