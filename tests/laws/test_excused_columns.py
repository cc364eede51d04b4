"""Law 5 where rows are excused: what does not apply, what is missing and what is covered, in columns as alone.

The rulebooks are drawn for that: small trees in which nearly every node has a policy, a condition or both.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from attrs import define, field
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from perfscore import Rulebook, RulebookError, assess_table, loads
from perfscore.batch import adding, findings, lines, pooling, together, totals, tree
from tests.laws.test_columns import rows_are_assessed_as_alone

HEAD = """
format = 1
[rulebook]
id = "excused"
title = "excused"
version = "1"
language = "en"
"""
ALIKE = ('"rescale"', '"siblings"', '"full"', '"unscored"', "{ points = 1 }", '{ points = "50%" }')
POLICIES = (*ALIKE, *ALIKE, '{ points = "if given(z) and z > 1 then 0.5 else 1" }')
CONDITIONS = ("x > 3", "flag", "not flag", "x / y > 1", "z > 1 and x > 1", "given(z)", "given(y) or x < 2")
CRITERIA = (
    'measure = "x"\ntarget = ">= 10"\ncriterion = { kind = "proportional" }\n',
    'measure = "y / x"\ntarget = ">= 1"\ncriterion = { kind = "proportional" }\n',
    'measure = "z"\ncriterion = { kind = "bands", otherwise = 0, bands = [ { when = ">= 3", points = "100%" } ] }\n',
    'criterion = { kind = "clauses", losses = [ { id = "a", of = "z", each = 0.3 }, { id = "b", when = "x < 2", points = 0.5 } ] }\n',
)
TAKING = (
    'criterion = { kind = "clauses", losses = [ { id = "c", of = "x", each = 0.7 }, { id = "d", when = "not flag", points = 1 } ] }\n',
    'criterion = { kind = "per-occurrence", deductions = [ { id = "e", of = "z", each = 0.4 } ] }\n',
)


@define
class Growing:
    """Draws the tree of a rule file."""

    draw: st.DrawFn
    weights: tuple[str, ...]
    text: str = ""
    full: Decimal = Decimal(0)
    leaves: list[str] = field(factory=list)
    bonus: bool = False

    def often(self) -> bool:
        return self.draw(st.integers(0, 3)) > 0

    def rarely(self) -> bool:
        return self.draw(st.integers(0, 7)) == 0

    def of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def node(self, path: str, levels: int) -> None:
        """A node and everything under it."""
        kind = self.of("leaf", "leaf", "branch", "branch", "pool") if levels else "leaf"
        self.text += f'[indicators.{path}]\nname = "{path.replace(".", "")}"\n'
        match kind:
            case "leaf":
                self.leaf(path)
            case "branch":
                self.text += self.excuse(POLICIES, "") + ('range = ["0%", "60%"]\n' if self.rarely() else "")
                for place in range(self.draw(st.integers(1, 3))):
                    self.node(f"{path}.n{place}", levels - 1)
            case _:
                self.text += self.excuse(POLICIES, "")
                self.pool(path)

    def pool(self, path: str) -> None:
        """The weight of a pool, and its members."""
        self.text += 'aggregate = "pool"\n' + self.weight()
        for place in range(self.draw(st.integers(1, 3))):
            inner, missing = f"{path}.n{place}", self.of("", 'missing = "not-applicable"\n')
            self.text += f'[indicators.{inner}]\nname = "{inner.replace(".", "")}"\n'
            self.text += self.excuse(['"full"'], missing) + self.of(*TAKING)
            self.text += "rounding = { places = 0 }\n" if self.rarely() else ""

    def leaf(self, path: str) -> None:
        missing = self.of("", 'missing = "zero"\n', *['missing = "not-applicable"\nundefined = "not-applicable"\n'] * 3)
        self.text += self.excuse(POLICIES, missing)
        self.judged(path, self.weight() + self.of(*CRITERIA) if self.often() or self.often() else "")

    def judged(self, path: str, by: str) -> None:
        """What a leaf is judged by, else what it gives beside all weight."""
        if not by:
            by = 'weight = 0\nrange = [0, 5]\ncriterion = { kind = "clauses", credits = [ { id = "f", of = "x", each = 0.3 } ] }\n'
            self.bonus = True
        self.text += by
        self.leaves.append(path)

    def weight(self) -> str:
        weight = self.of(*self.weights)
        self.full += Decimal(weight)
        return f"weight = {weight}\n"

    def excuse(self, policies: Sequence[str], missing: str) -> str:
        """What excuses a node, and its policy for that; nothing of a node that applies to everybody."""
        applies = ""
        if self.often():
            others = [f"points('{one}') > 1" for one in self.leaves[-2:]]
            applies = f'applies = "{self.of(*CONDITIONS, *others)}"\n'
        needed = applies or "not-applicable" in missing or self.often()
        return applies + missing + (f"not_applicable = {self.of(*policies)}\n" if needed else "")


@st.composite
def excused(draw: st.DrawFn) -> tuple[Rulebook, pa.Table]:
    """A rulebook in which much may not apply, and a table of subjects to whom much does not."""
    places = draw(st.sampled_from([2, 2, 1, 0]))
    tree = Growing(draw, ("1", "5", "10", "2.5", "3.33")[: 5 if places == 2 else 3])
    for place in range(draw(st.integers(1, 3))):
        tree.node(f"t{place}", draw(st.integers(0, 2)))
    mode = tree.of("half-up", "half-up", "half-even", "down", "up")
    head = HEAD + f'rounding = {{ places = {places}, mode = "{mode}" }}\nfull_marks = {tree.full}\n'
    if tree.bonus or tree.rarely():
        head += tree.of(f"range = [0, {tree.full + 3}]\n", 'range = [0, "100%"]\n', 'range = ["10%", "110%"]\n')
    demerit = draw(st.integers(0, 3)) == 0
    head += 'counts = "demerit"\n' if demerit else ""
    head += tree.of("", 'coverage = "50%"\n', 'coverage = "90%"\n') + tree.of("", 'reasons = "reported"\n')
    for name, kind in (("x", "number"), ("y", "number"), ("z", "count"), ("flag", "yes-no")):
        head += f'[inputs.{name}]\nlabel = "{name}"\ntype = "{kind}"\n' + tree.of("", "needed = false\n")
    head += '[checks.c]\nthat = "x + y < 9"\nsays = "c"\nseverity = "warning"\n'
    if tree.often():
        parts = ("0", "0.1", "0.3", "0.6") if demerit else ("0.9", "0.6", "0.3", "0")
        steps = ", ".join(
            f'{{ name = "{name}", from = {tree.full * Decimal(part)} }}'
            for name, part in zip("abcd", parts, strict=True)
        )
        head += f"[ratings]\nscale = [ {steps} ]\n"
    if tree.rarely():
        head += '[[adjustments]]\nid = "adj"\nclause = "adj"\nwhen = "z > 7"\nset_score = 1\n'
    try:
        rulebook = loads(head + tree.text)
    except RulebookError:  # such as two steps of the scale that start at once
        reject()
    size = draw(st.integers(1, 12))

    def column(cells: list[Any], type: pa.DataType) -> pa.Array:
        return pa.array(draw(st.lists(st.sampled_from(cells), min_size=size, max_size=size)), type)

    table = {
        "x": column([0, 1, 2, 3, 4, 5, 7, None], pa.int64()),
        "y": column([Decimal(one) for one in ("0", "0.5", "1.25", "3", "5")] + [None], pa.decimal128(5, 2)),
        "z": column([0, 1, 2, 4, 8, None, None], pa.int64()),
        "flag": column([True, False, True, False, None], pa.bool_()),
    }
    for id in [one.id for one in rulebook.nodes()]:
        if draw(st.integers(0, 5)) == 0:
            table[f"{id}.not_applicable"] = column(["none this year", " ", None, None], pa.string())
    return rulebook, pa.table(table)


@settings(max_examples=settings().max_examples // 2)
@given(excused(), st.integers(1, 7))
def test_a_row_in_which_something_does_not_apply_is_assessed_as_alone(
    case: tuple[Rulebook, pa.Table], chunk: int
) -> None:
    rows_are_assessed_as_alone(*case, chunk)


RULES = (
    HEAD
    + """
full_marks = 30
coverage = "60%"
range = [0, "110%"]
[ratings]
scale = [ { name = "a", from = 24 }, { name = "b", from = 0 } ]
[inputs.done]
label = "done"
type = "number"
[inputs.planned]
label = "planned"
type = "number"
[inputs.leaks]
label = "leaks"
type = "count"
[inputs.length]
label = "length"
type = "number"
[indicators.rate]
name = "rate"
weight = 10
measure = "done / planned"
target = ">= 1"
applies = "planned > 0"
not_applicable = "rescale"
criterion = { kind = "proportional" }
[indicators.group]
name = "group"
[indicators.group.one]
name = "one"
weight = 3
measure = "leaks"
target = "<= 2"
missing = "not-applicable"
not_applicable = "siblings"
criterion = { kind = "threshold" }
[indicators.group.two]
name = "two"
weight = 7
measure = "done"
target = ">= 9"
criterion = { kind = "proportional" }
[indicators.pool]
name = "pool"
weight = 5
aggregate = "pool"
not_applicable = "unscored"
[indicators.pool.leaks]
name = "leaks"
missing = "not-applicable"
not_applicable = "full"
criterion = { kind = "per-occurrence", deductions = [ { id = "leak", of = "leaks", each = 1 } ] }
[indicators.pool.late]
name = "late"
criterion = { kind = "clauses", losses = [ { id = "late", of = "max(0, 9 - done)", each = 0.25 } ] }
[indicators.extra]
name = "extra"
weight = 5
measure = "length"
target = ">= 1"
not_applicable = "unscored"
criterion = { kind = "threshold" }
[indicators.bonus]
name = "bonus"
weight = 0
range = [0, 2]
not_applicable = "unscored"
criterion = { kind = "clauses", credits = [ { id = "more", of = "max(0, done - 9)", each = 0.5 } ] }
[indicators.own]
name = "own"
weight = 0
range = [0, 1]
measure = "planned"
criterion = { kind = "clauses", credits = [ { id = "many", when = "planned > 50", points = 1 } ] }
"""
)
EXCUSED = loads(RULES)
TABLE = pa.table(
    {
        "done": [9, 7, 7, 10, 7, 4, None],
        "planned": [10, 0, 10, 0, 0, None, 0],
        "leaks": [1, 3, None, None, 9, 1, None],
        "length": [1, 2, None, 0, None, 1, 2],
        "extra.not_applicable": ["none", None, "none this year", None, None, None, None],
        "bonus.not_applicable": [None, None, " ", "none this year", None, "none", None],
        "pool.not_applicable": [None, None, None, None, None, "none", None],
    }
)


def test_nothing_that_does_not_apply_is_a_reason_to_leave_the_columns() -> None:
    rows_are_assessed_as_alone(EXCUSED, TABLE, chunk=10)
    found = assess_table(EXCUSED, TABLE)
    assert found.schema.metadata[b"perfscore.rows_exact"] == b"0"
    codes = {record["code"] for key in ("deductions", "credits") for row in found[key].to_pylist() for record in row}
    assert codes >= {"rescale", "siblings", "not-applicable"}
    assert "PS418" in found["findings"].to_pylist()[6]


def test_what_is_scaled_and_cannot_be_proved_is_judged_alone() -> None:
    large = RULES.replace("weight = 10\n", "weight = 20000000\n").replace("weight = 7\n", "weight = 60000000\n")
    rules = loads(large.replace("full_marks = 30\n", "full_marks = 80000013\n"))
    rows_are_assessed_as_alone(rules, TABLE, chunk=10)
    found = assess_table(rules, TABLE)
    assert 0 < int(found.schema.metadata[b"perfscore.rows_exact"]) < 7


def a_planted_bug_is_found() -> None:
    with pytest.raises(AssertionError):
        rows_are_assessed_as_alone(EXCUSED, TABLE, chunk=10)


def test_a_condition_that_nobody_asks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "gone_from", lambda above, *rest: above)
    a_planted_bug_is_found()


def test_points_that_are_not_made_up_for_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding._Adding, "made_up", lambda self, live, gone, code: None)
    a_planted_bug_is_found()


def test_a_bonus_that_is_scaled_with_the_rest_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = adding._sum
    monkeypatch.setattr(adding, "_sum", lambda one, other: None if one is None else right(one, other))
    a_planted_bug_is_found()


def test_a_member_that_takes_from_its_pool_though_it_does_not_apply_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooling, "chosen", lambda where, one, other: other)
    a_planted_bug_is_found()


def test_a_rating_of_what_is_not_covered_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "uncovered_rows", lambda *given: None)
    a_planted_bug_is_found()


def test_a_rating_by_full_marks_that_could_not_be_had_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "full_marks", lambda plan, root: plan.worth[0])
    a_planted_bug_is_found()


def test_records_of_the_whole_that_come_first_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_LAST", -1)
    a_planted_bug_is_found()


def test_a_figure_that_is_asked_for_where_nobody_needs_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings.Noticed, "not_asked", lambda self, name: None)
    a_planted_bug_is_found()


def test_a_rating_by_what_could_be_had_is_one_of_the_adjusted_score() -> None:
    """A planted bug that kept the rating of the score before a bonus went unnoticed."""
    rules = loads(
        HEAD
        + """
full_marks = 20
range = [0, "100%"]
[ratings]
scale = [ { name = "good", from = 18 }, { name = "poor", from = 0 } ]
[inputs.a]
label = "a"
type = "number"
[inputs.b]
label = "b"
type = "number"
[indicators.one]
name = "one"
weight = 10
measure = "a"
target = ">= 10"
applies = "b > 0"
not_applicable = "unscored"
criterion = { kind = "proportional" }
[indicators.two]
name = "two"
weight = 10
measure = "a"
target = ">= 10"
criterion = { kind = "proportional" }
[[adjustments]]
id = "bonus"
clause = "bonus"
when = "a > 4"
add = 5
"""
    )
    rows_are_assessed_as_alone(rules, pa.table({"a": [8, 10, 4, 3], "b": [0, 1, 0, 1]}))
