"""Every code and every message: numbers for good, two languages, no blame."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import perfscore
from perfscore.analysis.codes import all_codes
from perfscore.diagnostic import Code, Diagnostic
from perfscore.report.gallery import gallery_page
from perfscore.report.pages import codes_page
from perfscore.rulefile import open_text
from perfscore.words import Words

SRC = Path(perfscore.__file__).parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
HEADER = 'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nfull_marks = 10\n'
LEAF = '[indicators.a]\nname = "A"\nweight = 10\ncriterion = { kind = "judgement" }\n'


def written_codes() -> list[tuple[str, str, str]]:
    """Every `Code(...)` that stands in the source: its file, number and name."""
    found = []
    for file in sorted(SRC.rglob("*.py")):
        for number, name in re.findall(r'\bCode\(\s*"([^"]*)",\s*"([^"]*)"', file.read_text(encoding="utf-8")):
            found.append((file.relative_to(SRC).as_posix(), number, name))
    return found


def test_every_code_that_is_written_is_known_and_numbered_once() -> None:
    numbers = [number for _, number, _ in written_codes()]

    assert len(numbers) > 40
    assert sorted(numbers) == sorted(set(numbers))
    assert {one.number for one in all_codes()} == set(numbers)


def test_every_name_is_used_once() -> None:
    names = [name for _, _, name in written_codes()]

    assert sorted(names) == sorted(set(names))


RANGES = {
    "1": "reading",
    "2": "the rulebook",
    "3": "criteria",
    "4": "facts",
    "5": "formulas",
    "6": "goals",
    "7": "examples",
}


@pytest.mark.parametrize("code", all_codes(), ids=lambda code: code.number)
def test_a_code_has_a_number_a_name_and_two_sentences(code: Code) -> None:
    assert re.fullmatch(r"PS[1-8]\d\d", code.number)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
    assert CHINESE.search(code.about.zh)
    assert code.about.zh.endswith("。")
    assert not CHINESE.search(code.about.en)
    assert code.about.en.endswith(".")
    assert "invalid" not in code.about.en.lower()


@pytest.mark.parametrize("code", all_codes(), ids=lambda code: code.number)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_code_stands_on_the_codes_page_and_is_explained(code: Code, language: str) -> None:
    spoken = "zh" if language == "zh" else "en"
    row = next(line for line in codes_page(spoken).splitlines() if f'id="{code.number.lower()}"' in line)

    assert code.name in row
    assert code.about.into(spoken) in row
    assert row.count(" | ") == 2
    assert code.about.into(spoken) in gallery_page(code, spoken)


def test_the_codes_of_a_kind_are_declared_in_its_own_file() -> None:
    elsewhere = {
        file for file, number, _ in written_codes() if number.startswith("PS3") and not file.startswith("criteria/")
    }

    assert elsewhere <= {"complaining.py", "rulefile/checks/ambiguities.py"}


def written_sentences() -> list[tuple[str, str, str]]:
    """Every `Words(zh=…, en=…)` of literal texts in the source, with its file."""
    import ast

    found = []
    for file in sorted(SRC.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words":
                parts = {one.arg: one.value for one in node.keywords}
                if all(isinstance(one, ast.Constant) for one in parts.values()) and set(parts) == {"zh", "en"}:
                    found.append((file.name, parts["zh"].value, parts["en"].value))
    return found


def test_both_languages_have_the_same_slots() -> None:
    def slots(text: str) -> set[str]:
        return set(re.findall(r"(?<!\{)\{(\w+)\}", text))

    # 「，得」 and «in» differ, but nothing that one language tells may be missing from the other
    assert len(written_sentences()) > 150
    assert [one for one in written_sentences() if slots(one[1]) != slots(one[2])] == []


def test_english_sentences_hold_no_chinese_of_ours() -> None:
    """Quoted Chinese field terms stand in quotation marks; everything else is English."""
    bare = [
        (file, en)
        for file, _, en in written_sentences()
        if CHINESE.search(re.sub(r"“[^”]*”|\"[^\"]*\"|\([^)]*\)", "", en))
    ]

    assert bare == []


# Messages as they come out, over a file for as many codes as one file can earn.

FILES = [
    HEADER + LEAF + "[rulebook.x]\n",
    HEADER.replace("1\n", "2\n", 1) + LEAF,
    "format = 1\n",
    'a = "\n',
    "a = 1\na = 2\n",
    "a = inf\nb = 1e99\n",
    "a = ＂x＂",
    HEADER + LEAF.replace("10", "11"),
    HEADER + LEAF.replace("weight = 10\n", ""),
    HEADER + LEAF.replace("10", "-1"),
    HEADER + LEAF.replace("10", "9.999"),
    HEADER + LEAF.replace('name = "A"\n', ""),
    HEADER + LEAF.replace("judgement", "jugement"),
    HEADER + LEAF.replace('criterion = { kind = "judgement" }\n', ""),
    HEADER + LEAF.replace("criterion", "critrion"),
    HEADER + LEAF + 'basis = ["x"]\ntarget = "≥ 10"\n',
    HEADER + LEAF + '[indicators.a.b]\nname = "B"\nweight = 5\ncriterion = { kind = "threshold" }\n',
    HEADER + LEAF + "[parameters.x]\n",
    HEADER + LEAF + '[indicators."a b"]\nname = "x"\n',
    HEADER + LEAF + '[inputs.value]\nlabel = "x"\ntype = "count"\n',
    HEADER + LEAF + '[measures.a]\nformula = "b + "\n[measures.b]\nformula = "c"\n[measures.c]\nformula = "c"\n',
    HEADER + LEAF + '[checks.a]\nthat = "1 + 1"\nsays = "x"\n[goals.a]\ntext = "x"\n[scope.a]\ntext = "y"\n',
    HEADER + LEAF + '[ratings]\nscale = [ { name = "a", from = 1 }, { name = "b", from = 2 } ]\n',
    HEADER + LEAF + '[[examples]]\ntitle = "x"\npoints = { b = 1 }\nrating = "x"\n',
    HEADER + LEAF.replace('"judgement"', '"proportional"') + 'measure = { type = "number" }\ntarget = "≤ 0"\n',
    HEADER
    + LEAF.replace('"judgement"', '"stepped", below = { every = "1%", deduct = 1 }')
    + 'measure = { type = "percent" }\ntarget = "≥ 9%"\n',
    HEADER
    + LEAF.replace('"judgement"', '"bands", bands = [ { in = "≥ 1", points = 1 }, { in = "≥ 2", points = 99 } ]')
    + 'measure = { type = "percent" }\n',
    HEADER
    + LEAF.replace(
        '"judgement"',
        '"checklist", items = [ { id = "a", name = "a", points = 1 }, { id = "a", name = "a", points = 1 } ]',
    ),
    HEADER + LEAF.replace('"judgement"', '"clauses", losses = [ { id = "a" } ]'),
    HEADER + LEAF.replace('"judgement"', '"judgement", points = 3'),
]  # fmt: skip


def messages() -> list[Diagnostic]:
    return [one for text in FILES for one in open_text(text).diagnostics]


def test_the_files_earn_many_different_codes() -> None:
    assert len({one.code.number for one in messages()}) >= 35


@pytest.mark.parametrize("one", messages(), ids=lambda one: f"{one.code.number}-{one.message.en[:40]}")
def test_a_message_is_one_sentence_without_full_stop_and_without_blame(one: Diagnostic) -> None:
    texts = [one.message] + ([one.hint] if one.hint else [])
    for words in texts:
        for text in (words.zh, words.en):
            assert text == text.strip()
            assert text
            assert not text.endswith((".", "。", "!", "！"))
            assert "invalid" not in text.lower()
            assert "无效" not in text
            assert "Fraction(" not in text
            assert "Decimal(" not in text
            assert "None" not in text
            assert "{" not in re.sub(r"\{ [^{}]* \}", "", text)
    first = re.match(r"[A-Z][a-z]+ ", one.message.en)
    assert first is None, "a message begins in lower case"
    assert CHINESE.search(one.message.zh)


@pytest.mark.parametrize("one", messages(), ids=lambda one: f"{one.code.number}-{one.message.en[:40]}")
def test_a_complaint_comes_with_a_way_out(one: Diagnostic) -> None:
    """Only a value of the wrong type says all there is to say in its message."""
    assert one.hint is not None or one.code.number in ("PS112", "PS501")


def test_words_know_their_reader() -> None:
    assert Words(zh="甲", en="a").into("zh") == "甲"
    assert (Words(zh="甲{x}", en="a{x}") + Words.same("!")).fill(x=Words(zh="乙", en="b")).en == "ab!"


# What cannot be meant earns a complaint on its line, and nothing raises.


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(HEADER + "rounding = { places = 2.5 }\n" + LEAF, 7, id="half a place"),
        pytest.param(HEADER + "rounding = { places = -1 }\n" + LEAF, 7, id="places below zero"),
        pytest.param(HEADER + "rounding = { places = 100000 }\n" + LEAF, 7, id="a hundred thousand places"),
        pytest.param(HEADER + "valid = { from = 2024-01-01, to = 2023-01-01 }\n" + LEAF, 7, id="valid until before it begins"),
        pytest.param(
            HEADER + LEAF + '[inputs.n]\nlabel = "N"\ntype = "count"\nmin = 5\nmax = 1\n[checks.c]\nthat = "n > 0"\nsays = "x"\n',
            None,
            id="an input that can have no value",
        ),
        pytest.param(
            HEADER + LEAF + '[inputs.n]\nlabel = "N"\ntype = "choice"\n[checks.c]\nthat = "n = \\"x\\""\nsays = "x"\n',
            None,
            id="a choice of nothing",
        ),
        pytest.param(
            HEADER + LEAF + '[inputs.n]\nlabel = "N"\ntype = "choice"\nchoices = ["甲"]\n[checks.c]\nthat = "n = \\"乙\\""\nsays = "x"\n',
            None,
            id="a comparison with a word that is no choice",
        ),
        pytest.param(
            HEADER
            + '[inputs.a]\nlabel = "X"\ntype = "count"\n'
            + LEAF
            + 'measure = { type = "percent" }\ntarget = "≥ 95%"\n[checks.c]\nthat = "a > 3"\nsays = "x"\n',
            None,
            id="one name for an input and for an indicator's own figure",
        ),
        pytest.param(HEADER + LEAF + '[[examples]]\ntitle = "x"\nstate = { a = "mising" }\n', None, id="a state that there is none"),
        pytest.param(HEADER + LEAF + '[ratings]\nscale = [ { name = "优", from = 200 } ]\n', None, id="a rating above full marks"),
        pytest.param(HEADER.replace('"a"\ntitle', '""\ntitle') + LEAF, None, id="an empty id"),
        pytest.param(HEADER.replace("full_marks = 10", "full_marks = 0") + "[indicators]\n", None, id="full marks of nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_complained_about(text: str, line: int | None) -> None:
    opened = open_text(text)
    lines = [
        opened.source.position(opened.source.span(one.at, one.part, one.within).start)[0] for one in opened.diagnostics
    ]

    assert opened.diagnostics
    assert line is None or line in lines


def test_codes_are_found_without_what_only_extras_install() -> None:
    extras = (
        *("pytest", "hypothesis", "pygls", "lsprotocol", "numpy", "pyarrow", "python_calamine"),
        *("xlsxwriter", "docx", "fontTools", "resvg_py"),
    )
    without = f"import sys; sys.modules |= dict.fromkeys({extras}); "
    command = without + "from perfscore.analysis.codes import all_codes; print(len(all_codes()))"
    home = Path(perfscore.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=False, cwd=home)

    assert done.stderr == ""
    assert int(done.stdout) == len(all_codes())
