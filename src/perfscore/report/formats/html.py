"""An assessment as one web page that needs nothing else: no script, no picture beside it, no network.

In: an assessment. Out: HTML that prints on A4 and folds without a script; the same assessment gives the same bytes.
Text from files is escaped as elements are made, and a policy in the page's head lets a browser run or load nothing at all,
whatever stands in it. What it says is composed in `composing`, and how it looks stands in `html.css`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib import resources
from typing import assert_never

from attrs import frozen

from perfscore.assessment import Assessment
from perfscore.report.blocks import Block, Document, Grid, Heading, Paragraph, Picture
from perfscore.report.composing import compose
from perfscore.report.foldout import foldout
from perfscore.report.layout import Layout
from perfscore.report.markup import Markup, element, joined
from perfscore.report.outline import outline
from perfscore.report.reasons import ANNEX
from perfscore.report.webtable import LANG, in_its_language, table, widths
from perfscore.words import Language, Words

SUFFIX = ".html"
CONTENTS = Words(zh="本页内容", en="On this page")
IN_WORDS = Words(zh="图中内容的文字说明", en="What the picture shows, in words")
RESULT = Words(zh="得分", en="Score")
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
    document = compose(assessment, language, layout=layout, whole=whole, signatures=signatures)
    page = _Page(document)
    style = page.style()
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        Markup("\n"),
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", document.title),
        element("style", Markup(style)),
    )
    body = element("body", Markup("\n"), *page.body(assessment))
    return "<!DOCTYPE html>\n" + element("html", Markup("\n"), head, body, lang=LANG[language])


@frozen
class _Section:
    """What stands under a heading; the first has none."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


class _Page:
    """A document as a page: its heads, its sections, and the tables and pictures in it by number."""

    def __init__(self, document: Document) -> None:
        self.document, self.language = document, document.language
        blocks = list(document.blocks)
        closing = blocks[-1] if blocks else None
        self.closing = closing if isinstance(closing, Paragraph) and closing.manner == "note" else None
        self.opening = [one for one in blocks if _opens(one)]
        self.sections = self._sections([one for one in blocks if not _opens(one) and one is not self.closing])
        shown = [one for section in self.sections for one in section.blocks]
        self.tables = {id(one): f"table-{at}" for at, one in enumerate((x for x in shown if isinstance(x, Grid)), 1)}
        self.pictures = {id(one): at for at, one in enumerate((x for x in shown if isinstance(x, Picture)), 1)}

    def style(self) -> str:
        """The style sheet, with the widths of the columns of this page's tables."""
        size = "landscape" if self.document.landscape else "portrait"
        grids = [one for section in self.sections for one in section.blocks if isinstance(one, Grid)]
        own = [widths(one, self.tables[id(one)]) for one in grids]
        sheet = resources.files("perfscore.report").joinpath("html.css").read_text(encoding="utf-8")
        return "".join(["\n", sheet, f"@page {{ size: A4 {size}; }}\n", *own])

    def body(self, assessment: Assessment) -> Iterator[Markup]:
        """Everything that is read."""
        told = outline(assessment, self.language)
        rated = f" · {assessment.rating}" if assessment.rating else ""
        result = (f"{RESULT.into(self.language)} ", element("strong", told.score), f" / {told.weight}{rated}")
        opening = [self._block(one) for one in self.opening]
        yield element("header", Markup("\n"), *opening, element("p", *result, class_="result"), self._contents())
        yield element("main", Markup("\n"), *(self._section(one, assessment) for one in self.sections))
        if self.closing is not None:
            yield element("footer", Markup("\n"), self._block(self.closing))

    def _sections(self, blocks: Sequence[Block]) -> list[_Section]:
        """What stands under each heading. Every reason in full is a section whether a table was short of room or not,
        and where the document has it as an annex it stands there.
        """
        annex = ANNEX.into(self.language)
        found: list[tuple[str, list[Block]]] = [("", [])]
        for block in blocks:
            if isinstance(block, Heading) and block.level == 2:
                found.append((block.text, []))
            elif not (isinstance(block, Grid) and block.caption == annex):
                found[-1][1].append(block)
        if annex not in (heading for heading, _ in found):
            found.append((annex, []))
        return [_Section(f"section-{at}", heading, tuple(inside)) for at, (heading, inside) in enumerate(found)]

    def _contents(self) -> Markup:
        """Links to the sections, for those who do not want to scroll."""
        links = [
            element("li", element("a", one.heading, href=f"#{one.id}"), **in_its_language(one.heading, self.language))
            for one in self.sections
            if one.heading
        ]
        return element("nav", element("ul", Markup("\n"), *links), aria_label=CONTENTS.into(self.language))

    def _section(self, section: _Section, assessment: Assessment) -> Markup:
        inside = [self._block(one) for one in section.blocks]
        if section.heading == ANNEX.into(self.language):
            inside.append(foldout(assessment, self.language))
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
            case Grid():
                return table(block, self.tables[id(block)], self.language)
            case Picture(svg=svg, says=says):
                name = PICTURE.fill(n=f"{self.pictures[id(block)]}").into(self.language)
                drawn = element("div", Markup(svg), class_="scroll", role="region", aria_label=name, tabindex="0")
                told = element("details", element("summary", IN_WORDS.into(self.language)), element("p", says))
                return element("figure", Markup("\n"), drawn, element("figcaption", told))
            case _:
                assert_never(block)


def _opens(block: Block) -> bool:
    """Whether a block belongs above the contents: the title, and of whom the document speaks."""
    if isinstance(block, Heading):
        return block.level == 1
    return isinstance(block, Paragraph) and block.manner == "subject"
