"""What judging a table costs on a Spark cluster of two workers on this machine, each a process of its own.

The rulebook and the figures are those of `columns.py`, kept by Spark in 8 partitions; then with a rank of points among all beside
them. Every row is judged and handed back to Spark, and written nowhere (`noop`). The first line hands the figures to Python and
back and judges nothing; the last ones are the same table in one process.

Run: pip install '.[spark,bench]' && python benchmarks/cluster.py
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from columns import decimals, figures, rule_file, timed
from pyspark.sql import DataFrame, SparkSession

import perfscore
from perfscore import spark

PLACED = """
[indicators.place]
name = "名次"
weight = 5
measure = 'rank(points("i0") + points("i3"), best = "high", ties = "shared")'
criterion = { kind = "interpolated", outside = "clamp", through = [ { at = 1, points = 5 }, { at = 1000000, points = 0 } ] }
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="what a table on a cluster costs")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.executorEnv.PYTHONPATH": str(Path(perfscore.__file__).parents[1]),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    plain = perfscore.loads(rule_file())
    placed = perfscore.loads(rule_file().replace("full_marks = 100", "full_marks = 105") + PLACED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.parquet"
        table = pa.table({name: decimals(values) for name, values in figures(options.rows).items()})
        pq.write_table(table, path, row_group_size=65_536)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        frame = session.read.parquet(str(path)).repartition(8).cache()
        frame.count()
        print(f"{options.rows} rows, 20 indicators; Python {platform.python_version()}, Spark {session.version}")
        ways = {
            "two workers, not judged": lambda: written(frame.mapInArrow(handed_back, frame.schema)),
            "two workers": lambda: written(spark.assess(plain, frame, keep=[])),
            "two workers, with a rank": lambda: written(spark.assess(placed, frame, keep=[])),
            "one process": lambda: perfscore.assess_table(plain, table),
            "one process, with a rank": lambda: perfscore.assess_table(placed, table),
        }
        for name, way in ways.items():
            way()
            seconds = sorted(timed(way)[0] for _ in range(options.rounds))[options.rounds // 2]
            print(
                f"{name:26} {seconds:6.2f} s  {options.rows / seconds / 1000:6.0f} thousand rows a second", flush=True
            )
        session.stop()
        time.sleep(1)  # until Spark has let go of the folder


def written(rows: DataFrame) -> None:
    rows.write.format("noop").mode("overwrite").save()


def handed_back(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    return batches


if __name__ == "__main__":
    main()
