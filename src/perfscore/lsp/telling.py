"""What is told of a text, and of which texts anything is told.

In: a text. Out: whether it is a rule file; `Told`, for what there is to say of one.
A rule file is told from other TOML by what is in it, never by a guess: of others nothing is said.
"""

from __future__ import annotations

import re

from attrs import frozen

from perfscore.diagnostic import Diagnostic
from perfscore.source import Origins
from perfscore.words import Language

_HEAD = re.compile(r"^[ \t]*\[[ \t]*rulebook[ \t]*[.\]]", re.MULTILINE)
_FORMAT = re.compile(r"\A[^\[]*^[ \t]*format[ \t]*=", re.MULTILINE)
_TREE = re.compile(r"^[ \t]*\[[ \t]*indicators\b", re.MULTILINE)


def is_rule_file(text: str) -> bool:
    """Whether a text is a rule file, or becomes one: it has a head, or a format and indicators.

    >>> is_rule_file('format = 1\\n[rulebook]\\n'), is_rule_file('[project]\\nname = "perfscore"\\n')
    (True, False)
    """
    return bool(_HEAD.search(text) or (_FORMAT.search(text) and _TREE.search(text)))


@frozen
class Told:
    """What there is to say of a text, and where the key paths of it lead to."""

    diagnostics: tuple[Diagnostic, ...]
    origins: Origins
    language: Language | None = None
    """The language that its rulebook speaks, where it says one."""
