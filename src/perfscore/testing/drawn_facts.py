"""Drawn facts.

In: a rulebook. Out: a strategy for facts at and just around every edge of it, and beside all sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, cast

from attrs import evolve
from hypothesis import strategies as st

from perfscore.analysis.edges import hinges, value_at
from perfscore.facts import Alternative, Answer, Fact, Facts, JudgedLoss, Raw, Review, Subject
from perfscore.formula.shapes import Constant, Judged
from perfscore.formula.walking import names
from perfscore.indicator import Indicator, Input
from perfscore.plan import Plan
from perfscore.planning import compiled
from perfscore.quantity import Rounding, decimal, spelled
from perfscore.rulebook import Rulebook
from perfscore.testing.drawn_formulas import Draw, rarely, some_days, yes_or_no


@st.composite
def facts(draw: Draw, rulebook: Rulebook) -> Facts:
    """Facts for a rulebook: at and around every edge in its formulas, zero, huge, missing, out of range, misspelt."""
    return _facts(draw, rulebook)


def _facts(draw: Draw, rulebook: Rulebook) -> Facts:
    plan = compiled(rulebook)
    inputs = {name: one for name, (one, _) in plan.inputs.items()}
    values: dict[str, Any] = {name: None if rarely(draw, 10) else _observed(draw, one) for name, one in inputs.items()}
    asked = {
        f"{id}:{part}": (leaf.indicator, judged)
        for id, leaf in plan.leaves.items()
        for part, judged in leaf.judged.items()
    }
    for key, (leaf, judged) in asked.items():
        values[key] = None if rarely(draw, 12) else _answered(draw, leaf, judged)
    for _ in range(draw(st.integers(0, 3))):
        _aim(draw, plan, inputs, values)
    given = {name: _fact(draw, inputs[name], values[name]) for name in inputs if values[name] is not None}
    if rarely(draw, 16):
        given |= {"unknown": Fact(1)} if draw(yes_or_no) else {name: Fact(draw(_unfit)) for name in list(inputs)[:1]}
    answers = _answers(draw, plan, asked, values)
    if rarely(draw):
        id = draw(st.sampled_from([node.id for node in rulebook.nodes()]))
        answers[id] = evolve(answers.get(id) or Answer(), not_applicable="当年没有发生")
    day = draw(st.sampled_from([None, date(2019, 1, 1), date(2023, 6, 29), date(2023, 6, 30)]))
    subject = Subject(draw(st.sampled_from([None, "某单位"])), draw(st.sampled_from(["2023", "2022-02", None])), day)
    return Facts(inputs=given, answers=answers, subject=subject, review=_reviews(draw, plan))


def _reviews(draw: Draw, plan: Plan) -> list[Review]:
    if not rarely(draw, 6):
        return []
    id = draw(st.sampled_from(list(plan.leaves)))
    points = draw(st.sampled_from(["0", "1", "2.5", "10", "-1", "0.0001"]))
    return [Review(id, Fraction(points), "复核组", because=draw(st.sampled_from([None, "凭证不实"])))]


_unfit: st.SearchStrategy[Raw] = st.sampled_from(["≥95%", "abc", True, Fraction(1, 3), date(2023, 1, 1), -1])
_ordinary = st.sampled_from(
    [
        Fraction(text)
        for text in (
            "0",
            "1",
            "2",
            "3",
            "5",
            "7",
            "10",
            "0.5",
            "0.8",
            "0.933",
            "1.2",
            "12.345",
            "60",
            "99.99",
            "1/3",
            "-1",
            "-0.5",
            "1e12",
            "1e-12",
            "999999999999999999999999999999",
        )
    ]
)


def _observed(draw: Draw, declared: Input) -> Any:
    match declared.type:
        case "yes-no":
            return draw(yes_or_no)
        case "choice":
            return draw(st.sampled_from([*declared.domain.choices, *declared.domain.choices, "另外"]))
        case "text":
            return draw(st.sampled_from(["甲", "乙", "a b", ""]))
        case "date":
            return draw(some_days)
        case "count" | "number" | "percent" | "money":
            return _inside(draw, declared, draw(_ordinary))
        case "table":
            return [_record(draw, declared, index) for index in range(draw(st.sampled_from([0, 1, 2, 3, 3])))]


def _record(draw: Draw, declared: Input, index: int) -> dict[str, Raw]:
    """One record of a table as it is handed over; now and then a cell is missing, unfit or misspelt."""
    found = {one.name: _raw(draw, one, _observed(draw, one)) for one in declared.columns if not rarely(draw, 12)}
    if "name" in found and isinstance(found["name"], str) and not rarely(draw, 6):
        found["name"] = f"{index}号"
    if found and rarely(draw, 24):
        found[draw(st.sampled_from([*found, "unknown"]))] = draw(_unfit)
    return found


def _inside(draw: Draw, declared: Input, value: Fraction) -> Fraction:
    """A number of the input's type, mostly in its domain, often at an end of it."""
    domain = declared.domain
    ends = [end for end in (domain.low, domain.high) if end is not None]
    if ends and rarely(draw, 5):
        value = draw(st.sampled_from(ends)) + draw(st.sampled_from([0, 1, -1])) * _step(draw, declared)
    if declared.type == "count":
        value = Fraction(floor(value))
    if not domain.holds(value) and not rarely(draw, 8):
        middle = [value for value in (Fraction(1), Fraction(0), Fraction(3, 4), *ends) if domain.holds(value)]
        value = middle[0] if middle else value
    return value


def _step(draw: Draw, declared: Input | None) -> Fraction:
    return (
        Fraction(1)
        if declared is not None and declared.type == "count"
        else Fraction(1, 10 ** draw(st.sampled_from([9, 4, 2])))
    )


def _answered(draw: Draw, leaf: Indicator, judged: Judged) -> Any:
    if judged.choices:  # its place among them, as it is reckoned with
        return Fraction(draw(st.integers(0, len(judged.choices) - 1)))
    if judged.yes_no:
        return draw(
            st.sampled_from([True, False, Fraction(1, 2), Fraction(1, 3), Fraction(0), Fraction(1), Fraction(6, 5)])
        )
    weight = leaf.stated if isinstance(leaf.stated, Fraction) else Fraction(10)
    ends = [one.value for one in (judged.low, judged.high) if isinstance(one, Constant)] + [Fraction(0), weight]
    match draw(st.integers(0, 7)):
        case 0 | 1 | 2:
            return draw(st.sampled_from(ends))
        case 3 | 4 | 5:
            low, high = ends[0], ends[1]
            return low + (high - low) * draw(st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(9, 10)]))
        case 6:
            return draw(st.sampled_from(ends)) + draw(st.sampled_from([1, -1])) * _step(draw, None)
        case _:
            return draw(_ordinary)


def _aim(draw: Draw, plan: Plan, inputs: Mapping[str, Input], values: dict[str, Any]) -> None:
    """Move one figure so that a formula of the rulebook stands at an edge, or a hair beside it."""
    id = draw(st.sampled_from(list(plan.leaves)))
    found = hinges(plan.rulebook, plan.leaves[id].indicator)
    if not found:
        return
    hinge = draw(st.sampled_from(found))
    movable = [name for name in names(hinge.formula) if isinstance(values.get(name), Fraction)]
    if not movable:
        return
    name = draw(st.sampled_from(movable))
    there = value_at(hinge, name, values)
    if there is None:
        return
    there += draw(st.sampled_from([0, 0, 1, -1])) * _step(draw, inputs.get(name))
    if name in inputs and inputs[name].type == "count":
        there = Fraction(floor(there) if draw(yes_or_no) else ceil(there))
    if max(abs(there.numerator), there.denominator) < 10**50:
        values[name] = there


def _fact(draw: Draw, declared: Input, value: Any) -> Fact:
    raw = _raw(draw, declared, value)
    source = draw(st.sampled_from([None, None, "附件1"]))
    if not rarely(draw, 8):
        return Fact(raw, source)
    return Fact(raw, source, (Alternative(_raw(draw, declared, _observed(draw, declared)), "正文"),))


def _raw(draw: Draw, declared: Input, value: Any) -> Raw:
    """A value as people or programs hand it over."""
    if not isinstance(value, Fraction):
        return cast(Raw, value)
    return _handed_over(draw, declared, value)


def _handed_over(draw: Draw, declared: Input, value: Fraction) -> Raw:
    if declared.type == "percent":
        in_percent = decimal(value * 100)
        if (
            in_percent is not None
            and len(in_percent.as_tuple().digits) < 50
            and (declared.bare is None or draw(yes_or_no))
        ):
            return f"{in_percent:f}%"
        value = value if declared.bare == "ratio" else value * 100
        if declared.bare is None:
            return f"{spelled(Rounding(6).rounded(value))}%"
    if value.denominator == 1 and draw(yes_or_no):
        return value.numerator
    exactly = decimal(value)
    return exactly if exactly is not None and len(exactly.as_tuple().digits) < 50 and draw(yes_or_no) else value


def _answers(
    draw: Draw, plan: Plan, asked: Mapping[str, tuple[Indicator, Judged]], values: Mapping[str, Any]
) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for key, (leaf, judged) in asked.items():
        if values[key] is None:
            continue
        answer = answers.get(leaf.id) or Answer(
            because=draw(st.sampled_from(["理由", None])), by=draw(st.sampled_from([None, "评价组"]))
        )
        kind, _, part = judged.part.partition(".")
        match kind:
            case "items":
                answer = evolve(answer, items={**answer.items, part: values[key]})
            case "losses" | "credits":
                reason = draw(st.sampled_from([None, "一处"]))
                told = {part: JudgedLoss(values[key], reason)}
                if kind == "losses":
                    answer = evolve(answer, losses={**answer.losses, **told})
                else:
                    answer = evolve(answer, credits={**answer.credits, **told})
            case "grade":
                chosen = judged.choices[floor(values[key]) % len(judged.choices)]
                answer = evolve(answer, grade="另外" if rarely(draw, 16) else chosen)
            case _ if rarely(draw, 6):
                answer = evolve(answer, ratings=(values[key],) * (2 * judged.trim + draw(st.integers(1, 3))))
            case _:
                answer = evolve(answer, points=values[key])
        answers[leaf.id] = answer
    if rarely(draw, 16):
        id = draw(st.sampled_from([node.id for node in plan.rulebook.nodes()] + ["unknown"]))
        answers.setdefault(id, Answer(process="已核", points=draw(st.sampled_from([None, 1]))))
    return answers
