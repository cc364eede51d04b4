"""Pages that are made from the code at every build, so that they cannot say anything else.

In: the kinds, the diagnostic codes and the public API of the installed perfscore; the docstrings of its modules and
the floors in pyproject.toml; the pages of tests/spec.
Out: the pages under kinds/, diagnostics/ and their Chinese twins under zh/, reference.md, the pages under spec/, and
the list of rooms on the architecture page.
No sentence about a kind or a code is written here: `perfscore.report.pages` has them.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from perfscore.criteria import kind_named, kinds
from perfscore.report import pages
from perfscore.words import Language, Words

ROOT = Path(__file__).parents[1]
ROOMS_GO_HERE = "<!-- rooms -->"
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
        made["diagnostics.md"] = pages.codes_page(language)
        for path, text in made.items():
            files.append(File.generated(config, folder + path, content=text))
    files.append(File.generated(config, "reference.md", content=pages.reference_page()))
    files.append(File.generated(config, "spec/index.md", content=_spec_index()))
    for page in _spec_pages():
        files.append(File.generated(config, f"spec/{page.name}", content=page.read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page with the list of rooms where it asks for it."""
    return markdown.replace(ROOMS_GO_HERE, rooms(ROOT)) if ROOMS_GO_HERE in markdown else markdown


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
            return [_grown(inner, under) for inner in entry]
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
