"""Lower what the grammar read to shapes.

In: the concrete tree of one formula. Out: one of the closed set of shapes, and every name with its place in the text.
The language's limits and functions stand here; a text nested a thousand deep is refused before anything recurses.
"""

from __future__ import annotations

from datetime import date
from typing import Any as Anything
from typing import cast

from attrs import evolve, frozen

from perfscore.formula.functions import FUNCTIONS, NAMED, PEERS_USES, USES, gathered, peers_of
from perfscore.formula.shapes import (
    VALUE,
    All,
    Any,
    Choice,
    Comparator,
    Comparison,
    Constant,
    Day,
    Formula,
    Name,
    Negative,
    Not,
    OneOf,
    Product,
    Quotient,
    Sum,
    Text,
    Within,
    Written,
)
from perfscore.quantity import OversizedNumberError, number_from_text
from perfscore.words import Words, nearest

MAX_DEPTH = 64
KEYWORDS = frozenset(("if", "then", "else", "and", "or", "not", "in", "where", "且", "或", "非"))

_SAME: dict[str, Comparator] = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


class FormulaError(ValueError):
    """A formula that cannot be read: what was found, where in its text, and what to type."""

    def __init__(self, message: Words, start: int, end: int, hint: Words | None = None) -> None:
        self.message, self.start, self.end, self.hint = message, start, end, hint
        super().__init__(message.en)


@frozen
class Node:
    """A part of a formula on its way up: its shape, how deep it is nested, and its place in the text."""

    formula: Formula
    depth: int
    start: int
    end: int
    bare: bool = False


class Builder:
    """Lowers the concrete tree to shapes, from the leaves up, without recursion deeper than the limit allows."""

    def __init__(self, implied: bool) -> None:
        self.implied = implied
        self.names: list[tuple[str, int, int]] = []

    def build(self, tree: Anything) -> Node:
        """The whole tree, lowered."""
        # lark hands subtrees over bottom-up, so a text nested a thousand deep is refused before anything recurses
        from lark import Tree

        done: dict[int, Node] = {}
        for sub in tree.iter_subtrees():
            kids = [done[id(kid)] if isinstance(kid, Tree) else kid for kid in sub.children]
            done[id(sub)] = getattr(self, f"_{sub.data}")(kids)
        return done[id(tree)]

    def _node(self, formula: Formula, *kids: Anything, start: int | None = None, end: int | None = None) -> Node:
        inner = [kid for kid in kids if isinstance(kid, Node)]
        depth = 1 + max((kid.depth for kid in inner), default=0)
        first = min([kid.start for kid in inner] + ([start] if start is not None else []), default=0)
        last = max([kid.end for kid in inner] + ([end] if end is not None else []), default=0)
        if depth > MAX_DEPTH:
            raise FormulaError(
                Words(zh="公式嵌套超过 {m} 层", en="the formula is nested deeper than {m} levels").fill(
                    m=str(MAX_DEPTH)
                ),
                first,
                last,
                Words(zh="用 [measures.…] 把它拆成几步", en="split it with [measures.…]"),
            )
        return Node(formula, depth, first, last)

    def _number(self, token: Anything, written: Written, digits: str, unit: str | None = None) -> Node:
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

    def _plain(self, kids: list[Anything]) -> Node:
        return self._number(kids[0], "plain", str(kids[0]))

    def _percent(self, kids: list[Anything]) -> Node:
        return self._number(kids[0], "percent", str(kids[0])[:-1].rstrip())

    def _points(self, kids: list[Anything]) -> Node:
        return self._number(
            kids[0], "points", str(kids[0]).removesuffix("pp").removesuffix("百分点").removesuffix("个").rstrip()
        )

    def _quantity(self, kids: list[Anything]) -> Node:
        text = str(kids[0])
        size = next(i for i, one in enumerate(text) if not (one.isascii() and (one.isdigit() or one in "._")))
        return self._number(kids[0], "plain", text[:size], text[size:].strip())

    def _day(self, kids: list[Anything]) -> Node:
        token = kids[0]
        start, end = token.start_pos, token.start_pos + len(token)
        try:
            return self._node(Day(date.fromisoformat(str(token))), start=start, end=end)
        except ValueError:
            raise FormulaError(
                Words(zh="{d} 不是日历上的一天", en="{d} is no day of the calendar").fill(d=str(token)), start, end
            ) from None

    def _text(self, kids: list[Anything]) -> Node:
        return self._node(Text(str(kids[0])[1:-1]), start=kids[0].start_pos, end=kids[0].start_pos + len(kids[0]))

    def _name(self, kids: list[Anything]) -> Node:
        start, end = kids[0].start_pos, kids[0].start_pos + len(kids[0])
        if str(kids[0]) in KEYWORDS:  # where none can stand, the grammar takes a word of the language for a name
            said = Words(zh="公式在“{found}”处读不下去", en="the formula cannot be read at “{found}”")
            hint = Words(zh="“{found}”是公式语言的词，不是名字", en="“{found}” is a word of the language and no name")
            raise FormulaError(said.fill(found=str(kids[0])), start, end, hint.fill(found=str(kids[0])))
        self.names.append((str(kids[0]), start, end))
        return self._node(Name(str(kids[0])), start=start, end=end)

    def _column(self, kids: list[Anything]) -> Node:
        table, column = kids
        name, end = f"{table}.{column}", column.start_pos + len(column)
        self.names.append((name, table.start_pos, end))
        return self._node(Name(name), start=table.start_pos, end=end)

    def _parenthesised(self, kids: list[Anything]) -> Node:
        inner = kids[1]
        return self._node(inner.formula, inner, start=kids[0].start_pos, end=kids[2].start_pos + 1)

    def _sum(self, kids: list[Anything]) -> Node:
        terms = [kids[0].formula]
        for sign, kid in zip(kids[1::2], kids[2::2], strict=True):
            terms.append(kid.formula if sign.type == "PLUS" else Negative(kid.formula))
        return self._node(Sum(tuple(terms)), *kids)

    def _product(self, kids: list[Anything]) -> Node:
        node: Node = kids[0]
        made: Formula = node.formula
        growing = False  # a product in brackets stays one: only what is written side by side grows together
        for sign, kid in zip(kids[1::2], kids[2::2], strict=True):
            if sign.type == "DIVIDE":
                made, growing = Quotient(made, kid.formula), False
                node = self._node(made, node, kid)
            elif growing:
                made = Product((*cast(Product, made).factors, kid.formula))
                node = evolve(self._node(made, kid), depth=max(node.depth, kid.depth + 1), start=node.start)
            else:
                made, growing = Product((made, kid.formula)), True
                node = self._node(made, node, kid)
        return node

    def _negative(self, kids: list[Anything]) -> Node:
        inner = kids[1].formula
        made = Constant(-inner.value, inner.written, inner.unit) if isinstance(inner, Constant) else Negative(inner)
        return self._node(made, kids[1], start=kids[0].start_pos)

    def _positive(self, kids: list[Anything]) -> Node:
        return self._node(kids[1].formula, kids[1], start=kids[0].start_pos)

    def _choice(self, kids: list[Anything]) -> Node:
        return self._node(Choice(*(kid.formula for kid in kids)), *kids)

    def _disjunction(self, kids: list[Anything]) -> Node:
        return self._node(Any(tuple(kid.formula for kid in kids)), *kids)

    def _conjunction(self, kids: list[Anything]) -> Node:
        return self._node(All(tuple(kid.formula for kid in kids)), *kids)

    def _negated(self, kids: list[Anything]) -> Node:
        return self._node(Not(kids[0].formula), *kids)

    def _compared(self, kids: list[Anything]) -> Node:
        left, sign, right = kids
        return self._node(Comparison(left.formula, _comparator(sign), right.formula), left, right)

    def _implied(self, kids: list[Anything]) -> Node:
        sign, right = kids
        self._only_in_conditions(sign.start_pos, right.end)
        return self._node(Comparison(VALUE, _comparator(sign), right.formula), right, start=sign.start_pos)

    def _bracket(self, kids: list[Anything]) -> Node:
        start, end = kids[0].start_pos, kids[-1].start_pos + 1
        inner = [kid for kid in kids if isinstance(kid, Node)]
        made: Formula
        if kids[0] == "[" and kids[-1] == "]" and all(isinstance(kid.formula, Text) for kid in inner):
            made = OneOf(VALUE, tuple(cast(Text, kid.formula).value for kid in inner))
        elif len(inner) == 2:
            made = Within(VALUE, inner[0].formula, inner[1].formula, kids[0] == "[", kids[-1] == "]")
        else:
            raise FormulaError(
                Words(
                    zh="方括号里应是区间的两端，或几个文字",
                    en="brackets hold the two ends of an interval, or several texts",
                ),
                start,
                end,
                Words(zh='如 [80%, 90%) 或 ["甲", "乙"]', en='as in [80%, 90%) or ["a", "b"]'),
            )
        return self._node(made, *inner, start=start, end=end)

    def _member(self, kids: list[Anything]) -> Node:
        of, bracket = kids
        return self._node(_about(bracket.formula, of.formula), of, bracket)

    def _implied_member(self, kids: list[Anything]) -> Node:
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

    def _peers(self, kids: list[Anything]) -> Node:
        start, end = kids[0].start_pos, kids[-1].start_pos + 1
        what = "".join(str(kids[0]).split()).removeprefix("peers.")
        first, *rest = [kid for kid in kids[1:] if isinstance(kid, Node)]
        named = self._named("peers", rest)
        made = peers_of(what, first.formula, named) if len(named) == len(rest) else None
        if made is None:
            use = PEERS_USES.get(what) or ", ".join(PEERS_USES.values())
            raise FormulaError(Words(zh="写作 {use}", en="is written {use}").fill(use=use), start, end)
        return self._node(made, first, *rest, start=start, end=end)

    def _named(self, function: str, arguments: list[Node]) -> dict[str, Formula]:
        """What is given to the arguments that are written with their names, which are no figures'."""
        found: dict[str, Formula] = {}
        for one in arguments:
            match one.formula:
                case Comparison(left=Name(name=name), by="=", right=right) if name in NAMED.get(function, ()):
                    found[name] = right
                    self.names = [known for known in self.names if known[:2] != (name, one.start)]
                case _:
                    pass
        return found

    def _call(self, kids: list[Anything]) -> Node:
        name, start, end = str(kids[0]), kids[0].start_pos, kids[0].start_pos + len(kids[0])
        arguments = [kid for kid in kids[1:] if isinstance(kid, Node)]
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
        given = [one.formula for one in arguments]
        limited = any(getattr(kid, "type", "") == "WHERE" for kid in kids)
        made = gathered(name, given[:-1], given[-1]) if limited else FUNCTIONS[name](given)
        if made is None or isinstance(made, Words):
            said = Words(zh="{n} 写作 {use}", en="{n} is written {use}").fill(n=name, use=USES[name])
            raise FormulaError(said if made is None else made, start, kids[-1].start_pos + 1)
        self._named(name, arguments[:-1] if limited else arguments)
        if isinstance(made, Name):
            self.names.append((made.name, start, kids[-1].start_pos + 1))
        return self._node(made, *arguments, start=start, end=kids[-1].start_pos + 1)


def _comparator(sign: Anything) -> Comparator:
    return _SAME.get(str(sign)) or cast(Comparator, str(sign))


def _about(bracket: Formula, of: Formula) -> Formula:
    if isinstance(bracket, Within):
        return Within(of, bracket.low, bracket.high, bracket.low_closed, bracket.high_closed)
    return OneOf(of, cast(OneOf, bracket).texts)
