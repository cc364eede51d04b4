"""`perfscore new` — a small rule file to start from.

In: a path that does not exist yet. Out: a rule file that passes `check` and `test` as it stands, with comments on
what to change.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perfscore.cli.doors import LANG, USAGE, put, spoken
from perfscore.cli.speech import say
from perfscore.report.blank import blank_rules


def command(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help=say("新规则文件的路径", "where to write it, as in roads.toml"))
    ],
    lang: Annotated[str | None, LANG] = None,
) -> None:
    if path.exists():
        typer.echo(say(f"{path} 已经存在，没有动它", f"{path} exists already and was left alone"), err=True)
        raise typer.Exit(USAGE)
    put(blank_rules(path.stem.replace(".", "-").replace(" ", "-"), spoken(lang)), path)
    typer.echo(say(f"写好了 {path}；试试：perfscore check {path}", f"wrote {path}; try: perfscore check {path}"))


command.__doc__ = say("写出一份可以改的规则文件。", "Write a small rule file to start from.")
