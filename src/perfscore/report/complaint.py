"""A diagnostic, as its reader sees it.

In: a `Diagnostic`, and the `Source` it complains about, or the `Origins` that lead to it.
Out: an excerpt for a terminal, or plain data for a program.
Nothing is printed, and no text from a file reaches a terminal with its control characters alive.
"""

from __future__ import annotations

import unicodedata

from perfscore.diagnostic import Diagnostic, Severity
from perfscore.source import Origins, Source
from perfscore.words import Language, Words, visible

ROOM = 100  # columns of a quoted line: longer ones are clipped around what is complained about
BEFORE = 40  # of these, at most so many stand before it
TAB = 4

_SEVERITIES: dict[Severity, Words] = {
    "error": Words(zh="错误", en="error"),
    "warning": Words(zh="警告", en="warning"),
    "note": Words(zh="提示", en="note"),
}
_COLOURS: dict[Severity, str] = {"error": "31", "warning": "33", "note": "36"}
_HINT = Words(zh="建议", en="hint")
_EXTENDED = Words(zh="{file} 继承了这个文件", en="{file} extends this file")


def excerpt(diagnostic: Diagnostic, where: Source | Origins, language: Language, *, colour: bool = False) -> str:
    """The complaint with the line it is about, the place underlined, and the way out last."""
    source, at = where.written(diagnostic.at)
    span = source.span(at, diagnostic.part, diagnostic.within)
    number, column = source.position(span.start)
    cells, first, last = _shown(source.line(number), column - 1, column - 1 + span.end - span.start)
    carets = "^" * max(1, sum(map(_width, cells[first:last])))
    margin = " " * len(str(number))
    indent = " " * sum(map(_width, cells[:first]))
    underlined = indent + _painted(carets, diagnostic.severity, colour)
    message = visible(diagnostic.message.into(language)).replace("\n", f"\n{margin} | {indent}")
    severity = f"{_SEVERITIES[diagnostic.severity].into(language)}[{diagnostic.code.number}]"
    severity = _painted(severity, diagnostic.severity, colour)
    asked_for, _ = where.written(())
    lines = [
        f"{visible(source.path)}:{number}:{column}: {severity} {diagnostic.code.name}",
        f"{margin} |",
        f"{number} | {''.join(cells)}".rstrip(),
        f"{margin} | {underlined} {message}",
    ]
    below = []
    if source is not asked_for:
        below.append(f"{margin} = {_EXTENDED.fill(file=visible(asked_for.path)).into(language)}")
    if diagnostic.hint is not None:
        says = f"{margin} = {_HINT.into(language)}: "
        hint = visible(diagnostic.hint.into(language)).replace("\n", "\n" + " " * _width(says))
        below.append(says + hint)
    if below:
        lines += [f"{margin} |", *below]
    return "\n".join(lines)


def as_json(diagnostic: Diagnostic, where: Source | Origins) -> dict[str, object]:
    """The complaint as plain data; lines and columns count characters, from 1, and the end is the character after.

    `at` is the key path in the file that `path` names.
    """
    source, at = where.written(diagnostic.at)
    span = source.span(at, diagnostic.part, diagnostic.within)
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {
        "code": diagnostic.code.number,
        "name": diagnostic.code.name,
        "severity": diagnostic.severity,
        "path": source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "at": list(at),
        "message": _both(diagnostic.message),
        "hint": None if diagnostic.hint is None else _both(diagnostic.hint),
    }


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _shown(line: str, first: int, last: int) -> tuple[list[str], int, int]:
    """What is printed for each character of a line, and where among these the underlined ones stand."""
    first, last = min(first, len(line)), min(last, len(line))
    # No character is worth a look that is further away than there is room, and a line may be a whole file.
    left, right = max(0, first - ROOM), min(len(line), first + ROOM)
    cells: list[str] = []
    column = 0
    for one in line[left:right]:
        cells.append(" " * (TAB - column % TAB) if one == "\t" else visible(one))
        column += _width(cells[-1])
    first, last = first - left, min(last, right) - left
    if left == 0 and right == len(line) and column <= ROOM:
        return cells, first, last
    start, room = first, BEFORE
    while start > 0 and (room := room - _width(cells[start - 1])) >= 0:
        start -= 1
    end, room = start, ROOM
    while end < len(cells) and (room := room - _width(cells[end])) >= 0:
        end += 1
    before = ["…"] if left + start > 0 else []
    after = ["…"] if left + end < len(line) else []
    return before + cells[start:end] + after, first - start + len(before), min(last, end) - start + len(before)


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two, combining marks none."""
    return sum(
        0 if unicodedata.category(one) in {"Mn", "Me"} else 2 if unicodedata.east_asian_width(one) in {"W", "F"} else 1
        for one in text
    )


def _painted(text: str, severity: Severity, colour: bool) -> str:
    return f"\x1b[1;{_COLOURS[severity]}m{text}\x1b[0m" if colour else text
