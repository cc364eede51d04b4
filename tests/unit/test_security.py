"""A rule file runs nothing, ends soon, and prints nothing but text."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from perfscore import Answer, Fact, Facts, Rulebook, assess, check, loads, render
from perfscore.criteria import kind_names
from perfscore.factsfile import facts_from_text, open_facts
from perfscore.formula.syntax import FormulaError, parse, parse_condition
from perfscore.report.blank import blank_facts
from perfscore.report.complaint import excerpt
from perfscore.report.reading import reading
from perfscore.rulefile import open_path, open_text

HEADER = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
reasons = "reported"
"""
INPUT = '[inputs.x]\nlabel = "X"\ntype = "number"\n'
LEAF = '[indicators.a]\nname = "A"\nweight = 10\ncriterion = { kind = "judgement" }\n'


@contextmanager
def soon(seconds: float = 2) -> Iterator[None]:
    """What stands inside ends in time; where the system can interrupt it, it is not even waited for."""

    def late(number: int, frame: object) -> None:
        raise AssertionError(f"still at work after {seconds} seconds")

    alarm = getattr(signal, "SIGALRM", None)
    start = time.perf_counter()
    if alarm is not None:
        before = signal.signal(alarm, late)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if alarm is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(alarm, before)
    assert time.perf_counter() - start < seconds


def codes(text: str) -> list[str]:
    return [one.code.number for one in open_text(text).diagnostics if one.severity == "error"]


def with_measure(formula: str) -> str:
    quoted = formula.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{HEADER}{INPUT}[measures.m]\nformula = "{quoted}"\n{LEAF}[checks.c]\nthat = "m > 0"\nsays = "c"\n'


# Limits


@pytest.mark.parametrize(
    "formula",
    [
        pytest.param("1 + " * 2500 + "1", id="10,001 characters"),
        pytest.param("1" + " " * 10_000, id="10,001 blanks"),
        pytest.param("x" * 1_000_000, id="a million characters"),
        pytest.param("(" * 65 + "x" + ")" * 65, id="65 brackets"),
        pytest.param("-" * 65 + "x", id="65 signs"),
        pytest.param("not " * 65 + "(x > 1)", id="65 negations"),
        pytest.param("abs(" * 65 + "x" + ")" * 65, id="65 calls"),
        pytest.param("if x > 1 then 1 else " * 65 + "1", id="65 choices"),
        pytest.param("(" * 4999 + "x" + ")" * 4999, id="4,999 brackets"),
        pytest.param("-" * 9999 + "x", id="9,999 signs"),
        pytest.param("(" * 9000, id="9,000 opened brackets"),
        pytest.param("9" * 61, id="a number of 61 digits"),
        pytest.param("0." + "9" * 61, id="61 decimal places"),
        pytest.param("9" * 9000, id="a number of 9,000 digits"),
        pytest.param("1e31", id="an exponent of 31"),
        pytest.param("1e-31", id="an exponent of -31"),
        pytest.param("1e999999999", id="an exponent of a thousand million"),
        pytest.param("1e99999999999999999999", id="an exponent of twenty digits"),
        pytest.param("9" * 61 + "%", id="a percentage of 61 digits"),
        pytest.param("9" * 61 + "件", id="a quantity of 61 digits"),
        pytest.param("9" * 61 + "pp", id="points of 61 digits"),
        pytest.param("round(x, 31)", id="31 places"),
        pytest.param("round(x, -1)", id="places below zero"),
        pytest.param("round(x, 999999999)", id="a thousand million places"),
        pytest.param("2023-02-30", id="a day that there is none"),
        pytest.param("9999-99-99", id="a month that there is none"),
        pytest.param("nan", id="nan"),
        pytest.param("inf", id="inf"),
    ],
)
def test_a_formula_beyond_the_limits_is_a_diagnostic_and_soon(formula: str) -> None:
    with soon():
        told = codes(with_measure(formula))

    assert told
    assert set(told) <= {"PS501", "PS502"}


def test_a_formula_within_the_limits_is_read() -> None:
    for formula in ("(" * 60 + "x" + ")" * 60, "9" * 60, "1e30", "1 + " * 2499 + "x", "round(x, 30)"):
        with soon():
            assert codes(with_measure(formula)) == [], formula[:40]


@pytest.mark.parametrize("formula", ["nan", "inf", "Infinity", "NaN"])
def test_nan_and_inf_are_names_that_nobody_knows(formula: str) -> None:
    assert codes(with_measure(formula)) == ["PS502"]


@pytest.mark.parametrize("text", ["a = nan", "a = inf", "a = -inf", "full_marks = +nan"])
def test_nan_and_inf_in_the_file_are_refused(text: str) -> None:
    assert codes(text) == ["PS107"]


def test_a_file_of_five_megabytes_and_one_byte_is_refused_unread(tmp_path: Path) -> None:
    for name, opened in (("a.toml", open_path), ("a.facts.toml", open_facts), ("a.json", open_facts)):
        (file := tmp_path / name).write_bytes(b" " * 5_000_001)
        with soon():
            assert [one.code.number for one in opened(file).diagnostics] == ["PS105"]


def test_a_file_of_five_megabytes_is_read(tmp_path: Path) -> None:
    (file := tmp_path / "a.toml").write_bytes((HEADER + LEAF).encode() + b"# " + b"x" * 4_990_000)

    with soon(10):
        assert check(file) == []


def test_a_file_of_many_small_mistakes_ends_in_time(tmp_path: Path) -> None:
    """Twenty thousand unknown keys: each looks for its nearest name, and all are told."""
    (file := tmp_path / "a.toml").write_text(
        HEADER + "".join(f"key_{n} = {n}\n" for n in range(20_000)) + LEAF, encoding="utf-8"
    )

    with soon(10):
        assert len(check(file)) == 20_000


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "{a=" * 60_000, ".".join("a" * 60_000) + " = 1"])
def test_deep_toml_is_refused_and_soon(text: str) -> None:
    with soon():
        assert codes(text) == ["PS108"]


def test_deep_indicators_are_read_or_refused() -> None:
    """Sixty levels of headers are within the nesting that TOML may have here."""
    path, text = [], HEADER
    for level in range(60):
        path.append(f"n{level}")
        text += f'[indicators.{".".join(path)}]\nname = "N"\n'
    with soon():
        rulebook = loads(text + 'weight = 10\ncriterion = { kind = "judgement" }\n')
        result = assess(rulebook, Facts(answers={".".join(path): Answer(points=9)}))
        assert result.score == 9
        for form in ("text", "markdown", "json"):
            assert "9.00" in render(result, form)


def test_a_thousand_indicators_are_judged_in_time() -> None:
    text = HEADER.replace("full_marks = 10", "full_marks = 1000")
    text += "".join(
        f'[indicators.n{n}]\nname = "N{n}"\nweight = 1\nmeasure = {{ type = "percent" }}\ntarget = "≥ 80%"\n'
        'criterion = { kind = "proportional" }\n'
        for n in range(1000)
    )
    with soon(20):
        result = assess(loads(text), Facts(inputs={f"n{n}": "40%" for n in range(1000)}))
    assert result.score == 500


def squares(times: int, start: str = "x") -> str:
    """Measures of which each is the square of the last: 2 ** times digits in the end."""
    lines = f'[measures.m0]\nformula = "{start}"\n'
    for n in range(1, times + 1):
        lines += f'[measures.m{n}]\nformula = "m{n - 1} * m{n - 1}"\n'
    return lines


def leaf(measure: str) -> str:
    return f'[indicators.a]\nname = "A"\nweight = 10\nmeasure = "{measure}"\ntarget = "≥ 1"\ncriterion = {{ kind = "threshold" }}\n'


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(INPUT + squares(40) + leaf("m40"), id="forty squares"),
        pytest.param(INPUT + leaf(" * ".join(["x"] * 500)), id="x*x*x… five hundred times"),
        pytest.param(INPUT + squares(40, "1 / x") + leaf("m40"), id="forty squares of a fraction"),
        pytest.param(INPUT + squares(6, "x" + " * x" * 60) + leaf("m6"), id="squares of long products"),
        pytest.param(
            INPUT + squares(40).replace("*", "/ 3 / 7 * 11 *") + leaf("m40"),
            id="squares over numbers that share nothing",
        ),
        pytest.param(INPUT + squares(40, "abs(x)") + leaf("min(m40, 1)"), id="cut when it is too late"),
        pytest.param(
            INPUT + squares(40, "max(x, 12345678901234567890)") + leaf("m40"),
            id="a square of which the bounds are known",
        ),
    ],
)
def test_a_number_that_outgrows_4096_bits_is_a_finding_and_soon(rules: str) -> None:
    with soon():
        result = assess(loads(HEADER + rules), Facts(inputs={"x": Decimal("1234567890.123456789")}))

    assert result["a"].state == "undefined"
    assert result.score is None
    assert [one.code.number for one in result.findings if one.severity == "error"] == ["PS408"]


def test_numbers_that_are_only_constants_are_bounded_as_well() -> None:
    """No fact is needed: what can be computed when the file is read must end as well."""
    with soon():
        text = HEADER + squares(40, "1234567890") + leaf("m40")
        opened = open_text(text)
    if opened.rulebook is not None:
        with soon():
            assert assess(opened.rulebook, Facts()).score is None


def test_domains_do_not_grow_without_bounds_when_the_file_is_checked() -> None:
    """Interval analysis multiplies the ends: forty squares of a declared maximum must not be computed."""
    bounded = INPUT + "min = 2\nmax = 1234567890\n"
    with soon():
        opened = open_text(HEADER + bounded + squares(40) + leaf("m40"))
    if opened.rulebook is not None:
        with soon():
            assert assess(opened.rulebook, Facts(inputs={"x": 3})).score is None


@pytest.mark.parametrize("places", ["31", "1000", "100_000_000", "1e30"])
def test_places_are_limited(places: str, tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_text(HEADER + f"rounding = {{ places = {places} }}\n" + LEAF, encoding="utf-8")
    script = "import sys, perfscore; print([one.code.number for one in perfscore.check(sys.argv[1])])"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {script}", str(file)],
        capture_output=True,
        timeout=5,
        check=False,
    )

    assert b"PS" in ran.stdout


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("a" * 5000 + " = ", id="a long key"),
        pytest.param('a = "' + "\\" * 9999, id="many backslashes"),
        pytest.param('a = "' + '"' * 9999, id="many quotes"),
        pytest.param("a = " + "1" * 4000 + "x", id="a long word"),
        pytest.param("[" + "a." * 30 + "\n", id="an open header"),
        pytest.param("a = '''" + "''" * 5000, id="quotes in quotes"),
        pytest.param("＝" * 5000, id="full-width signs"),
        pytest.param("a = " + "-" * 5000, id="many dashes"),
        pytest.param(" " * 50_000 + "x", id="many blanks"),
        pytest.param("# " + "“" * 50_000 + "\n[", id="many opening quotes"),
        pytest.param('"' + "“" * 20_000 + "\n", id="opening quotes in an open text"),
    ],
)
def test_no_text_makes_a_pattern_run_for_long(pattern: str) -> None:
    with soon():
        opened = open_text(pattern)
        for one in opened.diagnostics:
            excerpt(one, opened.source, "zh")
    assert opened.diagnostics


# Formulas run nothing


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('id')",
        "__import__('os')",
        "().__class__",
        "x.__class__.__mro__",
        "x.real()",
        "x[0]",
        "lambda: 1",
        "(lambda y: y)(x)",
        "`id`",
        "$(id)",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "{x}",
        "${x}",
        "x; y",
        "x = 1; x",
        "x := 1",
        "[y for y in x]",
        "exec('1')",
        "eval('1')",
        "open('/etc/passwd')",
        "getattr(x, 'y')",
        "x if x else x",
        "x ** 9999999",
        "x << 9999999",
        "x ^ 2",
        "x!",
        "x @ x",
        "~x",
        "x // 2",
        "@x",
        "import os",
        "print(1)",
        "'a' 'b'",
        "f'{x}'",
        "x\\n",
        "\u202ex",
        "x\u0000",
        "x\u200b",
    ],
)
def test_a_formula_that_is_no_formula_is_told(formula: str) -> None:
    with soon(), pytest.raises(FormulaError) as raised:
        parse(formula)
    assert 0 <= raised.value.start <= raised.value.end <= len(formula)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("formula", ["__import__('os')", "x.real.imag", "lambda: 1", "`id`", "x ** 2", "{{ x }}"])
def test_such_a_formula_in_a_file_is_ps501_wherever_it_stands(formula: str) -> None:
    quoted = formula.replace('"', '\\"')
    for text in (
        with_measure(formula),
        HEADER + LEAF + f'measure = "{quoted}"\n',
        HEADER + LEAF + f'measure = {{ type = "number", min = "{quoted}" }}\n',
        HEADER + LEAF + f'measure = {{ type = "number" }}\ntarget = "≥ {quoted}"\n',
        HEADER + LEAF.replace('"judgement"', f'"judgement", points = "{quoted}"'),
        HEADER + LEAF.replace('"judgement"', f'"threshold", otherwise = "{quoted}"'),
        HEADER + LEAF + f'[checks.c]\nthat = "{quoted}"\nsays = "c"\n',
        HEADER + LEAF + f'[goals.g]\ntext = "g"\nmeasure = "{quoted}"\ntarget = "{quoted}"\n',
    ):
        assert "PS501" in codes(text), text


def test_a_dunder_name_is_a_name_like_any_other_and_reaches_nothing() -> None:
    assert codes(with_measure("__import__")) in (["PS502"], ["PS501"])
    assert codes(with_measure("__class__ + 1")) in (["PS502"], ["PS501"])


@pytest.mark.parametrize("name", ["real", "__class__", "denominator"])
def test_a_dot_reads_the_column_of_a_table_and_reaches_nothing_else(name: str) -> None:
    assert codes(with_measure(f"x.{name}")) == ["PS502"]
    assert codes(with_measure(f"sum(x.{name})")) in (["PS502"], ["PS503", "PS502"], ["PS502", "PS503"])


@pytest.mark.parametrize(
    "kind", ["../os", "os.path", "perfscore.cli", "__init__", "clauses\\n", "CLAUSES ", "é", "a" * 10_000]
)
def test_a_kind_is_looked_up_and_never_imported_by_its_name(kind: str) -> None:
    with soon():
        assert codes(HEADER + LEAF.replace("judgement", kind)) == ["PS118"]
    assert "os" not in kind_names()


def test_a_condition_is_as_closed_as_a_formula() -> None:
    for text in ("≥ __import__('os')", "in [1, 2", "≥ x.y.z", "≥≥ 3", "3 ≤ value ≤ 4"):
        with pytest.raises(FormulaError):
            parse_condition(text)


# Text is text

NASTY = {
    "terminal": "\x1b[31mred\x1b[0m\x07\x08\x9b31m",
    "title": "\x1b]0;owned\x07",
    "direction": "\u202eabc\u2066\u2069\u200f",
    "rich": "[red]x[/red][/][link=http://x]y[/link]",
    "rich-open": "[/nothing]",
    "markdown": "*a* _b_ `c` # d [e](http://x) ![f](g) ~~h~~ ***",
    "html": "<script>alert(1)</script><img src=x onerror=y>&amp;<!-- -->",
    "table": "a | b || c |---|",
    "lines": "first\nsecond\r\nthird\rfourth\u2028fifth\x0bsixth\x85seventh",
    "toml": 'x\n[inputs]\nevil = 1 # """ \' = {',
    "format": "{0} {what} {value} %s %(a)s {{x}}",
    "empty": "",
    "jinja": "{{ 7*7 }}{% include 'x' %}",
    "formula": '=HYPERLINK("http://x")',
    "autolink": "http://evil.example www.evil.example a@b.c",
}


def toml(text: str) -> str:
    """A text as a TOML string."""
    return '"' + "".join(one if one.isprintable() and one not in '"\\' else f"\\U{ord(one):08x}" for one in text) + '"'


def nasty_rules(text: str) -> Rulebook:
    t = toml(text)
    filled = text or "x"
    n = toml(filled)
    i = toml(re.sub(r"[\s.]+", "_", filled))  # ids hold no dots and no blanks
    return loads(f"""\
format = 1
[rulebook]
id = {i}
title = {t}
version = {t}
full_marks = 30
reasons = "reported"
[basis.law]
title = {t}
number = {t}
url = {t}
[inputs.x]
label = {t}
type = "number"
unit = {t}
note = {t}
from = {t}
[inputs.c]
label = {t}
type = "choice"
choices = [{t}, "z"]
[measures.m]
formula = "x + 1"
label = {t}
unit = {t}
note = {t}
[indicators.branch]
name = {t}
clause = {t}
note = {t}
[indicators.branch.a]
name = {t}
weight = 10
clause = {t}
note = {t}
unit = {t}
basis = ["law"]
measure = "m"
target = "≥ 10"
target_text = {t}
criterion = {{ kind = "threshold" }}
[indicators.branch.b]
name = {t}
weight = 10
target = {n}
criterion = {{ kind = "judgement", consider = [{t}, {t}] }}
[indicators.branch.c]
name = {t}
weight = 10
criterion = {{ kind = "clauses", losses = [ {{ id = {n}, name = {t}, when = "x > 0", points = 1, clause = {t} }} ] }}
[ratings]
scale = [ {{ name = {t}, from = 0 }} ]
[checks.c]
that = "x > 100"
says = {t}
[checks.d]
that = "c = 'z'"
says = {t}
[goals.g]
text = {t}
owner = {t}
[scope.s]
text = {t}
[[examples]]
title = {t}
score = 3
""")


def nasty_facts(text: str) -> Facts:
    return Facts(
        inputs={"x": Fact(3, text, (Fact(4, text),)), "c": text, text: 5},  # type: ignore[arg-type]
        answers={
            "branch.a": Answer(process=text),
            "branch.b": Answer(points=3, because=text, process=text, by=text, evidence=(text,)),
            text: Answer(points=3),
        },
        subject={"name": text, "period": text},
    )


SAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
"""What no terminal may be sent: everything that is not printed, but the line feed."""


@pytest.fixture(params=NASTY)
def nasty(request: pytest.FixtureRequest) -> str:
    return NASTY[request.param]


def documents(text: str) -> dict[str, str]:
    rulebook = nasty_rules(text)
    result = assess(rulebook, nasty_facts(text))
    told = {}
    for language in ("zh", "en"):
        told[f"text-{language}"] = render(result, "text", language=language)
        told[f"markdown-{language}"] = render(result, "markdown", language=language)
        told[f"show-{language}"] = reading(rulebook, "zh" if language == "zh" else "en")
        told[f"blank-{language}"] = blank_facts(rulebook, "zh" if language == "zh" else "en")
    return told


def test_no_document_holds_a_character_that_a_terminal_obeys(nasty: str) -> None:
    for name, told in documents(nasty).items():
        assert SAFE.findall(told) == [], name


def test_rich_markup_is_printed_as_it_stands() -> None:
    for text in ("[red]x[/red]", "[/nothing]", "[b]"):
        told = documents(text)
        assert text in told["text-zh"]
        assert text in told["show-zh"]


def test_what_looks_like_a_slot_is_printed_as_it_stands() -> None:
    """A name with braces in it is filled into a sentence, and never filled itself."""
    for text in ("{what}", "{0}", "{{x}}", "{"):
        assert text in documents(text)["text-zh"]


def test_a_coloured_text_holds_no_other_escapes(nasty: str) -> None:
    from perfscore.report import render as render_how

    told = render_how(assess(nasty_rules(nasty), nasty_facts(nasty)), "text", width=100, colour=True)

    assert SAFE.findall(re.sub(r"\x1b\[[0-9;]*m", "", told)) == []
    assert "\x1b[31mred" not in told


def markdown_html(text: str) -> str:
    markdown = pytest.importorskip("markdown_it")
    return (
        markdown.MarkdownIt("commonmark", {"html": True, "linkify": False})
        .enable(["table", "strikethrough"])
        .render(text)
    )


def test_markdown_makes_a_table_and_nothing_else_of_any_text(nasty: str) -> None:
    """Read by a Markdown parser that allows HTML: one table of the right shape, and no tag that a text brought along."""
    for language in ("zh", "en"):
        html = markdown_html(documents(nasty)[f"markdown-{language}"])
        tags = set(re.findall(r"<\s*(/?[a-zA-Z!][^\s>/]*)", html))
        assert tags <= {
            one
            for tag in ("h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "ul", "li", "br")
            for one in (tag, f"/{tag}")
        }, tags
        rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
        assert len(rows) == 5, "a header, three leaves, and the total"
        assert {len(re.findall(r"<t[hd]", row)) for row in rows} == {8}


def test_markdown_shows_the_characters_that_were_written() -> None:
    import html

    for text in (NASTY["markdown"], NASTY["html"], NASTY["table"], NASTY["rich"], NASTY["format"], NASTY["autolink"]):
        shown = html.unescape(re.sub(r"<[^>]*>", "", markdown_html(documents(text)["markdown-zh"])))
        assert " ".join(text.split()) in " ".join(shown.split())


def test_a_blank_facts_file_lets_no_text_out_of_its_comments(nasty: str) -> None:
    for language in ("zh", "en"):
        blank = blank_facts(nasty_rules(nasty), "zh" if language == "zh" else "en")
        opened = facts_from_text(blank)
        assert opened.diagnostics == (), blank
        assert opened.required() == Facts(answers={"branch.b": Answer()})
        for line in blank.split("\n"):  # the only sign that ends a comment of TOML
            assert line == "" or line.startswith(("#", "[subject]", "[inputs]", "[answers.")), line


def test_a_blank_facts_file_that_is_un_commented_asks_only_for_what_the_rules_know(nasty: str) -> None:
    """Taking every `#` before a key away gives no key that a text brought along."""
    rulebook = nasty_rules(nasty)
    lines = []
    for line in blank_facts(rulebook, "en").split("\n"):
        filled = re.match(r"# ([\w.\"-]+ = .*)", line)
        lines.append(
            filled[1] if filled and filled[1].partition(" =")[0] in ("x", "c", "points", "process", "because") else line
        )
    opened = facts_from_text("\n".join(lines))

    assert [one.message.en for one in opened.diagnostics] == []
    assert set(opened.required().inputs) <= {"x", "c"}


def test_a_complaint_prints_no_control_character(nasty: str) -> None:
    t = toml(nasty)
    for text in (
        HEADER.replace('id = "a"', f"id = {t}\n{t} = 1", 1) + LEAF,
        HEADER + LEAF.replace('"A"', f"{t}\n{t} = 1"),
        HEADER + LEAF + f"[inputs.{t}]\nlabel = {t}\n",
        HEADER + LEAF + f"[indicators.{t}]\nname = {t}\n",
        HEADER + LEAF.replace("judgement", "x").replace('"x"', t),
        HEADER + LEAF.replace('"judgement"', f'"threshold", otherwise = {t}'),
        HEADER + LEAF + f"[checks.c]\nthat = {t}\nsays = {t}\n",
        HEADER + LEAF + f"basis = [{t}]\n",
        HEADER + LEAF + f"[[examples]]\ntitle = {t}\nrating = {t}\npoints = {{ {t} = 1 }}\n",
        HEADER + LEAF + f'measure = {{ type = "count" }}\ntarget = {t}\n',
        HEADER + LEAF + f"[goals.g]\ntext = {t}\ndimension = {t}\n",
    ):
        opened = open_text(text, f"{nasty}.toml")
        for one in opened.diagnostics:
            for language in ("zh", "en"):
                told = excerpt(one, opened.source, "zh" if language == "zh" else "en")
                assert SAFE.findall(told) == [], told


def test_json_escapes_what_json_must_and_reads_back(nasty: str) -> None:
    import json

    result = assess(nasty_rules(nasty), nasty_facts(nasty))

    assert json.loads(render(result, "json")) == result.to_dict()
    assert result.to_dict()["subject"] == {"name": nasty, "period": nasty}


def test_a_lone_surrogate_in_json_facts_breaks_nothing(tmp_path: Path) -> None:
    """JSON can spell half a character; it can be neither hashed as UTF-8 nor printed."""
    (file := tmp_path / "a.json").write_text('{"subject": {"name": "\\ud800"}, "inputs": {"x": 3}}', encoding="utf-8")
    opened = open_facts(file)
    if opened.facts is None:
        assert opened.diagnostics
        return
    result = assess(loads(HEADER + INPUT + LEAF), opened.facts)
    assert result.to_dict()["facts_digest"]
    for form in ("text", "markdown", "json"):
        render(result, form).encode("utf-8")


def test_the_bits_of_a_fact_are_limited() -> None:
    rules = loads(HEADER + INPUT + leaf("x"))
    for value in (10**400, Fraction(1, 10**400), Decimal("1e100")):
        with soon():
            try:
                facts = Facts(inputs={"x": value})
            except ValueError:
                continue
            assert assess(rules, facts).score is None
