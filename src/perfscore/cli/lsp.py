"""`perfscore lsp` — what an editor starts to check rule files while they are written.

In: the messages of an editor on standard input. Out: answers on standard output; exit 0 where the editor said good-bye.
"""

from __future__ import annotations

import click

from perfscore.cli.speech import language_of_process, say
from perfscore.errors import brought_by
from perfscore.words import Words

EDITORS_NEED = Words(zh="编辑器支持", en="editors need")


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
    with brought_by("lsp", "pygls", "lsprotocol", "cattrs", needs=EDITORS_NEED):
        from perfscore.lsp.server import serve
    raise SystemExit(serve(language_of_process()))
