"""Decode a rule file: from TOML values to a draft.

In: the values of a TOML document.
Out: a `Draft`, and a diagnostic for everything that could not be read, each at its own key path.
Only the shape of what is written is asked here; whether it makes sense is asked in `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve

from perfscore.criteria import kind_named, kind_names
from perfscore.criterion import Amount, Criterion
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.errors import UnknownKindError
from perfscore.formula.shapes import Formula
from perfscore.formula.syntax import FUNCTIONS, KEYWORDS, FormulaError, parse_condition
from perfscore.formula.vocabulary import Domain
from perfscore.goals import Goal, Scope
from perfscore.indicator import Input
from perfscore.rating import Rating
from perfscore.rulebook import Basis, Check, Measure, WorkedExample
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.examples import read_example
from perfscore.rulefile.table import FORMULA_UNREADABLE, Complain, missing_key, quoted, read_as, unknown_key
from perfscore.rulefile.written import (
    LATER,
    WrittenBasis,
    WrittenCheck,
    WrittenGoal,
    WrittenInput,
    WrittenMeasure,
    WrittenNode,
    WrittenOwnInput,
    WrittenRatings,
    WrittenRulebook,
    WrittenScope,
)
from perfscore.words import Words, nearest, visible

WRONG_FORMAT = Code(
    "PS114", "wrong-format", Words(zh="规则文件的 format 应是 1。", en="The format of a rule file is 1.")
)
NOT_YET = Code(
    "PS115",
    "not-yet",
    Words(zh="规则语言留了这个键，但这一版还不读它。", en="The rule language reserves this key, but this version does not read it yet."),
)
BAD_ID = Code(
    "PS116",
    "bad-id",
    Words(zh="id 不能含点号或空白，也不能为空。", en="An id may not hold dots or spaces, or be empty."),
)
BAD_NAME = Code(
    "PS117",
    "bad-name",
    Words(
        zh="输入和计算指标的名字要能写进公式：字母、数字、下划线、汉字，不是公式里的词。",
        en="The name of an input or measure must be usable in formulas: letters, digits, underscores, no word of the formula language.",
    ),
)
UNKNOWN_KIND = Code("PS118", "unknown-kind", Words(zh="没有这种计分方式。", en="There is no such kind of criterion."))
NAME_MISSING = Code(
    "PS119",
    "indicator-without-name",
    Words(zh="指标要有 name；没有 name 的子表只能是指标的属性。", en="An indicator has a name; a table without one can only be an attribute."),
)

TABLES = (
    "format", "rulebook", "basis", "inputs", "measures", "indicators", "ratings", "checks", "goals", "scope", "examples",
)  # fmt: skip
ATTRIBUTES = (
    "name", "weight", "clause", "basis", "measure", "unit", "target", "target_text", "criterion", "missing", "undefined", "note",
)  # fmt: skip
_OWN = frozenset(("measure", "target", "criterion"))
_NAME = re.compile(r"[^\W\d]\w*")
_RESERVED = frozenset((*FUNCTIONS, *KEYWORDS, "value", "target", "weight", "score"))


def decode(values: Mapping[str, object], complain: Complain) -> Draft:
    """The draft of a rule file."""
    for key in values:
        if key in LATER["top"]:
            complain(_not_yet((key,)))
        elif key not in TABLES:
            complain(unknown_key(key, dict.fromkeys(TABLES), ()))
    if values.get("format") != 1 or isinstance(values.get("format"), bool):
        complain(_wrong_format(values))
    header = _header(values, complain)
    inputs = {
        name: _input(name, table, ("inputs", name), complain) for name, table in _tables(values, "inputs", complain)
    }
    measures = {
        name: _measure(name, table, ("measures", name), complain) for name, table in _tables(values, "measures", complain)
    }
    for section, named in (("inputs", inputs), ("measures", measures)):
        for name in named:
            _check_name(name, (section, name), complain, taken=section == "measures" and name in inputs)
    members = _members(values, complain)
    return Draft(
        values=values,
        header=header,
        members=members,
        inputs=inputs,
        measures=measures,
        basis={id: _basis(id, table, complain) for id, table in _tables(values, "basis", complain)},
        ratings=_ratings(values, complain),
        checks=tuple(one for id, t in _tables(values, "checks", complain) if (one := _check(id, t, complain))),
        goals=tuple(one for id, t in _tables(values, "goals", complain) if (one := _goal(id, t, complain))),
        scope=tuple(one for id, t in _tables(values, "scope", complain) if (one := _scope(id, t, complain))),
        examples=_examples(values, complain),
    )


def _wrong_format(values: Mapping[str, object]) -> Diagnostic:
    written = "format" in values
    message = (
        Words(zh="format 是 {v}，这一版只读 1", en="format is {v}; this version reads 1").fill(v=quoted(values["format"]))
        if written
        else Words(zh="没有写 format", en="format is missing")
    )
    hint = Words(zh="在文件开头写 format = 1", en="write format = 1 at the top of the file")
    return Diagnostic(WRONG_FORMAT, ("format",) if written else (), message, hint)


def _not_yet(at: KeyPath) -> Diagnostic:
    return Diagnostic(
        NOT_YET,
        at,
        Words(zh="这一版还不读 {k}", en="this version does not read {k} yet").fill(k=str(at[-1])),
        Words(zh="先去掉它；不读而照样评分会评错", en="take it out: scoring without it would score wrongly"),
        part="key",
    )


def _tables(values: Mapping[str, object], section: str, complain: Complain) -> list[tuple[str, object]]:
    """The tables of a section, by id; ids that cannot be one are complained about."""
    whole = values.get(section, {})
    if not isinstance(whole, Mapping):
        read_as(WrittenScope, whole, (section,), complain)
        return []
    for id in whole:
        if section != "inputs":
            _check_id(id, (section, id), complain)
    return list(whole.items())


def _check_id(id: str, at: KeyPath, complain: Complain) -> None:
    if not id or any(one in ". \t\r\n　" for one in id):
        complain(
            Diagnostic(
                BAD_ID,
                at,
                Words(zh="id “{id}” 含点号或空白", en="the id “{id}” holds a dot or a space, or nothing").fill(id=visible(id)),
                Words(zh="用下划线代替，如 “{id}”", en="use an underscore, as in “{id}”").fill(
                    id=visible(re.sub(r"[.\s]+", "_", id)) or "a"
                ),
                part="key",
            )
        )


def _check_name(name: str, at: KeyPath, complain: Complain, *, taken: bool) -> None:
    if _NAME.fullmatch(name) and name not in _RESERVED and not taken:
        return
    if taken:
        message = Words(zh="[inputs] 里已经有 “{n}”", en="“{n}” is an input already")
    elif name in _RESERVED:
        message = Words(zh="“{n}” 是公式里的词", en="“{n}” is a word of the formula language")
    else:
        message = Words(zh="“{n}” 不能写进公式", en="“{n}” cannot be written in a formula")
    better = re.sub(r"\W+", "_", name).strip("_0123456789") or "x"
    hint = Words(zh="换个名字，如 {b}", en="choose another name, as in {b}").fill(b=f"{better}_1" if better == name else better)
    complain(Diagnostic(BAD_NAME, at, message.fill(n=visible(name)), hint, part="key"))


def _header(values: Mapping[str, object], complain: Complain) -> WrittenRulebook | None:
    if "rulebook" not in values:
        complain(missing_key("[rulebook]", ()))
        return None
    table = values["rulebook"]
    if isinstance(table, Mapping):
        for key in LATER["rulebook"] & table.keys():
            complain(_not_yet(("rulebook", key)))
    return read_as(WrittenRulebook, table, ("rulebook",), complain, skip=LATER["rulebook"])


def _input(name: str, table: object, at: KeyPath, complain: Complain) -> Input | None:
    written = read_as(WrittenInput, table, at, complain)
    return None if written is None else _input_of(name, written.label, written, at, complain)


def _input_of(name: str, label: str, written: WrittenOwnInput, at: KeyPath, complain: Complain) -> Input:
    low, high = written.min or written.above, written.max or written.below
    ends: list[Fraction | None] = []
    for key, end in (("min", low), ("max", high)):
        if end is not None and end.constant is None:
            place = (*at, key if getattr(written, key) is not None else {"min": "above", "max": "below"}[key])
            complain(
                Diagnostic(
                    FORMULA_UNREADABLE, place, Words(zh="应是一个数", en="expected a number"), Words(zh="如 0 或 \"100%\"", en="as in 0 or \"100%\"")
                )
            )
        ends.append(end.constant.value if end is not None and end.constant is not None else None)
    if ends[0] is None and written.type == "count":
        ends[0] = Fraction(0)
    domain = Domain(ends[0], ends[1], written.above is None or written.min is not None, written.below is None or written.max is not None, written.choices)
    return Input(name, label, written.type, written.unit, written.needed, written.bare, domain, written.from_, written.note)


def _measure(name: str, table: object, at: KeyPath, complain: Complain) -> Measure | None:
    written = read_as(WrittenMeasure, table, at, complain)
    if written is None:
        return None
    return Measure(name, written.formula.formula, written.label or name, written.unit, written.note)


def _basis(id: str, table: object, complain: Complain) -> Basis | None:
    written = read_as(WrittenBasis, table, ("basis", id), complain)
    return None if written is None else Basis(id, written.title, written.number, written.url)


def _ratings(values: Mapping[str, object], complain: Complain) -> tuple[Rating, ...] | None:
    if "ratings" not in values:
        return ()
    written = read_as(WrittenRatings, values["ratings"], ("ratings",), complain)
    return None if written is None else tuple(Rating(one.name, one.from_) for one in written.scale)


def _check(id: str, table: object, complain: Complain) -> Check | None:
    written = read_as(WrittenCheck, table, ("checks", id), complain)
    return None if written is None else Check(id, written.that.formula, written.says, written.severity)


def _goal(id: str, table: object, complain: Complain) -> Goal | None:
    written = read_as(WrittenGoal, table, ("goals", id), complain)
    if written is None:
        return None
    measure = written.measure.formula if written.measure else None
    target = written.target.formula if written.target else None
    return Goal(id, written.text, written.dimension, measure, target, written.indicators, written.owner)


def _scope(id: str, table: object, complain: Complain) -> Scope | None:
    written = read_as(WrittenScope, table, ("scope", id), complain)
    return None if written is None else Scope(id, written.text, written.indicators)


def _members(values: Mapping[str, object], complain: Complain) -> tuple[DraftNode, ...]:
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
    """Whether a key under an indicator is a child: a table with a name. What is neither that nor an attribute is complained about."""
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
        return bool(root or {"weight", "criterion"} & inner.keys() or any(isinstance(one, Mapping) for one in inner.values()))
    complain(unknown_key(key, dict.fromkeys(ATTRIBUTES), at))
    return False


def _node(key: str, table: Any, at: KeyPath, above: tuple[str, ...], complain: Complain) -> DraftNode:
    _check_id(key, at, complain)
    path = (*above, key)
    id = ".".join(path)
    members = []
    others: set[str] = set()
    for inner_key, inner in table.items():
        if inner_key in LATER["indicator"] and not (isinstance(inner, Mapping) and "name" in inner):
            complain(_not_yet((*at, inner_key)))
            others.add(inner_key)
        elif inner_key not in ATTRIBUTES:
            others.add(inner_key)
            if _is_child(inner_key, inner, at, complain):
                members.append(_node(inner_key, inner, (*at, inner_key), path, complain))
    named = {"name": key, **table}  # a missing name was told above, at the table itself
    told: list[Diagnostic] = []
    written = read_as(WrittenNode, named, at, told.append, skip=frozenset(others) | _OWN)
    for one in told:
        complain(one)
    node = DraftNode(id=id, at=at, table=table, members=tuple(members))
    if written is None:
        spoilt = {one.at[len(at)] for one in told if len(one.at) > len(at)}
        written = read_as(WrittenNode, {k: v for k, v in named.items() if k not in spoilt}, at, lambda one: None, skip=frozenset(others) | _OWN)
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
    target, text = _target(node, measure is not None or "measure" in table, complain) if "target" in table else (None, None)
    return evolve(node, criterion=criterion, measure=measure, target=target, target_text=node.target_text or text)


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
        return None if own is None else _input_of(node.id, node.label, own, at, complain)
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
        hint = error.hint or Words(zh='写成 "≥ 10" 这样的条件；文字放到 target_text', en='write a condition such as "≥ 10"; words go to target_text')
        complain(Diagnostic(FORMULA_UNREADABLE, at, error.message, hint, within=(error.start, error.end)))
        return None, text


def _examples(values: Mapping[str, object], complain: Complain) -> tuple[WorkedExample, ...]:
    listed = values.get("examples", [])
    if not isinstance(listed, list):
        read_as(tuple[str, ...], listed, ("examples",), complain)
        return ()
    read = (read_example(table, ("examples", index), complain) for index, table in enumerate(listed))
    return tuple(one for one in read if one is not None)
