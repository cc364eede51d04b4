"""In which stages a cohort is compared: what reads the rank of a figure comes after the rank is known.

In: a rulebook, and every comparison with others in it, as shapes over its figures. Out: the stage of each, from 0 on, and
how far a subject must be judged before its own figure is there. A circle between subjects was refused when the file was
checked; here it raises `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from perfscore.formula.exact import Slots
from perfscore.formula.prose import peers_name
from perfscore.formula.shapes import Formula, Name, Peers
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Term
from perfscore.formula.walking import names, peers_in
from perfscore.indicator import Indicator, Node, Varying, nodes
from perfscore.plan import Depth, PlannedPeers
from perfscore.readingorder import by_peers, of_everybody
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
        found.append(PlannedPeers(peers, name, slot, read, group, stage, depth, holds, applying))
    return tuple(sorted(found, key=lambda one: one.stage))


class Stages:
    """What every figure, node and the score rest on, through one another."""

    def __init__(self, rulebook: Rulebook) -> None:
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


def _behind(rulebook: Rulebook) -> Mapping[str, tuple[Formula, ...]]:
    found: dict[str, tuple[Formula, ...]] = {one.name: (one.formula,) for one in rulebook.measures}
    found |= {one.name: tuple(one.formulas()) for one in rulebook.parameters}
    over: dict[str, tuple[Formula, ...]] = {}
    for node in rulebook.nodes():
        own = over.get(node.id, ()) + (() if node.applies is None else (node.applies,))
        over |= {member.id: own for member in node.members}
        inside = tuple(formula for one in (node, *nodes(node.members)) for formula in _judged_by(one, rulebook))
        found[points_name(node.id)] = found[share_name(node.id)] = (*own, *inside)
    whole = [formula for one in rulebook.nodes() for formula in _judged_by(one, rulebook)]
    whole += [one.applies for one in rulebook.nodes() if one.applies is not None]
    for rule in rulebook.adjustments:
        whole += [] if rule.when is None else [rule.when]
        whole += [formula for _, formula in rule.amounts()]
        whole += [points.low for points in rule.cap.values()]
    found["score"] = tuple(whole)
    return found


def _judged_by(node: Node, rulebook: Rulebook) -> Iterator[Formula]:
    """Every formula that a node's own points rest on."""
    yield from () if node.range is None else (node.range.low.low, node.range.high.low)
    yield from (node.stated.formula,) if isinstance(node.stated, Varying) else ()
    if isinstance(node, Indicator):
        yield from (mean_of_others(node),) if by_peers(node, rulebook) else ()
        yield from (one for one in (node.measured, node.target) if one is not None)
        yield from (
            Name(points_name(id)) for id in rulebook.comes_before(node.id)
        )  # what costs points there costs none here
        place = rulebook.place(node)
        yield from (of_everybody(formula, node, place) for _, formula, _ in written_formulas(node.criterion))
