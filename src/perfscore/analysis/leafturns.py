"""The cases that one leaf tells apart: each band, each loss taken and not, each limit, each side of its target.

In: a planned leaf. Out: its `Watch`es. They are read from its losses, as formulas in the closed set of shapes: no line here
asks which kind of criterion it is holding, so a kind that was installed this morning has its cases too. What is proved
never to happen is no case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from attrs import frozen

from perfscore.analysis.forks import condition_words, forks_of, inner_forks
from perfscore.analysis.turns import Turn, Watch, place_of
from perfscore.assessing import Judged
from perfscore.criterion import Gain, Keeping, Kept, Loss
from perfscore.formula.arithmetic import Row, Unreadable
from perfscore.formula.bounds import bounds
from perfscore.formula.deciding import apart, covered
from perfscore.formula.gathering import records
from perfscore.formula.shapes import ALWAYS, TARGET, WEIGHT, ZERO, Formula, Not, minus
from perfscore.formula.shapes import Any as AnyOf
from perfscore.formula.walking import everything, judged_parts
from perfscore.plan import Plan, PlannedLeaf, PlannedNode
from perfscore.words import Words, listed

MET = Words(zh="达到目标 {t}", en="the target {t} is met")
NOT_MET = Words(zh="未达到目标 {t}", en="the target {t} is not met")
TAKEN = {
    False: Words(zh="{what}：扣分", en="{what}: points are taken"),
    True: Words(zh="{what}：加分", en="{what}: points are given"),
}
NOT_TAKEN = {
    False: Words(zh="{what}：不扣分", en="{what}: nothing is taken"),
    True: Words(zh="{what}：不加分", en="{what}: nothing is given"),
}
CAPPED = Words(zh="{what}：到了上限 {most}", en="{what}: the limit of {most} is reached")
BEYOND = Words(zh="加分超出得分范围，多出的不计", en="credits go beyond the range, and the rest does not count")
NOTHING_LEFT = Words(zh="扣完为止：分扣完了", en="no points are left to take")
JUDGED = Words(zh="评分", en="the assessor's answer")
NONE_APPLIES = Words(zh="哪一种都不是", en="none of them applies")


@frozen(eq=False)
class Leaf:
    """The cases of one leaf."""

    plan: Plan
    planned: PlannedNode
    leaf: PlannedLeaf

    def watches(self) -> Iterator[Watch]:
        criterion, place = self.leaf.indicator.criterion, self.leaf.place
        losses, credits = criterion.losses(place), criterion.credits(place)
        told: set[Formula] = set()
        target = place.target
        if target is not None and place.measured and _reads(target, (*losses, *credits)):
            told |= {target, Not(target)}
            for name, said, when in (("met", MET, target), ("not-met", NOT_MET, Not(target))):
                if self._happens(when):
                    shown = condition_words(target, self.leaf)
                    yield self._watch(name, said.fill(t=shown), self._holds(when))
        if isinstance(criterion, Keeping):
            yield from self._kept(criterion.kept(place), told)
        else:
            forks = [fork for one in (*losses, *credits) for fork in forks_of(one.points, place.vocabulary)]
            moved = {fork.condition for fork in forks if fork.amount != ZERO}
            for one in (*losses, *credits):
                yield from self._moved(one, told, moved)
            if not criterion.starts_from_weight and self._runs_out(losses):
                yield self._watch("nothing-left", NOTHING_LEFT, self._ran_out(losses))
            if self.leaf.indicator.range is not None and self._goes_beyond(losses, credits):
                yield self._watch("range", BEYOND, self._went_beyond(losses, credits))

    def _kept(self, kept: tuple[Kept, ...], told: set[Formula]) -> Iterator[Watch]:
        """Of what a rule says is left, each case; and none of them, where that is not told already and may be."""
        conditions: list[Formula] = []
        for one in kept:
            when = one.when if one.unless is None else Not(one.unless)
            if when == ALWAYS:
                yield from self._moved(one.loss(self.leaf.place), told, set())
                continue
            conditions.append(when)
            if when not in told and self._happens(when):
                said = Words(zh="{c}（{w}）", en="{c} ({w})").fill(c=one.code, w=condition_words(when, self.leaf))
                yield self._watch(one.code, said, self._holds(when))
            yield from self._inside(one.points, one.code, when)
        if any(when not in told for when in conditions) and not covered(tuple(conditions), self.leaf.place.vocabulary):
            nothing = Not(AnyOf(tuple(conditions)))
            if self._happens(nothing):
                yield self._watch("none", NONE_APPLIES, self._holds(nothing))

    def _moved(self, loss: Loss, told: set[Formula], moved: set[Formula]) -> Iterator[Watch]:
        """Of one loss, or one credit: taken or not, by which of its conditions, and up to its limit.

        `moved` are the conditions under which some loss moves something.
        """
        given = isinstance(loss, Gain)
        what = loss.title or (JUDGED if judged_parts(loss.points) else loss.code)
        code = f"credits.{loss.code}" if given else loss.code
        forks = forks_of(loss.points, self.leaf.place.vocabulary)
        # a condition that is told already (the target is met) is not told again; nor is what is nothing here and something
        # elsewhere
        unsaid = [
            one for one in forks if one.condition not in told and (one.amount != ZERO or one.condition not in moved)
        ]
        told |= {one.condition for one in unsaid if one.amount == ZERO}
        for number, fork in enumerate(unsaid, start=1):
            name = code if len(unsaid) == 1 else f"{code}-{number}"
            shown = [condition_words(one, self.leaf) for one in fork.conditions if one not in told]
            named = _said(what) if not shown else _named(what, shown)
            reach = bounds(fork.amount, self.leaf.place.vocabulary)
            when = fork.condition
            if fork.amount == ZERO:
                yield self._watch(
                    f"{name}.nothing", NOT_TAKEN[given].fill(what=named), self._of_records(loss, self._holds(when))
                )
                continue
            if not fork.conditions and reach.low <= 0:
                nothing = self._none_above_zero(loss)
                yield self._watch(f"{name}.nothing", NOT_TAKEN[given].fill(what=named), nothing)
            if reach.high > 0:
                most = fork.most
                some = self._some(loss, fork.amount, when, None if loss.over else most)
                yield self._watch(name, TAKEN[given].fill(what=named), some)
                if most is not None and loss.over is None:
                    rest = self._least(fork.rest, most, when)
                    said = CAPPED.fill(what=named, most=condition_words(most, self.leaf))
                    yield self._watch(f"{name}.at-most", said, rest)
            yield from self._inside(fork.amount, name, when, loss)
        if loss.over is not None and loss.at_most is not None:
            said = CAPPED.fill(what=what, most=condition_words(loss.at_most, self.leaf))
            yield self._watch(f"{code}.at-most", said, self._all_reach(loss, loss.at_most))

    def _inside(self, amount: Formula, name: str, when: Formula, loss: Loss | None = None) -> Iterator[Watch]:
        """Conditions inside an amount: `if target ≥ 80% then 5 else 3`."""
        for number, inner in enumerate(inner_forks(amount), start=1):
            for side, condition in (("yes", inner), ("no", Not(inner))):
                if self._happens(condition):
                    said = Words.same(f"{name}: ") + condition_words(condition, self.leaf)
                    both = self._both(when, condition)
                    yield self._watch(f"{name}.if-{number}-{side}", said, self._of_records(loss, both))

    def _watch(self, name: str, says: Words, test: Callable[[Row], bool]) -> Watch:
        index = self.planned.index

        def taken(judged: Judged) -> bool:
            outcome = judged.outcomes[index]
            if outcome.state != "scored" or outcome.reviewed:
                return False
            try:
                return test(judged.row)
            except Unreadable:
                return False

        return Watch(self._turn(name, says), taken)

    def _turn(self, name: str, says: Words) -> Turn:
        id = self.leaf.indicator.id
        return Turn(id, name, says, (*place_of(id), "criterion"))

    def _happens(self, when: Formula) -> bool:
        return not apart(when, ALWAYS, self.leaf.place.vocabulary)

    def _holds(self, when: Formula) -> Callable[[Row], bool]:
        return self.leaf.slots.truth(when)

    def _both(self, when: Formula, other: Formula) -> Callable[[Row], bool]:
        first, second = self.leaf.slots.truth(when), self.leaf.slots.truth(other)
        return lambda row: first(row) and second(row)

    def _of_records(self, loss: Loss | None, test: Callable[[Row], bool]) -> Callable[[Row], bool]:
        """The test, of any record of the table that a loss is taken over."""
        if loss is None or loss.over is None:
            return test
        at = self.leaf.slots.of[loss.over]
        return lambda row: any(test(one) for one in records(row, at))

    def _some(self, loss: Loss, amount: Formula, when: Formula, most: Formula | None) -> Callable[[Row], bool]:
        """Something is moved, and less than the limit."""
        holds, points = self.leaf.slots.truth(when), self.leaf.slots.numeric(amount)
        limit = None if most is None else self.leaf.slots.numeric(most)

        def test(row: Row) -> bool:
            if not holds(row) or (moved := Fraction(*points(row))) <= 0:
                return False
            return limit is None or moved < Fraction(*limit(row))

        return self._of_records(loss, test)

    def _least(self, rest: Formula, most: Formula, when: Formula) -> Callable[[Row], bool]:
        holds, points, limit = (
            self.leaf.slots.truth(when),
            self.leaf.slots.numeric(rest),
            self.leaf.slots.numeric(most),
        )
        return lambda row: holds(row) and Fraction(*points(row)) >= Fraction(*limit(row)) > 0

    def _none_above_zero(self, loss: Loss) -> Callable[[Row], bool]:
        some = self._some(loss, loss.points, ALWAYS, None)
        return lambda row: not some(row)

    def _all_reach(self, loss: Loss, most: Formula) -> Callable[[Row], bool]:
        """All records together come to the limit."""
        lost, limit = self._lost(loss), self.leaf.slots.numeric(most)
        return lambda row: lost(row) == Fraction(*limit(row)) > 0

    def _runs_out(self, losses: tuple[Loss, ...]) -> bool:
        """Whether more can be lost than there is; of a loss that may cost exactly everything, nothing runs out."""
        known = self.leaf.place.vocabulary
        most = sum((max(one.reach(known).high, Fraction(0)) for one in losses), Fraction(0))
        return bool(most > bounds(self._room, known).low)

    @property
    def _room(self) -> Formula:
        """How much can be lost."""
        place = self.leaf.place
        return place.high if place.demerit else minus(WEIGHT, place.low)

    def _goes_beyond(self, losses: tuple[Loss, ...], credits: tuple[Gain, ...]) -> bool:
        """Whether credits can carry the points beyond the better end of what there may be."""
        place, known = self.leaf.place, self.leaf.place.vocabulary
        least = sum((max(one.reach(known).low, Fraction(0)) for one in losses), Fraction(0))
        most = sum((max(one.reach(known).high, Fraction(0)) for one in credits), Fraction(0))
        better, start = bounds(place.low if place.demerit else place.high, known), bounds(place.start, known)
        room = start.low + least - better.high if place.demerit else better.low - start.high + least
        return bool(most > room)

    def _went_beyond(self, losses: tuple[Loss, ...], credits: tuple[Gain, ...]) -> Callable[[Row], bool]:
        place = self.leaf.place
        low, high, start = (self.leaf.slots.numeric(one) for one in (place.low, place.high, place.start))
        taken, given = [self._lost(one) for one in losses], [self._lost(one) for one in credits]

        def test(row: Row) -> bool:
            least, most, before = Fraction(*low(row)), Fraction(*high(row)), Fraction(*start(row))
            lost = sum((one(row) for one in taken), Fraction(0))
            won = sum((one(row) for one in given), Fraction(0))
            return min(before + lost, most) - won < least if place.demerit else max(before - lost, least) + won > most

        return test

    def _ran_out(self, losses: tuple[Loss, ...]) -> Callable[[Row], bool]:
        """More was lost than there was."""
        room = self.leaf.slots.numeric(self._room)
        each = [self._lost(one) for one in losses]
        return lambda row: sum((lost(row) for lost in each), Fraction(0)) > Fraction(*room(row))

    def _lost(self, loss: Loss) -> Callable[[Row], Fraction]:
        points = self.leaf.slots.numeric(loss.points)
        if loss.over is None:
            return lambda row: max(Fraction(*points(row)), Fraction(0))
        at = self.leaf.slots.of[loss.over]
        most = None if loss.at_most is None else self.leaf.slots.numeric(loss.at_most)

        def lost(row: Row) -> Fraction:
            moved = sum((max(Fraction(*points(one)), Fraction(0)) for one in records(row, at)), Fraction(0))
            return moved if most is None else min(moved, Fraction(*most(row)))

        return lost


def _reads(target: Formula, losses: tuple[Loss, ...]) -> bool:
    """Whether losses read the target, as a condition or as a number."""
    return any(one in (target, TARGET) for loss in losses for read in loss.formulas() for one in everything(read))


def _said(what: Words | str) -> Words:
    return what if isinstance(what, Words) else Words.same(what)


def _named(what: Words | str, shown: list[Words]) -> Words:
    return Words(zh="{what}（{c}）", en="{what} ({c})").fill(what=what, c=listed(shown))
