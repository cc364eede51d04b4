"""Law 5 where the tree is more than a sum: totals that are adjusted, nodes that are limited, ranges, aggregates.

Rulebooks drawn from the whole language seldom come by columns as far as that; these have plain leaves and drawn totals.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, cast, get_args

import numpy as np
import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import Rulebook, batch, loads
from perfscore.adjustment import AdjustmentRule
from perfscore.batch import adjusting, branches, mixed, tree, varying
from perfscore.criterion import Amount, Points
from perfscore.formula.shapes import Formula
from perfscore.formula.syntax import parse, parse_condition
from perfscore.frozen import Frozen
from perfscore.indicator import ADDING, EVEN, Aggregate, Branch, Node, Range, Varying
from perfscore.quantity import Rounding, RoundingMode
from perfscore.testing.drawn_features import with_node
from tests.laws.test_columns import rows_are_assessed_as_alone

PLAIN = """
format = 1
[rulebook]
id = "plain"
title = "plain"
version = "1"
language = "en"
full_marks = 40
range = [0, 60]
[ratings]
scale = [ { name = "A", from = 36 }, { name = "B", from = 20 }, { name = "C", from = 0 }, { name = "none" } ]
[inputs]
a = { label = "a", type = "number" }
b = { label = "b", type = "number", min = 0 }
c = { label = "c", type = "count" }
region = { label = "region", type = "choice", choices = ["east", "west"] }
[indicators.first]
name = "first"
weight = 20
[indicators.first.share]
name = "share"
weight = 10
measure = "a"
target = ">= 80"
criterion = { kind = "proportional" }
[indicators.first.bands]
name = "bands"
weight = 5
missing = "zero"
measure = "b"
criterion = { kind = "bands", otherwise = 0, bands = [ { when = ">= 80", points = 5 }, { in = "[60, 80)", points = 3.5 } ] }
[indicators.first.ratio]
name = "ratio"
weight = 5
measure = "a / (b + 1)"
target = ">= 3"
criterion = { kind = "proportional" }
[indicators.second]
name = "second"
weight = 12
[indicators.second.each]
name = "each"
weight = 6
measure = "c"
criterion = { kind = "per-occurrence", deductions = [ { id = "case", of = "c", each = 0.7 } ] }
[indicators.second.steps]
name = "steps"
weight = 6
missing = "not-scored"
measure = "a"
target = ">= 60"
criterion = { kind = "stepped", below = { every = 1, deduct = 0.3, part_step = "proportional" } }
[indicators.beside]
name = "beside"
weight = 8
range = [-3, 12]
measure = "c"
criterion = { kind = "per-occurrence", deductions = [ { id = "case", of = "c", each = 2 } ] }
"""
BASE = loads(PLAIN)
CONDITIONS = ["a > 60", "c >= 2", "score < 30", "score >= 20 and c < 3", 'points("second") < 6', 'share("first") > 80%']
CONDITIONS += ["given(a) and a > 60", "b / c > 20", 'points("first.share") > 4', "score > 1000"]
AMOUNTS = ["0", "1.005", "2", "weight * 10%", "c * 0.7", "a / 7", "score / 3", "50%", "b / c", "-1", "weight", "0.125"]
HELD = ["0", "2.5", "50%", "weight - 1", "a / 20", "100%"]
AGGREGATES: list[Aggregate] = ["min", "max", "mean", "scaled", "geometric", "best", "pool", "sum"]


def condition(draw: Any, node: bool = False) -> Formula | None:
    told = draw(st.sampled_from([None, *CONDITIONS]))
    return None if told is None or (node and "score" in told) else parse_condition(told).formula


def points(told: str) -> Points:
    return Points(parse(told).formula)


@st.composite
def rules(draw: st.DrawFn, at: int) -> AdjustmentRule:
    effects = ["add", "deduct", "cap_score", "set_score", "multiply", "node", "rating", "rating"]
    effect, given = draw(st.sampled_from(effects)), dict[str, Any]()
    ids = [one.id for one in BASE.nodes()]
    match effect:
        case "multiply":
            given["multiply"] = Amount(
                parse(draw(st.sampled_from(["0.9", "1.1", "0.333", "0", "c / 3", "a / b"]))).formula
            )
        case "node":
            given["zero"] = tuple(draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)))
            given["cap"] = Frozen({draw(st.sampled_from(ids)): points(draw(st.sampled_from(HELD)))})
        case "rating":
            given |= draw(
                st.sampled_from(
                    [
                        {"cap_rating": "B"},
                        {"cap_rating": "C"},
                        {"set_rating": "none"},
                        {"set_rating": "A"},
                        {"lower_rating": 1},
                    ]
                )
            )
        case _:
            given[effect] = points(draw(st.sampled_from(AMOUNTS)))
    return AdjustmentRule(f"rule{at}", when=condition(draw, effect == "node"), **given)


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """The plain rulebook with another tree and another total."""
    rulebook = BASE
    if draw(st.booleans()):
        mode = draw(st.sampled_from(get_args(RoundingMode)))
        rulebook = evolve(rulebook, rounding=Rounding(draw(st.integers(0, 3)), mode))
    if draw(st.integers(0, 4)) == 0:
        starts = (0, 10, 20, None)
        ratings = [evolve(one, start=start) for one, start in zip(BASE.ratings, starts, strict=True)]
        rulebook = evolve(rulebook, counts="demerit", ratings=tuple(ratings))
    for id, weight in (("first", 20), ("second", 12)):
        rulebook = with_node(rulebook, id, partial(_branch, draw, rulebook.rounding, weight))
    if draw(st.integers(0, 3)) == 0:
        rulebook = _varied(draw, rulebook)
    if draw(st.integers(0, 3)) == 0:
        rulebook = evolve(rulebook, aggregate=draw(st.sampled_from(["mean", "min", "scaled", "max"])))
    if draw(st.booleans()):
        low, high = (
            draw(st.sampled_from(["0", "-5", "c", "a / 10"])),
            draw(st.sampled_from(["100%", "30", "200%", "b"])),
        )
        rulebook = evolve(rulebook, range=Range(points(low), points(high)))
    if draw(st.integers(0, 3)) == 0:
        rulebook = evolve(rulebook, coverage=draw(st.sampled_from([Fraction(1, 2), Fraction(9, 10)])))
    return evolve(rulebook, adjustments=tuple(draw(rules(at)) for at in range(draw(st.integers(0, 4)))))


VARYING = [
    ("first.share", 'if region = "east" then 12 else 10', "first.bands", 'if region = "east" then 3 else 5'),
    ("first.share", "10 + c / 3", "first.bands", "5 - c / 3"),
    ("first.share", "10", "first.bands", "if c > 5 then b else 5"),
    ("second", "12 + c", "beside", "8 - c"),
]


def _varied(draw: Any, rulebook: Rulebook) -> Rulebook:
    """Weights that vary, some of which add up for everybody."""
    one, first, other, second = draw(st.sampled_from(VARYING))
    for id, told in ((one, first), (other, second)):
        rulebook = with_node(rulebook, id, partial(_weighed, parse(told).formula))
    return rulebook


def _weighed(formula: Formula, node: Any) -> Node:
    if isinstance(node, Branch) and node.stated is None:
        node = evolve(node, members=tuple(evolve(one, weight=EVEN) for one in node.members), weight=Varying(formula))
    return evolve(node, weight=Varying(formula))


def _branch(draw: Any, rounding: Rounding, weight: int, node: Any) -> Node:
    """A branch put together in any way, within any range."""
    aggregate: Aggregate = draw(st.sampled_from(["sum", "sum", *AGGREGATES]))
    if aggregate == "pool":
        members = tuple(evolve(one, weight=None, range=None, missing="error") for one in node.members)
        node = evolve(node, members=members)
    if aggregate != "sum":
        node = evolve(node, aggregate=aggregate, weight=Fraction(weight))
    if aggregate == "best":
        node = evolve(node, n=draw(st.integers(1, 3)))
    if aggregate not in ADDING and draw(st.booleans()):
        node = evolve(node, rounding=Rounding(draw(st.integers(0, rounding.places)), rounding.mode))
    if draw(st.booleans()):
        low, high = (
            draw(st.sampled_from(["0", "1", "c", "a / 30"])),
            draw(st.sampled_from(["50%", "100%", "7.25", "b / 10"])),
        )
        node = evolve(node, range=Range(points(low), points(high)))
    return node


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Figures of which some are missing and most are at an edge."""
    size = draw(st.integers(1, 8))
    numbers = st.sampled_from(["0", "20", "60", "59.99", "80", "79.96", "100", "240", "-7.5"])
    counts = st.sampled_from([0, 0, 1, 2, 3, 9])

    def column(of: st.SearchStrategy[Any]) -> list[Any]:
        gaps = st.one_of(of, of, of, st.none()) if draw(st.integers(0, 3)) == 0 else of
        return draw(st.lists(gaps, min_size=size, max_size=size))

    def decimals(least: int = -100) -> pa.Array:
        cells = [None if one is None else max(Decimal(one), Decimal(least)) for one in column(numbers)]
        return pa.array(cells, pa.decimal128(12, 2))

    regions = pa.array(column(st.sampled_from(["east", "west"])), pa.string())
    return pa.table({"a": decimals(), "b": decimals(0), "c": pa.array(column(counts), pa.int64()), "region": regions})


@settings(max_examples=settings().max_examples // 2)
@given(rulebooks(), tables(), st.integers(1, 8))
def test_a_total_that_is_adjusted_is_the_one_of_a_subject_alone(
    rulebook: Rulebook, table: pa.Table, chunk: int
) -> None:
    rows_are_assessed_as_alone(rulebook, table, chunk)


TOTALS = loads(
    PLAIN.replace('name = "first"\nweight = 20', 'name = "first"\nweight = 20\naggregate = "mean"\nrange = [0, 18]')
    + """
[[adjustments]]
id = "bonus"
clause = "bonus"
when = "a >= 80"
add = 30
[[adjustments]]
id = "case"
clause = "case"
deduct = "c * 0.7"
[[adjustments]]
id = "veto"
clause = "veto"
when = "c > 8"
zero = ["second.steps"]
cap = { second = 5 }
[[adjustments]]
id = "late"
clause = "late"
when = "c >= 2"
lower_rating = 1
[[adjustments]]
id = "gate"
clause = "gate"
when = "c > 8"
set_rating = "none"
"""
)
GIVEN = pa.table(
    {
        "a": pa.array([Decimal(one) for one in ("80", "240", "59.99", "79.96")] + [None], pa.decimal128(12, 2)),
        "b": pa.array([Decimal(one) for one in ("20", "80", "0", "60", "1")], pa.decimal128(12, 2)),
        "c": pa.array([0, 3, 9, 9, 9]),
    }
)


def test_adjusted_totals_are_read_in_columns() -> None:
    """What the next tests plant a bug in is what judges these rows."""
    rows_are_assessed_as_alone(TOTALS, GIVEN)
    found = batch.assess_table(TOTALS, GIVEN)

    assert found.schema.metadata[b"perfscore.rows_exact"] == b"0"
    lines = [[line["id"] for line in row] for row in found["adjustments"].to_pylist()]
    assert lines == [["bonus", "range"], ["bonus", "case", "late"], *[["case", "late", "gate"]] * 2, ["gate"]]
    taken = {entry["code"] for row in found["deductions"].to_pylist() for entry in row}
    assert {"aggregate", "range", "veto"} <= taken


@pytest.mark.parametrize(
    "bug",
    [
        (adjusting, "inside", lambda units, low, high: units),
        (tree, "inside", lambda units, low, high: units),
        (branches, "_combined", lambda aggregate, *rest: _COMBINED("max", *rest)),
        (branches.Limit, "held", lambda limit, units: units),
        (tree.Tree, "_record", lambda *given: None),
        (tree.Tree, "_branch", lambda batch, planned: _once(batch, planned)),
        (adjusting.Adjusting, "_gates", lambda *given: None),
        (adjusting.Adjusting, "_rate", lambda *given: None),
        (adjusting.np, "argsort", lambda rows, kind: np.arange(len(rows))),
    ],
    ids=lambda bug: bug[1],
)
def test_a_bug_in_what_is_made_of_the_tree_is_found(monkeypatch: pytest.MonkeyPatch, bug: Any) -> None:
    monkeypatch.setattr(*bug)
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(TOTALS, GIVEN, chunk=10)


_BRANCH, _COMBINED = tree.Tree._branch, branches._combined


def _once(batch: Any, planned: Any) -> None:
    """A tree that is not put together again where its nodes were limited."""
    if planned.index not in batch.found:
        _BRANCH(batch, planned)


RATIOS = loads(
    PLAIN.replace('name = "first"\nweight = 20', 'name = "first"\nweight = 20\naggregate = "mean"').replace(
        'measure = "a"\ntarget = ">= 80"', 'measure = "a / (c + 1)"\ntarget = ">= 3"'
    )
)
MONEY = pa.table({"a": [10**9 + 7, 2 * 10**9, 5], "b": [2 * 10**9 + 11, 10**9, 10**9 + 9], "c": [10**9 - 63, 10**9, 9]})


@pytest.mark.parametrize("aggregate", ["mean", "geometric", "min"])
def test_shares_beyond_64_bits_are_put_together_as_fractions(
    aggregate: Aggregate, monkeypatch: pytest.MonkeyPatch
) -> None:
    rulebook = with_node(RATIOS, "first", lambda node: evolve(cast(Branch, node), aggregate=aggregate))
    rows_are_assessed_as_alone(rulebook, MONEY)
    assert batch.assess_table(rulebook, MONEY).schema.metadata[b"perfscore.rows_exact"] == b"0"
    monkeypatch.setattr(branches, "_fractions", lambda of, by, rows: [by] * rows)
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(rulebook, MONEY)


MANY = PLAIN.partition("range")[0].replace("full_marks = 40", "full_marks = 1200")
MANY += '[inputs.a]\nlabel = "a"\ntype = "number"\n'


def many(each: str, times: int = 24) -> str:
    leaf = 'weight = 50\nmeasure = "a"\ntarget = ">= 5"\n' + each
    return "".join(f'[indicators.n{at}]\nname = "n{at}"\n{leaf}' for at in range(times))


def test_sums_of_what_is_limited_below_nothing_are_as_wide_as_they_may_come_to() -> None:
    """Found: 24 nodes that were to keep no more than −1,000,000 points each had 1,200 together."""
    limits = "".join(f'n{at} = "a"\n' for at in range(24))
    cap = f'[[adjustments]]\nid = "cap"\nclause = "cap"\nwhen = "a < 0"\n[adjustments.cap]\n{limits}'
    rulebook = loads(MANY + cap + many('criterion = { kind = "proportional" }\n'))
    table = pa.table({"a": [1, -1_000_000, 3, -300_000]})
    rows_are_assessed_as_alone(rulebook, table)
    assert batch.assess_table(rulebook, table).schema.metadata[b"perfscore.rows_exact"] == b"0"


def test_a_sum_beyond_64_bits_is_told() -> None:
    """Found: 64 nodes of −2.9 × 10¹⁵ points each had 3,200 together."""
    leaf = 'range = [-9500000000000000, 50]\ncriterion = { kind = "per-occurrence", deductions = '
    leaf += '[ { id = "case", of = "if given(a) then max(0, a) else 0", each = 1 } ] }\n'
    rulebook = loads(MANY.replace("full_marks = 1200", "full_marks = 3200\nrange = [0, 3200]") + many(leaf, 64))
    with pytest.raises(batch.PointsTooLargeError):
        batch.assess_table(rulebook, pa.table({"a": [1, 2**64 // 6400, 3]}))


def test_a_total_times_nothing() -> None:
    """Found: an `IndexError`, since nothing is the same for everybody."""
    nothing = AdjustmentRule("nothing", when=parse_condition("c > 2").formula, multiply=Amount(parse("0").formula))
    rulebook = evolve(TOTALS, adjustments=(nothing, *TOTALS.adjustments))
    rows_are_assessed_as_alone(rulebook, GIVEN)
    assert batch.assess_table(rulebook, GIVEN).schema.metadata[b"perfscore.rows_exact"] == b"0"


def test_what_is_covered_where_members_share_out_the_weight_of_their_branch() -> None:
    """Found: an `IndexError`, since what nodes are worth in the whole is not known of such a plan beforehand."""
    rulebook = evolve(TOTALS, coverage=Fraction(4, 5))
    rows_are_assessed_as_alone(rulebook, GIVEN)
    rows_are_assessed_as_alone(evolve(rulebook, adjustments=()), GIVEN)
    found = batch.assess_table(evolve(rulebook, adjustments=()), GIVEN)

    assert found["findings"].to_pylist()[-1].count("PS418") == 1
    assert found.schema.metadata[b"perfscore.rows_exact"] == b"0"


WIDE = loads(PLAIN.replace('name = "first"\nweight = 20', 'name = "first"\nweight = 20\naggregate = "max"'))


def test_a_share_over_a_plain_denominator_beside_one_over_narrow_ones() -> None:
    """Found: the plain one was cut down to 32 bits, and 123 points too many were taken."""
    rulebook = with_node(WIDE, "first.share", lambda node: evolve(node, weight=Fraction("10.67")))
    rulebook = with_node(rulebook, "first.bands", lambda node: evolve(node, weight=Fraction("4.33")))
    cells = [[Decimal(one) for one in ("79.96", "0")], [Decimal(one) for one in ("79.96", "59.99")]]
    a, b = (pa.array(one, pa.decimal128(12, 2)) for one in cells)
    table = pa.table({"a": a, "b": b, "c": [2, 2]})
    rows_are_assessed_as_alone(rulebook, table)
    assert batch.assess_table(rulebook, table).schema.metadata[b"perfscore.rows_exact"] == b"0"


BY_REGION = loads(
    PLAIN.replace("weight = 10", "weight = 'if region = \"east\" then 12 else 10'").replace(
        'name = "bands"\nweight = 5', 'name = "bands"\nweight = \'if region = "east" then 3 else 5\''
    )
)
REGIONS = GIVEN.append_column("region", pa.array(["east", "west", "east", "north", "west"]))


def test_rows_of_the_same_weights_are_read_in_columns_together() -> None:
    rows_are_assessed_as_alone(BY_REGION, REGIONS, chunk=10)
    found = batch.assess_table(BY_REGION, REGIONS)

    assert found.schema.metadata[b"perfscore.rows_exact"] == b"1"  # of a region that there is not
    assert found["points.first.share"].to_pylist()[:2] == [Decimal(12), Decimal(10)]


def test_rows_of_more_weights_than_are_made_ready_are_judged_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, exact in (("_MOST_WEIGHTS", b"3"), ("_MOST_CELLS", b"5")):
        with monkeypatch.context() as here:
            here.setattr(varying, most, 1)
            rows_are_assessed_as_alone(BY_REGION, REGIONS, chunk=10)
            found = batch.assess_table(BY_REGION, REGIONS)
            assert found.schema.metadata[b"perfscore.rows_exact"] == exact


@pytest.mark.parametrize(
    "region",
    [
        pa.ExtensionArray.from_storage(
            pa.fixed_shape_tensor(pa.int32(), [1]), pa.array([[1], [2], [1], None, [2]], pa.list_(pa.int32(), 1))
        ),
        pa.array([b"east", b"west", b"east", None, b"west"], pa.binary_view()),
        pa.array([{"name": "east"}, {"name": "west"}, None, {"name": "east"}, {"name": "east"}]),
    ],
    ids=lambda region: str(region.type),
)
def test_weights_that_read_cells_which_arrow_does_not_tell_apart(region: pa.Array) -> None:
    """Found: `ArrowNotImplementedError`."""
    rows_are_assessed_as_alone(BY_REGION, GIVEN.append_column("region", region), chunk=10)


def test_the_first_wrong_cell_stops_a_table_whose_weights_vary() -> None:
    table = pa.table({"b": [1, 2, -3, -4], "region": ["west", "west", "east", "west"]})
    with pytest.raises(batch.CellError) as stopped:
        batch.assess_table(BY_REGION, table, strict=True)
    assert stopped.value.row == 2


@pytest.mark.parametrize(
    "bug",
    [
        (varying, "_alike", lambda columns, size: (np.zeros(size, np.int64), np.zeros(1, np.int64))),
        (varying, "_read_by", lambda *given: {("inputs", "c")}),
        (mixed, "laid", lambda parts, size: varying.laid([(rows[::-1], one) for rows, one in parts], size)),
    ],
    ids=lambda bug: bug[1],
)
def test_a_row_that_gets_the_weights_or_the_place_of_another_is_found(
    monkeypatch: pytest.MonkeyPatch, bug: Any
) -> None:
    monkeypatch.setattr(*bug)
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(BY_REGION, REGIONS, chunk=10)
