"""What a rulebook says beside its tree, in words: the total, parameters, figures, adjustments.

In: a rulebook and the language of its reader. Out: lines of text.
Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from perfscore.adjustment import AdjustmentRule
from perfscore.criteria import page_of
from perfscore.criterion import Criterion
from perfscore.formula.prose import STYLES, near_text, tell
from perfscore.formula.shapes import Formula
from perfscore.indicator import Input
from perfscore.parameter import ONE, Parameter
from perfscore.quantity import Rounding, RoundingMode, spelled
from perfscore.report.naming import condition_text, labels, of_the_whole
from perfscore.report.rows import PUT_TOGETHER
from perfscore.report.wrapping import aligned
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words, listed

NOTE = Words(zh="说明：{note}", en="note: {note}")
CLAUSE = Words(zh="评分标准：{c}", en="criterion: {c}")
BASIS = Words(zh="依据：{b}", en="basis: {b}")
ENDS = Words(zh="{low} 到 {high}", en="{low} to {high}")
TOTAL_RANGE = Words(zh="总分范围：{ends}", en="range of the total: {ends}")
DEMERIT = Words(zh="本表计失分：0 分最好，最多 {full} 分", en="points are incurred: 0 is best, {full} the most")
COVERAGE = Words(
    zh="有评分的分值不到 {x} 时，不给等级", en="there is no rating where less than {x} of the weight is scored"
)
AGGREGATE = Words(zh="总分：{how}，乘以满分", en="the total: {how}, times the full marks")
POOLED = Words(zh="总分：{how}", en="the total: {how}")
ROUNDED = Words(zh="得分保留 {n} 位小数，{mode}", en="points are rounded to {n} places, {mode}")
MODES: dict[RoundingMode, Words] = {
    "half-up": Words(zh="四舍五入", en="halves away from zero"),
    "half-even": Words(zh="四舍六入五成双", en="halves to the even digit"),
    "down": Words(zh="尾数舍去", en="what is left over dropped"),
    "up": Words(zh="尾数进位", en="what is left over rounded up"),
}
FORMS = {
    "at_least": Words(zh="目标是“≥”或“>”", en="a target of ≥ or >"),
    "at_most": Words(zh="目标是“≤”或“<”", en="a target of ≤ or <"),
    "equal": Words(zh="目标是“=”、区间或多个条件", en="a target of =, an interval or several conditions"),
    "words": Words(zh="目标是文字", en="a target in words"),
}
DEFAULT = Words(zh="没有写评分标准、{form}的，按“{kind}”计", en="where no criterion is written, {form} goes by {kind}")
PARAMETER = Words(zh="参数 {label}{unit}", en="parameter {label}{unit}")
SINCE = Words(zh="{day} 起", en="from {day}")
ALWAYS = Words(zh="值", en="value")
MEASURE = Words(zh="计算：{label}{unit} = {formula}", en="computed: {label}{unit} = {formula}")
FIGURE = Words(zh="数据：{label}{unit}", en="figure: {label}{unit}")
SUPPLIER = Words(zh="由{who}提供", en="supplied by {who}")
UNIT = Words(zh="（{unit}）", en=" ({unit})")
ADJUSTMENTS = Words(zh="总分调整（依次）：", en="adjustments of the total, in this order:")
WHEN = Words(zh="（{condition} 时）", en=" (when {condition})")
SAYS = Words(zh="{n}. {title}{when}：{effects}", en="{n}. {title}{when}: {effects}")
EFFECTS = {
    "add": Words(zh="加 {n} 分", en="{n} points are added"),
    "deduct": Words(zh="减 {n} 分", en="{n} points are taken"),
    "multiply": Words(zh="总分乘以 {n}", en="the score is multiplied by {n}"),
    "cap_score": Words(zh="总分最多 {n} 分", en="the score is at most {n}"),
    "set_score": Words(zh="总分定为 {n} 分", en="the score is {n}"),
    "cap_rating": Words(zh="等级最高为“{n}”", en="the rating is “{n}” at best"),
    "set_rating": Words(zh="等级定为“{n}”", en="the rating is “{n}”"),
    "lower_rating": Words(zh="等级降 {n} 级", en="the rating is lowered by {n}"),
    "zero": Words(zh="“{node}”最多 0 分", en="“{node}” has 0 points at most"),
    "cap": Words(zh="“{node}”最多 {n} 分", en="“{node}” has {n} points at most"),
}
OWN_WEIGHT = Words(zh="本项分值", en="its weight")


def of_the_total(rulebook: Rulebook, language: Language) -> Iterator[str]:
    """How the total comes about, where that is not only a sum from 0 to the full marks."""
    if rulebook.demerit:
        yield DEMERIT.fill(full=spelled(rulebook.full_marks)).into(language)
    if rulebook.aggregate != "sum":
        said = POOLED if rulebook.aggregate == "pool" else AGGREGATE
        yield said.fill(how=PUT_TOGETHER[rulebook.aggregate].fill(n=str(rulebook.n))).into(language)
    if rulebook.range is not None:
        naming = of_the_whole(rulebook, language)
        low, high = (tell(end.low, STYLES[language], naming) for end in (rulebook.range.low, rulebook.range.high))
        yield TOTAL_RANGE.fill(ends=ENDS.fill(low=low, high=high)).into(language)
    if rulebook.coverage is not None:
        yield COVERAGE.fill(x=near_text(rulebook.coverage, percent=True)).into(language)
    if rulebook.rounding != Rounding():
        yield rounded(rulebook.rounding).into(language)
    for form, criterion in rulebook.defaults.items():
        yield DEFAULT.fill(form=FORMS[form], kind=kind_name(criterion)).into(language)


def rounded(rounding: Rounding) -> Words:
    """How points are rounded."""
    return ROUNDED.fill(n=str(rounding.places), mode=MODES[rounding.mode])


def kind_name(criterion: Criterion) -> Words:
    """What people call a kind of criterion."""
    return Words(zh=page_of(type(criterion)).partition(" · ")[0] or criterion.kind, en=criterion.kind)


def figures(rulebook: Rulebook, language: Language) -> Iterator[str]:
    """Parameters as tables, derived figures with their formulas, and of the others those about which something is said."""
    for parameter in rulebook.parameters:
        yield from _parameter(parameter, rulebook, language)
    naming = of_the_whole(rulebook, language)
    for measure in rulebook.measures:
        formula = tell(measure.formula, STYLES[language], naming)
        said = MEASURE.fill(label=measure.label, unit=_unit(measure.unit), formula=formula).into(language)
        yield said
        yield from noted(measure.note, language, "    ")
    for declared in rulebook.inputs:
        told = supplied(declared, language)
        if told:
            yield FIGURE.fill(label=declared.label, unit=_unit(declared.unit)).into(language)
            yield from (f"    {one}" for one in told)


def supplied(declared: Input, language: Language) -> list[str]:
    """Who supplies a figure, and what its author says about it."""
    told = [] if declared.supplier is None else [SUPPLIER.fill(who=declared.supplier).into(language)]
    return [*told, *noted(declared.note, language)]


def noted(note: str | None, language: Language, pad: str = "") -> Iterator[str]:
    """What an author remarks."""
    if note:
        yield pad + NOTE.fill(note=note).into(language)


def _unit(unit: str | None) -> Words:
    return UNIT.fill(unit=unit) if unit else Words.same("")


def _parameter(parameter: Parameter, rulebook: Rulebook, language: Language) -> Iterator[str]:
    """One row a group, one column a day from which values hold."""
    yield PARAMETER.fill(label=parameter.label, unit=_unit(parameter.unit)).into(language)
    naming = of_the_whole(rulebook, language)
    days: list[date | None] = []
    days += sorted({one.start for dated in parameter.values.values() for one in dated if one.start is not None})
    days = days or [None]
    by = rulebook.vocabulary()[parameter.by].label if parameter.by is not None else ""
    header = [ALWAYS.into(language) if day is None else SINCE.fill(day=day.isoformat()).into(language) for day in days]

    def cell(value: Formula | None) -> str:
        return "—" if value is None else tell(value, STYLES[language], naming)

    rows = [
        ["" if group == ONE else group, *(cell(parameter.at(group, day)) for day in days)] for group in parameter.values
    ]
    yield from (f"    {line}" for line in aligned([[by, *header], *rows]))
    yield from noted(parameter.note, language, "    ")


def adjustments(rulebook: Rulebook, language: Language) -> Iterator[str]:
    """What is done to the total after the tree was added up, in its order."""
    if rulebook.adjustments:
        yield ADJUSTMENTS.into(language)
    for number, rule in enumerate(rulebook.adjustments, 1):
        when = Words.same("")
        if rule.when is not None:
            when = WHEN.fill(condition=condition_text(rule.when, rulebook, language))
        effects = listed(_effects(rule, rulebook, language))
        yield "  " + SAYS.fill(n=str(number), title=rule.title, when=when, effects=effects).into(language)
        if rule.clause and rule.clause != rule.title:
            yield "     " + CLAUSE.fill(c=rule.clause).into(language)
        if rule.basis:
            yield "     " + BASIS.fill(b=listed(rule.basis)).into(language)
        yield from noted(rule.note, language, "     ")


def _effects(rule: AdjustmentRule, rulebook: Rulebook, language: Language) -> Iterator[Words]:
    names = {node.id: node.name for node in rulebook.nodes()}
    style = STYLES[language]
    for id in rule.zero:
        yield EFFECTS["zero"].fill(node=names[id])
    own = labels(rulebook.vocabulary(), language, {"weight": OWN_WEIGHT.into(language)})
    for id, points in rule.cap.items():
        yield EFFECTS["cap"].fill(node=names[id], n=tell(points.low, style, own))
    naming = of_the_whole(rulebook, language)
    for key, formula in rule.amounts():
        yield EFFECTS[key].fill(n=tell(formula, style, naming))
    for key in ("cap_rating", "set_rating", "lower_rating"):
        if (value := getattr(rule, key)) is not None:
            yield EFFECTS[key].fill(n=str(value))
