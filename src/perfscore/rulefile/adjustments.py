"""Decode the adjustments of a rule file.

In: the `[[adjustments]]` of a document. Out: `AdjustmentRule`s; what cannot be read is complained about.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import fields

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import Points
from perfscore.diagnostic import KeyPath
from perfscore.frozen import Frozen
from perfscore.rulefile.naming import check_id
from perfscore.rulefile.table import Complain, read_as, read_what_stands
from perfscore.rulefile.written import WrittenAdjustment, WrittenScope


def read_adjustments(values: Mapping[str, object], complain: Complain) -> tuple[AdjustmentRule, ...]:
    """Every adjustment, in the order of the file."""
    listed = values.get("adjustments", [])
    if not isinstance(listed, list):
        read_as(tuple[str, ...], listed, ("adjustments",), complain)
        return ()
    read = (_adjustment(one, ("adjustments", index), complain) for index, one in enumerate(listed))
    return tuple(one for one in read if one is not None)


def _adjustment(table: object, at: KeyPath, complain: Complain) -> AdjustmentRule | None:
    if not isinstance(table, Mapping):
        read_as(WrittenScope, table, at, complain)
        return None
    written = read_what_stands(WrittenAdjustment, table, at, complain, skip=frozenset(("cap",)))
    if written is None:
        return None
    check_id(written.id, (*at, "id"), complain, part="value")
    caps = table.get("cap", {})
    cap: dict[str, Points] = {}
    if isinstance(caps, Mapping):
        for id, points in caps.items():
            if (one := read_as(Points, points, (*at, "cap", id), complain)) is not None:
                cap[id] = one
    else:
        read_as(WrittenScope, caps, (*at, "cap"), complain)
    given = {one.name: getattr(written, one.name) for one in fields(WrittenAdjustment) if one.name != "when"}
    return AdjustmentRule(when=None if written.when is None else written.when.formula, cap=Frozen(cap), **given)
