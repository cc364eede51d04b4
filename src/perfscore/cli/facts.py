"""`perfscore facts` — an empty facts file to fill in.

In: a rule file. Out: TOML with every figure and every answer that the rules need, labels and units as comments.
"""

from __future__ import annotations

from pathlib import Path

import click

from perfscore.cli.doors import USAGE, in_language, into_file, put, rulebook_at, rules_argument, spoken
from perfscore.cli.speech import say
from perfscore.report.blank import blank_facts


@click.command(help=say("写出一份待填的数据文件。", "Write an empty facts file to fill in."))
@rules_argument
@into_file
@in_language
def command(rules: Path, output: Path | None, lang: str | None) -> None:
    if output is not None and output.exists():  # it may be filled in by now
        click.echo(say(f"{output} 已经存在，没有动它", f"{output} exists already and was left alone"), err=True)
        raise SystemExit(USAGE)
    rulebook = rulebook_at(rules, lang)
    put(blank_facts(rulebook, spoken(lang, rulebook)), output)
