"""In which encoding was a text table saved?

In: a file. Out: the name of the encoding, and whether it was found out or said by the file itself. The whole file is
looked at, piece by piece, since one Chinese name in the last row is enough to tell; nothing is kept of it.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from perfscore.tablefile.rows import TableRefusedError
from perfscore.words import Words

PIECE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESSED = Words(
    zh="不是 UTF-8，按 GB18030（GBK）读；不对就写 --encoding",
    en="not UTF-8; read as GB18030 (GBK), unless --encoding says otherwise",
)
NEITHER = Words(
    zh="这里的字节既不是 UTF-8 也不是 GB18030 文字；用 --encoding 说明编码，或用表格软件另存为 UTF-8 的 CSV",
    en="the bytes here are text neither in UTF-8 nor in GB18030; name the encoding by --encoding, or save the table again as CSV in UTF-8",
)
NOT_IN_IT = Words(zh="这里的字节不是 {name} 文字", en="the bytes here are no text in {name}")
NO_ENCODING = Words(
    zh="没有叫 {name} 的编码；常用的有 utf-8、gb18030、big5",
    en="there is no encoding {name}; use utf-8, gb18030 or big5",
)


def encoding_of(path: Path, asked: str | None) -> tuple[str, tuple[Words, ...]]:
    """The encoding of a text file, and what its owner should know of it; raises `TableRefusedError` where there is none."""
    if asked is not None:
        try:
            "".encode(asked)
        except (LookupError, UnicodeError):  # "undefined" is one that says of all text that it is none
            raise TableRefusedError(NO_ENCODING.fill(name=asked)) from None
        # who says UTF-8 may not know of a byte order mark
        name = "utf-8-sig" if asked.lower().replace("_", "-") in ("utf-8", "utf8") else asked
        if (line := _broken_at(path, name)) is not None:
            raise TableRefusedError(NOT_IN_IT.fill(name=asked), line)
        return name, ()
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    name = marked or "utf-8"
    if (line := _broken_at(path, name)) is None:
        return name, ()
    if marked is not None:
        raise TableRefusedError(NOT_IN_IT.fill(name=marked), line)
    if not _spoken_before(path, line) and _broken_at(path, "gb18030") is None:
        return "gb18030", (GUESSED,)
    raise TableRefusedError(NEITHER, line)


def _broken_at(path: Path, encoding: str) -> int | None:
    """The line on which a file stops being text in an encoding; None where it is text to its end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            piece = file.read(PIECE)
            kept = decoder.getstate()
            try:
                line += decoder.decode(piece, final=not piece).count("\n")
            except UnicodeDecodeError as error:
                decoder.setstate(kept)  # once more, up to the bytes that are none
                sound = error.object[: error.start][len(kept[0]) :]
                return line + decoder.decode(sound).count("\n")
            except UnicodeError:  # of no byte: UTF-16 that begins with no mark
                return line
            if not piece:
                return None


def _spoken_before(path: Path, line: int) -> bool:
    """Whether characters of three bytes came out well before a broken place: then this is UTF-8, and damaged."""
    with path.open("rb") as file:
        for number, data in enumerate(file, start=1):
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                text = data[: error.start].decode("utf-8")
            if any(one >= "\u0800" for one in text):
                return True
            if number >= line:
                break
    return False
