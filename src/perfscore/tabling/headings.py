"""What the headings of a table are taken for.

In: a rulebook, the headings, and the owner's file of columns. Out: an `Understanding`: for each column the figure that it
holds and how that is known, what is asked for and stands nowhere, and what may be meant. A heading that states another unit
than the rules is never taken for the figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from perfscore.cohortfile import SUBJECT_COLUMNS, UNKNOWN_COLUMN
from perfscore.diagnostic import Diagnostic
from perfscore.formula.vocabulary import ValueType
from perfscore.frozen import Frozen
from perfscore.indicator import Input
from perfscore.plan import Plan
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook
from perfscore.tablefile.mapfile import ColumnMap
from perfscore.words import Words, listed, nearest, visible

if TYPE_CHECKING:
    import pyarrow

_UNIT = re.compile(r"(.+?)\(([^()]*)\)")
_SUBJECT = {
    "subject.name": ("评价对象", "单位名称", "项目名称", "subject"),
    "subject.period": ("评价年度", "年度", "period"),
}
"""How tables call who was assessed."""

_ANSWERS = {
    "points": ("得分", "points"),
    "grade": ("等级", "grade"),
    "because": ("扣分原因", "reason"),
    "process": ("评分过程", "process"),
}
"""How tables call what an assessor says of a row, behind its name or in brackets."""

NO_FIGURE = Words(zh="规则里没有“{n}”", en="the rulebook has no “{n}”")
NO_HEADING = Words(zh="表里没有“{n}”这一列", en="the table has no column “{n}”")
NEAR = Words(zh="是不是 {near}？", en="did you mean {near}?")
THERE_ARE = Words(zh="有：{all}", en="there are: {all}")
RESULT_NAME = Words(
    zh="“{n}”是结果的列名，换一个列名再带", en="“{n}” is a column of the result; rename it in the table first"
)
TWO_FIGURES = Words(
    zh="“{n}”这一列已经是 {p}，一列只能是一个数据", en="the column “{n}” is {p} already, and a column is one figure"
)
OTHER_UNIT = Words(
    zh="列名写的是{a}，规则要的是{b}：换算后再用，或用 --columns 说明就是它",
    en="the heading says {a}, the rules want {b}: convert it, or say by --columns that it is the figure",
)
STRANGE_UNIT = Words(
    zh="列名括号里的“{a}”不是规则里的单位：用 --columns 说明它是哪个数据",
    en="“{a}” in its brackets is no unit of the rules: say by --columns which figure it is",
)
ALREADY = Words(zh="另一列已经是 {p}", en="another column is {p} already")


@frozen
class ColumnUnderstood:
    """A column: its heading, the path that it fills and the type of its figure; or why it fills none."""

    heading: str
    path: str | None = None
    type: ValueType | None = None
    said: bool = False
    """Whether its owner said so."""

    kept: bool = False
    note: Words | None = None
    near: str | None = None
    """The figure that may be meant, among those that stand nowhere."""


@frozen
class Understanding:
    """What the columns of a table are taken for."""

    columns: tuple[ColumnUnderstood, ...]
    mapping: Frozen[str, str]
    """Headings that are no name of the rulebook, and what they stand for."""

    lacking: tuple[str, ...]
    """Paths that the rulebook asks for and no column holds."""


def understand(rulebook: Rulebook, schema: pyarrow.Schema, map: ColumnMap) -> Understanding:
    """What every column is. Raises `batch.ColumnsError` where two columns hold one figure."""
    from perfscore.batch import not_given, understood

    plan = compiled(rulebook)
    names = tuple(schema.names)
    said = {heading: path for path, heading in map.columns.items()}
    first = {one.header: one.path for one in understood(rulebook, schema, said)}
    taken = {_path(path) for path in first.values() if path is not None}
    strange = [name for name, path in first.items() if path is None and name not in map.keep]
    meant, notes = _recognised(plan, strange, taken)
    mapping = said | meant
    found = understood(rulebook, schema, mapping)
    lacking = not_given(rulebook, found)
    labels = {label_of(rulebook, path): path for path in lacking}
    columns = []
    for name, one in zip(names, found, strict=True):
        path = None if one.path is None else _path(one.path)
        near = nearest(name, [*lacking, *labels]) if path is None and name not in notes else None
        columns.append(
            ColumnUnderstood(
                heading=name,
                path=path,
                type=one.type,
                said=name in said,
                kept=name in map.keep,
                note=notes.get(name),
                near=None if near is None else labels.get(near, near),
            )
        )
    return Understanding(tuple(columns), Frozen(mapping), lacking)


def _path(path: Sequence[str]) -> str:
    return ".".join(path if path[0] == "subject" else path[1:])


def label_of(rulebook: Rulebook, path: str) -> str:
    """What people call the figure at a path, or the row that an answer is given on."""
    inputs = {one.name: one.label for one in rulebook.all_inputs()}
    rows = {one.id: one.name for one in rulebook.indicators() if path.startswith(f"{one.id}.")}
    return inputs.get(path) or rows.get(max(rows, key=len, default=""), path)


def _recognised(plan: Plan, headings: Sequence[str], taken: set[str]) -> tuple[dict[str, str], dict[str, Words]]:
    """Headings that are a label in another spelling, or the last of several rows of headings; and why others are not."""
    known = _known(plan)
    units = {name: _unit(one) for name, (one, _) in plan.inputs.items()}
    found: dict[str, list[str]] = {}
    notes: dict[str, Words] = {}
    for heading in headings:
        for spelling, unit in _spellings(heading):
            path = known.get(spelling)
            if path is None:
                continue
            wanted = units.get(path, "分" if path.endswith(".points") else None)
            if unit is not None and wanted is not None and _folded(wanted) != unit:
                notes[heading] = (OTHER_UNIT if wanted else STRANGE_UNIT).fill(a=unit, b=wanted)
            elif path in taken:
                notes[heading] = ALREADY.fill(p=path)
            else:
                found.setdefault(path, []).append(heading)
            break
    for path, all in found.items():
        for other in all[1:]:
            notes[other] = ALREADY.fill(p=path)
    return {all[0]: path for path, all in found.items()}, notes


def _unit(declared: Input) -> str | None:
    """What brackets behind a label may say; None where they may say anything, since no unit belongs to such a figure."""
    match declared.type:
        case "percent":
            return "%"
        case "count" | "number" | "money":
            return declared.unit or ""
        case "yes-no" | "choice" | "date" | "text" | "table":
            return None
        case _:
            assert_never(declared.type)


def _spellings(heading: str) -> Iterator[tuple[str, str | None]]:
    """A heading as it may be a label: whole, without the unit behind it, the lowest of several rows alone, or read on from
    the one above it, as “实际投资” over “目标” is “实际投资目标”.
    """
    for text in dict.fromkeys((heading, heading.rpartition(".")[2], heading.replace(".", ""))):
        folded = _folded(text)
        yield folded, None
        if bracketed := _UNIT.fullmatch(folded):
            yield bracketed[1], bracketed[2]


def _known(plan: Plan) -> Mapping[str, str]:
    """What a heading may say, where it says one thing only: the labels of figures, and the names of judged rows."""
    pairs = [(_folded(one.label), name) for name, (one, _) in plan.inputs.items()]
    for id, leaf in plan.leaves.items():
        parts = [part for part in leaf.judged if part in ("points", "grade")]
        if len(parts) == 1:
            pairs.append((_folded(leaf.indicator.name), f"{id}.{parts[0]}"))
        if not leaf.judged:
            continue
        for part, words in _ANSWERS.items():
            if part not in ("points", "grade") or parts == [part]:
                forms = (form.format(leaf.indicator.name, word) for word in words for form in ("{}{}", "{}({})"))
                pairs += [(_folded(form), f"{id}.{part}") for form in forms]
    pairs += [(_folded(word), path) for path, words in _SUBJECT.items() for word in words]
    times = Counter(label for label, _ in pairs)
    return {label: path for label, path in pairs if times[label] == 1}


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def unknown_in(map: ColumnMap, rulebook: Rulebook, headings: Sequence[str], results: Sequence[str]) -> list[Diagnostic]:
    """What the owner's file says of columns and figures that do not exist, at its lines."""
    from perfscore.cohortfile import column_of

    told = []
    known = [*SUBJECT_COLUMNS, *(one.name for one in rulebook.all_inputs()), *(one.id for one in rulebook.indicators())]
    filled: dict[str, str] = {}
    for path, heading in map.columns.items():
        at = map.places[path]
        if column_of(path, rulebook) is None:
            told.append(_unknown(NO_FIGURE, path, known, Diagnostic(UNKNOWN_COLUMN, at, NO_FIGURE, part="key")))
        if heading not in headings:
            told.append(_unknown(NO_HEADING, heading, headings, Diagnostic(UNKNOWN_COLUMN, at, NO_HEADING)))
        elif (first := filled.setdefault(heading, path)) != path:
            told.append(Diagnostic(UNKNOWN_COLUMN, at, TWO_FIGURES.fill(n=visible(heading), p=first)))
    for index, heading in enumerate(map.keep):
        at = ("keep", index)
        if heading not in headings:
            told.append(_unknown(NO_HEADING, heading, headings, Diagnostic(UNKNOWN_COLUMN, at, NO_HEADING)))
        elif heading in results:
            told.append(Diagnostic(UNKNOWN_COLUMN, at, RESULT_NAME.fill(n=visible(heading))))
    return told


def _unknown(said: Words, name: str, known: Sequence[str], about: Diagnostic) -> Diagnostic:
    near = nearest(name, known)
    hint = NEAR.fill(near=near) if near else THERE_ARE.fill(all=listed(known[:12]))
    return Diagnostic(about.code, about.at, said.fill(n=visible(name)), hint, part=about.part)
