"""Text from rule files and facts stays text, in every field and every format there is."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree

import docx
import openpyxl
import pytest

from perfscore import Assessment, assess
from perfscore.report import formats, render, takes
from perfscore.report.office import wordfile
from perfscore.words import visible
from tests.golden.office import DOT
from tests.unit.test_security import NASTY, SAFE, nasty_facts, nasty_rules

HOSTILE = NASTY | {
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "dde": "=cmd|'/C calc'!A1",
    "wide": "＝1+1",
    "tab": "\t=1+1",
    "cdata": "]]><x>&#0;&bogus;",
    "quotes": "\"'><svg/onload=alert(1)>",
    "field": '{ HYPERLINK "http://evil.example" } &P&D&F',
    "escape": "_x0041_ _x000D_",
    "noncharacter": "a\ufffeb\uffffc",
    "long": "很长的文字，" * 200,
    "formula-long": "=" + "A1+" * 500,
}
HALVES = "前\ud800后\udfff"
"""Halves of characters, which no TOML can spell, but JSON facts and Python can."""


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn in their own tests; here, what is said of them matters."""
    monkeypatch.setattr(wordfile, "png", lambda *_, **__: DOT)


@pytest.fixture(scope="module", params=HOSTILE)
def text(request: pytest.FixtureRequest) -> str:
    return HOSTILE[request.param]


@pytest.fixture(scope="module")
def result(text: str) -> Assessment:
    return assess(nasty_rules(text), nasty_facts(text))


def documents(result: Assessment, form: str) -> Iterator[str | bytes]:
    """In Chinese as it is by itself, and in English with all that the format can say."""
    more = {option: True for option in ("whole", "signatures", "findings") if takes(form, option)}
    yield render(result, form, language="zh")
    yield render(result, form, language="en", **more)


class Tags(HTMLParser):
    """Everything in a page that a browser would act on."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href")}


def of_html(page: str, text: str) -> None:
    found = Tags(page)
    assert not found.tags & {"script", "img", "iframe", "object", "embed", "form", "base", "link", "x"}
    assert not [name for name in found.attributes if name.startswith("on") or name == "style"]
    assert all(link.startswith("#") for link in found.links)


def of_json(told: str, text: str) -> None:
    json.loads(told)


def of_docx(file: bytes, text: str) -> None:
    held = parts(file)
    assert "TargetMode" not in "".join(held.values())
    body = ElementTree.fromstring(held["word/document.xml"])
    names = {one.tag.rpartition("}")[2] for one in body.iter()}
    assert not names & {"fldSimple", "instrText", "hyperlink", "altChunk", "object", "control"}
    shown = {visible(line) for line in text.split("\n")}
    word = docx.Document(BytesIO(file))
    lines = {
        line for table in word.tables for row in table.rows for cell in row.cells for line in cell.text.split("\n")
    }
    assert shown <= lines


def of_xlsx(file: bytes, text: str) -> None:
    held = parts(file)
    assert "TargetMode" not in "".join(held.values())
    strings = 0
    for sheet in openpyxl.load_workbook(BytesIO(file)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert re.fullmatch(r"=SUM\([A-Z]+\d+(:[A-Z]+\d+)?(,[A-Z]+\d+(:[A-Z]+\d+)?)*\)", cell.value)
                elif isinstance(cell.value, str):
                    strings += 1
                    assert cell.data_type == "s"
                    assert cell.quotePrefix == cell.value.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert strings > 10


def parts(file: bytes) -> dict[str, str]:
    """Every part of a file, which is XML that can be read and obeys nobody."""
    with zipfile.ZipFile(BytesIO(file)) as found:
        held = {name: found.read(name).decode() for name in found.namelist() if not name.endswith(".png")}
    for name, part in held.items():
        assert "<!" not in part, name
        ElementTree.fromstring(part)
        assert SAFE.findall(part.replace("\r\n", "\n")) == [], name
    return held


def of_text(told: str, text: str) -> None:
    assert told


CHECKS = {"html": of_html, "json": of_json, "docx": of_docx, "xlsx": of_xlsx, "text": of_text, "markdown": of_text}


def test_every_format_is_looked_at() -> None:
    assert set(CHECKS) == set(formats())


@pytest.mark.parametrize("form", formats())
def test_a_hostile_text_is_text(result: Assessment, text: str, form: str) -> None:
    for told in documents(result, form):
        if isinstance(told, str):
            assert SAFE.findall(told) == []
            told.encode("utf-8")
        CHECKS[form](told, text)  # type: ignore[operator]


@pytest.mark.parametrize("form", formats())
def test_half_a_character_is_spelled_out(form: str) -> None:
    """It cannot be written as UTF-8, so it must be shown in another way."""
    result = assess(nasty_rules("前后"), nasty_facts(HALVES))
    for told in documents(result, form):
        whole = told if isinstance(told, str) else "".join(parts(told).values())
        whole.encode("utf-8")
        assert "\\ud800" in whole.replace("\\\\", "\\")


def test_json_gives_back_what_was_written(result: Assessment, text: str) -> None:
    told = render(result, "json")
    assert isinstance(told, str)

    assert json.loads(told) == result.to_dict()
    assert json.loads(told)["subject"] == {"name": text, "period": text}
