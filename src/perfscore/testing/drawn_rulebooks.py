"""Drawn rulebooks.

In: which kinds, and how many leaves at most. Out: a strategy for whole rulebooks that pass their checks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, cast, get_args

from attrs import evolve, field, frozen
from hypothesis import reject
from hypothesis import strategies as st

from perfscore.criteria import kind_named, kind_names
from perfscore.criterion import Criterion
from perfscore.formula import shapes
from perfscore.formula.prose import SYNTAX, tell_condition
from perfscore.formula.shapes import VALUE, Formula, Name
from perfscore.formula.types import type_of
from perfscore.formula.units import measured_in
from perfscore.formula.vocabulary import NUMERIC, Domain, Term, ValueType, Vocabulary
from perfscore.formula.walking import names
from perfscore.frozen import Frozen
from perfscore.goals import Goal, Scope
from perfscore.indicator import AbsentPolicy, Branch, Indicator, Input, Node
from perfscore.quantity import Rounding, RoundingMode
from perfscore.rating import Rating
from perfscore.rulebook import Basis, Check, Measure, Period, Rulebook, WorkedExample, figure_term
from perfscore.testing.drawn_criteria import accepted_leaf, draw_criterion, fits_in, place_of
from perfscore.testing.drawn_examples import patterns_of, varied
from perfscore.testing.drawn_features import with_features
from perfscore.testing.drawn_formulas import (
    Draw,
    Known,
    all_signs,
    directed_signs,
    draw_about,
    draw_about_text,
    draw_condition,
    draw_number,
    rarely,
    some_days,
    some_positives,
    some_ratios,
    some_words,
    yes_or_no,
)

_INPUT_NAMES = ("cases", "budget", "预算", "rate", "比率", "late", "迟报数", "满意度")
_TABLE_NAMES = ("projects", "路段")
_COLUMN_NAMES = ("name", "金额", "rate", "done")
_UNITS = ("件", "元", "万元", "件/万人")
_CHOICES = ("东部", "中部", "a b", "it's")


@st.composite
def rulebooks(draw: Draw, kinds: Collection[str] | None = None, max_leaves: int = 6) -> Rulebook:
    """Rulebooks without errors: trees of one to three levels, judged by `kinds` (by default all there are)."""
    return _rulebook(draw, tuple(kinds or kind_names()), max_leaves)


@st.composite
def leaves(
    draw: Draw, vocabulary: Vocabulary, kinds: Collection[str] | None = None, *, blindly: bool = False
) -> Indicator:
    """Indicators over known names; `blindly` without asking whether anything is wrong with them."""
    kind = draw(st.sampled_from(tuple(kinds or kind_names())))
    if blindly:
        return _blind(draw, "a", "a", kind, vocabulary, Rounding(), blindly=True)
    return _leaf(draw, "a", kind, vocabulary, Rounding())


def _rulebook(draw: Draw, kinds: tuple[str, ...], max_leaves: int) -> Rulebook:
    rounding = Rounding(draw(st.sampled_from([2, 0, 1, 3])), draw(st.sampled_from(get_args(RoundingMode))))
    declared = [_input(draw, name) for name in _INPUT_NAMES[: draw(st.integers(0, len(_INPUT_NAMES)))]]
    declared += [_table(draw, name) for name in _TABLE_NAMES[: draw(st.sampled_from([0, 1, 1, 2]))]]
    vocabulary: dict[str, Term] = {name: term for one in declared for name, term in one.terms.items()}
    drawn = [_measure(draw, f"m{index}", vocabulary) for index in range(draw(st.sampled_from([0, 0, 1, 2])))]
    measures = [one for one in drawn if one is not None]
    grown = _Growing(draw, kinds, rounding, vocabulary)
    members = grown.members(draw(st.integers(1, max_leaves)), (), 3)
    rulebook = Rulebook(
        id="generated",
        title=draw(some_words),
        version="1",
        members=members,
        full_marks=sum((member.exact_weight for member in members), Fraction(0)),
        language=draw(st.sampled_from(["zh", "en"])),
        rounding=rounding,
        reasons=draw(st.sampled_from(["required", "reported"])),
        inputs=(*declared, *grown.brought),
        measures=tuple(measures),
    )
    rulebook = _furnished(draw, rulebook, vocabulary) if draw(yes_or_no) else rulebook
    return rulebook if rarely(draw, 3) else with_features(draw, rulebook)


@frozen
class _Growing:
    """Draws the tree of a rulebook, and gathers the inputs that worked examples bring along."""

    draw: Draw
    kinds: tuple[str, ...]
    rounding: Rounding
    vocabulary: dict[str, Term]
    brought: list[Input] = field(factory=list)

    def members(self, count: int, above: tuple[str, ...], levels: int) -> tuple[Node, ...]:
        made: list[Node] = []
        while count > 0:
            path = (*above, f"{'节' if len(made) % 2 else 'n'}{len(made)}")
            size = self.draw(st.integers(1, count)) if levels > 1 else 1
            if size > 1 or (levels > 1 and rarely(self.draw)):
                made.append(Branch(".".join(path), self.draw(some_words), self.members(size, path, levels - 1)))
            else:
                made.append(self.leaf(".".join(path)))
            count -= size
        return tuple(made)

    def leaf(self, id: str) -> Indicator:
        kind = self.draw(st.sampled_from(self.kinds))
        return _leaf(self.draw, id, kind, self.vocabulary, self.rounding, self.brought)


def _leaf(
    draw: Draw, id: str, kind: str, vocabulary: Vocabulary, rounding: Rounding, brought: list[Input] | None = None
) -> Indicator:
    """An indicator that its kind accepts: drawn by the types of its fields, else a worked example with other numbers."""
    if brought is None or draw(st.integers(0, 4)) < 4:
        for _ in range(3):
            blind = _blind(draw, id, draw(some_words), kind, vocabulary, rounding)
            if (leaf := accepted_leaf(draw, blind, vocabulary)) is not None:
                return leaf
    if brought is not None and (
        retold := _retold(draw, id, kind, cast(dict[str, Term], vocabulary), brought, rounding)
    ):
        return retold
    reject()


def _retold(
    draw: Draw, id: str, kind: str, vocabulary: dict[str, Term], brought: list[Input], rounding: Rounding
) -> Indicator | None:
    patterns = patterns_of(cast(Any, kind_named(kind)))
    if not patterns:
        return None
    pattern, inputs = draw(st.sampled_from(patterns))
    renamed = {name: name.replace(one.name, f"{one.name}_{len(brought)}", 1) for one in inputs for name in one.terms}
    measure = (
        evolve(pattern.measure, name=id, label=pattern.name)
        if isinstance(pattern.measure, Input)
        else varied(draw, pattern.measure, renamed)
    )
    target = varied(draw, pattern.target, renamed)
    leaf = evolve(
        pattern,
        id=id,
        weight=_weight(draw, rounding),
        measure=measure,
        target=target,
        target_text=pattern.target_text
        if target is None or target == pattern.target
        else tell_condition(target, SYNTAX),
        criterion=varied(draw, pattern.criterion, renamed),
    )
    terms = {renamed[name]: term for one in inputs for name, term in one.terms.items()}
    seen = {**vocabulary, **terms}
    if (accepted := accepted_leaf(draw, leaf, seen)) is None:
        return None
    brought.extend(evolve(one, name=renamed[one.name]) for one in inputs)
    vocabulary.update(terms)
    return accepted


def _weight(draw: Draw, rounding: Rounding) -> Fraction:
    whole = draw(st.sampled_from([10, 5, 1, 2, 8, 20, 40]))
    part = draw(st.sampled_from(["0", "0", "0.5", "0.25", "0.125", "0.001"]))
    return rounding.rounded(whole + Fraction(part)) or Fraction(1)


def _blind(
    draw: Draw, id: str, name: str, kind: str, vocabulary: Vocabulary, rounding: Rounding, *, blindly: bool = False
) -> Indicator:
    """An indicator of which nothing is asked yet."""
    measure = _measured(draw, id, name, vocabulary)
    policies: st.SearchStrategy[AbsentPolicy] = st.sampled_from(["error", "zero", "not-scored"])
    leaf = Indicator(
        id=id,
        name=name,
        weight=_weight(draw, rounding),
        criterion=Criterion(),
        measure=measure,
        missing=draw(policies),
        undefined=draw(policies),
        clause=draw(st.sampled_from([None, "评分标准"])),
    )
    if measure is None:
        leaf = evolve(leaf, target_text=draw(st.sampled_from([None, "明晰"])))
    elif not rarely(draw):
        target = _target(draw, leaf, vocabulary, blindly=blindly)
        text = tell_condition(target, SYNTAX) if draw(yes_or_no) else draw(some_words)
        leaf = evolve(leaf, target=target, target_text=text)
    # blindly a target may read what no target can, and then it has no place that anyone could ask for
    place = place_of(evolve(leaf, target=None) if blindly else leaf, vocabulary)
    return evolve(leaf, criterion=draw_criterion(draw, place, kind, blindly=blindly))


def _measured(draw: Draw, id: str, name: str, vocabulary: Vocabulary) -> Formula | Input | None:
    known = Known.of(vocabulary)
    match draw(st.integers(0, 9)):
        case 0:
            return None
        case 1 | 2 | 3 | 4:
            return _input(draw, id, name)
        case 5 | 6 if known.all():
            return Name(draw(st.sampled_from(known.all())))
        case _:
            for _ in range(3):
                formula = draw_number(draw, known, 2)
                if names(formula) and fits_in(formula, vocabulary, ("number",)):
                    return formula
            return _input(draw, id, name)


def _target(draw: Draw, leaf: Indicator, vocabulary: Vocabulary, *, blindly: bool = False) -> Formula:
    place = place_of(leaf, vocabulary)
    value = place.vocabulary["value"]
    seen = {name: term for name, term in place.vocabulary.items() if name not in ("weight", "target")}
    if blindly and draw(yes_or_no):
        return draw_about(draw, VALUE, Known.of(seen, blindly=True), 1)
    # a target that reads the value is no number to hold the value against
    others = Known.of({name: term for name, term in seen.items() if name != "value"})
    known = evolve(others, ratios=("value", *others.ratios)) if value.type == "percent" else others
    if value.type in NUMERIC:
        near = some_ratios if value.type == "percent" else some_positives
        for _ in range(3):
            if draw(yes_or_no):
                found: Formula = shapes.Comparison(VALUE, draw(directed_signs), draw(near))
            else:
                found = draw_about(draw, VALUE, known, 1)
            if rarely(draw, 8):
                other = draw_about(draw, VALUE, known, 1)
                found = shapes.Any((found, other)) if draw(yes_or_no) else shapes.All((found, other))
            if fits_in(found, seen, ("yes-no",)):
                return found
        return shapes.Comparison(VALUE, "≥", draw(near) if value.type == "percent" else shapes.ONE)
    if value.type == "yes-no":
        return VALUE if draw(yes_or_no) else shapes.Not(VALUE)
    if value.type == "date":
        return shapes.Comparison(VALUE, draw(all_signs), shapes.Day(draw(some_days)))
    return draw_about_text(draw, VALUE, value.domain.choices)


_types: st.SearchStrategy[ValueType] = st.sampled_from(
    ["number", "percent", "count", "money", "number", "percent", "count", "yes-no", "choice", "date", "text"]
)


def _input(draw: Draw, name: str, label: str | None = None) -> Input:
    type_ = draw(_types)
    unit = draw(st.sampled_from(_UNITS)) if type_ in ("count", "number", "money") and rarely(draw, 6) else None
    return Input(
        name,
        draw(some_words) if label is None else label,
        type_,
        unit,
        needed=draw(yes_or_no),
        bare=draw(st.sampled_from([None, None, "percent", "ratio"])) if type_ == "percent" else None,
        domain=_domain(draw, type_),
        supplier=draw(st.sampled_from([None, None, "财务处"])),
    )


def _table(draw: Draw, name: str) -> Input:
    columns = tuple(
        evolve(_input(draw, column, column), needed=True, supplier=None)
        for column in _COLUMN_NAMES[: draw(st.integers(1, len(_COLUMN_NAMES)))]
    )
    key = draw(st.sampled_from([None, "name"]))
    return Input(name, draw(some_words), "table", draw(st.sampled_from([None, "条"])), columns=columns, key=key)


def _domain(draw: Draw, type_: str) -> Domain:
    if type_ == "choice":
        return Domain(choices=_CHOICES[: draw(st.integers(1, len(_CHOICES)))])
    if type_ not in NUMERIC:
        return Domain()
    lows = [None, Fraction(0), Fraction(0), Fraction(-5), Fraction(1, 2)]
    highs = [None, None, Fraction(1), Fraction(100), Fraction("1.2")]
    low, high = draw(st.sampled_from(lows)), draw(st.sampled_from(highs))
    low_closed, high_closed = low is None or draw(yes_or_no), high is None or draw(yes_or_no)
    if type_ == "count" and low is None:
        low = Fraction(0)  # as a rule file reads it
    return Domain(low, high, low_closed, high_closed)


def _measure(draw: Draw, name: str, vocabulary: dict[str, Term]) -> Measure | None:
    known = Known.of(vocabulary)
    formula = draw_number(draw, known, 2) if draw(st.integers(0, 4)) else draw_condition(draw, known, 2)
    if not names(formula) or not fits_in(formula, vocabulary, ("number", "yes-no")):
        return None
    found, ratio = type_of(formula, vocabulary).measured, measured_in("%")
    units = [None, None, "%"] if found is None or ratio is None or found.alike(ratio) else [None]
    measure = Measure(name, formula, draw(st.sampled_from([name, "计算指标"])), draw(st.sampled_from(units)))
    vocabulary[name] = figure_term(measure, vocabulary)
    return measure


def _furnished(draw: Draw, rulebook: Rulebook, vocabulary: Mapping[str, Term]) -> Rulebook:
    """The rulebook with everything beside the tree: a scale, checks, goals, scope, laws, a worked example."""
    full = rulebook.full_marks
    scale = tuple(Rating(name, full * part / 10) for name, part in (("优", 9), ("良", 8), ("中", 6), ("差", 0)))
    condition = draw_condition(draw, Known.of(vocabulary), 2)
    ids = [node.id for node in rulebook.nodes()]
    goal = Goal(
        "g",
        draw(some_words),
        "quantity",
        indicators=(draw(st.sampled_from(ids)),),
        owner=draw(st.sampled_from([None, "某某"])),
    )
    numeric = Known.of(vocabulary).numbers
    if draw(yes_or_no) and numeric:
        target = draw_about(
            draw, VALUE, Known(ratios=("value",) if vocabulary[numeric[0]].type == "percent" else ()), 0
        )
        if fits_in(target, {"value": vocabulary[numeric[0]]}, ("yes-no",)):
            goal = evolve(goal, measure=Name(numeric[0]), target=target)
    return evolve(
        rulebook,
        valid=Period(date(2023, 1, 1), draw(some_days)) if draw(yes_or_no) else None,
        basis=(Basis("law", "办法", number=draw(st.sampled_from([None, "〔2023〕1号"]))),),
        ratings=scale,
        checks=(Check("c", condition, draw(some_words), draw(st.sampled_from(["error", "warning", "note"]))),)
        if fits_in(condition, vocabulary, ("yes-no",))
        else (),
        goals=(goal,),
        scope=(Scope("s", draw(some_words), (ids[0],) if draw(yes_or_no) else ()),),
        examples=(WorkedExample("例", points=Frozen({ids[0]: Fraction(1)}), score=Fraction("1.5"), rating="优"),)
        if draw(yes_or_no)
        else (),
    )
