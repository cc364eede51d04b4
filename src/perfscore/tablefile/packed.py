"""Would a workbook take far more memory than its file?

In: a path. Out: nothing, or `TableRefusedError`. A workbook is a packed file, and who reads it makes room for every cell
between the first and the last: a kilobyte can ask for a hundred gigabytes, and a process that is refused them ends without
a word. So the references of its cells are read first, piece by piece. What is no packed file is left to its reader.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO
from zlib import error as InflateError  # noqa: N812 - an exception

from perfscore.tablefile.rows import TableRefusedError
from perfscore.words import Words

MOST_BYTES = 1_000_000_000
"""So much may a workbook hold when it is unpacked; a full sheet of some thirty columns is as large."""
MOST_ROOM = 60_000_000
"""So many cells may lie between the first and the last, empty or not; each takes some thirty bytes."""
PIECE = 1 << 20

_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9})(\d{1,12})["']""")
_TAIL = 64
"""No reference is longer; a piece begins with the end of the one before, where one may have been cut."""

UNPACKED = Words(
    zh="工作簿解压后有 {n} MB，超过 {most} MB，未读取；另存为 CSV 再用",
    en="unpacked the workbook has {n} MB, over {most} MB, and was not read; save it as CSV",
)
FAR = Words(
    zh="工作簿里有一格远在表外（第 {row} 行、第 {column} 列），未读取；删掉表外的格子，或另存为 CSV 再用",
    en="a cell of the workbook lies far outside its table (row {row}, column {column}), which was not read; "
    "delete what stands outside, or save it as CSV",
)


def refuse_what_swells(path: Path) -> None:
    """Raises `TableRefusedError` where a workbook would not fit in memory."""
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(one.file_size for one in packed.infolist())
            if size > MOST_BYTES:
                raise TableRefusedError(UNPACKED.fill(n=str(size // 1_000_000), most=str(MOST_BYTES // 1_000_000)))
            for one in packed.infolist():
                with packed.open(one) as part:
                    _refuse_far(part)
    except (
        zipfile.BadZipFile,
        InflateError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, TableRefusedError):
            raise
        return  # its reader says what is wrong with it


def _refuse_far(part: IO[bytes]) -> None:
    letters: set[bytes] = set()
    row = 0
    tail = b""
    while piece := part.read(PIECE):
        found = _CELL.findall(tail + piece)
        letters.update({one for one, _ in found})
        row = max(row, max((int(number) for _, number in found), default=0))
        tail = piece[-_TAIL:]
    column = max(map(_column, letters), default=0)
    if row * column > MOST_ROOM:
        raise TableRefusedError(FAR.fill(row=str(row), column=str(column)))


def _column(letters: bytes) -> int:
    """The number of a column.

    >>> _column(b"A"), _column(b"Z"), _column(b"XFD")
    (1, 26, 16384)
    """
    number = 0
    for one in letters.upper():
        number = number * 26 + one - 64
    return number
