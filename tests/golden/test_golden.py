"""What people read is kept here, beside this file, and was looked at by a person.

`pytest --update-golden` rewrites the files; the diff is reviewed like prose. The version is replaced by a name; digests
stay, so that a change of what a digest is taken of is seen. No document holds the day on which it was made: the dates in
it come from rules and facts, and stay too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import perfscore
from perfscore.report import render
from perfscore.report.blank import blank_facts, blank_rules
from perfscore.report.office import wordfile
from perfscore.report.reading import reading
from perfscore.report.wrapping import columns as columns_of
from tests.golden.office import DOT, sheet_text, word_text

HERE = Path(__file__).parent
RULES = HERE.parents[1] / "rules"
SHIPPED = {
    "nanjing-legal-aid": RULES / "nanjing-legal-aid/2023",
    "tianchang-water": RULES / "tianchang-water/2022",
    "huanggang-soil-monitoring": RULES / "huanggang-soil-monitoring/2020",
}
SAMPLES = ("everything", "demerit")
"""Rule files of our own, beside the documents: together they use all that a rule file can say."""
TABLES = SHIPPED | {name: HERE / name for name in SAMPLES}
ON_A_PAGE = ("nanjing-legal-aid", "tianchang-water", "everything")
"""The tables whose web page is kept, in both languages."""
IN_BOTH = ("nanjing-legal-aid", "everything")
"""The tables whose reading and blank facts file are kept in both languages."""
FORMS = {
    "txt": lambda assessment: render(assessment, "text", language="zh", width=80),
    "wide.txt": lambda assessment: render(assessment, "text", language="zh", width=140),
    "en.txt": lambda assessment: render(assessment, "text", language="en", width=80),
    "md": lambda assessment: render(assessment, "markdown"),
    "json": lambda assessment: render(assessment, "json"),
}


IN_AN_OFFICE = ("nanjing-legal-aid", "tianchang-water", "everything")
"""The tables whose Word file and spreadsheet are kept, by their text and grid."""
OFFICE = {"docx": word_text, "xlsx": sheet_text}


def settled(document: str) -> str:
    """A document without what changes from version to version."""
    document = re.sub(r'("perfscore": )"\d+(\.\d+)+[^"]*"', r'\1"VERSION"', document)
    return re.sub(r"perfscore \d+(\.\d+)+", "perfscore VERSION", document)


@pytest.fixture
def agrees(update_golden: bool) -> Callable[[str, str], None]:
    """Compare a document with its golden file, or write it there where `--update-golden` says so."""

    def compare(document: str, name: str) -> None:
        golden = HERE / name
        if update_golden:
            golden.write_text(settled(document), encoding="utf-8", newline="\n")
        assert golden.exists(), f"there is no {name}; look at what `pytest --update-golden` writes"
        assert settled(document) == golden.read_text(encoding="utf-8")

    return compare


@cache
def rulebook(table: str) -> perfscore.Rulebook:
    return perfscore.load(f"{TABLES[table]}.toml")


@cache
def assessment(table: str) -> perfscore.Assessment:
    return perfscore.assess(rulebook(table), perfscore.read_facts(f"{TABLES[table]}.facts.toml"))


def starter(language: str) -> perfscore.Rulebook:
    return perfscore.loads(blank_rules("starter", "zh" if language == "zh" else "en"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", TABLES)
def test_an_assessment_reads_as_it_was_approved(table: str, form: str, agrees: Callable[[str, str], None]) -> None:
    agrees(FORMS[form](assessment(table)), f"{table}.{form}")


@pytest.mark.parametrize("form", OFFICE)
@pytest.mark.parametrize("table", IN_AN_OFFICE)
def test_a_file_for_an_office_has_the_text_and_the_grid_that_were_approved(
    table: str, form: str, agrees: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture is kept by its words: how it looks depends on the fonts that are installed."""
    monkeypatch.setattr(wordfile, "png", lambda *_, **__: DOT)
    file = render(assessment(table), form, language="zh")
    assert isinstance(file, bytes)
    agrees(OFFICE[form](file), f"{table}.{form}.txt")


@pytest.mark.parametrize("table", TABLES)
def test_a_rulebook_is_shown_as_it_was_approved(table: str, agrees: Callable[[str, str], None]) -> None:
    agrees(reading(rulebook(table), "zh"), f"{table}.show.txt")


@pytest.mark.parametrize("table", IN_BOTH)
def test_a_rulebook_is_shown_in_english_as_it_was_approved(table: str, agrees: Callable[[str, str], None]) -> None:
    agrees(reading(rulebook(table), "en"), f"{table}.show.en.txt")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_starter_is_shown_as_it_was_approved(language: str, agrees: Callable[[str, str], None]) -> None:
    agrees(reading(starter(language), "zh" if language == "zh" else "en"), f"starter.show.{language}.txt")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("table", IN_BOTH)
def test_a_blank_facts_file_is_as_it_was_approved(
    table: str, language: str, agrees: Callable[[str, str], None]
) -> None:
    blank = blank_facts(rulebook(table), "zh" if language == "zh" else "en")
    agrees(blank, f"{table}.blank.{language}.facts.toml")


def test_the_blank_facts_file_of_the_starter_is_as_it_was_approved(agrees: Callable[[str, str], None]) -> None:
    agrees(blank_facts(starter("zh"), "zh"), "starter.blank.zh.facts.toml")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("table", ON_A_PAGE)
def test_a_web_page_is_as_it_was_approved(table: str, language: str, agrees: Callable[[str, str], None]) -> None:
    agrees(render(assessment(table), "html", language=language), f"{table}.{language}.html")


def test_the_command_line_prints_what_was_approved() -> None:
    table = TABLES["nanjing-legal-aid"]
    for form, extra in (("txt", []), ("en.txt", ["--lang", "en"]), ("md", ["--format", "markdown"])):
        ran = subprocess.run(
            [sys.executable, "-m", "perfscore", "score", f"{table}.toml", f"{table}.facts.toml", *extra],
            capture_output=True,
            check=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": "C.UTF-8"},
        )
        assert settled(ran.stdout.decode()) == (HERE / f"nanjing-legal-aid.{form}").read_text(encoding="utf-8")


def test_every_golden_file_is_compared_with_something() -> None:
    known = {f"{table}.{form}" for table in TABLES for form in (*FORMS, "show.txt")}
    known |= {f"{table}.{form}" for table in SAMPLES for form in ("toml", "facts.toml")}
    known |= {f"{table}.show.en.txt" for table in IN_BOTH}
    known |= {f"{table}.{form}.txt" for table in IN_AN_OFFICE for form in OFFICE}
    known |= {f"{table}.{language}.html" for table in ON_A_PAGE for language in ("zh", "en")}
    known |= {f"{table}.blank.{language}.facts.toml" for table in IN_BOTH for language in ("zh", "en")}
    known |= {"starter.show.zh.txt", "starter.show.en.txt", "starter.blank.zh.facts.toml"}

    assert {one.name for one in HERE.iterdir() if one.is_file() and one.suffix != ".py"} == known


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("form", "columns"), [("txt", 80), ("en.txt", 80), ("wide.txt", 140)])
def test_no_line_of_the_text_is_wider_than_the_terminal(table: str, form: str, columns: int) -> None:
    for line in (HERE / f"{table}.{form}").read_text(encoding="utf-8").splitlines():
        assert columns_of(line) <= columns, line
        assert line == line.rstrip(), line


# 避头尾: no line of Chinese text begins with one of these signs.
NEVER_FIRST = "，。、；：？！）》”’】%"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", ["txt", "wide.txt"])
def test_no_line_begins_with_a_sign_that_closes_or_separates(table: str, form: str) -> None:
    text = (HERE / f"{table}.{form}").read_text(encoding="utf-8")
    begun = [cell.strip() for line in text.splitlines() for cell in line.split("│")]

    assert [cell for cell in begun if cell and cell[0] in NEVER_FIRST] == []


@pytest.mark.parametrize("form", ["txt", "wide.txt"])
def test_no_number_is_broken_in_two(form: str) -> None:
    """万人比为14.5: the figure that decides forty points must be readable at a glance."""
    assert "14.5" in (HERE / f"nanjing-legal-aid.{form}").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "score", "full", "rating"),
    [
        ("nanjing-legal-aid", "96.00", "100", "优"),
        ("tianchang-water", "100.00", "100", None),
        ("huanggang-soil-monitoring", "100.00", "100", None),
        ("everything", "74.99", "96", "差"),
        ("demerit", "7.00", "12", "观察"),
    ],
)
def test_every_format_says_the_same_score(table: str, score: str, full: str, rating: str | None) -> None:
    told = json.loads((HERE / f"{table}.json").read_text(encoding="utf-8"))

    assert (told["score"], told["rating"]) == (score, rating)
    assert f"\n合计 {score} / {full}\n" in (HERE / f"{table}.txt").read_text(encoding="utf-8")
    assert f"\n合计 {score} / {full}\n" in (HERE / f"{table}.wide.txt").read_text(encoding="utf-8")
    assert f"\nTotal {score} / {full}\n" in (HERE / f"{table}.en.txt").read_text(encoding="utf-8")
    assert f"**{score}**" in (HERE / f"{table}.md").read_text(encoding="utf-8")


def column_of_points(text: str) -> list[str]:
    """The column of points of a Markdown table, down to the row before the total."""
    cells = [line.replace("\\", "").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [one[-2] for one in cells[2:-1]]


@pytest.mark.parametrize(("table", "after"), [("everything", "72.50"), ("demerit", "8.00")])
def test_a_reader_with_a_pencil_gets_the_same_total(table: str, after: str) -> None:
    """The figures that stand in no brackets add up to the first sum, and every line moves it to the next."""
    column = column_of_points((HERE / f"{table}.md").read_text(encoding="utf-8"))
    first = column.index(after)
    rows = [Decimal(one) for one in column[:first] if re.fullmatch(r"\d+\.\d\d", one)]
    assert sum(rows) == Decimal(after)

    total = Decimal(after)
    for one in column[first + 1 :]:
        if one[:1] in ("+", "−"):
            total += Decimal(one.replace("−", "-"))
        elif one:
            assert Decimal(one) == total
    assert str(total) == json.loads((HERE / f"{table}.json").read_text(encoding="utf-8"))["score"]


def test_the_nanjing_table_marks_its_four_unexplained_deductions() -> None:
    text = (HERE / "nanjing-legal-aid.md").read_text(encoding="utf-8")
    reasons = [line.split(" | ")[-1].removesuffix(" |") for line in text.splitlines() if line.startswith("| 项目")]

    assert len(reasons) == 6
    assert [one[:7] for one in reasons if one] == ["扣1.00分："] * 4
    assert all(one.endswith("，未说明原因") for one in reasons if one)


def test_settling_replaces_the_version_and_keeps_the_digest() -> None:
    document = '"perfscore": "1.4.0", "digest": "sha256:ab12", perfscore 1.4.0, 2025-03-31'

    assert settled(document) == '"perfscore": "VERSION", "digest": "sha256:ab12", perfscore VERSION, 2025-03-31'
