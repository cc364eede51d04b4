"""Read a facts file: figures with their sources, and the assessors' answers.

In: a path to TOML or JSON of the same shape. Out: `Facts`, or diagnostics at key paths of the file.
Only the shape is asked here; whether a figure fits a rulebook is asked in `intake`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, cast

from attrs import frozen

from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.errors import FactsError
from perfscore.facts import Alternative, Answer, Fact, Facts, JudgedLoss, RaterPoints, Raw, Review, Subject, Table
from perfscore.frozen import Frozen
from perfscore.quantity import OversizedNumberError, exact
from perfscore.rulefile.json import read_json
from perfscore.rulefile.table import (
    UNKNOWN_KEY,
    WRONG_TYPE,
    Complain,
    missing_key,
    quoted,
    read_as,
    read_what_stands,
    unknown_key,
)
from perfscore.rulefile.text import read_text
from perfscore.rulefile.toml import Document, parse, read
from perfscore.source import Source
from perfscore.words import Words, visible

RULE_FILE = Code(
    "PS416", "rule-file", Words(zh="数据文件的位置上放了规则文件。", en="A rule file stands where facts belong.")
)
_TABLES = ("subject", "inputs", "answers", "review")
_ANSWER = (
    *("points", "ratings", "grade", "items", "losses", "credits", "not_applicable"),
    *("process", "by", "because", "evidence"),
)

_FACT = ("value", "source", "also")
_WORDS = ("grade", "not_applicable", "process", "by", "because", "evidence")


@frozen
class OpenedFacts:
    """A facts file that was opened: what it says, and what is wrong with it."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]
    facts: Facts | None

    def required(self) -> Facts:
        """The facts, or `FactsError` with everything that is wrong."""
        if self.facts is None:
            raise FactsError(self.source.path, self.diagnostics)
        return self.facts


@frozen
class _WrittenSubject:
    name: str | None = None
    period: str | None = None
    date: date | None = None


@frozen
class _WrittenReview:
    """The words of a review; its points are read as every figure is."""

    indicator: str
    by: str | None = None
    on: date | None = None
    because: str | None = None


@frozen
class _Words:
    """The words of an answer; its figures are read by what stands in them."""

    grade: str | None = None
    not_applicable: str | None = None
    process: str | None = None
    by: str | None = None
    because: str | None = None
    evidence: tuple[str, ...] = ()


def open_facts(path: str | os.PathLike[str]) -> OpenedFacts:
    """The facts file at a path, TOML or, where its name ends in `.json`, JSON; raises only `OSError`."""
    name = os.fspath(path)
    return _opened(read_json(read_text(name)) if name.endswith(".json") else read(name))


def facts_from_text(text: str, path: str = "<text>") -> OpenedFacts:
    """Facts from TOML text."""
    return _opened(parse(text, path))


def facts_from_data(values: Mapping[str, object], complain: Complain) -> Facts:
    """Facts from the values of a file; what cannot be read is complained about and left out."""
    if "rulebook" in values and "indicators" in values:
        said = Words(zh="这是规则文件，不是数据文件", en="this is a rule file, not a facts file")
        hint = Words(
            zh="规则在前，数据在后：perfscore score RULES FACTS", en="rules come first: perfscore score RULES FACTS"
        )
        complain(Diagnostic(RULE_FILE, (), said, hint, within=(0, 1)))
        return Facts()
    for key in values:
        if key not in _TABLES:
            complain(unknown_key(key, dict.fromkeys(_TABLES), ()))
    subject = read_as(_WrittenSubject, values.get("subject", {}), ("subject",), complain) or _WrittenSubject()
    inputs = {
        name: fact
        for name, value in _table(values.get("inputs", {}), ("inputs",), complain).items()
        if (fact := _fact(value, ("inputs", name), complain)) is not None
    }
    answers = {
        id: answer
        for id, value in _table(values.get("answers", {}), ("answers",), complain).items()
        if (answer := _answer(value, ("answers", id), complain)) is not None
    }
    return Facts(
        inputs=inputs,
        answers=answers,
        subject=Subject(subject.name, subject.period, subject.date),
        review=_reviews(values.get("review", []), complain),
    )


def _reviews(value: object, complain: Complain) -> list[Review]:
    if not isinstance(value, list):
        complain(_not(Words(zh="列表 [[review]]", en="a list [[review]]"), value, ("review",)))
        return []
    read = (_review(one, ("review", index), complain) for index, one in enumerate(value))
    return [one for one in read if one is not None]


def _review(value: object, at: KeyPath, complain: Complain) -> Review | None:
    words = read_as(_WrittenReview, value, at, complain, skip=frozenset(("points",)))
    if words is None or not isinstance(value, Mapping):
        return None
    if "points" not in value:
        complain(missing_key("points", at))
        return None
    points = _raw(value["points"], (*at, "points"), complain)
    return None if points is None else Review(words.indicator, points, words.by, words.on, words.because)


def _opened(document: Document) -> OpenedFacts:
    if document.values is None:
        return OpenedFacts(document.source, document.diagnostics, None)
    found = list(document.diagnostics)
    facts = facts_from_data(document.values, found.append)
    broken = any(one.severity == "error" for one in found)
    return OpenedFacts(document.source, tuple(found), None if broken else facts)


def _table(value: object, at: KeyPath, complain: Complain) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    complain(_not(Words(zh="一张表", en="a table"), value, at))
    return {}


def _not(wanted: Words, value: object, at: KeyPath) -> Diagnostic:
    said = Words(zh="应是{wanted}，写的是 {v}", en="expected {wanted}, found {v}")
    return Diagnostic(WRONG_TYPE, at, said.fill(wanted=wanted, v=quoted(value)))


def _raw(value: object, at: KeyPath, complain: Complain) -> Raw | None:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            exact(value)
        except OversizedNumberError:
            complain(_not(Words(zh="60 位以内的数", en="a number of at most 60 digits"), value, at))
            return None
    if isinstance(value, int | Decimal | str | bool | date) and not isinstance(value, datetime):
        return cast(Raw, value)
    complain(_not(Words(zh="数、文字、日期或 true/false", en="a number, a text, a date or true/false"), value, at))
    return None


def _raw_or_table(value: object, at: KeyPath, complain: Complain) -> Raw | Table | None:
    """A figure, or the records of a table; a record of which anything cannot be read is not left out in silence."""
    if not isinstance(value, list):
        return _raw(value, at, complain)
    if any(not isinstance(one, Mapping) for one in value):
        complain(
            _not(
                Words(zh="一个数，或记录的列表 [ {{ … }} ]", en="one figure, or a list of records [ {{ … }} ]").fill(),
                value,
                at,
            )
        )
        return None
    records: list[Frozen[str, Raw]] = []
    for index, one in enumerate(value):
        cells = _table(one, (*at, index), complain)
        read = {name: _raw(cell, (*at, index, name), complain) for name, cell in cells.items()}
        records.append(Frozen({name: cell for name, cell in read.items() if cell is not None}))
    return tuple(records)


def _fact(value: object, at: KeyPath, complain: Complain) -> Fact | None:
    if not isinstance(value, Mapping):
        raw = _raw_or_table(value, at, complain)
        return None if raw is None else Fact(raw)
    if value and not any(get_close_matches(key, _FACT, cutoff=0.75) for key in value):
        for place in _dotted(value, at):
            complain(_without_quotes(place))
        return None
    _only(_FACT, value, at, complain)
    first = _stated(value, at, complain)
    if first is None:
        return None
    listed = value.get("also", [])
    if not isinstance(listed, list):
        complain(_not(Words(zh="列表 [ … ]", en="a list [ … ]"), listed, (*at, "also")))
        listed = []
    also = []
    for index, other in enumerate(listed):
        place = (*at, "also", index)
        if isinstance(other, Mapping):
            _only(("value", "source"), other, place, complain)
        one = _stated(other, place, complain) if isinstance(other, Mapping) else None
        if one is not None:
            also.append(one)
        elif not isinstance(other, Mapping):
            complain(
                _not(Words(zh="表 { value = …, source = … }", en="a table { value = …, source = … }"), other, place)
            )
    return Fact(first.value, first.source, tuple(also))


def _dotted(table: Mapping[str, object], at: KeyPath) -> Iterator[KeyPath]:
    """The places of the figures in what TOML made of `output.passed = 3`: a table `output`."""
    for key, value in table.items():
        if isinstance(value, Mapping) and value and not value.keys() & set(_FACT):
            yield from _dotted(value, (*at, key))
        else:
            yield (*at, key)


def _without_quotes(place: KeyPath) -> Diagnostic:
    name = visible(".".join(map(str, place[1:])))
    said = Words(zh="带点的名字“{n}”没有加引号", en="“{n}” has dots, and no quotation marks").fill(n=name)
    return Diagnostic(UNKNOWN_KEY, place, said, Words(zh='写 "{n}" = …', en='write "{n}" = …').fill(n=name), part="key")


def _stated(table: Mapping[str, object], at: KeyPath, complain: Complain) -> Alternative | None:
    if "value" not in table:
        complain(missing_key("value", at))
        return None
    value = _raw_or_table(table["value"], (*at, "value"), complain)
    source = read_as(str, table["source"], (*at, "source"), complain) if "source" in table else None
    return None if value is None else Alternative(value, source)


def _only(keys: tuple[str, ...], table: Mapping[str, object], at: KeyPath, complain: Complain) -> None:
    for key in table:
        if key not in keys:
            complain(unknown_key(key, dict.fromkeys(keys), at))


def _answer(value: object, at: KeyPath, complain: Complain) -> Answer | None:
    if not isinstance(value, Mapping):
        complain(_not(Words(zh="表", en="a table"), value, at))
        return None
    _only(_ANSWER, value, at, complain)
    words = (
        read_what_stands(_Words, {key: one for key, one in value.items() if key in _WORDS}, at, complain) or _Words()
    )
    items = _table(value.get("items", {}), (*at, "items"), complain)
    losses = _table(value.get("losses", {}), (*at, "losses"), complain)
    credits = _table(value.get("credits", {}), (*at, "credits"), complain)
    read_items = {key: _raw(one, (*at, "items", key), complain) for key, one in items.items()}
    read_losses = {key: _loss(one, (*at, "losses", key), complain) for key, one in losses.items()}
    read_credits = {key: _loss(one, (*at, "credits", key), complain) for key, one in credits.items()}
    return Answer(
        points=_raw(value["points"], (*at, "points"), complain) if "points" in value else None,
        items={key: one for key, one in read_items.items() if one is not None},
        losses={key: one for key, one in read_losses.items() if one is not None},
        credits={key: one for key, one in read_credits.items() if one is not None},
        ratings=_ratings(value.get("ratings", []), (*at, "ratings"), complain),
        grade=words.grade,
        not_applicable=words.not_applicable,
        process=words.process,
        by=words.by,
        because=words.because,
        evidence=words.evidence,
    )


def _loss(value: object, at: KeyPath, complain: Complain) -> JudgedLoss | None:
    if not isinstance(value, Mapping):
        raw = _raw(value, at, complain)
        return None if raw is None else JudgedLoss(raw)
    _only(("points", "because"), value, at, complain)
    if "points" not in value:
        complain(missing_key("points", at))
        return None
    raw = _raw(value["points"], (*at, "points"), complain)
    because: Any = read_as(str, value["because"], (*at, "because"), complain) if "because" in value else None
    return None if raw is None else JudgedLoss(raw, because)


def _ratings(value: object, at: KeyPath, complain: Complain) -> list[RaterPoints]:
    """What each of several raters gave: `[{ points = 8, by = "…" }]`, or the points alone."""
    if not isinstance(value, list):
        complain(_not(Words(zh="列表 [ … ]", en="a list [ … ]"), value, at))
        return []
    read: list[RaterPoints] = []
    for index, one in enumerate(value):
        place = (*at, index)
        if isinstance(one, Mapping):
            _only(("points", "by"), one, place, complain)
            if "points" not in one:
                complain(missing_key("points", place))
                continue
            by = read_as(str, one["by"], (*place, "by"), complain) if "by" in one else None
            raw = _raw(one["points"], (*place, "points"), complain)
        else:
            by, raw = None, _raw(one, place, complain)
        if raw is not None:
            read.append(RaterPoints(raw, by))
    return read
