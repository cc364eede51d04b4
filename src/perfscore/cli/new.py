"""`perfscore new` — a small rule file to start from.

In: a path that does not exist yet. Out: a rule file that passes `check` and `test` as it stands, with comments on
what to change.
"""

from __future__ import annotations

from pathlib import Path

import click

from perfscore.cli.doors import USAGE, in_language, put, spoken
from perfscore.cli.speech import say
from perfscore.report.blank import blank_rules


@click.command(help=say("写出一份可以改的规则文件。", "Write a small rule file to start from."))
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@in_language
def command(path: Path, lang: str | None) -> None:
    if path.exists():
        click.echo(say(f"{path} 已经存在，没有动它", f"{path} exists already and was left alone"), err=True)
        raise SystemExit(USAGE)
    put(blank_rules(path.stem.replace(".", "-").replace(" ", "-"), spoken(lang)), path)
    click.echo(say(f"写好了 {path}；试试：perfscore check {path}", f"wrote {path}; try: perfscore check {path}"))
