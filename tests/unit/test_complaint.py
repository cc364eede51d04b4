"""What an author is shown when something is wrong."""

import json

import pytest

from perfscore.diagnostic import Code, Diagnostic
from perfscore.report.complaint import ROOM, as_json, excerpt
from perfscore.report.wrapping import columns
from perfscore.source import Source
from perfscore.words import Words

CODE = Code("PS201", "weights-disagree", Words(zh="权重不一致。", en="Weights disagree."))


def complaint(at: tuple[str | int, ...], message: str = "here", hint: str | None = None, **rest: object) -> Diagnostic:
    return Diagnostic(CODE, at, Words.same(message), None if hint is None else Words.same(hint), **rest)  # type: ignore[arg-type]


def quoted_line(text: str, at: tuple[str | int, ...], **rest: object) -> tuple[str, str]:
    """The line of the file and the line of carets, each without its margin."""
    _, _, line, carets, *_ = excerpt(complaint(at, **rest), Source("r.toml", text), "en").split("\n")  # type: ignore[arg-type]
    return line.partition("| ")[2], carets.partition("| ")[2]


def test_an_excerpt_has_the_shape_that_the_style_guide_shows() -> None:
    source = Source("rules/town-roads.toml", "\n" * 13 + "weight = 30\n")
    diagnostic = complaint(
        ("weight",),
        "declares 30 points, but its members share out 28",
        "write weight = 28, or give its members +2 points",
    )

    assert excerpt(diagnostic, source, "en") == (
        "rules/town-roads.toml:14:10: error[PS201] weights-disagree\n"
        "   |\n"
        "14 | weight = 30\n"
        "   |          ^^ declares 30 points, but its members share out 28\n"
        "   |\n"
        "   = hint: write weight = 28, or give its members +2 points"
    )


@pytest.mark.parametrize(("severity", "word"), [("error", "错误"), ("warning", "警告"), ("note", "提示")])
def test_a_chinese_reader_is_told_in_chinese(severity: str, word: str) -> None:
    diagnostic = Diagnostic(CODE, ("a",), Words(zh="这里", en="here"), Words(zh="写 2", en="write 2"), severity)  # type: ignore[arg-type]

    shown = excerpt(diagnostic, Source("r.toml", "a = 1"), "zh")

    assert shown.startswith(f"r.toml:1:5: {word}[PS201] weights-disagree\n")
    assert shown.endswith("1 | a = 1\n  |     ^ 这里\n  |\n  = 建议: 写 2")


def test_carets_stand_under_chinese_characters_which_are_two_columns_wide() -> None:
    line, carets = quoted_line('t = { "名称" = "道路", x = 1 }', ("t", "名称"))

    assert carets == " " * 15 + "^^^^^^ here"
    assert columns(line[: line.index('"道路"')]) == 15


def test_combining_marks_take_no_column() -> None:
    _, carets = quoted_line('a = "e\u0301" # b', ("a",))

    assert carets == "    ^^^ here"


def test_a_tab_is_shown_as_the_blanks_up_to_the_next_stop() -> None:
    line, carets = quoted_line("a\t=\t1", ("a",))

    assert line == "a   =   1"
    assert carets == "        ^ here"


def test_control_characters_are_shown_and_not_obeyed() -> None:
    text = "a = 1 # \x1b[31m\u202e"
    shown = excerpt(complaint(("a",), "says \x1b[2J", "type \x07"), Source("r\x1b.toml", text), "en")

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown
    assert "1 | a = 1 # \\x1b[31m\\u202e" in shown


def test_carets_know_that_a_spelled_control_character_is_wider() -> None:
    line, carets = quoted_line('x = ["\x1b", 7]', ("x", 1))

    assert line.index("7") == carets.index("^")


@pytest.mark.parametrize("filler", ["x", "道", "\u0301", "\t", "\x1b"])
def test_a_very_long_line_is_clipped_around_the_place(filler: str) -> None:
    text = f'a = "{filler * 3000}"\nt = {{ a = "{filler * 3000}", n = 77, b = "{filler * 3000}" }}'

    line, carets = quoted_line(text, ("t", "n"))

    assert line.startswith("…")
    assert line.endswith("…")
    assert columns(line) <= ROOM + 2
    assert columns(line[: line.index("77")]) == carets.index("^")
    assert carets.strip() == "^^ here"


def test_a_long_value_is_underlined_as_far_as_it_is_shown() -> None:
    line, carets = quoted_line(f'a = "{"道" * 3000}"', ("a",))

    assert line.startswith('a = "道')
    assert line.endswith("…")
    assert columns(line) - 1 == len(carets.removesuffix(" here"))


def test_a_value_of_many_lines_is_underlined_in_its_first() -> None:
    assert quoted_line("a = [\n  1,\n  2,\n]", ("a",)) == ("a = [", "    ^ here")


def test_a_place_without_characters_still_gets_a_caret() -> None:
    assert quoted_line("a = ", (), within=(4, 4)) == ("a =", "    ^ here")
    assert quoted_line("", ())[1] == "^ here"


def test_a_message_of_two_lines_stays_under_its_carets() -> None:
    shown = excerpt(complaint(("a",), "one\ntwo", "three\nfour"), Source("r.toml", "a = 1"), "en")

    assert shown.endswith("  |     ^ one\n  |     two\n  |\n  = hint: three\n          four")


def test_colour_is_only_there_when_asked_for() -> None:
    diagnostic, source = complaint(("a",), hint="b"), Source("r.toml", "a = 1")
    painted = excerpt(diagnostic, source, "en", colour=True)

    assert "\x1b" not in excerpt(diagnostic, source, "en")
    assert "\x1b[1;31merror[PS201]\x1b[0m" in painted
    assert "\x1b[1;31m^\x1b[0m here" in painted


def test_a_complaint_about_a_missing_key_points_at_the_header_around_it() -> None:
    assert quoted_line("[indicators.roads]\nweight = 3", ("indicators", "roads", "name")) == (
        "[indicators.roads]",
        "            ^^^^^ here",
    )


def test_a_program_gets_the_same_place_as_plain_data() -> None:
    diagnostic = Diagnostic(CODE, ("t", 1), Words(zh="这里", en="here"), severity="warning")

    told = as_json(diagnostic, Source("r.toml", "t = [\n 1,\n 23]"))

    assert json.loads(json.dumps(told)) == {
        "code": "PS201",
        "name": "weights-disagree",
        "severity": "warning",
        "path": "r.toml",
        "line": 3,
        "column": 2,
        "end_line": 3,
        "end_column": 4,
        "at": ["t", 1],
        "message": {"zh": "这里", "en": "here"},
        "hint": None,
        "related": [],
        "witness": [],
        "fix": None,
    }
