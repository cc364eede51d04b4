"""Files to start from: an empty facts file, and a small rule file.

In: a rulebook, or an id. Out: TOML with comments that say what to write where.
Text from the rulebook stands only in comments, on one line, where it can do nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from math import inf

from perfscore.criterion import end_text
from perfscore.formula.prose import STYLES, tell
from perfscore.formula.shapes import judged_parts
from perfscore.formula.vocabulary import ValueType
from perfscore.indicator import Indicator, Input
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
GRADE = Words(zh="评定的档次，选一个：", en="the grade, one of:")
RANGE = Words(zh="，{low} 到 {high}", en=", {low} to {high}")
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
        "",
        SOURCES.into(language),
        "[inputs]",
    ]
    for declared in rulebook.all_inputs():
        lines += [_comment(f"# {_described(declared, language)}"), f"# {_key(declared.name)} = {TO_FILL}"]
    for leaf in rulebook.indicators():
        lines += _answers(leaf, rulebook, language)
    return "\n".join([*lines, ""])


def _described(declared: Input, language: Language) -> str:
    unit = (
        f"（{declared.unit}）" if declared.unit and language == "zh" else f" ({declared.unit})" if declared.unit else ""
    )
    choices = f" {listed(declared.domain.choices).into(language)}" if declared.domain.choices else ""
    supplied = SUPPLIED.fill(who=declared.supplier).into(language) if declared.supplier else ""
    optional = "" if declared.needed else OPTIONAL.into(language)
    colon = "：" if language == "zh" else ": "
    return f"{declared.label}{unit}{colon}{TYPES[declared.type].into(language)}{choices}{supplied}{optional}"


def _answers(leaf: Indicator, rulebook: Rulebook, language: Language) -> Iterator[str]:
    losses = leaf.criterion.losses(place := rulebook.place(leaf))
    asked = {one.part: (loss.title, one) for loss in losses for one in judged_parts(loss.points)}
    if not asked:
        return
    yield ""
    yield f"[answers.{_key(leaf.id, always=True)}]"
    yield _comment(f"# {leaf.name}")
    if leaf.clause:
        yield _comment(f"# {leaf.clause}")
    yield f'# process = "…"  # {PROCESS.into(language)}'
    for part, (title, judged) in asked.items():
        name = ".".join(_key(one) for one in part.split(".", 1))
        said = Words.same(title) if title else GIVE
        low, high = (
            tell(end, STYLES[language], lambda name: end_text(place.vocabulary["weight"].domain.high or inf))
            for end in (judged.low, judged.high)
        )
        if judged.choices:
            said = GRADE + Words.same(" ") + listed(judged.choices)
        else:
            said += MET_OR_NOT if judged.yes_no else RANGE.fill(low=low, high=high)
        yield _comment(f"# {name} = {TO_FILL}  # {said.into(language)}")
    yield f'# because = "…"  # {REASON.into(language)}'


def _comment(line: str) -> str:
    return visible(line).replace("\n", " ")


def _key(name: str, *, always: bool = False) -> str:
    plain = not always and name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else visible(json.dumps(name, ensure_ascii=False))


def blank_rules(id: str, language: Language) -> str:
    """A small rule file that passes `check` and `test` as it stands."""
    text = resources.files("perfscore").joinpath("starters", f"{language}.toml").read_text(encoding="utf-8")
    return text.replace(
        "ID-OF-THE-RULEBOOK", "".join(one if one.isalnum() or one in "-_" else "-" for one in id) or "rules"
    )
