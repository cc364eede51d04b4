"""Build a rulebook from a draft in which nothing is wrong.

In: a `Draft` without errors. Out: the frozen `Rulebook`.
Nothing is asked and nothing complained about here.
"""

from __future__ import annotations

from fractions import Fraction

from perfscore.frozen import Frozen
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
        parameters=tuple(one for one in draft.parameters.values() if one),
        adjustments=draft.adjustments,
        aggregate=header.aggregate,
        by=header.by,
        n=header.n,
        range=draft.range,
        coverage=None
        if header.coverage is None or header.coverage.constant is None
        else header.coverage.constant.value,
        over_completion=None
        if header.over_completion is None or header.over_completion.constant is None
        else header.over_completion.constant.value,
        counts=header.counts,
        once=header.once,
        defaults=Frozen({form: one for form, one in draft.defaults.items() if one is not None}),
    )


def _node(node: DraftNode) -> Node:
    if node.members:
        members = tuple(_node(member) for member in node.members)
        return Branch(
            node.id,
            node.label,
            members,
            weight=node.stated if _says_its_weight(node) else None,
            aggregate=node.aggregate,
            by=node.by,
            n=node.n,
            range=node.range,
            applies=node.applies,
            not_applicable=node.not_applicable,
            rounding=node.rounding,
            clause=node.clause,
            basis=node.basis,
            note=node.note,
        )
    if node.criterion is None:
        raise ValueError(f"only a draft without errors can be built: {node.id}")
    return Indicator(
        id=node.id,
        name=node.label,
        weight=node.stated,
        criterion=node.criterion,
        measure=node.measure,
        target=node.target,
        target_text=node.target_text,
        unit=node.unit,
        clause=node.clause,
        basis=node.basis,
        range=node.range,
        applies=node.applies,
        missing=node.missing,
        undefined=node.undefined,
        not_applicable=node.not_applicable,
        rounding=node.rounding,
        by_default=node.by_default,
        note=node.note,
    )


def _says_its_weight(node: DraftNode) -> bool:
    """Whether a branch's weight says more than the sum of its members does."""
    return not all(map(_fixed, node.members)) or node.aggregate != "sum" or not isinstance(node.stated, Fraction)


def _fixed(node: DraftNode) -> bool:
    """Whether the weight is a number that nothing above it decides."""
    if node.stated is None:
        return bool(node.members) and all(map(_fixed, node.members))
    return isinstance(node.stated, Fraction)
