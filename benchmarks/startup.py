"""How long perfscore takes to start, as ratios against `import attrs` in one run.

In: nothing. Out: the processor's seconds of whole processes, medians, and their ratios to `python -c "import attrs"`; exit
1 over a bound. The commands take turns, so that a machine that slows down slows all of them. What is measured should have its
bytecode beside it, as `pip install .` leaves it. Run: python benchmarks/startup.py
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

IMPORT_BOUND, CHECK_BOUND = 2.0, 7.0
NANJING = Path(__file__).parents[1] / "rules" / "nanjing-legal-aid" / "2023.toml"


def thirty_indicators() -> str:
    """A rule file of thirty indicators in three levels, of every kind in turn."""
    lines = ["format = 1", "[rulebook]", 'id = "thirty"', 'title = "thirty"', 'version = "1"', "full_marks = 90"]
    lines += ["[inputs.late]", 'label = "late reports"', 'type = "count"', "[indicators.a]", 'name = "a"']
    criteria = (
        'target = "≥ 95%"\ncriterion = { kind = "proportional" }',
        'target = "≥ 95%"\ncriterion = { kind = "threshold" }',
        'criterion = { kind = "bands", otherwise = 0, bands = [ { in = "≥ 90%", points = 3 },'
        ' { in = "[80%, 90%)", points = 2 } ] }',
        'target = "≤ 100%"\ncriterion = { kind = "stepped", above = { every = "1pp", deduct = 0.5, part_step = "whole" } }',
        'criterion = { kind = "per-occurrence", deductions = [ { id = "late", of = "late", each = 0.5 } ] }',
    )
    for group in range(5):
        lines += [f"[indicators.a.g{group}]", f'name = "g{group}"']
        for leaf in range(6):
            lines += [f"[indicators.a.g{group}.i{leaf}]", f'name = "i{leaf}"', "weight = 3"]
            lines += ['measure = { type = "percent" }', criteria[leaf % len(criteria)]]
    return "\n".join(lines) + "\n"


def seconds(command: list[str]) -> float:
    """What one whole process takes of the processor, from start to exit; others who use it do not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    written = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, env=written, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    """Time the commands in turn and print medians and ratios."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=15)
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "thirty.toml")
        rules.write_text(thirty_indicators(), encoding="utf-8")
        commands = {
            "import attrs": [sys.executable, "-c", "import attrs"],
            "import perfscore": [sys.executable, "-c", "import perfscore"],
            "perfscore check": [sys.executable, "-m", "perfscore", "check", str(rules)],
            "check Nanjing's": [sys.executable, "-m", "perfscore", "check", str(NANJING)],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(runs + 1):
            for name, command in commands.items():
                taken = seconds(command)
                if turn:  # the first turn fills caches and compiles bytecode
                    times[name].append(taken)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    base = medians["import attrs"]
    for name, median in medians.items():
        print(f"{name:<18} {median * 1000:7.1f} ms  {median / base:5.2f} × import attrs")
    over = medians["import perfscore"] > IMPORT_BOUND * base or medians["perfscore check"] > CHECK_BOUND * base
    print(f"bounds: import ≤ {IMPORT_BOUND:g} ×, check ≤ {CHECK_BOUND:g} ×: {'over' if over else 'held'}")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
