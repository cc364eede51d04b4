"""Put what a rule file says over what the file that it extends says, key by key.

In: the tables of a file as they were read, its parent's, and what it takes out. Out: the effective tables, and in which
file each value was written.
Nothing is asked of a value but whether it is the same: what it means is asked of the effective rulebook. No file is read
here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from attrs import NOTHING, fields, frozen

from perfscore.criterion import written_name
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.rulefile.mends import taken_out
from perfscore.rulefile.table import Complain
from perfscore.rulefile.tree import ATTRIBUTES
from perfscore.rulefile.written import (
    WrittenBasis,
    WrittenCheck,
    WrittenExtends,
    WrittenGoal,
    WrittenInput,
    WrittenMeasure,
    WrittenScope,
)
from perfscore.source import Origins, Source
from perfscore.words import Words, nearest, visible

CHANGES_NOTHING = Code(
    "PS134",
    "changes-nothing",
    Words(
        zh="这里写的同上级规则一样，什么也没有改。",
        en="What is written here says the same as the file that is extended, so it changes nothing.",
    ),
)
NOTHING_TO_CHANGE = Code(
    "PS135",
    "nothing-to-change",
    Words(
        zh="要改的东西上级规则里没有，作为新增的又不全。",
        en="The file that is extended has nothing of this name to change, and for something new it says too little.",
    ),
)
NOTHING_TO_REMOVE = Code(
    "PS136",
    "nothing-to-remove",
    Words(zh="remove 要去掉的东西上级规则里没有。", en="What `remove` takes out is not in the file that is extended."),
)

NOT_INHERITED = ("format", "examples")
"""Tables that every file has for itself; of the adjustments it keeps both."""
NAMES_OF_ITS_OWN = ("id", "title", "version")
"""Keys of `[rulebook]` that every file has for itself."""
ABOUT_EXTENDING = tuple(one.name for one in fields(WrittenExtends))

_SECTIONS: Mapping[str, type] = {
    "basis": WrittenBasis,
    "inputs": WrittenInput,
    "measures": WrittenMeasure,
    "checks": WrittenCheck,
    "goals": WrittenGoal,
    "scope": WrittenScope,
}
_NEEDED = {
    section: tuple(written_name(one) for one in fields(cls) if one.default is NOTHING)
    for section, cls in _SECTIONS.items()
} | {"parameters": ("values",), "indicators": ("name",)}
"""What a table of a section cannot be without: one that has nothing of it is meant to change another."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
LOOKS = 50_000  # so many names are looked at for near ones, then no more: files may be full of strangers


@frozen(eq=False)
class Effective:
    """What a rule file says with all that it takes from others, and where it was written."""

    values: dict[str, object]
    origins: Origins


def merged(
    own: Mapping[str, object], source: Source, parent: Effective, remove: Sequence[str], complain: Complain
) -> Effective:
    """The tables of a file over those of its parent.

    A table in both is merged key by key; anything else that the file says stands for what the parent says; adjustments
    come after the parent's. What the parent has comes first and keeps its place.
    """
    return _Merge(source, parent.origins, complain).whole(own, parent.values, remove)


class _Merge:
    def __init__(self, source: Source, parents: Origins, complain: Complain) -> None:
        self.parents, self.complain = parents, complain
        self.near = _Near()
        # What is not named below stands in the file itself.
        self.places: dict[KeyPath, tuple[Source, KeyPath]] = {(): (source, ())}
        self.inherited: set[KeyPath] = set()

    def whole(self, own: Mapping[str, object], theirs: Mapping[str, object], remove: Sequence[str]) -> Effective:
        given = _inheritable(theirs)
        lines: list[tuple[int, object]] | None = None
        if isinstance(listed := given.get("adjustments"), list):
            lines = list(enumerate(listed))
            del given["adjustments"]
        for index, path in enumerate(remove):
            if not _removed(path, given, lines):
                self.complain(self.not_removed(path, ("rulebook", "remove", index), given, lines))
        rest = {key: value for key, value in own.items() if key != "adjustments" or lines is None}
        values = self.table(_without_extends(rest), given, ())
        if lines is not None:
            values["adjustments"] = self.adjustments(own.get("adjustments", []), lines)
        for at, place in self.parents.places.items():
            if any(at[:end] in self.inherited for end in range(1, len(at))):
                self.places.setdefault(at, place)
        return Effective(values, Origins(self.places))

    def table(self, own: Mapping[str, object], theirs: Mapping[str, object], at: KeyPath) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in theirs.items():
            here = (*at, key)
            if key in own:
                found[key] = self.both(own[key], value, here)
            else:
                found[key] = value
                self.inherited.add(here)
                self.places[here] = self.parents.written(here)
        for key, value in own.items():
            if key in theirs:
                continue
            if self.meant_to_change(value, (*at, key), theirs):
                self.complain(self.not_changed((*at, key), theirs))
            else:
                found[key] = value
        return found

    def both(self, own: object, theirs: object, here: KeyPath) -> object:
        if isinstance(own, Mapping) and isinstance(theirs, Mapping) and not _stands_for_itself(own, here):
            if not own:
                self.complain(self.changes_nothing(own, here))
            return self.table(own, theirs, here)
        if _same(own, theirs):
            self.complain(self.changes_nothing(own, here))
        return own

    def adjustments(self, own: object, lines: list[tuple[int, object]]) -> object:
        """The parent's lines and then the file's; what is no list is told where it is read."""
        if not isinstance(own, list):
            return own
        for place, (index, _) in enumerate(lines):
            self.places["adjustments", place] = self.parents.written(("adjustments", index))
        for place in range(len(own)):
            self.places["adjustments", len(lines) + place] = (self.places[()][0], ("adjustments", place))
        return [*(line for _, line in lines), *own]

    def meant_to_change(self, value: object, here: KeyPath, beside: Mapping[str, object]) -> bool:
        """Whether a table that only the child has can be nothing new: it says nothing of what a new one must say."""
        section, *inner = here
        if section not in _NEEDED or not isinstance(value, Mapping) or not inner:
            return False
        if any(one in value for one in _NEEDED[section]):
            return False
        if section != "indicators":
            return len(inner) == 1
        if any(one in ATTRIBUTES for one in inner):
            return False
        # An attribute may be misspelt, which is told where attributes are read.
        return len(inner) == 1 or self.near.of(str(inner[-1]), beside, more=ATTRIBUTES) not in ATTRIBUTES

    # Complaints

    def changes_nothing(self, own: object, here: KeyPath) -> Diagnostic:
        source, at = self.parents.written(here)
        line, _ = source.position(source.span(at).start)
        said = Words(
            zh="同 {file} 第 {n} 行一样，没有改什么", en="says the same as line {n} of {file}, and changes nothing"
        )
        return Diagnostic(
            CHANGES_NOTHING,
            here,
            said.fill(file=visible(source.path), n=str(line)),
            Words(zh="去掉这一处，或写成要改的值", en="take it out, or write what it should be"),
            "warning",
            part="key" if isinstance(own, Mapping) else "value",
            fix=None if isinstance(own, Mapping) or isinstance(here[-1], int) else taken_out(here, safe=True),
        )

    def not_changed(self, here: KeyPath, beside: Mapping[str, object]) -> Diagnostic:
        section, key = str(here[0]), str(here[-1])
        near = self.near.of(key, beside, but=ATTRIBUTES)
        missing = ", ".join(f"{one} = …" for one in _NEEDED[section])
        hint = Words(zh="如果是新增的，写上 {missing}", en="for something new write {missing}").fill(missing=missing)
        if near is not None:
            meant = visible(_header((*here[:-1], near)))
            hint = Words(zh="是不是 [{near}]？", en="did you mean [{near}]? ").fill(near=meant) + hint
        return Diagnostic(
            NOTHING_TO_CHANGE,
            here,
            Words(zh="上级规则里没有 {id}，没有可改的", en="the parent has no {id} that could be changed").fill(
                id=visible(".".join(map(str, here)))
            ),
            hint,
            part="key",
        )

    def not_removed(
        self, path: str, at: KeyPath, given: Mapping[str, object], lines: list[tuple[int, object]] | None
    ) -> Diagnostic:
        meant = self.near.path(path, {**given, **({} if lines is None else {"adjustments": _by_id(lines)})})
        return Diagnostic(
            NOTHING_TO_REMOVE,
            at,
            Words(zh="上级规则里没有“{path}”，没有可去掉的", en="the parent has no “{path}” to take out").fill(
                path=visible(path)
            ),
            Words(zh='写 "{near}"', en='write "{near}"').fill(near=visible(meant))
            if meant
            else Words(
                zh='写全从哪张表起的名字，如 "indicators.a.b"、"inputs.n"',
                en='write it from its table on, as in "indicators.a.b" or "inputs.n"',
            ),
        )


class _Near:
    """Names near to others, as long as there is patience."""

    def __init__(self) -> None:
        self.left = LOOKS

    def of(
        self, name: str, known: Collection[str], *, more: Collection[str] = (), but: Collection[str] = ()
    ) -> str | None:
        """The nearest of the known names and some more, but for some; of these few also when patience is at an end."""
        self.left -= len(known)
        beside = [one for one in known if one not in but] if self.left >= 0 else []
        return nearest(name, [*more, *beside])

    def path(self, path: str, tables: Mapping[str, object]) -> str | None:
        """The path that was meant: without the table that it begins with, or with a name misspelt."""
        parts = path.split(".")
        for section in tables:
            if _found([section, *parts], tables):
                return ".".join([section, *parts])
        table: object = tables
        for index, part in enumerate(parts):
            if not isinstance(table, Mapping):
                return None
            if part not in table:
                near = self.of(part, table)
                meant = [*parts[:index], near or "", *parts[index + 1 :]]
                return ".".join(meant) if near and _found(meant, tables) else None
            table = table[part]
        return None


def _inheritable(theirs: Mapping[str, object]) -> dict[str, object]:
    """What a file gives to those that extend it, in tables of its own that things can be taken out of."""
    given = {key: _copied(value) for key, value in theirs.items() if key not in NOT_INHERITED}
    header = given.get("rulebook")
    if isinstance(header, dict):
        for key in NAMES_OF_ITS_OWN:
            header.pop(key, None)
    return given


def _copied(value: object) -> object:
    return {key: _copied(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value


def _without_extends(own: Mapping[str, object]) -> dict[str, object]:
    header = own.get("rulebook")
    if not isinstance(header, Mapping):
        return dict(own)
    return {**own, "rulebook": {key: value for key, value in header.items() if key not in ABOUT_EXTENDING}}


def alone(own: Mapping[str, object], source: Source) -> Effective:
    """A file that takes nothing from others."""
    return Effective(_without_extends(own), Origins.of(source))


def _header(at: KeyPath) -> str:
    """A key path as the header of a table, with quotation marks where TOML wants them."""
    return ".".join(str(key) if _BARE.fullmatch(str(key)) else f'"{key}"' for key in at)


def _removed(path: str, given: dict[str, object], lines: list[tuple[int, object]] | None) -> bool:
    """Whether there was something at a path; it is gone now."""
    *outer, last = path.split(".")
    if outer == ["adjustments"] and lines is not None:
        kept = [(index, line) for index, line in lines if last not in _by_id([(index, line)])]
        found, lines[:] = len(kept) < len(lines), kept
        return found
    table: object = given
    for part in outer:
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict) or last not in table:
        return False
    del table[last]
    return True


def _by_id(lines: list[tuple[int, object]]) -> dict[str, object]:
    return {str(line["id"]): None for _, line in lines if isinstance(line, Mapping) and "id" in line}


def _found(parts: Sequence[str], tables: object) -> bool:
    for part in parts:
        if not isinstance(tables, Mapping) or part not in tables:
            return False
        tables = tables[part]
    return True


def _stands_for_itself(own: Mapping[str, object], here: KeyPath) -> bool:
    """Whether a table is taken whole: a criterion that says its kind, a figure that says its type.

    Nothing of another kind or type would fit into it, and who writes either reads there all that it says.
    """
    criterion = here[-1] == "criterion" or here[:2] == ("rulebook", "defaults")
    figure = here[-1] == "measure" or (here[0] == "inputs" and len(here) == 2)
    return (criterion and "kind" in own) or (figure and "type" in own)


def _same(own: object, theirs: object) -> bool:
    """Whether two values of TOML say the same; 10 and 10.0 do, true and 1 do not."""
    match own, theirs:
        case Mapping(), Mapping():
            return own.keys() == theirs.keys() and all(_same(own[key], theirs[key]) for key in own)
        case list(), list():
            return len(own) == len(theirs) and all(map(_same, own, theirs))
        case (bool(), _) | (_, bool()):
            return own is theirs
        case (int() | Decimal(), int() | Decimal()):
            return own == theirs
        case _:
            return type(own) is type(theirs) and own == theirs
