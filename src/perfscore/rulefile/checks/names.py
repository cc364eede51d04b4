"""Does every formula speak of things that exist and fit together?

In: a draft. Out: a complaint for every name that is nothing known, with the nearest that is, and for parts that do
not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from perfscore.diagnostic import Code, Diagnostic, Edit, Fix, KeyPath
from perfscore.formula.lowering import KEYWORDS
from perfscore.formula.shapes import Comparison, Formula, Name, Text
from perfscore.formula.types import SORTS, Type, not_in, type_of
from perfscore.formula.units import Misfit, measured_in
from perfscore.formula.vocabulary import Term, Vocabulary
from perfscore.formula.walking import everything
from perfscore.indicator import Input
from perfscore.rulebook import points_name, share_name
from perfscore.rulefile.draft import Draft
from perfscore.rulefile.formulas import Standing, every_formula, written_text
from perfscore.rulefile.mends import certain
from perfscore.words import Words, listed, nearest, visible

UNKNOWN_NAME = Code(
    "PS502",
    "unknown-name",
    Words(zh="公式里的名字既不是输入，也不是计算指标。", en="A name in a formula is neither an input nor a measure."),
)
TYPES_DISAGREE = Code(
    "PS503",
    "types-disagree",
    Words(
        zh="公式里类型或单位不合：例如拿文字和数相比，拿万元和件相比。",
        en="Types or units in a formula do not fit, as a text compared with a number.",
    ),
)
COLUMN_ALONE = Code(
    "PS508",
    "column-alone",
    Words(
        zh="用了表里的一列，却没有说是哪条记录，也没有汇总。",
        en="A column of a table is read where no record is at hand and nothing is gathered.",
    ),
)
GATHER = Words(zh="写 count({t})，或 sum({t}.…)、mean({t}.…)", en="write count({t}), or sum({t}.…), mean({t}.…)")
WORDS_AS_TARGET = Words(
    zh='写成条件，如 "≥ 10"；文字目标写进 target_text', en='write a condition such as "≥ 10"; words go to target_text'
)
ABSENT = {
    "value": Words(
        zh='给指标写 measure = "…"，value 就是它', en='give the indicator measure = "…"; value is what it gives'
    ),
    "target": Words(
        zh='只有一个比较的目标才有数，如 target = "≥ 10"',
        en='only a target of one comparison has a number, as in target = "≥ 10"',
    ),
}
DECLARE = Words(
    zh='“{i}”的数只有它自己读：加一张表 [inputs.{n}]，它写 measure = "{n}"，这里读 {n}',
    en='only “{i}” reads its own figure: add a table [inputs.{n}], give it measure = "{n}", and read {n} here',
)
YES_OR_NO = Words(
    zh='是否型的数据直接写名字：是写 "{n}"，否写 "not {n}"', en='a yes-no is written by its name: "{n}", or "not {n}"'
)
_KEYWORD_INSIDE = re.compile(r"^(?P<left>\w+?)(?P<word>[且或])(?P<right>\w+)$")


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Everything in a formula that is unknown or does not fit."""
    for one in every_formula(draft):
        yield from _formula(draft, one)


def _formula(draft: Draft, one: Standing) -> Iterator[Diagnostic]:
    at, formula, terms, sort = one.at, one.formula, one.terms, one.sort
    text = written_text(draft.values, at)
    for name in one.nobodys:
        yield _column_alone(name, at, text)
    for name in one.unknown:
        if name.partition(".")[0] in one.unknown and "." in name:
            continue  # told with its table
        place = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        yield Diagnostic(
            UNKNOWN_NAME,
            at,
            Words(zh="没有叫“{n}”的输入或计算指标", en="there is no input or measure “{n}”").fill(n=visible(name)),
            _word(name, formula, terms)
            or (WORDS_AS_TARGET if at[-1] == "target" and text == name else None)
            or _of_a_node(name, draft)
            or _dotted(name, terms)
            or _meant(name, terms),
            within=place.span() if place else None,
            fix=_renamed(name, at, text, terms),
        )
    if one.unknown:
        return
    told: list[Words] = []
    kind = type_of(formula, terms, told.append)
    if kind.sort == "table" and sort != "table":
        table = Words(zh="这里应是一个数，写的是一张表", en="expected one figure, found a table")
        yield Diagnostic(TYPES_DISAGREE, at, table, GATHER.fill(t=text))
        return
    if sort is not None and kind.sort != sort:
        told.append(
            Words(zh="这里应是{a}，公式给出{b}", en="expected {a} here, the formula gives {b}").fill(
                a=SORTS[sort], b=SORTS[kind.sort]
            )
        )
    told.extend(_of_declared_unit(one, kind))
    if not told:
        return
    own = {leaf.id for leaf in draft.leaves() if isinstance(leaf.measure, Input)}
    quoted = [one.value for one in everything(formula) if isinstance(one, Text) and one.value in own]
    hint = Words(zh="改公式，或改输入的 type 和 unit", en="change the formula, or the type and unit of the input")
    for said in dict.fromkeys(told):
        way_out = said.hint if isinstance(said, Misfit) else hint
        yield Diagnostic(TYPES_DISAGREE, at, said, _declare(quoted[0]) if quoted else way_out)


def _renamed(name: str, at: KeyPath, text: str, terms: Vocabulary) -> Fix | None:
    """The near name in every place of the formula where the unknown one stands."""
    near = nearest(name, terms)
    if near is None or name in ABSENT or not near.isidentifier():
        return None
    places = re.finditer(rf"(?<![\w.]){re.escape(name)}(?!\w)", text)
    edits = tuple(Edit(at, near, within=found.span()) for found in places)
    return (
        Fix(Words(zh="写 {n}", en="write {n}").fill(n=near), edits, safe=certain(name, near, terms)) if edits else None
    )


def _of_declared_unit(standing: Standing, kind: Type) -> Iterator[Words]:
    """What a figure of a stated unit is computed in, where that is another."""
    declared = measured_in(standing.unit)
    if declared is not None and kind.measured is not None and kind.sort == "number":
        yield from not_in(standing.formula, kind.measured, declared, standing.terms)


def _column_alone(name: str, at: KeyPath, text: str) -> Diagnostic:
    """The complaint about a column where no record is at hand."""
    table, place = name.partition(".")[0], re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    return Diagnostic(
        COLUMN_ALONE,
        at,
        Words(
            zh="“{n}”每条记录都有一个，这里没有说是哪条", en="every record has a “{n}”, and which is meant is not said"
        ).fill(n=visible(name)),
        Words(
            zh='汇总写 sum({n}) 或 count({t} where …)；逐条扣分写 for_each = "{t}"',
            en='gather them with sum({n}) or count({t} where …); for a deduction a record write for_each = "{t}"',
        ).fill(n=name, t=table),
        within=place.span() if place else None,
    )


def _word(name: str, formula: Formula, terms: Vocabulary) -> Words | None:
    """What to write instead of a word that stands for no figure: yes or no, or a choice without quotation marks."""
    if formula == Name(name) and "value" in terms and terms["value"].type == "yes-no":
        return YES_OR_NO.fill(n="value")
    for one in everything(formula):
        match one:
            case Comparison(left=Name(name=first), by=by, right=Name(name=second)) if name in (first, second):
                other = first if second == name else second
                term = terms.get(other)
                if term is not None and term.type == "yes-no":
                    return YES_OR_NO.fill(n=other)
                if term is not None and term.type in ("choice", "text") and by in ("=", "≠"):
                    left = "" if other == "value" else f"{other} "
                    return Words(zh="文字加引号：'{t}'", en="a text needs quotation marks: '{t}'").fill(
                        t=f'{left}{by} "{visible(name)}"'
                    )
            case _:
                pass
    return None


def _of_a_node(name: str, draft: Draft) -> Words | None:
    """What to write instead of the figure that only its own indicator reads, or of the points that a pool shares."""
    pools = draft.pools()
    for node in draft.nodes():
        if name == node.id and isinstance(node.measure, Input):
            return _declare(node.id)
        if node.id in pools and name in (points_name(node.id), share_name(node.id)):
            return Words(
                zh="“{i}”和同级共用一个分值，没有自己的得分；读上级的 {p}",
                en="“{i}” shares the points of its branch and has none of its own; read {p}",
            ).fill(i=node.id, p=name.replace(node.id, pools[node.id].id))
    return None


def _dotted(name: str, terms: Vocabulary) -> Words | None:
    """What to write instead of a dot that no table stands before."""
    table, dot, _ = name.partition(".")
    if not dot or "(" in table or (table in terms and terms[table].type == "table"):
        return None
    return Words(
        zh='点只能写在表和列之间：指标的得分写 points("{n}")；它自己的数先在 [inputs] 里写，再用那里的名字',
        en='a dot stands between a table and a column only: points are read as points("{n}"); a figure is declared in '
        "[inputs] and read by its name there",
    ).fill(n=name)


def _declare(id: str) -> Words:
    name = re.sub(r"\W", "_", id.rpartition(".")[2])
    return DECLARE.fill(i=id, n=name)


def _meant(name: str, terms: Mapping[str, Term]) -> Words:
    if name in ABSENT:
        return ABSENT[name]
    split = _KEYWORD_INSIDE.match(name)
    if split and split["word"] in KEYWORDS and split["left"] in terms:
        return Words(zh="是不是 {a} {w} {b}？两边要空格", en="did you mean {a} {w} {b}, with spaces?").fill(
            a=split["left"], w=split["word"], b=split["right"]
        )
    if near := nearest(name, terms):
        return Words(zh="是不是 {near}？", en="did you mean {near}?").fill(near=near)
    known = [one for one in terms if "." not in one and "(" not in one]
    if known:
        return Words(zh="已有：{all}；或加 [inputs.{n}]", en="there are: {all}; or add [inputs.{n}]").fill(
            all=listed(known[:12]), n=_header(name)
        )
    return Words(zh="加一张表 [inputs.{n}]", en="add a table [inputs.{n}]").fill(n=_header(name))


def _header(name: str) -> str:
    """A name as a table header takes it: a Chinese one in quotation marks."""
    return visible(name) if name.isascii() else f'"{visible(name)}"'
