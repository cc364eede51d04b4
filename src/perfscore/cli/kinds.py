"""`perfscore kinds` — the kinds of criterion, or one of them with its fields and worked examples.

In: the name of a kind, or nothing. Out: its page, or a line for each.
"""

from __future__ import annotations

from typing import Annotated

import typer

from perfscore.cli.doors import LANG, USAGE, put, spoken
from perfscore.cli.speech import say
from perfscore.criteria import kinds
from perfscore.report.pages import kind_page, kind_title
from perfscore.words import nearest


def command(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help=say("计分方式的名字", "the name of a kind"))
    ] = None,
    lang: Annotated[str | None, LANG] = None,
) -> None:
    known = kinds()
    if kind is None:
        width = max(map(len, known))
        for name, cls in known.items():
            typer.echo(f"{name.ljust(width)}  {kind_title(cls)}")
        return
    if kind not in known:
        near = nearest(kind, known)
        meant = say(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
        typer.echo(say(f"没有计分方式 {kind}{meant}", f"there is no kind {kind}{meant}"), err=True)
        raise typer.Exit(USAGE)
    put(kind_page(kind, spoken(lang)), None)


command.__doc__ = say(
    "列出计分方式；给出名字则显示它的说明和算例。", "List the kinds of criterion, or show one with its worked examples."
)
