"""Read formulas for their types.

In: a formula and what its names stand for.
Out: its type, and a complaint for every part that does not fit (a text added to a number, 件 compared with 万元).
No value is computed here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, assert_never

from attrs import frozen

from perfscore.formula.shapes import (
    Absolute,
    All,
    Any,
    Ceil,
    Choice,
    Comparison,
    Constant,
    Day,
    Floor,
    Formula,
    Gathered,
    Given,
    Greatest,
    Judged,
    Least,
    Name,
    Negative,
    Not,
    OneOf,
    Product,
    Quotient,
    Round,
    Sum,
    Text,
    Within,
)
from perfscore.formula.vocabulary import NUMERIC, Vocabulary
from perfscore.quantity import spelled
from perfscore.words import Words, listed, visible

Sort: TypeAlias = Literal["number", "yes-no", "text", "date", "table"]

SORTS: dict[Sort, Words] = {
    "number": Words(zh="数", en="a number"),
    "yes-no": Words(zh="是否", en="a yes-no"),
    "text": Words(zh="文字", en="a text"),
    "date": Words(zh="日期", en="a date"),
    "table": Words(zh="表", en="a table"),
}


@frozen
class Type:
    """What a formula gives: its sort, whether people read it as a percentage, its unit where that is known, and
    whether it is whole.
    """

    sort: Sort
    percent: bool = False
    unit: str | None = None
    whole: bool = False


Complain: TypeAlias = Callable[[Words], None]


def type_of(formula: Formula, vocabulary: Vocabulary, complain: Complain = lambda words: None) -> Type:
    """The type of a formula whose names are all known; what does not fit goes to `complain`."""

    def expect(one: Formula, sort: Sort) -> Type:
        found = go(one)
        if found.sort != sort:
            complain(
                Words(zh="应是{a}，却是{b}", en="expected {a}, found {b}").fill(a=SORTS[sort], b=SORTS[found.sort])
            )
        return found

    def alike(given: tuple[Formula, ...]) -> Type:
        kinds = [expect(one, "number") for one in given]
        _same_unit(kinds, complain)
        units = {kind.unit for kind in kinds if kind.unit}
        percent = any(kind.percent for kind in kinds)
        return Type("number", percent, next(iter(units), None), all(kind.whole for kind in kinds))

    def go(one: Formula) -> Type:
        match one:
            case Constant(value=value, written=written, unit=unit):
                return Type("number", written != "plain", unit, value.denominator == 1)
            case Text():
                return Type("text")
            case Day():
                return Type("date")
            case Name(name=name):
                term = vocabulary[name]
                if term.type in NUMERIC:
                    return Type("number", term.type == "percent", term.unit, term.type == "count")
                return Type(term.type if term.type in ("yes-no", "date", "table") else "text")
            case Given():
                return Type("yes-no")
            case Judged(low=low, high=high, choices=choices):
                expect(low, "number"), expect(high, "number")
                return Type("number", whole=bool(choices))
            case Sum(terms=inner) | Least(of=inner) | Greatest(of=inner):
                return alike(inner)
            case Negative(of=of) | Absolute(of=of):
                return expect(of, "number")
            case Product(factors=factors):
                kinds = [expect(factor, "number") for factor in factors]
                return Type("number", all(kind.percent for kind in kinds), None, all(kind.whole for kind in kinds))
            case Quotient(above=above, below=below):
                expect(above, "number"), expect(below, "number")
                return Type("number")
            case Floor(of=of) | Ceil(of=of):
                return Type("number", unit=expect(of, "number").unit, whole=True)
            case Round(of=of, places=places):
                kind = expect(of, "number")
                return Type("number", kind.percent, kind.unit, places == 0)
            case Choice(when=when, then=then, otherwise=otherwise):
                expect(when, "yes-no")
                first, second = go(then), go(otherwise)
                if first.sort != second.sort:
                    complain(
                        Words(zh="then 是{a}，else 是{b}", en="then gives {a}, else gives {b}").fill(
                            a=SORTS[first.sort], b=SORTS[second.sort]
                        )
                    )
                return Type(first.sort, first.percent or second.percent, first.unit, first.whole and second.whole)
            case Comparison(left=left, by=by, right=right):
                first, second = go(left), go(right)
                if first.sort != second.sort:
                    complain(
                        Words(zh="不能拿{a}和{b}相比", en="{a} cannot be compared with {b}").fill(
                            a=SORTS[first.sort], b=SORTS[second.sort]
                        )
                    )
                elif first.sort in ("text", "yes-no") and by not in ("=", "≠"):
                    complain(Words(zh="{a}没有大小", en="{a} has no order").fill(a=SORTS[first.sort]))
                _same_unit([first, second], complain)
                _sign_needed((left, right), [first, second], complain)
                _chosen(left, [right], vocabulary, complain)
                return Type("yes-no")
            case Within(of=of, low=low, high=high):
                alike((of, low, high))
                _sign_needed((of, low, high), [go(of), go(low), go(high)], complain)
                return Type("yes-no")
            case OneOf(of=of, texts=texts):
                expect(of, "text")
                _chosen(of, [Text(text) for text in texts], vocabulary, complain)
                return Type("yes-no")
            case All(of=inner) | Any(of=inner):
                for part in inner:
                    expect(part, "yes-no")
                return Type("yes-no")
            case Not(of=of):
                return expect(of, "yes-no")
            case Gathered(how=how, table=table, of=of, where=where, weights=weights):
                if vocabulary[table].type != "table":
                    complain(Words(zh="“{t}”不是表", en="“{t}” is no table").fill(t=visible(table)))
                kind = expect(of, "number")
                expect(weights, "number"), expect(where, "yes-no")
                if how == "count":
                    return Type("number", unit=vocabulary[table].unit, whole=True)
                return Type("number", kind.percent, kind.unit, kind.whole and "mean" not in how)
            case _:
                assert_never(one)

    return go(formula)


def _sign_needed(parts: tuple[Formula, ...], kinds: list[Type], complain: Complain) -> None:
    """A percentage compared with a bare number: 95 can be meant as 95%, and as a ratio it is 9500%."""
    if not any(kind.percent for kind in kinds):
        return
    for part in parts:
        match part:
            case Constant(value=value, written="plain") if value != 0:
                said = Words(
                    zh="百分比同没有 % 的 {n} 相比：写 {n}%",
                    en="a percentage compared with {n}, which has no %: write {n}%",
                ).fill(n=spelled(value))
                ratio = Words(zh="，或 {p}%", en=", or {p}%").fill(p=spelled(value * 100))
                complain(said + ratio if abs(value) <= 1 else said)
            case _:
                pass


def _chosen(of: Formula, texts: list[Formula], vocabulary: Vocabulary, complain: Complain) -> None:
    """A text that a choice is compared with must be one of its choices."""
    if not isinstance(of, Name) or not (choices := vocabulary[of.name].domain.choices):
        return
    for text in texts:
        if isinstance(text, Text) and text.value not in choices:
            complain(
                Words(zh="“{t}”不在选项里：{all}", en="“{t}” is not one of the choices: {all}").fill(
                    t=visible(text.value), all=listed(choices)
                )
            )


def _same_unit(kinds: list[Type], complain: Complain) -> None:
    units = list(dict.fromkeys(kind.unit for kind in kinds if kind.unit))
    if len(units) > 1:
        complain(Words(zh="单位不同：{a} 与 {b}", en="different units: {a} and {b}").fill(a=units[0], b=units[1]))
