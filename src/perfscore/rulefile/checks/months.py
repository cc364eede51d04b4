"""Is it said when a month is over that lacks the day counted from?

In: a draft. Out: a complaint for months between dates that have two readings, where the formula chooses neither. Where
all dates that it can meet agree, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.dates import months_between, undecided
from perfscore.formula.prose import CHINESE, ENGLISH, SYNTAX, tell
from perfscore.formula.shapes import Day, Elapsed
from perfscore.formula.walking import everything
from perfscore.rulefile.draft import Draft
from perfscore.rulefile.formulas import Standing, every_formula, written_text
from perfscore.words import Words

MONTHS_AMBIGUOUS = Code(
    "PS506",
    "months-ambiguous",
    Words(
        zh="从31日到没有31日的月，月数有两种读法：月末日满月，或次日才满月。",
        en="From the 31st to a month without one, months have two readings: over on the last day, or on the day after.",
    ),
)
READINGS = Words(
    zh="月数有两种读法，没有写用哪一种：从 {a} 到 {b}：last-day（月末日满月）得 {last}，next-day（次日才满月）得 {next}",
    en="months have two readings, and which is meant is not said: from {a} to {b}: last-day (the month is over on its last day) "
    "gives {last}, next-day (on the day after) gives {next}",
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every count of months that two readings tell differently."""
    for standing in every_formula(draft):
        if not standing.unknown:
            yield from _ambiguous(draft, standing)


def _ambiguous(draft: Draft, standing: Standing) -> Iterator[Diagnostic]:
    place = re.search(r"\bmonths\s*\(", written_text(draft.values, standing.at))
    for one in dict.fromkeys(everything(standing.formula)):
        if not isinstance(one, Elapsed) or (between := undecided(one, standing.terms)) is None:
            continue
        first, second = (Words(zh=tell(Day(day), CHINESE), en=tell(Day(day), ENGLISH)) for day in between)
        last, after = evolve(one, short="last-day"), evolve(one, short="next-day")
        yield Diagnostic(
            MONTHS_AMBIGUOUS,
            standing.at,
            READINGS.fill(
                a=first,
                b=second,
                last=str(months_between(*between, "last-day")),
                next=str(months_between(*between, "next-day")),
            ),
            Words(
                zh="写 {last}（民法典第二百零二条），或 {after}",
                en="write {last} (civil code, article 202), or {after}",
            ).fill(last=tell(last, SYNTAX), after=tell(after, SYNTAX)),
            within=place.span() if place else None,
        )
