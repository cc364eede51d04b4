"""Decode the parameters of a rule file: values by group, over time, or both.

In: one `[parameters.p]` table. Out: a `Parameter`, or nothing after complaining.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from perfscore.criterion import Amount
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.shapes import ALWAYS, Any, Day, Formula
from perfscore.frozen import Frozen
from perfscore.parameter import ONE, Dated, Parameter
from perfscore.rulefile.table import Complain, missing_key, read_as
from perfscore.rulefile.written import WrittenDated, WrittenParameter
from perfscore.words import Words

PARAMETER_UNCLEAR = Code(
    "PS232",
    "parameter-unclear",
    Words(
        zh="参数的值写得不对：按组别是一张表，按时间是一个列表，每个值从不同的一天起。",
        en="A parameter's values are a table by group, or a list over time whose values begin on different days.",
    ),
)
NEVER = Any(())
"""False, as a formula; there is no other way to write it."""


def read_parameter(name: str, table: object, at: KeyPath, complain: Complain) -> Parameter | None:
    """A parameter."""
    written = read_as(WrittenParameter, table, at, complain, skip=frozenset(("values",)))
    if written is None or not isinstance(table, Mapping):
        return None
    if "values" not in table:
        complain(missing_key("values", at))
        return None
    values = table["values"]
    place = (*at, "values")
    groups: dict[str, tuple[Dated, ...] | None]
    if written.by is None:
        if isinstance(values, Mapping):
            said = Words(zh="没有写按什么分组（by）", en="by what the groups are told is not written (by)")
            hint = Words(zh='写 by = "…"（一个选择型数据的名字）', en='write by = "…", the name of a choice')
            complain(Diagnostic(PARAMETER_UNCLEAR, at, said, hint, part="key"))
            return None
        groups = {ONE: _dated(values, place, complain)}
    elif isinstance(values, Mapping) and values:
        groups = {group: _dated(value, (*place, group), complain) for group, value in values.items()}
    else:
        said = Words(zh="写了 by，值应是一张表：组别 = 值", en="with by, the values are a table: group = value")
        hint = Words(zh='写 values = { "东部" = 5, "西部" = 3 }', en='write values = { "east" = 5, "west" = 3 }')
        complain(Diagnostic(PARAMETER_UNCLEAR, place, said, hint))
        return None
    known = {group: dated for group, dated in groups.items() if dated is not None}
    if len(known) < len(groups):
        return None
    return Parameter(name, written.label or name, Frozen(known), written.by, written.unit, written.note)


def _dated(value: object, at: KeyPath, complain: Complain) -> tuple[Dated, ...] | None:
    """One value, or several over time."""
    if not isinstance(value, list):
        formula = _value(value, at, complain)
        return None if formula is None else (Dated(formula),)
    read: list[Dated] = []
    broken = not value
    for index, one in enumerate(value):
        place = (*at, index)
        when = read_as(WrittenDated, one, place, complain, skip=frozenset(("value",)))
        formula = None
        if isinstance(one, Mapping) and "value" in one:
            formula = _value(one["value"], (*place, "value"), complain)
        elif isinstance(one, Mapping):
            complain(missing_key("value", place))
        if when is None or formula is None:
            broken = True
        elif any(when.from_ == earlier.start for earlier in read):
            said = Words(zh="两个值都从 {d} 起", en="two values begin on {d}").fill(d=when.from_.isoformat())
            hint = Words(zh="每个值写不同的 from", en="let every value begin on another day")
            complain(Diagnostic(PARAMETER_UNCLEAR, (*place, "from"), said, hint))
            broken = True
        else:
            read.append(Dated(formula, when.from_))
    if not value:
        said = Words(zh="没有值", en="there is no value")
        hint = Words(zh="写 [{{ from = 2023-01-01, value = … }}]", en="write [{{ from = 2023-01-01, value = … }}]")
        complain(Diagnostic(PARAMETER_UNCLEAR, at, said, hint.fill()))
    return None if broken else tuple(read)


def _value(value: object, at: KeyPath, complain: Complain) -> Formula | None:
    if isinstance(value, bool):
        return ALWAYS if value else NEVER
    if isinstance(value, date) and not isinstance(value, datetime):
        return Day(value)
    amount = read_as(Amount, value, at, complain)
    return None if amount is None else amount.formula
