"""Law 5: a row of a table has what `assess` says of the same facts, in every field, whatever stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import Cohort, Facts, Rulebook, assess, batch, dumps, loads, testing
from perfscore.batch import leaves, lines, mixed, parameters, passes, spelling, together, tree
from perfscore.batch.cells import facts_of
from perfscore.batch.mixed import cells_of
from perfscore.facts import Answer
from perfscore.formula import choosing, wholes
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.columns import Column, Columns, Texts, Truths, day_number
from perfscore.formula.exact import Slots
from perfscore.formula.shapes import Formula, Given, Name, Quotient, number
from perfscore.formula.wholes import Figures, NoColumns, Unproved
from perfscore.indicator import Input
from perfscore.planning import compiled
from perfscore.quantity import decimal, spelled
from tests.laws import naive
from tests.laws.test_formulas import VOCABULARY, exactly, formulas, rows, slot_of

Cell = Any
SEVERAL = st.lists(rows(), min_size=1, max_size=3)


def column_of(name: str, slot: int, several: Sequence[dict[str, naive.Value]]) -> Column | None:
    """The column of a name in several rows; what is missing there is its own slot."""
    type, cells = VOCABULARY[name].type, [one[name] for one in several]
    lacks = [
        0 if not isinstance(one, naive.Lacking) else wholes.UNSAID if one.state == "undefined" else slot + 1
        for one in cells
    ]
    without = np.array(lacks, np.int32) if any(lacks) else None
    match type:
        case "table":
            return None
        case "yes-no":
            return Truths(np.array([one is True for one in cells]), without)
        case "choice" | "text":
            return Texts(np.array([one == "乙" for one in cells], np.int32), ("甲", "乙"), without)
        case "date":
            return whole([Fraction(day_number(one)) if isinstance(one, date) else None for one in cells], without)
        case _:
            return whole([one if isinstance(one, Fraction) else None for one in cells], without)


def whole(numbers: Sequence[Fraction | None], without: wholes.Lacks | None) -> Figures | None:
    """A column of numbers over their common denominator, where 64 bits hold them."""
    below = lcm(*(one.denominator for one in numbers if one is not None))
    held = [0 if one is None else int(one * below) for one in numbers]
    if max(map(abs, (*held, below))) >= 2**63:
        return None
    return Figures(np.array(held, np.int64), below, min(held), max(held), below, without)


def first_missing(formula: Formula, row: dict[str, naive.Value]) -> str | None:
    """The name of what the exact reader misses first, where that is a figure that was not given."""
    slots: list[Slot] = []
    for name, value in row.items():
        gone = isinstance(value, naive.Lacking) and value.state == "missing"
        slots.append(Absent(name, "not-given") if gone else slot_of(value))
    try:
        Slots({name: at for at, name in enumerate(row)}).value(formula)(slots)
    except Unreadable as unreadable:
        return unreadable.absent.name if unreadable.absent.why == "not-given" else None
    return None


def columns_agree(formula: Formula, several: Sequence[dict[str, naive.Value]]) -> bool:
    """Whether a formula was read in columns; what it gives there is what the exact reader gives row by row."""
    names = list(several[0])
    held = {at: found for at, name in enumerate(names) if (found := column_of(name, at, several)) is not None}
    undefined = {
        at for at, name in enumerate(names) if any(getattr(one[name], "state", "") == "undefined" for one in several)
    }
    inputs = frozenset(range(len(names))) - undefined
    read = Columns(len(several), held, {name: at for at, name in enumerate(names)}, inputs=inputs)
    try:
        found = read.read(formula)
    except (NoColumns, Unproved):
        return False
    for at, row in enumerate(several):
        wanted = exactly(formula, row)
        if found.without is not None and found.without[at]:
            missing = first_missing(formula, row)
            assert wanted in ("missing", "undefined")
            assert found.without[at] == (wholes.UNSAID if missing is None else names.index(missing) + 1)
        else:
            assert at_row(found, at) == wanted
    return True


def at_row(found: Column, at: int) -> object:
    match found:
        case Figures():
            above, below = (one if isinstance(one, int) else one[at] for one in (found.above, found.below))
            assert found.low <= int(above) <= found.high
            assert 1 <= int(below) <= found.most
            return Fraction(int(above), int(below))
        case Truths():
            return found.holds if isinstance(found.holds, bool) else bool(found.holds[at])
        case Texts():
            return found.words[found.places[at]]


@settings(max_examples=settings().max_examples // 4)
@given(formulas, SEVERAL)
def test_columns_give_what_the_exact_reader_gives_row_by_row(
    formula: Formula, several: list[dict[str, naive.Value]]
) -> None:
    columns_agree(formula, several)


def test_one_or_the_other_is_as_wide_as_both() -> None:
    """Found: a plain number was cut down to the 32 bits of the numbers beside it."""
    where, narrow = np.array([True, False]), np.array([3, 4], np.int32)
    beside = Figures(narrow, np.array([5, 6], np.int32), 3, 4, 6)
    for above, below in ((2**40, 7), (-(2**40), 7), (7, 2**40)):
        found = choosing.chosen(where, Figures(above, below, above, above, below), beside)
        assert [at_row(found, 0), at_row(found, 1)] == [Fraction(above, below), Fraction(2, 3)]


def test_nothing_divided_by_a_figure_is_one_number_for_everybody() -> None:
    """Found: numpy made a number of no row of it, over a denominator a row."""
    several = [{name: naive.Lacking("missing") for name in VOCABULARY} | {"open": Fraction(1, n)} for n in (6, 7)]
    assert columns_agree(Quotient(number(Fraction(0)), Name("open")), several)


def test_a_figure_that_cannot_be_computed_is_given_all_the_same() -> None:
    several: list[dict[str, naive.Value]] = [{"x": naive.Lacking("undefined")}, {"x": naive.Lacking("missing")}]

    assert not columns_agree(Given("x"), several)  # what is lacking there is not told apart in columns
    assert columns_agree(Given("x"), several[1:])


@st.composite
def tables(draw: st.DrawFn, rulebooks: st.SearchStrategy[Rulebook]) -> tuple[Rulebook, pa.Table]:
    """A rulebook and a table of subjects, its columns of whatever type holds them. Each cell is that of some subject; in a
    table that is filled in, nothing is missing that anybody gave.
    """
    rulebook = draw(rulebooks)
    return rulebook, draw(tables_of(rulebook))


@st.composite
def tables_of(draw: st.DrawFn, rulebook: Rulebook) -> pa.Table:
    """A table of subjects of a rulebook."""
    several = [told(one) for one in draw(st.lists(testing.facts(rulebook), min_size=1, max_size=3))]
    headers = list(dict.fromkeys(header for one in several for header in one if draw(st.integers(0, 15)) < 15))
    inputs = {one.name: one for one in rulebook.all_inputs()}
    size, filled = draw(st.integers(1, 12)), draw(st.booleans())
    found: dict[str, pa.Array] = {"nothing": pa.nulls(size)}
    for header in headers:
        if filled and header.endswith(".not_applicable"):
            continue
        cells = [one.get(header) for one in several]
        cells = [one for one in cells if one is not None] if filled else cells
        places = draw(st.lists(st.integers(0, len(cells) - 1), min_size=size, max_size=size))
        found[header] = array_of(draw, [cells[at] for at in places], inputs.get(header))
    return pa.table(found)


def told(facts: Facts) -> dict[str, Cell]:
    """The facts as one row of a table holds them: without sources, several raters and reviews."""
    found: dict[str, Cell] = {
        name: fact.value for name, fact in facts.inputs.items() if not isinstance(fact.value, tuple)
    }
    for id, answer in facts.answers.items():
        found |= {f"{id}.{part}": value for part, value in answer.parts().items()}
        found |= words_of(id, answer)
    subject = facts.subject
    found |= {"subject.name": subject.name, "subject.period": subject.period, "subject.date": subject.date}
    return {header: cell for header, cell in found.items() if cell is not None}


def words_of(id: str, answer: Answer) -> dict[str, Cell]:
    said = {"not_applicable": answer.not_applicable, "process": answer.process, "by": answer.by}
    return {f"{id}.{key}": value for key, value in (said | {"because": answer.because}).items()}


def array_of(draw: st.DrawFn, cells: list[Cell], declared: Input | None) -> pa.Array:
    """A column by one of the types that hold its cells."""
    cells = [None if isinstance(one, Fraction) and decimal(one) is None else one for one in cells]
    there = [one for one in cells if one is not None]
    if all(isinstance(one, bool) for one in there):
        return pa.array(cells, pa.bool_())
    if all(type(one) is date for one in there):
        return pa.array(cells, pa.date32())
    if all(isinstance(one, int | Decimal | Fraction) and not isinstance(one, bool) for one in there):
        return numbers_of(draw, [None if one is None else Fraction(one) for one in cells])
    texts = [None if one is None else text_of(one) for one in cells]
    if draw(st.integers(0, 15)) == 0:  # a table that came from a spreadsheet
        texts[draw(st.integers(0, len(texts) - 1))] = draw(st.sampled_from(["#DIV/0!", " #N/A"]))
    kind = draw(
        st.sampled_from([pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())])
    )
    return pa.array(texts, kind)


def numbers_of(draw: st.DrawFn, numbers: list[Fraction | None]) -> pa.Array:
    there = [one for one in numbers if one is not None]
    kinds = ["text"]
    places = max((len(spelled(one).partition(".")[2]) for one in there), default=0)
    if places <= 30 and all(abs(one) < 10 ** (38 - places) for one in there):
        kinds += ["decimal", "decimal"]
    if all(one.denominator == 1 and abs(one) < 2**63 for one in there):
        kinds += ["int", "int"]
    if all(Fraction(repr(float(one))) == one for one in there):
        kinds += ["float", "float"]
    match draw(st.sampled_from(kinds)):
        case "int":
            return pa.array([None if one is None else int(one) for one in numbers], pa.int64())
        case "float":
            return pa.array([None if one is None else float(one) for one in numbers], pa.float64())
        case "decimal":
            return pa.array([None if one is None else decimal(one) for one in numbers], pa.decimal128(38, places))
        case _:
            return pa.array(
                [None if one is None else draw(st.sampled_from(writings(one))) for one in numbers], pa.string()
            )


def writings(number: Fraction) -> list[str]:
    """The ways in which people and programs write a number in a table."""
    held = decimal(number)
    if held is None:
        return [spelled(number)]
    plain = f"{held:f}"
    finer = plain + ("00000000" if "." in plain else ".00000000")
    return [plain, plain, f"{held:,f}", finer, plain if held < 0 else f"+{plain}"]


def text_of(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return spelled(Fraction(cell)) if isinstance(cell, int | Decimal | Fraction) else str(cell)


def rows_are_assessed_as_alone(rulebook: Rulebook, table: pa.Table, chunk: int = 4) -> None:
    """Law 5 for one table."""
    reader = table.to_reader(max_chunksize=chunk)
    cohort = None
    headings = batch.understood(rulebook, table.schema)
    facts = [facts_of(headings, cells)[0] for cells in cells_of(table.combine_chunks())]
    if compiled(rulebook).peers:
        found, cohort = batch.assess_table(rulebook, reader), Cohort(rulebook, facts)
    else:
        found = pa.Table.from_batches(list(batch.judge_batches(rulebook, reader)), batch.schema_of(rulebook))
    for row, one in zip(found.to_pylist(), facts, strict=True):
        alone = assess(rulebook, one, cohort)
        assert (row["score"], row["subtotal"], row["rating"]) == (alone.score, alone.subtotal, alone.rating)
        for result in alone.results:
            assert (row[f"points.{result.id}"], row[f"state.{result.id}"]) == (result.points, result.state), result.id
        for key, records in (("deductions", alone.deductions), ("credits", alone.credits)):
            assert [tuple(entry.values()) for entry in row[key]] == [(r.indicator, r.code, r.points) for r in records]
        assert [tuple(line.values()) for line in row["adjustments"]] == [(r.id, r.points) for r in alone.adjustments]
        assert row["findings"] == [finding.code.number for finding in alone.plain_findings]


@settings(max_examples=settings().max_examples // 5)  # drawing a rulebook takes longer than judging its table
@given(tables(testing.rulebooks(max_leaves=3)), st.integers(1, 7))
def test_a_row_of_a_table_is_assessed_as_a_subject_alone(case: tuple[Rulebook, pa.Table], chunk: int) -> None:
    rows_are_assessed_as_alone(*case, chunk)


WRITTEN = loads(
    """
format = 1
[rulebook]
id = "written"
title = "written"
version = "1"
language = "en"
full_marks = 30
[inputs.money]
label = "money"
type = "number"
min = 0
[inputs.signed]
label = "signed"
type = "percent"
[inputs.ratio]
label = "ratio"
type = "percent"
bare = "ratio"
[indicators.money]
name = "money"
weight = 10
measure = "money"
target = ">= 1234.5678901"
criterion = { kind = "proportional" }
[indicators.signed]
name = "signed"
weight = 10
measure = "signed"
criterion = { kind = "bands", otherwise = 0, bands = [ { when = ">= 80%", points = 10 }, { in = "[60%, 80%)", points = 6 } ] }
[indicators.ratio]
name = "ratio"
weight = 10
measure = "ratio"
target = ">= 90%"
criterion = { kind = "proportional" }
"""
)
NUMBERS = st.one_of(
    st.decimals("-10", "3000", places=2),
    st.decimals("0", "2", places=17),
    st.decimals("0", "3000", places=9),
    st.sampled_from(
        ["1234.5678901", "1234567.80", "80", "60", "0.9", "0.8", "0.6", "0", "1e-9", "123456789012345678", "-0"]
    ).map(Decimal),
)
NO_NUMBERS = st.sampled_from(
    [
        "",
        "  ",
        "#N/A",
        "约一半",
        "≥80",
        "1,2,3",
        "1_000",
        "1e2",
        "１２３",
        "95 %",
        "95％",
        "95%%",
        "1,234%",
        "%",
        ",",
        "0.1.2",
    ]
)


@st.composite
def written_columns(draw: st.DrawFn) -> pa.Table:
    """Numbers as texts in all ways in which they are written, one column in several, or as floats with all their digits."""
    size = draw(st.integers(1, 8))
    found = {}
    for name in ("money", "signed", "ratio"):
        numbers = draw(st.lists(NUMBERS, min_size=size, max_size=size))
        if draw(st.booleans()):
            kind = draw(st.sampled_from([pa.float64(), pa.float64(), pa.float32()]))
            found[name] = pa.array([draw(st.sampled_from([float(one), float(one) / 3, None])) for one in numbers], kind)
            continue
        texts = [draw(st.sampled_from(writings(Fraction(one)))) for one in numbers]
        if name == "signed" or (name == "ratio" and draw(st.booleans())):
            texts = [f"{one}%" if draw(st.integers(0, 7)) else one for one in texts]
        if draw(st.booleans()):
            texts[draw(st.integers(0, size - 1))] = draw(NO_NUMBERS)
        found[name] = pa.array(texts, draw(st.sampled_from([pa.string(), pa.large_string()])))
    return pa.table(found)


@given(written_columns(), st.integers(1, 8))
def test_a_number_is_what_its_text_states_however_it_is_written(table: pa.Table, chunk: int) -> None:
    rows_are_assessed_as_alone(WRITTEN, table, chunk)


IN_MANY_WAYS = pa.table(
    {
        "money": ["1,234,567.80", "1234.567890123", "1,234.5678901", "+999.99", "0.1234567890"],
        "signed": ["80%", "59.9999999999%", "79.999999999 %", "80％", "1_0%"],
        "ratio": ["0.9", "89.9999999%", "0.12345678901", "90%", "1"],
    }
)


def test_numbers_written_in_many_ways_are_read_in_columns() -> None:
    """What the next tests plant a bug in is what reads these rows."""
    rows_are_assessed_as_alone(WRITTEN, IN_MANY_WAYS)
    judged = batch.assess_table(WRITTEN, IN_MANY_WAYS)
    assert judged.schema.metadata[b"perfscore.rows_exact"] == b"0"
    floats = pa.table({"money": [50.25, 200 / 3, 100 / 3], "signed": [0.0, 0.0, 0.0], "ratio": [0.9, 2 / 3, 0.1 * 3]})
    rows_are_assessed_as_alone(WRITTEN, floats)
    assert batch.assess_table(WRITTEN, floats).schema.metadata[b"perfscore.rows_exact"] == b"0"


@pytest.mark.parametrize(
    ("name", "bug"),
    [
        ("_without_commas", lambda words: pc.replace_substring_regex(words, ",.*", "")),
        ("_fitting", lambda words, at, most: (np.ones(len(words), np.bool_), 0)),
        ("_with_others", lambda found, *rest: evolve(found, odd=None)),
    ],
)
def test_a_text_that_is_read_as_another_number_is_found(monkeypatch: pytest.MonkeyPatch, name: str, bug: Any) -> None:
    monkeypatch.setattr(spelling, name, bug)
    with pytest.raises((AssertionError, pa.ArrowInvalid)):
        rows_are_assessed_as_alone(WRITTEN, IN_MANY_WAYS)


DATED = loads(
    """
format = 1
[rulebook]
id = "dated"
title = "dated"
version = "1"
language = "en"
full_marks = 20
[inputs.region]
label = "region"
type = "choice"
choices = ["east", "west", "north"]
[inputs.done]
label = "done"
type = "number"
[parameters.least]
label = "least"
values = [ { from = 2020-01-01, value = 40 }, { from = 2023-06-30, value = 80 } ]
[parameters.most]
label = "most"
by = "region"
[parameters.most.values]
east = 50
west = [ { from = 2015-01-01, value = 60 }, { from = 2023-01-01, value = 90 } ]
north = [ { from = 2024-01-01, value = 45 } ]
[indicators.low]
name = "low"
weight = 10
measure = "done"
target = ">= least"
criterion = { kind = "proportional" }
[indicators.high]
name = "high"
weight = 10
measure = "done"
target = ">= most"
criterion = { kind = "proportional" }
"""
)
DAYS = [
    date(2019, 12, 31),
    date(2020, 1, 1),
    date(2023, 1, 1),
    date(2023, 6, 29),
    date(2023, 6, 30),
    date(2024, 2, 29),
    None,
]
PERIODS = ["2019", "2020年", "2023年度", "2023-06", "2023年5月", "2023-13", "2023", "上半年", "", None]


@st.composite
def dated_tables(draw: st.DrawFn) -> pa.Table:
    """Subjects with a day, a period, both or none, as dates, texts or numbers, some of them none."""
    size = draw(st.integers(1, 8))

    def cells(of: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(of), min_size=size, max_size=size))

    found: dict[str, pa.Array] = {
        "done": pa.array(cells([30, 40, 45, 80])),
        "region": pa.array(cells(["east", "west", "north", None])),
    }
    if draw(st.booleans()):
        days = cells(DAYS)
        texts = [None if one is None else one.isoformat() for one in days]
        texts[0] = draw(st.sampled_from([texts[0], "2023-02-30", "#REF!", " 2023-06-30 "]))
        found["subject.date"] = draw(
            st.sampled_from(
                [
                    pa.array(days, pa.date32()),
                    pa.array(texts, pa.string()),
                    pa.array(days, pa.date32()).cast(pa.timestamp("us")),
                ]
            )
        )
    if draw(st.booleans()):
        found["subject.period"] = draw(
            st.sampled_from([pa.array(cells(PERIODS), pa.string()), pa.array(cells([2019, 2023, None]), pa.int64())])
        )
    return pa.table(found)


@given(dated_tables(), st.integers(1, 8))
def test_a_parameter_is_that_of_the_day_of_each_row(table: pa.Table, chunk: int) -> None:
    rows_are_assessed_as_alone(DATED, table, chunk)


ON_DAYS = pa.table(
    {
        "done": [30, 40, 45, 45, 45, 45],
        "region": ["west", "east", "west", "east", "west", "west"],
        "subject.date": ["2020-01-01", "2022-12-31", "2023-01-01", "2023-06-29", "2023-06-30", None],
        "subject.period": ["2019", None, "2024", "2023", None, "2023年5月"],
    }
)


def test_parameters_of_days_are_read_in_columns() -> None:
    """What the next test plants a bug in is what judges these rows."""
    rows_are_assessed_as_alone(DATED, ON_DAYS)
    assert batch.assess_table(DATED, ON_DAYS).schema.metadata[b"perfscore.rows_exact"] == b"0"


def test_a_parameter_that_begins_to_hold_a_day_late_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "day_number", lambda day: day_number(day) + 1)
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(DATED, ON_DAYS)


@settings(max_examples=settings().max_examples // 5)
@given(tables(testing.comparing_rulebooks(max_leaves=3)), st.integers(1, 7))
def test_a_row_that_is_compared_is_assessed_as_in_a_cohort(case: tuple[Rulebook, pa.Table], chunk: int) -> None:
    rows_are_assessed_as_alone(*case, chunk)


EDGES = loads(
    """
format = 1
[rulebook]
id = "edges"
title = "edges"
version = "1"
language = "en"
full_marks = 30
[inputs.money]
label = "money"
type = "number"
min = 0
[indicators.bands]
name = "bands"
weight = 10
measure = "money"
criterion = { kind = "bands", otherwise = 0, bands = [ { when = ">= 80", points = 10 }, { in = "[60, 80)", points = 6 } ] }
[indicators.share]
name = "share"
weight = 10
measure = "money"
target = ">= 80"
criterion = { kind = "proportional" }
[indicators.large]
name = "large"
weight = 10
measure = "money"
target = ">= 2000000000"
criterion = { kind = "proportional" }
"""
)
AT_EDGES = pa.table(
    {"money": pa.array([Decimal(one) for one in ("80", "60", "59.99", "79.96", "40.04", "1200000000")])}
)


def test_the_edges_are_read_in_columns() -> None:
    """What the next tests plant a bug in is what judges these rows."""
    rows_are_assessed_as_alone(EDGES, AT_EDGES)
    assert batch.assess_table(EDGES, AT_EDGES).schema.metadata[b"perfscore.rows_exact"] == b"0"


def a_planted_bug_is_found() -> None:
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(EDGES, AT_EDGES, chunk=10)


def test_an_edge_that_falls_to_the_wrong_band_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = choosing._with_number
    turned = {"≥": ">", "<": "≤"}
    monkeypatch.setattr(choosing, "_with_number", lambda of, by, number: right(of, turned.get(by, by), number))
    a_planted_bug_is_found()


def test_half_a_cent_that_is_cut_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaves, "divided", lambda above, below, ends: wholes.divided(above - below // 2, below, ends))
    a_planted_bug_is_found()


def test_a_proof_that_lets_an_overflow_pass_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wholes, "width", lambda *ends: np.int32)
    monkeypatch.setattr(passes, "width", lambda *ends: np.int64)
    with np.errstate(all="ignore"):
        a_planted_bug_is_found()


def test_a_row_that_gets_the_reasons_of_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = lines.records_of

    def shifted(*given: Any) -> Any:
        found = right(*given)
        return evolve(found, counts=np.roll(found.counts, 1))

    monkeypatch.setattr(together, "records_of", shifted)
    a_planted_bug_is_found()


def test_a_row_that_is_marked_odd_and_not_judged_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = mixed.judged_batch
    monkeypatch.setattr(mixed, "judged_batch", lambda *given: (right(*given)[0], None))
    table = pa.table({"money": pa.array([Decimal(80), Decimal(-1), Decimal(60)])})
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(EDGES, table)


def test_units_that_do_not_fit_beside_a_code_are_judged_alone() -> None:
    """Found: a deduction of 7,500,000,000,000,000 points stood as another, and the codes of the row after it too."""
    entries = ", ".join(f'{{ id = "{id}", of = "money", each = {each} }}' for id, each in (("a", 0.5), ("b", 0.01)))
    rules = loads(
        dumps(EDGES)
        .replace("full_marks = 30", "full_marks = 10\nrange = [-9000000000000000, 10]")
        .partition("[indicators")[0]
        + '[indicators.a]\nname = "a"\nweight = 10\nrange = [-9000000000000000, 10]\nmeasure = "money"\n'
        + f'criterion = {{ kind = "per-occurrence", deductions = [ {entries} ] }}\n'
    )
    table = pa.table({"money": [1, 15 * 10**15, 3]})

    rows_are_assessed_as_alone(rules, table, chunk=10)
    assert batch.assess_table(rules, table).schema.metadata[b"perfscore.rows_exact"] == b"1"


MISSING = pa.table({"money": pa.array([Decimal(80), None, Decimal(60)])})


def test_a_missing_figure_is_no_reason_to_leave_the_columns() -> None:
    for policy in ("error", "zero", "not-scored"):
        rules = loads(dumps(EDGES).replace("weight = 10\n", f'weight = 10\nmissing = "{policy}"\n'))
        rows_are_assessed_as_alone(rules, MISSING)
        rows_are_assessed_as_alone(rules, pa.table({"note": ["none of its figures is there"]}), chunk=1)
        found = batch.assess_table(rules, MISSING)
        assert found["state.bands"].to_pylist() == ["scored", "missing", "scored"]
        assert found.schema.metadata[b"perfscore.rows_exact"] == b"0"


def test_a_missing_figure_that_is_taken_for_zero_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = tree.settled
    monkeypatch.setattr(
        tree, "settled", lambda plan, leaf, kept, *rest: right(plan, leaf, evolve(kept, without=None), *rest)
    )
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(EDGES, MISSING)


@given(
    st.lists(st.one_of(st.integers(-(2**64), 2**64), st.sampled_from([2**63 - 1, -(2**63), 2**31, 2**53])), min_size=2)
)
def test_whole_quotients_are_rounded_down_at_any_size(numbers: list[int]) -> None:
    above, below = numbers[:-1], max(abs(numbers[-1]), 1)
    for limit in (2**31 - 1, 2**52 - 1, 2**63 - 1):
        inside = [one for one in above if abs(one) <= limit]
        if inside and below <= limit:
            held = np.array(inside, np.int64)
            for divisor in (below, np.full(len(inside), below)):
                ends = Figures(held, divisor, min(inside), max(inside), below)
                assert wholes.divided(held, divisor, ends).tolist() == [one // below for one in inside]
