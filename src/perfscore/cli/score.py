"""`perfscore score` — the assessment of one subject.

In: a rule file and a facts file. Out: the table with its reasons, the score and the findings; exit 1 where a
finding is an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from perfscore.analysis.partial import assess_partial
from perfscore.assessing import assess
from perfscore.cli.doors import (
    FINDINGS,
    apart,
    cohort_at,
    colourful,
    in_language,
    into_file,
    layout_at,
    put,
    rulebook_at,
    rules_argument,
    show,
    spoken,
    width,
)
from perfscore.cli.speech import language_of_process, say
from perfscore.diagnostic import Diagnostic
from perfscore.facts import Facts
from perfscore.factsfile import open_facts
from perfscore.report import formats, render, suffixes, takes
from perfscore.report.layoutfile import layouts
from perfscore.report.possible import possible
from perfscore.rulebook import Rulebook
from perfscore.words import Language, counted


@click.command(
    help=say(
        "按规则给一个评价对象评分，说明每一分扣在哪里。",
        "Score one subject by a rule file, and explain every lost point.",
    )
)
@rules_argument
@click.argument("facts", metavar="FACTS", type=click.Path(path_type=Path))
@click.option(
    "--format",
    type=click.Choice(formats()),
    help=say("输出格式；不写时看 -o 文件的后缀，没有后缀是 text", "the format; else by how FILE of -o ends, else text"),
)
@click.option(
    "--explain",
    is_flag=True,
    help=say(
        "附上每一处扣分的说明：条文、算式、数据，怎样挽回",
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
@click.option(
    "--layout",
    metavar="NAME|PATH",
    help=say(
        f"表样：{'、'.join(layouts())}，或自己写的 TOML 文件",
        f"the form of the table: {', '.join(layouts())}, or a TOML file of your own",
    ),
)
@click.option("--whole", is_flag=True, help=say("整份报告，不只是评分表", "the whole report, not the table alone"))
@click.option(
    "--signatures",
    is_flag=True,
    help=say("加签字、盖章和联系电话的位置", "with places for signatures, seals and telephone numbers"),
)
@into_file
@in_language
def command(
    rules: Path,
    facts: Path,
    format: str | None,
    explain: bool,
    partial: bool,
    cohort: Path | None,
    layout: str | None,
    whole: bool,
    signatures: bool,
    output: Path | None,
    lang: str | None,
) -> None:
    format = format or _format_of(output)
    apart((output,), (rules, facts, cohort, None if layout is None else Path(layout)))
    rulebook = rulebook_at(rules, lang)
    language = spoken(lang, rulebook)
    opened = open_facts(facts)
    show(opened.diagnostics, opened.source, language)
    if opened.facts is None:
        raise SystemExit(FINDINGS)
    formed = {"explain": explain, "layout": layout, "whole": whole, "signatures": signatures}
    how: dict[str, object] = {key: value for key, value in formed.items() if value}
    if partial and (beside := [*how, *([] if cohort is None else ["cohort"])]):
        raise click.UsageError(
            say(f"--partial 不能同 --{beside[0]} 一起用", f"--partial cannot be used with --{beside[0]}")
        )
    _refuse(format, how)
    if layout is not None:
        how["layout"] = layout_at(layout, language)
    if partial:
        _partial(rulebook, opened.facts, format, output, language)
        return
    everybody = None if cohort is None else cohort_at(cohort, rulebook, language)
    assessment = assess(rulebook, opened.facts, everybody)
    misfits = [one for one in assessment.findings if one.severity == "error" and one.place is not None]
    if format == "text":
        how |= {"width": width(), "colour": output is None and colourful(sys.stdout)}
        if output is None and sys.stdout.isatty() and sys.stderr.isatty():
            how["beside"] = misfits  # told below, with their lines, to the same eyes
    put(render(assessment, format, language=language, **how), output)
    if takes(format, "findings") and (untold := [one for one in assessment.findings if one.severity != "error"]):
        told = f"perfscore score {rules} {facts}"
        click.echo(
            say(
                f"另有 {len(untold)} 条需要留意的没有写进文件：{told}",
                f"{counted(len(untold), 'thing to look at is', 'things to look at are').en} not in the file: {told}",
            ),
            err=True,
        )
    show(
        [Diagnostic(one.code, one.place or (), one.message, part=one.part) for one in misfits], opened.source, language
    )
    if any(one.severity == "error" for one in assessment.findings):
        raise SystemExit(FINDINGS)


def _refuse(format: str, asked: Iterable[str]) -> None:
    """Say of what a format cannot do that it cannot."""
    for option in asked:
        if not takes(format, option):
            able = [one for one in formats() if takes(one, option)]
            raise click.UsageError(
                say(
                    f"{format} 格式没有 --{option}" + (f"，有的是 {'、'.join(able)}" if able else ""),
                    f"the format {format} has no --{option}" + (f"; {', '.join(able)} have" if able else ""),
                )
            )


def _format_of(output: Path | None) -> str:
    """The format that a file's name asks for; text where it has no suffix. Any other suffix could only be a mistake."""
    if output is None or not output.suffix:
        return "text"
    known = suffixes()
    if output.suffix.lower() not in known:
        ends = "、".join(known) if language_of_process() == "zh" else ", ".join(known)
        raise click.UsageError(
            say(
                f"从文件名 {output.name} 看不出格式：加上 --format，或用后缀 {ends}",
                f"{output.name} does not say which format: add --format, or end it in one of {ends}",
            )
        )
    return known[output.suffix.lower()]


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
