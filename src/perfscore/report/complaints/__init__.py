"""Telling what is wrong with rule files, to people and to machines: one format, one file, and nothing lists them.

In: rule files with all that is to be said of them, and the name of a format. Out: its text.
A format is a file here with a function `render(files, *, colour, width)`. What is said of one complaint is decided in
`report.complaint`.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from attrs import frozen

from perfscore.rulefile import Opened
from perfscore.source import Source
from perfscore.words import Language


@frozen
class Told:
    """A rule file of which everything was said, and the language in which it is told."""

    opened: Opened
    language: Language


def formats() -> tuple[str, ...]:
    """The name of every format."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def render(files: Sequence[Told], format: str, *, colour: bool = False, width: int | None = None) -> str:
    """All complaints about some files, in a format; colour and width matter where people read."""
    text: str = import_module(f"{__name__}.{format}").render(files, colour=colour, width=width)
    return text


def utf16(source: Source, offset: int) -> tuple[int, int]:
    """The line and the column of a character, from 1, where a column is a UTF-16 code unit: an emoji takes two."""
    line, column = source.position(offset)
    return line, len(source.line(line)[: column - 1].encode("utf-16-le", "surrogatepass")) // 2 + 1


def seen_from_here(path: str) -> str:
    """A path as seen from the folder of the process, with `/`; one outside of it stays whole."""
    whole = os.path.abspath(path)
    folder = os.path.join(os.getcwd(), "")
    return Path(whole[len(folder) :] if whole.startswith(folder) else whole).as_posix()
