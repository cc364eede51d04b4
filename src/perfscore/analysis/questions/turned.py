"""Does a criterion reward what its target asks for?

In: a rulebook, and its effective tables. Out: a warning where, as far on either side of a target as one likes, the side that
meets it never scores better than the side that does not, and somewhere worse.
Only a criterion is asked that reads nothing but its value; figures that it cannot compute are no proof of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from perfscore.criterion import Place
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.arithmetic import Unreadable
from perfscore.formula.exact import Slots, fraction
from perfscore.formula.shapes import VALUE, Comparison, Constant, Formula
from perfscore.formula.vocabulary import NUMERIC
from perfscore.formula.walking import judged_parts, names, peers_in
from perfscore.indicator import Indicator
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.words import Words

AGAINST_CRITERION = Code(
    "PS263",
    "target-against-criterion",
    Words(zh="达到目标的反而扣分多。", en="What meets a target scores worse than what does not."),
)
MEETS_ABOVE = {"≥": True, ">": True, "≤": False, "<": False}
OPPOSITE = {"≥": "≤", "≤": "≥", ">": "<", "<": ">"}
STEPS = tuple(Fraction(one) for one in ("0.01", "0.05", "0.1", "0.25", "0.5", "1"))
"""So far from a target is looked, in parts of it and in its own unit."""


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Every target whose criterion goes the other way."""
    for leaf in rulebook.indicators():
        yield from turned(leaf, rulebook.place(leaf))


def turned(leaf: Indicator, place: Place) -> Iterator[Diagnostic]:
    """The complaint about an indicator whose criterion goes the other way."""
    match leaf.target:
        case Comparison(left=left, by=("≥" | ">" | "≤" | "<") as by, right=Constant(value=at)) if left == VALUE:
            yield from _one(leaf, place, by, at)
        case _:
            pass


def _one(leaf: Indicator, place: Place, by: str, at: Fraction) -> Iterator[Diagnostic]:
    term = place.vocabulary["value"]
    kept = _kept(leaf, place)
    if kept is None or term.type not in NUMERIC:
        return
    worse: tuple[Fraction, Fraction] | None = None
    for step in sorted({*STEPS, *(abs(at) * one for one in STEPS)} - {Fraction(0)}):
        above, below = at + step, at - step
        if term.type == "count" and (above.denominator > 1 or below.denominator > 1):
            continue
        if not term.domain.holds(above) or not term.domain.holds(below):
            continue
        meets, fails = (above, below) if MEETS_ABOVE[by] else (below, above)
        there, here = kept(meets), kept(fails)
        if there is None or here is None:
            continue
        if there > here:
            return
        if there < here and worse is None:
            worse = meets, fails
    if worse is not None:
        percent = term.type == "percent"
        a, b = (f"{spelled(one * 100)}%" if percent else spelled(one) for one in worse)
        path = ("indicators", *leaf.id.split("."))
        yield Diagnostic(
            AGAINST_CRITERION,
            (*path, "target"),
            Words(
                zh="{a} 达到目标“{by}”，得分却比达不到的 {b} 低",
                en="{a} meets the target “{by}” and scores less than {b}, which does not",
            ).fill(a=a, b=b, by=by),
            Words(zh="写 {o}，或改 criterion", en="write {o}, or change the criterion").fill(o=OPPOSITE[by]),
            "warning",
            related=(Related((*path, "criterion"), Words(zh="计分方式", en="the criterion"), "key"),),
            witness=((leaf.id, a), (leaf.id, b)),
        )


def _kept(leaf: Indicator, place: Place) -> Callable[[Fraction], Fraction | None] | None:
    """What a value keeps of the points, up to a constant; None where more than the value decides it."""
    losses, credits = leaf.criterion.losses(place), leaf.criterion.credits(place)
    formulas = [formula for one in (*losses, *credits) for formula in one.formulas()]
    weight = place.vocabulary["weight"].domain.low
    wanted = place.target_number
    known: dict[str, Fraction] = {}
    if weight is not None and weight == place.vocabulary["weight"].domain.high:
        known["weight"] = weight
    if isinstance(wanted, Constant):
        known["target"] = wanted.value
    order = ["value", *known]
    if any(_reads_more(one, order) for one in formulas) or any(one.over for one in losses):
        return None
    slots = Slots({name: index for index, name in enumerate(order)})
    taken, given = ([slots.numeric(one.points) for one in side] for side in (losses, credits))
    fixed = [(one.numerator, one.denominator) for one in known.values()]

    def kept(value: Fraction) -> Fraction | None:
        row = [(value.numerator, value.denominator), *fixed]
        try:
            lost = sum((max(fraction(read(row)), Fraction(0)) for read in taken), Fraction(0))
            won = sum((max(fraction(read(row)), Fraction(0)) for read in given), Fraction(0))
        except Unreadable:
            return None
        return won - (lost if weight is None else min(lost, max(weight, Fraction(1))))

    return kept


def _reads_more(formula: Formula, known: list[str]) -> bool:
    return bool(set(names(formula)) - set(known) or judged_parts(formula) or peers_in(formula))
