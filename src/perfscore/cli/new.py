"""`perfscore new` — a small rule file to start from.

In: a path that does not exist yet. Out: a rule file that passes `check` and `test` as it stands, with comments on
what to change; with `--schema` also the JSON Schema beside it, which the rule file names to the editor.
"""

from __future__ import annotations

from pathlib import Path

import click

from perfscore.cli.doors import USAGE, in_language, put, spoken
from perfscore.cli.speech import say
from perfscore.report.blank import blank_rules
from perfscore.rulefile.schema import FILE, schema_text


@click.command(help=say("写出一份可以改的规则文件。", "Write a small rule file to start from."))
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option(
    "--schema",
    "with_schema",
    is_flag=True,
    help=say("旁边再写一份 JSON Schema，供编辑器补全", "write the JSON Schema beside it, for editors"),
)
@in_language
def command(path: Path, with_schema: bool, lang: str | None) -> None:
    if path.exists():
        click.echo(say(f"{path} 已经存在，没有动它", f"{path} exists already and was left alone"), err=True)
        raise SystemExit(USAGE)
    beside = path.with_name(FILE)
    if with_schema and not beside.exists():  # one that is there may serve other rule files and is left alone
        put(schema_text(), beside)
    id = path.stem.replace(".", "-").replace(" ", "-")
    put(blank_rules(id, spoken(lang), FILE if with_schema else None), path)
    click.echo(say(f"写好了 {path}；试试：perfscore check {path}", f"wrote {path}; try: perfscore check {path}"))
