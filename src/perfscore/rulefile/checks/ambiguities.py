"""Does the clause say something that the criterion leaves open?

In: a draft. Out: a warning where the words of a clause have several readings and the rule does not say which: 倒扣, 扣完为止,
酌情. Each shows what every reading gives, on the author's own numbers.
No kind is named here: only what its losses read, and which of its entries count something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from attrs import fields, has

from perfscore.complaining import exactly, readings, room, short
from perfscore.criterion import Amount, Criterion, Place, Points, written_name
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.bounds import bounds
from perfscore.formula.walking import judged_parts
from perfscore.rulefile.checks.criteria import placed
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

BELOW_ZERO = Code(
    "PS386",
    "below-zero",
    Words(
        zh="条文说可以倒扣，规则里得分到 0 为止。",
        en="The clause lets points fall below 0, and the rule ends at 0.",
    ),
)
SCOPE_NOT_SAID = Code(
    "PS387",
    "scope-not-said",
    Words(
        zh="条文说扣完为止，有几项扣分而没有写扣到哪里为止。",
        en="The clause stops when points run out; with several deductions, whose points is not said.",
    ),
)
DISCRETION_NOT_ASKED = Code(
    "PS388",
    "discretion-not-asked",
    Words(
        zh="条文说酌情，规则里没有要评分人定的分。",
        en="The clause leaves points to discretion, and the rule asks the assessor for none.",
    ),
)
_BELOW_ZERO = re.compile(r"(?<!不)(?<!不得)(?<!不可)(?<!不能)(?<!不再)倒扣")
RUNS_OUT = "扣完为止"
AT_DISCRETION = "酌情"


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every clause whose words the rule does not settle."""
    for leaf, criterion, place in placed(draft):
        clause = leaf.clause or ""
        if _BELOW_ZERO.search(clause):
            yield from _below_zero(leaf, criterion, place)
        if RUNS_OUT in clause:
            yield from _scope(leaf, criterion, place)
        if AT_DISCRETION in clause and not _asks(criterion, place):
            yield _not_asked((*leaf.at, "clause"), _price(criterion, place), place)
        yield from (_not_asked((*leaf.at, "criterion", *at), price, place) for at, price in _entries(criterion, place))


def _below_zero(leaf: DraftNode, criterion: Criterion, place: Place) -> Iterator[Diagnostic]:
    """Where losses can come to more than there is, and the range does not go below 0."""
    most = room(place)
    lost = sum(one.reach(place.vocabulary).high for one in criterion.losses(place))
    if place.demerit or place.pooled or bounds(place.low, place.vocabulary).low < 0 or lost <= most:
        return
    price, weight = _price(criterion, place), exactly(place.start, place)
    each = Words.same("")
    low = "-5" if weight is None else short(-weight)
    if price is not None and weight is not None:
        each = Words(zh="（例：扣 {n} 分，{each}）", en=" (where {n} points are lost, {each})").fill(
            n=short(weight + price),
            each=readings(
                place,
                (Words(zh="到 0 为止", en="ending at 0"), Fraction(0)),
                (Words(zh="倒扣", en="going below 0"), -price),
            ),
        )
    yield Diagnostic(
        BELOW_ZERO,
        (*leaf.at, "clause"),
        Words(zh="条文说可以倒扣，得分却到 0 为止", en="the clause goes below 0, and points end there") + each,
        Words(
            zh='写 range = [{low}, "100%"]，{low} 换成最低分；不倒扣就改条文',
            en='write range = [{low}, "100%"] with the lowest points there are, or mend the clause',
        ).fill(low=low),
        "warning",
    )


def _scope(leaf: DraftNode, criterion: Criterion, place: Place) -> Iterator[Diagnostic]:
    """Where several entries count something without an end of their own."""
    prices = list(_unlimited(criterion, place))
    if len(prices) < 2 or leaf.range is not None or place.pooled or place.demerit:
        return
    weight, (first, second) = exactly(place.start, place), prices[:2]
    each, part = Words.same(""), "1"
    if weight is not None and first is not None and second is not None:
        part = short(own := weight / len(prices))
        each = Words(
            zh="（例：第一项扣 {a} 分、第二项扣 {b} 分，{each}）",
            en=" (where the first takes {a} and the second {b}, {each})",
        ).fill(
            a=short(weight + first),
            b=short(second),
            each=readings(
                place,
                (Words(zh="每项扣完各自一份为止", en="each ending at its own part"), weight - own - min(second, own)),
                (Words(zh="本指标扣完为止", en="ending with the indicator"), Fraction(0)),
                (Words(zh="整组扣完为止", en="ending with the group"), -first - second),
            ),
        )
    yield Diagnostic(
        SCOPE_NOT_SAID,
        (*leaf.at, "clause"),
        Words(zh="扣完为止的范围没有写", en="with what points run out is not said") + each,
        Words(
            zh='每项：各写 at_most = {part}；本指标：写 range = [0, "100%"]；整组：上一级写 aggregate = "pool"',
            en='each: write at_most = {part}; the indicator: range = [0, "100%"]; the group: aggregate = "pool" above it',
        ).fill(part=part),
        "warning",
    )


def _not_asked(at: KeyPath, price: Fraction | None, place: Place) -> Diagnostic:
    """As the rule stands points are fixed; at discretion they lie anywhere up to them, or up to all there is."""
    most = room(place)
    whole = short(most) if isinstance(most, Fraction) else "weight"
    ways = Words(zh="酌情可扣 0 到 {w} 分", en="at discretion it takes 0 to {w}").fill(w=whole)
    if price is not None and price != most:
        fixed = Words(
            zh="照现在的写法一次扣 {p} 分；酌情在 {p} 分以内是 0 到 {p} 分，没有上限是 0 到 {w} 分",
            en="as it stands it takes {p} at once; at discretion 0 to {p}, or without a limit 0 to {w}",
        )
        ways = fixed.fill(p=short(price), w=whole)
    return Diagnostic(
        DISCRETION_NOT_ASKED,
        at,
        Words(zh="条文说酌情，没有要评分人定的分：", en="the clause leaves it to discretion, and nobody is asked: ")
        + ways,
        Words(zh='由评分人定写 points = "[0, {p}]"', en='to ask the assessor write points = "[0, {p}]"').fill(
            p=whole if price is None else short(price)
        ),
        "warning",
    )


def _asks(criterion: Criterion, place: Place) -> bool:
    moved = (*criterion.losses(place), *criterion.credits(place))
    return any(judged_parts(one.points) for one in moved)


def _price(holder: Any, place: Place) -> Fraction | None:
    """The first number of points above 0 that a criterion, or an entry of it, writes."""
    written = (exactly(formula, place) for _, formula, expected in written_formulas(holder) if expected == "points")
    return next((one for one in written if one), None)


def _unlimited(criterion: Criterion, place: Place) -> Iterator[Fraction | None]:
    """The price of every entry that counts something (`of`) and says no end (`at_most`)."""
    for _, _, entry in _listed(criterion):
        if isinstance(getattr(entry, "of", None), Amount) and getattr(entry, "at_most", 0) is None:
            yield _price(entry, place)


def _entries(criterion: Criterion, place: Place) -> Iterator[tuple[KeyPath, Fraction | None]]:
    """Every entry whose own clause says 酌情 while its points are fixed."""
    for name, index, entry in _listed(criterion):
        points = [value for one in fields(type(entry)) if isinstance(value := getattr(entry, one.name), Points)]
        asked = any(one.judged for one in points)
        if AT_DISCRETION in (getattr(entry, "clause", None) or "") and points and not asked:
            yield (name, index, "clause"), _price(entry, place)


def _listed(criterion: Any) -> Iterator[tuple[str, int, Any]]:
    for one in fields(type(criterion)):
        held = getattr(criterion, one.name)
        for index, entry in enumerate(held if isinstance(held, tuple) else ()):
            if has(type(entry)):
                yield written_name(one), index, entry
