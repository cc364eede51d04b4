"""Does a rule reckon with the figures that its clause says?

In: a draft. Out: a warning where exactly one figure of a clause and exactly one of the rule have the same role and differ,
and neither stands anywhere else on the other side. What could be meant in another way is not accused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import frozen

from perfscore.diagnostic import Code, Diagnostic, KeyPath, Related
from perfscore.formula.bounds import bounds
from perfscore.formula.shapes import Comparison, Constant, Formula
from perfscore.formula.vocabulary import Domain, Term
from perfscore.formula.walking import everything, names
from perfscore.quantity import spelled
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.wording import Role, Said, figures, said
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

CLAUSE_DISAGREES = Code(
    "PS262",
    "clause-disagrees",
    Words(zh="条文写的数和规则用的数不同。", en="A clause says one figure and the rule reckons with another."),
)
ROLES: Mapping[Role, Words] = {
    "deduct each": Words(zh="每次扣", en="takes each time"),
    "deduct at most": Words(zh="最多扣", en="takes at most"),
    "deduct": Words(zh="扣", en="takes"),
    "credit each": Words(zh="每次加", en="gives each time"),
    "credit at most": Words(zh="最多加", en="gives at most"),
    "full": Words(zh="满分", en="has as full marks"),
    "points": Words(zh="得分", en="gives as points"),
    "better from": Words(zh="目标", en="has as the target"),
}


@frozen
class _Used:
    """A number that the rule reckons with, what for, and where it stands."""

    role: Role | None
    value: Fraction
    at: KeyPath


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every clause that says something else than its rule does."""
    others = list(dict.fromkeys(_elsewhere(draft)))
    for leaf in draft.leaves():
        inner = list(_inner_clauses(leaf.table.get("criterion"), (*leaf.at, "criterion")))
        if leaf.criterion is None or leaf.by_default is not None or not (leaf.clause or inner):
            continue
        used = [*_used(leaf), *(_Used(None, value, leaf.at) for value in others)]
        if leaf.clause:
            yield from _against(leaf.clause, (*leaf.at, "clause"), used, used)
        for at, clause in inner:
            inside = [one for one in used if one.at[: len(at) - 1] == at[:-1]]
            yield from _against(clause, at, inside, used)


def _against(clause: str, at: KeyPath, used: list[_Used], all_used: list[_Used]) -> Iterator[Diagnostic]:
    stands, reckoned, everything_said = figures(clause), {one.value for one in all_used}, list(said(clause))
    for role in ROLES:
        written = [one for one in everything_said if one.role == role]
        lone = [one for one in written if one.value not in reckoned]
        other = [one for one in used if one.role == role and not _stands(one.value, stands)]
        if len(lone) == 1 and len({one.value for one in other}) == 1 and not _same_rate(lone[0], other[0], all_used):
            yield _told(clause, at, lone[0], other[0])


def _stands(value: Fraction, stands: frozenset[Fraction]) -> bool:
    return value in stands or value * 100 in stands


def _same_rate(one: Said, other: _Used, used: list[_Used]) -> bool:
    """Whether so much for such a step comes to the same: 1 for 2% and 0.5 for 1%."""
    steps = [near.value for near in used if near.at[:-1] == other.at[:-1] and near.at[-1] == "every"]
    return one.step is not None and any(step and one.value * step == other.value * one.step for step in steps)


def _told(clause: str, at: KeyPath, one: Said, other: _Used) -> Diagnostic:
    percent = one.role == "better from"
    words = clause[max(0, one.within[0] - 12) : one.within[1] + 3]
    shown = {"a": _spelled(one.value, percent=percent), "b": _spelled(other.value, percent=percent)}
    message = Words(zh="条文“{w}”写 {a}，这里{r}是 {b}", en="the clause “{w}” says {a}, and the rule {r} {b}")
    hint = Words(zh="写 {a}，或改 clause", en="write {a}, or change the clause")
    related = Related(at, Words(zh="条文写 {a}", en="the clause says {a}").fill(a=shown["a"]), within=one.within)
    return Diagnostic(
        CLAUSE_DISAGREES,
        other.at,
        message.fill(w=words, r=ROLES[one.role], **shown),
        hint.fill(a=shown["a"]),
        "warning",
        related=(related,),
    )


def _spelled(value: Fraction, *, percent: bool) -> str:
    return f"{spelled(value * 100)}%" if percent else spelled(value)


def _elsewhere(draft: Draft) -> Iterator[Fraction]:
    """The numbers of measures and parameters, which any leaf may read."""
    formulas = [one.formula for one in draft.measures.values() if one is not None]
    formulas += [formula for one in draft.parameters.values() if one is not None for formula in one.formulas()]
    for one in formulas:
        yield from _constants(one)


def _used(leaf: DraftNode) -> Iterator[_Used]:
    """Every number of a leaf: what is written in its criterion, its weight, its target, its range and its measure."""
    weight = leaf.stated if isinstance(leaf.stated, Fraction) else None
    if weight is not None:
        yield _Used("full" if leaf.range is None else None, weight, (*leaf.at, "weight"))
    for at, formula, sort in written_formulas(leaf.criterion):
        role = _role(at) if sort == "points" else None
        place = (*leaf.at, "criterion", *at)
        amount = _amount(formula, weight)
        if amount is not None:
            yield _Used(role, amount, place)
        for value in _constants(formula):
            yield _Used(None, value, place)
    target = None if leaf.target is None else list(_constants(leaf.target))
    lone = isinstance(leaf.target, Comparison) and isinstance(leaf.target.right, Constant) and len(target or ()) == 1
    percent = lone and any(isinstance(one, Constant) and one.written == "percent" for one in everything(leaf.target))  # type: ignore[arg-type]
    for value in target or ():
        yield _Used("better from" if percent else None, value, (*leaf.at, "target"))
    others = [leaf.measured, *(() if leaf.range is None else (leaf.range.low.low, leaf.range.high.low))]
    for one in others:
        if one is not None:
            yield from (_Used(None, value, leaf.at) for value in _constants(one))
    for text in (leaf.table.get("target"), leaf.target_text):  # a target in words says figures too
        yield from (_Used(None, value, leaf.at) for value in (figures(text) if isinstance(text, str) else ()))


def _role(at: KeyPath) -> Role | None:
    """What points are for, by their key; of a side or an entry that gives, what it gives."""
    gives = "credits" in at
    match at[-1]:
        case "deduct":
            return "deduct each"
        case "credit":
            return "credit each"
        case "each":
            return "credit each" if gives else "deduct each"
        case "at_most":
            return "credit at most" if gives else "deduct at most"
        case "points" | int():
            return None if gives else "deduct" if "losses" in at else "points"
        case _:
            return None


def _amount(formula: Formula, weight: Fraction | None) -> Fraction | None:
    """The number that a formula is, with the weight put in."""
    if set(names(formula)) - ({"weight"} if weight is not None else set()):
        return None
    found = bounds(formula, {"weight": Term("", "number", None, Domain(weight, weight))})
    return found.low if found.low == found.high and isinstance(found.low, Fraction) else None


def _constants(formula: Formula) -> Iterator[Fraction]:
    yield from (one.value for one in everything(formula) if isinstance(one, Constant))


def _inner_clauses(table: object, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """The clauses of single bands, losses and items, with their key paths."""
    match table:
        case Mapping():
            for key, inner in table.items():
                if key == "clause" and isinstance(inner, str):
                    yield (*at, key), inner
                yield from _inner_clauses(inner, (*at, key))
        case list():
            for index, inner in enumerate(table):
                yield from _inner_clauses(inner, (*at, index))
        case _:
            pass
