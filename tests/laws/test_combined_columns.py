"""Law 5 where several things meet: excuses, shares, ranges, limits, adjusted totals, weights that vary, others, and leaves
that are looked up, over columns of every type. `test_passes` holds the same cases with the passes compiled.

Each of them has a law of its own beside this one. The rulebooks here are drawn so that two or three stand in one tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from attrs import define
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from perfscore import Rulebook, RulebookError, assess_table, loads
from tests.laws import test_excused_columns as excused
from tests.laws.test_columns import rows_are_assessed_as_alone

INPUTS = """
[inputs]
x = { label = "x", type = "number" }
y = { label = "y", type = "money", above = -3, below = 100 }
z = { label = "z", type = "count" }
p = { label = "p", type = "percent", bare = "BARE", min = 0 }
day = { label = "day", type = "date" }
flag = { label = "flag", type = "yes-no" }
region = { label = "region", type = "choice", choices = ["east", "west"] }
[measures]
m = { formula = "x + z", label = "m" }
[parameters.least]
label = "least"
by = "region"
[parameters.least.values]
east = 2.5
west = [ { from = 2024-01-01, value = 3 }, { from = 2024-07-01, value = 5 } ]
[checks.c]
that = "x + z < 9"
says = "c"
severity = "warning"
"""
PROPORTIONAL = 'criterion = { kind = "proportional" }\n'
CRITERIA = (
    *excused.CRITERIA,
    'measure = "x"\ncriterion = { kind = "bands", otherwise = 0, bands = ['
    ' { when = ">= 3", points = "100%" }, { in = "[-1, 3)", points = "40%" } ] }\n',
    'measure = "y"\ntarget = ">= 2.5"\n' + PROPORTIONAL,
    'measure = "p"\ntarget = ">= 95%"\n' + PROPORTIONAL,
    'measure = "p"\ntarget = ">= 95%"\nrounding = { places = 0 }\n' + PROPORTIONAL,
    'measure = "m"\ntarget = ">= 4"\n' + PROPORTIONAL,
    'measure = "x"\ntarget = ">= least"\n' + PROPORTIONAL,
    'measure = "x + 1"\ntarget = ">= 4"\n' + PROPORTIONAL,
    'measure = "z"\ncriterion = { kind = "per-occurrence", deductions = [ { id = "g", of = "z", each = 0.3 } ] }\n',
    'measure = "day"\ntarget = "<= 2024-06-30"\ncriterion = { kind = "threshold" }\n',
)
COMPARED = (
    'measure = \'rank(x, best = "high", ties = "average")\'\n'
    'criterion = { kind = "bands", otherwise = 0, bands = [ { when = "<= 2", points = "100%" } ] }\n',
    'measure = "y - peers.mean(y, by = region)"\ntarget = ">= 1"\n' + PROPORTIONAL,
    'measure = "peers.count(flag)"\ntarget = ">= 2"\n' + PROPORTIONAL,
)
VARYING = (
    ('if region = "east" then 3 else 1', 'if region = "east" then 1 else 3', "4"),
    ("least", "8 - least", "8"),
    ("min(z, 4)", "4 - min(z, 4)", "4"),
    ("if x > 2 then 5 else 2.5", "if x > 2 then 2.5 else 5", "7.5"),
    ("if flag then 0 else 2", "if flag then 2 else 0", "2"),
)
EFFECTS = (
    *('add = "z * 0.7"', "add = 3", "deduct = 1.005", 'deduct = "x / 3"', "deduct = \"points('ID')\""),
    *('cap_score = "60%"', "cap_score = 4", "set_score = 1", "multiply = 0.9", 'multiply = "y / 2"', "multiply = 0"),
    *('cap_rating = "c"', 'set_rating = "d"', "lower_rating = 1"),
    'cap = { "ID" = "x - 2" }',
    *('zero = ["ID"]', 'cap = { "ID" = 1.5 }', 'cap = { "ID" = "50%" }'),
)
WHEN = (*excused.CONDITIONS, "score > 5", "points('ID') > 1", "share('ID') < 50%", "p > 90%", "given(x) and x < 2")


@define
class Meeting(excused.Growing):
    """Draws trees in which branches do more than add, weights vary, and leaves read others."""

    compared: bool = False
    varied: bool = False
    within: int = 0
    """How many branches that act on shares stand over what is drawn."""
    few: int = 8
    """So many nodes apply to everybody for one that does not."""

    def node(self, path: str, levels: int) -> None:
        kinds = ("leaf", "leaf", "sum", "shares", "pool", *(["pair"] * 2 if self.varied else []))
        kind = self.of(*kinds) if levels else "leaf"
        self.text += f'[indicators.{path}]\nname = "{path.replace(".", "")}"\n'
        if kind == "leaf":
            self.leaf(path)
            return
        self.text += self.seldom(excused.POLICIES, "")
        if self.rarely():
            self.text += self.of('range = ["0%", "60%"]\n', 'range = ["x", "100%"]\n', "range = [1, 3]\n")
        if kind == "pool":
            self.pool(path)
        elif kind == "pair":
            self.pair(path)
        else:
            if kind == "shares":
                self.text += f'aggregate = "{self.of("mean", "min", "max", "scaled", "geometric")}"\n' + self.weight()
            self.within += kind == "shares"
            for place in range(self.draw(st.integers(1, 3))):
                self.node(f"{path}.n{place}", levels - 1)
            self.within -= kind == "shares"

    def pair(self, path: str) -> None:
        """Two leaves that share out a weight as it happens."""
        *weights, whole = self.draw(st.sampled_from(VARYING))
        for place, weight in enumerate(weights):
            self.text += f'[indicators.{path}.n{place}]\nname = "{path.replace(".", "")}n{place}"\n'
            self.text += self.seldom(excused.POLICIES, self.of("", 'missing = "zero"\n'))
            self.judged(f"{path}.n{place}", f"weight = '{weight}'\n" + self.of(*CRITERIA))
        self.full += 0 if self.within else Decimal(whole)

    def seldom(self, policies: Sequence[str], missing: str) -> str:
        """What excuses a node, if anything does; else what is missing there."""
        return self.excuse(policies, missing) if self.draw(st.integers(0, self.few)) == 0 else missing

    def leaf(self, path: str) -> None:
        policies, criteria = excused.POLICIES, CRITERIA
        if self.compared:
            policies, criteria = (*policies, '"peer-mean"'), (*criteria, *COMPARED)
            if self.leaves:
                mean = f'peers.mean(points("{self.leaves[-1]}"))'
                criteria = (*criteria, f"measure = '{mean}'\ntarget = \">= 1\"\n" + PROPORTIONAL)
        missing = self.of("", "", 'missing = "zero"\n', 'missing = "not-scored"\n', 'missing = "not-applicable"\n')
        excuse = self.seldom(policies, missing)
        if "not-applicable" in missing and "not_applicable" not in excuse:
            excuse += f"not_applicable = {self.of(*policies)}\n"
        self.text += excuse
        self.judged(path, "" if self.rarely() else self.weight() + self.of(*criteria))

    def weight(self) -> str:
        before, weight = self.full, super().weight()
        self.full = before if self.within else self.full
        return weight


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """A rulebook in which several things meet."""
    kind, few = draw(st.sampled_from(["", "", "compared", "varied"])), draw(st.sampled_from([0, 2, 8]))
    weights = ("1", "5", "10", "2.5", "3.3")
    tree = Meeting(draw, weights, compared=kind == "compared", varied=kind == "varied", few=few)
    for place in range(draw(st.integers(1, 3))):
        tree.node(f"t{place}", draw(st.integers(0, 2)))
    mode = tree.of("half-up", "half-up", "half-up", "half-even", "down", "up")
    places = draw(st.sampled_from([2, 2, 1, 3]))
    head = excused.HEAD + f'rounding = {{ places = {places}, mode = "{mode}" }}\nfull_marks = {tree.full}\n'
    demerit = draw(st.integers(0, 5)) == 0
    head += 'counts = "demerit"\n' if demerit else ""
    head += tree.of("", "", 'coverage = "50%"\n', 'coverage = "90%"\n')
    adjusted = draw(st.sampled_from([0, 0, 1, 2, 3]))
    if tree.bonus or adjusted or tree.rarely():
        head += tree.of(f"range = [0, {tree.full + 3}]\n", 'range = [0, "100%"]\n', 'range = ["x", "110%"]\n')
    parts = ("0", "0.1", "0.3", "0.6") if demerit else ("0.9", "0.6", "0.3", "0")
    steps = [
        f'{{ name = "{name}", from = {tree.full * Decimal(part)} }}' for name, part in zip("abcd", parts, strict=True)
    ]
    head += f"[ratings]\nscale = [ {', '.join(steps)} ]\n" + INPUTS.replace("BARE", tree.of("ratio", "percent"))
    for at in range(adjusted):
        when = f'when = "{tree.of(*WHEN)}"\n' if tree.often() else ""
        rule = f'[[adjustments]]\nid = "adj{at}"\nclause = "adj"\n{when}{tree.of(*EFFECTS)}\n'
        head += rule.replace("ID", tree.of("t0", *tree.leaves))
    try:
        return loads(head + tree.text)
    except RulebookError:  # such as a limit that reads the score
        reject()


NUMBERS = ("0", "1", "2", "3", "5", "9")
FINE = ("0", "0.5", "1.25", "2.5", "3", "5", "99.99", "-1.5", "-2.99", "40.04")
SHARES = ("0.9", "0.95", "0.5", "1"), ("90", "95", "94.5", "0")
WRONG = {"x": ("1234567890123", "1e-9"), "y": ("-3", "100", "1e15"), "z": ("-1", "1.5"), "p": ("-0.5",)}
WHOLE_TYPES = (pa.int64(), pa.int64(), pa.int32(), pa.uint64(), pa.int8(), pa.decimal128(38, 0), pa.float64())
FINE_TYPES = (pa.decimal128(12, 2), pa.decimal128(38, 4), pa.float64(), pa.float64(), pa.float32(), pa.string())
TEXTS = (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()))
DAYS = (date(2024, 6, 1), date(2024, 6, 29), date(2024, 6, 30), date(2024, 7, 1))


@st.composite
def tables(draw: st.DrawFn, rulebook: Rulebook) -> pa.Table:
    """Figures near the edges in columns of every type; now and then one is missing or wrong."""
    size, gaps = draw(st.integers(1, 12)), draw(st.sampled_from([0, 0, 1, 4]))

    def column(cells: Sequence[Any], *others: Any) -> list[Any]:
        missing, ordinary = st.sampled_from((None, None, *others)), st.sampled_from(cells)
        return [draw(missing if gaps and draw(st.integers(0, 15)) < gaps else ordinary) for _ in range(size)]

    def numbers(name: str, cells: Sequence[str], kinds: Sequence[pa.DataType]) -> pa.Array:
        found = [None if one is None else Decimal(one) for one in column(cells, *WRONG[name])]
        kind = draw(st.sampled_from(kinds))
        try:
            return pa.array([None if one is None else _cell(one, kind) for one in found], kind)
        except (pa.ArrowInvalid, OverflowError):  # a number that the type does not hold
            return pa.array(found)

    found = {
        "x": numbers("x", draw(st.sampled_from([NUMBERS, FINE])), (*WHOLE_TYPES, *FINE_TYPES)),
        "y": numbers("y", FINE, FINE_TYPES),
        "z": numbers("z", NUMBERS, WHOLE_TYPES),
        "p": numbers("p", draw(st.sampled_from(SHARES)), FINE_TYPES),
        "day": pa.array(column(DAYS), pa.date32()),
        "flag": pa.array(column((True, False)), pa.bool_()),
        "region": pa.array(column(("east", "west"), "north")).cast(draw(st.sampled_from(TEXTS))),
        "subject.name": pa.array([f"town {at % draw(st.sampled_from([size, size, 5]))}" for at in range(size)]),
        "subject.date": pa.array(column(DAYS), pa.date32()),
    }
    if draw(st.integers(0, 7)) == 0:
        found["day"] = found["day"].cast(pa.int32()).cast(pa.int64())
    for id in [one.id for one in rulebook.nodes()]:
        if draw(st.integers(0, 11)) == 0:
            found[f"{id}.not_applicable"] = pa.array(column((None, None, "none this year")), pa.string())
    if draw(st.integers(0, 7)) == 0:
        del found[draw(st.sampled_from([*found]))]
    return pa.table(found).slice(draw(st.integers(0, size - 1)) if draw(st.booleans()) else 0)


def _cell(number: Decimal, kind: pa.DataType) -> int | float | str | Decimal:
    if pa.types.is_integer(kind):
        return int(number)
    if pa.types.is_floating(kind):
        return float(number)
    return f"{number:f}" if pa.types.is_string(kind) else number


@st.composite
def cases(draw: st.DrawFn) -> tuple[Rulebook, list[pa.Table]]:
    """A rulebook, and tables that are judged one after another."""
    rulebook = draw(rulebooks())
    return rulebook, [draw(tables(rulebook)) for _ in range(draw(st.integers(1, 2)))]


@settings(max_examples=settings().max_examples // 3)
@given(cases(), st.integers(1, 7))
def test_a_row_in_which_several_things_meet_is_assessed_as_alone(
    case: tuple[Rulebook, list[pa.Table]], chunk: int
) -> None:
    rulebook, several = case
    for table in several:
        rows_are_assessed_as_alone(rulebook, table, chunk)


MET = loads(
    excused.HEAD
    + """
full_marks = 30
coverage = "40%"
range = [0, "110%"]
[ratings]
scale = [ { name = "a", from = 24 }, { name = "b", from = 12 }, { name = "d", from = 0 } ]
"""
    + INPUTS.replace("BARE", "percent")
    + """
[[adjustments]]
id = "late"
clause = "late"
when = "day > 2024-06-30"
deduct = "points('share') * 10%"
[[adjustments]]
id = "many"
clause = "many"
when = "given(z) and z > 3"
lower_rating = 1
[indicators.share]
name = "share"
weight = "if region = 'east' then 12 else 8"
measure = "p"
target = ">= 95%"
criterion = { kind = "proportional" }
[indicators.rest]
name = "rest"
weight = "if region = 'east' then 8 else 12"
measure = "p"
target = ">= 90%"
applies = "flag"
not_applicable = "rescale"
criterion = { kind = "proportional" }
[indicators.sum]
name = "sum"
[indicators.sum.one]
name = "one"
weight = 6
measure = "z"
missing = "not-applicable"
not_applicable = "siblings"
criterion = { kind = "per-occurrence", deductions = [ { id = "g", of = "z", each = 0.3 } ] }
[indicators.sum.two]
name = "two"
weight = 4
measure = "x"
target = ">= least"
criterion = { kind = "proportional" }
"""
)
TOWNS = pa.table(
    {
        "x": pa.array([Decimal(one) for one in ("1", "3", "2.5", "-1", "5", "0.1")], pa.decimal128(38, 4)),
        "z": pa.array([1, None, 5, 0, None, 4], pa.int32()),
        "p": pa.array([95.0, 90.5, 40.25, 0.0, 94.99, 120.0]),
        "day": pa.array([*DAYS, *DAYS[2:]], pa.date32()),
        "flag": [True, False, True, False, False, True],
        "region": pa.array(["east", "west", "east", "east", "west", "west"]).dictionary_encode(),
        "subject.date": pa.array([*DAYS, *DAYS[2:]], pa.date32()),
    }
)


def test_what_meets_is_read_in_columns() -> None:
    for table in (TOWNS, TOWNS.slice(2, 3)):
        rows_are_assessed_as_alone(MET, table, chunk=10)
        assert assess_table(MET, table).schema.metadata[b"perfscore.rows_exact"] == b"0"
