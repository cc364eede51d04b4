"""挽回 — what would win lost points back.

In: nothing; this is vocabulary. Out: `Recovery` of one deduction, with the `Change` of one figure that does it, or why
there is none; and their sentences. Nothing is looked for here.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

from perfscore.formula.prose import STYLES, number_text
from perfscore.formula.vocabulary import Term
from perfscore.quantity import spelled
from perfscore.valuetext import YES_NO, unit_text
from perfscore.words import Words

WithoutWay: TypeAlias = Literal[
    "judged", "no-single-figure", "by-others", "members", "limit", "review", "not-applicable", "lacking", "adjustment"
]
NO_WAY: dict[WithoutWay, Words] = {
    "judged": Words(zh="由评分人评定，不由某个数算出", en="an assessor decides it, not a figure"),
    "no-single-figure": Words(zh="单改一个数得不回这些分", en="no change of one figure wins these points back"),
    "by-others": Words(zh="要看别的对象的数，单改自己的得不回", en="it rests on the figures of others too"),
    "members": Words(zh="由下级各项得出，见各项", en="it comes of the members; see what is said of them"),
    "limit": Words(zh="以得分范围的上下限计", en="an end of the range took them"),
    "review": Words(zh="是复核改的分", en="a reviewer took them"),
    "not-applicable": Words(zh="本项不适用，没有可改的数", en="it does not apply, so there is no figure to change"),
    "lacking": Words(zh="缺的数补上才能算", en="it can be computed once what is missing is there"),
    "adjustment": Words(zh="是总分调整的条款扣的", en="a line of the adjustments took them"),
}
EXHAUSTED = Words(zh="已扣完，再差也不再扣；{said}", en="nothing more can be lost; {said}")
RISES = Words(zh="{what}再多{by}（到{to}）", en="{what}: {by} more (to {to})")
FALLS = Words(zh="{what}减少{by}（到{to}）", en="{what}: {by} fewer (to {to})")
LESS = Words(zh="{what}减少{by}（到{to}）", en="{what}: {by} less (to {to})")
UP = Words(zh="{what}再高{by}（到{to}）", en="{what}: {by} higher (at {to})")
DOWN = Words(zh="{what}再低{by}（到{to}）", en="{what}: {by} lower (at {to})")
EARLIER = Words(zh="{what}提前{by}天（到{to}）", en="{what}: {by} days earlier (on {to})")
LATER = Words(zh="{what}推后{by}天（到{to}）", en="{what}: {by} days later (on {to})")
TURNED = Words(zh="{what}改为“{to}”", en="{what}: “{to}” instead")
POINTS = Words(zh="{n}个百分点", en="{n} percentage points")
WINS = Words(zh="{said}，可挽回{points}分", en="{said} would win back {points} points")
SPARES = Words(zh="{said}，可少计{points}分", en="{said} would spare {points} points")
SCORE_TOO = Words(zh="（总分变动{score}分）", en=" (the score: {score})")
SCORE_SAME = Words(zh="（总分不变）", en=" (the score stays)")
OF_RECORD = Words(zh="{record}的{what}", en="{what} of {record}")


@frozen
class Change:
    """One figure, as it is and as it would have to be; exact, as a machine reads it.

    `points` are what its indicator would have more, `score` by how much the whole would move.
    """

    input: str
    held: str
    to: str
    by: str | None
    unit: str | None
    points: Decimal
    score: Decimal | None
    told: Words
    """The change alone: “再多13件”."""
    record: str | None = None
    """What the record of a table is called that would have to change, and its place in the table."""
    place: int | None = None
    demerit: bool = False
    """Whether points are incurred, and fewer are better."""

    @property
    def says(self) -> Words:
        """The change, and what it wins."""
        said = (SPARES if self.demerit else WINS).fill(said=self.told, points=f"{self.points:f}")
        if self.score is None or self.score == (-self.points if self.demerit else self.points):
            return said
        return said + (SCORE_TOO.fill(score=f"{self.score:+f}") if self.score else SCORE_SAME)


@frozen
class Recovery:
    """What wins the points of one deduction back: the smallest `change` of one figure, or `why_not`.

    `missed` is the nearest value that wins anything, where points go in bands or steps and that is not the same; `near`
    a change of a hair that leaps over an edge. `share` is the part of all lost points that the deduction is, None where
    it does not count; `reckoned` what its formula comes to before the weight runs out and before rounding.
    """

    change: Change | None = None
    why_not: WithoutWay | None = None
    missed: Change | None = None
    near: Change | None = None
    capped: bool = False
    share: Fraction | None = None
    reckoned: Fraction | None = None

    @property
    def says(self) -> Words:
        """One sentence, in both languages."""
        said = self.change.says if self.change is not None else NO_WAY[self.why_not or "no-single-figure"]
        return EXHAUSTED.fill(said=said) if self.capped else said


def number_change(term: Term, what: Words, held: Fraction, to: Fraction) -> tuple[Words, str]:
    """A figure moved: the sentence, and by how much."""
    up, size = to > held, abs(to - held)
    if term.type == "percent":
        by = POINTS.fill(n=number_text(size * 100))
        said = UP if up else DOWN
        shown = Words.same(number_text(to, percent=True))
    else:
        en = unit_text(term, "en").strip()
        unit = Words(unit_text(term, "zh"), f" {en}" if en else "")
        by = Words.same(number_text(size)) + unit
        shown = Words.same(number_text(to)) + unit
        said = RISES if up else FALLS if term.type == "count" else LESS
    return said.fill(what=what, by=by, to=shown), spelled(to - held)


def day_change(what: Words, held: date, to: date) -> tuple[Words, str]:
    """A day moved."""
    days = (to - held) // timedelta(days=1)
    shown = Words(STYLES["zh"].day.format(to), STYLES["en"].day.format(to))
    said = EARLIER if days < 0 else LATER
    return said.fill(what=what, by=str(abs(days)), to=shown), str(days)


def turned(what: Words, to: bool) -> Words:
    """A yes that becomes a no, or the other way round."""
    return TURNED.fill(what=what, to=YES_NO[to])
