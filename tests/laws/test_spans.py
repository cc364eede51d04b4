"""Law 10 — a span, read again, is its value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore.diagnostic import KeyPath
from perfscore.source import Source, Span

CASES = Path(__file__).parents[3] / "shared" / "external" / "toml-conformance" / "cases.jsonl"


def values(text: str) -> Any:
    """What a text says, floats as they are written: nan is not equal to itself."""
    return tomli.loads(text, parse_float=lambda written: ("float", written))


def scalars(value: Any, at: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(inner, (*at, key))
    else:
        yield at, value


def a_span_read_again_is_its_value(source: Source) -> None:
    meant = dict(scalars(values(source.text)))
    found = source.spans()

    assert set(found) == set(meant)
    for at, value in meant.items():
        span = found[at]
        assert values(f"v = {source.text[span.start : span.end]}") == {"v": value}
        assert source.span(at) == span


def a_key_span_read_again_is_its_key(source: Source) -> None:
    for at in source.spans():
        if isinstance(at[-1], str):
            span = source.span(at, "key")
            assert values(f"{source.text[span.start : span.end]} = 1") == {at[-1]: 1}


def a_narrowed_span_is_that_part_of_the_text(source: Source, at: KeyPath, value: str, start: int, end: int) -> None:
    span, whole = source.span(at, within=(start, end)), source.span(at)
    piece = source.text[span.start : span.end]
    written = source.text[whole.start : whole.end]

    assert whole.start < span.start <= span.end < whole.end
    if not set("\\\r") & set(written):
        assert piece == value[start:end]
    else:  # read as part of another text with the same kind of quotes
        quotes = written[0] * 3
        assert values(f"v = {quotes}x{piece}x{quotes}") == {"v": f"x{value[start:end]}x"}


def conformance() -> list[Any]:
    if not CASES.exists():
        return [
            pytest.param("", id="absent", marks=pytest.mark.skip(reason="toml-conformance is not beside this tree"))
        ]
    cases = map(json.loads, CASES.read_text(encoding="utf-8").splitlines())
    valid = (case for case in cases if case["valid"] and "1.1.0" in case["versions"])
    return [pytest.param(case["toml"], id=case["name"]) for case in valid]


@pytest.mark.parametrize("text", conformance())
def test_a_span_read_again_is_its_value_in_the_conformance_suite(text: str) -> None:
    source = Source("case.toml", text)

    a_span_read_again_is_its_value(source)
    a_key_span_read_again_is_its_key(source)


@pytest.mark.skipif(not CASES.exists(), reason="toml-conformance is not beside this tree")
def test_a_text_that_is_no_toml_is_scanned_without_a_word() -> None:
    for case in map(json.loads, CASES.read_text(encoding="utf-8").splitlines()):
        if "toml" in case:
            Source("case.toml", case["toml"]).spans()


# Documents of our own: a tree, and then each of its parts written in one of the ways that TOML allows.

characters = st.characters(codec="utf-8", exclude_characters="\r")
texts = st.text(st.one_of(st.sampled_from("路 道\"'\\\n\t#=[]{}.,ab\x1b😀"), characters), max_size=12)
names = st.one_of(st.sampled_from(["name", "权重", "a.b", "", '"', "x-1", "0", "= 1 # no"]), texts)
plain = st.sampled_from(
    [
        "1",
        "-1_000",
        "0x1F",
        "0.5",
        "1e3",
        "-inf",
        "nan",
        "true",
        "2023-01-01",
        "2023-01-01 07:32:00Z",
        "07:32",
        "07:32:00.5",
    ]
)
leaves = st.one_of(plain.map(lambda text: ("plain", text)), texts)
trees: st.SearchStrategy[Any] = st.dictionaries(
    names,
    st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
        max_leaves=8,
    ),
    max_size=4,
)


class Writer:
    """A tree as TOML, with every choice of spelling drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))

    def one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def gap(self) -> str:
        return self.one_of("", " ", self.newline, f' # 注 ]}}"{self.newline}\t')

    def key(self, name: str) -> str:
        bare = bool(name) and name.isascii() and all(one.isalnum() or one in "-_" for one in name)
        return self.one_of(*([name] if bare else []), self.basic(name), *self.literals(name, "'"))

    def text(self, value: str) -> str:
        return self.one_of(self.basic(value), self.long(value), *self.literals(value, "'", "'''"))

    def literals(self, value: str, *quotes: str) -> list[str]:
        if any((ord(one) < 32 and one not in "\t\n") or one == "\x7f" for one in value):
            return []
        spelled = []
        if "'" in quotes and "'" not in value and "\n" not in value:
            spelled.append(f"'{value}'")
        if "'''" in quotes and "''" not in value and not value.endswith("'"):
            spelled.append(f"'''{self.newline}{value}'''".replace("\r\n", "\n").replace("\n", self.newline))
        return spelled

    def basic(self, value: str) -> str:
        return '"' + "".join(self.escaped(one) for one in value) + '"'

    def escaped(self, one: str) -> str:
        if one in '"\\':
            return "\\" + one
        code = ord(one)
        spelled = [
            f"\\U{code:08x}",
            *([f"\\u{code:04X}"] if code < 65536 else []),
            *([f"\\x{code:02x}"] if code < 256 else []),
        ]
        return self.one_of(*spelled) if code < 32 or code == 127 else self.one_of(one, one, one, *spelled)

    def long(self, value: str) -> str:
        pieces = []
        for one in value:
            pieces.append(self.newline if one == "\n" and self.draw(st.booleans()) else self.escaped(one))
            # A line-ending backslash swallows the blanks after it, so the next character may not be one.
            if self.draw(st.integers(0, 5)) == 0:
                pieces.append(f"\\ {self.newline}  {self.newline} ")
        text = "".join(pieces)
        return f'"""{self.newline}{text}"""'

    def value(self, value: Any) -> str:
        if isinstance(value, tuple):
            return str(value[1])
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            inner = [self.gap() + self.value(one) + self.gap() for one in value]
            return f"[{','.join(inner)}{self.one_of('', ',') if inner else self.gap()}{self.gap()}]"
        inner = [self.gap() + self.pair(name, one) + self.gap() for name, one in value.items()]
        return f"{{{','.join(inner)}{self.one_of('', ',') if inner else self.gap()}{self.gap()}}}"

    def pair(self, name: str, value: Any) -> str:
        key = self.key(name)
        while isinstance(value, dict) and len(value) == 1 and self.draw(st.booleans()):
            [(name, value)] = value.items()
            key += self.one_of(".", " . ") + self.key(name)
        return f"{key}{self.one_of('', ' ')}={self.one_of('', ' ', chr(9))}{self.value(value)}"

    def table(self, tree: dict[str, Any], header: tuple[str, ...]) -> list[str]:
        lines, later = [], []
        for name, value in tree.items():
            deeper = (*header, name)
            if isinstance(value, dict) and self.draw(st.booleans()):
                title = self.one_of(".", " . ").join(map(self.key, deeper))
                # A header may be left out where deeper ones name the table.
                if not value or any(not isinstance(one, dict) for one in value.values()) or self.draw(st.booleans()):
                    later.append(f"[{title}] # 表")
                    later += self.table(value, deeper)
                else:
                    later += self.headers_only(value, deeper)
            elif self.tables(value) and self.draw(st.booleans()):
                for one in value:
                    later.append(f"[[{'.'.join(map(self.key, deeper))}]]")
                    later += self.table(one, deeper)
            else:
                lines.append(self.pair(name, value) + self.one_of("", " # 注"))
        return lines + later

    def headers_only(self, tree: dict[str, Any], header: tuple[str, ...]) -> list[str]:
        lines = []
        for name, value in tree.items():
            lines.append(f"[{'.'.join(map(self.key, (*header, name)))}]")
            lines += self.table(value, (*header, name))
        return lines

    @staticmethod
    def tables(value: Any) -> bool:
        return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    tree = draw(trees)
    writer = Writer(draw)
    lines = writer.table(tree, ())
    return draw(st.sampled_from(["", "\ufeff"])) + writer.newline.join(lines), tree


@settings(max_examples=300, deadline=None)
@given(documents())
def test_a_span_read_again_is_its_value_in_any_document(document: tuple[str, dict[str, Any]]) -> None:
    text, tree = document
    source = Source("any.toml", text)

    # The documents are what they set out to be; otherwise the law would be tried on less than it says.
    assert [at for at, _ in sorted_scalars(values(source.text))] == [at for at, _ in sorted_scalars(tree_values(tree))]
    a_span_read_again_is_its_value(source)
    a_key_span_read_again_is_its_key(source)


def tree_values(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {name: tree_values(one) for name, one in tree.items()}
    return list(map(tree_values, tree)) if isinstance(tree, list) else str(tree)


def sorted_scalars(value: Any) -> list[tuple[KeyPath, Any]]:
    return sorted(scalars(value), key=lambda pair: [(isinstance(one, str), one) for one in pair[0]])


@settings(max_examples=300, deadline=None)
@given(texts, st.data())
def test_a_narrowed_span_is_that_part_of_the_text_in_any_spelling(value: str, data: st.DataObject) -> None:
    spelled = data.draw(st.composite(lambda draw: Writer(draw).text(value))())
    source = Source("any.toml", f'"路" = 1 # 道路\nv = {spelled}')
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))

    a_narrowed_span_is_that_part_of_the_text(source, ("v",), values(source.text)["v"], start, end)


APART = re.compile(r"[ \t]*(?=[\r\n#])(?:[ \t\r\n]|#[^\n]*)*,")  # a comma that does not follow on the line of its pair


@settings(max_examples=300, deadline=None)
@given(documents())
def test_a_pair_taken_out_takes_nothing_else_with_it(document: tuple[str, dict[str, Any]]) -> None:
    """Neither another value nor a comment; a comma that stands apart stays, and then the text may be no TOML."""
    source = Source("any.toml", document[0])
    before = dict(scalars(values(source.text)))
    for at in {path[:end] for path in before for end in range(1, len(path) + 1)}:
        if not source.stands(at, "pair"):
            continue
        pair, whole = source.span(at, "pair"), source.span(at)
        assert pair.start <= source.span(at, "key").start < whole.end <= pair.end
        assert not source.text[whole.end : pair.end].strip(", \t\r\n"), "a comment stays"
        left = source.text[: pair.start] + source.text[pair.end :]
        try:
            after = dict(scalars(values(left)))
        except tomli.TOMLDecodeError:
            assert APART.match(source.text, whole.end), left
        else:
            assert after == {path: value for path, value in before.items() if path[: len(at)] != at}


@pytest.mark.parametrize(
    ("text", "at", "left"),
    [
        ("a = 1\nb = 2\n", ("a",), "b = 2\n"),
        ("a = 1\nb = 2", ("b",), "a = 1\n"),
        ("a = 1 # why\r\nb = 2\r\n", ("a",), "# why\r\nb = 2\r\n"),
        ("a = 1\r\nb = 2\r\n", ("a",), "b = 2\r\n"),
        ("  a.b = 1\nc = 2\n", ("a", "b"), "c = 2\n"),
        ("t = { a = 1, b = 2, c = 3 }", ("t", "a"), "t = { b = 2, c = 3 }"),
        ("t = { a = 1, b = 2, c = 3 }", ("t", "b"), "t = { a = 1, c = 3 }"),
        ("t = { a = 1, b = 2, c = 3 }", ("t", "c"), "t = { a = 1, b = 2 }"),
        ("t = { a = 1 }", ("t", "a"), "t = {  }"),
        ("t = {\n  a = 1,\n  b = 2,\n}\n", ("t", "a"), "t = {\n  b = 2,\n}\n"),
        ("t = {\n  a = 1,\n  b = 2\n}\n", ("t", "b"), "t = {\n  a = 1,\n}\n"),
        ("t = {\n  a = 1, # why\n  b = 2,\n}\n", ("t", "a"), "t = {\n  # why\n  b = 2,\n}\n"),
        ("a = [\n 1,\n]\nb = 2\n", ("a",), "b = 2\n"),
    ],
)
def test_a_pair_leaves_no_line_and_no_comma_of_its_own(text: str, at: KeyPath, left: str) -> None:
    span = Source("r.toml", text).span(at, "pair")

    assert text[: span.start] + text[span.end :] == left


class Shifted(Source):
    """A planted bug: every span stands one character too far to the right."""

    def spans(self) -> dict[KeyPath, Span]:
        return {at: Span(span.start + 1, span.end + 1) for at, span in super().spans().items()}


class Hidden(Source):
    """A planted bug: the last value has no place."""

    def spans(self) -> dict[KeyPath, Span]:
        return dict(list(super().spans().items())[:-1])


@pytest.mark.parametrize("bug", [Shifted, Hidden])
@pytest.mark.parametrize("text", ["a = 12\nb = 3\n", 'x = { "名" = ["道路", 1] } # 注'])
def test_the_law_catches_a_planted_bug(bug: type[Source], text: str) -> None:
    a_span_read_again_is_its_value(Source("planted.toml", text))
    with pytest.raises((AssertionError, tomli.TOMLDecodeError)):
        a_span_read_again_is_its_value(bug("planted.toml", text))


# Where tables, elements and missing things stand

TOWN = """\
[indicators.roads]
weight = 30
criterion = { kind = "bands",
  bands = [ { in = "[80%, 90%)" }, { points = 4 } ], # 分档
}
[indicators.roads.length]
weight.share = 3
[[examples]]
title = "一"
[[examples]]
title = "二"
facts."道路" = 1
[indicators]
"""


@pytest.mark.parametrize(
    ("at", "part", "text", "line"),
    [
        (("indicators",), "value", "indicators", 13),
        (("indicators", "roads"), "value", "roads", 1),
        (("indicators", "roads"), "key", "roads", 1),
        (("indicators", "roads", "length"), "key", "length", 6),
        (("indicators", "roads", "length", "weight"), "value", "weight", 7),
        (("indicators", "roads", "criterion", "kind"), "key", "kind", 3),
        (("indicators", "roads", "criterion", "bands", 1), "value", "{ points = 4 }", 4),
        (("indicators", "roads", "criterion", "bands", 1, "points"), "value", "4", 4),
        (("examples",), "value", "examples", 8),
        (("examples", 1), "key", "examples", 10),
        (("examples", 1, "facts", "道路"), "key", '"道路"', 12),
        (("indicators", "roads", "name"), "value", "roads", 1),
        (("indicators", "roads", "criterion", "otherwise"), "value", "criterion", 3),
        (("indicators", "roads", "criterion", "bands", 0, "points"), "value", '{ in = "[80%, 90%)" }', 4),
        (("examples", 7, "title"), "value", "examples", 8),
        (("rulebook", "id"), "value", "", 1),
        ((), "value", "", 1),
    ],
)
def test_what_has_no_value_of_its_own_stands_where_it_is_named(at: KeyPath, part: Any, text: str, line: int) -> None:
    source = Source("town.toml", TOWN)
    span = source.span(at, part)

    assert source.text[span.start : span.end] == text
    assert source.position(span.start)[0] == line


def test_positions_and_offsets_are_two_ways_to_say_the_same() -> None:
    source = Source("r.toml", '\ufeffa = 1\r\n"路" = 2\n')

    assert source.position(source.span(("路",)).start) == (2, 7)
    assert [source.line(number) for number in (1, 2, 3)] == ["a = 1", '"路" = 2', ""]
    for offset in range(len(source.text) + 1):
        assert source.offset(*source.position(offset)) == offset


def test_within_the_whole_file_counts_its_characters() -> None:
    source = Source("r.toml", "路 = 1")

    assert source.span((), within=(0, 1)) == Span(0, 1)
    assert source.span((), within=(3, 900)) == Span(3, 5)


def test_what_is_written_twice_is_found_with_its_first_place() -> None:
    source = Source("r.toml", "a.b = 1\nc = 2\n[d]\n[d]\n")

    assert source.repeated() == ((("d",), Span(19, 20)),)
    assert source.position(source.span(("d",)).start) == (3, 2)
