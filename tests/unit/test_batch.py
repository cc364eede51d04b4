"""A table of many subjects: what goes in, what comes out, and what is said of cells that cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from perfscore import Facts, assess, assess_table, batch, loads
from perfscore.batch import streaming

HEAD = """
format = 1
[rulebook]
id = "roads"
title = "公路养护"
version = "1"
language = "zh"
reasons = "reported"
"""
RULES = (
    HEAD
    + """
full_marks = 20
[ratings]
scale = [ { name = "优", from = 18 }, { name = "差", from = 0 } ]
[inputs.done]
label = "完成里程"
type = "number"
min = 0
[inputs.planned]
label = "计划里程"
type = "number"
above = 0
[indicators.rate]
name = "完成率"
weight = 10
measure = "done / planned"
target = "≥ 80%"
criterion = { kind = "proportional" }
[indicators.quality]
name = "质量"
weight = 10
criterion = { kind = "judgement", consider = ["有检测"], points = "[0, 10]" }
[checks.no_more_than_planned]
that = "done <= planned * 2"
says = "完成里程不应超过计划的两倍"
severity = "warning"
"""
)
ROADS = loads(RULES)
RANKED = loads(
    HEAD
    + """
full_marks = 10
[inputs.passed]
label = "合格数"
type = "count"
[indicators.place]
name = "名次"
weight = 10
measure = 'rank(passed, best = "high", ties = "shared")'
criterion = { kind = "ranked", places = [10, 8, 6], otherwise = 0, ties = "shared" }
"""
)
TABLE = pa.table(
    {
        "subject.name": ["甲", "乙", "丙"],
        "完成里程": pa.array([Decimal("60.00"), Decimal("90.00"), Decimal("79.99")]),
        "planned": pa.array([100, 100, 100]),
        "quality": pa.array([9.5, 10.0, 8.0]),
        "quality.because": ["缺检测报告", None, None],
    }
)


def exact_rows(table: pa.Table) -> int:
    return int(table.schema.metadata[b"perfscore.rows_exact"])


def test_a_row_has_the_score_the_points_and_every_reason() -> None:
    found = assess_table(ROADS, TABLE)

    assert exact_rows(found) == 0
    first, second, third = found.to_pylist()
    assert (first["score"], first["rating"], first["points.rate"]) == (Decimal("17.00"), "差", Decimal("7.50"))
    assert first["deductions"] == [
        {"indicator": "rate", "code": "below-target", "points": Decimal("2.50")},
        {"indicator": "quality", "code": "judged", "points": Decimal("0.50")},
    ]
    assert (second["score"], second["deductions"], second["findings"]) == (Decimal("20.00"), [], [])
    assert (third["points.rate"], third["findings"]) == (
        Decimal("10.00"),
        ["PS412"],
    )  # 9.99875, and no reason for 2 points
    assert found.schema.equals(batch.schema_of(ROADS))


def test_a_row_is_what_a_subject_alone_is() -> None:
    facts = Facts(
        inputs={"done": Decimal(60), "planned": 100},
        answers={"quality": {"points": Decimal("9.5"), "because": "缺检测报告"}},
        subject="甲",
    )
    alone = assess(ROADS, facts)

    assert batch.explain(ROADS, TABLE, 0).to_dict() == alone.to_dict()
    with pytest.raises(IndexError, match="3 rows"):
        batch.explain(ROADS, TABLE, 3)


@pytest.mark.parametrize("way", ["__arrow_c_stream__", "__arrow_c_array__"])
def test_anything_that_hands_over_arrow_will_do(way: str) -> None:
    held = TABLE if way == "__arrow_c_stream__" else TABLE.to_batches()[0]
    cls = type("Other", (), {way: lambda self, *rest, **named: getattr(held, way)(*rest, **named)})

    assert assess_table(ROADS, cls()).equals(assess_table(ROADS, TABLE))
    with pytest.raises(TypeError, match="dict hands over no Arrow"):
        assess_table(ROADS, {"done": [1]})


def test_a_cell_that_cannot_be_used_is_told_with_its_column_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streaming, "ROWS", 2)
    table = TABLE.set_column(1, "完成里程", pa.array(["60", "90%", "≥80"]))
    first, second, third = assess_table(ROADS, table).to_pylist()

    assert (first["score"], first["cells"]) == (Decimal("17.00"), [])
    assert (second["score"], second["state.rate"], second["points.quality"]) == (None, "missing", Decimal("10.00"))
    assert [(one["column"], one["code"]) for one in second["cells"]] == [("完成里程", "PS403")]
    assert [(one["column"], one["code"]) for one in third["cells"]] == [("完成里程", "PS414")]
    with pytest.raises(batch.CellError, match="row 2, column '完成里程'") as told:
        assess_table(ROADS, table, strict=True)
    assert (told.value.row, told.value.column, told.value.code) == (1, "完成里程", "PS403")


def test_a_missing_figure_is_missing_and_a_division_by_zero_undefined() -> None:
    table = pa.table({"done": [1, None, 3], "planned": [1, 1, None], "quality": [1, 1, 1]})
    found = assess_table(ROADS, table).to_pylist()

    assert [one["state.rate"] for one in found] == ["scored", "missing", "missing"]
    assert [one["findings"] for one in found] == [["PS412"], ["PS401", "PS412", "PS411"], ["PS401", "PS412", "PS411"]]


def test_columns_are_known_by_path_by_label_by_indicator_or_by_what_the_caller_says() -> None:
    table = TABLE.rename_columns(["单位", "完成里程", "计划", "quality", "quality.because"])
    found = batch.understood(ROADS, table.schema, {"计划": "planned", "单位": "subject.name"})

    assert [(one.path, one.known) for one in found] == [
        (("subject", "name"), "mapping"),
        (("inputs", "done"), "label"),
        (("inputs", "planned"), "mapping"),
        (("answers", "quality", "points"), "indicator"),
        (("answers", "quality", "because"), "path"),
    ]
    assert batch.not_given(ROADS, batch.understood(ROADS, table.schema)) == ("planned",)
    assert assess_table(ROADS, table, columns={"计划": "planned"}).equals(assess_table(ROADS, TABLE))


@pytest.mark.parametrize(
    ("headers", "columns", "said"),
    [
        (["done"], {"dome": "done"}, "no column “dome”; did you mean done?"),
        (["x"], {"x": "plannd"}, "the rulebook has no “plannd”; did you mean planned?"),
        (["done", "完成里程"], {}, "the columns “done” and “完成里程” both hold done"),
        (["done", "done"], {}, "the columns “done” and “done” both hold done"),
    ],
)
def test_columns_that_cannot_be_used_are_told(headers: list[str], columns: dict[str, str], said: str) -> None:
    table = pa.Table.from_arrays([pa.array([1])] * len(headers), names=headers)
    with pytest.raises(batch.ColumnsError) as told:
        assess_table(ROADS, table, columns=columns)
    assert str(told.value) == said


@pytest.mark.parametrize(
    ("cells", "points"),
    [
        (pa.array([2**63 - 1, 40], pa.int64()), ["10.00", "5.00"]),
        (pa.array([2**64 - 1, 40], pa.uint64()), ["10.00", "5.00"]),
        (pa.array([Decimal("9" * 38), Decimal(40)], pa.decimal128(38, 0)), ["10.00", "5.00"]),
        (pa.array([Decimal("39.99" + "9" * 20), Decimal(40)]), ["5.00", "5.00"]),
        (pa.array(["4e1", "39.96"]), ["5.00", "5.00"]),
        (pa.array([39.96, 1e300]), ["5.00", None]),
        (pa.array([39.96, 39.96], pa.float32()), ["5.00", "5.00"]),  # 39.959999 as a float64
        (pa.array([float("nan"), -0.0]), [None, "0.00"]),
    ],
    ids=str,
)
def test_a_figure_is_the_number_that_stands_there_however_it_is_held(cells: pa.Array, points: list[str | None]) -> None:
    """39.96 of 80 is 4.995 points, rounded half up; a hair less is not, and a float is its shortest decimal text."""
    table = pa.table({"done": cells, "planned": [100, 100], "quality": [10, 10]})
    wanted = [None if one is None else Decimal(one) for one in points]

    assert assess_table(ROADS, table)["points.rate"].to_pylist() == wanted


def test_a_row_that_cannot_be_proved_goes_to_the_exact_reader_alone() -> None:
    table = pa.table({"done": [2**60, 40, 50, 60], "planned": [2**60 + 1, 100, 100, 100], "quality": [10] * 4})
    found = assess_table(ROADS, table)

    assert exact_rows(found) == 1
    assert found["points.rate"].to_pylist()[:2] == [Decimal("10.00"), Decimal("5.00")]


def test_a_total_is_as_wide_as_its_points_whoever_judges_it() -> None:
    """Twenty indicators of 1.3 million points each are 2.6 billion hundredths, which 32 bits do not hold."""
    each = 1_300_000
    rules = HEAD + f'full_marks = {20 * each}\nrange = [0, "300%"]\n[inputs.x]\nlabel = "x"\ntype = "number"\n'
    rules += '[[adjustments]]\nid = "again"\nclause = "again"\nwhen = "x > 20"\nmultiply = 3\n'
    for place in range(20):
        rules += f'[indicators.i{place}]\nname = "{place}"\nweight = {each}\nmeasure = "x"\ntarget = ">= 10"\n'
        rules += 'criterion = { kind = "threshold" }\n'
    found = assess_table(loads(rules), pa.table({"x": [9, 10, 21]}))

    assert found["score"].to_pylist() == [Decimal(0), Decimal(20 * each), Decimal(60 * each)]

    smaller = loads(rules.replace("1300000", "500000").replace("26000000", "10000000"))
    assert assess_table(smaller, pa.table({"x": [21, 9]}))["score"].to_pylist() == [Decimal(30_000_000), Decimal(0)]


def test_a_row_that_is_put_among_narrower_ones_keeps_its_size() -> None:
    import numpy as np

    from perfscore.batch.mixed import _put

    found = _put(np.array([1, 2, 3], np.int16), np.array([5 * 10**9]), np.array([1]))
    assert found.tolist() == [1, 5 * 10**9, 3]


def test_who_is_compared_is_compared_over_the_whole_table() -> None:
    table = pa.table({"passed": [30, 50, 40], "subject.name": ["甲", "乙", "丙"]})

    assert assess_table(RANKED, table)["score"].to_pylist() == [Decimal("6.00"), Decimal("10.00"), Decimal("8.00")]
    with pytest.raises(batch.CohortInTablesError, match="hand the whole table to assess_table"):
        batch.judge_batches(RANKED, table.to_reader())
    assert batch.explain(RANKED, table, 1).score == Decimal("10.00")


def test_dates_choices_and_yes_no_are_read_from_texts_too() -> None:
    rules = loads(
        HEAD
        + """
full_marks = 10
[inputs.due]
label = "应交"
type = "date"
[inputs.sent]
label = "实交"
type = "date"
[inputs.region]
label = "地区"
type = "choice"
choices = ["东部", "西部"]
[inputs.audited]
label = "已审计"
type = "yes-no"
[indicators.late]
name = "报送"
weight = 10
criterion = { kind = "clauses", losses = [
  { id = "late", of = "max(0, days(due, sent))", each = 1, at_most = 5 },
  { id = "open", when = 'region = "西部" and not audited', points = 3 } ] }
"""
    )
    texts = pa.table(
        {
            "due": ["2024-01-31"] * 3,
            "sent": ["2024-01-30", "2024-02-02", "2024-02-30"],
            "region": pa.array(["东部", "西部", "西部"]).dictionary_encode(),
            "audited": ["是", "否", "yes"],
        }
    )
    typed = pa.table(
        {
            "due": [date(2024, 1, 31)] * 3,
            "sent": pa.array([date(2024, 1, 30), date(2024, 2, 2), None]),
            "region": ["东部", "西部", "西部"],
            "audited": [True, False, True],
        }
    )

    assert assess_table(rules, texts)["score"].to_pylist() == [Decimal("10.00"), Decimal("5.00"), None]
    assert assess_table(rules, typed)["score"].to_pylist() == [Decimal("10.00"), Decimal("5.00"), None]
    assert exact_rows(assess_table(rules, typed)) == 0


def test_answers_as_many_different_texts_are_read_in_columns() -> None:
    rules = loads(
        """
format = 1
[rulebook]
id = "judged"
title = "评分"
version = "1"
full_marks = 10
[indicators.quality]
name = "质量"
weight = 10
criterion = { kind = "judgement" }
"""
    )
    texts = [f"{at // 1000}.{at % 1000:03}" for at in range(9_000)]
    found = assess_table(rules, pa.table({"quality.points": [*texts, "十", None]}))

    assert found["score"].to_pylist()[6_789] == Decimal("6.79")
    assert found["score"].to_pylist()[-2:] == [None, None]
    assert exact_rows(found) == 1  # 十 is no number


def test_without_the_extra_one_sentence_says_what_to_install() -> None:
    script = "import sys; sys.modules['pyarrow'] = None; import perfscore; perfscore.assess_table(None, None)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (
        done.stderr.splitlines()[-1] == "perfscore.errors.MissingExtraError: this needs pip install 'perfscore[batch]'"
    )


def test_scoring_one_subject_imports_no_extra() -> None:
    script = (
        "import sys, perfscore; rules = perfscore.load('rules/nanjing-legal-aid/2023.toml'); "
        "perfscore.assess(rules, perfscore.Facts()); print({'numpy', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_passes_are_compiled_for_long_tables_only_and_where_numba_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from perfscore.batch import passes

    kept = list(passes._compiled)
    passes._compiled.clear()
    try:
        assert isinstance(passes.passes(passes.LONG - 1), passes.ByNumpy)
        monkeypatch.setattr(passes, "find_spec", lambda name: None)
        assert isinstance(passes.passes(passes.LONG), passes.ByNumpy)
        assert passes.compiled() is None
    finally:
        passes._compiled[:] = kept


def test_a_process_that_is_forked_has_threads_of_its_own() -> None:
    """The threads that judge are kept, and a fork takes none of them along."""
    table = pa.table({"done": [60] * 3, "planned": [80] * 3})
    expected = assess_table(ROADS, table)["score"].to_pylist()
    if not hasattr(os, "fork"):
        pytest.skip("this system does not fork")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sys, pyarrow as pa, perfscore\n"
            "rules = perfscore.loads(sys.stdin.read())\n"
            "table = pa.table({'done': [60] * 3, 'planned': [80] * 3})\n"
            "perfscore.assess_table(rules, table)\n"
            "child = os.fork()\n"
            "found = perfscore.assess_table(rules, table)['score'].to_pylist()\n"
            "if child:\n"
            "    print(found, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n",
        ],
        input=RULES,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == f"{expected} 0", done.stderr


def test_who_takes_no_more_chunks_leaves_nothing_behind() -> None:
    reader = pa.Table.from_batches([pa.record_batch({"done": [60] * 3, "planned": [80] * 3})] * 50).to_reader()
    chunks = batch.judge_batches(ROADS, reader)
    assert next(chunks).num_rows == 3
    chunks.close()
    assert assess_table(ROADS, pa.table({"done": [60]})).num_rows == 1


def test_a_scale_may_have_more_steps_than_eight_bits_count() -> None:
    steps = ", ".join(f'{{ name = "{at}", from = {at} }}' for at in range(200, -1, -1))
    rules = (
        HEAD + f'full_marks = 200\n[ratings]\nscale = [ {steps} ]\n[inputs.x]\nlabel = "x"\ntype = "number"\nmin = 0\n'
    )
    rules += '[indicators.x]\nname = "x"\nweight = 200\nmeasure = "x"\ntarget = "≥ 200"\ncriterion = { kind = "proportional" }\n'

    assert assess_table(loads(rules), pa.table({"x": [200, 150, 100, 0]}))["rating"].to_pylist() == [
        "200",
        "150",
        "100",
        "0",
    ]


def test_rows_of_different_cells_do_not_have_the_same_weights_though_one_of_them_is_empty() -> None:
    """A planted bug that took every empty cell for the same, whatever stood beside it, went unnoticed."""
    from perfscore.batch.varying import _alike

    columns = [pa.array(["甲", "乙", "甲", "乙"]), pa.array([None, None, "x", None], pa.string())]
    whose, first = _alike(columns, 4)

    assert len(first) == 3
    assert whose[1] == whose[3]
    assert len({whose[0], whose[1], whose[2]}) == 3
