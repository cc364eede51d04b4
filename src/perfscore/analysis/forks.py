"""Where the points of a loss fork: by its conditions, and at its limit.

In: the formula of what is lost. Out: a `Fork` for each way through its conditions that may happen, with the amount at the
end of it; and conditions in words. Only the closed set of shapes is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from perfscore.formula.deciding import apart
from perfscore.formula.prose import STYLES, tell_condition
from perfscore.formula.shapes import (
    ALWAYS,
    VALUE,
    All,
    Choice,
    Comparison,
    Constant,
    Formula,
    Judged,
    Least,
    Not,
)
from perfscore.formula.vocabulary import Vocabulary
from perfscore.formula.walking import everything, judged_parts, names
from perfscore.plan import PlannedLeaf
from perfscore.words import Language, Words

NOT_SO = Words(zh="非（{c}）", en="not ({c})")


@frozen
class Fork:
    """One way through the conditions of a loss, each as it holds there, and what is lost at the end of it."""

    conditions: tuple[Formula, ...]
    amount: Formula

    @property
    def condition(self) -> Formula:
        """Everything that holds there."""
        return self.conditions[0] if len(self.conditions) == 1 else All(self.conditions)

    @property
    def most(self) -> Formula | None:
        """The limit of the amount, where it has one that is the same for everybody."""
        limits = [one for one in self._least if _is_limit(one)]
        return limits[0] if len(limits) == 1 and len(self._least) > 1 else None

    @property
    def rest(self) -> Formula:
        """The amount without its limit."""
        rest = tuple(one for one in self._least if not _is_limit(one))
        return rest[0] if len(rest) == 1 else Least(rest)

    @property
    def _least(self) -> tuple[Formula, ...]:
        return self.amount.of if isinstance(self.amount, Least) else ()


def forks_of(points: Formula, vocabulary: Vocabulary) -> tuple[Fork, ...]:
    """Every way through the conditions of an amount that is not proved never to happen, each set of conditions once;
    where something is lost comes before where nothing is.
    """
    found = [one for one in _forks(points) if not apart(one.condition, ALWAYS, vocabulary)]
    return tuple(found)


def inner_forks(amount: Formula) -> tuple[Formula, ...]:
    """The conditions inside an amount that do not stand at its head."""
    return tuple(dict.fromkeys(one.when for one in everything(amount) if isinstance(one, Choice)))


def _forks(points: Formula, above: tuple[Formula, ...] = ()) -> Iterator[Fork]:
    if not isinstance(points, Choice):
        yield Fork(above, points)
        return
    yield from _forks(points.then, (*above, points.when))
    opposite = points.when.of if isinstance(points.when, Not) else Not(points.when)
    yield from _forks(points.otherwise, (*above, opposite))


def _is_limit(one: Formula) -> bool:
    return set(names(one)) <= {"weight"} and not judged_parts(one)


def condition_words(condition: Formula, leaf: PlannedLeaf) -> Words:
    """A condition, or an amount, with its figures called what people call them."""
    inner = condition.of if isinstance(condition, Not) else condition
    match inner:
        case Comparison(left=Judged(choices=choices), by="=", right=Constant(value=value)) if choices:
            said = Words.same(f"“{choices[int(value)]}”")
        case _:
            said = Words(zh=_told(inner, leaf, "zh"), en=_told(inner, leaf, "en"))
    return NOT_SO.fill(c=said) if isinstance(condition, Not) else said


def _told(condition: Formula, leaf: PlannedLeaf, language: Language) -> str:
    def label(name: str) -> str:
        return leaf.vocabulary[name].label if name in leaf.vocabulary else name

    told = tell_condition(condition, STYLES[language], label)
    value = label(VALUE.name)
    return told if told.startswith(value) or told[:1] not in "<≤=≠≥>[(" else f"{value} {told}"
