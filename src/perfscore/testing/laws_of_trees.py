"""The laws that speak of points: within the weight, named, and adding up.

In: an assessment. Out: nothing; a law that does not hold raises `AssertionError` and says where.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import cast

from perfscore.assessment import Assessment, IndicatorResult
from perfscore.formula.bounds import bounds
from perfscore.formula.vocabulary import Domain, Term
from perfscore.indicator import ADDING, Branch, Indicator, Node, Range, leaves
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook


def within_weight(assessment: Assessment) -> None:
    """Law 1. 0 ≤ points ≤ weight, at every node and in the total; beyond that only where a range is declared, and then
    within it.
    """
    ranged = {one.id for one in assessment.rulebook.nodes() if one.range is not None}
    pooled = pooled_in(assessment.rulebook)
    for result in assessment:
        if result.points is None or (isinstance(result.node, Branch) and any(_under(id, result.id) for id in ranged)):
            continue
        low, high = _ends(result, assessment, pooled)
        hold(low <= result.points <= high, f"“{result.id}” has {result.points} points, not {low} to {high}")
    if assessment.score is not None:
        rounded = assessment.rulebook.rounding.rounded
        low, high = map(rounded, _range_of(assessment.rulebook.range, assessment.full_marks))
        hold(low <= assessment.score <= high, f"the score is {assessment.score}, not {low} to {high}")


def _ends(result: IndicatorResult, assessment: Assessment, pooled: dict[str, str]) -> tuple[Fraction, Fraction]:
    if result.id in pooled:
        whole = Fraction(assessment[pooled[result.id]].weight or 0)
        return (Fraction(0), whole) if assessment.rulebook.demerit else (-whole, whole)
    low, high = _range_of(result.node.range, Fraction(result.weight or 0))
    rounding = result.node.rounding or assessment.rulebook.rounding
    return rounding.rounded(low), rounding.rounded(high)


def _range_of(ends: Range | None, weight: Fraction) -> tuple[Fraction, Fraction]:
    """The ends of a range that is written in numbers and shares of the weight; else 0 to the weight."""
    if ends is None:
        return Fraction(0), weight
    known = {"weight": Term("", "number", None, Domain(weight, weight))}
    found = bounds(ends.low.low, known).low, bounds(ends.high.low, known).high
    return cast(tuple[Fraction, Fraction], found)


def every_lost_point_is_named(assessment: Assessment) -> None:
    """Law 2. weight − points = Σ deductions − Σ credits, exactly, at every node and in the total; each says why.

    A branch that acts on shares has a record of its own, and those of its members do not count. Under demerit points are
    what was incurred.
    """
    rulebook = assessment.rulebook
    for result in assessment:
        taken, weight = _lost(assessment, result.node), _weight_in(assessment, result.node)
        if result.points is not None:
            kept = Fraction(result.points)
            lost = kept if rulebook.demerit else weight - kept
            hold(lost == taken, f"“{result.id}” lost {spelled(lost)} points, but its records take {spelled(taken)}")
        elif isinstance(result.node, Indicator):
            hold(not (result.deductions or result.credits), f"“{result.id}” has no points and yet records")
    if assessment.score is not None:
        adjusted = sum((Fraction(one.points) for one in assessment.adjustments), Fraction(0))
        score = Fraction(assessment.score)
        lost = score - adjusted if rulebook.demerit else assessment.full_marks - score + adjusted
        for named in (_lost(assessment, rulebook.root), _taken(assessment)):
            hold(lost == named, f"{spelled(lost)} points are lost in total, and {spelled(named)} are named")
    for one in (*assessment.deductions, *assessment.credits):
        hold(one.points > 0, f"“{one.indicator}” has a record of {one.points} points ({one.code})")
        said = one.because
        for text in (said.zh, said.en, one.formula("zh"), one.formula("en")):
            hold(bool(text.strip()), f"a record of “{one.indicator}” says nothing ({one.code})")
        hold(all(used.name for used in one.inputs), f"a record of “{one.indicator}” rests on a figure without a name")
    for line in assessment.adjustments:
        hold(bool(line.because.zh.strip() and line.because.en.strip()), f"the adjustment {line.id} says nothing")


def _own(assessment: Assessment, node: Node) -> Fraction:
    """What a node's own records take."""
    if not node.id:
        deductions, credits = assessment.evidence.whole()
    else:
        deductions, credits = assessment[node.id].deductions, assessment[node.id].credits
    return sum((Fraction(one.points) for one in deductions), Fraction(0)) - sum(
        (Fraction(one.points) for one in credits), Fraction(0)
    )


def _lost(assessment: Assessment, node: Node) -> Fraction:
    """What the records of a node take, with those under it where it adds."""
    under = node.members if node.aggregate in ADDING else ()
    return _own(assessment, node) + sum((_lost(assessment, member) for member in under), Fraction(0))


def _weight_in(assessment: Assessment, node: Node) -> Fraction:
    """What a node is worth, less what is left out of the full marks."""
    result = assessment[node.id]
    match node:
        case Branch(aggregate="sum", members=members):
            return sum((_weight_in(assessment, member) for member in members), Fraction(0))
        case Indicator() if node.id in pooled_in(assessment.rulebook):
            return Fraction(0)
        case Indicator() if result.state == "not-applicable" and result.points is None:
            return Fraction(0)
        case _:
            return Fraction(result.weight or 0)


def tree_adds_up(assessment: Assessment) -> None:
    """Law 3. A reader with a pencil gets the same total from the published figures; all have the places promised."""
    places = assessment.rulebook.rounding.places
    for said, figure in (
        *((f"“{one.id}”", one.points) for one in assessment),
        *((f"a record of “{one.indicator}”", one.points) for one in (*assessment.deductions, *assessment.credits)),
        *((f"the adjustment {one.id}", one.points) for one in assessment.adjustments),
        ("the score", assessment.score),
    ):
        hold(
            figure is None or figure.as_tuple().exponent == -places,
            f"{said} is published as {figure}, which has not {places} places",
        )
    for result in assessment:
        match result.node:
            case Branch(aggregate="sum"):
                _adds_up(assessment, result.node, result.points)
            case _:
                pass
    if assessment.rulebook.aggregate == "sum":
        _adds_up(assessment, assessment.rulebook.root, assessment.subtotal)
    if assessment.subtotal is not None and assessment.score is not None:
        adjusted = sum((one.points for one in assessment.adjustments), assessment.subtotal)
        hold(assessment.score == adjusted, f"the score is {assessment.score}, subtotal and adjustments give {adjusted}")


def _adds_up(assessment: Assessment, branch: Node, total: Decimal | None) -> None:
    """The members' points, and the branch's own records."""
    parts = [assessment[member.id].points for member in branch.members if not _left_out(assessment, member)]
    what = f"“{branch.id}”" if branch.id else "the subtotal"
    if None in parts or not parts:
        hold(total is None, f"{what} is {total}, though a part of it has no points")
        return
    if total is None:
        return  # its range cannot be read, or what does not apply has nobody left to go to
    own = _own(assessment, branch)
    found = sum((Fraction(part) for part in parts if part is not None), Fraction(0))
    found += own if assessment.rulebook.demerit else -own
    shown = " + ".join(map(str, parts))
    hold(Fraction(total) == found, f"{what} is {total}, its parts are {shown} and its own records {spelled(-own)}")


def _left_out(assessment: Assessment, node: Node) -> bool:
    """Whether the node above goes on without this one: nothing in it applies."""
    if assessment[node.id].points is not None:
        return False
    inner = leaves((node,))
    return all(assessment[one.id].state == "not-applicable" for one in inner)


def _taken(assessment: Assessment) -> Fraction:
    """What the records that count take from the whole."""
    return sum((Fraction(one.points) for one in assessment.deductions if one.counted), Fraction(0)) - sum(
        (Fraction(one.points) for one in assessment.credits if one.counted), Fraction(0)
    )


def pooled_in(rulebook: Rulebook) -> dict[str, str]:
    """The pool of each member of a pool."""
    return {one.id: node.id for node in rulebook.nodes() if node.aggregate == "pool" for one in node.members}


def _under(id: str, above: str) -> bool:
    return not above or id == above or id.startswith(f"{above}.")


def hold(holds: bool, otherwise: str) -> None:
    """Raise what is wrong where a law does not hold."""
    if not holds:
        raise AssertionError(otherwise)
