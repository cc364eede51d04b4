"""Which one comparison, turned round, would make the worked examples hold?

In: a rulebook, and its examples as they were run. Out: for each target so found a complaint at the target, which says
which examples speak for it.
A target is accused only where some example of its leaf fails now and none does with the opposite comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import evolve

from perfscore.diagnostic import Diagnostic, Related
from perfscore.examples import Ran, run_examples
from perfscore.formula.shapes import Formula
from perfscore.indicator import Branch, Indicator, Node
from perfscore.rulebook import Rulebook
from perfscore.rulefile.checks.directions import AGAINST_EXAMPLES, OPPOSITE, turned
from perfscore.rulefile.tree import form_of
from perfscore.words import Words, counted


def mended(rulebook: Rulebook, ran: Sequence[Ran], beside: Sequence[Ran] = ()) -> Iterator[Diagnostic]:
    """Every target whose opposite the examples of a rule file speak for, and those `beside` it not against."""
    for leaf in rulebook.indicators():
        failing = [index for index, one in enumerate(ran) if _fails(one, leaf.id)]
        if failing and leaf.target is not None:
            yield from _leaf(rulebook, leaf, leaf.target, (*ran, *beside), failing)


def _leaf(
    rulebook: Rulebook, leaf: Indicator, target: Formula, ran: Sequence[Ran], failing: list[int]
) -> Iterator[Diagnostic]:
    speaking = [index for index, one in enumerate(ran) if index not in failing and _speaks(one, leaf.id)]
    for comparison, formula in turned(target):
        other = evolve(leaf, target=formula)
        if leaf.by_default is not None:
            other = evolve(other, criterion=rulebook.defaults.get(form_of(formula), leaf.criterion))
        changed = evolve(rulebook, members=tuple(_with(one, other) for one in rulebook.members))
        if any(_still_fails(changed, [ran[index] for index in some], leaf.id) for some in (failing, speaking)):
            continue
        says = Words(zh="这个算例不符", en="this example fails")
        yield Diagnostic(
            AGAINST_EXAMPLES,
            ("indicators", *leaf.id.split("."), "target"),
            Words(
                zh="“{n}”有 {k} 个算例不符；把“{a}”写成“{b}”，它的算例就都相符",
                en="of “{n}” {k}; with “{b}” in the place of “{a}” all of its examples hold",
            ).fill(
                n=leaf.name,
                k=counted(len(failing), "example fails", "examples fail"),
                a=comparison.by,
                b=OPPOSITE[comparison.by],
            ),
            Words(zh="写 {b}，或改算例", en="write {b}, or mend the examples").fill(b=OPPOSITE[comparison.by]),
            related=tuple(Related(("examples", index), says, "key") for index in failing),
        )
        return


def _still_fails(rulebook: Rulebook, ran: Sequence[Ran], id: str) -> bool:
    again = run_examples(evolve(rulebook, examples=tuple(one.example for one in ran)))
    return any(_fails(one, id) for one in again)


def _speaks(ran: Ran, id: str) -> bool:
    """Whether an example says something of a leaf, of a branch that it stands under, or of all."""
    whole = ran.example.score is not None or ran.example.rating is not None
    return whole or not _over(id).isdisjoint(ran.example.points)


def _fails(ran: Ran, id: str) -> bool:
    """Whether an example gives something else than it says for a leaf, for a branch that it stands under, or in all."""
    above = _over(id)
    for one in ran.diagnostics:
        match one.at:
            case ("examples", int(), "score" | "rating"):
                return True
            case ("examples", int(), "points", named) if named in above:
                return True
            case _:
                pass
    return False


def _over(id: str) -> set[str]:
    """A leaf and the branches that it stands under."""
    return {id[: at.start()] for at in re.finditer(r"\.", id)} | {id}


def _with(node: Node, leaf: Indicator) -> Node:
    """The tree with one leaf in the place of the one of the same id."""
    match node:
        case Indicator():
            return leaf if node.id == leaf.id else node
        case Branch():
            return evolve(node, members=tuple(_with(one, leaf) for one in node.members))
