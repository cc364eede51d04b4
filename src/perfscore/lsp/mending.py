"""Read a document as far as it goes: an author in the middle of a line has not unlearnt the rest of the file.

In: the text of a rule file. Out: `Readable`: its document, and where it is no TOML a document without the lines that
stand in the way. What is left out turns to blanks, so that everything else keeps its place.
Nothing is put in: a line is read as it stands or not at all.
"""

from __future__ import annotations

from attrs import field, frozen

from perfscore.diagnostic import Diagnostic, KeyPath
from perfscore.lsp.walk import Walk
from perfscore.rulefile.toml import Document, parse
from perfscore.source import Source

MOST = 24
"""So many lines are left out at most: a text with more that is no TOML is another kind of text."""


@frozen
class Readable:
    """A document, what of it was left out, and why."""

    document: Document
    """Without values only where nothing helped."""
    told: tuple[Diagnostic, ...] = ()
    """What stood in the way first: the one complaint about the text as it is written."""
    lost: tuple[KeyPath, ...] = field(default=())
    """The tables that lines were left out of."""


def readable(text: str, path: str, walk: Walk) -> Readable:
    """The document in a text, without as few lines as it takes."""
    document = whole = parse(text, path)
    lost: list[KeyPath] = []
    blanked: set[int] = set()
    while document.values is None and len(blanked) < MOST:
        line = _in_the_way(document, blanked)
        if line is None:
            break
        source = document.source
        start = source.offset(line, 1)
        section = walk.section(start)
        first = last = line
        if section is not None:
            lost.append(section.at)
            header, _ = source.position(section.header.start)
            if header == line:  # the keys under a header that cannot be read belong to no other table
                last = source.position(max(section.span.start, section.span.end - 1))[0]
        blanked.update(range(first, last + 1))
        document = parse(_without(source, first, last), path)
    return Readable(document if document.values is not None else whole, whole.diagnostics, tuple(lost))


def _in_the_way(document: Document, blanked: set[int]) -> int | None:
    """The line that a text is no TOML for; where that is empty by now, the nearest above that says something."""
    source = document.source
    first = document.diagnostics[0]
    line, _ = source.position(source.span(first.at, first.part, first.within).start)
    while line > 0 and (line in blanked or not source.line(line).strip()):
        line -= 1
    return line or None


def _without(source: Source, first: int, last: int) -> str:
    start = source.offset(first, 1)
    end = source.offset(last, 1) + len(source.line(last))
    blank = "".join(one if one in "\r\n" else " " for one in source.text[start:end])
    return source.text[:start] + blank + source.text[end:]
