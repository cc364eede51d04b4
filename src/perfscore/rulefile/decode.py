"""Decode a rule file: from TOML values to a draft.

In: the values of a TOML document.
Out: a `Draft`, and a diagnostic for everything that could not be read, each at its own key path.
Only the shape of what is written is asked here; whether it makes sense is asked in `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from perfscore.diagnostic import Code, Diagnostic
from perfscore.goals import Goal, Scope
from perfscore.rating import Rating
from perfscore.rulebook import Basis, Check, WorkedExample
from perfscore.rulefile.adjustments import read_adjustments
from perfscore.rulefile.draft import EMPTY, Draft
from perfscore.rulefile.examples import read_example
from perfscore.rulefile.figures import read_input, read_measure
from perfscore.rulefile.naming import check_id, check_name
from perfscore.rulefile.parameters import read_parameter
from perfscore.rulefile.table import WRONG_TYPE, Complain, missing_key, quoted, read_as, read_what_stands, unknown_key
from perfscore.rulefile.tables import RuleFile, keys
from perfscore.rulefile.tree import read_defaults, read_members, read_range
from perfscore.rulefile.written import (
    WrittenBasis,
    WrittenCheck,
    WrittenGoal,
    WrittenRatings,
    WrittenRulebook,
    WrittenScope,
)
from perfscore.words import Words

FACTS_FILE = Code(
    "PS120",
    "facts-file",
    Words(zh="规则文件的位置上放了数据文件。", en="A facts file stands where a rule file belongs."),
)
WRONG_FORMAT = Code(
    "PS114", "wrong-format", Words(zh="规则文件的 format 应是 1。", en="The format of a rule file is 1.")
)
TABLES = keys(RuleFile)
T = TypeVar("T")


def decode(values: Mapping[str, object], complain: Complain) -> Draft:
    """The draft of a rule file."""
    unfit = no_rule_file(values)
    if unfit is not None:
        complain(unfit)
    if unfit is not None and unfit.code is FACTS_FILE:
        return EMPTY
    for key in values:
        if key not in TABLES:
            complain(unknown_key(key, dict.fromkeys(TABLES), (), values))
    header = _header(values, complain)
    inputs = {
        name: read_input(name, table, ("inputs", name), complain) for name, table in _tables(values, "inputs", complain)
    }
    measures = {
        name: read_measure(name, table, ("measures", name), complain)
        for name, table in _tables(values, "measures", complain)
    }
    parameters = {
        name: read_parameter(name, table, ("parameters", name), complain)
        for name, table in _tables(values, "parameters", complain)
    }
    seen: set[str] = set()
    sections: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("inputs", inputs),
        ("parameters", parameters),
        ("measures", measures),
    )
    for section, named in sections:
        for name in named:
            check_name(name, (section, name), complain, taken=name in seen)
            seen.add(name)
    defaults = read_defaults(values, complain)
    members = read_members(values, complain, defaults)
    return Draft(
        values=values,
        header=header,
        members=members,
        inputs=inputs,
        measures=measures,
        basis={id: _basis(id, table, complain) for id, table in _tables(values, "basis", complain)},
        ratings=_ratings(values, complain),
        checks=_read(values, "checks", _check, complain),
        goals=_read(values, "goals", _goal, complain),
        scope=_read(values, "scope", _scope, complain),
        examples=_examples(values, complain),
        parameters=parameters,
        adjustments=read_adjustments(values, complain),
        defaults=defaults,
        range=None if header is None else read_range(header.range, ("rulebook", "range"), complain),
    )


def _read(
    values: Mapping[str, object], section: str, read: Callable[[str, object, Complain], T | None], complain: Complain
) -> tuple[T, ...]:
    found = (read(id, table, complain) for id, table in _tables(values, section, complain))
    return tuple(one for one in found if one is not None)


def no_rule_file(values: Mapping[str, object]) -> Diagnostic | None:
    """Why a document is no rule file of this version, if it is none."""
    if "rulebook" not in values and "indicators" not in values and "answers" in values:
        return _facts_file()
    if values.get("format") != 1 or isinstance(values.get("format"), bool):
        return _wrong_format(values)
    return None


def _facts_file() -> Diagnostic:
    said = Words(zh="这是数据文件，不是规则文件", en="this is a facts file, not a rule file")
    hint = Words(
        zh="规则在前，数据在后：perfscore score RULES FACTS", en="rules come first: perfscore score RULES FACTS"
    )
    return Diagnostic(FACTS_FILE, (), said, hint, within=(0, 1))


def _wrong_format(values: Mapping[str, object]) -> Diagnostic:
    written = "format" in values
    message = (
        Words(zh="format 是 {v}，这一版只读 1", en="format is {v}; this version reads 1").fill(
            v=quoted(values["format"])
        )
        if written
        else Words(zh="没有写 format", en="format is missing")
    )
    hint = Words(zh="在文件开头写 format = 1", en="write format = 1 at the top of the file")
    return Diagnostic(WRONG_FORMAT, ("format",) if written else (), message, hint)


def _tables(values: Mapping[str, object], section: str, complain: Complain) -> list[tuple[str, object]]:
    """The tables of a section, by id; ids that cannot be one are complained about."""
    whole = values.get(section, {})
    if not isinstance(whole, Mapping):
        said = Words(zh="应是一张一张有代号的表，写的是 {v}", en="expected tables with an id each, found {v}")
        hint = Words(zh="写 [{s}.代号]", en="write [{s}.ID]").fill(s=section)
        complain(Diagnostic(WRONG_TYPE, (section,), said.fill(v=quoted(whole)), hint))
        return []
    for id in whole:
        if section != "inputs":
            check_id(id, (section, id), complain)
    return list(whole.items())


def _header(values: Mapping[str, object], complain: Complain) -> WrittenRulebook | None:
    if "rulebook" not in values:
        complain(missing_key("[rulebook]", ()))
        return None
    table = values["rulebook"]
    if not isinstance(table, Mapping):
        return read_as(WrittenRulebook, table, ("rulebook",), complain)
    return read_what_stands(WrittenRulebook, table, ("rulebook",), complain, skip=frozenset(("defaults",)))


def _basis(id: str, table: object, complain: Complain) -> Basis | None:
    written = read_as(WrittenBasis, table, ("basis", id), complain)
    return None if written is None else Basis(id, written.title, written.number, written.url)


def _ratings(values: Mapping[str, object], complain: Complain) -> tuple[Rating, ...] | None:
    if "ratings" not in values:
        return ()
    written = read_as(WrittenRatings, values["ratings"], ("ratings",), complain)
    return None if written is None else tuple(Rating(one.name, one.from_) for one in written.scale)


def _check(id: str, table: object, complain: Complain) -> Check | None:
    written = read_as(WrittenCheck, table, ("checks", id), complain)
    return None if written is None else Check(id, written.that.formula, written.says, written.severity)


def _goal(id: str, table: object, complain: Complain) -> Goal | None:
    written = read_as(WrittenGoal, table, ("goals", id), complain)
    if written is None:
        return None
    measure = written.measure.formula if written.measure else None
    target = written.target.formula if written.target else None
    return Goal(id, written.text, written.dimension, measure, target, written.indicators, written.owner)


def _scope(id: str, table: object, complain: Complain) -> Scope | None:
    written = read_as(WrittenScope, table, ("scope", id), complain)
    return None if written is None else Scope(id, written.text, written.indicators)


def _examples(values: Mapping[str, object], complain: Complain) -> tuple[WorkedExample, ...]:
    listed = values.get("examples", [])
    if not isinstance(listed, list):
        read_as(tuple[str, ...], listed, ("examples",), complain)
        return ()
    read = (read_example(table, ("examples", index), complain) for index, table in enumerate(listed))
    return tuple(one for one in read if one is not None)
