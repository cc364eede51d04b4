"""The functions of the formula language.

In: the name of a function, and the shapes of its arguments. Out: the shape that it stands for, or None where it is not
written so.
Nothing is computed here, and no place in a text is known.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from perfscore.formula.shapes import (
    Absolute,
    Ceil,
    Comparison,
    Constant,
    Elapsed,
    Floor,
    Formula,
    Given,
    Greatest,
    Least,
    Name,
    Round,
    Text,
)

NAMED = frozenset(("short_month",))
"""Arguments that are written with their names."""


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
        case [start, end, Comparison(right=Text(value="last-day" | "next-day" as short)) as said] if is_named(said):
            return Elapsed(start, end, "months", short)
        case _:
            return None


def is_named(argument: Formula) -> bool:
    """Whether an argument is one that is given by its name, as in `short_month = "last-day"`."""
    match argument:
        case Comparison(left=Name(name=name), by="="):
            return name in NAMED
        case _:
            return False


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


FUNCTIONS: dict[str, Callable[[list[Formula]], Formula | None]] = {
    "min": lambda given: Least(tuple(given)) if len(given) > 1 else None,
    "max": lambda given: Greatest(tuple(given)) if len(given) > 1 else None,
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
}
USES = {
    "min": "min(a, b)",
    "max": "max(a, b)",
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
}
