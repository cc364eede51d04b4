"""A second opinion on the whole: weights, aggregates, what does not apply, adjustments, told again from the design.

In: a rulebook, the value of every input and answer, and what people said beside. Out: points of every node, the subtotal
and the score. Everything is a `Fraction` and a recursion over the model: nothing of `plan`, `judging`, `aggregating`,
`adjusting` or `weights` is used here. What the design leaves undecided, or what this telling does not cover, is raised
as `Beyond`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

from attrs import define, field

from perfscore.formula.prose import peers_name
from perfscore.formula.shapes import Formula, Name, Peers
from perfscore.formula.walking import parts
from perfscore.indicator import Branch, Even, Fixed, Indicator, Node, Share, Varying
from perfscore.parameter import Parameter
from perfscore.readingorder import of_everybody
from perfscore.rulebook import Rulebook, points_name, share_name
from perfscore.stages import mean_of_others
from tests.laws.naive import Lacking, Value, or_lacking, read, rounded, takings


class Beyond(Exception):  # noqa: N818 - not an error of perfscore
    """This telling does not go so far."""


def _reads_nodes(formula: Formula) -> bool:
    """Whether a formula reads the points of nodes itself; what it reads of others is told beforehand."""
    match formula:
        case Peers():
            return False
        case Name(name=name):
            return name.startswith(("points(", "share("))
        case _:
            return any(map(_reads_nodes, parts(formula)))


@define
class Kept:
    """What a node kept: published, exact, and the weights in it that do not apply."""

    points: Fraction | None
    exact: Fraction = Fraction(0)
    state: str = "scored"
    out: bool = False
    rescaled: Fraction = Fraction(0)
    unscored: Fraction = Fraction(0)
    shared: Fraction = Fraction(0)
    beyond: Fraction = Fraction(0)


@define
class Naive:
    """One subject."""

    rulebook: Rulebook
    inputs: Mapping[str, Value]
    answers: Mapping[str, Mapping[str, Value]]
    words: frozenset[str]
    reviewed: Mapping[str, Fraction]
    day: date | None
    known: dict[str, Value] = field(factory=dict)
    kept: dict[str, Kept] = field(factory=dict)
    worth: dict[str, Fraction] = field(factory=dict)
    charged: dict[str, set[str]] = field(factory=dict)
    """The keys of the records that cost points, by the indicator at which they did."""

    def round(self, value: Fraction, places: int | None = None, mode: str | None = None) -> Fraction:
        rounding = self.rulebook.rounding
        return rounded(value, rounding.places if places is None else places, mode or rounding.mode)

    # figures

    def figures(self) -> None:
        self.known = dict(self.inputs)
        waiting: list[Any] = [*self.rulebook.parameters, *self.rulebook.measures]
        names = {one.name for one in waiting}
        while waiting:
            ready = [one for one in waiting if not set(one.reads()) & names & {two.name for two in waiting}]
            if not ready:
                raise Beyond
            for one in ready:
                if any(name.startswith(("points(", "share(")) for name in one.reads()):
                    raise Beyond
                self.known[one.name] = (
                    self.parameter(one) if isinstance(one, Parameter) else or_lacking(one.formula, self.known, {})
                )
                waiting.remove(one)

    def parameter(self, one: Parameter) -> Value:
        group = "" if one.by is None else self.known[one.by]
        if isinstance(group, Lacking):
            return group
        key = str(group).lower() if isinstance(group, bool) else str(group)
        found: Formula | None = None
        latest = None
        for dated in one.values.get(key, ()):
            if dated.start is None:
                found = found or dated.formula
            elif self.day is None:
                return Lacking("missing")
            elif dated.start <= self.day and (latest is None or dated.start > latest):
                found, latest = dated.formula, dated.start
        return Lacking("missing") if found is None else or_lacking(found, self.known, {})

    # weights

    def weigh(self) -> None:
        self.share_out(self.rulebook.members, self.rulebook.full_marks)

    def share_out(self, members: tuple[Node, ...], whole: Fraction | None) -> None:
        exact: dict[str, Fraction] = {}
        for one in members:
            match one.stated:
                case Fraction():
                    self.worth[one.id] = one.stated
                case None if isinstance(one, Branch):
                    self.share_out(one.members, None)
                    self.worth[one.id] = sum((self.worth[inner.id] for inner in one.members), Fraction(0))
                case Share(part=part) if whole is not None:
                    exact[one.id] = part * whole
                case Varying(formula=formula):
                    value = or_lacking(formula, self.known, {})
                    if not isinstance(value, Fraction):
                        raise Beyond
                    exact[one.id] = value
                case Even():
                    pass
                case _:
                    raise Beyond
        even = [one.id for one in members if isinstance(one.stated, Even)]
        if even and whole is not None:
            rest = (
                whole
                - sum(exact.values(), Fraction(0))
                - sum((self.worth.get(one.id, Fraction(0)) for one in members), Fraction(0))
            )
            exact |= dict.fromkeys(even, rest / len(even))
        places = self.rulebook.rounding.places
        unit = Fraction(1, 10**places)
        down = {id: (value // unit) * unit for id, value in exact.items()}
        left = rounded(sum(exact.values(), Fraction(0)), places, "half-up") - sum(down.values(), Fraction(0))
        for id in sorted(exact, key=lambda id: down[id] - exact[id])[: int(left / unit)]:
            down[id] += unit
        self.worth |= down
        for one in members:
            if isinstance(one, Branch) and one.stated is not None and one.aggregate != "pool":
                self.share_out(one.members, self.worth[one.id])

    # the tree

    def whole(self) -> Kept:
        self.figures()
        self.weigh()
        if (
            self.rulebook.aggregate == "sum"
            and sum((self.worth[one.id] for one in self.rulebook.members), Fraction(0)) != self.rulebook.full_marks
        ):
            raise Beyond
        self.worth[""] = self.rulebook.full_marks
        return self.node(self.rulebook.root, (), "sum")

    def node(self, node: Node, above: tuple[Node, ...], around: str) -> Kept:
        kept = self.leaf(node, above, around) if isinstance(node, Indicator) else self.branch(node, above)
        self.kept[node.id] = kept
        return kept

    def away(self, node: Node, above: tuple[Node, ...]) -> Node | None:
        for one in (*above, node):
            if one.id and one.id in self.words:
                return one
            if one.applies is not None and not read(one.applies, self.readable(one.applies), {}):
                return one
        return None

    def readable(self, formula: Formula) -> Mapping[str, Value]:
        from perfscore.formula.walking import names

        if any(name.startswith(("points(", "share(")) for name in names(formula)):
            raise Beyond
        return self.known

    def leaf(self, leaf: Indicator, above: tuple[Node, ...], around: str) -> Kept:
        weight = self.worth[leaf.id]
        self.charged[leaf.id] = set()
        kept = self.ruled(leaf, above, around, weight)
        if kept.state != "scored":
            self.charged[leaf.id] = set()
        if leaf.id in self.reviewed:
            points = self.reviewed[leaf.id]
            low, high = self.ends(leaf, weight)
            inside = low <= points <= high
            if not inside:
                self.charged[leaf.id] = set()
            return Kept(points, points) if inside else Kept(None, state="not-scored")
        return kept

    def spent(self, leaf: Indicator, places: Mapping[str, tuple[Indicator, tuple[Node, ...], str]]) -> set[str]:
        """The keys of the records that cost points at an indicator of higher priority, which are judged for it first."""
        once = self.rulebook.once
        earlier = once[: once.index(leaf.id)] if leaf.id in once else ()
        for id in earlier:
            if id not in self.charged:
                self.leaf(*places[id])
        return set().union(*(self.charged[id] for id in earlier))

    def places(
        self, node: Node, above: tuple[Node, ...], around: str
    ) -> dict[str, tuple[Indicator, tuple[Node, ...], str]]:
        if isinstance(node, Indicator):
            return {node.id: (node, above, around)}
        inner = (*above, node) if node.id else ()
        found: dict[str, tuple[Indicator, tuple[Node, ...], str]] = {}
        for one in node.members:
            found |= self.places(one, inner, node.aggregate)
        return found

    def ruled(self, leaf: Indicator, above: tuple[Node, ...], around: str, weight: Fraction) -> Kept:
        demerit = self.rulebook.demerit
        try:
            if (node := self.away(leaf, above)) is not None:
                return self.not_applicable(node, leaf, around, weight)
            exact = self.judged(leaf, weight)
        except Lacking as lacking:
            policy = leaf.missing if lacking.state == "missing" else leaf.undefined
            if policy == "not-applicable":
                return self.not_applicable(leaf, leaf, around, weight)
            zero = weight if demerit else Fraction(0)
            return Kept(zero if policy == "zero" else None, zero, lacking.state)
        points = self.printed(leaf, exact)
        start = Fraction(0) if demerit else weight
        if exact == start:
            points = start
        return Kept(points, exact)

    def printed(self, leaf: Indicator, exact: Fraction) -> Fraction:
        own = leaf.rounding
        return self.round(exact) if own is None else self.round(exact, own.places, own.mode)

    def ends(self, node: Node, weight: Fraction) -> tuple[Fraction, Fraction]:
        if node.range is None:
            return Fraction(0), weight
        known = {**self.known, "weight": weight}
        found = read(node.range.low.low, known, {}), read(node.range.high.low, known, {})
        assert isinstance(found[0], Fraction)
        assert isinstance(found[1], Fraction)
        return found[0], found[1]

    def judged(self, leaf: Indicator, weight: Fraction) -> Fraction:
        """What is left of a leaf, exactly: the losses, one after another, and then the gains."""
        from perfscore.formula.walking import names, peers_in

        demerit = self.rulebook.demerit
        place = self.rulebook.place(leaf)
        known: dict[str, Value] = {**self.known, "weight": weight}
        answers = self.answers.get(leaf.id, {})
        if any(_reads_nodes(one) for one in (leaf.measured, place.target_number) if one is not None):
            raise Beyond
        moved = (*leaf.criterion.losses(place), *leaf.criterion.credits(place))
        spoken = [formula for loss in moved for formula in loss.formulas()]
        spoken += [] if place.target_number is None or leaf.measured is None else [place.target_number]
        for peers in (one for formula in spoken for one in peers_in(formula)):
            # a criterion and a target speak of their own `value`, all others of the figure
            known[peers_name(peers)] = known[peers_name(of_everybody(peers, leaf, place))]
        if leaf.measured is not None:
            known["value"] = or_lacking(leaf.measured, known, answers)
            if place.target_number is not None:
                known["target"] = or_lacking(place.target_number, known, answers)
        low, high = self.ends(leaf, weight)
        left = Fraction(0) if demerit else weight
        spent = self.spent(leaf, self.places(self.rulebook.root, (), "sum"))
        for sign, losses in (
            (1 if demerit else -1, leaf.criterion.losses(place)),
            (-1 if demerit else 1, leaf.criterion.credits(place)),
        ):
            for loss in losses:
                if any(name.startswith(("points(", "share(")) for one in loss.formulas() for name in names(one)):
                    raise Beyond
                lost = (sign < 0) is not demerit
                key = next((one.key for one in self.rulebook.inputs if one.name == loss.over), None)
                for id, taken in takings(loss, known, answers, key, spent if lost else set()):
                    before = left
                    if taken > 0:
                        left = max(low, left - taken) if sign < 0 else min(high, left + taken)
                    if lost and id and self.printed(leaf, before) != self.printed(leaf, left):
                        self.charged[leaf.id].add(id)
        return left

    def not_applicable(self, node: Node, leaf: Indicator, around: str, weight: Fraction) -> Kept:
        demerit = self.rulebook.demerit
        nothing = Kept(None, state="not-applicable", out=True)
        if around not in ("sum", "pool"):
            return nothing
        match node.not_applicable:
            case "full":
                points = Fraction(0) if demerit else weight
            case "rescale":
                return Kept(Fraction(0), state="not-applicable", rescaled=weight)
            case "siblings":
                return Kept(Fraction(0), state="not-applicable", shared=weight)
            case "unscored":
                nothing.unscored = weight
                return nothing
            case Fixed(points=fixed):
                value = read(fixed.low, {**self.known, "weight": weight}, {})
                assert isinstance(value, Fraction)
                low, high = self.ends(leaf, weight)
                points = min(max(self.round(value), low), high)
            case "peer-mean":
                mean = self.known[peers_name(mean_of_others(leaf))]
                if isinstance(mean, Lacking):
                    raise mean
                assert isinstance(mean, Fraction)
                low, high = self.ends(leaf, weight)
                points = min(max(self.round(mean), low), high)
            case _:
                return Kept(None, state="not-applicable")
        return Kept(points, points, "not-applicable")

    def branch(self, branch: Branch, above: tuple[Node, ...]) -> Kept:
        inner = (*above, branch) if branch.id else ()
        if branch.aggregate == "pool":
            raise Beyond
        members = branch.members
        if branch.aggregate == "one-of":
            choice = self.known[branch.by or ""]
            if isinstance(choice, Lacking):
                for one in members:
                    self.mark(one, Kept(None, state=choice.state))
                return Kept(None, state="not-scored")
            chosen = tuple(one for one in members if one.id.rpartition(".")[2] == choice)
            for one in set(members) - set(chosen):
                self.mark(one, Kept(None, state="not-applicable", out=True))
            members = chosen
        kept = [self.node(one, inner, branch.aggregate) for one in members]
        whole = self.worth[branch.id]
        if branch.aggregate != "sum":
            return self.shares(branch, members, kept, whole)
        if any(one.points is None and not one.out for one in kept):
            return Kept(None, state="not-scored")
        rescaled = sum((one.rescaled for one in kept), Fraction(0))
        unscored = sum((one.unscored for one in kept), Fraction(0))
        shared = sum((one.shared for one in kept), Fraction(0))
        alive = [
            (node, one)
            for node, one in zip(members, kept, strict=True)
            if one.points is not None and not (one.state == "not-applicable" and (one.rescaled or one.shared))
        ]
        if not alive:
            return Kept(None, state="not-scored", out=not shared, rescaled=rescaled, unscored=unscored)
        points = sum((one.points for one in kept if one.points is not None), Fraction(0))
        exact = sum((one.exact for one in kept), Fraction(0))
        beyond = sum(
            (
                one.beyond if self.worth[node.id] else one.points or Fraction(0)
                for node, one in zip(members, kept, strict=True)
            ),
            Fraction(0),
        )
        weight = sum((self.worth[node.id] - one.rescaled - one.unscored for node, one in alive), Fraction(0))
        if shared:
            if weight <= 0:
                return Kept(None, state="not-scored", rescaled=rescaled, unscored=unscored)
            grown = (weight + shared) / weight
            points = self.round((points - beyond) * grown) + beyond
            exact = (exact - beyond) * grown + beyond
        if not branch.id and rescaled:
            rest = self.rulebook.full_marks - rescaled - unscored
            if rest <= 0:
                return Kept(None, state="not-scored")
            points = self.round((points - beyond) * (rest + rescaled) / rest) + beyond
        return self.within(branch, Kept(points, exact, rescaled=rescaled, unscored=unscored, beyond=beyond))

    def mark(self, node: Node, kept: Kept) -> None:
        self.kept[node.id] = kept
        for one in node.members:
            self.mark(one, kept)

    def within(self, branch: Branch, kept: Kept) -> Kept:
        if branch.range is None or kept.points is None:
            return kept
        low, high = (self.round(end) for end in self.ends(branch, self.worth[branch.id]))
        points = min(max(kept.points, low), high)
        if points != kept.points:
            kept.points = kept.exact = points
            kept.beyond = Fraction(0)
        return kept

    def shares(self, branch: Branch, members: tuple[Node, ...], kept: list[Kept], whole: Fraction) -> Kept:
        if any(one.points is None and not one.out for one in kept):
            return Kept(None, state="not-scored")
        found = [
            (one.exact / weight, weight)
            for node, one in zip(members, kept, strict=True)
            if one.points is not None and (weight := self.worth[node.id] - one.rescaled - one.unscored) > 0
        ]
        if not found:
            return Kept(None, state="not-scored")
        shares = [share for share, _ in found]
        match branch.aggregate:
            case "min":
                value = min(shares)
            case "max":
                value = max(shares)
            case "mean" | "one-of":
                value = sum(shares, Fraction(0)) / len(shares)
            case "scaled":
                value = sum((share * weight for share, weight in found), Fraction(0)) / sum(
                    weight for _, weight in found
                )
            case "best":
                best = sorted(shares)[-(branch.n or 1) :]
                value = sum(best, Fraction(0)) / len(best)
            case "geometric" if len(set(shares)) == 1 or 0 in shares:
                value = Fraction(0) if 0 in shares or shares[0] < 0 else shares[0]
            case _:
                raise Beyond
        exact = value * whole
        own = branch.rounding or self.rulebook.rounding
        return self.within(branch, Kept(self.round(exact, own.places, own.mode), exact))

    # the total

    def with_nodes(self) -> dict[str, Value]:
        """Everything that is known once the tree was told, the points and the share of every node too."""
        known = dict(self.known)
        for node in self.rulebook.nodes():
            points, weight = self.kept[node.id].points, self.worth.get(node.id, Fraction(0))
            known[points_name(node.id)] = Lacking("missing") if points is None else points
            known[share_name(node.id)] = (
                Lacking("missing") if points is None else points / weight if weight else Lacking("undefined")
            )
        return known

    def score(self) -> tuple[Fraction | None, Fraction | None]:
        """The subtotal and the score."""
        total = self.whole()
        rulebook = self.rulebook
        if any(rule.zero or rule.cap for rule in rulebook.adjustments):
            raise Beyond
        if total.points is None:
            return None, None
        full = rulebook.full_marks - total.unscored
        known = self.with_nodes() | {"weight": full}
        low, high = Fraction(0), full
        if rulebook.range is not None:
            ends = [read(end.low, known, {}) for end in (rulebook.range.low, rulebook.range.high)]
            low, high = (self.round(end) for end in ends if isinstance(end, Fraction))
        score = min(max(total.points, low), high)
        for rule in rulebook.adjustments:
            known["score"] = score
            try:
                if rule.when is not None and not read(rule.when, known, {}):
                    continue
                effects = {key: read(formula, known, {}) for key, formula in rule.amounts()}
            except Lacking:
                return total.points, None
            score = reduce(lambda now, effect: self.moved(now, *effect), effects.items(), score)
            score = min(max(score, low), high)
        return total.points, score

    def moved(self, score: Fraction, key: str, amount: Any) -> Fraction:
        match key:
            case "add":
                return score + self.round(amount)
            case "deduct":
                return score - self.round(amount)
            case "multiply":
                return self.round(score * amount)
            case "cap_score":
                return min(score, self.round(amount))
            case _:
                return self.round(amount)
