"""A table that lies on a cluster: a real Spark with two workers, each a process of its own, on this machine.

Needs pyspark and Java 17 or later (Debian: default-jre-headless); without them the tests here skip by name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import perfscore
from perfscore import Facts, loads, spark
from perfscore.errors import MissingExtraError

pyarrow = pytest.importorskip("pyarrow", reason="tables need perfscore[batch]")
pyspark = pytest.importorskip("pyspark", reason="clusters need perfscore[spark]")
parquet = pytest.importorskip("pyarrow.parquet")

from perfscore.batch import ColumnsError, schema_of  # noqa: E402
from tests.laws.test_compared_columns import RULES as COMPARED  # noqa: E402
from tests.unit.test_batch import HEAD, RANKED  # noqa: E402

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/howto/spark.md"
RULES = loads(
    HEAD
    + """
full_marks = 30
[ratings]
scale = [ { name = "优", from = 27 }, { name = "良", from = 18 }, { name = "差", from = 0 } ]
[inputs.done]
label = "完成里程"
type = "number"
min = 0
[inputs.planned]
label = "计划里程"
type = "number"
[inputs.due]
label = "应交"
type = "date"
[inputs.sent]
label = "实交"
type = "date"
[indicators.rate]
name = "完成率"
weight = 10
measure = "done / planned"
target = "≥ 80%"
criterion = { kind = "proportional" }
[indicators.late]
name = "报送"
weight = 10
criterion = { kind = "clauses", losses = [ { id = "late", of = "max(0, days(due, sent))", each = 0.75, at_most = 5 } ] }
[indicators.quality]
name = "质量"
weight = 10
criterion = { kind = "judgement", consider = ["有检测"] }
"""
)
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="needs Java (java on the PATH)")


def subjects() -> list[dict[str, Any]]:
    """Subjects at the edges of a cent, and some with what only the exact reader takes."""
    found: list[dict[str, Any]] = [
        {
            "unit.no": f"{at:03}",
            "完成里程": str(Decimal(at * 333) / 1000),
            "planned": 40 + at % 7,
            "due": date(2024, 1, 10),
            "sent": date(2024, 1, 1 + at % 28),
            "quality.points": [10.0, 9.5, 0.1, 7.25][at % 4],
            "quality.because": None if at % 4 == 0 else "缺检测报告",
        }
        for at in range(120)
    ]
    found[5] |= {"planned": None}
    found[6] |= {"planned": 0}
    found[7] |= {"完成里程": "≥80"}
    found[8] |= {"完成里程": "9" * 30, "planned": 2**62 + 1}
    found[9] |= {"quality.points": None}
    found[10] |= {"完成里程": "32", "planned": 80, "quality.points": 11.0}
    return found


SCHEMA = {
    "unit.no": pyarrow.string(),
    "完成里程": pyarrow.string(),
    "planned": pyarrow.int64(),
    "due": pyarrow.date32(),
    "sent": pyarrow.date32(),
    "quality.points": pyarrow.float64(),
    "quality.because": pyarrow.string(),
}
TABLE = pyarrow.Table.from_pylist(subjects(), schema=pyarrow.schema(SCHEMA))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    settings = {
        "spark.executorEnv.PYTHONPATH": str(ROOT / "src"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "16",
        "spark.sql.shuffle.partitions": "3",
        "spark.ui.enabled": "false",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("perfscore")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYSPARK_PYTHON", sys.executable)  # else the workers run the python3 of the path
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


def by_number(frame: Any) -> list[dict[str, Any]]:
    return sorted(frame.toArrow().to_pylist(), key=lambda one: one["unit.no"])


def alone(row: dict[str, Any]) -> dict[str, Any]:
    """What `assess` says of a subject, in the columns of a table."""
    done = row["完成里程"]
    inputs = {
        "done": done if "≥" in done else Decimal(done),
        "planned": row["planned"],
        "due": row["due"],
        "sent": row["sent"],
    }
    points, because = row["quality.points"], row["quality.because"]
    answer = {"points": None if points is None else Decimal(str(points)), "because": because}
    answer = {part: value for part, value in answer.items() if value is not None}
    found = perfscore.assess(
        RULES,
        Facts(
            inputs={name: value for name, value in inputs.items() if value is not None},
            answers={"quality": answer} if answer else {},
        ),
    )
    return (
        {"unit.no": row["unit.no"], "score": found.score, "rating": found.rating, "subtotal": found.subtotal}
        | {f"points.{one.id}": one.points for one in found.results}
        | {f"state.{one.id}": one.state for one in found.results}
        | {
            name: [{"indicator": one.indicator, "code": one.code, "points": one.points} for one in records]
            for name, records in (("deductions", found.deductions), ("credits", found.credits))
        }
        | {"adjustments": [], "findings": [one.code.number for one in found.plain_findings]}
    )


@needs_java
def test_every_row_has_what_assess_says_however_the_rows_are_partitioned(cluster: Any) -> None:
    frame = cluster.createDataFrame(TABLE)
    result = spark.assess(RULES, frame, keep=["unit.no"])
    found = by_number(result)

    assert cluster.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 3  # two workers, and who asks them
    assert [{name: cell for name, cell in one.items() if name != "cells"} for one in found] == list(
        map(alone, subjects())
    )
    assert [(one["unit.no"], [cell["column"] for cell in one["cells"]]) for one in found if one["cells"]] == [
        ("007", ["完成里程"]),
        ("010", ["quality.points"]),
    ]
    assert Counter(one["state.rate"] for one in found) == {"scored": 117, "missing": 2, "undefined": 1}
    for partitions in (1, 3, 20):
        again = spark.assess(RULES, frame.repartition(partitions), keep=["unit.no"])
        assert by_number(again) == found
        assert again.schema == result.schema
    unread = spark.assess(RULES, cluster.range(3), keep=[])  # no column of it is known, and no row is lost
    assert unread.toArrow().column("state.rate").to_pylist() == ["missing"] * 3
    nobody = spark.assess(RULES, frame.limit(0))
    assert nobody.toArrow().num_rows == 0
    assert nobody.schema.fields == [*frame.schema.fields, *result.schema.fields[1:]]
    assert nobody.columns == [*SCHEMA, *schema_of(RULES).names]


@needs_java
def test_a_process_makes_the_rulebook_ready_once_and_other_versions_are_refused(
    cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = loads(perfscore.dumps(RULES).replace("公路养护", "公路养护（试行）"))
    frame = cluster.createDataFrame(TABLE).repartition(12)
    before = ready_in(cluster)
    spark.assess(rules, frame).toArrow()
    spark.assess(rules, frame).toArrow()

    after = ready_in(cluster)
    assert len(after) == 2
    for process, (made, used) in after.items():
        assert (made - before[process][0], used > before[process][1]) == (1, True)

    monkeypatch.setattr(spark, "VERSION", "0.0.0")
    with pytest.raises(Exception, match=r"comes from perfscore 0\.0\.0, and this machine of the cluster has perfscore"):
        spark.assess(rules, frame).toArrow()


def ready_in(cluster: Any) -> dict[int, tuple[int, int]]:
    """How often each Python process of the cluster has made a rulebook ready, and used one that was."""

    def ask(batches: Iterator[Any]) -> Iterator[Any]:
        import os
        import time

        import pyarrow

        from perfscore.spark import _ready

        list(batches)
        time.sleep(0.2)  # so that each of them gets some
        told = _ready.cache_info()
        yield pyarrow.record_batch({"process": [os.getpid()], "made": [told.misses], "used": [told.hits]})

    rows = cluster.range(0, 8, 1, 8).mapInArrow(ask, "process long, made long, used long").collect()
    return {row.process: (row.made, row.used) for row in rows}


@needs_java
def test_the_script_of_the_page_runs_as_it_is_submitted(tmp_path: Path) -> None:
    titled = dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', PAGE.read_text("utf-8"), re.M | re.S))
    for title, body in titled.items():
        (tmp_path / title).write_text(body, encoding="utf-8")
    table = {"unit": ["north", "south"], "done": [60.0, 92.5], "records": [9.5, 10.0]}
    parquet.write_table(pyarrow.table(table), tmp_path / "projects.parquet")
    home = Path(pyspark.__file__).parent
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(home),
    }
    submit = [str(home / "bin/spark-submit"), "--master", "local[2]", "assess_projects.py"]
    done = subprocess.run(submit, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == titled["prints.txt"].split()
    found = parquet.read_table(tmp_path / "scores.parquet").sort_by("unit").to_pylist()
    assert [(one["unit"], one["score"], one["rating"]) for one in found] == [
        ("north", Decimal("17.00"), "poor"),
        ("south", Decimal("20.00"), "good"),
    ]


def towns() -> list[dict[str, Any]]:
    """Subjects of whom many are alike, some lack a figure, one stands in two rows, and one is beyond 64 bits."""
    found = [
        {
            "no": at,
            "subject.name": f"town {at}",
            "x": Decimal(at * 7 % 12) / 4,
            "y": 1 + at % 3,
            "region": ["东", "西", "南"][at % 3],
        }
        for at in range(60)
    ]
    found[4] |= {"x": None}
    found[11] |= {"region": None}
    found[17] |= {"x": Decimal(10) ** 25}
    found[23] |= {"region": "北"}
    found[29] = found[30] | {"no": 29}
    found[31] |= {"subject.name": "town 30"}
    return found


TOWNS = pyarrow.Table.from_pylist(
    towns(),
    schema=pyarrow.schema(
        {
            "no": pyarrow.int64(),
            "subject.name": pyarrow.string(),
            "x": pyarrow.decimal128(38, 2),
            "y": pyarrow.int64(),
            "region": pyarrow.string(),
        }
    ),
)


@needs_java
def test_subjects_are_compared_however_the_rows_are_partitioned(cluster: Any) -> None:
    everybody = [
        Facts(
            inputs={name: row[name] for name in ("x", "y", "region") if row[name] is not None},
            subject=row["subject.name"],
        )
        for row in towns()
    ]
    cohort = perfscore.Cohort(COMPARED, everybody)
    alone = [perfscore.assess(COMPARED, one, cohort) for one in everybody]
    assert len(cohort.subjects) == 59

    for partitions in (1, 5):
        frame = cluster.createDataFrame(TOWNS).repartition(partitions)
        found = sorted(spark.assess(COMPARED, frame, keep=["no"]).toArrow().to_pylist(), key=lambda one: one["no"])
        assert [one["score"] for one in found] == [one.score for one in alone]
        for row, one in zip(found, alone, strict=True):
            assert {id: row[f"points.{id}"] for id in ("place", "share", "again")} == {
                result.id: result.points for result in one.results
            }
            assert row["findings"] == [finding.code.number for finding in one.plain_findings]
    nameless = spark.assess(RANKED, cluster.createDataFrame(pyarrow.table({"passed": [30, 50, 40]})), keep=["passed"])
    assert sorted(zip(*nameless.select("passed", "score").toArrow().to_pydict().values(), strict=True)) == [
        (30, Decimal(6)),
        (40, Decimal(8)),
        (50, Decimal(10)),
    ]


@needs_java
def test_a_stream_of_what_is_compared_is_refused_with_what_it_compares(cluster: Any) -> None:
    rows = cluster.readStream.format("rate").load().withColumnRenamed("value", "passed")

    with pytest.raises(spark.NotDistributedError) as told:
        spark.assess(RANKED, rows)

    assert 'compares all subjects (rank(passed, best = "high", ties = "shared"))' in told.value.message.en
    assert "要把所有对象放在一起比（rank(passed" in told.value.message.zh
    assert "a streaming DataFrame never has all of them" in str(told.value)


def table_of(*headers: str) -> Any:
    """As much of a DataFrame as is asked before anything is sent."""
    return SimpleNamespace(columns=list(headers))


@pytest.mark.parametrize(
    ("headers", "options", "said"),
    [
        (["done", "Score"], {}, "two columns “Score”; rename one, or name with keep=[…] those that stay"),
        (["done", "unit", "Unit"], {}, "two columns “Unit”"),
        (["done", "unit"], {"keep": ["unti"]}, "no column “unti”; did you mean unit?"),
        (["done", "完成里程"], {}, "the columns “done” and “完成里程” both hold done"),
        (["x"], {"columns": {"y": "done"}}, "no column “y”"),
    ],
)
def test_columns_that_cannot_be_used_are_told_before_anything_runs(
    headers: list[str], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ColumnsError, match=re.escape(said)):
        spark.assess(RULES, table_of(*headers), **options)


@pytest.mark.parametrize("library", ["pyspark", "pyarrow", "pandas", "numpy"])
def test_without_the_extra_one_sentence_says_what_to_install(library: str) -> None:
    script = f"import sys; sys.modules[{library!r}] = None; from perfscore import spark; spark.assess(None, None)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.stderr.splitlines()[-1].endswith(str(MissingExtraError("spark")))
