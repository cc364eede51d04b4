"""What a table of many subjects costs, with points per indicator and reason codes kept, as ratios in one run.

In: nothing. Out: rows per second of each way (medians), their ratios, how many rows each gets wrong, how many of ours went to
the exact reader; what memory ours takes beside input and output, how its time grows with the rows, and bands alone beside
numpy; exit 1 where perfscore gets a row wrong, or where more than 0.1% of the rows fell back.

One table has 20 indicators, shares of a target, bands and steps in turn, each rounded to 2 places, and at least half of its
cells sit exactly on an edge. The ways, which take turns so that a machine that slows down slows all of them:

    perfscore  `assess_table`: score, rating, points and state of every indicator, every deduction with its code, findings
    numpy      hand-written expressions in float64 for the same points, total and rating, on one core; no reason is kept
    polars     the same as expressions of one lazy query, on all cores, as perfscore is

`numpy` and `polars` are given float64 columns. `perfscore` is given the same floats, which it takes by their shortest decimal
text (the row `floats`), and the same figures as decimals, as a database or a Parquet file hands over (the row `decimals`).
`numpy only` is the same without the compiled passes, as where numba is not installed; `wide` are figures with six decimals, of which
there are more than a table of looked-up values holds. A row is wrong where its total or its rating is not that of exact
arithmetic in whole numbers.

Run: pip install '.[fast,bench]' && python benchmarks/columns.py
"""

from __future__ import annotations

import argparse
import ctypes
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

import perfscore

FALLBACK_BOUND = 0.001
PLACES = range(20)
KINDS = ["proportional", "bands", "stepped"]
BANDS = [(80, 5), (70, 4), (60, 3), (50, 2)]
RATINGS = [("优", 90), ("良", 80), ("中", 60), ("差", 0)]
TARGET, WEIGHT, STEP = 80, 5, 0.3

Columns = dict[str, np.ndarray[Any, np.dtype[Any]]]


def rule_file() -> str:
    """The rulebook: 20 indicators of 5 points."""
    scale = ", ".join(f'{{ name = "{name}", from = {start} }}' for name, start in RATINGS)
    lines = ["format = 1", "[rulebook]", 'id = "twenty"', 'title = "二十项指标"', 'version = "1"', "full_marks = 100"]
    lines += ["[ratings]", f"scale = [ {scale} ]"]
    bands = ", ".join(
        f"{{ {f'when = {chr(34)}≥ 80{chr(34)}' if start == 80 else f'in = {chr(34)}[{start}, {start + 10}){chr(34)}'}, points = {points} }}"
        for start, points in BANDS
    )
    criteria = {
        "proportional": '{ kind = "proportional" }',
        "bands": f'{{ kind = "bands", otherwise = 0, bands = [ {bands} ] }}',
        "stepped": f'{{ kind = "stepped", below = {{ every = 1, deduct = {STEP}, part_step = "whole" }} }}',
    }
    for place in PLACES:
        lines += [f"[indicators.i{place}]", f'name = "指标{place}"', f"weight = {WEIGHT}", f'target = "≥ {TARGET}"']
        lines += ['measure = { type = "number", min = 0 }', f"criterion = {criteria[KINDS[place % 3]]}"]
    return "\n".join(lines)


def figures(rows: int) -> Columns:
    """Figures in whole hundredths, more than half of them on an edge: a band's end, the target, a tie between two cents.
    About half of the cells lose points, as in `single.py`.
    """
    random = np.random.default_rng(2023)
    edges = np.array([5000, 6000, 7000, 8000, 8000, 8000, 8000, 7992, 7976, 10000])
    return {
        f"i{place}": np.where(
            random.random(rows) < 0.55, edges[random.integers(0, len(edges), rows)], random.integers(4000, 12001, rows)
        )
        for place in PLACES
    }


def by_numpy(given: Columns) -> Columns:
    """The points, the total and the rating in float64."""
    found: Columns = {}
    for place in PLACES:
        value = given[f"i{place}"]
        match KINDS[place % 3]:
            case "proportional":
                points = np.where(value >= TARGET, WEIGHT, np.round(value / TARGET * WEIGHT, 2))
            case "bands":
                points = np.select([value >= start for start, _ in BANDS], [float(points) for _, points in BANDS], 0.0)
            case _:
                points = np.clip(np.round(WEIGHT - STEP * np.ceil(np.maximum(TARGET - value, 0)), 2), 0, WEIGHT)
        found[f"points.i{place}"] = points
    found["score"] = np.round(sum(found.values()), 2)
    found["rating"] = 3 - np.searchsorted([60, 80, 90], found["score"], side="right")
    return found


def by_polars(given: pl.DataFrame) -> pl.DataFrame:
    """The same as one lazy query."""
    every = []
    for place in PLACES:
        value = pl.col(f"i{place}")
        match KINDS[place % 3]:
            case "proportional":
                points = pl.when(value >= TARGET).then(float(WEIGHT)).otherwise((value / TARGET * WEIGHT).round(2))
            case "bands":
                points = pl.lit(0.0)
                for start, given_points in reversed(BANDS):
                    points = pl.when(value >= start).then(float(given_points)).otherwise(points)
            case _:
                steps = pl.max_horizontal(TARGET - value, 0.0).ceil()
                points = (WEIGHT - STEP * steps).round(2).clip(0, WEIGHT)
        every.append(points.alias(f"points.i{place}"))
    score = pl.sum_horizontal(f"points.i{place}" for place in PLACES).round(2).alias("score")
    at = pl.col("score")
    rating = pl.when(at >= 90).then(0).when(at >= 80).then(1).when(at >= 60).then(2).otherwise(3).alias("rating")
    return given.lazy().select(every).with_columns(score).with_columns(rating).collect()


def exactly(given: Columns, parts: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Totals in whole hundredths and ratings, told in whole numbers once more, without perfscore; figures are in so many
    parts of 1.
    """
    total = np.zeros(len(given["i0"]), np.int64)
    for place in PLACES:
        value = given[f"i{place}"]
        match KINDS[place % 3]:
            case "proportional":
                # value ÷ 80 × 5 points, rounded half up to hundredths
                points = np.where(value >= 80 * parts, 500, (2 * value * 500 + 80 * parts) // (160 * parts))
            case "bands":
                points = np.select([value >= parts * start for start, _ in BANDS], [100 * one for _, one in BANDS], 0)
            case _:
                points = np.clip(500 - 30 * -(-np.maximum(80 * parts - value, 0) // parts), 0, 500)
        total += points
    return total, 3 - np.searchsorted([6000, 8000, 9000], total, side="right")


def wrong(score: np.ndarray[Any, Any], rating: np.ndarray[Any, Any], given: Columns, parts: int) -> int:
    total, named = exactly(given, parts)
    return int(((np.rint(score * 100).astype(np.int64) != total) | (rating != named)).sum())


def timed(way: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of processor time, which other work on the machine disturbs less."""
    start, spent = time.perf_counter(), time.process_time()
    way()
    return time.perf_counter() - start, time.process_time() - spent


def main() -> int:
    parser = argparse.ArgumentParser(description="what a table of many subjects costs")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--memory", action="store_true", help="only what memory is taken: asked of a process of its own"
    )
    parser.add_argument("--most", type=int, default=10_000_000, help="how many rows there are at most to see time grow")
    options = parser.parse_args()
    if options.memory:
        return memory(options.rows)
    rules = perfscore.loads(rule_file())
    hundredths = figures(options.rows)
    floats: Columns = {name: values / 100 for name, values in hundredths.items()}
    frame = pl.DataFrame(floats)
    more = np.random.default_rng(6).integers(0, 10_000, options.rows)
    millionths = {name: values * 10_000 + more for name, values in hundredths.items()}
    tables = {
        "floats": pa.table({name: pa.array(values) for name, values in floats.items()}),
        "decimals": pa.table({name: decimals(values) for name, values in hundredths.items()}),
        "wide": pa.table({name: decimals(values, 6) for name, values in millionths.items()}),
    }
    ways: dict[str, Callable[[], Any]] = {
        "numpy": lambda: by_numpy(floats),
        "polars": lambda: by_polars(frame),
        "perfscore, floats": lambda: perfscore.assess_table(rules, tables["floats"]),
        "perfscore, decimals": lambda: perfscore.assess_table(rules, tables["decimals"]),
        "perfscore, numpy only": without_numba(lambda: perfscore.assess_table(rules, tables["decimals"])),
        "perfscore, wide": lambda: perfscore.assess_table(rules, tables["wide"]),
    }
    mistakes: dict[str, int] = {}
    fell_back = 0
    for name, way in ways.items():
        found = way()
        if name.startswith("perfscore"):
            names = [one for one, _ in RATINGS]
            codes = np.array([names.index(one) for one in found["rating"].to_pylist()])
            score = found["score"].cast(pa.float64()).to_numpy()
            fell_back = max(fell_back, int(found.schema.metadata[b"perfscore.rows_exact"]))
        else:
            score, codes = (np.asarray(found[one]) for one in ("score", "rating"))
        mistakes[name] = wrong(score, codes, *((millionths, 1_000_000) if name.endswith("wide") else (hundredths, 100)))
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            times[name].append(timed(way))
    middle = {name: statistics.median(wall for wall, _ in found) for name, found in times.items()}
    spent = {name: statistics.median(processor for _, processor in found) for name, found in times.items()}
    print(
        f"{options.rows} rows, 20 indicators; Python {platform.python_version()}, {platform.machine()}; " + packages()
    )
    for name, seconds in middle.items():
        print(
            f"{name:22} {options.rows / seconds / 1e6:8.2f} million rows a second"
            f"   numpy ÷ it {middle['numpy'] / seconds:5.2f}   polars ÷ it {middle['polars'] / seconds:5.2f}"
            f"   processor {spent[name] / options.rows * 1e9:5.0f} ns a row   wrong rows {mistakes[name] / options.rows:.2%}"
        )
    share = fell_back / options.rows
    print(f"rows that went to the exact reader: {fell_back} ({share:.3%})")
    subprocess.run([sys.executable, __file__, "--memory", "--rows", str(options.rows)], check=True)
    with_empty_cells(rules, hundredths)
    growth(rules, hundredths, options.most)
    bands_alone(hundredths, options.rounds)
    ours = sum(count for name, count in mistakes.items() if name.startswith("perfscore"))
    return int(ours > 0 or share > FALLBACK_BOUND)


def without_numba(way: Callable[[], Any]) -> Callable[[], Any]:
    """The same by numpy alone."""
    from perfscore.batch import passes

    def alone() -> Any:
        kept, passes._compiled[:] = list(passes._compiled), []
        long, passes.LONG = passes.LONG, 2**62
        try:
            return way()
        finally:
            passes._compiled[:], passes.LONG = kept, long

    return alone


def decimals(values: np.ndarray[Any, np.dtype[Any]], places: int = 2) -> pa.Array:
    wide = np.zeros((len(values), 2), np.int64)
    wide[:, 0] = values
    return pa.Array.from_buffers(pa.decimal128(10, places), len(values), [None, pa.py_buffer(wide)])


def memory(rows: int) -> int:
    """Print what memory assessing takes at its peak, beside the table and its results."""
    rules = perfscore.loads(rule_file())
    table = pa.table({name: decimals(values) for name, values in figures(rows).items()})
    perfscore.assess_table(rules, table.slice(0, 200_000))  # so that what is imported and compiled is there
    pa.default_memory_pool().release_unused()  # and nothing is left of it to be used again
    ctypes.CDLL(None).malloc_trim(0)
    before = held("VmRSS")
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak is counted from here
    found = perfscore.assess_table(rules, table)
    buffers = {
        buffer.address: buffer.size
        for column in found.columns
        for chunk in column.chunks
        for buffer in (chunk.indices if isinstance(chunk, pa.DictionaryArray) else chunk).buffers()
        if buffer is not None
    }
    output = sum(buffers.values())
    beside = held("VmHWM") - before - output
    print(f"memory: {table.nbytes / 2**20:.0f} MB in, {output / 2**20:.0f} MB out, beside them {beside / 2**20:.0f} MB")
    return 0


def held(what: str) -> int:
    """The bytes of memory that this process holds, or held at most."""
    with open("/proc/self/status") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith(what))


def with_empty_cells(rules: perfscore.Rulebook, hundredths: Columns) -> None:
    """Print what a row costs where a tenth of all cells are empty, so that nearly every row lacks some figure."""
    random = np.random.default_rng(7)
    rows = min(len(hundredths["i0"]), 200_000)
    empty = {
        name: pa.array(values[:rows] / 100, mask=random.random(rows) < 0.1, from_pandas=False)
        for name, values in hundredths.items()
    }
    table = pa.table(empty)
    rounds = [timed(lambda: perfscore.assess_table(rules, table)) for _ in range(3)]
    spent = statistics.median(one for _, one in rounds)
    alone = int(perfscore.assess_table(rules, table).schema.metadata[b"perfscore.rows_exact"])
    print(f"a tenth of the cells empty: {spent / rows * 1e9:.0f} ns of processor time a row, {alone} rows judged alone")


def growth(rules: perfscore.Rulebook, hundredths: Columns, most: int) -> None:
    """Print the time of a row in ever longer streams, of which nothing is kept."""
    table = pa.table({name: decimals(values) for name, values in hundredths.items()})
    rows = 10_000
    while rows <= most:

        def stream(left: int = rows) -> Iterator[pa.RecordBatch]:
            while left > 0:
                for batch in table.slice(0, left).to_batches():
                    yield batch
                    left -= batch.num_rows

        def judged() -> None:
            for _ in perfscore.batch.judge_batches(rules, pa.RecordBatchReader.from_batches(table.schema, stream())):
                pass

        rounds = [timed(judged) for _ in range(9 if rows < 1_000_000 else 3 if rows < 10_000_000 else 1)]
        wall, spent = (statistics.median(one) / rows * 1e9 for one in zip(*rounds, strict=True))
        print(f"growth: {rows:>10} rows  {wall:5.0f} ns a row by the clock, {spent:5.0f} ns of processor time")
        rows *= 10


def bands_alone(hundredths: Columns, rounds: int) -> None:
    """Print what bands cost on columns of whole numbers that are in memory already, on one core."""
    from perfscore.batch.leaves import by_steps
    from perfscore.batch.preparing import by_columns
    from perfscore.batch.results import frame_of
    from perfscore.formula.wholes import Figures
    from perfscore.planning import compiled

    plan = compiled(perfscore.loads(rule_file()))
    prepared = by_columns(frame_of(plan))
    if prepared is None:
        raise TypeError(plan)
    steps = prepared.steps[plan.index["i1"]]
    value = hundredths["i1"].astype(np.int32)
    rows, size = len(value), 65_536
    starts = [(100 * start, 100 * points) for start, points in sorted(BANDS)]
    ends = np.array([0, *(points for _, points in starts)], np.int16)

    def ours() -> None:
        for at in range(0, rows, size):
            some = value[at : at + size]
            by_steps(steps, Figures(some, 100, 4000, 12000, 100), len(some), prepared.packing)

    def numpy() -> None:
        for at in range(0, rows, size):
            some = value[at : at + size]
            passed = np.zeros(len(some), np.int8)
            for start, _ in starts:
                passed += some >= start
            np.take(ends, passed)

    def selected() -> None:
        np.select([value >= start for start, _ in reversed(starts)], [points for _, points in reversed(starts)], 0)

    ways = {"perfscore, with reasons": ours, "numpy, ends counted": numpy, "numpy.select": selected}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(4 * rounds):
        for name, way in ways.items():
            times[name].append(timed(way)[1])
    for name, spent in times.items():
        print(f"one indicator of bands, {name:24} {rows / statistics.median(spent) / 1e6:6.0f} million rows a second")


def packages() -> str:
    return ", ".join(f"{name} {version(name)}" for name in ("perfscore", "numpy", "polars", "pyarrow", "numba"))


if __name__ == "__main__":
    sys.exit(main())
