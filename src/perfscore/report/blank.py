"""Files to start from: an empty facts file, and a small rule file.

In: a rulebook, or an id. Out: TOML with comments that say what to write where.
Text from the rulebook stands only in comments, on one line, where it can do nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from importlib import resources

from perfscore.criterion import Place
from perfscore.formula.bounds import bounds
from perfscore.formula.prose import STYLES, near_text, tell
from perfscore.formula.shapes import Formula, Judged
from perfscore.formula.vocabulary import ValueType
from perfscore.formula.walking import judged_parts
from perfscore.indicator import Branch, Indicator, Input, Node
from perfscore.report.naming import labels
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words, listed, visible

TO_FILL = '"…"'  # a text: forgotten, it is told as no figure, and never taken for a 0 that somebody meant
TYPES: dict[ValueType, Words] = {
    "count": Words(zh="整数", en="a whole number"),
    "number": Words(zh="数", en="a number"),
    "percent": Words(zh='百分比，如 "96.2%"', en='a percentage, as in "96.2%"'),
    "money": Words(zh="金额", en="an amount of money"),
    "yes-no": Words(zh="true 或 false", en="true or false"),
    "choice": Words(zh="选一个", en="one of the choices"),
    "date": Words(zh="日期，不加引号", en="a date, without quotes"),
    "text": Words(zh="文字", en="a text"),
    "table": Words(zh="表，每条记录写一个 {{ … }}", en="a table, one {{ … }} a record").fill(),
}
HEAD = Words(
    zh='# {title}：待填的数据。去掉行首的 #，把 "…"（连同引号）换成数；不填的按缺数据处理，不会当作 0。',
    en='# {title}: facts to fill in. Take the # away and put figures for "…", quotes and all; what is left out is missing, never 0.',
)
SOURCES = Words(
    zh='# 数要注明出处时写成 {{ value = 3, source = "年报第5页" }}；两处不一致再加 also = [ {{ value = 4, source = "…" }} ]',
    en='# with a source: {{ value = 3, source = "annual report, p. 5" }}; where two disagree, also = [ {{ value = 4, source = "…" }} ]',
).fill()
SUPPLIED = Words(zh="，由{who}提供", en=", from {who}")
OPTIONAL = Words(zh="，可不填", en=", may be left out")
GIVE = Words(zh="评分人给分", en="points given by the assessor")
GRADE = Words(zh="评定的档次，选一个：{choices}", en="the grade, one of: {choices}")
BETWEEN = Words(zh="{low} 到 {high}", en="{low} to {high}")
OR = Words(zh=" 或 ", en=" or ")
AND = Words(zh="，", en=", ")
WITHIN_GRADE = Words(zh="（这一档的分是范围时才写）", en=" (only where the points of the grade are a range)")
OR_NONE = Words(zh="，没有发生写 0", en=", 0 where it did not happen")
LIMITS = {
    ("low", True): Words(zh="，至少 {end}", en=", at least {end}"),
    ("low", False): Words(zh="，大于 {end}", en=", above {end}"),
    ("high", True): Words(zh="，至多 {end}", en=", at most {end}"),
    ("high", False): Words(zh="，小于 {end}", en=", below {end}"),
}
MEANS = Words(zh="{choice}（{name}）", en="{choice} ({name})")
RATERS = Words(zh="几位评分人各给的分，至少 {n} 位", en="the points of several raters, {n} at least")
TRIMMED = Words(zh="，去掉 {trim} 个最高、{trim} 个最低", en=", the {trim} highest and the {trim} lowest left out")
TRIMMED_OVER = Words(
    zh="，超过 {over} 位时去掉 {trim} 个最高、{trim} 个最低",
    en=", of more than {over} the {trim} highest and the {trim} lowest left out",
)
DAY = Words(
    zh="# 规则里有随日期变的数。按哪一天查，写成 date = 2024-12-31（不加引号）；不写就按年度的最后一天",
    en="# Some figures of the rules vary over time. The day: date = 2024-12-31, without quotes; else the last of the period",
)
ALSO = Words(
    zh='# 每一行还可以写 by = "评分人"、evidence = ["佐证材料"]',
    en='# On every row: by = "the assessor", evidence = ["what supports it"]',
)
EXCUSE = Words(
    zh='# 不适用时只写：not_applicable = "为什么不适用"', en='# Where it does not apply, only: not_applicable = "why"'
)
NOTE = Words(zh="# 说明：{note}", en="# note: {note}")
REVIEW = Words(
    zh="# 复核改分时去掉下面各行的 #，每改一个指标写一段：",
    en="# Where a review changes points, take the # away below; one block an indicator:",
)
REVIEW_BLOCK = (
    "#   [[review]]",
    "#   indicator = {id}",
    "#   points = {points}",
    '#   by = "…"',
    '#   because = "…"',
)
MET_OR_NOT = Words(zh="，true、false 或满足的比例", en=", true, false, or the share that is met")
REASON = Words(zh="扣分原因", en="the reason for points taken")
PROCESS = Words(zh="评分过程", en="what was looked at")


def blank_facts(rulebook: Rulebook, language: Language) -> str:
    """An empty facts file for a rulebook: valid as it stands, and everything in it missing."""
    lines = [
        _comment(HEAD.fill(title=rulebook.title).into(language)),
        "",
        "[subject]",
        '# name = "…"',
        '# period = "…"',
        *([DAY.into(language)] if any(one.dated for one in rulebook.parameters) else []),
        "",
        SOURCES.into(language),
        "[inputs]",
    ]
    for declared in rulebook.all_inputs():
        lines += [_comment(f"# {_described(declared, rulebook, language)}"), *_noted(declared.note, language)]
        blank = f"# {_key(declared.name)} = {TO_FILL}"
        lines += _record(declared, rulebook, language) if declared.type == "table" else [blank]
    answers = [line for node in rulebook.nodes() for line in _answers(node, rulebook, language)]
    if answers:
        lines += ["", ALSO.into(language)]
    return "\n".join([*lines, *answers, *_review(rulebook, language), ""])


def _record(declared: Input, rulebook: Rulebook, language: Language) -> Iterator[str]:
    """A table with one record to copy, and what stands in its columns."""
    for column in declared.columns:
        yield _comment(f"#   {column.name}: {_described(column, rulebook, language)}")
        yield from _noted(column.note, language)
    cells = ", ".join(f"{_key(column.name)} = {TO_FILL}" for column in declared.columns)
    yield f"# {_key(declared.name)} = ["
    yield f"#   {{ {cells} }},"
    yield "# ]"


def _described(declared: Input, rulebook: Rulebook, language: Language) -> str:
    unit = (
        f"（{declared.unit}）" if declared.unit and language == "zh" else f" ({declared.unit})" if declared.unit else ""
    )
    names = {
        one.id.rpartition(".")[2]: one.name
        for branch in (rulebook.root, *rulebook.nodes())
        if isinstance(branch, Branch) and branch.by == declared.name
        for one in branch.members
    }
    named = [MEANS.fill(choice=one, name=names[one]) if one in names else one for one in declared.domain.choices]
    choices = f" {listed(named).into(language)}" if named else ""
    supplied = SUPPLIED.fill(who=declared.supplier).into(language) if declared.supplier else ""
    optional = "" if declared.needed else OPTIONAL.into(language)
    colon = "：" if language == "zh" else ": "
    return f"{declared.label}{unit}{colon}{TYPES[declared.type].into(language)}{choices}{_limits(declared, language)}{supplied}{optional}"


def _limits(declared: Input, language: Language) -> str:
    """What a figure may be at least and at most, where its author says so."""
    domain, percent = declared.domain, declared.type == "percent"
    told = ""
    counted = declared.type == "count" and domain.low == 0  # nothing is counted below none
    if domain.low is not None and not counted:
        told += LIMITS["low", domain.low_closed].fill(end=near_text(domain.low, percent=percent)).into(language)
    if domain.high is not None:
        told += LIMITS["high", domain.high_closed].fill(end=near_text(domain.high, percent=percent)).into(language)
    return told


def _noted(note: str | None, language: Language) -> list[str]:
    return [_comment(NOTE.fill(note=note).into(language))] if note else []


def _answers(node: Node, rulebook: Rulebook, language: Language) -> Iterator[str]:
    """What assessors answer on a row, and that it may not apply, where the rule says what happens then."""
    asked: dict[str, list[tuple[str, Judged]]] = {}
    if isinstance(node, Indicator):
        place = rulebook.place(node)
        for loss in (*node.criterion.losses(place), *node.criterion.credits(place)):
            for one in judged_parts(loss.points):
                asked.setdefault(one.part, []).append((loss.title, one))
    if not asked and node.not_applicable is None:
        return
    yield ""
    yield f"[answers.{_key(node.id, always=True)}]"
    yield _comment(f"# {node.name}")
    if node.clause:
        yield _comment(f"# {node.clause}")
    yield from _noted(node.note, language)
    if node.not_applicable is not None:
        yield EXCUSE.into(language)
    if not asked or isinstance(node, Branch):
        return
    yield f'# process = "…"  # {PROCESS.into(language)}'
    for part, ways in asked.items():
        told = _asked(part, ways, rulebook.place(node), language)
        told += WITHIN_GRADE.into(language) if part == "points" and "grade" in asked else ""
        yield _comment(f"# {told}")
    yield f'# because = "…"  # {REASON.into(language)}'


def _asked(part: str, ways: list[tuple[str, Judged]], place: Place, language: Language) -> str:
    """One answer to give, with what may be answered: a range for each of the cases in which it is asked."""
    name = ".".join(_key(one) for one in part.split(".", 1))
    title, judged = ways[0]
    ends = dict.fromkeys(tuple(_end(end, place, language) for end in (one.low, one.high)) for _, one in ways)
    within = OR.into(language).join(BETWEEN.fill(low=low, high=high).into(language) for low, high in ends)
    said = Words.same(title) if title and part != "points" else GIVE
    if judged.choices:
        said = GRADE.fill(choices=listed(judged.choices))
    elif judged.yes_no:
        said += MET_OR_NOT
    elif judged.trim:
        raters = 1 if judged.trim_over else 2 * judged.trim + 1
        trimmed = (TRIMMED_OVER if judged.trim_over else TRIMMED).fill(
            trim=str(judged.trim), over=str(judged.trim_over)
        )
        said = RATERS.fill(n=str(raters)) + trimmed + AND + Words.same(within)
        each = ", ".join([f'{{ points = {TO_FILL}, by = "…" }}'] * max(raters, 2))
        return f"ratings = [{each}]  # {said.into(language)}"
    else:
        said += AND + Words.same(within) + (OR_NONE if judged.or_none else Words.same(""))
    return f"{name} = {TO_FILL}  # {said.into(language)}"


def _end(end: Formula, place: Place, language: Language) -> str:
    """An end of what an assessor may give: the number, or its formula where it depends on the subject."""
    reach = bounds(end, place.vocabulary)
    if reach.low == reach.high and isinstance(reach.low, Fraction):
        return near_text(reach.low)
    return tell(end, STYLES[language], labels(place.vocabulary, language))


def _review(rulebook: Rulebook, language: Language) -> list[str]:
    """How a reviewer changes points, shown on an indicator that can be reviewed."""
    for leaf in rulebook.indicators():
        if not rulebook.place(leaf).pooled:
            block = [_comment(one.format(id=_key(leaf.id, always=True), points=TO_FILL)) for one in REVIEW_BLOCK]
            return ["", REVIEW.into(language), *block]
    return []


def _comment(line: str) -> str:
    return visible(line).replace("\n", " ")


def _key(name: str, *, always: bool = False) -> str:
    plain = not always and name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else visible(json.dumps(name, ensure_ascii=False))


def blank_rules(id: str, language: Language, schema: str | None = None) -> str:
    """A small rule file that passes `check` and `test` as it stands, and names its schema to editors if there is one.

    The starter itself names the one of this repository.
    """
    text = resources.files("perfscore").joinpath("starters", f"{language}.toml").read_text(encoding="utf-8")
    _, _, text = text.partition("\n")
    return ("" if schema is None else f"#:schema ./{schema}\n") + text.replace(
        "ID-OF-THE-RULEBOOK", "".join(one if one.isalnum() or one in "-_" else "-" for one in id) or "rules"
    )
