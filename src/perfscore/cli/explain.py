"""`perfscore explain` — what a diagnostic code means.

In: a code such as PS201, or the name of one. Out: what it is about.
"""

from __future__ import annotations

from typing import Annotated

import typer

from perfscore.cli.doors import LANG, USAGE, put, spoken
from perfscore.cli.speech import say
from perfscore.report.pages import all_codes, code_page
from perfscore.words import nearest


def command(
    code: Annotated[str, typer.Argument(metavar="CODE", help=say("诊断代码，如 PS201", "a code, as in PS201"))],
    lang: Annotated[str | None, LANG] = None,
) -> None:
    known = {one.number: one for one in all_codes()}
    wanted = known.get(code.upper()) or next((one for one in known.values() if one.name == code.lower()), None)
    if wanted is None:
        near = nearest(code.upper(), known)
        meant = say(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
        typer.echo(say(f"没有代码 {code}{meant}", f"there is no code {code}{meant}"), err=True)
        raise typer.Exit(USAGE)
    put(code_page(wanted, spoken(lang)), None)


command.__doc__ = say("解释一个诊断代码。", "Explain a diagnostic code.")
