"""`perfscore facts` — an empty facts file to fill in.

In: a rule file. Out: TOML with every figure and every answer that the rules need, labels and units as comments.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perfscore.cli.doors import LANG, put, rulebook_at, spoken
from perfscore.cli.speech import say
from perfscore.report.blank import blank_facts


def command(
    rules: Annotated[Path, typer.Argument(metavar="RULES", help=say("规则文件", "the rule file"))],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=say("写到这个文件", "write to this file"))
    ] = None,
    lang: Annotated[str | None, LANG] = None,
) -> None:
    rulebook = rulebook_at(rules, lang)
    put(blank_facts(rulebook, spoken(lang, rulebook)), output)


command.__doc__ = say("写出一份待填的数据文件。", "Write an empty facts file to fill in.")
