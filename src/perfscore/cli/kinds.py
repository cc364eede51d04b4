"""`perfscore kinds` — the kinds of criterion, or one of them with its fields and worked examples.

In: the name of a kind, or nothing. Out: its page, or a line for each.
"""

from __future__ import annotations

import click

from perfscore.cli.doors import USAGE, in_language, put, spoken
from perfscore.cli.speech import say
from perfscore.criteria import kind_named, kinds
from perfscore.errors import UnknownKindError
from perfscore.report.pages import kind_page, kind_title


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
    try:
        name = kind_named(kind).kind
    except UnknownKindError as error:
        meant = say(f"，是不是 {error.near}？", f"; did you mean {error.near}?") if error.near else ""
        click.echo(say(f"没有计分方式 {kind}{meant}", f"there is no kind {kind}{meant}"), err=True)
        raise SystemExit(USAGE) from None
    put(kind_page(name, spoken(lang)), None)
