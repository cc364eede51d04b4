"""`perfscore score` — the assessment of one subject.

In: a rule file and a facts file. Out: the table with its reasons, the score and the findings; exit 1 where a
finding is an error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from perfscore.analysis.partial import assess_partial
from perfscore.assessing import assess
from perfscore.cli.doors import (
    FINDINGS,
    cohort_at,
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
from perfscore.facts import Facts
from perfscore.factsfile import open_facts
from perfscore.report import formats, render
from perfscore.report.possible import possible
from perfscore.rulebook import Rulebook
from perfscore.words import Language

EXPLAINED = ("text", "markdown")


@click.command(
    help=say(
        "按规则给一个评价对象评分，说明每一分扣在哪里。",
        "Score one subject by a rule file, and explain every lost point.",
    )
)
@rules_argument
@click.argument("facts", metavar="FACTS", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(formats()), default="text", help=say("输出格式", "the format"))
@click.option(
    "--explain",
    is_flag=True,
    help=say(
        "附上每一处扣分的说明：条文、算式、数据，怎样得回",
        "add an annex: of each deduction its clause, formula and figures, and what would win it back",
    ),
)
@click.option(
    "--partial",
    is_flag=True,
    help=say(
        "数据不全时：还可能得几分，先补哪个数",
        "while facts are missing: which score is still possible, and what to ask for",
    ),
)
@click.option(
    "--cohort",
    metavar="TABLE",
    type=click.Path(path_type=Path),
    help=say(
        "一起评价的全部对象：CSV 表（一行一个），或放数据文件的文件夹",
        "everybody who is assessed together: a CSV table, one a row, or a folder of facts files",
    ),
)
@into_file
@in_language
def command(
    rules: Path,
    facts: Path,
    format: str,
    explain: bool,
    partial: bool,
    cohort: Path | None,
    output: Path | None,
    lang: str | None,
) -> None:
    rulebook = rulebook_at(rules, lang)
    language = spoken(lang, rulebook)
    opened = open_facts(facts)
    show(opened.diagnostics, opened.source, language)
    if opened.facts is None:
        raise SystemExit(FINDINGS)
    if explain and (partial or format not in EXPLAINED):
        raise click.UsageError(
            say(
                "--explain 用于 text 和 markdown 格式，不同 --partial 一起用；json 里本来就有",
                "--explain is for text and markdown, without --partial; json says it all anyway",
            )
        )
    if partial and cohort is not None:
        raise click.UsageError(say("--partial 不能同 --cohort 一起用", "--partial cannot be used with --cohort"))
    if partial:
        _partial(rulebook, opened.facts, format, output, language)
        return
    everybody = None if cohort is None else cohort_at(cohort, rulebook, language)
    assessment = assess(rulebook, opened.facts, everybody)
    how: dict[str, object] = {"explain": True} if explain else {}
    if format == "text":
        how |= {"width": width(), "colour": output is None and colourful(sys.stdout)}
    put(render(assessment, format, language=language, **how), output)
    misfits = [one for one in assessment.findings if one.severity == "error" and one.place is not None]
    show(
        [Diagnostic(one.code, one.place or (), one.message, part=one.part) for one in misfits], opened.source, language
    )
    if any(one.severity == "error" for one in assessment.findings):
        raise SystemExit(FINDINGS)


def _partial(rulebook: Rulebook, facts: Facts, format: str, output: Path | None, language: Language) -> None:
    """The score that is still possible, as text or JSON."""
    if format not in ("text", "json"):
        raise click.UsageError(say("--partial 只有 text 和 json 格式", "--partial is written as text or json"))
    still = assess_partial(rulebook, facts)
    if format == "json":
        put(json.dumps(still.to_dict(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        put(possible(still, rulebook, language), output)
    if still.blocked:
        raise SystemExit(FINDINGS)
