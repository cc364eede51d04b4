"""Complaints as SARIF 2.1.0, which code scanning and editors read.

In: rule files with all that is to be said of them. Out: one SARIF log with one run.
Columns are UTF-16 code units, and the log says so. Paths are relative URIs from the folder of the process. What a comment
takes back stands in it as suppressed, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from perfscore.diagnostic import Code, Diagnostic, Fix, Severity
from perfscore.report.complaint import in_order, place_of
from perfscore.report.complaints import Told, seen_from_here, utf16
from perfscore.source import Source, Span
from perfscore.version import VERSION
from perfscore.words import Language, Words

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "note": "note"}
_TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
_HINT = Words(zh="\n建议：{hint}", en="\nhint: {hint}")
_MORE = Words(
    zh="{about}\n在终端看同样的说明：perfscore explain {code}",
    en="{about}\nThe same on a terminal: perfscore explain {code}",
)


def render(files: Sequence[Told], *, colour: bool, width: int | None) -> str:
    """One run over all files, in the language of the first."""
    language = files[0].language if files else "zh"
    codes: dict[Code, int] = {}
    results = []
    for each in files:
        reasons = {one.diagnostic: one.reason for one in each.opened.ignored}
        for one in in_order([*each.opened.diagnostics, *reasons], each.opened.origins):
            index = codes.setdefault(one.code, len(codes))
            results.append(_result(one, each, index, language, reasons.get(one)))
    driver = {"name": "perfscore", "version": VERSION, "rules": [_rule(code, language) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "language": _TAGS[language],
        "columnKind": "utf16CodeUnits",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(code: Code, language: Language) -> dict[str, object]:
    about = code.about.into(language)
    return {
        "id": code.number,
        "name": code.name,
        "shortDescription": {"text": about},
        "fullDescription": {"text": about},
        "help": {"text": _MORE.fill(about=about, code=code.number).into(language)},
    }


def _result(one: Diagnostic, each: Told, index: int, language: Language, reason: str | None) -> dict[str, object]:
    where = each.opened.origins
    hint = Words.same("") if one.hint is None else _HINT.fill(hint=one.hint)
    told: dict[str, object] = {
        "ruleId": one.code.number,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": {"text": (one.message + hint).into(language)},
        "locations": [{"physicalLocation": _location(*place_of(one, where))}],
        "suppressions": [] if reason is None else [{"kind": "inSource", "justification": reason}],
    }
    if one.related:
        told["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _location(*place_of(other, where)),
                "message": {"text": other.says.into(language)},
            }
            for number, other in enumerate(one.related, 1)
        ]
    if one.fix is not None:
        told["fixes"] = [_fix(one.fix, each, language)]
    if one.witness:
        told["properties"] = {"witness": dict(one.witness)}
    return told


def _fix(fix: Fix, each: Told, language: Language) -> dict[str, object]:
    changes: dict[str, list[object]] = {}
    for edit in fix.edits:
        source, span = place_of(edit, each.opened.origins)
        replacement = {"deletedRegion": _region(source, span), "insertedContent": {"text": edit.text}}
        changes.setdefault(_uri(source.path), []).append(replacement)
    return {
        "description": {"text": fix.says.into(language)},
        "artifactChanges": [
            {"artifactLocation": {"uri": uri}, "replacements": replacements} for uri, replacements in changes.items()
        ],
    }


def _location(source: Source, span: Span) -> dict[str, object]:
    return {"artifactLocation": {"uri": _uri(source.path)}, "region": _region(source, span)}


def _region(source: Source, span: Span) -> dict[str, int]:
    (line, column), (end_line, end_column) = utf16(source, span.start), utf16(source, span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _uri(path: str) -> str:
    seen = seen_from_here(path)
    return Path(seen).as_uri() if Path(seen).is_absolute() else quote(seen)
