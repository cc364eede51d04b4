"""Mend a rule file by the fixes that its complaints carry.

In: a rule file that was opened. Out: its text with the fixes made, and which were made; everything that no fix speaks of
keeps its characters.
Fixes that touch the same characters are made one after the other, and what comes to light then is mended too. A fix is
held to its word: where the rules could be read, a safe one leaves the very same rulebook, and no fix leaves its complaint
standing; one that would is not made. Nothing is written to a disk here, and what a file takes from others is mended
only in those.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from perfscore.analysis.checked import checked
from perfscore.diagnostic import Diagnostic, Edit, Fix
from perfscore.rulefile import Opened, open_unsaved
from perfscore.rulefile.toml import parse
from perfscore.source import Span

MOST_ROUNDS = 50


@frozen
class Done:
    """A fix that was made, and where: in the text as it was then."""

    line: int
    column: int
    diagnostic: Diagnostic
    fix: Fix


@frozen
class Mended:
    """A rule file after its fixes."""

    opened: Opened
    done: tuple[Done, ...] = ()

    @property
    def text(self) -> str:
        """The text with the fixes in it."""
        return self.opened.source.text


def mended(opened: Opened, *, unsafe: bool = False) -> Mended:
    """The file with all safe fixes made, with `unsafe` also those that are only offered."""
    now, done = checked(opened), list[Done]()
    refused: set[tuple[str, tuple[Edit, ...]]] = set()
    for _ in range(MOST_ROUNDS):
        wanted = [one for one in _fixes(now, unsafe=unsafe) if _name(one) not in refused]
        chosen = list(_apart(now, wanted))
        if not chosen:
            break
        while (after := _after(now, chosen)) is None and len(chosen) > 1:  # one of them does not keep its word
            chosen = chosen[: len(chosen) // 2]
        if after is None:
            refused.add(_name(chosen[0]))
            continue
        done += chosen
        now = after
    return Mended(now, tuple(done))


def _fixes(opened: Opened, *, unsafe: bool) -> Iterator[Done]:
    """The fixes that can be made in the file itself, where every place they name is written."""
    for one in opened.diagnostics:
        fix = one.fix
        if fix is None or not (fix.safe or unsafe) or not fix.edits:
            continue
        written = [(opened.origins.written(edit.at), edit.part) for edit in fix.edits]
        if all(source is opened.source and source.stands(at, part) for (source, at), part in written):
            start = min(span.start for span, _ in _replaced(opened, fix))
            yield Done(*opened.source.position(start), one, fix)


def _replaced(opened: Opened, fix: Fix) -> list[tuple[Span, str]]:
    return [
        (opened.source.span(opened.origins.written(edit.at)[1], edit.part, edit.within), edit.text)
        for edit in fix.edits
    ]


def _name(one: Done) -> tuple[str, tuple[Edit, ...]]:
    return one.diagnostic.code.number, one.fix.edits


def _apart(opened: Opened, wanted: Iterable[Done]) -> Iterator[Done]:
    """Those that touch no character that another one touches, from the top of the file."""
    taken: list[tuple[int, int]] = []
    for one in sorted(wanted, key=lambda one: (one.line, one.column)):
        spans = [(span.start, span.end) for span, _ in _replaced(opened, one.fix)]
        if not any(_touched(start, end, taken) for start, end in spans):
            for span in spans:
                insort(taken, span)
            yield one


def _touched(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    """Whether some characters are taken already, or stand next to what is; those that are taken lie apart, in order."""
    at = bisect_right(taken, end, key=lambda span: span[0])
    return at > 0 and taken[at - 1][1] >= start


def _after(opened: Opened, chosen: Sequence[Done]) -> Opened | None:
    """The file with these fixes made; None where they do not keep what they promise."""
    text, ending = opened.source.text, "\r\n" if "\r\n" in opened.source.text else "\n"
    replaced = [each for one in chosen for each in _replaced(opened, one.fix)]
    for span, put in sorted(replaced, key=lambda each: each[0].start, reverse=True):
        text = text[: span.start] + put.replace("\n", ending) + text[span.end :]
    after = checked(open_unsaved(parse(text, opened.source.path), opened.source.path))
    return after if _kept(opened, after, chosen) else None


def _kept(before: Opened, after: Opened, chosen: Sequence[Done]) -> bool:
    """Whether the complaints are gone, and what could be scored is scored as before."""
    if not before.values:  # it could not be read: it can now, or up to a later place
        return bool(after.values) or _first(after) > _first(before)
    if not after.values:
        return False
    if before.rulebook is not None and all(one.fix.safe for one in chosen):
        if after.rulebook != before.rulebook:
            return False
    elif before.rulebook is not None and after.rulebook is None:
        return False
    gone = Counter(_told(one) for one in before.diagnostics)
    gone.subtract(_told(one) for one in after.diagnostics)
    return all(gone[told] >= count for told, count in Counter(_told(one.diagnostic) for one in chosen).items())


def _told(one: Diagnostic) -> tuple[str, str]:
    return one.code.number, one.message.zh


def _first(opened: Opened) -> int:
    return min(opened.source.span(one.at, one.part, one.within).start for one in opened.diagnostics)
