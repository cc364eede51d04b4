"""Every sentence of the package stands in Chinese and in English, with the same slots.

Sentences are found in the code: each `Words(zh=…, en=…)` whose texts are written out, and each `say("…", "…")`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import perfscore

SRC = Path(perfscore.__file__).parent
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
SLOT = re.compile(r"(?<!\{)\{(\w+)\}")
ASIDE = re.compile(r"\{[^}]*\}|`[^`]*`|“[^”]*”|\"[^\"]*\"|\([^)]*元[^)]*\)")
"""What a sentence quotes or has filled in: that may be of the other language. Units of rule files are Chinese."""
SIGNS_DO = {
    "（{by}）",
    "{name} ≥ {start}",
    "{name} {points}/{weight}",
    "{what}{colon}{value}，",
}
"""Where Chinese needs a sign and English a word."""
WORD_ORDER = {"次", "得", "差", "超", "扣"}
"""Words that Chinese puts before a figure and English not at all."""
ONE_EACH = {"（{chinese}）"}
"""A sentence that quotes what differs between the languages."""


def written(node: ast.expr | None) -> str | None:
    """The text of a literal; what an f-string fills in stands as a slot."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                one.value if isinstance(one, ast.Constant) else "{" + ast.unparse(one) + "}" for one in parts
            )
        case _:
            return None


def sentences(file: Path) -> list[tuple[int, str, str]]:
    """Every sentence of a module: its line, its Chinese, its English."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("Words", "Misfit", "say")
        ):
            named = {one.arg: one.value for one in node.keywords}
            first, second = [*node.args, None, None][:2]
            zh, en = written(named.get("zh", first)), written(named.get("en", second))
            if zh is not None and en is not None:
                found.append((node.lineno, zh, en))
    return found


MODULES = sorted(file for file in SRC.rglob("*.py") if sentences(file))


def test_there_are_sentences() -> None:
    assert sum(len(sentences(file)) for file in MODULES) > 1500


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(SRC).as_posix())
def test_every_sentence_stands_in_both_languages(file: Path) -> None:
    for line, zh, en in sentences(file):
        chinese, english = ASIDE.sub("", zh), ASIDE.sub("", en)
        assert not HAN.search(english), f"line {line}: Chinese in the English {en!r}"
        if LATIN.search(english):
            assert HAN.search(chinese) or zh in SIGNS_DO, f"line {line}: no Chinese for {en!r}"
        if HAN.search(chinese):
            assert en or zh in WORD_ORDER, f"line {line}: no English for {zh!r}"


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(SRC).as_posix())
def test_a_sentence_has_the_same_slots_in_both_languages(file: Path) -> None:
    for line, zh, en in sentences(file):
        assert zh in ONE_EACH or set(SLOT.findall(zh)) == set(SLOT.findall(en)), f"line {line}: {zh!r} and {en!r}"
