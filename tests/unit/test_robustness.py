"""Whatever a fuzzer makes of rule files, formulas and facts, the readers answer with diagnostics."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from perfscore.formula.lowering import FormulaError
from perfscore.formula.syntax import parse

FUZZ = Path(__file__).parents[1] / "fuzz" / "readers.py"
needs_a_fuzzer = pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")


@pytest.mark.parametrize("text", ["+if ", "1 + then", "٥", "5٥%"])
def test_what_the_fuzzer_found_is_refused_in_words(text: str) -> None:
    """A word of the language where a name can stand; digits that are not 0 to 9."""
    with pytest.raises(FormulaError, match="cannot be read at"):
        parse(text)


@needs_a_fuzzer
@pytest.mark.parametrize(
    ("reader", "runs"),
    [("formula", 20_000), ("facts", 10_000), ("rules", 1_500), ("layout", 1_500), ("result", 1_500), ("table", 500)],
)
def test_a_short_run_of_the_fuzzer_breaks_nothing(reader: str, runs: int, tmp_path: Path) -> None:
    """A long one: `python tests/fuzz/readers.py rules -runs=1000000`."""
    command = [sys.executable, str(FUZZ), reader, f"-runs={runs}", "-seed=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {runs} runs" in done.stderr


@needs_a_fuzzer
def test_the_fuzzer_tells_what_breaks(tmp_path: Path) -> None:
    """A reader that raises for one sign is found out."""
    broken, reading = tmp_path / "broken.py", "    for read in (parse, parse_condition):"
    text = FUZZ.read_text(encoding="utf-8").replace("Path(__file__).parents[2]", f"Path({str(FUZZ.parents[2])!r})")
    broken.write_text(text.replace(reading, "    assert '%' not in text\n" + reading), encoding="utf-8")
    command = [sys.executable, str(broken), "formula", "-runs=20000", "-seed=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode != 0
    assert "AssertionError" in done.stderr + done.stdout
