"""A rulebook as the tables of a rule file.

In: a `Rulebook`, from a file or built in Python. Out: plain data that reads back to the same rulebook.
The fields of the classes decide what is written: no kind and no key of a kind is named here.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

from attrs import NOTHING, fields, has

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Amount, Condition, Criterion, Points, written_name
from perfscore.formula.habits import meant_range
from perfscore.formula.prose import SYNTAX, tell, tell_condition
from perfscore.formula.shapes import All, Constant, Day, Formula
from perfscore.formula.shapes import Any as AnyOf
from perfscore.goals import Goal, Scope
from perfscore.indicator import Branch, Even, Fixed, Indicator, Input, Node, Range, Share, Varying, Weight
from perfscore.parameter import ONE, Dated, Parameter
from perfscore.quantity import Rounding, decimal, spelled
from perfscore.rating import Rating
from perfscore.rulebook import Check, Measure, Rulebook, WorkedExample
from perfscore.rulefile.examples import thaw
from perfscore.rulefile.written import WrittenInput

FORMAT = 1


def document(rulebook: Rulebook) -> dict[str, Any]:
    """The rulebook as the tables of a rule file."""
    header: dict[str, Any] = {
        "id": rulebook.id,
        "title": rulebook.title,
        "version": rulebook.version,
        "language": rulebook.language,
        "full_marks": number(rulebook.full_marks),
        "reasons": rulebook.reasons,
        "rounding": _rounding(rulebook.rounding),
    }
    header |= _given(
        aggregate=rulebook.aggregate if rulebook.aggregate != "sum" else None,
        by=rulebook.by,
        n=rulebook.n,
        range=_range(rulebook.range),
        coverage=None if rulebook.coverage is None else _share(rulebook.coverage),
        over_completion=None if rulebook.over_completion is None else _share(rulebook.over_completion),
        counts=rulebook.counts if rulebook.counts != "merit" else None,
        once=list(rulebook.once),
        defaults={form: _criterion(one) for form, one in rulebook.defaults.items()} or None,
    )
    if rulebook.valid is not None:
        header["valid"] = {"from": rulebook.valid.start, "to": rulebook.valid.end}
    tables: dict[str, Any] = {
        "basis": {one.id: _plain(one, skip=("id",)) for one in rulebook.basis},
        "inputs": {one.name: _input(one) for one in rulebook.inputs},
        "parameters": {one.name: _parameter(one) for one in rulebook.parameters},
        "measures": {one.name: _measure(one) for one in rulebook.measures},
        "indicators": {_key(member): _node(member) for member in rulebook.members},
        "ratings": {"scale": [_rating(one) for one in rulebook.ratings]} if rulebook.ratings else {},
        "adjustments": [_adjustment(one) for one in rulebook.adjustments],
        "checks": {one.id: _check(one) for one in rulebook.checks},
        "goals": {one.id: _goal(one) for one in rulebook.goals},
        "scope": {one.id: _scope(one) for one in rulebook.scope},
        "examples": [_example(one) for one in rulebook.examples],
    }
    return {"format": FORMAT, "rulebook": header, **{key: table for key, table in tables.items() if table}}


def number(value: Fraction) -> int | Decimal | str:
    """A number as TOML holds it; one whose decimals never end is written as a formula."""
    if value.denominator == 1:
        return value.numerator
    exact = decimal(value)
    return spelled(value) if exact is None else exact


def _rating(one: Rating) -> dict[str, Any]:
    return _given(name=one.name) | ({} if one.start is None else {"from": number(one.start)})


def _key(node: Node) -> str:
    return node.id.rpartition(".")[2]


def _node(node: Node) -> dict[str, Any]:
    written: dict[str, Any] = {"name": node.name}
    match node:
        case Branch(members=members):
            written |= _given(
                weight=_weight(node.stated),
                aggregate=node.aggregate if node.aggregate != "sum" else None,
                by=node.by,
                n=node.n,
                clause=node.clause,
                basis=list(node.basis),
                **_states(node),
                note=node.note,
            )
            written |= {_key(member): _node(member) for member in members}
        case Indicator():
            written |= _given(
                weight=_weight(node.stated),
                measure=_own(node.measure)
                if isinstance(node.measure, Input)
                else node.measure and _formula(node.measure),
                target=tell_condition(node.target, SYNTAX) if node.target is not None else node.target_text,
                target_text=node.target_text if node.target is not None else None,
                unit=node.unit,
                clause=node.clause,
                basis=list(node.basis),
                **_states(node),
                missing=node.missing if node.missing != "error" else None,
                undefined=node.undefined if node.undefined != "error" else None,
                note=node.note,
            )
            if node.by_default is None:
                written["criterion"] = _criterion(node.criterion)
    return written


def _states(node: Node) -> dict[str, Any]:
    """What a node says of whom it applies to, and of the ends and places of its points."""
    away = node.not_applicable
    return {
        "range": _range(node.range),
        "applies": None if node.applies is None else tell(node.applies, SYNTAX),
        "not_applicable": {"points": _value(away.points)} if isinstance(away, Fixed) else away,
        "rounding": None if node.rounding is None else _rounding(node.rounding),
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {"kind": criterion.kind, **_plain(criterion)}


def _weight(stated: Weight | None) -> int | Decimal | str | None:
    match stated:
        case None:
            return None
        case Fraction():
            return number(stated)
        case Share(part=part):
            return _share(part)
        case Even():
            return "even"
        case Varying(formula=formula):
            return _formula(formula)
        case _:
            assert_never(stated)


def _share(part: Fraction) -> int | Decimal | str:
    """A share as people write it, in per cent where that has an end."""
    return f"{spelled(part * 100)}%" if decimal(part * 100) is not None else number(part)


def _range(ends: Range | None) -> list[Any] | None:
    return None if ends is None else [_value(ends.low), _value(ends.high)]


def _rounding(rounding: Rounding) -> dict[str, Any]:
    written: dict[str, Any] = {"places": rounding.places, "mode": rounding.mode}
    return written if rounding.remainder == "first" else {**written, "remainder": rounding.remainder}


def _parameter(one: Parameter) -> dict[str, Any]:
    groups = {group: _dated(dated) for group, dated in one.values.items()}
    values: Any = groups if one.by is not None else groups[ONE]
    label = None if one.label == one.name else one.label
    return _given(by=one.by, label=label, unit=one.unit, note=one.note) | {"values": values}


def _dated(dated: tuple[Dated, ...]) -> Any:
    if len(dated) == 1 and dated[0].start is None:
        return _given_value(dated[0].formula)
    return [{"from": one.start, "value": _given_value(one.formula)} for one in dated]


def _given_value(formula: Formula) -> Any:
    """The value of a parameter; the two conditions without parts are how true and false are held."""
    match formula:
        case All(of=()):
            return True
        case AnyOf(of=()):
            return False
        case Day(value=day):
            return day
        case _:
            return _formula(formula)


def _adjustment(one: AdjustmentRule) -> dict[str, Any]:
    written = _plain(one, skip=("when", "cap"))
    if one.when is not None:
        written["when"] = tell(one.when, SYNTAX)
    if one.cap:
        written["cap"] = {id: _value(points) for id, points in one.cap.items()}
    return written


def _given(**keys: Any) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None and value != []}


def _formula(formula: Formula) -> int | Decimal | str:
    if (
        isinstance(formula, Constant)
        and formula.written == "plain"
        and formula.unit is None
        and decimal(formula.value) is not None
    ):
        return number(formula.value)
    return tell(formula, SYNTAX)


def _plain(holder: Any, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a table that are not at their defaults."""
    written: dict[str, Any] = {}
    for one in fields(type(holder)):
        value = getattr(holder, one.name)
        if one.name not in skip and value is not None and (one.default is NOTHING or value != one.default):
            written[written_name(one)] = _value(value)
    return written


def _value(value: Any) -> Any:
    match value:
        case Amount(formula=formula):
            return _formula(formula)
        case Condition(formula=formula):
            return tell_condition(formula, SYNTAX)
        case Points(low=low, high=None):
            told = _formula(low)
            return f"({told})" if isinstance(told, str) and meant_range(told) else told
        case Points(low=low, high=high):
            ends = f"{tell(low, SYNTAX)}, {tell(high, SYNTAX)}"  # type: ignore[arg-type]
            return f"{'[' if value.low_closed else '('}{ends}{']' if value.high_closed else ')'}"
        case Fraction():
            return number(value)
        case tuple():
            return [_value(one) for one in value]
        case Criterion():
            return {"kind": value.kind, **_plain(value)}
        case _ if has(type(value)):
            return _plain(value)
        case _:
            return value


def _own(one: Input) -> dict[str, Any]:
    """An input's keys but for its label, which an indicator's own input takes from the indicator."""
    percent = one.type == "percent"
    domain = one.domain
    low = None if one.type == "count" and domain.low == 0 and domain.low_closed else domain.low
    keys = _given(
        **{
            "type": one.type,
            "unit": one.unit,
            "needed": None if one.needed else False,
            "bare": one.bare,
            "min" if domain.low_closed else "above": _end(low, percent=percent),
            "max" if domain.high_closed else "below": _end(domain.high, percent=percent),
            "choices": list(domain.choices),
            "from": one.supplier,
            "note": one.note,
        }
    )
    known = {written_name(field) for field in fields(WrittenInput)}
    return {key: value for key, value in keys.items() if key in known}


def _end(end: Fraction | None, *, percent: bool) -> int | Decimal | str | None:
    if end is None:
        return None
    return f"{spelled(end * 100)}%" if percent and decimal(end * 100) is not None else number(end)


def _input(one: Input) -> dict[str, Any]:
    written = {"label": one.label, **_own(one), **_given(key=one.key)}
    if one.columns:
        written["columns"] = {
            column.name: {**_given(label=None if column.label == column.name else column.label), **_own(column)}
            for column in one.columns
        }
    return written


def _measure(one: Measure) -> dict[str, Any]:
    label = None if one.label == one.name else one.label
    return _given(formula=_formula(one.formula), label=label, unit=one.unit, note=one.note)


def _check(one: Check) -> dict[str, Any]:
    return {"that": tell(one.that, SYNTAX), "says": one.says, "severity": one.severity}


def _goal(one: Goal) -> dict[str, Any]:
    return _given(
        text=one.text,
        dimension=one.dimension,
        measure=None if one.measure is None else _formula(one.measure),
        target=None if one.target is None else tell_condition(one.target, SYNTAX),
        indicators=list(one.indicators),
        owner=one.owner,
    )


def _scope(one: Scope) -> dict[str, Any]:
    return {"text": one.text, "indicators": list(one.indicators)}


def _example(one: WorkedExample) -> dict[str, Any]:
    return _given(
        title=one.title,
        facts={key: _thawed(value) for key, value in one.facts.items()} or None,
        answers={key: _thawed(value) for key, value in one.answers.items()} or None,
        points={key: number(value) for key, value in one.points.items()} or None,
        state=dict(one.state) or None,
        score=None if one.score is None else number(one.score),
        rating=one.rating,
        subject={key: _thawed(value) for key, value in one.subject.items()} or None,
        review=[_thawed(value) for value in one.review] or None,
        cohort=[_thawed(value) for value in one.cohort] or None,
    )


def _thawed(value: object) -> Any:
    return _exactly(thaw(value))


def _exactly(value: object) -> Any:
    match value:
        case Fraction():
            return number(value)
        case dict():
            return {key: _exactly(inner) for key, inner in value.items()}
        case list():
            return [_exactly(inner) for inner in value]
        case _:
            return value
