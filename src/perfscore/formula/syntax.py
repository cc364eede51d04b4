"""Read formulas.

In: the text of a formula, or of a condition on `value` such as "≥ 10" or "[80%, 90%)".
Out: `Parsed`: the shape, and where in the text each name stands; or `FormulaError` with the place and a way out.
Nothing is looked up or computed here: whether a name exists is asked by whoever knows the names.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any as Anything
from typing import cast

from attrs import frozen

from perfscore.formula.shapes import (
    VALUE,
    Absolute,
    All,
    Any,
    Ceil,
    Choice,
    Comparator,
    Comparison,
    Constant,
    Day,
    Floor,
    Formula,
    Given,
    Greatest,
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
    Written,
)
from perfscore.quantity import OversizedNumberError, number_from_text
from perfscore.words import Words, nearest, visible

MAX_LENGTH = 10_000
MAX_DEPTH = 64

_FULL_WIDTH = str.maketrans("（）［］＋－＊／＝＜＞，．％：！０１２３４５６７８９【】", "()[]+-*/=<>,.%:!0123456789[]")
_SAME: dict[str, Comparator] = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


class FormulaError(ValueError):
    """A formula that cannot be read: what was found, where in its text, and what to type."""

    def __init__(self, message: Words, start: int, end: int, hint: Words | None = None) -> None:
        self.message, self.start, self.end, self.hint = message, start, end, hint
        super().__init__(message.en)


@frozen
class Parsed:
    """A formula that was read. `names` are the names it uses, each with its place in the text."""

    formula: Formula
    names: tuple[tuple[str, int, int], ...]


def parse(text: str) -> Parsed:
    """The formula that a text spells.

    >>> parse("cases / population").formula
    Quotient(above=Name(name='cases'), below=Name(name='population'))
    """
    return _read(text, implied=False)


def parse_condition(text: str) -> Parsed:
    """The condition that a text spells; a comparison without a left side is about `value`.

    >>> parse_condition("≥ 10").formula.by
    '≥'
    """
    parsed = _read(text, implied=True)
    if not isinstance(parsed.formula, Comparison | Within | OneOf | All | Any | Not | Given | Name | Choice):
        raise FormulaError(
            Words(zh="“{t}”不是条件", en="“{t}” is not a condition").fill(t=visible(text)),
            0,
            len(text),
            Words(zh="写成 “≥ {t}” 或 “≤ {t}”", en="write “≥ {t}” or “≤ {t}”").fill(t=visible(text)),
        )
    return parsed


def _read(text: str, *, implied: bool) -> Parsed:
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            Words(zh="公式有 {n} 个字符，上限 {m}", en="the formula has {n} characters, of at most {m}").fill(
                n=str(len(text)), m=str(MAX_LENGTH)
            ),
            0,
            len(text),
            Words(zh="用 [measures.…] 把它拆成几步", en="split it with [measures.…]"),
        )
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

    builder = _Builder(implied)
    try:
        node = _parser().parse_with(_half_width(text), builder)
    except UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        raise _unexpected(text, at, at + 1) from None
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise _ends_early(text) from None
        start = error.token.start_pos or 0
        raise _unexpected(text, start, start + len(error.token)) from None
    except UnexpectedEOF:
        raise _ends_early(text) from None
    return Parsed(node.formula, tuple(sorted(builder.names, key=lambda one: one[1])))


def _half_width(text: str) -> str:
    """Full-width signs as the grammar knows them, character for character, so that places stay; quoted text is left alone."""
    out, inside = [], ""
    for one in text:
        if inside:
            inside = "" if one == inside else inside
            out.append(one)
        elif closing := {'"': '"', "'": "'", "“": "”"}.get(one):
            inside = closing
            out.append(one)
        else:
            out.append(one.translate(_FULL_WIDTH))
    return "".join(out)


def _unexpected(text: str, start: int, end: int) -> FormulaError:
    found = visible(text[start:end])
    hint = None
    if text[start : start + 1] in ("<", ">", "=", "≤", "≥", "＜", "＞"):
        hint = Words(zh="两个比较写成区间，如 x in (0, 30]", en="write two comparisons as an interval, as in x in (0, 30]")
    return FormulaError(
        Words(zh="公式在“{found}”处读不下去", en="the formula cannot be read at “{found}”").fill(found=found), start, end, hint
    )


def _ends_early(text: str) -> FormulaError:
    return FormulaError(
        Words(zh="公式没有写完", en="the formula ends too early"),
        max(0, len(text) - 1),
        len(text),
        Words(zh="补上缺的数、名字或括号", en="add the missing number, name or bracket"),
    )


class _Parser:
    """The LALR tables, made once; each text gets a builder of its own."""

    def __init__(self) -> None:
        from lark import Lark

        grammar = resources.files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
        self._lark = Lark(grammar, parser="lalr", maybe_placeholders=False, propagate_positions=False)

    def parse_with(self, text: str, builder: _Builder) -> _Node:
        return builder.build(self._lark.parse(text))


@cache
def _parser() -> _Parser:
    return _Parser()


@frozen
class _Node:
    formula: Formula
    depth: int
    start: int
    end: int
    bare: bool = False


class _Builder:
    """Lowers the concrete tree to shapes, from the leaves up, without recursion deeper than the limit allows."""

    def __init__(self, implied: bool) -> None:
        self.implied = implied
        self.names: list[tuple[str, int, int]] = []

    def build(self, tree: Anything) -> _Node:
        # lark hands subtrees over bottom-up, so a text nested a thousand deep is refused before anything recurses
        from lark import Tree

        done: dict[int, _Node] = {}
        for sub in tree.iter_subtrees():
            kids = [done[id(kid)] if isinstance(kid, Tree) else kid for kid in sub.children]
            done[id(sub)] = getattr(self, f"_{sub.data}")(kids)
        return done[id(tree)]

    def _node(self, formula: Formula, *kids: Anything, start: int | None = None, end: int | None = None) -> _Node:
        inner = [kid for kid in kids if isinstance(kid, _Node)]
        depth = 1 + max((kid.depth for kid in inner), default=0)
        first = min([kid.start for kid in inner] + ([start] if start is not None else []), default=0)
        last = max([kid.end for kid in inner] + ([end] if end is not None else []), default=0)
        if depth > MAX_DEPTH:
            raise FormulaError(
                Words(zh="公式嵌套超过 {m} 层", en="the formula is nested deeper than {m} levels").fill(m=str(MAX_DEPTH)),
                first,
                last,
                Words(zh="用 [measures.…] 把它拆成几步", en="split it with [measures.…]"),
            )
        return _Node(formula, depth, first, last)

    def _number(self, token: Anything, written: Written, digits: str, unit: str | None = None) -> _Node:
        start, end = token.start_pos, token.start_pos + len(token)
        try:
            value = number_from_text(digits)
        except OversizedNumberError:
            raise FormulaError(
                Words(zh="数太长或指数太大", en="the number has too many digits or too large an exponent"),
                start,
                end,
                Words(zh="最多 60 位，指数不超过 ±30", en="at most 60 digits, and an exponent within ±30"),
            ) from None
        return self._node(Constant(value if written == "plain" else value / 100, written, unit), start=start, end=end)

    def _plain(self, kids: list[Anything]) -> _Node:
        return self._number(kids[0], "plain", str(kids[0]))

    def _percent(self, kids: list[Anything]) -> _Node:
        return self._number(kids[0], "percent", str(kids[0])[:-1].rstrip())

    def _points(self, kids: list[Anything]) -> _Node:
        return self._number(kids[0], "points", str(kids[0]).removesuffix("pp").removesuffix("百分点").removesuffix("个").rstrip())

    def _quantity(self, kids: list[Anything]) -> _Node:
        text = str(kids[0])
        size = next(i for i, one in enumerate(text) if not (one.isascii() and (one.isdigit() or one in "._")))
        return self._number(kids[0], "plain", text[:size], text[size:].strip())

    def _day(self, kids: list[Anything]) -> _Node:
        token = kids[0]
        start, end = token.start_pos, token.start_pos + len(token)
        try:
            return self._node(Day(date.fromisoformat(str(token))), start=start, end=end)
        except ValueError:
            raise FormulaError(
                Words(zh="{d} 不是日历上的一天", en="{d} is no day of the calendar").fill(d=str(token)), start, end
            ) from None

    def _text(self, kids: list[Anything]) -> _Node:
        return self._node(Text(str(kids[0])[1:-1]), start=kids[0].start_pos, end=kids[0].start_pos + len(kids[0]))

    def _name(self, kids: list[Anything]) -> _Node:
        start, end = kids[0].start_pos, kids[0].start_pos + len(kids[0])
        self.names.append((str(kids[0]), start, end))
        return self._node(Name(str(kids[0])), start=start, end=end)

    def _parenthesised(self, kids: list[Anything]) -> _Node:
        inner = kids[1]
        return self._node(inner.formula, inner, start=kids[0].start_pos, end=kids[2].start_pos + 1)

    def _sum(self, kids: list[Anything]) -> _Node:
        terms = [kids[0].formula]
        for sign, kid in zip(kids[1::2], kids[2::2], strict=True):
            terms.append(kid.formula if sign.type == "PLUS" else Negative(kid.formula))
        return self._node(Sum(tuple(terms)), *kids)

    def _product(self, kids: list[Anything]) -> _Node:
        made: Formula = kids[0].formula
        depth = kids[0]
        for sign, kid in zip(kids[1::2], kids[2::2], strict=True):
            if sign.type == "DIVIDE":
                made = Quotient(made, kid.formula)
            elif isinstance(made, Product):
                made = Product((*made.factors, kid.formula))
            else:
                made = Product((made, kid.formula))
            depth = self._node(made, depth if sign.type == "DIVIDE" else kids[0], kid)
        return depth if depth is not kids[0] else self._node(made, *kids)

    def _negative(self, kids: list[Anything]) -> _Node:
        inner = kids[1].formula
        made = Constant(-inner.value, inner.written, inner.unit) if isinstance(inner, Constant) else Negative(inner)
        return self._node(made, kids[1], start=kids[0].start_pos)

    def _positive(self, kids: list[Anything]) -> _Node:
        return self._node(kids[1].formula, kids[1], start=kids[0].start_pos)

    def _choice(self, kids: list[Anything]) -> _Node:
        return self._node(Choice(*(kid.formula for kid in kids)), *kids)

    def _disjunction(self, kids: list[Anything]) -> _Node:
        return self._node(Any(tuple(kid.formula for kid in kids)), *kids)

    def _conjunction(self, kids: list[Anything]) -> _Node:
        return self._node(All(tuple(kid.formula for kid in kids)), *kids)

    def _negated(self, kids: list[Anything]) -> _Node:
        return self._node(Not(kids[0].formula), *kids)

    def _compared(self, kids: list[Anything]) -> _Node:
        left, sign, right = kids
        return self._node(Comparison(left.formula, _comparator(sign), right.formula), left, right)

    def _implied(self, kids: list[Anything]) -> _Node:
        sign, right = kids
        self._only_in_conditions(sign.start_pos, right.end)
        return self._node(Comparison(VALUE, _comparator(sign), right.formula), right, start=sign.start_pos)

    def _bracket(self, kids: list[Anything]) -> _Node:
        start, end = kids[0].start_pos, kids[-1].start_pos + 1
        inner = [kid for kid in kids if isinstance(kid, _Node)]
        made: Formula
        if kids[0] == "[" and kids[-1] == "]" and all(isinstance(kid.formula, Text) for kid in inner):
            made = OneOf(VALUE, tuple(cast(Text, kid.formula).value for kid in inner))
        elif len(inner) == 2:
            made = Within(VALUE, inner[0].formula, inner[1].formula, kids[0] == "[", kids[-1] == "]")
        else:
            raise FormulaError(
                Words(zh="方括号里应是区间的两端，或几个文字", en="brackets hold the two ends of an interval, or several texts"),
                start,
                end,
                Words(zh='如 [80%, 90%) 或 ["甲", "乙"]', en='as in [80%, 90%) or ["a", "b"]'),
            )
        return self._node(made, *inner, start=start, end=end)

    def _member(self, kids: list[Anything]) -> _Node:
        of, bracket = kids
        return self._node(_about(bracket.formula, of.formula), of, bracket)

    def _implied_member(self, kids: list[Anything]) -> _Node:
        self._only_in_conditions(kids[0].start, kids[0].end)
        return self._node(kids[0].formula, kids[0])

    def _only_in_conditions(self, start: int, end: int) -> None:
        if not self.implied:
            raise FormulaError(
                Words(zh="这里没有说是哪个数", en="this does not say which figure it is about"),
                start,
                end,
                Words(zh="在前面写上名字，如 cases ≥ 10", en="write a name before it, as in cases ≥ 10"),
            )

    def _call(self, kids: list[Anything]) -> _Node:
        name, start, end = str(kids[0]), kids[0].start_pos, kids[0].start_pos + len(kids[0])
        arguments = [kid for kid in kids[1:] if isinstance(kid, _Node)]
        if name not in FUNCTIONS:
            near = nearest(name, FUNCTIONS)
            raise FormulaError(
                Words(zh="没有函数“{n}”", en="there is no function “{n}”").fill(n=name),
                start,
                end,
                Words(zh="写 {near}", en="write {near}").fill(near=near)
                if near
                else Words(zh="可用：{all}", en="there are: {all}").fill(all=", ".join(FUNCTIONS)),
            )
        made = FUNCTIONS[name]([one.formula for one in arguments])
        if made is None:
            raise FormulaError(
                Words(zh="{n} 写作 {use}", en="{n} is written {use}").fill(n=name, use=_USES[name]), start, kids[-1].start_pos + 1
            )
        return self._node(made, *arguments, start=start, end=kids[-1].start_pos + 1)


def _comparator(sign: Anything) -> Comparator:
    return _SAME.get(str(sign)) or cast(Comparator, str(sign))


def _about(bracket: Formula, of: Formula) -> Formula:
    if isinstance(bracket, Within):
        return Within(of, bracket.low, bracket.high, bracket.low_closed, bracket.high_closed)
    return OneOf(of, cast(OneOf, bracket).texts)


def _one(make: Callable[[Formula], Formula]) -> Callable[[list[Formula]], Formula | None]:
    return lambda given: make(given[0]) if len(given) == 1 else None


def _round(given: list[Formula]) -> Formula | None:
    match given:
        case [one]:
            return Round(one)
        case [one, Constant(value=Fraction(denominator=1, numerator=places), written="plain")] if 0 <= places <= 30:
            return Round(one, places)
        case _:
            return None


def _given(given: list[Formula]) -> Formula | None:
    return Given(given[0].name) if len(given) == 1 and isinstance(given[0], Name) else None


def _clamp(given: list[Formula]) -> Formula | None:
    return Least((given[2], Greatest((given[1], given[0])))) if len(given) == 3 else None


FUNCTIONS: dict[str, Callable[[list[Formula]], Formula | None]] = {
    "min": lambda given: Least(tuple(given)) if len(given) > 1 else None,
    "max": lambda given: Greatest(tuple(given)) if len(given) > 1 else None,
    "abs": _one(Absolute),
    "floor": _one(Floor),
    "ceil": _one(Ceil),
    "round": _round,
    "clamp": _clamp,
    "given": _given,
}
_USES = {
    "min": "min(a, b)",
    "max": "max(a, b)",
    "abs": "abs(a)",
    "floor": "floor(a)",
    "ceil": "ceil(a)",
    "round": "round(a, 2)",
    "clamp": "clamp(a, low, high)",
    "given": "given(name)",
}

KEYWORDS = frozenset(("if", "then", "else", "and", "or", "not", "in", "且", "或", "非"))
