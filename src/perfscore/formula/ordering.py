"""Which of two figures is never the greater, whatever they are: the least of all peers, one's own, the greatest.

In: the terms of a sum. Out: what is left of them where equal ones cancel, and how many pairs cannot come to less than 0.
Only the shapes are looked at; no domain is read here.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.formula.shapes import Compared, Formula, Negative, Peers, Sum

_LOWER: dict[Compared, tuple[Compared, ...]] = {
    "max": ("mean", "trimmed_mean", "min"),
    "mean": ("min",),
    "trimmed_mean": ("min",),
    "count": ("rank",),
}


def never_less(one: Formula, other: Formula) -> bool:
    """Whether the one is at least the other wherever both are there; who is compared is always among the peers.

    >>> from perfscore.formula.syntax import parse
    >>> never_less(parse("peers.max(x)").formula, parse("x").formula)
    True
    """
    match one, other:
        case Peers(what=what, of=of), Peers(what=lower, of=same) if of == same:
            return one.by == other.by and one.applying == other.applying and lower in _LOWER.get(what, ())
        case Peers(what="max", of=of, applying=False), _ if of == other:
            return True
        case _, Peers(what="min", of=of, applying=False) if of == one:
            return True
        case _:
            return False


def settled(terms: tuple[Formula, ...]) -> tuple[tuple[Formula, ...], int] | None:
    """The terms without those that cancel, and how many differences of 0 or more were taken out; nothing where none is."""
    flat = list(_flat(terms, 1))
    up = [term for term, sign in flat if sign > 0]
    down = [term for term, sign in flat if sign < 0]
    before = len(up) + len(down)
    for term in list(down):
        if term in up:
            up.remove(term)
            down.remove(term)
    pairs = 0
    for term in list(down):
        above = next((one for one in up if never_less(one, term)), None)
        if above is not None:
            up.remove(above)
            down.remove(term)
            pairs += 1
    if len(up) + len(down) == before:
        return None
    return (*up, *map(Negative, down)), pairs


def _flat(terms: tuple[Formula, ...], sign: int) -> Iterator[tuple[Formula, int]]:
    for term in terms:
        match term:
            case Sum(terms=inner):
                yield from _flat(inner, sign)
            case Negative(of=of):
                yield from _flat((of,), -sign)
            case _:
                yield term, sign
