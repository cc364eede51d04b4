"""What a subject can still get, as text.

In: a `Partial`. Out: the interval of its score, the ratings that are still possible, and what to ask for next.
Nothing is computed here.
"""

from __future__ import annotations

from perfscore.analysis.partial import Ask, Partial
from perfscore.quantity import spelled
from perfscore.report.wrapping import columns
from perfscore.rulebook import Rulebook
from perfscore.words import Language, Words, visible

BETWEEN = Words(zh="还可能得 {low} 到 {high} 分（满分 {full}）", en="still possible: {low} to {high} of {full}")
EXACTLY = Words(
    zh="不论还缺什么，得分都是 {low}（满分 {full}）", en="whatever is still missing, the score is {low} of {full}"
)
RATINGS = Words(zh="等级：{names}", en="ratings: {names}")
BLOCKED = Words(
    zh="没有得分：下列指标的数据填得不对，或要同别的对象比",
    en="there is no score: the facts of these indicators are wrong, or they compare with others",
)
TO_ASK = Words(zh="先补这些（影响的分数从大到小）：", en="ask for these, that on which most hangs first:")
UNBOUNDED = Words(zh="不限", en="no limit")
NOTHING_MISSING = Words(zh="不缺数据", en="nothing is missing")


def possible(still: Partial, rulebook: Rulebook, language: Language) -> str:
    """The text for a terminal."""
    lines = [visible(rulebook.title)]
    if still.blocked:
        lines += [BLOCKED.into(language), *(f"  {visible(id)}" for id in still.blocked)]
    else:
        words = EXACTLY if still.low == still.high and still.low is not None else BETWEEN
        ends = {"low": _end(still.low, language), "high": _end(still.high, language)}
        lines.append(words.fill(**ends, full=spelled(still.full_marks)).into(language))
        if still.ratings:
            lines.append(RATINGS.fill(names=" / ".join(still.ratings)).into(language))
    lines += (
        ["", TO_ASK.into(language), *_asked(still.asks, language)]
        if still.asks
        else ["", NOTHING_MISSING.into(language)]
    )
    return "\n".join([*lines, ""])


def _end(end: object, language: Language) -> str:
    return UNBOUNDED.into(language) if end is None else f"{end:f}"


def _asked(asks: tuple[Ask, ...], language: Language) -> list[str]:
    labels = [visible(one.label) for one in asks]
    widest = min(max(map(columns, labels)), 40)
    return [
        f"  {label}{' ' * max(widest - columns(label), 0)}  {_end(one.width, language):>8}  {visible(one.name)}"
        for label, one in zip(labels, asks, strict=True)
    ]
