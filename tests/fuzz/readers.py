"""Feed the readers with whatever a fuzzer finds: only diagnostics may come out, soon, and in little memory.

In: the name of a reader (`formula`, `rules` or `facts`) and options of libFuzzer, as in
`python tests/fuzz/readers.py formula -runs=100000 -seed=1`. Out: nothing, or the input that broke it.
What takes more than 2 seconds of computing breaks it too; libFuzzer itself watches memory (`-rss_limit_mb=500`).
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

with atheris.instrument_imports(include=["perfscore"]):
    from perfscore import assess, loads
    from perfscore.analysis.checked import checked
    from perfscore.factsfile import facts_from_text
    from perfscore.formula.lowering import FormulaError
    from perfscore.formula.prose import SYNTAX, tell
    from perfscore.formula.syntax import parse, parse_condition
    from perfscore.report.complaint import as_json, excerpt
    from perfscore.rulefile import open_text

SECONDS = 2
RULES = loads((ROOT / "rules/nanjing-legal-aid/2023.toml").read_text(encoding="utf-8"))
WORDS = [
    *(
        "format = 1",
        "[rulebook]",
        "[indicators.",
        "[inputs.",
        "[[examples]]",
        "[[adjustments]]",
        "kind = ",
        "weight = ",
    ),
    *(
        "criterion = { ",
        "bands = [",
        "measure = ",
        "target = ",
        "points = ",
        "≥",
        "（",
        "”",
        "pp",
        "%",
        "1e",
        "..",
        "'''",
    ),
    *(
        "rank(",
        "peers.",
        "if ",
        " then ",
        " else ",
        " in [",
        "round(",
        "pow(",
        "given(",
        "days(",
        "且",
        "百分点",
        "万元",
    ),
    *(
        "[answers.",
        "[[review]]",
        "[subject]",
        "value = ",
        "also = ",
        "because = ",
        "2024-02-30",
        "\\u0000",
        "nan",
        "inf",
    ),
]


def formula(text: str) -> None:
    """A formula and a condition are read, or refused in words; what was read survives being told."""
    for read in (parse, parse_condition):
        try:
            found = read(text)
        except FormulaError as error:
            polite(error, text)
            continue
        assert parse(tell(found.formula, SYNTAX)).formula == found.formula


def polite(error: FormulaError, text: str) -> None:
    """A refusal has words in both languages and a place in the text."""
    assert error.message.zh
    assert error.message.en
    assert 0 <= error.start <= error.end <= len(text) + 1


def rules(text: str) -> None:
    """A rule file is read, or complained about; every complaint can be shown."""
    opened = checked(open_text(text))
    for one in opened.diagnostics:
        assert excerpt(one, opened.origins, "zh")
        assert as_json(one, opened.origins)


def facts(text: str) -> None:
    """A facts file is read, or complained about; what was read can be judged."""
    opened = facts_from_text(text)
    for one in opened.diagnostics:
        assert excerpt(one, opened.source, "zh")
    if opened.facts is not None:
        assert assess(RULES, opened.facts).to_dict()


READERS: dict[str, Callable[[str], None]] = {"formula": formula, "rules": rules, "facts": facts}


def seeds(name: str) -> list[str]:
    """Short texts to start from: what the gallery and the rule files show."""
    files = [one.read_text(encoding="utf-8") for one in (ROOT / "src/perfscore/gallery").glob("*.md")]
    blocks = [block for text in files for block in re.findall(r"```toml[^\n]*\n(.*?)```", text, re.DOTALL)]
    match name:
        case "formula":
            return sorted({text for block in blocks for text in re.findall(r'"([^"\n]{1,60})"', block)})
        case "rules":
            return [one for one in blocks if len(one) < 1500]
        case _:
            return [path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.facts.toml")] + [
                one for one in blocks if "[answers" in one or "[subject" in one
            ]


def main() -> None:
    name, *options = sys.argv[1:]
    read = READERS[name]

    def once(data: bytes) -> None:
        text = data.decode("utf-8", errors="replace")
        start = time.process_time()
        read(text)
        assert time.process_time() - start < SECONDS, "it took too long"

    folder = Path(tempfile.mkdtemp())
    (folder / "corpus").mkdir()
    for index, text in enumerate(seeds(name)):
        (folder / "corpus" / str(index)).write_text(text, encoding="utf-8")
    words = "".join('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n' for word in WORDS)
    (folder / "words").write_text(words, encoding="ascii")
    limits = ["-max_len=4000", "-rss_limit_mb=500", f"-dict={folder / 'words'}"]
    atheris.Setup([sys.argv[0], *limits, *options, str(folder / "corpus")], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
