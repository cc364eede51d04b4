"""The JSON Schema of the rule file, for editors that complete and check TOML.

In: the classes that read a rule file, and the installed kinds of criterion. Out: the schema, as plain data or as JSON.
Nothing is listed here: keys, types, words to choose from and descriptions are those of the classes. A schema says what a
value looks like; whether a formula can be read and a rule makes sense is for `check` to say.

A file that extends another may leave out whatever it takes from there. So tables require nothing, and the `else` of the
whole schema, for a file that extends none, says what must be there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, fields, has

from perfscore.criteria import chinese_page_of, kinds, page_of
from perfscore.criterion import Amount, Condition, Criterion, Named, Points, Rows, written_name
from perfscore.rulefile.merging import NAMES_OF_ITS_OWN
from perfscore.rulefile.tables import IndicatorTable, RuleFile
from perfscore.words import Words

Schema: TypeAlias = dict[str, Any]

FILE = "rulebook.schema.json"
DRAFT = "http://json-schema.org/draft-07/schema#"
_ANY: Schema = {"additionalProperties": True}
"""Tables with any keys: some tools take a table whose keys are not spoken of for one that has no others."""
_SCALARS: Mapping[Any, Schema] = {
    **{text: {"type": "string"} for text in (str, Named, Rows, Condition)},
    **{figure: {"anyOf": [{"type": "number"}, {"type": "string"}]} for figure in (Amount, Points)},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Fraction: {"type": "number"},
    date: {"type": "string", "format": "date"},
    object: _ANY,
}
_EXTENDING: Schema = {
    "required": ["rulebook"],
    "properties": {"rulebook": {"required": ["extends"], **_ANY}},
    **_ANY,
}
_CRITERION = {"$ref": "#/definitions/criterion"}
_INDICATOR = {"$ref": "#/definitions/indicator"}
_NEEDED_OF_INDICATOR = {"$ref": "#/definitions/needed-of-indicator"}


def schema_text() -> str:
    """The schema as it stands in a file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def notes(table: type) -> dict[str, Words]:
    """What is said of the keys of a table; of those of another package's kind there may be nothing."""
    said = {key: _note(hint) for key, (_, hint) in _keys(table).items()}
    return {key: note for key, note in said.items() if note is not None}


def schema() -> Schema:
    """The schema of a rule file, with every installed kind."""
    root = _table(RuleFile, whole=False)
    root["properties"]["rulebook"]["required"] = list(NAMES_OF_ITS_OWN)
    return {
        "$schema": DRAFT,
        "title": "perfscore 规则文件 · rule file",
        "x-tombi-toml-version": "v1.1.0",
        **root,
        "required": ["format", "rulebook"],
        "if": _EXTENDING,
        "then": _ANY,
        "else": _needed(RuleFile),
        "definitions": {
            "indicator": _table(IndicatorTable, whole=False) | {"additionalProperties": _INDICATOR},
            "needed-of-indicator": _needed_in(IndicatorTable) | {"additionalProperties": _NEEDED_OF_INDICATOR},
            "criterion": _criterion(),
        },
    }


def _criterion() -> Schema:
    """A criterion: the kinds, each with its keys.

    What a kind must say stands beside its keys and not among them: so an editor knows the kind that is being written
    while half of it is missing, and a file that extends another may leave the kind out.
    """
    known = kinds()
    return {
        "type": "object",
        "title": "评分标准 · criterion",
        "description": _described(notes(IndicatorTable)["criterion"]),
        "properties": {
            "kind": {
                "type": "string",
                "title": "计分方式 · kind",
                "enum": list(known),
                "x-taplo": {"docs": {"enumValues": [_title_of(one) for one in known.values()]}},
            }
        },
        **_ANY,
        "anyOf": [*(_kind(name, one) for name, one in known.items()), _unknown_kind(known)],
        "allOf": [
            {"if": {"required": ["kind"], "properties": {"kind": {"const": name}}, **_ANY}, "then": needed}
            for name, one in known.items()
            if (needed := _needed_in(one)) != _ANY
        ],
    }


def _unknown_kind(known: Mapping[str, type[Criterion]]) -> Schema:
    """So that of a kind that is none only that is told, and not once for each kind that it is not."""
    return {"type": "object", "required": ["kind"], "properties": {"kind": {"not": {"enum": list(known)}}}, **_ANY}


def _kind(name: str, kind: type[Criterion]) -> Schema:
    table = _table(kind, whole=False)
    title = _title_of(kind)
    return {
        **table,
        "title": title,
        "description": chinese_page_of(kind) or page_of(kind),
        "properties": {"kind": {"type": "string", "const": name, "description": title}, **table["properties"]},
    }


def _title_of(kind: type[Criterion]) -> str:
    return page_of(kind).partition("\n")[0].rstrip(".")


def _table(cls: type, *, whole: bool) -> Schema:
    """A table by its class: its keys, and nothing else; `whole` where nothing of it can stand in another file."""
    known = _keys(cls)
    table: Schema = {
        "type": "object",
        "properties": {key: _key(one, hint, whole=whole) for key, (one, hint) in known.items()},
        "additionalProperties": False,
    }
    return table | {"required": _required(cls)} if whole else table


def _required(cls: type) -> list[str]:
    return [key for key, (one, _) in _keys(cls).items() if one.default is NOTHING]


def _keys(cls: type) -> dict[str, tuple[Attribute[Any], Any]]:
    """The fields of a class by the keys that they are written as, with their types and what is said of them."""
    hints = get_type_hints(cls, include_extras=True)
    return {written_name(one): (one, hints[one.name]) for one in fields(cls)}


def _key(one: Attribute[Any], hint: Any, *, whole: bool) -> Schema:
    said: Schema = {}
    if (note := _note(hint)) is not None:
        said["description"] = _described(note)
    if isinstance(one.default, str | int) and one.default != 0:
        said["default"] = one.default
    return said | _value(hint, whole=whole)


def _value(hint: Any, *, whole: bool) -> Schema:
    """What a value of a type looks like."""
    kind, *others = _parts(hint)
    if others:
        return {"anyOf": [_value(one, whole=whole) for one in (kind, *others)]}
    if kind in _SCALARS:
        return _SCALARS[kind]
    if kind is Criterion:
        return _CRITERION
    if kind is IndicatorTable:
        return _INDICATOR
    arguments = get_args(kind)
    if get_origin(kind) is Literal:
        return {"type": "string" if isinstance(arguments[0], str) else "integer", "enum": list(arguments)}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _value(arguments[0], whole=True)}
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": _value(arguments[1], whole=whole)}
    return _table(kind, whole=whole)


def _parts(hint: Any) -> list[Any]:
    """The types that a value may have, one beside the other, without what is said of them."""
    if get_origin(hint) is Annotated:
        return _parts(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return [part for one in get_args(hint) if one is not type(None) for part in _parts(one)]
    return [hint]


def _note(hint: Any) -> Words | None:
    """What is said of a key beside its type; a kind of another package may say nothing."""
    if get_origin(hint) is Annotated:
        return next((one for one in hint.__metadata__ if isinstance(one, Words)), None)
    return next((note for one in get_args(hint) if (note := _note(one)) is not None), None)


def _described(note: Words) -> str:
    return f"{note.zh}\n\n{note.en}"


def _needed(hint: Any) -> Schema:
    """What must be there in a file that extends none."""
    for one in _parts(hint):
        if one is IndicatorTable:
            return _NEEDED_OF_INDICATOR
        if one is Criterion:
            return {"required": ["kind"], **_ANY}
        if get_origin(one) is Mapping and (inner := _needed(get_args(one)[1])) != _ANY:
            return {"additionalProperties": inner}
        if one not in _SCALARS and has(one):
            return _needed_in(one)
    return _ANY


def _needed_in(cls: type) -> Schema:
    needed = {key: _needed(hint) for key, (_, hint) in _keys(cls).items()}
    asking = {key: one for key, one in needed.items() if one != _ANY or cls is IndicatorTable}
    required = _required(cls)
    return ({"required": required} if required else {}) | ({"properties": asking} if asking else {}) | _ANY
