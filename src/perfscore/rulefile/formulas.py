"""Every formula of a draft, where it stands, and what its names stand for there.

In: a draft. Out: each formula with its key path, the names that are known there, and what it must give.
Nothing is complained about here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from attrs import frozen

from perfscore.criterion import Place
from perfscore.diagnostic import KeyPath
from perfscore.formula.shapes import Formula
from perfscore.formula.types import Sort
from perfscore.formula.vocabulary import Term, Vocabulary, with_terms
from perfscore.formula.walking import loose, names
from perfscore.indicator import Fixed, Input, Varying, value_term
from perfscore.rulebook import points_name, share_name
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.writtenformulas import rows_at, written_formulas

_SORT_THERE: Mapping[str, Sort | None] = {
    **{"number": "number", "points": "number", "condition": "yes-no", "table": "table", "name": None}
}


@frozen
class Standing:
    """A formula in its place: where it is written, what names mean there, the sort and unit that it must be of, if any,
    and the tables (`rows`) of which one record is at hand.
    """

    at: KeyPath
    formula: Formula
    terms: Vocabulary
    sort: Sort | None
    unit: str | None = None
    rows: frozenset[str] = frozenset()

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names that it reads and that stand for nothing."""
        return tuple(name for name in names(self.formula) if name not in self.terms)

    @property
    def nobodys(self) -> tuple[str, ...]:
        """The columns of tables that it reads where no record is at hand."""
        found = (name for name in loose(self.formula, self.rows) if name in self.terms and _table_of(name, self.terms))
        return tuple(dict.fromkeys(found))


def _table_of(name: str, terms: Vocabulary) -> str | None:
    table, dot, _ = name.partition(".")
    return table if dot and table in terms and terms[table].type == "table" else None


@lru_cache(maxsize=1)
def every_formula(draft: Draft) -> tuple[Standing, ...]:
    """Every formula that is written in the draft and could be read; several checks of one draft ask."""
    return tuple(_formulas(draft))


def _formulas(draft: Draft) -> Iterator[Standing]:
    everything = draft.vocabulary
    pools = draft.pools()  # whose members have no points of their own that anybody could read
    nodes = {
        name for node in draft.nodes() if node.id not in pools for name in (points_name(node.id), share_name(node.id))
    }
    known = draft.known() | draft.columns()
    terms = {name: term for name, term in everything.items() if name in known or name in nodes}
    yield from _figures(draft, terms)
    yield from _tree(draft, terms)
    yield from _total(draft, terms)
    scored = with_terms(terms, {"score": Term("得分", "number")})
    for one in draft.checks:
        yield Standing(("checks", one.id, "that"), one.that, scored, "yes-no")
    for goal in draft.goals:
        if goal.measure is not None:
            yield Standing(("goals", goal.id, "measure"), goal.measure, terms, None)
        if goal.target is not None:
            seen = _with_value(goal.measure, goal.text, None, goal.target, terms)
            yield Standing(("goals", goal.id, "target"), goal.target, seen, "yes-no")
    for leaf in draft.leaves():
        yield from _leaf(leaf, terms)


def _figures(draft: Draft, terms: Vocabulary) -> Iterator[Standing]:
    for name, measure in draft.measures.items():
        if measure is not None:
            yield Standing(("measures", name, "formula"), measure.formula, terms, None, measure.unit)
    for name, parameter in draft.parameters.items():
        for group, dated in () if parameter is None else parameter.values.items():
            place: KeyPath = ("parameters", name, "values", *((group,) if group else ()))
            several = any(one.start is not None for one in dated)
            for index, one in enumerate(dated):
                at = (*place, index, "value") if several else place
                yield Standing(at, one.formula, terms, None, None if parameter is None else parameter.unit)


def _tree(draft: Draft, terms: Vocabulary) -> Iterator[Standing]:
    """What a node says beside its criterion: its weight, its range, to whom it applies, what it has where it does not."""
    weighed = with_terms(terms, {"weight": Term("分值", "number")})
    for node in draft.nodes():
        if isinstance(node.stated, Varying):
            yield Standing((*node.at, "weight"), node.stated.formula, terms, "number")
        if node.applies is not None:
            yield Standing((*node.at, "applies"), node.applies, terms, "yes-no")
        if node.range is not None:
            for index, end in enumerate((node.range.low, node.range.high)):
                yield Standing((*node.at, "range", index), end.low, weighed, "number")
        if isinstance(node.not_applicable, Fixed):
            at = (*node.at, "not_applicable", "points")
            yield Standing(at, node.not_applicable.points.low, weighed, "number")


def _total(draft: Draft, terms: Vocabulary) -> Iterator[Standing]:
    """What is done to the total: where it ends, and adjustments."""
    whole = with_terms(terms, {"weight": Term("满分", "number")})
    for index, end in enumerate(() if draft.range is None else (draft.range.low, draft.range.high)):
        yield Standing(("rulebook", "range", index), end.low, whole, "number")
    seen = with_terms(whole, {"score": Term("得分", "number")})
    for index, rule in enumerate(draft.adjustments):
        if rule.when is not None:
            yield Standing(("adjustments", index, "when"), rule.when, seen, "yes-no")
        for key, formula in rule.amounts():
            yield Standing(("adjustments", index, key), formula, seen, "number")
        for id, points in rule.cap.items():
            yield Standing(("adjustments", index, "cap", id), points.low, seen, "number")


def _leaf(leaf: DraftNode, terms: Vocabulary) -> Iterator[Standing]:
    if isinstance(leaf.measure, Input):  # a node's own figure is read only as its `value`
        seen = with_terms(terms, {"value": leaf.measure.term})
    else:
        if leaf.measure is not None:
            yield Standing((*leaf.at, "measure"), leaf.measure, terms, None, leaf.unit)
        seen = _with_value(leaf.measure, leaf.label, leaf.unit, leaf.target, terms)
    told = "measure" in leaf.table and leaf.measure is None  # what is held against a broken measure is not accused too
    if leaf.target is not None and not told:
        yield Standing((*leaf.at, "target"), leaf.target, seen, "yes-no")
    if leaf.criterion is not None:
        more = {"weight": Term("分值", "number")}
        broken = [
            key
            for key, read in (("measure", leaf.measure), ("target", leaf.target))
            if key in leaf.table and read is None
        ]
        if "measure" in broken:  # told already: nothing else is accused for it
            more["value"] = Term(leaf.label, "number")
        if (
            (broken and leaf.measure is not None)
            or "measure" in broken
            or Place(seen, leaf.target).target_number is not None
        ):
            more["target"] = more.get("value") or seen.get("value") or Term("目标值", "number")
        inside = with_terms(seen, more)
        for at, formula, expected in written_formulas(leaf.criterion):
            rows = rows_at(leaf.criterion, at)
            yield Standing((*leaf.at, "criterion", *at), formula, inside, _SORT_THERE[expected], rows=rows)


def _with_value(
    measured: Formula | None, label: str, unit: str | None, target: Formula | None, terms: Vocabulary
) -> Vocabulary:
    if measured is None:
        return terms
    if any(name not in terms for name in names(measured)):
        return with_terms(terms, {"value": Term(label, "number")})
    return with_terms(terms, {"value": value_term(measured, label, unit, target, terms)})


def written_text(values: Mapping[str, object], at: KeyPath) -> str:
    """The text at a key path, as it stands in the file."""
    found: object = values
    for key in at:
        match found, key:
            case Mapping(), str() if key in found:
                found = found[key]
            case list(), int() if key < len(found):
                found = found[key]
            case _:
                return ""
    return found if isinstance(found, str) else ""
