"""The text of a file, before anyone asks what it means.

In: a path. Out: `Text`: its characters, unless a diagnostic says why they cannot be read: not UTF-8 (GB18030 and
UTF-16 are recognised and named), or over 5 MB. Only a file that cannot be opened raises anything (`OSError`).
"""

from __future__ import annotations

import os
from pathlib import Path

from attrs import frozen

from perfscore.diagnostic import Code, Diagnostic
from perfscore.source import Source
from perfscore.words import Words

MAX_BYTES = 5_000_000

NOT_UTF8 = Code("PS104", "not-utf-8", Words(zh="文件不是以 UTF-8 编码保存的。", en="The file was not saved as UTF-8."))
FILE_TOO_LARGE = Code(
    "PS105", "file-too-large", Words(zh="文件超过 5 MB，未读取。", en="The file is over 5 MB and was not read.")
)


@frozen
class Text:
    """The characters of a file, or what stands in the way of reading them."""

    source: Source
    refused: Diagnostic | None = None


def read_text(path: str | os.PathLike[str]) -> Text:
    """The text of a file; one that cannot be opened raises `OSError`."""
    name = os.fspath(path)
    with Path(name).open("rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_BYTES:
            return Text(Source(name, ""), _too_large())
        data = file.read(MAX_BYTES + 1)  # a pipe has no size before it is read
    if len(data) > MAX_BYTES:
        return Text(Source(name, ""), _too_large())
    wide = _wide(data)
    if wide is not None:
        return Text(Source(name, ""), _saved_as(wide, (0, 0)))
    try:
        return Text(Source(name, data.decode("utf-8")))
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start, name)


def _too_large() -> Diagnostic:
    return Diagnostic(
        FILE_TOO_LARGE,
        at=(),
        message=Words(zh="文件超过 5 MB，规则文件不会这么大", en="the file is over 5 MB, which no rule file is"),
        hint=Words(zh="检查文件是否选错", en="see whether this is the file that was meant"),
    )


def _wide(data: bytes) -> str | None:
    """The name of an encoding with two or four bytes a character."""
    if data[:4] in {b"\xff\xfe\0\0", b"\0\0\xfe\xff"}:
        return "UTF-32"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0\0" in {data[0:4:2], data[1:4:2]}:
        return "UTF-16"
    return None


def _not_utf8(data: bytes, broken: int, path: str) -> Text:
    before = data[:broken].decode("utf-8")
    # Characters of three bytes that came out well say that this is UTF-8 with a damaged place.
    if all(one < "\u0800" for one in before):
        try:
            source = Source(path, data.decode("gb18030"))
        except UnicodeDecodeError:
            pass
        else:
            first = next((at for at, one in enumerate(source.text) if not one.isascii()), 0)
            return Text(source, _saved_as("GB18030 (GBK)", (first, first + 1)))
    source = Source(path, data.decode("utf-8", "replace"))
    at = len(before.removeprefix("\ufeff"))
    return Text(source, _saved_as(None, (at, at + 1)))


def _saved_as(encoding: str | None, within: tuple[int, int]) -> Diagnostic:
    if encoding is None:
        message = Words(zh="此处的字节不是 UTF-8 文字", en="the bytes here are no UTF-8 text")
    else:
        message = Words(zh="文件以 {name} 编码保存，不是 UTF-8", en="the file was saved as {name}, not as UTF-8")
        message = message.fill(name=encoding)
    hint = Words(
        zh="用编辑器打开并另存为，编码选 UTF-8", en="open it in an editor and save it again, with encoding UTF-8"
    )
    return Diagnostic(NOT_UTF8, at=(), message=message, hint=hint, within=within)
