"""The tables of a rule file, as people write them.

In: nothing; this is vocabulary.
Out: one class a table, whose fields are its keys, their types, what each is for and their defaults: what `table` reads,
`write` writes and `schema` tells editors. A field that Python keeps the name of ends in `_`. Nothing is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from attrs import frozen

from perfscore.criterion import Amount, Condition, Points
from perfscore.formula.vocabulary import ValueType
from perfscore.frozen import Frozen
from perfscore.goals import Dimension
from perfscore.indicator import AbsentPolicy, Aggregate
from perfscore.quantity import RoundingMode
from perfscore.words import Language, Words

Extends: TypeAlias = Annotated[str, Words('继承哪份规则，如 "cn/self-evaluation-2020"', "the rule file to start from")]
Remove: TypeAlias = Annotated[
    tuple[str, ...], Words('从上级规则里去掉的，如 "indicators.a.b"', "paths taken out of the parent")
]
Note: TypeAlias = Annotated[str | None, Words("给看规则的人的说明", "for readers of the file")]


@frozen
class WrittenPeriod:
    """`valid = { from = 2023-01-01, to = 2023-12-31 }` — the first day and the last."""

    from_: Annotated[date, Words("从这一天起", "the first day")]
    to: Annotated[date, Words("到这一天止", "the last day")]


@frozen
class WrittenRounding:
    """`rounding = { places = 2, mode = "half-up" }`."""

    places: Annotated[Fraction, Words("分数保留几位小数", "decimal places of points")] = Fraction(2)
    mode: Annotated[RoundingMode, Words("怎样取舍：half-up 四舍五入", "how a half goes; half-up is away from zero")] = (
        "half-up"
    )
    remainder: Annotated[
        Literal["first", "last"], Words("分不尽的零头给第一个还是最后一个", "which of equal weights has the odd cent")
    ] = "first"


@frozen
class WrittenRulebook:
    """`[rulebook]` — the head of the file."""

    id: Annotated[str, Words("规则的简称，不含点号和空白", "a short name without dots and blanks")]
    title: Annotated[str, Words("评分表的名称", "what the table is called")]
    version: Annotated[str, Words("版本，文字", "the version, a text")]
    full_marks: Annotated[Fraction, Words("满分：一级指标分值之和", "full marks: what the top-level weights add up to")]
    language: Annotated[Language, Words("评分说明用的语言", "the language of explanations")] = "zh"
    valid: Annotated[WrittenPeriod | None, Words("适用的起止日期", "the first and the last day it is for")] = None
    reasons: Annotated[
        Literal["required", "reported"],
        Words("评出的扣分没写原因：required 是错误，reported 是提示", "judged deductions without a reason"),
    ] = "required"
    rounding: Annotated[WrittenRounding, Words("分数怎样取整", "how points are rounded")] = WrittenRounding()
    coverage: Annotated[
        Amount | None, Words('至少评了多少分值才给等级，如 "80%"', "the least share scored for a rating")
    ] = None
    over_completion: Annotated[
        Amount | None,
        Words('完成值达到目标的多少算超额完成，不写是 "130%"', 'which share of a target is far beyond it, else "130%"'),
    ] = None
    range: Annotated[tuple[Points, ...] | None, Words("总分的下限和上限，如 [0, 110]", "the ends of the total")] = None
    counts: Annotated[
        Literal["merit", "demerit"],
        Words("merit 计得分；demerit 计扣分，0 最好", "demerit: points incurred, 0 is best"),
    ] = "merit"
    aggregate: Annotated[Aggregate, Words("一级指标怎样合成总分", "how the top level is put together")] = "sum"
    by: Annotated[str | None, Words('aggregate = "one-of" 时按哪项数据选', "the choice that one-of goes by")] = None
    n: Annotated[int | None, Words('aggregate = "best" 时取几个', "how many best takes")] = None
    once: Annotated[
        tuple[str, ...],
        Words("一条记录只在其中最先的一个指标扣分", "indicators of which only the first deducts for a record"),
    ] = ()


@frozen
class WrittenExtends:
    """`extends = "cn/self-evaluation-2020"`, in `[rulebook]`: another rule file is the start, less what is removed."""

    extends: Annotated[str, Words('继承哪份规则，如 "cn/self-evaluation-2020"', "the rule file to start from")]
    remove: Annotated[
        tuple[str, ...], Words('从上级规则里去掉的，如 "indicators.a.b"', "paths taken out of the parent")
    ] = ()


@frozen
class WrittenBasis:
    """`[basis.legal-aid-law]` — a law or regulation that clauses rest on."""

    title: Annotated[str, Words("法规、文件的名称", "the title of the law or document")]
    number: Annotated[str | None, Words("文号", "the number of the document")] = None
    url: Annotated[str | None, Words("网址", "where to find it")] = None


@frozen
class WrittenFigure:
    """What is said of a figure wherever it stands."""

    type: Annotated[ValueType, Words("数据的类型", "what kind of figure it is")]
    unit: Annotated[str | None, Words('单位，如 "件"、"元/人·天"', "the unit")] = None
    bare: Annotated[
        Literal["percent", "ratio"] | None,
        Words("不带 % 的百分比怎么读：percent 96.2，ratio 0.962", "how a percentage without a sign is meant"),
    ] = None
    min: Annotated[Amount | None, Words("最小值，含", "the smallest value, included")] = None
    max: Annotated[Amount | None, Words("最大值，含", "the greatest value, included")] = None
    above: Annotated[Amount | None, Words("大于这个数，不含", "greater than this")] = None
    below: Annotated[Amount | None, Words("小于这个数，不含", "less than this")] = None
    choices: Annotated[tuple[str, ...], Words("选择型数据的各个选项", "what a choice may be")] = ()
    note: Note = None


@frozen
class WrittenColumn(WrittenFigure):
    """`columns = { amount = { type = "money", unit = "万元" } }` — a figure that every record of a table has."""

    label: Annotated[str | None, Words("列的名称", "what people call the column")] = None


@frozen
class WrittenOwnInput(WrittenFigure):
    """`measure = { type = "count", unit = "份" }` — the figure that only this indicator reads."""

    needed: Annotated[bool, Words("false：没有它也能评分", "false where scoring does not wait for it")] = True
    from_: Annotated[str | None, Words("由谁提供", "who supplies it")] = None


@frozen(kw_only=True)
class WrittenInput(WrittenOwnInput):
    """`[inputs.cases]` — a figure that facts supply under a name of its own; the columns of a table are read one by one."""

    label: Annotated[str, Words("数据的名称", "what people call the figure")]
    columns: Annotated[
        Mapping[str, WrittenColumn], Words("表的各列：列名 = { type = … }", "the columns of a table")
    ] = Frozen()
    key: Annotated[str | None, Words("表里认记录的那一列", "the column that names a record")] = None


@frozen
class WrittenMeasure:
    """`[measures.rate]` — a figure derived from others."""

    formula: Annotated[Amount, Words("公式", "the formula")]
    label: Annotated[str | None, Words("名称", "what people call it")] = None
    unit: Annotated[str | None, Words("单位", "the unit")] = None
    note: Note = None


@frozen
class WrittenNode:
    """The attributes of a branch or a leaf; `weight`, `measure`, `target`, `not_applicable` and `criterion` are read by
    what stands in them.
    """

    name: Annotated[str, Words("指标名称", "what people call it")]
    clause: Annotated[str | None, Words("评分标准的原文", "the words of the regulation")] = None
    basis: Annotated[tuple[str, ...], Words("依据：[basis] 里的编号", "ids of [basis]")] = ()
    unit: Annotated[str | None, Words("指标值的单位", "the unit of the value")] = None
    target_text: Annotated[
        str | None, Words("表上印的指标值，代替 target", "what the table prints instead of the target")
    ] = None
    range: Annotated[
        tuple[Points, ...] | None, Words("可得分的下限和上限，如 [0, 5]", "what it may give, lowest and highest")
    ] = None
    aggregate: Annotated[Aggregate, Words("下级指标怎样合成", "how its members are put together")] = "sum"
    by: Annotated[str | None, Words('aggregate = "one-of" 时按哪项数据选', "the choice that one-of goes by")] = None
    n: Annotated[int | None, Words('aggregate = "best" 时取几个', "how many best takes")] = None
    applies: Annotated[Condition | None, Words("条件：什么对象适用本指标", "a condition: to whom it applies")] = None
    missing: Annotated[AbsentPolicy, Words("缺数据时怎么办", "what becomes of it when a figure was not given")] = (
        "error"
    )
    undefined: Annotated[AbsentPolicy, Words("除以零时怎么办", "the same, when a formula divides by zero")] = "error"
    rounding: Annotated[WrittenRounding | None, Words("本指标怎样取整", "how its points are rounded")] = None
    note: Note = None


@frozen
class WrittenFixed:
    """`not_applicable = { points = 2 }` — what an indicator has where it does not apply."""

    points: Annotated[Points, Words("不适用时得的分", "the points where it does not apply")]


@frozen
class WrittenParameter:
    """`[parameters.p]` — what varies; `values` are read by whether `by` is written."""

    by: Annotated[str | None, Words("按哪项选择型数据分组", "the choice that tells the group")] = None
    label: Annotated[str | None, Words("名称", "what people call it")] = None
    unit: Annotated[str | None, Words("单位", "the unit")] = None
    note: Note = None


@frozen
class WrittenDated:
    """One of the values that a parameter has over time."""

    from_: Annotated[date, Words("从哪一天起", "the day it begins")]


@frozen
class WrittenAdjustment:
    """`[[adjustments]]` — one line after the tree; `cap` is read node by node."""

    id: Annotated[str, Words("这一条的编号", "the id of the line")]
    clause: Annotated[str | None, Words("条文", "the words of the regulation")] = None
    name: Annotated[str | None, Words("名称", "what people call it")] = None
    when: Annotated[Condition | None, Words("什么条件下", "when it applies")] = None
    add: Annotated[Points | None, Words("总分加几分", "points added to the total")] = None
    deduct: Annotated[Points | None, Words("总分扣几分", "points taken from the total")] = None
    multiply: Annotated[Amount | None, Words("总分乘以", "what the total is multiplied by")] = None
    cap_score: Annotated[Points | None, Words("总分最高几分", "the most that the total may be")] = None
    set_score: Annotated[Points | None, Words("总分定为几分", "what the total becomes")] = None
    cap_rating: Annotated[str | None, Words("等级最高是", "the best that the rating may be")] = None
    set_rating: Annotated[str | None, Words("等级定为", "what the rating becomes")] = None
    lower_rating: Annotated[int | None, Words("等级降几档", "by how many steps the rating falls")] = None
    zero: Annotated[tuple[str, ...], Words("这些指标计 0 分", "indicators that get nothing")] = ()
    basis: Annotated[tuple[str, ...], Words("依据：[basis] 里的编号", "ids of [basis]")] = ()
    note: Note = None


@frozen
class WrittenRating:
    """One step of a scale; without `from` only an adjustment leads there."""

    name: Annotated[str, Words("等级的名称", "the word for it")]
    from_: Annotated[Fraction | None, Words("从几分起，含", "the lowest score that has it")] = None


@frozen
class WrittenRatings:
    """`[ratings]` — the scale, best first. `reads` says that it goes by the published score, as it always does."""

    scale: Annotated[tuple[WrittenRating, ...], Words("各个等级，从好到差", "the ratings, best first")]
    reads: Annotated[Literal["published"] | None, Words("按公布的分数定等级", "which score it goes by")] = None


@frozen
class WrittenCheck:
    """`[checks.budget]` — what must hold between figures."""

    that: Annotated[Amount, Words("应当成立的条件", "the condition that should hold")]
    says: Annotated[str, Words("不成立时说的话", "what is said where it does not hold")]
    severity: Annotated[Literal["error", "warning", "note"], Words("有多严重", "how severe that is")] = "warning"


@frozen
class WrittenGoal:
    """`[goals.volume]` — what was promised."""

    text: Annotated[str, Words("目标的原文", "the words of the goal")]
    dimension: Annotated[Dimension | None, Words("维度：数量、质量、时效、成本、效益、满意度", "its dimension")] = None
    measure: Annotated[Amount | None, Words("衡量它的数或公式", "the figure that shows it")] = None
    target: Annotated[Condition | None, Words("目标值，条件", "the condition to be met")] = None
    indicators: Annotated[tuple[str, ...], Words("衡量它的指标", "ids of the indicators that measure it")] = ()
    owner: Annotated[str | None, Words("责任人", "who answers for it")] = None


@frozen
class WrittenScope:
    """`[scope.hotline]` — what the evaluation says it covers."""

    text: Annotated[str, Words("评价说它覆盖的内容", "what the evaluation says it covers")]
    indicators: Annotated[tuple[str, ...], Words("衡量它的指标", "ids of the indicators that measure it")] = ()
