"""Which figures would one change to win points back, and in which order?

In: a loss, and what the names in it stand for. Out: names of figures, those first that say what was done. A target is a
yardstick and is never changed; what stands under a fraction line of the measure is one too, and comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfscore.criterion import Loss
from perfscore.formula.arithmetic import Absent, Row
from perfscore.formula.shapes import Formula, Quotient
from perfscore.formula.solving import spelled_out
from perfscore.formula.walking import everything, names
from perfscore.plan import Plan
from perfscore.rulebook import points_name, share_name


def figures_to_change(loss: Loss, stands: Mapping[str, Formula], origins: Mapping[str, Formula]) -> tuple[str, ...]:
    """The figures of a loss: of the measure from left to right, then all others, then what the measure divides by."""
    read = [name for formula in loss.formulas() for name in names(formula)]
    measured = spelled_out(stands["value"], origins) if "value" in read and "value" in stands else None
    done = () if measured is None else names(measured)
    below = set() if measured is None else set(_divided_by(measured))
    goal = set(names(spelled_out(stands["target"], origins))) if "target" in stands else set()
    others = [one for name in read if name not in stands for one in _figures(name, origins)]
    first = [one for one in done if one not in below]
    then = [one for one in others if one not in goal and one not in done]
    return tuple(dict.fromkeys((*first, *then, *(one for one in done if one in below))))


def _divided_by(formula: Formula) -> Iterator[str]:
    for one in everything(formula):
        if isinstance(one, Quotient):
            yield from names(one.below)


def _figures(name: str, origins: Mapping[str, Formula]) -> tuple[str, ...]:
    return names(spelled_out(origins[name], origins)) if name in origins else (name,)


def read_by_others(plan: Plan, row: Row) -> frozenset[str] | None:
    """The figures by which a subject is compared with others, whose places would move too; None where those are points."""
    found: set[str] = set()
    published = {made(id) for id in plan.index for made in (points_name, share_name)}
    for one in plan.peers:
        if isinstance(held := row[one.slot], Absent) and held.why == "no-cohort":
            continue
        read = set(names(spelled_out(one.peers.of, plan.origins)))
        if read & published or one.applying is not None:
            return None
        found |= read
    return frozenset(found)
