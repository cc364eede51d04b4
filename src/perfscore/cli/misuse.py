"""What is said to a call that cannot be understood.

In: an error of the argument parser. Out: one line in the language of the process, with the nearest word that there is.
"""

from __future__ import annotations

import click

from perfscore.cli.speech import say
from perfscore.words import nearest, visible


def misuse(error: click.ClickException, commands: list[str]) -> str:
    """What was wrong with a call, and how to find out more."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "perfscore"
    return f"perfscore: {_what(error, commands)}\n{say(f'看看 {path} --help', f'see {path} --help')}"


def _what(error: click.ClickException, commands: list[str]) -> str:
    match error:
        case click.NoSuchOption(option_name=option):
            return say(f"没有选项 {option}", f"there is no option {option}")
        case click.BadOptionUsage(option_name=option):
            return say(f"选项 {option} 要带一个值", f"the option {option} needs a value")
        case click.MissingParameter(param=param):
            name = _named(param, error.ctx)
            return say(f"缺少 {name}", f"{name} is missing")
        case click.BadParameter(param=param):
            name = param.opts[0] if param is not None else "?"
            choices = getattr(getattr(param, "type", None), "choices", ())
            known = say(f"，有 {'、'.join(choices)}", f"; there are {', '.join(choices)}") if choices else ""
            return say(f"{name} 的值不能用{known}", f"the value of {name} cannot be used{known}")
        case _:
            word = _quoted(error.message)
            near = nearest(word, commands) if word else None
            meant = say(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
            if word and word not in commands:
                return say(f"没有命令 {visible(word)}{meant}", f"there is no command {visible(word)}{meant}")
            if error.message.startswith("Got unexpected extra"):
                return say("命令后面多了词", "there are too many words after the command")
            return error.message  # what a command says itself, in the language of the process


def _named(param: click.Parameter | None, context: click.Context | None) -> str:
    """An option as it is typed, an argument as the help calls it."""
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.make_metavar(context) if param is not None and context is not None else "?"


def _quoted(message: str) -> str:
    """The word that the parser quotes at the end of what it says about an unknown command."""
    return message.partition("command ")[2].strip("'\". ") if "No such command" in message else ""
