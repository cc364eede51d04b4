"""Does a criterion reward what its target asks for?

In: a rulebook, and its effective tables. Out: a warning where, as far on either side of a target as one likes, the side that
meets it never scores better than the side that does not, and somewhere worse.
Only the curve of a leaf is read; where it has no points nothing is proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from perfscore.analysis.showing import Looked, looked
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.prose import number_text
from perfscore.formula.shapes import VALUE, Comparison, Constant
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
    for one in looked(rulebook):
        yield from turned(one)


def turned(one: Looked) -> Iterator[Diagnostic]:
    """The complaint about an indicator whose criterion goes the other way."""
    match one.leaf.target:
        case Comparison(left=left, by=("≥" | ">" | "≤" | "<") as by, right=Constant(value=at)) if left == VALUE:
            yield from _one(one, by, at)
        case _:
            pass


def _one(one: Looked, by: str, at: Fraction) -> Iterator[Diagnostic]:
    term = one.place.vocabulary["value"]
    worse: tuple[Fraction, Fraction] | None = None
    for step in sorted({*STEPS, *(abs(at) * part for part in STEPS)} - {Fraction(0)}):
        above, below = at + step, at - step
        if one.whole and (above.denominator > 1 or below.denominator > 1):
            continue
        if not term.domain.holds(above) or not term.domain.holds(below):
            continue
        meets, fails = (above, below) if MEETS_ABOVE[by] else (below, above)
        there, here = one.kept(meets), one.kept(fails)
        if there is None or here is None:
            continue
        if there != here and (there > here) != one.place.demerit:
            return
        if there != here and worse is None:
            worse = meets, fails
    if worse is not None:
        a, b = (number_text(value, percent=one.percent) for value in worse)
        yield Diagnostic(
            AGAINST_CRITERION,
            (*one.at, "target"),
            Words(
                zh="{a} 达到目标“{by}”，得分却比达不到的 {b} 低",
                en="{a} meets the target “{by}” and scores less than {b}, which does not",
            ).fill(a=a, b=b, by=by),
            Words(zh="写 {o}，或改 criterion", en="write {o}, or change the criterion").fill(o=OPPOSITE[by]),
            "warning",
            related=(Related((*one.at, "criterion"), Words(zh="计分方式", en="the criterion"), "key"),),
            witness=((one.leaf.id, a), (one.leaf.id, b)),
        )
