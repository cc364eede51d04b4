"""The command line: one command, one file, and nothing lists them.

In: arguments. Out: text on standard output, and an exit code: 0 fine, 1 findings of severity error, 2 usage or a
file that cannot be opened. A user's mistake never ends in a traceback. A command is a file here with a function
`command(...)`; only the one that is called is imported.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module

import click

from perfscore.cli.misuse import misuse
from perfscore.cli.speech import language_of_process, say
from perfscore.errors import MissingExtraError
from perfscore.version import VERSION
from perfscore.words import LANGUAGES

_ROOMS = frozenset(("doors", "misuse", "progress", "speech", "tableshown"))


def _command_names() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if found.name not in _ROOMS)


class _Formatter(click.HelpFormatter):
    """Help in the language of the process: click's own words are English."""

    _SAID = {  # noqa: RUF012 - a constant
        "Usage: ": say("用法：", "Usage: "),
        "Options": say("选项", "Options"),
        "Commands": say("命令", "Commands"),
        "Show this message and exit.": say("显示这段说明", "show this message"),
    }

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, self._SAID["Usage: "] if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(self._SAID.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, self._SAID.get(said, said)) for name, said in rows], col_max, col_spacing)


class _Commands(click.Group):
    """The files of this package as commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return _command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command


@click.group(
    cls=_Commands,
    name="perfscore",
    help=say(
        "perfscore：用规则文件评分，每一分扣在哪里都说得清。",
        "perfscore: scoring tables as rule files, with every lost point explained.",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(VERSION, "--version", message="perfscore %(version)s", help=say("显示版本", "show the version"))
@click.option(
    "--lang",
    metavar="zh|en",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    help=say("界面语言", "the language to speak"),
)
def app() -> None:
    """The door that all commands share; `--lang` is read before anything is imported (`speech`)."""


click.Context.formatter_class = _Formatter


def main(arguments: list[str] | None = None) -> None:
    """The door for `perfscore` and `python -m perfscore`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.exit(app.main(arguments, prog_name="perfscore", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(misuse(error, _command_names()), err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(1)
    except MissingExtraError as error:
        click.echo(error.message.into(language_of_process()), err=True)
        sys.exit(2)
    except BrokenPipeError:  # the reader of a pipe left; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"perfscore: {where}{_why(error)}", err=True)
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
