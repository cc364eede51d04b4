"""Drawn rulebooks that use the whole language: ranges, varying weights, aggregates, states, adjustments, parameters.

In: a plain rulebook that passes its checks. Out: the same with features laid over it, one after another; a feature that
the checks refuse there is taken back, so that what comes out passes them too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, cast, get_args

from attrs import evolve
from hypothesis import strategies as st

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Amount, Points
from perfscore.formula import shapes
from perfscore.formula.shapes import Constant, Formula, Name, Text, number
from perfscore.formula.vocabulary import Domain
from perfscore.frozen import Frozen
from perfscore.indicator import (
    EVEN,
    Aggregate,
    Branch,
    Fixed,
    Inapplicable,
    Indicator,
    Input,
    Node,
    Range,
    Share,
    Varying,
)
from perfscore.parameter import ONE, Dated, Parameter
from perfscore.quantity import Rounding, decimal
from perfscore.rating import Rating
from perfscore.rulebook import Rulebook, points_name, share_name
from perfscore.rulefile import open_text
from perfscore.rulefile.write import dumps
from perfscore.testing.drawn_formulas import Draw, Known, draw_condition, yes_or_no
from perfscore.testing.drawn_once import once_again

GROUPS = ("东部", "中部", "西部")
GROUP = "分组"

Feature = Callable[[Draw, Rulebook], Rulebook | None]


def with_features(draw: Draw, rulebook: Rulebook) -> Rulebook:
    """The rulebook with some features, those that pass the checks."""
    for _ in range(draw(st.integers(1, 4))):
        feature = draw(st.sampled_from(FEATURES))
        changed = tried(feature, draw, rulebook)
        if changed is not None and passes(changed):
            rulebook = changed
    return rulebook


def tried(feature: Feature, draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """The rulebook with a feature, or None where it cannot be had."""
    try:
        return feature(draw, rulebook)
    except ValueError:  # weights that no longer add up, two nodes of one name
        return None


def passes(rulebook: Rulebook) -> bool:
    """Whether the checks have nothing to say against it that is an error."""
    return not any(one.severity == "error" for one in open_text(dumps(rulebook)).diagnostics)


def with_node(rulebook: Rulebook, id: str, change: Callable[[Node], Node]) -> Rulebook:
    """The rulebook with one node changed."""

    def go(node: Node) -> Node:
        if node.id == id:
            return change(node)
        if isinstance(node, Branch) and id.startswith(f"{node.id}."):
            return evolve(node, members=tuple(map(go, node.members)))
        return node

    return evolve(rulebook, members=tuple(map(go, rulebook.members)))


def some_of(draw: Draw, nodes: list[Any]) -> Any | None:
    """Any of the nodes, or None where there are none."""
    return draw(st.sampled_from(nodes)) if nodes else None


def _branches(rulebook: Rulebook) -> list[Branch]:
    return [one for one in rulebook.nodes() if isinstance(one, Branch)]


def some_condition(draw: Draw, rulebook: Rulebook) -> Formula:
    """A condition on the inputs of a rulebook."""
    return draw_condition(
        draw, Known.of({name: term for one in rulebook.inputs for name, term in one.terms.items()}), 1
    )


def _points(draw: Draw, share: bool = True) -> Points:
    if share and draw(yes_or_no):
        return Points(Constant(Fraction(draw(st.sampled_from([0, 25, 50, 100, 120])), 100), "percent"))
    return Points(number(Fraction(draw(st.sampled_from(["0", "0.5", "1", "2.25", "3", "10"])))))


def _ranged(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A leaf that may give more than its weight, or less than nothing, or is a bonus; and a total that says its ends."""
    leaf = some_of(draw, list(rulebook.indicators()))
    if leaf is None:
        return None
    low = Points(number(-draw(st.sampled_from([0, 0, 1, 5]))))
    high = Points(Constant(Fraction(draw(st.sampled_from([100, 120, 200])), 100), "percent"))
    changed = with_node(rulebook, leaf.id, lambda node: evolve(cast(Any, node), range=Range(low, high)))
    if draw(yes_or_no):
        bonus = evolve(leaf, id="bonus", name="加分", weight=Fraction(0), range=Range(low, _points(draw, share=False)))
        if not isinstance(bonus.measure, Input):
            changed = evolve(changed, members=(*changed.members, bonus))
    return _with_range(draw, changed)


def _with_range(draw: Draw, rulebook: Rulebook) -> Rulebook:
    if rulebook.range is not None:
        return rulebook
    low, high = draw(st.sampled_from([(0, 100), (-50, 150), (0, 110)]))
    full = rulebook.full_marks
    ends = Range(Points(number(low * full / 100)), Points(number(high * full / 100)))
    return evolve(rulebook, range=ends)


def _capped_branch(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    branch = some_of(draw, _branches(rulebook))
    if branch is None:
        return None
    high = Constant(Fraction(draw(st.sampled_from([50, 100])), 100), "percent")
    return with_node(
        rulebook, branch.id, lambda node: evolve(cast(Any, node), range=Range(Points(number(1)), Points(high)))
    )


def _weighed(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A branch whose members' weights are shares of it, even parts, or vary with the group."""
    branch = some_of(draw, [one for one in _branches(rulebook) if one.aggregate == "sum"])
    known = rulebook.weights
    if branch is None or known is None or len(branch.members) < 2:
        return None
    whole = known[branch.id]
    match draw(st.integers(0, 2)):
        case 0:
            parts = [known[one.id] / whole for one in branch.members]
            if any(decimal(part * 100) is None for part in parts):
                return None
            members = tuple(evolve(one, weight=Share(part)) for one, part in zip(branch.members, parts, strict=True))
        case 1:
            members = tuple(evolve(one, weight=EVEN) for one in branch.members)
        case _:
            first, second, *rest = branch.members
            if isinstance(first, Branch) or isinstance(second, Branch):
                return None
            rulebook = with_groups(rulebook)
            east = shapes.Comparison(Name(GROUP), "=", Text(GROUPS[0]))
            one, other = number(known[first.id]), number(known[second.id])
            members = (
                evolve(first, weight=Varying(shapes.Choice(east, one, other))),
                evolve(second, weight=Varying(shapes.Choice(east, other, one))),
                *rest,
            )
    return with_node(rulebook, branch.id, lambda node: evolve(cast(Any, node), members=members, weight=whole))


def with_groups(rulebook: Rulebook) -> Rulebook:
    """The rulebook with an input that puts its subjects into groups."""
    if any(one.name == GROUP for one in rulebook.inputs):
        return rulebook
    group = Input(GROUP, "所在地区", "choice", domain=Domain(choices=GROUPS))
    return evolve(rulebook, inputs=(*rulebook.inputs, group))


def _aggregated(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A branch that acts on shares, or a pool, or one of which a member is chosen."""
    branch = some_of(draw, [one for one in _branches(rulebook) if one.aggregate == "sum"])
    known = rulebook.weights
    if branch is None or known is None:
        return None
    aggregate: Aggregate = draw(st.sampled_from([one for one in get_args(Aggregate) if one != "sum"]))
    whole = known[branch.id]
    by = None
    members = branch.members
    if aggregate == "one-of":
        by = f"选_{len(rulebook.inputs)}"
        ids = tuple(one.id.rpartition(".")[2] for one in members)
        chosen = Input(by, "选哪一项", "choice", domain=Domain(choices=ids))
        rulebook = evolve(rulebook, inputs=(*rulebook.inputs, chosen))
    if aggregate == "pool":
        if any(isinstance(one, Branch) for one in members):
            return None
        members = tuple(
            evolve(one, weight=None, range=None, not_applicable=None, applies=None, missing="error", undefined="error")
            for one in members
        )
    n = draw(st.integers(1, len(members))) if aggregate == "best" else None
    return with_node(
        rulebook,
        branch.id,
        lambda node: evolve(cast(Any, node), members=members, weight=whole, aggregate=aggregate, by=by, n=n),
    )


def _whole_aggregated(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    aggregate: Aggregate = draw(st.sampled_from(["min", "max", "mean", "scaled", "geometric"]))
    return evolve(rulebook, aggregate=aggregate)


def _perhaps_away(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A node that does not apply to everybody."""
    node = some_of(draw, list(rulebook.nodes()))
    if node is None:
        return None
    policies: list[Inapplicable] = ["rescale", "full", "siblings", "unscored", Fixed(_points(draw))]
    policy = draw(st.sampled_from(policies))
    applies = some_condition(draw, rulebook) if draw(st.integers(0, 2)) else None
    lacking: dict[str, Any] = {}
    if isinstance(node, Indicator) and draw(yes_or_no):
        lacking = {"missing": "not-applicable"}
    return with_node(
        rulebook, node.id, lambda one: evolve(cast(Any, one), applies=applies, not_applicable=policy, **lacking)
    )


def _coarser(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    leaf = some_of(draw, list(rulebook.indicators()))
    places = draw(st.integers(0, rulebook.rounding.places))
    own = Rounding(places, rulebook.rounding.mode)
    return None if leaf is None else with_node(rulebook, leaf.id, lambda node: evolve(cast(Any, node), rounding=own))


def _adjusted(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """One more line after the tree."""
    ids = [one.id for one in rulebook.nodes()]
    effect = draw(st.sampled_from(["add", "deduct", "multiply", "cap_score", "set_score", "zero", "cap", "rating"]))
    given: dict[str, Any] = {}
    match effect:
        case "multiply":
            given["multiply"] = Amount(number(Fraction(draw(st.sampled_from(["0.5", "1.1", "1", "0.333"])))))
        case "zero":
            given["zero"] = (draw(st.sampled_from(ids)),)
        case "cap":
            given["cap"] = Frozen({draw(st.sampled_from(ids)): _points(draw)})
        case "rating":
            rulebook = rulebook if rulebook.ratings else _rated(rulebook)
            names = [one.name for one in rulebook.ratings]
            key = draw(st.sampled_from(["cap_rating", "set_rating", "lower_rating"]))
            given[key] = 1 if key == "lower_rating" else draw(st.sampled_from(names))
        case _:
            given[effect] = _points(draw)
    read = draw(st.sampled_from([points_name, share_name]))(draw(st.sampled_from(ids)))
    conditions: list[Formula | None] = [
        None,
        shapes.Comparison(Name(read), "<", Constant(Fraction(1, 2), "percent")),
        shapes.Comparison(Name("score"), "≥", number(rulebook.full_marks / 2))
        if effect not in ("zero", "cap")
        else None,
        some_condition(draw, rulebook),
    ]
    rule = AdjustmentRule(f"line{len(rulebook.adjustments)}", "条款", when=draw(st.sampled_from(conditions)), **given)
    changed = evolve(rulebook, adjustments=(*rulebook.adjustments, rule))
    return _with_range(draw, changed) if effect in ("add", "deduct", "multiply") else changed


def _rated(rulebook: Rulebook) -> Rulebook:
    full = rulebook.full_marks
    steps = [Rating(name, full * part / 10) for name, part in (("优", 9), ("良", 8), ("中", 6), ("差", 0))]
    return evolve(rulebook, ratings=tuple(steps) if not rulebook.demerit else tuple(_ascending(steps)))


def _ascending(steps: list[Rating]) -> list[Rating]:
    starts = sorted(one.start for one in steps if one.start is not None)
    return [Rating(one.name, start) for one, start in zip(steps, starts, strict=True)]


def _parametrised(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A parameter by group, by day, or both, and a line of the total that reads it."""
    if any(one.name == "p" for one in rulebook.parameters):
        return None
    days = (Dated(number(1), date(2020, 1, 1)), Dated(number(2), date(2023, 6, 30)))
    by = None
    values: dict[str, tuple[Dated, ...]] = {ONE: days}
    if draw(yes_or_no):
        rulebook, by = with_groups(rulebook), GROUP
        values = {group: days if draw(yes_or_no) else (Dated(number(at)),) for at, group in enumerate(GROUPS)}
    parameter = Parameter("p", "参数", Frozen(values), by)
    rule = AdjustmentRule(f"line{len(rulebook.adjustments)}", deduct=Points(Name("p")))
    changed = evolve(rulebook, parameters=(parameter,), adjustments=(*rulebook.adjustments, rule))
    return _with_range(draw, changed)


def _linked(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A leaf that applies only where another kept something."""
    found = list(rulebook.indicators())
    if len(found) < 2:
        return None
    first, second = draw(st.permutations(found))[:2]
    applies = shapes.Comparison(Name(points_name(first.id)), ">", shapes.ZERO)
    policy: Inapplicable = draw(st.sampled_from(["full", "rescale"]))
    return with_node(rulebook, second.id, lambda node: evolve(cast(Any, node), applies=applies, not_applicable=policy))


def _demerit(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    turned = evolve(rulebook, counts="demerit", examples=())
    return _rated(turned) if turned.ratings else turned


def _covered(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    return evolve(rulebook, coverage=Fraction(draw(st.sampled_from([50, 80, 100])), 100))


def _defaulted(draw: Draw, rulebook: Rulebook) -> Rulebook | None:
    """A leaf whose criterion is the default for the form of its target."""
    leaf = some_of(draw, [one for one in rulebook.indicators() if one.target is not None])
    if leaf is None or rulebook.defaults:
        return None
    by = leaf.target.by if isinstance(leaf.target, shapes.Comparison) else "="
    form = {"≥": "at_least", ">": "at_least", "≤": "at_most", "<": "at_most"}.get(by, "equal")
    changed = with_node(rulebook, leaf.id, lambda node: evolve(cast(Any, node), by_default=form))
    return evolve(changed, defaults=Frozen({form: leaf.criterion}))


FEATURES: list[Feature] = [
    _ranged,
    _capped_branch,
    _weighed,
    _aggregated,
    _aggregated,
    _whole_aggregated,
    _perhaps_away,
    _perhaps_away,
    _coarser,
    _adjusted,
    _adjusted,
    _parametrised,
    _linked,
    once_again,
    once_again,
    _demerit,
    _covered,
    _defaulted,
]
