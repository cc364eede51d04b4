"""perfscore — government scoring tables as rule files: exact scores in which every lost point is named.

In: a TOML rule file and the facts of a subject. Out: an assessment that explains itself.
This is the front door: everything public is here, and heavy parts are imported when they are first used.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, overload

from perfscore.version import VERSION as __version__

if TYPE_CHECKING:
    from perfscore.analysis.partial import Ask, Partial
    from perfscore.assessment import Adjustment, Assessment, Credit, Deduction, Finding, IndicatorResult, Reading
    from perfscore.cohort import Cohort
    from perfscore.criterion import Criterion
    from perfscore.diagnostic import Code, Diagnostic
    from perfscore.errors import (
        FactsError,
        LayoutError,
        MissingExtraError,
        RulebookError,
        UnknownIndicatorError,
        UnknownKindError,
    )
    from perfscore.facts import Alternative, Answer, Fact, Facts, JudgedLoss, RaterPoints, Review, Subject
    from perfscore.indicator import Branch, Indicator, Input
    from perfscore.recovery import Change, Recovery
    from perfscore.rulebook import Rulebook
    from perfscore.words import Words

_ROOMS = {
    "analysis.partial": ("Ask", "Partial"),
    "assessment": ("Adjustment", "Assessment", "Credit", "Deduction", "Finding", "IndicatorResult", "Reading"),
    "cohort": ("Cohort",),
    "criterion": ("Criterion",),
    "diagnostic": ("Code", "Diagnostic"),
    "errors": (
        "FactsError",
        "LayoutError",
        "MissingExtraError",
        "RulebookError",
        "UnknownIndicatorError",
        "UnknownKindError",
    ),
    "facts": ("Alternative", "Answer", "Fact", "Facts", "JudgedLoss", "RaterPoints", "Review", "Subject"),
    "indicator": ("Branch", "Indicator", "Input"),
    "recovery": ("Change", "Recovery"),
    "rulebook": ("Rulebook",),
    "words": ("Words",),
}
_WHERE = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Adjustment",
    "Alternative",
    "Answer",
    "Ask",
    "Assessment",
    "Branch",
    "Change",
    "Code",
    "Cohort",
    "Credit",
    "Criterion",
    "Deduction",
    "Diagnostic",
    "Fact",
    "Facts",
    "FactsError",
    "Finding",
    "Indicator",
    "IndicatorResult",
    "Input",
    "JudgedLoss",
    "LayoutError",
    "MissingExtraError",
    "Partial",
    "RaterPoints",
    "Reading",
    "Recovery",
    "Review",
    "Rulebook",
    "RulebookError",
    "Subject",
    "UnknownIndicatorError",
    "UnknownKindError",
    "Words",
    "__version__",
    "assess",
    "assess_partial",
    "assess_table",
    "check",
    "dumps",
    "load",
    "loads",
    "read_facts",
    "render",
    "verify",
]


def __getattr__(name: str) -> object:
    """A public class, from the room it lives in, when it is first asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found


def load(path: str | os.PathLike[str]) -> Rulebook:
    """The rulebook in a rule file.

    Raises `RulebookError`, carrying every diagnostic, where the file has an error, and `OSError` where it cannot be
    opened.
    """
    from perfscore.rulefile import open_path

    return open_path(path).required()


def loads(text: str) -> Rulebook:
    """The rulebook that a text spells; raises `RulebookError` as `load` does."""
    from perfscore.rulefile import open_text

    return open_text(text).required()


def check(rules: str | os.PathLike[str] | Rulebook) -> list[Diagnostic]:
    """Everything to look at in a rule file, or in a rulebook built in Python; never raises for what is in it.

    `at` of each diagnostic is its key path in the file, with all that it takes from those it extends (of a rulebook: in
    the file that `dumps` would write).
    A file that cannot be opened raises `OSError`.
    """
    from perfscore.analysis.checked import checked
    from perfscore.rulebook import Rulebook
    from perfscore.rulefile import open_path, open_text

    opened = open_text(dumps(rules)) if isinstance(rules, Rulebook) else open_path(rules)
    return list(checked(opened).diagnostics)


def dumps(rulebook: Rulebook) -> str:
    """The rulebook as the TOML text of a rule file; `loads` of it gives an equal rulebook."""
    from perfscore.rulefile.write import dumps

    return dumps(rulebook)


def read_facts(path: str | os.PathLike[str]) -> Facts:
    """The facts in a file, TOML or (by its name) JSON.

    Raises `FactsError`, carrying every diagnostic, where it cannot be read as facts, and `OSError` where it cannot
    be opened.
    """
    from perfscore.factsfile import open_facts

    return open_facts(path).required()


def assess(rulebook: Rulebook, facts: Facts, cohort: Cohort | Iterable[Facts] | None = None) -> Assessment:
    """The assessment of one subject. Whatever is wrong with the facts is a finding in it; nothing is raised for facts.

    `cohort` holds everybody who is assessed together, the subject among them, for rules that compare them; a `Cohort`
    made once serves for each of many.

    >>> rules = loads('''
    ... format = 1
    ... [rulebook]
    ... id = "roads"
    ... title = "Roads"
    ... version = "1"
    ... language = "en"
    ... full_marks = 10
    ... [indicators.rate]
    ... name = "executed"
    ... weight = 10
    ... measure = { type = "percent" }
    ... target = "≥ 80%"
    ... criterion = { kind = "proportional" }
    ... ''')
    >>> result = assess(rules, Facts(inputs={"rate": "60%"}))
    >>> result.score, result.deductions[0].because.en
    (Decimal('7.50'), 'executed is 60%, 75% of the target of 80%')
    """
    from perfscore.assessing import assess

    return assess(rulebook, facts, cohort)


def assess_partial(rulebook: Rulebook, facts: Facts) -> Partial:
    """The interval of the scores that a subject can still get while facts are missing, and what to ask for next.

    The interval contains the score under every completion of the facts. `asks` lists each missing fact with how much of
    the interval's width hangs on it, in points.

    >>> rules = loads('''
    ... format = 1
    ... [rulebook]
    ... id = "roads"
    ... title = "Roads"
    ... version = "1"
    ... full_marks = 10
    ... [indicators.rate]
    ... name = "executed"
    ... weight = 10
    ... measure = { type = "percent", min = 0 }
    ... target = "≥ 80%"
    ... criterion = { kind = "threshold", otherwise = 4 }
    ... ''')
    >>> still = assess_partial(rules, Facts())
    >>> still.low, still.high, [(one.name, one.width) for one in still.asks]
    (Decimal('4.00'), Decimal('10.00'), [('rate', Decimal('6.00'))])
    """
    from perfscore.analysis.partial import assess_partial

    return assess_partial(rulebook, facts)


def assess_table(
    rulebook: Rulebook,
    table: object,
    *,
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    language: Literal["zh", "en"] | None = None,
) -> Any:
    """The results of a table of many subjects, one row each, as a `pyarrow.Table`; needs `pip install 'perfscore[batch]'`.

    `table` is anything that hands over Arrow: of pyarrow, polars, pandas, duckdb. A column is named by the path of a facts
    file (`cases`, `a.b.points`, `subject.name`), the id of a judged indicator or the label of a figure; `columns` says of
    other headers which of these they stand for. Every row has what `assess` says of it: score, rating, points and states,
    deductions with their codes. `perfscore.batch.explain` gives the whole assessment of a row.

    A cell that cannot be used is told in `cells` of its row, in `language` or that of the rulebook, and the others go on;
    with `strict` it raises `CellError`. Raises `MissingExtraError` where pyarrow or numpy is not installed.
    """
    from perfscore.errors import brought_by

    with brought_by("batch", "numpy", "pyarrow"):
        from perfscore.batch import assess_table
    return assess_table(rulebook, table, columns=columns, strict=strict, language=language)


@overload
def render(
    assessment: Assessment,
    format: Literal["html", "json", "markdown", "text"],
    *,
    language: str | None = None,
    layout: str | os.PathLike[str] | None = None,
    whole: bool = False,
    signatures: bool = False,
) -> str: ...
@overload
def render(
    assessment: Assessment,
    format: Literal["docx", "xlsx"],
    *,
    language: str | None = None,
    layout: str | os.PathLike[str] | None = None,
    whole: bool = False,
    signatures: bool = False,
) -> bytes: ...
@overload
def render(
    assessment: Assessment,
    format: str,
    *,
    language: str | None = None,
    layout: str | os.PathLike[str] | None = None,
    whole: bool = False,
    signatures: bool = False,
) -> str | bytes: ...
def render(
    assessment: Assessment,
    format: str,
    *,
    language: str | None = None,
    layout: str | os.PathLike[str] | None = None,
    whole: bool = False,
    signatures: bool = False,
) -> str | bytes:
    """The assessment as a document: as text in `"text"`, `"markdown"`, `"json"` or `"html"`, as the bytes of a file in
    `"docx"` or `"xlsx"`.

    `language` is `"zh"` or `"en"`, by default the rulebook's. The formats that are laid out (`"html"`, `"docx"`, `"xlsx"`)
    take a `layout`, the name of one that is shipped or the path of a file, and write the `whole` report, or places for
    `signatures`. Raises `ValueError` with the formats there are or where one takes no such option, `LayoutError` for a
    layout with mistakes, and `MissingExtraError` where a format needs what is not installed.
    """
    from perfscore.report import render
    from perfscore.report.layoutfile import layout_named

    form = None if layout is None else layout_named(layout)
    asked: dict[str, object] = {"layout": form, "whole": whole, "signatures": signatures}
    return render(assessment, format, language=language, **{key: value for key, value in asked.items() if value})


def verify(
    result: Mapping[str, object], rulebook: Rulebook, facts: Facts, cohort: Cohort | Iterable[Facts] | None = None
) -> list[Diagnostic]:
    """Everything in which a result, as `json.load` gives it, differs from what the rulebook makes of the facts.

    Rules, facts and cohort are compared by their digests, which are told first, everything else value by value; `at` of
    each diagnostic is its key path in the JSON. An empty list means that the result is what would be written today.

    >>> rules = loads('''
    ... format = 1
    ... rulebook = { id = "roads", title = "Roads", version = "1", language = "en", full_marks = 10 }
    ... [indicators.rate]
    ... name = "executed"
    ... weight = 10
    ... measure = { type = "percent" }
    ... target = "≥ 80%"
    ... criterion = { kind = "proportional" }
    ... ''')
    >>> facts = Facts(inputs={"rate": "60%"})
    >>> published = assess(rules, facts).to_dict() | {"score": "9.50"}
    >>> [(one.code.number, one.at, one.message.en) for one in verify(published, rules, facts)]
    [('PS807', ('score',), 'score (score): the result says "9.50", recomputed it is "7.50"')]
    """
    from perfscore.analysis.verifying import verify

    return verify(result, rulebook, facts, cohort)
