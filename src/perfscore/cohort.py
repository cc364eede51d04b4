"""Compare the subjects of a cohort: who is at which place, what the mean of all is.

In: a plan, and the facts of everybody who is assessed together. Out: a `Cohort`: for each of them a value in every slot
that reads others, and who had no figure to compare. A rank of points needs the points of all, so everybody is judged as
far as it reads, stage after stage. Whose figure is missing is left out and named, never taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TypeAlias

from attrs import evolve, field, frozen

from perfscore.adjusting import adjust
from perfscore.aggregating import Heard, judge_tree
from perfscore.assessment import Finding
from perfscore.diagnostic import Code
from perfscore.facts import Facts
from perfscore.formula.arithmetic import Absent, Slot, Unreadable
from perfscore.intake import row_of
from perfscore.plan import Fill, Plan, PlannedPeers
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook
from perfscore.standings import Own, Standing, Tallies, standing_of, take
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
OTHERS_LEFT_OUT_SAID = Words(
    zh="{what}：全体里有的对象没有数，没有算进去", en="{what}: some of all subjects have no figure and are left out"
)
NOT_AMONG_SAID = Words(zh="“{n}”不在给出的全体里，加进去一起比", en="“{n}” is not in the cohort and was added to it")
OTHER_FIGURES_SAID = Words(
    zh="全体里“{n}”的数据和这份不一样，按这份比", en="the cohort holds other figures for “{n}”; these are compared"
)

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
    for now in stages_of(plan):
        owns = [
            own_figures(plan, now, filled(row, found), heard)
            for (row, _, heard), found in zip(given, known, strict=True)
        ]
        for at, peers in enumerate(now):
            mine = [own[at] for own in owns]
            lacking[peers.slot] = tuple(place for place, (own, _) in enumerate(mine) if isinstance(own, Absent))
            tallies: Tallies = {}
            for own, group in mine:
                take(peers, tallies, own, group)
            standing = standing_of(peers, tallies)
            for place, (own, group) in enumerate(mine):
                known[place][peers.slot] = standing.slot(own, group)
    return known, lacking


def stages_of(plan: Plan) -> Iterator[list[PlannedPeers]]:
    """The comparisons that can be made at once, stage after stage."""
    for _, now in groupby(plan.peers, key=lambda one: one.stage):
        yield list(now)


def filled(row: Sequence[Slot], known: Compared) -> list[Slot]:
    """A row with what is known of others."""
    found = list(row)
    for slot, value in known.items():
        found[slot] = value
    return found


def own_figures(
    plan: Plan, now: Sequence[PlannedPeers], row: list[Slot], heard: Heard
) -> list[tuple[Own, Slot | None]]:
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
    found: list[tuple[Own, Slot | None]] = []
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


@frozen(eq=False)
class Standings:
    """What all come to, without the all: of a table that is too long to be kept as facts.

    `by_slot` has what was compared so far, `lacking` of those who have no figure as many as tell whether somebody else is
    among them: no more than two that differ.
    """

    by_slot: Mapping[int, Standing]
    lacking: Mapping[int, tuple[Facts, ...]]

    def compared(self, plan: Plan, row: Sequence[Slot], heard: Heard) -> Compared:
        """What a subject reads of others, as far as everybody was compared."""
        known: dict[int, Slot] = {}
        for now in stages_of(plan):
            if now[0].slot not in self.by_slot:
                break
            owns = own_figures(plan, now, filled(row, known), heard)
            known |= {one.slot: self.by_slot[one.slot].slot(*own) for one, own in zip(now, owns, strict=True)}
        return known

    def others_lacking(self, plan: Plan, facts: Facts) -> list[Finding]:
        """What is to be said of others who have no figure."""
        return [
            Finding(LEFT_OUT, "warning", OTHERS_LEFT_OUT_SAID.fill(what=plan.vocabulary[peers.name].label))
            for peers in plan.peers
            if not peers.asked and any(one != facts for one in self.lacking[peers.slot])
        ]
