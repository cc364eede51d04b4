"""Hold one figure against its declaration.

In: the declaration of an input, and a value as given. Out: the value as the readers hold it, or `Unfit`, which says what
was expected. A percentage without a sign, a target in the place of a figure and a number out of its domain are told
apart; nothing is guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from perfscore.assessment import Finding
from perfscore.diagnostic import Code, KeyPath
from perfscore.facts import Raw, Table, plain
from perfscore.formula.arithmetic import Absent, Records, Slot, Value
from perfscore.formula.exact import ratio
from perfscore.formula.prose import near_text
from perfscore.formula.vocabulary import Domain, column_name
from perfscore.frozen import Frozen
from perfscore.indicator import Input
from perfscore.quantity import OversizedNumberError, exact, number_from_text
from perfscore.valuetext import exactly
from perfscore.words import Words, listed, nearest, visible

UNKNOWN_FACT = Code(
    "PS402", "unknown-fact", Words(zh="规则里没有这个数据项。", en="The rulebook has no figure of this name.")
)
WRONG_FACT = Code("PS403", "wrong-fact", Words(zh="数据的类型不对。", en="A figure is of the wrong type."))
OUTSIDE_DOMAIN = Code("PS404", "outside-domain", Words(zh="数据超出取值范围。", en="A figure lies outside its domain."))
BARE_PERCENT = Code(
    "PS405",
    "bare-percent",
    Words(
        zh="百分比写成了没有 % 的数，不知是 96.2% 还是 0.962。",
        en="A percentage without a sign: 96.2% or 0.962 is not said.",
    ),
)
TARGET_AS_FACT = Code(
    "PS414",
    "target-as-fact",
    Words(
        zh="完成值照抄了目标（如 “≥95%”），应写实际的数。",
        en="A target such as “≥95%” stands where the observed figure belongs.",
    ),
)

RECORD_TWICE = Code(
    "PS428",
    "record-twice",
    Words(zh="表里有两条记录同名。", en="Two records of a table have the same name."),
)
TOO_MANY_RECORDS = Code(
    "PS429", "too-many-records", Words(zh="表里的记录太多。", en="A table has more records than are judged.")
)

MOST_RECORDS = 10_000

NOT_COMPUTED = Words(zh="，是没有算过的公式", en=", a formula that was not computed")
FULL_WIDTH = Words(zh="，有全角字符，改成 {v}", en=", with full-width characters; write {v}")
_FIGURE = re.compile(r"[-+]?[0-9][-0-9.,/]*\s*%?")
"""What a number, a percentage or a day consists of; full-width, it looks the same to whoever typed it."""

FAILED = frozenset(
    [
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#BLOCKED!",
        "#BUSY!",
        "#CALC!",
        "#CONNECT!",
        "#EXTERNAL!",
        "#FIELD!",
        "#GETTING_DATA",
        "#PYTHON!",
        "#SPILL!",
        "#TIMEOUT!",
        "#UNKNOWN!",
    ]
)
"""What a spreadsheet shows, and exports, where a formula failed."""
SAYS_FAILED = Words(zh="单元格里是 {v}：公式出错，没有算出来", en="the cell says {v}: its formula failed")

_COMPARISON = re.compile(r"\s*(≥|≤|>=|<=|>|<|＞|＜|不低于|不少于|不高于|不超过|大于|小于)")
_DAY = re.compile(r"\s*\d{4}-\d{2}-\d{2}\s*", re.ASCII)
_PERCENT = re.compile(r"\s*([+-]?[\d_.]+)\s*[%％]\s*")


class Unfit(Exception):  # noqa: N818 - caught where facts are taken in, never seen by a caller
    """A value does not fit what it is meant for."""

    def __init__(self, code: Code, message: Words) -> None:
        self.code, self.message = code, message


def taken(declared: Input, raw: Raw | Table, place: KeyPath) -> tuple[Slot, list[Finding]]:
    """A figure, or the records of a table, as the readers hold them, or an empty slot and why."""
    try:
        if declared.type == "table":
            return _table(declared, raw, place)
        if isinstance(raw, tuple):
            raise _wrong(Words(zh="一个数，不是列表", en="one figure, not a list"), "[ … ]")
        return _observed(declared, raw), []
    except Unfit as unfit:
        message = Words.same(f"{declared.label}: ") + unfit.message
        why = "out-of-range" if unfit.code is OUTSIDE_DOMAIN else "unreadable"
        return Absent(declared.name, why), [Finding(unfit.code, "error", message, (declared.name,), place)]  # type: ignore[arg-type]


def _table(declared: Input, raw: Raw | Table, place: KeyPath) -> tuple[Records, list[Finding]]:
    """The records of a table. A cell that does not fit is empty, and told; one that was not given is only empty."""
    if not isinstance(raw, tuple):
        raise _wrong(Words(zh="记录的列表，如 [ { … }, { … } ]", en="a list of records, as in [ { … }, { … } ]"), raw)
    if len(raw) > MOST_RECORDS:
        said = Words(zh="有 {n} 条记录，最多 {m} 条", en="{n} records, of at most {m}")
        raise Unfit(TOO_MANY_RECORDS, said.fill(n=str(len(raw)), m=str(MOST_RECORDS)))
    findings: list[Finding] = []
    found: list[tuple[Slot, ...]] = []
    names: list[Words] = []
    seen: set[Words] = set()
    for index, record in enumerate(raw):
        called = _called(declared, record, index)
        cells: list[Slot] = []
        for column in declared.columns:
            name = column_name(declared.name, column.name)
            cell: Slot = Absent(name, "not-given", called)
            if column.name in record:
                cell, told = taken(column, record[column.name], (*place, index, column.name))
                findings += [evolve(one, message=called + _COLON + one.message, at=(declared.name,)) for one in told]
                cell = Absent(name, cell.why, called) if isinstance(cell, Absent) else cell
            cells.append(cell)
        known = [column.name for column in declared.columns]
        for name in sorted(record.keys() - set(known)):
            told_unknown = unknown(UNKNOWN_FACT, name, known, (declared.name,), (*place, index, name))
            findings.append(evolve(told_unknown, message=called + _COLON + told_unknown.message))
        if called in seen and declared.key is not None:
            said = Words(zh="{r} 写了两次", en="{r} is there twice").fill(r=called)
            findings.append(Finding(RECORD_TWICE, "warning", said, (declared.name,), (*place, index)))
        found.append(tuple(cells))
        names.append(called)
        seen.add(called)
    at = next((at for at, column in enumerate(declared.columns) if column.name == declared.key), None)
    held = [None if at is None else cells[at] for cells in found]
    keys = tuple(None if isinstance(one, Absent) else exactly(one) or None for one in held)
    return Records(tuple(found), tuple(names), keys), findings


_COLON = Words(zh="：", en=": ")


def _called(declared: Input, record: Frozen[str, Raw], index: int) -> Words:
    """What a record is called: by its key, else by its place."""
    if declared.key is not None and declared.key in record:
        said = Words(zh="{table}“{key}”", en="{table} “{key}”")
        return said.fill(table=declared.label, key=visible(str(plain(record[declared.key])))[:60])
    return Words(zh="{table}第{n}条", en="{table} no. {n}").fill(table=declared.label, n=str(index + 1))


def unknown(code: Code, name: str, known: list[str], at: tuple[str, ...], place: KeyPath) -> Finding:
    """The finding about a name that the rulebook does not have, with the one that was probably meant: the only one that
    ends in it, else the nearest. One with dots stands in quotation marks, as TOML wants it."""
    ends = [one for one in known if one.rpartition(".")[2] == name]
    near = ends[0] if len(ends) == 1 else nearest(name, known)
    message = Words(zh="规则里没有“{n}”", en="the rulebook has no “{n}”").fill(n=visible(name))
    if near:
        message += Words(zh="，是不是 {near}？", en="; did you mean {near}?").fill(near=_key(near))
    elif known:
        message += Words(zh="，有：{all}", en="; it has: {all}").fill(all=listed(map(_key, known[:12])))
    return Finding(code, "error", message, at, place, "key")


def _key(name: str) -> str:
    """A name as it is typed: in TOML a dot outside quotation marks would make a table of it."""
    return f'"{name}"' if "." in name else name


def refuse_failed(raw: Raw) -> None:
    """Raises `Unfit` for what a spreadsheet shows where a formula failed: it is no figure, no name and no reason."""
    if isinstance(raw, str) and raw in FAILED:
        raise Unfit(WRONG_FACT, SAYS_FAILED.fill(v=raw))


def _observed(declared: Input, raw: Raw) -> Value:
    refuse_failed(raw)
    match declared.type:
        case "table":
            raise _wrong(Words(zh="一个数，不是表", en="one figure, not a table"), raw)
        case "yes-no":
            if isinstance(raw, bool):
                return raw
            raise _wrong(Words(zh="true 或 false", en="true or false"), raw)
        case "date":
            return _day(raw)
        case "text" | "choice":
            if not isinstance(raw, str):
                raise _wrong(Words(zh="文字", en="a text"), raw)
            if declared.domain.choices and raw not in declared.domain.choices:
                raise Unfit(
                    OUTSIDE_DOMAIN,
                    Words(zh="“{v}”不在可选之列：{all}", en="“{v}” is not one of: {all}").fill(
                        v=visible(raw), all=listed(declared.domain.choices)
                    ),
                )
            return raw
        case "count" | "number" | "percent" | "money":
            return _number(declared, raw)


def _day(raw: Raw) -> date:
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            if _DAY.fullmatch(raw):
                said = Words(zh="“{d}”不是日历上的一天", en="“{d}” is no day of the calendar")
                raise Unfit(WRONG_FACT, said.fill(d=raw.strip())) from None
    raise _wrong(Words(zh="日期，如 2023-12-31", en="a date, as in 2023-12-31"), raw)


def _number(declared: Input, raw: Raw) -> Value:
    value = _percent(declared, raw) if declared.type == "percent" else plain_number(raw)
    if declared.type == "count" and value.denominator != 1:
        raise _wrong(Words(zh="整数", en="a whole number"), raw)
    if not declared.domain.holds(value):
        percent = declared.type == "percent"
        raise Unfit(
            OUTSIDE_DOMAIN,
            Words(zh="{v} 不在 {domain} 内", en="{v} is not in {domain}").fill(
                v=near_text(value, percent=percent), domain=domain_text(declared.domain, percent=percent)
            ),
        )
    return ratio(value)


def plain_number(raw: Raw) -> Fraction:
    """A number that is none of a percentage."""
    if isinstance(raw, str):
        _refuse_target(raw)
        raise _wrong(_UNQUOTED if _is_number(raw) else _NUMBER, raw)
    if isinstance(raw, bool | date):
        raise _wrong(Words(zh="数", en="a number"), raw)
    return _exact(raw)


_NUMBER = Words(zh="数，如 1234.5", en="a number, as in 1234.5")
_UNQUOTED = Words(zh="数（不加引号）", en="a number (without quotes)")


def _is_number(text: str) -> bool:
    try:
        number_from_text(text.strip())
    except ValueError:
        return False
    return True


def _exact(raw: int | Decimal | Fraction) -> Fraction:
    try:
        return exact(raw)
    except OversizedNumberError:
        raise _wrong(Words(zh="60 位以内的数", en="a number of at most 60 digits"), raw) from None


def _percent(declared: Input, raw: Raw) -> Fraction:
    if isinstance(raw, str):
        return percent_of_text(raw)
    if isinstance(raw, bool | date):
        raise _wrong(Words(zh='百分比，如 "96.2%"', en='a percentage, as in "96.2%"'), raw)
    value = _exact(raw)
    if value == 0:  # 0 is 0%, however it is meant
        return value
    match declared.bare:
        case "percent":
            return value / 100
        case "ratio":
            return value
        case None:
            raise Unfit(
                BARE_PERCENT,
                Words(
                    zh='{v} 可以是 {a}，也可以是 {b}；写成 "{a}" 或 "{b}"，或在规则里写 bare = "percent" 或 "ratio"',
                    en='{v} can be {a} or {b}; write "{a}" or "{b}", or bare = "percent" or "ratio" in the rulebook',
                ).fill(v=near_text(value), a=f"{near_text(value)}%", b=near_text(value, percent=True)),
            )


def percent_of_text(raw: str) -> Fraction:
    """The text `"96.2%"` as a ratio."""
    _refuse_target(raw)
    if found := _PERCENT.fullmatch(raw):
        try:
            return number_from_text(found[1], shift=-2)
        except ValueError:
            pass
    raise _wrong(Words(zh='百分比，如 "96.2%"', en='a percentage, as in "96.2%"'), raw)


def _refuse_target(raw: str) -> None:
    if _COMPARISON.match(raw):
        raise Unfit(
            TARGET_AS_FACT,
            Words(
                zh="“{v}”是目标，不是完成值；写实际的数",
                en="“{v}” is a target, not what was observed; write the figure itself",
            ).fill(v=visible(raw)),
        )


def _wrong(wanted: Words, raw: Raw) -> Unfit:
    shown = plain(raw) if not isinstance(raw, bool) else str(raw).lower()
    said = Words(zh="应是{wanted}，写的是 {v}", en="expected {wanted}, found {v}").fill(
        wanted=wanted, v=visible(str(shown))[:60] if not isinstance(raw, str) else f"“{visible(raw)[:60]}”"
    )
    if isinstance(raw, str):
        said += _likely(raw)
    return Unfit(WRONG_FACT, said)


def _likely(raw: str) -> Words:
    """What a text that is no figure may be, where that is not to be seen by looking at it."""
    if raw.startswith("="):
        return NOT_COMPUTED
    narrow = unicodedata.normalize("NFKC", raw)
    return FULL_WIDTH.fill(v=narrow) if narrow != raw and _FIGURE.fullmatch(narrow) else Words.same("")


def domain_text(domain: Domain, *, percent: bool = False) -> str:
    """A domain as people write it: `[0, 100%]`, `(0, ∞)`."""
    low = "−∞" if domain.low is None else near_text(domain.low, percent=percent)
    high = "∞" if domain.high is None else near_text(domain.high, percent=percent)
    opening = "[" if domain.low_closed and domain.low is not None else "("
    return f"{opening}{low}, {high}{']' if domain.high_closed and domain.high is not None else ')'}"
