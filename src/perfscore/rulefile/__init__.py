"""From the text of a rule file to a checked rulebook, and back.

In: a path, or text. Out: `Opened`: the rulebook where nothing is wrong, and every diagnostic where something is.
`toml` reads, `extend` puts in what other files give, `decode` makes a draft, `checks` ask their questions of it, `build`
makes the rulebook, `write` writes one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from attrs import Factory, field, frozen

from perfscore.diagnostic import Diagnostic, Ignored
from perfscore.errors import RulebookError
from perfscore.rulebook import Rulebook
from perfscore.rulefile.toml import Document, parse, read
from perfscore.source import Origins, Source
from perfscore.words import LANGUAGES, Language


@frozen
class Opened:
    """A rule file that was opened: what it says, and what is wrong with it."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]
    rulebook: Rulebook | None
    language: Language | None = None
    """The language that it speaks, even where something is wrong with it; None where it does not say."""
    origins: Origins = field(default=Factory(lambda self: Origins.of(self.source), takes_self=True), repr=False)
    """Which file, and where in it, the key path of a diagnostic leads to: `extends` takes values from others."""
    values: Mapping[str, object] = field(factory=dict, repr=False, eq=False)
    """The effective tables, as far as they could be read."""
    ignored: tuple[Ignored, ...] = ()
    """What comments in the file take back; it stands no more among the diagnostics."""

    @property
    def extends(self) -> bool:
        """Whether some of it was taken from another file."""
        return len(self.origins.places) > 1

    def required(self) -> Rulebook:
        """The rulebook, or `RulebookError` with everything that is wrong."""
        if self.rulebook is None:
            errors = tuple(one for one in self.diagnostics if one.severity == "error")
            raise RulebookError(self.source.path, errors)
        return self.rulebook


def open_path(path: str | os.PathLike[str]) -> Opened:
    """The rule file at a path; raises only `OSError`, where it cannot be opened."""
    return _opened(read(os.fspath(path)), os.fspath(path))


def open_text(text: str, path: str = "<text>") -> Opened:
    """A rule file from its text, which has no folder and can extend no other."""
    return _opened(parse(text, path))


def open_unsaved(document: Document, path: str) -> Opened:
    """The rule file at a path as it would be with other text in it: it extends what it would extend from there."""
    return _opened(document, path)


def _opened(document: Document, path: str | None = None) -> Opened:
    if document.values is None:
        return Opened(document.source, document.diagnostics, None, _said(document.source))
    from perfscore.rulefile.build import build
    from perfscore.rulefile.checks import check
    from perfscore.rulefile.decode import decode
    from perfscore.rulefile.extend import effective

    found = list(document.diagnostics)
    whole = effective(document.values, document.source, path, found.append)
    if whole is None:
        return Opened(document.source, tuple(found), None, _language(document.values, None))
    draft = decode(whole.values, found.append)
    found.extend(check(draft))
    found = list(dict.fromkeys(found))
    if any(one.severity == "error" for one in found):
        return Opened(document.source, tuple(found), None, _language(whole.values), whole.origins, whole.values)
    rulebook = build(draft)
    return Opened(document.source, tuple(found), rulebook, rulebook.language, whole.origins, whole.values)


def _language(values: Mapping[str, object], unsaid: Language | None = "zh") -> Language | None:
    """What a broken file says in its head, where it has one; a head that says nothing speaks Chinese, unless its parent
    that is not to be had might have said something else.
    """
    header = values.get("rulebook")
    said = header.get("language", unsaid) if isinstance(header, Mapping) else None
    return next((one for one in LANGUAGES if one == said), None)


_SAID = re.compile(r"^\s*language\s*=\s*[\"'](?P<said>\w+)[\"']", re.MULTILINE)


def _said(source: Source) -> Language | None:
    """The same of a file that is no TOML: what stands on a line of its own."""
    found = _SAID.search(source.text)
    return next((one for one in LANGUAGES if found is not None and one == found["said"]), None)
