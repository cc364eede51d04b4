"""Which language the command line speaks, and how it says things.

In: the arguments and the environment of the process. Out: `zh` or `en`, decided once; texts in it.
Help is built when a command's module is imported, so the language is known before any of them is.
"""

from __future__ import annotations

import os
import sys
from functools import cache

from perfscore.words import LANGUAGES, Language, Words


@cache
def language_of_process() -> Language:
    """`--lang zh|en` where it is given, else the locale's, else English."""
    asked = asked_language(sys.argv[1:])
    if asked is not None:
        return asked
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def asked_language(arguments: list[str]) -> Language | None:
    """The language that `--lang` names among raw arguments."""
    for at, argument in enumerate(arguments):
        word = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and at + 1 < len(arguments):
            word = arguments[at + 1]
        for known in LANGUAGES:
            if word == known:
                return known
    return None


def say(zh: str, en: str) -> str:
    """A text of the command line, in the language of the process."""
    return Words(zh=zh, en=en).into(language_of_process())
