"""What perfscore promises, as functions that anyone can hold it to, and rulebooks and facts to try them on.

In: nothing for `rulebooks()`, a rulebook for `facts(…)`; the laws take what they speak of.
Out: hypothesis strategies; a law that does not hold raises `AssertionError` and says where.
No kind of criterion is named here: criteria are drawn from the fields of their classes, so a kind that was installed
this morning is tried before all laws. Only this room imports hypothesis, and nothing imports this room.

    from hypothesis import given, strategies as st
    from perfscore import assess
    from perfscore.testing import every_lost_point_is_named, facts, rulebooks

    @given(st.data())
    def test_my_kind_names_every_lost_point(data):
        rules = data.draw(rulebooks(kinds=["my-kind"]))
        every_lost_point_is_named(assess(rules, data.draw(facts(rules))))
"""

from __future__ import annotations

import json
import pickle
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import ceil, floor
from typing import Any, Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from attrs import NOTHING, evolve, field, fields, frozen, has
from hypothesis import reject
from hypothesis import strategies as st

from perfscore.analysis.reach import ROOT, reach
from perfscore.assessing import assess
from perfscore.assessment import Assessment, IndicatorResult
from perfscore.criteria import examples_of, kind_named, kind_names
from perfscore.criterion import Amount, Condition, Criterion, Place, Points, share, written_formulas, written_name
from perfscore.diagnostic import KeyPath
from perfscore.examples import rulebook_of
from perfscore.facts import Alternative, Answer, Fact, Facts, JudgedLoss, Raw
from perfscore.formula import shapes
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.formula.exact import Slots, fraction, ratio
from perfscore.formula.prose import SYNTAX, tell_condition
from perfscore.formula.shapes import (
    VALUE,
    Comparator,
    Constant,
    Formula,
    Judged,
    Name,
    everything,
    minus,
    names,
)
from perfscore.formula.types import Type, type_of
from perfscore.formula.vocabulary import NUMERIC, Domain, Term, ValueType, Vocabulary
from perfscore.frozen import Frozen
from perfscore.goals import Goal, Scope
from perfscore.indicator import AbsentPolicy, Branch, Indicator, Input, Node
from perfscore.intake import row_of
from perfscore.judging import judge
from perfscore.plan import Plan, PlannedLeaf, compiled
from perfscore.quantity import Rounding, RoundingMode, decimal, spelled
from perfscore.rating import Rating
from perfscore.rulebook import Basis, Check, Measure, Period, Rulebook, WorkedExample, measure_term
from perfscore.rulefile import open_text
from perfscore.rulefile.document import digest
from perfscore.rulefile.write import dumps
from perfscore.words import Words

# ---------------------------------------------------------------------------------------------------------- the laws


def within_weight(assessment: Assessment) -> None:
    """Law 1. 0 ≤ points ≤ weight, at every node and in the total."""
    for result in assessment:
        if result.points is not None:
            _hold(
                0 <= result.points <= result.node.exact_weight,
                f"“{result.id}” has {result.points} points of {spelled(result.node.exact_weight)}",
            )
    if assessment.score is not None:
        _hold(
            0 <= assessment.score <= assessment.full_marks,
            f"the score is {assessment.score} of {assessment.full_marks}",
        )


def every_lost_point_is_named(assessment: Assessment) -> None:
    """Law 2. weight − points = Σ deductions − Σ credits, exactly, at every node and in the total; each says why."""
    for result in assessment:
        under = [one for one in assessment if one.id == result.id or one.id.startswith(f"{result.id}.")]
        if result.points is not None:
            taken = _taken(under)
            _hold(
                result.node.exact_weight - Fraction(result.points) == taken,
                f"“{result.id}” is worth {spelled(result.node.exact_weight)} and has {result.points} points, "
                f"but its records take {spelled(taken)}",
            )
        elif isinstance(result.node, Indicator):
            _hold(not result.deductions, f"“{result.id}” has no points and yet deductions")
    if assessment.score is not None:
        taken = _taken(list(assessment)) - sum((Fraction(one.points) for one in assessment.adjustments), Fraction(0))
        lost = assessment.full_marks - Fraction(assessment.score)
        _hold(lost == taken, f"{spelled(lost)} points are lost in total, and {spelled(taken)} are named")
    for one in assessment.deductions:
        _hold(one.points > 0, f"“{one.indicator}” has a deduction of {one.points} points ({one.code})")
        said = one.because
        for text in (said.zh, said.en, one.formula("zh"), one.formula("en")):
            _hold(bool(text.strip()), f"a deduction of “{one.indicator}” says nothing ({one.code})")
        _hold(
            all(used.name for used in one.inputs), f"a deduction of “{one.indicator}” rests on a figure without a name"
        )


def tree_adds_up(assessment: Assessment) -> None:
    """Law 3. A reader with a pencil gets the same total from the published figures; all have the places promised."""
    places = assessment.rulebook.rounding.places
    for said, figure in (
        *((f"“{one.id}”", one.points) for one in assessment),
        *((f"a deduction of “{one.indicator}”", one.points) for one in assessment.deductions),
        ("the score", assessment.score),
    ):
        _hold(
            figure is None or figure.as_tuple().exponent == -places,
            f"{said} is published as {figure}, which has not {places} places",
        )
    for result in assessment:
        match result.node:
            case Branch(members=members):
                _adds_up(f"“{result.id}”", result.points, [assessment[member.id].points for member in members])
                worth = sum((member.exact_weight for member in members), Fraction(0))
                _hold(result.node.exact_weight == worth, f"“{result.id}” is not worth what its members are worth")
            case Indicator():
                pass
    _adds_up(
        "the subtotal", assessment.subtotal, [assessment[member.id].points for member in assessment.rulebook.members]
    )
    if assessment.subtotal is not None and assessment.score is not None:
        adjusted = sum((one.points for one in assessment.adjustments), assessment.subtotal)
        _hold(
            assessment.score == adjusted, f"the score is {assessment.score}, subtotal and adjustments give {adjusted}"
        )


def same_bytes(rulebook: Rulebook, facts: Facts) -> None:
    """Law 4. The JSON is the same bytes: again, compiled anew, from copies, with the facts in another order."""
    first = published(assess(rulebook, facts))
    _same("a second run", published(assess(rulebook, facts)), first)
    copied_rules, copied_facts = pickle.loads(pickle.dumps((rulebook, facts)))
    compiled.cache_clear()
    _same("a copy of the rulebook and the facts, compiled anew,", published(assess(copied_rules, copied_facts)), first)
    turned = Facts(
        inputs=dict(reversed(list(facts.inputs.items()))),
        answers=dict(reversed(list(facts.answers.items()))),
        subject=facts.subject,
    )
    _same("facts in another order", published(assess(rulebook, turned)), first)


def states_add_up(assessment: Assessment) -> None:
    """Law 6, in one assessment. Every leaf is in one state, and where figures lack its policy decides."""
    found = [result for result in assessment if isinstance(result.node, Indicator)]
    wanted = [leaf.id for leaf in assessment.rulebook.indicators()]
    _hold([result.id for result in found] == wanted, f"{len(found)} results stand for {len(wanted)} indicators")
    scored = Fraction(0)
    for result in found:
        leaf = cast(Indicator, result.node)
        match result.state:
            case "scored":
                scored += leaf.exact_weight
                _hold(result.points is not None, f"“{result.id}” is scored and has no points")
            case "missing" | "undefined":
                policy = leaf.missing if result.state == "missing" else leaf.undefined
                _by_policy(assessment, result, policy)
            case "not-applicable" | "not-scored":
                pass
    _hold(
        assessment.coverage == scored / assessment.full_marks,
        f"coverage is {spelled(assessment.coverage)}, {spelled(scored)} of {spelled(assessment.full_marks)} are scored",
    )
    if assessment.score is None:
        _hold(assessment.rating is None, f"there is no score, and yet the rating {assessment.rating}")


def missing_is_not_zero(rulebook: Rulebook, facts: Facts) -> None:
    """Law 6, in two assessments. Without a figure or an answer that it reads, an indicator is missing, never judged."""
    plan = compiled(rulebook)
    row, _ = row_of(plan, facts)
    for id, leaf in plan.leaves.items():
        alone = evolve(plan, leaves={id: leaf})
        filled = list(row)
        if judge(alone, filled)[id].state != "scored":
            continue
        asked = _asked_whether_given(leaf.indicator, rulebook)
        slots = {slot: name for name, (_, slot) in plan.inputs.items() if name not in asked}
        slots |= {slot: f"{id}.{part}" for part, slot in leaf.slots.answers.items()}
        for slot in sorted(_rests_on(plan, leaf, filled) & slots.keys()):
            lacking: list[Slot] = list(row)
            lacking[slot] = Absent(slots[slot], "not-given")
            after = judge(alone, lacking)[id]
            said = f"“{id}” reads {slots[slot]}; without it, it"
            _hold(after.state == "missing", f"{said} is {after.state} with {after.units} units")
            _hold(
                after.units is None or (leaf.indicator.missing == "zero" and after.units == 0),
                f"{said} gets {after.units} units under the policy “{leaf.indicator.missing}”",
            )


def within_reach(rulebook: Rulebook, assessment: Assessment) -> None:
    """Law 7. The interval that analysis proves for a node contains the points it got."""
    reached = reach(rulebook)
    figures = {ROOT: assessment.subtotal} | {result.id: result.points for result in assessment}
    for id, points in figures.items():
        if points is not None:
            low, high = reached[id].low, reached[id].high
            _hold(reached[id].holds(Fraction(points)), f"“{id or 'total'}” has {points} points, outside {low} … {high}")


def better_never_worse(worse: Assessment, better: Assessment, id: str) -> None:
    """Law 8. `better` differs from `worse` only by facts that are better for the indicator `id`."""
    low, high = worse[id].points, better[id].points
    if low is not None and high is not None:
        _hold(high >= low, f"“{id}” has {low} points, and only {high} for the better facts")


def survives_writing(rulebook: Rulebook) -> None:
    """Law 10. A rulebook that was written reads back without errors, equal, with the same digest."""
    text = dumps(rulebook)
    opened = open_text(text)
    errors = [one for one in opened.diagnostics if one.severity == "error"]
    _hold(
        not errors,
        "what was written cannot be read:\n" + "\n".join(f"{one.at} {one.message.en}" for one in errors) + "\n" + text,
    )
    read = opened.required()
    _hold(read == rulebook, f"what was written reads back as another rulebook:\n{_difference(rulebook, read)}\n{text}")
    _hold(digest(read) == digest(rulebook), "what was written reads back with another digest")
    _hold(dumps(read) == text, "what was read again is written in other words")


def published(assessment: Assessment) -> bytes:
    """The bytes of an assessment's JSON."""
    return json.dumps(assessment.to_dict(), ensure_ascii=False, indent=1).encode()


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)


def _same(what: str, found: bytes, wanted: bytes) -> None:
    for one, other in zip(found.splitlines(), wanted.splitlines(), strict=False):
        _hold(one == other, f"{what} gives other bytes: {one.decode()} instead of {other.decode()}")
    _hold(found == wanted, f"{what} gives other bytes")


def _taken(results: Sequence[IndicatorResult]) -> Fraction:
    deductions = sum(
        (Fraction(one.points) for result in results for one in result.deductions if one.counted), Fraction(0)
    )
    return deductions - sum((Fraction(one.points) for result in results for one in result.credits), Fraction(0))


def _adds_up(what: str, total: Decimal | None, parts: Sequence[Decimal | None]) -> None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        _hold(total is None, f"{what} is {total}, though a part of it has no points")
    else:
        _hold(total == sum(known, Decimal(0)), f"{what} is {total}, its parts are {' + '.join(map(str, known))}")


def _by_policy(assessment: Assessment, result: IndicatorResult, policy: AbsentPolicy) -> None:
    told = [one for one in assessment.findings if result.id in one.at and one.code.number.startswith("PS4")]
    _hold(bool(told), f"“{result.id}” is {result.state}, and no finding says so")
    match policy:
        case "zero":
            _hold(result.points == 0, f"“{result.id}” is {result.state}; its policy says zero, it has {result.points}")
            codes = [one.code for one in result.deductions]
            _hold(codes == [result.state], f"“{result.id}” is {result.state}; its deductions are called {codes}")
        case "error" | "not-scored":
            _hold(result.points is None, f"“{result.id}” is {result.state} and has {result.points} points")
            _hold(assessment.score is None, f"“{result.id}” is {result.state}, and there is a score")
            severities = {one.severity for one in told}
            _hold(policy != "error" or "error" in severities, f"“{result.id}” is {result.state}, which is no error")


def _rests_on(plan: Plan, leaf: PlannedLeaf, filled: list[Slot]) -> set[int]:
    """The slots that the losses of a leaf read, and those that were read to fill these."""
    watched = _Watched(filled)
    judge(evolve(plan, measures=(), leaves={leaf.indicator.id: evolve(leaf, computed=())}), watched)
    computed = {slot: read for _, slot, read in plan.measures} | dict(leaf.computed)
    found, waiting = set[int](), list(watched.read)
    while waiting:
        slot = waiting.pop()
        if slot not in found and slot in computed:
            under = _Watched(filled)
            computed[slot](under)
            waiting.extend(under.read)
        found.add(slot)
    return found


class _Watched(list[Slot]):
    """A row that remembers which of its slots were read."""

    def __init__(self, row: Sequence[Slot]) -> None:
        super().__init__(row)
        self.read: set[int] = set()

    def __getitem__(self, at: Any) -> Any:
        self.read.add(at)
        return super().__getitem__(at)


def _asked_whether_given(leaf: Indicator, rulebook: Rulebook) -> set[str]:
    """The names of which a leaf may ask whether they are given, and those that these rest on."""
    place = leaf.place(rulebook.vocabulary())
    stands = {one.name: one.formula for one in rulebook.measures}
    stands |= {
        name: one for name, one in (("value", leaf.measured), ("target", place.target_number)) if one is not None
    }
    formulas = [*stands.values(), *(loss.points for loss in leaf.criterion.losses(place))]
    waiting = [one.name for formula in formulas for one in everything(formula) if isinstance(one, shapes.Given)]
    asked: set[str] = set()
    while waiting:
        if (name := waiting.pop()) not in asked:
            asked.add(name)
            waiting.extend(names(stands[name]) if name in stands else ())
    return asked


def _difference(one: object, other: object, at: str = "rulebook") -> str:
    """The innermost thing that differs between two values of the model."""
    if type(one) is type(other) and has(type(one)):
        for each in fields(cast(Any, type(one))):
            if getattr(one, each.name) != getattr(other, each.name):
                return _difference(getattr(one, each.name), getattr(other, each.name), f"{at}.{each.name}")
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            if left != right:
                return _difference(left, right, f"{at}[{index}]")
    return f"{at}: {one!r} became {other!r}"


# ------------------------------------------------------------------------------------------------------ drawn formulas

Draw: TypeAlias = st.DrawFn
Drawn = TypeVar("Drawn")


def _plain(*texts: str) -> list[Constant]:
    return [Constant(Fraction(text)) for text in texts]


def _of(written: Literal["percent", "points"], *texts: str) -> list[Constant]:
    return [Constant(Fraction(text) / 100, written) for text in texts]


_NUMBERS = _plain(
    "0",
    "1",
    "2",
    "3",
    "5",
    "8",
    "10",
    "12",
    "0.5",
    "0.1",
    "2.5",
    "0.25",
    "1.005",
    "20",
    "60",
    "80",
    "100",
    "-1",
    "-2.5",
    "13681",
)
_RATIOS = _of("percent", "0", "100", "50", "60", "80", "90", "95", "96.2", "120", "33.3", "-5") + _of(
    "points", "1", "0.5", "10"
)
_ODD = _plain("1e12", "1e-9", "123456789.987654321")
_POSITIVE = [one for one in (*_NUMBERS, *_RATIOS) if one.value > 0]

_constants = st.sampled_from([*_NUMBERS, *_NUMBERS, *_RATIOS, *_ODD])
_ratios = st.sampled_from([*_RATIOS, *_RATIOS, _NUMBERS[0]])
_positives = st.sampled_from(_POSITIVE)
_comparators: st.SearchStrategy[Comparator] = st.sampled_from(["≥", "≤", ">", "<", "=", "≠"])
_directed: st.SearchStrategy[Comparator] = st.sampled_from(["≥", "≤", "≥", "≤", ">", "<"])
_days = st.integers(0, 400).map(lambda after: date(2023, 1, 1) + timedelta(after))
_words = st.sampled_from(["甲", "乙", "name", "项目产出（质量）", "{0} {name}", "a “quoted” name", "% and \\ and |"])
_yes = st.booleans()


def _rarely(draw: Draw, one_in: int = 4) -> bool:
    return draw(st.integers(0, one_in - 1)) == one_in - 1


@frozen
class _Known:
    """The names that a formula may use, by what they stand for."""

    numbers: tuple[str, ...] = ()
    ratios: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    days: tuple[str, ...] = ()

    @classmethod
    def of(cls, vocabulary: Vocabulary, *, blindly: bool = False) -> _Known:
        """The names of a vocabulary that can be written in a formula; `blindly` as if each stood for everything."""
        usable = {name: term for name, term in vocabulary.items() if name.isidentifier()}
        if blindly:
            every = tuple(usable)
            return cls(every, every, every, tuple((name, ()) for name in every), every)
        return cls(
            numbers=tuple(name for name, term in usable.items() if term.type in NUMERIC),
            ratios=tuple(name for name, term in usable.items() if term.type == "percent"),
            truths=tuple(name for name, term in usable.items() if term.type == "yes-no"),
            texts=tuple(
                (name, term.domain.choices) for name, term in usable.items() if term.type in ("choice", "text")
            ),
            days=tuple(name for name, term in usable.items() if term.type == "date"),
        )

    def all(self) -> tuple[str, ...]:
        return (*self.numbers, *self.truths, *(name for name, _ in self.texts), *self.days)


@st.composite
def numbers(draw: Draw, vocabulary: Vocabulary, depth: int = 2) -> Formula:
    """Formulas that give a number, in the form in which the parser makes them."""
    return _number(draw, _Known.of(vocabulary), depth)


@st.composite
def conditions(draw: Draw, vocabulary: Vocabulary, depth: int = 2) -> Formula:
    """Conditions, in the form in which the parser makes them."""
    return _condition(draw, _Known.of(vocabulary), depth)


def _number(draw: Draw, known: _Known, depth: int) -> Formula:
    def inner() -> Formula:
        return _number(draw, known, depth - 1)

    def several() -> tuple[Formula, ...]:
        return tuple(inner() for _ in range(draw(st.integers(2, 3))))

    # a name often, since a formula that reads nothing says nothing; the last are only for those who have depth left
    shape = draw(st.integers(0, 14 if depth > 0 else 2))
    if shape in (1, 2) and known.numbers:
        return Name(draw(st.sampled_from(known.numbers)))
    match shape:
        case 0 | 1 | 2:
            return draw(_constants)
        case 3 | 4:
            return _sum(several())
        case 5:
            return _sum((inner(), shapes.Negative(inner())))
        case 6:
            return _product(several())
        case 7 | 8:
            return shapes.Quotient(inner(), inner())
        case 9:
            return shapes.Least(several())
        case 10:
            return shapes.Greatest(several())
        case 11:
            return shapes.Absolute(inner()) if draw(_yes) else _negative(inner())
        case 12:
            return shapes.Floor(inner()) if draw(_yes) else shapes.Ceil(inner())
        case 13:
            return shapes.Round(inner(), draw(st.integers(0, 3)))
        case _:
            return shapes.Choice(_condition(draw, known, depth - 1), inner(), inner())


def _sum(terms: tuple[Formula, ...]) -> Formula:
    first, *rest = terms
    return shapes.Sum((*first.terms, *rest)) if isinstance(first, shapes.Sum) else shapes.Sum(terms)


def _product(factors: tuple[Formula, ...]) -> Formula:
    first, *rest = factors
    return shapes.Product((*first.factors, *rest)) if isinstance(first, shapes.Product) else shapes.Product(factors)


def _negative(of: Formula) -> Formula:
    return evolve(of, value=-of.value) if isinstance(of, Constant) else shapes.Negative(of)


def _condition(draw: Draw, known: _Known, depth: int) -> Formula:
    def inner() -> Formula:
        return _condition(draw, known, depth - 1)

    shape = draw(st.integers(0, 10 if depth > 0 else 6))
    if shape == 3 and known.truths:
        return Name(draw(st.sampled_from(known.truths)))
    if shape == 4 and known.texts:
        name, choices = draw(st.sampled_from(known.texts))
        return _about_text(draw, Name(name), choices)
    if shape == 5 and known.days:
        return shapes.Comparison(Name(draw(st.sampled_from(known.days))), draw(_comparators), shapes.Day(draw(_days)))
    if shape == 6 and known.all():
        return shapes.Given(draw(st.sampled_from(known.all())))
    match shape:
        case 7:
            return shapes.All((inner(), inner()))
        case 8:
            return shapes.Any((inner(), inner()))
        case 9:
            return shapes.Not(inner())
        case 10:
            return shapes.Choice(inner(), inner(), inner())
        case _:
            of = Name(draw(st.sampled_from(known.numbers))) if known.numbers else _number(draw, known, depth - 1)
            return _about(draw, of, known, depth)


def _about(draw: Draw, of: Formula, known: _Known, depth: int) -> Formula:
    """A condition on one number."""
    near = _ratios if isinstance(of, Name) and of.name in known.ratios else _constants
    if draw(st.integers(0, 3)) == 0:
        low, high = sorted((draw(near), draw(near)), key=lambda one: one.value)
        return shapes.Within(of, low, high, draw(_yes), draw(_yes))
    right = _number(draw, known, depth - 1) if _rarely(draw) else draw(near)
    return shapes.Comparison(of, draw(_comparators), right)


def _about_text(draw: Draw, of: Formula, choices: tuple[str, ...]) -> Formula:
    known = choices or ("甲", "乙", "a b")
    if draw(_yes):
        return shapes.Comparison(of, "=" if draw(_yes) else "≠", shapes.Text(draw(st.sampled_from(known))))
    return shapes.OneOf(of, tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))))


# ------------------------------------------------------------------------------------------------------ drawn criteria


@st.composite
def criteria(draw: Draw, place: Place, kind: str) -> Criterion:
    """Criteria of a kind at a place, from the fields of its class; its own complaints are not asked."""
    return _criterion(draw, place, kind)


def _criterion(draw: Draw, place: Place, kind: str, *, blindly: bool = False) -> Criterion:
    known = _Known.of(place.vocabulary, blindly=blindly and draw(_yes))
    return cast(Criterion, _Fields(draw, place, known).table(kind_named(kind)))


def _place(leaf: Indicator, vocabulary: Vocabulary) -> Place:
    """Where a leaf's criterion stands; a figure of its own is read as `value` only."""
    place = leaf.place({**vocabulary, **_own_term(leaf)})
    own = _own_term(leaf)
    return evolve(place, vocabulary={name: term for name, term in place.vocabulary.items() if name not in own})


@frozen
class _Fields:
    """Draws what a field may hold by its type, as a rule file would be read."""

    draw: Draw
    place: Place
    known: _Known

    def table(self, cls: type, number: int = 0, given: Mapping[str, object] | None = None) -> Any:
        """An instance of an attrs class; `given` are fields that are drawn already."""
        hints = _hints(cls)
        held: dict[str, object] = {}
        for one in fields(cls):
            if given is not None and one.name in given:
                held[one.alias] = given[one.name]
            elif one.default is NOTHING or self.draw(_yes):
                held[one.alias] = self.value(hints[one.name], one.name, number)
        return cls(**held)

    def value(self, kind: Any, name: str = "", number: int = 0) -> Any:
        """A value of a type."""
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            [kind] = [one for one in get_args(kind) if one is not type(None)]
            return self.value(kind, name, number)
        if origin is Literal:
            return self.draw(st.sampled_from(get_args(kind)))
        if origin is tuple:
            return self._several(get_args(kind)[0])
        if kind in _BY_TYPE:
            return _BY_TYPE[kind](self)
        if kind is str:
            return f"{'甲' if number % 2 else 'n'}{number}" if name == "id" else self.draw(_words)
        return self.table(kind, number)

    def _several(self, kind: Any) -> tuple[Any, ...]:
        size = self.draw(st.integers(1, 4))
        if not has(kind):
            return tuple(self.value(kind, number=number) for number in range(size))
        asked = [one.name for one in fields(kind) if _is_condition(_hints(kind)[one.name])]
        if not asked or _rarely(self.draw):
            return tuple(self.table(kind, number) for number in range(size))
        # of several things that each ask a condition, people mostly ask about one line cut in pieces
        chosen = self.draw(st.sampled_from(asked))
        others: dict[str, object] = (
            {} if _rarely(self.draw) else {name: None for name in asked if _may_be_left(kind, name)}
        )
        return tuple(
            self.table(kind, number, others | {chosen: Condition(piece)})
            for number, piece in enumerate(self._pieces(size))
        )

    def _pieces(self, size: int) -> list[Formula]:
        """A number line cut in pieces, none of which overlap; the ends may be left open."""
        line: Formula = VALUE
        if "value" not in self.known.numbers:
            line = Name(self.draw(st.sampled_from(self.known.numbers))) if self.known.numbers else VALUE
        near = _ratios if isinstance(line, Name) and line.name in self.known.ratios else _constants
        ends = sorted({self.draw(near) for _ in range(size + 1)}, key=lambda one: one.value)
        ends = [
            one for one, after in zip(ends, [*ends[1:], None], strict=True) if after is None or after.value != one.value
        ]
        closed = [self.draw(_yes) for _ in ends]
        pieces: list[Formula] = [
            shapes.Within(line, low, high, low_in, not high_in)
            for (low, low_in), (high, high_in) in pairwise(zip(ends, closed, strict=True))
        ]
        if self.draw(_yes) or not pieces:
            pieces = [shapes.Comparison(line, "≥" if closed[-1] else ">", ends[-1]), *reversed(pieces)]
        if self.draw(_yes):
            pieces.append(shapes.Comparison(line, "<" if closed[0] else "≤", ends[0]))
        return pieces

    def amount(self) -> Amount:
        match self.draw(st.integers(0, 5)):
            case 4 if self.known.numbers:
                return Amount(Name(self.draw(st.sampled_from(self.known.numbers))))
            case 5:
                return Amount(_number(self.draw, self.known, 1))
            case _:
                return Amount(self.draw(_positives))

    def condition(self) -> Condition:
        if "value" in self.known.numbers and self.draw(_yes):
            return Condition(_about(self.draw, VALUE, self.known, 1))
        return Condition(_condition(self.draw, self.known, 1))

    def points(self) -> Points:
        weight = self.place.vocabulary["weight"].domain.high or Fraction(0)
        match self.draw(st.integers(0, 9)):
            case 0 | 1 | 2 | 3:
                return Points(Constant(self._share(weight)))
            case 4 | 5:
                return Points(share(Constant(Fraction(self.draw(st.integers(0, 20)), 20), "percent")))
            case 6 | 7 | 8:
                low, high = sorted((self._share(weight), self._share(weight)))
                return Points(Constant(low), Constant(high))
            case _:
                formula = _number(self.draw, self.known, 1)
                percent = isinstance(formula, Constant) and formula.written == "percent"
                return Points(share(formula) if percent else formula)

    def _share(self, weight: Fraction) -> Fraction:
        eighths = self.draw(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 4, 2, 0, 10]))
        part = Rounding(self.draw(st.integers(0, 4))).rounded(eighths * weight / 8)
        return part if eighths > 8 else min(part, weight)


_BY_TYPE: Mapping[Any, Callable[[_Fields], Any]] = {
    Amount: _Fields.amount,
    Condition: _Fields.condition,
    Points: _Fields.points,
    bool: lambda given: given.draw(_yes),
    date: lambda given: given.draw(_days),
    Fraction: lambda given: given.draw(_positives).value,
    int: lambda given: given.draw(st.integers(0, 5)),
}


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _is_condition(kind: Any) -> bool:
    return kind is Condition or Condition in get_args(kind)


def _may_be_left(cls: type, name: str) -> bool:
    return next(one for one in fields(cls) if one.name == name).default is None


def _accepted(draw: Draw, leaf: Indicator, vocabulary: Vocabulary, rounds: int = 8) -> Indicator | None:
    """The leaf, after redrawing whatever its kind complained about; None where the kind is never content."""
    wholly = 0
    for _ in range(rounds):
        place = _place(leaf, vocabulary)
        told = _misfits(leaf, place) or [one.at for one in leaf.criterion.complaints(place) if one.severity == "error"]
        if not told:
            return leaf if _gives_points(leaf, place) else None
        drawn = _Fields(draw, place, _Known.of(place.vocabulary))
        wholly += told[0][:1] == ("kind",)
        if wholly > 2:  # it is the place that does not suit the kind
            return None
        for at in {at[:2]: at for at in told}.values():
            leaf = evolve(leaf, criterion=cast(Criterion, _redrawn(drawn, leaf.criterion, at)))
    return None


def _redrawn(drawn: _Fields, holder: Any, at: KeyPath, number: int = 0) -> Any:
    """The holder with the part at a key path drawn again: the last table on the way, or its field."""
    hints = _hints(cast(Any, type(holder)))
    for one in fields(type(holder)):
        if not at or written_name(one) != at[0]:
            continue
        held = getattr(holder, one.name)
        match at[1:], held:
            case (int() as index, *rest), tuple() if index < len(held) and has(type(held[index])):
                again = _redrawn(drawn, held[index], tuple(rest), index)
                return evolve(holder, **{one.alias: (*held[:index], again, *held[index + 1 :])})
            case (_, *_), _ if has(type(held)) and not isinstance(held, Amount | Condition | Points):
                return evolve(holder, **{one.alias: _redrawn(drawn, held, at[1:])})
            case _:
                kept = one.default is None and drawn.draw(_yes)
                return evolve(holder, **{one.alias: None if kept else drawn.value(hints[one.name], one.name, number)})
    conditions_held = {
        one.name: getattr(holder, one.name) for one in fields(type(holder)) if _is_condition(hints[one.name])
    }
    keep = bool(conditions_held) and drawn.draw(_yes)
    return drawn.table(type(holder), number, conditions_held if keep else None)


def _misfits(leaf: Indicator, place: Place) -> list[KeyPath]:
    """Where a criterion writes a formula that reads an unknown name or gives what cannot stand there."""
    wanted: dict[str, Collection[str]] = {"number": ("number",), "points": ("number",), "condition": ("yes-no",)}
    return [
        at
        for at, formula, expected in written_formulas(leaf.criterion)
        if not _fits(formula, place.vocabulary, wanted[expected])
    ]


def _fits(formula: Formula, vocabulary: Vocabulary, sorts: Collection[str]) -> bool:
    """Whether a formula reads known names, is of one of the sorts, and has no parts that disagree."""
    if any(name not in vocabulary for name in names(formula)):
        return False
    told: list[Words] = []
    found: Type = type_of(formula, vocabulary, told.append)
    return not told and found.sort in sorts


def _gives_points(leaf: Indicator, place: Place) -> bool:
    """Whether every loss is a number of points by the types of what it reads."""
    return all(_fits(loss.points, place.vocabulary, ("number",)) for loss in leaf.criterion.losses(place))


@cache
def _patterns(kind: Any) -> tuple[tuple[Indicator, tuple[Input, ...]], ...]:
    """The indicators of a kind's worked examples, with the inputs they declare: to be told again with other numbers."""
    read = [rulebook_of(example) for example in examples_of(kind)]
    return tuple((next(rulebook.indicators()), rulebook.inputs) for rulebook in read)


def _varied(draw: Draw, holder: Any, renamed: Mapping[str, str]) -> Any:
    """A part of the model with other names and here and there another number."""

    def step(one: Formula) -> Formula | None:
        match one:
            case Constant(value=value) if _rarely(draw):
                factor = draw(st.sampled_from(["0.5", "0.9", "1.1", "2", "0", "-1"]))
                return evolve(one, value=value * Fraction(factor))
            case Name(name=name) if name in renamed:
                return Name(renamed[name])
            case shapes.Given(name=name) if name in renamed:
                return shapes.Given(renamed[name])
            case _:
                return None

    match holder:
        case tuple():
            return tuple(_varied(draw, one, renamed) for one in holder)
        case Amount() | Condition():
            return evolve(holder, formula=shapes.rebuilt(holder.formula, step))
        case Points(low=low, high=high):
            return Points(shapes.rebuilt(low, step), None if high is None else shapes.rebuilt(high, step))
        case _ if has(type(holder)) and isinstance(holder, get_args(Formula)):
            return shapes.rebuilt(holder, step)
        case _ if has(type(holder)):
            return evolve(
                holder, **{one.alias: _varied(draw, getattr(holder, one.name), renamed) for one in fields(type(holder))}
            )
        case _:
            return holder


# ----------------------------------------------------------------------------------------------------- drawn rulebooks

_INPUT_NAMES = ("cases", "budget", "预算", "rate", "比率", "late", "迟报数", "满意度")
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
    vocabulary: dict[str, Term] = {one.name: one.term for one in declared}
    drawn = [_measure(draw, f"m{index}", vocabulary) for index in range(draw(st.sampled_from([0, 0, 1, 2])))]
    measures = [one for one in drawn if one is not None]
    grown = _Growing(draw, kinds, rounding, vocabulary)
    members = grown.members(draw(st.integers(1, max_leaves)), (), 3)
    rulebook = Rulebook(
        id="generated",
        title=draw(_words),
        version="1",
        members=members,
        full_marks=sum((member.exact_weight for member in members), Fraction(0)),
        language=draw(st.sampled_from(["zh", "en"])),
        rounding=rounding,
        reasons=draw(st.sampled_from(["required", "reported"])),
        inputs=(*declared, *grown.brought),
        measures=tuple(measures),
    )
    return _furnished(draw, rulebook, vocabulary) if draw(_yes) else rulebook


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
            if size > 1 or (levels > 1 and _rarely(self.draw)):
                made.append(Branch(".".join(path), self.draw(_words), self.members(size, path, levels - 1)))
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
            blind = _blind(draw, id, draw(_words), kind, vocabulary, rounding)
            if (leaf := _accepted(draw, blind, vocabulary)) is not None:
                return leaf
    if brought is not None and (
        retold := _retold(draw, id, kind, cast(dict[str, Term], vocabulary), brought, rounding)
    ):
        return retold
    reject()


def _retold(
    draw: Draw, id: str, kind: str, vocabulary: dict[str, Term], brought: list[Input], rounding: Rounding
) -> Indicator | None:
    patterns = _patterns(cast(Any, kind_named(kind)))
    if not patterns:
        return None
    pattern, inputs = draw(st.sampled_from(patterns))
    renamed = {one.name: f"{one.name}_{len(brought)}" for one in inputs}
    measure = (
        evolve(pattern.measure, name=id, label=pattern.name)
        if isinstance(pattern.measure, Input)
        else _varied(draw, pattern.measure, renamed)
    )
    target = _varied(draw, pattern.target, renamed)
    leaf = evolve(
        pattern,
        id=id,
        weight=_weight(draw, rounding),
        measure=measure,
        target=target,
        target_text=pattern.target_text
        if target is None or target == pattern.target
        else tell_condition(target, SYNTAX),
        criterion=_varied(draw, pattern.criterion, renamed),
    )
    seen = {**vocabulary, **{renamed[one.name]: one.term for one in inputs}}
    if (accepted := _accepted(draw, leaf, seen)) is None:
        return None
    brought.extend(evolve(one, name=renamed[one.name]) for one in inputs)
    vocabulary.update({renamed[one.name]: one.term for one in inputs})
    return accepted


def _own_term(leaf: Indicator) -> dict[str, Term]:
    return {leaf.measure.name: leaf.measure.term} if isinstance(leaf.measure, Input) else {}


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
    elif not _rarely(draw):
        target = _target(draw, leaf, vocabulary, blindly=blindly)
        text = tell_condition(target, SYNTAX) if draw(_yes) else draw(_words)
        leaf = evolve(leaf, target=target, target_text=text)
    # blindly a target may read what no target can, and then it has no place that anyone could ask for
    place = _place(evolve(leaf, target=None) if blindly else leaf, vocabulary)
    return evolve(leaf, criterion=_criterion(draw, place, kind, blindly=blindly))


def _measured(draw: Draw, id: str, name: str, vocabulary: Vocabulary) -> Formula | Input | None:
    known = _Known.of(vocabulary)
    match draw(st.integers(0, 9)):
        case 0:
            return None
        case 1 | 2 | 3 | 4:
            return _input(draw, id, name)
        case 5 | 6 if known.all():
            return Name(draw(st.sampled_from(known.all())))
        case _:
            for _ in range(3):
                formula = _number(draw, known, 2)
                if names(formula) and _fits(formula, vocabulary, ("number",)):
                    return formula
            return _input(draw, id, name)


def _target(draw: Draw, leaf: Indicator, vocabulary: Vocabulary, *, blindly: bool = False) -> Formula:
    place = _place(leaf, vocabulary)
    value = place.vocabulary["value"]
    seen = {name: term for name, term in place.vocabulary.items() if name not in ("weight", "target")}
    if blindly and draw(_yes):
        return _about(draw, VALUE, _Known.of(seen, blindly=True), 1)
    # a target that reads the value is no number to hold the value against
    others = _Known.of({name: term for name, term in seen.items() if name != "value"})
    known = evolve(others, ratios=("value", *others.ratios)) if value.type == "percent" else others
    if value.type in NUMERIC:
        near = _ratios if value.type == "percent" else _positives
        for _ in range(3):
            if draw(_yes):
                found: Formula = shapes.Comparison(VALUE, draw(_directed), draw(near))
            else:
                found = _about(draw, VALUE, known, 1)
            if _rarely(draw, 8):
                other = _about(draw, VALUE, known, 1)
                found = shapes.Any((found, other)) if draw(_yes) else shapes.All((found, other))
            if _fits(found, seen, ("yes-no",)):
                return found
        return shapes.Comparison(VALUE, "≥", draw(_positives))
    if value.type == "yes-no":
        return VALUE if draw(_yes) else shapes.Not(VALUE)
    if value.type == "date":
        return shapes.Comparison(VALUE, draw(_comparators), shapes.Day(draw(_days)))
    return _about_text(draw, VALUE, value.domain.choices)


_types: st.SearchStrategy[ValueType] = st.sampled_from(
    ["number", "percent", "count", "money", "number", "percent", "count", "yes-no", "choice", "date", "text"]
)


def _input(draw: Draw, name: str, label: str | None = None) -> Input:
    type_ = draw(_types)
    unit = draw(st.sampled_from(_UNITS)) if type_ in ("count", "number", "money") and _rarely(draw, 6) else None
    return Input(
        name,
        draw(_words) if label is None else label,
        type_,
        unit,
        needed=draw(_yes),
        bare=draw(st.sampled_from([None, None, "percent", "ratio"])) if type_ == "percent" else None,
        domain=_domain(draw, type_),
        supplier=draw(st.sampled_from([None, None, "财务处"])),
    )


def _domain(draw: Draw, type_: str) -> Domain:
    if type_ == "choice":
        return Domain(choices=_CHOICES[: draw(st.integers(1, len(_CHOICES)))])
    if type_ not in NUMERIC:
        return Domain()
    lows = [None, Fraction(0), Fraction(0), Fraction(-5), Fraction(1, 2)]
    highs = [None, None, Fraction(1), Fraction(100), Fraction("1.2")]
    low, high = draw(st.sampled_from(lows)), draw(st.sampled_from(highs))
    low_closed, high_closed = low is None or draw(_yes), high is None or draw(_yes)
    if type_ == "count" and low is None:
        low = Fraction(0)  # as a rule file reads it
    return Domain(low, high, low_closed, high_closed)


def _measure(draw: Draw, name: str, vocabulary: dict[str, Term]) -> Measure | None:
    known = _Known.of(vocabulary)
    formula = _number(draw, known, 2) if draw(st.integers(0, 4)) else _condition(draw, known, 2)
    if not names(formula) or not _fits(formula, vocabulary, ("number", "yes-no")):
        return None
    measure = Measure(
        name, formula, draw(st.sampled_from([name, "计算指标"])), draw(st.sampled_from([None, None, "%"]))
    )
    vocabulary[name] = measure_term(measure, vocabulary)
    return measure


def _furnished(draw: Draw, rulebook: Rulebook, vocabulary: Mapping[str, Term]) -> Rulebook:
    """The rulebook with everything beside the tree: a scale, checks, goals, scope, laws, a worked example."""
    full = rulebook.full_marks
    scale = tuple(Rating(name, full * part / 10) for name, part in (("优", 9), ("良", 8), ("中", 6), ("差", 0)))
    condition = _condition(draw, _Known.of(vocabulary), 2)
    ids = [node.id for node in rulebook.nodes()]
    goal = Goal(
        "g",
        draw(_words),
        "quantity",
        indicators=(draw(st.sampled_from(ids)),),
        owner=draw(st.sampled_from([None, "某某"])),
    )
    numeric = [name for name, term in vocabulary.items() if term.type in NUMERIC]
    if draw(_yes) and numeric:
        target = _about(draw, VALUE, _Known(ratios=("value",) if vocabulary[numeric[0]].type == "percent" else ()), 0)
        if _fits(target, {"value": vocabulary[numeric[0]]}, ("yes-no",)):
            goal = evolve(goal, measure=Name(numeric[0]), target=target)
    return evolve(
        rulebook,
        valid=Period(date(2023, 1, 1), draw(_days)) if draw(_yes) else None,
        basis=(Basis("law", "办法", number=draw(st.sampled_from([None, "〔2023〕1号"]))),),
        ratings=scale,
        checks=(Check("c", condition, draw(_words), draw(st.sampled_from(["error", "warning", "note"]))),)
        if _fits(condition, vocabulary, ("yes-no",))
        else (),
        goals=(goal,),
        scope=(Scope("s", draw(_words), (ids[0],) if draw(_yes) else ()),),
        examples=(WorkedExample("例", points=Frozen({ids[0]: Fraction(1)}), score=Fraction("1.5"), rating="优"),)
        if draw(_yes)
        else (),
    )


# --------------------------------------------------------------------------------------------------------- drawn facts


@st.composite
def facts(draw: Draw, rulebook: Rulebook) -> Facts:
    """Facts for a rulebook: at and around every edge in its formulas, zero, huge, missing, out of range, misspelt."""
    return _facts(draw, rulebook)


@frozen
class _Hinge:
    """A place where points may turn: where a formula is zero, whole, or halfway between two whole numbers."""

    formula: Formula
    at: Literal["zero", "whole", "half"] = "zero"


def _facts(draw: Draw, rulebook: Rulebook) -> Facts:
    plan = compiled(rulebook)
    inputs = {name: one for name, (one, _) in plan.inputs.items()}
    values: dict[str, Any] = {name: None if _rarely(draw, 10) else _observed(draw, one) for name, one in inputs.items()}
    asked = {
        f"{id}:{part}": (leaf.indicator, judged)
        for id, leaf in plan.leaves.items()
        for part, judged in leaf.judged.items()
    }
    for key, (leaf, judged) in asked.items():
        values[key] = None if _rarely(draw, 12) else _answered(draw, leaf, judged)
    for _ in range(draw(st.integers(0, 3))):
        _aim(draw, plan, inputs, values)
    given = {name: _fact(draw, inputs[name], values[name]) for name in inputs if values[name] is not None}
    if _rarely(draw, 16):
        given |= {"unknown": Fact(1)} if draw(_yes) else {name: Fact(draw(_unfit)) for name in list(inputs)[:1]}
    return Facts(
        inputs=given, answers=_answers(draw, plan, asked, values), subject=draw(st.sampled_from([None, "某单位"]))
    )


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
            return draw(_yes)
        case "choice":
            return draw(st.sampled_from([*declared.domain.choices, *declared.domain.choices, "另外"]))
        case "text":
            return draw(st.sampled_from(["甲", "乙", "a b", ""]))
        case "date":
            return draw(_days)
        case "count" | "number" | "percent" | "money":
            return _inside(draw, declared, draw(_ordinary))


def _inside(draw: Draw, declared: Input, value: Fraction) -> Fraction:
    """A number of the input's type, mostly in its domain, often at an end of it."""
    domain = declared.domain
    ends = [end for end in (domain.low, domain.high) if end is not None]
    if ends and _rarely(draw, 5):
        value = draw(st.sampled_from(ends)) + draw(st.sampled_from([0, 1, -1])) * _step(draw, declared)
    if declared.type == "count":
        value = Fraction(floor(value))
    if not domain.holds(value) and not _rarely(draw, 8):
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
    if judged.yes_no:
        return draw(
            st.sampled_from([True, False, Fraction(1, 2), Fraction(1, 3), Fraction(0), Fraction(1), Fraction(6, 5)])
        )
    weight = leaf.exact_weight
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
    hinges = _hinges(plan.rulebook, plan.leaves[id].indicator)
    if not hinges:
        return
    hinge = draw(st.sampled_from(hinges))
    movable = [name for name in names(hinge.formula) if isinstance(values.get(name), Fraction)]
    if not movable:
        return
    name = draw(st.sampled_from(movable))
    here = values[name]
    first, second = _at(hinge.formula, values), _at(hinge.formula, {**values, name: here + 1})
    if first is None or second is None or first == second:
        return
    wanted = {"zero": Fraction(0), "whole": Fraction(floor(first)), "half": floor(first) + Fraction(1, 2)}[hinge.at]
    there = here + (wanted - first) / (second - first)
    there += draw(st.sampled_from([0, 0, 1, -1])) * _step(draw, inputs.get(name))
    if name in inputs and inputs[name].type == "count":
        there = Fraction(floor(there) if draw(_yes) else ceil(there))
    if max(abs(there.numerator), there.denominator) < 10**50:
        values[name] = there


def _at(formula: Formula, values: Mapping[str, Any]) -> Fraction | None:
    read = names(formula)
    row: list[Slot] = []
    for name in read:
        match values.get(name):
            case None:
                row.append(Absent(name, "not-given"))
            case bool() as met if ":" in name:  # an item of an answer: met is 1
                row.append((int(met), 1))
            case Fraction() as value:
                row.append(ratio(value))
            case other:
                row.append(other)
    try:
        return fraction(Slots({name: at for at, name in enumerate(read)}).numeric(formula)(row))
    except Unreadable:
        return None


def _hinges(rulebook: Rulebook, leaf: Indicator) -> list[_Hinge]:
    """Every edge of a leaf, as a formula over the rulebook's inputs and the leaf's answers."""
    place = leaf.place(rulebook.vocabulary())
    measures = {one.name: one.formula for one in rulebook.measures}

    def step(one: Formula) -> Formula | None:
        match one:
            case Name(name="value") if leaf.measured is not None:
                return shapes.rebuilt(leaf.measured, step)
            case Name(name="target") if place.target_number is not None:
                return shapes.rebuilt(place.target_number, step)
            case Name(name="weight"):
                return Constant(leaf.exact_weight)
            case Name(name=name) if name in measures:
                return shapes.rebuilt(measures[name], step)
            case Judged(part=part):
                return Name(f"{leaf.id}:{part}")
            case _:
                return None

    losses = [shapes.rebuilt(loss.points, step) for loss in leaf.criterion.losses(place)]
    found = [hinge for loss in losses for one in everything(loss) for hinge in _edges(one)]
    lost = shapes.Sum(tuple(losses)) if losses else shapes.ZERO
    unit = Constant(Fraction(10**rulebook.rounding.places))
    kept = shapes.Product((minus(Constant(leaf.exact_weight), lost), unit))
    found += [_Hinge(minus(lost, Constant(leaf.exact_weight))), _Hinge(kept, "half"), _Hinge(kept, "whole")]
    return list(dict.fromkeys(hinge for hinge in found if names(hinge.formula)))


def _edges(one: Formula) -> list[_Hinge]:
    match one:
        case shapes.Comparison(left=left, right=right) if _is_number(left) and _is_number(right):
            return [_Hinge(minus(left, right))]
        case shapes.Within(of=of, low=low, high=high):
            return [_Hinge(minus(of, low)), _Hinge(minus(of, high))]
        case shapes.Least(of=of) | shapes.Greatest(of=of):
            return [_Hinge(minus(left, right)) for left, right in pairwise(of)]
        case shapes.Floor(of=of) | shapes.Ceil(of=of):
            return [_Hinge(of, "whole")]
        case shapes.Round(of=of, places=places):
            return [_Hinge(shapes.Product((of, Constant(Fraction(10**places)))), "half")]
        case shapes.Quotient(below=below):
            return [_Hinge(below)]
        case _:
            return []


def _is_number(one: Formula) -> bool:
    return isinstance(
        one,
        Constant | Name | shapes.Sum | shapes.Negative | shapes.Product | shapes.Quotient
        | shapes.Least | shapes.Greatest | shapes.Absolute | shapes.Floor | shapes.Ceil | shapes.Round,
    )  # fmt: skip


def _fact(draw: Draw, declared: Input, value: Any) -> Fact:
    raw = _raw(draw, declared, value)
    source = draw(st.sampled_from([None, None, "附件1"]))
    if not _rarely(draw, 8):
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
        if in_percent is not None and len(in_percent.as_tuple().digits) < 50 and (declared.bare is None or draw(_yes)):
            return f"{in_percent:f}%"
        value = value if declared.bare == "ratio" else value * 100
        if declared.bare is None:
            return f"{spelled(Rounding(6).rounded(value))}%"
    if value.denominator == 1 and draw(_yes):
        return value.numerator
    exactly = decimal(value)
    return exactly if exactly is not None and len(exactly.as_tuple().digits) < 50 and draw(_yes) else value


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
            case "losses":
                reason = draw(st.sampled_from([None, "一处"]))
                answer = evolve(answer, losses={**answer.losses, part: JudgedLoss(values[key], reason)})
            case _:
                answer = evolve(answer, points=values[key])
        answers[leaf.id] = answer
    if _rarely(draw, 16):
        id = draw(st.sampled_from([node.id for node in plan.rulebook.nodes()] + ["unknown"]))
        answers.setdefault(id, Answer(process="已核", points=draw(st.sampled_from([None, 1]))))
    return answers
