"""Conditions as boxes: where each of several figures lies, all at once. Which cases are in two of them, and which in none?

In: conditions that hold each figure against numbers or choices of its own, and what the figures are. Out: a case that
shows it, a value for each figure; or that there is none, which is proved. Nothing is said of other conditions.
A case in none is looked for column by column: the ends of all boxes cut the figure into stretches, and below each only
those boxes are looked at that reach into it; what was found covered once is not looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import inf
from typing import TypeAlias

from attrs import define, field

from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import End, Interval
from perfscore.formula.prose import number_text
from perfscore.formula.regions import Region, chosen, meet, region, witness
from perfscore.formula.shapes import All, Any, Formula, Name, Not
from perfscore.formula.vocabulary import NUMERIC, Vocabulary
from perfscore.formula.walking import names

Held: TypeAlias = Fraction | str | bool
Side: TypeAlias = Region | frozenset[str]
"""Where one figure lies in a box: stretches of a number line, or some of its choices."""
Box: TypeAlias = Mapping[str, Side]
Instance: TypeAlias = Mapping[str, Held]
MOST_BOXES = 400
MOST_CELLS = 20_000


def boxes(condition: Formula, vocabulary: Vocabulary) -> tuple[Box, ...] | None:
    """The boxes whose cases meet the condition; None where it is no such condition."""
    read = names(condition)
    if len(read) == 1 and (side := _side(condition, read[0], vocabulary)) is not None:
        return ({read[0]: side},) if side else ()
    match condition:
        case All(of=of):
            found: tuple[Box, ...] = ({},)
            for part in of:
                inner = boxes(part, vocabulary)
                if inner is None or len(found) * len(inner) > MOST_BOXES:
                    return None
                found = tuple(both for one in found for other in inner if (both := common(one, other)) is not None)
            return found
        case Any(of=of):
            parts = [boxes(part, vocabulary) for part in of]
            return None if None in parts else tuple(box for part in parts if part is not None for box in part)
        case Not(of=Not(of=of)):
            return boxes(of, vocabulary)
        case Not(of=All(of=of)):
            return boxes(Any(tuple(map(Not, of))), vocabulary)
        case Not(of=Any(of=of)):
            return boxes(All(tuple(map(Not, of))), vocabulary)
        case _:
            return None


def common(one: Box, other: Box) -> Box | None:
    """The box of the cases that lie in both, if there are any."""
    both = {**one, **other}
    for name in one.keys() & other.keys():
        mine, theirs = one[name], other[name]
        if isinstance(mine, frozenset) and isinstance(theirs, frozenset):
            both[name] = mine & theirs
        elif isinstance(mine, tuple) and isinstance(theirs, tuple):
            both[name] = meet(mine, theirs)
        else:
            return None
    return both if all(both.values()) else None


def case_in(box: Box, vocabulary: Vocabulary) -> Instance | None:
    """A case in a box, as a person would choose it; nothing where no figure that is whole lies there."""
    found: dict[str, Held] = {}
    for name, side in box.items():
        held = _held(name, side, vocabulary)
        if held is None:
            return None
        found[name] = held
    return found


def case_in_both(one: Sequence[Box], other: Sequence[Box], vocabulary: Vocabulary) -> Instance | None:
    """A case that lies in a box of each."""
    for first in one:
        for second in other:
            both = common(first, second)
            if both is not None and (found := case_in(both, vocabulary)) is not None:
                return found
    return None


class TooManyCellsError(Exception):
    """There is more to look at than is looked at."""


def case_in_none(given: Sequence[Box], vocabulary: Vocabulary) -> Instance | None:
    """A case that lies in none of the boxes; `TooManyCellsError` where that would take too long to find."""
    columns = tuple(dict.fromkeys(name for box in given for name in box))
    return _Sweep(given, columns, vocabulary).uncovered(0, frozenset(range(len(given))))


def told(case: Instance, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """A case as a facts file writes it."""
    return tuple((name, _text(name, held, vocabulary)) for name, held in case.items())


def spoken(case: Instance, vocabulary: Vocabulary) -> str:
    """A case for a sentence, with a space behind it; the value itself without its label."""
    written = told(case, vocabulary)
    if [name for name, _ in written] == ["value"]:
        return f"“{written[0][1]}” " if isinstance(case["value"], str) else f"{written[0][1]} "
    return "、".join(f"{vocabulary[name].label} {text}" for name, text in written) + " "


def _text(name: str, held: Held, vocabulary: Vocabulary) -> str:
    match held:
        case bool():
            return str(held).lower()
        case str():
            return held
        case _:
            return number_text(held, percent=vocabulary[name].type == "percent")


@define(eq=False)
class _Sweep:
    given: Sequence[Box]
    columns: tuple[str, ...]
    vocabulary: Vocabulary
    left: int = MOST_CELLS
    covered: set[tuple[int, frozenset[int]]] = field(factory=set)

    def uncovered(self, column: int, active: frozenset[int]) -> dict[str, Held] | None:
        """Values from this column on that lie in none of the active boxes."""
        if (column, active) in self.covered:
            return None
        self.left -= 1
        if self.left < 0:
            raise TooManyCellsError
        if column == len(self.columns):
            return None if active else {}
        name = self.columns[column]
        for held, side in self._stretches(name, active):
            reaching = frozenset(
                one
                for one in active
                if name not in self.given[one] or common({name: side}, {name: self.given[one][name]})
            )
            if (found := self.uncovered(column + 1, reaching)) is not None:
                return {name: held, **found}
        self.covered.add((column, active))
        return None

    def _stretches(self, name: str, active: frozenset[int]) -> Iterator[tuple[Held, Side]]:
        """The stretches of a figure within which nothing changes, each with a value in it."""
        sides = [self.given[one][name] for one in active if name in self.given[one]]
        domain = _domain(name, self.vocabulary)
        if isinstance(domain, frozenset):
            for choice in _choices(name, self.vocabulary):
                yield (choice == "true") if _yes_no(name, self.vocabulary) else choice, frozenset((choice,))
            return
        cuts = {end for side in sides for one in side if isinstance(one, Interval) for end in (one.low, one.high)}
        edges = sorted(cut for cut in cuts if isinstance(cut, Fraction))
        ends: list[End] = [-inf, *edges, inf]
        opened = [Interval(a, b, False, False) for a, b in pairwise(ends)]
        every = sorted([*opened, *(Interval(cut, cut) for cut in edges)], key=lambda one: (one.low, one.high))
        for stretch in every:
            for side in meet((stretch,), domain):
                held = _held(name, (side,), self.vocabulary)
                if held is not None:
                    yield held, (side,)


def _domain(name: str, vocabulary: Vocabulary) -> Side:
    if vocabulary[name].type in NUMERIC:
        return (bounds(Name(name), vocabulary),)
    return frozenset(_choices(name, vocabulary))


def _choices(name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    return vocabulary[name].domain.choices or (("true", "false") if _yes_no(name, vocabulary) else ())


def _yes_no(name: str, vocabulary: Vocabulary) -> bool:
    return vocabulary[name].type == "yes-no"


def _side(condition: Formula, name: str, vocabulary: Vocabulary) -> Side | None:
    """Where a figure lies that meets a condition on it alone, within its domain."""
    if vocabulary[name].type in NUMERIC:
        where = region(condition, name)
        domain = _domain(name, vocabulary)
        return None if where is None or not isinstance(domain, tuple) else meet(where, domain)
    known = frozenset(_choices(name, vocabulary))
    if not known:
        return None
    match condition:
        case Name():
            return known & {"true"} if _yes_no(name, vocabulary) else None
        case Not(of=of):
            inner = _side(of, name, vocabulary)
            return known - inner if isinstance(inner, frozenset) else None
        case _:
            texts = chosen(condition, name)
            return None if texts is None else known & texts


def _held(name: str, side: Side, vocabulary: Vocabulary) -> Held | None:
    if isinstance(side, frozenset):
        first = next((one for one in _choices(name, vocabulary) if one in side), None)
        return (first == "true") if first is not None and _yes_no(name, vocabulary) else first
    kind = vocabulary[name].type
    found = (witness(one, whole=kind == "count", percent=kind == "percent") for one in side)
    return next((held for held in found if held is not None), None)
