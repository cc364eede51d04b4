"""Can every figure have a value, and a name of its own?

In: a draft. Out: a complaint for a domain that holds nothing, a choice without choices, and a name used twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfscore.diagnostic import Code, Diagnostic, KeyPath, Related
from perfscore.indicator import Input
from perfscore.rulefile.draft import Draft
from perfscore.words import Words, listed

DOMAIN_EMPTY = Code(
    "PS219", "domain-empty", Words(zh="没有数能落在这个取值范围里。", en="No value can lie in the domain of a figure.")
)
CHOICES_MISSING = Code(
    "PS220",
    "choices-missing",
    Words(zh="选择型数据要写有哪些选项。", en="A figure that is chosen must say what it is chosen from."),
)
LOWER_END = Words(zh="下限在这里", en="the lower end")
TABLE_UNCLEAR = Code(
    "PS241",
    "table-unclear",
    Words(
        zh="表要有列，每列是一个数、文字或日期；只有表才有列。",
        en="A table has columns, each of them a figure, a text or a date; nothing else has any.",
    ),
)
NAME_TAKEN = Code(
    "PS221",
    "name-taken",
    Words(
        zh="一级指标的自有数据和 [inputs] 里的数据同名，填数时分不清。",
        en="An indicator's own figure has the name of an input.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every figure that cannot be filled in."""
    for name, declared in draft.inputs.items():
        if declared is not None:
            yield from _table(declared, ("inputs", name), own=False)
            yield from _one(declared, ("inputs", name), draft)
            for column in declared.columns:
                yield from _one(column, ("inputs", name, "columns", column.name), draft)
    for leaf in draft.leaves():
        if isinstance(leaf.measure, Input):
            yield from _table(leaf.measure, (*leaf.at, "measure"), own=True)
            yield from _one(leaf.measure, (*leaf.at, "measure"), draft)
            if leaf.id in draft.known():
                yield Diagnostic(
                    NAME_TAKEN,
                    (*leaf.at, "measure"),
                    Words(
                        zh="“{n}”已经是 [inputs] 或 [measures] 里的名字", en="“{n}” is an input or a measure already"
                    ).fill(n=leaf.id),
                    Words(
                        zh='写 measure = "{n}"，或给其中一个改名', en='write measure = "{n}", or rename one of them'
                    ).fill(n=leaf.id),
                )


def _table(declared: Input, at: KeyPath, *, own: bool) -> Iterator[Diagnostic]:
    """What is said of a table, or as if something were one."""
    columns = [one.name for one in declared.columns]
    example = Words.same('columns = { name = { type = "text" }, amount = { type = "money", unit = "万元" } }')
    if own and declared.type == "table":
        said = Words(zh="指标自己的数不能是表", en="an indicator's own figure cannot be a table")
        hint = Words(
            zh="把表写进 [inputs]，这里写公式，如 sum(projects.amount)",
            en="declare the table in [inputs], and write a formula here, as in sum(projects.amount)",
        )
        yield Diagnostic(TABLE_UNCLEAR, (*at, "type"), said, hint)
    elif declared.type == "table" and not columns:
        said = Words(zh="表“{n}”没有列", en="the table “{n}” has no columns").fill(n=declared.label)
        yield Diagnostic(TABLE_UNCLEAR, at, said, Words(zh="写 {e}", en="write {e}").fill(e=example), part="key")
    elif declared.type != "table" and (columns or declared.key is not None):
        said = Words(zh="“{n}”不是表，没有列", en="“{n}” is no table and has no columns").fill(n=declared.label)
        yield Diagnostic(TABLE_UNCLEAR, (*at, "type"), said, Words(zh='写 type = "table"', en='write type = "table"'))
    elif declared.key is not None and declared.key not in columns:
        said = Words(zh="没有“{k}”这一列", en="there is no column “{k}”").fill(k=declared.key)
        yield Diagnostic(
            TABLE_UNCLEAR, (*at, "key"), said, Words(zh="列有：{a}", en="columns: {a}").fill(a=listed(columns))
        )
    for column in declared.columns:
        if column.type == "table":
            said = Words(zh="表里的列不能又是表", en="a column cannot be a table itself")
            hint = Words(
                zh="另写一张表，用一列说明它属于哪条记录",
                en="make it a table of its own, with a column that says to which record it belongs",
            )
            yield Diagnostic(TABLE_UNCLEAR, (*at, "columns", column.name, "type"), said, hint)


def _one(declared: Input, at: KeyPath, draft: Draft) -> Iterator[Diagnostic]:
    domain = declared.domain
    if domain.low is not None and domain.high is not None:
        apart = domain.low < domain.high or (domain.low == domain.high and domain.low_closed and domain.high_closed)
        if not apart:
            low, high = _end(draft, at, ("min", "above")), _end(draft, at, ("max", "below"))
            yield Diagnostic(
                DOMAIN_EMPTY,
                high or low or at,
                Words(zh="“{n}”的上限低于下限", en="the domain of “{n}” ends before it begins").fill(n=declared.label),
                Words(zh="改 min、max、above 或 below", en="change min, max, above or below"),
                part="value" if high or low else "key",
                related=(Related(low, LOWER_END),) if high and low else (),
            )
    if declared.type == "choice" and not domain.choices:
        yield Diagnostic(
            CHOICES_MISSING,
            at,
            Words(zh="“{n}”没有选项", en="“{n}” has no choices").fill(n=declared.label),
            Words(zh='写 choices = ["甲", "乙"]', en='write choices = ["a", "b"]'),
            part="key",
        )


def _end(draft: Draft, at: KeyPath, keys: tuple[str, str]) -> KeyPath | None:
    """Where an end of a domain is written; what is counted begins at 0 without a word."""
    table: object = draft.values
    for step in at:
        table = table.get(step) if isinstance(table, Mapping) else None
    return next(((*at, key) for key in keys if isinstance(table, Mapping) and key in table), None)
