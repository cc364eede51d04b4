"""Decode the tree of indicators: the table headers are the hierarchy.

In: the `[indicators]` table. Out: draft nodes; a table with a name is a child, any other must be an attribute.
What is neither is complained about with the attribute that was probably meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import evolve

from perfscore.criteria import kind_named, kind_names
from perfscore.criterion import Amount, Criterion, Points
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.errors import UnknownKindError
from perfscore.formula.lowering import FormulaError
from perfscore.formula.shapes import VALUE, Comparison, Constant, Formula
from perfscore.formula.syntax import parse_condition
from perfscore.indicator import EVEN, Fixed, Inapplicable, InapplicablePolicy, Input, Range, Share, Varying, Weight
from perfscore.quantity import Rounding
from perfscore.rulefile.draft import MAX_PLACES, DraftNode
from perfscore.rulefile.figures import input_of
from perfscore.rulefile.mends import respelt
from perfscore.rulefile.naming import check_id, taken_id
from perfscore.rulefile.table import (
    FORMULA_UNREADABLE,
    Complain,
    missing_key,
    quoted,
    read_as,
    read_what_stands,
    unknown_key,
)
from perfscore.rulefile.tables import DefaultsTable, IndicatorTable, keys
from perfscore.rulefile.written import WrittenFixed, WrittenNode, WrittenOwnInput, WrittenRounding, WrittenScope
from perfscore.words import Words, nearest, visible

UNKNOWN_KIND = Code("PS118", "unknown-kind", Words(zh="没有这种计分方式。", en="There is no such kind of criterion."))
NAME_MISSING = Code(
    "PS119",
    "indicator-without-name",
    Words(
        zh="指标要有 name；没有 name 的子表只能是指标的属性。",
        en="An indicator has a name; a table without one can only be an attribute.",
    ),
)
RANGE_UNUSABLE = Code(
    "PS228",
    "range-unusable",
    Words(
        zh="得分范围要写下限和上限，下限不高于上限，满分在其中。",
        en="A range says its lower end and its upper, in this order, with the weight between them.",
    ),
)

DEFAULT_FORMS = keys(DefaultsTable)
ATTRIBUTES = keys(IndicatorTable)
_OWN = frozenset(ATTRIBUTES) - frozenset(keys(WrittenNode))
"""Attributes that are read by what stands in them."""

Defaults: TypeAlias = Mapping[str, Criterion | None]
"""The criterion for a target that states none, by the form of the target."""


def read_defaults(values: Mapping[str, object], complain: Complain) -> Defaults:
    """`[rulebook.defaults]`: a criterion for each form of target."""
    header = values.get("rulebook")
    table = header.get("defaults") if isinstance(header, Mapping) else None
    if table is None:
        return {}
    at: KeyPath = ("rulebook", "defaults")
    if not isinstance(table, Mapping):
        read_as(WrittenScope, table, at, complain)
        return {}
    found: dict[str, Criterion | None] = {}
    for form, inner in table.items():
        if form in DEFAULT_FORMS:
            found[form] = _criterion(inner, (*at, form), complain)
        else:
            complain(unknown_key(form, dict.fromkeys(DEFAULT_FORMS), at))
    return found


def read_range(written: tuple[Points, ...] | None, at: KeyPath, complain: Complain) -> Range | None:
    """The two ends of a range."""
    if written is None:
        return None
    if len(written) == 2 and not any(one.judged for one in written):
        return Range(*written)
    complain(
        Diagnostic(
            RANGE_UNUSABLE,
            at,
            Words(zh="得分范围是两个数：下限和上限", en="a range is two numbers: the lower end and the upper"),
            Words(zh="写 range = [0, 5]", en="write range = [0, 5]"),
        )
    )
    return None


def read_rounding(written: WrittenRounding | None) -> Rounding | None:
    """A node's own rounding; places that cannot be are told where the whole file is checked."""
    if written is None:
        return None
    whole = written.places.denominator == 1 and 0 <= written.places <= MAX_PLACES
    return Rounding(int(written.places), written.mode, written.remainder) if whole else None


def _stated(value: object, at: KeyPath, complain: Complain) -> Weight | None:
    """A weight: a number, a share `"25%"`, `"even"`, or a formula."""
    if not isinstance(value, str):
        number = read_as(Fraction, value, at, complain)
        return number
    if value.strip() == "even":
        return EVEN
    amount = read_as(Amount, value, at, complain)
    if amount is None:
        return None
    constant = amount.constant
    if constant is None:
        return Varying(amount.formula)
    if constant.written == "percent":
        return Share(constant.value)
    if constant.unit not in (None, "分"):
        complain(
            Diagnostic(
                FORMULA_UNREADABLE,
                at,
                Words(zh="分值不带单位“{u}”", en="a weight has no unit “{u}”").fill(u=constant.unit or ""),
                Words(zh='写 weight = 10、"25%"、"even" 或公式', en='write weight = 10, "25%", "even" or a formula'),
            )
        )
        return None
    return constant.value


def _inapplicable(value: object, at: KeyPath, complain: Complain) -> Inapplicable | None:
    if isinstance(value, Mapping):
        fixed = read_as(WrittenFixed, value, at, complain)
        return None if fixed is None else Fixed(fixed.points)
    policy: Any = InapplicablePolicy
    read: Inapplicable | None = read_as(policy, value, at, complain)
    return read


def read_members(values: Mapping[str, object], complain: Complain, defaults: Defaults) -> tuple[DraftNode, ...]:
    """Every top-level node, with what is under it."""
    if "indicators" not in values:
        complain(missing_key("[indicators]", ()))
        return ()
    table = values["indicators"]
    if not isinstance(table, Mapping):
        read_as(WrittenScope, table, ("indicators",), complain)
        return ()
    return tuple(
        _node(key, inner, ("indicators", key), (), complain, defaults)
        for key, inner in table.items()
        if _is_child(key, inner, ("indicators",), complain, root=True)
    )


def _is_child(key: str, inner: object, at: KeyPath, complain: Complain, *, root: bool = False) -> bool:
    """Whether a key under an indicator is a child: a table with a name. What is neither that nor an attribute is
    complained about.
    """
    if isinstance(inner, Mapping) and "name" in inner and key not in ATTRIBUTES:
        return True
    if isinstance(inner, Mapping) and key in ATTRIBUTES and root:
        complain(taken_id(key, (*at, key)))
        return False
    if isinstance(inner, Mapping) and misspelt("name", inner) and _has_what_nodes_have(inner):
        return True  # and the key is told where the child is read
    if isinstance(inner, Mapping) and (root or nearest(key, ATTRIBUTES) is None):
        complain(
            Diagnostic(
                NAME_MISSING,
                (*at, key),
                Words(zh="指标 “{id}” 没有 name", en="the indicator “{id}” has no name").fill(id=visible(key)),
                Words(zh='写 name = "…"', en='write name = "…"'),
                part="key",
            )
        )
        return root or _has_what_nodes_have(inner)
    complain(unknown_key(key, dict.fromkeys(ATTRIBUTES), at))
    return False


def _has_what_nodes_have(table: Mapping[str, object]) -> bool:
    return bool({"weight", "criterion"} & table.keys() or any(isinstance(one, Mapping) for one in table.values()))


def misspelt(attribute: str, table: Mapping[str, object]) -> bool:
    """Whether a key was probably meant for an attribute; the key is told, so the absence is no second mistake."""
    inner = {key for key, one in table.items() if isinstance(one, Mapping) and attribute == "name"}  # a child, `rate`
    return any(key not in ATTRIBUTES and nearest(key, ATTRIBUTES) == attribute for key in table.keys() - inner)


def _node(
    key: str, table: Any, at: KeyPath, above: tuple[str, ...], complain: Complain, defaults: Defaults
) -> DraftNode:
    check_id(key, at, complain)
    path = (*above, key)
    id = ".".join(path)
    members = []
    others: set[str] = set()
    for inner_key, inner in table.items():
        if inner_key in ATTRIBUTES and isinstance(inner, Mapping) and "name" in inner:
            complain(taken_id(inner_key, (*at, inner_key)))
            others.add(inner_key)
        elif inner_key not in ATTRIBUTES:
            others.add(inner_key)
            if _is_child(inner_key, inner, at, complain):
                members.append(_node(inner_key, inner, (*at, inner_key), path, complain, defaults))
    named = {"name": key, **table}  # a missing name was told above, at the table itself
    written = read_what_stands(WrittenNode, named, at, complain, skip=frozenset(others) | _OWN)
    node = DraftNode(id=id, at=at, table=table, members=tuple(members))
    if written is not None:
        node = evolve(
            node,
            name=written.name,
            range=read_range(written.range, (*at, "range"), complain),
            aggregate=written.aggregate,
            by=written.by,
            n=written.n,
            applies=None if written.applies is None else written.applies.formula,
            rounding=read_rounding(written.rounding),
            clause=written.clause,
            basis=written.basis,
            unit=written.unit,
            missing=written.missing,
            undefined=written.undefined,
            note=written.note,
        )
    text = written.target_text if written else None
    node = evolve(
        node,
        target_text=text,
        stated=_stated(table["weight"], (*at, "weight"), complain) if "weight" in table else None,
        not_applicable=_inapplicable(table["not_applicable"], (*at, "not_applicable"), complain)
        if "not_applicable" in table
        else None,
    )
    return _with_criterion(node, complain, defaults)


def _with_criterion(node: DraftNode, complain: Complain, defaults: Defaults) -> DraftNode:
    table = node.table
    criterion = _criterion(table["criterion"], (*node.at, "criterion"), complain) if "criterion" in table else None
    measure = _measured(node, complain) if "measure" in table else None
    plain = bool(defaults) and "criterion" not in table and not node.members
    if plain and "measure" not in table and isinstance(written := table.get("target"), str):
        measure = _implied(node, written)
    target, text = (
        _target(node, measure is not None or "measure" in table, complain) if "target" in table else (None, None)
    )
    words = node.target_text or (text if target is None else None)
    form = form_of(target) if plain else None
    if form is not None:
        criterion = defaults.get(form)
    return evolve(
        node,
        criterion=criterion,
        measure=measure,
        target=target,
        target_text=words,
        by_default=form if form in defaults else None,
    )


def form_of(target: Formula | None) -> str:
    """The form of a target, by which the default criterion is chosen."""
    match target:
        case None:
            return "words"
        case Comparison(by="≥" | ">"):
            return "at_least"
        case Comparison(by="≤" | "<"):
            return "at_most"
        case _:
            return "equal"


def _implied(node: DraftNode, target: str) -> Input | None:
    """The figure that an ordinary form asks for: its target is a comparison, its unit stands beside it."""
    try:
        formula = parse_condition(target).formula
    except FormulaError:
        return None
    match formula:
        case Comparison(left=left, right=Constant(written=written, unit=unit)) if left == VALUE:
            percent = written == "percent" or node.unit == "%"
            shown = None if percent else node.unit or unit
            return Input(node.id, node.label, "percent" if percent else "number", shown)
        case _:
            return None


def _criterion(table: object, at: KeyPath, complain: Complain) -> Criterion | None:
    if not isinstance(table, Mapping) or "kind" not in table:
        if isinstance(table, Mapping):
            complain(missing_key("kind", at))
        else:
            read_as(WrittenScope, table, at, complain)
        return None
    try:
        cls = kind_named(str(table["kind"]))
    except UnknownKindError as error:
        complain(
            Diagnostic(
                UNKNOWN_KIND,
                at := (*at, "kind"),
                Words(zh="没有计分方式 {k}", en="there is no kind {k}").fill(k=quoted(table["kind"])),
                Words(zh='写 kind = "{near}"', en='write kind = "{near}"').fill(near=error.near)
                if error.near
                else Words(zh="可用：{all}", en="there are: {all}").fill(all=", ".join(kind_names())),
                fix=respelt(at, table["kind"], error.near, kind_names()),
            )
        )
        return None
    return read_as(cls, table, at, complain, skip=frozenset(("kind",)))


def _measured(node: DraftNode, complain: Complain) -> Formula | Input | None:
    at = (*node.at, "measure")
    written = node.table["measure"]
    if isinstance(written, Mapping):
        own = read_as(WrittenOwnInput, written, at, complain)
        return None if own is None else input_of(node.id, node.label, own, at, complain)
    amount = read_as(Amount, written, at, complain)
    return None if amount is None else amount.formula


def _target(node: DraftNode, measured: bool, complain: Complain) -> tuple[Formula | None, str | None]:
    """The target as a condition where there is a measure, else as words."""
    at = (*node.at, "target")
    text = read_as(str, node.table["target"], at, complain)
    if text is None or not measured:
        return None, text
    try:
        return parse_condition(text).formula, text
    except FormulaError as error:
        hint = error.hint or Words(
            zh='写成 "≥ 10" 这样的条件；文字放到 target_text',
            en='write a condition such as "≥ 10"; words go to target_text',
        )
        complain(Diagnostic(FORMULA_UNREADABLE, at, error.message, hint, within=(error.start, error.end)))
        return None, text
