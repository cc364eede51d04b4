"""`perfscore check` — everything that is wrong with rule files, before anyone is scored.

In: paths of rule files or folders. Out: diagnostics with line, column and a way out; exit 1 where one is an error.
With `--fix`, what can be mended safely is mended first: a file is written whole or not at all.
"""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from perfscore.analysis.checked import checked
from perfscore.cli.doors import FINDINGS, USAGE, colourful, in_language, put, rule_paths, spoken, width_of
from perfscore.cli.speech import say
from perfscore.report.complaints import Told, formats, render
from perfscore.rulefile import Opened, open_path
from perfscore.words import counted, visible


@click.command(
    help=say(
        "检查规则文件：哪里错了，在第几行，该怎么写。",
        "Check rule files: what is wrong, on which line, and what to type.",
    )
)
@rule_paths
@click.option("--format", type=click.Choice(formats()), default="text", help=say("输出格式", "the format"))
@click.option("--fix", is_flag=True, help=say("改正有把握的，写回文件", "mend what is certain, in the files"))
@click.option("--unsafe-fixes", is_flag=True, help=say("连同只是建议的一起改", "mend what is only offered, too"))
@click.option(
    "--diff", is_flag=True, help=say("只显示会怎样改，不写文件", "show what would be mended, and write nothing")
)
@in_language
def command(paths: tuple[Path, ...], format: str, fix: bool, unsafe_fixes: bool, diff: bool, lang: str | None) -> None:
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError(
            say("--unsafe-fixes 要同 --fix 或 --diff 一起用", "--unsafe-fixes goes with --fix or --diff")
        )
    files = list(rule_files(paths))
    if not files:
        click.echo(say("没有找到规则文件（*.toml）", "no rule file (*.toml) was found"), err=True)
        raise SystemExit(USAGE)
    if fix or diff:
        _mend(files, lang, unsafe=unsafe_fixes, write=not diff)
    opened = [checked(open_path(path)) for path in files]
    if not diff:
        told = [Told(each, spoken(lang, each)) for each in opened]
        text = render(told, format, colour=colourful(sys.stdout), width=width_of(sys.stdout))
        click.echo(text, nl=False, color=True)
        if format == "text":
            click.echo(_summary(opened), err=sys.stdout.isatty())
    if any(each.rulebook is None for each in opened):
        raise SystemExit(FINDINGS)


def _mend(files: Sequence[Path], lang: str | None, *, unsafe: bool, write: bool) -> None:
    """Every file with its fixes made, written back or shown; what was done is said on standard error."""
    from perfscore.analysis.fixing import mended

    count = 0
    for path in files:
        before = open_path(path)
        after = mended(before, unsafe=unsafe)
        if not after.done:
            continue
        count += 1
        if write:
            _write(path, before.source.text, after.text)
        else:
            click.echo("".join(_difference(before.source.path, before.source.text, after.text)), nl=False)
        language = spoken(lang, before)
        for one in after.done:
            said = f"{one.diagnostic.code.number} {one.fix.says.into(language)}"
            click.echo(visible(f"{before.source.path}:{one.line}:{one.column}: {said}"), err=True)
    if write:
        click.echo(say(f"改了 {count} 个文件", f"{counted(count, 'file').en} mended"), err=True)
    else:
        click.echo(say(f"会改 {count} 个文件", f"{counted(count, 'file').en} would be mended"), err=True)


def _write(path: Path, before: str, after: str) -> None:
    """The new text in the place of the old, with the byte order mark that it had; not where somebody wrote meanwhile."""
    data = path.read_bytes()
    mark = "\ufeff" if data.startswith(BOM_UTF8) else ""
    if data != (mark + before).encode():
        click.echo(
            say(f"{path}：文件刚被别人改过，没有写", f"{path}: it was changed meanwhile, and is not written"), err=True
        )
        raise SystemExit(USAGE)
    put(mark + after, path.resolve())


def _difference(path: str, before: str, after: str) -> Iterator[str]:
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), path, path)
    for line in lines:  # a pipe gets the characters of the file
        yield visible(line.rstrip("\r\n")) + "\n" if sys.stdout.isatty() else line.rstrip("\n") + "\n"


def _summary(opened: list[Opened]) -> str:
    count = {
        word: sum(one.severity == word for each in opened for one in each.diagnostics)
        for word in ("error", "warning", "note")
    }
    files, ignored = len(opened), sum(len(each.ignored) for each in opened)
    told = ", ".join(counted(many, word).en for word, many in count.items())
    return say(
        f"{files} 个文件：{count['error']} 个错误，{count['warning']} 个警告，{count['note']} 个提示",
        f"{counted(files, 'file').en}: {told}",
    ) + (say(f"；忽略 {ignored} 个", f"; {ignored} ignored") if ignored else "")


def rule_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and every rule file in the folders named; facts files are never taken for rulebooks."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*.toml") if not one.name.endswith(".facts.toml"))
        else:
            yield path
