"""Complaints as plain data.

In: rule files with all that is to be said of them. Out: one JSON array; both languages stand in it, and columns count
characters. What a comment takes back is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from perfscore.report.complaint import as_json, in_order
from perfscore.report.complaints import Told


def render(files: Sequence[Told], *, colour: bool, width: int | None) -> str:
    """The same files give the same bytes, in every language and on every terminal."""
    told = [
        as_json(one, each.opened.origins)
        for each in files
        for one in in_order(each.opened.diagnostics, each.opened.origins)
    ]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
