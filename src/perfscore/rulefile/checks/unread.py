"""Is every figure that is asked for also read?

In: a draft. Out: a warning for an input or a parameter that no indicator, check, goal or measure reads.
A measure is never among them: its value stands in the result, so it says something by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from perfscore.diagnostic import Code, Diagnostic
from perfscore.formula.shapes import Formula
from perfscore.formula.vocabulary import column_name
from perfscore.formula.walking import names
from perfscore.indicator import Fixed, Varying
from perfscore.rulefile.draft import Draft
from perfscore.words import Words
from perfscore.writtenformulas import written_formulas

NEVER_READ = Code(
    "PS215",
    "never-read",
    Words(zh="要人填的数没有任何地方用到。", en="A figure that people are asked for is used nowhere."),
)

_WORD = re.compile(r"[^\W\d]\w*")


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every declared name that no formula uses."""
    used = {name for formula in _formulas(draft) for name in names(formula)} | set(_by_name(draft))
    used |= {word for text in _unreadable(draft) for word in _WORD.findall(text)}
    for name, table in draft.inputs.items():
        if table is None or name not in used:
            continue
        for column in table.columns:
            if column_name(name, column.name) not in used and column.name != table.key:
                at = ("inputs", name, "columns", column.name)
                said = Words(zh="“{n}”这一列没有地方用到", en="the column “{n}” is read nowhere").fill(n=column.name)
                hint = Words(zh="去掉这一列，或写 {c} 用它", en="take the column out, or read it as {c}")
                yield Diagnostic(NEVER_READ, at, said, hint.fill(c=column_name(name, column.name)), "warning", "key")
    for section, named in (("inputs", draft.inputs), ("parameters", draft.parameters)):
        for name in named:
            if name not in used:
                yield Diagnostic(
                    NEVER_READ,
                    (section, name),
                    Words(zh="“{n}”没有地方用到", en="“{n}” is read nowhere").fill(n=name),
                    Words(
                        zh="去掉这张表，或在 measure、criterion、checks 里用它",
                        en="take the table out, or use it in a measure, criterion or check",
                    ),
                    "warning",
                    "key",
                )


def _unreadable(draft: Draft) -> Iterator[str]:
    """The texts of what could not be read, and was told: a name that stands there is not unused as well."""
    for leaf in draft.leaves():
        for key, read in (("criterion", leaf.criterion), ("measure", leaf.measure), ("target", leaf.target)):
            yield from _texts(leaf.table.get(key)) if read is None else ()
    figures = (("measures", draft.measures), ("parameters", draft.parameters))
    broken = {section: [name for name, one in read.items() if one is None] for section, read in figures}
    read_whole = {"checks": len(draft.checks), "goals": len(draft.goals), "adjustments": len(draft.adjustments)}
    for section, written in draft.values.items():
        if isinstance(written, Mapping) and section in broken:
            yield from (text for name in broken[section] for text in _texts(written.get(name)))
        elif section in read_whole and isinstance(written, Mapping | list) and len(written) > read_whole[section]:
            yield from _texts(written)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            yield from (text for inner in value.values() for text in _texts(inner))
        case list():
            yield from (text for inner in value for text in _texts(inner))
        case _:
            pass


def _by_name(draft: Draft) -> Iterator[str]:
    """Names that are read without a formula: a choice that picks a member, or tells a group, or looks a row up."""
    yield from (one.by for one in (*draft.nodes(), *draft.parameters.values()) if one is not None and one.by)
    if draft.header is not None and draft.header.by is not None:
        yield draft.header.by
    for leaf in draft.leaves():
        yield from getattr(leaf.criterion, "by", ())


def _formulas(draft: Draft) -> Iterator[Formula]:
    for measure in draft.measures.values():
        if measure is not None:
            yield measure.formula
    for parameter in draft.parameters.values():
        yield from () if parameter is None else parameter.formulas()
    for rule in draft.adjustments:
        yield from () if rule.when is None else (rule.when,)
        yield from (formula for _, formula in rule.amounts())
        yield from (points.low for points in rule.cap.values())
    for node in draft.nodes():
        yield from () if node.applies is None else (node.applies,)
        yield from () if node.range is None else (node.range.low.low, node.range.high.low)
        if isinstance(node.stated, Varying):
            yield node.stated.formula
        if isinstance(node.not_applicable, Fixed):
            yield node.not_applicable.points.low
    for one in draft.checks:
        yield one.that
    for goal in draft.goals:
        yield from (formula for formula in (goal.measure, goal.target) if formula is not None)
    for leaf in draft.leaves():
        yield from (formula for formula in (leaf.measured, leaf.target) if formula is not None)
        yield from (formula for _, formula, _ in written_formulas(leaf.criterion))
