"""Does anything read itself, or what is not known yet?

In: a draft. Out: a complaint that shows the circle of reads: of measures, of parameters, of the points of indicators; and
one for what is needed before any indicator is judged (a weight, a range, the group of a parameter) and reads points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.shapes import Formula, Name
from perfscore.formula.walking import names
from perfscore.indicator import Fixed, Varying
from perfscore.rulebook import points_name, share_name
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

CIRCLE = Code(
    "PS504",
    "circle",
    Words(
        zh="计算指标、参数或指标的得分绕了一圈又读到自己。",
        en="Measures, parameters or the points of indicators read one another in a circle.",
    ),
)
POINTS_TOO_EARLY = Code(
    "PS505",
    "points-too-early",
    Words(
        zh="分值、得分范围和参数的分组在评分之前就要知道，不能读得分。",
        en="Weights, ranges and the group of a parameter are known before anything is judged: they cannot read points.",
    ),
)
Reads = Mapping[str, tuple[str, ...]]


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every circle, once, at the first that stands in it; then every read of points that comes too early."""
    places, reads = dict(_places(draft)), dict(_reads(draft))
    branches = {points_name(node.id) for node in draft.nodes() if node.members}
    yield from _circles(places, reads, branches)
    yield from _too_early(draft, reads)


def _circles(places: Mapping[str, KeyPath], reads: Reads, branches: set[str]) -> Iterator[Diagnostic]:
    told: set[str] = set()
    for start in sorted(_entangled(reads), key=lambda name: name in branches):  # whoever wrote the read is shown first
        trail = [] if start in told else _circle(start, reads)
        if trail and not told & set(trail):
            told |= set(trail)
            yield Diagnostic(
                CIRCLE,
                places[start],
                Words(zh="绕回自己：{trail}", en="reads itself: {trail}").fill(trail=" → ".join([*trail, start])),
                Words(zh="让其中一个改读输入", en="let one of them read an input instead"),
                part="value" if places[start][-1] == "formula" else "key",
            )


def _entangled(reads: Reads) -> list[str]:
    """What is left when all that reads only what is known has been taken away, figures before nodes."""
    waiting = {name: {one for one in used if one in reads} for name, used in reads.items()}
    while ready := {name for name, used in waiting.items() if not used}:
        waiting = {name: used - ready for name, used in waiting.items() if name not in ready}
    return list(waiting)


def _circle(start: str, reads: Reads) -> list[str]:
    """The shortest way from `start` back to itself, or nothing."""
    waiting, seen = [[start]], set[str]()
    for trail in waiting:
        for used in reads.get(trail[-1], ()):
            if used == start:
                return trail
            if used not in seen:
                seen.add(used)
                waiting.append([*trail, used])
    return []


def _places(draft: Draft) -> Iterator[tuple[str, KeyPath]]:
    yield from ((name, ("measures", name, "formula")) for name in draft.measures)
    yield from ((name, ("parameters", name)) for name in draft.parameters)
    yield from ((points_name(node.id), node.at) for node in draft.nodes())


def _reads(draft: Draft) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What every figure, and the points of every node, read; a share is read where its points are."""
    points = {share_name(node.id): points_name(node.id) for node in draft.nodes()}
    once = () if draft.header is None else draft.header.once
    for name, measure in draft.measures.items():
        yield name, _named(() if measure is None else (measure.formula,), points)
    for name, parameter in draft.parameters.items():
        used = () if parameter is None else parameter.reads()
        yield name, tuple(dict.fromkeys(points.get(one, one) for one in used))
    for node, above in _with_ancestors(draft.members, ()):
        applies = tuple(one.applies for one in (*above, node) if one.applies is not None)
        members = tuple(points_name(one.id) for one in node.members)
        earlier = once[: once.index(node.id)] if node.id in once else ()
        before = tuple(points_name(id) for id in earlier)  # which records are spent there is asked here
        yield points_name(node.id), (*members, *before, *_named((*_judged_by(node), *applies), points))


def _with_ancestors(
    members: tuple[DraftNode, ...], above: tuple[DraftNode, ...]
) -> Iterator[tuple[DraftNode, tuple[DraftNode, ...]]]:
    for member in members:
        yield member, above
        yield from _with_ancestors(member.members, (*above, member))


def _judged_by(node: DraftNode) -> Iterator[Formula]:
    if not node.members:
        yield from (one for one in (node.measured, node.target) if one is not None)
        yield from (formula for _, formula, _ in written_formulas(node.criterion))


def _named(formulas: tuple[Formula, ...], points: Mapping[str, str]) -> tuple[str, ...]:
    found = (points.get(name, name) for one in formulas for name in names(one))
    return tuple(dict.fromkeys(found))


def _too_early(draft: Draft, reads: Reads) -> Iterator[Diagnostic]:
    nodes = {
        read: points_name(node.id) for node in draft.nodes() for read in (points_name(node.id), share_name(node.id))
    }
    for at, formula in _early(draft):
        for name in names(formula):
            trail = _to_points(name, reads, nodes)
            if not trail:
                continue
            through = Words.same("")
            if len(trail) > 1:
                through = Words(zh="（经 {t}）", en=" (by way of {t})").fill(t=" → ".join(trail))
            yield Diagnostic(
                POINTS_TOO_EARLY,
                at,
                Words(zh="这里不能读得分 {p}", en="this cannot read {p}").fill(p=trail[-1]) + through,
                Words(
                    zh="改读输入；随得分变的写进 [[adjustments]] 或 criterion",
                    en="read an input; what depends on points goes to [[adjustments]] or to a criterion",
                ),
            )
            break


def _early(draft: Draft) -> Iterator[tuple[KeyPath, Formula]]:
    """Every formula that is read before anything is judged."""
    for node in draft.nodes():
        if isinstance(node.stated, Varying):
            yield (*node.at, "weight"), node.stated.formula
        if node.range is not None:
            yield from (((*node.at, "range", at), one.low) for at, one in enumerate((node.range.low, node.range.high)))
        if isinstance(node.not_applicable, Fixed):
            yield (*node.at, "not_applicable", "points"), node.not_applicable.points.low
    if draft.range is not None:
        ends = (draft.range.low, draft.range.high)
        yield from ((("rulebook", "range", at), one.low) for at, one in enumerate(ends))
    for name, parameter in draft.parameters.items():
        if parameter is not None and parameter.by is not None:
            yield ("parameters", name, "by"), Name(parameter.by)


def _to_points(name: str, reads: Reads, nodes: Mapping[str, str]) -> list[str]:
    """The way from a name to the points that it rests on, or nothing."""
    waiting, seen = [[name]], {name}
    for trail in waiting:
        if trail[-1] in nodes:
            return trail
        for used in reads.get(trail[-1], ()):
            if used not in seen:
                seen.add(used)
                waiting.append([*trail, used])
    return []
