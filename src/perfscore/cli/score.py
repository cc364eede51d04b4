"""`perfscore score` — the assessment of one subject.

In: a rule file and a facts file. Out: the table with its reasons, the score and the findings; exit 1 where a
finding is an error.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from perfscore.assessing import assess
from perfscore.cli.doors import (
    FINDINGS,
    colourful,
    in_language,
    into_file,
    put,
    rulebook_at,
    rules_argument,
    show,
    spoken,
    width,
)
from perfscore.cli.speech import say
from perfscore.diagnostic import Diagnostic
from perfscore.factsfile import open_facts
from perfscore.report import formats, render


@click.command(
    help=say(
        "按规则给一个评价对象评分，说明每一分扣在哪里。",
        "Score one subject by a rule file, and explain every lost point.",
    )
)
@rules_argument
@click.argument("facts", metavar="FACTS", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(formats()), default="text", help=say("输出格式", "the format"))
@into_file
@in_language
def command(rules: Path, facts: Path, format: str, output: Path | None, lang: str | None) -> None:
    rulebook = rulebook_at(rules, lang)
    language = spoken(lang, rulebook)
    opened = open_facts(facts)
    show(opened.diagnostics, opened.source, language)
    if opened.facts is None:
        raise SystemExit(FINDINGS)
    assessment = assess(rulebook, opened.facts)
    how = {"width": width(), "colour": output is None and colourful(sys.stdout)} if format == "text" else {}
    put(render(assessment, format, language=language, **how), output)
    misfits = [one for one in assessment.findings if one.severity == "error" and one.place is not None]
    show(
        [Diagnostic(one.code, one.place or (), one.message, part=one.part) for one in misfits], opened.source, language
    )
    if any(one.severity == "error" for one in assessment.findings):
        raise SystemExit(FINDINGS)
