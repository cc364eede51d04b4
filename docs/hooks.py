"""Pages that are made from the code at every build, so that they cannot say anything else.

In: the kinds, the diagnostic codes and the public API of the installed perfscore; the docstrings of its modules and
the floors in pyproject.toml; the pages of tests/spec; the rule files of tests/field.
Out: the pages under kinds/, diagnostics/ and their Chinese twins under zh/, reference.md, the pages under spec/,
field.md, and the list of rooms on the architecture page.
No sentence about a kind or a code is written here: `perfscore.report.pages` has them, and the files of src/perfscore/gallery.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from perfscore import Branch, Rulebook, load
from perfscore.criteria import kind_named, kinds
from perfscore.report import pages
from perfscore.report.gallery import gallery_page
from perfscore.words import Language, Words

ROOT = Path(__file__).parents[1]
EFFECTS = (
    "add",
    "deduct",
    "multiply",
    "cap_score",
    "set_score",
    "cap_rating",
    "set_rating",
    "lower_rating",
    "zero",
    "cap",
)
ROOMS_GO_HERE = "<!-- rooms -->"
SENTENCES = "from-sentence-to-rule.md"
RULE_GOES_HERE = re.compile(r"^<!-- rule (\w+) -->$", re.M)
RULE = re.compile(r"(?:^```toml.*?^```\n\n)+(?:^\|[^\n]*\n)+", re.M | re.S)
HEADINGS = {
    "得分": "points",
    "状态": "state",
    "扣分原因": "reason",
    "总分": "score",
    "等级": "rating",
    "评价人填写": "the assessor's answer",
    "评价对象": "subject",
}
FOLDERS: dict[Language, str] = {"en": "", "zh": "zh/"}
KINDS = Words(zh="计分方式", en="Kinds of criterion")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The navigation, with a page for each kind and each decision under their index."""
    decisions = sorted(Path(config.docs_dir, "decisions").glob("[0-9]*.md"))
    under: dict[str, list[Any]] = {
        "kinds/index.md": [{name: f"kinds/{name}.md"} for name in kinds()],
        "zh/kinds/index.md": [{_in_chinese(name): f"zh/kinds/{name}.md"} for name in kinds()],
        "spec/index.md": [f"spec/{page.name}" for page in _spec_pages()],
        "decisions/index.md": [f"decisions/{page.name}" for page in decisions],
    }
    config.nav = _grown(config.nav, under)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """The files of the site, with those that are made from the code."""
    for language, folder in FOLDERS.items():
        kind_pages = {name: pages.kind_page(name, language) for name in kinds()}
        made = {f"kinds/{name}.md": text for name, text in kind_pages.items()}
        made["kinds/index.md"] = _kinds_index(kind_pages, language)
        made["diagnostics/index.md"] = pages.codes_page(language)
        made |= {f"diagnostics/{code.number}.md": gallery_page(code, language) for code in pages.all_codes()}
        for path, text in made.items():
            files.append(File.generated(config, folder + path, content=text))
    files.append(File.generated(config, "reference.md", content=pages.reference_page()))
    files.append(File.generated(config, "field.md", content=field_page(ROOT)))
    files.append(File.generated(config, "spec/index.md", content=_spec_index()))
    for page in _spec_pages():
        files.append(File.generated(config, f"spec/{page.name}", content=page.read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page with the list of rooms where it asks for it, and with the rules of the forty sentences."""
    if page.file.src_uri == SENTENCES:
        rules = sentence_rules(ROOT)
        return RULE_GOES_HERE.sub(lambda place: rules[place[1]], markdown)
    return markdown.replace(ROOMS_GO_HERE, rooms(ROOT)) if ROOMS_GO_HERE in markdown else markdown


def sentence_rules(root: Path) -> dict[str, str]:
    """The rules of the Chinese page of forty sentences with their tables, headings in English: 1, 2, …, 15, 15b, …"""
    _, *sections = re.split(r"^### (?=\d+\.)", (root / "docs/zh" / SENTENCES).read_text(encoding="utf-8"), flags=re.M)
    return {
        f"{section.partition('.')[0]}{letter}": re.sub(r"(?<=^\| ).*", _headed, rule, count=1, flags=re.M)
        for section in sections
        for letter, rule in zip(["", "b", "c"], RULE.findall(section), strict=False)
    }


def _headed(headings: re.Match[str]) -> str:
    return re.sub(r"(?<![`\w])[^\W\da-z]+", lambda word: HEADINGS[word[0]], headings[0])


def rooms(root: Path) -> str:
    """Every module with the first line of its docstring, floor by floor, from the doors down to the ground."""
    plan = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    [floors] = [one["layers"] for one in plan["tool"]["importlinter"]["contracts"] if one["id"] == "floors"]
    lines = [*_signs(root / "src/perfscore", "__init__"), ""]
    for height, floor in zip(reversed(range(len(floors))), floors, strict=True):
        signs = [sign for room in re.findall(r"\w+", floor) for sign in _signs(root / "src/perfscore", room)]
        if signs:
            lines += [f"### Floor {height}", "", *signs, ""]
    return "\n".join(lines)


def _signs(house: Path, room: str) -> Iterator[str]:
    """The sign of a module, and of every module inside it."""
    for path in (house / f"{room}.py", *sorted((house / room).rglob("*.py"))):
        if path.is_file():
            name = ".".join(path.relative_to(house).with_suffix("").parts).removesuffix(".__init__")
            name = "perfscore" if name == "__init__" else name
            sign = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
            yield f"{'    ' * name.count('.')}- `{name}`: {sign}"


@frozen
class FieldCriterion:
    """A criterion of a published table that a rule file encodes, and where."""

    id: int
    source: str
    file: str
    where: str


def field_criteria(root: Path) -> list[FieldCriterion]:
    """Every line `# criterion ID: WHERE` of the rule files, by id."""
    ids = field_ids(root)
    found = []
    for path in field_files(root):
        text = path.read_text(encoding="utf-8")
        source = re.search(r"^# source: (.*?)(?: https?://\S+)?$", text, re.M)
        for id, where in re.findall(r"^# criterion (\d+): (\S+)$", text, re.M):
            title = ids.get(int(id)) or (source[1] if source else "")
            found.append(FieldCriterion(int(id), title, path.relative_to(root).as_posix(), where))
    return sorted(found, key=lambda one: one.id)


def field_files(root: Path) -> list[Path]:
    """The rule files that encode criteria of published tables."""
    return [*sorted(root.glob("tests/field/*.toml")), root / "rules/nanjing-legal-aid/2023.toml"]


def field_ids(root: Path) -> dict[int, str]:
    """The criteria that were collected: id and title of the source."""
    lines = (root / "tests/field/ids.txt").read_text(encoding="utf-8").splitlines()
    return {int(id): title for id, _, title in (line.partition("\t") for line in lines)}


def field_not_yet(root: Path) -> dict[int, str]:
    """The criteria that no rule file encodes, and why."""
    text = (root / "tests/field/not-yet.md").read_text(encoding="utf-8")
    return {int(id): why for id, why in re.findall(r"^\| (\d+) \| (.+) \|$", text, re.M)}


def field_kinds(rulebook: Rulebook, where: str) -> list[str] | None:
    """What encodes a criterion at a place: kinds, an aggregate, effects; None where there is no such place."""
    head, _, rest = where.partition(".")
    if where == "rulebook":
        return ["the whole"]
    if where == "ratings":
        return ["ratings"] if rulebook.ratings else None
    if head == "measures" and rest in {one.name for one in rulebook.measures}:
        return ["measure"]
    if head == "adjustments":
        rules = [one for one in rulebook.adjustments if one.id == rest]
        return [f"adjustment {key}" for one in rules for key in EFFECTS if getattr(one, key)] or None
    if head == "checks" and rest in {one.id for one in rulebook.checks}:
        return ["check"]
    for node in rulebook.nodes():
        if node.id == where:
            leaves = [one for one in rulebook.indicators() if f"{one.id}.".startswith(f"{where}.")]
            own = [node.aggregate] if isinstance(node, Branch) and node.aggregate != "sum" else []
            return list(dict.fromkeys([*own, *(one.criterion.kind for one in leaves)]))
    return None


def field_page(root: Path) -> str:
    """What published tables ask for, and what of it the rule language says."""
    books = {path.relative_to(root).as_posix(): load(path) for path in field_files(root)}
    ids, encoded, lacking = field_ids(root), field_criteria(root), field_not_yet(root)
    of = {one.id: field_kinds(books[one.file], one.where) or [] for one in encoded}
    within = sum(one.id in ids for one in encoded)
    by_kind = Counter(kind for one in encoded for kind in of[one.id])
    lines = [
        "# Criteria of the field",
        "",
        "Criteria that were collected from published scoring tables, each with the place in a rule file that encodes it.",
        "The files are tests: each passes its checks, and its worked examples hold. Numbers that a source does not give",
        "are not made up. `judgement` means that the source leaves the points to people: such a criterion is recorded, not",
        "computed. Where a source states a target and no rule, the file names the rule that it takes.",
        "",
        f"Of {len(ids)} criteria **{within} are encoded** in {len(books)} rule files, and {len(lacking)} are not yet. "
        f"The files encode {len(encoded) - within} more that the list does not have.",
        "",
        "## What they use",
        "",
        "| | criteria |",
        "| --- | ---: |",
        *(f"| {kind} | {count} |" for kind, count in by_kind.most_common()),
        "",
        "## Hard shapes",
        "",
        "Rules that a plain table of points and targets cannot say.",
        "",
        "| file | what is hard |",
        "| --- | --- |",
        *(f"| `{name}` | {book.title} |" for name, book in books.items() if "/hard-" in name),
        "",
        "## Encoded",
        "",
        "| id | source | file | where | by |",
        "| ---: | --- | --- | --- | --- |",
        *(f"| {one.id} | {one.source} | `{one.file}` | `{one.where}` | {', '.join(of[one.id])} |" for one in encoded),
        "",
        "## Not yet",
        "",
        "| id | source | why |",
        "| ---: | --- | --- |",
        *(f"| {id} | {ids.get(id, '')} | {why} |" for id, why in sorted(lacking.items())),
        "",
    ]
    return "\n".join(lines)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """A Chinese page says that it is Chinese, to screen readers and to fonts."""
    if page.file.src_uri.startswith("zh/"):
        chinese = output.replace('<html lang="en"', '<html lang="zh-Hans"', 1)
        return chinese.replace("Table of contents", "目录")
    return output


def _spec_pages() -> list[Path]:
    return sorted(ROOT.glob("tests/spec/*.md"))


def _spec_index() -> str:
    lines = [
        "# Specification",
        "",
        "What a rule gives, in tables of facts and points. Every page is run by the tests.",
        "",
    ]
    for page in _spec_pages():
        title, _ = _opening(page.read_text(encoding="utf-8"), otherwise=page.stem)
        lines.append(f"- [{title}]({page.name})")
    return "\n".join([*lines, ""])


def _in_chinese(kind: str) -> str:
    """What a kind is called in Chinese: its title up to the dot."""
    return pages.kind_title(kind_named(kind)).partition(" · ")[0]


def _grown(entry: Any, under: dict[str, list[Any]]) -> Any:
    match entry:
        case dict():
            return {title: _grown(inner, under) for title, inner in entry.items()}
        case list():
            grown = [(inner, _grown(inner, under)) for inner in entry]
            return [
                one for inner, new in grown for one in (new if isinstance(inner, str) and inner in under else [new])
            ]
        case _ if entry in under:
            return [entry, *under[entry]]
        case _:
            return entry


def _kinds_index(kind_pages: dict[str, str], language: Language) -> str:
    lines = [f"# {getattr(KINDS, language)}", ""]
    for name, text in kind_pages.items():
        title, summary = _opening(text, otherwise=name)
        lines += [f"[{title}]({name}.md)", f":   {summary}", ""]
    return "\n".join(lines)


def _opening(text: str, *, otherwise: str) -> tuple[str, str]:
    """The title of a page and the first paragraph under it."""
    title, summary = otherwise, ""
    for paragraph in text.split("\n\n"):
        first, *rest = paragraph.strip().splitlines() or [""]
        if first.startswith("# "):
            title, first = first.removeprefix("# "), ""
        if summary := " ".join([first, *rest]).strip():
            break
    return title, summary
