"""Feed the readers with whatever a fuzzer finds: only diagnostics may come out, soon, and in little memory.

In: the name of a reader (`formula`, `rules`, `facts`, `layout`, `result` or `table`) and options of libFuzzer, as in
`python tests/fuzz/readers.py formula -runs=100000 -seed=1`. Out: nothing, or the input that broke it.
What takes more than 2 seconds of computing breaks it too; libFuzzer itself watches memory (`-rss_limit_mb=500`).
"""

from __future__ import annotations

import json
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
    from perfscore import assess, loads, verify
    from perfscore.analysis.checked import checked
    from perfscore.batch import ColumnsError
    from perfscore.factsfile import facts_from_text
    from perfscore.formula.lowering import FormulaError
    from perfscore.formula.prose import SYNTAX, tell
    from perfscore.formula.syntax import parse, parse_condition
    from perfscore.planning import compiled
    from perfscore.report import render
    from perfscore.report.complaint import as_json, excerpt
    from perfscore.report.layoutfile import layout_from_text
    from perfscore.rulefile import open_text
    from perfscore.rulefile.json import read_json
    from perfscore.rulefile.text import Text
    from perfscore.source import Source
    from perfscore.tablefile import open_table
    from perfscore.tablefile.mapfile import ColumnMap
    from perfscore.tablefile.rows import Asked, TableRefusedError
    from perfscore.tabling.headings import understand
    from perfscore.tabling.results import TableResults

SECONDS = 2
LONG = {"result": 40_000}
"""How many bytes a text has at most, where whole ones have more than 4000."""
NANJING = ROOT / "rules/nanjing-legal-aid"
RULES = loads((NANJING / "2023.toml").read_text(encoding="utf-8"))
SCORED = facts_from_text((NANJING / "2023.facts.toml").read_text(encoding="utf-8")).required()
RESULT = assess(RULES, SCORED)
HERE = Path(tempfile.mkdtemp())
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
    *(
        "[[head]]",
        "[head.money]",
        "shows = ",
        "label = ",
        "{ zh = ",
        "{period}",
        "extends = ",
        "[reads]",
        "columns = [",
        '"indicators": [',
        '"deductions": [',
        '"recover": {',
        "1e999999999",
        "\\ud800",
        ",\r\n",
        "\t",
        "万人比（件/万人）",
        "cases_per_10k",
        "\ufeff",
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
    """A rule file is read, or complained about; every complaint can be shown, and a plan is made of what was read."""
    opened = checked(open_text(text))
    for one in opened.diagnostics:
        assert excerpt(one, opened.origins, "zh")
        assert as_json(one, opened.origins)
    if opened.rulebook is not None:
        assert compiled(opened.rulebook).nodes


def facts(text: str) -> None:
    """A facts file is read, or complained about; what was read can be judged."""
    opened = facts_from_text(text)
    for one in opened.diagnostics:
        assert excerpt(one, opened.source, "zh")
    if opened.facts is not None:
        assert assess(RULES, opened.facts).to_dict()


def layout(text: str) -> None:
    """A layout is read, or complained about; of what was read a form is made."""
    opened = layout_from_text(text)
    for one in opened.diagnostics:
        assert excerpt(one, opened.source, "zh")
        assert as_json(one, opened.source)
    if opened.layout is not None:
        assert render(RESULT, "html", layout=opened.layout, whole=bool(opened.layout.chapters))


def result(text: str) -> None:
    """A result is verified, or told why not; only what is recomputed is verified without a word."""
    document = read_json(Text(Source("result.json", text)))
    told = [*document.diagnostics]
    if document.values is not None:
        told += verify(document.values, RULES, SCORED)
    for one in told:
        assert excerpt(one, document.source, "zh")
        assert as_json(one, document.source)
    assert told or json.loads(text) == json.loads(json.dumps(RESULT.to_dict()))


def table(text: str) -> None:
    """A table is read, or refused in words; every row that was read has a result, and no other."""
    for suffix in (".csv", ".jsonl"):
        path = HERE / f"table{suffix}"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            opened = open_table(path, Asked())
            results = TableResults(RULES, opened, understand(RULES, opened.schema, ColumnMap()))
            places = [place for batch in results.batches() for place in batch.column("row").to_pylist()]
        except (TableRefusedError, ColumnsError):
            continue
        assert places == sorted(set(places))


READERS: dict[str, Callable[[str], None]] = {
    "formula": formula,
    "rules": rules,
    "facts": facts,
    "layout": layout,
    "result": result,
    "table": table,
}


def seeds(name: str) -> list[str]:
    """Short texts to start from: what the gallery and the rule files show."""
    files = [one.read_text(encoding="utf-8") for one in (ROOT / "src/perfscore/gallery").glob("*.md")]
    blocks = [block for text in files for block in re.findall(r"```toml[^\n]*\n(.*?)```", text, re.DOTALL)]
    match name:
        case "formula":
            return sorted({text for block in blocks for text in re.findall(r'"([^"\n]{1,60})"', block)})
        case "rules":
            return [one for one in blocks if len(one) < 1500]
        case "layout":
            return [one.read_text(encoding="utf-8") for one in (ROOT / "src/perfscore/report/layouts").glob("*.toml")]
        case "result":
            whole = json.dumps(RESULT.to_dict(), ensure_ascii=False)
            return [whole, '{"format": 1, "rulebook": {}, "indicators": []}']
        case "table":
            return [
                'subject.name,万人比（件/万人）\n甲,9.5\n乙,"1\n2"\n',
                "cases_per_10k\tsubject.name\r\n12\t丙\r\n",
                '{"cases_per_10k": 9.5, "subject": {"name": "甲"}}\n{"cases_per_10k": "1e3"}\n',
            ]
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
    limits = [f"-max_len={LONG.get(name, 4000)}", "-rss_limit_mb=500", f"-dict={folder / 'words'}"]
    atheris.Setup([sys.argv[0], *limits, *options, str(folder / "corpus")], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
