"""查表 · lookup — a table of cases says the points.

    weight = 10
    criterion = { kind = "lookup", by = ["region", "poor"], rows = [
        { when = ["东部", "*"], points = 10 },
        { when = [["中部", "西部"], false], points = 8 },
        { when = [["中部", "西部"], true], points = 6 },
    ] }

Says what regulations say as “东部得 10 分，中西部得 8 分，其中贫困县得 6 分”. `by` names what the columns are: inputs
with choices, or yes-no ones. A cell is one choice, `true` or `false`, a list of these, or `"*"` for any. Every case must
have its row, unless `otherwise` is written, and one row only, unless `hit = "first"`.

In: rows of cells with points. Out: one loss a row. Numbers are no columns: bands of numbers are `bands`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from attrs import frozen

from perfscore.complaining import in_range, not_empty, worth
from perfscore.criterion import Case, Cell, Example, Keeping, Kept, Named, Place, Points, Quote
from perfscore.diagnostic import Code, Diagnostic, KeyPath, Related
from perfscore.formula.shapes import All, Any, Comparison, Formula, Name, Not, OneOf, Text
from perfscore.words import Words, counted, listed, nearest, visible

COLUMN_UNFIT = Code(
    "PS396",
    "column-unfit",
    Words(
        zh="查表的列应是选择型或是否型的数据。",
        en="A column of a table of cases is an input with choices, or a yes-no one.",
    ),
)
CELL_UNFIT = Code(
    "PS397",
    "cell-unfit",
    Words(
        zh="格子里写的不是这一列的选项，或格子数同列数不等。",
        en="A cell holds no choice of its column, or a row has not one cell a column.",
    ),
)
ROWS_OVERLAP = Code(
    "PS398",
    "rows-overlap",
    Words(zh="同一种情形有两行，不知按哪一行。", en="One case stands in two rows, and which one counts is not said."),
)
ROWS_GAP = Code(
    "PS399",
    "rows-gap",
    Words(zh="有的情形没有行，不知得几分。", en="Some case stands in no row, and its points are not said."),
)

CHINESE = """
查表得分：几个条件的组合各得几分。对应条文“东部得10分，中西部得8分，其中贫困县得6分”。

`by` 写列名，必须是选择型（choice）或是否型（yes-no）的数据。`rows` 的 `when` 里依次写每一列的值：一个选项、`true` 或 `false`、几个值的列表，或表示任意的 `"*"`。每种情形都要有一行，除非写 `otherwise`；也只能有一行，除非写 `hit = "first"`（先写的算数）。
"""

EXAMPLES = (
    Example(
        title=Words(zh="按地区和是否贫困县", en="By region, and poor or not"),
        rule="""\
[inputs.region]
label = "地区"
type = "choice"
choices = ["东部", "中部", "西部"]

[inputs.poor]
label = "贫困县"
type = "yes-no"

[indicators.base]
name = "配套基础"
weight = 10
criterion = { kind = "lookup", by = ["region", "poor"], rows = [
  { when = ["东部", "*"], points = 10 },
  { when = [["中部", "西部"], false], points = 8 },
  { when = [["中部", "西部"], true], points = 6 },
] }
""",
        cases=(
            Case("10", 'region = "东部"\npoor = true'),
            Case("8", 'region = "中部"\npoor = false', ("地区中部、贫困县否，得8分",)),
            Case("6", 'region = "西部"\npoor = true', ("地区西部、贫困县是，得6分",)),
        ),
    ),
)

Value: TypeAlias = str | bool


@frozen
class Row:
    """行 — one cell a column, and the points of that case."""

    when: Annotated[tuple[Cell, ...], Words('每一列的值，任意写 "*"', 'one cell a column, "*" for any')]
    points: Annotated[Points, Words("得几分", "points of the case")]
    clause: Annotated[str | None, Words("条文", "the words of the regulation")] = None


@frozen
class Lookup(Keeping):
    """查表 — the row that a case stands in says the points."""

    by: Annotated[tuple[Named, ...], Words("各列：选择型或是否型的数据", "the columns: choices or yes-no figures")]
    rows: Annotated[tuple[Row, ...], Words("各行", "the rows")]
    otherwise: Annotated[Points | None, Words("没有行时得几分", "points where no row fits")] = None
    hit: Annotated[
        Literal["unique", "first"],
        Words("first：先写的一行算数；unique：不许重叠", "first: rows may overlap, the first counts"),
    ] = "unique"

    def kept(self, place: Place) -> tuple[Kept, ...]:
        made: list[Kept] = []
        above: list[Formula] = []
        for index, row in enumerate(self.rows):
            here = self._condition(row)
            asked = [name for name, cell in zip(self.by, row.when, strict=False) if cell != "*"]
            when = All((Not(Any(tuple(above))), here)) if self.hit == "first" and above else here
            named = asked or list(self.by)
            made.append(_kept(f"row-{index + 1}", row.points, when, named, place, ("rows", index), row.clause))
            above.append(here)
        if self.otherwise is not None:
            made.append(
                _kept("otherwise", self.otherwise, Not(Any(tuple(above))), list(self.by), place, ("otherwise",))
            )
        return tuple(made)

    def _condition(self, row: Row) -> Formula:
        parts = (_holds(Name(name), cell) for name, cell in zip(self.by, row.when, strict=False) if cell != "*")
        return All(tuple(parts))

    def complaints(self, place: Place) -> Iterator[Diagnostic]:
        yield from not_empty(self.by, "by")
        yield from not_empty(self.rows, "rows")
        columns = [_values(name, place) for name in self.by]
        unfit = [index for index, values in enumerate(columns) if not values]
        for index in unfit:
            yield Diagnostic(
                COLUMN_UNFIT,
                ("by", index),
                Words(zh="“{n}”没有可数的选项", en="“{n}” has no choices").fill(n=visible(self.by[index])),
                Words(
                    zh='列写 choice 或 yes-no 的数据；数的区间用 kind = "bands"',
                    en='name an input of type choice or yes-no; for intervals of a number use kind = "bands"',
                ),
            )
        broken = False
        for index, row in enumerate(self.rows):
            yield from in_range(row.points, place, "rows", index, "points")
            for told in [] if unfit else self._cells(row, columns):
                broken = True
                yield told.under("rows", index)
        if self.otherwise is not None:
            yield from in_range(self.otherwise, place, "otherwise")
        if unfit or broken or not self.rows:
            return
        sets = [[_taken(cell, values) for cell, values in zip(row.when, columns, strict=True)] for row in self.rows]
        if self.hit == "unique":
            yield from self._overlaps(sets, columns, place)
        if self.otherwise is None and (missed := _uncovered(sets, columns)) is not None:
            yield Diagnostic(
                ROWS_GAP,
                ("rows",),
                Words(zh="没有 {case} 的行", en="there is no row for {case}").fill(case=_case(missed)),
                Words(zh="补一行，或写 otherwise = 0", en="add a row, or write otherwise = 0"),
                witness=self._witness(missed),
            )

    def _cells(self, row: Row, columns: list[tuple[Value, ...]]) -> Iterator[Diagnostic]:
        if len(row.when) != len(columns):
            yield Diagnostic(
                CELL_UNFIT,
                ("when",),
                Words(zh="有 {n} 格，by 里有 {m} 列", en="{n} for {m}").fill(
                    n=counted(len(row.when), "cell"), m=counted(len(columns), "column")
                ),
                Words(zh='每列一格；任意的写 "*"', en='write one cell a column, "*" for any'),
            )
            return
        for index, (cell, values) in enumerate(zip(row.when, columns, strict=True)):
            for one in () if cell == "*" else cell if isinstance(cell, tuple) else (cell,):
                if not any(one is value or (one == value and type(one) is type(value)) for value in values):
                    near = (
                        nearest(one, [value for value in values if isinstance(value, str)])
                        if isinstance(one, str)
                        else None
                    )
                    yield Diagnostic(
                        CELL_UNFIT,
                        ("when", index),
                        Words(zh="{v} 不是“{n}”的值", en="{v} is no value of “{n}”").fill(
                            v=_word(one), n=visible(self.by[index])
                        ),
                        Words(zh="写 {all}", en="write {all}").fill(
                            all=f'"{near}"' if near else listed([*map(_word, values), '"*"'])
                        ),
                    )

    def _witness(self, case: list[Value]) -> tuple[tuple[str, str], ...]:
        texts = [one if isinstance(one, str) else str(one).lower() for one in case]
        return tuple(zip(map(str, self.by), texts, strict=True))

    def _overlaps(
        self, sets: list[list[tuple[Value, ...]]], columns: list[tuple[Value, ...]], place: Place
    ) -> Iterator[Diagnostic]:
        for later, one in enumerate(sets):
            for earlier, other in enumerate(sets[:later]):
                both = [[value for value in mine if value in theirs] for mine, theirs in zip(one, other, strict=True)]
                if not all(both):
                    continue
                yield Diagnostic(
                    ROWS_OVERLAP,
                    ("rows", later, "when"),
                    Words(
                        zh="{case} 既在第 {a} 行又在第 {b} 行：按第 {a} 行{gets} {x} 分，按第 {b} 行{gets} {y} 分",
                        en="{case} stands in row {a} and in row {b}: row {a} {gets} {x}, row {b} {gets} {y}",
                    ).fill(
                        case=_case([values[0] for values in both]),
                        a=str(earlier + 1),
                        b=str(later + 1),
                        x=worth(self.rows[earlier].points, place),
                        y=worth(self.rows[later].points, place),
                        gets=place.gives,
                    ),
                    Words(
                        zh='改其中一行，或写 hit = "first"（先写的算数）',
                        en='change one of them, or write hit = "first"',
                    ),
                    related=(Related(("rows", earlier), Words(zh="第 {n} 行", en="row {n}").fill(n=str(earlier + 1))),),
                    witness=self._witness([values[0] for values in both]),
                )


def _kept(
    code: str,
    points: Points,
    when: Formula,
    asked: list[Named],
    place: Place,
    at: KeyPath,
    clause: str | None = None,
) -> Kept:
    """What a row gives, and the sentence that names the case: “地区中部、贫困县否，得8分”."""
    given = points.asked("points")
    slots = [(f"what{index}", f"is{index}") for index in range(len(asked))]
    quoting: list[tuple[str, Quote]] = []
    for (what, value), name in zip(slots, asked, strict=True):
        quoting += [(what, Words.same(place.vocabulary[name].label)), (value, Name(name))]
    return Kept(
        code=code,
        points=given,
        because=Words(
            zh="、".join(f"{{{what}}}{{{value}}}" for what, value in slots) + "，{gets}{kept}分",
            en=", ".join(f"{{{what}}} is {{{value}}}" for what, value in slots) + ": {kept} points{gets}",
        ),
        quoting=(*quoting, ("gets", place.gets), ("kept", given)),
        when=when,
        clause=clause,
        at=at,
    )


def _holds(name: Name, cell: Cell) -> Formula:
    match cell:
        case bool():
            return name if cell else Not(name)
        case str():
            return Comparison(name, "=", Text(cell))
        case _ if all(isinstance(one, str) for one in cell):
            return OneOf(name, tuple(str(one) for one in cell))
        case _:
            return Any(tuple(_holds(name, one) for one in cell))


def _values(name: Named, place: Place) -> tuple[Value, ...]:
    """Every value that a column can have; none where they cannot be listed."""
    term = place.vocabulary[name]
    return (True, False) if term.type == "yes-no" else term.domain.choices if term.type == "choice" else ()


def _taken(cell: Cell, values: tuple[Value, ...]) -> tuple[Value, ...]:
    return values if cell == "*" else cell if isinstance(cell, tuple) else (cell,)


def _uncovered(rows: list[list[tuple[Value, ...]]], columns: list[tuple[Value, ...]]) -> list[Value] | None:
    """A case that stands in no row. Values of a column that the same rows take are looked at once, so that a table of
    many columns is not spread out.
    """
    if not rows:
        return [values[0] for values in columns]
    if not columns:
        return None
    seen: set[tuple[int, ...]] = set()
    for value in columns[0]:
        taking = tuple(index for index, row in enumerate(rows) if value in row[0])
        if taking in seen:
            continue
        seen.add(taking)
        if (missed := _uncovered([rows[index][1:] for index in taking], columns[1:])) is not None:
            return [value, *missed]
    return None


def _case(values: list[Value]) -> str:
    return "、".join(map(_word, values)) if len(values) == 1 else f"({', '.join(map(_word, values))})"


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{visible(value)}"'
