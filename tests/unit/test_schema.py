"""The JSON Schema of the rule file: it says what the reader says, and a TOML tool that people use complains by it."""

from __future__ import annotations

import copy
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
import tomli
from attrs import frozen
from hypothesis import given, settings
from jsonschema import Draft7Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from perfscore import Diagnostic, Rulebook, dumps
from perfscore.criterion import Criterion, Points
from perfscore.rulefile import open_text
from perfscore.rulefile.decode import decode
from perfscore.rulefile.schema import schema, schema_text
from perfscore.rulefile.tables import RulebookTable, keys
from perfscore.rulefile.written import WrittenExtends
from perfscore.testing import rulebooks
from tests.spec.test_spec import PAGES, Block, blocks_of, opened_of, written

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema" / "rulebook.schema.json"
RULE_FILES = sorted(
    one
    for folder in ("rules", "tests/field", "tests/golden", "src/perfscore/starters")
    for one in (ROOT / folder).rglob("*.toml")
    if not one.name.endswith(".facts.toml")
)
SHAPE = frozenset(("PS110", "PS111", "PS112", "PS113", "PS114", "PS118", "PS119"))
"""Codes of complaints about how a table is written, whatever it means."""
TRIES = 600


class Day(str):
    """A date of TOML, which JSON has not: a text with the format of one, and nothing else is."""


def of_type(validator: Validator, types: str, value: object, said: Mapping[str, Any]) -> Iterator[ValidationError]:
    if isinstance(value, Day) == (said.get("format") == "date"):
        yield from Draft7Validator.VALIDATORS["type"](validator, types, value, said)
    else:
        yield ValidationError("a date, or no date")


VALIDATOR = extend(Draft7Validator, {"type": of_type})(schema())


def as_json(value: object) -> Any:
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case date():
            return Day(value.isoformat())
        case _:
            return value


def refused(text: str) -> list[str]:
    values = tomli.loads(text, parse_float=Decimal)
    return [f"{list(one.path)}: {one.message[:200]}" for one in VALIDATOR.iter_errors(as_json(values))]


def test_the_committed_schema_is_what_the_classes_say() -> None:
    """`perfscore schema -o schema/rulebook.schema.json` writes it anew."""
    assert SCHEMA.read_text("utf-8") == schema_text()
    Draft7Validator.check_schema(schema())


def properties(node: object, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Every key that the schema shows to people, with what it says of it."""
    if isinstance(node, list):
        for inner in node:
            yield from properties(inner, at)
    elif isinstance(node, dict):
        for key, inner in node.get("properties", {}).items():
            yield (*at, key), inner
            yield from properties(inner, (*at, key))
        for word in ("items", "additionalProperties", "anyOf"):
            yield from properties(node.get(word), at)


def test_every_key_is_described_in_chinese_and_in_english() -> None:
    whole = schema()
    shown = [*properties(whole)]
    for name in ("indicator", "criterion"):
        shown += properties(whole["definitions"][name], (name,))
    silent = []
    for at, said in shown:
        if "$ref" in said:
            said = whole["definitions"][said["$ref"].rpartition("/")[2]]
        if at[-1] == "kind":
            continue  # its title is that of the kind
        zh, _, en = said.get("description", "").partition("\n\n")
        if not re.search(r"[\u4e00-\u9fff]", zh) or not re.search(r"[a-z]{2}", en):
            silent.append((at, said))

    assert len(shown) > 150
    assert silent == []


@frozen
class ByHeart(Criterion):
    """A kind of another package, of whose keys nothing is said."""

    kind = "by-heart"
    each: Points
    often: Literal["once", "always"] = "once"


def test_a_kind_of_another_package_is_in_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfscore.rulefile.schema.kinds", lambda: {"by-heart": ByHeart})
    validator = Draft7Validator(schema())
    rule = tomli.loads(WHOLE)
    rule["indicators"]["safety"]["criterion"] = {"kind": "by-heart", "each": 3}

    assert [*validator.iter_errors(rule)] == []
    for criterion in ({"kind": "by-heart"}, {"kind": "by-heart", "each": 3, "often": "never"}, {"kind": "bands"}):
        rule["indicators"]["safety"]["criterion"] = criterion
        assert [*validator.iter_errors(rule)] != []


def test_what_is_said_of_extending_stands_in_the_head_of_the_file() -> None:
    assert set(keys(WrittenExtends)) <= set(keys(RulebookTable))


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda one: one.stem)
def test_a_rule_file_fits_the_schema(file: Path) -> None:
    assert refused(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "file", [one for one in RULE_FILES if not {"external", "golden"} & {*one.parts}], ids=lambda one: one.stem
)
def test_a_rule_file_names_the_schema_on_its_first_line(file: Path) -> None:
    """By a path from the file on; those that restate a set of published cases, and those that `dumps` wrote, do not."""
    named = re.match(r"#:schema (\S+)\n", file.read_text("utf-8"))

    assert named is not None
    assert (file.parent / named[1]).resolve() == SCHEMA


def readable(text: str) -> bool:
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:
        return False
    return True


PIECES = [
    block
    for page in PAGES
    for block in blocks_of(page.stem, page.read_text("utf-8"))
    if block.kind == "rule" and readable(block.text)
]


IN_THE_DOCS = [
    block
    for page in sorted((ROOT / "docs").rglob("*.md"))
    if page.name != "new-kind.md"  # whose kind is not installed
    for block in re.findall(r"^```toml[^\n]*\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    if re.search(r"^format += 1$", block, re.MULTILINE) and "[indicators." in block
]
"""Blocks that are whole rule files."""


def shape_of(diagnostics: Iterable[Diagnostic]) -> set[str]:
    return {one.code.number for one in diagnostics} & SHAPE


@pytest.mark.parametrize("block", PIECES, ids=str)
def test_the_schema_says_of_the_rules_of_the_specification_what_the_reader_says(block: Block) -> None:
    text, _ = written(block.text)

    assert bool(refused(text)) == bool(wrong := shape_of(opened_of(block).diagnostics)), (wrong, refused(text))


@settings(max_examples=50)
@given(rulebooks(max_leaves=3))
def test_a_rulebook_that_was_written_fits_the_schema(rulebook: Rulebook) -> None:
    assert refused(dumps(rulebook)) == []


# One thing in a rule file that fits is changed: the schema and the reader notice the same.


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key of every table of a document, but those of facts, which are not the schema's to judge."""
    if at and at[0] == "examples" and len(at) > 3:
        return
    match value:
        case dict():
            for key, inner in value.items():
                yield (*at, key)
                yield from places(inner, (*at, key))
        case list():
            for index, inner in enumerate(value):
                yield from places(inner, (*at, index))


WRONG = (True, 7, "a", date(2024, 1, 1), [], {}, [[7]], {"a": {"b": 7}})


def changed(values: dict[str, Any], at: tuple[str | int, ...], change: object) -> dict[str, Any]:
    """The document with a key taken out (None), misspelt (""), or given another value."""
    made = copy.deepcopy(values)
    table: Any = made
    for key in at[:-1]:
        table = table[key]
    if change is None:
        del table[at[-1]]
    elif change == "":
        table[f"{at[-1]}zq"] = table.pop(at[-1])
    else:
        table[at[-1]] = change
    return made


@pytest.mark.parametrize("line", ["facts = []", 'points = ["safety"]', "cohort = [[7]]", "review = [1]", "answers = 3"])
def test_what_is_no_table_in_an_example_is_told(line: str) -> None:
    """By the schema, and by the reader, which took an empty list for an empty table once."""
    text = WHOLE.replace("facts = { faults = 2 }", line)

    assert refused(text) != []
    assert shape_of(open_text(text).diagnostics) == {"PS112"}


SMALL = [one for one in RULE_FILES if one.stat().st_size < 6000]


def test_what_the_schema_refuses_is_what_the_reader_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    """Over single changes of the rule files in this repository, chosen by a fixed seed."""
    chance = random.Random(5)
    counts: Counter[tuple[bool, bool]] = Counter()
    differing = []
    for _ in range(TRIES):
        file = chance.choice(SMALL)
        values = tomli.loads(file.read_text("utf-8"), parse_float=Decimal)
        at, change = chance.choice([*places(values)]), chance.choice([None, "", *WRONG])
        made = changed(values, at, change)
        told: list[Diagnostic] = []
        decode(made, told.append)
        by_reader, by_schema = bool(shape_of(told)), not VALIDATOR.is_valid(as_json(made))
        counts[by_reader, by_schema] += 1
        if by_reader != by_schema:
            differing.append((file.stem, at, change, [str(one.code.number) for one in told][:3]))
    both, agreed = counts[True, True], counts[True, True] + counts[False, False]
    with capsys.disabled():
        alone = f"the reader alone {counts[True, False]}, the schema alone {counts[False, True]}"
        print(f"\n{TRIES} changes of rule files: both refuse {both}, {alone}")

    assert both > TRIES / 2
    assert agreed >= TRIES * 0.99, differing


# tombi is the TOML tool of several editors; it is run as they run it, without a network.

TOMBI = shutil.which("tombi", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
needs_tombi = pytest.mark.skipif(TOMBI is None, reason="tombi is not installed")


def linted(folder: Path, *files: Path) -> list[dict[str, Any]]:
    """What tombi says of files: path, line, level, code, message."""
    assert TOMBI is not None
    (folder / "tombi.toml").write_text('toml-version = "v1.1.0"\n', encoding="utf-8")
    told = folder / "told.jsonl"
    ran = subprocess.run(
        [
            TOMBI,
            "lint",
            "--offline",
            "--quiet",
            "--diagnostics-format",
            "json-lines",
            "--diagnostics-file",
            told,
            *files,
        ],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr
    return [json.loads(line) for line in told.read_text("utf-8").splitlines()]


def beside_the_schema(folder: Path, texts: Iterable[str]) -> list[Path]:
    """The texts as files in a folder, each naming the schema in it."""
    shutil.copy(SCHEMA, folder / SCHEMA.name)
    files = []
    for index, text in enumerate(texts):
        files.append(folder / f"{index}.toml")
        files[-1].write_text(f"#:schema ./{SCHEMA.name}\n{text}", encoding="utf-8")
    return files


@needs_tombi
def test_tombi_finds_nothing_in_the_rule_files_of_this_repository(tmp_path: Path) -> None:
    """Each by the line that names the schema; those that have none, and those in the documentation, with one."""
    named = [one for one in RULE_FILES if one.read_text("utf-8").startswith("#:schema ")]
    unnamed = [one.read_text("utf-8") for one in RULE_FILES if one not in named] + IN_THE_DOCS
    told = linted(tmp_path, *named, *beside_the_schema(tmp_path, unnamed))

    assert (len(RULE_FILES), len(IN_THE_DOCS)) > (90, 10)
    assert [one for one in told if one["code"] != "tables-out-of-order"] == []


@needs_tombi
def test_tombi_finds_in_the_rules_of_the_specification_what_the_reader_finds(tmp_path: Path) -> None:
    files = beside_the_schema(tmp_path, (written(block.text)[0] for block in PIECES))
    told = linted(tmp_path, *files)
    refusing = {Path(one["path"]).name for one in told if one["level"] == "error"}
    wrong = [bool(shape_of(opened_of(block).diagnostics)) for block in PIECES]

    assert {file.name for file, one in zip(files, wrong, strict=True) if one} == refusing


WHOLE = """\
format = 1
[rulebook]
id = "roads"
title = "Roads"
version = "2024"
full_marks = 10
[inputs.faults]
label = "faults"
type = "count"
[indicators.safety]
name = "safety"
weight = 10
criterion = { kind = "per-occurrence", deductions = [
  { id = "late", of = "faults", each = 2 },
] }
[[examples]]
title = "two faults"
facts = { faults = 2 }
score = 6
"""
SLIPS = {
    "a misspelt table": ("[inputs.faults]", "[input.faults]", "key-not-allowed"),
    "a misspelt key of the head": ('title = "Roads"', 'titel = "Roads"', "key-not-allowed"),
    "a misspelt attribute": ("weight = 10", "wieght = 10", "type-mismatch"),
    "a misspelt key of an example": ("score = 6", "scroe = 6", "key-not-allowed"),
    "a misspelt key deep in a criterion": ("of = ", "off = ", "key-not-allowed"),
    "a version that is a number": ('version = "2024"', "version = 2024", "type-mismatch"),
    "a weight that is no number": ("weight = 10", "weight = true", "type-mismatch"),
    "a date in quotation marks": (
        "full_marks",
        'valid = { from = "2024-01-01", to = 2024-12-31 }\nfull_marks',
        "type-mismatch",
    ),
    "a list that is a text": ('title = "two', 'cohort = "all"\ntitle = "two', "type-mismatch"),
    "a kind that is none": ('"per-occurrence"', '"per-occurence"', "enum"),
    "a type that is none": ('"count"', '"cuont"', "enum"),
    "a word that is not to be chosen": ("weight = 10", 'weight = 10\nmissing = "nothing"', "enum"),
    "another version of the language": ("format = 1", "format = 2", "enum"),
    "a head without full marks": ("full_marks = 10\n", "", "table-key-required"),
    "an input without a type": ('type = "count"\n', "", "table-key-required"),
    "an indicator without a name": ('name = "safety"\n', "", "table-key-required"),
    "a criterion without a kind": ('kind = "per-occurrence", ', "", "table-key-required"),
    "a deduction without a price": (", each = 2", "", "table-key-required"),
    "an example without a title": ('title = "two faults"\n', "", "table-key-required"),
}


@needs_tombi
def test_tombi_tells_planted_mistakes(tmp_path: Path) -> None:
    """Each with the code that says what is wrong."""
    assert refused(WHOLE) == []
    files = beside_the_schema(tmp_path, [WHOLE, *(WHOLE.replace(old, new, 1) for old, new, _ in SLIPS.values())])
    told: dict[str, list[str]] = {file.name: [] for file in files}
    for one in linted(tmp_path, *files):
        told[Path(one["path"]).name].append(one["code"])

    assert told.pop("0.toml") == []
    [unknown_kind] = [index for index, slip in enumerate(SLIPS, start=1) if slip == "a kind that is none"]
    assert told[f"{unknown_kind}.toml"] == ["enum"], "and not once for every kind that it is not"
    missed = {
        slip for (slip, (_, _, code)), codes in zip(SLIPS.items(), told.values(), strict=True) if code not in codes
    }
    assert missed == set()
    assert all(refused(WHOLE.replace(old, new, 1)) for old, new, _ in SLIPS.values())


@needs_tombi
def test_tombi_lets_a_file_that_extends_another_leave_things_out(tmp_path: Path) -> None:
    head = 'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nextends = "b"\n'
    change = '[indicators.a.b]\nweight = 3\ncriterion = { nothing_below = "60%" }\n[inputs.n]\nmin = 3\n'
    slips = [change.replace("nothing_below", "nothing_bellow"), change.replace("weight", "wieght")]
    files = beside_the_schema(tmp_path, [head + change, *(head + slip for slip in slips)])

    assert {Path(one["path"]).name for one in linted(tmp_path, *files)} == {"1.toml", "2.toml"}
