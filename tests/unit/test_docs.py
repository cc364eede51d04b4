"""What the documentation shows is what happens.

Each page is read once, from top to bottom, in a folder of its own:

- a block with a title (```` ```toml title="roads.toml" ````) is that file, written before the next command, and a rule
  file among them passes `check`;
- a `diff` block with a title changes that file: its old lines must stand there, and exactly once;
- a `console` block is run: lines that begin with `$ ` are commands (`perfscore …` or `python …`), the lines under one
  are all that it prints at 80 columns, and a line `…` stands for any number of lines;
- a `python` or `pycon` block is run; all blocks of a page share their names;
- a `toml` block without a title is a piece of a rule file: with a header around it, it passes `check` without error or
  warning, and its worked examples hold.

Commands speak Chinese on Chinese pages, English on the others. `pytest --update-golden` rewrites what commands print, except
where a line `…` leaves something out: such an excerpt is mended by hand.
"""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
import tomli

import perfscore
from perfscore.criteria import kind_names
from perfscore.criterion import written_name
from perfscore.examples import run_examples
from perfscore.report import pages
from perfscore.rulefile import open_text, tables, written
from perfscore.words import LANGUAGES

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "README.zh.md", *(str(one.relative_to(ROOT)) for one in sorted((ROOT / "docs").rglob("*.md")))]
BLOCK = re.compile(r"^( *)```(\w+)([^\n`]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
HEADER = """\
format = 1
[rulebook]
id = "page"
title = "page"
version = "1"
full_marks = {marks}
"""


class Block:
    """A fenced block of a page."""

    def __init__(self, found: re.Match[str], page: str) -> None:
        indent, self.language, info, body = found.groups()
        self.body = re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)
        self.title = title[1] if (title := re.search(r'title="([^"]+)"', info)) else None
        self.line = found.string.count("\n", 0, found.start()) + 2
        self.page = page

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, from top to bottom."""
    for found in BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")):
        yield Block(found, page)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_happens(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    """Every file, command, answer and piece of Python on the page."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.title is not None:
            write(block)
            continue
        match block.language:
            case "console":
                for command, expected in commands(block):
                    assert_prints(command, expected, block, update=update_golden)
            case "python":
                exec(compile(block.body, str(block), "exec"), names)
            case "pycon":
                assert_answers(block, names)
            case "toml":
                assert_is_sound(block)
            case _:
                pass


def write(block: Block) -> None:
    """A titled block as a file of the page's folder."""
    assert block.title is not None
    path = Path(block.title)
    if path.parts[0] == "src" and not Path("src").exists():
        shutil.copytree(ROOT / "src", "src", ignore=shutil.ignore_patterns("__pycache__"))
    path.parent.mkdir(parents=True, exist_ok=True)
    if block.language != "diff":
        path.write_text(block.body, encoding="utf-8")
        if block.language == "toml" and "rulebook" in tomli.loads(block.body):
            told = run(f"perfscore check {block.title} --lang en", block.page)
            assert "0 errors, 0 warnings" in told, f"{block}:\n{told}"
        return
    text = path.read_text(encoding="utf-8")
    old = "".join(line[1:] for line in block.body.splitlines(keepends=True) if line[0] in " -")
    new = "".join(line[1:] for line in block.body.splitlines(keepends=True) if line[0] in " +")
    assert text.count(old) == 1, f"{block}: these lines stand {text.count(old)} times in {path}:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines it prints."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, *expected = part.rstrip("\n").split("\n")
        yield command, expected


def run(command: str, page: str, *more: str) -> str:
    """What a command prints, on standard output and standard error as they come."""
    program, *arguments = shlex.split(command)
    start = {"perfscore": ["-m", "perfscore"], "python": []}[program]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "TMPDIR", "HOME")}
    spoken = "zh_CN.UTF-8" if "zh" in re.split(r"\W", page) else "en_GB.UTF-8"
    environment = kept | {
        "COLUMNS": "80",
        "LANG": spoken,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": os.pathsep.join([*more, "src", str(ROOT / "src")]),
    }
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=environment,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def assert_prints(command: str, expected: list[str], block: Block, *, update: bool) -> None:
    """A command prints the lines under it; with `update`, the page is made to say what it prints."""
    printed = [line.rstrip() for line in run(command, block.page).rstrip("\n").splitlines()]
    excerpt = any(line.strip() == "…" for line in expected)
    if update and not excerpt and printed != expected:
        path = ROOT / block.page
        old, new = "\n".join([f"$ {command}", *expected]), "\n".join([f"$ {command}", *printed])
        path.write_text(path.read_text(encoding="utf-8").replace(f"{old}\n", f"{new}\n", 1), encoding="utf-8")
        return
    pattern = "\n".join(".*" if line.strip() == "…" else re.escape(line) for line in expected)
    if not re.fullmatch(pattern, "\n".join(printed), re.DOTALL):
        told = [f"{block}: $ {command}", "--- the page says", *expected, "--- it prints", *printed]
        pytest.fail("\n".join(told), pytrace=False)


def assert_answers(block: Block, names: dict[str, Any]) -> None:
    """A dialogue with Python goes as shown."""
    test = doctest.DocTestParser().get_doctest(block.body, names, str(block), block.page, block.line)
    test.globs = names
    told: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(test, out=told.append, clear_globs=False)
    assert not told, "".join(told)


def whole(fragment: str) -> str:
    """A piece of a rule file with what it leaves out: the header, and an indicator where it has none."""
    if "[indicators" not in fragment:
        indicator = '[indicators.filler]\nname = "filler"\nweight = 1\ncriterion = { kind = "judgement" }\n'
        first_array = fragment.find("[[")
        fragment = (
            fragment + "\n" + indicator
            if first_array < 0
            else fragment[:first_array] + indicator + fragment[first_array:]
        )
    if re.search(r"^(\[rulebook\]|rulebook = )", fragment, re.MULTILINE):
        return fragment
    marks = sum(map(worth, tomli.loads(fragment, parse_float=Fraction)["indicators"].values()))
    return HEADER.format(marks=float(marks)) + fragment


def worth(node: dict[str, Any]) -> Fraction:
    """What an indicator says it is worth, else what its members are worth together."""
    members = [one for one in node.values() if isinstance(one, dict) and "name" in one]
    return Fraction(node["weight"] if "weight" in node else sum(map(worth, members)))


def assert_is_sound(block: Block) -> None:
    """A piece of a rule file has no error and no warning, and its worked examples hold."""
    opened = open_text(whole(block.body))
    told = [
        f"{block}: {one.code.number} {one.at} {one.message.zh}" for one in opened.diagnostics if one.severity != "note"
    ]
    assert not told, "\n".join(told)
    for ran in run_examples(opened.required()):
        assert not ran.diagnostics, f"{block}: {ran.example.title}: {ran.diagnostics[0].message.zh}"


def test_both_readmes_hold_the_same_two_commands() -> None:
    """The blocks under `<!-- command: … -->`, which the continuous integration runs word for word."""
    found = {
        page: re.findall(
            r"^<!-- command: (\w+) -->\n```bash\n(.*?)\n```$", (ROOT / page).read_text("utf-8"), re.M | re.S
        )
        for page in ("README.md", "README.zh.md")
    }

    assert found["README.md"] == found["README.zh.md"]
    assert [name for name, _ in found["README.md"]] == ["score", "test"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", kind_names())
def test_every_kind_has_a_page(kind: str, language: Any) -> None:
    """With its keys and its worked examples, in the reader's language."""
    page = pages.kind_page(kind, language)

    assert page.startswith("# ")
    assert page.count("\n## ") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_the_source_defines_is_on_the_page_of_codes(language: Any) -> None:
    """Found in the text of the source, not by asking the program."""
    source = "\n".join(one.read_text("utf-8") for one in (ROOT / "src").rglob("*.py"))
    defined = set(re.findall(r'Code\(\s*"(PS\d{3})"', source))
    page = pages.codes_page(language)

    assert len(defined) > 60
    assert {code for code in defined if f'id="{code.lower()}"' not in page} == set()


def test_every_public_name_is_in_the_reference() -> None:
    """With a sentence of its own under it."""
    page = pages.reference_page()
    public = [name for name in perfscore.__all__ if not name.startswith("__")]

    assert [name for name in public if not re.search(rf"^## `{name}\b.*`\n\n\w", page, re.M)] == []


def test_every_key_of_the_rule_file_is_in_its_reference() -> None:
    """Those that are read, from the classes that read them."""
    page = BLOCK.sub("", (ROOT / "docs/rule-file.md").read_text("utf-8"))
    read, _, _ = page.partition("### Not yet")
    shown = " ".join(re.findall(r"`[^`]+`", read))
    classes = [
        one
        for room in (written, tables)
        for one in vars(room).values()
        if isinstance(one, type) and one.__module__ == room.__name__
    ]
    keys = {written_name(field) for one in classes if attrs.has(one) for field in attrs.fields(one)}

    assert {key for key in keys if not re.search(rf"\b{key}\b", shown)} == set()


def hooks() -> ModuleType:
    """docs/hooks.py, as the builder of the site loads it."""
    spec = importlib.util.spec_from_file_location("docs_hooks", ROOT / "docs/hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_room_has_its_sign_on_the_plan() -> None:
    """No module is left out of the architecture page, and none is without a first line."""
    plan = hooks().rooms(ROOT)
    rooms = [
        ".".join(one.relative_to(ROOT / "src/perfscore").with_suffix("").parts).removesuffix(".__init__")
        for one in (ROOT / "src/perfscore").rglob("*.py")
    ]

    assert [room for room in rooms if room != "__init__" and f"`{room}`" not in plan] == []
    assert ": \n" not in plan


def test_the_kind_of_the_how_to_is_a_kind_in_another_package_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same file, found by the entry point that the page shows."""
    page = "docs/howto/new-kind.md"
    titled = {block.title: block.body for block in blocks(page) if block.title and block.language != "diff"}
    [(group, entries)] = tomllib.loads(titled["pyproject.toml"])["project"]["entry-points"].items()
    [(kind, module)] = entries.items()
    monkeypatch.chdir(tmp_path)
    package, _, name = module.partition(".")
    Path(package).mkdir()
    Path(package, "__init__.py").touch()
    code = next(body for title, body in titled.items() if title.endswith(f"criteria/{name}.py"))
    Path(package, f"{name}.py").write_text(code, encoding="utf-8")
    Path("kinds-1.dist-info").mkdir()
    Path("kinds-1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: kinds\nVersion: 1\n")
    Path("kinds-1.dist-info/entry_points.txt").write_text(f"[{group}]\n{kind} = {module}\n")
    for title in ("town.toml", "town.facts.toml"):
        Path(title).write_text(titled[title], encoding="utf-8")

    assert f"\n{kind} " in run("perfscore kinds", page, str(tmp_path))
    assert "Total 2.00 / 5" in run("perfscore score town.toml town.facts.toml", page, str(tmp_path))
