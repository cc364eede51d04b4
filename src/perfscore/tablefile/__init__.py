"""Files that hold many subjects, one a row: one format, one file, and nothing lists them.

In: the path of a table, or of what is to be written. Out: a `TableFile` whose rows come as a stream, or a `Writer`.
A format is a file in `formats` with `SUFFIXES`, those that it can only read (`READ_TOO`), whether people read its headings
(`NAMED`), a function `read(path, asked)`,
and a function `write(path, schema, language, *, bom)`. Nothing is judged here, and no format is named.
"""

from __future__ import annotations

import os
import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from perfscore.tablefile.rows import Asked, TableFile, TableRefusedError, Writer
from perfscore.words import Language, Words, listed

if TYPE_CHECKING:
    import pyarrow

NO_FORMAT = Words(
    zh="看不出是什么格式：文件名应以 {all} 结尾，或写 --format",
    en="no known format: end its name in {all}, or use --format",
)


@cache
def format_names() -> tuple[str, ...]:
    """The name of every format."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules([str(Path(__file__).parent / "formats")])))


def _room(format: str) -> ModuleType:
    return import_module(f"{__name__}.formats.{format}")


def format_of(path: str | os.PathLike[str], *, writing: bool = False) -> str:
    """The format that the name of a file says; raises `TableRefusedError` where it says none."""
    suffix = Path(path).suffix.lower()
    rooms = {name: _room(name) for name in format_names()}
    known = {one: name for name, room in rooms.items() for one in room.SUFFIXES + (() if writing else room.READ_TOO)}
    if suffix not in known:
        raise TableRefusedError(NO_FORMAT.fill(all=listed(known)))
    return known[suffix]


def is_named(format: str) -> bool:
    """Whether people read the headings of a format; others are for programs, which go by ids."""
    named: bool = _room(format).NAMED
    return named


def open_table(path: str | os.PathLike[str], asked: Asked) -> TableFile:
    """A table, with its headings read. Raises `OSError`, or `TableRefusedError` where it is no table."""
    opened: TableFile = _room(format_of(path)).read(Path(path), asked)
    return opened


def write_table(path: Path, format: str, schema: pyarrow.Schema, language: Language, *, bom: bool) -> Writer:
    """What writes a table of that schema into a file, batch after batch."""
    writer: Writer = _room(format).write(path, schema, language, bom=bom)
    return writer
