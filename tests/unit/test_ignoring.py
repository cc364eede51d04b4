"""Comments that take a warning back, and what is wrong with such comments."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

import perfscore
from perfscore.analysis.checked import checked
from perfscore.rulefile import Opened, open_path, open_text

HEAD = 'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nfull_marks = 10\n'
LEAF = '[indicators.a]\nname = "A"\nweight = 10\ncriterion = { kind = "judgement" }\n'
INPUT = 'label = "X"\ntype = "count"\n'


def told(text: str) -> Opened:
    return checked(open_text(HEAD + text + LEAF))


def codes(opened: Opened) -> list[str]:
    return [one.code.number for one in opened.diagnostics]


def ignored(opened: Opened) -> list[tuple[str, str]]:
    return [(one.diagnostic.code.number, one.reason) for one in opened.ignored]


def test_without_a_comment_there_is_a_warning() -> None:
    assert codes(told("[inputs.x]\n" + INPUT)) == ["PS215"]


@pytest.mark.parametrize(
    "header",
    [
        "[inputs.x] # perfscore: ignore PS215 表里要填",
        "[inputs.x] #perfscore:ignore PS215 表里要填",
        "[inputs.x] # perfscore：ignore PS215：表里要填",
        "[inputs.x] # 输入 # perfscore: ignore ps215 —— 表里要填",
        "# perfscore: ignore PS215 表里要填\n[inputs.x]",
        "  # perfscore: ignore PS215 表里要填\n# 另一条注释\n[inputs.x]",
    ],
)
def test_a_comment_takes_the_warning_of_its_line_or_the_next_back(header: str) -> None:
    for ending in ("\n", "\r\n"):
        opened = told(f"{header}\n{INPUT}".replace("\n", ending))

        assert codes(opened) == []
        assert ignored(opened) == [("PS215", "表里要填")]


def test_a_comment_alone_does_not_speak_over_an_empty_line() -> None:
    assert codes(told("# perfscore: ignore PS215 填\n\n[inputs.x]\n" + INPUT)) == ["PS215", "PS138"]


def test_several_codes_take_back_several_warnings() -> None:
    line = 'target = "≥ 10" # perfscore: ignore PS212, PS215 目标另有说明\n'
    opened = checked(open_text(HEAD + LEAF + line))

    assert ignored(opened) == [("PS212", "目标另有说明")]
    assert codes(opened) == ["PS138"], "the other is not needed, and that is told"


def test_a_comment_in_a_text_is_none() -> None:
    opened = told('[inputs.x]\ntype = "count"\nlabel = """\n# perfscore: ignore PS215 x"""\n')

    assert codes(opened) == ["PS215"]
    assert not opened.ignored


def test_what_is_ignored_is_ignored_for_python_too(tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_text(
        f"{HEAD}[inputs.x] # perfscore: ignore PS215 表里要填\n{INPUT}{LEAF}", encoding="utf-8"
    )

    assert perfscore.check(file) == []


@pytest.mark.parametrize(
    ("comment", "earned"),
    [
        ("perfscore: ignore PS215", ["PS137", "PS215"]),
        ("perfscore: ignore PS215 ：", ["PS137", "PS215"]),
        ("perfscore: ignore", ["PS141", "PS215"]),
        ("perfscore: ignore 表里要填", ["PS141", "PS215"]),
        ("perfscore: ingore PS215 表里要填", ["PS141", "PS215"]),
        ("perfscore: ignore PS299 表里要填", ["PS139", "PS215"]),
        ("perfscore: ignore PS215, PS302 表里要填", ["PS138"]),
        ("perfscore: ignore ZZ1 表里要填", ["PS138", "PS215"]),
    ],
)
def test_what_is_wrong_with_a_comment_is_told(comment: str, earned: list[str]) -> None:
    opened = told(f"[inputs.x] # {comment}\n{INPUT}")

    assert sorted(codes(opened)) == sorted(earned)
    assert all(one.severity == "warning" for one in opened.diagnostics)
    assert opened.rulebook is not None


def test_the_code_that_the_line_earns_is_offered_for_one_that_there_is_not() -> None:
    [one] = [
        one
        for one in told("[inputs.x] # perfscore: ignore PS299 表里要填\n" + INPUT).diagnostics
        if one.code.number == "PS139"
    ]

    assert one.hint is not None
    assert one.hint.en == "did you mean PS215?"


def test_an_error_cannot_be_ignored() -> None:
    opened = checked(
        open_text(
            HEAD + LEAF.replace("weight = 10", "weight = 10\nnoet = 'x' # perfscore: ignore PS110 我们这里就这样写")
        )
    )

    assert opened.rulebook is None
    assert "PS110" in codes(opened)
    assert "PS140" in codes(opened)
    assert "PS138" not in codes(opened)
    assert not opened.ignored


def test_where_a_file_has_errors_an_ignore_is_not_called_unused() -> None:
    """Not everything was asked yet."""
    assert "PS138" not in codes(checked(open_text(HEAD + LEAF.replace("10", "11 # perfscore: ignore PS302 x", 1))))


def test_a_file_that_is_no_toml_is_answered_as_ever() -> None:
    assert codes(checked(open_text("# perfscore: ignore PS215 x\na = \n"))) == ["PS101"]


def test_a_comment_of_a_parent_is_heard_in_its_children(tmp_path: Path) -> None:
    (tmp_path / "parent.toml").write_text(
        f"{HEAD}[inputs.x] # perfscore: ignore PS215, PS302 表里要填\n{INPUT}{LEAF}", encoding="utf-8"
    )
    (child := tmp_path / "child.toml").write_text(
        'format = 1\n[rulebook]\nid = "b"\ntitle = "b"\nversion = "1"\nextends = "parent.toml"\n'
        '[inputs.y] # perfscore: ignore PS215 本市要填\nlabel = "Y"\ntype = "count"\n',
        encoding="utf-8",
    )
    opened = checked(open_path(child))

    assert ignored(opened) == [("PS215", "表里要填"), ("PS215", "本市要填")]
    assert codes(opened) == [], "what is wrong with a comment of the parent is told of the parent"
    assert codes(checked(open_path(tmp_path / "parent.toml"))) == ["PS138"]


def test_an_assessment_hears_no_comment(tmp_path: Path) -> None:
    """A comment quiets `check` alone: the same findings come with it and without."""
    goal = '[goals.g]\ntext = "办得更好"{}\n'
    findings = [
        [
            one.code
            for one in perfscore.assess(perfscore.loads(HEAD + LEAF + goal.format(more)), perfscore.Facts()).findings
        ]
        for more in ("", " # perfscore: ignore PS601, PS602, PS603, PS401 上级没有给数")
    ]

    assert findings[0] == findings[1]
    assert findings[0]


def test_a_reason_may_begin_with_a_word_that_looks_like_a_code() -> None:
    opened = told("[inputs.x] # perfscore: ignore PS215 GB2312 标准要求填\n" + INPUT)

    assert ignored(opened) == [("PS215", "GB2312 标准要求填")]
    assert codes(opened) == []


@pytest.mark.parametrize("line", ["# perfscore: ignore PS215 x\n", "#\n"])
def test_very_many_comments_are_read_at_once(line: str) -> None:
    """Each by itself would look through all that follow."""
    started = process_time()
    opened = checked(open_text(HEAD + LEAF + line * 10_000 + "# perfscore: ignore PS215 x\n"))

    assert {one.code.number for one in opened.diagnostics} == {"PS138"}
    assert process_time() - started < 20
