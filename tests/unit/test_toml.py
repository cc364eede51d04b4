"""TOML as people write it: what is read, and what they are told when it is none."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfscore.report.complaint import as_json, excerpt
from perfscore.rulefile.text import MAX_BYTES
from perfscore.rulefile.toml import MAX_DEPTH, Document, parse, read

CASES = Path(__file__).parents[3] / "shared" / "external" / "toml-conformance" / "cases.jsonl"

RULES = """\
#:schema ../schema.json
format = 1
[rulebook]
id = "town-roads"
title = "城乡道路"
valid = { from = 2023-01-01,
          to = 2023-12-31 }
[[examples]]
facts = { length = 12.50, "产出.数量" = [1_000, 0x1F] }
says = '''
每发现一处扣 0.5 分'''
"""


def told(text: str) -> tuple[str, str, str, str]:
    """The number of the one complaint about a text, the text it points at, and its message and hint in English."""
    document = parse(text, "r.toml")
    [one] = document.diagnostics
    span = document.source.span(one.at, one.part, one.within)
    assert document.values is None
    return one.code.number, document.source.text[span.start : span.end], one.message.en, one.hint.en if one.hint else ""


def test_values_are_read_exactly() -> None:
    document = parse("a = 0.10\nb = 1e3\nc = 3\n", "r.toml")

    assert document.values == {"a": Decimal("0.10"), "b": Decimal("1E+3"), "c": 3}
    assert str(document.values["a"]) == "0.10"
    assert document.diagnostics == ()


def test_a_file_is_read_with_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        (file := tmp_path / "r.toml").write_text(RULES, encoding=encoding)
        document = read(file)
        assert document.diagnostics == ()
        assert document.values == parse(RULES, "r.toml").values
        assert document.source.path == str(file)


def test_a_file_that_cannot_be_opened_is_the_callers_business(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.toml")
    with pytest.raises(IsADirectoryError):
        read(tmp_path)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ('name = "道路\nb = 1', '"道路', "this text is never closed", 'write " where the text ends'),
        ("name = 'a", "'a", "this text is never closed", "write ' where the text ends"),
        ('a = 1\nname = """\nx\n', '"""', "this text is never closed", 'write """ where the text ends'),
        ('name = "他说“好”\n', '"他说“好”', "this text is never closed", 'write " where the text ends'),
        ("a = \n", "\n", "there is no value here", 'write a "text", a number, true or false'),
        ("a = # later", "#", "there is no value here", 'write a "text", a number, true or false'),
        ("a = 项目决策", "项目决策", "this is no value of TOML", 'if it is a text, write "项目决策"'),
        ("a = True", "True", "this is no value of TOML", "write true"),
        ("a = .5", ".5", "this is no value of TOML", 'write 0.5; if it is a text, write ".5"'),
        ("a = 10%", "%", "the line goes on after its value", 'if it is a text, write "10%"'),
        ("a = 010", "1", "the line goes on after its value", 'write 10; if it is a text, write "010"'),
        ("a = 1 b = 2", "b", "the line goes on after its value", "begin a new line"),
        ("a", "", "the key has no = after it", "write a = …"),
        ("a : 1", ":", "the key has no = after it", "write = instead of :"),
        ("a b = 1", "b", "the key has no = after it", 'write "a b" = …'),
        ("名称 = 1", "名", "a key or a [header] was expected here", 'write "名称" = …'),
        ("[指标]", "指", "a key was expected here", 'write ["指标"]'),
        ("a = [1 2]", "2", "the array has no , or ] here", "write , between values and ] at the end"),
        ("a = {b=1 c=2}", "c", "the inline table has no , or } here", "write , between its keys and } at the end"),
        ("[a", "", "the header has no ]", "write ]"),
        ("[[a]", "]", "the header has no ]]", "write ]]"),
        (r'a = "C:\dir"', r"\d", r"a \ in a text means nothing alone", "single quotes '…'"),
        (r'a = "C:\Users"', r"\U", r"too few hexadecimal digits", "single quotes '…'"),
        ("a = 2023-02-30", "2", "there is no such date or time", "write a date as 2023-12-31"),
        ('a = "\x07"', "\x07", "there is a control character in the text", "take the character out"),
        ("# \x07", "\x07", "there is a control character here", "take the character out"),
    ],
)
def test_what_is_no_toml_is_told_in_plain_words(text: str, place: str, message: str, hint: str) -> None:
    number, where, says, way_out = told(text)

    assert (number, where) == ("PS101", place)
    assert message in says
    assert hint in way_out


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("name = “城乡，道路”", "“", 'write name = "城乡，道路"'),
        ("name = ＂道路＂", "＂", 'write name = "道路"'),
        ("name = ‘道路’ # “注”", "‘", "write name = '道路' # “注”"),
        ("name ＝ “道路”", "＝", 'write name = "道路"'),
        ("name： 1", "：", "write name= 1"),
        ('name = "道路”\nb = 1', "”", 'write name = "道路"'),
        ("a = [1，2、3]", "，", "write a = [1,2,3]"),
        ("a = １０", "１", "write a = 10"),
        ("【a】", "【", "write [a]"),
        ("a\u3000= 1", "\u3000", "write a = 1"),
    ],
)
def test_a_full_width_sign_is_named_and_the_line_to_type_is_offered(text: str, place: str, hint: str) -> None:
    number, where, _, way_out = told(text)

    assert (number, where, way_out) == ("PS102", place, hint)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a = 1\n\na = 2", "a", "a is written twice, first in line 1"),
        ("[a.b]\nx = 1\n[a.b]\n", "b", "a.b is written twice, first in line 1"),
        ("a = { b = 1, b = 2 }", "b", "a.b is written twice, first in line 1"),
        ("[a.b]\n[a]\nb = 1", "b", "a.b is written twice, first in line 1"),
        ("a = {b = 1}\na.c = 2", "a.c = 2", "this writes again what stands further up"),
    ],
)
def test_what_is_written_twice_is_shown_with_its_first_line(text: str, place: str, message: str) -> None:
    assert told(text)[:3] == ("PS103", place, message)


def test_a_place_is_found_behind_windows_line_endings() -> None:
    document = parse('a = "1"\r\nb = """\r\n"""\r\nc = ?\r\n', "r.toml")

    assert as_json(document.diagnostics[0], document.source)["line"] == 4
    assert as_json(document.diagnostics[0], document.source)["column"] == 5


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ('a = 1\nname = "城乡道路"\n'.encode("gb18030"), "GB18030"),
        ('name = "城乡道路"'.encode("utf-16"), "UTF-16"),
        ('name = "城乡道路"'.encode("utf-16-le"), "UTF-16"),
        ('name = "城乡道路"'.encode("utf-16-be"), "UTF-16"),
        ('name = "城乡道路"'.encode("utf-32"), "UTF-32"),
    ],
)
def test_an_encoding_that_is_not_utf8_is_named(data: bytes, name: str, tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_bytes(data)
    document = read(file)
    [one] = document.diagnostics

    assert (one.code.number, document.values) == ("PS104", None)
    assert name in one.message.en
    assert "UTF-8" in one.hint.zh if one.hint else False


def test_a_file_in_gb18030_is_quoted_as_its_author_knows_it(tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_bytes('a = 1\nname = "城乡道路"\n'.encode("gb18030"))
    document = read(file)

    assert '2 | name = "城乡道路"\n  |         ^^ 文件以 GB18030 (GBK)' in excerpt(
        document.diagnostics[0], document.source, "zh"
    )


def test_a_damaged_place_in_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_bytes('name = "城乡'.encode() + b"\xa1\xa1" + b'"\n')
    document = read(file)

    assert document.diagnostics[0].message.en == "the bytes here are no UTF-8 text"
    assert as_json(document.diagnostics[0], document.source)["column"] == 11


def test_a_file_over_5_mb_is_not_read(tmp_path: Path) -> None:
    with (file := tmp_path / "r.toml").open("wb") as opened:
        opened.truncate(MAX_BYTES + 1)

    assert [one.code.number for one in read(file).diagnostics] == ["PS105"]


@pytest.mark.parametrize(
    "number",
    [
        "9" * 61,
        "-" + "9" * 5000,
        "0x" + "f" * 60,
        "0b" + "1" * 300,
        "1e31",
        "1E-31",
        "1e99999999999",
        "0." + "1" * 61,
        "1" * 31 + "." + "1" * 30,
        "1_000" + "_000" * 20,
    ],
)
def test_a_number_that_is_too_long_is_refused_where_it_stands(number: str) -> None:
    code, place, message, _ = told(f'a = 1\nb = {{ x = ["{number}", {number}] }}\n')

    assert (code, place) == ("PS106", number)
    assert "has more than 60 digits, or an exponent beyond 30" in message


@pytest.mark.parametrize("number", ["9" * 60, "-" + "9" * 60, "1e30", "1e-30", "0." + "1" * 60, "0xffff", "07:32:00"])
def test_a_long_number_that_can_be_worked_with_is_read(number: str) -> None:
    assert parse(f"a = {number}", "r.toml").diagnostics == ()


@pytest.mark.parametrize("number", ["inf", "-inf", "+nan"])
def test_a_number_that_is_not_finite_is_refused_where_it_stands(number: str) -> None:
    assert told(f'nan = "inf"\na = [1, {number}]')[:2] == ("PS107", number)


def test_every_unusable_number_is_shown_at_once() -> None:
    document = parse("a = inf\nb = 1e31\n", "r.toml")

    assert [(one.code.number, one.at) for one in document.diagnostics] == [("PS107", ("a",)), ("PS106", ("b",))]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 5000,
        ".".join("a" * 5000) + " = 1",
        "[" + ".".join("a" * 5000) + "]",
        "a = " + "[" * 65 + "]" * 65,
        "x" + ".x" * 40 + " = {" + "y.y" * 20 + ".y = {z.z.z.z.z.z.z = 1}}",
    ],
)
def test_what_is_nested_too_deeply_is_refused_before_it_is_parsed(text: str) -> None:
    assert told(text)[0] == "PS108"


def test_what_is_nested_to_the_limit_is_read() -> None:
    deep = "a = " + "[" * MAX_DEPTH + '"[[[[" # {{{\n' + "]" * MAX_DEPTH
    flat = "a = [[1.5, 2.5], [3.5]]\n" + 'b = "' + "." * 500 + '"\n'

    assert parse(deep, "r.toml").diagnostics == parse(flat, "r.toml").diagnostics == ()


def the_text_is_answered(document: Document) -> None:
    """Either values or complaints, and each complaint can be shown to anyone."""
    assert (document.values is None) == bool(document.diagnostics)
    for diagnostic in document.diagnostics:
        assert diagnostic.code.number.startswith("PS1")
        assert excerpt(diagnostic, document.source, "zh")
        assert excerpt(diagnostic, document.source, "en")
        json.dumps(as_json(diagnostic, document.source))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("toml") / "any.toml"


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(st.binary(), st.text().map(lambda text: text.encode("gb18030")), st.text().map(str.encode)))
@example(data=b"\0")
@example(data=b"\xff")
@example(data=b"\xef\xbb\xbf\xff")
@example(data=b"\x841\x953")  # a byte order mark, in GB18030
def test_any_bytes_give_values_or_complaints(file: Path, data: bytes) -> None:
    file.write_bytes(data)

    the_text_is_answered(read(file))


pieces = st.one_of(
    st.sampled_from(list("\"'[]{}=.,#\\\n\r\t \ufeff0123456789eE+-_xn“”‘’＝：，【】　％\ud800\x00"))
    | st.sampled_from(
        ['"""', "'''", "[[", "]]", "\\u12", "\\x4", "inf", "nan", "2023-01-01", "\r\n", "9" * 70, "道路"]
    ),
    st.text(max_size=3),
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(RULES)), st.integers(0, 3), pieces), min_size=1, max_size=4))
def test_a_rule_file_with_slips_gives_values_or_complaints(slips: list[tuple[int, int, str]]) -> None:
    text = RULES
    for at, removed, typed in slips:
        text = text[:at] + typed + text[at + removed :]

    the_text_is_answered(parse(text, "r.toml"))


@settings(max_examples=1000, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join))
@example('"\\u12" = 1' + "9" * 70)
@example('"\\U99999999" = 1' + "9" * 70)
def test_any_signs_of_toml_in_any_order_give_values_or_complaints(text: str) -> None:
    the_text_is_answered(parse(text, "r.toml"))
    the_text_is_answered(parse("a = " + text, "r.toml"))


@pytest.mark.skipif(not CASES.exists(), reason="toml-conformance is not beside this tree")
def test_what_the_conformance_suite_refuses_is_refused() -> None:
    for case in map(json.loads, CASES.read_text(encoding="utf-8").splitlines()):
        if "toml" in case and "1.1.0" in case["versions"]:
            document = parse(case["toml"], "r.toml")
            the_text_is_answered(document)
            numbers = {one.code.number for one in document.diagnostics} <= {"PS106", "PS107"}
            assert case["valid"] == (document.values is not None) or (case["valid"] and numbers), case["name"]
