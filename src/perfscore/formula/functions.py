"""The functions of the formula language, by their names.

In: the shapes of the arguments of a call. Out: the shape that the call stands for; None where it is written in another
way (`USES` says how), or words where it cannot be meant.
Nothing is computed here, and no place in a text is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import get_args

from attrs import evolve

from perfscore.formula.inexact import called
from perfscore.formula.shapes import (
    ALWAYS,
    ONE,
    Absolute,
    Ceil,
    Compared,
    Comparison,
    Constant,
    Elapsed,
    Floor,
    Formula,
    Gathered,
    Gathering,
    Given,
    Greatest,
    Least,
    Name,
    Peers,
    Round,
    Text,
)
from perfscore.formula.walking import everything, names
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


def _days(given: list[Formula]) -> Formula | None:
    return Elapsed(given[0], given[1], "days") if len(given) == 2 else None


def _months(given: list[Formula]) -> Formula | None:
    match given:
        case [start, end]:
            return Elapsed(start, end, "months")
        case [
            start,
            end,
            Comparison(left=Name(name="short_month"), by="=", right=Text(value="last-day" | "next-day" as short)),
        ]:
            return Elapsed(start, end, "months", short)
        case _:
            return None


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
    "days": _days,
    "months": _months,
    "points": _of_node("points"),
    "share": _of_node("share"),
    "sqrt": called("sqrt"),
    "pow": called("pow"),
    "ln": called("ln"),
    "exp": called("exp"),
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
    "days": "days(a, b)",
    "months": 'months(a, b) / months(a, b, short_month = "last-day") / months(a, b, short_month = "next-day")',
    "points": 'points("a.b")',
    "share": 'share("a.b")',
    "sqrt": "sqrt(a)",
    "pow": "pow(a, 1.5)",
    "ln": "ln(a)",
    "exp": "exp(a)",
    "count": "count(projects where projects.late)",
    "sum": "sum(projects.amount where projects.late)",
    "mean": "mean(projects.rate)",
    "weighted_mean": "weighted_mean(projects.rate, weights = projects.amount)",
}
PEERS_USES = {
    **{one: f"peers.{one}(x)" for one in get_args(Compared)},
    "rank": 'rank(x, best = "high", ties = "shared")',
    "trimmed_mean": "peers.trimmed_mean(x, low = 1, high = 1)",
}
NAMED: Mapping[str, tuple[str, ...]] = {
    "months": ("short_month",),
    "weighted_mean": ("weights",),
    "peers": ("best", "ties", "low", "high", "by"),
}
"""Arguments that are written with their names, as in `short_month = "last-day"`."""


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


def peers_of(what: str, of: Formula, named: dict[str, Formula]) -> Peers | None:
    """The shape of a comparison with others; None where a word is missing, unknown or not what it should be."""
    match what, named:
        case "rank", {
            "best": Text(value="high" | "low" as best),
            "ties": Text(value="shared" | "dense" | "average" as ties),
            **rest,
        }:
            made = Peers("rank", of, best=best, ties=ties)
        case "trimmed_mean", {"low": Constant() as low, "high": Constant() as high, **rest}:
            if not all(one.value.denominator == 1 and one.value >= 0 and one.written == "plain" for one in (low, high)):
                return None
            made = Peers("trimmed_mean", of, low=int(low.value), high=int(high.value))
        case "mean" | "max" | "min" | "count", {**rest}:
            made = Peers(what, of)
        case _:
            return None
    by = rest.pop("by", None)
    return evolve(made, by=by) if not rest and (by is None or isinstance(by, Name)) else None
