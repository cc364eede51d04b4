"""Everything that an editor has open.

In: texts as they are opened, changed and closed. Out: their pages, and documents of files as they stand: as the editor
has them where it has them, else as they are saved.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from perfscore.lsp.page import Page
from perfscore.lsp.positions import Encoding
from perfscore.rulefile.toml import Document, parse, read
from perfscore.words import LANGUAGES, Language


class Desk:
    """The pages that are open, by the names that the editor has for them."""

    def __init__(self, language: Language) -> None:
        self.language = language
        """What is spoken where a rulebook does not say."""
        self.encoding: Encoding = "utf-16"
        self.related = False
        """Whether the editor shows other places beside a complaint."""
        self.pages: dict[str, Page] = {}

    def put(self, uri: str, path: str | None, text: str, version: int | None) -> None:
        """A text that was opened."""
        self.pages[uri] = Page(uri, path, text, version, self.encoding, self.document)

    def change(self, uri: str, text: str, version: int | None) -> None:
        """An open text became another."""
        if uri in self.pages:
            self.pages[uri] = self.pages[uri].changed(text, version)

    def close(self, uri: str) -> None:
        """A text is no longer open."""
        self.pages.pop(uri, None)

    def spoken(self, page: Page) -> Language:
        """The language in which a page is told something."""
        return page.told.language or self.language

    def language_of_text(self, page: Page) -> Language:
        """The same by what is written alone, where an answer must not wait for the whole text to be checked."""
        header = page.values.get("rulebook")
        said = header.get("language", "zh") if isinstance(header, Mapping) else None
        return next((one for one in LANGUAGES if one == said), self.language)

    def document(self, path: str) -> Document:
        """The document of a file, saved or not; raises `OSError` where there is no such file."""
        real = os.path.realpath(path)
        for page in list(self.pages.values()):  # a page is checked while others are opened
            if page.path is not None and os.path.realpath(page.path) == real:
                return parse(page.text, path)
        return read(path)

    def leaning_on(self, uri: str) -> Iterator[str]:
        """The open pages whose answers may be others now that a file has changed; they are to be read anew."""
        for other, page in self.pages.items():
            if other != uri and ((page.is_rules and page.extends) or page.is_facts):
                yield other

    def again(self, uri: str) -> None:
        """A page is to be read anew, since what it leans on has changed."""
        if uri in self.pages:
            self.pages[uri] = self.pages[uri].again()
