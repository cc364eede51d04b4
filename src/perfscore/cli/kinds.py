"""`perfscore kinds` — the kinds of criterion, or one of them with its fields and worked examples.

In: the name of a kind, or nothing. Out: its page, or a line for each.
"""

from __future__ import annotations

import click

from perfscore.cli.doors import USAGE, in_language, put, spoken
from perfscore.cli.speech import say
from perfscore.criteria import kinds
from perfscore.report.pages import kind_page, kind_title
from perfscore.words import nearest


@click.command(
    help=say(
        "列出计分方式；给出名字则显示它的说明和算例。",
        "List the kinds of criterion, or show one with its worked examples.",
    )
)
@click.argument("kind", metavar="[KIND]", required=False)
@in_language
def command(kind: str | None, lang: str | None) -> None:
    known = kinds()
    if kind is None:
        width = max(map(len, known))
        for name, cls in known.items():
            click.echo(f"{name.ljust(width)}  {kind_title(cls)}")
        return
    if kind not in known:
        near = nearest(kind, known)
        meant = say(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
        click.echo(say(f"没有计分方式 {kind}{meant}", f"there is no kind {kind}{meant}"), err=True)
        raise SystemExit(USAGE)
    put(kind_page(kind, spoken(lang)), None)
