"""In what two documents of plain data differ.

In: a document as it was found, and as it should be. Out: every place where they differ, in the order of the first.
Records of a list are recognised by what they are called, so that one too many is one difference, and not all that follow.
What the keys mean is no matter here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import Enum
from typing import Final, TypeAlias

from attrs import frozen

from perfscore.diagnostic import KeyPath

_CALLED = ("id", "name", "indicator", "code", "record")
"""What a record of a list goes by, as far as it has these."""


class Nothing(Enum):
    """What stands where a document has nothing at all, which is not `null`."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING
Plain: TypeAlias = object


@frozen
class Difference:
    """What stands at a place, and what should. Where a record of a list is lacking, `at` is the list."""

    at: KeyPath
    found: Plain
    wanted: Plain


def differences(found: Plain, wanted: Plain, at: KeyPath = ()) -> Iterator[Difference]:
    """Every difference, down to single values; 1, 1.0, true and "1" are four values.

    >>> [one.at for one in differences({"a": [1, "2"], "b": 1}, {"a": [1, 2]})]
    [('a', 1), ('b',)]
    """
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        for key, value in found.items():
            yield from _against(value, wanted.get(key, NOTHING), (*at, key))
        for key, value in wanted.items():
            if key not in found:
                yield Difference((*at, key), NOTHING, value)
    elif isinstance(found, list) and isinstance(wanted, list):
        yield from _listed(found, wanted, at)
    elif _kind(found) is not _kind(wanted) or found != wanted:
        yield Difference(at, found, wanted)


def _kind(value: Plain) -> type:
    return str if isinstance(value, str) else type(value)  # a name may be a text of a class of its own


def _against(found: Plain, wanted: Plain, at: KeyPath) -> Iterator[Difference]:
    return iter((Difference(at, found, NOTHING),)) if wanted is NOTHING else differences(found, wanted, at)


def _listed(found: Sequence[Plain], wanted: Sequence[Plain], at: KeyPath) -> Iterator[Difference]:
    """Differences of two lists: what is alike in both is left out, the rest is recognised by what it is called."""
    if len(found) == len(wanted) and all(map(_may_be_one, found, wanted)):
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from differences(one, other, (*at, index))
        return
    for low, high, first, last in _gaps(list(map(_whole, found)), list(map(_whole, wanted))):
        ours, theirs = found[low:high], wanted[first:last]
        index, other = 0, 0
        for here, until, there, end in _gaps(list(map(_called, ours)), list(map(_called, theirs))):
            for one in range(index, here):
                yield from differences(ours[one], theirs[other + one - index], (*at, low + one))
            for one in range(here, until):
                yield Difference((*at, low + one), ours[one], NOTHING)
            for one in range(there, end):
                yield Difference(at, NOTHING, theirs[one])
            index, other = until, end


def _gaps(found: Sequence[object], wanted: Sequence[object]) -> Iterator[tuple[int, int, int, int]]:
    """Where two sequences are not the same, and, empty, where both end: from and to in the one, and in the other."""
    for how, *ends in SequenceMatcher(None, found, wanted, autojunk=False).get_opcodes():
        if how != "equal":
            low, high, first, last = ends
            yield low, high, first, last
    yield len(found), len(found), len(wanted), len(wanted)


def _may_be_one(found: Plain, wanted: Plain) -> bool:
    """Whether what stands at the same place of two lists may be the same thing, with other values in it."""
    if not (isinstance(found, Mapping) and isinstance(wanted, Mapping)) or _called(found) == _called(wanted):
        return True
    keys = {*found, *wanted}
    same = [key for key in keys if key in found and key in wanted and found[key] == wanted[key]]
    return 2 * len(same) >= len(keys)


def _whole(one: Plain) -> str:
    """All of a record as one text; one that has none, since it is nested too deeply, is like no other."""
    try:
        return json.dumps(one, sort_keys=True, default=str)
    except (RecursionError, TypeError, ValueError):
        return f"no text: {id(one)}"


def _called(one: Plain) -> tuple[object, ...]:
    if isinstance(one, Mapping):
        names = (one.get(key) for key in _CALLED)
        return tuple(name if isinstance(name, str) else None for name in names)
    return (_kind(one), one if isinstance(one, str | int | None) else None)
