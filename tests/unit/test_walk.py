"""What stands where in a text that may be broken, and how an editor counts it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore.lsp.mending import readable
from perfscore.lsp.positions import Encoding, Positions
from perfscore.lsp.walk import Walk
from perfscore.rulefile.toml import read
from perfscore.source import Source

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "rules").rglob("*.toml"), *(ROOT / "tests" / "field").glob("*.toml")])
SOME = FILES[:: max(1, len(FILES) // 25)]


@pytest.mark.parametrize("file", SOME, ids=lambda one: one.stem)
def test_a_walk_through_a_sound_file_finds_every_value_where_the_source_has_it(file: Path) -> None:
    source = read(file).source
    walk = Walk(source.text)

    assert {one.at: one.span for one in walk.pieces if one.role == "value"} == dict(source.spans())


@pytest.mark.parametrize("file", SOME, ids=lambda one: one.stem)
def test_a_file_with_one_broken_line_is_read_without_it(file: Path) -> None:
    text = read(file).source.text
    lines = text.split("\n")
    [*_, number] = [at for at, line in enumerate(lines) if line.startswith("weight") or line.startswith("name")]
    lines[number] = lines[number].partition("=")[0] + '= "≥ '
    broken = "\n".join(lines)

    found = readable(broken, "x.toml", Walk(broken))

    assert found.told
    assert found.document.values is not None
    assert len(found.document.source.text) == len(broken)
    assert found.document.values.keys() == (read(file).values or {}).keys()


SIGNS = ["[[", "]]", '"', "'", '"""', "'''", "\r\n", "指标", "😀", "indicators", *"[]{}=.,#\n a1\\"]
PIECES = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)


@settings(max_examples=200, deadline=None)
@given(PIECES, st.integers(0, 80))
def test_any_text_can_be_walked_and_any_place_in_it_asked_for(text: str, offset: int) -> None:
    walk = Walk(text)
    spot = walk.spot(min(offset, len(text)))

    assert 0 <= spot.content.start <= spot.content.end <= len(text)
    assert all(text[one.span.start : one.span.end].strip() for one in walk.pieces)
    assert [one.span.start for one in walk.pieces] == sorted(one.span.start for one in walk.pieces)
    assert readable(text, "x.toml", walk).document.source.text is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@given(text=st.text(alphabet=["a", "分", "😀", "\n", "\r", "\u2028", "\ufeff"], max_size=30), data=st.data())
def test_a_character_is_found_again_by_its_line_and_column(encoding: Encoding, text: str, data: st.DataObject) -> None:
    source = Source("x.toml", text)  # a byte order mark is no character of it
    positions = Positions(text, encoding)
    offset = data.draw(st.integers(0, len(source.text)))
    if source.text[offset - 1 : offset + 1] == "\r\n":
        return  # between the two there is no place

    line, column = positions.position(offset)

    assert positions.offset(line, column) == offset
    unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    before = text[: offset + len(text) - len(source.text)]
    started = max(before.rfind("\n"), before.rfind("\r")) + 1
    assert column == len(before[started:].encode(f"{encoding}-le" if unit > 1 else encoding)) // unit


def test_a_place_beyond_the_end_is_the_end() -> None:
    positions = Positions("ab\ncd", "utf-16")

    assert positions.offset(0, 99) == 2
    assert positions.offset(9, 0) == 5
