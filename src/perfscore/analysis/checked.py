"""Everything there is to say of a rule file.

In: a rule file that was opened. Out: the same, with what the analysis finds among its diagnostics.
Only those ask for it who show the answers: a score needs none of them.
"""

from __future__ import annotations

from attrs import evolve

from perfscore.analysis.questions import ask
from perfscore.rulefile import Opened


def checked(opened: Opened) -> Opened:
    """A rule file with all that is to be said of it; where it has errors, these come first and alone."""
    if opened.rulebook is None:
        return opened
    found = dict.fromkeys([*opened.diagnostics, *ask(opened.rulebook, opened.values)])
    return evolve(opened, diagnostics=tuple(found))
