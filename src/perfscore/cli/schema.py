"""`perfscore schema` — what an editor needs to complete and check rule files.

In: nothing. Out: the JSON Schema of the rule file, with the kinds of criterion that are installed here.
"""

from __future__ import annotations

from pathlib import Path

import click

from perfscore.cli.doors import in_language, into_file, put
from perfscore.cli.speech import say
from perfscore.rulefile.schema import schema_text


@click.command(
    help=say(
        "写出规则文件的 JSON Schema，编辑器靠它补全和检查。",
        "Write the JSON Schema of the rule file, by which editors complete and check.",
    )
)
@into_file
@in_language
def command(output: Path | None, lang: str | None) -> None:
    put(schema_text(), output)
