"""Which keys a table of a rule file may have, and what stands at each.

In: a key path, and the values of the file as far as they can be read. Out: the type of what may stand there, and the keys
of a table with what each is for.
The classes that read a rule file are walked along the path; beside them only those fields are named that hold the name of
something, since to a reader such a name is a text like any other.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, frozen, has

from perfscore.criteria import kind_named, page_of
from perfscore.criterion import Amount, Cell, Condition, Criterion, Points, written_name
from perfscore.diagnostic import KeyPath
from perfscore.errors import UnknownKindError
from perfscore.rulefile import written
from perfscore.rulefile.schema import notes
from perfscore.rulefile.tables import ExampleTable, Given, IndicatorTable, RuleFile
from perfscore.rulefile.tree import ATTRIBUTES
from perfscore.words import Words

Hint: TypeAlias = Any
"""What may stand at a key: a type, as the classes that read rule files name it."""


class Kind(str):
    """A kind of criterion, by its name."""

    __slots__ = ()


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
    """A key that a table may have, and what it is for."""

    name: str
    hint: Hint
    required: bool = False
    default: object = None
    says: Words | None = None


_POINTING: Mapping[tuple[type, str], Hint] = {
    (written.WrittenRulebook, "by"): Name,
    (written.WrittenRulebook, "once"): tuple[Indicator, ...],
    (written.WrittenParameter, "by"): Name,
    (written.WrittenNode, "by"): Name,
    (written.WrittenNode, "basis"): tuple[BasisId, ...],
    (IndicatorTable, "target"): Condition,
    (written.WrittenAdjustment, "basis"): tuple[BasisId, ...],
    (written.WrittenAdjustment, "zero"): tuple[Indicator, ...],
    (written.WrittenAdjustment, "cap"): Mapping[Indicator, Points],
    (written.WrittenAdjustment, "cap_rating"): RatingName,
    (written.WrittenAdjustment, "set_rating"): RatingName,
    (written.WrittenGoal, "indicators"): tuple[Indicator, ...],
    (written.WrittenScope, "indicators"): tuple[Indicator, ...],
    (ExampleTable, "facts"): Mapping[Name, object],
    (ExampleTable, "answers"): Mapping[Indicator, object],
    (ExampleTable, "points"): Mapping[Indicator, Amount],
    (ExampleTable, "state"): Mapping[Indicator, Given],
    (ExampleTable, "rating"): RatingName,
}
_KIND = Words(zh="计分方式", en="the kind of criterion")


def hint_at(at: KeyPath, values: Mapping[str, object]) -> Hint:
    """What may stand at a key path, or None."""
    hint: Hint = RuleFile
    for end, key in enumerate(at):
        hint = _step(hint, key, at[:end], values)
    return hint


def key_at(at: KeyPath, values: Mapping[str, object]) -> Key | None:
    """The key at a key path, if that is one that a class reads."""
    if not at or not isinstance(at[-1], str):
        return None
    return next((one for one in keys_in(at[:-1], values) if one.name == at[-1]), None)


def keys_in(table: KeyPath, values: Mapping[str, object]) -> tuple[Key, ...]:
    """The keys that the table at a key path may have."""
    for one in _parts(hint_at(table, values)):
        if one is Criterion:
            kind = kind_at(table, values)
            return (Key("kind", Kind, True, says=_KIND), *(() if kind is None else _keys(kind)))
        if _is_table(one):
            return tuple(_keys(one))
    return ()


def is_node(table: KeyPath) -> bool:
    """Whether a key path under `indicators` is one of an indicator, and not of something it says."""
    below = table[1:]
    return (
        bool(below) and table[0] == "indicators" and not any(one in ATTRIBUTES or isinstance(one, int) for one in below)
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
    words: list[str] = []
    for one in _parts(hint):
        words += [word for word in get_args(one) if isinstance(word, str)] if _origin(one) is Literal else []
    return tuple(words)


def means(hint: Hint, *kinds: type) -> bool:
    """Whether one of some types may stand here, alone or in a list."""
    return any(one in kinds or (_origin(one) is tuple and means(get_args(one)[0], *kinds)) for one in _parts(hint))


def means_key(hint: Hint, kind: type) -> bool:
    """Whether the keys of a table are of some type."""
    return any(_origin(one) is _MAPPING and get_args(one)[0] is kind for one in _parts(hint))


def is_cell(hint: Hint) -> bool:
    """Whether a choice stands here, alone or in a list of several, as in a table of cases."""
    return hint in (Cell, str | bool)


def kind_at(at: KeyPath, values: Mapping[str, object]) -> type[Criterion] | None:
    """The kind of the criterion at a key path, where it names one that there is."""
    table = value_at(at, values)
    said = table.get("kind") if isinstance(table, Mapping) else None
    try:
        return kind_named(said) if isinstance(said, str) else None
    except UnknownKindError:
        return None


def title_of(kind: type[Criterion]) -> str:
    """The first line of a kind's page."""
    return page_of(kind).partition("\n")[0].rstrip(".")


def parts_of(hint: Hint) -> tuple[Hint, ...]:
    """The types that a value may have, one beside the other, without what is said of them."""
    return tuple(_parts(hint))


_MAPPING = get_origin(Mapping[str, str])


def _step(hint: Hint, key: str | int, at: KeyPath, values: Mapping[str, object]) -> Hint:
    """What may stand at a key of what stands at `at`."""
    for one in _parts(hint):
        origin = _origin(one)
        if isinstance(key, int):
            if origin is tuple:
                return get_args(one)[0]
        elif origin is _MAPPING:
            return get_args(one)[1]
        elif one is Criterion:
            kind = kind_at(at, values)
            known = {} if kind is None else {each.name: each.hint for each in _keys(kind)}
            return Kind if key == "kind" else known.get(key)
        elif _is_table(one):
            found = next((each.hint for each in _keys(one) if each.name == key), None)
            return IndicatorTable if found is None and one is IndicatorTable else found
    return None


def _keys(cls: type) -> Iterator[Key]:
    hints, said = get_type_hints(cls), notes(cls)
    for one in fields(cls):
        if one.name == "kind":
            continue
        name = written_name(one)
        pointing = next((_POINTING[base, one.name] for base in cls.__mro__ if (base, one.name) in _POINTING), None)
        default = None if one.default is NOTHING else one.default
        yield Key(name, pointing or hints[one.name], one.default is NOTHING, default, said.get(name))


def _parts(hint: Hint) -> Iterator[Hint]:
    if _origin(hint) is Annotated:
        yield from _parts(get_args(hint)[0])
    elif _origin(hint) in (Union, types.UnionType) and hint != Cell:
        for one in get_args(hint):
            if one is not type(None):
                yield from _parts(one)
    elif hint is not None:
        yield hint


def _is_table(hint: Hint) -> bool:
    return isinstance(hint, type) and has(hint) and hint not in (Amount, Condition, Points)


def _origin(hint: Hint) -> Any:
    return get_origin(hint)
