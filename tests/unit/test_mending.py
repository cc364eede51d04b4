"""`perfscore check --fix`: what is mended, what is only offered, and that nothing else moves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from perfscore.analysis.fixing import mended
from perfscore.rulefile import open_path, open_text

HEAD = 'format = 1\n[rulebook]\nid = "a"\ntitle = "甲" # 题目\nversion = "1"\nfull_marks = 10\n'
LEAF = '[indicators.a]\nname = "A"\nweight = 10\ncriterion = { kind = "judgement" }\n'
FILE = HEAD + LEAF

CHECK = (
    '[inputs.n]\nlabel = "n"\ntype = "count"\nneeded = false\n[checks.c]\nthat = "n > 0"\nsays = "x"\n[indicators.a]\n'
)

SAFE = [
    ('version = "1"', 'version = 1', 'version = "1"'),
    ('version = "1"', "version = 1.50", 'version = "1.50"'),
    ('version = "1"', "version = 2024-01-31", 'version = "2024-01-31"'),
    ("full_marks = 10", 'full_marks = "10"', "full_marks = 10"),
    ("full_marks = 10", 'full_marks = "１０"', "full_marks = 10"),
    ("full_marks = 10", "full-marks = 10", "full_marks = 10"),
    ("full_marks = 10", "Full_Marks = 10", "full_marks = 10"),
    ("full_marks = 10", "full_marks ＝ 10", "full_marks = 10"),
    ("full_marks = 10", "full_marks：10", "full_marks=10"),
    ("full_marks = 10", "full_marks : 10", "full_marks = 10"),
    ('title = "甲"', "title = “甲”", 'title = "甲"'),
    ("full_marks = 10\n", "full_marks = 10\nfull_marks = 10\n", "full_marks = 10\n"),
    ("[rulebook]\n", '[rulebook]\nvalid = { from = "2023-01-01", to = 2023-12-31 }\n',
     "[rulebook]\nvalid = { from = 2023-01-01, to = 2023-12-31 }\n"),
    ('kind = "judgement"', 'kind = "Judgement"', 'kind = "judgement"'),
    ('name = "A"\n', 'name = "A"\nbasis = "law"\n', 'name = "A"\nbasis = ["law"]\n'),
    ("[indicators.a]", "[indicators.甲]", '[indicators."甲"]'),
    ("weight = 10", "weight = 10 # perfscore: ignore PS215 没有", "weight = 10"),
    ("weight = 10", "# perfscore: ignore PS215 没有\nweight = 10", "weight = 10"),
    ("[indicators.a]\n", CHECK.replace("false", "False"), CHECK),
]  # fmt: skip
OFFERED = [
    ("weight = 10", "wieght = 10", "weight = 10"),
    ('kind = "judgement"', 'kind = "judgment"', 'kind = "judgement"'),
    ("weight = 10", "weight = 10\nby = 'x' # 注", "weight = 10\n# 注"),
    ("weight = 10", "weight = 10\nn = 1", "weight = 10"),
    ("full_marks = 10", 'full_marks = 10\nreasons = "report"', 'full_marks = 10\nreasons = "reported"'),
    ('name = "A"\n', 'name = "A"\nbasis = ["lwa"]\n', 'name = "A"\nbasis = ["law"]\n'),
    ('kind = "judgement" }', 'kind = "judgement", points = "1到3" }', 'kind = "judgement", points = "[1, 3]" }'),
]
LAW = '[basis.law]\ntitle = "法"\n'


def changed(old: str, new: str) -> str:
    assert FILE.count(old) == 1
    return FILE.replace(old, new) + LAW


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(("right", "wrong", "after"), SAFE)
def test_what_can_be_read_in_one_way_is_mended(right: str, wrong: str, after: str, ending: str) -> None:
    text = changed(right, wrong).replace("\n", ending)
    done = mended(open_text(text))

    assert done.text == changed(right, after).replace("\n", ending)
    assert [one.fix.safe for one in done.done] == [True]
    assert done.opened.rulebook is not None


@pytest.mark.parametrize(("right", "wrong", "after"), OFFERED)
def test_a_guess_is_made_only_when_asked_for(right: str, wrong: str, after: str) -> None:
    text = changed(right, wrong)

    assert mended(open_text(text)).text == text
    assert mended(open_text(text), unsafe=True).text == changed(right, after)


@pytest.mark.parametrize(
    "wrong",
    [
        "weight = 10\nwieght = 10",  # the right one stands beside it
        'weight = 10\nbasis = "law, other"',  # one text, or two
        "weight = 10\nweight = 9",  # which of the two?
        'weight = "ten"',
        "weight = 010",  # 10, or a text
        "weight = 10\nnote = true",
        "weight = 10 10",
    ],
)
def test_what_can_be_read_in_two_ways_stays(wrong: str) -> None:
    text = changed("weight = 10", wrong)

    assert mended(open_text(text)).text == text


def test_names_in_a_formula_are_mended_wherever_they_stand_in_it() -> None:
    text = FILE + (
        '[inputs.cases]\nlabel = "n"\ntype = "count"\n'
        '[checks.c]\nthat = "caess > 0 and (\\u0063aess < 9 or caess = 10)" # caess\nsays = "x"\n'
    )
    done = mended(open_text(text), unsafe=True)

    assert 'that = "cases > 0 and (cases < 9 or cases = 10)" # caess\n' in done.text
    assert mended(open_text(text)).text == text


def test_several_fixes_are_made_in_one_run_until_nothing_is_left() -> None:
    """Each brings the next to light: the file, its table, its value."""
    text = (
        FILE.replace('"甲"', "“甲”")
        .replace('version = "1"', "version = 1")
        .replace("full_marks = 10", 'Full_Marks = "10"')
    )
    done = mended(open_text(text))

    assert done.text == FILE
    assert [(one.diagnostic.code.number, one.line) for one in done.done] == [
        ("PS102", 4), ("PS112", 5), ("PS110", 6), ("PS112", 6)
    ]  # fmt: skip


def test_a_key_is_taken_out_with_its_line_or_comma_and_its_comment_stays(tmp_path: Path) -> None:
    (tmp_path / "up.toml").write_text(FILE, encoding="utf-8")
    (child := tmp_path / "child.toml").write_text(
        'format = 1\n[rulebook]\nid = "b"\ntitle = "b"\nversion = "2"\nextends = "up.toml"\n'
        "full_marks = 10 # 同上级\n\n[indicators.a] # 甲\n  weight = 10\n"
        'criterion = { kind = "judgement", trim = 1 }\n# 完\n',
        encoding="utf-8",
    )
    before = open_path(child)
    done = mended(before)

    assert {one.diagnostic.code.name for one in done.done} == {"changes-nothing"}
    assert done.opened.rulebook == before.rulebook
    assert "\n# 同上级\n\n[indicators.a] # 甲\n" in done.text
    assert "weight" not in done.text
    assert done.text.endswith("# 完\n")


def test_what_a_parent_says_is_not_mended_in_its_child(tmp_path: Path) -> None:
    (parent := tmp_path / "up.toml").write_text(FILE.replace("full_marks", "Full_Marks"), encoding="utf-8")
    (child := tmp_path / "child.toml").write_text(
        'format = 1\n[rulebook]\nid = "b"\ntitle = "b"\nversion = "2"\nextends = "up.toml"\n', encoding="utf-8"
    )

    assert mended(open_path(child), unsafe=True).text == child.read_text(encoding="utf-8")
    assert mended(open_path(parent)).text == FILE


# On the command line


def run(*arguments: str, cwd: Path, lang: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "perfscore", "check", "--lang", lang, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    text = FILE.replace('version = "1"', "version = 1").replace("weight", "wieght")
    (file := tmp_path / "规则.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    return file


def test_fix_writes_the_file_says_what_was_changed_and_what_is_left(wrong: Path) -> None:
    before = wrong.read_bytes()
    ran = run("--fix", wrong.name, cwd=wrong.parent)

    assert wrong.read_bytes() == before.replace(b"version = 1\r", b'version = "1"\r')
    assert ran.stderr == '规则.toml:5:11: PS112 write "1"\n1 file mended\n'
    assert ran.returncode == 1
    assert "PS110" in ran.stdout
    assert "[--fix --unsafe-fixes]" in ran.stdout

    ran = run("--fix", "--unsafe-fixes", wrong.name, cwd=wrong.parent, lang="zh")
    assert ran.returncode == 0
    assert ran.stderr == "规则.toml:9:1: PS110 写 weight\n改了 1 个文件\n"
    assert wrong.read_bytes() == before.replace(b"version = 1\r", b'version = "1"\r').replace(b"wieght", b"weight")


def test_diff_shows_and_writes_nothing(wrong: Path) -> None:
    before = wrong.read_bytes()
    ran = run("--diff", wrong.name, cwd=wrong.parent)

    assert wrong.read_bytes() == before
    assert [line.rstrip() for line in ran.stdout.splitlines() if line[:1] in "+-"] == [
        "--- 规则.toml", "+++ 规则.toml", "-version = 1", '+version = "1"'
    ]  # fmt: skip
    assert ran.returncode == 1
    assert "1 file would be mended" in ran.stderr


def test_a_file_with_nothing_to_mend_is_not_touched(tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_text(FILE, encoding="utf-8")
    os.utime(file, ns=(1, 1))

    assert run("--fix", "r.toml", cwd=tmp_path).returncode == 0
    assert file.stat().st_mtime_ns == 1
    assert [one.name for one in tmp_path.iterdir()] == ["r.toml"]


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path: Path) -> None:
    (file := tmp_path / "real.toml").write_text(FILE.replace('"1"', "1"), encoding="utf-8")
    file.chmod(0o640)
    (link := tmp_path / "link.toml").symlink_to(file)

    assert run("--fix", "link.toml", cwd=tmp_path).returncode == 0
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == FILE
    assert file.stat().st_mode & 0o777 == 0o640


def test_guesses_need_somebody_who_asks_for_fixes(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(FILE, encoding="utf-8")
    ran = run("--unsafe-fixes", "r.toml", cwd=tmp_path)

    assert ran.returncode == 2
    assert "--fix" in ran.stderr


def test_formats_stay_pure_where_fixes_are_made(wrong: Path) -> None:
    import json

    ran = run("--fix", "--format", "json", wrong.name, cwd=wrong.parent)

    assert {one["code"] for one in json.loads(ran.stdout)} >= {"PS110"}


def test_what_is_ignored_is_counted(tmp_path: Path) -> None:
    text = FILE + '[inputs.x] # perfscore: ignore PS215 要填\nlabel = "X"\ntype = "count"\n'
    (tmp_path / "r.toml").write_text(text, encoding="utf-8")

    assert run("r.toml", cwd=tmp_path).stdout == "1 file: 0 errors, 0 warnings, 0 notes; 1 ignored\n"
    assert run("r.toml", cwd=tmp_path, lang="zh").stdout == "1 个文件：0 个错误，0 个警告，0 个提示；忽略 1 个\n"
