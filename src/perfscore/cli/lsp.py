"""`perfscore lsp` — what an editor starts to check rule files while they are written.

In: the messages of an editor on standard input. Out: answers on standard output; exit 0 where the editor said good-bye.
"""

from __future__ import annotations

import click

from perfscore.cli.doors import USAGE
from perfscore.cli.speech import language_of_process, say


@click.command(
    help=say(
        "给编辑器用：边写边检查规则文件，解释、补全、跳转（标准输入输出上的 LSP）。",
        "For editors: check rule files while they are written, explain, complete, go to definitions (LSP over stdio).",
    )
)
@click.option(
    "--stdio",
    is_flag=True,
    help=say("一些编辑器会加上；本来就是这样", "said by some editors; it is what is done anyway"),
)
def command(stdio: bool) -> None:
    try:
        from perfscore.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol", "cattrs"):
            raise
        needed = say("编辑器支持要另外安装：pip install 'perfscore[lsp]'", "editors need pip install 'perfscore[lsp]'")
        click.echo(needed, err=True)
        raise SystemExit(USAGE) from None
    raise SystemExit(serve(language_of_process()))
