"""`perfscore show` — a rulebook as people read it.

In: a rule file. Out: the tree with its weights, targets, clauses, and each criterion in words; of a file that extends
another, where each value was written.
"""

from __future__ import annotations

from pathlib import Path

import click

from perfscore.cli.doors import in_language, put, rules_argument, sound, spoken
from perfscore.cli.speech import say
from perfscore.report.provenance import Provenance
from perfscore.report.reading import reading


@click.command(help=say("把规则文件显示成人读的样子。", "Show a rule file as people read it."))
@rules_argument
@in_language
def command(rules: Path, lang: str | None) -> None:
    opened = sound(rules, lang)
    language = spoken(lang, opened)
    whence = Provenance(opened.values, opened.origins, language) if opened.extends else None
    put(reading(opened.required(), language, whence), None)
