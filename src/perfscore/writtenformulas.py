"""What stands written in a criterion, wherever in its tables.

In: a criterion. Out: its formulas with their key paths, and of which table a record is at hand in each.
No kind is named here: the classes of a criterion's fields say what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from attrs import fields, has

from perfscore.criterion import Amount, Condition, Criterion, Named, Points, Rows, written_name
from perfscore.diagnostic import KeyPath
from perfscore.formula.shapes import Formula, Name
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Term
from perfscore.formula.walking import names


def written_formulas(holder: object, at: KeyPath = ()) -> Iterator[tuple[KeyPath, Formula, str]]:
    """Every formula written in a criterion, with its key path and what is expected there: `number`, `condition`,
    `points`, `table`, or `name` where any figure will do.
    """
    match holder:
        case Amount(formula=formula):
            yield at, formula, "number"
        case Condition(formula=formula):
            yield at, formula, "condition"
        case Points(low=low, high=high):
            yield at, low, "points"
            if high is not None:
                yield at, high, "points"
        case Named():
            yield at, Name(str(holder)), "name"
        case Rows():
            yield at, Name(str(holder)), "table"
        case tuple():
            for index, one in enumerate(holder):
                yield from written_formulas(one, (*at, index))
        case _:
            cls: Any = type(holder)
            for key, name in _fields(cls).items():
                yield from written_formulas(getattr(holder, name), (*at, key))


@cache
def _fields(cls: Any) -> Mapping[str, str]:
    """The names of a class's fields, by the keys that they are written as."""
    return {written_name(one): one.name for one in fields(cls)} if has(cls) else {}


def rows_at(criterion: Criterion, at: KeyPath) -> frozenset[str]:
    """The tables of which one record is at hand in a formula; what all records come to together is not of one of them."""
    holder: Any = criterion
    for key in at[:-1]:
        holder = holder[key] if isinstance(key, int) else getattr(holder, _fields(holder.__class__)[key])
    cls: Any = type(holder)
    held = [getattr(holder, name) for name in _fields(cls).values()]
    return frozenset(str(one) for one in held if isinstance(one, Rows) and at[-1] != "at_most")


def unit_of_itself(formula: Formula) -> str | None:
    """The unit that a formula brings along, whatever its names stand for: “天” of `days(due, done)`."""
    return type_of(formula, dict.fromkeys(names(formula), Term("", "number"))).unit
