"""What the names in a rule file stand for, as far as its tables say.

In: the values of a rule file, broken or not. Out: its figures, indicators and documents with what is said of them, in words
for whoever points at one.
The tables are read as they are written: a name is known here that `check` has still to complain about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import frozen

from perfscore.diagnostic import KeyPath
from perfscore.formula.functions import USES
from perfscore.lsp.keys import is_node, value_at
from perfscore.words import Language, Words, listed

WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)?")
"""A name in a formula, or a column of a table."""
QUOTED = re.compile(r"\\?\"(?P<a>[^\"\\]*)\\?\"|'(?P<b>[^']*)'|“(?P<c>[^”]*)”")
"""A text in a formula: the id of an indicator, or a choice."""

SECTIONS = ("inputs", "measures", "parameters")
_SECTION = {
    "inputs": Words(zh="数据", en="input"),
    "measures": Words(zh="计算得出的数", en="measure"),
    "parameters": Words(zh="参数", en="parameter"),
    "columns": Words(zh="表的一列", en="column of a table"),
    "value": Words(zh="本指标的完成值", en="what this indicator measures"),
    "target": Words(zh="本指标的目标值", en="the target of this indicator, as a number"),
    "weight": Words(zh="本指标的分值", en="what this indicator is worth"),
    "score": Words(zh="总分", en="the score"),
    "function": Words(zh="函数", en="function"),
}
OWN = ("value", "target", "weight")
_UNIT = Words(zh="单位：{unit}", en="unit: {unit}")
_TYPE = Words(zh="类型：{type}", en="type: {type}")
_TYPES = {
    "count": Words(zh="个数", en="count"),
    "number": Words(zh="数", en="number"),
    "percent": Words(zh="百分比", en="percentage"),
    "money": Words(zh="金额", en="money"),
    "yes-no": Words(zh="是否", en="yes or no"),
    "choice": Words(zh="选项", en="choice"),
    "date": Words(zh="日期", en="date"),
    "text": Words(zh="文字", en="text"),
    "table": Words(zh="表", en="table"),
}
_DOMAIN = Words(zh="取值范围：{ends}", en="domain: {ends}")
_CHOICES = Words(zh="可取：{all}", en="one of: {all}")
_BY = Words(zh="按“{by}”取值", en="varies by “{by}”")
_ENDS = {"min": "≥ {}", "above": "> {}", "max": "≤ {}", "below": "< {}"}
_WRITTEN_AS = Words(zh="写法：`{use}`", en="written as `{use}`")


@frozen
class Figure:
    """A name that a formula may use, where it is declared, and what is said of it there."""

    name: str
    at: KeyPath
    table: Mapping[str, object]

    @property
    def label(self) -> str:
        """What people call it."""
        said = self.table.get("label")
        return said if isinstance(said, str) else self.name

    @property
    def section(self) -> str:
        """The kind of name that it is."""
        return "columns" if "columns" in self.at else str(self.at[0])

    @property
    def sort(self) -> Words:
        """What kind of figure it is, in words."""
        return _SECTION[self.section]

    def told(self, language: Language) -> list[str]:
        """Lines about it: what kind it is, its unit, its domain, its formula."""
        table = self.table
        lines = [self.sort]
        type_ = table.get("type")
        if isinstance(type_, str):
            lines.append(_TYPE.fill(type=_TYPES.get(type_, type_)))
        if isinstance(table.get("unit"), str):
            lines.append(_UNIT.fill(unit=str(table["unit"])))
        ends = [form.format(table[key]) for key, form in _ENDS.items() if key in table]
        if ends:
            lines.append(_DOMAIN.fill(ends=listed(ends)))
        choices = table.get("choices")
        if isinstance(choices, list):
            lines.append(_CHOICES.fill(all=listed(map(str, choices))))
        if isinstance(table.get("by"), str):
            lines.append(_BY.fill(by=str(table["by"])))
        told = [line.into(language) for line in lines]
        if "formula" in table:
            told.append(f"`{self.name} = {table['formula']}`")
        if isinstance(table.get("note"), str):
            told.append(str(table["note"]))
        return told


def figures(values: Mapping[str, object]) -> Iterator[Figure]:
    """Every name that formulas may use, in the order of the file."""
    for section in SECTIONS:
        for name, table in _tables(values.get(section)):
            yield Figure(name, (section, name), table)
            for column, inner in _tables(table.get("columns")):
                yield Figure(f"{name}.{column}", (section, name, "columns", column), inner)


def figure_named(name: str, values: Mapping[str, object]) -> Figure | None:
    """The figure of a name; of a column of no such table its table."""
    known = {one.name: one for one in figures(values)}
    return known.get(name) or known.get(name.partition(".")[0])


def own_word(word: str, node: KeyPath, values: Mapping[str, object], language: Language) -> list[str]:
    """Lines about `value`, `target` and `weight`, as the criterion of an indicator reads them."""
    told = [_SECTION[word].into(language)]
    said = value_at((*node, {"value": "measure"}.get(word, word)), values)
    if isinstance(said, Mapping):
        return told + Figure(word, ("inputs", word), said).told(language)[1:]
    return told if said is None else [*told, f"`{said}`"]


def function_told(name: str, language: Language) -> list[str]:
    """Lines about a function."""
    return [_SECTION["function"].into(language), _WRITTEN_AS.fill(use=USES.get(name, f"{name}(a)")).into(language)]


def indicators(values: Mapping[str, object]) -> Iterator[tuple[str, KeyPath, Mapping[str, object]]]:
    """Every node of the tree by its id, with its key path and its table."""

    def go(at: KeyPath, table: object) -> Iterator[tuple[str, KeyPath, Mapping[str, object]]]:
        for key, inner in _tables(table):
            here = (*at, key)
            if is_node(here):
                yield ".".join(map(str, here[1:])), here, inner
                yield from go(here, inner)

    yield from go(("indicators",), values.get("indicators"))


def node_of(at: KeyPath) -> KeyPath | None:
    """The indicator that a key path lies in."""
    end = len(at)
    while end > 1:
        if is_node(at[:end]):
            return at[:end]
        end -= 1
    return None


def _tables(section: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    for name, table in section.items() if isinstance(section, Mapping) else ():
        if isinstance(table, Mapping):
            yield name, table
