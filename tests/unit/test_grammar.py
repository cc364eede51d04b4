"""The tables of the formula parser lie in the package, made: they are those of the grammar, and of no other."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import lark
import pytest

from perfscore.formula import syntax
from perfscore.formula.syntax import parse_condition, parser_of

FOLDER = Path(syntax.__file__).parent


def test_the_tables_are_those_of_the_grammar(update_golden: bool) -> None:
    """`pytest tests/unit/test_grammar.py --update-golden` makes them anew, after a change of the grammar or of lark."""
    grammar = FOLDER.joinpath("grammar.lark").read_text("utf-8")
    made = {"lark": lark.__version__, "grammar": grammar, "tables": in_one_order(saved(parser_of(grammar)))}
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"
    if update_golden:
        FOLDER.joinpath("grammar.json").write_text(text, "utf-8")
    assert FOLDER.joinpath("grammar.json").read_text("utf-8") == text


@pytest.mark.parametrize("changed", ["lark", "grammar"])
def test_tables_of_another_grammar_or_another_lark_are_not_used(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = json.loads(FOLDER.joinpath("grammar.json").read_text("utf-8"))
    stale = json.dumps({**kept, changed: "another", "tables": {}})
    beside = syntax._beside
    monkeypatch.setattr(syntax, "_beside", lambda name: stale if name == "grammar.json" else beside(name))
    syntax._parser.cache_clear()
    try:
        assert parse_condition("≥ 10").formula.by == "≥"  # type: ignore[union-attr]
    finally:
        syntax._parser.cache_clear()


def saved(parser: lark.Lark) -> dict[str, Any]:
    """What lark keeps of a parser."""
    kept = BytesIO()
    parser.save(kept)
    found: dict[str, Any] = pickle.loads(kept.getvalue())
    return found


def in_one_order(tables: dict[str, Any]) -> dict[str, Any]:
    """The same tables with states, signs and rules counted in one order, where lark counts them as they fall."""
    memo, data = tables["memo"], tables["data"]
    automaton = data["parser"]["parser"]
    rule = counted(memo, lambda number: json.dumps(memo[number], sort_keys=True))
    sign = counted(automaton["tokens"], lambda number: automaton["tokens"][number])
    [start] = automaton["start_states"].values()
    reached = [start]
    for state in reached:  # grows as it is gone through
        for number in sorted(automaton["states"][state], key=sign.__getitem__):
            action, to = automaton["states"][state][number]
            if action == 0 and to not in reached:
                reached.append(to)
    state = {old: new for new, old in enumerate(reached)}
    ends = {end: state[old] for end, old in automaton["end_states"].items()}
    states = {
        state[old]: {
            sign[number]: [action, state[to] if action == 0 else {"@": rule[to["@"]]}]
            for number, (action, to) in sorted(automaton["states"][old].items(), key=lambda one: sign[one[0]])
        }
        for old in reached
    }
    whole = {
        **data,
        "rules": refer(data["rules"], rule),
        "parser": {
            **data["parser"],
            "lexer_conf": {
                **data["parser"]["lexer_conf"],
                "terminals": refer(data["parser"]["lexer_conf"]["terminals"], rule),
            },
            "parser_conf": {
                **data["parser"]["parser_conf"],
                "rules": refer(data["parser"]["parser_conf"]["rules"], rule),
            },
            "parser": {
                **automaton,
                "tokens": dict(sorted((sign[old], name) for old, name in automaton["tokens"].items())),
                "states": states,
                "start_states": {"start": 0},
                "end_states": ends,
            },
        },
    }
    return {"data": whole, "memo": {new: memo[old] for old, new in rule.items()}}


def counted(given: dict[int, Any], by: Callable[[int], str]) -> dict[int, int]:
    """The new number of each old one."""
    return {old: new for new, old in enumerate(sorted(given, key=by))}


def refer(given: list[dict[str, int]], rule: dict[int, int]) -> list[dict[str, int]]:
    return sorted(({"@": rule[one["@"]]} for one in given), key=lambda one: one["@"])
