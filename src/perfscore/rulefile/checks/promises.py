"""Does an indicator measure what the goals and the scope promise?

In: a draft. Out: the complaints of `goals`, as warnings for the author.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Diagnostic
from perfscore.goals import goal_complaints
from perfscore.rulefile.draft import Draft


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every promise that nothing holds."""
    yield from goal_complaints(draft.goals, draft.scope)
