"""A diagnostic, as its reader sees it.

In: a `Diagnostic`, and the `Source` it complains about, or the `Origins` that lead to it.
Out: an excerpt for a terminal, or plain data for a program.
Nothing is printed, and no text from a file reaches a terminal with its control characters alive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfscore.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from perfscore.report.wrapping import columns, wrapped
from perfscore.source import Origins, Source, Span
from perfscore.words import Language, Words, visible

ROOM = 100  # columns of a quoted line: longer ones are clipped around what is complained about
BEFORE = 40  # of these, at most so many stand before it
TAB = 4
NARROW = 24  # a message gets at least so many columns beside its carets, else lines of its own

_SEVERITIES: dict[Severity, Words] = {
    "error": Words(zh="错误", en="error"),
    "warning": Words(zh="警告", en="warning"),
    "note": Words(zh="提示", en="note"),
}
_COLOURS: dict[Severity, str] = {"error": "31", "warning": "33", "note": "36"}
_ALSO = "34"  # the colour of other places
_HINT = Words(zh="建议", en="hint")
_EXAMPLE = Words(zh="例", en="for example")
_FIX = Words(zh="改法", en="fix")
_EXTENDED = Words(zh="{file} 继承了这个文件", en="{file} extends this file")


def excerpt(
    diagnostic: Diagnostic,
    where: Source | Origins,
    language: Language,
    *,
    colour: bool = False,
    width: int | None = None,
) -> str:
    """The complaint with the line it is about, the place underlined, the other places, and the way out last.

    With a `width`, no line but the first, which names the place, is longer than so many columns, unless a word is.
    """
    source, span = place_of(diagnostic, where)
    line, column = source.position(span.start)
    others = [(one, *place_of(one, where)) for one in diagnostic.related]
    numbers = [line, *(its.position(there.start)[0] for _, its, there in others)]
    quote = _Quote(len(str(max(numbers))), width)
    paint = _COLOURS[diagnostic.severity] if colour else None
    severity = f"{_SEVERITIES[diagnostic.severity].into(language)}[{diagnostic.code.number}]"
    lines = [f"{visible(source.path)}:{line}:{column}: {_painted(severity, paint)} {diagnostic.code.name}"]
    lines += quote.lines(source, span, "^", diagnostic.message.into(language), paint)
    for one, its, there in others:
        number, start = its.position(there.start)
        lines += [quote.bar, f"{quote.margin}::: {visible(its.path)}:{number}:{start}"]
        lines += quote.lines(its, there, "-", one.says.into(language), _ALSO if colour else None)
    asked_for, _ = where.written(())
    below: list[str] = []
    if source is not asked_for:
        below += quote.note(_EXTENDED.fill(file=visible(asked_for.path)).into(language))
    if diagnostic.witness:
        shown = ", ".join(f"{name} = {value}" for name, value in diagnostic.witness)
        below += quote.note(f"{_EXAMPLE.into(language)}: {visible(shown)}")
    fix, said = diagnostic.fix, diagnostic.hint
    if fix is not None and any(where.written(edit.at)[0] is not asked_for for edit in fix.edits):
        fix = None  # it is mended in the other file
    if said is not None:
        beside = f" {_option(fix)}" if fix is not None and _says_it(said, fix) else ""
        below += quote.note(f"{_HINT.into(language)}: {visible(said.into(language))}{beside}")
    if fix is not None and not (said is not None and _says_it(said, fix)):
        below += quote.note(f"{_FIX.into(language)}: {visible(fix.says.into(language))} {_option(fix)}")
    return "\n".join([*lines, quote.bar, *below] if below else lines)


def as_json(diagnostic: Diagnostic, where: Source | Origins) -> dict[str, object]:
    """The complaint as plain data; lines and columns count characters, from 1, and the end is the character after.

    `at` is the key path in the file that `path` names.
    """
    return {
        "code": diagnostic.code.number,
        "name": diagnostic.code.name,
        "severity": diagnostic.severity,
        **_place_as_json(diagnostic, where),
        "message": _both(diagnostic.message),
        "hint": None if diagnostic.hint is None else _both(diagnostic.hint),
        "related": [{**_place_as_json(one, where), "message": _both(one.says)} for one in diagnostic.related],
        "witness": [{"name": name, "value": value} for name, value in diagnostic.witness],
        "fix": None if diagnostic.fix is None else _fix_as_json(diagnostic.fix, where),
    }


def place_of(one: Diagnostic | Related | Edit, where: Source | Origins) -> tuple[Source, Span]:
    """The file that something is said of, and the characters there."""
    source, at = where.written(one.at)
    return source, source.span(at, one.part, one.within)


def in_order(diagnostics: Iterable[Diagnostic], where: Source | Origins) -> list[Diagnostic]:
    """Complaints by their place in the file; those about other files come after, file by file."""
    itself, _ = where.written(())

    def place(one: Diagnostic) -> tuple[bool, str, int, str]:
        source, span = place_of(one, where)
        return source is not itself, source.path, span.start, one.code.number

    return sorted(diagnostics, key=place)


def _place_as_json(one: Diagnostic | Related | Edit, where: Source | Origins) -> dict[str, object]:
    source, span = place_of(one, where)
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    _, at = where.written(one.at)
    return {
        "path": source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "at": list(at),
    }


def _fix_as_json(fix: Fix, where: Source | Origins) -> dict[str, object]:
    edits = [{**_place_as_json(one, where), "text": one.text} for one in fix.edits]
    return {"message": _both(fix.says), "safe": fix.safe, "edits": edits}


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _says_it(hint: Words, fix: Fix) -> bool:
    """Whether a hint already names what the fix would write."""
    return hint == fix.says or all(edit.text.strip() and edit.text.strip() in hint.zh for edit in fix.edits)


def _option(fix: Fix) -> str:
    """What to call the command with, to have it done."""
    return "[--fix]" if fix.safe else "[--fix --unsafe-fixes]"


class _Quote:
    """How lines of files are quoted in one complaint: beside a margin as wide as the largest line number."""

    def __init__(self, digits: int, width: int | None) -> None:
        self.margin = " " * digits
        self.bar = f"{self.margin} |"
        self.room = ROOM if width is None else max(min(ROOM, width - digits - 5), NARROW)  # and … on both sides
        self.wraps = width is not None

    def lines(self, source: Source, span: Span, sign: str, message: str, paint: str | None) -> Iterator[str]:
        """A line of a file, and under it what is underlined and what is said of it."""
        number, column = source.position(span.start)
        end = column - 1 + span.end - span.start
        cells, first, last = _shown(source.line(number), column - 1, end, self.room)
        signs = sign * max(1, sum(map(columns, cells[first:last])))
        indent = " " * sum(map(columns, cells[:first]))
        yield self.bar
        yield f"{number:>{len(self.margin)}} | {''.join(cells)}".rstrip()
        rows = visible(message).split("\n")
        left = self.room - len(indent) - len(signs) - 1
        if self.wraps and max(map(columns, rows)) > left:
            if left < NARROW:
                yield f"{self.bar} {indent}{_painted(signs, paint)}"
                yield from (f"{self.bar} {row}" for row in wrapped("\n".join(rows), self.room))
                return
            rows = wrapped("\n".join(rows), left)
        yield f"{self.bar} {indent}{_painted(signs, paint)} {rows[0]}".rstrip()
        yield from (f"{self.bar} {indent}{row}" for row in rows[1:])

    def note(self, text: str) -> Iterator[str]:
        """Something to say below, under its own beginning."""
        head, colon, rest = text.partition(": ")
        head = f"{self.margin} = {head}{colon}"
        left = self.room + len(self.margin) + 3 - columns(head)
        rows = wrapped(rest, left) if self.wraps else rest.split("\n")
        yield head + rows[0]
        yield from (" " * columns(head) + row for row in rows[1:])


def _shown(line: str, first: int, last: int, most: int) -> tuple[list[str], int, int]:
    """What is printed for each character of a line, and where among these the underlined ones stand."""
    first, last = min(first, len(line)), min(last, len(line))
    # No character is worth a look that is further away than there is room, and a line may be a whole file.
    left, right = max(0, first - most), min(len(line), first + most)
    cells: list[str] = []
    column = 0
    for one in line[left:right]:
        cells.append(" " * (TAB - column % TAB) if one == "\t" else visible(one))
        column += columns(cells[-1])
    first, last = first - left, min(last, right) - left
    if left == 0 and right == len(line) and column <= most:
        return cells, first, last
    start, room = first, min(BEFORE, most // 2)
    while start > 0 and (room := room - columns(cells[start - 1])) >= 0:
        start -= 1
    end, room = start, most
    while end < len(cells) and (room := room - columns(cells[end])) >= 0:
        end += 1
    before = ["…"] if left + start > 0 else []
    after = ["…"] if left + end < len(line) else []
    return before + cells[start:end] + after, first - start + len(before), min(last, end) - start + len(before)


def _painted(text: str, paint: str | None) -> str:
    return f"\x1b[1;{paint}m{text}\x1b[0m" if paint else text
