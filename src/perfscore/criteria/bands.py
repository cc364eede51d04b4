"""分档 · bands — the band that the value falls into says the points.

    weight = 5
    measure = "on_time_rate"
    criterion = { kind = "bands", otherwise = 0, bands = [
        { in = "≥ 90%", points = 5 },
        { in = "[80%, 90%)", points = 4 },
    ] }

Says what regulations say as “90%（含）以上得 5 分；80%（含）–90% 得 4 分；低于 80% 不得分”. Every end says whether
it belongs to its band. Two bands that overlap are an error unless `hit = "first"`, a value in no band is one unless
`otherwise` is written. `in` is a condition on the value; `when` may read any figure. Points may be an interval for
the assessor: `points = "[1, 3]"`. A band may have an `id`, by which its deductions are known.

In: bands with conditions and points. Out: one loss a band. Which band applies is never left to their order unless
the file says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from attrs import evolve, frozen

from perfscore.complaining import distinct, in_range, not_empty, worth
from perfscore.criterion import Case, Condition, Example, Keeping, Kept, Place, Points, Quote
from perfscore.diagnostic import Code, Diagnostic, KeyPath, Related
from perfscore.formula.bounds import where_holds
from perfscore.formula.boxes import Box, Instance, TooManyCellsError, boxes, case_in_both, case_in_none, spoken, told
from perfscore.formula.deciding import apart, covered
from perfscore.formula.prose import SYNTAX, tell_condition
from perfscore.formula.regions import NOTHING, region
from perfscore.formula.shapes import VALUE, All, Any, Comparison, Formula, Not, Within
from perfscore.words import Words

BANDS_OVERLAP = Code(
    "PS321",
    "bands-overlap",
    Words(
        zh="同一个值落进两档，不知按哪一档。", en="One value falls into two bands, and which one counts is not said."
    ),
)
BANDS_GAP = Code(
    "PS322",
    "bands-gap",
    Words(zh="有的值不在任何一档里，不知得几分。", en="Some value falls into no band, and its points are not said."),
)
BANDS_UNPROVED_APART = Code(
    "PS243",
    "bands-unproved-apart",
    Words(
        zh='不能证明两档不重叠，须写明先写的算数（hit = "first"）。',
        en="Two bands cannot be proved apart, so the file must say that the first counts.",
    ),
)
BANDS_UNPROVED_WHOLE = Code(
    "PS244",
    "bands-unproved-whole",
    Words(
        zh="不能证明每个值都有一档，须写明其余的得几分（otherwise）。",
        en="It cannot be proved that every value has a band, so the file must say what there is otherwise.",
    ),
)
BAND_UNCLEAR = Code(
    "PS323",
    "band-unclear",
    Words(
        zh="每一档写 in（对 value 的条件）或 when（任意条件）之一。",
        en="A band says either in (a condition on the value) or when (any condition).",
    ),
)

CHINESE = """
完成值落在哪一档，就得哪一档的分。对应条文“90%（含）以上得5分；80%（含）–90%得4分；低于80%不得分”。

区间的两端必须写明含不含：方括号 `[` `]` 含，圆括号 `(` `)` 不含。两档重叠是错误，除非写 `hit = "first"`（先写的算数）；有的值不在任何一档也是错误，除非写 `otherwise`。

`in` 是对完成值的条件，`when` 可以用任何数据。`points = "[1, 3]"` 表示档内由评分人给分，要写原因。
"""
BOTH = Words(
    zh="{v}既在第 {a} 档又在第 {b} 档：按第 {a} 档{gets} {x} 分，按第 {b} 档{gets} {y} 分",
    en="{v}is in band {a} and in band {b}: band {a} {gets} {x}, band {b} {gets} {y}",
)
MOVE_AN_END = Words(
    zh='改区间的端点，或写 hit = "first"（先写的算数）', en='move an end of an interval, or write hit = "first"'
)
UNPROVED = Words(
    zh="；端点是某个数的几成的，给那个数写 min = 0", en="; where ends are parts of a figure, give that figure min = 0"
)
BAND_EMPTY = Code("PS324", "band-empty", Words(zh="这一档里没有任何值。", en="No value can fall into a band."))

EXAMPLES = (
    Example(
        title=Words(zh="五档", en="Five bands"),
        rule="""\
[indicators.rate]
name = "重点支出安排率"
weight = 5
measure = { type = "percent" }
criterion = { kind = "bands", otherwise = 0, bands = [
  { in = "≥ 90%", points = 5 },
  { in = "[80%, 90%)", points = 4 },
  { in = "[70%, 80%)", points = 3 },
  { in = "[60%, 70%)", points = 2 },
] }
""",
        cases=(
            Case("5", 'rate = "90%"'),
            Case("4", 'rate = "89.9%"', ("重点支出安排率89.9%，属于 [80%, 90%) 一档，得4分",)),
            Case("4", 'rate = "80%"', ("重点支出安排率80%，属于 [80%, 90%) 一档，得4分",)),
            Case("0", 'rate = "59%"', ("重点支出安排率59%，不在任何一档，得0分",)),
        ),
    ),
    Example(
        title=Words(zh="档内由人给分", en="The assessor chooses within the band"),
        rule="""\
[indicators.delay]
name = "资金拨付时间"
weight = 10
measure = { type = "number", unit = "个月", min = 0 }
criterion = { kind = "bands", otherwise = 0, bands = [
  { in = "≤ 1", points = 10 },
  { in = "(1, 2]", points = "[8, 9]" },
] }
""",
        cases=(
            Case("10", "delay = 1"),
            Case(
                "8.5",
                'delay = 1.5\n[answers.delay]\npoints = 8.5\nbecause = "两批中一批迟拨"',
                ("资金拨付时间1.5个月，属于 (1, 2] 一档，得8.5分，原因：两批中一批迟拨",),
            ),
        ),
    ),
)


@frozen
class Band:
    """档 — a condition, and the points it is worth."""

    points: Annotated[Points, Words("这一档得几分", "points of this band")]
    id: Annotated[str | None, Words("这一档的编号", "the id of the band")] = None
    in_: Annotated[Condition | None, Words('值在什么范围，如 "[80%, 90%)"', "where the value lies")] = None
    when: Annotated[Condition | None, Words("条件，代替 in", "a condition, instead of in")] = None
    clause: Annotated[str | None, Words("条文", "the words of the regulation")] = None

    @property
    def condition(self) -> Formula:
        """What puts a subject into the band."""
        stated = tuple(one.formula for one in (self.in_, self.when) if one is not None)
        return stated[0] if len(stated) == 1 else All(stated)


@frozen
class Bands(Keeping):
    """分档 — the first or only band that applies says the points."""

    bands: Annotated[tuple[Band, ...], Words("各档", "the bands")]
    otherwise: Annotated[Points | None, Words("不在任何一档时得几分", "points where no band applies")] = None
    hit: Annotated[
        Literal["unique", "first"],
        Words("first：先写的一档算数；unique：不许重叠", "first: bands may overlap, the first counts"),
    ] = "unique"

    def kept(self, place: Place) -> tuple[Kept, ...]:
        said = Words.same("")
        what: tuple[tuple[str, Quote], ...] = ()
        if place.measured:
            said = Words(zh="{what}{colon}{value}，", en="{what}{colon} is {value}, ")
            label = Words.same(place.vocabulary["value"].label)
            what = (("what", label), ("colon", place.colon), ("value", VALUE))
        made: list[Kept] = []
        above: list[Formula] = []
        for index, band in enumerate(self.bands):
            first = self.hit == "first" and above
            points = band.points.asked("points")
            made.append(
                Kept(
                    code=self._code(index),
                    points=points,
                    because=said
                    + Words(zh="属于 {band} 一档，{gets}{kept}分", en="in the band {band}: {kept} points{gets}"),
                    quoting=(*what, ("band", band.condition), ("gets", place.gets), ("kept", points)),
                    when=All((Not(Any(tuple(above))), band.condition)) if first else band.condition,
                    clause=band.clause,
                    at=("bands", index),
                )
            )
            above.append(band.condition)
        if self.otherwise is not None:
            points = self.otherwise.asked("points")
            made.append(
                Kept(
                    code="otherwise",
                    points=points,
                    because=said
                    + Words(zh="不在任何一档，{gets}{kept}分", en="in none of the bands: {kept} points{gets}"),
                    quoting=(*what, ("gets", place.gets), ("kept", points)),
                    unless=Any(tuple(above)),
                    at=("otherwise",),
                )
            )
        return tuple(made)

    def _code(self, index: int) -> str:
        return self.bands[index].id or f"band-{index + 1}"

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from not_empty(self.bands, "bands")
        yield from distinct((self._code(index) for index in range(len(self.bands))), "bands") if self.bands else ()
        taken: list[tuple[Box, ...] | None] = []
        for index, band in enumerate(self.bands):
            there = evolve(place, vocabulary=where_holds(band.condition, place.vocabulary))
            yield from in_range(band.points, there, "bands", index, "points")
            taken.append(boxes(band.condition, place.vocabulary))
            if region(band.condition, "value") == NOTHING:
                yield Diagnostic(
                    BAND_EMPTY,
                    self._at(index),
                    Words(zh="没有值能落进这一档", en="no value can fall into this band"),
                    Words(zh='小的一端写在前面，如 "[80%, 90%)"', en='write the smaller end first, as in "[80%, 90%)"'),
                )
            if (band.in_ is None) == (band.when is None):
                yield Diagnostic(
                    BAND_UNCLEAR,
                    ("bands", index),
                    Words(zh="这一档要写 in 或 when 之一", en="this band says neither in nor when, or both"),
                    Words(zh='写 in = "[80%, 90%)" 或 when = "…"', en='write in = "[80%, 90%)" or when = "…"'),
                )
        if self.otherwise is not None:
            yield from in_range(self.otherwise, place, "otherwise")
        if self.hit == "unique":
            yield from self._overlaps(taken, place)
        if self.otherwise is None:
            yield from self._gaps(taken, place)

    def _at(self, index: int) -> KeyPath:
        return "bands", index, "in" if self.bands[index].in_ is not None else "when"

    def _stands(self, index: int) -> Related:
        return Related(self._at(index), Words(zh=f"第 {index + 1} 档", en=f"band {index + 1}"))

    def _overlaps(self, taken: list[tuple[Box, ...] | None], place: Place) -> Iterator[Diagnostic]:
        for later, one in enumerate(taken):
            for earlier, other in enumerate(taken[:later]):
                way_out, case = MOVE_AN_END, None
                if one is not None and other is not None:
                    if (case := case_in_both(other, one, place.vocabulary)) is None:
                        continue
                    said = BOTH.fill(v=spoken(case, place.vocabulary), **self._each(earlier, later, place))
                    way_out = self._edge(earlier, later, case) or way_out
                elif apart(self.bands[earlier].condition, self.bands[later].condition, place.vocabulary):
                    continue
                else:
                    said = Words(
                        zh="不能证明第 {a} 档和第 {b} 档不重叠", en="bands {a} and {b} cannot be shown to be apart"
                    ).fill(a=str(earlier + 1), b=str(later + 1))
                    way_out = way_out + UNPROVED
                yield Diagnostic(
                    BANDS_UNPROVED_APART if case is None else BANDS_OVERLAP,
                    self._at(later),
                    said,
                    way_out,
                    related=(self._stands(earlier),),
                    witness=() if case is None else told(case, place.vocabulary),
                )

    def _each(self, earlier: int, later: int, place: Place) -> dict[str, Words | str]:
        """Two bands that take the same value, and what each of them gives."""
        first, second = (worth(self.bands[index].points, place) for index in (earlier, later))
        return {"a": str(earlier + 1), "b": str(later + 1), "x": first, "y": second, "gets": place.gives}

    def _edge(self, earlier: int, later: int, case: Instance) -> Words | None:
        """How to take the edge that two bands share out of the one or the other, where a case lies on it."""
        opened = [
            _opened(self.bands[index].condition, self.bands[other].condition)
            for index, other in ((earlier, later), (later, earlier))
        ]
        if None in opened or len(case) > 1:
            return None
        return Words(
            zh='第 {a} 档写 "{x}"，或第 {b} 档写 "{y}"', en='write "{x}" in band {a}, or "{y}" in band {b}'
        ).fill(a=str(earlier + 1), x=opened[0] or "", b=str(later + 1), y=opened[1] or "")

    def _gaps(self, taken: list[tuple[Box, ...] | None], place: Place) -> Iterator[Diagnostic]:
        try:
            known = None if None in taken else tuple(box for each in taken for box in each or ())
            case = None if known is None else case_in_none(known, place.vocabulary)
        except TooManyCellsError:
            known = case = None
        if case is None and (
            known is not None or covered(tuple(band.condition for band in self.bands), place.vocabulary)
        ):
            return
        said = Words(zh="不能证明每个值都有一档", en="it cannot be shown that every value has a band")
        if case is not None:
            said = Words(zh="{v}不在任何一档里", en="{v}is in none of the bands").fill(v=spoken(case, place.vocabulary))
        yield Diagnostic(
            BANDS_UNPROVED_WHOLE if case is None else BANDS_GAP,
            ("bands",),
            said,
            Words(zh="补一档，或写 otherwise = 0", en="add a band, or write otherwise = 0"),
            related=() if case is None else self._beside(case, place),
            witness=() if case is None else told(case, place.vocabulary),
        )

    def _beside(self, case: Instance, place: Place) -> tuple[Related, ...]:
        """The bands between which a value falls, where all are about one number."""
        value, found = case.get("value"), list[tuple[Fraction, int]]()
        if len(case) > 1 or not isinstance(value, Fraction):
            return ()
        for index, band in enumerate(self.bands):
            for stretch in region(band.condition, "value") or ():
                away = [abs(end - value) for end in (stretch.low, stretch.high) if isinstance(end, Fraction)]
                found += [(min(away), index)] if away else []
        return tuple(map(self._stands, sorted({index for _, index in sorted(found)[:2]})))


def _opened(one: Formula, other: Formula) -> str | None:
    """A band without the end that it shares with another, as a rule file writes it."""
    (low, high), (low_there, high_there) = _ends(one), _ends(other)
    match one:
        case Within() if high is not None and high == low_there:
            return tell_condition(evolve(one, high_closed=False), SYNTAX)
        case Within() if low is not None and low == high_there:
            return tell_condition(evolve(one, low_closed=False), SYNTAX)
        case Comparison(by="≥") if low == high_there:
            return tell_condition(evolve(one, by=">"), SYNTAX)
        case Comparison(by="≤") if high == low_there:
            return tell_condition(evolve(one, by="<"), SYNTAX)
        case _:
            return None


def _ends(one: Formula) -> tuple[Formula | None, Formula | None]:
    match one:
        case Within(low=low, high=high):
            return low, high
        case Comparison(by="≥" | ">", right=right):
            return right, None
        case Comparison(by="≤" | "<", right=right):
            return None, right
        case _:
            return None, None
