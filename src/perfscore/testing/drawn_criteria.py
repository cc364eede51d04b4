"""Drawn criteria, of any kind.

In: the place of a criterion and the name of its kind. Out: a criterion that its kind has nothing to complain about.
A criterion is drawn from the types of its fields, else it is a worked example with other numbers: no kind is named here.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from attrs import NOTHING, evolve, fields, frozen, has
from hypothesis import strategies as st

from perfscore.criteria import kind_named
from perfscore.criterion import (
    Amount,
    Cell,
    Condition,
    Criterion,
    Named,
    Place,
    Points,
    Rows,
    share,
    written_name,
)
from perfscore.diagnostic import KeyPath
from perfscore.formula import shapes
from perfscore.formula.shapes import ONE, VALUE, Constant, Formula, Name
from perfscore.formula.types import Type, type_of
from perfscore.formula.vocabulary import Term, Vocabulary, with_terms
from perfscore.formula.walking import loose, names
from perfscore.indicator import Indicator, Input
from perfscore.quantity import Rounding
from perfscore.testing.drawn_formulas import (
    Draw,
    Known,
    draw_about,
    draw_condition,
    draw_number,
    rarely,
    some_constants,
    some_days,
    some_positives,
    some_ratios,
    some_words,
    yes_or_no,
)
from perfscore.words import Words
from perfscore.writtenformulas import rows_at, unit_of_itself, written_formulas


@st.composite
def criteria(draw: Draw, place: Place, kind: str) -> Criterion:
    """Criteria of a kind at a place, from the fields of its class; its own complaints are not asked."""
    return draw_criterion(draw, place, kind)


def draw_criterion(draw: Draw, place: Place, kind: str, *, blindly: bool = False) -> Criterion:
    """A criterion from the types of its fields."""
    known = Known.of(place.vocabulary, blindly=blindly and draw(yes_or_no))
    return cast(Criterion, _Fields(draw, place, known).table(kind_named(kind)))


def own_terms(leaf: Indicator) -> dict[str, Term]:
    """What the leaf's own figure stands for."""
    return {leaf.measure.name: leaf.measure.term} if isinstance(leaf.measure, Input) else {}


def place_of(leaf: Indicator, vocabulary: Vocabulary) -> Place:
    """Where a leaf's criterion stands; a figure of its own is read as `value` only."""
    place = leaf.place({**vocabulary, **own_terms(leaf)})
    own = own_terms(leaf)
    return evolve(place, vocabulary={name: term for name, term in place.vocabulary.items() if name not in own})


@frozen
class _Fields:
    """Draws what a field may hold by its type, as a rule file would be read."""

    draw: Draw
    place: Place
    known: Known

    def about(self, cls: type) -> tuple[_Fields, dict[str, object]]:
        """Of an entry that may be about each record of a table: with what it may use there, and the table."""
        held: dict[str, object] = {}
        for one in fields(cls):
            if Rows in get_args(_hints(cls)[one.name]):
                tables = dict(self.known.tables)
                chosen = self.draw(st.sampled_from([None, *tables]))
                held[one.name] = None if chosen is None else Rows(chosen)
                if chosen is not None:
                    return evolve(self, known=self.known.with_record(tables[chosen])), held
        return self, held

    def table(self, cls: type, number: int = 0, given: Mapping[str, object] | None = None) -> Any:
        """An instance of an attrs class; `given` are fields that are drawn already."""
        hints = _hints(cls)
        held: dict[str, object] = {}
        inside, over = self.about(cls)
        given = {**over, **(given or {})}
        for one in fields(cls):
            if one.name in given:
                held[one.alias] = given[one.name]
            elif one.default is NOTHING or self.draw(yes_or_no):
                held[one.alias] = inside.value(hints[one.name], one.name, number)
        return cls(**held)

    def value(self, kind: Any, name: str = "", number: int = 0) -> Any:
        """A value of a type."""
        if kind in _BY_TYPE:
            return _BY_TYPE[kind](self)
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            [kind] = [one for one in get_args(kind) if one is not type(None)]
            return self.value(kind, name, number)
        if origin is Literal:
            return self.draw(st.sampled_from(get_args(kind)))
        if origin is tuple:
            return self._several(get_args(kind)[0])
        if kind is str:
            return f"{'甲' if number % 2 else 'n'}{number}" if name == "id" else self.draw(some_words)
        return self.table(kind, number)

    def _several(self, kind: Any) -> tuple[Any, ...]:
        size = self.draw(st.integers(1, 4))
        if not has(kind) or kind in _BY_TYPE:
            return tuple(self.value(kind, number=number) for number in range(size))
        asked = [one.name for one in fields(kind) if _is_condition(_hints(kind)[one.name])]
        if not asked or rarely(self.draw):
            return tuple(self.table(kind, number) for number in range(size))
        # of several things that each ask a condition, people mostly ask about one line cut in pieces
        chosen = self.draw(st.sampled_from(asked))
        others: dict[str, object] = (
            {} if rarely(self.draw) else {name: None for name in asked if _may_be_left(kind, name)}
        )
        return tuple(
            self.table(kind, number, others | {chosen: Condition(piece)})
            for number, piece in enumerate(self._pieces(size))
        )

    def _pieces(self, size: int) -> list[Formula]:
        """A number line cut in pieces, none of which overlap; the ends may be left open."""
        line: Formula = VALUE
        if "value" not in self.known.numbers:
            line = Name(self.draw(st.sampled_from(self.known.numbers))) if self.known.numbers else VALUE
        near = some_ratios if isinstance(line, Name) and line.name in self.known.ratios else some_constants
        ends = sorted({self.draw(near) for _ in range(size + 1)}, key=lambda one: one.value)
        ends = [
            one for one, after in zip(ends, [*ends[1:], None], strict=True) if after is None or after.value != one.value
        ]
        closed = [self.draw(yes_or_no) for _ in ends]
        pieces: list[Formula] = [
            shapes.Within(line, low, high, low_in, not high_in)
            for (low, low_in), (high, high_in) in pairwise(zip(ends, closed, strict=True))
        ]
        if self.draw(yes_or_no) or not pieces:
            pieces = [shapes.Comparison(line, "≥" if closed[-1] else ">", ends[-1]), *reversed(pieces)]
        if self.draw(yes_or_no):
            pieces.append(shapes.Comparison(line, "<" if closed[0] else "≤", ends[0]))
        return pieces

    def amount(self) -> Amount:
        match self.draw(st.integers(0, 5)):
            case 4 if self.known.numbers:
                return Amount(Name(self.draw(st.sampled_from(self.known.numbers))))
            case 5:
                return Amount(draw_number(self.draw, self.known, 1))
            case _:
                return Amount(self.draw(some_positives))

    def condition(self) -> Condition:
        if "value" in self.known.numbers and self.draw(yes_or_no):
            return Condition(draw_about(self.draw, VALUE, self.known, 1))
        return Condition(draw_condition(self.draw, self.known, 1))

    def points(self) -> Points:
        weight = self.place.vocabulary["weight"].domain.high or Fraction(0)
        match self.draw(st.integers(0, 9)):
            case 0 | 1 | 2 | 3:
                return Points(Constant(self._share(weight)))
            case 4 | 5:
                return Points(share(Constant(Fraction(self.draw(st.integers(0, 20)), 20), "percent")))
            case 6 | 7 | 8:
                low, high = sorted((self._share(weight), self._share(weight)))
                return Points(Constant(low), Constant(high), not rarely(self.draw), not rarely(self.draw))
            case _:
                formula = draw_number(self.draw, self.known, 1)
                percent = isinstance(formula, Constant) and formula.written == "percent"
                if unit_of_itself(formula) is not None:  # days are no points; days of a fine of one point each are
                    formula = shapes.Product((ONE, formula))
                return Points(share(formula) if percent else formula)

    def named(self) -> Named:
        """A figure with few values, where there is one."""
        terms = self.place.vocabulary
        listed = [name for name, term in terms.items() if term.type == "yes-no" or term.domain.choices]
        return Named(self.draw(st.sampled_from(listed or list(terms))))

    def cell(self) -> str | bool | tuple[str | bool, ...]:
        words = [word for term in self.place.vocabulary.values() for word in term.domain.choices]
        one: st.SearchStrategy[str | bool] = st.sampled_from(["*", True, False, *words])
        return self.draw(one) if self.draw(yes_or_no) else self.draw(st.lists(one, min_size=1, max_size=3).map(tuple))

    def _share(self, weight: Fraction) -> Fraction:
        eighths = self.draw(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 4, 2, 0, 10]))
        part = Rounding(self.draw(st.integers(0, 4))).rounded(eighths * weight / 8)
        return part if eighths > 8 else min(part, weight)


_BY_TYPE: Mapping[Any, Callable[[_Fields], Any]] = {
    Amount: _Fields.amount,
    Condition: _Fields.condition,
    Points: _Fields.points,
    Named: _Fields.named,
    Cell: _Fields.cell,
    bool: lambda given: given.draw(yes_or_no),
    date: lambda given: given.draw(some_days),
    Fraction: lambda given: given.draw(some_positives).value,
    int: lambda given: given.draw(st.integers(0, 5)),
}


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _is_condition(kind: Any) -> bool:
    return kind is Condition or Condition in get_args(kind)


def _may_be_left(cls: type, name: str) -> bool:
    return next(one for one in fields(cls) if one.name == name).default is None


def accepted_leaf(draw: Draw, leaf: Indicator, vocabulary: Vocabulary, rounds: int = 8) -> Indicator | None:
    """The leaf, after redrawing whatever its kind complained about; None where the kind is never content."""
    wholly = 0
    for _ in range(rounds):
        place = place_of(leaf, vocabulary)
        told = _misfits(leaf, place) or [one.at for one in leaf.criterion.complaints(place) if one.severity == "error"]
        if not told:
            return leaf if _gives_points(leaf, place) else None
        drawn = _Fields(draw, place, Known.of(place.vocabulary))
        wholly += told[0][:1] == ("kind",)
        if wholly > 2:  # it is the place that does not suit the kind
            return None
        for at in {at[:2]: at for at in told}.values():
            leaf = evolve(leaf, criterion=cast(Criterion, _redrawn(drawn, leaf.criterion, at)))
    return None


def _redrawn(drawn: _Fields, holder: Any, at: KeyPath, number: int = 0) -> Any:
    """The holder with the part at a key path drawn again: the last table on the way, or its field."""
    hints = _hints(cast(Any, type(holder)))
    for one in fields(type(holder)):
        if not at or written_name(one) != at[0]:
            continue
        held = getattr(holder, one.name)
        match at[1:], held:
            case (int() as index, *rest), tuple() if index < len(held) and rest and has(type(held[index])):
                again = _redrawn(drawn, held[index], tuple(rest), index)
                return evolve(holder, **{one.alias: (*held[:index], again, *held[index + 1 :])})
            case (_, *_), _ if has(type(held)) and not isinstance(held, Amount | Condition | Points):
                return evolve(holder, **{one.alias: _redrawn(drawn, held, at[1:])})
            case _:
                kept = one.default is None and drawn.draw(yes_or_no)
                return evolve(holder, **{one.alias: None if kept else drawn.value(hints[one.name], one.name, number)})
    conditions_held = {
        one.name: getattr(holder, one.name) for one in fields(type(holder)) if _is_condition(hints[one.name])
    }
    keep = bool(conditions_held) and drawn.draw(yes_or_no)
    return drawn.table(type(holder), number, conditions_held if keep else None)


def _misfits(leaf: Indicator, place: Place) -> list[KeyPath]:
    """Where a criterion writes a formula that reads an unknown name or gives what cannot stand there."""
    wanted: dict[str, Collection[str]] = {
        **{"number": ("number",), "points": ("number",), "condition": ("yes-no",), "table": ("table",)},
        "name": ("number", "yes-no", "text", "date"),
    }
    seen = place.vocabulary
    if "target" in seen:  # whoever reads the file holds it in the unit of the value
        seen = with_terms(seen, {"target": seen["value"]})
    return [
        at
        for at, formula, expected in written_formulas(leaf.criterion)
        if not fits_in(formula, seen, wanted[expected], rows_at(leaf.criterion, at))
    ]


def fits_in(
    formula: Formula, vocabulary: Vocabulary, sorts: Collection[str], rows: frozenset[str] = frozenset()
) -> bool:
    """Whether a formula reads known names, is of one of the sorts, and has no parts that disagree."""
    if any(name not in vocabulary for name in names(formula)) or any(
        _is_column(one, vocabulary) for one in loose(formula, rows)
    ):
        return False
    told: list[Words] = []
    found: Type = type_of(formula, vocabulary, told.append)
    return not told and found.sort in sorts


def _is_column(name: str, vocabulary: Vocabulary) -> bool:
    table, dot, _ = name.partition(".")
    return bool(dot) and table in vocabulary and vocabulary[table].type == "table"


def _gives_points(leaf: Indicator, place: Place) -> bool:
    """Whether every loss and credit is a number of points by the types of what it reads."""
    moved = (*leaf.criterion.losses(place), *leaf.criterion.credits(place))
    return all(
        fits_in(one.points, place.vocabulary, ("number",), frozenset([one.over] if one.over else [])) for one in moved
    )
