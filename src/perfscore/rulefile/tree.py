"""Decode the tree of indicators: the table headers are the hierarchy.

In: the `[indicators]` table. Out: draft nodes; a table with a name is a child, any other must be an attribute.
What is neither is complained about with the attribute that was probably meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, fields

from perfscore.criteria import kind_named, kind_names
from perfscore.criterion import Amount, Criterion, written_name
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.errors import UnknownKindError
from perfscore.formula.lowering import FormulaError
from perfscore.formula.shapes import Formula
from perfscore.formula.syntax import parse_condition
from perfscore.indicator import Input
from perfscore.rulefile.draft import DraftNode
from perfscore.rulefile.figures import input_of
from perfscore.rulefile.naming import check_id, not_yet
from perfscore.rulefile.table import (
    FORMULA_UNREADABLE,
    Complain,
    missing_key,
    quoted,
    read_as,
    read_what_stands,
    unknown_key,
)
from perfscore.rulefile.written import LATER, WrittenNode, WrittenOwnInput, WrittenScope
from perfscore.words import Words, nearest, visible

UNKNOWN_KIND = Code("PS118", "unknown-kind", Words(zh="没有这种计分方式。", en="There is no such kind of criterion."))
NAME_MISSING = Code(
    "PS119",
    "indicator-without-name",
    Words(
        zh="指标要有 name；没有 name 的子表只能是指标的属性。",
        en="An indicator has a name; a table without one can only be an attribute.",
    ),
)

_OWN = frozenset(("measure", "target", "criterion"))
ATTRIBUTES = (*(written_name(one) for one in fields(WrittenNode)), *sorted(_OWN))


def read_members(values: Mapping[str, object], complain: Complain) -> tuple[DraftNode, ...]:
    """Every top-level node, with what is under it."""
    if "indicators" not in values:
        complain(missing_key("[indicators]", ()))
        return ()
    table = values["indicators"]
    if not isinstance(table, Mapping):
        read_as(WrittenScope, table, ("indicators",), complain)
        return ()
    return tuple(
        _node(key, inner, ("indicators", key), (), complain)
        for key, inner in table.items()
        if _is_child(key, inner, ("indicators",), complain, root=True)
    )


def _is_child(key: str, inner: object, at: KeyPath, complain: Complain, *, root: bool = False) -> bool:
    """Whether a key under an indicator is a child: a table with a name. What is neither that nor an attribute is
    complained about.
    """
    if isinstance(inner, Mapping) and "name" in inner and key not in ATTRIBUTES:
        return True
    if isinstance(inner, Mapping) and (root or nearest(key, ATTRIBUTES) is None):
        complain(
            Diagnostic(
                NAME_MISSING,
                (*at, key),
                Words(zh="指标 “{id}” 没有 name", en="the indicator “{id}” has no name").fill(id=visible(key)),
                Words(zh='写 name = "…"', en='write name = "…"'),
                part="key",
            )
        )
        return bool(
            root or {"weight", "criterion"} & inner.keys() or any(isinstance(one, Mapping) for one in inner.values())
        )
    complain(unknown_key(key, dict.fromkeys(ATTRIBUTES), at))
    return False


def misspelt(attribute: str, table: Mapping[str, object]) -> bool:
    """Whether a key was probably meant for an attribute; the key is told, so the absence is no second mistake."""
    return any(key not in ATTRIBUTES and nearest(key, ATTRIBUTES) == attribute for key in table)


def _node(key: str, table: Any, at: KeyPath, above: tuple[str, ...], complain: Complain) -> DraftNode:
    check_id(key, at, complain)
    path = (*above, key)
    id = ".".join(path)
    members = []
    others: set[str] = set()
    for inner_key, inner in table.items():
        if inner_key in LATER["indicator"] and not (isinstance(inner, Mapping) and "name" in inner):
            complain(not_yet((*at, inner_key)))
            others.add(inner_key)
        elif inner_key not in ATTRIBUTES:
            others.add(inner_key)
            if _is_child(inner_key, inner, at, complain):
                members.append(_node(inner_key, inner, (*at, inner_key), path, complain))
    named = {"name": key, **table}  # a missing name was told above, at the table itself
    written = read_what_stands(WrittenNode, named, at, complain, skip=frozenset(others) | _OWN)
    node = DraftNode(id=id, at=at, table=table, members=tuple(members))
    if written is not None:
        node = evolve(
            node,
            name=written.name,
            weight=written.weight,
            clause=written.clause,
            basis=written.basis,
            unit=written.unit,
            missing=written.missing,
            undefined=written.undefined,
            note=written.note,
        )
    text = written.target_text if written else None
    return _with_criterion(evolve(node, target_text=text), complain)


def _with_criterion(node: DraftNode, complain: Complain) -> DraftNode:
    table = node.table
    criterion = _criterion(table["criterion"], (*node.at, "criterion"), complain) if "criterion" in table else None
    measure = _measured(node, complain) if "measure" in table else None
    target, text = (
        _target(node, measure is not None or "measure" in table, complain) if "target" in table else (None, None)
    )
    words = node.target_text or (text if target is None else None)
    return evolve(node, criterion=criterion, measure=measure, target=target, target_text=words)


def _criterion(table: object, at: KeyPath, complain: Complain) -> Criterion | None:
    if not isinstance(table, Mapping) or "kind" not in table:
        if isinstance(table, Mapping):
            complain(missing_key("kind", at))
        else:
            read_as(WrittenScope, table, at, complain)
        return None
    try:
        cls = kind_named(str(table["kind"]))
    except UnknownKindError as error:
        complain(
            Diagnostic(
                UNKNOWN_KIND,
                (*at, "kind"),
                Words(zh="没有计分方式 {k}", en="there is no kind {k}").fill(k=quoted(table["kind"])),
                Words(zh='写 kind = "{near}"', en='write kind = "{near}"').fill(near=error.near)
                if error.near
                else Words(zh="可用：{all}", en="there are: {all}").fill(all=", ".join(kind_names())),
            )
        )
        return None
    return read_as(cls, table, at, complain, skip=frozenset(("kind",)))


def _measured(node: DraftNode, complain: Complain) -> Formula | Input | None:
    at = (*node.at, "measure")
    written = node.table["measure"]
    if isinstance(written, Mapping):
        own = read_as(WrittenOwnInput, written, at, complain)
        return None if own is None else input_of(node.id, node.label, own, at, complain)
    amount = read_as(Amount, written, at, complain)
    return None if amount is None else amount.formula


def _target(node: DraftNode, measured: bool, complain: Complain) -> tuple[Formula | None, str | None]:
    """The target as a condition where there is a measure, else as words."""
    at = (*node.at, "target")
    text = read_as(str, node.table["target"], at, complain)
    if text is None or not measured:
        return None, text
    try:
        return parse_condition(text).formula, text
    except FormulaError as error:
        hint = error.hint or Words(
            zh='写成 "≥ 10" 这样的条件；文字放到 target_text',
            en='write a condition such as "≥ 10"; words go to target_text',
        )
        complain(Diagnostic(FORMULA_UNREADABLE, at, error.message, hint, within=(error.start, error.end)))
        return None, text
