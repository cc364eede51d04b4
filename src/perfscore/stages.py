"""In which stages a cohort is compared: what reads the rank of a figure comes after the rank is known.

In: a rulebook, and every comparison with others in it, as shapes over its figures. Out: the stage of each, from 0 on, and
how far a subject must be judged before its own figure is there. A circle between subjects was refused when the file was
checked; here it raises `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from perfscore.formula.exact import Slots
from perfscore.formula.prose import peers_name
from perfscore.formula.shapes import All, Choice, Formula, Given, Name, Not, Peers
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Term
from perfscore.formula.walking import names, parts, peers_in
from perfscore.indicator import Branch, Indicator, Node, Varying, nodes
from perfscore.plan import Depth, PlannedPeers
from perfscore.readingorder import by_peers, excused_points, of_everybody, range_formulas, target_of_everybody
from perfscore.rulebook import Rulebook, points_name, share_name
from perfscore.writtenformulas import written_formulas


def mean_of_others(leaf: Indicator) -> Peers:
    """What a leaf has that does not apply, where its author says `peer-mean`."""
    return Peers("mean", Name(points_name(leaf.id)), applying=True)


def planned_peers(
    rulebook: Rulebook, slots: Mapping[Peers, int], of: Mapping[str, int], index: Mapping[str, int]
) -> tuple[PlannedPeers, ...]:
    """Every comparison with its readers, in the order in which they can be made."""
    if not slots:
        return ()
    stages = Stages(rulebook)
    vocabulary = {**rulebook.vocabulary(), "score": Term("score", "number")}
    found: list[PlannedPeers] = []
    for peers, slot in slots.items():
        name = peers_name(peers)
        group = None if peers.by is None else of[peers.by.name]
        read = Slots(of, name=name).value(peers.of)
        holds = type_of(peers.of, vocabulary).sort == "yes-no"
        applying = index[peers.of.name] if peers.applying and isinstance(peers.of, Name) else None
        stage, depth = stages.stage(peers), stages.depth(peers)
        first = frozenset(index[points_name(id)] for id in stages.judged_for(peers))
        found.append(
            PlannedPeers(peers, name, slot, read, group, stage, depth, holds, applying, asked(peers, rulebook), first)
        )
    return tuple(sorted(found, key=lambda one: one.stage))


def asked(peers: Peers, rulebook: Rulebook) -> bool:
    """Whether a comparison is read only where `given` says that its figures are there, wherever it is written."""
    return not any(_unasked(formula, peers, known) for formula, known in _everywhere(rulebook))


def _everywhere(rulebook: Rulebook) -> Iterator[tuple[Formula, frozenset[str]]]:
    """Every formula with the figures that are there where it is read: a node has none for whom it does not apply."""
    behind = _behind(rulebook)
    nowhere = frozenset[str]()
    yield from ((formula, nowhere) for name in behind if "(" not in name for formula in behind[name] if name != "score")
    yield from ((one.that, nowhere) for one in rulebook.checks)
    yield from ((formula, nowhere) for formula in range_formulas(rulebook))
    for rule in rulebook.adjustments:
        yield from ((formula, nowhere) for _, formula in rule.amounts())
        yield from ((rule.when, nowhere),) if rule.when is not None else ()
    above: dict[str, frozenset[str]] = {}
    for node in rulebook.nodes():
        known = above.get(node.id, nowhere)
        if node.applies is not None:
            yield node.applies, known
            known |= _given_by(node.applies)
        above |= {member.id: known for member in node.members}
        yield from ((formula, known) for formula in _judged_by(node, rulebook))
        yield from ((formula, nowhere) for formula in excused_points(node))


def _unasked(formula: Formula, peers: Peers, known: frozenset[str]) -> bool:
    match formula:
        case Peers() if formula == peers:
            return not known.issuperset(names(peers.of))
        case Choice(when=when, then=then, otherwise=otherwise):
            absent = _given_by(when.of) if isinstance(when, Not) else frozenset[str]()
            sides = ((when, known), (then, known | _given_by(when)), (otherwise, known | absent))
            return any(_unasked(one, peers, there) for one, there in sides)
        case All(of=of):
            for part in of:
                if _unasked(part, peers, known):
                    return True
                known |= _given_by(part)
            return False
        case _:
            return any(_unasked(part, peers, known) for part in parts(formula))


def _given_by(condition: Formula) -> frozenset[str]:
    """The figures that are there where a condition holds, by its own words."""
    match condition:
        case Given(name=name):
            return frozenset((name,))
        case All(of=of):
            return frozenset[str]().union(*map(_given_by, of))
        case _:
            return frozenset()


class Stages:
    """What every figure, node and the score rest on, through one another."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.behind = _behind(rulebook)

    def stage(self, peers: Peers, above: tuple[Peers, ...] = ()) -> int:
        """How many comparisons must be known one after another before this one can be made."""
        if peers in above:
            raise ValueError("a rank, or another comparison with others, rests on itself")
        found, _ = self._rests_on((peers.of,) if peers.by is None else (peers.of, peers.by))
        if peers.applying:  # those to whom it applies have no need of the mean of the others
            found.discard(peers)
        return 1 + max((self.stage(one, (*above, peers)) for one in found), default=-1)

    def depth(self, peers: Peers) -> Depth:
        """How far a subject must be judged."""
        _, read = self._rests_on((peers.of,))
        if "score" in read:
            return "score"
        return "nodes" if any(name.startswith(("points(", "share(")) for name in read) else "figures"

    def judged_for(self, peers: Peers) -> set[str]:
        """The nodes that must be judged: those whose points are read, all that is under them, and the pool they are in."""
        _, read = self._rests_on((peers.of,))
        found: set[str] = set()
        every = (self.rulebook.root, *self.rulebook.nodes())
        pools = {member.id: node for node in every if _is_pool(node) for member in node.members}
        for node in every:
            if "score" in read or points_name(node.id) in read or share_name(node.id) in read:
                whole = pools.get(node.id, node)
                found |= {one.id for one in (whole, *nodes(whole.members))}
        return found

    def _rests_on(self, formulas: Iterable[Formula]) -> tuple[set[Peers], set[str]]:
        """The comparisons and the names that formulas rest on."""
        peers: set[Peers] = set()
        read: set[str] = set()
        waiting = list(formulas)
        while waiting:
            one = waiting.pop()
            peers |= {*peers_in(one)}
            for name in names(one):
                if name not in read:
                    read.add(name)
                    waiting.extend(self.behind.get(name, ()))
        return peers, read


def _is_pool(node: Node) -> bool:
    return isinstance(node, Branch) and node.aggregate == "pool"


def _behind(rulebook: Rulebook) -> Mapping[str, tuple[Formula, ...]]:
    found: dict[str, tuple[Formula, ...]] = {one.name: (one.formula,) for one in rulebook.measures}
    found |= {one.name: tuple(one.formulas()) for one in rulebook.parameters}
    over: dict[str, tuple[Formula, ...]] = {}
    for node in rulebook.nodes():
        own = over.get(node.id, ()) + (() if node.applies is None else (node.applies,)) + excused_points(node)
        over |= {member.id: own for member in node.members}
        inside = tuple(formula for one in (node, *nodes(node.members)) for formula in _judged_by(one, rulebook))
        found[points_name(node.id)] = found[share_name(node.id)] = (*own, *inside)
    whole = [formula for one in rulebook.nodes() for formula in _judged_by(one, rulebook)]
    whole += range_formulas(rulebook)
    whole += [one.applies for one in rulebook.nodes() if one.applies is not None]
    whole += [formula for one in rulebook.nodes() for formula in excused_points(one)]
    for rule in rulebook.adjustments:
        whole += [] if rule.when is None else [rule.when]
        whole += [formula for _, formula in rule.amounts()]
        whole += [points.low for points in rule.cap.values()]
    found["score"] = tuple(whole)
    return found


def _judged_by(node: Node, rulebook: Rulebook) -> Iterator[Formula]:
    """Every formula that a node's own points rest on."""
    yield from range_formulas(node)
    yield from (node.stated.formula,) if isinstance(node.stated, Varying) else ()
    if isinstance(node, Indicator):
        yield from (mean_of_others(node),) if by_peers(node, rulebook) else ()
        yield from (one for one in (node.measured, target_of_everybody(node)) if one is not None)
        yield from (
            Name(points_name(id)) for id in rulebook.comes_before(node.id)
        )  # what costs points there costs none here
        place = rulebook.place(node)
        yield from (of_everybody(formula, node, place) for _, formula, _ in written_formulas(node.criterion))
