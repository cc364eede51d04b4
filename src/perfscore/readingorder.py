"""In which order a rulebook is judged, and what its formulas read of nodes.

In: the steps of a plan with what each reads; a rulebook. Out: the steps, each after what it reads; the names of nodes that
any formula reads. A circle was refused when the file was checked; here it raises `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.criterion import Place
from perfscore.formula.rebuilding import with_formulas
from perfscore.formula.shapes import Formula
from perfscore.formula.walking import names
from perfscore.indicator import Fixed, Indicator, Node, Varying
from perfscore.plan import Step
from perfscore.rulebook import Rulebook, points_name


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
    found |= {name for formula in formulas_of(rulebook) for name in names(formula)}
    found |= {points_name(leaf.id) for leaf in rulebook.indicators() if by_peers(leaf, rulebook)}
    return {name for name in found if name.startswith(("points(", "share("))}


def formulas_of(rulebook: Rulebook) -> Iterator[Formula]:
    """Every formula of a rulebook, but for those of criteria, which speak of a leaf's own `value`."""
    yield from (one.formula for one in rulebook.measures)
    yield from (one for parameter in rulebook.parameters for one in parameter.formulas())
    yield from (one.that for one in rulebook.checks)
    yield from weight_formulas(rulebook)
    for rule in rulebook.adjustments:
        yield from (formula for _, formula in rule.amounts())
        yield from (points.low for points in rule.cap.values())
        yield from () if rule.when is None else (rule.when,)
    yield from range_formulas(rulebook)
    for node in rulebook.nodes():
        yield from (one for one in (node.applies, *range_formulas(node), *excused_points(node)) if one is not None)
        if isinstance(node, Indicator):
            yield from (one for one in (node.measured, target_of_everybody(node)) if one is not None)


def of_everybody(formula: Formula, leaf: Indicator, place: Place) -> Formula:
    """A formula of a criterion with what `value` and `target` stand for in their places."""
    return with_formulas(formula, stands_for(leaf, place))


def target_of_everybody(leaf: Indicator) -> Formula | None:
    """A leaf's target with what `value` stands for in its place, which others are compared by."""
    return None if leaf.target is None else with_formulas(leaf.target, _measured(leaf))


def stands_for(leaf: Indicator, place: Place) -> dict[str, Formula]:
    """What `value` and `target` stand for in a criterion, as far as there are any."""
    stands = _measured(leaf)
    if stands and place.target_number is not None:
        stands["target"] = with_formulas(place.target_number, stands)  # it may compare with the `value` of others
    return stands


def _measured(leaf: Indicator) -> dict[str, Formula]:
    return {} if leaf.measured is None else {"value": leaf.measured}


def by_peers(leaf: Indicator, rulebook: Rulebook) -> bool:
    """Whether a leaf that does not apply has the mean of those to whom it applies."""
    return any(one.not_applicable == "peer-mean" for one in rulebook.lines[leaf.id])


def range_formulas(whole: Node | Rulebook) -> tuple[Formula, ...]:
    """The ends of the range of a node, or of the total."""
    return () if whole.range is None else (whole.range.low.low, whole.range.high.low)


def excused_points(node: Node) -> tuple[Formula, ...]:
    """The points that a node has where it does not apply, if its author says so many."""
    return (node.not_applicable.points.low,) if isinstance(node.not_applicable, Fixed) else ()


def weight_formulas(rulebook: Rulebook) -> list[Formula]:
    """Every weight that varies."""
    return [node.stated.formula for node in rulebook.nodes() if isinstance(node.stated, Varying)]


def scale_of(rulebook: Rulebook) -> tuple[tuple[int, int, str], ...]:
    """The steps of the ratings, highest first, each start as a ratio."""
    steps = [(one.start, one.name) for one in rulebook.ratings if one.start is not None]
    steps.sort(key=lambda step: -step[0])
    return tuple((start.numerator, start.denominator, name) for start, name in steps)
