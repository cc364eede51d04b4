"""Everything there is to say of a rule file.

In: a rule file that was opened. Out: the same, with what the analysis finds among its diagnostics, and without what
comments in the file take back.
Only those ask for it who show the answers: a score needs none of them.
"""

from __future__ import annotations

from attrs import evolve

from perfscore.analysis.ignoring import quieted
from perfscore.analysis.questions import ask
from perfscore.rulefile import Opened


def checked(opened: Opened) -> Opened:
    """A rule file with all that is to be said of it; where it has errors, these come first and alone."""
    if opened.rulebook is not None:
        found = dict.fromkeys([*opened.diagnostics, *ask(opened.rulebook, opened.values)])
        opened = evolve(opened, diagnostics=tuple(found))
    return quieted(opened)
