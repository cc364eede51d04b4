"""Read formulas.

In: the text of a formula, or of a condition on `value` such as "≥ 10" or "[80%, 90%)".
Out: `Parsed`: the shape, and where in the text each name stands; or `FormulaError` with the place and a way out.
Nothing is looked up or computed here: whether a name exists is asked by whoever knows the names.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pkgutil import get_data
from typing import TYPE_CHECKING, cast
from typing import Any as Anything

from attrs import frozen

from perfscore.formula.habits import meant
from perfscore.formula.lowering import Builder, FormulaError
from perfscore.formula.shapes import All, Any, Choice, Comparison, Formula, Given, Name, Not, OneOf, Within
from perfscore.words import Words, visible

if TYPE_CHECKING:
    from lark import Lark

MAX_LENGTH = 10_000
_PATH = re.compile(r"[^\W\d]")
_IF_BEFORE = re.compile(r"\S\s*\b(?P<if>if)\s+$")

_FULL_WIDTH = str.maketrans("（）［］＋－＊／＝＜＞，．％：！０１２３４５６７８９【】", "()[]+-*/=<>,.%:!0123456789[]")


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
    return _read(text, False)


def parse_condition(text: str) -> Parsed:
    """The condition that a text spells; a comparison without a left side is about `value`.

    >>> parse_condition("≥ 10").formula.by
    '≥'
    """
    try:
        parsed = _read(text, True)
    except FormulaError as error:
        if (better := meant(text)) is not None:
            raise FormulaError(error.message, error.start, error.end, _write(better)) from None
        raise
    better = meant(text)  # 超过3 also reads as a name, which nobody gives a figure
    conditions = Comparison | Within | OneOf | All | Any | Not | Given | Name | Choice
    if not isinstance(parsed.formula, conditions) or (isinstance(parsed.formula, Name) and better is not None):
        either = Words(zh='写 "≥ {t}" 或 "≤ {t}"', en='write "≥ {t}" or "≤ {t}"').fill(t=visible(text.strip()))
        raise FormulaError(
            Words(zh="“{t}”不是条件", en="“{t}” is not a condition").fill(t=visible(text)),
            0,
            len(text),
            either if better is None else _write(better),
        )
    return parsed


def _write(better: str) -> Words:
    if better.startswith("["):
        open_end = f"{better[:-1]})"
        return Words(zh='写 "{a}"，右端不含则写 "{b}"', en='write "{a}", or "{b}" without its upper end').fill(
            a=better, b=open_end
        )
    return Words(zh='写 "{a}"', en='write "{a}"').fill(a=better)


@lru_cache(maxsize=1024)
def _read(text: str, implied: bool) -> Parsed:
    """A text, read; tables say “≥ 95%” again and again."""
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

    builder = Builder(implied)
    try:
        node = builder.build(_parser().parse(_half_width(text)))
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
    """Full-width signs as the grammar knows them, character for character, so that places stay; quoted text is
    left alone.
    """
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
    hint = None
    inner = _IF_BEFORE.search(text[:start])  # an if that stands inside is taken for a name, and what follows is not
    if inner is not None:
        start, end = inner.span("if")
    found = visible(text[start:end])
    if text[start : start + 1] in ("<", ">", "=", "≤", "≥", "＜", "＞"):
        hint = Words(
            zh="两个比较写成区间，如 x in (0, 30]", en="write two comparisons as an interval, as in x in (0, 30]"
        )
    elif found == "." and _PATH.match(text[start + 1 :]):
        hint = Words(
            zh='名字里没有点：指标的得分写 points("a.b")；它自己的数先在 [inputs] 里写，再用那里的名字',
            en='a name holds no dot: points are read as points("a.b"); a figure is declared in [inputs] and read by its '
            "name there",
        )
    elif inner is not None:
        hint = Words(
            zh="if 整个放进括号，如 ≥ (if … then … else …)",
            en="put the whole if in brackets, as in ≥ (if … then … else …)",
        )
    return FormulaError(
        Words(zh="公式在“{found}”处读不下去", en="the formula cannot be read at “{found}”").fill(found=found),
        start,
        end,
        hint,
    )


def _ends_early(text: str) -> FormulaError:
    return FormulaError(
        Words(zh="公式没有写完", en="the formula ends too early"),
        max(0, len(text) - 1),
        len(text),
        Words(zh="补上缺的数、名字或括号", en="add the missing number, name or bracket"),
    )


@cache
def _parser() -> Lark:
    """The parser of the grammar. To make its tables takes as long as to check a rule file: they lie beside it, made."""
    import lark

    grammar, made = _beside("grammar.lark"), json.loads(_beside("grammar.json"), object_pairs_hook=_numbered)
    if (made["lark"], made["grammar"]) == (lark.__version__, grammar):
        return lark.Lark.load(made["tables"])
    return parser_of(grammar)


def parser_of(grammar: str) -> Lark:
    """The parser of a grammar, its tables made now."""
    from lark import Lark

    return Lark(grammar, parser="lalr", maybe_placeholders=False, propagate_positions=False)


def _beside(name: str) -> str:
    return cast(bytes, get_data(__package__, name)).decode()


def _numbered(pairs: list[tuple[str, Anything]]) -> dict[str | int, Anything]:
    """An object of JSON whose keys are numbers where they look like one, as states and signs are counted."""
    return {int(key) if key.isdecimal() else key: held for key, held in pairs}
