"""Complaints about what people wrote, as values.

In: a code that never changes, a key path, a sentence and a way out.
Out: `Diagnostic`, which says where by key path; `source` finds the line when someone must be shown.
Nothing is printed, raised or looked up here.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import evolve, frozen

from perfscore.words import Words

KeyPath: TypeAlias = tuple[str | int, ...]
Severity: TypeAlias = Literal["error", "warning", "note"]
Part: TypeAlias = Literal["key", "value", "pair"]
"""What of a key is meant: its name, its value, or (to take it out) both, with the line or the comma that is theirs."""


@frozen
class Code:
    """One thing that can be wrong, for good: `perfscore explain PS201` prints `about`."""

    number: str
    name: str
    about: Words


@frozen
class Related:
    """Another place that a complaint speaks of, and what stands there: the band that a band overlaps."""

    at: KeyPath
    says: Words
    part: Literal["key", "value"] = "value"
    within: tuple[int, int] | None = None

    def under(self, *base: str | int) -> Related:
        """The same place, seen from further out."""
        return evolve(self, at=(*base, *self.at))


@frozen
class Edit:
    """Text to put where something stands in a file; everything around it stays as its author wrote it.

    No text at the `pair` of a key takes the key out, and leaves the comment beside it.
    """

    at: KeyPath
    text: str
    part: Part = "value"
    within: tuple[int, int] | None = None

    def under(self, *base: str | int) -> Edit:
        """The same text, for a place seen from further out."""
        return evolve(self, at=(*base, *self.at))


@frozen
class Fix:
    """What mends a file. A safe one changes no score that the file could give before; others are only offered."""

    says: Words
    edits: tuple[Edit, ...]
    safe: bool = False

    def under(self, *base: str | int) -> Fix:
        """The same, seen from further out."""
        return evolve(self, edits=tuple(one.under(*base) for one in self.edits))


@frozen
class Diagnostic:
    """Something for the author of a file to look at.

    `at` is a key path from the top of the file. `part` tells the key from its value. `within` narrows the
    place to characters of a text value (start, end); for `at=()` they are characters of the whole file.
    `witness` are figures that show it, by their names, as a facts file writes them: a gap at 89.5.
    """

    code: Code
    at: KeyPath
    message: Words
    hint: Words | None = None
    severity: Severity = "error"
    part: Literal["key", "value"] = "value"
    within: tuple[int, int] | None = None
    related: tuple[Related, ...] = ()
    witness: tuple[tuple[str, str], ...] = ()
    fix: Fix | None = None

    def under(self, *base: str | int) -> Diagnostic:
        """The same complaint, seen from further out."""
        return evolve(
            self,
            at=(*base, *self.at),
            related=tuple(one.under(*base) for one in self.related),
            fix=None if self.fix is None else self.fix.under(*base),
        )


@frozen
class Ignored:
    """A complaint that a comment in the file takes back, and the reason that its author gives."""

    diagnostic: Diagnostic
    reason: str
