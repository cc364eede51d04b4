"""`perfscore show` — a rulebook as people read it.

In: a rule file. Out: the tree with its weights, targets, clauses, and each criterion in words.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perfscore.cli.doors import LANG, put, rulebook_at, spoken
from perfscore.cli.speech import say
from perfscore.report.reading import reading


def command(
    rules: Annotated[Path, typer.Argument(metavar="RULES", help=say("规则文件", "the rule file"))],
    lang: Annotated[str | None, LANG] = None,
) -> None:
    rulebook = rulebook_at(rules, lang)
    put(reading(rulebook, spoken(lang, rulebook)), None)


command.__doc__ = say("把规则文件显示成人读的样子。", "Show a rule file as people read it.")
