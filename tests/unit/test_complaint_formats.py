"""Complaints for programs: SARIF by its schema, GitHub's annotations, and columns that each of them counts rightly."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from perfscore.analysis.checked import checked
from perfscore.diagnostic import Code, Diagnostic, Edit, Fix, Ignored, Related
from perfscore.report.complaints import Told, formats, render, utf16
from perfscore.rulefile import Opened, open_path, open_text
from perfscore.source import Origins, Source
from perfscore.words import Words

ROOT = Path(__file__).parents[2]
SCHEMA = Path("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")
CODE = Code("PS312", "steps-disagree", Words(zh="步长不一致。", en="Steps disagree."))


def sarif_schema() -> dict[str, Any]:
    """The schema that npm's @microsoft/jest-sarif carries: `npm install @microsoft/jest-sarif`, here or in NODE_PATH."""
    folders = [ROOT / "node_modules", *map(Path, filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)))]
    for folder in folders:
        if (folder / SCHEMA).is_file():
            schema: dict[str, Any] = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
            return schema
    pytest.skip("npm's @microsoft/jest-sarif is not in node_modules and not in NODE_PATH")


def opened(text: str, *found: Diagnostic, path: str = "r.toml", ignored: tuple[Ignored, ...] = ()) -> Opened:
    return Opened(Source(path, text), found, None, "en", ignored=ignored)


def sarif(*files: Opened) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render([Told(one, "en") for one in files], "sarif"))
    return log


def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def region_of(result: dict[str, Any]) -> tuple[int, int, int, int]:
    one = result["locations"][0]["physicalLocation"]["region"]
    return one["startLine"], one["startColumn"], one["endLine"], one["endColumn"]


def test_a_format_is_a_file() -> None:
    assert formats() == ("github", "json", "sarif", "text")


# Columns

PLACES = [
    pytest.param('a = "道路" # x\nb = "建设"', ("b",), (2, 5, 9), (2, 5, 9), id="wide"),
    pytest.param('t = { a = "道路", n = 77 }', ("t", "n"), (1, 21, 23), (1, 21, 23), id="wide before"),
    pytest.param('t = { a = "e\u0301", n = 77 }', ("t", "n"), (1, 21, 23), (1, 21, 23), id="combining"),
    pytest.param('t = { a = "😀", n = 77 }', ("t", "n"), (1, 20, 22), (1, 21, 23), id="emoji"),
    pytest.param('t = { a = "👨‍👩‍👧", n = 77 }', ("t", "n"), (1, 24, 26), (1, 27, 29), id="joined emoji"),
    pytest.param('t = { a = "𠮷野家", n = 77 }', ("t", "n"), (1, 22, 24), (1, 23, 25), id="rare character"),
    pytest.param("a\t=\t77", ("a",), (1, 5, 7), (1, 5, 7), id="tabs"),
    pytest.param('\ufeffa = "😀"\nb = 77', ("a",), (1, 5, 8), (1, 5, 9), id="byte order mark"),
    pytest.param('a = "😀"\r\nb = "😀"\r\n', ("b",), (2, 5, 8), (2, 5, 9), id="windows endings"),
]


@pytest.mark.parametrize(("text", "at", "characters", "units"), PLACES)
def test_json_counts_characters_and_the_others_utf16(
    text: str, at: tuple[str, ...], characters: tuple[int, int, int], units: tuple[int, int, int]
) -> None:
    file = opened(text, Diagnostic(CODE, at, Words.same("here")))
    [told] = json.loads(render([Told(file, "en")], "json"))
    [result] = results(sarif(file))

    assert (told["line"], told["column"], told["end_column"]) == characters
    assert told["end_line"] == told["line"]
    assert region_of(result) == (units[0], units[1], units[0], units[2])
    assert f",line={units[0]},col={units[1]},endLine={units[0]},endColumn={units[2]}," in render(
        [Told(file, "en")], "github"
    )


def test_the_end_of_a_file_is_a_place() -> None:
    assert utf16(Source("r.toml", 'a = "😀"'), 7) == (1, 9)
    assert utf16(Source("r.toml", "a = 1\n"), 6) == (2, 1)


# SARIF


def broken_files(folder: Path) -> list[Opened]:
    """Files with errors, warnings, ignored warnings, fixes, Chinese names, and some that are no TOML at all."""
    made = {
        "一 级/规则 #1.toml": 'format = 1\n[rulebook]\nid = "a"\ntitle = "甲😀"\nversion = 2023\nfull_marks = "10"\n'
        '[inputs.x] # perfscore: ignore PS215 上级"要求"填\nlabel = "X"\ntype = "count"\n'
        '[indicators.a]\nname = "A"\nwieght = 10\ncriterion = { kind = "judgment" }\n',
        "no.toml": "a = “x”\n",
        "gbk.toml": "",
    }
    for name, text in made.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "gbk.toml").write_bytes('a = "道路"\n'.encode("gbk"))
    whole = Diagnostic(
        CODE,
        (),
        Words.same("x"),
        severity="note",
        related=(Related(("b",), Words.same("b")),),
        witness=(("value", "89.5"),),
        fix=Fix(Words.same("out"), (Edit(("b",), "", part="pair"),), safe=True),
    )
    text = opened("a = 1\nb = 2\n", whole, path="x.toml")
    return [*(checked(open_path(name)) for name in made), text, *(checked(open_path(one)) for one in field_files())]


def field_files() -> list[Path]:
    return sorted((ROOT / "tests" / "field").glob("*.toml"))


def test_sarif_is_what_its_schema_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    validation = pytest.importorskip("jsonschema")
    schema = sarif_schema()
    monkeypatch.chdir(tmp_path)
    files = broken_files(tmp_path)
    validator = validation.validators.validator_for(schema)(schema, format_checker=validation.FormatChecker())
    for language in ("zh", "en"):
        log = json.loads(render([Told(one, "zh" if language == "zh" else "en") for one in files], "sarif"))
        assert len(results(log)) > 6
        assert list(validator.iter_errors(log)) == []
    assert list(validator.iter_errors({**log, "version": "3"})), "the schema is one that refuses"
    assert list(validator.iter_errors(sarif())) == [], "no file, no complaint"


def test_sarif_rules_have_their_permanent_codes_and_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [run] = sarif(*broken_files(tmp_path))["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert len({one["id"] for one in rules}) == len(rules) > 5
    assert run["columnKind"] == "utf16CodeUnits"
    for one in rules:
        assert re.fullmatch(r"PS\d{3}", one["id"])
        assert f"perfscore explain {one['id']}" in one["help"]["text"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_paths_are_relative_and_percent_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inside := tmp_path / "里").mkdir()
    monkeypatch.chdir(inside)
    one = Diagnostic(CODE, (), Words.same("x"))
    names = ["规则 #1%.toml", "a:b.toml", "./子/../r.toml", str(inside / "r.toml"), str(tmp_path / "外.toml")]
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for name in names
        for result in results(sarif(opened("a = 1", one, path=name)))
    ]

    assert uris[:4] == ["%E8%A7%84%E5%88%99%20%231%25.toml", "a%3Ab.toml", "r.toml", "r.toml"]
    assert uris[4].startswith("file:///")
    for uri, name in zip(uris, names, strict=True):
        assert uri.isascii()
        assert Path(unquote(urlsplit(uri).path)).resolve() == Path(name).resolve()


def test_sarif_tells_what_is_ignored_as_suppressed_with_the_reason() -> None:
    text = (
        'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nfull_marks = 10\n'
        '[inputs.x] # perfscore: ignore PS215 上级要求填\nlabel = "X"\ntype = "count"\n[inputs.y]\nlabel = "X"\ntype = "count"\n'
        '[indicators.a]\nname = "A"\nweight = 10\ncriterion = { kind = "judgement" }\n'
    )
    first, second = results(sarif(checked(open_text(text, "r.toml"))))

    assert first["suppressions"] == [{"kind": "inSource", "justification": "上级要求填"}]
    assert (first["ruleId"], first["level"]) == ("PS215", "warning")
    assert second["suppressions"] == []
    assert region_of(second) == (10, 9, 10, 10)


def test_sarif_tells_other_places_also_in_other_files_and_fixes_by_file() -> None:
    own, parent = Source("子.toml", 'n = "😀"\nb = 2\n'), Source("上级.toml", "\nweight = 3\n")
    one = Diagnostic(
        CODE,
        ("n",),
        Words.same("x"),
        Words.same("y"),
        related=(Related(("up",), Words.same("above")),),
        witness=(("value", "89.5"),),
        fix=Fix(Words.same("out"), (Edit(("b",), "", part="pair"), Edit(("n",), '"z"'))),
    )
    told = Opened(own, (one,), None, "en", Origins({(): (own, ()), ("up",): (parent, ("weight",))}))
    [result] = results(sarif(told))

    assert result["message"]["text"] == "x\nhint: y"
    [other] = result["relatedLocations"]
    assert other["message"]["text"] == "above"
    assert other["physicalLocation"] == {
        "artifactLocation": {"uri": "%E4%B8%8A%E7%BA%A7.toml"},
        "region": {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 11},
    }
    [change] = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 1},
            "insertedContent": {"text": ""},
        },
        {
            "deletedRegion": {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 9},
            "insertedContent": {"text": '"z"'},
        },
    ]
    assert result["properties"]["witness"] == {"value": "89.5"}


# GitHub


def test_an_annotation_has_the_form_that_the_runner_reads() -> None:
    one = Diagnostic(CODE, ("a",), Words.same("here"), severity="warning")

    assert render([Told(opened("a = 12", one), "en")], "github") == (
        "::warning file=r.toml,line=1,col=5,endLine=1,endColumn=7,title=PS312 steps-disagree::here\n"
    )


@pytest.mark.parametrize(("severity", "command"), [("error", "error"), ("warning", "warning"), ("note", "notice")])
def test_a_severity_is_a_command(severity: Any, command: str) -> None:
    one = Diagnostic(CODE, ("a",), Words.same("here"), severity=severity)

    assert render([Told(opened("a = 12", one), "en")], "github").startswith(f"::{command} ")


def unescaped(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command, as the runner takes it apart (ActionCommand.cs): properties by commas, then the escapes."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert found is not None
    properties = dict(one.split("=", 1) for one in found[2].split(","))

    def plain(text: str, *more: tuple[str, str]) -> str:
        for sign, code in (*more, ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
            text = text.replace(code, sign)
        return text

    more = ((":", "%3A"), (",", "%2C"))
    return found[1], {name: plain(value, *more) for name, value in properties.items()}, plain(found[3])


@pytest.mark.parametrize("said", ["100%", "a,b: c::d", "one\ntwo", "%0A %25", "得分::error file=x::y", "\x1b[31m"])
def test_nothing_in_a_message_or_a_path_ends_a_command(said: str) -> None:
    one = Diagnostic(CODE, ("a",), Words.same(said), Words.same(said))
    [line] = render([Told(opened("a = 1", one, path="甲,乙:丙%0A.toml"), "en")], "github").splitlines()
    command, properties, message = unescaped(line)

    assert command == "error"
    assert properties["file"] == "甲,乙:丙%0A.toml"
    assert properties["title"] == "PS312 steps-disagree"
    shown = said.replace("\x1b", "\\x1b")
    assert message == f"{shown}\nhint: {shown}"


def test_a_place_of_several_lines_has_no_columns() -> None:
    """GitHub takes none where the lines differ."""
    one = Diagnostic(CODE, ("a",), Words.same("here"), related=(Related(("b",), Words.same("too")),))
    line = render([Told(opened("a = [\n 1,\n]\nb = 2\n", one), "en")], "github")

    assert line == ("::error file=r.toml,line=1,endLine=3,title=PS312 steps-disagree::here%0Ar.toml:4:5: too\n")
