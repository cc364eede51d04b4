"""The command line: one command, one file, and nothing lists them.

In: arguments. Out: text on standard output, and an exit code: 0 fine, 1 findings of severity error, 2 usage or a
file that cannot be opened. A user's mistake never ends in a traceback. A command is a file here with a function
`command(...)`; only the one that is called is imported.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from perfscore.cli.speech import say
from perfscore.version import VERSION

_ROOMS = frozenset(("speech", "doors"))


class _Commands(TyperGroup):
    """The files of this package as commands, each imported when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(
            found.name.removesuffix("_") for found in pkgutil.iter_modules(__path__) if found.name not in _ROOMS
        )

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        names = [found.name for found in pkgutil.iter_modules(__path__)]
        module = cmd_name if cmd_name in names else f"{cmd_name}_"
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(name=cmd_name)(import_module(f"{__name__}.{module}").command)
        return get_command(app)


def _app() -> Any:
    app = typer.Typer(
        cls=_Commands,
        help=say(
            "perfscore：用规则文件评分，每一分扣在哪里都说得清。",
            "perfscore: scoring tables as rule files, with every lost point explained.",
        ),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(invoke_without_command=True)
    def top(
        version: bool = typer.Option(False, "--version", help=say("显示版本", "show the version")),
        lang: str = typer.Option(None, "--lang", metavar="zh|en", help=say("界面语言", "the language to speak")),
    ) -> None:
        if version:
            typer.echo(f"perfscore {VERSION}")
            raise typer.Exit

    return get_command(app)


def main(arguments: list[str] | None = None) -> None:
    """The door for `perfscore` and `python -m perfscore`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _app()(arguments, prog_name="perfscore")
    except BrokenPipeError:  # the reader of a pipe left; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"perfscore: {where}{_why(error)}", err=True)
        sys.exit(2)


def _why(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return say("没有这个文件", "there is no such file")
        case IsADirectoryError():
            return say("这是一个目录，不是文件", "this is a directory, not a file")
        case PermissionError():
            return say("没有权限打开", "permission to open it is missing")
        case _:
            return error.strerror or str(error)
