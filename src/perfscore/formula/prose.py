"""Read formulas as people read them.

In: a formula, a style (Chinese, English, or the rule file's own syntax), and what to print for each name.
Out: text: `10 − 0.1 × ⌈(100% − 93.2%) ÷ 1pp⌉`, and in the syntax style a text that reads back to the same formula.
Values are only printed here, never computed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias, assert_never

from attrs import frozen

from perfscore.formula import inexact
from perfscore.formula.comparing import as_written, in_words
from perfscore.formula.shapes import (
    ALWAYS,
    VALUE,
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
from perfscore.quantity import Rounding, decimal, spelled
from perfscore.words import Language


@frozen
class Style:
    """How one language writes what the shapes say."""

    minus: str = " − "
    times: str = " × "
    over: str = " ÷ "
    points: str = "pp"
    both: str = " and "
    either: str = " or "
    negated: str = "not {0}"
    choice: str = "if {0} then {1} else {2}"
    least: str = "min({0})"
    greatest: str = "max({0})"
    absolute: str = "|{0}|"
    floor: str = "⌊{0}⌋"
    ceil: str = "⌈{0}⌉"
    round: str = "round({0}, {1})"
    given: str = "{0} is given"
    not_given: str = "{0} is not given"
    judged: str = "assessed points"
    met: str = "share met"
    grade: str = "grade"
    member: str = "{0} in {1}"
    text: str = "“{0}”"
    fraction: str = "{0}/{1}"
    day: str = "{0}"
    days: str = "days from {0} to {1}"
    months: str = "whole months from {0} to {1}{2}"
    last_day: str = " (a month without that day is over on its last day)"
    next_day: str = " (a month without that day is over on the day after)"
    count: str = "count({0})"
    sum: str = "sum({0})"
    mean: str = "mean({0})"
    weighted_mean: str = "weighted_mean({0}, weights = {1})"
    where: str = "{0} where {1}"


ENGLISH = Style()
CHINESE = Style(
    points="个百分点",
    both=" 且 ",
    either=" 或 ",
    negated="非 {0}",
    choice="若 {0} 则 {1}，否则 {2}",
    least="取小({0})",
    greatest="取大({0})",
    round="四舍五入({0}, {1} 位)",
    given="已提供{0}",
    not_given="未提供{0}",
    judged="评分人给分",
    met="满足的比例",
    grade="评定的档次",
    member="{0} 属于 {1}",
    day="{0.year}年{0.month}月{0.day}日",
    days="从{0}到{1}的天数",
    months="从{0}到{1}的整月数{2}",
    last_day="（没有对应日的月，月末日满月）",
    next_day="（没有对应日的月，次日才满月）",
    count="计数({0})",
    sum="合计({0})",
    mean="平均({0})",
    weighted_mean="加权平均({0}，权重 {1})",
    where="{0}，限 {1}",
)
SYNTAX = Style(
    minus=" - ",
    times=" * ",
    over=" / ",
    absolute="abs({0})",
    floor="floor({0})",
    ceil="ceil({0})",
    given="given({0})",
    not_given="not given({0})",
    text='"{0}"',
    days="days({0}, {1})",
    months="months({0}, {1}{2})",
    last_day=', short_month = "last-day"',
    next_day=', short_month = "next-day"',
)
STYLES: dict[Language, Style] = {"zh": CHINESE, "en": ENGLISH}

Naming: TypeAlias = Callable[[str], str]

# how tightly each construct holds its parts together, loosest first
_CHOICE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _ATOM = range(9)


def tell(formula: Formula, style: Style, naming: Naming = lambda name: name) -> str:
    """The formula as text, with every name printed by `naming`."""
    return _tell(formula, style, naming)[0]


@lru_cache(maxsize=1_024)
def peers_name(peers: Peers) -> str:
    """The name under which what is read of others stands in a row: as the rule file writes it."""
    return as_written(peers, tell(peers.of, SYNTAX))


def tell_condition(condition: Formula, style: Style, naming: Naming = lambda name: name) -> str:
    """A condition on `value` as forms write it: `≥ 10`, `[80%, 90%)`, without saying “value” again."""
    match condition:
        case Comparison(left=left, by=by, right=right) if left == VALUE:
            return f"{by} {_tell_in(right, style, naming, _SUM)}"
        case Within(of=of) if of == VALUE:
            return _interval(condition, style, naming)
        case OneOf(of=of, texts=texts) if of == VALUE:
            return f"[{', '.join(_text(text, style) for text in texts)}]"
        case All(of=parts) if parts and all(_about_value(part) for part in parts):
            return style.both.join(tell_condition(part, style, naming) for part in parts)
        case Any(of=parts) if parts:
            return style.either.join(_alternative(part, style, naming) for part in parts)
        case _:
            return tell(condition, style, naming)


def _alternative(part: Formula, style: Style, naming: Naming) -> str:
    """One side of an “or”: what binds more loosely than “and” keeps its brackets."""
    if isinstance(part, All) or _about_value(part):
        return tell_condition(part, style, naming)
    return _tell_in(part, style, naming, _AND)


def _about_value(part: Formula) -> bool:
    return (isinstance(part, Comparison) and part.left == VALUE) or (isinstance(part, Within) and part.of == VALUE)


def number_text(value: Fraction, *, percent: bool = False, style: Style = SYNTAX) -> str:
    """A number exactly: as a decimal, as a percentage where it is one, else as a fraction.

    >>> number_text(Fraction(932, 1000), percent=True), number_text(Fraction(29, 2)), number_text(Fraction(1, 3))
    ('93.2%', '14.5', '1/3')
    """
    shown = value * 100 if percent else value
    if decimal(shown) is None:
        return style.fraction.format(value.numerator, value.denominator)
    return f"{spelled(shown)}%" if percent else spelled(shown)


def near_text(value: Fraction, *, percent: bool = False) -> str:
    """A number for a sentence: exact where that is short, else four significant places behind a «≈».

    >>> near_text(Fraction(20, 3)), near_text(Fraction(880, 880), percent=True)
    ('≈6.6667', '100%')
    """
    return near_ratio(value.numerator, value.denominator, percent=percent)


_FOUR = Rounding(4)


def near_ratio(above: int, below: int, *, percent: bool = False) -> str:
    """The same for a ratio of whole numbers, as judging holds them.

    >>> near_ratio(58, 4), near_ratio(-1, 8), near_ratio(20, 3)
    ('14.5', '-0.125', '≈6.6667')
    """
    sign = "%" if percent else ""
    if percent:
        above *= 100
    whole, rest = divmod(above, below)
    if rest == 0:
        return f"{whole}{sign}"
    near = ""
    millionths, rest = divmod(above * 1_000_000, below)
    if rest:
        near, millionths = "≈", _FOUR.units(above, below) * 100
    size = abs(millionths)
    text = f"{size // 1_000_000}.{size % 1_000_000:06}".rstrip("0").rstrip(".")
    return f"{near}{'-' if millionths < 0 else ''}{text}{sign}"


def _tell_in(formula: Formula, style: Style, naming: Naming, least: int) -> str:
    text, strength = _tell(formula, style, naming)
    return text if strength >= least else f"({text})"


def _tell(formula: Formula, style: Style, naming: Naming) -> tuple[str, int]:
    def within(one: Formula, least: int) -> str:
        return _tell_in(one, style, naming, least)

    def every(parts: tuple[Formula, ...], least: int = _CHOICE) -> list[str]:
        return [within(part, least) for part in parts]

    match formula:
        case Constant():
            return _constant(formula, style)
        case Text(value=text):
            return _text(text, style), _ATOM
        case Day(value=day):
            return style.day.format(day), _ATOM
        case Name(name=name):
            return naming(name), _ATOM
        case Given(name=name):
            return style.given.format(naming(name)), _ATOM
        case Judged(yes_no=yes_no, choices=choices):
            return style.met if yes_no else style.grade if choices else style.judged, _ATOM
        case Sum(terms=terms):
            return _sum(terms, within, style), _SUM
        case Negative(of=of):
            return f"{style.minus.strip()}{within(of, _SIGN)}", _SIGN
        case Product(factors=factors):
            return style.times.join([_first(factors[0], within), *every(factors[1:], _SIGN)]), _PRODUCT
        case Quotient(above=above, below=below):
            return f"{within(above, _PRODUCT)}{style.over}{within(below, _SIGN)}", _PRODUCT
        case Least(of=of):
            return style.least.format(", ".join(every(of))), _ATOM
        case Greatest(of=of):
            return style.greatest.format(", ".join(every(of))), _ATOM
        case Absolute(of=of):
            return style.absolute.format(within(of, _CHOICE)), _ATOM
        case Floor(of=of):
            return style.floor.format(within(of, _CHOICE)), _ATOM
        case Ceil(of=of):
            return style.ceil.format(within(of, _CHOICE)), _ATOM
        case Round(of=of, places=places):
            return style.round.format(within(of, _CHOICE), places), _ATOM
        case Inexact(function=function, of=of):
            return inexact.told(function, every(of), as_written=style is SYNTAX), _ATOM
        case Elapsed(start=start, end=end, unit="days"):
            return style.days.format(within(start, _CHOICE), within(end, _CHOICE)), _ATOM
        case Elapsed(start=start, end=end, short=short):
            said = {None: "", "last-day": style.last_day, "next-day": style.next_day}[short]
            return style.months.format(within(start, _CHOICE), within(end, _CHOICE), said), _ATOM
        case Choice(when=when, then=then, otherwise=otherwise):
            return style.choice.format(within(when, _OR), within(then, _OR), within(otherwise, _CHOICE)), _CHOICE
        case Comparison(left=Judged(choices=choices), by=by, right=Constant(value=chosen)) if choices:
            return f"{style.grade} {by} {_text(choices[int(chosen)], style)}", _COMPARE
        case Comparison(left=left, by=by, right=right):
            return f"{within(left, _SUM)} {by} {within(right, _SUM)}", _COMPARE
        case Within(of=of):
            return style.member.format(within(of, _SUM), _interval(formula, style, naming)), _COMPARE
        case OneOf(of=of, texts=texts):
            listed = ", ".join(_text(text, style) for text in texts)
            return style.member.format(within(of, _SUM), f"[{listed}]"), _COMPARE
        case All(of=of):
            return style.both.join(every(of, _NOT)), _AND
        case Any(of=of):
            return style.either.join(every(of, _AND)), _OR
        case Peers() if style is SYNTAX:
            return peers_name(formula), _ATOM
        case Peers(of=of, by=by):
            group = "" if by is None else naming(by.name)
            return in_words(formula, within(of, _CHOICE), group, "zh" if style is CHINESE else "en"), _ATOM
        case Not(of=Given(name=name)):
            return style.not_given.format(naming(name)), _NOT
        case Not(of=of):
            return style.negated.format(within(of, _NOT)), _NOT
        case Gathered(how=how, table=table, of=of, where=where, weights=weights):
            parts = [naming(table) if how == "count" else within(of, _CHOICE)]
            parts += [within(weights, _SUM)] if how == "weighted_mean" else []
            if where != ALWAYS:
                parts[-1] = style.where.format(parts[-1], within(where, _CHOICE))
            told = {"min": style.least, "max": style.greatest, "count": style.count, "sum": style.sum}
            told |= {"mean": style.mean, "weighted_mean": style.weighted_mean}
            return told[how].format(*parts), _ATOM
        case _:
            assert_never(formula)


def _text(text: str, style: Style) -> str:
    """A text in quotation marks; where it holds the style's own, in others that it does not hold."""
    marks = (style.text, '"{0}"', "'{0}'", "“{0}”")
    return next((one for one in marks if not set(one.replace("{0}", "")) & set(text)), style.text).format(text)


def _constant(constant: Constant, style: Style) -> tuple[str, int]:
    value = constant.value
    sign = style.minus.strip() if value < 0 else ""
    shown = abs(value) * (1 if constant.written == "plain" else 100)
    if decimal(shown) is None:
        return f"{sign}{style.fraction.format(shown.numerator, shown.denominator)}", _PRODUCT
    tail = {"plain": constant.unit or "", "percent": "%", "points": style.points}[constant.written]
    return f"{sign}{spelled(shown)}{tail}", _SIGN if sign else _ATOM


def _first(factor: Formula, within: Callable[[Formula, int], str]) -> str:
    """The first factor; a product among factors keeps its brackets, so that it reads back as one."""
    return within(factor, _SIGN if isinstance(factor, Product) else _PRODUCT)


def _sum(terms: tuple[Formula, ...], within: Callable[[Formula, int], str], style: Style) -> str:
    text = within(terms[0], _PRODUCT)
    for term in terms[1:]:
        match term:
            case Negative(of=of):
                text += f"{style.minus}{within(of, _PRODUCT)}"
            case _:
                text += f" + {within(term, _PRODUCT)}"
    return text


def _interval(condition: Within, style: Style, naming: Naming) -> str:
    low, high = (_tell_in(end, style, naming, _SUM) for end in (condition.low, condition.high))
    return f"{'[' if condition.low_closed else '('}{low}, {high}{']' if condition.high_closed else ')'}"
