"""What a criterion takes, in words, before anybody is judged.

In: a loss, and what its indicator is worth. Out: a line of text, made from the very shapes that are judged; what can be
reckoned out without facts is. Nothing is computed here but that.
"""

from __future__ import annotations

from fractions import Fraction

from perfscore.criterion import Loss
from perfscore.formula.bounds import bounds
from perfscore.formula.prose import STYLES, Naming, tell
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import WEIGHT, Constant, Formula, Judged, Product, Sum
from perfscore.formula.walking import judged_parts, names
from perfscore.words import Language, Words

FOR_EACH = Words(zh="（每条“{table}”记录各算一次）", en=" (for each record of “{table}”)")
IN_ALL = Words(zh="，合计至多 {most}", en=", at most {most} in all")
ASKS = Words(zh="（评分人在 {low} 到 {high} 之间给）", en=" (the assessor gives {low} to {high})")
ASKS_OR_NONE = Words(
    zh="（没有发生为 0，否则评分人在 {low} 到 {high} 之间给）",
    en=" (0 where it did not happen, else the assessor gives {low} to {high})",
)
TRIMMED = Words(
    zh="（几位评分人的平均，去掉 {n} 个最高、{n} 个最低）",
    en=" (the mean of several, without the {n} highest and the {n} lowest)",
)
TRIMMED_OVER = Words(
    zh="（几位评分人的平均，超过 {over} 位时去掉 {n} 个最高、{n} 个最低）",
    en=" (the mean of several, of more than {over} without the {n} highest and the {n} lowest)",
)


def loss_reading(loss: Loss, said: Words, worth: Fraction | None, label: Naming, language: Language) -> str:
    """A loss or a credit: `said` is the sentence it stands in, `worth` the weight where that is known."""
    title = f" {loss.title}" if loss.title else ""
    asks = "".join(
        _asks(one, worth, language, label) for one in judged_parts(loss.points) if not one.yes_no and not one.choices
    )
    formula = tell(_reckoned(loss.points, worth), STYLES[language], label)
    if loss.over is not None:
        asks += FOR_EACH.fill(table=label(loss.over)).into(language)
    if loss.at_most is not None:
        most = tell(_reckoned(loss.at_most, worth), STYLES[language], label)
        asks += IN_ALL.fill(most=most).into(language)
    return said.fill(title=title, formula=formula + asks).into(language)


def _reckoned(formula: Formula, weight: Fraction | None) -> Formula:
    """The formula with the weight put in, and what is only constants reckoned out."""

    if weight is None:
        return formula
    whole = Constant(weight)

    def step(one: Formula) -> Formula | None:
        if one == WEIGHT:
            return whole
        if isinstance(one, Sum | Product) and set(names(one)) <= {"weight"} and not judged_parts(one):
            weighed = rebuilt(one, lambda inner: whole if inner == WEIGHT else None)
            reach = bounds(weighed, {})
            return Constant(reach.low) if isinstance(reach.low, Fraction) else None
        return None

    return rebuilt(formula, step)


def _asks(judged: Judged, weight: Fraction | None, language: Language, label: Naming) -> str:
    style = STYLES[language]
    low, high = (tell(_reckoned(end, weight), style, label) for end in (judged.low, judged.high))
    asked = (ASKS_OR_NONE if judged.or_none else ASKS).fill(low=low, high=high)
    if judged.trim:
        asked += (TRIMMED_OVER if judged.trim_over else TRIMMED).fill(n=str(judged.trim), over=str(judged.trim_over))
    return asked.into(language)
