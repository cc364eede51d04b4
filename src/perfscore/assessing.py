"""Assess facts by a rulebook.

In: a `Rulebook` that passed its checks, and the `Facts` of one subject.
Out: an `Assessment`, in which every lost point is named; its parts are made when they are asked for.
This room only puts together what `intake`, `aggregating`, `adjusting` and `findings` say. No file is read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import define, field

from perfscore.adjusting import Line, Total, adjust
from perfscore.aggregating import Heard, judge_tree
from perfscore.assessment import (
    Adjustment,
    Assessment,
    Credit,
    Deduction,
    Finding,
    IndicatorResult,
    MeasureResult,
    Observed,
)
from perfscore.cohort import Cohort, Standings, among, filled
from perfscore.criterion import Loss
from perfscore.effective import effective_weights
from perfscore.explanation import Scene, Stated, Told, View
from perfscore.facts import Answer, Facts
from perfscore.findings import findings_of
from perfscore.formula.arithmetic import Absent, Records, Slot
from perfscore.formula.exact import fraction
from perfscore.formula.prose import SYNTAX, near_text, number_text, tell
from perfscore.frozen import Frozen
from perfscore.indicator import Branch
from perfscore.intake import row_of
from perfscore.nearness import near_misses, over_completions
from perfscore.outcome import Outcome, Taken
from perfscore.plan import Plan, PlannedNode
from perfscore.planning import compiled
from perfscore.quantity import spelled
from perfscore.recovery import Recovery
from perfscore.rulebook import Rulebook
from perfscore.weighing import printed_weights, worth_of
from perfscore.words import Words, listed


def assess(rulebook: Rulebook, facts: Facts, cohort: Cohort | Iterable[Facts] | None = None) -> Assessment:
    """The assessment of one subject, alone or among a `cohort`. Whatever is wrong with the facts is a finding in it;
    nothing is raised for facts.
    """
    if not isinstance(rulebook, Rulebook):
        raise TypeError(f"assess takes a Rulebook, as load(path) gives it, not {type(rulebook).__name__}")
    if not isinstance(facts, Facts):
        raise TypeError(
            f"assess takes Facts, as read_facts(path) or Facts(inputs=…) give them, not {type(facts).__name__}"
        )
    plan = compiled(rulebook)
    row, told, heard = row_of(plan, facts)
    everybody: Cohort | None = None
    if plan.peers and cohort is not None:
        everybody, compared = among(plan, cohort, facts, row)
        told.extend(compared)
    return _assessment(plan, facts, row, told, heard, everybody)


def assess_among(plan: Plan, facts: Facts, all: Standings) -> Assessment:
    """The assessment of one subject, where what all come to is known and the others themselves are not kept."""
    row, told, heard = row_of(plan, facts)
    told.extend(all.others_lacking(plan, facts))
    return _assessment(plan, facts, filled(row, all.compared(plan, row, heard)), told, heard, None)


def _assessment(
    plan: Plan, facts: Facts, row: list[Slot], told: list[Finding], heard: Heard, everybody: Cohort | None
) -> Assessment:
    rulebook = plan.rulebook
    judged = judged_row(plan, row, heard)
    total = judged.total
    computed = total
    if heard.reviewed:
        computed = judged_row(plan, list(row), Heard(heard.excused)).total
    rounding = rulebook.rounding
    evidence = _Evidence(plan, facts, judged, told)
    rating = total.rating
    least = rulebook.coverage
    if rating is not None and not total.fixed and least is not None and evidence.coverage() < least:
        rating = None
    return Assessment(
        rulebook=rulebook,
        facts=facts,
        subtotal=None if total.subtotal is None else rounding.published(total.subtotal),
        score=None if total.score is None else rounding.published(total.score),
        computed_score=None if computed.score is None else rounding.published(computed.score),
        rating=rating,
        full_marks=rulebook.full_marks if not judged.outcomes[0].unscored else Fraction(total.full, rounding.size),
        rulebook_digest=plan.digest,
        evidence=evidence,
        cohort=everybody,
    )


@define(eq=False)
class Judged:
    """A row that was judged: what every node kept, and what it all comes to."""

    row: list[Slot]
    outcomes: list[Outcome]
    total: Total
    heard: Heard


def judged_row(plan: Plan, row: list[Slot], heard: Heard) -> Judged:
    """A row, judged and added up. The row is filled in on the way."""
    outcomes = judge_tree(plan, row, heard)
    return Judged(row, outcomes, adjust(plan, row, outcomes), heard)


@define(eq=False)
class _Evidence:
    """Everything an assessment may be asked for later, kept once a subject."""

    plan: Plan
    facts: Facts
    judged: Judged
    told: list[Finding]
    _effective: list[Fraction] | None = field(default=None, init=False)
    _recoveries: tuple[Recovery, ...] | None = field(default=None, init=False)

    def findings(self) -> tuple[Finding, ...]:
        judged = self.judged
        found = findings_of(
            self.plan, judged.row, self.facts, judged.outcomes, judged.total, judged.heard, self.coverage()
        )
        return (*self.told, *found)

    def nearness(self) -> tuple[Finding, ...]:
        lost = [one.indicator for one in self.records()[0]]
        names = {planned.node.id: planned.node.name for planned in self.plan.nodes}
        near = near_misses(zip(lost, self.recoveries(), strict=True), names)
        return (*near, *over_completions(self.plan, self.judged.row, self.judged.outcomes))

    def recoveries(self) -> tuple[Recovery, ...]:
        from perfscore.recovering import Recovering  # what only an explanation needs is imported for one

        if self._recoveries is None:
            judged = self.judged
            again = Recovering(self.plan, judged.row, judged.heard, judged.total)
            self._recoveries = tuple(again.recoveries(judged.outcomes))
        return self._recoveries

    def measures(self) -> tuple[MeasureResult, ...]:
        row = self.judged.row
        return tuple(
            MeasureResult(measure.name, _observed(row[slot]), tell(measure.formula, SYNTAX))
            for measure, slot in self.plan.measures
        )

    def results(self) -> tuple[IndicatorResult, ...]:
        plan = self.plan
        weights: Sequence[Decimal | None] = plan.weights
        if not weights:
            weights = printed_weights(plan, self.judged.row)
        effective: Sequence[Fraction] = plan.effective or self.effective()
        answers = self.facts.answers or None
        known = plan.worth is not None or worth_of(plan, self.judged.row) is not None
        return tuple(
            self._result(planned, weight, effective[planned.index] if known else None, answers)
            for planned, weight in zip(plan.nodes[1:], weights, strict=True)
        )

    def whole(self) -> tuple[tuple[Deduction, ...], tuple[Credit, ...]]:
        return self._records(self.plan.nodes[0], self.judged.outcomes[0])

    def adjustments(self) -> tuple[Adjustment, ...]:
        rounding = self.plan.rulebook.rounding
        return tuple(
            Adjustment(line.id, rounding.published(line.units), self._line(line)) for line in self.judged.total.lines
        )

    def coverage(self) -> Fraction:
        """The weight of the leaves in state scored ÷ that of all leaves; a pool is one leaf."""
        plan, outcomes = self.plan, self.judged.outcomes
        if all(one.state == "scored" for one in outcomes):
            return Fraction(1)
        scored = every = Fraction(0)
        effective: Sequence[Fraction] = plan.effective or self.effective()
        for planned in plan.nodes[1:]:
            pool = isinstance(planned.node, Branch) and planned.node.aggregate == "pool"
            if planned.leaf is None and not pool:
                continue
            if plan.nodes[planned.parent].node.aggregate == "pool":
                continue
            every += effective[planned.index]
            if outcomes[planned.index].state == "scored":
                scored += effective[planned.index]
        # where only bonuses and penalties stand, there is no weight to cover
        return scored / every if every else Fraction(outcomes[0].units is not None)

    def assessed_by(self) -> Callable[..., Assessment]:
        return assess

    def effective(self) -> list[Fraction]:
        """What every node is worth in the whole: a written branch weight is shared out over its members in proportion."""
        if self._effective is None:
            self._effective = effective_weights(self.plan, self.judged.row)
        return self._effective

    def _result(
        self,
        planned: PlannedNode,
        weight: Decimal | None,
        effective: Fraction | None,
        answers: Frozen[str, Answer] | None,
    ) -> IndicatorResult:
        plan = self.plan
        node, outcome, leaf = planned.node, self.judged.outcomes[planned.index], planned.leaf
        records = self._records(planned, outcome) if outcome.taken else _NO_RECORDS
        answer = answers.get(node.id) if answers is not None else None
        pooled = leaf is not None and leaf.place.pooled
        points = None if outcome.units is None else plan.rulebook.rounding.published(outcome.units)
        return IndicatorResult(
            node,
            plan.paths[planned.index],
            outcome.state,
            points,
            None if pooled else weight,
            None if pooled else effective,
            points if not outcome.reviewed else _units(plan, outcome.computed),
            None if leaf is None or leaf.value is None else self.judged.row[leaf.value],
            *records,
            answer.process if answer is not None else None,
        )

    def records(self) -> tuple[tuple[Deduction, ...], tuple[Credit, ...]]:
        """Every deduction and every credit, in the order of the file; those of the whole come last."""
        deductions: list[Deduction] = []
        credits: list[Credit] = []
        plan, outcomes = self.plan, self.judged.outcomes
        for planned in (*plan.nodes[1:], plan.nodes[0]):
            if outcomes[planned.index].taken:
                lost, given = self._records(planned, outcomes[planned.index])
                deductions.extend(lost)
                credits.extend(given)
        return tuple(deductions), tuple(credits)

    def _records(self, planned: PlannedNode, outcome: Outcome) -> tuple[tuple[Deduction, ...], tuple[Credit, ...]]:
        deductions: list[Deduction] = []
        credits: list[Credit] = []
        scene: Scene | None = None
        rounding, language = self.plan.rulebook.rounding, self.plan.rulebook.language
        node = planned.node
        for one in outcome.taken:
            reason: Told | Stated
            if planned.leaf is not None and not one.by_tree:
                scene = scene or Scene(planned.leaf.view, self.judged.row, self.facts)
                there = scene if one.record is None else scene.of_record(one.loss, one.record)
                reason = Told(there, one.loss, one.capped, one.loss.clause or node.clause, node.basis)
            else:
                reason = self._stated(planned, outcome, one)
            points = rounding.published(one.units)
            called = reason.scene.record.into(language) if isinstance(reason, Told) and one.record is not None else None
            record = (node.id, points, one.loss.code, reason, one.capped, planned.counted, language, called)
            if one.is_credit:
                credits.append(Credit(*record))
            else:
                deductions.append(Deduction(*record))
        return tuple(deductions), tuple(credits)

    def _stated(self, planned: PlannedNode, outcome: Outcome, one: Taken) -> Stated:
        """The reason of a record that no criterion wrote."""
        node, said = planned.node, one.loss.because
        moved = Words.same(f"{self.plan.rulebook.rounding.published(one.units):f}")
        match one.loss.code:
            case "review":
                return self._review(planned, said, moved)
            case "aggregate":
                return self._aggregate(planned, said)
            case "not-applicable" if outcome.why is not None:
                said = Words(zh="不适用：{why}", en="does not apply: {why}").fill(why=outcome.why)
            case _:
                pass
        return Stated(said, one.loss.clause or (node.clause if planned.index else None), node.basis, moved)

    def _review(self, planned: PlannedNode, said: Words, moved: Words) -> Stated:
        review = next(one for one in self.facts.review if one.indicator == planned.node.id)
        points = spelled(Fraction(self.judged.heard.reviewed[planned.node.id], self.plan.rulebook.rounding.size))
        said += Words(zh="为{p}分", en=" to {p} points").fill(p=points)
        if review.by:
            said += Words(zh="（{by}）", en=" by {by}").fill(by=review.by)
        said += (
            Words(zh="，原因：{r}", en="; reason: {r}").fill(r=review.because)
            if review.because
            else Words(zh="，未说明原因", en="; no reason was given")
        )
        return Stated(said, planned.node.clause, planned.node.basis, moved)

    def _aggregate(self, planned: PlannedNode, said: Words) -> Stated:
        """A branch's own sentence: the shares of its members, and what they come to."""
        plan, outcomes = self.plan, self.judged.outcomes
        worth = worth_of(plan, self.judged.row) or ()
        shares: list[str] = []
        for child in planned.children:
            one = outcomes[child]
            whole = worth[child] - one.rescaled - one.unscored
            if one.units is not None and whole > 0:
                share = Fraction(*one.exact) * plan.rulebook.rounding.size / whole
                shares.append(f"{plan.nodes[child].node.name} {near_text(share, percent=True)}")
        outcome = outcomes[planned.index]
        full = Fraction(worth[planned.index], plan.rulebook.rounding.size)
        share = Fraction(*outcome.exact) / full if full else Fraction(0)
        told = Words(zh="下级得分率：{shares}；{said}为{share}", en="shares kept: {shares}; {said} is {share}").fill(
            shares=listed(shares), said=said, share=near_text(share, percent=True)
        )
        calculation = f"{number_text(full)} × {near_text(share, percent=True)} = {near_text(Fraction(*outcome.exact))}"
        return Stated(told, planned.node.clause if planned.index else None, planned.node.basis, Words.same(calculation))

    def _line(self, line: Line) -> Stated | Told:
        rule = line.rule
        if rule is None or line.key is None or line.slots is None:
            moved = Words.same(f"{self.plan.rulebook.rounding.published(line.units):f}")
            clause, basis = (None, ()) if rule is None else (rule.clause, rule.basis)
            return Stated(line.because, clause, basis, moved)
        formula = dict(rule.amounts())[line.key]
        number = Fraction(*line.slots.numeric(formula)(line.row))
        shown = near_text(number) if line.key == "multiply" else near_text(self.plan.rulebook.rounding.rounded(number))
        scene = Scene(View(rule.id, self.plan.vocabulary, line.slots, self.plan.origins), line.row, self.facts)
        quoting = (("title", Words.same(rule.title)), ("n", Words.same(shown)))
        loss = Loss(rule.id, formula, line.because, quoting)
        return Told(scene, loss, False, rule.clause, rule.basis)


_NO_RECORDS: tuple[tuple[Deduction, ...], tuple[Credit, ...]] = ((), ())


def _units(plan: Plan, units: int | None) -> Decimal | None:
    return None if units is None else plan.rulebook.rounding.published(units)


def _observed(slot: Slot) -> Observed | None:
    match slot:
        case Absent() | Records():
            return None
        case tuple():
            return fraction(slot)
        case _:
            return slot
