"""The command line: exit codes, two languages, whole files or none, and never a traceback."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NANJING = str(ROOT / "rules" / "nanjing-legal-aid" / "2023.toml")
NANJING_FACTS = str(ROOT / "rules" / "nanjing-legal-aid" / "2023.facts.toml")
COMMANDS = ("check", "explain", "facts", "kinds", "new", "schema", "score", "show", "test", "verify")


def run(
    *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """`perfscore …` in a process of its own, in English unless `env` says otherwise."""
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "NO_COLOR", "FORCE_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "perfscore", *arguments],
        capture_output=True,
        cwd=cwd,
        input=stdin,
        timeout=20,
        check=False,
        env={
            **clean,
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
            "LC_ALL": "C.UTF-8",
            **(env or {}),
        },
    )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (file := tmp_path / "broken.toml").write_text('format = 1\n[rulebook]\nid = "a"\n', encoding="utf-8")
    return file


# Exit codes


def test_what_is_fine_exits_with_0(tmp_path: Path) -> None:
    for arguments in (
        ["check", NANJING],
        ["score", NANJING, NANJING_FACTS],
        ["facts", NANJING],
        ["test", NANJING],
        ["show", NANJING],
        ["kinds"],
        ["kinds", "threshold"],
        ["explain", "PS201"],
        ["explain", "weights-disagree"],
        ["new", str(tmp_path / "new.toml")],
        ["schema"],
        ["--version"],
        ["--help"],
    ):
        ran = run(*arguments)
        assert (ran.returncode, ran.stderr) == (0, b""), arguments
        assert ran.stdout, arguments


def test_an_error_in_the_rules_exits_with_1(broken: Path) -> None:
    for command in ("check", "facts", "show", "test"):
        ran = run(command, str(broken))
        assert ran.returncode == 1, command
        assert b"PS111" in ran.stdout + ran.stderr, command
    assert run("score", str(broken), NANJING_FACTS).returncode == 1


def test_examples_of_a_file_with_errors_are_not_run_and_that_is_said(broken: Path) -> None:
    ran = run("test", str(broken), "--lang", "en")

    assert b"0 passed, 0 failed; 1 file with errors, not run" in ran.stdout


def test_an_error_in_the_facts_exits_with_1(tmp_path: Path) -> None:
    (facts := tmp_path / "a.facts.toml").write_text("[inputs]\ncases_per_10k = '≥ 10'\n", encoding="utf-8")
    ran = run("score", NANJING, str(facts), "--lang", "en")

    assert ran.returncode == 1
    assert b"a.facts.toml:2:17: error[PS414]" in ran.stderr
    assert "法律援助案件量".encode() in ran.stdout, "the rest is still printed"


def test_an_example_that_fails_exits_with_1_and_shows_the_difference(tmp_path: Path) -> None:
    text = (
        Path(NANJING)
        .read_text(encoding="utf-8")
        .replace('points = { "performance.output.cases" = 0 }', 'points = { "performance.output.cases" = 39 }')
    )
    (file := tmp_path / "r.toml").write_text(text, encoding="utf-8")
    ran = run("test", str(file), "--lang", "en")

    assert ran.returncode == 1
    assert b"error[PS701]" in ran.stdout
    assert b"says 39, gives 0" in ran.stdout
    assert b"6 passed, 1 failed" in ran.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["chekc"],
        ["check"],
        ["check", "no-such-file.toml"],
        ["score", NANJING],
        ["score", NANJING, "no-such.facts.toml"],
        ["score", "no-such.toml", NANJING_FACTS],
        ["score", NANJING, str(ROOT)],
        ["score", str(ROOT), NANJING_FACTS],
        ["score", NANJING, NANJING_FACTS, "--format", "pdf"],
        ["score", NANJING, NANJING_FACTS, "--lang", "fr"],
        ["score", NANJING, NANJING_FACTS, "-o", "no/such/folder/out.txt"],
        ["show", str(ROOT)],
        ["check", "--format", "xml", NANJING],
        ["explain", "PS999"],
        ["kinds", "treshold"],
        ["--colour"],
    ],
    ids=lambda one: " ".join(one)[-60:],
)
def test_a_wrong_call_exits_with_2_and_says_why(arguments: list[str], tmp_path: Path) -> None:
    ran = run(*arguments, cwd=tmp_path)

    assert ran.returncode == 2
    assert ran.stderr.strip()
    assert b"Traceback" not in ran.stderr


def test_the_nearest_word_is_offered() -> None:
    assert b"did you mean threshold?" in run("kinds", "treshold").stderr
    assert b"did you mean PS" in run("explain", "PS21").stderr
    assert "是不是 threshold？".encode() in run("kinds", "treshold", "--lang", "zh").stderr


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    ran = run("chekc", NANJING)

    assert ran.returncode == 2
    assert b"check" in ran.stderr


@pytest.mark.parametrize(
    "arguments", [["chekc"], ["check"], ["score", NANJING], ["check", "--colour", NANJING], ["--lang"]], ids=str
)
def test_a_wrong_call_is_answered_in_chinese_where_chinese_is_spoken(arguments: list[str]) -> None:
    ran = run(*arguments, env={"LC_ALL": "zh_CN.UTF-8"})

    assert ran.returncode == 2
    assert [one for one in ran.stderr.decode() if "\u4e00" <= one <= "\u9fff"]
    for word in ("Usage:", "Error:", "Missing", "No such", "Try '"):
        assert word not in ran.stderr.decode()


# Help in two languages


def test_help_lists_every_command_in_both_languages() -> None:
    for language, words in (("zh", "用规则文件评分"), ("en", "scoring tables as rule files")):
        text = run("--help", "--lang", language).stdout.decode()
        assert words in text
        assert all(f"\n  {command} " in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_is_in_the_language_asked_for(command: str) -> None:
    chinese, english = (run(command, "--help", "--lang", language) for language in ("zh", "en"))

    assert (chinese.returncode, english.returncode) == (0, 0)
    assert sum("\u4e00" <= one <= "\u9fff" for one in chinese.stdout.decode()) > 10
    assert not [one for one in english.stdout.decode() if "\u4e00" <= one <= "\u9fff"]
    for word in ("Usage:", "Options:", "Show this message", "Arguments:"):
        assert word not in chinese.stdout.decode()


def test_the_language_is_that_of_the_locale_where_nobody_asks() -> None:
    assert "用规则文件评分" in run("--help", env={"LC_ALL": "zh_CN.UTF-8"}).stdout.decode()
    assert "scoring tables" in run("--help", env={"LC_ALL": "C"}).stdout.decode()
    assert "scoring tables" in run("--help", env={"LC_ALL": "", "LANG": ""}).stdout.decode()


def test_explanations_are_in_the_language_of_the_rulebook_where_nobody_asks() -> None:
    assert "评分标准" in run("score", NANJING, NANJING_FACTS).stdout.decode()
    assert "Criterion" in run("score", NANJING, NANJING_FACTS, "--lang", "en").stdout.decode()
    assert "Criterion" in run("--lang", "en", "score", NANJING, NANJING_FACTS).stdout.decode()


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_output_is_utf8_whatever_the_console_says(encoding: str) -> None:
    ran = run("score", NANJING, NANJING_FACTS, env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"})

    assert ran.returncode == 0
    assert "合计 96.00 / 100" in ran.stdout.decode("utf-8")


def test_json_ignores_the_language() -> None:
    told = {
        run("score", NANJING, NANJING_FACTS, "--format", "json", "--lang", language).stdout for language in ("zh", "en")
    }

    assert len(told) == 1
    assert json.loads(told.pop())["score"] == "96.00"


# Colour


@pytest.mark.parametrize(
    "env", [{}, {"TERM": "xterm-256color"}, {"NO_COLOR": "1"}, {"COLORTERM": "truecolor"}], ids=str
)
def test_nothing_is_coloured_in_a_pipe(env: dict[str, str], broken: Path) -> None:
    for arguments in (["score", NANJING, NANJING_FACTS], ["check", str(broken)], ["--help"], ["show", NANJING]):
        ran = run(*arguments, env=env)
        assert b"\x1b" not in ran.stdout + ran.stderr


def on_a_terminal(arguments: list[str], env: dict[str, str]) -> bytes:
    """What a command prints on a terminal of its own."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "perfscore", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "TERM": "xterm", **env},
    ) as process:
        os.close(slave)
        told = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            told += piece
        process.wait(timeout=60)
    os.close(master)
    return told


def test_complaints_fit_the_terminal(tmp_path: Path) -> None:
    """In a pipe they are as long as they like: who reads them there breaks lines for themselves."""
    from perfscore.report.wrapping import columns

    text = (
        Path(NANJING).read_text(encoding="utf-8").replace('kind = "threshold"', 'kind = "各项指标按完成情况分档计分"')
    )
    (file := tmp_path / "r.toml").write_text(text, encoding="utf-8")
    told = on_a_terminal(["check", str(file), "--lang", "zh"], {"COLUMNS": "70", "NO_COLOR": "1"}).decode()
    lines = [line.rstrip("\r") for line in told.split("\n") if not line.startswith(str(tmp_path))]

    assert max(map(columns, lines)) <= 70
    assert max(map(columns, run("check", str(file), "--lang", "zh").stdout.decode().split("\n"))) > 70


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own is a matter of POSIX")
def test_a_wrong_fact_is_told_once_on_a_terminal_and_stays_in_a_document(tmp_path: Path) -> None:
    (facts := tmp_path / "f.facts.toml").write_text('[inputs]\ncases_per_10k = "many"\n', encoding="utf-8")

    assert on_a_terminal(["score", NANJING, str(facts)], {"NO_COLOR": "1"}).count(b"PS403") == 1
    assert b"PS403" in run("score", NANJING, str(facts)).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own is a matter of POSIX")
def test_a_terminal_gets_colour_unless_no_color_is_set(broken: Path) -> None:
    for arguments in (["score", NANJING, NANJING_FACTS], ["check", str(broken)]):
        assert b"\x1b[" in on_a_terminal(arguments, {})
        assert b"\x1b" not in on_a_terminal(arguments, {"NO_COLOR": "1"})
        assert b"\x1b" not in on_a_terminal(arguments, {"TERM": "dumb"})


# Writing files


def test_a_facts_file_that_may_be_filled_in_is_never_overwritten(tmp_path: Path) -> None:
    (file := tmp_path / "a.facts.toml").write_text("[inputs]\ncases = 3\n", encoding="utf-8")
    ran = run("facts", NANJING, "-o", str(file))

    assert ran.returncode == 2
    assert b"exists already" in ran.stderr
    assert file.read_text(encoding="utf-8") == "[inputs]\ncases = 3\n"


def test_the_output_file_holds_what_would_be_printed(tmp_path: Path) -> None:
    for arguments in (
        ["score", NANJING, NANJING_FACTS],
        ["score", NANJING, NANJING_FACTS, "--format", "json"],
        ["score", NANJING, NANJING_FACTS, "--format", "markdown"],
        ["facts", NANJING],
    ):
        if arguments[0] == "facts":
            (tmp_path / "out.txt").unlink()  # it never overwrites, for the file may be filled in by now
        ran = run(*arguments, "-o", "out.txt", cwd=tmp_path)
        assert (ran.returncode, ran.stdout) == (0, b""), arguments
        assert (tmp_path / "out.txt").read_bytes() == run(*arguments).stdout
    assert [one.name for one in tmp_path.iterdir()] == ["out.txt"]


def test_a_file_that_is_written_over_keeps_its_rights(tmp_path: Path) -> None:
    (file := tmp_path / "out.txt").write_text("old", encoding="utf-8")
    file.chmod(0o640)
    run("score", NANJING, NANJING_FACTS, "-o", str(file))

    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "96.00" in file.read_text(encoding="utf-8")


BREAKS = """\
import sys, tempfile, os
from pathlib import Path
import perfscore.cli as cli
def broken(self, target): raise {error}
Path.replace = broken
try:
    cli.main(["score", {rules!r}, {facts!r}, "-o", "out.txt"])
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(
    ("error", "code"), [("OSError(28, 'No space left on device')", 2), ("KeyboardInterrupt()", 130)]
)
def test_a_write_that_fails_leaves_the_old_file_alone(tmp_path: Path, error: str, code: int) -> None:
    (file := tmp_path / "out.txt").write_text("old", encoding="utf-8")
    script = BREAKS.format(error=error, rules=NANJING, facts=NANJING_FACTS)
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )

    assert ran.returncode in (code, 1 if code == 130 else code)
    assert file.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["out.txt"], "nothing half-written is left behind"
    assert b"Traceback" not in ran.stderr


def test_an_error_in_the_facts_leaves_the_old_file_alone(tmp_path: Path) -> None:
    (tmp_path / "a.facts.toml").write_text("[input]\n", encoding="utf-8")
    (file := tmp_path / "out.txt").write_text("old", encoding="utf-8")

    assert run("score", NANJING, "a.facts.toml", "-o", "out.txt", cwd=tmp_path).returncode == 1
    assert file.read_text(encoding="utf-8") == "old"


def test_new_never_touches_a_file_that_is_there(tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_text("mine", encoding="utf-8")
    ran = run("new", str(file))

    assert ran.returncode == 2
    assert file.read_text(encoding="utf-8") == "mine"


def test_new_puts_the_schema_beside_the_rule_file_where_it_is_asked_for(tmp_path: Path) -> None:
    assert run("new", "a.toml", cwd=tmp_path).returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == ["a.toml"]
    assert not (tmp_path / "a.toml").read_text("utf-8").startswith("#:schema")

    assert run("new", "b.toml", "--schema", cwd=tmp_path).returncode == 0
    assert (tmp_path / "b.toml").read_text("utf-8").startswith("#:schema ./rulebook.schema.json\n")
    assert (tmp_path / "rulebook.schema.json").read_bytes() == run("schema").stdout

    (tmp_path / "rulebook.schema.json").write_text("mine", encoding="utf-8")
    assert run("new", "c.toml", "--schema", cwd=tmp_path).returncode == 0
    assert (tmp_path / "rulebook.schema.json").read_text("utf-8") == "mine"


def test_a_reader_that_leaves_early_is_no_crash() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "perfscore", "show", NANJING],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    ) as process:
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


# Never a traceback

SMALL = b'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nfull_marks = 10\n'
A = b'[indicators.a]\nname = "A"\nweight = 10\n'
NASTY: dict[str, bytes] = {
    "empty.toml": b"",
    "bom.toml": b"\xef\xbb\xbf",
    "gb18030.toml": 'format = 1\n[rulebook]\ntitle = "城乡道路"\n'.encode("gb18030"),
    "utf16.toml": 'format = 1\ntitle = "城乡道路"\n'.encode("utf-16"),
    "binary.toml": bytes(range(256)) * 64,
    "zeros.toml": b"\0" * 4096,
    "json.toml": b'{"format": 1}',
    "syntax.toml": b"format = \n[rulebook\n",
    "list.toml": b"format = 1\nrulebook = []\nindicators = []\n",
    "numbers.toml": b"format = 1\nrulebook = 3\nindicators = 4\ninputs = 5\nexamples = 6\nratings = 7\n",
    "texts.toml": b'format = "1"\nrulebook = "x"\nindicators = "y"\nchecks = "z"\ngoals = ""\nscope = ""\nbasis = ""\nmeasures = ""\n',
    "deep.toml": b"a = " + b"[" * 50_000,
    "dotted.toml": b".".join([b"a"] * 3000) + b" = 1\n",
    "inf.toml": b"format = inf\n",
    "huge-number.toml": b"format = " + b"9" * 10_000 + b"\n",
    "places.toml": SMALL + b"rounding = { places = -1 }\n" + A + b'criterion = { kind = "judgement" }\n',
    "no-measure.toml": SMALL
    + A
    + b'criterion = { kind = "bands", otherwise = 0, bands = [ { in = ">= 3", points = 4 } ] }\n',
    "no-target.toml": SMALL + A + b'criterion = { kind = "clauses", losses = [ { id = "a", points = "target" } ] }\n',
    "empty-kind.toml": SMALL + A + b'criterion = { kind = "" }\n',
    "unread-example.toml": SMALL
    + A
    + b'criterion = { kind = "judgement" }\n[[examples]]\ntitle = "x"\nfacts = { a = { value = [] } }\n'
    + b'answers = { a = 3, b = { points = "x" } }\npoints = { a = 1e30 }\n',
    "empty.facts.toml": b"",
    "list.facts.toml": b"inputs = []\nanswers = 3\nsubject = []\n",
    "time.facts.toml": b"[inputs]\ncases_per_10k = 2023-06-30T08:00:00\n",
    "local-time.facts.toml": b"[inputs]\ncases_per_10k = 08:00:00\n",
    "nested.facts.toml": b"[inputs]\ncases_per_10k = { value = { value = 3 } }\n",
    "also.facts.toml": b'[inputs]\ncases_per_10k = { value = 3, also = "x" }\n',
    "big.facts.json": b'{"inputs": {"cases_per_10k": ' + b"9" * 5000 + b"}}",
    "exponent.facts.json": b'{"inputs": {"cases_per_10k": 1e999999999}}',
    "digits.facts.json": b'{"inputs": {"cases_per_10k": 1.' + b"9" * 70 + b"}}",
    "surrogate.facts.json": b'{"inputs": {"cases_per_10k": "\\ud800"}, "subject": {"name": "\\ud800"}}',
    "deep.facts.json": b"[" * 100_000,
    "null.facts.json": b"null",
    "nan.facts.json": b'{"answers": {"decision.goals.content": {"points": NaN}}}',
}
CALLS = [["check", name] for name in NASTY if ".facts." not in name]
CALLS += [["score", NANJING, name] for name in NASTY if ".facts." in name]
CALLS += [
    ["test", "places.toml"],
    ["test", "unread-example.toml"],
    ["show", "no-measure.toml"],
    ["score", "places.toml", "empty.facts.toml"],
    ["score", NANJING_FACTS, NANJING],
    ["check", NANJING_FACTS],
    ["check", "."],
    ["check", "/dev/null"],
    ["check", "/dev/null/x"],
    ["check", ""],
    ["check", "a\0b.toml"],
    ["check", "x" * 5000],
    ["score", NANJING, NANJING_FACTS, "-o", "."],
    ["score", NANJING, NANJING_FACTS, "-o", ""],
    ["score", NANJING, NANJING_FACTS, "-o", "/proc/x"],
    ["score", NANJING, NANJING_FACTS, "--format", ""],
    ["new", "."],
    ["new", ""],
    ["new", "no/such/folder/r.toml"],
    ["new", "x" * 300 + ".toml"],
    ["explain", ""],
    ["explain", "\x1b[31m"],
    ["kinds", "../os"],
    ["--lang", "xx", "kinds"],
    ["--lang"],
    ["__init__"],
    ["speech"],
    ["doors"],
]
CALLS = [one for one in CALLS if not any("\0" in word for word in one)]  # no process can be started with those


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nasty")
    for name, data in NASTY.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("call", CALLS, ids=lambda one: " ".join(one)[-60:] or "nothing")
def test_no_call_ends_in_a_traceback(call: list[str], nasty: Path) -> None:
    ran = run(*call, cwd=nasty)

    assert b"Traceback" not in ran.stderr
    assert b"\x1b" not in ran.stderr + ran.stdout
    assert ran.returncode in (0, 1, 2)
    assert ran.stdout.strip() or ran.stderr.strip(), "something is said"


@pytest.mark.parametrize(("name", "code", "words"), [
    ("gb18030.toml", 1, "GB18030"), ("utf16.toml", 1, "UTF-16"), ("binary.toml", 1, "UTF-8"), ("empty.toml", 1, "[rulebook]"),
    ("syntax.toml", 1, "syntax.toml:1:"), ("deep.toml", 1, "PS108"), ("places.toml", 1, "places"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_says_what_is_wrong_with_it(name: str, code: int, words: str, nasty: Path) -> None:
    ran = run("check", name, cwd=nasty)

    assert ran.returncode == code
    assert words in ran.stdout.decode()


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="nothing is forbidden to root")
def test_a_file_without_permission_exits_with_2(tmp_path: Path) -> None:
    (file := tmp_path / "r.toml").write_text("", encoding="utf-8")
    file.chmod(0)

    assert run("check", str(file)).returncode == 2


# Formats


def test_the_name_of_the_file_decides_the_format(tmp_path: Path) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("xlsxwriter")
    begins = {
        "a.docx": b"PK",
        "a.XLSX": b"PK",
        "a.json": b"{",
        "a.md": b"# ",
        "a.html": b"<!DOCTYPE",
        "a": b"2023",
    }
    for name, first in begins.items():
        ran = run("score", NANJING, NANJING_FACTS, "-o", name, cwd=tmp_path)
        assert (ran.returncode, ran.stdout) == (0, b""), ran.stderr
        assert (tmp_path / name).read_bytes().startswith(first)
    run("score", NANJING, NANJING_FACTS, "-o", "a.json", "--format", "markdown", cwd=tmp_path)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "a.md").read_bytes()
    assert {one.name for one in tmp_path.iterdir()} == set(begins), "no part of a file is left"


def test_a_name_that_says_no_known_format_is_asked_about(tmp_path: Path) -> None:
    ran = run("score", NANJING, NANJING_FACTS, "-o", "a.pdf", cwd=tmp_path)

    assert ran.returncode == 2
    assert b"a.pdf does not say which format: add --format, or end it in one of .docx, .html, .json, .md" in ran.stderr
    assert not list(tmp_path.iterdir())


def test_bytes_go_through_a_pipe_and_not_to_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    arguments = ("score", NANJING, NANJING_FACTS, "--format", "xlsx")
    run(*arguments, "-o", "a.xlsx", cwd=tmp_path)
    assert run(*arguments).stdout == (tmp_path / "a.xlsx").read_bytes()

    outer, inner = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-m", "perfscore", *arguments, "--lang", "en"],
        stdout=inner,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )
    os.close(inner)
    os.close(outer)
    assert ran.returncode == 2
    assert ran.stderr == b"this format is for a file: add -o FILE\n"


@pytest.mark.parametrize(("form", "library"), [("docx", "docx"), ("docx", "lxml"), ("xlsx", "xlsxwriter")])
def test_a_missing_extra_is_told_in_a_sentence(form: str, library: str, tmp_path: Path) -> None:
    script = f"""\
import sys
sys.modules[{library!r}] = None
from perfscore import cli
cli.main(["score", {NANJING!r}, {NANJING_FACTS!r}, "-o", "out.{form}", "--lang", "en"])
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        cwd=tmp_path,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "LC_ALL": "C.UTF-8"},
    )
    assert ran.returncode == 2
    assert ran.stderr == b"this needs pip install 'perfscore[office]'\n"
    assert not list(tmp_path.iterdir())


def test_a_word_file_is_filed_as_it_is_and_the_door_says_what_to_look_at(tmp_path: Path) -> None:
    pytest.importorskip("docx")
    ran = run("score", NANJING, NANJING_FACTS, "-o", "a.docx", cwd=tmp_path)

    assert (
        ran.stderr == f"16 things to look at are not in the file: perfscore score {NANJING} {NANJING_FACTS}\n".encode()
    )
