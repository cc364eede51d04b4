"""The house: a sign on every door, no kind named outside its own room, rooms that can be held in the hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

import perfscore
from perfscore.criteria import kind_named, kind_names

SRC = Path(perfscore.__file__).parent
MODULES = sorted(file for file in SRC.rglob("*.py"))
LONGEST = 350


def name_of(file: Path) -> str:
    return file.relative_to(SRC).as_posix()


def code_without_docstrings(file: Path) -> ast.Module:
    """The syntax of a module without its docstrings, which may mention what they like."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            node.body[0] = ast.Pass()
    return tree


def test_there_are_rooms() -> None:
    assert len(MODULES) > 60


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_room_has_a_sign_that_says_what_comes_in_and_what_goes_out(file: Path) -> None:
    """Only the `__init__` of a folder that holds nothing, and the few lines that only lead elsewhere, need no more than a line."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    sign = ast.get_docstring(tree) or ""
    does = [node for node in tree.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert sign
    if [node for node in does if isinstance(node, ast.FunctionDef | ast.ClassDef)]:
        assert re.search(r"\bIn: ", sign), "what comes in?"
        assert re.search(r"\bOut: ", sign), "what goes out?"
    assert sign.splitlines()[0].rstrip().endswith((".", "?")), "the first line is a sentence"


def names_of_kinds() -> dict[str, str]:
    """Every word that only the file of a kind may say, and that file."""
    words = {}
    for kind in kind_names():
        file = f"criteria/{kind.replace('-', '_')}.py"
        words[kind] = file
        words[kind_named(kind).__name__] = file
    return words


def mentions(tree: ast.Module, home: str, *, texts: bool = True) -> list[tuple[str, int]]:
    """Every kind that a module names: as a name, an attribute, an import, or (with `texts`) a literal that is or writes it."""
    words = names_of_kinds()
    found = []
    for node in ast.walk(tree):
        said: list[str] = []
        if isinstance(node, ast.Name):
            said = [node.id]
        elif isinstance(node, ast.Attribute):
            said = [node.attr]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            paths = [one.name for one in node.names] + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            said = [part.replace("_", "-") if part not in words else part for one in paths for part in one.split(".")]
        elif texts and isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = [kind for kind in words if node.value == kind or f'kind = "{kind}"' in node.value]
        found += [(word, node.lineno) for word in said if words.get(word, home) != home]
    return found


@pytest.mark.parametrize("file", [one for one in MODULES if one.parent.name != "criteria"], ids=name_of)
def test_no_room_names_a_kind(file: Path) -> None:
    assert mentions(code_without_docstrings(file), name_of(file)) == []


@pytest.mark.parametrize("file", [one for one in MODULES if one.parent.name == "criteria"], ids=name_of)
def test_no_kind_uses_another(file: Path) -> None:
    """A hint may tell its reader to write `kind = "threshold"`; nothing may import or use another kind."""
    assert mentions(code_without_docstrings(file), name_of(file), texts=False) == []


@pytest.mark.parametrize(
    "line",
    [
        'x = "threshold"',
        "from perfscore.criteria.threshold import Threshold",
        "from perfscore.criteria import per_occurrence",
        "import perfscore.criteria.bands",
        "Threshold()",
        "criteria.Threshold()",
        'hint = "write kind = \\"bands\\""',
    ],
)
def test_the_search_for_kinds_finds_a_planted_one(line: str) -> None:
    assert mentions(ast.parse(line), "report/room.py")
    assert not mentions(ast.parse('x = "a threshold of pain"; bandwidth = 3'), "report/room.py")


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_room_can_be_held_in_the_hand(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_most_rooms_are_small(record_property: Callable[[str, object], None]) -> None:
    lengths = sorted(len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES)
    record_property("median length of a module", median(lengths))
    print(f"\n{len(lengths)} modules, median {median(lengths)} lines, longest {lengths[-1]}")

    assert median(lengths) <= 150


def test_no_module_bears_the_name_of_a_public_function() -> None:
    functions = {name for name in perfscore.__all__ if callable(getattr(perfscore, name)) and name.islower()}
    top = {file.stem for file in SRC.glob("*.py")} | {one.name for one in SRC.iterdir() if one.is_dir()}

    assert functions & top == set()


def test_a_library_that_is_not_installed_is_caught_in_one_room() -> None:
    catching = [file for file in MODULES if "except ModuleNotFoundError" in file.read_text(encoding="utf-8")]

    assert [name_of(file) for file in catching] == ["errors.py"]


def test_no_sentence_leaves_the_number_of_a_noun_open() -> None:
    """`words.counted` says “1 file” and “2 files”."""
    open_ended = [file for file in MODULES if re.search(r"[}\w] \w+\(s\)", file.read_text(encoding="utf-8"))]

    assert [name_of(file) for file in open_ended] == []
