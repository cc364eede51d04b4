"""Whatever reads itself is told when the file is opened, with the way round, and never found out while judging."""

from __future__ import annotations

import pytest

from perfscore import assess
from perfscore.factsfile import facts_from_text
from perfscore.rulefile import open_text

RULES = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
[inputs.x]
label = "x"
type = "count"
TOP
[indicators.t]
name = "T"
[indicators.t.a]
name = "a"
weight = 5
FIRST
[indicators.t.b]
name = "b"
weight = 5
SECOND
"""
WHEN = "criterion = {{ kind = 'clauses', losses = [{{ id = 'q', when = '''{0}''', points = 1 }}] }}"
PLAIN = WHEN.format("x > 1")
A, B, T = 'points("t.a")', 'points("t.b")', 'points("t")'


def rules(first: str = PLAIN, second: str = PLAIN, top: str = "") -> str:
    return RULES.replace("TOP", top).replace("FIRST", first).replace("SECOND", second)


def measure(formula: str) -> str:
    return f"[measures.m]\nformula = '{formula}'"


CIRCLES = {
    "a leaf that reads itself": (rules(WHEN.format(f"{A} > 1")), [A, A]),
    "a leaf that reads its own branch": (rules(WHEN.format(f"{T} > 1")), [A, T, A]),
    "two leaves that read each other": (rules(WHEN.format(f"{B} > 1"), WHEN.format('share("t.a") > 30%')), [A, B, A]),
    "a measure and the leaf that it reads": (rules(WHEN.format("m > 1"), top=measure(f"{A} + x")), ["m", A, "m"]),
    "a measure of the leaf that it reads": (
        rules("measure = 'm'\ntarget = '≥ 1'\ncriterion = { kind = 'threshold' }", top=measure(f"{A} + x")),
        ["m", A, "m"],
    ),
    "two that apply by each other": (
        rules(
            f"{PLAIN}\napplies = '{B} > 1'\nnot_applicable = 'full'",
            f"{PLAIN}\napplies = '{A} > 1'\nnot_applicable = 'full'",
        ),
        [A, B, A],
    ),
    "a parameter": (
        rules(WHEN.format("m > 1"), top="[parameters.p]\nvalues = 'm * 2'\n" + measure("p + x")),
        ["m", "p", "m"],
    ),
    "measures": (rules(WHEN.format("m > x"), top=measure("k") + "\n[measures.k]\nformula = 'm'"), ["m", "k", "m"]),
}
EARLY = {
    "a weight": rules().replace("weight = 5", f"weight = 'if {B} > 1 then 5 else 5'", 1),
    "a range": rules(PLAIN + f"\nrange = ['0 - {B}', 5]"),
    "a range, through a measure": rules(PLAIN + "\nrange = ['0 - m', 5]", top=measure(B)),
    "the group of a parameter": rules(
        WHEN.format("p > 1"), top="[parameters.p]\nby = 'm'\nvalues = { true = 1, false = 2 }\n" + measure(f"{B} > 1")
    ),
    "points of what does not apply": rules(f"{PLAIN}\napplies = 'x > 5'\nnot_applicable = {{ points = '{B}' }}"),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_is_told_with_the_way_round(name: str) -> None:
    text, trail = CIRCLES[name]
    [told] = [one for one in open_text(text).diagnostics if one.severity == "error"]

    assert told.code.number == "PS504"
    assert told.message.zh == "绕回自己：" + " → ".join(trail)


@pytest.mark.parametrize("name", EARLY)
def test_what_is_known_before_judging_cannot_read_points(name: str) -> None:
    [told] = [one for one in open_text(EARLY[name]).diagnostics if one.severity == "error"]

    assert told.code.number == "PS505"
    assert B in told.message.zh


def test_points_may_be_read_along_one_way() -> None:
    opened = open_text(rules(WHEN.format("m ≤ 4"), top=measure(B)))
    assert opened.diagnostics == ()

    result = assess(opened.required(), facts_from_text("[inputs]\nx = 2").required())
    assert [result[one].points for one in ("t.a", "t.b", "t")] == [4, 4, 8]
