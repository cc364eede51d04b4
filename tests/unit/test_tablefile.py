"""The rows of table files: two lanes that say the same, chunks in their order, encodings, files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfscore import Rulebook, loads

pyarrow = pytest.importorskip("pyarrow", reason="tables need perfscore[batch]")

from perfscore.batch import CellError  # noqa: E402 - needs what may not be installed
from perfscore.tablefile import lanes  # noqa: E402
from perfscore.tablefile.encoding import encoding_of  # noqa: E402
from perfscore.tablefile.landing import landing  # noqa: E402
from perfscore.tablefile.lanes import Lanes  # noqa: E402
from perfscore.tablefile.mapfile import ColumnMap  # noqa: E402
from perfscore.tablefile.rows import TableFile, TableRefusedError, gathered, text_schema  # noqa: E402
from perfscore.tabling.headings import understand  # noqa: E402
from perfscore.tabling.results import TableResults  # noqa: E402
from perfscore.words import Words  # noqa: E402

WIDTH = 2
Read = list[tuple[int, tuple[str | None, ...] | str]] | None


def rows(text: str, block: int) -> Read:
    """Every row with its place, its cells or why it has none; None where the text is no table."""
    found: list[tuple[int, tuple[str | None, ...] | str]] = []
    try:
        for chunk in Lanes(StringIO(text, newline=""), ",", block).chunks(WIDTH):
            cells = iter(list(zip(*(column.to_pylist() for column in chunk.columns), strict=True)))
            for at, place in enumerate(chunk.places):
                found.append((place, chunk.broken[at].en if at in chunk.broken else next(cells)))
    except TableRefusedError:
        return None
    return found


PIECES = ("a", "乙", " ", "\u3000", "\t", ",", ",", "\n", "\n", "\r\n", "\r", '"', '""', '"a\nb"', "=")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from((1, 3, 7, 1000)))
@example("a,b\n\n,\n c ,d\r\n", 1000)
@example('a,"b\nc"\nd,e\n', 3)
def test_both_lanes_say_the_same(text: str, block: int) -> None:
    """Whatever the text, and wherever a block ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "_needs_care", lambda block: True)
        one_by_one = rows(text, 10_000)

    assert rows(text, block) == one_by_one


def test_the_fast_lane_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the law above would compare a lane with itself."""
    monkeypatch.setattr(Lanes, "_one_by_one", lambda self, block, width: pytest.fail("the slow lane"))

    assert rows("甲, 1\r\n乙,\n,\n丙,3", 1000) == [(1, ("甲", "1")), (2, ("乙", None)), (4, ("丙", "3"))]


def test_a_planted_difference_between_the_lanes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_without_empty", lambda columns, places: lanes.Chunk(columns, places))

    assert rows("a,b\n,\n", 1000) != [(1, ("a", "b"))]


@pytest.mark.parametrize("name", ["utf-8", "gb18030"])
def test_one_word_in_the_last_row_tells_the_encoding(tmp_path: Path, name: str) -> None:
    path = tmp_path / "all.csv"
    path.write_bytes(b"a,b\n" * 600_000 + "甲,乙\n".encode(name))

    assert encoding_of(path, None)[0] == name


def test_a_text_that_is_cut_within_a_character_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_bytes("甲,乙\n丙".encode()[:-1])

    with pytest.raises(TableRefusedError) as refused:
        encoding_of(path, None)

    assert refused.value.place == 2


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"

    def interrupted() -> None:
        with landing(output) as made:
            made.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert list(tmp_path.iterdir()) == []

    with landing(output) as made:
        made.write_text("whole")
        assert not output.exists()
    assert output.read_text() == "whole"
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    """Whoever may write to a device's folder would else put a file in the place of the device."""
    (tmp_path / "latest").symlink_to(tmp_path / "real.csv")
    with landing(tmp_path / "latest") as made:
        made.write_text("whole")
    assert (tmp_path / "latest").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "whole"

    os.mkfifo(pipe := tmp_path / "pipe")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with landing(pipe) as made:
        made.write_text("whole")
    assert os.read(reader, 100) == b"whole"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_folder_is_named_and_a_long_name_has_room(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as refused, landing(tmp_path):
        pass
    assert refused.value.filename == str(tmp_path)

    with landing(tmp_path / ("长" * 83 + ".csv")) as made:
        made.write_text("whole")
    assert [len(one.name) for one in tmp_path.iterdir()] == [87]


RULES = """
format = 1
[rulebook]
id = "roads"
title = "roads"
version = "1"
full_marks = 10
[inputs.length]
label = "length"
type = "number"
[indicators.done]
name = "done"
weight = 10
measure = "length"
target = "≥ 1"
criterion = { kind = "threshold" }
"""


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return loads(RULES)


def table(cells: list[str | None], rows: int) -> TableFile:
    """A table of one column in small chunks; None is a row that cannot be read. Places are tens."""
    records: Iterator[tuple[int, list[str | None] | Words]] = (
        (10 * at, Words.same("broken") if cell is None else [cell]) for at, cell in enumerate(cells)
    )
    return TableFile("x", text_schema(["length"]), gathered(records, 1, rows), lambda: 1.0, lambda: None)


@given(st.lists(st.sampled_from(("0", "1", "x", None)), max_size=12), st.integers(1, 5))
def test_every_row_has_its_result_at_its_place(cells: list[str | None], rows: int) -> None:
    """However the chunks fall, and wherever rows stand that cannot be read."""
    rulebook = loads(RULES)
    opened = table(cells, rows)
    results = TableResults(rulebook, opened, understand(rulebook, opened.schema, ColumnMap()))

    found = [row for batch in results.batches() for row in batch.to_pylist()]

    assert [row["row"] for row in found] == [10 * at for at in range(len(cells))]
    scores = {"0": 0, "1": 10, "x": None, None: None}
    assert [row["score"] for row in found] == [scores[cell] for cell in cells]
    assert [row["findings"] == ["PS430"] for row in found] == [cell is None for cell in cells]


def test_strict_names_the_place_in_the_file_where_it_stopped(rules: Rulebook) -> None:
    """Also behind chunks that were handed on already."""
    opened = table(["1", "1", "1", "1", "x"], 2)
    results = TableResults(rules, opened, understand(rules, opened.schema, ColumnMap()), strict=True)

    with pytest.raises(CellError) as stopped:
        list(results.batches())

    assert results.place_of(stopped.value.row) == 40
