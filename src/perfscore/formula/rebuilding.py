"""Build a formula anew with some of its shapes replaced.

In: a formula, and what to put in the place of a shape. Out: the formula with that in place.
Nothing is read or computed here, and shapes that nobody replaces stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from attrs import evolve

from perfscore.formula.shapes import (
    Absolute,
    All,
    Any,
    Ceil,
    Choice,
    Comparison,
    Constant,
    Day,
    Elapsed,
    Floor,
    Formula,
    Gathered,
    Given,
    Greatest,
    Inexact,
    Judged,
    Least,
    Name,
    Negative,
    Not,
    OneOf,
    Peers,
    Product,
    Quotient,
    Round,
    Sum,
    Text,
    Within,
)


def rebuilt(formula: Formula, step: Callable[[Formula], Formula | None]) -> Formula:
    """The formula with every shape replaced that `step` has an answer for, from the outside in."""

    def every(inner: tuple[Formula, ...]) -> tuple[Formula, ...]:
        return tuple(map(go, inner))

    def go(one: Formula) -> Formula:
        if (instead := step(one)) is not None:
            return instead
        match one:
            case Constant() | Text() | Day() | Name() | Given():
                return one
            case Judged(low=low, high=high):
                return evolve(one, low=go(low), high=go(high))
            case Sum(terms=inner):
                return Sum(every(inner))
            case Product(factors=inner):
                return Product(every(inner))
            case Least(of=inner) | Greatest(of=inner) | All(of=inner) | Any(of=inner):
                return type(one)(every(inner))
            case Inexact(of=inner):
                return evolve(one, of=every(inner))
            case Negative() | Absolute() | Floor() | Ceil() | Round() | Not() | OneOf():
                return evolve(one, of=go(one.of))
            case Quotient(above=above, below=below):
                return Quotient(go(above), go(below))
            case Elapsed(start=start, end=end):
                return evolve(one, start=go(start), end=go(end))
            case Choice(when=when, then=then, otherwise=otherwise):
                return Choice(go(when), go(then), go(otherwise))
            case Comparison(left=left, by=by, right=right):
                return Comparison(go(left), by, go(right))
            case Within(of=of, low=low, high=high):
                return evolve(one, of=go(of), low=go(low), high=go(high))
            case Gathered(of=of, where=where, weights=weights):
                return evolve(one, of=go(of), where=go(where), weights=go(weights))
            case Peers(of=of, by=by):
                group = None if by is None else go(by)
                return evolve(one, of=go(of), by=group if isinstance(group, Name) else by)
            case _:
                assert_never(one)

    return go(formula)


def with_formulas(formula: Formula, stands: Mapping[str, Formula]) -> Formula:
    """The formula with what some names stand for in their places; only of another name can it be asked whether it is given."""

    def step(one: Formula) -> Formula | None:
        match one:
            case Name(name=name):
                return stands.get(name)
            case Given(name=name) if isinstance(known := stands.get(name), Name):
                return Given(known.name)
            case _:
                return None

    return rebuilt(formula, step)
