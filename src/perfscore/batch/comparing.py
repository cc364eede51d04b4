"""Compare the subjects of a table, stage after stage, before any of them is judged for good.

In: the batches of a table, read once for each stage. Out: the `Standings` of all. What every batch brings is gathered by
itself, and can be gathered on another machine: put together it is the same in whatever order. Rows that the columns reader
cannot prove are read one by one, as a cohort reads them, and so are those whose subject stands in several rows: it counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from attrs import define, evolve, field

from perfscore.batch.brought import Brought, brought, tally
from perfscore.batch.cells import stated
from perfscore.batch.exactly import Judging
from perfscore.batch.headers import Heading
from perfscore.batch.mixed import Mixed, cells_of, readable
from perfscore.batch.streaming import ROWS
from perfscore.cohort import Standings, filled, own_figures, stages_of
from perfscore.facts import Facts
from perfscore.formula.arithmetic import Absent, Slot
from perfscore.formula.wholes import Mask
from perfscore.intake import row_of
from perfscore.plan import PlannedPeers
from perfscore.standings import Own, Tallies, standing_of, take

NOBODY = Standings({}, {})


@define(eq=False)
class Gathered:
    """What some rows bring to the comparisons of a stage: by slot the tallies, and who has no figure, as far as that is
    asked; what is brought by a subject whose name stands in several rows. It holds no reader, so that it can travel.
    """

    tallies: dict[int, Tallies] = field(factory=dict)
    lacking: dict[int, tuple[Facts, ...]] = field(factory=dict)
    repeated: dict[Facts, list[tuple[Own, Slot | None]]] = field(factory=dict)

    def lack(self, peers: PlannedPeers, facts: Facts) -> None:
        """One who has no figure; two that differ are enough."""
        known = self.lacking.get(peers.slot, ())
        if len(known) < 2 and facts not in known:
            self.lacking[peers.slot] = (*known, facts)

    def add(self, now: Sequence[PlannedPeers], other: Gathered) -> None:
        """What others bring."""
        for peers in now:
            mine = self.tallies.setdefault(peers.slot, {})
            for group, found in other.tallies.get(peers.slot, {}).items():
                if group in mine:
                    mine[group].add(peers, found)
                else:
                    mine[group] = found
            for facts in other.lacking.get(peers.slot, ()):
                self.lack(peers, facts)
        self.repeated |= other.repeated

    def over(self, before: Standings, now: Sequence[PlannedPeers]) -> Standings:
        """What all come to, with what was known before."""
        for owns in self.repeated.values():
            for peers, (own, group) in zip(now, owns, strict=True):
                take(peers, self.tallies.setdefault(peers.slot, {}), own, group)
        found = {peers.slot: standing_of(peers, self.tallies.get(peers.slot, {})) for peers in now}
        lacking = {peers.slot: self.lacking.get(peers.slot, ()) for peers in now}
        return Standings({**before.by_slot, **found}, {**before.lacking, **lacking})


@define(eq=False)
class Comparing:
    """How the rows of a table are gathered for the stage that comes after what is known of all; `repeated` are the names
    that stand in several rows.
    """

    judging: Judging
    repeated: frozenset[str]
    known: Standings = field(init=False)
    now: Sequence[PlannedPeers] = field(init=False)
    mixed: Mixed = field(init=False)

    def __attrs_post_init__(self) -> None:
        known = self.known = self.judging.among or NOBODY
        self.now = next(one for one in stages_of(self.judging.frame.plan) if one[0].slot not in known.by_slot)
        self.mixed = Mixed(self.judging)

    def gathered(self, batches: Iterable[pa.RecordBatch]) -> Gathered:
        """What the rows of some batches bring."""
        found = Gathered()
        for batch in batches:
            for at in range(0, batch.num_rows, ROWS):
                self._gather(readable(batch.slice(at, ROWS)), found)
        return found

    def _gather(self, batch: pa.RecordBatch, into: Gathered) -> None:
        by, size = self.mixed.columns, batch.num_rows
        found = None if by is None else self.mixed.tried(by, batch, lambda taken, _: brought(by, taken, size, self.now))
        alone = self._repeated(batch) if found is not None else np.ones(size, np.bool_)
        for one in found or ():
            if one.odd is not None:
                alone |= one.odd
        for peers, one in zip(self.now, found or (), strict=False):
            one = evolve(one, odd=alone)
            tally(peers, one, into.tallies.setdefault(peers.slot, {}))
            self._lacking(peers, one, batch, into)
        for cells in cells_of(batch.take(pa.array(np.flatnonzero(alone)))):
            self._alone(self.judging.facts(cells)[0], into)

    def _repeated(self, batch: pa.RecordBatch) -> Mask:
        """The rows of a name that stands in several."""
        if not self.repeated:
            return np.zeros(batch.num_rows, np.bool_)
        return np.array([one in self.repeated for one in names_of(self.judging.headings, batch)], np.bool_)

    def _lacking(self, peers: PlannedPeers, found: Brought, batch: pa.RecordBatch, into: Gathered) -> None:
        """Rows without a figure, until two of them differ."""
        if peers.asked or found.lacks is None or found.odd is None:
            return
        for row in np.flatnonzero((found.lacks != 0) & ~found.odd).tolist():
            if len(into.lacking.get(peers.slot, ())) == 2:
                return
            [cells] = cells_of(batch.slice(row, 1))
            into.lack(peers, self.judging.facts(cells)[0])

    def _alone(self, facts: Facts, into: Gathered) -> None:
        """What one subject brings, as a cohort reads it."""
        if facts in into.repeated:
            return
        plan = self.judging.frame.plan
        row, _, heard = row_of(plan, facts)
        owns = own_figures(plan, self.now, filled(row, self.known.compared(plan, row, heard)), heard)
        for peers, (own, group) in zip(self.now, owns, strict=True):
            if isinstance(own, Absent) and not peers.asked:
                into.lack(peers, facts)
            if facts.subject.name not in self.repeated:
                take(peers, into.tallies.setdefault(peers.slot, {}), own, group)
        if facts.subject.name in self.repeated:
            into.repeated[facts] = owns


def names_of(headings: Sequence[Heading], batch: pa.RecordBatch) -> list[str | None]:
    """The name of the subject of every row, as far as it has one."""
    for at, heading in enumerate(headings):
        if heading.path == ("subject", "name"):
            told = (stated(cell, heading.type, heading.path) for (cell,) in cells_of(batch.select([at])))
            return [one if isinstance(one, str) else None for one in told]
    return [None] * batch.num_rows


def several_times(headings: Sequence[Heading], batches: Iterable[pa.RecordBatch]) -> frozenset[str]:
    """The names that stand in several rows."""
    names = Counter(name for batch in batches for name in names_of(headings, readable(batch)))
    return frozenset(name for name, times in names.items() if times > 1 and name is not None)


def standings_of(judging: Judging, table: pa.Table) -> Standings:
    """What all subjects of a table come to, stage after stage."""
    repeated = several_times(judging.headings, table.to_batches())
    found = NOBODY
    for now in stages_of(judging.frame.plan):
        found = Comparing(evolve(judging, among=found), repeated).gathered(table.to_batches()).over(found, now)
    return found
