"""`perfscore check` — everything that is wrong with rule files, before anyone is scored.

In: paths of rule files or folders. Out: diagnostics with line, column and a way out; exit 1 where one is an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from perfscore.analysis.checked import checked
from perfscore.cli.doors import FINDINGS, USAGE, in_language, rule_paths, show, spoken
from perfscore.cli.speech import say
from perfscore.rulefile import Opened, open_path


@click.command(
    help=say(
        "检查规则文件：哪里错了，在第几行，该怎么写。",
        "Check rule files: what is wrong, on which line, and what to type.",
    )
)
@rule_paths
@click.option("--format", type=click.Choice(("text", "json")), default="text", help=say("输出格式", "the format"))
@in_language
def command(paths: tuple[Path, ...], format: str, lang: str | None) -> None:
    opened = [checked(open_path(path)) for path in rule_files(paths)]
    if not opened:
        click.echo(say("没有找到规则文件（*.toml）", "no rule file (*.toml) was found"), err=True)
        raise SystemExit(USAGE)
    if format == "json":
        from perfscore.report.complaint import as_json, in_order

        told = [as_json(one, each.origins) for each in opened for one in in_order(each.diagnostics, each.origins)]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for each in opened:
            show(each.diagnostics, each.origins, spoken(lang, each), err=False)
        click.echo(_summary(opened), err=sys.stdout.isatty())
    if any(each.rulebook is None for each in opened):
        raise SystemExit(FINDINGS)


def _summary(opened: list[Opened]) -> str:
    count = {
        word: sum(one.severity == word for each in opened for one in each.diagnostics)
        for word in ("error", "warning", "note")
    }
    files = len(opened)
    return say(
        f"{files} 个文件：{count['error']} 个错误，{count['warning']} 个警告，{count['note']} 个提示",
        f"{files} file(s): {count['error']} error(s), {count['warning']} warning(s), {count['note']} note(s)",
    )


def rule_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and every rule file in the folders named; facts files are never taken for rulebooks."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*.toml") if not one.name.endswith(".facts.toml"))
        else:
            yield path
