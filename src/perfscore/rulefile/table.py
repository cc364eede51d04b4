"""Read one table by the class that says what it may hold.

In: a value from a TOML file, and a type: text, number, date, a choice of words, points, a condition, a table, a list.
Out: the value in that type, or nothing; everything that is wrong goes to `complain`, each thing at its own key path.
The fields of a class are its schema: no key is named here.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields

from perfscore.criterion import Amount, Cell, Condition, Named, Points, Rows, written_name
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.habits import called, meant_range
from perfscore.formula.lowering import FormulaError
from perfscore.formula.shapes import VALUE, Constant, Within
from perfscore.formula.syntax import parse, parse_condition
from perfscore.quantity import OversizedNumberError, exact
from perfscore.rulefile.mends import renamed, respelt, retyping
from perfscore.words import Words, listed, nearest, visible
from perfscore.writtenformulas import unit_of_itself

UNKNOWN_KEY = Code(
    "PS110",
    "unknown-key",
    Words(zh="这张表没有这个键，多半是拼写错了。", en="The table has no such key; most likely it is misspelt."),
)
KEY_MISSING = Code("PS111", "key-missing", Words(zh="必须写的键没有写。", en="A key that must be there is missing."))
WRONG_TYPE = Code(
    "PS112",
    "wrong-type",
    Words(
        zh="值的类型不对：例如该写数的地方写了文字。",
        en="A value of the wrong type: a text where a number belongs, say.",
    ),
)
NOT_A_CHOICE = Code(
    "PS113", "not-a-choice", Words(zh="这个键只能取给定的几个值。", en="The key takes one of a few words only.")
)
FORMULA_UNREADABLE = Code(
    "PS501", "formula-unreadable", Words(zh="公式或条件读不懂。", en="A formula or condition that cannot be read.")
)

Complain: TypeAlias = Callable[[Diagnostic], None]
T = TypeVar("T")

DISCRETION = "酌情"
_HALF_OPEN = re.compile(r"\s*[(（][^()（）]*[,，][^()（）]*[])）］】]\s*$")
"""Points from an interval that leaves its lower end out; a formula in brackets holds no comma of its own."""


class _Broken(Exception):  # noqa: N818 - never leaves this room
    """A value was complained about and has nothing to stand for it."""


def read_as(
    kind: type[T], value: object, at: KeyPath, complain: Complain, *, skip: frozenset[str] = frozenset()
) -> T | None:
    """The value as `kind`, or None after complaining. Keys in `skip` are somebody else's."""
    try:
        read: T = _read(kind, value, at, complain, skip)
    except _Broken:
        return None
    return read


def read_what_stands(
    kind: type[T], table: Mapping[str, object], at: KeyPath, complain: Complain, *, skip: frozenset[str] = frozenset()
) -> T | None:
    """The table as `kind`; where a key that may be left out is broken, it is told and taken for left out.

    So that one broken key does not hide what the others say from the checks that come after.
    """
    told: list[Diagnostic] = []
    read = read_as(kind, table, at, told.append, skip=skip)
    for one in told:
        complain(one)
    if read is not None:
        return read
    spoilt = {one.at[len(at)] for one in told if len(one.at) > len(at)}
    return read_as(kind, {key: one for key, one in table.items() if key not in spoilt}, at, lambda one: None, skip=skip)


def _read(kind: Any, value: object, at: KeyPath, complain: Complain, skip: frozenset[str] = frozenset()) -> Any:
    if kind in _SCALARS:
        return _SCALARS[kind](value, at, retyping(complain, kind, value, at))
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        [kind] = [one for one in get_args(kind) if one is not type(None)]
        return _read(kind, value, at, complain)
    if origin is Literal:
        return _choice(get_args(kind), value, at, complain)
    if origin is tuple:
        return _list(get_args(kind)[0], value, at, retyping(complain, kind, value, at))
    return _table(kind, value, at, complain, skip)


def _table(kind: Any, value: object, at: KeyPath, complain: Complain, skip: frozenset[str]) -> Any:
    if not isinstance(value, Mapping):
        raise _wrong(value, Words(zh="一张表，如 { … }", en="a table, as in { … }"), at, complain)
    hints = _hints(kind)
    known = {written_name(one): one for one in fields(kind) if one.name != "kind"}
    given: dict[str, Any] = {}
    broken = False
    for key, inner in value.items():
        if key in skip:
            continue
        if key not in known:
            complain(unknown_key(key, known, at, value))
            broken = broken or called(key, known) is not None  # what it was meant for is not missing as well
            continue
        try:
            given[known[key].alias or key] = _read(hints[known[key].name], inner, (*at, key), complain)
        except _Broken:
            broken = True
    for key, one in known.items():
        if one.default is NOTHING and key not in value:
            complain(missing_key(key, at))
            broken = True
    if broken:
        raise _Broken
    return kind(**given)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def unknown_key(key: str, known: Mapping[str, object], at: KeyPath, beside: Collection[str] = ()) -> Diagnostic:
    """The complaint about a key that a table does not have, with the nearest that it has."""
    near = nearest(key, known) or called(key, known)
    hint = (
        Words(zh="是不是 {near}？", en="did you mean {near}?").fill(near=near)
        if near
        else Words(zh="可用的键：{all}", en="the keys are: {all}").fill(all=listed(known))
    )
    return Diagnostic(
        UNKNOWN_KEY,
        (*at, key),
        Words(zh="没有键“{k}”", en="there is no key “{k}”").fill(k=visible(key)),
        hint,
        part="key",
        fix=renamed((*at, key), near, known, beside),
    )


def missing_key(key: str, at: KeyPath) -> Diagnostic:
    """The complaint about a key that must be there."""
    return Diagnostic(
        KEY_MISSING,
        at,
        Words(zh="缺少 {k}", en="{k} is missing").fill(k=key),
        Words(zh="写 {k}", en="write {k}").fill(k=key if key.startswith("[") else f"{key} = …"),
        part="key",
    )


def _list(kind: Any, value: object, at: KeyPath, complain: Complain) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(value, Words(zh="一个列表，如 [ … ]", en="a list, as in [ … ]"), at, complain)
    read: list[Any] = []
    broken = False
    for index, inner in enumerate(value):
        try:
            read.append(_read(kind, inner, (*at, index), complain))
        except _Broken:
            broken = True
    if broken:
        raise _Broken
    return tuple(read)


def _choice(words: tuple[Any, ...], value: object, at: KeyPath, complain: Complain) -> Any:
    if value in words and not isinstance(value, bool):
        return value
    near = called(value, words) or nearest(value, words) if isinstance(value, str) else None
    complain(
        Diagnostic(
            NOT_A_CHOICE,
            at,
            Words(zh="{v} 不是可取的值", en="{v} is not one of the words").fill(v=quoted(value)),
            Words(zh='写 "{near}"', en='write "{near}"').fill(near=near)
            if near
            else Words(zh="可取：{all}", en="one of: {all}").fill(all=listed(f'"{word}"' for word in words)),
            fix=respelt(at, value, near, words),
        )
    )
    raise _Broken


def _wrong(value: object, wanted: Words, at: KeyPath, complain: Complain) -> _Broken:
    complain(
        Diagnostic(
            WRONG_TYPE,
            at,
            Words(zh="应是{wanted}，写的是 {v}", en="expected {wanted}, found {v}").fill(
                wanted=wanted, v=quoted(value)
            ),
            Words(zh="改成{wanted}", en="write {wanted}").fill(wanted=wanted),
        )
    )
    return _Broken()


def quoted(value: object) -> str:
    """A value as the author wrote it, shortened."""
    match value:
        case str():
            text = f'"{value}"'
        case bool():
            text = str(value).lower()
        case Mapping():
            text = "{ … }"
        case list():
            text = "[ … ]"
        case _:
            text = str(value)
    return visible(text if len(text) <= 60 else f"{text[:58]}…")


def _text(value: object, at: KeyPath, complain: Complain) -> str:
    if isinstance(value, str):
        return value
    raise _wrong(value, Words(zh='文字，如 "…"', en='a text, as in "…"'), at, complain)


def _yes_no(value: object, at: KeyPath, complain: Complain) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(value, Words(zh="true 或 false", en="true or false"), at, complain)


def _day(value: object, at: KeyPath, complain: Complain) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong(
        value, Words(zh="日期，如 2023-12-31（不加引号）", en="a date, as in 2023-12-31 (without quotes)"), at, complain
    )


def _number(value: object, at: KeyPath, complain: Complain) -> Fraction:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            return exact(value)
        except OversizedNumberError:
            pass
    raise _wrong(
        value, Words(zh="数，如 10 或 0.5（不加引号）", en="a number, as in 10 or 0.5 (without quotes)"), at, complain
    )


def _whole(value: object, at: KeyPath, complain: Complain) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 1_000_000:
        return value
    raise _wrong(value, Words(zh="整数，如 2（不加引号）", en="a whole number, as in 2 (without quotes)"), at, complain)


def _named(value: object, at: KeyPath, complain: Complain) -> Named:
    return Named(_text(value, at, complain))


def _cell(value: object, at: KeyPath, complain: Complain) -> str | bool | tuple[str | bool, ...]:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str | bool) for one in value):
        return tuple(value)
    wanted = Words(zh='一个选项、true、false、它们的列表，或 "*"', en='a choice, true, false, a list of these, or "*"')
    raise _wrong(value, wanted, at, complain)


def _amount(value: object, at: KeyPath, complain: Complain) -> Amount:
    if isinstance(value, str):
        if value.strip()[:1] in tuple("[［【") or _HALF_OPEN.match(value):
            raise _wrong(value, Words(zh="一个数，不是区间", en="one number, not an interval"), at, complain)
        return Amount(_parsed(value, at, complain).formula)
    return Amount(Constant(_number(value, at, complain)))


def _condition(value: object, at: KeyPath, complain: Complain) -> Condition:
    return Condition(_parsed(_text(value, at, complain), at, complain, condition=True).formula)


def _points(value: object, at: KeyPath, complain: Complain) -> Points:
    if not isinstance(value, str):
        return Points(Constant(_number(value, at, complain)))
    if DISCRETION in value:
        said = Words(
            zh="“{v}”没有说最多几分：可以到满分（[0, weight]），也可以只到其中一部分（如 [0, 2]）",
            en="“{v}” says no limit: it can be all of the points ([0, weight]), or a part of them (as in [0, 2])",
        ).fill(v=visible(value))
        hint = Words(zh='写 "[0, weight]" 或 "[0, 2]"', en='write "[0, weight]" or "[0, 2]"')
        complain(Diagnostic(FORMULA_UNREADABLE, at, said, hint))
        raise _Broken
    if value.strip()[:1] in "[［【" or _HALF_OPEN.match(value):
        within = _parsed(value, at, complain, condition=True).formula
        if isinstance(within, Within) and within.of == VALUE:
            return Points(within.low, within.high, within.low_closed, within.high_closed)
        interval = Words(zh='区间，如 "[1, 3]" 或 "[1, 3)"', en='an interval, as in "[1, 3]" or "[1, 3)"')
        raise _wrong(value, interval, at, complain)
    if (range_ := meant_range(value)) is not None:
        said = Words(zh="{v} 看起来是给分区间", en="{v} looks like a range of points").fill(v=quoted(value))
        hint = Words(zh='写 "{r}"；要相减的写 "({v})"', en='write "{r}", or "({v})" for a difference')
        hint = hint.fill(r=range_, v=visible(value.strip()))
        complain(Diagnostic(FORMULA_UNREADABLE, at, said, hint, fix=respelt(at, value, range_)))
        raise _Broken
    formula = _parsed(value, at, complain).formula
    unit = unit_of_itself(formula)
    if unit not in (None, "分"):
        wanted = Words(zh="分值，不带单位“{u}”", en="points, without the unit “{u}”").fill(u=unit or "")
        raise _wrong(value, wanted, at, complain)
    return Points(formula)


def _parsed(text: str, at: KeyPath, complain: Complain, *, condition: bool = False) -> Any:
    try:
        return parse_condition(text) if condition else parse(text)
    except FormulaError as error:
        complain(Diagnostic(FORMULA_UNREADABLE, at, error.message, error.hint, within=(error.start, error.end)))
        raise _Broken from None


_SCALARS: Mapping[Any, Callable[[object, KeyPath, Complain], Any]] = {
    str: _text,
    int: _whole,
    bool: _yes_no,
    date: _day,
    Fraction: _number,
    Named: _named,
    Rows: lambda *given: Rows(_text(*given)),
    Cell: _cell,
    Amount: _amount,
    Condition: _condition,
    Points: _points,
}
