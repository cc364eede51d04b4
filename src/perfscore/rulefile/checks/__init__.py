"""What is asked of a rule file before anyone is judged: one question, one file, and nothing lists them.

In: a draft. Out: diagnostics, in the order of the file names.
Only questions that need no judging stand here; each file has one function `check`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from perfscore.diagnostic import Diagnostic
from perfscore.rulefile.draft import Draft


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every answer to every question."""
    for found in pkgutil.iter_modules(__path__):
        yield from import_module(f"{__name__}.{found.name}").check(draft)
