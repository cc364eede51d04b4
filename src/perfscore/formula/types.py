"""Read formulas for their types.

In: a formula and what its names stand for.
Out: its type, and a complaint for every part that does not fit (a text added to a number, 件 compared with 万元).
No value is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

from attrs import evolve, frozen

from perfscore.formula.prose import SYNTAX, tell
from perfscore.formula.shapes import (
    Absolute,
    All,
    Any,
    Ceil,
    Choice,
    Comparison,
    Constant,
    Day,
    Elapsed,
    Floor,
    Formula,
    Gathered,
    Given,
    Greatest,
    Inexact,
    Judged,
    Least,
    Name,
    Negative,
    Not,
    OneOf,
    Peers,
    Product,
    Quotient,
    Round,
    Sum,
    Text,
    Within,
)
from perfscore.formula.units import BARE, DAYS, MONTHS, Measured, Misfit, bare_number, divided, measured_in, multiplied
from perfscore.formula.vocabulary import NUMERIC, Vocabulary
from perfscore.formula.walking import names
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
    """What a formula gives: its sort, whether people read it as a percentage, the unit that people see behind it,
    whether it is whole, and the unit that is reckoned with, where that is known.
    """

    sort: Sort
    percent: bool = False
    unit: str | None = None
    whole: bool = False
    measured: Measured | None = None


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
        measured = _same_unit(given, kinds, vocabulary, complain)
        units = {kind.unit for kind in kinds if kind.unit}
        percent = any(kind.percent for kind in kinds)
        return Type("number", percent, next(iter(units), None), all(kind.whole for kind in kinds), measured)

    def factor(one: Formula) -> Type:
        """A factor or divisor: what is multiplied further may still become a number without unit."""
        match one:
            case Product(factors=(first, *rest)):
                made = factor(first)
                for kind in map(factor, rest):
                    measured = multiplied(made.measured, kind.measured)
                    whole = made.whole and kind.whole
                    made = Type("number", made.percent and kind.percent, None, whole, measured)
                return made
            case Quotient(above=above, below=below):
                return Type("number", measured=divided(factor(above).measured, factor(below).measured))
            case Constant(value=value, written="plain", unit=None):
                return Type("number", whole=value.denominator == 1, measured=bare_number(value))
            case _:
                return expect(one, "number")

    def go(one: Formula) -> Type:
        match one:
            case Constant(value=value, written=written, unit=unit):
                percent = written != "plain"
                return Type("number", percent, unit, value.denominator == 1, measured_in(unit, percent=percent))
            case Text():
                return Type("text")
            case Day():
                return Type("date")
            case Name(name=name):
                term = vocabulary[name]
                if term.type in NUMERIC:
                    return Type("number", term.type == "percent", term.unit, term.type == "count", term.measured)
                return Type(term.type if term.type in ("yes-no", "date", "table") else "text")
            case Given():
                return Type("yes-no")
            case Judged(low=low, high=high, choices=choices):
                expect(low, "number"), expect(high, "number")
                return Type("number", whole=bool(choices))
            case Sum(terms=(later, Negative(of=earlier))) if go(later).sort == go(earlier).sort == "date":
                how = Words(
                    zh="两个日期不相减：相隔的天数写 days({b}, {a})",
                    en="dates are not subtracted: write days({b}, {a})",
                )
                complain(how.fill(a=tell(later, SYNTAX), b=tell(earlier, SYNTAX)))
                return Type("number", unit=DAYS, whole=True, measured=measured_in(DAYS))
            case Sum(terms=inner) | Least(of=inner) | Greatest(of=inner):
                return alike(inner)
            case Negative(of=of) | Absolute(of=of):
                return expect(of, "number")
            case Product() | Quotient():
                made = factor(one)
                if made.measured is None or made.measured.bare:
                    return evolve(made, measured=None)
                if (distance := made.measured.distance) is not None:
                    complain(_unconverted(one, made.measured, distance, vocabulary))
                    return evolve(made, measured=None)
                return made
            case Floor(of=of) | Ceil(of=of):
                kind = expect(of, "number")
                return Type("number", unit=kind.unit, whole=True, measured=kind.measured)
            case Round(of=of, places=places):
                return evolve(expect(of, "number"), whole=places == 0)
            case Inexact(of=inner):
                for part in inner:
                    expect(part, "number")
                return Type("number")  # the unit of a power of a unit is not reckoned with
            case Elapsed(start=start, end=end, unit=counted):
                expect(start, "date"), expect(end, "date")
                unit = DAYS if counted == "days" else MONTHS
                return Type("number", unit=unit, whole=True, measured=measured_in(unit))
            case Choice(when=when, then=then, otherwise=otherwise):
                expect(when, "yes-no")
                first, second = go(then), go(otherwise)
                if first.sort != second.sort:
                    complain(
                        Words(zh="then 是{a}，else 是{b}", en="then gives {a}, else gives {b}").fill(
                            a=SORTS[first.sort], b=SORTS[second.sort]
                        )
                    )
                measured = _same_unit((then, otherwise), [first, second], vocabulary, complain)
                whole = first.whole and second.whole
                return Type(first.sort, first.percent or second.percent, first.unit, whole, measured)
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
                _same_unit((left, right), [first, second], vocabulary, complain)
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
            case Peers(what="count", of=of, by=by):
                _group(by, vocabulary, complain)
                go(of)
                return Type("number", whole=True)
            case Peers(what=what, of=of, by=by):
                _group(by, vocabulary, complain)
                kind = expect(of, "number")
                return Type("number", whole=one.ties != "average") if what == "rank" else evolve(kind, whole=False)
            case Gathered(how=how, table=table, of=of, where=where, weights=weights):
                if vocabulary[table].type != "table":
                    complain(Words(zh="“{t}”不是表", en="“{t}” is no table").fill(t=visible(table)))
                kind = expect(of, "number")
                expect(weights, "number"), expect(where, "yes-no")
                if how == "count":  # its unit is what a record is called
                    return Type("number", unit=vocabulary[table].unit, whole=True, measured=BARE)
                return evolve(kind, whole=kind.whole and "mean" not in how)
            case _:
                assert_never(one)

    return go(formula)


def _group(by: Name | None, vocabulary: Vocabulary, complain: Complain) -> None:
    """What others are put into groups by: a text, a choice or a yes-no."""
    if by is not None and vocabulary[by.name].type in NUMERIC:
        complain(
            Words(
                zh="分组的 by 应是文字、选项或是否，{n}是数",
                en="by groups by a text, a choice or a yes-no; {n} is a number",
            ).fill(n=vocabulary[by.name].label)
        )


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


def _same_unit(
    parts: tuple[Formula, ...], kinds: list[Type], vocabulary: Vocabulary, complain: Complain
) -> Measured | None:
    """What figures are that are added or compared: all of one unit, which a bare number takes."""
    measures = [(part, kind.measured) for part, kind in zip(parts, kinds, strict=True) if kind.measured is not None]
    known = [(part, measured) for part, measured in measures if not measured.bare]
    if not known:
        return BARE if measures else None
    (first, measured), *others = known
    for part, other in others:
        common = measured.alike(other)
        if common is None:
            complain(_apart(first, measured, part, other, vocabulary))
            return None
        measured = common
    return measured


DIFFERENT = Words(zh="单位不同：{a} 是{ua}，{b} 是{ub}", en="different units: {a} is in {ua}, {b} in {ub}")
UNCONVERTED = Words(
    zh="{a} 除得的不是比率：单位是{ua}，差 {n} 倍", en="{a} gives no ratio: it is in {ua}, {n} times as much"
)
CHANGE = Words(
    zh="改公式，或改输入的 unit；数目要换算的，乘以带单位的数，如 10000元/万元",
    en="change the formula or the unit of an input; convert by a number with its unit (10000元/万元)",
)
DECLARED = Words(zh="{a} 是{ua}，unit 写的是{ub}", en="{a} is in {ua}, and its unit is stated as {ub}")
DECLARE = Words(zh='写 unit = "{u}"', en='write unit = "{u}"')
CONVERT = Words(zh="写 {f}，或改输入的 unit", en="write {f}, or change the unit of an input")


def _apart(one: Formula, of_one: Measured, other: Formula, of_other: Measured, vocabulary: Vocabulary) -> Misfit:
    said = DIFFERENT.fill(a=_from(one, vocabulary), ua=_named(of_one), b=_from(other, vocabulary), ub=_named(of_other))
    hint = CHANGE
    if of_one.unit.bases == of_other.unit.bases:
        hint = CONVERT.fill(f=_converted(one, of_one.unit.scale / of_other.unit.scale))
    return Misfit(said.zh, said.en, hint)


def not_in(formula: Formula, measured: Measured, declared: Measured, vocabulary: Vocabulary) -> Iterator[Misfit]:
    """A complaint where a formula does not give the unit that its figure is declared to have."""
    if not measured.bare and measured.alike(declared) is None:
        said = DECLARED.fill(a=_from(formula, vocabulary), ua=_named(measured), ub=_named(declared))
        hint = DECLARE.fill(u=measured.unit.text if measured.unit.powers else "%")
        if measured.unit.bases == declared.unit.bases:
            how = _converted(formula, measured.unit.scale / declared.unit.scale)
            hint = hint + Words(zh="；或写 {f}", en="; or write {f}").fill(f=how)
        yield Misfit(said.zh, said.en, hint)


def _unconverted(one: Formula, measured: Measured, distance: Fraction, vocabulary: Vocabulary) -> Misfit:
    times = spelled(max(distance, 1 / distance))
    said = UNCONVERTED.fill(a=_from(one, vocabulary), ua=_named(measured), n=times)
    return Misfit(said.zh, said.en, CONVERT.fill(f=_converted(one, distance)))


def _converted(one: Formula, times: Fraction) -> str:
    """A formula, brought to another size of the same unit."""
    if times < 1:
        return tell(Quotient(one, Constant(1 / times)), SYNTAX)
    factors = one.factors if isinstance(one, Product) else (one,)
    return tell(Product((*factors, Constant(times))), SYNTAX)


def _named(measured: Measured) -> Words:
    """A unit for a message; a figure without one is a ratio."""
    return Words.same(measured.unit.text) if measured.unit.powers else Words(zh="比率（%）", en="a ratio (%)")


def _from(formula: Formula, vocabulary: Vocabulary) -> Words:
    """A part of a formula, with the units of the figures in it where it is more than one figure."""
    text = tell(formula, SYNTAX)
    if isinstance(formula, Name | Constant):
        return Words.same(text)
    units = [(name, vocabulary[name].measured) for name in names(formula)]
    told = [Words.same(f"{name} ") + _named(unit) for name, unit in units if unit is not None and not unit.bare]
    return Words.same(text) + (
        Words(zh="（", en=" (") + listed(told) + Words(zh="）", en=")") if told else Words.same("")
    )
