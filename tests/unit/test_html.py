"""A page that needs nothing else, says everything, and in which nothing from a file does anything."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from decimal import Decimal
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tomli
import tomli_w

import perfscore
from perfscore.examples import run_examples
from perfscore.factsfile import facts_from_text
from perfscore.indicator import leaves
from perfscore.report import render
from perfscore.report.blocks import Cell, Grid
from perfscore.report.markup import element
from perfscore.report.webtable import table, widths
from perfscore.words import LANGUAGES, Language, visible

ROOT = Path(__file__).parents[2]
TABLES = {
    "nanjing": ROOT / "rules/nanjing-legal-aid/2023",
    "tianchang": ROOT / "rules/tianchang-water/2022",
    "everything": ROOT / "tests/golden/everything",
    "demerit": ROOT / "tests/golden/demerit",
}
FIELD = sorted((ROOT / "tests/field").glob("*.toml"))
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)></style></title></svg>]]>&lt;\x1b[31m\u202e"
WORDS = ("title", "name", "clause", "label", "text", "says", "note", "owner", "process", "because", "source")
"""The keys of free text in rule files and facts files."""


class Page(HTMLParser):
    """What a browser finds in a page: elements with their attributes, and the text, in which entities are what they mean."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.styles: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in ("meta", "col", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag == "br":
            self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.styles.append(data)
        else:
            self.text += data

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@cache
def assessment(table: str) -> perfscore.Assessment:
    path = TABLES[table]
    return perfscore.assess(perfscore.load(f"{path}.toml"), perfscore.read_facts(f"{path}.facts.toml"))


@cache
def page(table: str, language: Language) -> Page:
    return Page(render(assessment(table), "html", language=language))


def with_hostile_words(value: object, key: str = "") -> object:
    """The same with markup behind every text, but for the names that other places of the file refer to."""
    match value:
        case dict():
            kept = ("ratings", "grades")
            return {one: inner if one in kept else with_hostile_words(inner, one) for one, inner in value.items()}
        case list():
            return [with_hostile_words(one, key) for one in value]
        case str() if key in WORDS:
            return value + HOSTILE
        case _:
            return value


@cache
def attacked() -> perfscore.Assessment:
    """The assessment that uses all that a rule file can say, with markup in every text."""
    rules, facts = (
        tomli_w.dumps(with_hostile_words(tomli.loads(Path(f"{TABLES['everything']}{end}").read_text("utf-8"))))
        for end in (".toml", ".facts.toml")
    )
    read = facts_from_text(facts).facts
    assert read is not None
    return perfscore.assess(perfscore.loads(rules), read)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_from_files_stays_text(language: Language) -> None:
    harmless, hostile = page("everything", language), Page(render(attacked(), "html", language=language))

    assert {tag for tag, _ in hostile.elements} == {tag for tag, _ in harmless.elements}
    assert not hostile.named("script", "img", "iframe", "object", "embed", "base", "form", "link")
    for tag, attributes in hostile.elements:
        assert not [one for one in attributes if one.startswith("on") or one in ("style", "srcset", "src")], tag
        assert attributes.get("href", "#").startswith("#")
    assert hostile.text.count(visible(HOSTILE)) > 80
    for said in (attacked().rulebook.title, attacked().subject.name, attacked()["decision.goals"].node.clause):
        assert said is not None
        assert visible(said) in hostile.text
    assert not [one for one in hostile.text if one not in "\n\u3000" and not one.isprintable()]


def test_text_stays_text_in_notebooks_too() -> None:
    for html in (attacked()._repr_html_(), attacked().rulebook._repr_html_()):
        found = Page(html)
        assert {tag for tag, _ in found.elements} <= {
            "div",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "p",
            "br",
        }
        assert found.text.count(visible(HOSTILE)) > 20


@pytest.mark.parametrize("table", TABLES)
def test_a_browser_may_run_and_load_nothing_and_apply_only_our_style(table: str) -> None:
    found = page(table, "zh")
    [policy] = [one["content"] for one in found.named("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    [style] = found.styles
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|expression", style)
    html = render(assessment(table), "html", language="zh")
    assert set(re.findall(r"\w+://[^\"< ]+", html)) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_every_record_is_told_in_full(table: str, language: Language) -> None:
    told, found = assessment(table), page(table, language)
    titles = {one.id: one.title for one in told.rulebook.basis}

    for one in (*told.deductions, *told.credits):
        assert one.because.into(language) in found.text
        assert one.formula(language) in found.text
        assert (one.clause or "") in found.text
        for said in (*(titles[id] for id in one.basis), *(used.source for used in one.inputs if used.source)):
            assert said in found.text
    for line in told.adjustments:
        assert line.because.into(language) in found.text
    for leaf in leaves(told.rulebook.members):
        assert leaf.name in found.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_the_page_can_be_walked_by_those_who_do_not_see_it(table: str, language: Language) -> None:
    found = page(table, language)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]

    assert found.named("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert not [id for id, times in Counter(ids).items() if times > 1]
    for _, attributes in found.elements:
        assert attributes.get("aria-labelledby", ids[0]) in ids
        assert attributes.get("href", f"#{ids[0]}").removeprefix("#") in ids
    assert all(one.get("scope") in ("col", "colgroup", "row") for one in found.named("th"))
    assert len(found.named("caption")) == len(found.named("table")) >= 1
    assert {one["tabindex"] for one in found.named("div") if one.get("role") == "region"} == {"0"}
    assert len(found.named("h1")) == len(found.named("main")) == 1
    assert len(found.named("svg")) == len(found.named("title")) - 1 == len(found.named("desc"))


def test_chinese_in_an_english_page_is_marked_for_the_voice_that_reads_it() -> None:
    def spoken(language: Language) -> set[str]:
        return {one["lang"] for one in page("nanjing", language).named("td", "th") if "lang" in one}

    assert spoken("en") == {"zh-CN"}
    assert spoken("zh") == set()


def test_what_lost_points_is_open_and_what_lost_none_is_one_line() -> None:
    html = render(assessment("nanjing"), "html", language="zh")

    assert html.count("<details open=") == 2 + 4 + 4  # the branches in which something was lost, and four indicators
    assert len(re.findall(r'<p class="kept">', html)) == 2


def test_the_same_assessment_gives_the_same_bytes() -> None:
    """In another process, in which sets come in another order."""
    code = (
        "import perfscore, sys; a = perfscore.assess(perfscore.load(sys.argv[1]), perfscore.read_facts(sys.argv[2]));"
        "sys.stdout.buffer.write(perfscore.render(a, 'html').encode())"
    )
    table = TABLES["everything"]
    ran = [
        subprocess.run(
            [sys.executable, "-c", code, f"{table}.toml", f"{table}.facts.toml"],
            capture_output=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed, "LC_ALL": "C"},
        ).stdout
        for seed in ("1", "2")
    ]

    assert ran[0] == ran[1] == render(assessment("everything"), "html").encode()


def test_a_page_is_made_without_any_extra() -> None:
    code = (
        "import perfscore, sys; a = perfscore.assess(perfscore.load(sys.argv[1]), perfscore.read_facts(sys.argv[2]));"
        "perfscore.render(a, 'html'); a._repr_html_(); a.rulebook._repr_html_();"
        "print([one for one in ('resvg_py', 'fontTools', 'rich', 'click') if one in sys.modules])"
    )
    table = TABLES["nanjing"]
    ran = subprocess.run(
        [sys.executable, "-c", code, f"{table}.toml", f"{table}.facts.toml"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert ran.stdout == "[]\n"


def test_a_notebook_shows_the_rows_and_the_rule_in_words() -> None:
    shown = assessment("nanjing")
    rows = Page(shown._repr_html_())
    rules = Page(shown.rulebook._repr_html_())

    assert len(rows.named("tr")) == 1 + 6 + 1
    assert shown.deductions[0].because.zh in rows.text
    assert len(rules.named("tr")) == 1 + len(list(shown.rulebook.nodes()))
    assert "若 万人比 ≥ 10 则 0，否则 40" in rules.text


def test_no_text_gets_out_of_an_attribute() -> None:
    [(tag, attributes)] = Page(element("p", title=f'" onclick="alert(1){HOSTILE}')).elements

    assert tag == "p"
    assert attributes == {"title": f'" onclick="alert(1){visible(HOSTILE)}'}


def test_what_is_markup_is_not_escaped_twice_and_what_is_text_is_never_taken_for_it() -> None:
    assert element("strong", element("span", "a < b"), "<c>") == "<strong><span>a &lt; b</span>&lt;c&gt;</strong>"
    assert element("p", str(element("span", "a")) + "") == "<p>&lt;span&gt;a&lt;/span&gt;</p>\n"


def test_a_grid_becomes_a_table_whose_heads_say_what_they_head() -> None:
    grid = Grid(
        widths=(1, 2, 1),
        rows=(
            (Cell("名称", "head", across=2), Cell("得分", "head")),
            (Cell("产出", "branch", down=2), Cell("数量", "label"), Cell("9.00", "number", number=Decimal("9.00"))),
            (Cell("质量", "label"), Cell("", "to-fill")),
            (Cell("合计", "total", across=2), Cell("9.00", "total", number=Decimal("9.00"), adds=(1,))),
        ),
        head=1,
    )
    found = Page(table(grid, "table-1", "表 1", "zh"))

    assert [(one.get("scope"), one.get("colspan"), one.get("rowspan")) for one in found.named("th")] == [
        ("colgroup", "2", None),
        ("col", None, None),
        ("row", None, "2"),
        ("row", None, None),
        ("row", None, None),
        ("row", "2", None),
    ]
    assert [one["class"] for one in found.named("td")] == ["number", "to-fill", "number total"]
    assert [one["class"] for one in found.named("th")[2:]] == ["branch", "label stays", "label stays", "total"]
    assert re.findall(r"width: ([\d.]+)%", widths(grid, "table-1")) == ["25", "50", "25"]


@pytest.mark.parametrize("path", FIELD, ids=lambda path: path.stem)
def test_every_kind_of_the_field_is_told_on_a_page(path: Path) -> None:
    for ran in run_examples(perfscore.load(path))[:3]:
        found = Page(render(ran.assessment, "html", language="zh"))
        assert not found.open
        for one in (*ran.assessment.deductions, *ran.assessment.credits):
            assert visible(one.because.zh) in found.text
