"""情形 — one of the cases that a rule tells apart, and how it is known of a subject.

In: nothing; this is vocabulary, filled by `leafturns` and `treeturns`. Out: `Turn` and `Watch`.
No rulebook is read here, and nobody is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from attrs import frozen

from perfscore.assessing import Judged
from perfscore.diagnostic import KeyPath
from perfscore.words import Words

Test: TypeAlias = Callable[[Judged], bool]


@frozen
class Turn:
    """情形 — one case that a rule tells apart: of an indicator or a branch by its id, of the whole where that is empty."""

    node: str
    name: str
    """What it is called by programs; no two of a node are called alike."""
    says: Words
    at: KeyPath


@frozen(eq=False)
class Watch:
    """A case, and whether a subject that was judged is one."""

    turn: Turn
    taken: Test
    by: str = "points"
    """What an example must promise to hold a rule to it: `points` of the node, the `score`, or the `rating`."""


def place_of(node: str) -> KeyPath:
    """Where a node stands in its file."""
    return ("indicators", *node.split(".")) if node else ("rulebook",)
