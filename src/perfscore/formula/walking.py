"""What stands inside a formula.

In: a formula. Out: the shapes in it, the names that it reads, what it asks the assessor, what it reads of others.
Nothing is computed here, and what a name stands for is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

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


def parts(formula: Formula) -> tuple[Formula, ...]:
    """The shapes directly inside a shape."""
    match formula:
        case Constant() | Text() | Day() | Name() | Given():
            return ()
        case Judged(low=low, high=high):
            return (low, high)
        case (
            Sum(terms=inner)
            | Product(factors=inner)
            | Least(of=inner)
            | Greatest(of=inner)
            | All(of=inner)
            | Any(of=inner)
            | Inexact(of=inner)
        ):
            return inner
        case (
            Negative(of=one)
            | Absolute(of=one)
            | Floor(of=one)
            | Ceil(of=one)
            | Round(of=one)
            | Not(of=one)
            | OneOf(of=one)
        ):
            return (one,)
        case Quotient(above=one, below=other) | Comparison(left=one, right=other) | Elapsed(start=one, end=other):
            return (one, other)
        case Choice(when=when, then=then, otherwise=otherwise):
            return (when, then, otherwise)
        case Within(of=of, low=low, high=high):
            return (of, low, high)
        case Peers(of=of, by=by):
            return (of,) if by is None else (of, by)
        case Gathered(of=of, where=where, weights=weights):
            return (of, where, weights)
        case _:
            assert_never(formula)


def everything(formula: Formula) -> Iterator[Formula]:
    """The shape and every shape inside it, outermost first, from the left."""
    waiting = [formula]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(parts(one)))


def names(formula: Formula) -> tuple[str, ...]:
    """Every name that the formula may read, once each, in the order of reading; a table, and the columns of its records."""
    return tuple(dict.fromkeys(_read(formula)))


def reads(formula: Formula, name: str) -> bool:
    """Whether a formula may read a name."""
    return name in _read(formula)


def reads_own(formula: Formula, name: str) -> bool:
    """Whether a formula may read a name of the subject itself, and not only of all in a comparison with others."""
    if isinstance(formula, Peers):
        return False
    return any(reads_own(part, name) for part in parts(formula)) or formula in (Name(name), Given(name))


def _read(formula: Formula) -> Iterator[str]:
    for one in everything(formula):
        match one:
            case Name(name=name) | Given(name=name) | Gathered(table=name):
                yield name
            case _:
                pass


def loose(formula: Formula, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every name that is not read of the records that a formula gathers: outside, a column is nobody's."""
    match formula:
        case Name(name=name) | Given(name=name):
            if name.partition(".")[0] not in bound:
                yield name
        case Gathered(table=table):
            yield table
            bound = bound | {table}
        case Peers():  # nobody else has the record at hand
            bound = frozenset()
        case _:
            pass
    for part in parts(formula):
        yield from loose(part, bound)


def judged_parts(formula: Formula) -> tuple[Judged, ...]:
    """What the formula asks the assessor."""
    return tuple(dict.fromkeys(one for one in everything(formula) if isinstance(one, Judged)))


def peers_in(formula: Formula) -> tuple[Peers, ...]:
    """What the formula reads of others, those inside others first."""
    found = [one for one in everything(formula) if isinstance(one, Peers)]
    return tuple(dict.fromkeys(reversed(found)))
