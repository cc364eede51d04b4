"""`perfscore verify` — is a published result what its rules make of its facts?

In: the JSON that `score --format json` wrote, and the rule file and the facts file it is said to come from. Out: every
figure that is not what is recomputed, digests first; exit 1 where there is one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from perfscore.analysis.verifying import verify
from perfscore.cli.doors import FINDINGS, cohort_at, in_language, rulebook_at, show, spoken
from perfscore.cli.speech import say
from perfscore.diagnostic import Diagnostic
from perfscore.factsfile import open_facts
from perfscore.report.complaint import as_json
from perfscore.rulefile.json import read_json
from perfscore.rulefile.text import read_text
from perfscore.words import Words, counted

NO_SCORE = Words(zh="没有得分", en="no score")
VERIFIED = Words(zh="复算无误：{reached}，每一个数都一样", en="verified: {reached}, and every figure is as recomputed")


@click.command(
    help=say(
        "按规则和数据复算一份评分结果（JSON），列出每一个不一样的数。",
        "Recompute a result (JSON) from its rules and facts, and name every figure that differs.",
    )
)
@click.argument("result", metavar="RESULT", type=click.Path(path_type=Path))
@click.option(
    "--rules",
    metavar="RULES",
    required=True,
    type=click.Path(path_type=Path),
    help=say("评分时的规则文件", "the rule file it was scored by"),
)
@click.option(
    "--facts",
    metavar="FACTS",
    required=True,
    type=click.Path(path_type=Path),
    help=say("评分时的数据文件", "the facts file it was scored from"),
)
@click.option(
    "--cohort",
    metavar="TABLE",
    type=click.Path(path_type=Path),
    help=say("当时一起评价的全部对象", "everybody who was assessed together"),
)
@click.option("--format", type=click.Choice(("text", "json")), default="text", help=say("输出格式", "the format"))
@in_language
def command(result: Path, rules: Path, facts: Path, cohort: Path | None, format: str, lang: str | None) -> None:
    rulebook = rulebook_at(rules, lang)
    language = spoken(lang, rulebook)
    opened = open_facts(facts)
    show(opened.diagnostics, opened.source, language)
    if opened.facts is None:
        raise SystemExit(FINDINGS)
    everybody = None if cohort is None else cohort_at(cohort, rulebook, language)
    document = read_json(read_text(result))
    told = list(document.diagnostics)
    if document.values is not None:
        told += verify(document.values, rulebook, opened.facts, everybody)
    if format == "json":
        click.echo(json.dumps([as_json(one, document.source) for one in told], ensure_ascii=False, indent=2))
    else:
        show(told, document.source, language, err=False)
        click.echo(_summary(told, document.values or {}).into(language))
    if any(one.severity == "error" for one in told):
        raise SystemExit(FINDINGS)


def _summary(told: Sequence[Diagnostic], result: dict[str, object]) -> Words:
    wrong = sum(one.severity == "error" for one in told)
    if wrong:
        return Words(zh="复算不符：{n} 处", en="not verified: {n}").fill(n=counted(wrong, "finding"))
    score = result.get("score")
    reached = NO_SCORE if score is None else Words(zh=f"得分 {score}", en=f"score {score}")
    return VERIFIED.fill(reached=reached)
