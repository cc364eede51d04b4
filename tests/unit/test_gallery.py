"""The gallery: every code has a page, and every page shows what happens.

A page is `src/perfscore/gallery/CODE.md`. Its files are written into an empty folder and its command is run, in both
languages; then the mended files are written over them and it is run again. `pytest --update-golden` rewrites what the
command printed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import perfscore
from perfscore.analysis.codes import all_codes
from perfscore.cli import app
from perfscore.cli.speech import language_of_process
from perfscore.diagnostic import Code
from perfscore.report.gallery import WHY, ShownFile, gallery_page, page_of, read_page, written_pages
from perfscore.report.wrapping import columns
from perfscore.words import LANGUAGES, Language

GALLERY = Path(perfscore.__file__).parent / "gallery"
NOT_YET: frozenset[str] = frozenset()
"""Codes without a page. A name only ever goes out of here: a new code comes with its page."""
TOLD = re.compile(r"\[(PS\d{3})\]")
CHINESE = re.compile(r"[\u3400-\u9fff]")
COMMANDS = {"PS4": "score", "PS7": "test", "PS8": "verify"}
"""What shows the codes of a range; all others are told by `check`."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, on a terminal of 80 columns; where a path is printed, it is called /office/work."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("COLUMNS", "80")
    return work


def write(files: tuple[ShownFile, ...]) -> None:
    for one in files:
        Path(one.name).parent.mkdir(parents=True, exist_ok=True)
        Path(one.name).write_bytes(one.stored())


def printed(command: str, language: Language, monkeypatch: pytest.MonkeyPatch, office: Path | None = None) -> str:
    """What a command prints, on standard output and standard error as they come."""
    program, *arguments = [*command.split(), "--lang", language]
    assert program == "perfscore"
    monkeypatch.setattr(sys, "argv", [program, *arguments])
    language_of_process.cache_clear()
    try:
        ran = CliRunner().invoke(app, arguments, prog_name=program)
    finally:
        language_of_process.cache_clear()
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    assert ran.exit_code in (0, 1), ran.output
    told = ran.output if office is None else ran.output.replace(str(office), "/office")
    return "\n".join(line.rstrip() for line in told.rstrip("\n").splitlines())


def test_every_code_has_a_page() -> None:
    """Those that lack one are named, in one list that may only shrink."""
    without = {one.number for one in all_codes()} - set(written_pages())

    assert without == NOT_YET, f"write src/perfscore/gallery/CODE.md: {sorted(without - NOT_YET)}"


def test_every_page_belongs_to_a_code() -> None:
    assert set(written_pages()) - {one.number for one in all_codes()} == set()
    assert {one.name for one in GALLERY.iterdir()} == {f"{number}.md" for number in written_pages()}


@pytest.mark.parametrize("number", written_pages())
def test_a_page_shows_what_happens(
    number: str, folder: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    """The code is the first that is told, and it is gone when the file is mended."""
    page = page_of(number)
    assert page is not None
    write(page.broken)
    for language in LANGUAGES:
        really = printed(page.command, language, monkeypatch, folder.parent)
        assert TOLD.findall(really)[:1] == [number], really
        if update_golden:
            rewrite(number, f"$ {page.command} --lang {language}", really)
        else:
            assert page.printed.into(language) == really
    write(page.mended)
    for language in LANGUAGES:
        really = printed(page.mended_command, language, monkeypatch, folder.parent)
        assert TOLD.findall(really) == [], really


def rewrite(number: str, command: str, really: str) -> None:
    """Put what a command prints under it, in the page of a code."""
    file = GALLERY / f"{number}.md"
    block = re.compile(rf"^```console\n{re.escape(command)}\n.*?^```$", re.MULTILINE | re.DOTALL)
    text = block.sub(lambda _: f"```console\n{command}\n{really}\n```", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8", newline="\n")


@pytest.mark.parametrize("number", written_pages())
def test_a_page_speaks_both_languages_and_uses_the_command_of_its_range(number: str) -> None:
    page = page_of(number)
    assert page is not None

    assert CHINESE.search(page.why.zh)
    assert not CHINESE.search(re.sub(r"“[^”]*”|`[^`]*`", "", page.why.en)), "Chinese stands in quotation marks"
    assert page.why.zh.endswith("。")
    assert page.why.en.endswith(".")
    assert page.command.split()[1] in (COMMANDS.get(number[:3], "check"), "score")
    assert page.broken != page.mended
    assert {one.name for one in page.mended} <= {one.name for one in page.broken} or page.mended_command != page.command


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", all_codes(), ids=lambda code: code.number)
def test_a_page_is_told_in_one_language(code: Code, language: Language) -> None:
    """With what the code itself says at its head, and nothing of the other language's words."""
    told = gallery_page(code, language)
    page = page_of(code.number)

    assert told.startswith(f"# {code.number} {code.name}\n\n{code.about.into(language)}\n")
    if page is not None:
        other = page.why.en if language == "zh" else page.why.zh
        assert page.why.into(language) in told
        assert other not in told
        assert page.printed.into(language) in told
        assert all(one.text in told for one in (*page.broken, *page.mended))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", all_codes(), ids=lambda code: code.number)
def test_the_command_line_explains_with_the_page(
    code: Code, language: Language, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, and no line of ours is wider than the terminal."""
    told = printed(f"perfscore explain {code.number}", language, monkeypatch)
    page = page_of(code.number)

    assert told.startswith(f"{code.number} {code.name}\n")
    if page is not None:
        why = told.partition(f"{WHY.into(language)}\n")[2].partition("\n\n")[0]
        assert re.sub(r"\s", "", why) == re.sub(r"\s", "", page.why.into(language))
        assert all(columns(line) <= 80 for line in why.splitlines())
        assert set(page.printed.into(language).splitlines()) <= {line.removeprefix("  ") for line in told.splitlines()}


def test_what_mends_a_file_is_marked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = printed("perfscore explain PS201", "zh", monkeypatch)

    assert [line for line in told.splitlines() if line.startswith(("−", "+"))] == ["− weight = 60", "+ weight = 70"]
    assert 'hl_lines="11"' in gallery_page(next(one for one in all_codes() if one.number == "PS201"), "zh")


def test_a_page_that_leaves_out_a_part_is_refused() -> None:
    whole = (GALLERY / "PS201.md").read_text(encoding="utf-8")
    assert read_page(whole).command.startswith("perfscore check ")

    for part in ("## Why it matters", "--lang zh", "## 改好以后"):
        with pytest.raises(ValueError, match="a page has"):
            read_page(whole.replace(part, "gone"))
