"""Pages that are made from the code at every build, so that they cannot say anything else.

In: the kinds, the diagnostic codes and the public API of the installed perfscore.
Out: the pages under kinds/, diagnostics/ and their Chinese twins under zh/, and reference.md.
No sentence about a kind or a code is written here: `perfscore.report.pages` has them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from perfscore.criteria import kinds
from perfscore.report import pages
from perfscore.words import Language, Words

FOLDERS: dict[Language, str] = {"en": "", "zh": "zh/"}
KINDS = Words(zh="计分方式", en="Kinds of criterion")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The navigation, with a page for each kind and each decision under their index."""
    decisions = sorted(Path(config.docs_dir, "decisions").glob("[0-9]*.md"))
    under = {f"{folder}kinds/index.md": [f"{folder}kinds/{name}.md" for name in kinds()] for folder in FOLDERS.values()}
    under["decisions/index.md"] = [f"decisions/{page.name}" for page in decisions]
    config.nav = _grown(config.nav, under)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """The files of the site, with those that are made from the code."""
    for language, folder in FOLDERS.items():
        kind_pages = {name: pages.kind_page(name, language) for name in kinds()}
        made = {f"kinds/{name}.md": text for name, text in kind_pages.items()}
        made["kinds/index.md"] = _kinds_index(kind_pages, language)
        made["diagnostics/index.md"] = pages.codes_page(language)
        for path, text in made.items():
            files.append(File.generated(config, folder + path, content=text))
    files.append(File.generated(config, "reference.md", content=pages.reference_page()))
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """A Chinese page says that it is Chinese, to screen readers and to fonts."""
    if page.file.src_uri.startswith("zh/"):
        return output.replace('<html lang="en"', '<html lang="zh-Hans"', 1)
    return output


def _grown(entry: Any, under: dict[str, list[str]]) -> Any:
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
