"""What one assessment costs, with every reason, as ratios in one run.

In: nothing. Out: medians of what each way takes for one subject, and their ratios; exit 1 over a bound.

One subject has 20 indicators in three levels: shares of a target, bands and steps in turn, as real tables have them;
half of them lose points, each is rounded to 2 places. The ways, which take turns so that a machine that slows down
slows all of them:

    plain     a hand-written loop over floats that computes and rounds the same points, and explains nothing
    assess    `perfscore.assess(rulebook, facts)`: the score and the rating are read
    told      the same, and every reason as a sentence in Chinese and in English
    read      from a plain dict: its `Facts` made, assessed, every node's and every deduction's points read (no bound)
    zen       zen-engine (GoRules, written in Rust), the same rules as 20 decision tables, the trace on

What is not in the times: reading the rule file, compiling it (perfscore keeps the last plans it compiled, zen the
content of its loader), and making numbers of text, nor, but for `read`, making the `Facts` of a row: the plain loop and
zen are handed their dict ready too. An assessment makes the objects for its nodes when somebody asks for them; their
points are known before. No two calls in a row score the same subject, and no result is kept. Before anything is timed,
all ways give the same points for every subject.

Run: pip install '.[bench]' && python benchmarks/single.py
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from importlib.metadata import version
from math import ceil, floor
from typing import Any

from zen import ZenEngine

import perfscore

ASSESS_BOUND, TOLD_BOUND, ZEN_BOUND = 15.0, 30.0, 3.0
SUBJECTS = 50
WEIGHTS = [4, 5, 6, 5]
KINDS = ["proportional", "bands", "stepped"]
SHAPE = [[3, 2], [3, 2], [3, 2], [3, 2]]
SHARES = [(90, 100), (80, 80), (70, 60), (60, 40)]
RATINGS = [("优", 90), ("良", 80), ("中", 60), ("差", 0)]
LEAVES = [(place, KINDS[place % 3], WEIGHTS[place % 4]) for place in range(20)]
NAMES = [(kind, weight, f"rate{place}", f"done{place}", f"plan{place}") for place, kind, weight in LEAVES]

Row = dict[str, float]


def rule_file() -> str:
    """The rulebook: four branches of two branches of leaves."""
    lines = ["format = 1", "[rulebook]", 'id = "twenty"', 'title = "二十项指标"', 'version = "1"', "full_marks = 100"]
    for place, kind, _ in LEAVES:
        for name in [f"done{place}", f"plan{place}"] if kind == "proportional" else []:
            lines += [f"[inputs.{name}]", f'label = "{name}"', 'type = "number"', "above = 0"]
        if kind != "proportional":
            lines += [f"[inputs.rate{place}]", f'label = "完成率{place}"', 'type = "percent"', 'bare = "percent"']
    leaves = iter(LEAVES)
    for first, groups in enumerate(SHAPE):
        lines += [f"[indicators.a{first}]", f'name = "一级{first}"']
        for second, size in enumerate(groups):
            lines += [f"[indicators.a{first}.b{second}]", f'name = "二级{second}"']
            for _ in range(size):
                place, kind, weight = next(leaves)
                lines += [f"[indicators.a{first}.b{second}.c{place}]", f'name = "三级{place}"', f"weight = {weight}"]
                lines += criterion(place, kind)
    scale = ", ".join(f'{{ name = "{name}", from = {least} }}' for name, least in RATINGS)
    return "\n".join([*lines, "[ratings]", f"scale = [ {scale} ]", ""])


def criterion(place: int, kind: str) -> list[str]:
    """What a leaf is measured by and how it loses points."""
    if kind == "proportional":
        return [f'measure = "done{place} / plan{place}"', 'target = "≥ 95%"', 'criterion = { kind = "proportional" }']
    if kind == "stepped":
        steps = 'above = { every = "1pp", deduct = 0.3, part_step = "whole" }'
        return [f'measure = "rate{place}"', 'target = "≤ 100%"', f'criterion = {{ kind = "stepped", {steps} }}']
    best, *rest = SHARES
    bands = [f'{{ in = "≥ {best[0]}%", points = "{best[1]}%" }}']
    for (least, share), (above, _) in zip(rest, SHARES, strict=False):
        bands.append(f'{{ in = "[{least}%, {above}%)", points = "{share}%" }}')
    return [
        f'measure = "rate{place}"',
        f'criterion = {{ kind = "bands", otherwise = 0, bands = [ {", ".join(bands)} ] }}',
    ]


def row_of(subject: int) -> dict[str, str]:
    """The figures of a subject as text, so that each way can have them as the numbers it takes."""
    row = {}
    for place, kind, _ in LEAVES:
        loses, spread = (place + subject) % 2 == 0, (7 * place + 3 * subject) % 23
        if kind == "proportional":
            row[f"plan{place}"] = f"{1000 + 10 * place}.5"
            row[f"done{place}"] = f"{700 + 5 * spread}.25" if loses else f"{1200 + spread}.75"
        elif kind == "bands":
            row[f"rate{place}"] = f"{58 + spread}.4" if loses else f"{92 + spread % 8}.4"
        else:
            row[f"rate{place}"] = f"{100 + spread % 14}.6" if loses else f"{80 + spread % 20}.6"
    return row


def half_up(points: float) -> float:
    return floor(points * 100 + 0.5) / 100


def plain(row: Row) -> tuple[float, str, list[float]]:
    """The same points by hand: no states, no reasons, no exact numbers."""
    kept = []
    for kind, weight, rate_name, done_name, plan_name in NAMES:
        if kind == "proportional":
            achieved = row[done_name] / row[plan_name]
            points = weight if achieved >= 0.95 else half_up(weight * achieved / 0.95)
        elif kind == "bands":
            rate, points = row[rate_name], 0.0
            for least, share in SHARES:
                if rate >= least:
                    points = half_up(weight * share / 100)
                    break
        else:
            over = max(0.0, row[rate_name] - 100)
            points = half_up(max(0.0, weight - 0.3 * ceil(over)))
        kept.append(points)
    total = half_up(sum(kept))
    for name, least in RATINGS:
        if total >= least:
            return total, name, kept
    raise AssertionError(total)


def assessed(rulebook: perfscore.Rulebook, facts: perfscore.Facts) -> perfscore.Assessment:
    """One subject, with its score and rating read."""
    result = perfscore.assess(rulebook, facts)
    assert result.score is not None
    assert result.rating
    return result


def told(rulebook: perfscore.Rulebook, facts: perfscore.Facts) -> list[str]:
    """One subject, with every sentence in both languages."""
    sentences = []
    for one in assessed(rulebook, facts).deductions:
        because = one.because
        sentences += [because.zh, because.en]
    return sentences


def wholly_read(rulebook: perfscore.Rulebook, row: dict[str, Decimal]) -> list[object]:
    """One subject from a plain dict: its facts made, and everything but the sentences read."""
    result = assessed(rulebook, perfscore.Facts(inputs=row))
    return [*(one.points for one in result), *(one.points for one in result.deductions)]


def decision_graph() -> dict[str, Any]:
    """The same rules in zen's JSON: a decision table for each indicator, and a sum."""
    nodes: list[dict[str, Any]] = [{"id": "in", "name": "request", "type": "inputNode"}]
    for place, kind, weight in LEAVES:
        if kind == "proportional":
            value = f"done{place} / plan{place}"
            cells = [(">= 0.95", f"{weight}"), ("", f"round({weight} * (done{place} / plan{place}) / 0.95, 2)")]
        elif kind == "bands":
            value = f"rate{place}"
            cells = [(f">= {least}", f"round({weight} * {share} / 100, 2)") for least, share in SHARES] + [("", "0")]
        else:
            value = f"rate{place}"
            cells = [
                ("<= 100", f"{weight}"),
                ("", f"round(max([0, {weight} - 0.3 * ceil(rate{place} - 100)]), 2)"),
            ]
        table = {
            "hitPolicy": "first",
            "inputs": [{"id": "i", "name": value, "field": value}],
            "outputs": [{"id": "o", "name": "points", "field": f"p{place}"}],
            "rules": [{"_id": f"r{place}-{at}", "i": when, "o": gives} for at, (when, gives) in enumerate(cells)],
        }
        nodes.append({"id": f"t{place}", "name": f"三级{place}", "type": "decisionTableNode", "content": table})
    total = " + ".join(f"p{place}" for place, _, _ in LEAVES)
    rating = "".join(f"$.score >= {least} ? '{name}' : " for name, least in RATINGS[:-1]) + f"'{RATINGS[-1][0]}'"
    points = [{"id": f"k{place}", "key": f"p{place}", "value": f"p{place}"} for place, _, _ in LEAVES]
    sums = [{"id": "s", "key": "score", "value": total}, {"id": "r", "key": "rating", "value": rating}]
    nodes.append({"id": "sum", "name": "sum", "type": "expressionNode", "content": {"expressions": points + sums}})
    nodes.append({"id": "out", "name": "response", "type": "outputNode"})
    tables = [f"t{place}" for place, _, _ in LEAVES]
    pairs = [("in", table) for table in tables] + [(table, "sum") for table in tables] + [("sum", "out")]
    edges = [{"id": f"{one}-{other}", "sourceId": one, "targetId": other, "type": "edge"} for one, other in pairs]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def median_times(ways: dict[str, Callable[[int], object]], batches: int) -> dict[str, float]:
    """Seconds a subject, by way: the median of batches that take turns; a batch is every subject once."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for batch in range(batches + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            for subject in range(SUBJECTS):
                way(subject)
            if batch:  # the first one fills caches
                times[name].append((time.perf_counter() - start) / SUBJECTS)
    return {name: statistics.median(taken) for name, taken in times.items()}


def agree(rulebook: perfscore.Rulebook, engine: ZenEngine, texts: list[dict[str, str]]) -> tuple[int, int]:
    """Every way gives every subject the same points; how many indicators lost points, of how many."""
    lost = 0
    for text in texts:
        floats = {name: float(value) for name, value in text.items()}
        score, rating, kept = plain(floats)
        result = assessed(rulebook, perfscore.Facts(inputs={name: Decimal(value) for name, value in text.items()}))
        leaves = [one for one in result if one.kind]
        assert [float(one.points) for one in leaves] == kept, (text, kept, [one.points for one in leaves])
        assert (float(result.score), result.rating) == (score, rating), (text, score, result.score)
        answer = engine.evaluate("twenty", floats, {"trace": True})
        given = answer["result"]
        assert [float(given[f"p{place}"]) for place, _, _ in LEAVES] == kept, (text, kept, given)
        assert (float(given["score"]), given["rating"]) == (score, rating), (text, score, given)
        assert all(answer["trace"][f"t{place}"]["traceData"] for place, _, _ in LEAVES)
        lost += sum(bool(one.deductions) for one in leaves)
    return lost, len(texts) * len(LEAVES)


def main() -> int:
    """Check that all ways agree, time them in turn, and print medians and ratios."""
    arguments = argparse.ArgumentParser(description="What one assessment costs, as ratios in one run.")
    arguments.add_argument("--batches", type=int, default=25)
    batches = arguments.parse_args().batches

    rulebook = perfscore.loads(rule_file())
    # of the four loaders the fastest: content that is held and compiled once, as perfscore's rulebook is
    engine = ZenEngine({"loader": {"type": "static", "content": {"twenty": decision_graph()}}})
    texts = [row_of(subject) for subject in range(SUBJECTS)]
    lost, judged = agree(rulebook, engine, texts)
    exact = [{name: Decimal(value) for name, value in text.items()} for text in texts]
    floats = [{name: float(value) for name, value in text.items()} for text in texts]
    facts = [perfscore.Facts(inputs=row) for row in exact]

    medians = median_times(
        {
            "plain": lambda subject: plain(floats[subject]),
            "assess": lambda subject: assessed(rulebook, facts[subject]),
            "told": lambda subject: told(rulebook, facts[subject]),
            "read": lambda subject: wholly_read(rulebook, exact[subject]),
            "zen": lambda subject: engine.evaluate("twenty", floats[subject], {"trace": True}),
        },
        batches,
    )
    print(f"perfscore {perfscore.__version__}, zen-engine {version('zen-engine')}, Python {platform.python_version()}")
    print(f"{machine()}; {SUBJECTS} subjects, {lost} of {judged} indicators lost points; median of {batches} batches")
    for name, median in medians.items():
        print(f"{name:<8} {median * 1e6:8.1f} µs  {median / medians['plain']:6.2f} × plain")
    held = [
        at_most("assess ÷ plain", medians["assess"] / medians["plain"], ASSESS_BOUND),
        at_most("told ÷ plain", medians["told"] / medians["plain"], TOLD_BOUND),
        at_least("zen ÷ assess", medians["zen"] / medians["assess"], ZEN_BOUND),
    ]
    return int(not all(held))


def at_most(what: str, ratio: float, bound: float) -> bool:
    print(f"{what:<15} {ratio:6.2f}  bound: at most {bound:g}: {'held' if ratio <= bound else 'OVER'}")
    return ratio <= bound


def at_least(what: str, ratio: float, bound: float) -> bool:
    print(f"{what:<15} {ratio:6.2f}  bound: at least {bound:g}: {'held' if ratio >= bound else 'UNDER'}")
    return ratio >= bound


def machine() -> str:
    """The processor as the system names it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return f"{names[0]} × {len(names)}" if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
