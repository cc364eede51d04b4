"""Which keys a table of a rule file may have, and what stands at each.

In: the key path of a table, and the values of the file as far as they can be read. Out: its keys with their types.
The fields of the classes that read a rule file are its keys: only which class reads which table is said here.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, frozen, has

from perfscore.criteria import kind_named, page_of
from perfscore.criterion import Amount, Cell, Condition, Criterion, Points, written_name
from perfscore.diagnostic import KeyPath
from perfscore.errors import UnknownKindError
from perfscore.indicator import Inapplicable
from perfscore.rulefile import written
from perfscore.rulefile.decode import TABLES
from perfscore.rulefile.examples import KEYS, Given
from perfscore.rulefile.tree import ATTRIBUTES, DEFAULT_FORMS
from perfscore.words import Words

Hint: TypeAlias = Any
"""What may stand at a key: a type, as the classes that read rule files name it."""


class Name(str):
    """A figure, by its name: where the head of the file or a table points at one."""

    __slots__ = ()


class Indicator(str):
    """An indicator, by its id: where one is pointed at."""

    __slots__ = ()


class BasisId(str):
    """A law or document, by its id."""

    __slots__ = ()


class RatingName(str):
    """A step of the scale of ratings."""

    __slots__ = ()


@frozen
class Key:
    """A key that a table may have."""

    name: str
    hint: Hint
    required: bool = False
    default: object = None
    owner: type | None = None
    says: Words | None = None
    """What it means, where its class says so."""


@frozen
class _Table:
    """A class that reads a table, and the keys that are read beside it."""

    cls: type
    beside: Mapping[str, Hint] = {}


_OWN: Mapping[str, Hint] = {
    "weight": Points,
    "measure": Amount | written.WrittenOwnInput,
    "target": Condition,
    "criterion": Criterion,
    "not_applicable": get_args(Inapplicable)[0] | written.WrittenFixed,
}
_POINTED_AT: Mapping[tuple[type, str], Hint] = {
    (written.WrittenNode, "basis"): tuple[BasisId, ...],
    (written.WrittenAdjustment, "basis"): tuple[BasisId, ...],
    (written.WrittenAdjustment, "zero"): tuple[Indicator, ...],
    (written.WrittenAdjustment, "cap_rating"): RatingName,
    (written.WrittenAdjustment, "set_rating"): RatingName,
    (written.WrittenGoal, "indicators"): tuple[Indicator, ...],
    (written.WrittenScope, "indicators"): tuple[Indicator, ...],
    (written.WrittenRulebook, "once"): tuple[Indicator, ...],
    (written.WrittenRulebook, "by"): Name,
    (written.WrittenParameter, "by"): Name,
    (written.WrittenNode, "by"): Name,
}
_MAPPING = get_origin(Mapping[str, str])
_NAMED: Mapping[str, _Table] = {
    "basis": _Table(written.WrittenBasis),
    "inputs": _Table(written.WrittenInput),
    "measures": _Table(written.WrittenMeasure),
    "parameters": _Table(written.WrittenParameter, {"values": Mapping[str, Amount]}),
    "checks": _Table(written.WrittenCheck),
    "goals": _Table(written.WrittenGoal),
    "scope": _Table(written.WrittenScope),
}
_EXAMPLE: Mapping[str, Hint] = {
    "points": Mapping[Indicator, Amount],
    "state": Mapping[Indicator, Given],
    "rating": RatingName,
    "score": Amount,
}


def key_at(at: KeyPath, values: Mapping[str, object]) -> Key | None:
    """The key at a key path, if that is one that a class reads."""
    if not at or not isinstance(at[-1], str):
        return None
    return next((one for one in keys_in(at[:-1], values) if one.name == at[-1]), None)


def hint_at(at: KeyPath, values: Mapping[str, object]) -> Hint:
    """What may stand at a key path, or None."""
    if at and isinstance(at[-1], int):
        return _element(hint_at(at[:-1], values))
    found = key_at(at, values)
    if found is not None:
        return found.hint
    outer = hint_at(at[:-1], values) if at else None
    return get_args(outer)[1] if origin_of(outer) is _MAPPING else None


def keys_in(table: KeyPath, values: Mapping[str, object]) -> tuple[Key, ...]:
    """The keys that the table at a key path may have."""
    match table:
        case ():
            return tuple(Key(one, dict, one in ("format", "rulebook", "indicators")) for one in TABLES)
        case ("rulebook",):
            return (
                *_fields(written.WrittenRulebook),
                *_fields(written.WrittenExtends, required=False),
                Key("defaults", dict),
            )
        case ("rulebook", "defaults"):
            return tuple(Key(one, Criterion) for one in DEFAULT_FORMS)
        case ("ratings",):
            return _fields(written.WrittenRatings)
        case ("adjustments", int()):
            return (*_fields(written.WrittenAdjustment), Key("cap", Mapping[Indicator, Points]))
        case ("examples", int()):
            return tuple(Key(one, _EXAMPLE.get(one, str), one == "title") for one in KEYS)
        case ("parameters", _, "values", int()) | ("parameters", _, "values", _, int()):
            return (*_fields(written.WrittenDated), Key("value", Amount, True))
        case ("inputs", _, "columns", _):
            return _fields(written.WrittenColumn)
        case (str() as section, _) if section in _NAMED:
            table_of = _NAMED[section]
            return (*_fields(table_of.cls), *(Key(name, hint, True) for name, hint in table_of.beside.items()))
        case ("indicators", _, *_) if is_node(table, values):
            return (
                *_fields(written.WrittenNode),
                *(Key(name, hint, owner=written.WrittenNode) for name, hint in _OWN.items()),
            )
        case _:
            return _inside(hint_at(table, values), table, values)


def is_node(table: KeyPath, values: Mapping[str, object]) -> bool:
    """Whether a key path under `indicators` is one of an indicator, and not of something it says."""
    return (
        len(table) > 1
        and table[0] == "indicators"
        and not any(one in ATTRIBUTES or isinstance(one, int) for one in table[1:])
    )


def value_at(at: KeyPath, values: Mapping[str, object]) -> object:
    """The value at a key path, or None."""
    found: Any = values
    for key in at:
        match found, key:
            case Mapping(), str() if key in found:
                found = found[key]
            case list(), int() if key < len(found):
                found = found[key]
            case _:
                return None
    return found


def choices_of(hint: Hint) -> tuple[str, ...]:
    """The words of which one stands here, if it is a choice of words."""
    if origin_of(hint) is Literal:
        return tuple(one for one in get_args(hint) if isinstance(one, str))
    return tuple(word for one in _alternatives(hint) for word in choices_of(one))


def means(hint: Hint, *kinds: type) -> bool:
    """Whether one of some types may stand here, alone or in a list."""
    if origin_of(hint) is tuple:
        return means(get_args(hint)[0], *kinds)
    return hint in kinds or any(means(one, *kinds) for one in _alternatives(hint))


def is_cell(hint: Hint) -> bool:
    """Whether a choice stands here, alone or in a list of several, as in a table of cases."""
    return hint in (Cell, str | bool)


def about(owner: type) -> str:
    """The first line that a class says of itself."""
    return (inspect.getdoc(owner) or "").partition("\n")[0]


def kind_at(at: KeyPath, values: Mapping[str, object]) -> type[Criterion] | None:
    """The kind of the criterion at a key path, where it names one that there is."""
    table = value_at(at, values)
    said = table.get("kind") if isinstance(table, Mapping) else None
    try:
        return kind_named(said) if isinstance(said, str) else None
    except UnknownKindError:
        return None


def _inside(hint: Hint, table: KeyPath, values: Mapping[str, object]) -> tuple[Key, ...]:
    if hint is Criterion:
        kind = kind_at(table, values)
        return (Key("kind", Criterion, True), *(() if kind is None else _fields(kind)))
    for one in (hint, *_alternatives(hint)):
        if isinstance(one, type) and has(one) and one not in (Amount, Condition, Points):
            return _fields(one)
    return ()


def _fields(cls: Hint, required: bool = True) -> tuple[Key, ...]:
    hints = get_type_hints(cls)
    return tuple(
        Key(
            written_name(one),
            _POINTED_AT.get((cls, one.name), hints[one.name]),
            required and one.default is NOTHING,
            None if one.default is NOTHING else one.default,
            cls,
            one.metadata.get("says"),
        )
        for one in fields(cls)
        if one.name != "kind"
    )


def _element(hint: Hint) -> Hint:
    for one in (hint, *_alternatives(hint)):
        if origin_of(one) is tuple:
            return get_args(one)[0]
    return None


def _alternatives(hint: Hint) -> Iterator[Hint]:
    if origin_of(hint) in (Union, types.UnionType):
        yield from (one for one in get_args(hint) if one is not type(None))


def title_of(kind: type[Criterion]) -> str:
    """The first line of a kind's page."""
    return page_of(kind).partition("\n")[0].rstrip(".")


def origin_of(hint: Hint) -> Any:
    """What a type is made with: `tuple` of a list, `Literal` of a choice of words."""
    return get_origin(hint)
