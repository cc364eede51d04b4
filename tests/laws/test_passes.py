"""A pass gives the same whoever does it, and a leaf that is looked up gives what it gives when it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import Rulebook, dumps, loads, testing
from perfscore.batch import lookups, mixed, passes, preparing, straight, streaming
from perfscore.batch.lookups import Entries, Lookups
from tests.laws.test_columns import AT_EDGES, EDGES, rows_are_assessed_as_alone, tables
from tests.laws.test_combined_columns import cases

pytest.importorskip("numba", reason="compiled passes need perfscore[fast]")

WHOLE = st.lists(st.one_of(st.integers(-500, 500), st.integers(-(2**62), 2**62)), max_size=40)
by_numpy = passes.ByNumpy()


@pytest.fixture
def by_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[passes.Compiled]:
    """The compiled passes, in use from the first row on, and tables of values even for a few rows."""
    monkeypatch.setattr(passes, "LONG", 0)
    monkeypatch.setattr(streaming, "_MOST_THREADS", 1)  # a chunk sees what the one before it has left
    monkeypatch.setattr(lookups, "pays", lambda values, rows: values <= 20_000)
    preparing.by_columns.cache_clear()  # what an earlier test has looked up
    passes.passes(0)
    quick = passes.compiled()
    assert quick is not None
    yield quick
    passes._compiled.clear()
    preparing.by_columns.cache_clear()


def same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple):
        return all(same(*pair) for pair in zip(one, other, strict=True))
    return bool(np.array_equal(one, other)) and getattr(one, "dtype", None) == getattr(other, "dtype", None)


@given(WHOLE, st.integers(1, 3))
def test_numbers_are_drawn_together_alike(numbers: list[int], apart: int) -> None:
    from perfscore.batch.compiledpasses import ByNumba

    values = np.repeat(np.array(numbers, np.int64), apart)[::apart]
    assert same(by_numpy.drawn(values), ByNumba().drawn(values))


@given(st.lists(st.floats(width=64) | st.decimals(-1000, 1000, places=2).map(float), max_size=40), st.integers(0, 6))
def test_floats_are_met_alike(given_: list[float], places: int) -> None:
    from perfscore.batch.compiledpasses import ByNumba

    with np.errstate(all="ignore"):
        values = np.array(given_, np.float64)
        one, other = by_numpy.met(values, 10**places), ByNumba().met(values, 10**places)
    assert (one is None) == (other is None)
    assert one is None or same(one, other)


@given(
    st.integers(1, 5).flatmap(lambda lines: st.lists(st.lists(st.integers(0, 300), min_size=lines, max_size=lines))),
    st.integers(0, 5),
)
def test_records_are_gathered_alike(rows: list[list[int]], bits: int) -> None:
    from perfscore.batch.compiledpasses import ByNumba

    lines = len(rows[0]) if rows else 1
    packed = np.array(rows, np.int16).reshape(-1, lines).T.copy()
    whose = np.arange(lines, dtype=np.int16) * 3
    found = by_numpy.gathered(packed, bits, whose)
    assert same(found, ByNumba().gathered(packed, bits, whose))
    there = [(row, line) for row in range(len(rows)) for line in range(lines) if rows[row][line] >= 1 << bits]
    assert [3 * line for _, line in there] == found[1].tolist()
    assert [rows[row][line] >> bits for row, line in there] == found[3].tolist()


@given(WHOLE)
def test_decimals_are_written_alike(units: list[int]) -> None:
    from perfscore.batch.compiledpasses import ByNumba

    one, other = np.full((2, len(units), 2), 7, np.int64)
    values = np.array(units, np.int64)
    by_numpy.widened(values, one)
    ByNumba().widened(values, other)
    assert same(one, other)
    decimals = pa.Array.from_buffers(pa.decimal128(38, 0), len(units), [None, pa.py_buffer(one)])
    assert decimals.to_pylist() == [Decimal(one) for one in units]


@pytest.mark.usefixtures("by_numba")
class TestLookedUp:
    """Law 5 where leaves are looked up, and where that is done straight from the cells."""

    @settings(max_examples=settings().max_examples // 5)
    @given(tables(testing.rulebooks(max_leaves=3)), st.integers(1, 7))
    def test_a_row_is_assessed_as_a_subject_alone(self, case: tuple[Rulebook, pa.Table], chunk: int) -> None:
        rulebook, table = case
        twice = pa.concat_tables([table, table])  # what the first chunks have left, the next ones look up
        rows_are_assessed_as_alone(rulebook, twice, chunk)

    @settings(max_examples=settings().max_examples // 3)
    @given(cases(), st.integers(1, 7))
    def test_a_row_in_which_several_things_meet(self, case: tuple[Rulebook, list[pa.Table]], chunk: int) -> None:
        rulebook, several = case
        for table in several:
            rows_are_assessed_as_alone(rulebook, table, chunk)

    @settings(max_examples=settings().max_examples // 5)
    @given(
        st.lists(
            st.decimals(-2, 130, places=2) | st.none() | st.sampled_from([Decimal(-1), Decimal("2e9")]), min_size=1
        ),
        st.sampled_from([pa.decimal128(18, 2), pa.decimal128(38, 4), pa.float64(), pa.int64(), pa.string()]),
        st.integers(1, 5),
    )
    def test_whatever_the_cells_are(self, cells: list[Decimal | None], kind: pa.DataType, chunk: int) -> None:
        if kind == pa.int64():
            array = pa.array([None if one is None else int(one) for one in cells], kind)
        elif kind == pa.float64():
            array = pa.array([None if one is None else float(one) for one in cells], kind)
        else:
            array = pa.array([None if one is None else str(one) for one in cells], pa.string()).cast(kind)
        rows_are_assessed_as_alone(
            EDGES,
            pa.concat_tables([AT_EDGES_ONCE.cast(pa.schema([("money", kind)])), pa.table({"money": array})]),
            chunk,
        )


AT_EDGES_ONCE = pa.table({"money": pa.array([Decimal(40), Decimal(80), Decimal(120)], pa.decimal128(18, 0))})


def straight_rows(table: pa.Table) -> int:
    """How many chunks of one row, after the first, had their leaves looked up straight from the cells."""
    found = 0
    right = straight.straight

    def counted(*given_: Any) -> Any:
        nonlocal found
        ready = right(*given_)
        found += bool(ready.kept)
        return ready

    mixed.straight, kept = counted, mixed.straight  # type: ignore[assignment]
    try:
        rows_are_assessed_as_alone(EDGES, table, chunk=3)
    finally:
        mixed.straight = kept
    return found


SMALL = pa.table({"money": pa.array([Decimal(one) for one in ("40", "80", "120", "60", "59.99", "79.96", "40.04")])})


def test_cells_are_looked_up_straight(by_numba: passes.Compiled) -> None:
    """What the next tests plant a bug in is what judges these rows."""
    assert straight_rows(SMALL) == 2


def a_planted_bug_is_found(table: pa.Table = SMALL) -> None:
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(EDGES, table, chunk=3)


def test_a_table_that_begins_at_the_wrong_value_is_found(
    by_numba: passes.Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Lookups._make
    monkeypatch.setattr(Lookups, "_make", lambda self, *given_: _moved(right(self, *given_)))
    a_planted_bug_is_found()


def _moved(found: Entries | None) -> Entries | None:
    return None if found is None else evolve(found, packed=np.roll(found.packed, 1))


def test_a_cell_beyond_the_domain_that_is_looked_up_is_found(
    by_numba: passes.Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lookups, "_inside", lambda self, key, low, packed: (low, packed))
    cells = [Decimal(one) for one in ("0", "120", "80", "121", "1", "2", "-1", "3", "4")]
    a_planted_bug_is_found(pa.table({"money": pa.array(cells)}))


def test_an_empty_cell_that_is_looked_up_is_found(by_numba: passes.Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __init__(self, array: pa.Array) -> None:
            self.array, self.null_count = array, 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self.array, name)

        def __len__(self) -> int:
            return len(self.array)

    right = straight.straight

    def blind(by: Any, headings: Any, rows: Any) -> Any:
        class Rows:
            num_rows, columns = rows.num_rows, [Full(one) for one in rows.columns]

        return right(by, headings, Rows())  # type: ignore[arg-type]

    monkeypatch.setattr(mixed, "straight", blind)
    cells = [Decimal(0), Decimal(120), Decimal(80), None, Decimal(1), Decimal(2)]
    a_planted_bug_is_found(pa.table({"money": pa.array(cells)}))


def test_a_number_of_more_than_64_bits_is_no_small_one(by_numba: passes.Compiled) -> None:
    cells = [Decimal(0), Decimal(120), Decimal(80), Decimal(2**64 + 80), Decimal(1), Decimal(-(2**64) + 80)]
    rows_are_assessed_as_alone(EDGES, pa.table({"money": pa.array(cells, pa.decimal128(38, 0))}), chunk=3)


DAYS = loads(
    dumps(EDGES).partition("[indicators")[0].replace("full_marks = 30", "full_marks = 10").replace("min = 0", "")
    + '[inputs.day]\nlabel = "day"\ntype = "date"\n[indicators.due]\nname = "due"\nweight = 10\nmeasure = "day"\n'
    + 'target = "<= 2024-06-30"\ncriterion = { kind = "threshold" }\n'
)


def test_a_number_is_no_day_though_days_are_looked_up_by_their_numbers(by_numba: passes.Compiled) -> None:
    """Found: a second table, in which a date was a whole number, was judged by the days of the first."""
    days = pa.array([date(2024, 6, 29), date(2024, 6, 30), date(2024, 7, 2), date(2024, 7, 1)])
    numbers = days.cast(pa.int32()).cast(pa.int64())
    for cells in (days, days, numbers, numbers.cast(pa.float64()), numbers.cast(pa.decimal128(19, 0))):
        rows_are_assessed_as_alone(DAYS, pa.table({"day": cells}), chunk=2)


def test_the_edges_are_the_same_compiled(by_numba: passes.Compiled) -> None:
    rows_are_assessed_as_alone(EDGES, AT_EDGES)


def test_what_cannot_be_kept_on_disk_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from perfscore.batch import compiledpasses

    right = numba.njit

    def homeless(**how: Any) -> Any:
        if how.pop("cache", False):
            raise RuntimeError("no locator available for file")
        return right(**how)

    monkeypatch.setattr(numba, "njit", homeless)
    assert compiledpasses._compiled(lambda number: number + 1)(41) == 42


@pytest.mark.parametrize("bare", ["percent", "ratio"])
@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(12, 2), pa.int64()])
def test_a_percentage_is_looked_up_as_what_it_is(by_numba: passes.Compiled, bare: str, kind: pa.DataType) -> None:
    rules = loads(
        dumps(EDGES).partition("[indicators")[0].replace("full_marks = 30", "full_marks = 10")
        + f'[inputs.rate]\nlabel = "rate"\ntype = "percent"\nbare = "{bare}"\n'
        + '[indicators.rate]\nname = "rate"\nweight = 10\nmeasure = "rate"\ntarget = ">= 60%"\n'
        + 'criterion = { kind = "proportional" }\n'
    )
    cells = pa.array(
        ["0", "100", "50", "1", "2", "60", "99"] if kind == pa.int64() else ["0", "100", "50", "0.5", "0.9", "1"]
    )
    rows_are_assessed_as_alone(rules, pa.table({"rate": cells.cast(kind)}), chunk=3)
