"""Does the scale of ratings read as one?

In: a draft. Out: a complaint for a scale that is not best first, repeats a step, or leaves low scores without a rating.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.vocabulary import Domain, Term
from perfscore.formula.walking import names
from perfscore.quantity import Rounding, spelled
from perfscore.rating import Rating, rating_of
from perfscore.rulefile.draft import Draft
from perfscore.words import Words

SCALE_OUT_OF_ORDER = Code(
    "PS213",
    "scale-out-of-order",
    Words(zh="等级应从好到差写，起点逐级降低。", en="A scale is written best first, each step starting lower."),
)
SCALE_HAS_HOLE = Code(
    "PS214",
    "scale-has-hole",
    Words(
        zh="最低一级不从 0 起，低分没有等级。", en="The lowest step does not start at 0, so low scores have no rating."
    ),
)

SCALE_OUT_OF_REACH = Code(
    "PS222",
    "scale-out-of-reach",
    Words(zh="等级的起点没有得分能到。", en="A step of the scale starts where no score can be."),
)
START_BETWEEN_SCORES = Code(
    "PS265",
    "start-between-scores",
    Words(zh="等级的起点比得分的小数位更细。", en="A rating starts at a score finer than scores are published."),
)
NAME_LEAVES_HOLE = Code(
    "PS266",
    "rating-name-leaves-hole",
    Words(
        zh="等级名称写的分数段之间有空档，如 80–89 和 90–100 之间的 89.5。",
        en="The stretches that rating names state leave a hole, as 80–89 and 90–100 leave 89.5.",
    ),
)
RATING_READS_UNSAID = Code(
    "PS234",
    "rating-reads-unsaid",
    Words(
        zh="没有写等级按取整前还是取整后的分数判。",
        en="Whether ratings read the score before or after rounding is not said.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Everything odd about the scale."""
    written = draft.ratings or ()
    places = {id(one): index for index, one in enumerate(written)}
    scale = tuple(one for one in written if one.start is not None)  # the others are reached by adjustments only
    worse = ">" if draft.demerit else "<"
    for above, below in pairwise(scale):
        index = places[id(below)]
        if _start(below) <= _start(above) if draft.demerit else _start(below) >= _start(above):
            yield Diagnostic(
                SCALE_OUT_OF_ORDER,
                ("ratings", "scale", index, "from"),
                Words(
                    zh="“{b}”从 {x} 起，“{a}”从 {y} 起；从好到差应是 {y} {sign} 后面的",
                    en="“{b}” starts at {x} and “{a}” above it at {y}; from best to worst the second should be {sign} {y}",
                ).fill(a=above.name, b=below.name, x=spelled(_start(below)), y=spelled(_start(above)), sign=worse),
                Words(zh="按从好到差排列", en="order them from best to worst"),
            )
    full = draft.header.full_marks if draft.header else None
    ends = _ends(draft)
    for step in scale:
        index = places[id(step)]
        if full is not None and ends is not None and not ends[0] <= _start(step) <= ends[1]:
            yield Diagnostic(
                SCALE_OUT_OF_REACH,
                ("ratings", "scale", index, "from"),
                Words(
                    zh="“{n}”从 {x} 起，得分只在 {low} 到 {full}",
                    en="“{n}” starts at {x}; scores lie from {low} to {full}",
                ).fill(n=step.name, x=spelled(_start(step)), low=spelled(ends[0]), full=spelled(ends[1])),
                Words(zh="写 {low} 到 {full} 之间的数", en="write a number from {low} to {full}").fill(
                    low=spelled(ends[0]), full=spelled(ends[1])
                ),
            )
    if scale and min(map(_start, scale)) > (ends[0] if ends is not None else 0):
        lowest = min(scale, key=_start)
        yield Diagnostic(
            SCALE_HAS_HOLE,
            ("ratings", "scale"),
            Words(zh="低于 {x} 的分数没有等级", en="scores below {x} have no rating").fill(x=spelled(_start(lowest))),
            Words(zh="最低一级写 from = 0", en="let the lowest step start from = 0"),
            "warning",
            related=(
                Related(("ratings", "scale", places[id(lowest)], "from"), Words(zh="最低一级", en="the lowest step")),
            ),
            witness=() if draft.rounding is None else (("score", spelled(_start(lowest) - draft.rounding.unit)),),
        )
    if draft.rounding is not None:
        given = {name for rule in draft.adjustments for name in (rule.cap_rating, rule.set_rating)}
        yield from _between(scale, {one.name: places[id(one)] for one in scale}, draft.rounding, given)
    yield from _reading(draft, scale)


_SPAN = re.compile(r"(?<![\d.])(?P<low>\d+(?:\.\d+)?)\s*分?\s*[-–—~～至到]+\s*(?P<high>\d+(?:\.\d+)?)(?![\d.%])")


def _between(
    scale: tuple[Rating, ...], places: Mapping[str, int], rounding: Rounding, given: Collection[str | None]
) -> Iterator[Diagnostic]:
    """Steps that start between two published scores, and names that end before the next step starts."""
    for step in scale:
        start = _start(step)
        if not rounding.holds(start) and step.name not in given:  # an adjustment may give what no score has
            first = -(-start // rounding.unit) * rounding.unit
            yield Diagnostic(
                START_BETWEEN_SCORES,
                ("ratings", "scale", places[step.name], "from"),
                Words(
                    zh="“{n}”从 {x} 起，得分只有 {p} 位小数，实际从 {y} 起",
                    en="“{n}” starts at {x}, scores have {p} decimal places, and so it starts at {y}",
                ).fill(n=step.name, x=spelled(start), p=str(rounding.places), y=spelled(first)),
                Words(zh="写 from = {y}", en="write from = {y}").fill(y=spelled(first)),
                "warning",
            )
    for above, step in pairwise(scale):
        found = _SPAN.search(step.name)
        if found is None or Fraction(found["low"]) != _start(step):
            continue
        high, following = Fraction(found["high"]), _start(above)
        if high < following - rounding.unit:
            middle = min(rounding.rounded((high + following) / 2), following - rounding.unit)
            yield Diagnostic(
                NAME_LEAVES_HOLE,
                ("ratings", "scale", places[step.name], "name"),
                Words(
                    zh="名称写到 {h}，上一级从 {f} 起：{m} 分按名称没有等级，按 from 是“{n}”",
                    en="the name ends at {h} and the step above starts at {f}: by the names {m} has no rating, by from it "
                    "has “{n}”",
                ).fill(h=found["high"], f=spelled(following), m=spelled(middle), n=step.name),
                Words(zh="名称里写 [{a}, {f})", en="write [{a}, {f}) in the name").fill(
                    a=found["low"], f=spelled(following)
                ),
                "warning",
                within=found.span(),
                related=(Related(("ratings", "scale", places[above.name], "from"), Words.same(above.name)),),
                witness=(("score", spelled(middle)),),
            )


def _start(step: Rating) -> Fraction:
    if step.start is None:
        raise ValueError(step.name)
    return step.start


def _ends(draft: Draft) -> tuple[Fraction, Fraction] | None:
    """Where scores lie: 0 to the full marks, or the range that is written, where its ends are numbers."""
    if draft.header is None:
        return None
    if draft.range is None:
        return (Fraction(0), draft.header.full_marks) if draft.header.range is None else None
    weight = {"weight": Term("满分", "number", None, Domain(draft.header.full_marks, draft.header.full_marks))}
    if {*names(draft.range.low.low), *names(draft.range.high.low)} - weight.keys():
        return None
    low, high = bounds(draft.range.low.low, weight).low, bounds(draft.range.high.low, weight).high
    return (low, high) if isinstance(low, Fraction) and isinstance(high, Fraction) else None


def _reading(draft: Draft, scale: tuple[Rating, ...]) -> Iterator[Diagnostic]:
    """Whether a rating goes by the score before or after rounding matters where scores are whole numbers."""
    rounding = draft.rounding
    table = draft.values.get("ratings")
    said = isinstance(table, Mapping) and "reads" in table
    if rounding is None or rounding.places > 0 or rounding.mode == "down" or said or len(scale) < 2:
        return
    edges = (_start(one) - Fraction(1, 2) for one in scale if _start(one) > 0)
    edge = next((one for one in edges if rating_of(rounding.rounded(one), scale) != rating_of(one, scale)), None)
    if edge is None:
        return
    below = rating_of(edge, scale)
    yield Diagnostic(
        RATING_READS_UNSAID,
        ("ratings",),
        Words(
            zh="得分取整到个位，没有写等级按取整前还是取整后：{x} 分，取整后是 {y} 分，“{a}”；取整前是“{b}”",
            en="scores are rounded to whole points, and whether ratings read them before or after is not said: {x} is "
            "published as {y}, “{a}”, and unrounded “{b}”",
        ).fill(
            x=spelled(edge),
            y=spelled(rounding.rounded(edge)),
            a=rating_of(rounding.rounded(edge), scale) or "—",
            b=below or "—",
        ),
        Words(
            zh='按取整后：写 reads = "published"；按取整前：写 rounding = { places = 2 }',
            en='after: write reads = "published"; before: write rounding = { places = 2 }',
        ),
        "warning",
        "key",
    )
