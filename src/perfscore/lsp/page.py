"""One text that an editor holds.

In: a text with its path, and the documents of other files. Out: what can be told of it: its complaints, its values even
where it is broken, the place of every value.
Rule files and facts files are told from other TOML by what is in them, never by a guess: of others nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from attrs import define, evolve, field, frozen

from perfscore.analysis.checked import checked
from perfscore.diagnostic import Diagnostic, KeyPath
from perfscore.lsp.factspage import facts_told
from perfscore.lsp.keys import value_at
from perfscore.lsp.mending import Readable, readable
from perfscore.lsp.positions import Encoding, Positions
from perfscore.lsp.telling import Told, is_rule_file
from perfscore.lsp.walk import Walk
from perfscore.rulebook import Rulebook
from perfscore.rulefile import Opened, open_text, open_unsaved
from perfscore.rulefile.extend import effective
from perfscore.rulefile.merging import alone
from perfscore.rulefile.parents import FACTS
from perfscore.rulefile.table import FORMULA_UNREADABLE, NOT_A_CHOICE, UNKNOWN_KEY, WRONG_TYPE
from perfscore.rulefile.toml import Reader
from perfscore.rulefile.tree import UNKNOWN_KIND
from perfscore.source import Origins, Source

# What a line says of itself, whatever the lines say that cannot be read.
_OF_ITSELF = (UNKNOWN_KEY, WRONG_TYPE, NOT_A_CHOICE, UNKNOWN_KIND, FORMULA_UNREADABLE)


@frozen
class Remembered:
    """What earlier texts of a page have told, for as long as a later one cannot."""

    rules: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()
    rulebook: Rulebook | None = None
    effective: tuple[Mapping[str, object], Origins] | None = None


@define(slots=False)
class Page:
    """A text in an editor; a changed text is another page, which remembers what the earlier ones told."""

    uri: str
    path: str | None
    text: str = field(repr=False)
    version: int | None
    encoding: Encoding
    read: Reader = field(repr=False, eq=False)
    remembered: Remembered = field(default=Remembered(), repr=False, eq=False)
    _opened: Opened | None = field(default=None, init=False, repr=False, eq=False)

    def changed(self, text: str, version: int | None) -> Page:
        """The page with another text."""
        return Page(self.uri, self.path, text, version, self.encoding, self.read, self._memory())

    def again(self) -> Page:
        """The same text to be read anew, since another file has changed."""
        return self.changed(self.text, self.version)

    def _memory(self) -> Remembered:
        """What is worth remembering; nothing is looked into for that alone."""
        known = evolve(self.remembered, rules=self.is_rules)
        if self.readable.document.values is not None:
            known = evolve(known, effective=self.effective)
        if self._opened is not None and not self.readable.told:
            known = evolve(known, diagnostics=self._opened.diagnostics)
        if self._opened is not None and self._opened.rulebook is not None:
            known = evolve(known, rulebook=self._opened.rulebook)
        return known

    @property
    def name(self) -> str:
        """What the page is called where a path is told."""
        return self.path or self.uri

    @property
    def is_facts(self) -> bool:
        """Whether it holds the figures of a subject."""
        return self.name.endswith(FACTS)

    @cached_property
    def is_rules(self) -> bool:
        """Whether it is a rule file; what was one stays one while its head is being written."""
        return not self.is_facts and (is_rule_file(self.text) or self.remembered.rules)

    @cached_property
    def positions(self) -> Positions:
        """Its characters as the editor counts them."""
        return Positions(self.text, self.encoding)

    @cached_property
    def walk(self) -> Walk:
        """What stands where in it."""
        return Walk(Source(self.name, self.text).text)

    @cached_property
    def readable(self) -> Readable:
        """Its document, as far as it goes."""
        return readable(self.text, self.name, self.walk)

    @property
    def source(self) -> Source:
        """The places of it."""
        return self.readable.document.source

    @cached_property
    def effective(self) -> tuple[Mapping[str, object], Origins]:
        """Its values with all that it takes from other files, and where they stand; as far as they can be had."""
        document = self.readable.document
        if document.values is None:
            return self.remembered.effective or ({}, Origins.of(self.source))
        whole = effective(document.values, document.source, self.path, lambda one: None, self.read)
        if whole is None:
            whole = alone(document.values, document.source)
        return whole.values, whole.origins

    @property
    def values(self) -> Mapping[str, object]:
        """What it says, with all that it takes from other files."""
        return self.effective[0]

    def has(self, at: KeyPath) -> bool:
        """Whether it says something at a key path."""
        return value_at(at, self.values) is not None

    @property
    def origins(self) -> Origins:
        """Which file, and where in it, a key path leads to."""
        return self.effective[1]

    @property
    def extends(self) -> bool:
        """Whether it takes something from another file."""
        header = (self.readable.document.values or {}).get("rulebook")
        return isinstance(header, Mapping) and "extends" in header

    @property
    def opened(self) -> Opened:
        """It with all that is to be said of it, or of what of it can be read."""
        if self._opened is None:
            document = self.readable.document
            opened = (
                open_text(document.source.text, self.name)
                if self.path is None
                else open_unsaved(document, self.path, self.read)
            )
            self._opened = checked(opened)
        return self._opened

    @property
    def rulebook(self) -> Rulebook | None:
        """The rulebook that it says, or that it said when it was last without errors."""
        return self.opened.rulebook or self.remembered.rulebook

    @cached_property
    def told(self) -> Told:
        """What is to be said of it."""
        if self.is_facts:
            return facts_told(self.text, self.name, self.path, self.read)
        if not self.is_rules:
            return Told((), Origins.of(Source(self.name, self.text)))
        told = self.readable.told
        return Told(
            (*told, *self._still()) if told else self.opened.diagnostics, self.opened.origins, self.opened.language
        )

    def _still(self) -> tuple[Diagnostic, ...]:
        """What holds of a text that is no TOML: what was told of it before, and what a line says of itself."""
        if self.readable.document.values is None:
            return ()
        known = {(one.code, one.at, one.message) for one in self.remembered.diagnostics}
        return tuple(
            one
            for one in self.opened.diagnostics
            if (one.code, one.at, one.message) in known or (one.code in _OF_ITSELF and not self._is_lost(one.at))
        )

    def _is_lost(self, at: KeyPath) -> bool:
        return any(at[: len(lost)] == lost for lost in self.readable.lost)
