"""Results as people read them: names in the headings and in the records, states in words.

In: a rulebook, the results of a table, and the language of their reader. Out: the same rows and columns, under the names that
the rulebook and the table give them. A deduction that the rulebook does not name is told by its indicator alone. Figures
stay; programs are served by the ids and codes, which never change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from perfscore.assessment import STATES
from perfscore.planning import compiled
from perfscore.rulebook import Rulebook
from perfscore.tabling.results import PLACE, TableResults
from perfscore.words import Language, Words

if TYPE_CHECKING:
    import pyarrow

COLUMNS = {
    PLACE: Words(zh="行", en="Row"),
    "score": Words(zh="总分", en="Score"),
    "rating": Words(zh="等级", en="Rating"),
    "subtotal": Words(zh="小计", en="Subtotal"),
    "deductions": Words(zh="扣分", en="Deductions"),
    "credits": Words(zh="加分", en="Credits"),
    "adjustments": Words(zh="总分调整", en="Adjustments"),
    "findings": Words(zh="发现的问题", en="Findings"),
    "cells": Words(zh="读不了的单元格", en="Cells that cannot be used"),
}
POINTS = Words(zh="{n}（得分）", en="{n} (points)")
STATE = Words(zh="{n}（状态）", en="{n} (state)")


@frozen(eq=False)
class Named:
    """The results of a table, named for a reader."""

    results: TableResults
    language: Language
    _names: Mapping[str, str] = field(init=False)
    _titles: Mapping[tuple[str, str], str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_names", _names(self.results.rulebook))
        object.__setattr__(self, "_titles", _titles(self.results.rulebook))

    @property
    def schema(self) -> pyarrow.Schema:
        """The schema of the batches."""
        import pyarrow

        schema = self.results.schema
        fields = [one.with_name(name) for one, name in zip(schema, self._headings(), strict=True)]
        return pyarrow.schema(fields, metadata=schema.metadata)

    def batch(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        """A batch of the results, named."""
        import pyarrow

        columns = [
            self._said(name, column) for name, column in zip(self.results.schema.names, batch.columns, strict=True)
        ]
        return pyarrow.RecordBatch.from_arrays(columns, schema=self.schema)

    def _headings(self) -> list[str]:
        """One for each column; where two would be the same, the id stands behind the second."""
        own = {path: self.results.table.headings[at] for path, at in self.results.passed_on}
        found: dict[str, None] = {}
        for name in self.results.schema.names:
            heading = own.get(name) or self._heading(name)
            found[heading if heading not in found else f"{heading} {name}"] = None
        return list(found)

    def _heading(self, name: str) -> str:
        part, _, id = name.partition(".")
        if part in ("points", "state") and id in self._names:
            return (POINTS if part == "points" else STATE).fill(n=self._names[id]).into(self.language)
        return COLUMNS[name].into(self.language)

    def _said(self, name: str, column: pyarrow.Array) -> pyarrow.Array:
        import pyarrow

        if name.startswith("state."):
            return _worded(column, {state: said.into(self.language) for state, said in STATES.items()})
        if name in ("deductions", "credits", "adjustments"):
            records = column.values
            first, *others = records.flatten()
            kinds = [records.type.field(at).name for at in range(records.type.num_fields)]
            if name != "adjustments":
                others[0] = self._titled(first, others[0])
            inner = pyarrow.StructArray.from_arrays([_worded(first, self._names), *others], names=kinds)
            return pyarrow.ListArray.from_arrays(column.offsets, inner)
        return column

    def _titled(self, rows: pyarrow.DictionaryArray, codes: pyarrow.DictionaryArray) -> pyarrow.DictionaryArray:
        """What the rulebook calls each of some deductions of indicators, in the place of their codes."""
        import pyarrow
        import pyarrow.compute as compute

        ids, known = rows.dictionary.to_pylist(), codes.dictionary.to_pylist()
        both = compute.add(compute.multiply(rows.indices.cast(pyarrow.int64()), len(known)), codes.indices)
        pairs = both.dictionary_encode()
        told = [
            self._titles.get((ids[one // len(known)], known[one % len(known)])) for one in pairs.dictionary.to_pylist()
        ]
        titles = pyarrow.array(told, pyarrow.string()).take(pairs.indices).dictionary_encode()
        return pyarrow.DictionaryArray.from_arrays(titles.indices.cast(codes.type.index_type), titles.dictionary)


def _titles(rulebook: Rulebook) -> Mapping[tuple[str, str], str]:
    """What the rulebook calls the deductions and credits of its indicators, where it has a name for them."""
    leaves = compiled(rulebook).leaves.items()
    found = ((id, one.loss) for id, leaf in leaves for one in (*leaf.losses, *leaf.gains))
    return {(id, loss.code): loss.title for id, loss in found if loss.title}


def _names(rulebook: Rulebook) -> Mapping[str, str]:
    """What every node and every line of the total is called; where two are called the same, with the id behind."""
    called = {one.id: one.name for one in rulebook.nodes()} | {one.id: one.title for one in rulebook.adjustments}
    times = Counter(called.values())
    return {id: name if times[name] == 1 else f"{name} {id}" for id, name in called.items()}


def _worded(column: pyarrow.DictionaryArray, words: Mapping[str, str]) -> pyarrow.DictionaryArray:
    """The words of a column in the place of its ids."""
    import pyarrow

    said = [words.get(one, one) for one in column.dictionary.to_pylist()]
    return pyarrow.DictionaryArray.from_arrays(column.indices, pyarrow.array(said, pyarrow.string()))
