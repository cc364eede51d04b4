"""Law 5 where subjects are compared: a row of a table has what `assess` says of the same facts among all of its rows."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import Rulebook, batch, dumps, loads, standings
from perfscore.batch import brought, comparing, standing
from perfscore.batch.exactly import Judging
from perfscore.batch.results import frame_of
from perfscore.cohort import stages_of
from perfscore.planning import compiled
from tests.laws.test_columns import Cell, numbers_of, rows_are_assessed_as_alone

HEAD = """
format = 1
[rulebook]
id = "compared"
title = "compared"
version = "1"
language = "en"
[inputs.x]
label = "x"
type = "number"
[inputs.y]
label = "y"
type = "count"
[inputs.region]
label = "region"
type = "text"
needed = false
[inputs.open]
label = "open"
type = "yes-no"
needed = false
"""
COMPARED = (
    *("peers.mean({of}{by})", "peers.max({of}{by})", "peers.min({of}{by})", "peers.count({of}{by})"),
    "peers.count({of} >= 2{by})",
    *("peers.trimmed_mean({of}, low = 1, high = 1{by})", "peers.trimmed_mean({of}, low = 0, high = 3{by})"),
    *(f'rank({{of}}, best = "{best}", ties = "{ties}"{{by}})' for best, ties in (
        ("high", "shared"), ("low", "shared"), ("high", "dense"), ("low", "average"), ("high", "average")
    )),
)  # fmt: skip
CRITERIA = (
    '{ kind = "interpolated", outside = "clamp", through = [ { at = 0, points = 10 }, { at = 6, points = 0 } ] }',
    '{ kind = "bands", otherwise = 1, bands = [ { when = "≤ 1", points = 10 }, { in = "(1, 3]", points = 7 } ] }',
    '{ kind = "clauses", losses = [ { id = "off", of = "max(0, value)", each = 0.75 } ] }',
)


@st.composite
def comparing_rules(draw: st.DrawFn) -> Rulebook:
    """A rulebook with a leaf or a few, each of which measures a comparison, of figures or of points before it."""
    text, ids = HEAD, ["a", "b", "c"][: draw(st.integers(1, 3))]
    text = text.replace("[inputs.x]", f"full_marks = {10 * len(ids)}\n[inputs.x]", 1)
    for at, id in enumerate(ids):
        of = draw(st.sampled_from(["x", "x", "y", "x / y", *(f'points("{one}")' for one in ids[:at])]))
        by = draw(st.sampled_from(["", ", by = region", ", by = open"]))
        peers = draw(st.sampled_from(COMPARED)).format(of=of, by=by)
        measure = draw(st.sampled_from([peers, peers, f"{peers} - y"]))
        missing = draw(st.sampled_from(["error", "zero", "not-scored", "not-applicable"]))
        text += f"[indicators.{id}]\nname = \"{id}\"\nweight = 10\nmeasure = '{measure}'\n"
        text += f'missing = "{missing}"\nnot_applicable = "rescale"\ncriterion = {draw(st.sampled_from(CRITERIA))}\n'
    if draw(st.booleans()):
        text += '[checks.few]\nthat = "peers.count(score >= 8) <= 3"\nsays = "too many"\n'
    return loads(text)


NUMBERS = st.sampled_from([*map(Decimal, ("0", "1", "1.5", "2", "2.25", "3", "-1", "4"))])
LARGE = st.sampled_from(
    [*map(Decimal, ("9007199254740993", "9007199254740992", "123456789012345678901", "0.0000000001"))]
)


@st.composite
def subjects(draw: st.DrawFn) -> pa.Table:
    """Subjects with few figures, so that many are alike; now and then something is missing, large or wrong."""
    size = draw(st.integers(1, 12))
    rare = draw(st.sampled_from([0, 0, 1, 3]))

    def cells(ordinary: st.SearchStrategy[Cell], *others: Cell) -> list[Cell]:
        return [draw(st.sampled_from(others) if draw(st.integers(0, 9)) < rare else ordinary) for _ in range(size)]

    x = [None if one is None else Decimal(one) for one in cells(NUMBERS, None, None, draw(LARGE))]
    y = cells(st.integers(1, 4), None, 0, -1, 2**62)
    names = st.integers(0, 40).map("town {}".format)
    found: dict[str, pa.Array] = {
        "x": numbers_of(draw, [None if one is None else Fraction(one) for one in x]),
        "y": pa.array(y, pa.int64()),
        "region": pa.array(cells(st.sampled_from(["东", "西", " 东"]), None, "")),
        "open": pa.array(cells(st.booleans(), None), pa.bool_()),
        "subject.name": pa.array(cells(names, None, "town 1", " town 1")),
    }
    kept = [name for name in found if draw(st.integers(0, 15)) < 15]
    return pa.table({name: found[name] for name in kept} or {"nothing": pa.nulls(size)})


@settings(max_examples=settings().max_examples // 2)
@given(comparing_rules(), subjects(), st.integers(1, 7))
def test_a_row_that_is_compared_is_assessed_as_in_a_cohort(rules: Rulebook, table: pa.Table, chunk: int) -> None:
    rows_are_assessed_as_alone(rules, table, chunk)


def judging_of(rules: Rulebook, table: pa.Table) -> Judging:
    return Judging(frame_of(compiled(rules)), batch.understood(rules, table.schema))


def told(found: Any) -> tuple[Any, ...]:
    """What all come to, so that it can be compared: of those without a figure whether there are none, one or more."""
    return (
        {slot: (one.places, one.same, one.nobody) for slot, one in found.by_slot.items()},
        {slot: len(some) for slot, some in found.lacking.items()},
    )


@settings(max_examples=settings().max_examples // 4)
@given(comparing_rules(), subjects(), st.integers(1, 7), st.randoms(use_true_random=False))
def test_parts_that_travelled_come_to_the_same_in_whatever_order(
    rules: Rulebook, table: pa.Table, chunk: int, random: Any
) -> None:
    judging = judging_of(rules, table)
    known = comparing.NOBODY
    repeated = comparing.several_times(judging.headings, table.to_batches())
    for now in stages_of(compiled(rules)):
        stage = comparing.Comparing(evolve(judging, among=pickle.loads(pickle.dumps(known))), repeated)
        parts = [pickle.dumps(stage.gathered([one])) for one in table.to_batches(max_chunksize=chunk)]
        random.shuffle(parts)
        whole = comparing.Gathered()
        for part in parts:
            whole.add(now, pickle.loads(part))
        known = whole.over(known, now)

    assert told(known) == told(comparing.standings_of(judging, table.combine_chunks()))


RULES = loads(
    HEAD.replace("[inputs.x]", "full_marks = 30\n[inputs.x]", 1)
    + """
[indicators.place]
name = "place"
weight = 10
measure = 'rank(x, best = "high", ties = "average", by = region)'
criterion = { kind = "interpolated", outside = "clamp", through = [ { at = 1, points = 10 }, { at = 11, points = 0 } ] }
[indicators.share]
name = "share"
weight = 10
measure = "x"
target = "≥ peers.mean(x)"
criterion = { kind = "threshold", otherwise = 0 }
[indicators.again]
name = "again"
weight = 10
measure = 'rank(points("place") + points("share"), best = "high", ties = "dense")'
criterion = { kind = "ranked", places = [10, 8, 6, 4], otherwise = 0 }
"""
)
TOWNS = pa.table(
    {
        "x": pa.array([Decimal(one) for one in ("3", "1", "3", "2.5", "7", "1", "2", "2.75")]),
        "region": ["东", "西", "东", "东", "西", "西", "西", "东"],
        "subject.name": [f"town {at}" for at in range(8)],
    }
)
LACKING = TOWNS.append_column("y", pa.array([1, 2, None, 4, 0, 1, 1, 1])).set_column(
    0, "x", pa.array([Decimal("3"), None, Decimal("3"), *[Decimal("2.5")] * 5])
)
TWICE = pa.concat_tables([TOWNS, TOWNS.slice(4, 1)])


def exact(table: pa.Table) -> int:
    return int(batch.assess_table(RULES, table).schema.metadata[b"perfscore.rows_exact"])


def test_what_is_compared_is_read_in_columns() -> None:
    """What the next tests plant a bug in is what judges these rows."""
    for table in (TOWNS, LACKING, TWICE):
        rows_are_assessed_as_alone(RULES, table)
        assert exact(table) == 0


NO_PEERS = loads(
    HEAD.replace("[inputs.x]", "full_marks = 20\n[inputs.x]", 1)
    + """
[indicators.own]
name = "own"
weight = 10
measure = "x"
target = "≥ 5"
criterion = { kind = "proportional" }
[indicators.branch]
name = "branch"
applies = "open"
not_applicable = "rescale"
[indicators.branch.mean]
name = "mean"
weight = 10
measure = "y"
target = "≥ 5"
missing = "not-applicable"
not_applicable = "peer-mean"
criterion = { kind = "proportional" }
"""
)


def test_what_a_branch_does_not_apply_to_is_no_peer() -> None:
    """Found: the points that such a leaf has all the same were counted in the mean of those to whom it applies."""
    table = pa.table({"x": [1, 2, 3, 4, 5], "y": [1, 2, None, 5, 4], "open": [True, False, True, True, False]})
    rows_are_assessed_as_alone(NO_PEERS, table)
    found = batch.assess_table(NO_PEERS, table)
    assert found["points.branch.mean"].to_pylist() == [2, 0, 6, 10, 0]
    assert found.schema.metadata[b"perfscore.rows_exact"] == b"1"  # the mean is given to it by the exact reader


def found_in(table: pa.Table, chunk: int = 4) -> None:
    with pytest.raises((AssertionError, standings.OtherRowsError)):
        rows_are_assessed_as_alone(RULES, table, chunk)


def test_a_tie_that_is_placed_apart_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = brought._distinct
    monkeypatch.setattr(brought, "_distinct", lambda of: ((place, figure, 1) for place, figure, _ in right(of)))
    found_in(TOWNS)


def test_a_group_that_is_taken_for_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = brought.groups_of

    def one_group(column: Any, size: int) -> Any:
        found = right(column, size)
        return evolve(found, places=np.zeros(size, np.intp))

    monkeypatch.setattr(brought, "groups_of", one_group)
    found_in(TOWNS)


def test_a_part_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings.Tally, "add", lambda self, peers, other: None)
    right = comparing.Comparing.gathered

    def in_parts(self: Any, batches: Any) -> Any:
        whole = comparing.Gathered()
        for one in batches:
            whole.add(self.now, right(self, [one]))
        return whole

    monkeypatch.setattr(comparing.Comparing, "gathered", in_parts)
    found_in(TOWNS)


def test_a_figure_that_is_missing_and_taken_for_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = brought._brought
    monkeypatch.setattr(brought, "_brought", lambda first, peers: evolve(right(first, peers), lacks=None))
    found_in(LACKING)


def test_who_stands_in_two_rows_and_counts_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "several_times", lambda headings, batches: frozenset())
    found_in(TWICE)


def test_floats_that_do_not_tell_figures_apart_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    near = pa.table({"x": pa.array([Decimal(2**53), Decimal(2**53 + 1), Decimal(2**53 + 2)]), "region": ["东"] * 3})
    rows_are_assessed_as_alone(RULES, near)
    for place in (standings, standing):
        monkeypatch.setattr(place, "apart_in_float", lambda values: True)
    monkeypatch.setattr(standing, "_WHOLE_IN_FLOAT", 2**63)
    found_in(near)


def test_others_than_were_gathered_are_refused() -> None:
    """As where a cluster reads rows again and they have changed."""
    judging = judging_of(RULES, TOWNS)
    judging.among = comparing.standings_of(judging, TOWNS)
    for x in (Decimal("3.5"), Decimal(2**60)):
        other = TOWNS.set_column(0, "x", pa.array([x] * 8))
        with pytest.raises(standings.OtherRowsError, match="were others when they were read again"):
            comparing.Mixed(judging).results(other.combine_chunks().to_batches()[0], 0)


def test_quotients_that_floats_do_not_tell_apart_have_places_of_their_own() -> None:
    """Both have the same float. A planted bug that took more digits for told apart went unnoticed."""
    rules = loads(dumps(RULES).replace("rank(x, ", "rank(x / y, "))
    table = pa.table({"x": [2**27 - 1, 2**27, 1], "y": [2**27, 2**27 + 1, 2], "region": ["东"] * 3})
    rows_are_assessed_as_alone(rules, table)
    assert len(set(batch.assess_table(rules, table)["points.place"].to_pylist())) == 3
