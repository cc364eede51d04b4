"""What an author is shown when something is wrong."""

import json
from typing import Any

import pytest

from perfscore.diagnostic import Code, Diagnostic, Edit, Fix, Related
from perfscore.report.complaint import ROOM, as_json, excerpt
from perfscore.report.wrapping import columns
from perfscore.source import Origins, Source
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


# Other places, figures that show it, and fixes

BANDS = Source(
    "规则/道路.toml",
    '[indicators."道路"]\nbands = [\n  { in = "[80%, 90%]" }, # 八成\n  { in = "[90%, 100%]" },\n]\n',
)
PARENT = Source("规则/上级.toml", "\n" * 9 + "weight = 12\n")
BAND = ("indicators", "道路", "bands")
WHERE = Origins({(): (BANDS, ()), ("above",): (PARENT, ("weight",))})
OVERLAP = Diagnostic(
    CODE,
    (*BAND, 1, "in"),
    Words(zh="90% 两档都算", en="90% is in both"),
    Words(zh='写 "(90%, 100%]"', en='write "(90%, 100%]"'),
    "warning",
    related=(
        Related((*BAND, 0, "in"), Words(zh="这一档也有 90%", en="90% is here too")),
        Related(("above",), Words(zh="上级的分值", en="the weight above")),
    ),
    witness=(("value", "90%"),),
    fix=Fix(Words(zh="改前一档", en="mend the band before"), (Edit((*BAND, 0, "in"), '"[80%, 90%)"'),), safe=True),
)


def test_other_places_stand_in_the_same_block_also_those_in_other_files() -> None:
    assert excerpt(OVERLAP, WHERE, "zh") == (
        "规则/道路.toml:4:10: 警告[PS201] weights-disagree\n"
        "   |\n"
        ' 4 |   { in = "[90%, 100%]" },\n'
        "   |          ^^^^^^^^^^^^^ 90% 两档都算\n"
        "   |\n"
        "  ::: 规则/道路.toml:3:10\n"
        "   |\n"
        ' 3 |   { in = "[80%, 90%]" }, # 八成\n'
        "   |          ------------ 这一档也有 90%\n"
        "   |\n"
        "  ::: 规则/上级.toml:10:10\n"
        "   |\n"
        "10 | weight = 12\n"
        "   |          -- 上级的分值\n"
        "   |\n"
        "   = 例: value = 90%\n"
        '   = 建议: 写 "(90%, 100%]"\n'
        "   = 改法: 改前一档 [--fix]"
    )


def test_a_fix_that_the_hint_names_already_is_only_marked() -> None:
    fix = Fix(Words.same("anything"), (Edit(("a",), "2"),))
    shown = excerpt(complaint(("a",), hint="write 2", fix=fix), Source("r.toml", "a = 1"), "en")

    assert shown.endswith("= hint: write 2 [--fix --unsafe-fixes]")


def test_a_fix_in_another_file_is_not_offered_here() -> None:
    one = complaint(("a",), fix=Fix(Words.same("x"), (Edit(("above",), "3"),), safe=True))

    assert "--fix" not in excerpt(one, WHERE, "en")


def test_a_program_gets_other_places_figures_and_fixes() -> None:
    told = as_json(OVERLAP, WHERE)

    assert told["witness"] == [{"name": "value", "value": "90%"}]
    first, second = told["related"]  # type: ignore[misc]
    assert (first["path"], first["line"], first["column"], first["end_column"]) == ("规则/道路.toml", 3, 10, 22)
    assert first["message"] == {"zh": "这一档也有 90%", "en": "90% is here too"}
    assert (second["path"], second["line"], second["at"]) == ("规则/上级.toml", 10, ["weight"])
    fix: Any = told["fix"]
    assert fix["safe"] is True
    assert fix["message"]["en"] == "mend the band before"
    assert [(one["line"], one["column"], one["text"]) for one in fix["edits"]] == [(3, 10, '"[80%, 90%)"')]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_on_a_terminal_no_line_is_wider_than_it(width: int, language: Any) -> None:
    long = Words(
        zh="完成值正好是百分之九十的，两档都算得上，" * 6, en="a value of ninety per cent fits in both of them, " * 6
    )
    text = 'name = "' + "道路" * 60 + '" # ' + "说明" * 30
    one = Diagnostic(CODE, ("name",), long, long, related=(Related(("name",), long, within=(50, 52)),))
    shown = excerpt(one, Source("r.toml", text), language, width=width).split("\n")

    assert max(map(columns, shown[1:])) <= width, "the first names the place"
    assert "".join(shown).count("^") >= 1
    assert len(shown) > 12


def test_a_pipe_gets_long_lines_whole() -> None:
    shown = excerpt(complaint(("a",), "word " * 60 + "end"), Source("r.toml", "a = 1"), "en")

    assert "word " * 60 + "end" in shown


@pytest.mark.parametrize(
    ("before", "wide"),
    [
        ("道路", 4),
        ("ａｂ", 4),  # full-width letters
        ("e\u0301", 1),
        ("😀", 2),
        ("👍🏽", 4),  # a skin colour is a character of its own where the terminal does not join it
        ("❤\ufe0f", 1),
        ("가", 2),
        ("ｱ", 1),  # half-width katakana
    ],
)
def test_carets_stand_right_after_any_script(before: str, wide: int) -> None:
    line, carets = quoted_line(f't = {{ a = "{before}", n = 77 }}', ("t", "n"))

    assert columns(before) == wide
    assert carets.index("^") == columns(line[: line.index("77")])


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_and_windows_line_endings_move_nothing(mark: str, ending: str) -> None:
    source = Source("r.toml", mark + ending.join(['a = "道"', 'b = "路"', ""]))

    for key, line in (("a", 1), ("b", 2)):
        told = as_json(complaint((key,)), source)
        assert (told["line"], told["column"], told["end_line"], told["end_column"]) == (line, 5, line, 8)
        assert excerpt(complaint((key,)), source, "en").splitlines()[2:] == [
            f'{line} | {key} = "{"道" if key == "a" else "路"}"',
            "  |     ^^^^ here",
        ]
