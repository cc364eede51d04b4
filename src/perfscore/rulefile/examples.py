"""Read the worked examples of a rule file.

In: one `[[examples]]` table. Out: a `WorkedExample`: facts and answers as a facts file writes them, and what they
must give. No example is run here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from perfscore.diagnostic import KeyPath
from perfscore.frozen import Frozen
from perfscore.quantity import exact
from perfscore.rulebook import WorkedExample
from perfscore.rulefile.table import Complain, missing_key, read_as, unknown_key
from perfscore.rulefile.tables import ExampleTable, Given, keys
from perfscore.rulefile.written import WrittenScope

_KEYS = keys(ExampleTable)


def read_example(table: object, at: KeyPath, complain: Complain) -> WorkedExample | None:
    """The example, or None after complaining."""
    if not isinstance(table, Mapping):
        read_as(tuple[str, ...], table, at, complain)
        return None
    for key in table:
        if key not in _KEYS:
            complain(unknown_key(key, dict.fromkeys(_KEYS), at))
    if "title" not in table:
        complain(missing_key("title", at))
        return None
    title = read_as(str, table["title"], (*at, "title"), complain)
    points = _numbers(table.get("points", {}), (*at, "points"), complain)
    score = read_as(Fraction, table["score"], (*at, "score"), complain) if "score" in table else None
    rating = read_as(str, table["rating"], (*at, "rating"), complain) if "rating" in table else None
    state = _states(table.get("state", {}), (*at, "state"), complain)
    if title is None:
        return None
    return WorkedExample(
        title=title,
        facts=_frozen(table.get("facts", {}), (*at, "facts"), complain),
        answers=_frozen(table.get("answers", {}), (*at, "answers"), complain),
        points=points,
        state=state,
        score=score,
        rating=rating,
        subject=_frozen(table.get("subject", {}), (*at, "subject"), complain),
        review=_list(table.get("review", []), (*at, "review"), complain),
        cohort=_list(table.get("cohort", []), (*at, "cohort"), complain),
    )


def _numbers(table: object, at: KeyPath, complain: Complain) -> Frozen[str, Fraction]:
    found = ((key, read_as(Fraction, value, (*at, key), complain)) for key, value in _items(table, at, complain))
    return Frozen({key: value for key, value in found if value is not None})


def _states(table: object, at: KeyPath, complain: Complain) -> Frozen[str, str]:
    state: Any = Given
    found = ((key, read_as(state, value, (*at, key), complain)) for key, value in _items(table, at, complain))
    return Frozen({key: value for key, value in found if value is not None})


def _frozen(table: object, at: KeyPath, complain: Complain) -> Frozen[str, object]:
    return Frozen({key: freeze(value) for key, value in _items(table, at, complain)})


def _items(table: object, at: KeyPath, complain: Complain) -> list[tuple[str, object]]:
    if isinstance(table, Mapping):
        return list(table.items())
    read_as(WrittenScope, table, at, complain)
    return []


def _list(value: object, at: KeyPath, complain: Complain) -> tuple[object, ...]:
    if not isinstance(value, list):
        read_as(tuple[str, ...], value, at, complain)
        return ()
    for index, one in enumerate(value):
        if not isinstance(one, Mapping):
            read_as(WrittenScope, one, (*at, index), complain)
    return tuple(freeze(one) for one in value if isinstance(one, Mapping))


def freeze(value: object) -> object:
    """Plain data that cannot change: frozen tables, lists as tuples, numbers exact."""
    match value:
        case Mapping():
            return Frozen({key: freeze(inner) for key, inner in value.items()})
        case list():
            return tuple(freeze(inner) for inner in value)
        case Decimal():
            return exact(value)
        case _:
            return value


def thaw(value: object) -> object:
    """Plain data as it was before `freeze`, numbers as fractions."""
    match value:
        case Mapping():
            return {key: thaw(inner) for key, inner in value.items()}
        case tuple():
            return [thaw(inner) for inner in value]
        case _:
            return value
