"""Do the worked examples show every indicator, and each of them losing points?

In: a rulebook, and its effective tables. Out: a note that names the indicators that no example judges, and one that names
those that keep full marks in every example. A file without examples says nothing to be incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.indicator import Indicator
from perfscore.rulebook import Rulebook
from perfscore.words import Words, listed

if TYPE_CHECKING:  # who judges is needed where there are examples, and takes its time to import
    from perfscore.assessment import Assessment
    from perfscore.examples import Ran

EXAMPLES_LEAVE_OUT = Code(
    "PS268",
    "examples-leave-out",
    Words(
        zh="有的指标没有算例，或者在算例里从不扣分。",
        en="Worked examples leave an indicator out, or never show it losing points.",
    ),
)
UNJUDGED = Words(zh="没有算例评到：{all}", en="no example judges: {all}")
NEVER_LOSES = Words(zh="所有算例里都得满分：{all}", en="full marks in every example: {all}")


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """What the examples leave out, by indicator."""
    if not rulebook.examples:
        return
    from perfscore.examples import run_examples

    ran = run_examples(rulebook)
    unjudged, whole = [], []
    for leaf in rulebook.indicators():
        judged = [one.assessment for one in ran if _promises(one, leaf.id)]
        if not judged:
            unjudged.append(leaf)
        elif not any(_loses(one, leaf) for one in judged):
            whole.append(leaf)
    yield from _told(unjudged, UNJUDGED)
    yield from _told(whole, NEVER_LOSES)


def _told(leaves: list[Indicator], said: Words) -> Iterator[Diagnostic]:
    if leaves:
        first, *others = (("indicators", *one.id.split(".")) for one in leaves)
        yield Diagnostic(
            EXAMPLES_LEAVE_OUT,
            first,
            said.fill(all=listed(one.name for one in leaves)),
            Words(
                zh='写 [[examples]]：title、facts 和 points = {{ "{id}" = … }}',
                en='write [[examples]] with title, facts and points = {{ "{id}" = … }}',
            ).fill(id=leaves[0].id),
            "note",
            "key",
            related=tuple(
                Related(at, Words.same(leaf.name), "key") for at, leaf in zip(others, leaves[1:], strict=True)
            ),
        )


def _promises(ran: Ran, id: str) -> bool:
    """Whether an example says what comes of an indicator: of itself, of a branch above it, or of the whole."""
    example = ran.example
    if example.score is not None or example.rating is not None:
        return True
    return any(id == named or id.startswith(f"{named}.") for named in (*example.points, *example.state))


def _loses(assessment: Assessment, leaf: Indicator) -> bool:
    """Whether something was taken or given there, or it was in a state without points."""
    result = assessment[leaf.id]
    moved = (*assessment.deductions, *assessment.credits)
    return result.state != "scored" or any(one.indicator == leaf.id for one in moved)
