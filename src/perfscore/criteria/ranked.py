"""按名次 · ranked — the place that was reached says the points.

    weight = 20
    measure = { type = "count", min = 1 }
    criterion = { kind = "ranked", places = [20, 19, 18], otherwise = 0 }

Says what regulations say as “第 1–3 名依次得 20、19、18 分”. The measure gives the place: 1 is first, and there is no
place 0. `places` lists the points from the first place on, `otherwise` what all later ones get. Subjects that share a
place get the same points (`ties = "shared"`).

In: points in the order of the places. Out: one loss a place. Who is first is not decided here: the measure says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from attrs import frozen

from perfscore.complaining import in_range, measure_needed, not_empty, worth
from perfscore.criterion import Case, Example, Keeping, Kept, Place, Points, end_text
from perfscore.diagnostic import Code, Diagnostic, KeyPath, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import VALUE, Comparison, number
from perfscore.formula.types import type_of
from perfscore.words import Words

NO_PLACE = Code(
    "PS366",
    "no-place",
    Words(
        zh="名次应是 1 以上的整数，这个数据可能不是。",
        en="A place is a whole number from 1, and this figure may be something else.",
    ),
)
PLACES_RUN_OUT = Code(
    "PS367",
    "places-run-out",
    Words(zh="后面的名次没有写得几分。", en="What later places give is not said."),
)
WORSE_GETS_MORE = Code(
    "PS368",
    "worse-gets-more",
    Words(zh="名次靠后反而得分高。", en="A later place gives more than the one before it."),
)

CHINESE = """
按名次给分。对应条文“第1–3名依次得20、19、18分”。

完成值就是名次，从 1 起的整数，所以写 `measure = { type = "count", min = 1 }`。`places` 从第 1 名起依次写分值，`otherwise` 是以后各名的分值。名次并列的得分相同（`ties = "shared"`）。
"""

EXAMPLES = (
    Example(
        title=Words(zh="前三名得分，其余不得分", en="Three places, and nothing for the rest"),
        rule="""\
[indicators.place]
name = "考核排名"
weight = 20
measure = { type = "count", min = 1, unit = "名" }
criterion = { kind = "ranked", places = [20, 19, 18], otherwise = 0 }
""",
        cases=(
            Case("20", "place = 1"),
            Case("18", "place = 3", ("考核排名第3名，得18分",)),
            Case("0", "place = 4", ("考核排名第4名，得0分",)),
        ),
    ),
)


@frozen
class Ranked(Keeping):
    """按名次 — points by the place that was reached."""

    starts_from_weight = True
    places: Annotated[tuple[Points, ...], Words("第一名、第二名……各得几分", "points of the first place, the second …")]
    otherwise: Annotated[Points | None, Words("以后的名次得几分", "points of all later places")] = None
    ties: Annotated[Literal["shared"], Words("并列怎样算", "how ties count")] = "shared"

    def kept(self, place: Place) -> tuple[Kept, ...]:
        made = []
        for index, points in enumerate(self.places, start=1):
            there = Comparison(VALUE, "=", number(index))
            made.append(self._kept(f"place-{index}", points, there, place, ("places", index - 1)))
        if self.otherwise is not None:
            later = Comparison(VALUE, ">", number(len(self.places)))
            made.append(self._kept("later-place", self.otherwise, later, place, ("otherwise",)))
        return tuple(made)

    def _kept(self, code: str, points: Points, when: Comparison, place: Place, at: KeyPath) -> Kept:
        given = points.asked("points")
        return Kept(
            code=code,
            points=given,
            because=Words(zh="{what}第{value}，{gets}{kept}分", en="{what}: place {value}, {kept} points{gets}"),
            quoting=(
                *(("what", Words.same(place.vocabulary["value"].label)), ("value", VALUE)),
                *(("gets", place.gets), ("kept", given)),
            ),
            when=when,
            at=at,
        )

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from measure_needed(place)
        yield from not_empty(self.places, "places")
        for index, points in enumerate(self.places):
            yield from in_range(points, place, "places", index)
        yield from self._order(place)
        if self.otherwise is not None:
            yield from in_range(self.otherwise, place, "otherwise")
        if not place.measured or type_of(VALUE, place.vocabulary).sort != "number":
            return
        reach = bounds(VALUE, place.vocabulary)
        if reach.low < 1 or not type_of(VALUE, place.vocabulary).whole:
            yield Diagnostic(
                NO_PLACE,
                ("kind",),
                Words(zh="完成值可能是 {n}，没有这样的名次", en="the value can be {n}, which is no place").fill(
                    n=end_text(reach.low) if reach.low < 1 else "1.5"
                ),
                Words.same('measure = { type = "count", min = 1 }'),
            )
        if self.places and self.otherwise is None and reach.high > len(self.places):
            yield Diagnostic(
                PLACES_RUN_OUT,
                ("places",),
                Words(zh="没有写第 {n} 名得几分", en="what place {n} gives is not said").fill(
                    n=str(len(self.places) + 1)
                ),
                Words(
                    zh="写 otherwise = 0，或给名次写 max = {n}", en="write otherwise = 0, or max = {n} in the measure"
                ).fill(n=str(len(self.places))),
            )

    def _order(self, place: Place) -> Iterator[Diagnostic]:
        for index, (before, after) in enumerate(pairwise(self.places), start=1):
            better, worse = (after, before) if place.demerit else (before, after)
            most = bounds(better.high or better.low, place.vocabulary).high
            if bounds(worse.low, place.vocabulary).low > most:
                yield Diagnostic(
                    WORSE_GETS_MORE,
                    ("places", index),
                    Words(
                        zh="第 {a} 名{gets} {x} 分，第 {b} 名{gets} {y} 分",
                        en="place {a} {gets} {x}, place {b} {gets} {y}",
                    ).fill(
                        a=str(index), b=str(index + 1), x=worth(before, place), y=worth(after, place), gets=place.gives
                    ),
                    Words(zh="从第 1 名写起", en="begin with the first place"),
                    "warning",
                    related=(Related(("places", index - 1), Words(zh="第 {n} 名", en="place {n}").fill(n=str(index))),),
                    witness=(("value", str(index + 1)),),
                )
