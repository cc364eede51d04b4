"""What a workbook shows in a cell, where the value alone does not say it: a percent sign, or that a formula failed.

In: the path of a workbook of Office Open XML, and the name of a sheet. Out: `Looks`, which knows the cells whose number is
shown with a percent sign, those that show an error, and formulas that no program has computed yet. Cells are read piece by
piece, and only where a workbook has such things at all. No value is read here, and other formats are left alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat
from zlib import error as InflateError  # noqa: N812 - an exception

from attrs import define, field


class Shown(IntEnum):
    """What a cell shows: its value, a number as percent (0.95 as 95%) or with a sign behind it (95 as 95%), or no value."""

    PLAIN = 0
    PERCENT = 1
    SIGNED = 2
    FAILED = 3


_KNOWN = {9: Shown.PERCENT, 10: Shown.PERCENT}
"""The formats that every workbook has."""
_PIECE = 1 << 20
_TAIL = 64
_TELLING = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
"""An error, or a formula."""
_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)


@define(eq=False)
class Looks:
    """By column and row, both counted from 0: how a number is shown, and what stands in the place of a value."""

    marks: dict[int, bytearray] = field(factory=dict)
    failed: dict[tuple[int, int], str] = field(factory=dict)

    def put_on(self, row: int, texts: list[str]) -> None:
        """Make the texts of a row say what its cells show."""
        for column, marks in self.marks.items():
            if row >= len(marks) or column >= len(texts):
                continue
            if (mark := marks[row]) == Shown.FAILED:
                texts[column] = self.failed[row, column]
            elif mark and texts[column]:
                texts[column] = _signed(texts[column], mark)

    def mark(self, row: int, column: int, mark: Shown) -> None:
        """Say how a cell looks."""
        marks = self.marks.setdefault(column, bytearray())
        if row >= len(marks):
            marks.extend(bytes(row + 1 - len(marks)))
        marks[row] = mark


def _signed(text: str, mark: int) -> str:
    """The text of a number, as it is shown.

    >>> _signed("0.0705", Shown.PERCENT), _signed("1", Shown.PERCENT), _signed("95.5", Shown.SIGNED)
    ('7.05%', '100%', '95.5%')
    """
    return f"{Decimal(text).scaleb(2):f}%" if mark == Shown.PERCENT else f"{text}%"


def looks_of(path: Path, sheet: str) -> Looks | None:
    """How the cells of a sheet look; None where the file does not tell it as Office Open XML does."""
    try:
        with zipfile.ZipFile(path) as packed:
            book = next(_related(packed, "", "/officeDocument"))[1]
            parts = dict(_related(packed, book, "/worksheet"))
            styles = next((part for _, part in _related(packed, book, "/styles")), None)
            shown = [] if styles is None else _shown_by_style(packed, styles)
            with packed.open(book) as part:
                ids = {
                    one.get("name"): next(value for key, value in one.items() if key.endswith("}id"))
                    for one in ElementTree.parse(part).iter()
                    if _local(one.tag) == "sheet"
                }
            return _sheet(packed, parts[ids[sheet]], shown)
    except (
        zipfile.BadZipFile,
        InflateError,
        ElementTree.ParseError,
        expat.ExpatError,
        LookupError,
        StopIteration,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ):
        return None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _related(packed: zipfile.ZipFile, part: str, kind: str) -> Iterator[tuple[str, str]]:
    """The parts that a part leads to, by their ids there."""
    at = PurePosixPath(part)
    with packed.open(str(at.parent / "_rels" / f"{at.name}.rels")) as found:
        for one in ElementTree.parse(found).iter():
            if one.get("Type", "").endswith(kind):
                target = one.attrib["Target"]
                yield one.attrib["Id"], target[1:] if target.startswith("/") else str(at.parent / target)


def _shown_by_style(packed: zipfile.ZipFile, part: str) -> list[Shown]:
    """How a number is shown by the style of every number."""
    with packed.open(part) as found:
        tree = ElementTree.parse(found)
    formats = dict(_KNOWN)
    for one in tree.iter():
        if _local(one.tag) == "numFmt":
            formats[int(one.attrib["numFmtId"])] = shown_by(one.attrib["formatCode"])
    styles = next((one for one in tree.iter() if _local(one.tag) == "cellXfs"), ())
    return [formats.get(int(one.get("numFmtId", "0")), Shown.PLAIN) for one in styles]


def shown_by(code: str) -> Shown:
    """How a number format shows a number; plainly, where it does not show all numbers in the same way.

    >>> shown_by("0.00%"), shown_by('0.0"%"'), shown_by("#,##0.00"), shown_by("0%;[Red]-0%;-"), shown_by("0%;-0.0")
    (<Shown.PERCENT: 1>, <Shown.SIGNED: 2>, <Shown.PLAIN: 0>, <Shown.PERCENT: 1>, <Shown.PLAIN: 0>)
    """
    sections: list[list[str]] = [[]]
    for token in _TOKEN.findall(code):
        if token == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    looks = {_shown(one) for one in sections if not {"0", "#", "?"}.isdisjoint(one)}
    return looks.pop() if len(looks) == 1 else Shown.PLAIN


def _shown(section: list[str]) -> Shown:
    quoted = "".join(one[1:].rstrip('"') for one in section if one[0] in '"\\') + "".join(section).count("％") * "%"
    match section.count("%"), quoted.count("%"):
        case 1, 0:
            return Shown.PERCENT
        case 0, 1:
            return Shown.SIGNED
        case _:
            return Shown.PLAIN


def _sheet(packed: zipfile.ZipFile, part: str, shown: list[Shown]) -> Looks:
    looks = Looks()
    if not any(shown):
        with packed.open(part) as cells:
            if not _tells(cells):
                return looks
    parser = expat.ParserCreate()
    telling = frozenset(str(at) for at, one in enumerate(shown) if one)
    parser.StartElementHandler = _Reading(looks, telling, shown, parser).begin
    with packed.open(part) as cells:
        parser.ParseFile(cells)
    return looks


def _tells(cells: IO[bytes]) -> bool:
    """Whether an error or a formula stands anywhere."""
    tail = b""
    while piece := cells.read(_PIECE):
        if _TELLING.search(tail + piece):
            return True
        tail = piece[-_TAIL:]
    return False


@define(eq=False)
class _Reading:
    """Where in a sheet its reader is: a row or a cell without a reference is the next one. What stands within a cell is
    listened to only where it failed, or has a formula: most have neither.
    """

    looks: Looks
    telling: frozenset[str]
    """The styles that show a sign."""
    shown: list[Shown]
    parser: expat.XMLParserType
    row: int = -1
    column: int = -1
    attributes: dict[str, str] = field(factory=dict)
    formula: bool = False
    said: dict[str, str] = field(factory=dict)
    inside: str = ""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c" or tag.endswith(":c"):
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.attributes = attributes
            if attributes.get("s") in self.telling and attributes.get("t", "n") == "n":
                self.looks.mark(self.row, self.column, self.shown[int(attributes["s"])])
            if attributes.get("t") == "e":
                self._listen()
        elif tag == "row" or tag.endswith(":row"):
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif tag == "f" or tag.endswith(":f"):
            self._listen()
            self.inside = "f"
        elif self.parser.EndElementHandler is not None:
            self.inside = tag.rpartition(":")[2]

    def _listen(self) -> None:
        if self.parser.EndElementHandler is None:
            self.said = {"f": "", "v": ""}
            self.parser.EndElementHandler, self.parser.CharacterDataHandler = self.end, self.text

    def text(self, data: str) -> None:
        if self.inside in self.said:
            self.said[self.inside] += data

    def end(self, tag: str) -> None:
        self.inside = ""
        if tag.rpartition(":")[2] != "c":
            return
        self.parser.EndElementHandler = self.parser.CharacterDataHandler = None
        kind = self.attributes.get("t", "n")
        if kind == "e" or (kind == "n" and not self.said["v"]):
            self.looks.failed[self.row, self.column] = self.said["v"] or f"={self.said['f']}"
            self.looks.mark(self.row, self.column, Shown.FAILED)


def _column(reference: str) -> int:
    """The column of a cell, counted from 0.

    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    number = 0
    for one in reference:
        if not one.isalpha():
            break
        number = number * 26 + ord(one.upper()) - 64
    return number - 1
