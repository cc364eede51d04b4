"""Can points leave what the file promises?

In: a draft. Out: a complaint for a range without its weight inside, and for a total that declared ranges or adjustments
can carry beyond 0 to the full marks while the file does not say where it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfscore.adjustment import AdjustmentRule
from perfscore.criterion import end_text
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.formula.bounds import bounds
from perfscore.formula.intervals import Interval
from perfscore.formula.vocabulary import Domain, Term, Vocabulary, with_terms
from perfscore.formula.walking import names
from perfscore.indicator import Range
from perfscore.quantity import spelled
from perfscore.rulefile.checks.criteria import worths
from perfscore.rulefile.draft import Draft
from perfscore.rulefile.tree import RANGE_UNUSABLE
from perfscore.words import Words

TOTAL_CAN_LEAVE = Code(
    "PS229",
    "total-can-leave",
    Words(
        zh="加分或减分能使总分超出 0 到满分，没有写总分的范围。",
        en="Bonuses or penalties can carry the total beyond 0 to the full marks, and where it ends is not said.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every range that cannot be, and a total without one that needs it."""
    terms = draft.vocabulary
    worth = worths(draft, terms)
    highest = lowest = Fraction(0)
    for node in draft.nodes():
        known = worth.get(node.id)
        if node.range is None or known is None:
            continue
        inside = with_terms(terms, {"weight": Term("分值", "number", None, known)})
        ends = _ends(node.range, inside)
        if ends is None:
            continue
        low, high = ends
        weight = known.high or Fraction(0)
        start = Fraction(0) if draft.demerit else weight
        if low.low > high.high:
            yield _turned((*node.at, "range"), low, high)
        elif not node.members and (low.low > start or high.high < start):
            yield Diagnostic(
                RANGE_UNUSABLE,
                (*node.at, "range"),
                Words(
                    zh="从 {s} 分开始，不在 [{low}, {high}] 内",
                    en="it starts from {s} points, which is not in [{low}, {high}]",
                ).fill(s=spelled(start), low=end_text(low.low), high=end_text(high.high)),
                Words(zh="写 range = [0, {s}] 或更宽", en="write range = [0, {s}], or wider").fill(s=spelled(weight)),
            )
        if not node.members:
            above, below = high.high - weight, low.low
            highest += max(above, Fraction(0)) if isinstance(above, Fraction) else 0
            lowest += min(below, Fraction(0)) if isinstance(below, Fraction) else 0
    if draft.range is not None and draft.header is not None:
        full = draft.header.full_marks
        whole = _ends(draft.range, with_terms(terms, {"weight": Term("满分", "number", None, Domain(full, full))}))
        if whole is not None and whole[0].low > whole[1].high:
            yield _turned(("rulebook", "range"), *whole)
    yield from _total(draft, highest, lowest, terms)


def _turned(at: KeyPath, low: Interval, high: Interval) -> Diagnostic:
    """The complaint about a range whose lower end is above its upper."""
    shown = {"low": end_text(low.low), "high": end_text(high.high)}
    said = Words(zh="下限 {low} 高于上限 {high}", en="the lower end {low} is above the upper end {high}")
    hint = Words(zh="写 range = [{high}, {low}]", en="write range = [{high}, {low}]")
    return Diagnostic(RANGE_UNUSABLE, at, said.fill(**shown), hint.fill(**shown))


def _ends(written: Range, terms: Vocabulary) -> tuple[Interval, Interval] | None:
    formulas = written.low.low, written.high.low
    if any(name not in terms for one in formulas for name in names(one)):
        return None  # told where names are checked
    return bounds(formulas[0], terms), bounds(formulas[1], terms)


def _moves(rule: AdjustmentRule, full: Fraction, terms: Vocabulary) -> tuple[bool, bool]:
    """Whether an adjustment can carry a total beyond the full marks, and whether below 0."""
    total = Domain(Fraction(0), full)
    known = {
        **terms,
        "weight": Term("满分", "number", None, Domain(full, full)),
        "score": Term("得分", "number", None, total),
    }
    rises = falls = False
    for key, formula in rule.amounts():
        if any(name not in known for name in names(formula)):
            continue  # told where names are checked
        amount = bounds(formula, known)
        match key:
            case "add":
                rises, falls = rises or amount.high > 0, falls or amount.low < 0
            case "deduct":
                rises, falls = rises or amount.low < 0, falls or amount.high > 0
            case "multiply":
                rises, falls = rises or amount.high > 1, falls or amount.low < 0
            case "set_score":
                rises, falls = rises or amount.high > full, falls or amount.low < 0
            case _:  # a cap never raises, and one below 0 is cut as all else is
                falls = falls or amount.low < 0
    return rises, falls


def _total(draft: Draft, highest: Fraction, lowest: Fraction, terms: Vocabulary) -> Iterator[Diagnostic]:
    header = draft.header
    if header is None or header.range is not None or header.aggregate != "sum":
        return
    moves = [_moves(rule, header.full_marks, terms) for rule in draft.adjustments]
    adding = [index for index, (rises, _) in enumerate(moves) if rises]
    taking = [index for index, (_, falls) in enumerate(moves) if falls]
    if highest > 0 or lowest < 0:
        at: tuple[str | int, ...] = ("rulebook",)
        why = Words(
            zh="各指标的加减分合计 {low} 到 {high}",
            en="the indicators' ranges reach from {low} to {high} beyond the sum",
        ).fill(low=spelled(lowest), high=f"+{spelled(highest)}")
    elif adding:
        at = ("adjustments", adding[0])
        why = Words(zh="总分调整可以使总分超过满分", en="an adjustment can carry the total beyond the full marks")
    elif taking:
        at = ("adjustments", taking[0])
        why = Words(zh="总分调整可以使总分低于 0", en="an adjustment can carry the total below 0")
    else:
        return
    full = header.full_marks
    yield Diagnostic(
        TOTAL_CAN_LEAVE,
        at,
        why
        + Words(
            zh="，没有写总分到哪里为止（range = [0, {f}]：最多 {f}；range = [0, {m}]：加分另计）",
            en=", and where it ends is not said (range = [0, {f}]: at most {f}; range = [0, {m}]: beside the bonus)",
        ).fill(f=spelled(full), m=spelled(full + highest if highest else full * 2)),
        Words(zh="在 [rulebook] 写 range = [0, {f}]", en="write range = [0, {f}] in [rulebook]").fill(f=spelled(full)),
        part="key",
    )
