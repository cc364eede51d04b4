"""`perfscore test` — the worked examples of rule files.

In: paths of rule files or folders. Out: what every example promised and gave; exit 1 where they differ.
"""

from __future__ import annotations

from pathlib import Path

import click

from perfscore.analysis.mending import mended
from perfscore.cli.check import rule_files
from perfscore.cli.doors import FINDINGS, USAGE, in_language, rule_paths, show, spoken
from perfscore.cli.speech import say
from perfscore.examples import run_examples
from perfscore.rulefile import open_path


@click.command(help=say("运行规则文件里的算例。", "Run the worked examples of rule files."))
@rule_paths
@in_language
def command(paths: tuple[Path, ...], lang: str | None) -> None:
    passed = failed = unread = 0
    files = list(rule_files(paths))
    if not files:
        click.echo(say("没有找到规则文件（*.toml）", "no rule file (*.toml) was found"), err=True)
        raise SystemExit(USAGE)
    for path in files:
        opened = open_path(path)
        language = spoken(lang, opened)
        if opened.rulebook is None:
            show(opened.diagnostics, opened.origins, language, severities=("error",), err=False)
            unread += 1
            continue
        every = run_examples(opened.rulebook)
        show(list(mended(opened.rulebook, every)), opened.origins, language, err=False)
        for ran in every:
            if not ran.diagnostics:
                passed += 1
                continue
            failed += 1
            show(ran.diagnostics, opened.origins, language, err=False)
            for deduction in ran.assessment.deductions:
                click.echo(f"    {deduction.indicator} −{deduction.points:f} {deduction.because.into(language)}")
            if ran.assessment.deductions:
                click.echo("")
    said = say(f"算例：{passed} 个通过，{failed} 个不符", f"worked examples: {passed} passed, {failed} failed")
    if unread:
        said += say(f"；{unread} 个文件有错误，没有运行", f"; {unread} file(s) with errors, not run")
    click.echo(said)
    if failed or unread:
        raise SystemExit(FINDINGS)
