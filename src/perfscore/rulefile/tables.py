"""The tables of a rule file, whole.

In: nothing; this is vocabulary.
Out: one class a table with every key that may stand in it. Most tables are whole in `written`; a few have keys besides
that are read by what stands in them: a formula or a table, a list or a value, the tables of other names. Those are added
here, so that no list of keys is kept anywhere. Nothing is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Annotated, Literal, TypeAlias

from attrs import fields, frozen

from perfscore.criterion import Amount, Criterion, Points, written_name
from perfscore.frozen import Frozen
from perfscore.indicator import InapplicablePolicy
from perfscore.rulefile.written import (
    Extends,
    Remove,
    WrittenAdjustment,
    WrittenBasis,
    WrittenCheck,
    WrittenDated,
    WrittenFixed,
    WrittenGoal,
    WrittenInput,
    WrittenMeasure,
    WrittenNode,
    WrittenOwnInput,
    WrittenParameter,
    WrittenRatings,
    WrittenRulebook,
    WrittenScope,
)
from perfscore.words import Words

# the states that this version can give
Given: TypeAlias = Literal["scored", "missing", "undefined", "not-applicable", "not-scored"]
Value: TypeAlias = Amount | bool | date

table = partial(frozen, kw_only=True, init=False, eq=False, repr=False, slots=False)
"""Of a table here only its fields are asked: nothing is ever made of one, and what that would need costs time to make."""


@table
class DefaultsTable:
    """`[rulebook.defaults]` — the criterion for a target that states none, by the form of the target."""

    at_least: Annotated[Criterion | None, Words("目标是“≥”或“>”时", "of a target with ≥ or >")] = None
    at_most: Annotated[Criterion | None, Words("目标是“≤”或“<”时", "of a target with ≤ or <")] = None
    equal: Annotated[Criterion | None, Words("目标是“=”或别的条件时", "of any other condition")] = None
    words: Annotated[Criterion | None, Words("目标是文字或没有写时", "of a target in words, or of none")] = None


@table
class RulebookTable(WrittenRulebook):
    """`[rulebook]` — the head of the file, and what it extends."""

    extends: Extends | None = None
    remove: Remove = ()
    defaults: Annotated[DefaultsTable | None, Words("没写 criterion 的指标按什么计分", "criteria by the target")] = None


@table
class IndicatorTable(WrittenNode):
    """`[indicators.a]` — any further table in it is an indicator below it."""

    criterion: Annotated[Criterion | None, Words("评分标准：怎样扣分", "how points are lost")] = None
    measure: Annotated[
        Amount | WrittenOwnInput | None,
        Words('指标值：公式，或 { type = "count", unit = "件" }', "what is observed: a formula or a figure of its own"),
    ] = None
    not_applicable: Annotated[
        InapplicablePolicy | WrittenFixed | None,
        Words("不适用时怎么办：给满分、重新分配分值、给几分……", "what it has where it does not apply"),
    ] = None
    target: Annotated[str | None, Words('目标值：条件如 "≥ 10"；没有 measure 时是文字', "a condition, or words")] = None
    weight: Annotated[Amount | None, Words('分值：10、"25%"、"even" 或公式', "points, a share, or a formula")] = None


@table
class DatedTable(WrittenDated):
    """`{ from = 2023-01-01, value = … }` — one of the values that a parameter has over time."""

    value: Annotated[Value, Words("从这一天起的值", "the value from that day on")]


@table
class ParameterTable(WrittenParameter):
    """`[parameters.p]` — a value that varies."""

    values: Annotated[
        Value | tuple[DatedTable, ...] | Mapping[str, Value | tuple[DatedTable, ...]],
        Words("一个值；按组别一张表；按时间一个列表", "one value, a table by group, or a list over time"),
    ]


@table
class AdjustmentTable(WrittenAdjustment):
    """`[[adjustments]]` — one line after the tree."""

    cap: Annotated[Mapping[str, Points], Words("这些指标最高几分", "the most that indicators may have")] = Frozen()


@table
class ExampleTable:
    """`[[examples]]` — a worked example: facts as a facts file writes them, and what they must give."""

    title: Annotated[str, Words("算例说的是什么", "what it shows")]
    facts: Annotated[Mapping[str, object], Words("数据：名字 = 值", "facts, by name")] = Frozen()
    answers: Annotated[Mapping[str, object], Words("评分人的回答，按指标", "the assessor's answers, by indicator")] = (
        Frozen()
    )
    subject: Annotated[
        Mapping[str, object], Words("评价对象，如 { date = 2022-06-30 }", "who is assessed, and when")
    ] = Frozen()
    review: Annotated[tuple[Mapping[str, object], ...], Words("复核的改动", "a reviewer's changes")] = ()
    cohort: Annotated[tuple[Mapping[str, object], ...], Words("一同评价的其他对象", "the others of the cohort")] = ()
    points: Annotated[Mapping[str, Fraction], Words("各指标应得几分", "the points that indicators get")] = Frozen()
    state: Annotated[Mapping[str, Given], Words("各指标应是什么状态", "the states that indicators are in")] = Frozen()
    score: Annotated[Fraction | None, Words("总分应是几分", "the score")] = None
    rating: Annotated[str | None, Words("等级应是什么", "the rating")] = None


@table
class RuleFile:
    """A rule file."""

    format: Annotated[Literal[1], Words("规则语言的版本，写 1", "the version of the rule language: 1")]
    rulebook: Annotated[
        RulebookTable, Words("评分表的名称、满分和总的规定", "what the table is called and how it counts")
    ]
    basis: Annotated[Mapping[str, WrittenBasis], Words("依据的法规和文件", "laws and documents")] = Frozen()
    inputs: Annotated[Mapping[str, WrittenInput], Words("要人填的数据", "figures that facts supply")] = Frozen()
    parameters: Annotated[Mapping[str, ParameterTable], Words("随组别或时间变的值", "values that vary")] = Frozen()
    measures: Annotated[Mapping[str, WrittenMeasure], Words("由数据算出的数", "figures derived from others")] = Frozen()
    indicators: Annotated[Mapping[str, IndicatorTable], Words("指标，表头就是层级", "the tree of indicators")]
    ratings: Annotated[WrittenRatings | None, Words("从总分到等级", "from the score to a word")] = None
    adjustments: Annotated[
        tuple[AdjustmentTable, ...], Words("总分算出后的加减和一票否决", "what comes after the tree")
    ] = ()
    checks: Annotated[
        Mapping[str, WrittenCheck], Words("数据之间应当成立的关系", "what should hold between figures")
    ] = Frozen()
    goals: Annotated[Mapping[str, WrittenGoal], Words("绩效目标", "what was promised")] = Frozen()
    scope: Annotated[Mapping[str, WrittenScope], Words("评价范围", "what the evaluation says it covers")] = Frozen()
    examples: Annotated[
        tuple[ExampleTable, ...], Words("算例：规则自己的测试", "worked examples, the file's own tests")
    ] = ()


def keys(cls: type) -> tuple[str, ...]:
    """The keys of a table, as the file writes them."""
    return tuple(written_name(one) for one in fields(cls))
