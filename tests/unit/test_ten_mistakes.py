"""Ten different mistakes in one rule file are ten diagnostics, each at its line, in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from perfscore import RulebookError, check, load
from perfscore.report.complaint import as_json
from perfscore.rulefile import open_text

BROKEN = """\
format = 1

[rulebook]
id         = "town-roads"
title      = "城乡道路"
version    = "2023"
langauge   = "zh"                           # 1: PS110 unknown-key
full_marks = 90                             # 2: PS202 full-marks-disagree
valid      = { from = "2023", to = 2023-12-31 }  # 3: PS112 wrong-type

[inputs.cases]
label = "案件数"
type  = "cuont"                             # 4: PS113 not-a-choice

[inputs.people]
label = "人口"
type  = "number"
above = 0

[indicators.output]
name   = "产出"
weight = 50                                 # 5: PS201 weights-disagree

[indicators.output.volume]
name    = "数量"
weight  = 30
measure = "cases / poeple"                  # 6: PS502 unknown-name
target  = "≥ 10"
criterion = { kind = "threshold" }

[indicators.output.quality]
name    = "质量"
weight  = 25
criterion = { kind = "jugdement" }          # 7: PS118 unknown-kind

[indicators.output.density]
name    = "密度"
weight  = 15
measure = "people"
target  = "≤ 10"
criterion = { kind = "proportional" }       # 8: PS311 inverse-not-said

[indicators.benefit]
name    = "效益"
weight  = 30
basis   = ["road-law"]                      # 9: PS209 unknown-basis
measure = { type = "percent" }
target  = "≥≥ 80%"                          # 10: PS501 formula-unreadable
criterion = { kind = "threshold" }
"""
PROMISED = [
    (number, line.partition("PS")[2][:3]) for number, line in enumerate(BROKEN.splitlines(), start=1) if ": PS" in line
]


def told(text: str) -> list[tuple[int, str]]:
    opened = open_text(text)
    return sorted(
        (as_json(one, opened.source)["line"], one.code.number.removeprefix("PS")) for one in opened.diagnostics
    )


def test_ten_mistakes_are_ten_diagnostics_at_their_lines() -> None:
    assert len(PROMISED) == len({code for _, code in PROMISED}) == 10
    assert told(BROKEN) == PROMISED


MENDED = {
    "langauge   =": "language   =",
    "full_marks = 90": "full_marks = 100",
    'from = "2023"': "from = 2023-01-01",
    '"cuont"': '"count"',
    "weight = 50 ": "weight = 70 ",
    "poeple": "people",
    "jugdement": "judgement",
    'kind = "proportional" }': 'kind = "proportional", inverse = "ratio" }',
    '["road-law"]': "[]",
    "≥≥": "≥",
}


@pytest.mark.parametrize(("wrong", "right"), MENDED.items())
def test_each_of_them_goes_away_when_it_is_mended(wrong: str, right: str) -> None:
    """No complaint leans on another: mending one takes exactly that one away."""
    at = next(i for i, line in enumerate(BROKEN.splitlines(), start=1) if wrong in line)
    assert BROKEN.count(wrong) == 1

    assert told(BROKEN.replace(wrong, right)) == [one for one in PROMISED if one[0] != at]


def test_mended_altogether_it_is_a_rulebook(tmp_path: Path) -> None:
    text = BROKEN
    for wrong, right in MENDED.items():
        text = text.replace(wrong, right)
    (file := tmp_path / "roads.toml").write_text(text, encoding="utf-8")

    assert check(file) == []
    assert load(file).id == "town-roads"


def test_load_raises_once_with_all_of_them(tmp_path: Path) -> None:
    (file := tmp_path / "roads.toml").write_text(BROKEN, encoding="utf-8")

    with pytest.raises(RulebookError) as raised:
        load(file)
    assert len(raised.value.diagnostics) == 10
    assert all(one.code.number in str(raised.value) for one in raised.value.diagnostics)
    assert set(check(file)) == set(raised.value.diagnostics)


def test_the_command_line_shows_all_of_them_in_the_order_of_the_file(tmp_path: Path) -> None:
    (file := tmp_path / "roads.toml").write_text(BROKEN, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "perfscore", "check", "roads.toml", "--lang", "zh"],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        check=False,
    )
    heads = [line for line in ran.stdout.decode().splitlines() if line.startswith(f"{file.name}:")]

    assert ran.returncode == 1
    assert [(int(line.split(":")[1]), line.partition("[PS")[2][:3]) for line in heads] == PROMISED
    assert "10 个错误" in ran.stdout.decode() + ran.stderr.decode()


def test_the_same_in_json(tmp_path: Path) -> None:
    (file := tmp_path / "roads.toml").write_text(BROKEN, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "perfscore", "check", "--format", "json", str(file)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        check=False,
    )
    told = json.loads(ran.stdout)

    assert [(one["line"], one["code"][2:]) for one in told] == PROMISED
    assert all(one["hint"] for one in told), [one["code"] for one in told if not one["hint"]]
