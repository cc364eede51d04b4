"""Where the values of a rulebook were written that takes some of them from other files.

In: the effective tables of a rule file, and the files that its key paths lead to.
Out: lines for people: for what comes whole from one file its place, else every key with file and line.
Nothing is said of a rulebook that stands in one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from perfscore.diagnostic import KeyPath
from perfscore.report.wrapping import columns
from perfscore.source import Origins, Source
from perfscore.words import Language, Words, visible

WRITTEN_IN = Words(zh="出处：", en="from: ")
HEADING = Words(zh="其余各项的出处：", en="Where the rest comes from:")
COLON = Words(zh="：", en=": ")
COMMA = Words(zh="，", en=", ")
ROOM = 80
HANGING = "  "
SHOWN_IN_THE_TREE = ("format", "indicators", "examples")
"""What stands in the tree, or is not shown at all."""


@frozen(eq=False)
class Provenance:
    """The places of all values of one rulebook."""

    values: Mapping[str, object]
    origins: Origins
    language: Language
    _files: Mapping[KeyPath, set[str]] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        files: dict[KeyPath, set[str]] = {}
        for at, (source, _) in self.origins.places.items():
            files.setdefault(at, set()).add(source.path)
            for end in range(len(at)):  # what is around it says something of its own, or it would have come whole
                files.setdefault(at[:end], set()).update((source.path, *self._of(at[:end])))
        object.__setattr__(self, "_files", files)

    def of_node(self, id: str, pad: str) -> Iterator[str]:
        """Where a branch or a leaf stands, without what is under it."""
        at: KeyPath = ("indicators", *id.split("."))
        table = self._value(at)
        if isinstance(table, Mapping):
            own = {key: one for key, one in table.items() if not (isinstance(one, Mapping) and "name" in one)}
            yield from self._told(WRITTEN_IN.into(self.language), at, own, pad)

    def of_the_rest(self) -> Iterator[str]:
        """Where everything else stands."""
        yield HEADING.into(self.language)
        for at, label in self._rest():
            yield from self._told(visible(label) + COLON.into(self.language), at, self._value(at), HANGING)

    def _rest(self) -> Iterator[tuple[KeyPath, str]]:
        for section, table in self.values.items():
            if section in SHOWN_IN_THE_TREE:
                continue
            if section == "adjustments" and isinstance(table, list):
                for index, line in enumerate(table):
                    id = line["id"] if isinstance(line, Mapping) else index
                    yield (section, index), f"{section}.{id}"
            elif section in ("rulebook", "ratings") or not isinstance(table, Mapping):
                yield (section,), section
            else:
                yield from (((section, key), f"{section}.{key}") for key in table)

    def _value(self, at: KeyPath) -> object:
        found: object = self.values
        for key in at:
            found = found[key] if isinstance(found, Mapping | list) else None  # type: ignore[index]
        return found

    def _told(self, opening: str, at: KeyPath, value: object, pad: str) -> Iterator[str]:
        """The place of a value from one file, else of each of its parts; no place is broken in two."""
        comma = COMMA.into(self.language)
        parts = [f"{visible(name)} {place}" if name else place for name, place in self._parts(at, value, "")]
        line = pad + opening
        for index, part in enumerate(parts):
            piece = part + (comma if index < len(parts) - 1 else "")
            if index and columns(line + piece.rstrip()) > ROOM:
                yield line.rstrip()
                line = pad + HANGING
            line += piece
        yield line

    def _parts(self, at: KeyPath, value: object, name: str) -> Iterator[tuple[str, str]]:
        own = {path for key in value for path in self._in(at, key)} if isinstance(value, Mapping) else set()
        if not isinstance(value, Mapping) or len(own) <= 1:
            # A table may have its header in one file, and all that it says from another.
            inner = (*at, next(iter(value))) if isinstance(value, Mapping) and own != self._of(at) else at
            yield name, _place(*self.origins.written(inner))
            return
        for key, one in value.items():
            yield from self._parts((*at, key), one, f"{name}.{key}" if name else str(key))

    def _in(self, at: KeyPath, key: str) -> set[str]:
        return self._files.get((*at, key)) or self._of((*at, key))

    def _of(self, at: KeyPath) -> set[str]:
        return {self.origins.written(at)[0].path}


def _place(source: Source, at: KeyPath) -> str:
    line, _ = source.position(source.span(at, "key").start)
    return f"{visible(source.path)}:{line}"
