"""An assessment as one web page that needs nothing else: no script, no picture beside it, no network.

In: an assessment. Out: HTML that prints on A4 and folds without a script; the same assessment gives the same bytes.
Text from files is escaped as elements are made, and a policy in the page's head lets a browser run or load nothing at all,
whatever stands in it. What it says is composed in `composing`, and how it looks stands in `html.css`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import resources
from typing import assert_never

from attrs import evolve, frozen

from perfscore.assessment import Assessment
from perfscore.report.blocks import Block, Document, Grid, Heading, Paragraph, Picture
from perfscore.report.composing import compose
from perfscore.report.foldout import foldout
from perfscore.report.layout import Layout
from perfscore.report.markup import Markup, element, joined
from perfscore.report.outline import outline
from perfscore.report.reasons import ANNEX, annex
from perfscore.report.webtable import LANG, in_its_language, table, widths
from perfscore.words import Language, Words

SUFFIX = ".html"
CONTENTS = Words(zh="本页内容", en="On this page")
IN_WORDS = Words(zh="图中内容的文字说明", en="What the picture shows, in words")
RESULT = Words(zh="得分", en="Score")
TABLE = Words(zh="表 {n}：{heading}", en="Table {n}: {heading}")
PICTURE = Words(zh="图 {n}（窄屏可左右滚动）", en="Picture {n} (scrolls sideways where it is narrow)")


def render(
    assessment: Assessment,
    language: Language,
    *,
    layout: Layout | None = None,
    whole: bool = False,
    signatures: bool = False,
) -> str:
    """The assessment as a web page."""
    composed = compose(assessment, language, layout=layout, whole=whole, signatures=signatures)
    page = _Page(_in_full(composed, assessment), assessment)
    style = page.style()
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        Markup("\n"),
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", composed.title),
        element("style", Markup(style)),
    )
    body = element("body", Markup("\n"), *page.body())
    return "<!DOCTYPE html>\n" + element("html", Markup("\n"), head, body, lang=LANG[language])


def _in_full(document: Document, assessment: Assessment) -> Document:
    """The document with every reason in full, whether a table was short of room or not: a page has room."""
    told, blocks = annex(assessment, document.language), document.blocks
    moved = assessment.deductions or assessment.credits or assessment.adjustments
    if told in blocks or not (moved or any(one.state != "scored" for one in assessment.results)):
        return document
    return evolve(document, blocks=(*blocks[:-1], Heading(ANNEX.into(document.language)), told, *blocks[-1:]))


@frozen
class _Section:
    """What stands under a heading; the first has none."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


class _Page:
    """A document as a page: its heads, its sections, and the tables and pictures in it by number."""

    def __init__(self, document: Document, assessment: Assessment) -> None:
        self.document, self.assessment, self.language = document, assessment, document.language
        title = next((at for at, one in enumerate(document.blocks) if _is_title(one)), -1)
        self.opening = [*document.blocks[: title + 1]]
        rest = [*document.blocks[title + 1 :]]
        if rest and isinstance(rest[0], Paragraph) and rest[0].manner == "subject":
            self.opening.append(rest.pop(0))
        self.closing = rest[-1:] if rest and isinstance(rest[-1], Paragraph) and rest[-1].manner == "note" else []
        self.sections = _sections(rest[: len(rest) - len(self.closing)])
        self.annex = annex(assessment, self.language)
        self.grids = _numbered(one for one in rest if isinstance(one, Grid) and one != self.annex)
        self.pictures = _numbered(one for one in rest if isinstance(one, Picture))
        self.under = _headings(document.blocks)

    def style(self) -> str:
        """The style sheet, with the widths of the columns of this page's tables."""
        size = "landscape" if self.document.landscape else "portrait"
        grids = [one for one in self.document.blocks if isinstance(one, Grid) and id(one) in self.grids]
        own = [widths(one, f"table-{self.grids[id(one)]}") for one in grids]
        sheet = resources.files("perfscore.report").joinpath("html.css").read_text(encoding="utf-8")
        return "".join(["\n", sheet, f"@page {{ size: A4 {size}; }}\n", *own])

    def body(self) -> Iterator[Markup]:
        """Everything that is read."""
        told = outline(self.assessment, self.language)
        rated = f" · {self.assessment.rating}" if self.assessment.rating else ""
        result = (f"{RESULT.into(self.language)} ", element("strong", told.score), f" / {told.weight}{rated}")
        opening = [*map(self._block, self.opening), element("p", *result, class_="result")]
        yield element("header", Markup("\n"), *opening, *self._contents())
        yield element("main", Markup("\n"), *map(self._section, self.sections))
        if self.closing:
            yield element("footer", Markup("\n"), *map(self._block, self.closing))

    def _contents(self) -> Iterator[Markup]:
        """Links to the sections, for those who do not want to scroll."""
        links = [
            element("li", element("a", one.heading, href=f"#{one.id}"), **in_its_language(one.heading, self.language))
            for one in self.sections
            if one.heading
        ]
        if links:
            yield element("nav", element("ul", Markup("\n"), *links), aria_label=CONTENTS.into(self.language))

    def _section(self, section: _Section) -> Markup:
        inside = map(self._block, section.blocks)
        if not section.heading:
            return joined(*inside)
        heading = element("h2", section.heading, id=section.id, **in_its_language(section.heading, self.language))
        return element("section", Markup("\n"), heading, *inside, aria_labelledby=section.id)

    def _block(self, block: Block) -> Markup:
        match block:
            case Heading(text=text, level=level):
                return element(f"h{min(level, 6)}", text, **in_its_language(text, self.language))
            case Paragraph(text=text, manner=manner):
                plain = {} if manner == "text" else {"class_": manner}
                return element("p", text, **plain, **in_its_language(text, self.language))
            case Grid() if block == self.annex:
                return foldout(self.assessment, self.language)
            case Grid():
                number = self.grids[id(block)]
                called = TABLE.fill(n=f"{number}", heading=self.under[id(block)]).into(self.language)
                return table(block, f"table-{number}", called, self.language)
            case Picture(svg=svg, says=says):
                name = PICTURE.fill(n=f"{self.pictures[id(block)]}").into(self.language)
                drawn = element("div", Markup(svg), class_="scroll", role="region", aria_label=name, tabindex="0")
                told = element("details", element("summary", IN_WORDS.into(self.language)), element("p", says))
                return element("figure", Markup("\n"), drawn, element("figcaption", told))
            case _:
                assert_never(block)


def _is_title(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 1


def _numbered(blocks: Iterable[Block]) -> dict[int, int]:
    """The number of each block, by its identity: two that are equal are two."""
    return {id(one): at for at, one in enumerate(blocks, start=1)}


def _headings(blocks: Iterable[Block]) -> dict[int, str]:
    """The heading that each block stands under."""
    found, heading = {}, ""
    for one in blocks:
        heading = one.text if isinstance(one, Heading) else heading
        found[id(one)] = heading
    return found


def _sections(blocks: Sequence[Block]) -> list[_Section]:
    """What stands under each heading of the second level, and first what stands under none."""
    found: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            found.append((block.text, []))
        else:
            found[-1][1].append(block)
    return [_Section(f"section-{at}", heading, tuple(inside)) for at, (heading, inside) in enumerate(found)]
