"""Complaints for a terminal: an excerpt for each.

In: rule files with all that is to be said of them. Out: the excerpts, in the order of each file, an empty line after each.
What a comment takes back is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from perfscore.report.complaint import excerpt, in_order
from perfscore.report.complaints import Told


def render(files: Sequence[Told], *, colour: bool, width: int | None) -> str:
    """One excerpt under the other."""
    return "".join(
        excerpt(one, each.opened.origins, each.language, colour=colour, width=width) + "\n\n"
        for each in files
        for one in in_order(each.opened.diagnostics, each.opened.origins)
    )
