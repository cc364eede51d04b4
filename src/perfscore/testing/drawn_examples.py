"""The worked examples of kinds, told again with other numbers.

In: a kind. Out: the indicators of its examples with their inputs; and a part of the model with other names and numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, get_args

from attrs import evolve, fields, has
from hypothesis import strategies as st

from perfscore.criteria import examples_of
from perfscore.criterion import Amount, Condition, Named, Points, Rows
from perfscore.examples import rulebook_of
from perfscore.formula import shapes
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import Constant, Formula, Name
from perfscore.indicator import Indicator, Input
from perfscore.testing.drawn_formulas import Draw, rarely


@cache
def patterns_of(kind: Any) -> tuple[tuple[Indicator, tuple[Input, ...]], ...]:
    """The indicators of a kind's worked examples, with the inputs they declare: to be told again with other numbers."""
    read = [rulebook_of(example) for example in examples_of(kind)]
    return tuple((next(rulebook.indicators()), rulebook.inputs) for rulebook in read)


def varied(draw: Draw, holder: Any, renamed: Mapping[str, str]) -> Any:
    """A part of the model with other names and here and there another number."""

    def step(one: Formula) -> Formula | None:
        match one:
            case Constant(value=value) if rarely(draw):
                factor = draw(st.sampled_from(["0.5", "0.9", "1.1", "2", "0", "-1"]))
                return evolve(one, value=value * Fraction(factor))
            case Name(name=name) if name in renamed:
                return Name(renamed[name])
            case shapes.Given(name=name) if name in renamed:
                return shapes.Given(renamed[name])
            case shapes.Gathered(table=table) if table in renamed:
                inner = (rebuilt(part, step) for part in (one.of, one.where, one.weights))
                return shapes.Gathered(one.how, renamed[table], *inner)
            case _:
                return None

    match holder:
        case Named() | Rows() if holder in renamed:
            return type(holder)(renamed[holder])
        case tuple():
            return tuple(varied(draw, one, renamed) for one in holder)
        case Amount() | Condition():
            return evolve(holder, formula=rebuilt(holder.formula, step))
        case Points(low=low, high=high):
            other = None if high is None else rebuilt(high, step)
            return Points(rebuilt(low, step), other, holder.low_closed, holder.high_closed)
        case _ if has(type(holder)) and isinstance(holder, get_args(Formula)):
            return rebuilt(holder, step)
        case _ if has(type(holder)):
            return evolve(
                holder, **{one.alias: varied(draw, getattr(holder, one.name), renamed) for one in fields(type(holder))}
            )
        case _:
            return holder
