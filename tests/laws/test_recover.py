"""What is said to win points back wins them: the law over everything that can be drawn, and bugs that it finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import Facts, Rulebook, assess, loads, recovering, seeking
from perfscore.formula import alone
from perfscore.planning import compiled
from perfscore.testing.laws_of_recovery import won_back
from tests.laws.test_laws import cases
from tests.laws.test_planted_bugs import found_by, plant

CASES = cases(max_leaves=3)


def of_case(case: tuple[Rulebook, Facts]) -> None:
    won_back(assess(*case))


@settings(max_examples=max(50, settings.default.max_examples // 4))
@given(CASES)
def test_what_is_offered_wins_the_points_back_and_a_step_less_does_not(case: tuple[Rulebook, Facts]) -> None:
    of_case(case)


@pytest.fixture
def compiled_anew() -> Iterator[None]:
    compiled.cache_clear()
    yield
    compiled.cache_clear()


ENDS = (("end", "start"), ("start", "end"))
LATE = """\
format = 1
[rulebook]
id = "late"
title = "late"
version = "1"
full_marks = 10
[inputs.handed_in]
label = "day"
type = "date"
[indicators.late]
name = "on time"
weight = 10
criterion = { kind = "clauses", losses = [ { id = "late", of = "max(0, days(2024-03-31, handed_in))", each = 1 } ] }
"""


TWO_BEST = """\
format = 1
[rulebook]
id = "best"
title = "best"
version = "1"
full_marks = 10
[indicators.share]
name = "share"
weight = 10
measure = { type = "percent", min = 0, max = "100%" }
criterion = { kind = "bands", otherwise = 0, bands = [ { in = "[40%, 45%]", points = 10 }, { in = "[60%, 90%]", points = 10 } ] }
"""
BETWEEN = st.sampled_from(["46%", "50%", "58%"]).map(lambda value: (loads(TWO_BEST), Facts(inputs={"share": value})))


@given(BETWEEN)
def test_the_nearer_of_two_sides_is_offered(case: tuple[Rulebook, Facts]) -> None:
    of_case(case)


@pytest.mark.usefixtures("compiled_anew")
@pytest.mark.parametrize(
    ("holder", "name", "right", "wrong", "drawn"),
    [
        (recovering, "values_winning", "(abs(value - at), value < at)", "(-abs(value - at), value < at)", BETWEEN),
        (seeking.Ruler, "_from", "ceil(low / self.step) if closed", "floor(low / self.step) + 1 if closed", BETWEEN),
        (seeking.Ruler, "_from", "max(start * self.step, beyond)", "max(start, beyond) + self.step", CASES),
    ],
    ids=["the farthest value first", "an edge that is passed by", "a step too far"],
)
def test_a_change_that_is_larger_than_need_be_is_found(
    holder: Any, name: str, right: str, wrong: str, drawn: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, holder, name, right, wrong)
    found_by(of_case, drawn, saying="wins as much")


@pytest.mark.usefixtures("compiled_anew")
def test_a_change_that_does_not_win_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days counted from the wrong end are not offered, since what is offered was judged; without that they would be."""
    facts = Facts(inputs={"handed_in": "2024-04-02"})
    sound = assess(loads(LATE), facts)
    assert sound.recoveries[0].says.en == "day: 2 days earlier (on 2024-03-31) would win back 2.00 points"
    won_back(sound)

    right, wrong = (f"minus(rebuilt({end}, step), rebuilt({start}, step))" for end, start in ENDS)
    plant(monkeypatch, alone, "alone", right, wrong)
    monkeypatch.setattr("perfscore.recovering.alone", alone.alone)
    assert assess(loads(LATE), facts).recoveries[0].change is None

    monkeypatch.setattr("perfscore.recovering._Lost._wins", lambda *given: (200, 1000))
    with pytest.raises(AssertionError, match="it wins"):
        won_back(assess(loads(LATE), facts))


TWICE = """\
format = 1
[rulebook]
id = "twice"
title = "twice"
version = "1"
language = "en"
full_marks = 20
[inputs.done]
label = "done"
type = "count"
[indicators.many]
name = "many"
weight = 10
measure = "done"
target = "≥ 10"
criterion = { kind = "proportional" }
[indicators.few]
name = "few"
weight = 10
measure = "done"
target = "≤ 8"
criterion = { kind = "threshold" }
"""


def test_it_does_not_hold_that_the_score_wins_what_the_indicator_wins() -> None:
    """A figure may be read twice, and what wins here may lose more there: then the sentence says so."""
    assessment = assess(loads(TWICE), Facts(inputs={"done": 8}))

    [found] = assessment.recoveries
    assert found.says.en == "done: 2 more (to 10) would win back 2.00 points (the score: -8.00)"
    won_back(assessment)
