"""Is one thing deducted twice?

In: a rulebook, and its effective tables. Out: a warning where two indicators that are added up take points for the same: losses
that come to the same formula of the same figures, whatever each of them costs.
Indicators that are alternatives, and those that `once` puts in order, may share what they read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfscore.criterion import Loss, Place
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import (
    ONE,
    ZERO,
    All,
    Any,
    Choice,
    Constant,
    Formula,
    Greatest,
    Least,
    Name,
    Not,
    Product,
    Quotient,
    Sum,
)
from perfscore.formula.walking import judged_parts, names
from perfscore.indicator import ADDING, Indicator
from perfscore.rulebook import Rulebook
from perfscore.words import Words, listed

DEDUCTED_TWICE = Code(
    "PS267",
    "deducted-twice",
    Words(zh="同一件事在两个指标里都扣分。", en="Two indicators take points for the same thing."),
)


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Every indicator that repeats an earlier one."""
    seen: dict[Formula, Indicator] = {}
    told: set[tuple[str, str]] = set()
    for leaf in rulebook.indicators():
        place = rulebook.place(leaf)
        for loss in leaf.criterion.losses(place):
            occasion = _occasion(loss, leaf, place)
            if occasion is None:
                continue
            first = seen.setdefault(occasion, leaf)
            pair = (first.id, leaf.id)
            if first.id == leaf.id or pair in told or not _both_count(rulebook, *pair):
                continue
            told.add(pair)
            yield _told(first, leaf, occasion, rulebook)


def _told(first: Indicator, leaf: Indicator, occasion: Formula, rulebook: Rulebook) -> Diagnostic:
    terms = rulebook.vocabulary()
    read = listed(terms[one].label if one in terms else one for one in names(occasion))
    at, other = (("indicators", *one.id.split(".")) for one in (leaf, first))
    return Diagnostic(
        DEDUCTED_TWICE,
        (*at, "criterion"),
        Words(
            zh="“{a}”已按{r}扣分，“{b}”又按同样的算法扣一次",
            en="“{a}” takes points by {r} already, and “{b}” takes them again in the same way",
        ).fill(a=first.name, b=leaf.name, r=read),
        Words(
            zh="去掉一个；是同一批记录的，在 [rulebook] 写 once = [两个指标]；两处本应不同的，改其中一个",
            en="take one out; of the same records write once = [both] in [rulebook]; or change one, if they should differ",
        ),
        "warning",
        "key",
        related=(Related((*other, "criterion"), Words(zh="第一次在这里", en="the first time is here"), "key"),),
    )


def _both_count(rulebook: Rulebook, one: str, other: str) -> bool:
    """Whether the points of both are added up, and no order of priority keeps them apart."""
    if one in rulebook.once and other in rulebook.once:
        return False
    shared = {id for id in _above(one) if id in set(_above(other))}
    branches = [rulebook.root, *(node for node in rulebook.nodes() if node.id in shared)]
    lowest = max(branches, key=lambda node: len(node.id))
    return lowest.aggregate in ADDING


def _above(id: str) -> list[str]:
    parts = id.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _occasion(loss: Loss, leaf: Indicator, place: Place) -> Formula | None:
    """What a loss is for, without what it costs; None where it is for nothing that facts say."""
    if judged_parts(loss.points):
        return None

    def step(one: Formula) -> Formula | None:
        match one:
            case Name(name="value") if leaf.measured is not None:
                return put(leaf.measured)
            case Name(name="target") if place.target_number is not None:
                return put(place.target_number)
            case Name(name="weight"):
                return ONE
            case Choice(when=when, then=then, otherwise=otherwise) if not names(then) and not names(otherwise):
                return Not(put(when)) if then == ZERO else put(when)
            case Greatest(of=of) if ZERO in of and len(of) > 1:
                inner = tuple(part for part in of if part != ZERO)
                return put(inner[0]) if len(inner) == 1 else put(Greatest(inner))
            case Least(of=of) | Product(factors=of):
                parts = [part for part in map(put, of) if not isinstance(part, Constant)]
                return parts[0] if len(parts) == 1 else _sorted(type(one)(tuple(parts))) if parts else ONE
            case Quotient(above=above, below=Constant()):
                return put(above)
            case _:
                return None

    def put(formula: Formula) -> Formula:
        return _sorted(rebuilt(formula, step))

    found = put(loss.points)
    return found if names(found) and loss.over is None else None


def _sorted(formula: Formula) -> Formula:
    """The formula with the parts that may change places in one order."""
    match formula:
        case Sum(terms=of) | Product(factors=of) | Least(of=of) | All(of=of) | Any(of=of):
            return type(formula)(tuple(sorted(of, key=repr)))
        case _:
            return formula
