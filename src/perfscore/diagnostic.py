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


@frozen
class Code:
    """One thing that can be wrong, for good: `perfscore explain PS201` prints `about`."""

    number: str
    name: str
    about: Words


@frozen
class Diagnostic:
    """Something for the author of a file to look at.

    `at` is a key path from the top of the file. `part` tells the key from its value. `within` narrows the
    place to characters of a text value (start, end); for `at=()` they are characters of the whole file.
    """

    code: Code
    at: KeyPath
    message: Words
    hint: Words | None = None
    severity: Severity = "error"
    part: Literal["key", "value"] = "value"
    within: tuple[int, int] | None = None

    def under(self, *base: str | int) -> Diagnostic:
        """The same complaint, seen from further out."""
        return evolve(self, at=(*base, *self.at))
