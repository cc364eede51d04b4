"""Drawn formulas.

In: what the names stand for. Out: strategies for numbers and conditions that read them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, TypeAlias, TypeVar, get_args

from attrs import evolve, frozen
from hypothesis import strategies as st

from perfscore.formula import shapes
from perfscore.formula.shapes import Comparator, Constant, Formula, Gathering, Name
from perfscore.formula.vocabulary import NUMERIC, Vocabulary

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

some_constants = st.sampled_from([*_NUMBERS, *_NUMBERS, *_RATIOS, *_ODD])
some_ratios = st.sampled_from([*_RATIOS, *_RATIOS, _NUMBERS[0]])
some_positives = st.sampled_from(_POSITIVE)
all_signs: st.SearchStrategy[Comparator] = st.sampled_from(["≥", "≤", ">", "<", "=", "≠"])
directed_signs: st.SearchStrategy[Comparator] = st.sampled_from(["≥", "≤", "≥", "≤", ">", "<"])
_ENDS = [
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 4, 30),
    date(2023, 12, 31),
    date(2024, 3, 1),
]
some_days = st.one_of(
    st.integers(0, 400).map(lambda after: date(2023, 1, 1) + timedelta(after)), st.sampled_from(_ENDS)
)
"""Days of a year and a month, and the ends of months often, since that is where months turn."""
some_words = st.sampled_from(
    ["甲", "乙", "name", "项目产出（质量）", "{0} {name}", "a “quoted” name", "% and \\ and |"]
)
yes_or_no = st.booleans()


EXPONENTS = [Fraction(text) for text in ("0", "1/2", "-1/2", "1", "-1", "1.81", "2", "3", "0.3")]


def rarely(draw: Draw, one_in: int = 4) -> bool:
    """Once in so many times."""
    return draw(st.integers(0, one_in - 1)) == one_in - 1


@frozen
class Known:
    """The names that a formula may use, by what they stand for."""

    numbers: tuple[str, ...] = ()
    ratios: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    days: tuple[str, ...] = ()
    tables: tuple[tuple[str, Known], ...] = ()
    """Every table, with what a formula may use of each of its records."""

    @classmethod
    def of(cls, vocabulary: Vocabulary, *, blindly: bool = False) -> Known:
        """The names of a vocabulary that can be written in a formula; `blindly` as if each stood for everything."""
        usable = {name: term for name, term in vocabulary.items() if name.isidentifier() and term.type != "table"}
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
            tables=tuple(
                (name, cls.of_records(name, vocabulary)) for name, t in vocabulary.items() if t.type == "table"
            ),
        )

    @classmethod
    def of_records(cls, table: str, vocabulary: Vocabulary) -> Known:
        """What a formula may use of one record of a table: its columns."""
        columns = {name.partition(".")[2]: term for name, term in vocabulary.items() if name.startswith(f"{table}.")}
        found = cls.of(columns)

        def named(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(f"{table}.{name}" for name in names)

        texts = tuple((f"{table}.{name}", choices) for name, choices in found.texts)
        return cls(named(found.numbers), named(found.ratios), named(found.truths), texts, named(found.days))

    def with_record(self, of: Known) -> Known:
        """The same names, and those of a record; nothing is gathered there."""
        return Known(
            (*self.numbers, *of.numbers),
            (*self.ratios, *of.ratios),
            (*self.truths, *of.truths),
            (*self.texts, *of.texts),
            (*self.days, *of.days),
        )

    def all(self) -> tuple[str, ...]:
        return (*self.numbers, *self.truths, *(name for name, _ in self.texts), *self.days)


@st.composite
def numbers(draw: Draw, vocabulary: Vocabulary, depth: int = 2) -> Formula:
    """Formulas that give a number, in the form in which the parser makes them."""
    return draw_number(draw, Known.of(vocabulary), depth)


@st.composite
def conditions(draw: Draw, vocabulary: Vocabulary, depth: int = 2) -> Formula:
    """Conditions, in the form in which the parser makes them."""
    return draw_condition(draw, Known.of(vocabulary), depth)


def draw_number(draw: Draw, known: Known, depth: int) -> Formula:
    """A formula for a number, at most `depth` deep."""

    def inner() -> Formula:
        return draw_number(draw, known, depth - 1)

    def several() -> tuple[Formula, ...]:
        return tuple(inner() for _ in range(draw(st.integers(2, 3))))

    # a name often, since a formula that reads nothing says nothing; the last are only for those who have depth left
    some = [lambda draw, known: draw_rounded(draw, inner)]
    some += [draw_elapsed] if known.days else []
    some += [lambda draw, known: draw_gathered(draw, known, depth)] if known.tables else []
    shape = draw(st.integers(0, 14 + len(some) if depth > 0 else 2))
    if shape in (1, 2) and known.numbers:
        return Name(draw(st.sampled_from(known.numbers)))
    match shape:
        case 0 | 1 | 2:
            return draw(some_constants)
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
            return shapes.Absolute(inner()) if draw(yes_or_no) else _negative(inner())
        case 12:
            return shapes.Floor(inner()) if draw(yes_or_no) else shapes.Ceil(inner())
        case 13:
            return shapes.Round(inner(), draw(st.integers(0, 3)))
        case 14:
            return shapes.Choice(draw_condition(draw, known, depth - 1), inner(), inner())
        case _:
            return some[shape - 15](draw, known)


def draw_rounded(draw: Draw, inner: Callable[[], Formula]) -> Formula:
    """A root, a power, a logarithm or a power of e, rounded as it must be."""
    function = draw(st.sampled_from(get_args(shapes.Function)))
    of = inner() if draw(yes_or_no) else shapes.Absolute(inner())
    if function == "pow":  # whole exponents also of what is below 0
        found = shapes.Inexact(function, (of, Constant(draw(st.sampled_from(EXPONENTS)))))
    elif function == "exp":  # what grows beyond all that a score can need is tried by hand
        found = shapes.Inexact(function, (shapes.Least((of, Constant(Fraction(40)))),))
    else:
        found = shapes.Inexact(function, (of,))
    return shapes.Round(found, draw(st.integers(0, 3))) if draw(yes_or_no) else shapes.Floor(found)


def draw_elapsed(draw: Draw, known: Known) -> Formula:
    """The days or months between two dates; what has two readings chooses one."""

    def day() -> Formula:
        return shapes.Day(draw(some_days)) if rarely(draw, 3) else Name(draw(st.sampled_from(known.days)))

    start, end = day(), day()
    if draw(yes_or_no):
        return shapes.Elapsed(start, end, "days")
    plain = isinstance(start, shapes.Day) and start.value.day <= 28 and draw(yes_or_no)
    return shapes.Elapsed(start, end, "months", None if plain else draw(st.sampled_from(["last-day", "next-day"])))


def draw_gathered(draw: Draw, known: Known, depth: int) -> Formula:
    """A figure of the records of a table."""
    table, of = draw(st.sampled_from(known.tables))
    record = known.with_record(of)
    where = shapes.ALWAYS if draw(yes_or_no) else draw_condition(draw, record, depth - 1)
    hows: list[Gathering] = ["count", "sum", "mean", "weighted_mean", "min", "max"]
    how = draw(st.sampled_from(hows)) if of.numbers else "count"
    if how == "count":
        return shapes.Gathered(how, table, shapes.ONE, where, shapes.ONE)

    def inner() -> Formula:
        column = Name(draw(st.sampled_from(of.numbers)))
        return _product((column, draw_number(draw, record, depth - 1))) if rarely(draw, 3) else column

    return shapes.Gathered(how, table, inner(), where, inner() if how == "weighted_mean" else shapes.ONE)


def _sum(terms: tuple[Formula, ...]) -> Formula:
    first, *rest = terms
    return shapes.Sum((*first.terms, *rest)) if isinstance(first, shapes.Sum) else shapes.Sum(terms)


def _product(factors: tuple[Formula, ...]) -> Formula:
    first, *rest = factors
    return shapes.Product((*first.factors, *rest)) if isinstance(first, shapes.Product) else shapes.Product(factors)


def _negative(of: Formula) -> Formula:
    return evolve(of, value=-of.value) if isinstance(of, Constant) else shapes.Negative(of)


def draw_condition(draw: Draw, known: Known, depth: int) -> Formula:
    """A condition, at most `depth` deep."""

    def inner() -> Formula:
        return draw_condition(draw, known, depth - 1)

    shape = draw(st.integers(0, 10 if depth > 0 else 6))
    if shape == 3 and known.truths:
        return Name(draw(st.sampled_from(known.truths)))
    if shape == 4 and known.texts:
        name, choices = draw(st.sampled_from(known.texts))
        return draw_about_text(draw, Name(name), choices)
    if shape == 5 and known.days:
        return shapes.Comparison(Name(draw(st.sampled_from(known.days))), draw(all_signs), shapes.Day(draw(some_days)))
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
            of = Name(draw(st.sampled_from(known.numbers))) if known.numbers else draw_number(draw, known, depth - 1)
            return draw_about(draw, of, known, depth)


def draw_about(draw: Draw, of: Formula, known: Known, depth: int) -> Formula:
    """A condition on one number."""
    near = some_ratios if isinstance(of, Name) and of.name in known.ratios else some_constants
    if draw(st.integers(0, 3)) == 0:
        low, high = sorted((draw(near), draw(near)), key=lambda one: one.value)
        return shapes.Within(of, low, high, draw(yes_or_no), draw(yes_or_no))
    right = draw_number(draw, known, depth - 1) if rarely(draw) else draw(near)
    return shapes.Comparison(of, draw(all_signs), right)


def draw_about_text(draw: Draw, of: Formula, choices: tuple[str, ...]) -> Formula:
    """A condition on a text."""
    known = choices or ("甲", "乙", "a b")
    if draw(yes_or_no):
        return shapes.Comparison(of, "=" if draw(yes_or_no) else "≠", shapes.Text(draw(st.sampled_from(known))))
    return shapes.OneOf(of, tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))))
