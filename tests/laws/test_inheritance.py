"""The laws of inheritance: merging is what a naive telling says, and a child that says nothing is its parent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli_w
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from perfscore import Rulebook, dumps
from perfscore.diagnostic import Diagnostic, KeyPath
from perfscore.rulefile import open_path
from perfscore.rulefile.merging import Effective, alone, merged
from perfscore.source import Source
from perfscore.testing import rulebooks

KEYS = st.sampled_from(["a", "b", "c", "name", "weight", "criterion", "kind", "measure", "type"])
LEAVES = st.one_of(
    st.integers(0, 2), st.booleans(), st.sampled_from(["x", "y"]), st.lists(st.integers(0, 2), max_size=2)
)
TABLES = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3), lambda inner: st.dictionaries(KEYS, inner | LEAVES, max_size=3)
)
LINES = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from(["p", "q", "r"]), "deduct": st.integers(0, 2)}), max_size=3
)


@st.composite
def files(draw: Any) -> dict[str, Any]:
    """The tables of a small file that means nothing."""
    whole: dict[str, Any] = {
        "format": 1,
        "rulebook": draw(st.fixed_dictionaries({"id": st.text("ab", min_size=1), "full_marks": st.integers(1, 2)})),
    }
    for section in ("indicators", "inputs", "checks"):
        if draw(st.booleans()):
            whole[section] = draw(st.dictionaries(KEYS, TABLES, max_size=3))
    for section in ("adjustments", "examples"):
        if draw(st.booleans()):
            whole[section] = draw(LINES)
    return whole


def naive(own: Any, theirs: Any, at: tuple[str, ...] = ()) -> Any:
    """The telling of the handbook, over plain tables."""
    if not at:
        theirs = {key: value for key, value in theirs.items() if key not in ("format", "examples")}
        theirs["rulebook"] = {k: v for k, v in theirs["rulebook"].items() if k not in ("id", "title", "version")}
        lines = theirs.pop("adjustments", []) + own.get("adjustments", [])
        whole = naive({k: v for k, v in own.items() if k != "adjustments"}, theirs, ("",))
        return {**whole, "adjustments": lines} if lines else whole
    if not isinstance(own, dict) or not isinstance(theirs, dict):
        return own
    path = at[1:]
    if path and "kind" in own and path[-1] == "criterion":
        return own
    if path and "type" in own and (path[-1] == "measure" or (len(path) == 2 and path[0] == "inputs")):
        return own
    return {
        key: naive(own[key], theirs[key], (*at, key)) if key in own and key in theirs else own.get(key, theirs.get(key))
        for key in [*theirs, *(key for key in own if key not in theirs)]
    }


def scalars(value: Any, at: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(inner, (*at, key))
    else:
        yield at, value


def without(values: Any, at: KeyPath) -> Any:
    """The tables without what stands at a path."""
    return {k: without(v, at[1:]) if k == at[0] and len(at) > 1 else v for k, v in values.items() if (k,) != at}


def written(values: dict[str, Any], path: str) -> Source:
    return Source(path, tomli_w.dumps(values))


def joined(
    own: dict[str, Any], source: Source, parent: Effective, remove: tuple[str, ...] = ()
) -> tuple[Effective, list[Diagnostic]]:
    told: list[Diagnostic] = []
    return merged(own, source, parent, remove, told.append), told


def told_away(own: dict[str, Any], told: list[Diagnostic]) -> dict[str, Any]:
    """The file without the tables that were complained about: they change nothing that is there."""
    for one in told:
        if one.code.number == "PS135":
            own = without(own, one.at)
    return own


def said(effective: Effective) -> dict[str, Any]:
    return {key: value for key, value in effective.values.items() if value != [] or key != "adjustments"}


@given(files(), files(), files())
def test_merging_is_what_a_naive_telling_says(child: Any, parent: Any, grandparent: Any) -> None:
    """Also over a parent that was merged itself; and every value stands where its place says."""
    sources = [written(one, path) for one, path in ((child, "c"), (parent, "p"), (grandparent, "g"))]
    plain = dict(zip("cpg", (child, parent, grandparent), strict=True))
    above, first = joined(parent, sources[1], alone(grandparent, sources[2]))
    whole, second = joined(child, sources[0], above)

    assert said(above) == naive(told_away(parent, first), grandparent)
    # the order inside a section is that of rows; sections themselves may stand in any
    told, meant = said(whole), naive(told_away(child, second), said(above))
    assert {key: list(scalars(one)) for key, one in told.items()} == {
        key: list(scalars(one)) for key, one in meant.items()
    }
    for at, value in scalars(whole.values):
        source, there = whole.origins.written(at)
        found: Any = plain[source.path]
        for key in there:
            found = found[key]
        assert (type(found), found) == (type(value), value)


@given(files(), files(), st.data())
def test_what_is_removed_is_as_if_the_parent_had_not_said_it(child: Any, parent: Any, data: Any) -> None:
    paths = [at for at, _ in scalars({k: v for k, v in parent.items() if k in ("indicators", "inputs", "checks")})]
    paths = [at[:end] for at in paths for end in range(2, len(at) + 1) if all(isinstance(key, str) for key in at[:end])]
    if not paths:
        return
    at = data.draw(st.sampled_from(paths))
    source = written(child, "c")

    whole, told = joined(child, source, alone(parent, written(parent, "p")), (".".join(map(str, at)),))
    other, _ = joined(child, source, alone(without(parent, at), written(without(parent, at), "p")))
    assert not [one for one in told if one.code.number == "PS136"]
    assert whole.values == other.values


@given(files(), files())
def test_saying_nothing_twice_is_saying_it_once(child: Any, parent: Any) -> None:
    """A file over what it is already merged into changes nothing more, but for the lines that are appended."""
    child.pop("adjustments", None)
    source = written(child, "c")
    once, first = joined(child, source, alone(parent, written(parent, "p")))
    twice, _ = joined(told_away(child, first), source, Effective({**once.values}, once.origins))

    assert twice.values == once.values


@given(rulebooks(max_leaves=3))
def test_a_child_that_says_nothing_is_its_parent_but_for_its_names(rulebook: Rulebook) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "parent.toml").write_text(dumps(rulebook), encoding="utf-8")
        child = Path(folder, "child.toml")
        child.write_text(
            'format = 1\nrulebook = { id = "c", title = "t", version = "2", extends = "parent" }\n', "utf-8"
        )

        assert open_path(child).required() == evolve(rulebook, id="c", title="t", version="2", examples=())


@given(rulebooks(max_leaves=3))
def test_a_child_that_restates_all_is_its_parent_and_is_told_so(rulebook: Rulebook) -> None:
    text = dumps(evolve(rulebook, adjustments=(), examples=()))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "parent.toml").write_text(text, encoding="utf-8")
        child = Path(folder, "child.toml")
        child.write_text(text.replace("[rulebook]\n", '[rulebook]\nextends = "parent"\n', 1), encoding="utf-8")
        opened = open_path(child)

        assert opened.required() == evolve(rulebook, adjustments=(), examples=())
        assert "PS134" in {one.code.number for one in opened.diagnostics}
