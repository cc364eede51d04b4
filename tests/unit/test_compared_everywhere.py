"""Comparisons with others in every place where a formula stands: told when the file is checked, or judged; nothing between."""

from __future__ import annotations

import pytest

from perfscore import Cohort, Facts, RulebookError, assess, loads

RULES = """
format = 1
[rulebook]
id = "towns"
title = "乡镇考核"
version = "1"
full_marks = 20
range = {range}
[inputs.rate]
label = "完成率"
type = "number"
[inputs.kind]
label = "类别"
type = "choice"
choices = ["甲", "乙"]
[inputs.ok]
label = "合格"
type = "yes-no"
{above}
[indicators.a]
name = "一"
weight = {weight}
{measure}
{beside}
criterion = {criterion}
[indicators.b]
name = "二"
weight = 10
measure = "rate"
criterion = {{ kind = "direct", times = 1 }}
{below}
"""
PLAIN = {
    "range": "[0, 50]",
    "above": "",
    "weight": "10",
    "measure": 'measure = "rate"',
    "beside": "",
    "criterion": "{ kind = 'clauses', losses = [ { id = 'low', when = 'value < 2', points = 4 } ] }",
    "below": "",
}
PLACES = {
    "the measure": {"measure": "measure = '{f}'"},
    "the target": {"beside": "target = '≥ {f}'", "criterion": "{ kind = 'threshold' }"},
    "a target that is not asked for": {"beside": "target = '≥ {f}'"},
    "applies": {"beside": "applies = '{f} > 3'\nnot_applicable = 'full'"},
    "the points where it does not apply": {"beside": "applies = 'rate > 3'\nnot_applicable = { points = '{f}' }"},
    "the range of an indicator": {"beside": "range = [0, '{f}']"},
    "the range of the total": {"range": "[0, '{f}']"},
    "the weight": {"weight": "'{f}'"},
    "a condition": {"criterion": "{ kind = 'clauses', losses = [ { id = 'low', when = '{f} < 3', points = 4 } ] }"},
    "a number": {"criterion": "{ kind = 'clauses', losses = [ { id = 'low', of = '{f}', each = 1 } ] }"},
    "points": {"criterion": "{ kind = 'clauses', losses = [ { id = 'low', when = 'value < 3', points = '{f}' } ] }"},
    "a condition beside a target": {
        "beside": "target = '≥ 3'",
        "criterion": "{ kind = 'clauses', losses = [ { id = 'low', when = '{f} < 3', points = 4 } ] }",
    },
    "a measure with a name": {
        "above": "[measures.m]\nlabel = '数'\nformula = '{f}'",
        "beside": "target = '≥ m'",
        "criterion": "{ kind = 'threshold' }",
    },
    "a parameter": {"above": "[parameters.p]\nlabel = '数'\nvalues = '{f}'", "beside": "target = '≥ p'"},
    "the condition of an adjustment": {"below": "[[adjustments]]\nid = 'x'\nname = '另'\nwhen = '{f} > 2'\nadd = 1"},
    "the points of an adjustment": {"below": "[[adjustments]]\nid = 'x'\nname = '另'\nadd = '{f}'"},
    "a cap": {"below": "[[adjustments]]\nid = 'x'\nname = '另'\nwhen = 'rate > 1'\ncap = { a = '{f}' }"},
    "a check": {"below": "[checks.c]\nthat = '{f} > 2'\nsays = '核'"},
}
OF = (
    *(
        "rate",
        "value",
        "value + 1",
        "target",
        "weight",
        "value * weight",
        "score",
        "a",
        'points("b")',
        "peers.mean(value)",
    ),
    *("if given(value) then 1 else 0", "given(value)", "given(target)", "value > 1", "ok", "prises"),
)
COMPARED = (
    *("peers.mean({of})", "peers.count({of})", 'rank({of}, best = "high", ties = "shared")', "{of} + peers.mean(rate)"),
    *("peers.mean({of}, by = kind)", "peers.mean(rate, by = {of})", "{of}"),
)
MEASURES = ('measure = "rate"', 'measure = "rate * 2"', 'measure = { type = "number" }')
TOWNS = [
    Facts({"rate": rate, "kind": kind, "ok": rate > 1}, subject=kind)
    for rate, kind in ((1, "甲"), (5, "乙"), (9, "甲"))
]


@pytest.mark.parametrize("place", PLACES)
def test_no_file_that_passes_its_checks_ends_in_a_traceback(place: str) -> None:
    """`loads` tells what is wrong with a file; what it lets pass is judged, whatever is compared there."""
    judged = 0
    for form in COMPARED:
        for of in OF:
            for measure in MEASURES:
                parts = PLAIN | {"measure": measure}
                formula = form.format(of=of)
                parts |= {key: text.replace("{f}", formula) for key, text in PLACES[place].items()}
                try:
                    rules = loads(RULES.format(**parts))
                except RulebookError:
                    continue
                everybody = Cohort(rules, tuple(TOWNS))
                for one in TOWNS:
                    assess(rules, one, cohort=everybody).to_dict()
                judged += 1
    assert judged
