"""Where points may turn: the edges of a leaf, as formulas over what it reads.

In: a rulebook and a leaf. Out: `Hinge`s, read from the closed set of shapes that its losses are made of; and where one
figure must stand for a hinge to be met, the others being as they are. No kind is named here, so the edges of a kind that
was installed this morning are found too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any, Literal

from attrs import frozen

from perfscore.formula import shapes
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.exact import Slots, fraction, ratio
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import Constant, Formula, Judged, Name, minus
from perfscore.formula.walking import everything, names, peers_in
from perfscore.indicator import Indicator
from perfscore.rulebook import Rulebook


@frozen
class Hinge:
    """A place where points may turn: where a formula is zero, whole, or halfway between two whole numbers."""

    formula: Formula
    at: Literal["zero", "whole", "half"] = "zero"


def value_at(hinge: Hinge, name: str, values: Mapping[str, Any], away: Fraction = Fraction(1)) -> Fraction | None:
    """Where the figure `name` must stand, the others being as they are; None where that cannot be told.

    It is told from two values, `away` from one another, by the straight line through them.
    """
    here: Fraction = values[name]
    first, second = _at(hinge.formula, values), _at(hinge.formula, {**values, name: here + away})
    if first is None or second is None or first == second:
        return None
    wanted = {"zero": Fraction(0), "whole": Fraction(floor(first)), "half": floor(first) + Fraction(1, 2)}[hinge.at]
    return here + away * (wanted - first) / (second - first)


def meets(hinge: Hinge, values: Mapping[str, Any]) -> bool:
    """Whether a hinge at zero is met exactly by these values."""
    return hinge.at == "zero" and _at(hinge.formula, values) == 0


def _at(formula: Formula, values: Mapping[str, Any]) -> Fraction | None:
    read = names(formula)
    row: list[Slot] = []
    for name in read:
        match values.get(name):
            case None:
                row.append(Absent(name, "not-given"))
            case bool() as met if ":" in name:  # an item of an answer: met is 1
                row.append((int(met), 1))
            case Fraction() as value:
                row.append(ratio(value))
            case other:
                row.append(other)
    try:
        return fraction(Slots({name: at for at, name in enumerate(read)}).numeric(formula)(row))
    except Unreadable:
        return None


def hinges(rulebook: Rulebook, leaf: Indicator) -> list[Hinge]:
    """Every edge of a leaf, as a formula over the rulebook's inputs and the leaf's answers."""
    place = rulebook.place(leaf)
    weight = (rulebook.weights or {}).get(leaf.id, Fraction(10))
    moved = (*leaf.criterion.losses(place), *leaf.criterion.credits(place))
    losses = [_over_inputs(one.points, rulebook, leaf) for one in moved]
    lost = shapes.Sum(tuple(losses)) if losses else shapes.ZERO
    unit = Constant(Fraction(10**rulebook.rounding.places))
    kept = shapes.Product((minus(Constant(weight), lost), unit))
    beside = [Hinge(minus(lost, Constant(weight))), Hinge(kept, "half"), Hinge(kept, "whole")]
    return _tellable([*(hinge for loss in losses for one in everything(loss) for hinge in _edges(one)), *beside])


def hinges_in(formulas: Iterable[Formula], rulebook: Rulebook, leaf: Indicator | None = None) -> list[Hinge]:
    """Every edge in formulas, as a formula over the rulebook's inputs."""
    whole = (_over_inputs(one, rulebook, leaf) for one in formulas)
    return _tellable(hinge for formula in whole for one in everything(formula) for hinge in _edges(one))


def _tellable(found: Iterable[Hinge]) -> list[Hinge]:
    # where an edge lies that reads others is not known from one's own figures
    return list(dict.fromkeys(one for one in found if names(one.formula) and not peers_in(one.formula)))


def _over_inputs(formula: Formula, rulebook: Rulebook, leaf: Indicator | None) -> Formula:
    """A formula with what it reads put in, down to inputs, parameters and answers."""
    measures = {one.name: one.formula for one in rulebook.measures}
    target = None if leaf is None else rulebook.place(leaf).target_number
    weight = Fraction(10) if leaf is None else (rulebook.weights or {}).get(leaf.id, Fraction(10))

    def step(one: Formula) -> Formula | None:
        match one:
            case Name(name="value") if leaf is not None and leaf.measured is not None:
                return rebuilt(leaf.measured, step)
            case Name(name="target") if target is not None:
                return rebuilt(target, step)
            case Name(name="weight"):
                return Constant(weight)
            case Name(name=name) if name in measures:
                return rebuilt(measures[name], step)
            case Judged(part=part) if leaf is not None:
                return Name(f"{leaf.id}:{part}")
            case _:
                return None

    return rebuilt(formula, step)


def _edges(one: Formula) -> list[Hinge]:
    match one:
        case shapes.Comparison(left=left, right=right) if _is_number(left) and _is_number(right):
            return [Hinge(minus(left, right))]
        case shapes.Within(of=of, low=low, high=high):
            return [Hinge(minus(of, low)), Hinge(minus(of, high))]
        case shapes.Least(of=of) | shapes.Greatest(of=of):
            return [Hinge(minus(left, right)) for left, right in pairwise(of)]
        case shapes.Floor(of=of) | shapes.Ceil(of=of):
            return [Hinge(of, "whole"), Hinge(minus(of, shapes.ONE))]  # any step, and the first
        case shapes.Round(of=of, places=places):
            return [Hinge(shapes.Product((of, Constant(Fraction(10**places)))), "half")]
        case shapes.Quotient(below=below):
            return [Hinge(below)]
        case _:
            return []


def _is_number(one: Formula) -> bool:
    return isinstance(
        one,
        Constant | Name | shapes.Sum | shapes.Negative | shapes.Product | shapes.Quotient
        | shapes.Least | shapes.Greatest | shapes.Absolute | shapes.Floor | shapes.Ceil | shapes.Round
        | shapes.Inexact | shapes.Elapsed,
    )  # fmt: skip
