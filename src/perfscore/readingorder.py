"""In which order a rulebook is judged, and what its formulas read of nodes.

In: the steps of a plan with what each reads; a rulebook. Out: the steps, each after what it reads; the names of nodes that
any formula reads. A circle was refused when the file was checked; here it raises `ValueError`.
"""

from __future__ import annotations

from perfscore.formula.shapes import Formula, names
from perfscore.indicator import Indicator, Node, Varying
from perfscore.plan import (
    Step,
)
from perfscore.rulebook import Rulebook


def in_reading_order(todo: list[tuple[str, Step, set[str]]]) -> tuple[Step, ...]:
    """The steps in their order, each moved behind those that it reads."""
    known = {name for name, _, _ in todo}
    of_share = {name.replace("points(", "share(", 1): name for name in known if name.startswith("points(")}
    done: set[str] = set()
    ordered: list[Step] = []
    waiting = [(name, step, {of_share.get(one, one) for one in reads} & known) for name, step, reads in todo]
    while waiting:
        later = []
        for name, step, reads in waiting:
            if reads <= done:
                ordered.append(step)
                done.add(name)
            else:
                later.append((name, step, reads))
        if len(later) == len(waiting):
            raise ValueError(f"these read one another in a circle: {', '.join(name for name, _, _ in later)}")
        waiting = later
    return tuple(ordered)


def asked_points(rulebook: Rulebook) -> set[str]:
    """The names `points("…")` and `share("…")` that any formula reads."""
    found: set[str] = set()
    for leaf in rulebook.indicators():
        place = rulebook.place(leaf)
        for loss in (*leaf.criterion.losses(place), *leaf.criterion.credits(place)):
            found |= {name for one in loss.formulas() for name in names(one)}
    formulas = [one.formula for one in rulebook.measures]
    formulas += [one for parameter in rulebook.parameters for one in parameter.formulas()]
    formulas += [one.that for one in rulebook.checks]
    for rule in rulebook.adjustments:
        formulas += [formula for _, formula in rule.amounts()]
        formulas += [points.low for points in rule.cap.values()]
        formulas += [] if rule.when is None else [rule.when]
    for node in rulebook.nodes():
        formulas += [one for one in (node.applies, *range_formulas(node)) if one is not None]
        if isinstance(node, Indicator):
            formulas += [one for one in (node.measured, node.target) if one is not None]
    found |= {name for formula in formulas for name in names(formula)}
    return {name for name in found if name.startswith(("points(", "share("))}


def range_formulas(node: Node) -> tuple[Formula, ...]:
    """The ends of a node's range."""
    return () if node.range is None else (node.range.low.low, node.range.high.low)


def weight_formulas(rulebook: Rulebook) -> list[Formula]:
    """Every weight that varies."""
    return [node.stated.formula for node in rulebook.nodes() if isinstance(node.stated, Varying)]


def scale_of(rulebook: Rulebook) -> tuple[tuple[int, int, str], ...]:
    """The steps of the ratings, highest first, each start as a ratio."""
    steps = [(one.start, one.name) for one in rulebook.ratings if one.start is not None]
    steps.sort(key=lambda step: -step[0])
    return tuple((start.numerator, start.denominator, name) for start, name in steps)
