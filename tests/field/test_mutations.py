"""One slip in a rule file is told on the line of the slip.

Every rule file of this repository is broken in one place, again and again: a required key dropped, the ends of an interval
swapped, a weight changed under a branch that says its own, a name misspelt, a comparison in a target turned round that the
worked examples cover. `perfscore check` and `perfscore test` must tell it, with the *primary* place of a complaint on the
mutated line (for a dropped key its table's header, for a weight the branch). Notes do not count, nor what the file earns as
it stands.

All mutations of the shipped rulebooks and all turned targets are tried; of the rest a few for each file and kind of mutation,
drawn the same way every time.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import perfscore
from perfscore.analysis.checked import checked
from perfscore.analysis.mending import mended
from perfscore.diagnostic import Diagnostic
from perfscore.examples import run_examples
from perfscore.rulefile import open_text
from tests.field.mutations import Mutation, mutations

ROOT = Path(__file__).parents[2]
STARTERS = Path(perfscore.__file__).parent / "starters"
FILES = sorted(
    path
    for folder in (ROOT / "rules", ROOT / "tests/field", STARTERS)
    for path in folder.rglob("*.toml")
    if not path.name.endswith(".facts.toml")
)
EACH = 1
"""So many mutations of one kind are tried of a file that is not shipped as a rulebook."""
LEAST, LEAST_OF_A_KIND = 0.95, 0.85


def name_of(path: Path) -> str:
    home = STARTERS.parent if path.is_relative_to(STARTERS) else ROOT
    return path.relative_to(home).as_posix()


def told(text: str) -> Iterator[tuple[Diagnostic, int]]:
    """Everything that `check` and `test` say of a file, each with the line of its primary place."""
    opened = checked(open_text(text))
    found = list(opened.diagnostics)
    if opened.rulebook is not None:
        ran = run_examples(opened.rulebook)
        found += [one for each in ran for one in each.diagnostics]
        found += mended(opened.rulebook, ran)
    for one in found:
        yield one, opened.source.position(opened.source.span(one.at, one.part, one.within).start)[0]


def caught(mutation: Mutation, before: set[Diagnostic]) -> bool:
    return any(
        line in mutation.lines and one.severity != "note" and one not in before for one, line in told(mutation.text)
    )


def chosen(path: Path) -> list[Mutation]:
    """The mutations that are tried of a file."""
    found = list(mutations(path.read_text(encoding="utf-8")))
    if path.is_relative_to(ROOT / "rules"):
        return found
    kept = [one for one in found if one.kind == "flip a target"]
    for kind in sorted({one.kind for one in found} - {"flip a target"}):
        ours = [one for one in found if one.kind == kind]
        kept += random.Random(f"{name_of(path)} {kind}").sample(ours, min(EACH, len(ours)))
    return kept


def test_single_mutations_are_told_on_their_line() -> None:
    tried, hit = Counter[str](), Counter[str]()
    missed = []
    for path in FILES:
        before = {one for one, _ in told(path.read_text(encoding="utf-8"))}
        for mutation in chosen(path):
            tried[mutation.kind] += 1
            if caught(mutation, before):
                hit[mutation.kind] += 1
            else:
                missed.append(f"{name_of(path)} {'.'.join(map(str, mutation.at))}: {mutation.slip}")
    print(f"\n{len(FILES)} files")
    for kind, times in tried.items():
        print(f"{kind:30} {hit[kind]:4} of {times:4} {hit[kind] / times:7.1%}")
    print(f"{'all':30} {hit.total():4} of {tried.total():4} {hit.total() / tried.total():7.1%}")
    print("\n".join(f"missed: {one}" for one in missed))

    assert len(tried) == 8
    assert hit.total() / tried.total() >= LEAST
    assert [kind for kind, times in tried.items() if hit[kind] / times < LEAST_OF_A_KIND] == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_an_intact_file_earns_what_is_known_of_it_and_nothing_else(path: Path) -> None:
    opened = checked(open_text(path.read_text(encoding="utf-8")))

    assert [(one.code.number, one.at) for one in opened.diagnostics] == []


# The measure itself must be able to fail.

SMALL = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
[indicators.rate]
name = "甲"
weight = 10
measure = { type = "percent" }
target = "≥ 80%"
criterion = { kind = "bands", bands = [{ in = "[80%, 90%)", points = 5 }, { in = "≥ 90%", points = 10 }], otherwise = 0 }
[[examples]]
title = "一"
facts = { rate = "95%" }
points = { rate = 10 }
"""


def test_every_kind_of_mutation_is_made_where_it_can_be() -> None:
    made = Counter(one.kind for one in mutations(SMALL))

    tables = "format", "id", "title", "version", "full_marks", "name", "weight", "criterion", "title"
    inside = "kind", "bands", "in", "points", "in", "points"
    assert made["drop a required key"] == len(tables) + len(inside)
    assert made["swap the ends of an interval"] == 1
    assert made["change a weight"] == 1
    assert made["flip a target"] == 1
    assert made["misspell a kind"] == 1
    assert made["misspell an id"] == 1


def test_a_mutation_changes_one_place_and_knows_its_line() -> None:
    for one in mutations(SMALL):
        assert one.text != SMALL
        if one.kind == "drop a required key":
            continue
        changed = {
            number
            for number, (old, new) in enumerate(zip(SMALL.splitlines(), one.text.splitlines(), strict=True), start=1)
            if old != new
        }
        assert len(changed) == 1
        assert one.kind == "change a weight" or changed == one.lines


def test_a_complaint_elsewhere_is_no_hit() -> None:
    [flip] = [one for one in mutations(SMALL) if one.kind == "flip a target"]
    elsewhere = Mutation(flip.kind, flip.at, flip.text, frozenset({1}), flip.slip)

    assert caught(flip, set())
    assert not caught(elsewhere, set())
    assert not caught(flip, {one for one, _ in told(flip.text)})
