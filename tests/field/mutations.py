"""Single mistakes in a rule file, as hands make them, and the line on which each must be told.

In: the text of a rule file that is right. Out: its mutations, each with the text after it and the lines that count as the
right place: the line of the slip; for a dropped key its table's header, for a weight the branch that says its own.
Which keys a table must have, and what is a name, is written here once more, and not taken from the reader under test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import tomli
from attrs import field, frozen

from perfscore.diagnostic import KeyPath
from perfscore.source import Source, Span

Kind: TypeAlias = Literal[
    "drop a required key",
    "swap the ends of an interval",
    "change a weight",
    "misspell a key",
    "misspell a kind",
    "misspell an input",
    "misspell an id",
    "flip a target",
]


@frozen
class Mutation:
    """One mistake: what it is, where, the file with it, and the lines of which one must be told."""

    kind: Kind
    at: KeyPath
    text: str = field(repr=False)
    lines: frozenset[int]
    slip: str


@frozen
class File:
    """A rule file that is right: its text, its values, and where they stand."""

    source: Source = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> File:
        return cls(Source("file.toml", text), tomli.loads(text))

    def line(self, at: KeyPath, part: Literal["key", "value"] = "value") -> int:
        return self.source.position(self.source.span(at, part).start)[0]

    def token(self, span: Span) -> str:
        return self.source.text[span.start : span.end]

    def changed(self, kind: Kind, at: KeyPath, span: Span, new: str, lines: frozenset[int] | None = None) -> Mutation:
        text = self.source.text
        old, line = self.token(span), self.source.position(span.start)[0]
        return Mutation(
            kind, at, text[: span.start] + new + text[span.end :], lines or frozenset({line}), f"{old} → {new}"
        )


def mutations(text: str) -> Iterator[Mutation]:
    """Every mutation of a rule file, kind by kind, in the order of the file."""
    file = File.of(text)
    for found in (dropped_keys, swapped_ends, changed_weights, misspelt, flipped_targets):
        yield from found(file)


def everything(value: object, at: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every table, array and value with its key path, outermost first."""
    yield at, value
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from everything(inner, (*at, key))
        case list():
            for index, inner in enumerate(value):
                yield from everything(inner, (*at, index))


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# which keys a table must have

ALONE: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (): ("format",),
    ("rulebook",): ("id", "title", "version", "full_marks"),
    ("rulebook", "valid"): ("from", "to"),
    ("ratings",): ("scale",),
}
EACH: Mapping[str, tuple[str, ...]] = {
    "basis": ("title",),
    "inputs": ("label", "type"),
    "measures": ("formula",),
    "parameters": ("values",),
    "checks": ("that", "says"),
    "goals": ("text",),
    "scope": ("text",),
    "examples": ("title",),
    "adjustments": ("id",),
}
# the keys of a criterion, and of each entry of its lists; `a|b` says that one of both must stand there
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "bands": ("bands",),
    "interpolated": ("through",),
    "per-occurrence": ("deductions",),
    "checklist": ("items",),
    "graded": ("grades",),
    "ranked": ("places",),
    "lookup": ("by", "rows"),
}
OF_ENTRY: Mapping[str, tuple[str, ...]] = {
    "bands": ("in|when", "points"),
    "through": ("at", "points"),
    "deductions": ("id", "each", "of|for_each"),
    "items": ("id", "name", "points"),
    "grades": ("name", "points"),
    "rows": ("when", "points"),
    "losses": ("id", "points|each"),
    "credits": ("id", "points|each"),
}
OF_SIDE = ("every", "deduct|credit")
ATTRIBUTES = words(
    """
    name weight range clause basis measure unit target target_text criterion aggregate by n applies missing
    undefined not_applicable rounding note
    """
)


def nodes(file: File) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """Every branch and leaf, outermost first."""

    def under(table: Mapping[str, Any], at: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
        for key, inner in table.items():
            if isinstance(inner, Mapping) and "name" in inner and key not in ATTRIBUTES:
                yield (*at, key), inner
                yield from under(inner, (*at, key))

    yield from under(file.values.get("indicators", {}), ("indicators",))


def is_leaf(node: Mapping[str, Any]) -> bool:
    return not any(isinstance(one, Mapping) and "name" in one and key not in ATTRIBUTES for key, one in node.items())


def above(file: File, at: KeyPath) -> Mapping[str, Any]:
    """The table of the branch above, or the head of the file."""
    table: Any = file.values
    for key in at[:-1]:
        table = table[key]
    return dict(file.values["rulebook"]) if len(at) == 2 else dict(table)


def required(file: File) -> Iterator[tuple[KeyPath, str]]:
    """Every table with the keys that it must have: of `a|b` exactly one stands there, else either may go."""
    for path, keys in ALONE.items():
        table: Any = file.values
        for key in path:
            table = table.get(key, {})
        yield from ((path, key) for key in keys if table)
    for section, keys in EACH.items():
        written = file.values.get(section, {})
        places = written if isinstance(written, Mapping) else range(len(written))
        yield from (((section, place), key) for place in places for key in keys)
    for index in range(len(file.values.get("ratings", {}).get("scale", []))):
        yield ("ratings", "scale", index), "name"
    defaults = file.values["rulebook"].get("defaults")
    for at, node in nodes(file):
        yield at, "name"
        if is_leaf(node):
            if above(file, at).get("aggregate") != "pool":
                yield at, "weight"
            if not defaults:
                yield at, "criterion"
    for at, value in everything(file.values):
        if isinstance(value, Mapping) and isinstance(value.get("kind"), str):
            yield at, "kind"
            yield from ((at, key) for key in OF_KIND.get(value["kind"], ()))
            for name, keys in OF_ENTRY.items():
                yield from (((*at, name, i), key) for i in range(len(value.get(name, []))) for key in keys)
            if value["kind"] == "stepped":
                yield from (((*at, side), key) for side in ("below", "above") if side in value for key in OF_SIDE)


def dropped_keys(file: File) -> Iterator[Mutation]:
    for at, choice in required(file):
        table: Any = file.values
        for step in at:
            table = table[step]
        there = [key for key in choice.split("|") if key in table]
        if len(there) != 1 or (isinstance(table[there[0]], Mapping) and not written_as_value(file, (*at, there[0]))):
            continue
        key = (*at, there[0])
        header = frozenset({1 if not at else file.line(at, "key")})
        yield file.changed("drop a required key", key, whole_pair(file, key), "", header)


def written_as_value(file: File, at: KeyPath) -> bool:
    """Whether a table stands after an equals sign, and not under a header of its own."""
    return file.source.span(at, "key") != file.source.span(at, "value")


def whole_pair(file: File, at: KeyPath) -> Span:
    """The characters of a key and its value: the line, or the piece of an inline table with its comma."""
    text = file.source.text
    start, end = file.source.span(at, "key").start, file.source.span(at, "value").end
    line = text.rfind("\n", 0, start) + 1
    rest = re.compile(r"[ \t]*(#[^\n]*)?(\n|$)").match(text, end)
    if not text[line:start].strip() and rest:
        return Span(line, rest.end())
    if comma := re.compile(r"[ \t\n]*,[ \t]*").match(text, end):
        return Span(start, comma.end())
    before = re.compile(r"[ \t\n]*,[ \t\n]*$").search(text, 0, start)
    return Span(before.start() if before else start, end)


# what is no formula: words for people

WORDS = words(
    """
    title name label clause note says text target_text unit from owner number url version id process because
    by source consider dimension kind type aggregate mode remainder ties outside hit part_step language
    reasons missing undefined not_applicable inverse bare severity extends counts reads select rating
    when_not evidence choices
    """
)


def formulas(file: File) -> Iterator[tuple[KeyPath, str, Span]]:
    """Every text that is a formula or a condition, with where it stands in the file."""
    for at, value in everything(file.values):
        key = next((step for step in reversed(at) if isinstance(step, str)), "")
        told = at[:1] == ("examples",) or at[:1] in (("basis",), ("subject",))
        if isinstance(value, str) and key not in WORDS and not told:
            span = file.source.span(at)
            if file.token(span)[1:-1] == value:
                yield at, value, Span(span.start + 1, span.end - 1)


_END = r"[^\s,\[\]()（）\"'][^,\[\]()\"']*?"
_INTERVAL = re.compile(rf"(?<!\w)(?P<open>[\[(])\s*(?P<low>{_END})\s*,\s*(?P<high>{_END})\s*(?P<close>[\])])")


def swapped_ends(file: File) -> Iterator[Mutation]:
    """In texts, in ranges, and between the two keys that are the ends of a domain or a period."""
    kind: Kind = "swap the ends of an interval"
    for at, value, span in formulas(file):
        for found in _INTERVAL.finditer(value):
            low, high = found["low"], found["high"]
            if low == high:
                continue
            cut = Span(span.start + found.start("low"), span.start + found.end("high"))
            middle = value[found.end("low") : found.start("high")]
            yield file.changed(kind, at, cut, f"{high}{middle}{low}")
    for at, table in everything(file.values):
        if not isinstance(table, Mapping) or at[:1] == ("examples",):
            continue
        pairs = [("min", "max"), ("above", "below"), ("min", "below"), ("above", "max"), ("from", "to")]
        for low, high in pairs:
            if low in table and high in table and all(_plain(table[one]) for one in (low, high)):
                yield from swapped(file, (*at, low), (*at, high))
        ends = table.get("range")
        if isinstance(ends, list) and len(ends) == 2 and all(map(_plain, ends)):
            yield from swapped(file, (*at, "range", 0), (*at, "range", 1))


def _plain(value: object) -> bool:
    return not isinstance(value, Mapping | list)


def swapped(file: File, one: KeyPath, other: KeyPath) -> Iterator[Mutation]:
    first, second = sorted((file.source.span(one), file.source.span(other)), key=lambda span: span.start)
    a, b = file.token(first), file.token(second)
    if a != b:
        lines = frozenset({file.line(one), file.line(other)})
        between = file.source.text[first.end : second.start]
        yield file.changed("swap the ends of an interval", one, Span(first.start, second.end), b + between + a, lines)


def changed_weights(file: File) -> Iterator[Mutation]:
    """One point more, under a branch that adds up its members and says its own weight."""
    for at, node in nodes(file):
        weight = node.get("weight")
        if isinstance(weight, str) or weight is None:
            continue
        branch = declaring(file, at)
        if branch is not None:
            span = file.source.span((*at, "weight"))
            itself = () if is_leaf(node) else (file.line((*at, "weight")),)  # a branch no more says what its members do
            lines = frozenset({file.line(branch), *itself})
            yield file.changed("change a weight", (*at, "weight"), span, str(weight + 1), lines)


def declaring(file: File, at: KeyPath) -> KeyPath | None:
    """The nearest branch above that says its weight as a number, where everything in between adds up numbers."""
    while len(at) > 2:
        at = at[:-1]
        table: Any = file.values
        for key in at:
            table = table[key]
        inner = [one.get("weight") for key, one in table.items() if key not in ATTRIBUTES and isinstance(one, Mapping)]
        if table.get("aggregate", "sum") != "sum" or any(isinstance(one, str) for one in inner):
            return None
        if "weight" in table:
            return None if isinstance(table["weight"], str) else (*at, "weight")
    head = file.values["rulebook"]
    top = [one.get("weight") for one in file.values["indicators"].values()]
    adds = head.get("aggregate", "sum") == "sum" and not any(isinstance(one, str) for one in top)
    return ("rulebook", "full_marks") if adds else None


def slip_of(word: str) -> str:
    """The word with two neighbours exchanged, as far inside as may be; else without its last character."""
    inner = sorted(range(len(word) - 1), key=lambda at: abs(at - (len(word) - 2) / 2))
    for at in inner:
        if word[at] != word[at + 1]:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:-1]


def misspelt(file: File) -> Iterator[Mutation]:
    """Keys, kinds, names in formulas, names of figures in examples, and ids where they are pointed at."""
    ids = {".".join(map(str, at[1:])) for at, _ in nodes(file)}
    figures = {name for section in ("inputs", "measures", "parameters") for name in file.values.get(section, {})}
    seen: set[Span] = set()
    for at, value in everything(file.values):
        if at and isinstance(at[-1], str) and len(at[-1]) > 2:
            key = file.source.span(at, "key")
            token = file.token(key)
            if token.strip("\"'") != at[-1] or key in seen:
                continue
            seen.add(key)
            inner = Span(key.start + token.startswith(('"', "'")), key.end - token.endswith(('"', "'")))
            if (kind := key_kind(at, ids, figures)) is not None:
                yield file.changed(kind, at, inner, slip_of(at[-1]))
        if isinstance(value, str) and at[-1] == "kind":
            span = file.source.span(at)
            yield file.changed("misspell a kind", at, Span(span.start + 1, span.end - 1), slip_of(value))
        if isinstance(value, str) and points_at(at) and value in ids:
            span = file.source.span(at)
            yield file.changed("misspell an id", at, Span(span.start + 1, span.end - 1), slip_of(value))
    for at, text, span in formulas(file):
        for found in re.finditer(r"""["']([^"']+)["']|[^\W\d]\w*(?:\.\w+)?""", text):
            name, start = found[1] or found[0], span.start + found.start(1 if found[1] else 0)
            kind: Kind = "misspell an id" if found[1] else "misspell an input"
            if len(name) > 2 and name.partition(".")[0] in figures if not found[1] else name in ids:
                yield file.changed(kind, at, Span(start, start + len(name)), slip_of(name))


def points_at(at: KeyPath) -> bool:
    """Whether a list of ids stands here."""
    match at:
        case ("goals" | "scope", _, "indicators", int()) | ("rulebook", "once", int()):
            return True
        case ("adjustments", int(), "zero", int()):
            return True
        case _:
            return False


def key_kind(at: KeyPath, ids: set[str], figures: set[str]) -> Kind | None:
    """What a key is: a word of the language, an id that is pointed at, a figure's name, or the author's own."""
    match at:
        case ("examples", int(), "points" | "state" | "answers", id):
            return "misspell an id" if id in ids else None
        case ("adjustments", int(), "cap", id):
            return "misspell an id" if id in ids else None
        case ("examples", int(), "facts", name):
            return "misspell an input" if name in figures or name in ids else None
        case ("examples", int(), "facts" | "answers" | "subject", *_):
            return None
        case ("inputs" | "measures" | "parameters" | "basis" | "checks" | "goals" | "scope", _):
            return None
        case ("inputs", _, "columns", _) | ("parameters", _, "values", _):
            return None
        case ("indicators", *_, key):
            return "misspell a key" if key in ATTRIBUTES or inside_attribute(at) else None
        case ("basis", _, _):
            return "misspell a key"
        case _:
            return "misspell a key"


def inside_attribute(at: KeyPath) -> bool:
    return any(step in ATTRIBUTES for step in at[1:-1])


_COMPARISON = re.compile(r">=|<=|≥|≤|>|<")
_FLIPPED = {"≥": "≤", "≤": "≥", ">": "<", "<": ">", ">=": "<=", "<=": ">="}


def flipped_targets(file: File) -> Iterator[Mutation]:
    """The other direction, in targets of leaves that an example promises points of."""
    covered = {id for example in file.values.get("examples", []) for id in example.get("points", {})}
    for at, node in nodes(file):
        target, span = node.get("target"), file.source.span((*at, "target"))
        id = ".".join(map(str, at[1:]))
        if not isinstance(target, str) or ("measure" not in node and "criterion" in node) or id not in covered:
            continue
        for found in _COMPARISON.finditer(target):
            cut = Span(span.start + 1 + found.start(), span.start + 1 + found.end())
            yield file.changed("flip a target", (*at, "target"), cut, _FLIPPED[found[0]])
