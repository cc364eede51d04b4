"""Does a target look the way that its clause and its examples look?

In: a draft. Out: a warning for a target such as "≥ 90%" whose clause says that less is better, and for one that worked
examples contradict while the opposite comparison agrees with all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from perfscore.criterion import Criterion, Place
from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.arithmetic import Absent, Slot, Unreadable, Value
from perfscore.formula.exact import Slots, fraction
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import VALUE, Comparator, Comparison, Formula
from perfscore.formula.types import type_of
from perfscore.formula.walking import everything, judged_parts, names, peers_in
from perfscore.indicator import Input
from perfscore.quantity import spelled
from perfscore.rulebook import WorkedExample
from perfscore.rulefile.checks.criteria import placed
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.wording import direction
from perfscore.words import Words

AGAINST_CLAUSE = Code(
    "PS260",
    "target-against-clause",
    Words(zh="目标的方向和条文相反。", en="A target looks the other way than its clause."),
)
AGAINST_EXAMPLES = Code(
    "PS261",
    "target-against-examples",
    Words(
        zh="算例都和相反的比较相符，和写的不符。",
        en="Worked examples contradict a target, and all of them agree with the opposite comparison.",
    ),
)
OPPOSITE: Mapping[Comparator, Comparator] = {"≥": "≤", "≤": "≥", ">": "<", "<": ">"}
LOOKS: Mapping[Comparator, str] = {"≥": "higher", ">": "higher", "≤": "lower", "<": "lower"}
FULL = Words(
    zh="算例给 {v} 满分，而它不满足“{a}”；写“{b}”时，所有算例都相符",
    en="an example gives full marks to {v}, which does not meet “{a}”; with “{b}” every example agrees",
)
REFUSED = Words(
    zh="计分方式不能用于“{a}”；写“{b}”就能用，所有算例也都相符，如 {v}",
    en="the criterion cannot be used with “{a}”; with “{b}” it can, and every example agrees, such as that of {v}",
)
BETTER = {"higher": Words(zh="越高越好", en="more is better"), "lower": Words(zh="越低越好", en="less is better")}


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every target that looks the wrong way."""
    shown = _Examples(draft)
    asked = {leaf.id: (criterion, place) for leaf, criterion, place in placed(draft)} if shown.promised else {}
    for leaf in draft.leaves():
        if leaf.target is not None and leaf.measured is not None:
            yield from _clause(leaf)
            if leaf.id in asked and leaf.id not in draft.pools():
                yield from _examples(leaf, shown, *asked[leaf.id])


def _clause(leaf: DraftNode) -> Iterator[Diagnostic]:
    target = leaf.target
    if not leaf.clause or not isinstance(target, Comparison) or target.left != VALUE or target.by not in LOOKS:
        return
    found = direction(leaf.clause)
    if found is None or found[0] == LOOKS[target.by]:
        return
    way, within = found
    words = leaf.clause[slice(*within)]
    yield Diagnostic(
        AGAINST_CLAUSE,
        (*leaf.at, "target"),
        Words(
            zh="目标是“{by}”（{a}），条文“{w}”说的是{b}",
            en="the target is “{by}” ({a}), and the clause “{w}” says that {b}",
        ).fill(by=target.by, a=BETTER[LOOKS[target.by]], b=BETTER[way], w=words),
        Words(zh="写 {o}，或改 clause", en="write {o}, or change the clause").fill(o=OPPOSITE[target.by]),
        "warning",
        related=(Related((*leaf.at, "clause"), BETTER[way], within=within),),
    )


@frozen
class _Case:
    """An example that judges a leaf: its number, the figures that are known, and whether it promises full marks."""

    number: int
    row: Mapping[str, Slot]
    full: bool


def _examples(leaf: DraftNode, shown: _Examples, criterion: Criterion, place: Place) -> Iterator[Diagnostic]:
    target = leaf.target
    if target is None or not isinstance(leaf.stated, Fraction) or leaf.range is not None:
        return
    turns, cases = list(turned(target)), list(shown.of(leaf)) if leaf.id in shown.promised else []
    told: list[Words] = []
    if not turns or not cases or type_of(target, place.vocabulary, told.append).sort != "yes-no" or told:
        return  # it does not fit, and that is told where names are checked
    full = next((one for one in cases if one.full and _read(target, one.row) is False), None)
    if full is None and not _refused(criterion, place, target):
        return  # less than full marks for what meets a target can have other reasons
    for comparison, other in turns:
        agrees = all(_read(other, one.row) is one.full for one in cases)
        if agrees and not _refused(criterion, place, other):
            case = full or cases[0]
            yield _contradicted(leaf, comparison, case, case.row.get("value"), refused=full is None)
            return


def turned(target: Formula) -> Iterator[tuple[Comparison, Formula]]:
    """Each comparison in a target that has an opposite, and the target with that in its place."""
    for one in everything(target):
        if isinstance(one, Comparison) and one.by in OPPOSITE:
            yield one, rebuilt(target, _replacing(one, evolve(one, by=OPPOSITE[one.by])))


def _replacing(old: Formula, new: Formula) -> Callable[[Formula], Formula | None]:
    return lambda shape: new if shape is old else None


def _refused(criterion: Criterion, place: Place, target: Formula) -> bool:
    """Whether the criterion complains where it is held against a target."""
    return any(one.severity == "error" for one in criterion.complaints(evolve(place, target=target)))


def _contradicted(leaf: DraftNode, comparison: Comparison, case: _Case, value: object, *, refused: bool) -> Diagnostic:
    shown = spelled(fraction(value)) if isinstance(value, tuple) else str(value)
    at = ("examples", case.number, "points", leaf.id)
    return Diagnostic(
        AGAINST_EXAMPLES,
        (*leaf.at, "target"),
        (REFUSED if refused else FULL).fill(v=shown, a=comparison.by, b=OPPOSITE[comparison.by]),
        Words(zh="写 {b}，或改算例", en="write {b}, or mend the examples").fill(b=OPPOSITE[comparison.by]),
        "warning",
        related=(Related(at, Words(zh="这个算例", en="this example")),),
        witness=((leaf.id, shown),),
    )


class _Examples:
    """The worked examples of a draft, their figures read as a facts file's are, each example once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.promised = {id for example in draft.examples for id in example.points}
        self._declared = {one.name: one for one in draft.inputs.values() if one is not None}
        self._declared |= {one.measure.name: one.measure for one in draft.leaves() if isinstance(one.measure, Input)}
        self._rows: dict[int, dict[str, Slot]] = {}

    def of(self, leaf: DraftNode) -> Iterator[_Case]:
        """Those that promise points of a leaf, with its value where it can be told."""
        for number, example in enumerate(self.draft.examples):
            promised = example.points.get(leaf.id)
            if promised is not None and leaf.measured is not None:
                row = dict(self._row(number, example))
                if (value := _read(leaf.measured, row)) is not None:
                    row["value"] = value
                yield _Case(number, row, promised == (0 if self.draft.demerit else leaf.stated))

    def _row(self, number: int, example: WorkedExample) -> dict[str, Slot]:
        if number in self._rows:
            return self._rows[number]
        from perfscore.observing import taken

        row: dict[str, Slot] = {}
        for name, given in example.facts.items():
            known = given.get("value") if isinstance(given, Mapping) else given
            if name in self._declared and isinstance(known, int | Fraction | str | date):
                row[name], _ = taken(self._declared[name], known, ())
        waiting = {name: one.formula for name, one in self.draft.measures.items() if one is not None}
        while ready := [name for name, one in waiting.items() if all(inner in row for inner in names(one))]:
            for name in ready:
                value = _read(waiting.pop(name), row)
                row[name] = Absent(name, "unreadable") if value is None else value
        self._rows[number] = row
        return row


def _read(formula: Formula, row: Mapping[str, Slot]) -> Value | None:
    """What a formula gives in an example; None where the example does not say enough."""
    if any(name not in row for name in names(formula)) or judged_parts(formula) or peers_in(formula):
        return None
    slots = Slots({name: at for at, name in enumerate(row)})
    try:
        return slots.value(formula)(list(row.values()))
    except Unreadable:
        return None
