"""总分调整 — what a rulebook does to the total, the rating or whole nodes after the tree was added up.

In: the effects of one entry of `[[adjustments]]`. Out: frozen `AdjustmentRule`. Nothing is applied here.
Points there are shares of the full marks where they are written in per cent; a coefficient is a ratio.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from perfscore.criterion import Amount, Points
from perfscore.formula.shapes import Formula
from perfscore.frozen import Frozen


@frozen
class AdjustmentRule:
    """总分调整 — one entry: when it applies, and what it does. `zero` and `cap` act on nodes before all other effects."""

    id: str
    clause: str | None = None
    name: str | None = None
    when: Formula | None = None
    add: Points | None = None
    deduct: Points | None = None
    multiply: Amount | None = None
    cap_score: Points | None = None
    set_score: Points | None = None
    cap_rating: str | None = None
    set_rating: str | None = None
    lower_rating: int | None = None
    zero: tuple[str, ...] = ()
    cap: Frozen[str, Points] = field(factory=Frozen)
    basis: tuple[str, ...] = ()
    note: str | None = None

    def amounts(self) -> Iterator[tuple[str, Formula]]:
        """Every amount, by the key that it is written under."""
        for key in ("add", "deduct", "cap_score", "set_score"):
            written: Points | None = getattr(self, key)
            if written is not None:
                yield key, written.low
        if self.multiply is not None:
            yield "multiply", self.multiply.formula

    @property
    def on_nodes(self) -> bool:
        """Whether it acts on nodes, and so before the others."""
        return bool(self.zero or self.cap)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.clause or self.id
