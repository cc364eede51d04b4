"""Compare the subjects of a cohort: who is at which place, what the mean of all is.

In: a plan, and the facts of everybody who is assessed together. Out: a `Cohort`: for each of them a value in every slot
that reads others, and who had no figure to compare. A rank of points needs the points of all, so everybody is judged as
far as it reads, stage after stage. Whose figure is missing is left out and named, never taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TypeAlias, assert_never

from attrs import evolve, field, frozen

from perfscore.adjusting import adjust
from perfscore.aggregating import Heard, judge_tree
from perfscore.assessment import Finding
from perfscore.diagnostic import Code
from perfscore.facts import Facts
from perfscore.formula.arithmetic import Absent, Slot, Unreadable, Value
from perfscore.formula.exact import fraction, ratio
from perfscore.formula.shapes import Peers
from perfscore.intake import row_of
from perfscore.plan import Fill, Plan, PlannedPeers
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook
from perfscore.words import Words, listed

LEFT_OUT = Code(
    "PS425",
    "cohort-figure-missing",
    Words(
        zh="一起评价的对象里有的没有这个数，没有算进比较。",
        en="Some who are assessed together have no such figure and are left out of the comparison.",
    ),
)
NOT_AMONG = Code(
    "PS426",
    "not-in-the-cohort",
    Words(zh="评价对象不在给出的全体里。", en="The subject is not among those that were handed over as the cohort."),
)
OTHER_FIGURES = Code(
    "PS427",
    "cohort-has-other-figures",
    Words(
        zh="全体里同名的对象，数据和这份不一样。",
        en="The cohort holds other figures under the subject's name.",
    ),
)
LEFT_OUT_SAID = Words(
    zh="{what}：全体 {of} 个对象中 {n} 个没有数，没有算进去（{who}）",
    en="{what}: {n} of {of} subjects have no figure and are left out ({who})",
)
NOT_AMONG_SAID = Words(zh="“{n}”不在给出的全体里，加进去一起比", en="“{n}” is not in the cohort and was added to it")
OTHER_FIGURES_SAID = Words(
    zh="全体里“{n}”的数据和这份不一样，按这份比", en="the cohort holds other figures for “{n}”; these are compared"
)

Own: TypeAlias = Value | Absent
Compared: TypeAlias = Mapping[int, Slot]
"""The slots of one subject that read others."""


def _once(given: Iterable[Facts]) -> tuple[Facts, ...]:
    """Each named subject once; who has no name is nobody else, whatever the figures."""
    seen: set[Facts] = set()
    found: list[Facts] = []
    for one in given:
        if one.subject.name is None or one not in seen:
            found.append(one)
        seen.add(one)
    return tuple(found)


@frozen
class Cohort:
    """同组对象 — everybody who is assessed together by one rulebook; each counts once.

    >>> from perfscore import loads
    >>> rules = loads('''
    ... format = 1
    ... [rulebook]
    ... id = "schools"
    ... title = "Schools"
    ... version = "1"
    ... language = "en"
    ... full_marks = 10
    ... [inputs.passed]
    ... label = "passed"
    ... type = "count"
    ... [indicators.place]
    ... name = "place"
    ... weight = 10
    ... measure = 'rank(passed, best = "high", ties = "shared")'
    ... criterion = { kind = "ranked", places = [10, 8, 6], otherwise = 0, ties = "shared" }
    ... ''')
    >>> everybody = Cohort(rules, tuple(Facts(inputs={"passed": one}, subject=f"school {one}") for one in (30, 50, 40)))
    >>> from perfscore import assess
    >>> [assess(rules, one, cohort=everybody).score for one in everybody.subjects]
    [Decimal('6.00'), Decimal('10.00'), Decimal('8.00')]
    """

    rulebook: Rulebook
    subjects: tuple[Facts, ...] = field(converter=_once)

    def place(self, facts: Facts) -> int | None:
        """Where a subject stands among them: the same facts, else the same name."""
        found = self._places.get(facts)
        return self._named.get(facts.subject.name) if found is None and facts.subject.name else found

    def compared(self, place: int) -> Compared:
        """What the subject at a place reads of all."""
        return self._all[0][place]

    def without(self, peers: PlannedPeers) -> tuple[Facts, ...]:
        """Those who had no figure to compare."""
        return tuple(self.subjects[place] for place in self._all[1][peers.slot])

    @cached_property
    def _places(self) -> dict[Facts, int]:
        return {one: place for place, one in reversed(tuple(enumerate(self.subjects)))}

    @cached_property
    def _named(self) -> dict[str | None, int]:
        return {one.subject.name: place for place, one in enumerate(self.subjects)}

    @cached_property
    def _all(self) -> tuple[list[dict[int, Slot]], dict[int, tuple[int, ...]]]:
        return _compare(compiled(self.rulebook), self.subjects)


@lru_cache(maxsize=16)
def cohort_of(rulebook: Rulebook, subjects: tuple[Facts, ...]) -> Cohort:
    """The cohort of some subjects; the same one is compared once."""
    return Cohort(rulebook, subjects)


def among(plan: Plan, cohort: Cohort | Iterable[Facts], facts: Facts, row: list[Slot]) -> tuple[Cohort, list[Finding]]:
    """Fill what a subject reads of others; the cohort that it was compared in, and what is to be said of that."""
    everybody = cohort if isinstance(cohort, Cohort) else cohort_of(plan.rulebook, tuple(cohort))
    if everybody.rulebook != plan.rulebook:
        raise ValueError(f"the cohort was compared by {everybody.rulebook.id!r}, not by {plan.rulebook.id!r}")
    findings: list[Finding] = []
    place = everybody.place(facts)
    name = facts.subject.name or "?"
    if place is None:
        findings.append(Finding(NOT_AMONG, "note", NOT_AMONG_SAID.fill(n=name)))
        everybody = cohort_of(plan.rulebook, (*everybody.subjects, facts))
        place = len(everybody.subjects) - 1
    elif (known := everybody.subjects[place]) != facts:
        if evolve(known, subject=facts.subject) != facts:  # another period is no other figure
            findings.append(Finding(OTHER_FIGURES, "warning", OTHER_FIGURES_SAID.fill(n=name)))
        others = [*everybody.subjects]
        others[place] = facts
        everybody = cohort_of(plan.rulebook, tuple(others))
    for slot, value in everybody.compared(place).items():
        row[slot] = value
    for peers in plan.peers:
        if peers.asked:  # that some have no figure is what the rule asks about
            continue
        lacking = [one.subject.name or "?" for one in everybody.without(peers) if one != facts]
        if lacking:
            said = LEFT_OUT_SAID.fill(
                n=str(len(lacking)),
                of=str(len(everybody.subjects)),
                what=plan.vocabulary[peers.name].label,
                who=listed(lacking[:8]),
            )
            findings.append(Finding(LEFT_OUT, "warning", said))
    return everybody, findings


def _compare(plan: Plan, subjects: Sequence[Facts]) -> tuple[list[dict[int, Slot]], dict[int, tuple[int, ...]]]:
    given = [row_of(plan, one) for one in subjects]
    known: list[dict[int, Slot]] = [{} for _ in subjects]
    lacking: dict[int, tuple[int, ...]] = {}
    for stage in sorted({one.stage for one in plan.peers}):
        now = [one for one in plan.peers if one.stage == stage]
        owns: list[list[tuple[Own, object]]] = []
        for (row, _, heard), found in zip(given, known, strict=True):
            owns.append(_own(plan, now, _filled(row, found), heard))
        for at, peers in enumerate(now):
            mine = [own[at] for own in owns]
            lacking[peers.slot] = tuple(place for place, (own, _) in enumerate(mine) if isinstance(own, Absent))
            for place, value in enumerate(_among(peers, mine)):
                known[place][peers.slot] = value
    return known, lacking


def _filled(row: Sequence[Slot], known: Compared) -> list[Slot]:
    filled = list(row)
    for slot, value in known.items():
        filled[slot] = value
    return filled


def _own(plan: Plan, now: Sequence[PlannedPeers], row: list[Slot], heard: Heard) -> list[tuple[Own, object]]:
    """A subject's own figure for each comparison, and its group."""
    outcomes = None
    if all(one.depth == "figures" for one in now):
        for step in plan.steps:
            if isinstance(step, Fill):
                step.into(row)
    else:
        outcomes = judge_tree(plan, row, heard)
        if any(one.depth == "score" for one in now):
            score = adjust(plan, row, outcomes).score
            row[plan.total] = Absent("score", "not-given") if score is None else (score, plan.rulebook.rounding.size)
    found: list[tuple[Own, object]] = []
    for one in now:
        own: Own
        try:
            own = one.read(row)
        except Unreadable as unreadable:
            own = unreadable.absent
        if one.applying is not None and outcomes is not None and outcomes[one.applying].state != "scored":
            own = Absent(one.name, "not-given")
        found.append((own, None if one.group is None else row[one.group]))
    return found


def _among(peers: PlannedPeers, owns: Sequence[tuple[Own, object]]) -> Iterable[Slot]:
    """What each reads: of all who have a figure, or of those of its own group."""
    groups: dict[object, list[Fraction]] = {}
    for own, group in owns:
        if not isinstance(group, Absent):
            groups.setdefault(group, [])
            if not isinstance(own, Absent):
                groups[group].append(_number(own))
    whole: dict[object, Slot] = {}
    ranks = (
        {group: _ranks(peers.peers, values) for group, values in groups.items()} if peers.peers.what == "rank" else {}
    )
    for own, group in owns:
        if isinstance(group, Absent):
            yield group
        elif peers.peers.what == "rank":
            yield own if isinstance(own, Absent) else ratio(ranks[group][_number(own)])
        else:
            if group not in whole:
                whole[group] = _of_all(peers, groups[group])
            yield whole[group]


def _number(own: Value) -> Fraction:
    """A figure as it is compared; of a condition, whether it holds."""
    return fraction(own) if isinstance(own, tuple) else Fraction(own is True)


def _ranks(peers: Peers, values: Sequence[Fraction]) -> dict[Fraction, Fraction]:
    """The place of every value, from 1."""
    found: dict[Fraction, Fraction] = {}
    ordered = sorted(values, reverse=peers.best == "high")
    for at, value in enumerate(ordered, start=1):
        if value not in found:
            found[value] = Fraction(at if peers.ties != "dense" else len(found) + 1)
    if peers.ties == "average":
        alike = {value: ordered.count(value) for value in found}
        return {value: place + Fraction(alike[value] - 1, 2) for value, place in found.items()}
    return found


def _of_all(peers: PlannedPeers, values: Sequence[Fraction]) -> Slot:
    match peers.peers.what:
        case "count":
            return sum(1 for one in values if one) if peers.holds else len(values), 1
        case "mean" | "trimmed_mean":
            low, high = peers.peers.low, peers.peers.high
            kept = sorted(values)[low : len(values) - high]
            return ratio(sum(kept, Fraction(0)) / len(kept)) if kept else Absent(peers.name, "division-by-zero")
        case "max" | "min":
            if not values:
                return Absent(peers.name, "division-by-zero")
            return ratio(max(values) if peers.peers.what == "max" else min(values))
        case "rank":
            raise TypeError(peers)
        case _:
            assert_never(peers.peers.what)
