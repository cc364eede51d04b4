"""`perfscore explain` — what a diagnostic code means.

In: a code such as PS201, or the name of one. Out: what it is about, why it matters, and its
file in the gallery: with the mistake, with what is said of it, and mended.
"""

from __future__ import annotations

import click

from perfscore.analysis.codes import all_codes
from perfscore.cli.doors import USAGE, in_language, put, spoken, width
from perfscore.cli.speech import say
from perfscore.report.gallery import gallery_text
from perfscore.words import nearest


@click.command(help=say("解释一个诊断代码，如 PS201。", "Explain a diagnostic code, such as PS201."))
@click.argument("code", metavar="CODE")
@in_language
def command(code: str, lang: str | None) -> None:
    known = {one.number: one for one in all_codes()}
    wanted = known.get(code.upper()) or next((one for one in known.values() if one.name == code.lower()), None)
    if wanted is None:
        near = nearest(code.upper(), known)
        meant = say(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
        click.echo(say(f"没有代码 {code}{meant}", f"there is no code {code}{meant}"), err=True)
        raise SystemExit(USAGE)
    put(gallery_text(wanted, spoken(lang), width()), None)
