"""What is to be said of a facts file while it is written.

In: its text, and the rule file beside it. Out: what cannot be read, and what does not fit the rules.
What is only missing yet is not complained about: a facts file is filled in line by line.
"""

from __future__ import annotations

import os

from perfscore.assessing import assess
from perfscore.diagnostic import Diagnostic
from perfscore.factsfile import facts_from_text
from perfscore.lsp.telling import Told, is_rule_file
from perfscore.rulebook import Rulebook
from perfscore.rulefile import open_unsaved
from perfscore.rulefile.parents import ENDING, FACTS
from perfscore.rulefile.toml import Reader
from perfscore.source import Origins

LOOKED_AT = 200
"""So many files beside a facts file are looked at for its rulebook."""


def facts_told(text: str, name: str, path: str | None, read: Reader) -> Told:
    """What is to be said of a facts file; against its rules it is held where exactly one rule file is its own."""
    opened = facts_from_text(text, name)
    origins = Origins.of(opened.source)
    rulebook = None if path is None else _rulebook_beside(path, read)
    if opened.facts is None or rulebook is None:
        return Told(opened.diagnostics, origins, None if rulebook is None else rulebook.language)
    misfits = [
        Diagnostic(one.code, one.place, one.message, severity=one.severity, part=one.part)
        for one in assess(rulebook, opened.facts).findings
        if one.place is not None
    ]
    return Told((*opened.diagnostics, *misfits), origins, rulebook.language)


def _rulebook_beside(path: str, read: Reader) -> Rulebook | None:
    rules = rules_beside(path)
    if rules is None:
        return None
    try:
        return open_unsaved(read(rules), rules, read).rulebook
    except OSError:
        return None


def rules_beside(path: str) -> str | None:
    """The rule file of a facts file: that of the same name, else the only one in its folder."""
    folder, name = os.path.split(path)
    stem = name.removesuffix(FACTS)
    while stem:
        wanted = os.path.join(folder, f"{stem}{ENDING}")
        if os.path.isfile(wanted):
            return wanted
        stem = stem.rpartition(".")[0]
    found = [one for one in _named_like_rules(folder) if _is_rules(one)]
    return found[0] if len(found) == 1 else None


def _named_like_rules(folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(folder or "."))[:LOOKED_AT]
    except OSError:
        return []
    return [os.path.join(folder, one) for one in names if one.endswith(ENDING) and not one.endswith(FACTS)]


def _is_rules(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return is_rule_file(file.read())
    except OSError:
        return False
