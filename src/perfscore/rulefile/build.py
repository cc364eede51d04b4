"""Build a rulebook from a draft in which nothing is wrong.

In: a `Draft` without errors. Out: the frozen `Rulebook`.
Nothing is asked and nothing complained about here.
"""

from __future__ import annotations

from perfscore.indicator import Branch, Indicator, Node
from perfscore.quantity import Rounding
from perfscore.rulebook import Period, Rulebook
from perfscore.rulefile.draft import Draft, DraftNode


def build(draft: Draft) -> Rulebook:
    """The rulebook that the draft says."""
    header = draft.header
    if header is None:
        raise ValueError("only a draft without errors can be built")
    return Rulebook(
        id=header.id,
        title=header.title,
        version=header.version,
        members=tuple(_node(member) for member in draft.members),
        full_marks=header.full_marks,
        language=header.language,
        valid=None if header.valid is None else Period(header.valid.from_, header.valid.to),
        reasons=header.reasons,
        rounding=draft.rounding or Rounding(),
        basis=tuple(one for one in draft.basis.values() if one),
        inputs=tuple(one for one in draft.inputs.values() if one),
        measures=tuple(one for one in draft.measures.values() if one),
        ratings=draft.ratings or (),
        checks=draft.checks,
        goals=draft.goals,
        scope=draft.scope,
        examples=draft.examples,
    )


def _node(node: DraftNode) -> Node:
    if node.members:
        members = tuple(_node(member) for member in node.members)
        return Branch(node.id, node.label, members, node.clause, node.basis, node.note)
    if node.criterion is None or node.weight is None:
        raise ValueError(f"only a draft without errors can be built: {node.id}")
    return Indicator(
        id=node.id,
        name=node.label,
        weight=node.weight,
        criterion=node.criterion,
        measure=node.measure,
        target=node.target,
        target_text=node.target_text,
        unit=node.unit,
        clause=node.clause,
        basis=node.basis,
        missing=node.missing,
        undefined=node.undefined,
        note=node.note,
    )
