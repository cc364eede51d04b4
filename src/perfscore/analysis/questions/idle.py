"""Is there an entry of a criterion that never does anything?

In: a rulebook. Out: a warning for a band, a row, a loss that nobody can fall into or that never takes a point, with the
entries before it that leave it nothing; a note for a limit that what it limits never comes to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfscore.analysis.places import interval_text
from perfscore.analysis.questions.targets import decided
from perfscore.analysis.showing import Looked, looked
from perfscore.analysis.slopes import extremes, on
from perfscore.criterion import Keeping, Kept, Loss, Place
from perfscore.diagnostic import Code, Diagnostic, KeyPath, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.deciding import apart
from perfscore.formula.intervals import EVERYTHING, End, Interval
from perfscore.formula.piece import NoCurveError
from perfscore.formula.pieces import curve
from perfscore.formula.shapes import ALWAYS, VALUE, All, Formula, Not
from perfscore.indicator import Indicator
from perfscore.rulebook import Rulebook
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

NEVER_APPLIES = Code(
    "PS245",
    "entry-never-applies",
    Words(zh="这一档（条）永远轮不到。", en="An entry of a criterion never comes to apply."),
)
LIMIT_NEVER_REACHED = Code(
    "PS246",
    "limit-never-reached",
    Words(zh="上限（at_most）永远到不了。", en="A limit (at_most) is never reached."),
)


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Every entry that is idle, and every limit."""
    known = {one.leaf.id: one for one in looked(rulebook)}
    for leaf in rulebook.indicators():
        place = rulebook.place(leaf)
        at: KeyPath = ("indicators", *leaf.id.split("."), "criterion")
        one = known.get(leaf.id)
        if isinstance(leaf.criterion, Keeping):
            yield from (told.under(*at) for told in _kept(leaf, leaf.criterion, place, one))
        else:
            moves = [*leaf.criterion.losses(place), *leaf.criterion.credits(place)]
            yield from (told.under(*at) for told in _moves(moves, place, one))
            yield from (told.under(*at) for told in _limits(leaf, moves, place, one))


def _kept(leaf: Indicator, criterion: Keeping, place: Place, one: Looked | None) -> Iterator[Diagnostic]:
    before: list[tuple[Kept, Formula]] = []
    for entry in criterion.kept(place):
        # what is left over when nothing else applies may stay idle: it is there to be safe
        if not entry.at or entry.unless is not None or entry.at == ("otherwise",):
            continue
        holds = All((entry.when,))
        if _never(entry.when, place, one):
            own = entry.when
            taking = [
                earlier for earlier, when in before if not apart(All((_own(own), _own(when))), ALWAYS, place.vocabulary)
            ]
            yield Diagnostic(
                NEVER_APPLIES,
                entry.at,
                (SHADOWED if taking and _own(own) != own else OUTSIDE).fill(d=_domain(place, one)),
                Words(zh="改条件，或删去这一条", en="change its condition, or take it out"),
                "warning",
                related=tuple(
                    Related(earlier.at, Words(zh="先由这一条取走", en="this one takes it first")) for earlier in taking
                )
                if _own(own) != own
                else (),
                witness=_end_of_domain(one),
            )
        before.append((entry, holds))


SHADOWED = Words(zh="前面的各条已经把它全部取走", en="the entries before it leave nothing to it")
OUTSIDE = Words(zh="没有值能落进这里{d}", en="nothing can fall here{d}")


def _own(when: Formula) -> Formula:
    """The condition of an entry itself, where it is written after those that come first."""
    match when:
        case All(of=(Not(), own)):
            return own
        case All(of=(own,)):
            return _own(own)
        case _:
            return when


def _never(when: Formula, place: Place, one: Looked | None) -> bool:
    return apart(when, ALWAYS, place.vocabulary) or (one is not None and decided(when, one) is False)


def _moves(moves: list[Loss], place: Place, one: Looked | None) -> Iterator[Diagnostic]:
    for move in moves:
        if not move.at or _most(move, place, one).high > 0:
            continue
        yield Diagnostic(
            NEVER_APPLIES,
            move.at,
            Words(zh="这一条永远是 0 分{d}", en="this never comes to a point{d}").fill(d=_domain(place, one)),
            Words(zh="改条件或起点，或删去这一条", en="change its condition or its start, or take it out"),
            "warning",
            witness=_end_of_domain(one),
        )


def _most(move: Loss, place: Place, one: Looked | None) -> Interval:
    """All that a move can come to."""
    reach = move.reach(place.vocabulary)
    if one is None or move.over is not None:
        return reach
    try:
        pieces = curve(move.points, "value", bounds(VALUE, place.vocabulary), place.vocabulary)
    except NoCurveError:
        return reach
    found = extremes(on(pieces, EVERYTHING, whole=one.whole))
    return reach if found is None else Interval(found[0][0], found[1][0])


def _limits(leaf: Indicator, moves: list[Loss], place: Place, one: Looked | None) -> Iterator[Diagnostic]:
    written = {path: formula for path, formula, _ in written_formulas(leaf.criterion) if path[-1:] == ("at_most",)}
    for move in moves:
        limit = written.get((*move.at, "at_most"))
        if limit is None or move.over is not None:
            continue
        most, held = _most(move, place, one).high, bounds(limit, place.vocabulary).low
        if 0 < most < held:
            yield Diagnostic(
                LIMIT_NEVER_REACHED,
                (*move.at, "at_most"),
                Words(
                    zh="上限 {l} 分到不了：最多 {m} 分{d}", en="the limit of {l} is never reached: at most {m}{d}"
                ).fill(l=_text(held), m=_text(most), d=_domain(place, one)),
                Words(zh="删去 at_most，或把它写小", en="take at_most out, or write a smaller one"),
                "note",
                related=(
                    Related(move.at, Words(zh="这一条最多 {m} 分", en="comes to {m} at most").fill(m=_text(most))),
                ),
            )


def _text(points: End) -> str:
    return interval_text(Interval(points, points))


def _domain(place: Place, one: Looked | None) -> Words:
    if one is None:
        return Words.same("")
    where = interval_text(bounds(VALUE, place.vocabulary), percent=one.percent)
    return Words(zh="（取值范围 {d}）", en=" (the domain is {d})").fill(d=where)


def _end_of_domain(one: Looked | None) -> tuple[tuple[str, str], ...]:
    """A value that is there, and does not fall here."""
    shown = None if one is None else one.show(bounds(VALUE, one.place.vocabulary))
    return () if shown is None else shown.witness
