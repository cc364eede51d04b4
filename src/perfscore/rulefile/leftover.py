"""What is left of a weight for the one node that says none.

In: a node of a draft, and the draft. Out: the number to write there, as text.
Where the others leave nothing, or do not say what they are worth, an ordinary number stands for it.
"""

from __future__ import annotations

from fractions import Fraction

from perfscore.quantity import spelled
from perfscore.rulefile.draft import Draft, DraftNode


def left_for(node: DraftNode, draft: Draft) -> str:
    """What the branch above, or the whole, leaves for a node that says no weight, where every other says one."""
    above = node.id.rpartition(".")[0]
    parent = next((one for one in draft.nodes() if one.id == above), None)
    siblings = draft.members if parent is None else parent.members
    adds = draft.header is not None and draft.header.aggregate == "sum" if parent is None else parent.aggregate == "sum"
    whole = (draft.header and draft.header.full_marks) if parent is None else parent.stated
    others = tuple(one for one in siblings if one.id != node.id)
    taken = _written(others)
    if not adds or not isinstance(whole, Fraction) or taken is None or taken >= whole:
        return "10"
    return spelled(whole - taken)


def _written(members: tuple[DraftNode, ...]) -> Fraction | None:
    """What members are worth by what is written of them as a number, or of all that they add up."""
    total = Fraction(0)
    for one in members:
        worth = one.stated if isinstance(one.stated, Fraction) else _written(one.members) if one.members else None
        if worth is None:
            return None
        total += worth
    return total
