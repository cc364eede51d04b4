"""`perfscore test` — the worked examples of rule files, how much of the rules they cover, and which others there should be.

In: paths of rule files or folders; beside `2023.toml`, `2023.examples.csv` holds examples too. Out: what every example
promised and gave, with the explanation where they differ; the cases that no example takes, each with figures that would;
exit 1 where an example does not hold, or where less is covered than was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import click
from attrs import frozen

from perfscore.analysis.coverage import Coverage, coverage
from perfscore.analysis.mending import mended
from perfscore.cli.check import rule_files
from perfscore.cli.doors import FINDINGS, USAGE, in_language, into_file, put, rule_paths, show, spoken
from perfscore.cli.speech import say
from perfscore.examples import Ran, run_examples
from perfscore.examplesheet import Sheet, run_sheet, sheet_path
from perfscore.quantity import OversizedNumberError, number_from_text, spelled
from perfscore.report.worked import coverage_data, covered, examples_toml, ran_data, why_not
from perfscore.rulefile import Opened, open_path
from perfscore.source import Origins, Source
from perfscore.words import Language, counted


@frozen
class Tested:
    """A rule file whose examples were run: those in it, and those beside it."""

    opened: Opened
    own: tuple[Ran, ...]
    sheet: Sheet | None
    coverage: Coverage | None

    @property
    def ran(self) -> tuple[Ran, ...]:
        """All of them."""
        return (*self.own, *(() if self.sheet is None else self.sheet.ran))

    @property
    def unread(self) -> bool:
        """Whether the file, or the table beside it, has errors."""
        return self.opened.rulebook is None or (self.sheet is not None and bool(self.sheet.diagnostics))

    @property
    def failed(self) -> int:
        """How many do not hold."""
        return sum(1 for one in self.ran if one.diagnostics)

    def below(self, least: Fraction | None) -> bool:
        """Whether less is covered than so many per cent."""
        return least is not None and self.coverage is not None and self.coverage.share * 100 < least


def _percent(context: click.Context, option: click.Parameter, text: str | None) -> Fraction | None:
    """A number of 0 to 100, kept exact."""
    try:
        number = None if text is None else number_from_text(text)
    except (ValueError, OversizedNumberError):
        number = Fraction(-1)
    if number is not None and not 0 <= number <= 100:
        raise click.BadParameter(say("要一个 0 到 100 的数", "expected a number of 0 to 100"), context, option)
    return number


@click.command(
    help=say(
        "运行规则文件里的算例（和旁边的 .examples.csv），看规则的每种情形有没有算例。",
        "Run the worked examples of rule files (and of the .examples.csv beside them), and see which cases none takes.",
    )
)
@rule_paths
@click.option("--format", type=click.Choice(("text", "json")), default="text", help=say("输出格式", "the format"))
@click.option(
    "--fail-under",
    metavar="PERCENT",
    callback=_percent,
    help=say(
        "有文件的覆盖率低于这个百分数，就以 1 退出", "exit with 1 where a file's coverage is below so many per cent"
    ),
)
@click.option(
    "--suggest",
    is_flag=True,
    help=say("写出边界上的算例，由人核对后放进规则文件", "write examples at every edge, for a person to confirm"),
)
@into_file
@in_language
def command(
    paths: tuple[Path, ...],
    format: str,
    fail_under: Fraction | None,
    suggest: bool,
    output: Path | None,
    lang: str | None,
) -> None:
    files = list(rule_files(paths))
    if not files:
        click.echo(say("没有找到规则文件（*.toml）", "no rule file (*.toml) was found"), err=True)
        raise SystemExit(USAGE)
    if suggest:
        _suggest(files, output, lang)
        return
    if output is not None:
        click.echo(say("-o 只和 --suggest 一起用", "-o goes with --suggest only"), err=True)
        raise SystemExit(USAGE)
    tested = [_tested(path, searching=True) for path in files]
    if format == "json":
        click.echo(json.dumps(_data(tested), ensure_ascii=False, indent=2))
    else:
        for one in tested:
            _tell(one, spoken(lang, one.opened), named=len(tested) > 1)
        click.echo(_summary(tested, fail_under))
    if any(one.unread or one.failed or one.below(fail_under) for one in tested):
        raise SystemExit(FINDINGS)


def _tested(path: Path, *, searching: bool) -> Tested:
    opened = open_path(path)
    if opened.rulebook is None:
        return Tested(opened, (), None, None)
    own = run_examples(opened.rulebook)
    beside = sheet_path(path)
    sheet = run_sheet(beside, opened.rulebook) if beside.is_file() else None
    ran = (*own, *(() if sheet is None else sheet.ran))
    return Tested(opened, own, sheet, coverage(opened.rulebook, ran, search=searching))


def _tell(one: Tested, language: Language, *, named: bool) -> None:
    if one.opened.rulebook is None:
        show(one.opened.diagnostics, one.opened.origins, language, severities=("error",), err=False)
        return
    beside = () if one.sheet is None else one.sheet.ran
    show(list(mended(one.opened.rulebook, one.own, beside)), one.opened.origins, language, err=False)
    _told(one.own, one.opened.origins, language)
    if one.sheet is not None:
        show(one.sheet.diagnostics, one.sheet.source, language, err=False)
        _told(one.sheet.ran, one.sheet.source, language)
    if one.coverage is not None:
        if named:
            click.echo(one.opened.source.path)
        click.echo("\n".join(covered(one.coverage, language)))


def _told(ran: Iterable[Ran], where: Source | Origins, language: Language) -> None:
    for one in ran:
        if one.diagnostics:
            show(one.diagnostics, where, language, err=False)
            lines = why_not(one, language)
            click.echo("\n".join([*lines, ""] if lines else []), nl=bool(lines))


def _summary(tested: list[Tested], least: Fraction | None) -> str:
    every = [one for each in tested for one in each.ran]
    failed = sum(one.failed for one in tested)
    passed, unread = len(every) - failed, sum(one.unread for one in tested)
    said = say(f"算例：{passed} 个通过，{failed} 个不符", f"worked examples: {passed} passed, {failed} failed")
    if unread:
        said += say(f"；{unread} 个文件有错误，没有运行", f"; {counted(unread, 'file').en} with errors, not run")
    below = sum(one.below(least) for one in tested)
    if below and least is not None:
        wanted = spelled(least)
        said += say(
            f"；{below} 个文件的覆盖率低于 {wanted}%",
            f"; the coverage of {counted(below, 'file').en} is below {wanted}%",
        )
    return said


def _data(tested: list[Tested]) -> dict[str, object]:
    """Everything as plain data."""
    from perfscore.report.complaint import as_json

    files: list[dict[str, object]] = []
    for one in tested:
        where = one.opened.origins
        told = [] if one.opened.rulebook is not None else [as_json(each, where) for each in one.opened.diagnostics]
        examples = [ran_data(each, where) for each in one.own]
        if one.sheet is not None:
            told += [as_json(each, one.sheet.source) for each in one.sheet.diagnostics]
            examples += [ran_data(each, one.sheet.source) for each in one.sheet.ran]
        known = None if one.coverage is None else coverage_data(one.coverage, where)
        path = one.opened.source.path
        files.append({"path": path, "diagnostics": told, "examples": examples, "coverage": known})
    failed = sum(one.failed for one in tested)
    return {"format": 1, "passed": sum(len(one.ran) for one in tested) - failed, "failed": failed, "files": files}


def _suggest(files: list[Path], output: Path | None, lang: str | None) -> None:
    """Examples at the edges, of one rule file."""
    from perfscore.analysis.boundaries import suggestions

    if len(files) > 1:
        click.echo(say("--suggest 一次只写一个规则文件的", "--suggest takes one rule file at a time"), err=True)
        raise SystemExit(USAGE)
    if output is not None and output.exists():  # a person may have confirmed what is in it
        click.echo(say(f"{output} 已经存在，没有动它", f"{output} exists already and was left alone"), err=True)
        raise SystemExit(USAGE)
    [path] = files
    one = _tested(path, searching=False)
    language = spoken(lang, one.opened)
    if one.opened.rulebook is None:
        show(one.opened.diagnostics, one.opened.origins, language, severities=("error",))
        raise SystemExit(FINDINGS)
    put(examples_toml(suggestions(one.opened.rulebook, one.ran), language), output)
