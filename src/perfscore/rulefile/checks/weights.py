"""Do the points add up?

In: a draft. Out: a complaint for a leaf without weight, a weight with more places than points have, a branch that
declares other points than its members share out, and a total that is not the full marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from typing import TypeAlias

from perfscore.diagnostic import Code, Diagnostic, Related
from perfscore.formula.arithmetic import Unreadable
from perfscore.formula.exact import Slots
from perfscore.formula.rebuilding import rebuilt
from perfscore.formula.shapes import Formula, Name
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Term, Vocabulary
from perfscore.formula.walking import names, peers_in
from perfscore.indicator import Even, Share, Varying
from perfscore.parameter import Parameter
from perfscore.quantity import Rounding, spelled
from perfscore.rulebook import Figure, Measure
from perfscore.rulefile.draft import Draft, DraftNode
from perfscore.rulefile.leftover import left_for
from perfscore.rulefile.tree import misspelt
from perfscore.weights import Value, weigh
from perfscore.words import Words

Choice: TypeAlias = str | bool

WEIGHTS_DISAGREE = Code(
    "PS201",
    "weights-disagree",
    Words(
        zh="上级指标写的分值不等于下级指标分值之和。", en="A branch declares other points than its members share out."
    ),
)
FULL_MARKS_DISAGREE = Code(
    "PS202",
    "full-marks-disagree",
    Words(zh="一级指标分值之和不等于满分。", en="The top-level weights do not add up to the full marks."),
)
WEIGHT_MISSING = Code("PS203", "weight-missing", Words(zh="指标没有写分值。", en="An indicator says no weight."))
WEIGHT_TOO_FINE = Code(
    "PS204",
    "weight-too-fine",
    Words(zh="分值的小数位比得分保留的位数多。", en="A weight has more decimal places than points are rounded to."),
)
WEIGHT_NEGATIVE = Code(
    "PS205",
    "weight-not-positive",
    Words(zh="分值应大于 0；写了 range 的可以是 0。", en="A weight must be above 0, or 0 where a range is written."),
)
WEIGHT_NEEDS_PARENT = Code(
    "PS223",
    "weight-needs-parent",
    Words(
        zh="百分比或均分的分值，要上级写明自己的分值。",
        en="A weight that is a share or an even part needs a parent that says its own weight.",
    ),
)
WEIGHTS_VARY_APART = Code(
    "PS224",
    "weights-vary-apart",
    Words(
        zh="分值随对象变，对某一组对象加起来不等于应有的分值。",
        en="Weights vary with the subject, and for some subject they do not add up.",
    ),
)
WEIGHT_UNPROVED = Code(
    "PS225",
    "weight-unproved",
    Words(
        zh="分值由算式给出，不能在评分前证明合计正确；评分时会核对。",
        en="A weight comes from figures, so that the sum cannot be proved beforehand; it is checked for every subject.",
    ),
)
MOST_GROUPS = 5_000
"""So many combinations of groups are tried; a rulebook that tells more apart is checked for each subject only."""


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every weight that does not fit."""
    rounding = draft.rounding or Rounding()
    pools = draft.pools()
    for node in draft.nodes():
        if node.id not in pools:
            yield from _one(node, draft)
    varying = [node for node in draft.nodes() if isinstance(node.stated, Varying)]
    if not varying:
        yield from _sums(draft, rounding, lambda formula: None, "")
        return
    yield from _varying(draft, varying, rounding)


def _one(node: DraftNode, draft: Draft) -> Iterator[Diagnostic]:
    at = (*node.at, "weight")
    rounding = node.rounding or draft.rounding
    stated = node.stated
    if isinstance(stated, Fraction):
        if stated < 0 or (stated == 0 and node.range is None):
            yield Diagnostic(
                WEIGHT_NEGATIVE,
                at,
                Words(zh="分值是 {w}，应大于 0", en="the weight is {w}, where it must be above 0").fill(
                    w=spelled(stated)
                ),
                Words(
                    zh="写大于 0 的数；只加分或只减分的写 weight = 0 和 range = [0, 5]",
                    en="write a number above 0; for a bonus or a penalty write weight = 0 and range = [0, 5]",
                ),
            )
        elif rounding is not None and not rounding.holds(stated):
            yield Diagnostic(
                WEIGHT_TOO_FINE,
                at,
                Words(zh="分值 {w} 的小数超过 {p} 位", en="the weight {w} has more than {p} decimal places").fill(
                    w=spelled(stated), p=str(rounding.places)
                ),
                Words(
                    zh="改分值，或写 rounding = { places = 3 }",
                    en="change the weight, or write rounding = { places = 3 }",
                ),
            )
    elif isinstance(stated, Share) and stated.part < 0:
        yield Diagnostic(
            WEIGHT_NEGATIVE,
            at,
            Words(zh="权重小于 0", en="the share is below 0"),
            Words(zh='写 "25%" 这样的比例', en='write a share such as "25%"'),
        )
    elif isinstance(stated, Share | Even) and not _parent_says(node, draft):
        yield Diagnostic(
            WEIGHT_NEEDS_PARENT,
            at,
            Words(zh="上级没有写分值，不知是多少", en="the parent says no weight, so this is a share of nothing"),
            Words(zh="给上级写 weight = …，或在这里写分数", en="give the parent weight = …, or write points here"),
        )
    if not node.members and "weight" not in node.table and not misspelt("weight", node.table):
        yield Diagnostic(
            WEIGHT_MISSING,
            node.at,
            Words(zh="指标“{n}”没有分值", en="the indicator “{n}” has no weight").fill(n=node.label),
            Words(zh="写 weight = {n}", en="write weight = {n}").fill(n=left_for(node, draft)),
            part="key",
        )


def _parent_says(node: DraftNode, draft: Draft) -> bool:
    above = node.id.rpartition(".")[0]
    return not above or any(one.id == above and one.stated is not None for one in draft.nodes())


def _sums(draft: Draft, rounding: Rounding, value: Value, whom: str) -> Iterator[Diagnostic]:
    """Whether every sum is what the node over it says, for everybody or for the subjects `whom` speaks of."""
    header = draft.header
    full = None if header is None else header.full_marks
    known = weigh(draft.members, full, rounding, value)
    for node in draft.nodes():
        if not node.members or node.aggregate != "sum" or node.stated is None or node.id not in known:
            continue
        shared = _together(node.members, known)
        declared = known[node.id]
        if shared is None or shared == declared:
            continue
        said = Words(zh="写了 {w} 分，下级指标合计 {s} 分", en="declares {w} points, but its members share out {s}")
        yield Diagnostic(
            WEIGHTS_VARY_APART if whom else WEIGHTS_DISAGREE,
            (*node.at, "weight"),
            _whom(whom) + said.fill(w=spelled(declared), s=spelled(shared)),
            Words(
                zh="写 weight = {s}，或给下级指标 {gap} 分", en="write weight = {s}, or give its members {gap} points"
            ).fill(s=spelled(shared), gap=_signed(declared - shared)),
            related=_shares(node.members, known),
        )
    total = _together(draft.members, known)
    if header is None or header.aggregate != "sum" or total is None or total == full or full is None:
        return
    if not draft.members or (full <= 0 and header.range is None):  # told in `structure` and `header`
        return
    said = Words(zh="满分 {full}，各指标合计 {sum}", en="full_marks is {full}, but the indicators share out {sum}")
    yield Diagnostic(
        WEIGHTS_VARY_APART if whom else FULL_MARKS_DISAGREE,
        ("rulebook", "full_marks"),
        _whom(whom) + said.fill(full=spelled(full), sum=spelled(total)),
        Words(
            zh="写 full_marks = {sum}，或改指标的分值（差 {gap}）",
            en="write full_marks = {sum}, or change weights by {gap}",
        ).fill(sum=spelled(total), gap=_signed(full - total)),
        related=_shares(draft.members, known),
    )


def _shares(members: tuple[DraftNode, ...], known: Mapping[str, Fraction]) -> tuple[Related, ...]:
    """Where the members say what they are worth, and how much that is."""
    shares = [(one, _together((one,), known)) for one in members]
    return tuple(
        Related(
            (*one.at, "weight") if "weight" in one.table else one.at,
            Words(zh="“{n}” {w} 分", en="“{n}”: {w} points").fill(n=one.label, w=spelled(worth)),
            "value" if "weight" in one.table else "key",
        )
        for one, worth in shares
        if worth is not None
    )


def _whom(whom: str) -> Words:
    return Words(zh="对 {g}：", en="for {g}: ").fill(g=whom) if whom else Words(zh="", en="")


def _varying(draft: Draft, varying: list[DraftNode], rounding: Rounding) -> Iterator[Diagnostic]:
    """Weights that vary must add up for every group: each combination of what they read is tried."""
    terms = draft.vocabulary
    formulas = [node.stated.formula for node in varying if isinstance(node.stated, Varying)]
    if any(name not in terms for one in formulas for name in names(one)):
        return  # told where names are checked
    if any(type_of(one, terms).sort != "number" for one in formulas):
        return  # so is what gives no number
    figures = {**draft.parameters, **draft.measures}
    read, later = _read(formulas, figures)
    choices = {name: _choices(terms[name]) for name in read}
    size = prod(len(one) for one in choices.values() if one is not None)
    if later or None in choices.values() or size > MOST_GROUPS:
        yield Diagnostic(
            WEIGHT_UNPROVED,
            (*varying[0].at, "weight"),
            Words(
                zh="分值随数据变，合计要到评分时才知道",
                en="the weights depend on figures, and their sum is known only then",
            ),
            Words(
                zh="让分值只随选择型数据变，就能先核对",
                en="let weights vary with choices only, and they are checked here",
            ),
            "note",
        )
        return
    for group in product(*(one or () for one in choices.values())):
        subject = dict(zip(choices, group, strict=True))
        found = list(_sums(draft, rounding, _reader(subject, figures), _told(subject, terms)))
        yield from found
        if found:
            return  # one group is enough to mend it by; the next run tells the next


def _read(formulas: list[Formula], figures: Mapping[str, Figure | None]) -> tuple[list[str], bool]:
    """The inputs that formulas rest on, and whether they rest on what is known only when somebody is assessed: a day, or
    what others come to.
    """
    waiting, found, later = list(formulas), dict[str, None](), False
    seen: set[str] = set()
    while waiting:
        formula = waiting.pop()
        later = later or bool(peers_in(formula))
        for name in names(formula):
            if name in seen:
                continue
            seen.add(name)
            match figures.get(name):
                case Measure(formula=inner):
                    waiting.append(inner)
                case Parameter() as parameter:
                    later = later or parameter.dated
                    waiting.extend(parameter.formulas())
                    waiting.extend(() if parameter.by is None else (Name(parameter.by),))
                case None:
                    found[name] = None
    return list(found), later


def _choices(term: Term) -> tuple[Choice, ...] | None:
    if term.type == "yes-no":
        return (True, False)
    return term.domain.choices if term.type == "choice" and term.domain.choices else None


def _told(subject: Mapping[str, Choice], terms: Vocabulary) -> str:
    """A group as people read it."""
    shown = {True: "true", False: "false"}
    return "、".join(
        f"{terms[name].label} = {shown.get(one, str(one)) if isinstance(one, bool) else one}"
        for name, one in subject.items()
    )


def _reader(subject: Mapping[str, Choice], figures: Mapping[str, Figure | None]) -> Value:
    """What a weight formula gives for one group of subjects."""

    def value(formula: Formula) -> Fraction | None:
        found = _expanded(formula, subject, figures)
        if found is None:
            return None
        order = list(subject)
        try:
            read = Slots({name: at for at, name in enumerate(order)}).numeric(found)
            return Fraction(*read([subject[name] for name in order]))
        except Unreadable:
            return None

    return value


def _expanded(formula: Formula, subject: Mapping[str, Choice], figures: Mapping[str, Figure | None]) -> Formula | None:
    """The formula with measures and parameters in place, or None where a parameter has no value for the group."""
    lacking = False

    def step(one: Formula) -> Formula | None:
        nonlocal lacking
        match one:
            case Name(name=name) if (figure := figures.get(name)) is not None:
                found: Formula | None = None
                match figure:
                    case Measure(formula=inner):
                        found = inner
                    case Parameter(by=None):
                        found = figure.at("", None)
                    case Parameter(by=by):
                        group = subject.get(by or "")
                        found = figure.at(str(group).lower() if isinstance(group, bool) else str(group), None)
                inner_found = None if found is None else rebuilt(found, step)
                lacking = lacking or inner_found is None
                return inner_found or one
            case _:
                return None

    made = rebuilt(formula, step)
    return None if lacking else made


def _together(members: tuple[DraftNode, ...], known: Mapping[str, Fraction]) -> Fraction | None:
    """What members are worth together, or None where one of them does not say."""
    total = Fraction(0)
    for member in members:
        # what a branch says is held against its members on its own; here their own sum counts, so that one slip is told once
        adds = bool(member.members) and member.aggregate == "sum"
        worth = _together(member.members, known) if adds else known.get(member.id)
        if worth is None:
            return None
        total += worth
    return total


def _signed(gap: Fraction) -> str:
    return f"+{spelled(gap)}" if gap > 0 else spelled(gap)
