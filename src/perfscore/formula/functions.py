"""The functions of the formula language, by their names.

In: the shapes of the arguments of a call. Out: the shape that the call stands for; None where it is written in another
way (`USES` says how), or words where it cannot be meant.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from perfscore.formula.shapes import (
    ALWAYS,
    ONE,
    Absolute,
    Ceil,
    Comparison,
    Constant,
    Floor,
    Formula,
    Gathered,
    Gathering,
    Given,
    Greatest,
    Least,
    Name,
    Round,
    Text,
    everything,
    names,
)
from perfscore.words import Words

NO_COLUMN = Words(
    zh="没有列可算：写表和列的名字，如 sum(projects.amount)",
    en="there is no column: write the table and the column, as in sum(projects.amount)",
)
TWO_TABLES = Words(zh="一次只汇总一张表，这里有 {a} 和 {b}", en="one table is gathered at a time; here are {a} and {b}")
WITHIN = Words(
    zh="汇总里不能再有汇总：先用 [measures.…] 算出里面的那个数",
    en="nothing is gathered inside what is gathered: name the inner figure with [measures.…] first",
)


def _one(make: Callable[[Formula], Formula]) -> Callable[[list[Formula]], Formula | None]:
    return lambda given: make(given[0]) if len(given) == 1 else None


def _round(given: list[Formula]) -> Formula | None:
    match given:
        case [one]:
            return Round(one)
        case [one, Constant(value=Fraction(denominator=1, numerator=places), written="plain")] if 0 <= places <= 30:
            return Round(one, places)
        case _:
            return None


def _given(given: list[Formula]) -> Formula | None:
    return Given(given[0].name) if len(given) == 1 and isinstance(given[0], Name) else None


def node_name(read: str, id: str) -> str:
    """The name by which a formula reads the points, or the share, of a node: `points("a.b")`."""
    quote = "'" if '"' in id else '"'
    return f"{read}({quote}{id}{quote})"


def _of_node(read: str) -> Callable[[list[Formula]], Formula | None]:
    return lambda given: (
        Name(node_name(read, given[0].value)) if len(given) == 1 and isinstance(given[0], Text) else None
    )


def _clamp(given: list[Formula]) -> Formula | None:
    return Least((given[2], Greatest((given[1], given[0])))) if len(given) == 3 else None


FUNCTIONS: dict[str, Callable[[list[Formula]], Formula | Words | None]] = {
    "min": lambda given: Least(tuple(given)) if len(given) > 1 else gathered("min", given),
    "max": lambda given: Greatest(tuple(given)) if len(given) > 1 else gathered("max", given),
    "abs": _one(Absolute),
    "floor": _one(Floor),
    "ceil": _one(Ceil),
    "round": _round,
    "clamp": _clamp,
    "given": _given,
    "points": _of_node("points"),
    "share": _of_node("share"),
    "count": lambda given: gathered("count", given),
    "sum": lambda given: gathered("sum", given),
    "mean": lambda given: gathered("mean", given),
    "weighted_mean": lambda given: gathered("weighted_mean", given),
}
USES = {
    "min": "min(a, b), min(projects.rate)",
    "max": "max(a, b), max(projects.rate)",
    "abs": "abs(a)",
    "floor": "floor(a)",
    "ceil": "ceil(a)",
    "round": "round(a, 2)",
    "clamp": "clamp(a, low, high)",
    "given": "given(name)",
    "points": 'points("a.b")',
    "share": 'share("a.b")',
    "count": "count(projects where projects.late)",
    "sum": "sum(projects.amount where projects.late)",
    "mean": "mean(projects.rate)",
    "weighted_mean": "weighted_mean(projects.rate, weights = projects.amount)",
}


def gathered(name: str, given: list[Formula], where: Formula = ALWAYS) -> Formula | Words | None:
    """A figure of the records of one table: that of which it counts, or whose columns it reads."""
    of: Formula = ONE
    weights: Formula = ONE
    match name, given:
        case "count", [Name(name=table)] if "." not in table:
            return _made("count", {table}, of, where, weights)
        case "sum" | "mean" | "min" | "max" as how, [of]:
            return _made(how, _tables(of), of, where, weights)
        case "weighted_mean", [of, Comparison(left=Name(name="weights"), by="=", right=weights)]:
            return _made("weighted_mean", _tables(of), of, where, weights)
        case _:
            return None


def _made(how: Gathering, tables: set[str], of: Formula, where: Formula, weights: Formula) -> Formula | Words:
    if not tables:
        return NO_COLUMN
    table, *others = sorted(tables)
    if others:
        return TWO_TABLES.fill(a=table, b=others[0])
    # else a short formula could take a year: the records of one table for each record of another, and again
    if any(isinstance(one, Gathered) for part in (of, where, weights) for one in everything(part)):
        return WITHIN
    return Gathered(how, table, of, where, weights)


def _tables(formula: Formula) -> set[str]:
    """The tables whose columns a formula reads; the points of a node are named in brackets."""
    return {name.partition(".")[0] for name in names(formula) if "." in name and "(" not in name}
