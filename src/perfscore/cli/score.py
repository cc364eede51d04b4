"""`perfscore score` — the assessment of one subject.

In: a rule file and a facts file. Out: the table with its reasons, the score and the findings; exit 1 where a
finding is an error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from perfscore.assessing import assess
from perfscore.cli.doors import FINDINGS, LANG, USAGE, colourful, put, rulebook_at, show, spoken, width
from perfscore.cli.speech import say
from perfscore.diagnostic import Diagnostic
from perfscore.factsfile import open_facts
from perfscore.report import formats, render


def command(
    rules: Annotated[Path, typer.Argument(metavar="RULES", help=say("规则文件", "the rule file"))],
    facts: Annotated[Path, typer.Argument(metavar="FACTS", help=say("数据文件", "the facts file"))],
    format: Annotated[
        str, typer.Option("--format", metavar="|".join(formats()), help=say("输出格式", "the format"))
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=say("写到这个文件", "write to this file"))
    ] = None,
    lang: Annotated[str | None, LANG] = None,
) -> None:
    if format not in formats():
        known = ", ".join(formats())
        typer.echo(say(f"没有格式 {format}，有 {known}", f"there is no format {format}; there are {known}"), err=True)
        raise typer.Exit(USAGE)
    rulebook = rulebook_at(rules, lang)
    language = spoken(lang, rulebook)
    opened = open_facts(facts)
    show(opened.diagnostics, opened.source, language)
    if opened.facts is None:
        raise typer.Exit(FINDINGS)
    assessment = assess(rulebook, opened.facts)
    how = {"width": width(), "colour": output is None and colourful(sys.stdout)} if format == "text" else {}
    put(render(assessment, format, language=language, **how), output)
    misfits = [one for one in assessment.findings if one.severity == "error" and one.place is not None]
    show([Diagnostic(one.code, one.place or (), one.message) for one in misfits], opened.source, language)
    if any(one.severity == "error" for one in assessment.findings):
        raise typer.Exit(FINDINGS)


command.__doc__ = say(
    "按规则给一个评价对象评分，说明每一分扣在哪里。", "Score one subject by a rule file, and explain every lost point."
)
