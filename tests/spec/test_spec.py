"""The pages beside this file are read by the documentation site and by this test: what they teach is run.

How a page is read:

* A block of `toml` is a piece of a rule file. Where it has no `[rulebook]`, one is put before it, with full marks that fit
  and `reasons = "reported"`. A comment `# error: [PS331]` (or `warning`, `note`; several codes with commas; words of the
  message behind the bracket) stands on the line that earns the complaint. Exactly the marked ones must come, no others.
* A block of `toml` with another `title` is a file of that name, in the folder of the rules, for every rule below it to
  extend; it is marked as a rule is.
* A block of `toml` with a `title` that ends in `.facts.toml` is a facts file for the rule above it, marked in the same
  way where something in it does not fit. A block of `text` after it holds every finding, as `warning[PS409] message`.
* A table is facts and what they give by the rule above it. Headings in backticks are inputs, cells TOML (an empty cell
  was not given); `answers` is the answer to the one indicator. Every other heading is a result: `points` and `state` (of
  the one indicator, or ``points a.b``), `because` in Chinese (`<br>` between deductions, empty for none), `because (en)`,
  `deductions` (their points), `recover` and `missed` (their sentences), `credits` (their points and sentences), `score`, `rating`,
  `coverage`, `findings` (codes). Without a column of findings, none may be an error.
  A table whose first heading is `subject` is a cohort: its rows are assessed together.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest
import tomli
from attrs import field, frozen

from perfscore import Assessment, Facts, Rulebook, assess
from perfscore.analysis.checked import checked
from perfscore.analysis.codes import all_codes
from perfscore.criteria import kind_names
from perfscore.factsfile import facts_from_text, open_facts
from perfscore.quantity import spelled
from perfscore.report.reading import reading
from perfscore.rulefile import Opened, open_path, open_text
from perfscore.words import LANGUAGES

HERE = Path(__file__).parent
PAGES = sorted(HERE.glob("*.md"))
SENTENCES = HERE.parents[1] / "docs/zh/from-sentence-to-rule.md"
HEADER = """\
format = 1
[rulebook]
id = "spec"
title = "spec"
version = "1"
reasons = "reported"
full_marks = {full}
"""
MARK = re.compile(r"# (error|warning|note): \[(PS\d{3}(?:, PS\d{3})*)\](.*)")
RESULTS = (
    "points",
    "state",
    "because",
    "because (en)",
    "score",
    "rating",
    "coverage",
    "findings",
    "deductions",
    "credits",
    "recover",
    "missed",
)


IN_CHINESE = {
    "得分": "points",
    "状态": "state",
    "扣分原因": "because",
    "总分": "score",
    "等级": "rating",
    "评价人填写": "answers",
    "评价对象": "subject",
}


@frozen
class Block:
    """A fenced block, or a table: where it begins on its page, under which heading, and what stands in it."""

    page: str
    line: int
    heading: str
    kind: str
    text: str
    rule: Block | None = field(default=None, repr=False)
    says: str | None = None
    files: Mapping[str, str] = field(factory=dict, repr=False)
    """Titled files of the page so far, by their names."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line} {self.heading}"


def blocks_of(page: str, text: str) -> Iterator[Block]:
    """Every rule, facts file and table of a page; a rule is the one above until the next comes."""
    heading, rule, lines = "", None, text.splitlines()
    files: dict[str, str] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if found := re.match(r"```(\w+)(.*)", line):
            end = lines.index("```", at)
            body = "\n".join(lines[at + 1 : end]) + "\n"
            told = Block(page, at + 1, heading, found[1], body, rule)
            at = end
            if found[1] == "toml" and ".facts.toml" in found[2]:
                after = next((i for i in range(end + 1, len(lines)) if lines[i].strip()), len(lines) - 1)
                says = None
                if lines[after].startswith("```text"):
                    at = lines.index("```", after + 1)
                    says = "\n".join(lines[after + 1 : at])
                yield Block(page, told.line, heading, "facts", body, rule, says)
            elif found[1] == "toml":
                if title := re.search(r'title="([^"]*)"', found[2]):
                    files[title[1]] = body
                rule = Block(page, told.line, heading, "rule", body, files=dict(files))
                yield rule
            else:
                raise ValueError(f"{told}: a block of {found[1]} is read by nobody")
        elif line.startswith("|"):
            end = next((i for i in range(at, len(lines)) if not lines[i].startswith("|")), len(lines))
            yield Block(page, at + 1, heading, "table", "\n".join(lines[at:end]), rule)
            at = end
        at += 1


def sentences() -> str:
    """The page of forty sentences without its index, line for line where it was."""
    text = SENTENCES.read_text(encoding="utf-8")
    index, heading, rest = text.partition("\n### ")
    return "\n" * index.count("\n") + heading + rest


def written(rule: str) -> tuple[str, int]:
    """The piece as a whole rule file, and how many lines were put before it."""
    if "[rulebook]" in rule:
        return rule, 0
    try:
        full = weight_of(tomli.loads(rule).get("indicators", {}))
    except tomli.TOMLDecodeError:
        full = Fraction(100)
    header = HEADER.format(full=spelled(full))
    return header + rule, header.count("\n")


def weight_of(table: dict[str, object]) -> Fraction:
    """What the leaves under a table are worth together."""
    if "criterion" in table or "aggregate" in table:
        weight = table.get("weight")
        return Fraction(str(weight)) if isinstance(weight, int | float) else Fraction(0)
    return sum((weight_of(inner) for inner in table.values() if isinstance(inner, dict)), Fraction(0))


def marked(text: str) -> list[tuple[int, str, str, str]]:
    """What a block promises: line, severity, code, and words of the message."""
    return sorted(
        (number, found[1], code, found[3].strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := MARK.search(line))
        for code in found[2].split(", ")
    )


def agree(promised: list[tuple[int, str, str, str]], earned: list[tuple[int, str, str, str]]) -> None:
    """Exactly the marked complaints came, each on its line; and the words of a mark stand in one of its messages."""
    assert sorted(one[:3] for one in earned) == [one[:3] for one in promised]
    for *place, words in promised:
        said = [one[3] for one in earned if list(one[:3]) == place]
        assert any(words in one for one in said), f"{words!r} is not said at {place}: {said}"


def opened_of(rule: Block) -> Opened:
    """The rule above, in a folder with the files of its page if there are any."""
    text, _ = written(rule.text)
    if not rule.files:
        return checked(open_text(text))
    with tempfile.TemporaryDirectory() as folder:
        for name, body in {**rule.files, "page.toml": text}.items():
            file = Path(folder, "rules", name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, encoding="utf-8")
        itself = next((name for name, body in rule.files.items() if body == rule.text), "page.toml")
        return checked(open_path(Path(folder, "rules", itself)))


def rulebook_of(rule: Block | None) -> Rulebook:
    assert rule is not None, "there is no rule above"
    return opened_of(rule).required()


def run_rule(block: Block) -> None:
    _, before = written(block.text)
    opened = checked(opened_of(block))
    assert [one for one in opened.diagnostics if opened.origins.written(one.at)[0] is not opened.source] == []
    earned = [
        (
            opened.source.position(opened.source.span(one.at, one.part, one.within).start)[0] - before,
            one.severity,
            one.code.number,
            f"{one.message.zh}\n{one.message.en}",
        )
        for one in opened.diagnostics
    ]
    agree(marked(block.text), earned)


def run_facts(block: Block, tmp_path: Path) -> None:
    (file := tmp_path / "spec.facts.toml").write_text(block.text, encoding="utf-8")
    opened = open_facts(file)
    rulebook = rulebook_of(block.rule)
    findings = assess(rulebook, opened.facts).findings if opened.facts is not None else ()
    earned = [
        (
            opened.source.position(opened.source.span(at, part, within).start)[0],
            severity,
            code.number,
            f"{message.zh}\n{message.en}",
        )
        for at, part, within, severity, code, message in [
            *((one.at, one.part, one.within, one.severity, one.code, one.message) for one in opened.diagnostics),
            *((one.place, "value", None, one.severity, one.code, one.message) for one in findings if one.place),
        ]
    ]
    agree(marked(block.text), earned)
    if block.says is not None:
        told = [f"{one.severity}[{one.code.number}] {one.message.into(rulebook.language)}" for one in findings]
        assert told == block.says.splitlines()


def run_row(table: Block, header: list[str], cells: list[str]) -> None:
    rulebook = rulebook_of(table.rule)
    leaves = [leaf.id for leaf in rulebook.indicators()]
    facts = facts_in(header, cells, leaves)
    everybody = [facts_in(header, row, leaves) for row in rows_of(table)[1]] if header[0] == "subject" else None
    result = assess(rulebook, facts, everybody)
    results = {name: cell for name, cell in zip(header, cells, strict=True) if name[0] != "`"}
    for name, promised in results.items():
        if name in ("answers", "subject"):
            continue
        what, _, id = name.partition(" ") if name.startswith(("points ", "state ")) else (name, "", "")
        assert id or len(leaves) == 1 or what not in ("points", "state"), "say of which indicator: `points a.b`"
        assert outcome(result, what, id or leaves[0]) == promised, name
    if "findings" not in results:
        assert [one for one in result.findings if one.severity == "error"] == []


def facts_in(header: list[str], cells: list[str], leaves: list[str]) -> Facts:
    """The facts in a row of a table."""
    given = dict(zip(header, cells, strict=True))
    lines = ["[subject]", f'name = "{given["subject"]}"'] if "subject" in given else []
    lines += ["[inputs]"]
    lines += [f"{name[1:-1]} = {cell.strip('`')}" for name, cell in given.items() if name[0] == "`" and cell]
    if answers := given.get("answers"):
        lines += ["[answers]", f'"{leaves[0]}" = {{ {answers.strip("`")} }}']
    return facts_from_text("\n".join(lines)).required()


def outcome(result: Assessment, what: str, id: str) -> str:
    """One result as a page writes it."""
    match what:
        case "points":
            points = result[id].points
            return "—" if points is None else spelled(Fraction(points))
        case "state":
            return result[id].state
        case "because":
            return "<br>".join(one.because.zh for one in result.deductions)
        case "because (en)":
            return "<br>".join(one.because.en for one in result.deductions)
        case "credits":
            return "<br>".join(f"+{one.points:f} {one.because.zh}" for one in result.credits)
        case "deductions":
            return "<br>".join(f"{one.points:f}" for one in result.deductions)
        case "recover":
            return "<br>".join(one.says.zh for one in result.recoveries)
        case "missed":
            return "<br>".join(one.missed.says.zh for one in result.recoveries if one.missed is not None)
        case "score":
            return "—" if result.score is None else f"{result.score:f}"
        case "rating":
            return result.rating or "—"
        case "coverage":
            return f"{spelled(result.coverage * 100)}%"
        case "findings":
            return ", ".join(one.code.number for one in result.findings)
        case _:
            raise ValueError(f"{what!r} is no result; there are {', '.join(RESULTS)}, and answers")


def rows_of(table: Block) -> tuple[list[str], list[list[str]]]:
    """The headings of a table, and its rows."""
    split = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.text.splitlines()]
    header, rule, *rows = [[cell.strip() for cell in cells] for cells in split]
    header = [re.sub(r"^\w+", lambda word: IN_CHINESE.get(word[0], word[0]), name) for name in header]
    assert all(set(cell) <= set("-: |") for cell in rule), f"{table}: this is no table"
    assert rows, f"{table}: the table has no row"
    assert any(name.partition(" ")[0] in RESULTS for name in header), f"{table}: the table promises nothing"
    return header, rows


BLOCKS = [
    *(block for page in PAGES for block in blocks_of(page.name, page.read_text(encoding="utf-8"))),
    *blocks_of(SENTENCES.name, sentences()),
]
ROWS = [
    pytest.param(block, header, cells, id=f"{block}:{number}")
    for block in BLOCKS
    if block.kind == "table"
    for header, rows in [rows_of(block)]
    for number, cells in enumerate(rows, start=1)
]


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.kind == "rule"], ids=str)
def test_a_rule_earns_exactly_the_complaints_that_its_page_marks(block: Block) -> None:
    run_rule(block)


SOUND = [one for one in BLOCKS if one.kind == "rule" and not any(mark[1] == "error" for mark in marked(one.text))]


@pytest.mark.parametrize("block", SOUND, ids=str)
def test_a_rule_can_be_shown_in_both_languages(block: Block) -> None:
    rulebook = rulebook_of(block)

    for language in LANGUAGES:
        assert rulebook.title in reading(rulebook, language)


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.kind == "facts"], ids=str)
def test_facts_earn_exactly_the_complaints_that_their_page_marks(block: Block, tmp_path: Path) -> None:
    run_facts(block, tmp_path)


@pytest.mark.parametrize(("table", "header", "cells"), ROWS)
def test_facts_give_what_their_page_says(table: Block, header: list[str], cells: list[str]) -> None:
    run_row(table, header, cells)


def test_every_kind_and_every_topic_has_a_page() -> None:
    topics = {
        *("weights", "ranges", "parameters", "states", "aggregates", "adjustments"),
        "agreement",
        "recover",
        *(
            "inexact",
            "rounding",
            "missing-is-not-zero",
            "reasons",
            "sources",
            "cohort",
            "inheritance",
            "dates",
            "units",
            "tables",
        ),
        "analysis",
    }

    assert {page.stem for page in PAGES} == {*kind_names(), *topics}


def test_every_complaint_of_a_kind_stands_on_a_page() -> None:
    shown = {code for block in BLOCKS if block.kind == "rule" for _, _, code, _ in marked(block.text)}

    told = {one.number for one in all_codes() if one.number.startswith("PS3") or "PS223" <= one.number <= "PS299"}
    assert told - shown == set()


# The runner itself must be able to fail.

RULE = """\
# A page

```toml
[indicators.rate]
name = "执行率"
weight = 10
measure = { type = "percent" }
target = "≥ 80%"
criterion = { kind = "proportional" }
```

| `rate` | points | because |
| --- | --- | --- |
| "60%" | 7.5 | 执行率60%，为目标值80%的75% |
"""


def run_page(text: str) -> None:
    for block in blocks_of("page.md", text):
        if block.kind == "rule":
            run_rule(block)
        elif block.kind == "table":
            header, rows = rows_of(block)
            for cells in rows:
                run_row(block, header, cells)


def test_a_page_that_is_right_passes() -> None:
    run_page(RULE)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("| 7.5 |", "| 7 |"),
        ("的75%", "的70%"),
        ("执行率60%，为目标值80%的75%", ""),
        ("points |", "marks |"),
        ('"60%"', '"≥60%"'),
        ("weight = 10", "weight = 10  # error: [PS203]"),
        ('target = "≥ 80%"', 'target = "≤ 80%"'),
        ('target = "≥ 80%"', 'target = "≤ 80%"  # error: [PS311]'),
        ('criterion = { kind = "proportional" }', 'criterion = { kind = "proportional" }  # error: [PS311]'),
        ("```toml", "```python"),
    ],
)
def test_a_page_that_is_wrong_fails(right: str, wrong: str) -> None:
    assert right in RULE
    with pytest.raises((AssertionError, ValueError)):
        run_page(RULE.replace(right, wrong))


@pytest.mark.parametrize("mark", ["# error: [PS311]", "# error: [PS311] ratio gives 8.33"])
def test_a_mark_on_the_right_line_passes(mark: str) -> None:
    rule = RULE.partition("\n|")[0].replace("≥", "≤").replace('"proportional" }', f'"proportional" }}  {mark}')
    run_page(rule)


@pytest.mark.parametrize("mark", ["# warning: [PS311]", "# error: [PS311, PS312]", "# error: [PS311] other words"])
def test_a_mark_that_says_something_else_fails(mark: str) -> None:
    rule = RULE.partition("\n|")[0].replace("≥", "≤").replace('"proportional" }', f'"proportional" }}  {mark}')
    with pytest.raises(AssertionError):
        run_page(rule)
