"""Let the members of a pool take their points, one after another.

In: how far the pool has got, and what excuses a member. Out: what came of the member; a row in which it does not apply, or
lacks something, stands as before. What the pool is worth, and its own points, are seen where it is judged.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from perfscore.batch.excusing import Gone
from perfscore.batch.leaves import Kept, Standing, as_units, lose
from perfscore.batch.settling import Found, Settled, blanked, lacks_of
from perfscore.formula.choosing import chosen
from perfscore.formula.columns import Columns
from perfscore.formula.wholes import UNSAID, either, lacking
from perfscore.plan import PlannedLeaf


def pooled(leaf: PlannedLeaf, columns: Columns, standing: Standing, gone: Gone) -> Settled:
    """A member of a pool; `standing` moves on."""
    at, units, standing.without = standing.at, standing.units, None
    kept = Kept(np.zeros(0, np.int64))
    lose(leaf, columns, standing, kept)
    kept.without = standing.without
    without = lacks_of(kept, gone)
    there, away = lacking(without), gone.rows
    still = either(there, away)
    if still is not None:
        standing.at = evolve(chosen(still, at, standing.at), without=None)
        standing.units = np.where(still, units, standing.units)
    found = Found(as_units(standing.units, columns) - as_units(units, columns), away=away)
    done = Settled(found, blanked(kept.losses, still), blanked(kept.gains, still), told=without)
    if without is not None:
        done.odd = without == UNSAID
        if leaf.indicator.missing == "not-applicable":  # then it takes nothing
            found.away = either(away, there)
        else:
            found.lacks = without
    done.odd = either(
        done.odd, lacking(gone.lacks)
    )  # the exact reader says what a member has of which that is not known
    return done
